"""The audit log only grows, and holds what was changed by whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from app.events.audit import AuditKind, write_down
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account, Role
from app.models.audit import AppendOnly, AuditEntry
from app.models.mailbox import Mailbox


@pytest.fixture
def entry(context: None) -> AuditEntry:
    with transaction():
        return write_down(AuditKind.EXPORTED, who="anna@klient.example", about="audit")


def entries(*kinds: AuditKind) -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.kind.in_(kinds)) if kinds else select(AuditEntry)
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


STATEMENTS = {
    "update": update(AuditEntry).values(who="nikt"),
    "delete": delete(AuditEntry),
    "plain update": text("UPDATE audit SET about = ''"),
    "plain delete": text("DELETE FROM audit WHERE id > 0"),
}


REPLACE = (
    "INSERT OR REPLACE INTO audit (id, created_at, kind, who, about, via, data) "
    "VALUES (1, '2026-01-01', 'x', 'x', 'x', 'x', '{}')"
)


@pytest.mark.parametrize("what", STATEMENTS)
def test_the_database_refuses_to_change_or_remove_an_entry(entry: AuditEntry, what: str) -> None:
    with pytest.raises(IntegrityError, match="only ever added to"):
        db.session.execute(STATEMENTS[what])
    db.session.rollback()
    assert [kept.about for kept in entries()] == ["audit"]


def test_no_entry_can_be_replaced_or_the_table_emptied(entry: AuditEntry) -> None:
    statement = REPLACE if db.engine.dialect.name == "sqlite" else "TRUNCATE audit"
    with pytest.raises(IntegrityError, match="only ever added to"):
        db.session.execute(text(statement))
    db.session.rollback()
    assert [kept.about for kept in entries()] == ["audit"]


def test_the_code_refuses_before_the_database_has_to(entry: AuditEntry) -> None:
    entry.about = "nothing"
    with pytest.raises(AppendOnly):
        db.session.commit()
    db.session.rollback()
    db.session.delete(entry)
    with pytest.raises(AppendOnly):
        db.session.commit()


def test_an_act_that_failed_leaves_no_entry(context: None) -> None:
    def fail() -> None:
        with transaction():
            write_down(AuditKind.EXPORTED, who="anna@klient.example")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert entries() == []


@pytest.fixture
def jan(make_account: Callable[..., int]) -> int:
    return make_account("jan@desk.example", role="consultant", groups=("DYNAMICS",))


def in_a_request(app: Flask, change: Callable[[], None]) -> list[AuditEntry]:
    """What the log tells after a change in a request from 10.1.2.3."""
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "10.1.2.3"}):
        with transaction():
            change()
        return entries(AuditKind.RIGHTS, AuditKind.SETTINGS)


def test_a_changed_role_is_told_with_the_old_and_the_new_one(app: Flask, jan: int) -> None:
    def promote() -> None:
        account = db.session.get_one(Account, jan)
        account.roles = list(db.session.scalars(select(Role).where(Role.name == "administrator")))

    (entry,) = in_a_request(app, promote)
    assert (entry.kind, entry.about, entry.address) == ("rights", "jan@desk.example", "10.1.2.3")
    assert entry.data == {
        "table": "ab_user",
        "id": jan,
        "act": "changed",
        "values": {"roles": ["consultant", "administrator"]},
    }


def test_a_row_between_two_is_told_by_the_names_of_both(app: Flask, jan: int) -> None:
    def leave() -> None:
        account = db.session.get_one(Account, jan)
        db.session.delete(account.assignments[0])

    (entry,) = in_a_request(app, leave)
    assert entry.about == "jan@desk.example"
    assert entry.data["act"] == "removed"
    told = {"account_id": "jan@desk.example", "product_group_id": "DYNAMICS"}
    assert entry.data["values"].items() >= told.items()


def test_a_new_and_a_changed_mailbox_are_settings(app: Flask) -> None:
    def add() -> None:
        db.session.add(Mailbox(address="nowy@pomoc.example", name="Nowy", product_group_id=1, active=True))

    (entry,) = in_a_request(app, add)
    assert (entry.kind, entry.about, entry.data["act"]) == ("settings", "nowy@pomoc.example", "added")
    assert entry.data["values"]["product_group_id"] == "DYNAMICS"

    def change() -> None:
        db.session.scalars(select(Mailbox).where(Mailbox.name == "Nowy")).one().active = False

    _first, entry = in_a_request(app, change)
    assert entry.data["values"] == {"active": ["True", "False"]}


def test_a_password_or_secret_is_never_told(app: Flask, jan: int) -> None:
    def change() -> None:
        account = db.session.get_one(Account, jan)
        account.password, account.tf_totp_secret, account.locale = "hash", "secret", "en"

    assert in_a_request(app, change) == []


def test_what_a_worker_does_is_nobodys_act(app: Flask, jan: int, context: None) -> None:
    with transaction():
        db.session.get_one(Account, jan).active = False
    assert entries() == []
