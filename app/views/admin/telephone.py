"""The telephone's number and menu, who is on duty behind each digit, and how long calls wait (S6, S18)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import partial
from io import BytesIO
from typing import Any

from flask import current_app, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional, Regexp

from app.desk.call_files import LARGEST_FILE, MOST_TOLD, take_file
from app.desk.incoming_calls import new_secret
from app.desk.telephone import Telephone, set_duty, set_telephone, telephone
from app.events.transaction import transaction
from app.extensions import db
from app.models.product_group import Assignment, ProductGroup
from app.views import reference, visitor
from app.views.admin.fields import text
from app.views.desk import guarded
from app.views.doors import fresh, requires
from app.views.portal.forms import A_NUMBER

ADDRESS = "/desk/telephone/"
ONE_DIGIT = Regexp("^[0-9]$", message=_l("This is one digit."))


class TelephoneForm(FlaskForm):
    """The choices about the telephone. `form_for` adds a digit and an order of duty for each product group."""

    number = text(
        _l("Number"),
        Optional(),
        A_NUMBER,
        longest=40,
        hint=_l("Shown on the contact page. Without a number the desk has no telephone."),
    )
    first_digit = text(
        _l("Digit for technical support"),
        Optional(),
        ONE_DIGIT,
        longest=1,
        hint=_l("What a caller presses first. Empty when the menu begins with the product groups."),
    )
    confirm_days = IntegerField(
        _l("Business days to confirm a call"),
        validators=[NumberRange(1, 30)],
        description=_l("The ticket of a call lapses at the closing of that business day after the call was received."),
    )
    remind_minutes = IntegerField(
        _l("Reminder, minutes of working time before"),
        validators=[NumberRange(0, 6000)],
        description=_l("0 sends none."),
    )

    keep_days = IntegerField(
        _l("Days after which calls of the exchange are forgotten"),
        validators=[NumberRange(0, 36_500)],
        description=_l("Numbers, times and recordings of calls that were settled; tickets stay. 0 keeps them."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """A digit leads to one product group only."""
        fits = super().validate(extra_validators)
        taken: set[str] = set()
        for field in self:
            if field.name.startswith("digit_") and field.data:
                if field.data in taken:
                    field.errors = [*field.errors, _("Another product group has this digit.")]
                    fits = False
                taken.add(field.data)
        return fits

    def choices(self) -> Telephone:
        """What was typed."""
        return Telephone(
            self.number.data or "",
            self.first_digit.data or "",
            self.confirm_days.data,
            self.remind_minutes.data,
            self.keep_days.data,
        )

    def order_of(self, group: ProductGroup) -> dict[int, int | None]:
        """Each consultant's place in the order of duty."""
        return {place.account_id: self[f"duty_{place.id}"].data for place in group.assignments}


class TelephoneView(BaseView):
    """Menu Telephone of the settings."""

    route_base = "/desk/telephone"
    default_view = "page"

    @expose("/", methods=["GET"])
    @requires("list")
    def page(self) -> ResponseReturnValue:
        groups = _groups()
        return self._shown(guarded.opened(partial(form_for, groups)), groups)

    @expose("/", methods=["POST"])
    @requires("edit")
    def save(self) -> ResponseReturnValue:
        with transaction():
            groups = _groups()
            form = guarded.opened(partial(form_for, groups))
            if guarded.is_overtaken(form) or not form.validate_on_submit():
                return self._shown(form, groups)
            set_telephone(form.choices())
            for group in groups:  # first free every digit: two groups may change places
                group.menu_digit = None
            db.session.flush()
            for group in groups:
                group.menu_digit = form[f"digit_{group.id}"].data or None
                set_duty(group, form.order_of(group))
        reference.forget()
        flash(_("Saved."), "success")
        return redirect(ADDRESS, 303)

    @expose("/secret", methods=["POST"])
    @requires("edit")
    @fresh
    def secret(self) -> ResponseReturnValue:
        """A new secret for the exchange, shown this once."""
        with transaction():
            secret = new_secret()
        groups = _groups()
        return self._shown(form_for(groups, formdata=None), groups, secret=secret)

    @expose("/calls", methods=["POST"])
    @requires("edit")
    def upload(self) -> ResponseReturnValue:
        """The exchange's list of calls."""
        file = request.files.get("calls")
        with closing(file.stream if file else BytesIO()) as stream:
            content = stream.read(LARGEST_FILE + 1)
        taken = take_file(content)
        flash(_("New calls: %(new)s. Known already: %(known)s.", new=taken.new, known=taken.known), "success")
        for sentence in taken.refused[:MOST_TOLD]:
            flash(sentence, "warning")
        return redirect("/desk/calls/", 303)

    def _shown(self, form: TelephoneForm, groups: Sequence[ProductGroup], secret: str = "") -> ResponseReturnValue:
        may_edit = visitor.may("can_edit", "TelephoneView")
        page = self.render_template(
            "desk/telephone.html", form=form, groups=groups, secret=secret, hook=_hook(), may_edit=may_edit
        )
        return page, guarded.status_of(form)


def _hook() -> str:
    return f"{current_app.extensions['settings'].base_url}/hooks/calls"


def form_for(groups: Sequence[ProductGroup], **options: Any) -> TelephoneForm:
    """The form with what holds now."""
    members: dict[str, Any] = {}
    data: dict[str, Any] = {field: getattr(telephone(), field) for field in Telephone.__dataclass_fields__}
    for group in groups:
        members[f"digit_{group.id}"] = text(_l("Digit"), Optional(), ONE_DIGIT, longest=1)
        data[f"digit_{group.id}"] = group.menu_digit
        for place in group.assignments:
            members[f"duty_{place.id}"] = IntegerField(place.account.name, validators=[Optional(), NumberRange(1, 999)])
            data[f"duty_{place.id}"] = place.duty
    form: TelephoneForm = type("TelephoneForm", (TelephoneForm,), members)(data=data, **options)
    return form


def _groups() -> Sequence[ProductGroup]:
    query = select(ProductGroup).where(ProductGroup.active).order_by(ProductGroup.position, ProductGroup.id)
    return db.session.scalars(
        query.options(selectinload(ProductGroup.assignments).joinedload(Assignment.account))
    ).all()
