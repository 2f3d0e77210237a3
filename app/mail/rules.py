"""The desk's own rules about letters: which of them a letter meets, and what they would do with the last ones.

They look for plain words, so that no rule can be wrong in form or slow; one that cannot be used is passed over.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.files.store import FileStore
from app.mail.headers import decode_words
from app.mail.letter import Understood
from app.mail.parse import head
from app.models.intake_rule import DECIDING, IntakeRule, RuleAct
from app.models.journal import JournalEntry
from app.models.product_group import ProductGroup
from app.models.ticket import Priority

MOST_REHEARSED = 200
CONDITIONS = ("mailbox", "sender", "subject", "header", "larger_than")
NEEDED = {
    RuleAct.REJECT: "words",
    RuleAct.TAG: "words",
    RuleAct.GROUP: "product_group",
    RuleAct.PRIORITY: "priority",
}
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Effects:
    """What the rules want. The first that decides counts; of each other act the first, of tags all."""

    decision: IntakeRule | None = None
    group: ProductGroup | None = None
    priority: str | None = None
    tags: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  # of the rules that have a say


@dataclass(frozen=True)
class Rehearsed:
    """A letter of the journal, and what the rules would want of it if it came now."""

    entry: JournalEntry
    effects: Effects


def needs(act: str, given: Mapping[str, Any]) -> str | None:
    """What a rule lacks to be used: a part by its name, "act" where it names no condition; None where it is whole."""
    if not any(given.get(name) for name in CONDITIONS):
        return "act"
    needed = NEEDED.get(RuleAct(act))
    return needed if needed and not given.get(needed) else None


def rules_in_force() -> Sequence[IntakeRule]:
    """The active rules in their order."""
    query = select(IntakeRule).where(IntakeRule.active).options(joinedload(IntakeRule.product_group))
    return db.session.scalars(query.order_by(IntakeRule.position, IntakeRule.id)).all()


def effects(rules: Sequence[IntakeRule], letter: Understood, *, size: int, mailbox_id: int | None) -> Effects:
    """What these rules want of the letter. A rule that fails is logged and passed over: mail goes on."""
    found = Effects()
    for rule in rules:
        try:
            if found.decision is None and meets(rule, letter, size=size, mailbox_id=mailbox_id):
                found = _with(found, rule)
        except Exception:  # Whatever is wrong with a rule, the letter is taken.
            log.exception("The intake rule %d could not be used", rule.id)
    return found


def meets(rule: IntakeRule, letter: Understood, *, size: int, mailbox_id: int | None) -> bool:
    """Whether the letter meets every condition of the rule. A rule without any holds for no letter."""
    sender = letter.sender.address.lower() if letter.sender else ""
    asked = [
        (rule.mailbox_id is not None, rule.mailbox_id == mailbox_id),
        (bool(rule.sender), bool(sender) and _is_from(sender, rule.sender.lower())),
        (bool(rule.subject), rule.subject.lower() in letter.subject.lower()),
        (bool(rule.header), _holds(letter.headers.get(rule.header.lower()), rule.holds.lower())),
        (rule.larger_than is not None, size > (rule.larger_than or 0) * 1024),
    ]
    return any(is_asked for is_asked, _holds in asked) and all(holds for is_asked, holds in asked if is_asked)


def rehearse(clause: ColumnElement[bool], number: int) -> list[Rehearsed]:
    """What the rules would want of the newest letters; nothing changes. Letters whose file is gone are left out."""
    rules = rules_in_force()
    query = select(JournalEntry).where(clause).order_by(JournalEntry.id.desc()).limit(min(number, MOST_REHEARSED))
    found = []
    files: FileStore = current_app.extensions["files"]
    for entry in db.session.scalars(query.options(joinedload(JournalEntry.mailbox))):
        try:
            letter = head(files.get(entry.sha256))
        except OSError:
            continue
        found.append(Rehearsed(entry, effects(rules, letter, size=entry.size, mailbox_id=entry.mailbox_id)))
    return found


def _with(found: Effects, rule: IntakeRule) -> Effects:
    group, priority, tags, decision = found.group, found.priority, found.tags, found.decision
    match rule.act:
        case RuleAct.GROUP if group is None and rule.product_group is not None and rule.product_group.active:
            group = rule.product_group
        case RuleAct.PRIORITY if priority is None and rule.priority in list(Priority):
            priority = rule.priority
        case RuleAct.TAG if rule.words and rule.words not in tags:
            tags = (*tags, rule.words)
        case act if act in DECIDING:
            decision = rule
        case _:
            return found
    return Effects(decision, group, priority, tags, (*found.names, rule.name))


def _is_from(sender: str, wanted: str) -> bool:
    """A whole address, or a domain with the @ before it and its subdomains."""
    if not wanted.startswith("@"):
        return sender == wanted
    return sender.endswith(wanted) or sender.endswith(f".{wanted[1:]}")


def _holds(values: Sequence[str] | None, words: str) -> bool:
    return values is not None and (not words or any(words in decode_words(value).lower() for value in values))
