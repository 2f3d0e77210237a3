"""Letters over the limit that were fetched: only their beginning is here, and their senders hear of it once."""

from __future__ import annotations

from sqlalchemy import select

from app.events.record import owe_letter
from app.extensions import db
from app.locale import DEFAULT_LANGUAGE, SPOKEN
from app.mail import reasons
from app.mail.flood import Flood
from app.mail.reading import Reading
from app.mail.receive import TRIED_AGAIN
from app.models.account import Account
from app.models.journal import JournalEntry
from app.models.types import utc_now

TEMPLATE = "too_large"


def tell(entry: JournalEntry, reading: Reading, reader: Account) -> bool:
    """Owe the sender the news, unless he gets too many automatic letters; answers whether it is owed."""
    if not reader.active or Flood([reader]).carries_away(reader):
        return False
    understood = reading.understood
    wanted = reader.locale if reader.is_registered else understood.desk_language
    language = wanted if wanted in SPOKEN else DEFAULT_LANGUAGE
    owe_letter(TEMPLATE, account=reader, reason="sender").answer = {
        "subject": understood.subject.strip() or reasons.without_subject(language),
        "language": language,
        "message_id": understood.message_id,
        "mailbox": entry.mailbox.name if entry.mailbox else None,
    }
    return True


def is_told(entry: JournalEntry, reading: Reading) -> bool:
    """Whether the same letter was answered so before, from another mailbox or another try of its server's."""
    if not reading.understood.message_id:
        return False
    db.session.flush()
    told = select(JournalEntry.id).where(
        JournalEntry.message_id == entry.message_id,
        JournalEntry.reason == reasons.TOO_LARGE_TOLD,
        JournalEntry.arrived_at > utc_now() - TRIED_AGAIN,
    )
    return db.session.scalar(told.limit(1)) is not None
