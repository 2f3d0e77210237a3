"""From the contact page to a signed-in customer who finds his earlier tickets (S1-S3, S17)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.join import bound_security
from app.accounts.registration import add_mail_only_customer, find_account
from app.desk import tickets
from app.desk.content import Contribution
from app.events.transaction import transaction
from app.extensions import db
from app.models.invitation import AccountLink
from app.models.organisation import OrganisationDomain
from app.models.product_group import ProductGroup
from app.models.ticket import Channel
from tests.accounts.post import letters_of, link_to, links_to
from tests.browsing import Visitor, text_of
from tests.people import PASSWORD, organisation_named

EMAIL = "ola@klient.example"


@pytest.fixture
def klient(app: Flask) -> None:
    """An organisation that owns klient.example."""
    with app.app_context(), transaction():
        organisation = organisation_named("Klient")
        db.session.add(OrganisationDomain(organisation=organisation, domain="klient.example"))


def write_a_letter(app: Flask, email: str = EMAIL) -> None:
    """What the intake does with a letter of somebody whom the desk does not know yet."""
    with app.app_context(), transaction():
        customer = add_mail_only_customer(bound_security().datastore, email, "Ola Mak", "pl")
        group = db.session.scalars(select(ProductGroup).where(ProductGroup.name == "TARGIT")).one()
        words = Contribution(text="Z listu", channel=Channel.MAIL)
        tickets.open_ticket(
            requester=customer, product_group=group, subject="Kostka nie działa", contribution=words, by=customer
        )


def pass_time(app: Flask, time: timedelta) -> None:
    """Let every link grow older."""
    with app.app_context(), transaction():
        for link in db.session.scalars(select(AccountLink)):
            link.expires_at -= time


def shown(answer: TestResponse, email: str) -> tuple[int, str]:
    """Status and words of a page, without the address that was typed."""
    return answer.status_code, text_of(html.fromstring(answer.text)).replace(email, "")


def set_password(browser: Visitor, address: str, password: str = PASSWORD) -> TestResponse:
    return browser.submit(address, {"password": password, "password_confirm": password})


def test_the_whole_way_from_the_contact_page_to_signed_in(app: Flask, client: Visitor, klient: None) -> None:
    support = client.page("/contact").xpath("//section[@id='support']")[0]
    register = support.xpath(".//a[@href='/register']/@href")[0]
    client.submit(register, {"email": EMAIL})
    assert letters_of(app) == [(EMAIL, "activation")]
    set_password(client, link_to(app, EMAIL))
    assert EMAIL in text_of(client.page("/"))
    assert client.get("/tickets/").status_code == 200
    with app.app_context():
        account = find_account(EMAIL)
        assert account is not None
        assert account.is_registered
        assert [m.organisation.name for m in account.memberships] == ["Klient"]


def test_opening_the_letters_link_changes_nothing_yet(app: Flask, client: Visitor) -> None:
    client.submit("/register", {"email": EMAIL})
    address = link_to(app, EMAIL)
    for _scanner in range(2):
        assert client.head(address).status_code == 200
        assert client.page(address).xpath("//input[@name='password']")
    with app.app_context():
        account = find_account(EMAIL)
        assert account is not None
        assert not account.is_registered
        assert account.confirmed_at is None
    assert client.get("/tickets/").status_code == 302


def test_who_wrote_before_finds_his_tickets_after_registering(app: Flask, client: Visitor, klient: None) -> None:
    write_a_letter(app)
    client.submit("/register", {"email": "  OLA@Klient.example "})
    assert letters_of(app)[-1] == (EMAIL, "activation")
    set_password(client, link_to(app, EMAIL))
    assert "Kostka nie działa" in text_of(client.page("/tickets/"))
    assert "Z listu" in text_of(client.page("/tickets/1001"))


def test_an_invitation_works_once(app: Flask, client: Visitor) -> None:
    client.submit("/register", {"email": EMAIL})
    address = link_to(app, EMAIL)
    set_password(client, address)
    stranger = Visitor(app)
    page = stranger.page(address, status=410)
    assert not page.xpath("//input[@name='password']")
    assert page.xpath("//main//form//input[@name='email']")
    assert stranger.get("/tickets/").status_code == 302


@pytest.mark.parametrize("door", ["confirm", "reset"])
@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "%00", "x" * 3000, "ą", "' OR 1=1 --"])
def test_a_wrong_link_is_answered_with_a_way_on(client: Visitor, door: str, token: str) -> None:
    page = client.page(f"/{door}/{token}", status=410)
    assert page.xpath("//main//form//input[@name='email']")
    assert client.post(f"/{door}/{token}").status_code == 400  # without the token of a form


@pytest.mark.parametrize("hours", [71, 73])
def test_an_invitation_is_good_for_72_hours_and_its_page_sends_another(app: Flask, client: Visitor, hours: int) -> None:
    client.submit("/register", {"email": EMAIL})
    address = link_to(app, EMAIL)
    pass_time(app, timedelta(hours=hours))
    if hours < 72:
        assert client.page(address).xpath("//input[@name='password']")
        return
    page = client.page(address, status=410)
    assert EMAIL not in text_of(page)
    client.send(page.xpath("//main//form")[0], address, {})
    assert links_to(app, EMAIL) == [address, link_to(app, EMAIL)]
    set_password(client, link_to(app, EMAIL))
    assert client.get("/tickets/").status_code == 200


def test_a_new_invitation_ends_the_one_before(app: Flask, client: Visitor) -> None:
    for _time in range(2):
        client.submit("/register", {"email": EMAIL})
        letters_of(app)
    first, second = links_to(app, EMAIL)
    client.page(first, status=410)
    assert client.page(second).xpath("//input[@name='password']")


def test_an_invitation_is_for_the_address_that_it_was_sent_to(app: Flask, client: Visitor) -> None:
    client.submit("/register", {"email": EMAIL})
    address = link_to(app, EMAIL)
    with app.app_context(), transaction():
        account = find_account(EMAIL)
        assert account is not None
        account.email = "inna@klient.example"
    assert not client.page(address, status=410).xpath("//input[@name='password']")


@pytest.mark.parametrize("place", [10, -10])
def test_an_invitation_that_was_changed_is_refused(app: Flask, client: Visitor, place: int) -> None:
    client.submit("/register", {"email": EMAIL})
    start, _, token = link_to(app, EMAIL).rpartition("/")
    other = "A" if token[place] != "A" else "B"
    changed = "".join(other if number == place % len(token) else sign for number, sign in enumerate(token))
    assert not client.page(f"{start}/{changed}", status=410).xpath("//input[@name='password']")


def test_a_weak_password_is_refused_with_a_sentence(app: Flask, client: Visitor) -> None:
    client.submit("/register", {"email": EMAIL})
    answer = set_password(client, link_to(app, EMAIL), "koń")
    assert 'aria-invalid="true"' in answer.text
    assert client.get("/tickets/").status_code == 302


@pytest.mark.parametrize("door", ["/register", "/reset", "/confirm"])
def test_nobody_learns_whether_an_address_is_known(app: Flask, make_account: Callable[..., int], door: str) -> None:
    make_account("anna@klient.example")
    make_account("listowy@klient.example", registered=False)
    answers = [
        shown(Visitor(app).submit(door, {"email": email}), email)
        for email in ("anna@klient.example", "listowy@klient.example", "nikt@klient.example")
    ]
    assert answers[0] == answers[1] == answers[2]


def test_who_has_an_account_hears_of_it_by_letter_only(app: Flask, make_account: Callable[..., int]) -> None:
    make_account("anna@klient.example")
    Visitor(app).submit("/register", {"email": "anna@klient.example"})
    assert letters_of(app) == [("anna@klient.example", "already_registered")]


@pytest.mark.parametrize(
    "email", ["", "anna", "a@b@c", "anna@klient.example\r\nBcc: x@y.example", "\x00@klient.example"]
)
def test_what_is_no_address_is_refused(app: Flask, client: Visitor, email: str) -> None:
    answer = client.submit("/register", {"email": email})
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.text
    assert letters_of(app) == []


def test_signing_in_with_the_password_of_polish_letters(app: Flask, make_account: Callable[..., int]) -> None:
    make_account("anna@klient.example", password=PASSWORD)
    browser = Visitor(app)
    answer = browser.submit("/login?next=/tickets/?state=new", {"email": "anna@klient.example", "password": PASSWORD})
    assert answer.request.full_path == "/tickets/?state=new"


def test_a_wrong_password_and_a_wrong_address_answer_alike(app: Flask, make_account: Callable[..., int]) -> None:
    make_account("anna@klient.example", password=PASSWORD)
    answers = [
        shown(Visitor(app).submit("/login", {"email": email, "password": "Zielona-krowa-1"}), email)
        for email in ("anna@klient.example", "nikt@klient.example")
    ]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example/",
        "///evil.example",
        "/%5cevil.example",
        "http://localhost@evil.example",
        "javascript:alert(1)",
    ],
)
def test_signing_in_leads_to_pages_of_ours_only(app: Flask, make_account: Callable[..., int], target: str) -> None:
    make_account("anna@klient.example", password=PASSWORD)
    browser = Visitor(app)
    page = f"/login?{urlencode({'next': target})}"
    answer = browser.submit(page, {"email": "anna@klient.example", "password": PASSWORD}, follow=False)
    switched = browser.get(f"/lang/en?{urlencode({'next': target})}")
    for location in (answer.location or "/", switched.location):  # None: the form itself refused the address.
        assert urlsplit(urljoin("http://localhost/", location.replace("\\", "/"))).netloc == "localhost"


def test_a_forgotten_password_is_set_anew_and_other_browsers_are_signed_out(
    app: Flask, make_account: Callable[..., int], browser_of: Callable[[str], Visitor]
) -> None:
    make_account("anna@klient.example", password="Stare-hasło-1234")
    other = browser_of("anna@klient.example")
    client = Visitor(app)
    client.submit("/reset", {"email": "anna@klient.example"})
    assert letters_of(app) == [("anna@klient.example", "password_reset")]
    address = link_to(app, "anna@klient.example", "/reset/")
    set_password(client, address)
    assert letters_of(app)[-1] == ("anna@klient.example", "password_changed")
    assert other.get("/tickets/").status_code == 302
    fresh = Visitor(app)
    fresh.submit("/login", {"email": "anna@klient.example", "password": PASSWORD})
    assert fresh.get("/tickets/").status_code == 200
    assert not Visitor(app).page(address, status=410).xpath("//input[@name='password']")
