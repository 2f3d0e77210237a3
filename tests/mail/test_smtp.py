"""Letters leave encrypted, by the server of their mailbox; the test of a server names what it does not like."""

from __future__ import annotations

import base64
import dataclasses
import gc
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, Session
from flask import Flask
from sqlalchemy import select

import config
from app.events.record import Reaction
from app.events.transaction import transaction
from app.extensions import db
from app.mail import connections, send
from app.mail.check import Taken, check
from app.mail.smtp import account_of_settings
from app.mail.trouble import Trouble, refused
from app.mail.ways import Account
from app.models.mail_connection import Direction
from app.models.mailbox import Mailbox
from app.sealed import seal
from tests.mail import microsoft
from tests.mail.certificates import certificate_for
from tests.mail.desk import CONSULTANT, CUSTOMER, failures, letters, notify, open_ticket, owed
from tests.mail.dovecot import free_port

pytestmark = [
    pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning"),  # of a test's own server
    # aiosmtpd does not close its side of a connection whose handshake the client broke off.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
SECRET = "tajne1"
OWN = "pomocdynamics@pomoc.example"


class Server:
    """Takes letters of who signs in, but from one address."""

    def __init__(self) -> None:
        self.taken: list[tuple[Envelope, Session]] = []

    async def handle_MAIL(  # noqa: N802  aiosmtpd's name
        self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("obcy@"):
            return "553 5.7.1 Not yours"
        envelope.mail_from = address
        return "250 OK"

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:  # noqa: N802
        """As Microsoft 365 does: a refusal is a challenge with the reason, which the client leaves unanswered."""
        said = base64.b64decode(args[1]).decode()
        if said == f"user=pomoc\1auth=Bearer {microsoft.TOKEN}\1\1":
            return AuthResult(success=True, auth_data=b"pomoc")
        assert await server.challenge_auth(b'{"status":"401"}') == b""
        return AuthResult(success=False, handled=False)

    async def handle_DATA(self, _server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append((envelope, session))
        return "250 OK"


def signs_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    return AuthResult(success=(given.login, given.password) == (b"pomoc", SECRET.encode()), handled=False)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    files = tmp_path / "certificate.pem", tmp_path / "key.pem"
    for path, content in zip(files, certificate_for("localhost"), strict=True):
        path.write_bytes(content)
    return files


@pytest.fixture
def serve(certificate: tuple[Path, Path]) -> Iterator[Callable[..., tuple[Server, int]]]:
    """serve("starttls") -> the server and its port."""
    running: list[Controller] = []

    def serve(security: str, **options: Any) -> tuple[Server, int]:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)
        whole = {"ssl_context": context} if security == "tls" else {}
        begun = {"tls_context": context, "require_starttls": True} if security == "starttls" else {}
        server, port = Server(), free_port()
        options |= {"authenticator": signs_in, "auth_required": True, "auth_require_tls": security == "starttls"}
        running.append(Controller(server, hostname="127.0.0.1", port=port, **whole, **begun, **options))
        running[-1].start()
        return server, port

    yield serve
    for each in running:
        each.stop()
    running.clear()
    gc.collect()  # What the servers left open is seen here, and by no other test.


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))


def relay(settings: config.Settings, port: int, security: str, **more: Any) -> config.Settings:
    return dataclasses.replace(
        settings, mail_server="localhost", mail_port=port, mail_username="pomoc", mail_password=SECRET,
        mail_use_tls=security == "starttls", mail_use_ssl=security == "tls", **more,
    )  # fmt: skip


@pytest.fixture
def due(context: None, make_account: Callable[..., int]) -> None:
    """One acknowledgement and one notice are owed."""
    make_account(CUSTOMER, organisation="Klient")
    make_account(CONSULTANT, role="consultant", groups=("DYNAMICS",))
    open_ticket()
    notify()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_letters_leave_encrypted(app: Flask, settings, serve, trusted, due, monkeypatch, security: str) -> None:
    server, port = serve(security)
    monkeypatch.setitem(app.extensions, "settings", relay(settings, port, security))
    assert failures(send.perform(owed(Reaction.SEND))) == []
    assert [session.ssl is not None or security == "tls" for _envelope, session in server.taken] == [True, True]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_is_not_trusted_keeps_the_letters_here(
    app: Flask, settings, serve, due, monkeypatch, security: str
) -> None:
    server, port = serve(security)
    monkeypatch.setitem(app.extensions, "settings", relay(settings, port, security))
    assert all("CERTIFICATE_VERIFY_FAILED" in str(error) for error in failures(send.perform(owed(Reaction.SEND))))
    assert server.taken == []
    assert [row.state for row in letters()] == ["waiting", "waiting"]


