"""What a member sees of the organisation's tickets: one form, for the desk and for the organisation's managers."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField, ValidationError

from app.accounts.membership import share
from app.events.transaction import transaction
from app.models.organisation import Membership, Sharing
from app.views.invited import SHARING_NAMES
from app.views.reference import group_choices


class SharingForm(FlaskForm):
    """How far a member sees."""

    sharing = RadioField(_l("Sees"), choices=list(SHARING_NAMES.items()))
    groups = SelectMultipleField(_l("Chosen product groups"), choices=group_choices)

    def validate_groups(self, field: Any) -> None:
        if self.sharing.data == Sharing.GROUPS and not field.data:
            raise ValidationError(_l("Choose at least one product group."))


def sharing_form(membership: Membership) -> SharingForm:
    """The form as the membership stands."""
    groups = [str(row.product_group_id) for row in membership.groups]
    return SharingForm(sharing=membership.sharing, groups=groups)


def save_sharing(form: SharingForm, membership: Membership) -> None:
    with transaction():
        share(membership, form.sharing.data, map(int, form.groups.data or ()))
