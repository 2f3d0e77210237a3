"""kill -9 while letters come in, are filed, indexed and acknowledged: nothing lost, nothing doubled.

Every run sends letters to one desk through a process that is killed: by chance (--runs), or at each of its crash points
(--each times): just before and just after every commit, flush and rename that it makes. Whoever got no answer sends
again, as SMTP has it, the leases end, and a new process finishes. Then every letter must be one message of one ticket,
acknowledged by one letter, and stand in the search index once. `python -m bench crashes [--runs N] [--each N] [--of N]`
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.engine.default import DefaultDialect

from app.events.wake import QUEUES
from app.jobs.drain import drain_in
from app.mail.receive import Envelope, Receiver
from app.models.engine import make_engine
from app.models.tables import journal, outbox
from app.search.document import Question
from app.search.engine import engine_of
from app.supervisor import valkey
from bench.desks import Desk, in_own_process, named
from bench.letters import Lone, lone_letter
from bench.measure import Figure, report

LETTERS = 3
SLACK = 1.2  # A process that is killed by chance may also have been about to end.


@dataclass
class Point:
    """Where a process is killed: at the nth durable step, before it or after."""

    step: int
    after: bool


@dataclass
class Killer:
    """Counts what becomes durable in this process and ends it there, as a power cut would."""

    point: Point | None = None
    steps: int = 0
    names: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Stand around the three things that make something durable."""
        DefaultDialect.do_commit = self._around("commit", DefaultDialect.do_commit)  # type: ignore[method-assign]
        os.fsync = self._around("fsync", os.fsync)
        Path.replace = self._around("rename", Path.replace)  # type: ignore[method-assign]

    def _around(self, name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def around(*given: Any, **named: Any) -> Any:
            self.steps += 1
            step = self.steps
            self.names.append(name)
            self._end_at(Point(step, after=False))
            answer = act(*given, **named)
            self._end_at(Point(step, after=True))
            return answer

        return around

    def _end_at(self, here: Point) -> None:
        if here == self.point:
            os.kill(os.getpid(), signal.SIGKILL)


def main(argv: Sequence[str] = ()) -> int:
    """Crash, look and print; 0 when nothing was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m bench crashes", description=__doc__)
    parser.add_argument("--runs", type=int, default=30, help="how often a process is killed by chance (default 30)")
    parser.add_argument("--each", type=int, default=1, help="how often at each crash point (default 1)")
    parser.add_argument("--of", type=int, default=1, help="look at one crash point of so many (default 1: at all)")
    wanted = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bilety-bench-") as folder:
        (Path(folder) / "wanted").write_text(json.dumps([wanted.runs, wanted.each, wanted.of]))
        return in_own_process("bench.crashes", Desk(Path(folder), 0))


class Crashes:
    """A desk, and processes forked from this one that are killed while they work for it."""

    def __init__(self, made: Desk, app: Flask) -> None:
        self.settings, self.app = made.settings, app
        self.random, self.sent = Random(1), 0
        self.crashed: Counter[str] = Counter()

    def run(self, end: Callable[[int], None], killer: Killer) -> list[str]:
        """New letters, a process that works until it is ended, another that finishes; what is wrong then."""
        given = [self._letter() for _ in range(LETTERS)]
        taken = self._in_a_process(partial(self._work, given, killer), end)
        with self._database() as engine, engine.begin() as connection:
            past = datetime.now(UTC) - timedelta(hours=1)
            connection.execute(update(journal).values(claimed_until=None))
            connection.execute(update(outbox).values(claimed_until=None, due_at=past))
        again = [letter for letter in given if letter.message_id not in taken]
        self._in_a_process(partial(self._work, again, Killer()), _wait)
        return list(self._wrong(given))

    def steps(self) -> list[str]:
        """The durable steps of a process that nobody ends, by name."""
        return self._in_a_process(partial(self._count, [self._letter() for _ in range(LETTERS)]), _wait)

    def astray(self) -> int:
        """How many tickets more or less than were sent a search for what all of them say finds."""
        return abs(int(self._in_a_process(self._found, _wait)[0]) - self.sent)

    def _found(self, say: Callable[[str], None]) -> None:
        with self.app.app_context():
            say(str(engine_of(self.app).search(Question("raport", None)).count))

    def _letter(self) -> Lone:
        self.sent += 1
        return lone_letter(self.sent)

    def _work(self, given: Sequence[Lone], killer: Killer, say: Callable[[str], None]) -> None:
        """What listener and workers do, in one process: take each letter, say so, then all that is due."""
        killer.watch()
        receiver = Receiver(self.settings)
        for letter in given:
            receiver.keep(letter.raw, Envelope((letter.mailbox,), "smtp", letter.sender))
            say(letter.message_id)
        for queue in (*QUEUES, *QUEUES):
            drain_in(self.app, queue)

    def _count(self, given: Sequence[Lone], say: Callable[[str], None]) -> None:
        killer = Killer()
        self._work(given, killer, lambda _said: None)
        for name in killer.names:
            say(name)

    def _in_a_process(self, work: Callable[[Callable[[str], None]], None], end: Callable[[int], None]) -> list[str]:
        """The lines that it said before it ended."""
        readable, writable = os.pipe()
        process = os.fork()
        if not process:
            code = 1
            try:
                os.close(readable)
                work(lambda line: void(os.write(writable, f"{line}\n".encode())))
                code = 0
            finally:
                os._exit(code)
        os.close(writable)
        end(process)
        with os.fdopen(readable) as said:
            lines = said.read().splitlines()
        _pid, status = os.waitpid(process, 0)
        ended = "killed" if os.WIFSIGNALED(status) else "ended" if not os.WEXITSTATUS(status) else "failed"
        self.crashed[ended] += 1
        return lines

    def _database(self) -> _Closed:
        return _Closed(make_engine(self.settings.database_url))

    def _wrong(self, given: Sequence[Lone]) -> Iterator[str]:
        from app.models.all import Letter, Message

        out = [path.name for path in self.settings.outgoing.glob("*.eml")]
        with self._database() as engine, engine.connect() as connection:
            for _sender, _mailbox, message_id, _raw in given:
                found = connection.execute(
                    select(Message.ticket_id).where(Message.message_id.in_([message_id, f"<{message_id}>"]))
                ).scalars()
                tickets = list(found)
                if len(tickets) != 1:
                    yield f"{message_id} became {len(tickets)} messages"
                    continue
                answers = connection.execute(
                    select(Letter.id, Letter.state).where(
                        Letter.ticket_id == tickets[0], Letter.template == "acknowledgement"
                    )
                ).all()
                files = [name for name in out for answer in answers if name.endswith(f"-{answer.id:08d}.eml")]
                if [answer.state for answer in answers] != ["sent"] or len(files) != 1:
                    yield f"{message_id} was acknowledged by {len(answers)} letters, {len(files)} files"
            if left := connection.execute(select(journal.c.id).where(journal.c.outcome == "waiting")).all():
                yield f"{len(left)} letters wait"
            if owed := connection.execute(select(outbox.c.reaction, outbox.c.last_error)).all():
                yield f"{len(owed)} effects are owed: {owed[0]}"


class _Closed:
    """An engine that leaves no connection for a fork to inherit."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def __enter__(self) -> Engine:
        return self.engine

    def __exit__(self, *_problem: object) -> None:
        self.engine.dispose()


def void(_value: object) -> None:
    """For where a function must answer nothing."""


def _wait(_process: int) -> None:
    """Let it end by itself."""


def _kill_after(seconds: float, process: int) -> None:
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)


