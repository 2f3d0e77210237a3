"""Words of invitations and memberships, for the desk and for the portal."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.accounts.invitations import ShownState
from app.models.invitation import Invitation
from app.models.organisation import Sharing
from app.views.reference import group_choices

STATE_NAMES: dict[str, Any] = {
    ShownState.WAITING: _l("Waits for approval"),
    ShownState.INVITED: _l("Invited"),
    ShownState.EXPIRED: _l("Expired"),
    ShownState.ACTIVE: _l("Active account"),
    ShownState.DEACTIVATED: _l("Deactivated"),
    ShownState.WITHDRAWN: _l("Withdrawn"),
    ShownState.REFUSED: _l("Refused"),
}
STATE_BADGES: dict[str, str] = {
    ShownState.WAITING: "state-waiting_customer",
    ShownState.INVITED: "state-new",
    ShownState.EXPIRED: "state-waiting_third_party",
    ShownState.ACTIVE: "good",
    ShownState.DEACTIVATED: "bad",
    ShownState.WITHDRAWN: "plain",
    ShownState.REFUSED: "bad",
}
SHARING_NAMES: dict[str, Any] = {
    Sharing.OWN: _l("Only own tickets"),
    Sharing.GROUPS: _l("Own tickets, and the company's in chosen product groups"),
    Sharing.ORGANISATION: _l("All tickets of the company"),
    Sharing.MANAGER: _l("All tickets, and manages colleagues"),
}


def sharing_name(invitation: Invitation) -> str:
    """What somebody will see, chosen product groups by their names."""
    name = str(SHARING_NAMES.get(invitation.sharing, ""))
    known = dict(group_choices())
    chosen = [known[str(each)] for each in invitation.product_groups or () if str(each) in known]
    return f"{name}: {', '.join(chosen)}" if chosen else name


def badge(state: ShownState) -> Markup:
    """A state as lists show it."""
    return Markup('<span class="badge {}">{}</span>').format(STATE_BADGES[state], STATE_NAMES[state])
