"""Letters are fetched by IMAP from a real Dovecot, each once, whatever happens in between."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert, select, update

import config
from app.files.store import FileStore
from app.mail import collect
from app.mail.check import check
from app.mail.collect import Collector, Overtaken, Reader
from app.mail.receive import Receiver
from app.mail.trouble import Trouble, Troubled
from app.mail.ways import Account, open_way
from app.models.tables import journal, mail_connection, mailbox
from app.sealed import seal
from tests.mail import microsoft
from tests.mail.certificates import certificate_for
from tests.mail.dovecot import PASSWORD, Dovecot, running
from tests.mail.letters import letter

ADDRESS = "pomoctargit@pomoc.example"
PROCESSED = "Zażółć"


@pytest.fixture(scope="module")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    with running(tmp_path_factory.mktemp("dovecot"), *certificate_for("imap.pomoc.example")) as server:
        yield server


@pytest.fixture
def server(dovecot: Dovecot) -> Dovecot:
    """With empty mailboxes."""
    for name in ("targit", "dynamics"):
        with dovecot.signed_in(name) as client:
            for _flags, _mark, folder in client.list_folders():
                if folder != "INBOX":
                    client.delete_folder(folder)
            client.select_folder("INBOX")
            client.delete_messages(client.search("ALL"))
            client.expunge()
    return dovecot


@pytest.fixture
def add(receiver: Receiver, settings: config.Settings, server: Dovecot) -> Callable[..., Account]:
    """Write down how a mailbox is reached."""

    def add(address: str = ADDRESS, **values: Any) -> Account:
        row = {
            "direction": "in", "way": "imap", "host": "127.0.0.1", "port": server.imap, "security": "none",
            "username": "targit", "secret": seal(PASSWORD, settings.secret_key), "takes_old": True, **values,
        }  # fmt: skip
        with receiver.engine.begin() as connection:
            row["mailbox_id"] = connection.scalar(select(mailbox.c.id).where(mailbox.c.address == address))
            connection.execute(insert(mail_connection).values(**row))
        return next(each for each in Collector(receiver, settings)._accounts() if each.address == address)

    return add


@pytest.fixture
def read(receiver: Receiver, settings: config.Settings) -> Callable[[Account], int]:
    """Read what is new, once, as a process that was just started."""

    def read(account: Account) -> int:
        way = open_way(account, settings.secret_key)
        try:
            return Reader(account, receiver, settings).read_once(way)
        finally:
            way.close()

    return read


def numbered(*numbers: int, **headers: str) -> list[bytes]:
    return [letter(subject=f"Raport {n}", message_id=f"<{n}@klient.example>", **headers) for n in numbers]


def rows(receiver: Receiver) -> list[SimpleNamespace]:
    with receiver.engine.connect() as connection:
        return [SimpleNamespace(**row._mapping) for row in connection.execute(select(journal).order_by(journal.c.id))]


def kept(receiver: Receiver, settings: config.Settings) -> list[str]:
    """The subjects in the journal, in order."""
    files = FileStore(settings.data / "files")
    return [line.partition(b": ")[2].decode() for row in rows(receiver) for line in files.get(row.sha256).splitlines()
            if line.startswith(b"Subject")]  # fmt: skip


def state(receiver: Receiver, account: Account) -> SimpleNamespace:
    with receiver.engine.connect() as connection:
        found = connection.execute(select(mail_connection).where(mail_connection.c.id == account.id)).one()
        return SimpleNamespace(**found._mapping)


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_letters_are_taken_once_and_flags_are_left_alone(add, read, receiver, settings, server) -> None:
    account = add()
    server.put("targit", *numbered(1, 2))
    with server.signed_in("targit") as client:  # somebody has read one in his own program
        client.select_folder("INBOX")
        client.add_flags(client.search("ALL")[:1], b"\\Seen")
    assert read(account) == 2
    server.put("targit", *numbered(3))
    assert [read(account), read(account)] == [1, 0]
    assert kept(receiver, settings) == ["Raport 1", "Raport 2", "Raport 3"]
    with server.signed_in("targit") as client:
        client.select_folder("INBOX", readonly=True)
        assert client.search(["UNSEEN"]) == client.search("ALL")[1:]


def test_at_first_only_what_comes_from_now_on_is_taken(add, read, receiver, settings, server) -> None:
    server.put("targit", *numbered(1, 2))
    account = add(takes_old=False, move_to=PROCESSED)
    assert read(account) == 0
    server.put("targit", *numbered(3))
    assert read(account) == 1
    assert kept(receiver, settings) == ["Raport 3"]
    assert server.subjects("targit") == ["Raport 1", "Raport 2"]


def test_kept_letters_go_to_the_other_folder_also_after_a_crash(add, read, receiver, settings, server, monkeypatch):
    account = add(move_to=PROCESSED)
    server.put("targit", *numbered(1, 2, 3))
    monkeypatch.setattr("app.mail.imap.Imap.tidy", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):  # the process ends between commit and move
        read(account)
    monkeypatch.undo()
    assert read(account) == 0
    assert kept(receiver, settings) == ["Raport 1", "Raport 2", "Raport 3"]
    assert (server.subjects("targit"), sorted(server.subjects("targit", PROCESSED))) == (
        [],
        ["Raport 1", "Raport 2", "Raport 3"],
    )


def test_a_folder_that_does_not_take_them_loses_no_letter(add, read, receiver, settings, server) -> None:
    account = add(move_to="nie/wolno")
    server.put("targit", *numbered(1, 2))
    for _again in range(2):
        with pytest.raises(Troubled) as troubled:
            read(account)
        assert troubled.value.trouble == Trouble.MOVE
    assert kept(receiver, settings) == ["Raport 1", "Raport 2"]
    reader = Reader(account, receiver, settings)
    reader.start()
    try:
        until(lambda: state(receiver, account).trouble == Trouble.MOVE)
        server.put("targit", *numbered(3))
        until(lambda: len(rows(receiver)) == 3, 4.0)  # less than the rest after a failure: the connection stays
    finally:
        reader.stopping.set()
        reader.join()


def test_a_crash_before_the_commit_loses_nothing(add, read, receiver, settings, server, monkeypatch) -> None:
    account = add()
    server.put("targit", *numbered(1, 2))
    monkeypatch.setattr(Receiver, "keep_fetched", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(Troubled) as troubled:
        read(account)
    assert troubled.value.trouble == Trouble.KEEPING
    assert rows(receiver) == []
    monkeypatch.undo()
    assert read(account) == 2


def test_a_folder_that_was_numbered_anew_doubles_nothing(add, read, receiver, settings, server) -> None:
    """R-07: 30 letters taken, the folder is made anew with UIDs from 1, and 10 more are in it."""
    with server.signed_in("targit") as client:
        client.create_folder("Bilety")
    server.put("targit", *numbered(*range(30)), folder="Bilety")
    account = add(folder="Bilety", move_to="")
    assert read(account) == 30
    before = state(receiver, account).cursor
    with server.signed_in("targit") as client:
        client.delete_folder("Bilety")
        client.create_folder("Bilety")
    server.put("targit", *numbered(*range(40)), folder="Bilety")
    assert read(account) == 10
    assert before.partition(":")[0] != state(receiver, account).cursor.partition(":")[0]
    assert len(set(kept(receiver, settings))) == len(rows(receiver)) == 40


def test_letters_from_before_the_beginning_stay_out_when_the_folder_is_numbered_anew(
    add, read, receiver, settings, server
) -> None:
    account = add(takes_old=False)
    read(account)
    with server.signed_in("targit") as client:
        client.append("INBOX", numbered(1)[0], msg_time=collect.utc_now().replace(year=2020))
        client.append("INBOX", numbered(2)[0])
    with receiver.engine.begin() as connection:
        connection.execute(update(mail_connection).values(cursor="1:99:0:0"))
    assert read(account) == 1
    assert kept(receiver, settings) == ["Raport 2"]


def test_what_another_program_removes_meanwhile_is_passed_over(add, read, receiver, settings, server, monkeypatch):
    account = add()
    server.put("targit", *numbered(1, 2, 3))
    original = collect.Reader._keep

    def keep(self: Reader, found: Any, *rest: Any, **more: Any) -> bool:
        if found is not None and not rows(receiver):
            with server.signed_in("targit") as client:
                client.select_folder("INBOX")
                client.delete_messages(client.search("ALL")[1:2])
                client.expunge()
        return original(self, found, *rest, **more)

    monkeypatch.setattr(collect.Reader, "_keep", keep)
    assert read(account) == 2
    assert kept(receiver, settings) == ["Raport 1", "Raport 3"]


def test_of_a_letter_over_the_limit_the_beginning_is_kept(add, read, receiver, settings, server) -> None:
    account = replace(add(), limit=500)
    server.put("targit", letter(subject="Raport 1", text="x" * 5000), *numbered(2))
    assert read(account) == 2
    assert next((row.outcome, row.reason, row.size) for row in rows(receiver)) == ("waiting", "too_large", 500)
    assert rows(receiver)[1].reason is None


def test_a_reader_of_old_settings_writes_nothing_over_new_ones(
    add, receiver, settings, server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are changed, and the reading begins anew, while the old reader is in the middle of it."""
    account = add(trouble="reach")
    server.put("targit", *numbered(1, 2))
    reader, way = Reader(account, receiver, settings), open_way(account, settings.secret_key)
    original = Receiver.keep_fetched

    def keep(*rest: Any, **more: Any) -> bool:
        taken = original(*rest, **more)
        change = {"cursor": None, "began_at": None, "revision": account.revision + 1, "folder": "Inny"}
        rest[1].execute(update(mail_connection).values(**change))  # commits with the first letter
        return taken

    monkeypatch.setattr(Receiver, "keep_fetched", keep)
    with pytest.raises(Overtaken):
        reader.read_once(way)
    reader._note(read_at=None, trouble="folder")
    with pytest.raises(Overtaken):
        reader.read_once(way)
    way.close()
    found = state(receiver, account)
    assert (found.cursor, found.began_at, found.trouble) == (None, None, "reach")
    assert kept(receiver, settings) == ["Raport 1"]


