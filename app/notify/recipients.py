"""Who hears of what happened to a ticket, by which letter and why (S16, S22-S26).

`recipients` is pure: it is told what happened and who stands around the ticket. A customer never hears of a note;
nobody hears of his own act; nobody hears twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from app.events.record import EventKind
from app.mail.readers import DESK_LETTERS, FOR_READERS_OF_NOTES
from app.mail.updates import KINDS
from app.models.ticket import MessageKind

# What may be muted, and the letters that it means. What somebody asked for himself always reaches him.
MUTABLE: dict[str, frozenset[str]] = {
    "updates": frozenset({"update"}),
    "comments": frozenset({"new_comment"}),
    "reminders": frozenset({"closes_soon", "follow_up"}),
    "new_tickets": frozenset({"new_ticket"}),
    "notes": frozenset({"noted"}),
    "mentions": frozenset({"mentioned"}),
}
TO_THE_ACTOR_TOO = ("acknowledgement", "confirm_again")  # the latter because nothing proves who acted
FOR_ONE_PERSON = frozenset(
    {*TO_THE_ACTOR_TOO, "assigned", "mentioned", "confirm_call", "confirm_reminder", "term_warning", "term_missed"}
)
WATCHED = "watched"  # every letter about a ticket that one only watches


@dataclass(frozen=True)
class Reader:
    """Somebody who could hear of it. `sees`, `handles`, `reads_notes`: what he may do with the ticket now."""

    id: int
    sees: bool = True
    handles: bool = False
    reads_notes: bool = False
    mutes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Around:
    """Who stands around a ticket."""

    requester: Reader
    assignee: Reader | None = None
    away: bool = False  # the assignee
    substitute: Reader | None = None  # stands in for him meanwhile
    participants: tuple[Reader, ...] = ()
    watchers: tuple[Reader, ...] = ()
    consultants: tuple[Reader, ...] = ()  # of its product group
    managers: tuple[Reader, ...] = ()  # those of them who manage it
    mentioned: tuple[Reader, ...] = ()  # in the message that it is about


@dataclass(frozen=True)
class Happening:
    """What happened, as far as it matters to who hears of it."""

    kind: EventKind
    actor: int | None = None
    message: str | None = None  # the kind of the message that it is about
    automatic: bool = False  # a machine wrote that message
    verified: bool = True  # its author has shown who he is
    with_reply: bool = False  # the same act wrote a message, which tells it
    with_resolution: bool = False  # the same act resolved the ticket
    told: frozenset[int] = field(default_factory=frozenset)  # readers to whom an earlier letter has told it
    by_call: bool = False  # a consultant wrote it down for a caller, who has to confirm it (S6)
    awaits: bool = False  # the ticket still waits for that
    late: bool = False  # the caller confirmed when the time had passed
    begins: bool = False  # the ticket came to a state of nobody's having taken it up


@dataclass(frozen=True)
class Notice:
    """One reader, one letter, and why he gets it."""

    reader: int
    template: str
    reason: str


def recipients(what: Happening, around: Around) -> list[Notice]:
    """Everybody who hears of it, in the order of what concerns him most; one letter a reader."""
    notices: dict[int, Notice] = {}
    for reader, template, reason in _candidates(what, around):
        own_act = reader.id == what.actor and template not in TO_THE_ACTOR_TOO
        if reader.id in notices or own_act or reader.id in what.told or not _may_get(reader, template):
            continue
        if not _is_muted(reader, template, reason):
            notices[reader.id] = Notice(reader.id, template, reason)
    return list(notices.values())


Candidate = tuple[Reader, str, str]


def _candidates(what: Happening, around: Around) -> Iterator[Candidate]:
    templates = _templates(what)
    for side, template in templates:
        yield from SIDES[side](around, template)
    if not templates:
        return
    for watcher in around.watchers:
        for template in _for_watcher(watcher, [template for _side, template in templates]):
            yield watcher, template, "watcher"


def _for_watcher(watcher: Reader, templates: list[str]) -> list[str]:
    """A watcher of the desk reads what the desk reads, unless that is meant for one person; else what customers do."""
    common = [template for template in templates if template not in FOR_ONE_PERSON]
    own = [template for template in common if (template in DESK_LETTERS) == watcher.handles]
    return (own or [template for template in common if template not in DESK_LETTERS])[:1]


def _templates(what: Happening) -> list[tuple[str, str]]:
    """The letters that this happening asks for, each with the side that gets it."""
    match what.kind:
        case EventKind.OPENED:
            thanks = "confirm_call" if what.by_call else "acknowledgement"
            silent = what.automatic and not what.by_call
            return [*([] if silent else [("requester", thanks)]), ("consultants", "new_ticket")]
        case EventKind.CUSTOMER_REPLIED:
            return _replied(what)
        case EventKind.CONSULTANT_REPLIED:
            return [("customers", "solution" if what.with_resolution else "answer")]
        case EventKind.MOVED_IN:
            return [("responsible", "customer_replied")] if what.message == MessageKind.CUSTOMER else []
        case EventKind.NOTED:
            return [("mentioned", "mentioned"), ("assignee", "noted")]
        case EventKind.ATTACHED:
            return _attached(what)
        case EventKind.ASSIGNED:
            return [("assignee", "assigned"), *_update(what)]
        case EventKind.RESOLVED | EventKind.CLOSES_SOON | EventKind.MERGED:
            return [("customers", str(what.kind))]
        case EventKind.CLOSED:
            return [("customers", "closed"), ("assignee", "closed_by_customer")]
        case EventKind.REOPENED:
            again = [] if what.with_reply else [("responsible", "reopened_by_customer")]
            return [("customers", "reopened"), *again]
        case EventKind.FOLLOW_UP_DUE:
            return [("responsible", "follow_up")]
        case EventKind.WARNED:
            return [("responsible", "term_warning")]
        case EventKind.ESCALATED:
            return [("assignee", "term_missed"), ("managers", "term_missed")]
        case EventKind.REMINDED:
            return [("requester", "confirm_reminder")] if what.awaits else []
        case EventKind.CONFIRMED:
            return [("responsible", "call_confirmed"), *([("customers", "reopened")] if what.late else [])]
        case EventKind.LAPSED:
            return [("customers", "call_lapsed"), ("responsible", "call_lapsed_unconfirmed")]
        case EventKind.TRANSFERRED:
            return [("consultants", "new_ticket"), *_update(what)]
        case kind if kind in KINDS:
            return _update(what)
    return []


def _replied(what: Happening) -> list[tuple[str, str]]:
    """What came under a name that nothing proves is never sent on to customers as a letter of ours; of a call that
    waits to be confirmed the caller is asked once more."""
    again = [("requester", "confirm_again")] if what.awaits else []
    return [("responsible", "customer_replied"), *([("customers", "new_comment")] if what.verified else again)]


def _attached(what: Happening) -> list[tuple[str, str]]:
    """A file that came later is told as its message was."""
    if what.message == MessageKind.CUSTOMER:
        return _replied(what)
    if what.message == MessageKind.CONSULTANT:
        return [("customers", "answer")]
    return [("assignee", "noted")] if what.message == MessageKind.NOTE else []


def _update(what: Happening) -> list[tuple[str, str]]:
    """S26. What an answer did was told by the answer; that a ticket is new again is nobody's news."""
    return [] if what.with_reply or what.begins else [("customers", "update")]


