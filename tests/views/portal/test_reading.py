"""What readers do with articles: read, answer whether they helped, find related ones, put notices away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.content import entries, opinions
from app.content.entries import Readers, Words, save
from app.content.publishing import publish, withdraw
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.entry import Entry, Visibility
from app.models.reading import EntryCount, Opinion, Sought
from app.search.engine import engine
from app.search.index import every_document
from app.views.portal import notices
from tests.browsing import Visitor
from tests.people import add_account, group_named, organisation_named

ANNA, EWA, JAN = "anna@klient.example", "ewa@inny.example", "jan@pomoc.example"
ARTICLE = "/articles/pl/faktura-i-ksef"
Browser = Callable[[str], Visitor]
CLOSED = (
    (Visibility.SIGNED_IN, {ANNA, EWA, JAN}),
    (Visibility.ORGANISATIONS, {ANNA, JAN}),
    (Visibility.CONSULTANTS, {JAN}),
)


@pytest.fixture(autouse=True)
def written(app: Flask) -> Iterator[None]:
    """Two public articles of one subject, one in both languages, and one for each other kind of readers."""
    notices.forget()
    with app.app_context():
        with transaction():
            add_account("olga@pomoc.example", role="editor")
            for email, name in ((ANNA, "Klient"), (EWA, "Inny")):
                add_account(email, organisation=name)
            add_account(JAN, role="consultant", groups=("DYNAMICS",))
        publish_entry(
            "Faktura i KSeF",
            "## Krok <pierwszy>\n\nTekst\n\n## Krok drugi\n\n### Kod",
            tags=["ksef"],
            english="Invoice",
        )
        publish_entry("Korekta w KSeF", "Treść", tags=["ksef"], groups=("DYNAMICS",))
        for visibility, _who in CLOSED:
            chosen = (organisation_named("Klient"),) if visibility == Visibility.ORGANISATIONS else ()
            publish_entry(f"ZQXTAJNE {visibility} ksef", "Treść", tags=["ksef"], readers=Readers(visibility, chosen))
        engine().rebuild(every_document)
    yield
    notices.forget()


def publish_entry(
    title: str, body: str, *, kind: str = "article", english: str = "", groups: tuple[str, ...] = (), **about: object
) -> int:
    with transaction():
        olga = entries_author()
        about_groups = [group_named(name) for name in groups]
        entry = entries.add_entry(kind, "pl", Words(title, body=body), by=olga, groups=about_groups, **about)  # type: ignore[arg-type]
        if english:
            entries.add_variant(entry, "en", Words(english), by=olga)
        for variant in entry.variants:
            publish(variant, seen=1)
        return entry.id


def entries_author() -> Account:
    return db.session.scalars(select(Account).where(Account.email == "olga@pomoc.example")).one()


def hidden_from(who: str) -> list[str]:
    return [str(visibility) for visibility, readers in CLOSED if who not in readers]


@pytest.mark.parametrize("who", ["", ANNA, EWA, JAN])
@pytest.mark.parametrize(
    "path",
    [
        "/articles/", "/articles/?all=1", "/articles/pl/faktura-i-ksef", "/search?q=ksef", "/sitemap.xml",
        "/robots.txt",
        "/articles/pl/feed.xml", "/tickets/offered/?subject=ksef faktura", "/", "/contact", "/tickets/new?group=1",
    ],
)  # fmt: skip
def test_no_door_names_what_is_for_others(client: Visitor, browser_of: Browser, who: str, path: str) -> None:
    answer = (browser_of(who) if who else client).get(path)
    assert answer.status_code in (200, 302)
    for visibility in hidden_from(who):
        assert f"ZQXTAJNE {visibility}" not in answer.text
    if path.startswith(("/sitemap", "/robots", "/articles/pl/feed")):
        assert "ZQXTAJNE" not in answer.text.upper()  # whoever asks: machines keep it


def test_the_article_has_contents_related_ones_and_other_languages(client: Visitor) -> None:
    page = client.page("/articles/pl/faktura-i-ksef")
    links = [link.get("href") for link in page.xpath("//nav[@class='contents']//a")]
    assert len(links) == 3
    assert all(page.xpath(f"//*[@id='{link[1:]}']") for link in links)
    assert [link.text for link in page.xpath("//section[@aria-labelledby='related']//a")] == ["Korekta w KSeF"]
    assert page.xpath("//link[@rel='canonical']/@href") == ["http://localhost:8000/articles/pl/faktura-i-ksef"]
    assert page.xpath("//link[@rel='alternate' and @hreflang]/@hreflang") == ["pl", "en"]
    assert page.xpath("//meta[@property='og:title']/@content") == ["Faktura i KSeF"]
    assert page.xpath("//nav[@class='crumbs']//a[@href='/articles/']")


def test_what_is_not_for_everybody_is_not_for_machines(browser_of: Browser) -> None:
    page = browser_of(ANNA).page("/articles/pl/zqxtajne-signed-in-ksef")
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert not page.xpath("//meta[starts-with(@property, 'og:')]")


def post(browser: Visitor, path: str, page: str = ARTICLE, **values: object) -> TestResponse:
    """Send what a form of the page would, without following."""
    token = browser.page(page).xpath("//input[@name='csrf_token']/@value")[0]
    return browser.post(path, data={"csrf_token": token, **values})


def answer(browser: Visitor, said: str, comment: str = "") -> int:
    return post(browser, f"{ARTICLE}/opinion", helpful=said, comment=comment).status_code


def test_each_reader_answers_once_and_may_change_his_mind(app: Flask, client: Visitor, browser_of: Browser) -> None:
    anna = browser_of(ANNA)
    for browser in (client, anna):
        assert answer(browser, "no", "Brak kroku 3") == 303
        assert answer(browser, "yes", "Już jest") == 303
    anna.get("/lang/en")
    assert "You said that it helped" in anna.get(ARTICLE).text
    with app.app_context():
        rows = db.session.scalars(select(Opinion)).all()
        assert [(row.helpful, row.comment) for row in rows] == [(True, "Już jest")] * 2
        assert opinions.opinions_of(rows[0].entry_id) == (2, 0)
    assert answer(Visitor(app), "yes") == 303
    with app.app_context():
        assert len(db.session.scalars(select(Opinion)).all()) == 3


def test_a_bad_answer_loses_nothing_typed_and_a_closed_article_takes_none(client: Visitor, browser_of: Browser) -> None:
    page = post(client, f"{ARTICLE}/opinion", helpful="może", comment="Napisane")
    assert page.status_code == 422
    assert "Napisane" in page.text
    page = post(client, f"{ARTICLE}/opinion", helpful="no", comment="x" * 2001)
    assert page.status_code == 422
    assert "x" * 2001 in page.text
    closed = "/articles/pl/zqxtajne-consultants-ksef/opinion"
    assert post(client, closed, helpful="yes").status_code == 404
    assert post(browser_of(ANNA), closed, helpful="yes").status_code == 404
    assert client.get(f"{ARTICLE}/opinion").status_code == 405


def test_an_answer_is_offered_counted_and_closes_the_draft(app: Flask, browser_of: Browser) -> None:
    anna = browser_of(ANNA)
    piece = anna.get("/tickets/offered/?group=1&subject=faktury ksef")
    ids = re.findall(r'name="shown" value="(\d+)"', piece.text)
    assert "/articles/pl/faktura-i-ksef?from=new-ticket" in piece.text
    again = anna.get(f"/tickets/offered/?group=1&subject=faktury ksef sprzedaż&shown={ids[0]}&shown={ids[1]}&shown=x")
    assert again.status_code == 200
    assert anna.get("/articles/pl/faktura-i-ksef?from=new-ticket").status_code == 302
    done = post(anna, f"/tickets/offered/helped/{ids[0]}", "/tickets/new?group=1")
    assert (done.status_code, done.location) == (303, "/articles/")
    post(
        anna,
        "/tickets/new?group=1",
        "/tickets/new?group=1",
        subject="Faktura",
        text="-",
        priority="normal",
        shown=ids[:1],
    )
    with app.app_context():
        rows = {(row.entry_id, row.what): row.count for row in db.session.scalars(select(EntryCount))}
        mine = {what: number for (entry_id, what), number in rows.items() if entry_id == int(ids[0])}
        assert (mine["shown"], mine["helped"], mine["filed"]) == (1, 1, 1)
    assert anna.get("/tickets/offered/?subject=fak").text.count("<li>") == 0


def test_nobody_is_helped_by_what_he_may_not_read(app: Flask, browser_of: Browser) -> None:
    with app.app_context():
        row = db.session.scalars(select(Entry.id).where(Entry.visibility == Visibility.CONSULTANTS)).one()
    assert post(browser_of(ANNA), f"/tickets/offered/helped/{row}", "/tickets/new?group=1").status_code == 404


def test_a_notice_stands_until_its_reader_puts_it_away(app: Flask, client: Visitor, browser_of: Browser) -> None:
    with app.app_context():
        row = publish_entry(
            "Przerwa w nocy", "Treść", kind="notice", tags=["outage"], english="Night break", groups=("TARGIT",)
        )
        publish_entry("Tylko dla działu", "Treść", kind="notice", readers=Readers(Visibility.CONSULTANTS))
    notices.forget()
    anna, ewa = browser_of(ANNA), browser_of(EWA)
    for browser in (client, anna, ewa):
        page = browser.get("/")
        assert "Przerwa w nocy" in page.text
        assert "Tylko dla działu" not in page.text
    for browser in (client, anna):
        done = post(browser, f"/notices/{row}/put-away", "/", next="/contact")
        assert (done.status_code, done.location) == (303, "/contact")
        assert "Przerwa w nocy" not in browser.get("/contact").text
    assert "Przerwa w nocy" in ewa.get("/contact").text
    with app.app_context():
        targit, dynamics = group_named("TARGIT").id, group_named("DYNAMICS").id
    assert "Przerwa w nocy" in ewa.get(f"/tickets/new?group={targit}").text
    assert "Przerwa w nocy" not in ewa.get(f"/tickets/new?group={dynamics}").text
    ewa.get("/lang/en")
    assert "Night break" in ewa.get("/").text
    with app.app_context(), transaction():
        variant = db.session.get_one(Entry, row).source
        save(variant, Words("Przerwa dłuższa"), seen=1, by=entries_author())
        publish(variant, seen=2)
    assert "Przerwa dłuższa" in anna.get("/").text  # it says something new
    assert "Przerwa dłuższa" in client.get("/").text
    with app.app_context(), transaction():
        for variant in db.session.get_one(Entry, row).variants:
            withdraw(variant)
    assert "Przerwa dłuższa" not in anna.get("/").text
    assert post(client, "/notices/1/put-away").status_code == 404  # no notice


def test_the_desks_own_words_stand_in_place_of_the_shipped_ones(app: Flask, client: Visitor) -> None:
    shipped = client.get("/contact").text
    with app.app_context():
        row = publish_entry("Jak zgłaszać", "Najlepiej **przez portal**.", kind="page", tags=["contact"])
    page = client.get("/contact").text
    assert "<strong>przez portal</strong>" in page
    assert "tel:" in page
    with app.app_context(), transaction():
        withdraw(db.session.get_one(Entry, row).source)
    assert "przez portal</strong>" not in client.get("/contact").text
    assert "tel:" in shipped


@pytest.mark.parametrize("path", ["/sitemap.xml", "/articles/pl/feed.xml", "/robots.txt"])
def test_machines_are_answered_once(app: Flask, client: Visitor, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    with app.app_context():
        publish_entry("Nowy artykuł", "Treść")
    changed = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == (304 if path == "/robots.txt" else 200)


def test_a_feed_holds_one_language(client: Visitor) -> None:
    assert "Faktura i KSeF" in client.get("/articles/pl/feed.xml").text
    english = client.get("/articles/en/feed.xml").text
    assert "Invoice" in english
    assert "Korekta" not in english
    assert client.get("/articles/xx/feed.xml").status_code == 404


def test_what_was_looked_for_in_vain_is_kept_without_anybodys_name(app: Flask, browser_of: Browser) -> None:
    anna = browser_of(ANNA)
    anna.get("/search?q=hipopotamy w magazynie 501234567 jan@klient.example&group=1")
    anna.get("/search?q=hipopotam magazyny&group=1")
    anna.get("/search?q=ksef")
    anna.get("/articles/pl/faktura-i-ksef", headers={"Referer": "http://localhost/search?q=ksef"})
    browser_of(JAN).get("/search?q=zapytanie konsultanta")
    with app.app_context():
        rows = {row.words: row for row in db.session.scalars(select(Sought))}
        assert set(rows) == {"hipopotam magazyny", "ksef"}
        assert (rows["hipopotam magazyny"].asked, rows["hipopotam magazyny"].in_vain) == (2, 2)
        assert (rows["ksef"].asked, rows["ksef"].in_vain, rows["ksef"].opened) == (1, 0, 1)
    page = browser_of(JAN).get("/desk/readers/").text
    assert "hipopotam magazyny" in page
    assert ">ksef<" not in page
    begun = browser_of(JAN).page("/desk/readers/").xpath("//a[contains(@href, '/desk/entries/new')]/@href")
    form = browser_of(JAN).page(next(href for href in begun if "hipopotam" in href))
    assert form.xpath("//input[@name='title']/@value") == ["hipopotam magazyny"]
    assert form.xpath("//select[@name='language']/option[@selected]/@value") == ["pl"]


def test_the_desk_reads_what_readers_said(app: Flask, client: Visitor, browser_of: Browser) -> None:
    answer(browser_of(ANNA), "no", "Brak kroku trzeciego")
    jan, olga = browser_of(JAN), browser_of("olga@pomoc.example")
    assert "Brak kroku trzeciego" in jan.get("/desk/readers/").text
    with app.app_context():
        row = db.session.scalars(select(Opinion.entry_id)).one()
    assert "Brak kroku trzeciego" in olga.get(f"/desk/readers/{row}").text
    assert ANNA not in olga.get("/desk/readers/").text
    assert browser_of(ANNA).get("/desk/readers/").status_code == 403
    assert client.get("/desk/readers/").status_code == 302
