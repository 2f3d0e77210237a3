"""Letters by Microsoft Graph, from and to a tenant on loopback: each once, and every fault by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

import config
from app.events.record import Reaction
from app.mail import send
from app.mail.check import check
from app.mail.collect import Collector, Reader
from app.mail.receive import Receiver
from app.mail.trouble import Trouble, Troubled
from app.mail.ways import Account, open_way
from app.models.tables import mail_connection, mailbox
from app.sealed import seal
from tests.mail.certificates import certificate_for
from tests.mail.desk import CONSULTANT, CUSTOMER, failures, letters, notify, open_ticket, owed
from tests.mail.letters import letter
from tests.mail.microsoft import CLIENT, CLIENT_SECRET, FAULTS, TENANT, Tenant, running
from tests.mail.test_collect import kept, numbered, rows, state

ADDRESS = "pomocdynamics@pomoc.example"


@pytest.fixture
def tenant(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tenant]:
    with running(tmp_path, *certificate_for("localhost")) as found:
        monkeypatch.setenv("SSL_CERT_FILE", str(found.certificate))
        yield found


@pytest.fixture
def add(receiver: Receiver, settings: config.Settings, tenant: Tenant) -> Callable[..., Account]:
    """Write down how the mailbox is reached."""

    def add(**values: Any) -> Account:
        row = {
            "direction": "in", "way": "graph", "host": "localhost", "port": tenant.port, "security": "tls",
            "username": "pomoc@firma.example", "secret": seal(CLIENT_SECRET, settings.secret_key), "takes_old": True,
            "signs_in": "oauth", "authority": tenant.authority, "client_id": CLIENT, **values,
        }  # fmt: skip
        with receiver.engine.begin() as connection:
            row["mailbox_id"] = connection.scalar(select(mailbox.c.id).where(mailbox.c.address == ADDRESS))
            connection.execute(insert(mail_connection).values(**row))
        return next(iter(Collector(receiver, settings)._accounts()), None)  # type: ignore[return-value]  # none of out

    return add


@pytest.fixture
def read(receiver: Receiver, settings: config.Settings) -> Callable[[Account], int]:
    def read(account: Account) -> int:
        way = open_way(account, settings.secret_key)
        try:
            return Reader(account, receiver, settings).read_once(way)
        finally:
            way.close()

    return read


def test_letters_are_taken_once_page_by_page(add, read, receiver, settings, tenant) -> None:
    account = add()
    tenant.put(*numbered(1, 2, 3, 4, 5))
    assert read(account) == 5
    tenant.put(*numbered(6))
    assert [read(account), read(account)] == [1, 0]
    assert kept(receiver, settings) == [f"Raport {number}" for number in range(1, 7)]
    assert {(row.transport, row.peer) for row in rows(receiver)} == {("graph", "localhost")}


def test_at_first_only_what_comes_from_now_on_is_taken_also_when_graph_forgets_its_link(
    add, read, receiver, settings, tenant
) -> None:
    tenant.put(*numbered(1, 2, 3), came=datetime(2020, 1, 1, tzinfo=UTC))
    account = add(takes_old=False)
    assert read(account) == 0
    tenant.put(*numbered(4))
    assert read(account) == 1
    tenant.forgotten = 99
    tenant.put(*numbered(5, 6))
    assert read(account) == 2
    tenant.forgotten = 0
    assert read(account) == 0
    assert kept(receiver, settings) == ["Raport 4", "Raport 5", "Raport 6"]


def test_kept_letters_go_to_the_other_folder_which_is_made(add, read, receiver, tenant) -> None:
    account = add(move_to="Zażółć")
    tenant.put(*numbered(1, 2, 3))
    assert read(account) == 3
    assert (tenant.folders["inbox"], len(tenant.folders["Zażółć"])) == ({}, 3)
    assert read(account) == 0


def test_a_crash_within_a_page_doubles_nothing(add, read, receiver, settings, tenant, monkeypatch) -> None:
    account = add()
    tenant.put(*numbered(1, 2))
    original = Receiver.keep_fetched
    monkeypatch.setattr(
        Receiver,
        "keep_fetched",
        lambda self, *rest, **more: original(self, *rest, **more) if not rows(receiver) else 1 / 0,
    )
    with pytest.raises(ZeroDivisionError):
        read(account)
    monkeypatch.undo()
    monkeypatch.setenv("SSL_CERT_FILE", str(tenant.certificate))
    assert read(account) == 1
    assert kept(receiver, settings) == ["Raport 1", "Raport 2"]


def test_a_letter_that_is_gone_is_passed_over_and_a_large_one_waits(add, read, receiver, tenant, monkeypatch) -> None:
    account = replace(add(), limit=500)
    tenant.put(letter(text="x" * 5000), *numbered(2, 3))
    original = tenant._letter

    def gone(method: str, path: str, body: bytes) -> Any:
        if path.endswith("=2/$value"):
            tenant.folders["inbox"].pop("AAkALg=2")
        return original(method, path, body)

    monkeypatch.setattr(tenant, "_letter", gone)
    assert read(account) == 2
    assert [(row.reason, row.size <= 500) for row in rows(receiver)] == [("too_large", True), (None, True)]


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_has_its_name_in_reading_and_in_the_test(add, read, settings, tenant, fault: str) -> None:
    account = add()
    assert check(account, settings.secret_key)[-1].trouble is None
    tenant.fault = fault
    with pytest.raises(Troubled) as troubled:
        read(account)
    assert troubled.value.trouble == fault
    assert troubled.value.rest == (77 if fault == "busy" else None)
    last = check(account, settings.secret_key)[-1]
    assert (last.step, last.trouble) == ("token" if FAULTS[fault][0] == "token" else "folder", Trouble(fault))
    assert CLIENT_SECRET not in f"{troubled.value} {last}"


@pytest.mark.parametrize(
    ("wrong", "trouble"),
    [
        ({"host": "nie.ma.example"}, Trouble.NAME),
        ({"port": 1}, Trouble.REACH),
        ({"secret": "not sealed by us"}, Trouble.SECRET),
        ({"authority": "https://localhost:1/firma.example"}, Trouble.REACH),
        ({"folder": "Nie ma"}, Trouble.FOLDER),
    ],
)
def test_a_wrong_setting_has_its_name(add, settings, wrong: dict[str, Any], trouble: Trouble) -> None:
    assert check(replace(add(), **wrong), settings.secret_key)[-1].trouble == trouble


def test_a_server_that_is_not_trusted_hears_no_secret(add, settings, tenant, monkeypatch) -> None:
    account = add()
    monkeypatch.delenv("SSL_CERT_FILE")
    assert check(account, settings.secret_key)[-1].trouble == Trouble.CERTIFICATE
    assert tenant.asked == []


def test_letters_go_out_by_graph_as_they_are(
    app: Flask, add, context: None, make_account: Callable[..., int], tenant: Tenant
) -> None:
    make_account(CUSTOMER, organisation="Klient")
    make_account(CONSULTANT, role="consultant", groups=("DYNAMICS",))
    add(direction="out", folder="")
    open_ticket()
    notify()
    tenant.fault = "busy"
    assert len(failures(send.perform(owed(Reaction.SEND)))) == 2
    assert [row.state for row in letters()] == ["waiting", "waiting"]
    tenant.fault = ""
    assert failures(send.perform(owed(Reaction.SEND))) == []
    assert [row.state for row in letters()] == ["sent", "sent"]
    assert all(row.message_id.encode() in raw for row, raw in zip(letters(), tenant.sent, strict=True))


def test_the_reader_waits_as_long_as_it_is_asked_to(add, receiver, settings, tenant, monkeypatch) -> None:
    account = add()
    reader = Reader(account, receiver, settings)
    waited: list[float] = []
    monkeypatch.setattr(reader.stopping, "wait", waited.append)
    reader._rest(Troubled(Trouble.BUSY, "429", 77.0))
    assert waited == [77.0]
    assert state(receiver, account).trouble == "busy"
    assert TENANT
