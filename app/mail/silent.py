"""Administrators hear by letter that a mailbox is silent for too long: once a silence, and once more when it ends."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.events.record import owe_letter
from app.extensions import db
from app.mail.balance import Silence, silences
from app.models.account import Account, Role

SILENT, HEARD = "mailbox_silent", "mailbox_heard"


def tell(now: datetime) -> int:
    """Owe what is new of silences; answers of how many mailboxes. Where no more is asked for nobody hears of it."""
    told = 0
    for each in silences(now=now):
        mailbox = each.mailbox
        if each.too_long and mailbox.silence_told_at is None:
            mailbox.silence_told_at = now
            _owe(SILENT, each, each.since)
            told += 1
        elif mailbox.silence_told_at is not None and not each.too_long:
            if mailbox.quiet_minutes:
                _owe(HEARD, each, mailbox.silence_told_at)
                told += 1
            mailbox.silence_told_at = None
    return told


def _owe(template: str, silence: Silence, since: datetime | None) -> None:
    administrators = select(Account).where(Account.active, Account.roles.any(Role.kind == "administrator"))
    for account in db.session.scalars(administrators).unique():
        owe_letter(template, account=account, reason="account").answer = {
            "language": account.locale,
            "message_id": None,
            "about": silence.mailbox.name,
            "since": since.isoformat() if since else None,
        }
