"""The second step of signing in: codes of an app, recovery codes, passkeys; never around it, and a way out of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from lxml.html import HtmlElement
from passlib.totp import TOTP
from sqlalchemy import select

from app.accounts import choices, factors, links
from app.accounts.registration import find_account
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account, WebAuthn
from app.models.audit import AuditEntry
from app.models.event import Letter
from app.models.invitation import Purpose
from tests.browsing import Visitor, text_of
from tests.people import PASSWORD
from tests.security.device import Device
from tests.views.api.described import REFUSED

Browser = Callable[[str], Visitor]
ANNA, JAN, ADAM = "anna@klient.example", "jan@pomoc.example", "adam@pomoc.example"
SECOND_STEP = "/profile/second-step/"


@pytest.fixture(autouse=True)
def people(make_account: Callable[..., int]) -> None:
    make_account(ANNA, password=PASSWORD)
    make_account(JAN, password=PASSWORD, role="consultant", groups=("DYNAMICS",))
    make_account(ADAM, password=PASSWORD, role="administrator")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """later(30): the clock of the codes is so many seconds further on."""
    now = TOTP.now
    ahead = [0]
    monkeypatch.setattr(TOTP, "now", lambda: now() + ahead[0])

    def wait(seconds: int) -> None:
        ahead[0] += seconds

    return wait


class App:
    """An authenticator app that has read the picture of the page."""

    def __init__(self, page: HtmlElement) -> None:
        self.totp = TOTP(key="".join(page.xpath("string(//code[@class='secret'])").split("-")), format="base32")

    def code(self) -> str:
        return str(self.totp.generate(time=TOTP.now()).token)


def set_up(browser: Visitor) -> tuple[App, list[str]]:
    """Turn the second step on; the app, and the recovery codes."""
    page = browser.page(SECOND_STEP)
    app = App(page)
    answer = browser.send(page.xpath("//main//form")[0], SECOND_STEP, {"code": app.code()})
    return app, re.findall(r"<code>([0-9a-f-]{14})</code>", answer.text)


def enter(app: Flask, email: str = ANNA, password: str = PASSWORD) -> Visitor:
    """A new browser after the password."""
    browser = Visitor(app)
    browser.submit("/login", {"email": email, "password": password})
    return browser


def is_in(browser: Visitor) -> bool:
    return browser.get("/profile/").status_code == 200


def audited(app: Flask, *kinds: str) -> list[tuple[str, str, Any]]:
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.kind.in_(kinds)).order_by(AuditEntry.id))
        return [(row.kind, row.who, row.data.get("how") or row.data.get("count")) for row in rows]


def test_a_code_of_the_app_is_asked_for_after_the_password(app: Flask, browser_of: Browser, later: Any) -> None:
    telephone, codes = set_up(browser_of(ANNA))
    assert len(set(codes)) == 10
    later(60)
    browser = enter(app)
    assert not is_in(browser)
    assert browser.get("/api/v1/search/?q=x").status_code == 401
    assert "aria-invalid" in browser.submit("/tf-validate", {"code": "000000"}).text
    assert not is_in(browser)
    browser.submit("/tf-validate", {"code": telephone.code()})
    assert is_in(browser)
    assert audited(app, "factor_added", "signed_in", "sign_in_failed") == [
        ("factor_added", ANNA, "authenticator"),
        ("sign_in_failed", ANNA, "code"),
        ("signed_in", ANNA, ["second factor"]),
    ]


def test_no_code_works_twice(app: Flask, browser_of: Browser, later: Any) -> None:
    telephone, _codes = set_up(browser_of(ANNA))
    later(60)
    code = telephone.code()
    first, second = enter(app), enter(app)
    first.submit("/tf-validate", {"code": code})
    second.submit("/tf-validate", {"code": code})
    assert (is_in(first), is_in(second)) == (True, False)


def test_codes_of_long_ago_and_of_the_future_are_wrong(app: Flask, browser_of: Browser, later: Any) -> None:
    telephone, _codes = set_up(browser_of(ANNA))
    for wait in (90, -180):
        later(wait)
        code = telephone.code()
        later(-wait + 300)
        browser = enter(app)
        browser.submit("/tf-validate", {"code": code})
        assert not is_in(browser)


def test_a_recovery_code_signs_in_once_and_its_owner_is_warned_of_the_last(app: Flask, browser_of: Browser) -> None:
    _telephone, codes = set_up(browser_of(ANNA))
    for number, code in enumerate(codes):
        browser = enter(app)
        answer = browser.submit("/mf-recovery", {"code": code.upper().replace("-", " ") if number else code})
        assert is_in(browser)
        assert ("alert-warning" in answer.text) == (number >= 6)
    browser = enter(app)
    assert "aria-invalid" in browser.submit("/mf-recovery", {"code": codes[0]}).text
    assert not is_in(browser)
    assert [left for _kind, _who, left in audited(app, "code_used")] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]


def test_new_recovery_codes_end_the_old_ones(app: Flask, browser_of: Browser) -> None:
    anna = browser_of(ANNA)
    _telephone, old = set_up(anna)
    new = re.findall(r"<code>([0-9a-f-]{14})</code>", anna.submit("/mf-recovery-codes", {}).text)
    assert len(new) == 10
    assert not re.findall(r"[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}", anna.get("/mf-recovery-codes?show_codes=1").text)
    browser = enter(app)
    browser.submit("/mf-recovery", {"code": old[0]})
    assert not is_in(browser)
    browser.submit("/mf-recovery", {"code": new[0]})
    assert is_in(browser)


def test_neither_table_nor_log_tells_the_secret_or_the_codes(app: Flask, browser_of: Browser) -> None:
    telephone, codes = set_up(browser_of(ANNA))
    with app.app_context():
        account = find_account(ANNA)
        rows = [account, *db.session.scalars(select(AuditEntry)), *db.session.scalars(select(Letter))]
        kept = " ".join(str(value) for row in rows for value in vars(row).values())
    for secret in (telephone.totp.base32_key, telephone.totp.hex_key, *codes):
        assert secret not in kept
        assert secret.replace("-", "") not in kept


def test_a_wrong_code_at_set_up_costs_nothing(app: Flask, browser_of: Browser) -> None:
    anna = browser_of(ANNA)
    page = anna.page(SECOND_STEP)
    telephone = App(page)
    again = anna.send(page.xpath("//main//form")[0], SECOND_STEP, {"code": "12x456"})
    assert telephone.totp.pretty_key() in again.text
    assert "aria-invalid" in again.text
    assert is_in(enter(app))


def test_a_secret_of_somebody_else_is_not_taken(app: Flask, browser_of: Browser) -> None:
    page = browser_of(JAN).page(SECOND_STEP)
    stolen = dict(page.xpath("//main//form")[0].form_values())["state"]
    anna = browser_of(ANNA)
    anna.submit(SECOND_STEP, {"state": stolen, "code": App(page).code()})
    assert is_in(enter(app))


def test_its_owner_turns_it_off(app: Flask, browser_of: Browser) -> None:
    anna = browser_of(ANNA)
    set_up(anna)
    anna.submit("/profile/", {}, form="//form[contains(@action, 'second-step/off')]")
    assert is_in(enter(app))
    assert audited(app, "factor_removed") == [("factor_removed", ANNA, "authenticator")]


def test_whoever_was_away_confirms_that_it_is_he(browser_of: Browser) -> None:
    anna = browser_of(ANNA)
    with anna.session_transaction() as kept:
        kept["fs_paa"] -= 24 * 3600
    for path in (SECOND_STEP, "/wan-register", "/mf-recovery-codes"):
        assert "/verify" in anna.get(path).location


def test_a_forgotten_password_is_no_way_around(app: Flask, browser_of: Browser) -> None:
    set_up(browser_of(ANNA))
    with app.app_context(), transaction():
        account = find_account(ANNA)
        assert account is not None
        link = links.make(Purpose.RESET, account)
    new = "Siedem-rudych-lisów-7"
    browser = Visitor(app)
    browser.submit(link, {"password": new, "password_confirm": new})
    browser.submit("/login", {"email": ANNA, "password": new})
    assert not is_in(browser)


@pytest.mark.parametrize("path", ["/tf-validate", "/mf-recovery", "/tf-select", "/tf-rescue"])
def test_nobody_gives_the_second_step_without_the_first(client: Visitor, path: str) -> None:
    assert client.get(path, follow_redirects=True).request.path == "/login"


# Passkeys
def passkey(browser: Visitor, device: Device, usage: str = "first", name: str = "Telefon") -> None:
    """Add one by the pages, as their script would."""
    page = browser.submit("/wan-register", {"name": name, "usage": usage}, form="//form[.//input[@name='usage']]")
    answer(browser, page.text, "create", device)


def answer(browser: Visitor, text: str, kind: str, device: Device) -> Any:
    from lxml import html

    (form,) = html.fromstring(text).xpath(f"//form[@data-passkey='{kind}']")
    options = json.loads(form.get("data-options"))
    if kind == "create":
        from base64 import urlsafe_b64decode

        handle = options["user"]["id"]
        device.owner = urlsafe_b64decode(handle + "=" * (-len(handle) % 4))
    said = device.made(options) if kind == "create" else device.asked(options)
    return browser.send(form, "/wan", {"credential": said})


def by_passkey(app: Flask, device: Device, browser: Visitor | None = None) -> Visitor:
    browser = browser or Visitor(app)
    answer(browser, browser.submit("/wan-signin", {}).text, "ask", device)
    return browser


def test_a_passkey_signs_in_without_a_password(app: Flask, browser_of: Browser) -> None:
    device = Device()
    passkey(browser_of(ANNA), device)
    assert is_in(by_passkey(app, device))
    assert audited(app, "factor_added", "signed_in") == [
        ("factor_added", ANNA, "passkey"),
        ("signed_in", ANNA, ["webauthn"]),
    ]


def test_a_passkey_is_the_second_step(app: Flask, browser_of: Browser) -> None:
    device = Device(verifies=False)
    passkey(browser_of(ANNA), device, "secondary")
    browser = enter(app)
    assert not is_in(browser)
    assert is_in(by_passkey(app, device, browser))
    assert not is_in(by_passkey(app, device))  # and only the second


def test_the_passkey_of_another_is_not_my_second_step(app: Flask, browser_of: Browser) -> None:
    """Flask-Security 5.9 would sign in the passkey's owner, whose password nobody gave."""
    mine, stolen = Device(), Device()
    passkey(browser_of(ANNA), mine, "secondary")
    passkey(browser_of(JAN), stolen, "secondary")
    assert not is_in(by_passkey(app, stolen, enter(app)))


