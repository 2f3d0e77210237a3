"""How long a resolved ticket waits for the customer, and how long a closed one can be taken up again."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from app.desk.ends import Ends, ends, set_ends
from app.events.transaction import transaction
from app.views import visitor
from app.views.desk import guarded
from app.views.doors import requires


def _days(label: Any, hint: Any) -> IntegerField:
    validators = [InputRequired(_l("Fill in this field.")), NumberRange(0, 365)]
    return IntegerField(label, validators=validators, description=hint)


class EndsForm(FlaskForm):
    close_days = _days(
        _l("Business days until a resolved ticket closes"),
        _l("By the ticket's own calendar, at the closing of the last day. 0: until somebody closes it."),
    )
    remind_days = _days(
        _l("Reminder, business days before"), _l("The customer is asked whether it is solved. 0 sends no reminder.")
    )
    reopen_days = _days(
        _l("Days within which a reply opens a closed ticket again"), _l("A later reply begins a new ticket.")
    )
    rate_days = _days(_l("Days within which a rating may be changed"), "")


class EndsView(BaseView):
    """The choices about the end of tickets."""

    route_base = "/desk/ends"
    default_view = "page"

    @expose("/", methods=["GET"])
    @requires("list")
    def page(self) -> ResponseReturnValue:
        return self._shown(_opened())

    @expose("/", methods=["POST"])
    @requires("edit")
    def save(self) -> ResponseReturnValue:
        with transaction():
            form = _opened()
            if guarded.is_overtaken(form) or not form.validate_on_submit():
                return self._shown(form)
            set_ends(Ends(**{name: form[name].data for name in Ends.__dataclass_fields__}))
        flash(_("Saved."), "success")
        return redirect("/desk/ends/", 303)

    def _shown(self, form: EndsForm) -> ResponseReturnValue:
        page = self.render_template("desk/ends.html", form=form, may_edit=visitor.may("can_edit", "EndsView"))
        return page, guarded.status_of(form)


def _opened() -> EndsForm:
    return guarded.opened(partial(EndsForm, obj=ends()))