def test_the_envelope_is_what_the_last_server_wrote(add, read, receiver, server) -> None:
    marked = "PomocTARGIT+t1001.abcdefgh@pomoc.example"
    account = add()
    server.put(
        "targit",
        b"Return-Path: <anna@klient.example>\r\nDelivered-To: " + marked.encode() + b"\r\n" + letter(),
        b"Return-Path: <>\r\n" + letter(to=f"Ktos <inny@klient.example>, Pomoc <{marked}>"),
        letter(to="tajne@klient.example"),
    )
    read(account)
    assert [(row.recipient, row.envelope_from, row.transport, row.peer) for row in rows(receiver)] == [
        (marked, "anna@klient.example", "imap", "127.0.0.1"),
        (marked, "", "imap", "127.0.0.1"),
        (ADDRESS, None, "imap", "127.0.0.1"),
    ]


def test_two_processes_on_one_mailbox_keep_each_letter_once(add, settings, receiver, server) -> None:
    account = add(takes_old=False)
    first, second = (Reader(account, receiver, settings) for _ in range(2))
    one, other = (open_way(account, settings.secret_key) for _ in range(2))
    first.read_once(one)
    server.put("targit", *numbered(*range(8)))
    position, since = second._position()
    waiting = iter(other.letters(position, since))
    found = next(waiting)
    first.read_once(one)
    with pytest.raises(Overtaken):
        second._keep(found, position, found.cursor)
    assert second.read_once(other) == 0
    assert len(rows(receiver)) == 8
    one.close()
    other.close()