def test_a_deactivated_account_has_no_passkey(app: Flask, browser_of: Browser) -> None:
    device = Device()
    passkey(browser_of(ANNA), device)
    with app.app_context(), transaction():
        find_account(ANNA).active = False
    assert not is_in(by_passkey(app, device))
    assert audited(app, "signed_in") == []


@pytest.mark.parametrize("wrong", [{"origin": "http://zly.example"}, {"id": b"x" * 32}, {"key": Device().key}])
def test_what_is_not_the_passkey_signs_nobody_in(app: Flask, browser_of: Browser, wrong: dict[str, Any]) -> None:
    device = Device()
    passkey(browser_of(ANNA), device)
    for name, value in wrong.items():
        setattr(device, name, value)
    assert not is_in(by_passkey(app, device))


def test_an_answer_of_a_passkey_is_good_once(app: Flask, browser_of: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    from lxml import html

    device = Device()
    passkey(browser_of(ANNA), device)
    monkeypatch.setitem(app.config, "ATTEMPTS_UNLIMITED", False)
    browser, thief = Visitor(app), Visitor(app)
    (form,) = html.fromstring(browser.submit("/wan-signin", {}).text).xpath("//form[@data-passkey]")
    said = device.asked(json.loads(form.get("data-options")))
    browser.send(form, "/wan", {"credential": said})
    token = thief.page("/login").xpath("//input[@name='csrf_token']")[0].get("value")
    thief.send(form, "/wan", {"credential": said, "csrf_token": token})
    assert (is_in(browser), is_in(thief)) == (True, False)


def test_a_passkey_is_removed(app: Flask, browser_of: Browser) -> None:
    anna, device = browser_of(ANNA), Device()
    passkey(anna, device)
    anna.submit("/wan-register", {}, form="//form[contains(@action, 'wan-delete')]")
    assert not is_in(by_passkey(app, device))
    assert audited(app, "factor_removed") == [("factor_removed", ANNA, "passkey")]


def test_somebody_with_both_chooses(app: Flask, browser_of: Browser, later: Any) -> None:
    anna, device = browser_of(ANNA), Device()
    telephone, _codes = set_up(anna)
    passkey(anna, device, "secondary")
    later(60)
    browser = enter(app)
    browser.submit("/tf-select", {"which": "authenticator"})
    browser.submit("/tf-validate", {"code": telephone.code()})
    assert is_in(browser)
    browser = enter(app)
    browser.submit("/tf-select", {"which": "webauthn"})
    assert is_in(by_passkey(app, device, browser))


def test_passkeys_are_not_offered_where_browsers_do_not_know_them(app: Flask) -> None:
    named, numbered = (Visitor(app).get(f"http://{host}/login").text for host in ("localhost:8000", "127.0.0.1:8000"))
    assert "wan-signin" in named
    assert "wan-signin" not in numbered


# The desk may demand it.
def demand(app: Flask) -> None:
    with app.app_context(), transaction():
        choices.demand_second_step(True)


def test_staff_without_it_can_only_set_it_up(app: Flask, browser_of: Browser) -> None:
    jan = browser_of(JAN)
    browser_of(ADAM).submit("/desk/registration/", {"second_step": "y"})
    for path in ("/desk/tickets/list/", "/tickets/", "/profile/", "/profile/keys/new", "/search?q=x", "/"):
        assert jan.get(path).location == SECOND_STEP, path
    assert jan.get("/api/v1/search/?q=x").status_code == 403
    assert "alert-warning" in jan.get(SECOND_STEP).text
    set_up(jan)
    assert jan.get("/desk/tickets/list/").status_code == 200


def test_a_passkey_as_second_step_is_enough(app: Flask, browser_of: Browser) -> None:
    demand(app)
    jan = browser_of(JAN)
    passkey(jan, Device(), "first")
    assert jan.get("/desk/tickets/list/").location == SECOND_STEP
    passkey(jan, Device(), "secondary", "Klucz")
    assert jan.get("/desk/tickets/list/").status_code == 200


def test_customers_are_not_asked(app: Flask, browser_of: Browser) -> None:
    demand(app)
    assert browser_of(ANNA).get("/tickets/").status_code == 200


def test_no_token_and_no_key_is_a_way_around(app: Flask, browser_of: Browser) -> None:
    jan = browser_of(JAN)
    page = jan.submit("/profile/keys/new", {"name": "Raporty"}).text
    key = page.partition('class="secret"')[2].partition(">")[2].partition("<")[0]
    asked = {"username": JAN, "password": PASSWORD, "provider": "db"}
    token = app.test_client().post("/api/v1/security/login", json=asked).json["access_token"]

    def statuses() -> list[int]:
        client = app.test_client()
        tickets = [client.get("/api/v1/ticket/", headers={"Authorization": f"Bearer {each}"}) for each in (key, token)]
        return [*(each.status_code for each in tickets), client.post("/api/v1/security/login", json=asked).status_code]

    assert statuses() == [200, 200, 200]
    demand(app)
    assert statuses() == [403, 401, 403]
    set_up(jan)
    assert statuses()[::2] == [200, 401]


def token(app: Flask, **more: Any) -> Any:
    """The answer to a program that asks for a token."""
    asked = {"username": ANNA, "password": PASSWORD, "provider": "db", **more}
    return app.test_client().post("/api/v1/security/login", json=asked)


def test_the_code_of_the_app_buys_a_token_once(app: Flask, browser_of: Browser, later: Any) -> None:
    telephone, codes = set_up(browser_of(ANNA))
    later(60)
    code = telephone.code()
    assert "code" in token(app).json["message"]
    for wrong in ({"code": "000000"}, {"code": codes[0]}, {"code": ""}, {"code": code, "password": "nie to"}):
        answer = token(app, **wrong)
        assert (answer.status_code, set(answer.json)) == (401, REFUSED), wrong
    assert token(app, code="7" * 17).status_code == token(app, code=123456).status_code == 422
    given = token(app, code=code)
    assert given.status_code == 200
    headers = {"Authorization": f"Bearer {given.json['access_token']}"}
    assert app.test_client().get("/api/v1/ticket/", headers=headers).status_code == 200
    assert token(app, code=code).status_code == 401
    browser = enter(app)
    browser.submit("/tf-validate", {"code": code})
    assert not is_in(browser)
    assert ("signed_in", ANNA, ["token", "authenticator"]) in audited(app, "signed_in")
    assert ("sign_in_failed", ANNA, "code") in audited(app, "sign_in_failed")


def test_a_passkey_as_the_second_step_is_for_browsers(app: Flask, browser_of: Browser) -> None:
    passkey(browser_of(ANNA), Device(), "secondary")
    answer = token(app, code="000000")
    assert answer.status_code == 401
    assert "klucz" in answer.json["message"]


def test_codes_guessed_by_programs_and_in_browsers_are_counted_together(
    app: Flask, browser_of: Browser, later: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    telephone, _codes = set_up(browser_of(ANNA))
    later(60)
    monkeypatch.setitem(app.config, "ATTEMPTS_UNLIMITED", False)
    browser = enter(app)
    for number in range(5):
        browser.submit("/tf-validate", {"code": f"00000{number}"})
        assert token(app, code=f"00001{number}").status_code == 401
    answer = token(app, code=telephone.code())
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_an_administrator_resets_what_was_lost(app: Flask, browser_of: Browser) -> None:
    jan, adam = browser_of(JAN), browser_of(ADAM)
    set_up(jan)
    passkey(jan, Device(), "secondary")
    with app.app_context():
        pk = find_account(JAN).id  # type: ignore[union-attr]
    adam.submit(f"/desk/staff/show/{pk}", {}, form="//form[contains(@action, 'reset-factors')]")
    assert not is_in(jan)
    assert is_in(enter(app, JAN))
    with app.app_context():
        account = find_account(JAN)
        assert account is not None
        assert (account.tf_totp_secret, account.mf_recovery_codes or None) == (None, None)
        assert not db.session.scalars(select(WebAuthn)).all()
        assert "factors_reset" in db.session.scalars(select(Letter.template).where(Letter.account_id == pk)).all()
    assert audited(app, "factor_removed")[-1] == ("factor_removed", ADAM, "reset")


def test_only_administrators_reset(app: Flask, browser_of: Browser) -> None:
    with app.app_context(), transaction():
        account = find_account(ANNA)
        assert account is not None
        bound(account)
        pk = account.id
    jan = browser_of(JAN)
    assert "reset-factors" not in jan.get(f"/desk/customers/show/{pk}").text
    token = {"csrf_token": jan.page("/profile/").xpath("//input[@name='csrf_token']")[0].get("value")}
    assert jan.post(f"/desk/customers/show/{pk}/reset-factors", data=token).status_code == 403


def bound(account: Account) -> None:
    """A second step, without the pages."""
    account.tf_primary_method, account.tf_totp_secret = factors.APP, factors.new_secret()


def test_the_pages_say_what_to_do_when_the_telephone_is_lost(app: Flask, browser_of: Browser) -> None:
    set_up(browser_of(ANNA))
    browser = enter(app)
    page = browser.page("/tf-validate")
    assert page.xpath("//a[@href='/mf-recovery']")
    assert "administrator" in text_of(browser.page("/mf-recovery"))
    assert browser.get("/tf-rescue").location == "/mf-recovery"
