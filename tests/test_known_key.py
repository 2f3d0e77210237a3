"""A database belongs to one SECRET_KEY, and whoever comes with another one is told (attack case O34)."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest
from sqlalchemy import select

import config
from app import checks, known_key
from app.accounts.factors import forget_all_codes
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.desk_setting import DeskSetting
from tests import people

ANOTHER = secrets.token_urlsafe(48)


@pytest.mark.usefixtures("context")
def test_the_key_of_the_first_start_is_the_databases(settings: config.Settings) -> None:
    assert known_key.is_known(db.engine, settings.secret_key)
    assert not known_key.is_known(db.engine, ANOTHER)
    assert known_key.complaint(db.engine, settings) is None


@pytest.mark.usefixtures("context")
def test_a_database_of_an_earlier_version_takes_the_first_that_comes() -> None:
    with transaction():
        db.session.delete(db.session.get_one(DeskSetting, known_key.NAME))
    assert known_key.is_known(db.engine, ANOTHER)
    assert not known_key.is_known(db.engine, secrets.token_urlsafe(48))


@pytest.mark.usefixtures("context")
def test_nobody_reads_the_key_in_the_database(settings: config.Settings) -> None:
    kept = db.session.get_one(DeskSetting, known_key.NAME).value
    assert kept == known_key.mark_of(settings.secret_key)
    assert len(kept) == 64
    assert not any(part in kept for part in (settings.secret_key[place : place + 8] for place in range(57)))


@pytest.mark.usefixtures("context")
def test_another_key_is_refused_with_what_to_do(tmp_path: Path) -> None:
    kept = config.read({"BILETY_DATA": str(tmp_path)})
    assert str(tmp_path / "secret-key") in (known_key.complaint(db.engine, kept) or "")
    given = config.read({"BILETY_DATA": str(tmp_path), "SECRET_KEY": ANOTHER})
    sentence = known_key.complaint(db.engine, given) or ""
    assert "key --replace" in sentence
    assert ANOTHER not in sentence


@pytest.mark.usefixtures("context")
def test_the_doctor_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.secret_key().well
    monkeypatch.setattr(known_key, "is_known", lambda _engine, _key: False)
    assert "key --replace" in checks.secret_key().mend


@pytest.mark.usefixtures("context")
def test_a_replaced_key_is_the_only_one_from_then_on(settings: config.Settings) -> None:
    known_key.replace(db.engine, ANOTHER)
    assert known_key.is_known(db.engine, ANOTHER)
    assert not known_key.is_known(db.engine, settings.secret_key)


@pytest.mark.usefixtures("context")
def test_second_steps_that_nobody_can_read_any_more_are_taken_away() -> None:
    with transaction():
        anna = people.add_account("anna@klient.example")
        anna.tf_primary_method, anna.tf_totp_secret, anna.mf_recovery_codes = "authenticator", "sealed", ["hash"]
        people.add_account("piotr@klient.example")
    with transaction():
        assert forget_all_codes() == 1
    left = select(Account).where(Account.tf_totp_secret.is_not(None) | Account.mf_recovery_codes.is_not(None))
    assert db.session.scalars(left).unique().all() == []
