"""The public doors tell a stranger nothing, and people from programs (attack cases O21-O24, O57, O66)."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import pytest
from flask import Flask
from itsdangerous import TimestampSigner
from limits import parse
from werkzeug.test import TestResponse

from app.accounts import limits
from app.events.transaction import transaction
from app.extensions import db
from app.models.mail_domain import MailDomain
from app.views.portal import traps
from tests.accounts.post import letters_of, link_to
from tests.browsing import Visitor, text_of
from tests.mail.letters import sent
from tests.people import add_account
from tests.views.statements import counted

DOORS = ("/register", "/confirm", "/reset")
KNOWN, LISTED, UNKNOWN, GONE = (f"{name}@klient.example" for name in ("anna", "listowa", "nikt", "byla"))
PRIVATE = ("znan@gmail.com", "nikt@gmail.com")  # of one length


@pytest.fixture
def people(app: Flask) -> None:
    with app.app_context(), transaction():
        add_account(KNOWN)
        add_account(LISTED, registered=False)
        add_account(GONE).active = False
        add_account(PRIVATE[0])


def posted(app: Flask, door: str, email: str) -> TestResponse:
    return Visitor(app).submit(door, {"email": email}, follow=False)


def told(answer: TestResponse, email: str) -> tuple[int, list[tuple[str, str]], str]:
    """All that a stranger can read in an answer, without what is new each time and the address itself."""
    headers = [(name, value) for name, value in answer.headers if name not in ("Set-Cookie", "Date")]
    words = [line for line in answer.text.replace(email, "").splitlines() if "csrf_token" not in line]
    return answer.status_code, headers, "\n".join(line for line in words if 'name="opened"' not in line)


@pytest.mark.parametrize("door", DOORS)
def test_status_headers_and_words_are_the_same_for_everybody(app: Flask, people: None, door: str) -> None:
    emails = (KNOWN, LISTED, UNKNOWN, GONE)
    first, *others = [told(posted(app, door, email), email) for email in emails]
    assert others == [first] * 3
    assert first[0] == 303


def test_a_private_address_is_refused_alike_whether_it_is_known_or_not(app: Flask, people: None) -> None:
    known, unknown = (told(posted(app, "/register", email), email) for email in PRIVATE)
    assert known == unknown
    assert known[0] == 200
    assert letters_of(app) == [(PRIVATE[0], "already_registered")]


@pytest.mark.parametrize("door", DOORS)
def test_the_same_is_asked_of_the_database_for_everybody(app: Flask, people: None, door: str) -> None:
    asked = []
    for email in (KNOWN, LISTED, UNKNOWN, GONE):
        visitor = Visitor(app)
        form = visitor.page(door).xpath("//main//form")[0]
        with counted(app) as statements:
            visitor.send(form, door, {"email": email}, follow=False)
        asked.append(statements)
    assert asked == [asked[0]] * 4


@pytest.mark.parametrize("door", DOORS)
def test_the_time_of_an_answer_tells_nothing(app: Flask, people: None, door: str) -> None:
    """R4: medians within 20 ms or a tenth; known and unknown take turns, so that both meet the same noise."""
    times: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    visitor = Visitor(app)
    form = visitor.page(door).xpath("//main//form")[0]
    for _try in range(15):
        for email, taken in times.items():
            begin = time.perf_counter()
            visitor.send(form, door, {"email": email}, follow=False)
            taken.append(time.perf_counter() - begin)
    known, unknown = median(times[KNOWN]), median(times[UNKNOWN])
    assert abs(known - unknown) < max(0.02, 0.1 * max(known, unknown))


def test_a_program_that_names_a_foreign_host_is_told_in_json(app: Flask) -> None:
    answer = Visitor(app).get("/api/v1/content/article/", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "evil.example:8000"])
def test_a_foreign_host_comes_into_no_letter(app: Flask, people: None, host: str) -> None:
    visitor = Visitor(app)
    token = visitor.page("/reset").xpath("//main//input[@name='csrf_token']/@value")[0]
    answer = visitor.post("/reset", data={"email": KNOWN, "csrf_token": token}, headers={"Host": host})
    assert answer.status_code == 400
    for name in ("X-Forwarded-Host", "Forwarded"):
        value = f"host={host}" if name == "Forwarded" else host
        form = visitor.page("/reset").xpath("//main//form")[0]
        hidden = {field.name: field.value for field in form.xpath(".//input[@type='hidden']")}
        visitor.post("/reset", data={**hidden, "email": KNOWN}, headers={name: value})
    link_to(app, KNOWN, "/reset/")
    assert all(b"evil" not in letter.as_bytes() for letter in sent(app.extensions["settings"].outgoing))


def test_nothing_is_asked_for_by_get_or_without_the_forms_token(app: Flask, people: None, client: Visitor) -> None:
    for door in DOORS:
        assert client.get(f"{door}?email={KNOWN}").status_code == 200
        assert client.post(door, data={"email": KNOWN}).status_code == 400
    assert letters_of(app) == []


def test_the_next_page_says_where_to_look(app: Flask, client: Visitor) -> None:
    assert "nowa+x@klient.example" in client.submit("/register", {"email": " nowa+x@klient.example "}).text
    assert Visitor(app).get("/check-your-mail").status_code == 200


def test_an_odd_address_is_given_back_with_what_to_mend(client: Visitor) -> None:
    for email in ("ola(x)@klient.example", "<script>alert(1)</script>", "x" * 300 + "@klient.example"):
        answer = client.submit("/register", {"email": email})
        assert answer.status_code == 200
        assert 'aria-invalid="true"' in answer.text
        assert "<script>alert" not in answer.text


def test_a_private_address_is_refused_kindly_with_the_other_ways(app: Flask, client: Visitor) -> None:
    for email in ("ola@gmail.com", "ola@MAIL.WP.PL", "ola@mailinator.com", "ola@ｇｍａｉｌ.com"):
        page = client.submit("/register", {"email": email}).text
        assert "tel:" in page
        assert "PomocTARGIT@pomoc.example" in page
    assert letters_of(app) == []


def test_the_desk_may_let_a_private_domain_in_and_keep_another_out(app: Flask, client: Visitor) -> None:
    with app.app_context(), transaction():
        db.session.add_all([MailDomain(domain="wp.pl", allowed=True), MailDomain(domain="zla.example", allowed=False)])
    for email in ("ola@wp.pl", "ola@x.zla.example"):
        client.submit("/register", {"email": email})
    assert letters_of(app) == [("ola@wp.pl", "activation")]


def test_who_is_signed_in_needs_no_registration(people: None, browser_of: Callable[[str], Visitor]) -> None:
    assert browser_of(KNOWN).get("/register").location == "/"


def test_a_program_that_fills_in_every_field_is_stopped_and_a_person_is_told_why(app: Flask, client: Visitor) -> None:
    answer = client.submit("/register", {"email": UNKNOWN, "website": "http://spam.example"})
    assert 'role="alert"' in answer.text
    assert letters_of(app) == []
    trap = client.page("/register").xpath("//*[@class='trap']")[0]
    assert trap.get("aria-hidden") == "true"
    assert trap.xpath(".//input/@tabindex") == ["-1"]


def test_haste_is_forgiven_a_few_times_and_then_the_button_must_be_pressed_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "ATTEMPTS_UNLIMITED", False)
    monkeypatch.setattr(limits, "HURRY", parse("3 per hour"))
    answers = [Visitor(app).submit("/register", {"email": f"a{number}@klient.example"}) for number in range(4)]
    assert ['role="alert"' in answer.text for answer in answers] == [False, False, False, True]
    monkeypatch.setattr(traps, "QUICKEST_SECONDS", -1.0)
    assert 'role="alert"' not in Visitor(app).submit("/register", {"email": "a4@klient.example"}).text


def signed(app: Flask, *, hours: float, key: str | None = None) -> str:
    """The mark of a form that was opened that long ago."""

    class Earlier(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(time.time() - hours * 3600)

    return Earlier(key or app.config["SECRET_KEY"], salt="public-form").sign("opened").decode()


def test_a_forged_or_very_old_form_is_given_back_and_its_second_sending_passes(app: Flask, client: Visitor) -> None:
    for mark in ("", "opened", signed(app, hours=1, key="x" * 40), signed(app, hours=25)):
        page = client.page("/register")
        answer = client.send(page.xpath("//main//form")[0], "/register", {"email": UNKNOWN, "opened": mark})
        assert 'role="alert"' in answer.text
        assert letters_of(app) == []
    client.submit("/register", {"email": UNKNOWN, "opened": signed(app, hours=23)})
    assert letters_of(app) == [(UNKNOWN, "activation")]


def test_a_used_up_limit_is_said_with_a_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "ATTEMPTS_UNLIMITED", False)
    for number in range(10):
        Visitor(app).submit("/reset", {"email": f"a{number}@klient.example"})
    answer = Visitor(app).submit("/reset", {"email": KNOWN})
    assert answer.status_code == 429
    assert text_of(Visitor(app).page("/reset"))
