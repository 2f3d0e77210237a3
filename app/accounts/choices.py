"""What the administrators chose for accounts."""

from __future__ import annotations

from app.extensions import db
from app.models.desk_setting import DeskSetting

APPROVAL = "registrations_wait_for_approval"
YES, NO = "yes", "no"


def registrations_wait() -> bool:
    """Whether who registers himself waits until the desk approves. The preset lets him in at once (S1-S3)."""
    setting = db.session.get(DeskSetting, APPROVAL)
    return setting is not None and setting.value == YES


def let_registrations_wait(wanted: bool) -> None:
    """Choose that from now on; invitations that are on their way stay good."""
    db.session.merge(DeskSetting(name=APPROVAL, value=YES if wanted else NO))
