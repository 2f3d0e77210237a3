"""Who of the desk is away, and who stands in: each says it of himself, an administrator of everybody."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from app.access import NotFound
from app.desk import absences
from app.desk.errors import DeskError
from app.events.transaction import transaction
from app.extensions import db
from app.locale import choose_zone
from app.models.absence import Absence
from app.models.account import Account
from app.models.types import utc_now
from app.views import visitor
from app.views.desk.grid import ROW_ID
from app.views.doors import requires
from app.views.reference import consultant_choices

DAY = [InputRequired(_l("Choose a day."))]


class AbsenceForm(FlaskForm):
    """Days are those of whoever fills it in."""

    account = SelectField(_l("Who"), coerce=int)
    first = DateField(_l("First day"), DAY)
    last = DateField(_l("Last day"), DAY)
    substitute = SelectField(
        _l("Who stands in"),
        coerce=int,
        description=_l("Hears meanwhile of the other one's tickets, of product groups for which he answers as well."),
    )

    def __init__(self, may_choose: bool, **more: Any) -> None:
        super().__init__(**more)
        people = [(int(row_id), name) for row_id, name in consultant_choices()]
        me = visitor.account()
        self.account.choices = people if may_choose else [(me.id, str(me.name))]
        self.substitute.choices = [(0, _("Nobody")), *(each for each in people if may_choose or each[0] != me.id)]


class AbsencesView(BaseView):
    """Menu Nieobecności."""

    route_base = "/desk/absences"
    default_view = "list"

    @expose("/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        """Who is away or will be, the nearest first."""
        return self._page(AbsenceForm(_may_choose(), account=visitor.account().id))

    @expose("/", methods=["POST"])
    @requires("edit")
    def save(self) -> ResponseReturnValue:
        """Say that somebody will be away; what was said of him before ends."""
        form = AbsenceForm(_may_choose())
        if form.validate():
            try:
                with transaction():
                    absence = absences.set_absence(
                        db.session.get_one(Account, form.account.data),
                        form.first.data,
                        form.last.data,
                        substitute=db.session.get(Account, form.substitute.data),
                        zone=choose_zone(),
                    )
                flash(_("%(name)s is away then.", name=absence.account.name), "success")
                return redirect("/desk/absences/", 303)
            except DeskError as error:
                form.form_errors.append(str(error))
        return self._page(form)

    @expose(f"/{ROW_ID}/end", methods=["POST"])
    @requires("edit")
    def end(self, pk: int) -> ResponseReturnValue:
        """He is back, or does not go."""
        if pk != visitor.account().id and not _may_choose():
            raise NotFound
        with transaction():
            absences.end_absence(pk)
        return redirect("/desk/absences/", 303)

    def _page(self, form: AbsenceForm) -> ResponseReturnValue:
        query = select(Absence).where(Absence.ends_at > utc_now()).order_by(Absence.starts_at, Absence.account_id)
        shown = (joinedload(Absence.account), joinedload(Absence.substitute))
        return self.render_template(
            "desk/absences.html",
            rows=db.session.scalars(query.options(*shown)).unique().all(),
            form=form,
            me=visitor.account().id,
            may_edit=visitor.may("can_edit", "AbsencesView"),
            may_choose=_may_choose(),
            now=utc_now(),
        )


def _may_choose() -> bool:
    """Whether this visitor says it of others, too."""
    return visitor.standing().handles_everything
