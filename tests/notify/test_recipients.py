"""Who hears of what and why: a pure function, so its tests are tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.events.record import EventKind
from app.mail.readers import DESK_LETTERS
from app.mail.updates import KINDS
from app.notify.recipients import MUTABLE, WATCHED, Around, Happening, Notice, Reader, recipients

ANNA, PIOTR, EWA, JAN, WATCHING, COLLEAGUE = range(1, 7)
DESK = {"handles": True}
AROUND = Around(
    requester=Reader(ANNA),
    assignee=Reader(EWA, **DESK),
    participants=(Reader(PIOTR),),
    watchers=(Reader(WATCHING, **DESK), Reader(COLLEAGUE), Reader(ANNA)),
    consultants=(Reader(EWA, **DESK), Reader(JAN, **DESK)),
)
CUSTOMERS = {ANNA: "requester", PIOTR: "participant", COLLEAGUE: "watcher"}


def heard(what: Happening, around: Around = AROUND) -> dict[int, tuple[str, str]]:
    told = recipients(what, around)
    assert len({notice.reader for notice in told}) == len(told), "nobody hears twice"
    return {notice.reader: (notice.template, notice.reason) for notice in told}


TABLE: list[tuple[str, Happening, dict[int, tuple[str, str]]]] = [
    (
        "a new ticket",
        Happening(EventKind.OPENED, ANNA),
        {
            ANNA: ("acknowledgement", "requester"),
            EWA: ("new_ticket", "consultant"),
            JAN: ("new_ticket", "consultant"),
            WATCHING: ("new_ticket", "watcher"),
        },
    ),
    (
        "a machine's letter is not acknowledged",
        Happening(EventKind.OPENED, ANNA, automatic=True),
        {
            EWA: ("new_ticket", "consultant"),
            JAN: ("new_ticket", "consultant"),
            WATCHING: ("new_ticket", "watcher"),
        },
    ),
    (
        "an answer",
        Happening(EventKind.CONSULTANT_REPLIED, EWA, message="consultant"),
        {reader: ("answer", why) for reader, why in {**CUSTOMERS, WATCHING: "watcher"}.items()},
    ),
    (
        "an answer that resolves",
        Happening(EventKind.CONSULTANT_REPLIED, EWA, with_resolution=True),
        {reader: ("solution", why) for reader, why in {**CUSTOMERS, WATCHING: "watcher"}.items()},
    ),
    (
        "a colleague's words",
        Happening(EventKind.CUSTOMER_REPLIED, PIOTR, message="customer"),
        {
            EWA: ("customer_replied", "assignee"),
            ANNA: ("new_comment", "requester"),
            WATCHING: ("customer_replied", "watcher"),
            COLLEAGUE: ("new_comment", "watcher"),
        },
    ),
    (
        "words of somebody unverified go to no customer",
        Happening(EventKind.CUSTOMER_REPLIED, 99, verified=False),
        {EWA: ("customer_replied", "assignee"), WATCHING: ("customer_replied", "watcher")},
    ),
    ("a note", Happening(EventKind.NOTED, JAN), {EWA: ("noted", "assignee"), WATCHING: ("noted", "watcher")}),
    (
        "a note's file",
        Happening(EventKind.ATTACHED, JAN, message="note"),
        {EWA: ("noted", "assignee"), WATCHING: ("noted", "watcher")},
    ),
    ("one's own act", Happening(EventKind.ASSIGNED, EWA, with_reply=True), {}),
    ("what an answer did", Happening(EventKind.MOVED, EWA, with_reply=True), {}),
    ("a ticket that is new again", Happening(EventKind.MOVED, EWA, begins=True), {}),
    ("tags", Happening(EventKind.TAGGED, EWA), {}),
    ("a link with a stranger's ticket", Happening(EventKind.LINKED_ELSEWHERE, EWA), {}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_who_hears_of_what(what: Happening, expected: dict[int, tuple[str, str]]) -> None:
    assert heard(what) == expected


def test_whom_a_note_speaks_to_reads_notes_and_hears_of_it_so() -> None:
    note, reading = Happening(EventKind.NOTED, JAN), {"handles": False, "reads_notes": True}
    around = replace(AROUND, mentioned=(Reader(EWA, **DESK, reads_notes=True), Reader(9, **reading), Reader(ANNA)))
    told = {EWA: ("mentioned", "mentioned"), 9: ("mentioned", "mentioned"), WATCHING: ("noted", "watcher")}
    assert heard(note, around) == told
    mutes = frozenset({"mentions"})
    deaf = replace(
        around, mentioned=(Reader(EWA, **DESK, reads_notes=True, mutes=mutes), Reader(9, **reading, mutes=mutes))
    )
    assert heard(note, deaf) == {EWA: ("noted", "assignee"), WATCHING: ("noted", "watcher")}


@pytest.mark.parametrize("kind", KINDS)
def test_customers_hear_of_every_update(kind: EventKind) -> None:
    told = heard(Happening(kind, EWA))
    assert {key: why for key, (template, why) in told.items() if template == "update"}.items() >= CUSTOMERS.items()


@pytest.mark.parametrize("kind", list(EventKind))
@pytest.mark.parametrize("actor", [ANNA, PIOTR, EWA, JAN, WATCHING, COLLEAGUE, None])
def test_what_always_holds(kind: EventKind, actor: int | None) -> None:
    for message in ("customer", "consultant", "note", None):
        told = heard(Happening(kind, actor, message=message))
        assert actor not in told or told[actor][0] == "acknowledgement", "nobody hears of his own act"
        desk = {reader for reader, (template, _why) in told.items() if template in DESK_LETTERS}
        assert desk <= {EWA, JAN, WATCHING}, "no customer gets a letter of the desk"
        if kind is EventKind.NOTED or (kind is EventKind.ATTACHED and message == "note"):
            assert not set(told) & set(CUSTOMERS), "no customer hears of a note"


def test_a_missed_time_is_told_to_managers_first() -> None:
    missed = Happening(EventKind.ESCALATED)
    nobody_manages = {EWA: ("term_missed", "assignee"), JAN: ("term_missed", "consultant")}
    assert heard(missed) == nobody_manages
    assert heard(missed, replace(AROUND, managers=(Reader(JAN),))) == nobody_manages, "one who may act no more"
    third = Reader(9, **DESK)
    around = replace(AROUND, consultants=(*AROUND.consultants, third), managers=(third,))
    assert heard(missed, around) == {EWA: ("term_missed", "assignee"), 9: ("term_missed", "manager")}


def test_who_lost_his_access_hears_nothing() -> None:
    gone = Around(requester=Reader(ANNA, sees=False), assignee=Reader(EWA, handles=False), consultants=())
    for kind in EventKind:
        told = recipients(Happening(kind, None), gone)
        assert ANNA not in [notice.reader for notice in told]
        assert not [notice for notice in told if notice.template in DESK_LETTERS]


def test_an_assignee_who_may_act_no_more_leaves_it_to_the_group() -> None:
    around = replace(AROUND, assignee=Reader(EWA, sees=False), consultants=(Reader(JAN, **DESK),), watchers=())
    assert heard(Happening(EventKind.CUSTOMER_REPLIED, ANNA), around)[JAN] == ("customer_replied", "consultant")


@pytest.mark.parametrize("choice", MUTABLE)
def test_what_is_muted_does_not_come_and_all_else_does(choice: str) -> None:
    mute = frozenset({choice, "no such thing"})
    around = replace(
        AROUND,
        requester=Reader(ANNA, mutes=mute),
        consultants=tuple(replace(reader, mutes=mute) for reader in AROUND.consultants),
        watchers=(),
    )
    for kind in EventKind:
        what = Happening(kind, PIOTR, message="customer")
        kept = {key: told for key, told in heard(what, replace(AROUND, watchers=())).items() if key in (ANNA, JAN)}
        expected = {key: told for key, told in kept.items() if told[0] not in MUTABLE[choice]}
        assert {key: told for key, told in heard(what, around).items() if key in (ANNA, JAN)} == expected


def test_the_requester_cannot_mute_what_he_asked_for() -> None:
    deaf = Reader(ANNA, mutes=frozenset({*MUTABLE, WATCHED}))
    for kind, template in (
        (EventKind.OPENED, "acknowledgement"),
        (EventKind.CONSULTANT_REPLIED, "answer"),
        (EventKind.RESOLVED, "resolved"),
        (EventKind.CLOSED, "closed"),
    ):
        actor = ANNA if kind is EventKind.OPENED else EWA
        assert Notice(ANNA, template, "requester") in recipients(Happening(kind, actor), Around(requester=deaf))


def test_who_only_watches_may_stop_hearing_without_losing_his_place() -> None:
    around = replace(AROUND, watchers=(Reader(COLLEAGUE, mutes=frozenset({WATCHED})),))
    assert COLLEAGUE not in heard(Happening(EventKind.CONSULTANT_REPLIED, EWA), around)


def test_who_stands_in_hears_with_the_assignee_who_is_away() -> None:
    around = replace(AROUND, away=True, substitute=Reader(JAN, **DESK), watchers=())
    replied = heard(Happening(EventKind.CUSTOMER_REPLIED, ANNA), around)
    assert {EWA: "assignee", JAN: "substitute"}.items() <= {who: why for who, (_what, why) in replied.items()}.items()


def test_while_he_is_away_and_nobody_may_stand_in_the_group_hears() -> None:
    for substitute in (None, Reader(COLLEAGUE)):
        around = replace(AROUND, away=True, substitute=substitute, watchers=())
        told = heard(Happening(EventKind.CUSTOMER_REPLIED, ANNA), around)
        assert told[JAN] == ("customer_replied", "consultant")
        assert COLLEAGUE not in told
