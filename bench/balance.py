"""The balance of mail over a million letters of a month: counted from the letters, and from the kept hours."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, select

import config
from bench.measure import Figure, report

LETTERS = 1_000_000
BATCH = 20_000
FEW = 1_000
MOST_SECONDS = 0.25  # for the page's month, with a million letters
MOST_GROWTH = 3.0  # of a month's balance, from a thousand letters to a million


def main(argv: Sequence[str] = ()) -> int:
    """0 when the balance stays flat. The number of letters may be given."""
    letters = int(argv[0]) if argv else LETTERS
    with tempfile.TemporaryDirectory(prefix="bilety-bench-") as folder:
        figures = _measured(Path(folder), letters)
    return report(f"Balance of mail, {letters:,} letters in 31 days", *figures)


def _measured(folder: Path, letters: int) -> list[Figure]:
    from app import create_app
    from app.extensions import db
    from app.mail.balance import days
    from app.mail.hours import keep_counting
    from app.models.types import utc_now
    from app.setup import init

    app = create_app(config.read({"BILETY_DATA": str(folder)}))
    init(app, preset="cwt")
    with app.app_context():
        now = utc_now()
        _add(FEW, now)
        _count(keep_counting, now)
        few = _best(lambda: days(31, "Europe/Warsaw", now=now))
        _add(letters - FEW, now)
        raw = _best(lambda: days(31, "Europe/Warsaw", now=now), times=2, forget=True)
        began = time.perf_counter()
        _count(keep_counting, now)
        counting = time.perf_counter() - began
        month, today = (_best(lambda n=number: days(n, "Europe/Warsaw", now=now)) for number in (31, 1))  # type: ignore[misc]
        db.engine.dispose()
    return [
        Figure("month, counted from the letters", raw, "s"),
        Figure("month, from the kept hours", month, "s", at_most=MOST_SECONDS),
        Figure("  times faster", raw / month, "x", at_least=5),
        Figure("  against a thousand letters", month / few, "x", at_most=MOST_GROWTH),
        Figure("today, as /metrics asks", today, "s", at_most=MOST_SECONDS),
        Figure("counting the whole month once, in the background", counting, "s"),
    ]


def _add(number: int, now: object) -> None:
    """Letters spread over 31 days; none of them becomes a message, so that all of it is of this table."""
    from app.events.transaction import transaction
    from app.extensions import db
    from app.models.mailbox import Mailbox
    from app.models.tables import journal

    boxes = db.session.scalars(select(Mailbox.id)).all()
    ends = (("not_sure", "no_sender"), ("rejected", "by_hand"), ("message", "twice"))
    for start in range(0, number, BATCH):
        rows = [
            {
                "transport": "smtp", "recipient": "x", "sha256": f"{row:064d}", "size": 1000,
                "mailbox_id": boxes[row % len(boxes)], "outcome": ends[row % 3][0], "reason": ends[row % 3][1],
                "arrived_at": now - timedelta(seconds=row * 2_678_400 / number),  # type: ignore[operator]
            }
            for row in range(start, min(start + BATCH, number))
        ]  # fmt: skip
        with transaction():
            db.session.execute(insert(journal), rows)


def _count(keep_counting: Callable[..., int], now: object) -> None:
    from sqlalchemy import delete

    from app.events.transaction import transaction
    from app.extensions import db
    from app.models.mail_hour import MailHour

    with transaction():
        db.session.execute(delete(MailHour))
    while keep_counting(now):
        pass


def _best(ask: Callable[[], object], *, times: int = 5, forget: bool = False) -> float:
    """The best of some calls, in seconds; `forget` removes the kept hours first."""
    from sqlalchemy import delete

    from app.events.transaction import transaction
    from app.extensions import db
    from app.models.mail_hour import MailHour

    if forget:
        with transaction():
            db.session.execute(delete(MailHour))
    taken = []
    for _time in range(times):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    return min(taken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
