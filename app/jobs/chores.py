"""What the timetable asks for, each a few lines over the domain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete

from app.accounts import asked, keys, links
from app.accounts.sessions import LONGEST_ABSENCE
from app.content.publishing import do_what_is_due
from app.desk import confirmations, drafts, ends, field_indexes, field_moves, incoming_calls, levels
from app.desk.alarms import Rule, ring
from app.desk.marking import remind_of_follow_up
from app.desk.moves import close_by_itself
from app.events.transaction import transaction
from app.events.wake import begin_chore
from app.extensions import db
from app.imports import runs as imports
from app.jobs.application import kept
from app.mail import silent
from app.mail.hours import keep_counting
from app.models.account import AccountSession
from app.models.answer import KEPT_FOR, KeptAnswer
from app.models.beside import BulkAct
from app.models.types import utc_now
from app.search.engine import engine as search_engine
from app.search.pdf import read_waiting
from app.search.rebuild import mend, rebuild


def forget_old_sessions() -> None:
    """Remove the rows of browsers that have been away for too long to be let in again."""
    with transaction():
        db.session.execute(
            delete(AccountSession).where(AccountSession.last_seen_at < utc_now() - LONGEST_ABSENCE - timedelta(days=1))
        )


def forget_old_requests() -> None:
    """Remove what was asked at the public doors long ago, and links that expired long ago."""
    with transaction():
        asked.forget_old()
        links.forget_expired()


def forget_kept_answers() -> None:
    """Remove answers of the API and acts on many tickets that are kept no longer: their keys may be used anew."""
    with transaction():
        db.session.execute(delete(KeptAnswer).where(KeptAnswer.created_at < utc_now() - KEPT_FOR))
        db.session.execute(delete(BulkAct).where(BulkAct.created_at < utc_now() - KEPT_FOR))


def forget_old_drafts() -> None:
    """Forget what people began to write long ago and never sent."""
    with transaction():
        drafts.forget_old(utc_now())


def forget_old_calls() -> None:
    """Forget calls of the telephone exchange that came long ago and were settled."""
    with transaction():
        incoming_calls.forget_old_calls(utc_now())


def forget_expired_keys() -> None:
    """Remove API keys some time after they expired, when their owners have seen it."""
    with transaction():
        keys.forget_expired()


def ring_alarms() -> None:
    """Do what the desk's rules do by themselves and is due."""
    ring(RULES, now=utc_now())


def count_mail() -> None:
    """Keep the balance of mail counted."""
    keep_counting(utc_now())


def tell_of_silence() -> None:
    """Write to administrators about mailboxes of which nothing is heard for too long, or is heard again."""
    with transaction():
        silent.tell(utc_now())


def renew_consents() -> None:
    """Renew what users of Microsoft 365 have consented to, before it ends."""
    from app.mail import consent  # heavy, and few need it

    consent.renew_all(kept().extensions["settings"].secret_key)


def publish_entries() -> None:
    """Publish and withdraw the texts whose time has come."""
    with transaction():
        do_what_is_due(utc_now())


def index_fields() -> None:
    """Build the indexes of fields that tickets are filtered by, and let values follow changes of their fields."""
    field_indexes.bring_up_to_date()
    field_moves.go_on()


def import_rows() -> None:
    """Check the imports that wait, and carry out those that were asked for."""
    imports.go_on()


def rebuild_search() -> None:
    """Make the search index anew, because it is missing or damaged."""
    mend(kept())


def index_anew() -> None:
    """Make the search index anew, because tickets are found by other words from now on."""
    rebuild(kept())


def tidy_search() -> None:
    """Merge small parts of the search index into large ones."""
    search_engine().tidy()


def read_files() -> None:
    """Read the attached files that wait for it, for search."""
    read_waiting()


RULES: dict[str, Rule] = {
    ends.CLOSE: lambda ticket, _now: close_by_itself(ticket),
    ends.CLOSES_SOON: lambda ticket, _now: ends.tell_that_it_closes(ticket),
    confirmations.MIND: confirmations.mind,
    levels.MIND: levels.mind,
    ends.FOLLOW_UP: lambda ticket, _now: remind_of_follow_up(ticket),
}
CHORES: dict[str, Callable[[], None]] = {
    "forget_old_sessions": forget_old_sessions,
    "forget_old_requests": forget_old_requests,
    "forget_kept_answers": forget_kept_answers,
    "forget_expired_keys": forget_expired_keys,
    "forget_old_calls": forget_old_calls,
    "forget_old_drafts": forget_old_drafts,
    "ring_alarms": ring_alarms,
    "publish_entries": publish_entries,
    "index_fields": index_fields,
    "import_rows": import_rows,
    "renew_consents": renew_consents,
    "count_mail": count_mail,
    "tell_of_silence": tell_of_silence,
    "rebuild_search": rebuild_search,
    "index_anew": index_anew,
    "read_files": read_files,
    "tidy_search": tidy_search,
}


def perform(name: str) -> None:
    """Do one chore."""
    app = kept()
    with app.app_context():
        begin_chore(app.extensions["redis"], name)
        CHORES[name]()
