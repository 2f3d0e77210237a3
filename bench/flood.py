"""A flood of letters, half of one sender, and a desk of somebody else that answers ours, under readers (R-13).

The flood lies in two mailboxes of a real Dovecot, where the machine has one, and is fetched as fast as IMAP gives; else
it comes by SMTP. All must be kept at five letters a second or more, pages answer, no process grows without end, whoever
else writes meanwhile is served within two minutes, and two desks that answer each other stop within three letters.
`python -m bench flood [--letters N]`
"""

from __future__ import annotations

import argparse
import os
import pwd
import signal
import smtplib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import psutil
import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine, func, insert, select

from app.models.engine import make_engine
from app.models.tables import journal, mail_connection, mailbox, outbox
from app.sealed import seal
from bench.desks import CUSTOMER, PATIENCE, RUN, Desk, environment, free_port, wait_for
from bench.letters import letters
from bench.measure import Figure, report
from bench.outages import Load, Relay
from tests.mail import dovecot
from tests.mail.certificates import certificate_for

OTHER_DESK, FLOODER = "desk@inny.example", "automat@zalew.example"
BOXES = {"targit": "pomoctargit@pomoc.example", "dynamics": "pomocdynamics@pomoc.example"}
FEWEST_A_SECOND, SLOWEST_PAGE, MOST_MIB, LONGEST_WAIT, MOST_IN_A_LOOP = 5, 1.0, 400, 120.0, 3
LONGEST = 3600.0


class Echo(Relay):
    """A relay behind which another desk answers each of our letters by a new one."""

    def __init__(self, intake: int) -> None:
        super().__init__()
        self.intake, self.answered, self.numbers = intake, 0, count(1)

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802 aiosmtpd's name
        if OTHER_DESK in envelope.rcpt_tos:
            self.answered += 1
            threading.Thread(target=self.answer).start()
        return await super().handle_DATA(server, session, envelope)

    def answer(self) -> None:
        number = next(self.numbers)
        letter = EmailMessage()
        letter["From"], letter["To"] = OTHER_DESK, "PomocTARGIT@pomoc.example"
        letter["Subject"], letter["Message-ID"] = f"[Sprawa {number}] przyjęta", f"<sprawa-{number}@inny.example>"
        letter.set_content(f"Przyjęliśmy sprawę {number}.")
        with smtplib.SMTP("127.0.0.1", self.intake, timeout=60) as server:
            server.send_message(letter)


