"""A real Postfix before and behind the desk: it passes letters on by SMTP and LMTP, and sends what the desk answers.

Meanwhile the whole desk is killed by `kill -9`, Postfix is stopped, and the server behind it is away. Then every letter
must be one message of one ticket and acknowledged to its sender. Where the machine has no Postfix, or it may not be
started (root only), nothing is proved and that is said. `python -m bench postfix [--letters N] [--rounds N]`
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import smtplib
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

import psutil
from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from app.models.engine import make_engine
from app.models.tables import journal, outbox
from bench.desks import PATIENCE, RUN, Desk, environment, free_port, wait_for
from bench.letters import Lone, lone_letter
from bench.measure import Figure, report
from bench.outages import Relay

PROGRAMS = "/usr/sbin:/sbin:/usr/local/sbin"
LONGEST = 600.0
BY_LMTP = "pomocdynamics@pomoc.example"
MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.pomoc.example
mydestination =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
disable_dns_lookups = yes
relay_domains = pomoc.example
recipient_delimiter = +
transport_maps = inline:{{
  {{ {by_lmtp} = lmtp:inet:127.0.0.1:{lmtp} }},
  {{ pomoc.example = smtp:[127.0.0.1]:{intake} }} }}
relayhost = [127.0.0.1]:{behind}
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
"""


class Postfix:
    """The server, in a folder of its own."""

    def __init__(self, folder: Path, **ports: int) -> None:
        self.folder, self.port = folder, ports.pop("own")
        for name in ("etc", "queue", "data"):
            (folder / name).mkdir(parents=True)
        folder.parent.chmod(0o755)
        shutil.chown(folder / "data", "postfix")
        (folder / "etc" / "main.cf").write_text(MAIN.format(folder=folder, by_lmtp=BY_LMTP, **ports))
        services = Path("/etc/postfix/master.cf").read_text()
        services = re.sub(r"^smtp(\s+inet)", rf"127.0.0.1:{self.port}\1", services, flags=re.M)
        services = re.sub(r"^(\S+\s+(?:inet|unix|unix-dgram)\s+\S+\s+\S+\s+)[y-](\s)", r"\1n\2", services, flags=re.M)
        (folder / "etc" / "master.cf").write_text(services)

    def __call__(self, command: str) -> None:
        """start or stop it."""
        program = shutil.which("postfix", path=PROGRAMS)
        subprocess.run([str(program), "-c", self.folder / "etc", command], check=True, capture_output=True)

    def waiting(self) -> int:
        """How many letters lie in its queue."""
        return sum(
            1 for name in ("maildrop", "incoming", "active", "deferred") for file in
            (self.folder / "queue" / name).rglob("*") if file.is_file()
        )  # fmt: skip


