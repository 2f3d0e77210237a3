"""Hooks hear what happens: signed, dated, tried again, never within our own network."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import select

from app.content.entries import Words, add_entry, put_in_bin
from app.content.publishing import publish, withdraw
from app.desk import tickets
from app.desk.content import Contribution
from app.events.hooks import owe
from app.events.outbox import drain_batch
from app.events.transaction import transaction
from app.events.wake import SLOW
from app.extensions import db
from app.jobs.drain import REACTIONS
from app.models.event import Letter, OutboxItem
from app.models.hook import Hook, HookDelivery, HookEvent
from app.models.product_group import ProductGroup
from app.models.ticket import Channel
from app.models.types import utc_now
from app.notify import hooks
from app.notify.outside import Unanswered, Unsafe, check, is_public, post, resolve
from app.sealed import seal
from tests.people import add_account

SECRET = "whsec_" + base64.b64encode(b"0" * 32).decode()


class Receiver:
    """Another system: what it heard, and what it answers."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_rest: object) -> None:
                """Nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?a=1"

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.heard]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture
def hook(context: None, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Hook:
    """A hook to the receiver that hears everything."""
    settings = current_app.extensions["settings"]
    monkeypatch.setitem(current_app.extensions, "settings", _with_loopback(settings))
    with transaction():
        add_account("adam@pomoc.example", role="administrator")
        row = Hook(name="CRM", url=receiver.url, events=list(HookEvent), secret=seal(SECRET, settings.secret_key))
        db.session.add(row)
    return row


def _with_loopback(settings: Any) -> Any:
    return replace(settings, hooks_to_loopback=True)


def drained(**after: float) -> None:
    """Send what is due, as seen `after` from now."""
    now = utc_now() + timedelta(**after)
    drain_batch(SLOW, REACTIONS, now=lambda: now)


def entry() -> Any:
    author = add_account("olga@pomoc.example", role="editor")
    return add_entry("article", "pl", Words("Skaner"), by=author)


def test_tickets_and_messages_are_told_of(hook: Hook, receiver: Receiver, product_group: ProductGroup) -> None:
    with transaction():
        anna = add_account("anna@klient.example", organisation="Klient")
        ticket = tickets.open_ticket(
            requester=anna,
            product_group=product_group,
            subject="Skaner",
            contribution=Contribution(text="Nie skanuje", channel=Channel.PORTAL),
            by=anna,
        )
    with transaction():
        tickets.customer_reply(ticket, Contribution(text="Nadal", channel=Channel.PORTAL), by=anna)
    drained()
    assert {told["type"] for told in receiver.told} >= {"ticket.created", "message.created"}
    assert receiver.told[0]["type"] == "ticket.created"
    assert receiver.told[0]["data"]["ticket"] == {"id": ticket.id, "number": ticket.number}
    sequence = [told["sequence"] for told in receiver.told]
    assert sequence == sorted(sequence)
    assert db.session.scalars(select(OutboxItem).where(OutboxItem.queue == SLOW)).all() == []


def test_entries_are_told_of_when_readers_get_another_thing(hook: Hook, receiver: Receiver) -> None:
    with transaction():
        written = entry()
    with transaction():
        publish(written.source, seen=1)
    with transaction():
        withdraw(written.source)
    with transaction():
        put_in_bin(written)
    drained()
    assert [told["type"] for told in receiver.told] == ["entry.published", "entry.withdrawn", "entry.changed"]
    assert receiver.told[0]["data"] == {
        "entry": {"id": written.id, "type": "article"},
        "text": {"id": written.source.id, "language": "pl"},
    }


def test_a_hook_hears_only_what_it_asked_for(hook: Hook, receiver: Receiver) -> None:
    with transaction():
        hook.events = [HookEvent.ENTRY_WITHDRAWN]
    with transaction():
        publish(entry().source, seen=1)
    drained()
    assert receiver.heard == []


def _published() -> None:
    with transaction():
        publish(entry().source, seen=1)


def test_what_is_told_is_signed_as_standard_webhooks_say(hook: Hook, receiver: Receiver) -> None:
    _published()
    drained()
    headers, body = receiver.heard[0]
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(b"0" * 32, content, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    assert abs(int(headers["webhook-timestamp"]) - utc_now().timestamp()) < 60


def test_a_new_secret_signs_beside_the_old_one_for_a_day(hook: Hook, receiver: Receiver) -> None:
    key = current_app.extensions["settings"].secret_key
    with transaction():
        hooks.rotate(hook, key=key)
    for days, count in ((0, 2), (2, 1)):
        signed = hooks.signed(hook, "msg_1", b"{}", now=utc_now() + timedelta(days=days), key=key)
        assert len(signed["webhook-signature"].split()) == count


def test_what_was_not_taken_is_sent_again_with_the_same_id(hook: Hook, receiver: Receiver) -> None:
    """A redirect is not followed: it is no answer."""
    _published()
    for hour, status in enumerate((500, 302, 204)):
        receiver.status = status
        drained(hours=hour)
    ids = {headers["webhook-id"] for headers, _body in receiver.heard}
    bodies = {body for _headers, body in receiver.heard}
    delivery = db.session.scalars(select(HookDelivery)).one()
    assert (len(receiver.heard), len(ids), len(bodies)) == (3, 1, 1)
    assert (delivery.attempts, delivery.status, delivery.error, hook.failing_since) == (3, 204, None, None)
    with transaction():
        owe(delivery)
    drained()
    assert len(receiver.heard) == 4


def test_a_hook_that_takes_nothing_for_a_day_is_paused_and_administrators_hear_of_it(
    hook: Hook, receiver: Receiver
) -> None:
    receiver.status = 500
    _published()
    drained()
    with transaction():
        hook.failing_since = utc_now() - timedelta(hours=25)
    drained(hours=1)
    assert hook.paused_at is not None
    letters = db.session.scalars(select(Letter.template)).all()
    assert "hook_paused" in letters
    drained(hours=2)
    assert len(receiver.heard) == 2, "nothing is sent while it is paused, and nothing is lost"
    receiver.status = 204
    with transaction():
        hooks.resume(hook)
    drained(hours=3)
    assert len(receiver.heard) == 3


def test_who_says_that_it_is_gone_is_not_asked_again(hook: Hook, receiver: Receiver) -> None:
    receiver.status = 410
    _published()
    drained()
    assert hook.paused_at is not None
    assert db.session.scalars(select(OutboxItem.due_at).where(OutboxItem.queue == SLOW)).all() == [None]


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",  # noqa: S104 nothing is bound to it
            "224.0.0.1",
        ),
        *("::1", "::", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1"),
        *("64:ff9b:1::7f00:1", "::127.0.0.1", "::ffff:0:127.0.0.1", "fec0::1", "5f00::1"),
    ],
)
def test_addresses_of_our_own_network_are_not_public(address: str) -> None:
    """O64."""
    assert not is_public(address)


def test_addresses_of_the_internet_are() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1::1")


@pytest.mark.parametrize(
    "url", ["http://a.example/", "ftp://a.example/", "https://", "https://a@b.example/", "x", "https://[::1", ""]
)
def test_only_https_addresses_are_taken(url: str) -> None:
    with pytest.raises(Unsafe):
        check(url)


def test_a_name_that_leads_into_our_network_is_not_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """One private address among several is enough; and the connection goes to the address that was looked at."""
    with pytest.raises(Unsafe):
        post(receiver.url.replace("http:", "https:"), b"{}", {})
    both = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_options: both)
    with pytest.raises(Unsafe):
        resolve("a.example", 443)
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_options: both[:1])
    assert resolve("a.example", 443) == "93.184.216.34"
    assert receiver.heard == []


def test_who_answers_byte_by_byte_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.notify.outside.SECONDS_TOGETHER", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            with listening.accept()[0] as client, suppress(OSError):
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n")
                for _byte in range(200):
                    client.sendall(b"x")
                    time.sleep(0.05)

        thread = threading.Thread(target=drip)
        thread.start()
        begun = time.monotonic()
        assert post(f"http://127.0.0.1:{listening.getsockname()[1]}/", b"{}", {}, loopback=True) == 200
        assert time.monotonic() - begun < 5
        thread.join(5)


def test_nobody_there_is_told_so(hook: Hook, receiver: Receiver) -> None:
    receiver.server.server_close()
    with pytest.raises(Unanswered):
        post(receiver.url, b"{}", {}, loopback=True)