def test_each_mailbox_has_its_thread_and_a_dead_one_delays_no_other(add, receiver, settings, server, monkeypatch):
    """IDLE wakes the reader; the state of each is written down; a changed setting is followed."""
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and never says a word
        dead = add("pomocdynamics@pomoc.example", username="dynamics", port=silent.getsockname()[1])
        account = add(username="targit")
        monkeypatch.setattr(collect, "LOOK_SECONDS", 0.1)
        stop = collect.start(settings)
        try:
            until(lambda: state(receiver, account).read_at)
            begun = time.monotonic()
            server.put("targit", *numbered(1))
            until(lambda: len(rows(receiver)) == 1)
            assert time.monotonic() - begun < 10  # far below POLL_SECONDS: IDLE told
            assert state(receiver, dead).read_at is None
            with receiver.engine.begin() as connection:
                wrong = update(mail_connection).where(mail_connection.c.id == account.id)
                connection.execute(wrong.values(secret=seal("wrong", settings.secret_key)))
            until(lambda: state(receiver, account).trouble == Trouble.SIGN_IN)
            assert PASSWORD not in state(receiver, account).said
        finally:
            stop()


@pytest.mark.parametrize(
    ("wrong", "trouble"),
    [
        ({"host": "nie.ma.example"}, Trouble.NAME),
        ({"port": 1}, Trouble.REACH),
        ({"security": "tls"}, Trouble.TLS),
        ({"security": "starttls"}, Trouble.CERTIFICATE),
        ({"username": "nikt"}, Trouble.SIGN_IN),
        ({"secret": None}, Trouble.SIGN_IN),
        ({"secret": "not sealed by us"}, Trouble.SECRET),
        ({"folder": "Nie ma"}, Trouble.FOLDER),
    ],
)
def test_every_failure_has_its_name(add, settings, wrong: dict[str, Any], trouble: Trouble) -> None:
    account = replace(add(), **wrong)
    with pytest.raises(Troubled) as troubled:
        open_way(account, settings.secret_key)
    assert troubled.value.trouble == trouble


