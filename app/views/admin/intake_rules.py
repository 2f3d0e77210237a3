"""What shall become of letters of a certain look, and a rehearsal on the letters that came last."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms import BooleanField, Field, Form, IntegerField, SelectField, ValidationError
from wtforms.validators import NumberRange, Optional

from app.access import sees_journal
from app.events.transaction import transaction
from app.extensions import db
from app.mail.names import PRIORITY_NAMES
from app.mail.rules import MOST_REHEARSED, Effects, needs, rehearse
from app.models.intake_rule import IntakeRule, RuleAct
from app.models.mailbox import Mailbox
from app.models.ranges import Order
from app.views import visitor
from app.views.admin.fields import REQUIRED, Free, text
from app.views.admin.levels import EVERY
from app.views.admin.settings import SettingsView
from app.views.desk.grid import ROW_ID
from app.views.doors import requires
from app.views.reference import group_choices

ACTS: dict[str, Any] = {
    RuleAct.REJECT: _l("Reject it; the reason is shown in the journal"),
    RuleAct.AUTOMATIC: _l("File it as an automatic letter"),
    RuleAct.NOT_SURE: _l("Let a consultant look at it"),
    RuleAct.GROUP: _l("Begin its ticket in the product group"),
    RuleAct.PRIORITY: _l("Give its ticket the priority"),
    RuleAct.TAG: _l("Give its ticket the tag"),
}
USUAL = 50


class CanBeUsed:
    """Refuses a rule that names no condition, or not what its act needs."""

    def __call__(self, form: Form, field: Field) -> None:
        fields = {name.removesuffix("_id"): each for name, each in form._fields.items()}
        lacking = needs(field.data, {name: each.data for name, each in fields.items()})
        if lacking == "act":
            raise ValidationError(_("Give at least one condition; else the rule would hold for every letter."))
        if lacking:
            raise ValidationError(_("Fill in: %(field)s.", field=fields[lacking].label.text))


def _id_or_none(value: Any) -> int | None:
    return int(value) if str(value).isdecimal() else None


def _mailboxes() -> list[tuple[str, Any]]:
    rows = db.session.execute(select(Mailbox.id, Mailbox.name).order_by(Mailbox.name).limit(200))
    return [EVERY, *((str(row.id), row.name) for row in rows)]


def wanted(effects: Effects) -> str:
    """What rules want of a letter, in words."""
    said = []
    if effects.decision is not None:
        said.append(f"{ACTS[effects.decision.act]}: {effects.decision.words}".removesuffix(": "))
    if effects.group is not None:
        said.append(f"{ACTS[RuleAct.GROUP]} {effects.group.name}")
    if effects.priority is not None:
        said.append(f"{ACTS[RuleAct.PRIORITY]} {PRIORITY_NAMES.get(effects.priority, effects.priority)}")
    return "; ".join([*said, *(f"{ACTS[RuleAct.TAG]} {tag}" for tag in effects.tags)])


class IntakeRuleModelView(SettingsView):
    route_base = "/desk/intake-rules"
    datamodel = SettingsView.over(IntakeRule)
    include_route_methods = {*SettingsView.include_route_methods, "rehearse", "forget"}
    order = Order(IntakeRule.position, IntakeRule.id, descending=False)
    eager = (joinedload(IntakeRule.mailbox), joinedload(IntakeRule.product_group))
    list_title = _l("Rules for incoming letters")
    add_title = _l("Add a rule")
    edit_title = _l("Change the rule")
    hint = _l(
        "They are asked in their order when a letter has arrived. The first that rejects or files it, or leaves it to a"
        " consultant, decides; the others say what a new ticket is like. The letter itself is always kept."
    )
    label_columns = {
        "name": _l("Name"),
        "position": _l("Order"),
        "mailbox": _l("Mailbox"),
        "sender": _l("Sender"),
        "subject": _l("Words of the subject"),
        "header": _l("Header"),
        "holds": _l("Words of the header"),
        "larger_than": _l("Larger than, KiB"),
        "act": _l("What happens"),
        "words": _l("Reason or tag"),
        "product_group": _l("Product group"),
        "priority": _l("Priority"),
        "active": _l("Active"),
    }
    list_columns = ["position", "name", "act", "sender", "subject", "header", "mailbox", "active"]
    show_columns = [*label_columns]
    add_columns = edit_columns = [
        *("name", "position", "mailbox_id", "sender", "subject", "header", "holds", "larger_than", "act", "words"),
        *("product_group_id", "priority", "active"),
    ]
    add_form_extra_fields = edit_form_extra_fields = {
        "name": text(_l("Name"), REQUIRED, Free(IntakeRule.name), longest=80),
        "position": IntegerField(_l("Order"), default=10, validators=[NumberRange(0, 10_000)]),
        "mailbox_id": SelectField(_l("Mailbox"), coerce=_id_or_none, choices=_mailboxes),
        "sender": text(_l("Sender"), longest=320, hint=_l("A whole address, or @company.example for all of a domain.")),
        "subject": text(_l("Words of the subject"), longest=200),
        "header": text(_l("Header"), longest=80, hint=_l("Its name, as in List-Id. It holds where the letter has it.")),
        "holds": text(_l("Words of the header"), longest=200),
        "larger_than": IntegerField(_l("Larger than, KiB"), validators=[Optional(), NumberRange(1, 1_000_000)]),
        "act": SelectField(_l("What happens"), choices=[*ACTS.items()], validators=[CanBeUsed()]),
        "words": text(_l("Reason or tag"), longest=200),
        "product_group_id": SelectField(
            _l("Product group"), coerce=_id_or_none, choices=lambda: [("", "–"), *group_choices()]
        ),
        "priority": SelectField(_l("Priority"), choices=[("", "–"), *PRIORITY_NAMES.items()]),
        "active": BooleanField(_l("Active"), default=True),
    }
    formatters_columns = {
        "act": lambda row: ACTS.get(row.act, row.act),
        "mailbox": lambda row: row.mailbox.name if row.mailbox else _("Every"),
        "priority": lambda row: PRIORITY_NAMES.get(row.priority, "–"),
        "product_group": lambda row: row.product_group or "–",
    }

    def whole(self) -> list[tuple[str, str]]:
        return [(_("Try the rules"), self.address("rehearse"))]

    def acts(self, row: IntakeRule) -> list[tuple[Any, str]]:
        return [(_("Remove the rule"), self.address(f"show/{row.id}/forget"))] if self.offers("edit") else []

    @expose(f"/show/{ROW_ID}/forget", methods=["POST"])
    @requires("edit")
    def forget(self, pk: int) -> ResponseReturnValue:
        """Remove the rule. What it decided stays as it is."""
        with transaction():
            db.session.delete(self.row(pk))
        flash(_("The rule is removed. What it decided stays as it is."), "success")
        return redirect(self.address("list/"), 303)

    @expose("/rehearse")
    @requires("list")
    def rehearse(self) -> ResponseReturnValue:
        """What each rule would do with the letters that came last. Nothing changes."""
        asked = request.args.get("number", "")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else USUAL
        return self.render_template(
            "desk/rehearsal.html",
            rehearsed=rehearse(sees_journal(visitor.standing()), number),
            wanted=wanted,
            number=min(number, MOST_REHEARSED),
            most=MOST_REHEARSED,
            view=self,
        )
