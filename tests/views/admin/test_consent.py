"""A user of Microsoft 365 consents: an administrator gets a code, the user signs in with it, and letters are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

import config
from app.events.transaction import transaction
from app.extensions import db
from app.mail import connections, consent
from app.mail.check import check
from app.mail.trouble import Trouble
from app.models.mail_connection import MailConnection
from app.models.mailbox import Mailbox
from app.models.types import utc_now
from app.sealed import unseal
from tests.browsing import Visitor, text_of
from tests.mail.certificates import certificate_for
from tests.mail.microsoft import CLIENT, Tenant, running

FORM = "//main//form[.//input[@name='host']]"


@pytest.fixture
def tenant(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tenant]:
    with running(tmp_path, *certificate_for("localhost")) as found:
        monkeypatch.setenv("SSL_CERT_FILE", str(found.certificate))
        yield found


@pytest.fixture
def mailbox(app: Flask, adam: Visitor, tenant: Tenant) -> str:
    """The page of a mailbox that is read as a user who has not consented yet."""
    with app.app_context():
        id_ = db.session.scalars(select(Mailbox.id).where(Mailbox.address == "pomoctargit@pomoc.example")).one()
    said = {
        "way": "imap", "host": "localhost", "port": "993", "username": "pomoc@firma.example", "signs_in": "user",
        "authority": tenant.authority, "client_id": CLIENT, "secret": "",
    }  # fmt: skip
    answer = adam.submit(f"/desk/mailboxes/connection/{id_}/in", said, form=FORM)
    assert answer.status_code == 200, answer.text
    return f"/desk/mailboxes/show/{id_}"


def press(adam: Visitor, mailbox: str) -> str:
    """The button of the consent; the mailbox's page after it."""
    button = adam.page(mailbox).xpath("//form[contains(@action, '/consent')]//button")[0]
    answer = adam.submit(mailbox, {"act": button.get("value")}, form="//form[contains(@action, '/consent')]")
    return f"{answer.text} {text_of(adam.page(mailbox))}"


def row(app: Flask) -> MailConnection:
    with app.app_context():
        return db.session.scalars(select(MailConnection)).one()


def test_a_user_consents_by_a_code(
    app: Flask, settings: config.Settings, adam: Visitor, mailbox: str, tenant: Tenant
) -> None:
    page = press(adam, mailbox)
    assert "wpisz kod ABCD-EFGH" in page
    assert "IMAP.AccessAsUser.All" in tenant.scopes
    assert "offline_access" in tenant.scopes
    before = row(app)
    assert "ABCD" not in (before.consenting or "")
    assert "Nikt się jeszcze nie zalogował" in press(adam, mailbox)
    assert row(app).secret is None
    tenant.has_signed_in = True
    press(adam, mailbox)
    kept = row(app)
    assert unseal(kept.secret, settings.secret_key) == "odnowienie-1"
    assert (kept.consenting, kept.revision) == (None, before.revision + 1)
    assert "odnowienie" not in text_of(adam.page("/desk/audit/list/"))


def test_another_code_can_be_asked_for_before_the_first_is_used(
    app: Flask, adam: Visitor, mailbox: str, tenant: Tenant
) -> None:
    press(adam, mailbox)
    first = row(app).consenting
    again = [b.get("value") for b in adam.page(mailbox).xpath("//form[contains(@action, '/consent')]//button")]
    assert again == ["finish", "begin"]
    other = "//form[contains(@action, '/consent')][.//button[@value='begin']]"
    adam.submit(mailbox, {"act": "begin"}, form=other)
    assert row(app).consenting not in (None, first)
    tenant.has_signed_in = True
    press(adam, mailbox)
    assert row(app).secret is not None


def test_what_is_kept_lets_us_in_until_it_ends(
    app: Flask, settings: config.Settings, adam: Visitor, mailbox: str, tenant: Tenant
) -> None:
    with app.app_context():
        account = connections.account(db.session.scalars(select(MailConnection)).one())
    graph = replace(account, way="graph", port=tenant.port)
    assert check(graph, settings.secret_key)[-1].trouble == Trouble.ENDED, "nobody has consented yet"
    press(adam, mailbox)
    tenant.has_signed_in = True
    press(adam, mailbox)
    with app.app_context():
        account = connections.account(db.session.scalars(select(MailConnection)).one())
    graph = replace(account, way="graph", port=tenant.port)
    assert check(graph, settings.secret_key)[-1].trouble is None
    tenant.refresh_tokens.clear()
    last = check(graph, settings.secret_key)[-1]
    assert (last.step, last.trouble) == ("token", Trouble.ENDED)


def test_it_is_renewed_every_week_and_its_end_is_told(
    app: Flask, settings: config.Settings, adam: Visitor, mailbox: str, tenant: Tenant
) -> None:
    press(adam, mailbox)
    tenant.has_signed_in = True
    press(adam, mailbox)
    with app.app_context():
        consent.renew_all(settings.secret_key)
        assert len(tenant.refresh_tokens) == 1, "it is young"
        with transaction():
            db.session.execute(update(MailConnection).values(secret_changed_at=utc_now() - timedelta(days=70)))
    assert "Zgoda wygaśnie za 20 dni" in text_of(adam.page(mailbox))
    with app.app_context():
        consent.renew_all(settings.secret_key)
        found = db.session.scalars(select(MailConnection)).one()
        assert unseal(found.secret, settings.secret_key) == "odnowienie-2"
        assert connections.days_left(found) == 90
        with transaction():
            db.session.execute(update(MailConnection).values(secret_changed_at=utc_now() - timedelta(days=91)))
        tenant.refresh_tokens.clear()
        consent.renew_all(settings.secret_key)
    assert "Zgoda wygasła" in text_of(adam.page(mailbox))


def test_a_consent_is_for_one_user_of_one_server(app: Flask, adam: Visitor, mailbox: str, tenant: Tenant) -> None:
    press(adam, mailbox)
    tenant.has_signed_in = True
    press(adam, mailbox)
    address = mailbox.replace("show/", "connection/") + "/in"
    adam.submit(address, {"move_to": "Przetworzone"}, form=FORM)
    assert row(app).secret is not None
    adam.submit(address, {"username": "inny@firma.example"}, form=FORM)
    assert (row(app).username, row(app).secret) == ("inny@firma.example", None)


@pytest.mark.parametrize("fault", ["application", "tenant", "policy"])
def test_a_refusal_is_told_in_words(adam: Visitor, mailbox: str, tenant: Tenant, fault: str) -> None:
    tenant.fault = fault
    answer = adam.submit(mailbox, {}, form="//form[contains(@action, '/consent')]")
    assert "AADSTS" in answer.text
    assert "wpisz kod" not in answer.text
