"""Valkey goes away, forgets, is full or asleep, and workers are killed, while letters and readers keep coming.

The whole stack runs as in production, with a relay that counts what it is given. Whatever happens the pages answer, no
letter is lost, and each is acknowledged once; a killed worker's jobs run again within a minute (R-02 and R-03).
`python -m bench outages [--away SECONDS] [--kills N] [--waiting N]`
"""

from __future__ import annotations

import argparse
import signal
import smtplib
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from http.client import HTTPException
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import psutil
from aiosmtpd.controller import Controller
from redis import Redis
from sqlalchemy import Engine, func, select

from app.models.engine import make_engine
from app.models.tables import journal, outbox
from app.supervisor import valkey
from bench.browser import Browser
from bench.desks import CUSTOMER, PATIENCE, RUN, Desk, environment, free_port, wait_for
from bench.letters import Lone, lone_letter
from bench.measure import Figure, report

SLOWEST_PAGE, LONGEST_RECOVERY, LONGEST_AFTER_KILL = 2.0, 300.0, 60.0
PAGES = ("/", "/tickets/", "/tickets/1001", "/search?q=faktura", "/articles/")
PAUSE, LETTER_EVERY = 0.5, 1.0  # two pages and one letter a second


class Relay:
    """An SMTP server that counts the letters that it is given, by Message-ID and by reader."""

    def __init__(self) -> None:
        self.copies: Counter[str] = Counter()
        self.acknowledged: Counter[str] = Counter()

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 aiosmtpd's name
        letter = message_from_bytes(envelope.content)
        self.copies[str(letter["Message-ID"])] += 1
        if letter["Auto-Submitted"] == "auto-replied":
            self.acknowledged[envelope.rcpt_tos[0]] += 1
        return "250 OK"


