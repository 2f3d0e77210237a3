"""Menu Pola: fields by owner; a change is proposed, looked at, published with a reason, and taken back with one."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import ColumnElement, and_, func, select, true

from app.access import NotFound, sees_ticket
from app.access.fields import hides
from app.desk import field_indexes, field_moves, field_sets
from app.desk.errors import DeskError
from app.desk.field_preview import changes, preview
from app.desk.field_sets import BadDefinition, StaleField
from app.events.transaction import transaction
from app.events.wake import ask_for
from app.extensions import db
from app.fields import Definition, Kind, Unfit, clean, from_form
from app.fields.check import Misdefined
from app.fields.refusals import Why
from app.locale import language
from app.models import definitions
from app.models.entry import ContentType
from app.models.field import FieldProposal, Misfit
from app.models.ticket import Ticket
from app.models.types import utc_now
from app.views import visitor
from app.views.admin.field_forms import KIND_NAMES, FieldForm
from app.views.admin.field_history import PARTS, history
from app.views.admin.fields import text
from app.views.doors import requires
from app.views.reference import group_choices

MOST_MISFITS = 200


class ReasonForm(FlaskForm):
    reason = text(_l("Why"), longest=field_sets.LONGEST_REASON)


class FieldsView(BaseView):
    """The fields of tickets, organisations, accounts and content types."""

    route_base = "/desk/fields"
    default_view = "list"

    @expose("/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        owners, now = owner_names(), definitions.published(db.session())
        owner = request.args.get("owner", "")
        owner = owner if owner in owners else "ticket"
        waiting = db.session.scalar(select(func.count()).where(_readable_misfits(now))) or 0
        return self.render_template(
            "desk/fields.html",
            owners=owners,
            owner=owner,
            fields=now.all_of(owner),
            kinds=KIND_NAMES,
            group_names=dict(group_choices()),
            waiting=waiting,
            indexes=field_indexes.states(),
            may_edit=_may_edit(),
        )

    @expose("/add", methods=["GET", "POST"])
    @requires("edit")
    def add(self) -> ResponseReturnValue:
        owner, kind = request.args.get("owner", ""), request.args.get("kind", "")
        if owner not in owner_names() or kind not in KIND_NAMES:
            raise NotFound
        follows = request.args.get("follows", "")
        return self._form(None, owner, Kind(kind), _field(follows) if follows else None)

    @expose("/<field_id>", methods=["GET", "POST"])
    @requires("edit")
    def edit(self, field_id: str) -> ResponseReturnValue:
        field = _field(field_id)
        return self._form(field, field.owner, field.kind)

    @expose("/<field_id>/delete", methods=["POST"])
    @requires("edit")
    def delete(self, field_id: str) -> ResponseReturnValue:
        """Propose to hide the field; its values stay. A hidden one is proposed to come back."""
        field = _field(field_id)
        gone = "" if field.deleted_on else _today()
        return _propose(field.changed(deleted_on=gone))

    @expose("/proposal/<int:number>", methods=["GET", "POST"])
    @requires("edit")
    def proposal(self, number: int) -> ResponseReturnValue:
        """What the change would do; published with a reason."""
        row, form = _proposal(number), ReasonForm()
        after = Definition.from_plain(row.data)
        now = definitions.published(db.session())
        if form.validate_on_submit():
            try:
                with transaction():
                    field_sets.publish(
                        field_sets.with_followed(after, _today()),
                        reason=form.reason.data or "",
                        by=visitor.account(),
                        seen={after.id: row.seen},
                    )
                    db.session.delete(db.session.get_one(FieldProposal, number))
                follow(now.by_id(after.id), after)
                flash(_("Published. It holds everywhere within three seconds."), "success")
                return redirect(f"/desk/fields/?owner={after.owner}", 303)
            except DeskError as error:
                form.form_errors.append(str(error))
        before = now.by_id(after.id)
        return self.render_template(
            "desk/field_proposal.html",
            said=lambda unfit: unfit.translated(_),
            form=form,
            row=row,
            field=after,
            is_new=before is None,
            found=preview(before, after, now),
            parts=PARTS,
            kinds=KIND_NAMES,
            owners=owner_names(),
        )

    @expose("/proposal/<int:number>/discard", methods=["POST"])
    @requires("edit")
    def discard(self, number: int) -> ResponseReturnValue:
        with transaction():
            row = _proposal(number)
            owner = row.owner
            db.session.delete(row)
        flash(_("The change is discarded."), "success")
        return redirect(f"/desk/fields/?owner={owner}", 303)

    @expose("/misfits")
    @requires("list")
    def misfits(self) -> ResponseReturnValue:
        """Values that no field took: each with its old text and where it belongs."""
        now = definitions.published(db.session())
        query = select(Misfit, Ticket.number).where(_readable_misfits(now))
        query = query.outerjoin(
            Ticket, and_(Misfit.owner == "ticket", Ticket.id == Misfit.row_id, sees_ticket(visitor.standing()))
        )
        rows = [
            (row, now.by_id(row.field_id), number, _why(now.by_id(row.field_id), row.text))
            for row, number in db.session.execute(query.order_by(Misfit.id.desc()).limit(MOST_MISFITS))
        ]
        return self.render_template("desk/misfits.html", rows=rows, owners=owner_names(), may_edit=_may_edit())

    @expose("/misfits/<int:number>/settle", methods=["POST"])
    @requires("edit")
    def settle(self, number: int) -> ResponseReturnValue:
        with transaction():
            row = db.session.get(Misfit, number)
            if row is None:
                raise NotFound
            db.session.delete(row)
        return redirect("/desk/fields/misfits", 303)

    @expose("/history")
    @requires("list")
    def history(self) -> ResponseReturnValue:
        now = definitions.published(db.session())
        return self.render_template(
            "desk/field_history.html",
            sets=history(),
            moves=[(move, now.by_id(move.field_id)) for move in field_moves.moves()],
            form=ReasonForm(),
            may_edit=_may_edit(),
        )

    @expose("/undo/<int:number>", methods=["POST"])
    @requires("edit")
    def undo(self, number: int) -> ResponseReturnValue:
        form = ReasonForm()
        reason = form.reason.data or _("Taken back: number %(number)s", number=number)
        with transaction():
            field_sets.undo(number, reason=reason, by=visitor.account())
        flash(_("The last change is taken back."), "success")
        return redirect("/desk/fields/history", 303)

    def _form(
        self, old: Definition | None, owner: str, kind: Kind, followed: Definition | None = None
    ) -> ResponseReturnValue:
        """The form of a definition. One that takes the place of another begins with what that says."""
        now, like = definitions.published(db.session()), old or followed
        others = [each for each in now.of(owner) if like is None or each.id != like.id]
        form, seen = FieldForm(), str(field_sets.version_numbers().get(like.id, 0) if like is not None else 0)
        form.offer(owner, kind, others)
        if not form.is_submitted():
            form.seen.data = seen
        if not form.is_submitted() and like is not None:
            form.fill(like.changed(kind=kind, default=None) if followed else like, others)
        if form.is_submitted() and form.seen.data != seen:
            form.form_errors.append(str(StaleField()))
            form.seen.data = seen  # whoever sends it again has been told: the proposal shows what it would change
        elif form.validate_on_submit():
            try:
                found = form.definition(old, owner, kind, others)
                if followed is not None:
                    found = found.changed(follows=followed.id, old_names=followed.old_names)
                return _propose(field_sets.renamed(like, found))
            except (Misdefined, BadDefinition) as error:
                form.refuse(error)
        return self.render_template(
            "desk/field.html",
            form=form,
            field=old,
            owner=owner,
            owners=owner_names(),
            kind_name=KIND_NAMES[kind],
            kinds=KIND_NAMES,
        )


def owner_names() -> dict[str, Any]:
    """What fields can belong to: code and name, content types by theirs."""
    found: dict[str, Any] = {"ticket": _("Tickets"), "organisation": _("Organisations"), "account": _("Accounts")}
    for row in db.session.scalars(select(ContentType).order_by(ContentType.position, ContentType.code)):
        found[f"entry:{row.code}"] = row.name(language())
    return found


def _propose(definition: Definition) -> ResponseReturnValue:
    """Keep the change to be looked at. Raises BadDefinition where it could not be published."""
    with transaction():
        seen = field_sets.rehearse(field_sets.with_followed(definition, _today()))
        row = FieldProposal(
            field_id=definition.id,
            seen=seen,
            owner=definition.owner,
            data=definition.to_plain(),
            account_id=visitor.account().id,
        )
        db.session.add(row)
        db.session.flush()
    return redirect(f"/desk/fields/proposal/{row.id}", 303)


def _why(field: Definition | None, came: str) -> str:
    """Why the value is not taken, as the field is now."""
    if field is None:
        return Unfit(Why.UNKNOWN).translated(_)
    try:
        clean(field, from_form(field, came.split(",") if field.kind == Kind.CHOICES else [came]))
    except Unfit as unfit:
        return unfit.translated(_)
    return _("It would be taken now.")


def follow(before: Definition | None, after: Definition) -> None:
    """Let indexes, values and the search follow what was published."""
    ask_for(current_app.extensions["redis"], "index_fields")
    if _is_found_otherwise(before, after):
        ask_for(current_app.extensions["redis"], "index_anew")


def _is_found_otherwise(before: Definition | None, after: Definition) -> bool:
    """Whether the search has to learn anew what tickets say."""
    parts = {"searchable", "read_by", "deleted_on", "options", "groups"}
    return before is not None and before.searchable | after.searchable and bool(parts & set(changes(before, after)))


def _field(field_id: str) -> Definition:
    found = definitions.published_now(db.session()).by_id(field_id)
    if found is None:
        raise NotFound
    return found


def _proposal(number: int) -> FieldProposal:
    row = db.session.get(FieldProposal, number)
    if row is None:
        raise NotFound
    return row


def _today() -> str:
    return utc_now().date().isoformat()


def _readable_misfits(now: definitions.Published) -> ColumnElement[bool]:
    """Whoever administers sees all of them, an auditor those of fields that he reads."""
    standing = visitor.standing()
    if standing.handles_everything:
        return true()
    fields = (each for owner in now.fields.values() for each in owner)
    return Misfit.field_id.in_([each.id for each in fields if not hides(standing, each)])


def _may_edit() -> bool:
    return visitor.may("can_edit", "FieldsView")
