"""Proportional memory (PSS) of every process of `make run`, after load. `python -m bench memory`"""

from __future__ import annotations

import os
import signal
import smtplib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import func, select

from app.models.engine import make_engine
from app.models.tables import journal, outbox
from bench.browser import Browser
from bench.desks import CONSULTANT, CUSTOMER, PATIENCE, RUN, Desk, environment, free_port, wait_for
from bench.letters import letters
from bench.measure import Figure, report

BAR = 450.0
LETTERS, ROUNDS, BROWSERS = 200, 40, 8
PAGES = {
    CONSULTANT: ("/desk/tickets/list/", "/desk/tickets/1001", "/desk/tickets/list/?state=open"),
    CUSTOMER: ("/", "/tickets/", "/tickets/1001", "/tickets/new?group=1", "/search?q=faktura"),
}


def main(_argv: Sequence[str] = ()) -> int:
    """Run the whole stack, give it letters and readers, weigh it; 0 when the bar holds."""
    with tempfile.TemporaryDirectory(prefix="bilety-bench-") as folder:
        made = Desk(Path(folder), 0)
        port, intake = free_port(), free_port()
        more = {"BILETY_PORT": str(port), "BILETY_INTAKE_PORT": str(intake), "BILETY_DEMO": "1", "MAIL_SERVER": ""}
        stack = subprocess.Popen([sys.executable, RUN], env=environment(made, **more), stdout=subprocess.DEVNULL)
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz")
            before = dict(weights(stack.pid))
            _load(made, f"http://127.0.0.1:{port}", intake)
            after = dict(weights(stack.pid))
        finally:
            stack.send_signal(signal.SIGINT)
            stack.wait(60)
    figures = [Figure(name, weight, "MiB") for name, weight in sorted(after.items())]
    return report(
        f"Memory (PSS) after {LETTERS} letters and {ROUNDS * BROWSERS * 4} pages",
        *figures,
        Figure("all processes, before", sum(before.values()), "MiB"),
        Figure("all processes, after", sum(after.values()), "MiB", at_most=BAR),
    )


def weights(pid: int) -> Iterator[tuple[str, float]]:
    """Name and MiB of a process and of everything below it."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    pss = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    yield f"{pid} {' '.join(Path(word).name for word in words if word)[:48]}", pss / 1024
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from weights(int(child))


def _load(made: Desk, address: str, intake: int) -> None:
    """Letters by SMTP, readers at several connections, and all the work that follows from them."""
    readers = [
        threading.Thread(target=_read, args=(made, address, email)) for email in PAGES for _ in range(BROWSERS // 2)
    ]
    for reader in readers:
        reader.start()
    with smtplib.SMTP("127.0.0.1", intake, timeout=60) as relay:
        for sender, mailbox, raw in letters(LETTERS):
            relay.sendmail(sender, [mailbox], raw)
    for reader in readers:
        reader.join()
    _wait_until_done(made)


def _read(made: Desk, address: str, email: str) -> None:
    browser = Browser(address)
    browser.sign_in(email, made.password(email))
    for _round in range(ROUNDS):
        for page in PAGES[email]:
            browser.get(page)


def _wait_until_done(made: Desk) -> None:
    engine = make_engine(made.settings.database_url)
    end = time.monotonic() + 3 * PATIENCE
    while time.monotonic() < end:
        with engine.connect() as connection:
            waiting = connection.scalar(select(func.count()).where(journal.c.outcome == "waiting"))
            if not waiting and not connection.scalar(select(func.count()).select_from(outbox)):
                break
        time.sleep(0.5)
    engine.dispose()


if __name__ == "__main__":
    os.environ.pop("MAIL_SERVER", None)
    sys.exit(main())
