"""What runs when. The light process looks at it every few seconds; the chores run in the queue of long jobs."""

from __future__ import annotations

from datetime import timedelta

from redis import Redis

from app.events.wake import ask_for

TIMETABLE = {
    "forget_old_sessions": timedelta(days=1),
    "forget_old_requests": timedelta(days=1),
    "forget_expired_keys": timedelta(days=1),
    "forget_old_calls": timedelta(days=1),
    "forget_old_drafts": timedelta(days=1),
    "ring_alarms": timedelta(minutes=1),
    "forget_kept_answers": timedelta(hours=1),
    "publish_entries": timedelta(minutes=1),
    "index_fields": timedelta(minutes=1),
    "import_rows": timedelta(minutes=1),
    "read_files": timedelta(minutes=5),
    "tidy_search": timedelta(minutes=10),
    "renew_consents": timedelta(days=1),
    "count_mail": timedelta(minutes=30),
    "tell_of_silence": timedelta(minutes=1),
}


def ask_for_due(redis: Redis) -> frozenset[str]:
    """Queue the chores whose time has come, once however many processes look; answers which they were."""
    due = frozenset(
        chore for chore, every in TIMETABLE.items() if redis.set(f"bilety:chore:{chore}", 1, nx=True, ex=every)
    )
    for chore in sorted(due):
        ask_for(redis, chore)
    return due
