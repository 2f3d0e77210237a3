"""What a customer types finds his ticket."""

from __future__ import annotations

import pytest

from app.models.ticket import StateKind
from tests.search.conftest import KAROL, Desk


@pytest.fixture
def filled(desk: Desk) -> Desk:
    desk.ticket("Nie drukuje się faktura", "Drukarka w magazynie nie drukuje. Zgłoszenie pilne, nr FV/2024-05/117.")
    desk.ticket("Reset hasła", "Proszę o nowe hasło do systemu, kod błędu 0x80070005.", group="TARGIT")
    desk.ticket("Invoices are missing", "The monthly reports show no invoices since the update.")
    desk.index()
    return desk


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("faktury", 1001), ("fakturze", 1001), ("fakturą", 1001), ("drukarce", 1001), ("drukarek", 1001),
        ("zgloszen", 1001), ("FV/2024-05/117", 1001), ("117", 1001), ("hasel", 1002), ("HASŁO", 1002),
        ("80070005", 1002), ("0x80070005", 1002), ("invoice", 1003), ("report", 1003), ("printer", 1001),
        ('"nowe hasło"', 1002), ("drukar*", 1001), ("magazynie OR nieznane", 1001),
    ],
)  # fmt: skip
def test_it_is_found(filled: Desk, typed: str, number: int) -> None:
    assert filled.numbers(typed)[0] == number


@pytest.mark.parametrize(("typed", "ranked"), [("1002", 1), ("#1002", 1_000)])
def test_a_number_finds_its_ticket_first(
    filled: Desk, typed: str, ranked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.search.postgresql.engine.RANKED", ranked)
    filled.ticket("Wracam do sprawy 1002", "Chodzi o 1002, 1002 i 1002.")
    filled.index()
    assert filled.numbers(typed) == filled.numbers(typed, typing=True) == [1002, 1004]


def test_a_phrase_wants_its_words_side_by_side(filled: Desk) -> None:
    assert filled.numbers('"hasło nowe"') == []
    assert filled.numbers('"nowym hasłem"') == [1002]
    filled.ticket("Prośba", "Pytam o sprawy nowego hasła.")
    filled.index()
    assert filled.numbers('"nowego hasła"') == [1004]  # In other forms only where nothing has it as typed.


def test_a_minus_leaves_out(filled: Desk) -> None:
    assert filled.numbers("faktura -drukarka") == [1003]  # an invoice is a faktura by another name


def test_several_words_bring_those_with_all_of_them_first(filled: Desk) -> None:
    answer = filled.ask("hasło faktura drukarka")
    assert answer.hits[0].ticket.number == 1001
    assert answer.loose


@pytest.mark.parametrize(
    "typed", ['"', "((", "-", "AND", "status:zly", "*", "\x00\x01", "'; DROP", "💥", "a:b:c", "[1 TO"]
)
def test_bad_syntax_is_no_error(filled: Desk, typed: str) -> None:
    filled.ask(typed)


def test_filters_narrow_and_facets_count(filled: Desk) -> None:
    answer = filled.ask("hasło faktura", filters={"product_groups": "3"})
    assert [hit.ticket.number for hit in answer.hits] == [1002]
    assert filled.ask("faktura").facets["product_groups"] == {"1": 2}
    assert filled.ask("faktura", filters={"status": StateKind.CLOSED}).hits == []


def test_the_excerpt_marks_what_matched(filled: Desk) -> None:
    hit = filled.ask("drukarce").hits[0]
    assert ("Drukarka", True) in hit.excerpt
    assert "".join(text for text, _matched in hit.excerpt).startswith("Drukarka w magazynie")


def test_a_slip_of_the_finger_is_mended(filled: Desk) -> None:
    assert filled.ask("drukaarka").suggestion == "drukarka"
    assert filled.ask("qwertyuiop").suggestion is None
    assert filled.ask('"hasło drukaarka"').suggestion is None  # Nothing has these words side by side either.


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("drukażka", "drukarka"), ("drókarkaa", "drukarka"), ("nowehasło", "nowe haslo"),
        ("mishing", "missing"), ("fcktura", "faktura"), ("zgloszneiee", "zgłoszenie"), ("zglsozenia", "zgłoszenie"),
        ("niedrukuje", "nie drukuje"), ("printre", "printer"),
    ],
)  # fmt: skip
def test_slips_of_every_kind_are_mended(filled: Desk, typed: str, meant: str) -> None:
    """A letter wrong, too many or too few, another letter of the same sound, two slips in a long word, a space left
    out; and a slip in another name of what is there."""
    assert filled.ask(typed).suggestion == meant


def test_what_has_all_words_stands_above_what_has_some_in_better_places(desk: Desk) -> None:
    desk.ticket("Faktura", "Nic.")
    desk.ticket("Inna sprawa", "Długi opis. " * 40 + "Brakuje nam przelewu do faktury. " + "Dalszy opis. " * 40)
    desk.index()
    assert desk.numbers("faktura przelew") == [1002, 1001]


@pytest.mark.parametrize("typed", ["15000", "15 000", "600100200"])
def test_numbers_in_groups_are_found_as_one(desk: Desk, typed: str) -> None:
    desk.ticket("Przelew na 15 000 zł", "Proszę dzwonić: 600 100 200.")
    desk.index()
    assert desk.numbers(typed) == [1001]


@pytest.mark.parametrize("ranked", [3, 1_000])
def test_pages_follow_each_other(desk: Desk, ranked: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.search.postgresql.engine.RANKED", ranked)  # PostgreSQL's others follow unranked.
    for _time in range(5):
        desk.ticket("Serwer nie działa")
    desk.index()
    pages = [desk.numbers("serwer", page=page, limit=2) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert len({number for page in pages for number in page}) == 5
    assert desk.ask("serwer", KAROL, limit=2).count == 5


@pytest.mark.parametrize(("most", "counted", "more"), [(3, 3, False), (2, 2, True)])
def test_more_than_are_counted_are_told_as_more(
    filled: Desk, most: int, counted: int, more: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("find", "whoosh.engine", "postgresql.engine"):
        monkeypatch.setattr(f"app.search.{module}.COUNT_LIMIT", most)
    answer = filled.ask("faktura OR drukarka OR hasło")
    assert (answer.count, answer.is_capped, answer.facets["kind"]["ticket"]) == (counted, more, counted)
