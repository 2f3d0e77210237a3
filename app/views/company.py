"""What a member sees of the organisation's tickets: one form, for the desk and for the organisation's managers."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField, ValidationError

from app.accounts.membership import share
from app.events.transaction import transaction
from app.models.organisation import Membership, Sharing
from app.views.invited import SHARING_NAMES
from app.views.reference import group_choices


class SomeWhereChosen:
    """Refuses the sharing of chosen product groups without any."""

    def __call__(self, form: Any, field: Any) -> None:
        if form.sharing.data == Sharing.GROUPS and not field.data:
            raise ValidationError(_("Choose at least one product group."))


def chosen_groups() -> SelectMultipleField:
    """The product groups of a field `sharing` beside it."""
    return SelectMultipleField(
        _l("Chosen product groups"),
        choices=group_choices,
        validators=[SomeWhereChosen()],
        description=_l("They count where chosen product groups are marked above."),
    )


class SharingForm(FlaskForm):
    """How far a member sees."""

    sharing = RadioField(_l("Sees"), choices=list(SHARING_NAMES.items()))
    groups = chosen_groups()


def sharing_form(membership: Membership) -> SharingForm:
    """The form as the membership stands."""
    groups = [str(row.product_group_id) for row in membership.groups]
    return SharingForm(sharing=membership.sharing, groups=groups)


def save_sharing(form: SharingForm, membership: Membership) -> None:
    with transaction():
        share(membership, form.sharing.data, map(int, form.groups.data or ()))
