"""Addresses from which our letters come back (RFC 3463): at once where there is no such mailbox, else after a few."""

from __future__ import annotations

from app.mail.letter import Report
from app.models.account import Account
from app.models.event import FAILED, Letter
from app.models.types import utc_now

SOFT_TIMES = 3  # so often in a row a full mailbox or its like may return what we send
RETURNED = "returned"  # begins the error of a letter that left and came back


def returned(letter: Letter, report: Report | None) -> None:
    """One of our letters came back: it shows as failed, and its reader's address is flagged. One that is only late
    changes nothing."""
    if report and report.action == "delayed":
        return
    said = (report.status or report.action) if report else None
    letter.state, letter.last_error = FAILED, f"{RETURNED}: {said}" if said else RETURNED
    before = letter.account.bounced or {}
    letter.account.bounced = {
        "for_good": bool(report and report.status and not report.is_soft),
        "times": before.get("times", 0) + 1,
        "said": said,
        "at": utc_now().isoformat(),
    }


def is_unreachable(account: Account) -> bool:
    """Whether letters to the account are lost, so that a consultant must find another way to the person."""
    flag = account.bounced or {}
    return bool(flag.get("for_good")) or flag.get("times", 0) >= SOFT_TIMES


def works(account: Account) -> None:
    """The address takes letters again: its owner wrote, or a consultant knows."""
    if account.bounced:
        account.bounced = None
