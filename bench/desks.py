"""Throw-away desks to measure: made once for each size, served as in production."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask
from sqlalchemy import select

import config
from app.access import Right, get_ticket, standing_of
from app.accounts.registration import find_account
from app.demo.bulk import make_tickets
from app.demo.desk import FILE, seed
from app.desk import tickets
from app.desk.content import Contribution
from app.events.transaction import transaction
from app.extensions import db
from app.models.all import Channel, Membership, Organisation, Ticket
from app.supervisor import valkey

ROOT = Path(__file__).resolve().parent.parent
RUN = str(ROOT / "run.py")
CONSULTANT, CUSTOMER = "marta.lis@pomoc.example", "anna.nowak@zielonymlyn.example"
LONG_TALK = 20  # messages of the ticket page that is measured
PATIENCE = 60.0


@dataclass(frozen=True)
class Desk:
    """A desk in a folder of its own; its database is the SQLite there, or that of a URL."""

    folder: Path
    size: int
    database: str = ""

    @property
    def settings(self) -> config.Settings:
        return config.read({"BILETY_DATA": str(self.folder), **self.named_database})

    @property
    def named_database(self) -> dict[str, str]:
        """DATABASE_URL, where it is not the usual one."""
        return {"DATABASE_URL": self.database} if self.database else {}

    @property
    def long_ticket(self) -> int:
        """The number of the ticket with 20 messages."""
        return int((self.folder / "long-ticket").read_text())

    def password(self, email: str) -> str:
        cards = json.loads((self.folder / FILE).read_text())
        return next(str(card["password"]) for card in cards if card["email"] == email)

    def application(self) -> Flask:
        from app import create_app

        return create_app(self.settings)


@contextmanager
def workshop(kept: str | None) -> Iterator[Path]:
    """The folder for the desks: `kept`, whose desks are used again, or one that is removed afterwards."""
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept).absolute()
        return
    folder = Path(tempfile.mkdtemp(prefix="bilety-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def desk(workshop: Path, size: int, *, name: str = "", database: str = "") -> Desk:
    """The desk with that many tickets; made where it is not there yet."""
    made = Desk(workshop / (name or str(size)), size, database)
    if not (made.folder / "long-ticket").exists():
        shutil.rmtree(made.folder, ignore_errors=True)
        made.folder.mkdir(parents=True)
        in_own_process("bench.desks", made)
    else:  # The views may have changed since: bring their permissions up to date.
        subprocess.run([sys.executable, RUN, "init"], env=environment(made), check=True)
    return made


def environment(made: Desk, **more: str) -> dict[str, str]:
    """What the desk's processes are told."""
    return {**os.environ, "BILETY_DATA": str(made.folder), **made.named_database, **more}


def in_own_process(module: str, made: Desk) -> int:
    """Run a module with what names the desk: a process builds one application only (FAB keeps its views for good)."""
    command = [sys.executable, "-m", module, str(made.folder), str(made.size), made.database]
    return subprocess.run(command, cwd=ROOT).returncode


def named(argv: Sequence[str]) -> Desk:
    """The desk that `in_own_process` names."""
    folder, size, *database = argv
    return Desk(Path(folder), int(size), *database)


def _make(made: Desk) -> None:
    from app.setup import init

    app = made.application()
    init(app, preset="cwt")
    seed(app)
    with app.app_context():
        present = len(db.session.scalars(select(Ticket.id)).all())
    make_tickets(app, made.size - present)
    _finish(made, app)


def _finish(made: Desk, app: Flask) -> None:
    with app.app_context():
        with transaction():
            _let_in_the_customer()
        number = _lengthen()
        db.session.remove()
        db.engine.dispose()
    (made.folder / "long-ticket").write_text(str(number))


def _let_in_the_customer() -> None:
    """The measured customer also belongs to the busiest organisation and sees all of its tickets."""
    account = find_account(CUSTOMER)
    organisation = db.session.scalars(select(Organisation).where(Organisation.name == "Firma 0001")).one()
    db.session.add(Membership(account=account, organisation=organisation, sharing="organisation"))


def _lengthen() -> int:
    """The number of a ticket that both the customer and the consultant see, with 20 messages."""
    with transaction():
        customer = find_account(CUSTOMER)
        assert customer is not None
        number = db.session.scalars(select(Ticket.number).where(Ticket.requester == customer)).first()
        assert number is not None
        standing = standing_of(db.session(), customer)
        ticket = get_ticket(db.session(), standing, number, may=Right.WRITE, lock=True)
        for count in range(len(ticket.messages), LONG_TALK):
            words = Contribution(text=f"Wiadomość {count + 1}: nadal sprawdzamy.\n\n" * 3, channel=Channel.PORTAL)
            tickets.customer_reply(ticket, words, by=customer)
        return number


@contextmanager
def served(made: Desk) -> Iterator[str]:
    """The desk's web server with its Valkey, as `make run` starts them; its address."""
    port = free_port()
    valkey.prepare_socket(made.settings)
    processes = [
        subprocess.Popen(valkey.command(made.settings), stdout=subprocess.DEVNULL),
        subprocess.Popen([sys.executable, RUN, "web"], env=environment(made, BILETY_PORT=str(port))),
    ]
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/healthz")
        yield address
    finally:
        stop(processes)


def wait_for(address: str, patience: float = PATIENCE) -> None:
    """Until the page is there. Raises TimeoutError."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"{address} does not answer.")


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in reversed(processes):
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    _make(named(sys.argv[1:]))
