"""What administrators chose goes from desk to desk: planned, applied whole or not at all, and undone (C8)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.accounts import roles
from app.broken_rule import BrokenRule
from app.calendar.plain import from_plain
from app.catalogs import live, translating
from app.catalogs.sources import key_of, sources
from app.desk import calendars, field_sets, states
from app.events.transaction import transaction
from app.extensions import db
from app.fields import Definition
from app.fields.definition import Kind
from app.locale import SPOKEN
from app.mail import texts
from app.models.all import (
    IntakeRule,
    Mailbox,
    MailDomain,
    ProductGroup,
    SavedView,
    ServiceLevel,
    StableId,
    State,
    Tag,
    Version,
)
from app.transfer.apply import ChangedSince, NotApplicable, apply
from app.transfer.compare import Plan, compare, look
from app.transfer.files import Items, NotReadable, TooNew, read, written
from app.transfer.kinds import KINDS

AUDITOR = {"kind": "auditor", "abilities": ["everything"], "name_pl": None, "name_en": None}


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def exported() -> str:
    with transaction():
        return written(look().items())


def planned(text: str, **answers: str) -> Plan:
    with transaction():
        return compare(read(text), answers)


def applied(text: str, since: str | None = None, **answers: str) -> Plan:
    with transaction():
        return apply(read(text), answers, since=since, by=None)


def acts(plan: Plan) -> set[tuple[str, str, str]]:
    return {(change.act, change.kind, change.name) for change in plan.changes}


def changed(text: str, change: Callable[[dict[str, dict[str, dict[str, object]]]], object]) -> str:
    """The file after somebody edited it."""
    whole = json.loads(text)
    change(whole["items"])
    return json.dumps(whole)


def group() -> ProductGroup:
    return db.session.scalars(select(ProductGroup).where(ProductGroup.name == "TARGIT")).one()


def shape_the_desk() -> None:
    """Something of every kind."""
    with transaction():
        home = calendars.add_calendar(replace(from_plain(group().calendar.definition), name="Nocny"))
        db.session.flush()
        db.session.add(ProductGroup(name="SZKOLENIA", menu_digit="5", position=9, calendar_id=home.id))
        db.session.flush()
        new = db.session.scalars(select(ProductGroup).where(ProductGroup.name == "SZKOLENIA")).one()
        db.session.add(
            Mailbox(address="szkolenia@pomoc.example", name="Szkolenia", product_group_id=new.id, active=True)
        )
        db.session.add(ServiceLevel(name="Szybko", product_group_id=new.id, first_minutes=60))
        db.session.add(IntakeRule(name="Gazetki", act="automatic", sender="@gazetka.example", product_group_id=None))
        db.session.add(MailDomain(domain="gazetka.example", allowed=False))
        db.session.add(Tag(name="pilne"))
        state = states.add_state(kind="open", name_pl="U dewelopera", name_en="With a developer", position=40)  # type: ignore[arg-type]
        states.set_moves(state, [("open", "consultant")])  # type: ignore[list-item]
        texts.save("acknowledgement", "pl", texts.shipped("acknowledgement", "pl") or "", by=None)
        role = roles.role_of_code("auditor")
        role.abilities = []
        roles.write_out(role)
        serial = Definition("a" * 32, "ticket", Kind.TEXT, "serial", {"pl": "Numer", "en": "Number"}, groups=(new.id,))
        field_sets.publish([serial], reason="Numery", by=None)


def test_two_exports_are_the_same_bytes_and_say_nothing_of_people() -> None:
    shape_the_desk()
    text = exported()
    assert exported() == text
    items = json.loads(text)["items"]
    assert set(items) == {kind.name for kind in KINDS}
    assert items.pop("glossary_term"), "which speaks of passwords"
    for word in ("password", "secret", "@klient", "organisation"):
        assert word not in json.dumps(items)


def test_a_desk_is_as_its_own_export_says() -> None:
    shape_the_desk()
    assert planned(exported()).is_empty


def test_an_earlier_export_undoes_what_came_after_and_the_later_brings_it_back() -> None:
    before = exported()
    shape_the_desk()
    after = exported()
    undone = applied(before)
    assert ("remove", "product_group", "SZKOLENIA") in acts(undone)
    assert ("remove", "field", "serial") in acts(undone)
    assert exported() == before
    again = applied(after)
    assert ("add", "field", "serial") in acts(again)
    assert exported() == after
    assert planned(after).is_empty


def test_another_desk_knows_the_same_things_by_their_names_and_takes_the_ids() -> None:
    shape_the_desk()
    text = exported()
    with transaction():
        db.session.execute(delete(StableId))
    plan = planned(text)
    assert plan.is_empty
    applied(text)
    assert exported() == text


def test_what_is_called_nearly_the_same_is_asked_for() -> None:
    text = exported()
    with transaction():
        db.session.execute(delete(StableId))
        group().name = "Targit"
    plan = planned(text)
    (question,) = plan.questions
    assert question.name == "TARGIT"
    assert list(question.here.values()) == ["Targit"]
    with pytest.raises(NotApplicable):
        applied(text)
    plan = applied(text, **{question.key: next(iter(question.here))})
    assert ("change", "product_group", "TARGIT") in acts(plan)
    assert exported() == text


def test_a_rename_is_a_change_and_tells_how_many_rows_it_touches() -> None:
    text = exported()
    with transaction():
        group().name = "TARGIT 2026"
    (change,) = planned(text).changes
    assert change.columns["name"] == ("TARGIT 2026", "TARGIT")
    assert change.touches["mailbox"] == 1


def test_two_rows_may_change_their_names_with_each_other() -> None:
    text = exported()

    def swap(items: dict[str, dict[str, dict[str, object]]]) -> None:
        one, two = (row for row in items["product_group"].values() if row["name"] in ("TARGIT", "PROPHIX"))
        one["name"], two["name"] = two["name"], one["name"]

    applied(changed(text, swap))
    assert {act for act, _kind, _name in acts(planned(text))} == {"change"}


def test_what_is_in_use_is_not_removed(make_account: Callable[..., int]) -> None:
    text = exported()
    make_account("ewa@pomoc.example", role="consultant", groups=("TARGIT",))
    db.session.remove()
    without = changed(text, lambda items: [items["product_group"].clear(), items["mailbox"].clear()])
    assert ("product_group", "TARGIT") in {(refusal.kind, refusal.name) for refusal in planned(without).refusals}
    plan = planned(changed(text, lambda items: items["calendar"].clear()))
    assert {refusal.kind for refusal in plan.refusals} == {"product_group"}
    with pytest.raises(NotApplicable):
        applied(changed(text, lambda items: items["calendar"].clear()))
    assert exported() == text


def test_a_kind_that_the_file_does_not_name_stays_as_it_is() -> None:
    shape_the_desk()
    text = exported()
    assert planned(changed(text, lambda items: [items.pop(name) for name in list(items) if name != "tag"])).is_empty


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda items: items.update(people={}), "people"),
        (lambda items: items["tag"].update(x={"name": "a", "colour": "red"}), "colour"),
        (lambda items: items["tag"].update(x={"name": 7}), "name"),
        (lambda items: items["tag"].update(x={"name": "a" * 500}), "name"),
        (lambda items: items["tag"].update(x={"name": "a\x00"}), "name"),
        (lambda items: next(iter(items["product_group"].values())).update(position=10**30), "position"),
        (
            lambda items: items["mailbox"].update(x={"address": "a@b.example", "product_group_id": "none"}),
            "product_group",
        ),
        (lambda items: next(iter(items["calendar"].values()))["definition"].update(week={}), ""),
        (lambda items: items["letter_template"].update({"none.pl": {"source": "x"}}), ""),
        (lambda items: items["letter_template"].update({"acknowledgement.pl": {"source": "{{"}}), ""),
        (
            lambda items: items["role"].update(
                auditor={"kind": "auditor", "abilities": ["all"], "name_pl": None, "name_en": None}
            ),
            "all",
        ),
        (lambda items: items["field"].update({"b" * 32: {"kind": "nothing"}}), ""),
        (lambda items: next(iter(items["product_group"].values())).update(calendar_id=["x"]), "calendar_id"),
    ],
)
def test_what_this_desk_cannot_take_is_refused_by_name_and_nothing_is_done(
    change: Callable[[dict[str, dict[str, dict[str, object]]]], object], word: str
) -> None:
    text = exported()
    edited = changed(text, change)
    plan = planned(edited)
    assert any(word in f"{refusal.why} {refusal.kind}" for refusal in plan.refusals)
    with pytest.raises(NotApplicable):
        applied(edited)
    assert exported() == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", '{"bilety": 1}', '{"bilety": 1, "items": {"tag": []}}', "{" * 5000),
        '{"bilety": 1, "items": {"tag": {"a": {"name": "\\ud800"}}}}',
    ],
)
def test_what_is_no_such_file_is_said_so(text: str) -> None:
    with pytest.raises(NotReadable):
        read(text)


def test_a_name_that_stands_twice_is_refused() -> None:
    with pytest.raises(NotReadable):
        read('{"bilety": 1, "items": {"tag": {}, "tag": {}}}')


def test_a_file_of_a_newer_version_is_refused() -> None:
    with pytest.raises(TooNew):
        read('{"bilety": 99, "items": {}}')


def test_a_desk_that_changed_since_the_plan_is_left_alone() -> None:
    text = exported()
    edited = changed(text, lambda items: items["tag"].update(x={"name": "nowe"}))
    plan = planned(edited)
    with transaction():
        db.session.add(Tag(name="inne"))
    with pytest.raises(ChangedSince):
        applied(edited, since=plan.since)
    assert db.session.scalars(select(Tag.name)).all() == ["inne"]


def test_a_changed_calendar_gets_a_new_version() -> None:
    text = exported()

    def change(items: dict[str, dict[str, dict[str, object]]]) -> None:
        for row in items["calendar"].values():
            row["definition"]["days_off"] = {"2027-05-04": "Inwentaryzacja"}  # type: ignore[index]

    applied(changed(text, change))
    calendar = group().calendar
    assert calendar.version == 2
    assert db.session.scalars(select(Version.number).where(Version.kind == "calendar").order_by(Version.id)).all() == [
        1,
        2,
    ]
    assert db.session.get(State, "open") is not None


def test_items_are_told_in_the_order_of_the_file() -> None:
    items: Items = read(exported())
    assert list(items) == sorted(items)


def test_an_apply_that_failed_leaves_nothing_for_the_next_one() -> None:
    before = exported()
    a_field: dict[str, object] = {
        "owner": "ticket", "kind": "text", "name": "miasto", "labels": {"pl": "Miasto", "en": "Town"},
    }  # fmt: skip
    doubled = changed(before, lambda items: items["field"].update({"1" * 32: a_field, "2" * 32: a_field}))
    with pytest.raises(BrokenRule):
        applied(doubled)
    applied(changed(before, lambda items: items["tag"].update({"a" * 32: {"name": "po awarii"}})))
    assert json.loads(exported())["items"]["field"] == json.loads(before)["items"]["field"]


def test_translations_go_along_and_come_back() -> None:
    contact, before = sources()["messages", key_of("Contact")], exported()
    with transaction():
        translating.add_language("uk")
        translating.save(contact, "uk", ["Зв’язатися з нами"], by=None)
        translating.save(contact, "pl", ["Napisz do nas"], by=None)
        texts.save("closed", "uk", "Закрито\n\nКінець.", by=None)
        db.session.get_one(State, "open").names = {"uk": "В роботі"}
    with_words = exported()
    applied(before)
    assert exported() == before
    assert translating.text_of(contact, "pl").strings == ["Kontakt"]
    assert {change.kind for change in planned(with_words).changes} == {
        "letter_template", "setting", "state", "translation",
    }  # fmt: skip
    applied(with_words)
    assert planned(with_words).is_empty
    assert exported() == with_words
    assert translating.text_of(contact, "uk").strings == ["Зв’язатися з нами"]
    live.look()
    assert "uk" in SPOKEN


@pytest.mark.parametrize("strings", [["<b>x</b>"], ["a", "b"], "Kontakt", [1], []])
def test_a_translation_with_a_fault_is_refused_from_a_file_too(strings: object) -> None:
    row = {"source": "Contact", "strings": strings}
    text = changed(exported(), lambda items: items["translation"].update({f"messages.pl.{key_of('Contact')}": row}))
    assert [each.kind for each in planned(text).refusals] == ["translation"]


def test_shared_views_go_along_without_their_owners(make_account: Callable[..., int]) -> None:
    shape_the_desk()
    owner = make_account("ewa@pomoc.example", role="consultant", groups=("TARGIT",))
    mine = group().id
    with transaction():
        for name, shared_with, query in (
            ("Nasze", "group", f"state=new&group={mine}&column=field.serial&assignee=me"),
            ("Desku", "desk", "priority=urgent&sort=due"),
            ("Moje", "nobody", "state=open"),
            ("Klienta", "desk", "organisation=Klient"),
            ("Ewy", "desk", f"assignee={owner}"),
        ):
            shared = {"shared_with": shared_with, "product_group_id": mine if shared_with == "group" else None}
            db.session.add(SavedView(name=name, query=query, owner_id=owner, **shared))
    text = exported()
    views = json.loads(text)["items"]["saved_view"]
    assert {each["name"] for each in views.values()} == {"Nasze", "Desku"}
    assert all(set(each) == {"name", "query", "shared_with", "product_group_id"} for each in views.values())
    (ours,) = (each for each in views.values() if each["name"] == "Nasze")
    assert f"group={ours['product_group_id']}" in ours["query"]
    assert planned(text).is_empty
    with transaction():
        db.session.execute(delete(StableId))
        db.session.execute(delete(SavedView).where(SavedView.name == "Nasze"))
    assert acts(applied(text)) == {("add", "saved_view", "Nasze")}
    came = db.session.scalars(select(SavedView).where(SavedView.name == "Nasze")).one()
    assert (came.owner_id, came.query, came.product_group_id) == (
        None, f"state=new&group={mine}&column=field.serial&assignee=me", mine,
    )  # fmt: skip
    assert exported() == text
    for wrong in ({"query": "requester=1"}, {"query": "group=x"}, {"shared_with": "nobody"}, {"owner_id": 1}):
        edited = changed(text, lambda items, wrong=wrong: ours_in(items).update(wrong))
        assert [each.kind for each in planned(edited).refusals] == ["saved_view"]
    assert ("remove", "saved_view", "Nasze") in acts(applied(changed(text, lambda items: items["saved_view"].clear())))
    assert set(db.session.scalars(select(SavedView.name))) == {"Moje", "Klienta", "Ewy"}


def ours_in(items: dict[str, dict[str, dict[str, object]]]) -> dict[str, object]:
    return next(each for each in items["saved_view"].values() if each["name"] == "Nasze")
