"""What the administrators chose for accounts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ScalarSelect, select

from app.events.transaction import read_once
from app.extensions import db
from app.models.account import Account
from app.models.desk_setting import DeskSetting

APPROVAL = "registrations_wait_for_approval"
SECOND_STEP = "staff_need_second_step"
STRANGERS = "strangers_may_report"
CHOICES = (APPROVAL, SECOND_STEP, STRANGERS)
YES, NO = "yes", "no"
CHOSEN = select(DeskSetting).where(DeskSetting.name.in_(CHOICES))
KEPT = "choices_for_accounts"  # in the session
CUSTOMER = frozenset({"customer"})


def registrations_wait() -> bool:
    """Whether who registers himself waits until the desk approves. The preset lets him in at once (S1-S3)."""
    return _is_chosen(APPROVAL)


def let_registrations_wait(wanted: bool) -> None:
    """Choose that from now on; invitations that are on their way stay good."""
    _choose(APPROVAL, wanted)


def strangers_may_report() -> bool:
    """Whether the portal has a form for reports without an account. In the preset it has none."""
    return _is_chosen(STRANGERS)


def let_strangers_report(wanted: bool) -> None:
    """Choose that from now on. Without it their links show no conversation."""
    _choose(STRANGERS, wanted)


def staff_need_second_step() -> bool:
    """Whether the desk's own people must sign in with a second step. In the preset each chooses for himself."""
    return _is_chosen(SECOND_STEP)


def demand_second_step(wanted: bool) -> None:
    """Choose that from now on; whoever has none is led to set it up at his next request."""
    _choose(SECOND_STEP, wanted)


def second_step_wanted() -> ScalarSelect[bool]:
    """The same as a part of another statement; NULL where nobody chose."""
    return select(DeskSetting.value == YES).where(DeskSetting.name == SECOND_STEP).scalar_subquery()


def lacks_second_step(account: Account, *, wanted: bool | None = None) -> bool:
    """Whether this account can do nothing but set up its second step. `wanted`: as it was read already."""
    if account.role_kinds <= CUSTOMER:
        return False
    return bool(staff_need_second_step() if wanted is None else wanted) and not account.has_second_factor


def _is_chosen(name: str) -> bool:
    """All are read together, once a transaction: a batch of letters asks for each."""
    chosen: Sequence[DeskSetting] = read_once(CHOSEN, KEPT)
    return any(setting.name == name and setting.value == YES for setting in chosen)


def _choose(name: str, wanted: bool) -> None:
    db.session.merge(DeskSetting(name=name, value=YES if wanted else NO))
    db.session().info.pop(KEPT, None)