def test_a_mailbox_with_a_server_of_its_own_sends_by_that(
    app: Flask, settings, serve, trusted, due, outgoing: Path
) -> None:
    """The desk has no relay, so the letters of other mailboxes stay files."""
    server, port = serve("starttls")
    said = {
        "active": True, "way": "smtp", "host": "localhost", "port": port, "security": "starttls", "username": "pomoc",
        "secret": SECRET,
    }  # fmt: skip
    with transaction():
        mailbox = db.session.scalars(select(Mailbox).where(Mailbox.address == OWN)).one()
        connections.save(mailbox, Direction.OUT, said, key=settings.secret_key)
    assert failures(send.perform(owed(Reaction.SEND))) == []
    assert len(server.taken) == 2
    assert not outgoing.exists()
    with transaction():
        mailbox.product_group.mailboxes  # noqa: B018  loaded while the session is open
        connections.of(mailbox, Direction.OUT).active = False
    open_ticket(subject="Drugi", message_id="<drugi@klient.example>")
    notify()
    send.perform(owed(Reaction.SEND))
    assert (len(server.taken), len(list(outgoing.glob("*.eml")))) == (2, 2)


def test_a_token_of_microsoft_365_lets_letters_out(settings, serve, trusted, certificate, tmp_path: Path) -> None:
    files = tuple(path.read_bytes() for path in certificate)
    (tmp_path / "tenant").mkdir()
    with microsoft.running(tmp_path / "tenant", *files) as tenant:
        _server, port = serve("starttls")
        account = account_of_settings(relay(settings, port, "starttls", mail_default_sender=OWN))
        assert account is not None
        account = dataclasses.replace(
            account, signs_in="oauth", authority=tenant.authority, client_id=microsoft.CLIENT,
            secret=seal(microsoft.CLIENT_SECRET, settings.secret_key),
        )  # fmt: skip
        assert check(account, settings.secret_key)[-1] == Taken("sender", OWN)
        refused = check(dataclasses.replace(account, username="inny"), settings.secret_key)[-1]
        assert (refused.step, refused.trouble) == ("sign_in", Trouble.SIGN_IN)
        tenant.fault = "client"
        assert check(account, settings.secret_key)[-1].trouble == Trouble.CLIENT


@pytest.mark.parametrize(
    ("wrong", "last"),
    [
        ({}, ("sender", None)),
        ({"address": "obcy@pomoc.example"}, ("sender", Trouble.SENDER)),
        ({"secret": None}, ("sign_in", Trouble.SIGN_IN)),
        ({"secret": "not sealed by us"}, ("sign_in", Trouble.SECRET)),
        ({"security": "tls"}, ("tls", Trouble.TLS)),
        ({"host": "nie.ma.example"}, ("name", Trouble.NAME)),
        ({"port": 1}, ("reach", Trouble.REACH)),
        ({"username": ""}, ("sender", Trouble.SENDER)),
    ],
)
def test_the_test_of_a_server_names_what_failed(
    settings, serve, trusted, wrong: dict[str, Any], last: tuple[str, Trouble | None]
) -> None:
    server, port = serve("starttls")
    account = account_of_settings(relay(settings, port, "starttls"))
    assert account is not None
    taken = check(dataclasses.replace(account, **wrong), settings.secret_key)
    assert (taken[-1].step, taken[-1].trouble) == last, taken
    assert all(each.trouble is None for each in taken[:-1])
    assert server.taken == []
    assert SECRET not in str(taken)


def test_a_server_without_encryption_or_trust_is_named_too(settings, serve) -> None:
    _server, plain = serve("none")
    _server, other = serve("starttls")
    for port, trouble in ((plain, Trouble.TLS), (other, Trouble.CERTIFICATE)):
        account = account_of_settings(relay(settings, port, "starttls"))
        assert account is not None
        assert check(account, settings.secret_key)[-1].trouble == trouble


def test_a_test_ends_in_time_whatever_the_server_does(settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        account = Account(**{**vars(account_of_settings(relay(settings, silent.getsockname()[1], "none")))})
        taken = check(account, settings.secret_key, seconds=0.3)
    assert (taken[-1].step, taken[-1].trouble) == ("greeting", Trouble.SILENT)


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        (b"451 4.7.1 Greylisted, try again", Trouble.BUSY),
        (b"454 4.7.0 Temporary authentication failure", Trouble.BUSY),
        (b"530 5.7.0 Must issue a STARTTLS command first", Trouble.TLS),
        (b"538 5.7.11 Encryption required", Trouble.TLS),
        (b"535 5.7.8 Wrong password", Trouble.SIGN_IN),
        (b"-ERR [IN-USE] Mailbox locked", Trouble.BUSY),
        (b"-ERR [AUTH] Wrong password", Trouble.SIGN_IN),
        (b"-ERR Plaintext authentication disallowed", Trouble.TLS),
        (b"[UNAVAILABLE] Temporary authentication failure", Trouble.BUSY),
        (b"[AUTHENTICATIONFAILED] No", Trouble.SIGN_IN),
    ],
)
def test_what_is_refused_for_now_or_in_the_clear_is_no_wrong_password(said: bytes, trouble: Trouble) -> None:
    assert refused(Trouble.SIGN_IN, said).trouble == trouble
