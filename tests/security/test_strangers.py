"""Attack cases O34, O39, O40: secrets of a fresh desk, letters of strangers, and domains that only look alike."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

import config
from app.accounts.registration import join_organisation_of_domain
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.organisation import OrganisationDomain
from app.models.ticket import Ticket
from tests import people
from tests.mail.letters import arrive, letter, sent
from tests.security.conftest import A1, ALICE, Caller


def read(folder: Path, **given: str) -> config.Settings:
    return config.read({"BILETY_DATA": str(folder), "BILETY_BASE_URL": "http://localhost:8000", **given})


def test_o34_a_secret_is_made_kept_and_never_shown(tmp_path: Path) -> None:
    secret = read(tmp_path).secret_key
    assert len(secret) >= 32
    assert read(tmp_path).secret_key == secret
    (kept,) = [path for path in tmp_path.rglob("*") if path.is_file() and path.read_text() == secret]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert secret not in str(config.shown(read(tmp_path)))
    assert read(tmp_path / "another").secret_key != secret


SAMPLES = [
    *("changeme", "secret", "SECRET", "", "x" * 31, "x" * 64, "ab" * 32),
    *("change-me_" * 4, "your-secret-key-here " * 2, "ThisIsMyScretKey" * 2),
]


@pytest.mark.parametrize("sample", SAMPLES)
def test_o34_a_sample_or_a_short_secret_is_refused(tmp_path: Path, sample: str) -> None:
    with pytest.raises(config.BadSetting):
        _ = read(tmp_path, SECRET_KEY=sample).secret_key


@pytest.fixture
def of_alpha(companies: Flask) -> None:
    with companies.app_context(), transaction():
        db.session.add(OrganisationDomain(organisation=people.organisation_named("Alpha"), domain="alpha.example"))


ALIKE = {
    "x@alpha.example.evil.example": None,
    "x@sub.alpha.example": None,
    "x@notalpha.example": None,
    "alpha.example@evil.example": None,
    "x@alpha.example": "Alpha",
}


@pytest.mark.parametrize("address", ALIKE)
def test_o40_only_the_very_domain_is_the_companys(companies: Flask, of_alpha: None, address: str) -> None:
    with companies.app_context(), transaction():
        account = people.add_account(address)
        join_organisation_of_domain(account)
        db.session.flush()
        db.session.refresh(account)
        assert [place.organisation.name for place in account.memberships] == [
            name for name in (ALIKE[address],) if name
        ]


@pytest.mark.parametrize("sender", [*ALIKE, "x@ALPHA.EXAMPLE", "new@nowhere.example"])
def test_o39_a_strangers_letter_gives_him_nothing(
    companies: Flask, settings: config.Settings, of_alpha: None, caller: Callable[[str], Caller], sender: str
) -> None:
    """No account with rights, no company before the address is confirmed, no word of his or of others sent on."""
    raw = letter(sender=sender, subject=f"[#{1000 + A1}] Oferta http://evil.example/", text="ZQXSPAM ZQXABODY")
    arrive(companies, settings, raw, sender=sender)
    with companies.app_context():
        account = db.session.scalars(select(Account).where(Account.email == sender.lower())).unique().one()
        assert (account.is_registered, account.memberships, account.role_kinds) == (False, [], {"customer"})
        made = db.session.scalars(select(Ticket).where(Ticket.requester_id == account.id)).one()
        assert (made.organisation, made.number != 1000 + A1) == (None, True)
    for mail in sent(settings.outgoing, sender):
        assert not {word for word in ("evil.example/", "ZQXSPAM", "ZQXA") if word in mail.as_string()}
    assert "ZQXSPAM" not in caller(ALICE).page("get", f"/tickets/{1000 + A1}").text