def test_a_connection_cut_anywhere_loses_and_doubles_nothing(add, read, receiver, settings, server) -> None:
    """R-06: from the greeting to the last byte of the last letter, each time a little later."""
    account = add(move_to=PROCESSED)
    server.put("targit", *numbered(*range(7)))
    cuts = 0
    for allowed in (*range(0, 6_000, 250), 10**9):
        with cut_after(allowed, server.imap) as port, suppress(Troubled):
            cuts += 1
            read(replace(account, port=port))
            cuts -= 1
    assert cuts > 10
    assert sorted(kept(receiver, settings)) == [f"Raport {number}" for number in range(7)]
    assert (server.subjects("targit"), len(server.subjects("targit", PROCESSED))) == ([], 7)


@contextmanager
def cut_after(allowed: int, port: int) -> Iterator[int]:
    """A way to that port on which the server may say so many bytes, and no more."""

    def pump(source: socket.socket, target: socket.socket, left: int) -> None:
        with suppress(OSError):
            while left > 0 and (some := source.recv(min(left, 65_536))):
                target.sendall(some)
                left -= len(some)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)

        def serve() -> None:
            with suppress(OSError):
                client, _address = listening.accept()
                with client, socket.create_connection(("127.0.0.1", port)) as behind:
                    back = threading.Thread(target=pump, args=(behind, client, allowed))
                    back.start()
                    pump(client, behind, 10**9)
                    back.join()

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(10)


def test_by_pop3_letters_are_taken_once_and_stay(add, read, receiver, settings, server, monkeypatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.folder / "certificate.pem"))
    account = add(way="pop3", port=server.pop3, security="starttls", takes_old=False)
    server.put("targit", *numbered(1))
    assert read(account) == 0
    long = letter(subject="Raport 2") + b"x" * 5_000 + b"\r\n"
    server.put("targit", long, *numbered(3))
    original = Receiver.keep_fetched
    monkeypatch.setattr(
        Receiver, "keep_fetched", lambda *rest, **more: original(*rest, **more) if not rows(receiver) else 1 / 0
    )
    with pytest.raises(ZeroDivisionError):  # the process ends after the first of two
        read(account)
    monkeypatch.setattr(Receiver, "keep_fetched", original)
    assert kept(receiver, settings) == ["Raport 2"]
    server.put("targit", letter(subject="Raport 4", text="line\n" * 5_000))
    assert [read(replace(account, limit=20_000)), read(account)] == [2, 0]
    assert kept(receiver, settings) == ["Raport 2", "Raport 3", "Raport 4"]
    assert [row.reason for row in rows(receiver)] == [None, None, "too_large"]
    assert server.subjects("targit") == ["Raport 1", "Raport 2", "Raport 3", "Raport 4"]
    for wrong, step in (({"secret": None}, "sign_in"), ({"port": 1}, "reach"), ({"security": "tls"}, "tls"), ({}, "")):
        failed = [each.step for each in check(replace(account, **wrong), settings.secret_key) if each.trouble]
        assert failed == ([step] if step else [])


def test_a_token_of_microsoft_365_opens_the_mailbox_and_no_other(
    add, read, settings, server, receiver, tmp_path: Path, monkeypatch
) -> None:
    with microsoft.running(tmp_path, *certificate_for("localhost")) as tenant:
        monkeypatch.setenv("SSL_CERT_FILE", str(tenant.certificate))
        account = add(
            signs_in="oauth",
            authority=tenant.authority,
            client_id=microsoft.CLIENT,
            secret=seal(microsoft.CLIENT_SECRET, settings.secret_key),
        )
        server.put("targit", *numbered(1))
        assert read(account) == 1
        for wrong in (replace(account, username="dynamics"), replace(account, secret=None)):
            with pytest.raises(Troubled) as troubled:
                read(wrong)
            assert troubled.value.trouble in (Trouble.SIGN_IN, Trouble.CLIENT)
        tenant.fault = "expired"
        with pytest.raises(Troubled, match="expired"):
            read(account)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_the_machine_trusts_is_taken(add, read, server, receiver, monkeypatch, security) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.folder / "certificate.pem"))
    port = server.imaps if security == "tls" else server.imap
    server.put("targit", *numbered(1))
    assert read(add(port=port, security=security)) == 1
