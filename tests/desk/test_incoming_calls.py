"""What an exchange says of a call is read strictly and kept once; what is odd about it is told and nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.desk.call_files import NoCallFile, TooManyCalls, take_file
from app.desk.incoming_calls import (
    AnotherCall,
    BadCall,
    doubts,
    forget_old_calls,
    keep_call,
    leads_to,
    read_call,
    settle,
)
from app.desk.telephone import Telephone, set_telephone
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.call import Call

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
CALL = {
    "call_id": "c-1",
    "caller": "+48 501 234 567",
    "digits": "3,1",
    "time": "2026-11-26T10:00:00+01:00",
    "duration": 95,
    "recording": "https://centrala.example/1.wav",
}
pytestmark = pytest.mark.usefixtures("context")


def test_a_whole_call_is_understood() -> None:
    call = read_call(CALL, now=NOW)
    assert (call.call_id, call.caller, call.digits, call.seconds) == ("c-1", "+48 501 234 567", "31", 95)
    assert call.came_at == datetime(2026, 11, 26, 9, tzinfo=UTC)
    assert call.product_group is not None
    assert call.product_group.name == "DYNAMICS"
    assert doubts(call) == {}


@pytest.mark.parametrize(
    ("digits", "group"),
    [("31", "DYNAMICS"), ("33", "TARGIT"), ("4", "POWER BI"), ("3", None), ("35", None), ("", None), ("314", None)],
)
def test_the_digits_lead_to_a_product_group_or_outside_the_menu(digits: str, group: str | None) -> None:
    found = leads_to(digits)
    assert (found.name if found else None) == group


def test_without_a_first_digit_the_menu_begins_with_the_groups() -> None:
    with transaction():
        set_telephone(Telephone(first_digit=""))
    found = leads_to("3")
    assert found is not None
    assert found.name == "TARGIT"


@pytest.mark.parametrize("caller", ["", None, "anonymous", "Anonymous", "RESTRICTED", "Zastrzeżony", "sip:anonymous@x"])
def test_a_withheld_number_and_digits_outside_the_menu_are_told_and_kept(caller: str | None) -> None:
    call = read_call(CALL | {"caller": caller, "digits": "39"}, now=NOW)
    assert set(doubts(call)) == {"number_withheld", "digits_outside_menu"}
    assert "39" in doubts(call)["digits_outside_menu"]
    with transaction():
        assert keep_call(call)[1]


@pytest.mark.parametrize(
    "said", ["ktoś z recepcji", "+48 501 234 567 wew. 12", "1", "sip:recepcja@centrala.example", "٠١٢"]
)
def test_a_number_that_cannot_be_read_is_kept_as_it_was_sent_until_a_better_one_comes(said: str) -> None:
    call = read_call(CALL | {"caller": said}, now=NOW)
    assert set(doubts(call)) == {"number_unreadable"}
    with transaction():
        row, is_new = keep_call(call)
        assert (is_new, row.caller, row.caller_text) == (True, "", said.removeprefix("sip:").partition("@")[0])
        assert row.said in doubts(row)["number_unreadable"]
        assert keep_call(call) == (row, False)
        keep_call(read_call(CALL, now=NOW))
        assert (row.said, doubts(row)) == (CALL["caller"], {})


def test_calls_that_were_settled_are_forgotten_after_the_chosen_time(ewa: Account) -> None:
    with transaction():
        for number, (came_at, is_settled) in enumerate(
            [("2026-10-26", True), ("2026-10-26", False), ("2026-10-28", True)]
        ):
            row, _new = keep_call(read_call(CALL | {"call_id": str(number), "time": f"{came_at}T12:00Z"}, now=NOW))
            if is_settled:
                settle(row, by=ewa)
    for keep_days, left in ((0, ["0", "1", "2"]), (30, ["1", "2"])):
        with transaction():
            set_telephone(Telephone(keep_days=keep_days))
            forget_old_calls(NOW)
        assert list(db.session.scalars(select(Call.call_id).order_by(Call.call_id))) == left


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"caller": "k" * 201}, "caller"),
        ({"caller": ["1"]}, "caller"),
        ({"digits": "raz"}, "digits"),
        ({"digits": True}, "digits"),
        ({"digits": "9" * 21}, "digits"),
        ({"time": "wczoraj"}, "time"),
        ({"time": "2026-03-29T02:30"}, "time"),
        ({"time": "2026-11-26T14:00:00Z"}, "time"),
        ({"duration": -1}, "duration"),
        ({"duration": 1.5}, "duration"),
        ({"duration": "długo"}, "duration"),
        ({"recording": "javascript:alert(1)"}, "recording"),
        ({"recording": "https://"}, "recording"),
        ({"call_id": "x" * 101}, "call_id"),
        ({"call_id": "a\nb"}, "call_id"),
        ({"call_id": "", "time": ""}, "call_id"),
        ({"calller": "1"}, "calller"),
    ],
)
def test_what_cannot_be_understood_is_named(wrong: dict[str, Any], key: str) -> None:
    with pytest.raises(BadCall) as refusal:
        read_call(CALL | wrong, now=NOW)
    assert set(refusal.value.errors) == {key}


@pytest.mark.parametrize(("said", "seconds"), [("3:20", 200), ("1:02:03", 3723), ("45", 45), (0, 0), ("", None)])
def test_how_long_a_call_took_is_read_as_exchanges_write_it(said: Any, seconds: int | None) -> None:
    assert read_call(CALL | {"duration": said}, now=NOW).seconds == seconds


@pytest.mark.parametrize("caller", ["sip:+48501234567@centrala.example", "tel:+48501234567", "'+48501234567"])
def test_a_number_is_read_as_exchanges_and_spreadsheets_write_it(caller: str) -> None:
    assert read_call(CALL | {"caller": caller}, now=NOW).caller == "+48501234567"


def test_a_call_that_is_told_when_it_rings_learns_its_digits_and_number_later() -> None:
    with transaction():
        keep_call(read_call(CALL | {"caller": "", "digits": ""}, now=NOW))
        row, is_new = keep_call(read_call(CALL, now=NOW))
        assert (is_new, row.caller, row.digits) == (False, "+48 501 234 567", "31")
        assert row.product_group is not None
        again, _new = keep_call(read_call(CALL | {"digits": None}, now=NOW))
        assert again.digits == "31"


def test_a_list_that_is_too_long_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.desk.call_files.MOST_LINES", 1)
    with pytest.raises(TooManyCalls):
        take_file(b"call_id\na\nb\n")
    assert db.session.scalars(select(Call)).all() == []


def test_a_call_told_twice_is_kept_once_and_learns_what_was_not_known() -> None:
    first = {key: CALL[key] for key in ("call_id", "caller", "digits", "time")}
    with transaction():
        assert keep_call(read_call(first, now=NOW))[1]
        row, is_new = keep_call(read_call(CALL, now=NOW))
        assert (is_new, row.seconds, row.recording) == (False, 95, "https://centrala.example/1.wav")
    with pytest.raises(AnotherCall), transaction():
        keep_call(read_call(CALL | {"caller": "600 000 000"}, now=NOW))
    assert len(db.session.scalars(select(Call)).all()) == 1


@pytest.mark.parametrize(("separator", "encoding"), [(";", "utf-8-sig"), (",", "utf-8"), (";", "cp1250")])
def test_a_file_is_taken_line_by_line(separator: str, encoding: str) -> None:
    lines = [
        ("call_id", "caller", "digits", "time", "duration"),
        ("a", "501 234 567", "31", "2026-11-02 10:00", "1:05"),
        ("b", "źle", "31", "2026-11-02 10:00", "1:05"),
        ("c", "anonymous", "39", "2026-11-02 11:00", ""),
        ("d", "501 234 567", "raz", "2026-11-02 11:00", ""),
    ]
    content = "\r\n".join(separator.join(line) for line in lines).encode(encoding)
    taken = take_file(content)
    assert (taken.new, taken.known, len(taken.refused)) == (3, 0, 1)
    assert "5" in taken.refused[0]
    assert "digits" in taken.refused[0]
    assert db.session.scalars(select(Call.caller_text).where(Call.call_id == "b")).one() == "źle"
    again = take_file(content)
    assert (again.new, again.known) == (0, 3)


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"caller;digits\n501;31\n", "imię;wiek\nOla;7\n".encode()])
def test_what_is_no_list_of_calls_is_refused_whole(content: bytes) -> None:
    with pytest.raises(NoCallFile):
        take_file(content)