def main(argv: Sequence[str] = ()) -> int:
    """Run the stack, flood it, look and print; 0 when every bar holds."""
    parser = argparse.ArgumentParser(prog="python -m bench flood", description=__doc__)
    parser.add_argument("--letters", type=int, default=1000, help="how many, half of them of one sender (default 1000)")
    wanted = parser.parse_args(argv)
    port, intake, smtp = (free_port() for _ in range(3))
    relay = Echo(intake)
    listener = Controller(relay, hostname="127.0.0.1", port=smtp)
    listener.start()
    with tempfile.TemporaryDirectory(prefix="bilety-bench-") as folder, ExitStack() as stack:
        made = Desk(Path(folder) / "desk", 0)
        more = {
            **{"BILETY_PORT": str(port), "BILETY_INTAKE_PORT": str(intake), "BILETY_DEMO": "1"},
            **{"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(smtp)},
        }
        process = subprocess.Popen([sys.executable, RUN], env=environment(made, **more), stdout=subprocess.DEVNULL)
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", 3 * PATIENCE)
            flood = Flood(made, Load(f"http://127.0.0.1:{port}", intake, made.password(CUSTOMER)), process.pid)
            flood.wait_until_done()
            way = flood.pour(wanted.letters, Path(folder), stack)
            return flood.watch(wanted.letters, way, relay)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
            listener.stop()


class Flood:
    """A running desk, and what pours in."""

    def __init__(self, made: Desk, load: Load, pid: int) -> None:
        self.made, self.load, self.stack = made, load, psutil.Process(pid)
        self.engine: Engine = make_engine(made.settings.database_url)
        self.heaviest = 0.0

    def pour(self, number: int, folder: Path, stack: ExitStack) -> str:
        """The letters lie in Dovecot before the desk is told of it, or are sent; which of both."""
        raws = list(_letters(number))
        try:
            (folder / "dovecot").mkdir()
            pair = certificate_for("localhost")
            server = stack.enter_context(dovecot.running(folder / "dovecot", *pair))
        except pytest.skip.Exception as missing:
            threading.Thread(target=self._send, args=(raws,)).start()
            return f"SMTP ({missing.msg})"
        for name in BOXES:
            _fill(folder / "dovecot" / "mail" / name / "new", (raw for box, raw in raws if box == name))
        key = self.made.settings.secret_key
        with self.engine.begin() as connection:
            boxes = {row.address: row.id for row in connection.execute(select(mailbox.c.address, mailbox.c.id))}
            account = {"direction": "in", "way": "imap", "host": "127.0.0.1", "port": server.imap, "security": "none"}
            for name, address in BOXES.items():
                more = {"username": name, "secret": seal(dovecot.PASSWORD, key), "takes_old": True}
                connection.execute(insert(mail_connection).values(mailbox_id=boxes[address], **account, **more))
        return "IMAP of a real Dovecot"

    def _send(self, raws: Sequence[tuple[str, bytes]]) -> None:
        with smtplib.SMTP("127.0.0.1", self.load.intake, timeout=300) as server:
            for box, raw in raws:
                server.sendmail(FLOODER if box == "targit" else "x@y.example", [BOXES[box]], raw)

    def watch(self, number: int, way: str, relay: Echo) -> int:
        """Until all is done, with readers and other customers; what came of it."""
        begin = time.monotonic()
        relay.answer()
        with self.load.running(), self._weighed():
            while self._kept() < number and time.monotonic() - begin < LONGEST:
                time.sleep(0.5)
            kept = time.monotonic() - begin
            self.wait_until_done(floods=True)
            done = time.monotonic() - begin
        self.wait_until_done()
        seconds, waits = sorted(self.load.seconds), self._waits()
        unanswered = [letter.sender for letter in self.load.sent if not relay.acknowledged[letter.sender]]
        for line in (*self.load.failed, *self.load.refused):
            print(line, file=sys.stderr)
        ended = self._ended()
        return report(
            f"{number} letters by {way}, half of one sender: " + ", ".join(f"{n} {end}" for end, n in ended.items()),
            Figure("letters that ended nowhere", number - self._kept(), at_most=0),
            Figure("kept in the journal", number / kept, "/s"),
            Figure("worked off, with all that follows", number / done, "/s", at_least=FEWEST_A_SECOND),
            Figure("pages asked for meanwhile", len(seconds)),
            Figure("pages that failed", len(self.load.failed), at_most=0),
            Figure("slowest page of 95 in 100", seconds[int(len(seconds) * 0.95)], "s", at_most=SLOWEST_PAGE),
            Figure("largest process", self.heaviest, "MiB", at_most=MOST_MIB),
            Figure("letters of others meanwhile", len(self.load.sent)),
            Figure("  that waited longest for their ticket", max(waits), "s", at_most=LONGEST_WAIT),
            Figure("  not acknowledged", len(unanswered), at_most=0),
            Figure("letters to a desk that answers each one", relay.answered, at_most=MOST_IN_A_LOOP),
        )

    def wait_until_done(self, *, floods: bool = False) -> None:
        """Until no letter waits and nothing is owed; while others write, until a few are left."""
        end = time.monotonic() + LONGEST
        while self._owed() > (5 if floods else 0) and time.monotonic() < end:
            time.sleep(0.5)

    def _owed(self) -> int:
        waiting = select(func.count()).where(journal.c.outcome == "waiting")
        with self.engine.connect() as connection:
            return int(connection.scalar(waiting) or 0) + int(connection.scalar(select(func.count(outbox.c.id))) or 0)

    def _kept(self) -> int:
        flood = select(func.count()).where(journal.c.envelope_from.in_([FLOODER, "x@y.example"]))
        with self.engine.connect() as connection:
            return int(connection.scalar(flood) or 0)

    def _ended(self) -> dict[str, int]:
        with self.engine.connect() as connection:
            rows = connection.execute(
                select(journal.c.outcome, func.count())
                .where(journal.c.envelope_from.in_([FLOODER, "x@y.example"]))
                .group_by(journal.c.outcome)
            )
            return {str(outcome): int(number) for outcome, number in rows}

    def _waits(self) -> list[float]:
        """How long each letter of somebody else waited until it was settled."""
        with self.engine.connect() as connection:
            rows = connection.execute(
                select(journal.c.arrived_at, journal.c.settled_at).where(
                    journal.c.envelope_from.in_([letter.sender for letter in self.load.sent])
                )
            ).all()
        return [(row.settled_at - row.arrived_at).total_seconds() if row.settled_at else LONGEST for row in rows]

    @contextmanager
    def _weighed(self) -> Iterator[None]:
        """The heaviest process meanwhile, by its resident memory."""
        stopping = threading.Event()

        def weigh() -> None:
            while not stopping.wait(1):
                for process in self.stack.children(recursive=True):
                    try:
                        self.heaviest = max(self.heaviest, process.memory_info().rss / 2**20)
                    except psutil.NoSuchProcess:
                        continue

        thread = threading.Thread(target=weigh)
        thread.start()
        try:
            yield
        finally:
            stopping.set()
            thread.join()


def _letters(number: int) -> Iterator[tuple[str, bytes]]:
    """Half of many people, mixed; half of one, some of them large. As the last server left them."""
    random = Random(13)
    for place, (_sender, _address, raw) in enumerate(letters(number)):
        if place % 2:
            head = f"Return-Path: <x@y.example>\r\nDelivered-To: {BOXES['dynamics']}\r\n".encode()
            yield "dynamics", head + raw
            continue
        one = EmailMessage()
        one["From"], one["To"], one["Subject"] = FLOODER, BOXES["targit"], f"Alarm {chr(97 + random.randrange(26))}"
        one["Message-ID"] = f"<alarm-{place}@zalew.example>"
        one.set_content(f"Czujnik {place} nie odpowiada.\n" * random.choice((1, 1, 1, 1000)))
        head = f"Return-Path: <{FLOODER}>\r\nDelivered-To: {BOXES['targit']}\r\n".encode()
        yield "targit", head + one.as_bytes()


def _fill(box: Path, raws: Iterator[bytes]) -> None:
    """Files of a Maildir, as a server puts them there."""
    owner = pwd.getpwnam("mail")
    for folder in (box.parent, box, box.parent / "cur", box.parent / "tmp"):
        folder.mkdir(parents=True, exist_ok=True)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    for number, raw in enumerate(raws):
        file = box / f"{1_700_000_000 + number}.{number}.bench"
        file.write_bytes(raw.replace(b"\r\n", b"\n"))
        os.chown(file, owner.pw_uid, owner.pw_gid)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