def _crash(made: Desk) -> int:
    from app.processes.forking import application_to_fork
    from app.setup import init

    runs, each, of = json.loads((made.folder / "wanted").read_text())
    with valkey.running(made.settings):
        app = application_to_fork(made.settings)
        init(app, preset="cwt")
        with app.app_context():
            from app.extensions import db

            db.session.remove()
            db.engine.dispose()
        crashes = Crashes(made, app)
        begin = time.monotonic()
        steps = crashes.steps()
        whole = time.monotonic() - begin
        points = [Point(step, after) for step in range(1, len(steps) + 1) for after in (False, True)][::of]
        wrong = []
        for point in points * each:
            for line in crashes.run(_wait, Killer(point)):
                wrong.append(f"{steps[point.step - 1]} {point}: {line}")
        at_points = crashes.crashed["killed"]
        for _number in range(runs):
            seconds = crashes.random.uniform(0, whole * SLACK)
            wrong += [f"after {seconds:.3f} s: {line}" for line in crashes.run(partial(_kill_after, seconds), Killer())]
    for line in wrong:
        print(line, file=sys.stderr)
    return report(
        f"{len(points)} crash points ({', '.join(f'{n} {name}' for name, n in Counter(steps).items())}) {each} times, "
        f"{runs} kills by chance",
        Figure("letters sent", crashes.sent),
        Figure("processes killed at a crash point", at_points, at_least=0.9 * len(points) * each),
        Figure("processes killed by chance", crashes.crashed["killed"] - at_points, at_least=0.5 * runs),
        Figure("processes that failed", crashes.crashed["failed"], at_most=0),
        Figure("lost, doubled or left undone", len(wrong), at_most=0),
        Figure("missing from the search index, or twice in it", crashes.astray(), at_most=0),
    )


if __name__ == "__main__":
    sys.exit(_crash(named(sys.argv[1:])))
