"""Saved views: kept, shared and opened; each reader sees in one what he may see himself (O17-O19, O60)."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from app.desk import field_indexes, field_sets
from app.events.transaction import transaction
from app.extensions import db
from app.models.saved_view import SavedView
from tests.browsing import Visitor, text_of
from tests.fields.samples import a_field
from tests.views.desk.conftest import Browser, Open
from tests.views.desk.test_tickets import LIST, numbers

VIEWS = "/desk/views/"
KEEP = f"//form[@action='{VIEWS}']"
BUILD = a_field("text", "build", filterable=True, in_grid=True)


def keep(visitor: Visitor, query: str, name: str = "Widok", shared: str = "nobody") -> int:
    """The id of the view that the list at that address was kept as."""
    answer = visitor.submit(f"{LIST}?{query}", {"name": name, "shared": shared}, form=KEEP, follow=False)
    assert answer.location.startswith(f"{LIST}?view="), answer.location
    return int(answer.location.rpartition("=")[2])


def place(visitor: Visitor, view: int, act: str) -> None:
    visitor.submit(VIEWS, {"act": act}, form=f"//form[@action='{VIEWS}{view}/place']")


def named(visitor: Visitor) -> list[str]:
    """The views that stand above the list, in their order."""
    links = visitor.page(f"{LIST}?sort=number").xpath("//nav[@aria-label='Zapisane widoki']/a")
    return [text_of(link) for link in links][:-1]


def count(visitor: Visitor, view: int) -> str | None:
    counts: dict[str, str] = visitor.get("/desk/today/counts").json
    return counts.get(f"view{view}")


def test_a_view_keeps_filters_and_order(jan: Visitor, open_ticket: Open) -> None:
    first, second = open_ticket(), open_ticket("ewa@inny.example")
    view = keep(jan, "organisation=Klient&sort=number&text=", "Klienta")
    assert numbers(jan, f"?view={view}") == [first]
    page = jan.page(f"{LIST}?view={view}")
    assert page.xpath("//input[@id='organisation']/@value") == ["Klient"]
    assert page.xpath("//select[@id='sort']/option[@selected]/@value") == ["number"]
    assert count(jan, view) == "1"
    jan.submit(f"{LIST}?view={view}&organisation=inn", {}, form=f"//form[@action='{VIEWS}{view}']")
    assert numbers(jan, f"?view={view}") == [second]


def test_each_has_an_own_order_and_a_view_that_opens_first(
    jan: Visitor, browser_of: Browser, open_ticket: Open
) -> None:
    number = open_ticket()
    adam = browser_of("adam@desk.example")
    keep(adam, "priority=low", "Adama", shared="desk")
    view = keep(jan, "priority=urgent", "Moje")
    assert named(jan) == ["Adama", "Moje"]
    place(jan, view, "up")
    place(jan, view, "first")
    assert named(jan) == ["Moje", "Adama"]
    assert jan.get(LIST).location == f"{LIST}?view={view}"
    assert numbers(jan, "?view=") == [number]
    assert named(adam) == ["Adama"]
    jan.submit(f"{VIEWS}{view}", {"name": "  Pilne  moje "})
    assert named(jan) == ["Pilne moje", "Adama"]
    jan.submit(f"{VIEWS}{view}", {}, form=f"//form[@action='{VIEWS}{view}/delete']")
    assert named(jan) == ["Adama"]
    assert numbers(jan) == [number]


def test_a_shared_view_shows_and_counts_what_its_reader_sees(
    jan: Visitor, open_ticket: Open, browser_of: Browser
) -> None:
    own, foreign = open_ticket(), open_ticket(group="TARGIT")
    adam, ola, iga = (browser_of(f"{name}@desk.example") for name in ("adam", "ola", "iga"))
    everybodys, groups = keep(adam, "state=new", shared="desk"), keep(adam, "state=new", shared="1")
    assert [numbers(each, f"?view={everybodys}") for each in (jan, ola, iga)] == [[own], [foreign], [foreign, own]]
    assert [count(each, everybodys) for each in (jan, ola, iga)] == ["1", "1", "2"]
    assert numbers(jan, f"?view={groups}") == [own]
    assert count(ola, groups) is None
    for end in ("list/", "export", "export.xlsx"):
        ola.page(f"/desk/tickets/{end}?view={groups}", status=404)
    with jan.get(f"/desk/tickets/export?view={everybodys}") as answer:
        assert f"{own}" in answer.text
        assert str(foreign) not in answer.text


def test_a_foreign_view_looks_like_none(jan: Visitor, open_ticket: Open, browser_of: Browser) -> None:
    """O18: private ones to everybody, shared ones to who would change them; customers have no door at all."""
    open_ticket()
    adam, audyt, anna = (browser_of(f"{name}.example") for name in ("adam@desk", "audyt@desk", "anna@klient"))
    private, shared = keep(adam, "state=new"), keep(adam, "state=new", shared="desk")
    token = jan.page(LIST).xpath("//input[@name='csrf_token']/@value")[0]
    for view in (private, shared, 99, 2**31 - 1):
        jan.page(f"{VIEWS}{view}", status=404)
        for end in ("", "/delete"):
            assert jan.post(f"{VIEWS}{view}{end}", data={"csrf_token": token, "name": "x"}).status_code == 404
    for view in (private, 99):
        jan.page(f"{LIST}?view={view}", status=404)
        assert jan.post(f"{VIEWS}{view}/place", data={"csrf_token": token, "act": "up"}).status_code == 404
    assert "#1001" in text_of(audyt.page(f"{LIST}?view={shared}"))
    token = audyt.page(LIST).xpath("//input[@name='csrf_token']/@value")[0]
    assert audyt.post(VIEWS, data={"csrf_token": token, "name": "x", "query": "state=new"}).status_code == 403
    assert anna.get(VIEWS).status_code == anna.get(f"{LIST}?view={shared}").status_code == 403


def test_who_may_not_share_is_refused_with_a_sentence(app: Flask, jan: Visitor, open_ticket: Open) -> None:
    open_ticket()
    form = jan.page(f"{LIST}?state=new").xpath(KEEP)[0]
    assert form.xpath(".//select/option/@value") == ["nobody", "1"]
    for shared in ("desk", "3", "everybody", "999999"):
        answer = jan.send(form, LIST, {"name": "x", "shared": shared})
        assert "Możesz udostępniać widoki" in answer.text
        assert numbers(jan) == [1001]
    assert "najwyżej 80 znaków" in jan.send(form, LIST, {"name": "  "}).text
    with app.app_context():
        assert db.session.scalars(select(SavedView)).all() == []


def test_a_view_whose_field_is_gone_says_so_and_opens(app: Flask, jan: Visitor, open_ticket: Open) -> None:
    publish(app, BUILD)
    number = open_ticket()
    view = keep(jan, "field.build=14.2&sort=field.build&priority=normal")
    assert numbers(jan, f"?view={view}") == []
    with app.app_context(), transaction():
        field_sets.publish([BUILD.changed(deleted_on="2026-01-01")], reason="próba", by=None)
    page = text_of(jan.page(f"{LIST}?view={view}"))
    assert "Widok pokazuje się bez tego: filtr, kolejność." in page
    assert "build" not in page
    assert numbers(jan, f"?view={view}") == [number]
    assert count(jan, view) == "1"
    assert jan.get(f"/desk/tickets/export?view={view}").status_code == 200


def test_a_view_holds_filters_only(app: Flask, jan: Visitor, open_ticket: Open) -> None:
    open_ticket()
    form = jan.page(f"{LIST}?state=new").xpath(KEEP)[0]
    jan.send(form, LIST, {"name": "x", "query": "state=new%00&after=1~1&view=7&evil=1&field.x=1"})
    with app.app_context():
        assert db.session.scalars(select(SavedView.query)).one() == "state=new&field.x=1"
    assert "To za dużo" in jan.send(form, LIST, {"name": "x", "query": f"tag={'x' * 5000}"}).text


def publish(app: Flask, *fields: object) -> None:
    with app.app_context():
        with transaction():
            field_sets.publish(list(fields), reason="próba", by=None)  # type: ignore[arg-type]
        field_indexes.bring_up_to_date()
