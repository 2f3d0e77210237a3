"""A person and all the ways in, in a real browser: registration, passkey, app, recovery code, a browser left behind."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk import PASSWORD, Desk, link_in
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
EMAIL = "roman.dab@tartakdab.example"
A_PERSON_NEEDS = 2_100  # ms; a public form that is sent sooner is taken for a program's
STEP = 30  # seconds that a code of an app is shown


@pytest.fixture
def stranger(browser: Browser, desk: Desk) -> Iterator[Callable[[], Page]]:
    """stranger() -> the page of a new browser; none of them may complain."""
    visitors: list[Visitor] = []

    def come() -> Page:
        visitors.append(Visitor(browser, desk.address, "pl"))
        return visitors[-1].page

    yield come
    said = [line for visitor in visitors for line in visitor.said()]
    for visitor in visitors:
        visitor.context.close()
    assert not said


def register(page: Page, desk: Desk) -> None:
    """S1-S3."""
    page.goto("/register")
    page.locator("main [name=email]").fill(EMAIL)
    page.wait_for_timeout(A_PERSON_NEEDS)
    page.get_by_role("button", name="Wyślij zaproszenie").click()
    page.goto(link_in(desk.letter_to(EMAIL), "/confirm/"))
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password_confirm]").fill(PASSWORD)
    page.get_by_role("button", name="Aktywuj konto").click()
    expect(page.get_by_role("status")).to_contain_text("Witamy")


def add_device(page: Page) -> None:
    """Chromium's own stand-in for a telephone that keeps passkeys and knows its owner's finger."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def make_passkey(page: Page) -> None:
    page.goto("/profile/")
    page.get_by_role("link", name="Zarządzaj kluczami dostępu").click()
    page.locator("main [name=name]").fill("Telefon")
    page.locator("main [name=usage][value=first]").check()
    page.get_by_role("button", name="Dodaj").click()
    expect(page.get_by_role("list").filter(has_text="Telefon")).to_contain_text("loguje bez hasła")


def set_up_app(page: Page) -> tuple[TOTP, list[str]]:
    """Read the picture's key as a person would type it; the app, and the recovery codes."""
    page.goto("/profile/")
    page.get_by_role("link", name="Ustaw", exact=True).click()
    page.get_by_text("Nie można zeskanować obrazka").click()
    app = TOTP(key=page.locator(".secret").inner_text().replace("-", ""), format="base32")
    page.get_by_label("Kod z aplikacji").fill(app.generate().token)
    page.get_by_role("button", name="Włącz drugi krok").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kody odzyskiwania")
    return app, page.locator(".codes code").all_inner_texts()


def give_password(page: Page) -> None:
    page.goto("/login")
    page.locator("main [name=email]").fill(EMAIL)
    page.locator("main [name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Zaloguj się", exact=True).click()


def give_code(page: Page, code: str) -> None:
    page.locator("main [name=code]").fill(code)
    page.get_by_role("button", name="Zaloguj się", exact=True).click()


def sign_out(page: Page) -> None:
    page.locator(".account > summary").click()
    page.locator(".account form button").click()
    expect(page.get_by_role("link", name="Zaloguj się").first).to_be_visible()


def is_in(page: Page) -> None:
    expect(page.locator(".account")).to_be_visible()


def test_every_way_in(desk: Desk, stranger: Callable[[], Page]) -> None:
    page = stranger()
    register(page, desk)
    add_device(page)
    make_passkey(page)
    sign_out(page)

    page.goto("/login")
    page.get_by_role("link", name="Zaloguj się kluczem dostępu").click()
    page.get_by_role("button", name="Użyj klucza dostępu").click()
    is_in(page)

    app, codes = set_up_app(page)
    sign_out(page)
    give_password(page)
    page.get_by_role("link", name="Nie mam telefonu").click()
    give_code(page, codes[0])
    is_in(page)

    other = stranger()
    give_password(other)
    give_code(other, "000000")
    expect(other.get_by_text("Nieprawidłowy kod")).to_be_visible()
    give_code(other, app.generate(time=int(time.time()) + STEP).token)  # the code of a moment ago is used up
    is_in(other)

    page.goto("/profile/")
    page.get_by_role("button", name="Wyloguj: Chrome").first.click()
    expect(page.get_by_role("status")).to_contain_text("wylogowana")
    other.goto("/tickets/")
    expect(other).to_have_url(f"{desk.address}/login?next=/tickets/")
    page.goto("/tickets/")
    is_in(page)
