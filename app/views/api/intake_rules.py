"""Rules about incoming letters by API: kept, changed, removed, and tried on the letters that came last."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Response, jsonify, request
from flask_appbuilder.api import expose, permission_name, protect
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app.access import sees_journal, sees_settings
from app.extensions import db
from app.mail.rules import CONDITIONS, MOST_REHEARSED, NEEDED, Rehearsed, needs, rehearse
from app.models.intake_rule import IntakeRule
from app.views import visitor
from app.views.admin.settings import NotSaved
from app.views.api import relations
from app.views.api.asked import Filterable
from app.views.api.bodies import IntakeRuleChange, NewIntakeRule
from app.views.api.refusals import Unfit
from app.views.api.resource import Resource
from app.views.api.schemas import IntakeRuleSchema, item_of
from app.views.api.writing import Changeable, Given, Postable, Removable
from app.views.desk.grid import visible

USUAL = 50


class IntakeRuleApi(Changeable, Postable, Removable):
    resource_name = "intake_rule"
    datamodel = Resource.over(IntakeRule)
    clause = staticmethod(sees_settings)
    base_filters = visible(sees_settings)
    include_route_methods: ClassVar[set[str]] = {*Postable.include_route_methods, "put", "delete", "rehearsal"}
    list_model_schema, show_model_schema = IntakeRuleSchema(), item_of(IntakeRuleSchema)
    add_model_schema, edit_model_schema = NewIntakeRule(), IntakeRuleChange()
    list_columns = show_columns = list(IntakeRuleSchema._declared_fields)
    eager = (joinedload(IntakeRule.mailbox), joinedload(IntakeRule.product_group))
    filterable = {
        "id": Filterable(IntakeRule.id),
        "name": Filterable(IntakeRule.name),
        "act": Filterable(IntakeRule.act),
        "mailbox": Filterable(IntakeRule.mailbox_id, relation=True),
        "active": Filterable(IntakeRule.active),
    }
    sortable = {"id": IntakeRule.id, "position": IntakeRule.position}

    def add(self, given: Given, _prepared: Any) -> IntakeRule:
        rule = IntakeRule(active=True, position=10)
        _fill(rule, given)
        return rule

    def change(self, pk: int, given: Given) -> None:
        _fill(relations.intake_rule(pk), given)

    def remove(self, pk: int) -> None:
        """What it decided stays as it is."""
        db.session.delete(relations.intake_rule(pk))

    @expose("/rehearsal", methods=["GET"])
    @protect()
    @permission_name("get")
    def rehearsal(self) -> Response:
        """What the rules in force would do with the letters that came last; nothing changes.
        ---
        get:
          parameters:
          - in: query
            name: number
            description: How many letters, at most 200
            schema: {type: integer, minimum: 1, maximum: 200, default: 50}
          responses:
            200:
              description: The letters, the newest first
              content:
                application/json:
                  schema:
                    type: object
                    required: [result]
                    properties:
                      result:
                        type: array
                        items:
                          type: object
                          required: [journal, rules, act, reason, product_group, priority, tags]
                          properties:
                            journal: {type: integer}
                            rules: {type: array, items: {type: string}}
                            act: {type: [string, 'null']}
                            reason: {type: [string, 'null']}
                            product_group: {type: [integer, 'null']}
                            priority: {type: [string, 'null']}
                            tags: {type: array, items: {type: string}}
        """
        asked = request.args.get("number", str(USUAL))
        if not (asked.isascii() and asked.isdigit() and 0 < int(asked[:6]) <= MOST_REHEARSED):
            wrong = _("This may be from %(least)s to %(most)s.", least=1, most=MOST_REHEARSED)
            raise Unfit({"number": wrong})
        letters = rehearse(sees_journal(visitor.standing()), int(asked))
        return jsonify(result=[_shown(each) for each in letters])


def _shown(rehearsed: Rehearsed) -> dict[str, Any]:
    effects = rehearsed.effects
    return {
        "journal": rehearsed.entry.id,
        "rules": list(effects.names),
        "act": effects.decision.act if effects.decision else None,
        "reason": (effects.decision.words or effects.decision.name) if effects.decision else None,
        "product_group": effects.group.id if effects.group else None,
        "priority": effects.priority,
        "tags": list(effects.tags),
    }


def _fill(rule: IntakeRule, given: Given) -> None:
    """Write the keys into the rule, as its page does. Raises Missing, Unfit, NotSaved."""
    said = dict(given)
    with db.session.no_autoflush:  # half of a rule is none
        if "product_group" in said:
            rule.product_group = relations.any_product_group(said.pop("product_group"))
        if "mailbox" in said:
            rule.mailbox = relations.mailbox(said.pop("mailbox"))
        if "priority" in said:
            rule.priority = said.pop("priority") or ""
        for name, value in said.items():
            setattr(rule, name, value)
        _check(rule)
    db.session.add(rule)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise NotSaved from error


def _check(rule: IntakeRule) -> None:
    """The rules of the page. Raises Unfit."""
    holder = db.session.scalar(select(IntakeRule.id).where(IntakeRule.name == rule.name))
    if holder not in (None, rule.id):
        raise Unfit({"name": _("This is taken already.")})
    lacking = needs(rule.act, {name: getattr(rule, name) for name in (*CONDITIONS, *NEEDED.values())})
    if lacking == "act":
        raise Unfit({"act": _("Give at least one condition; else the rule would hold for every letter.")})
    if lacking:
        raise Unfit({lacking: _("This key is needed.")})