class Street:
    """A desk between two servers, and letters that come down it."""

    def __init__(self, folder: Path) -> None:
        ports = {name: free_port() for name in ("web", "intake", "lmtp", "own", "behind")}
        self.made, self.ports, self.numbers = Desk(folder / "desk", 0), ports, count()
        self.postfix = Postfix(folder / "postfix", **{name: ports[name] for name in ports if name != "web"})
        self.relay, self.sent = Relay(), list[Lone]()
        self.desk: subprocess.Popen[bytes] | None = None
        self.behind: Controller | None = None

    def start_desk(self) -> None:
        ports = {name: str(port) for name, port in self.ports.items()}
        more = {
            **{"BILETY_PORT": ports["web"], "BILETY_INTAKE_PORT": ports["intake"], "BILETY_LMTP_PORT": ports["lmtp"]},
            **{"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": ports["own"], "BILETY_DEMO": "1"},
        }
        self.desk = subprocess.Popen(
            [sys.executable, RUN], env=environment(self.made, **more), stdout=subprocess.DEVNULL
        )
        wait_for(f"http://127.0.0.1:{ports['web']}/healthz", 3 * PATIENCE)

    def kill_desk(self) -> None:
        """kill -9 of all its processes at once."""
        if self.desk is not None:
            for process in (*psutil.Process(self.desk.pid).children(recursive=True), self.desk):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            self.desk.wait()

    def start_behind(self) -> None:
        self.behind = Controller(self.relay, hostname="127.0.0.1", port=self.ports["behind"])
        self.behind.start()

    def stop_behind(self) -> None:
        if self.behind is not None:
            self.behind.stop()

    def send(self, number: int) -> None:
        """By turns to a mailbox behind SMTP and one behind LMTP."""
        with smtplib.SMTP("127.0.0.1", self.ports["own"], timeout=60) as server:
            for _ in range(number):
                letter = lone_letter(next(self.numbers))
                server.sendmail(letter.sender, [letter.mailbox if len(self.sent) % 2 else BY_LMTP], letter.raw)
                self.sent.append(letter)

    def owed(self) -> int:
        engine = make_engine(self.made.settings.database_url)
        waiting = select(func.count()).where(journal.c.outcome == "waiting")
        with engine.connect() as connection:
            found = int(connection.scalar(waiting) or 0) + int(connection.scalar(select(func.count(outbox.c.id))) or 0)
        engine.dispose()
        return found

    def messages(self) -> Counter[str]:
        from app.models.all import Message

        engine = make_engine(self.made.settings.database_url)
        with engine.connect() as connection:
            ids = connection.scalars(select(Message.message_id).where(Message.message_id.like("%lone-%"))).all()
        engine.dispose()
        return Counter(str(id_).strip("<>") for id_ in ids)

    def wait_until_done(self) -> float:
        begin = time.monotonic()
        while (self.owed() or self.postfix.waiting()) and time.monotonic() - begin < LONGEST:
            time.sleep(0.5)
        return time.monotonic() - begin


def main(argv: Sequence[str] = ()) -> int:
    """Start all, make trouble, look and print; 0 when nothing was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m bench postfix", description=__doc__)
    parser.add_argument("--letters", type=int, default=20, help="before each trouble (default 20)")
    parser.add_argument("--rounds", type=int, default=2, help="how often each trouble comes (default 2)")
    wanted = parser.parse_args(argv)
    if shutil.which("postfix", path=PROGRAMS) is None or os.geteuid() != 0:
        print("There is no Postfix here, or it may not be started: NOTHING IS PROVED.")
        return 0
    with tempfile.TemporaryDirectory(prefix="bilety-bench-") as folder:
        street = Street(Path(folder))
        try:
            street.postfix("start")
            street.start_behind()
            street.start_desk()
            for _round in range(wanted.rounds):
                _trouble(street, wanted.letters)
            return _told(street, 3 * wanted.rounds, street.wait_until_done())
        finally:
            street.kill_desk()
            street.postfix("stop")
            street.stop_behind()


def _trouble(street: Street, letters: int) -> None:
    troubles: tuple[tuple[Callable[[], None], Callable[[], None]], ...] = (
        (street.kill_desk, street.start_desk),
        (lambda: street.postfix("stop"), lambda: street.postfix("start")),
        (street.stop_behind, street.start_behind),
    )
    for begin, end in troubles:
        street.send(letters)
        begin()
        if begin is not troubles[1][0]:
            street.send(letters)  # Postfix holds what it cannot pass on.
        time.sleep(2)
        end()


def _told(street: Street, troubles: int, last: float) -> int:
    messages = street.messages()
    wrong = [letter for letter in street.sent if messages[letter.message_id] != 1]
    unanswered = [letter for letter in street.sent if not street.relay.acknowledged[letter.sender]]
    again = sum(copies - 1 for copies in street.relay.copies.values())
    for letter in wrong:
        print(f"{letter.message_id} became {messages[letter.message_id]} messages", file=sys.stderr)
    return report(
        f"{len(street.sent)} letters through Postfix, half by SMTP, half by LMTP, {troubles} troubles",
        Figure("lost or doubled", len(wrong), at_most=0),
        Figure("not acknowledged", len(unanswered), at_most=0),
        Figure("copies of a letter out with the same Message-ID", again, at_most=troubles),
        Figure("all done after the last trouble", last, "s", at_most=LONGEST),
        Figure("letters left in Postfix' queue", street.postfix.waiting(), at_most=0),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