@dataclass
class Load:
    """Readers and letters, until it is told to stop; what came of the pages."""

    address: str
    intake: int
    password: str
    stopping: threading.Event = field(default_factory=threading.Event)
    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    sent: list[Lone] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)

    def send(self, number: int = 1) -> None:
        """Letters by SMTP, each of a sender of its own; a letter that was not taken counts as refused."""
        for _ in range(number):
            letter = lone_letter(next(self.numbers))
            try:
                with smtplib.SMTP("127.0.0.1", self.intake, timeout=30) as server:
                    server.sendmail(letter.sender, [letter.mailbox], letter.raw)
                self.sent.append(letter)
            except (OSError, smtplib.SMTPException) as error:
                self.refused.append(str(error))

    @contextmanager
    def running(self) -> Iterator[None]:
        threads = [threading.Thread(target=work) for work in (self._read, self._write)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stopping.set()
            for thread in threads:
                thread.join()

    def _write(self) -> None:
        while not self.stopping.wait(LETTER_EVERY):
            self.send()

    def _read(self) -> None:
        browser = Browser(self.address)
        browser.sign_in(CUSTOMER, self.password)
        turn = 0
        while not self.stopping.wait(PAUSE):
            turn += 1
            begin = time.monotonic()
            try:
                if turn % 10:
                    browser.get(PAGES[turn % len(PAGES)])
                else:
                    browser.submit("/tickets/1001", {"text": f"Odpowiedź {turn}"})
            except (RuntimeError, OSError, HTTPException, StopIteration) as error:
                self.failed.append(f"{PAGES[turn % len(PAGES)]}: {error!r}"[:200])
            self.seconds.append(time.monotonic() - begin)


class Outages:
    """A running desk, and what is done to it."""

    def __init__(
        self, made: Desk, redis_port: int, load: Load, stack: psutil.Process, first: subprocess.Popen[bytes]
    ) -> None:
        self.made, self.redis_port, self.load, self.stack, self.valkey = made, redis_port, load, stack, first
        self.random = Random(1)
        self.engine: Engine = make_engine(made.settings.database_url)

    @staticmethod
    def start_valkey(made: Desk, port: int) -> subprocess.Popen[bytes]:
        given = [valkey.binary(), "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--loglevel", "warning"]
        return subprocess.Popen([*given, "--dir", str(made.folder)], stdout=subprocess.DEVNULL)

    def gone(self, seconds: float) -> None:
        """It is killed, and another begins with nothing."""
        self.valkey.kill()
        self.valkey.wait()
        time.sleep(seconds)
        self.valkey = self.start_valkey(self.made, self.redis_port)

    def asleep(self, seconds: float) -> None:
        """It takes connections and answers nothing."""
        self.valkey.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.valkey.send_signal(signal.SIGCONT)

    def full(self, seconds: float) -> None:
        """It refuses every write."""
        redis = Redis(port=self.redis_port)
        redis.config_set("maxmemory", "1")
        time.sleep(seconds)
        redis.config_set("maxmemory", "0")

    def forgetful(self, waiting: int) -> None:
        """It forgets everything while that many letters wait for the workers."""
        workers = self._suspended()
        self.load.send(waiting)
        Redis(port=self.redis_port).flushall()
        for worker in workers:
            worker.resume()

    def _suspended(self) -> list[psutil.Process]:
        """The workers, halted where none holds SQLite's write lock: nobody else could write until it goes on."""
        while True:
            workers = self.workers()
            for worker in workers:
                worker.suspend()
            try:
                with closing(sqlite3.connect(self.made.settings.data / "bilety.db", timeout=0.2)) as other:
                    other.execute("BEGIN IMMEDIATE")
                return workers
            except sqlite3.OperationalError:
                for worker in workers:
                    worker.resume()
                time.sleep(0.05)

    def kill(self, number: int) -> float:
        """A worker dies with work in hand, each in turn, now and then its parent; seconds until nothing is owed."""
        self.load.send(3)
        time.sleep(self.random.uniform(0, 1.5))
        workers = self.workers()
        victim = workers[number % len(workers)]
        (victim.parent() if number % 5 == 4 else victim).kill()
        begin = time.monotonic()
        self.wait_until_done(2 * LONGEST_AFTER_KILL)
        return time.monotonic() - begin

    def workers(self) -> list[psutil.Process]:
        """The forks that have no forks of their own; the web server has."""
        while True:
            with suppress(psutil.NoSuchProcess):  # One that was killed may go while it is looked at.
                serving = [p for p in self.stack.children() if "serve" in p.cmdline()]
                forks = [fork for parent in serving for fork in parent.children()]
                if len(forks) == 3 and any(fork.children() for fork in forks):
                    return [fork for fork in forks if not fork.children()]
            time.sleep(0.1)

    def wait_until_done(self, patience: float) -> float:
        """Until no letter waits and nothing is owed, or patience ends; the seconds that it took."""
        begin = time.monotonic()
        while self.owed() and time.monotonic() - begin < patience:
            time.sleep(0.2)
        return time.monotonic() - begin

    def owed(self) -> int:
        waiting = select(func.count()).where(journal.c.outcome == "waiting")
        with self.engine.connect() as connection:
            return int(connection.scalar(waiting) or 0) + int(connection.scalar(select(func.count(outbox.c.id))) or 0)

    def wrong(self) -> Iterator[str]:
        """What was lost or doubled, as seen from outside."""
        from app.models.all import Message

        with self.engine.connect() as connection:
            kept = Counter(connection.scalars(select(Message.message_id).where(Message.message_id.like("%lone-%"))))
        for letter in self.load.sent:
            if (found := kept[letter.message_id] + kept[f"<{letter.message_id}>"]) != 1:
                yield f"{letter.message_id} became {found} messages"


def main(argv: Sequence[str] = ()) -> int:
    """Run the stack, make trouble, look and print; 0 when every bar holds."""
    parser = argparse.ArgumentParser(prog="python -m bench outages", description=__doc__)
    parser.add_argument("--away", type=float, default=30, help="seconds of each trouble of Valkey (default 30)")
    parser.add_argument("--kills", type=int, default=10, help="how many workers are killed (default 10)")
    parser.add_argument("--waiting", type=int, default=100, help="letters that wait when Valkey forgets (default 100)")
    wanted = parser.parse_args(argv)
    relay = Relay()
    port, intake, redis, smtp = (free_port() for _ in range(4))
    listener = Controller(relay, hostname="127.0.0.1", port=smtp)
    listener.start()
    with tempfile.TemporaryDirectory(prefix="bilety-bench-") as folder:
        made = Desk(Path(folder), 0)
        more = {
            **{"BILETY_PORT": str(port), "BILETY_INTAKE_PORT": str(intake), "BILETY_DEMO": "1"},
            **{"REDIS_URL": f"redis://127.0.0.1:{redis}/0", "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(smtp)},
        }
        first = Outages.start_valkey(made, redis)
        stack = subprocess.Popen([sys.executable, RUN], env=environment(made, **more), stdout=subprocess.DEVNULL)
        outages = None
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", 3 * PATIENCE)
            load = Load(f"http://127.0.0.1:{port}", intake, made.password(CUSTOMER))
            outages = Outages(made, redis, load, psutil.Process(stack.pid), first)
            return _trouble(outages, relay, wanted)
        finally:
            stack.send_signal(signal.SIGINT)
            stack.wait(60)
            (outages.valkey if outages else first).kill()
            listener.stop()


def _trouble(outages: Outages, relay: Relay, wanted: argparse.Namespace) -> int:
    outages.wait_until_done(LONGEST_RECOVERY)  # the demo's own letters
    recovered: dict[str, float] = {}
    with outages.load.running():
        for trouble in (outages.gone, outages.asleep, outages.full):
            trouble(wanted.away)
            recovered[trouble.__name__] = _until_it_keeps_up(outages)
        outages.forgetful(wanted.waiting)
        recovered["forgetful"] = _until_it_keeps_up(outages)
    outages.wait_until_done(LONGEST_RECOVERY)
    killed = [outages.kill(number) for number in range(wanted.kills)]
    wrong = list(outages.wrong())
    load = outages.load
    for line in (*load.failed, *load.refused, *wrong):
        print(line, file=sys.stderr)
    unanswered = [letter.sender for letter in load.sent if not relay.acknowledged[letter.sender]]
    doubled = sum(copies - 1 for copies in relay.copies.values())
    seconds = sorted(load.seconds)
    return report(
        f"Valkey gone, asleep, full ({wanted.away:g} s each) and forgetful ({wanted.waiting} letters wait), "
        f"{wanted.kills} workers killed",
        Figure("pages asked for", len(seconds)),
        Figure("pages that failed", len(load.failed), at_most=0),
        Figure("slowest page of 95 in 100", seconds[int(len(seconds) * 0.95)], "s", at_most=SLOWEST_PAGE),
        Figure("letters sent", len(load.sent)),
        Figure("letters that were refused", len(load.refused), at_most=0),
        Figure("lost or doubled", len(wrong), at_most=0),
        Figure("not acknowledged", len(unanswered), at_most=0),
        Figure("copies of a letter out with the same Message-ID", doubled, at_most=max(1, wanted.kills // 50)),
        Figure("effects still owed", outages.owed(), at_most=0),
        *(Figure(f"all done after {name}", took, "s", at_most=LONGEST_RECOVERY) for name, took in recovered.items()),
        Figure("longest from a kill until nothing was owed", max(killed, default=0), "s", at_most=LONGEST_AFTER_KILL),
    )


def _until_it_keeps_up(outages: Outages) -> float:
    """Letters keep coming, so a few always wait."""
    begin = time.monotonic()
    while outages.owed() > 5 and time.monotonic() - begin < LONGEST_RECOVERY:
        time.sleep(0.5)
    return time.monotonic() - begin


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
