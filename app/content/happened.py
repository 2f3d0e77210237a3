"""What happens to entries: each act stands in the audit log, in the transaction of the act itself."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from app import caller
from app.events.audit import AuditKind, write_down
from app.models.account import Account
from app.models.entry import Entry, Variant
from app.models.types import utc_now

ITSELF = "Bilety"  # who did what was scheduled


class EntryAct(StrEnum):
    """What can happen to an entry or one of its texts."""

    ADDED = "entry_added"
    SAVED = "entry_saved"
    RESTORED = "entry_restored"
    ASKED_FOR_REVIEW = "entry_review"
    PUBLISHED = "entry_published"
    SCHEDULED = "entry_scheduled"
    END_SCHEDULED = "entry_end_scheduled"
    UNSCHEDULED = "entry_unscheduled"
    WITHDRAWN = "entry_withdrawn"
    ABOUT = "entry_about"  # readers, product groups, tags
    BINNED = "entry_binned"
    UNBINNED = "entry_unbinned"
    FILE_ADDED = "entry_file"
    PREVIEWED = "entry_preview"  # a private address was made
    PREVIEWS_ENDED = "entry_previews_ended"


def happened(
    entry: Entry, act: EntryAct, *, variant: Variant | None = None, by: Account | None = None, **data: Any
) -> None:
    """Write the act down. `by` is by default the account that acts in this request, else the product itself."""
    entry.changed_at = utc_now()
    who, shown = by or caller.acting(), variant or entry.source
    told = {"act": act, "language": variant.language if variant else None, **data}
    about = f"{entry.type_code} {entry.id}: {shown.title}"
    write_down(AuditKind.ENTRY, by=who, who="" if who else ITSELF, about=about, **told)