def _requester(around: Around, template: str) -> Iterator[Candidate]:
    yield around.requester, template, "requester"


def _customers(around: Around, template: str) -> Iterator[Candidate]:
    yield from _requester(around, template)
    for reader in around.participants:
        yield reader, template, "participant"


def _assignee(around: Around, template: str) -> Iterator[Candidate]:
    if around.assignee is not None:
        yield around.assignee, template, "assignee"
    if around.substitute is not None:
        yield around.substitute, template, "substitute"


def _consultants(around: Around, template: str) -> Iterator[Candidate]:
    for reader in around.consultants:
        yield reader, template, "consultant"


def _mentioned(around: Around, template: str) -> Iterator[Candidate]:
    for reader in around.mentioned:
        yield reader, template, "mentioned"


def _responsible(around: Around, template: str) -> Iterator[Candidate]:
    """The assignee; while there is none who may act and is there, every consultant of the product group."""
    there = around.substitute if around.away else around.assignee
    has_one = there is not None and there.handles
    yield from _assignee(around, template) if has_one else _consultants(around, template)


def _managers(around: Around, template: str) -> Iterator[Candidate]:
    """Who manages the product group; where nobody does, everybody who answers for it."""
    managers = [reader for reader in around.managers if reader.handles]
    for reader in managers:
        yield reader, template, "manager"
    if not managers:
        yield from _consultants(around, template)


SIDES: dict[str, Callable[[Around, str], Iterator[Candidate]]] = {
    "requester": _requester,
    "customers": _customers,
    "assignee": _assignee,
    "consultants": _consultants,
    "managers": _managers,
    "responsible": _responsible,
    "mentioned": _mentioned,
}


def _may_get(reader: Reader, template: str) -> bool:
    if template in FOR_READERS_OF_NOTES:
        return reader.reads_notes
    return reader.handles if template in DESK_LETTERS else reader.sees


def _is_muted(reader: Reader, template: str, reason: str) -> bool:
    if reason == "watcher" and WATCHED in reader.mutes:
        return True
    return any(template in MUTABLE[choice] for choice in reader.mutes if choice in MUTABLE)
