"""Authors write, translate, publish and withdraw; nothing that was typed is lost, and nobody does more than he may."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from app.content.publishing import do_what_is_due
from app.events.transaction import transaction
from app.extensions import db
from app.models.audit import AuditEntry
from app.models.entry import Entry
from app.models.types import utc_now
from tests.browsing import Visitor, text_of

Browser = Callable[[str], Visitor]
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FORM = "//form[@id='text-form']"
NEW = "//form[@method='post'][.//input[@name='title']]"


@pytest.fixture
def olga(browser_of: Browser) -> Visitor:
    return browser_of("olga@pomoc.example")


def begin(author: Visitor, title: str = "Łódź", kind: str = "article") -> str:
    """A new draft in Polish; answers the address of its page."""
    answer = author.submit(
        "/desk/entries/new",
        {"title": title, "type": kind, "language": "pl"},
        form=NEW,
    )
    assert answer.status_code == 200
    return str(answer.request.path)


def send(author: Visitor, page: str, act: str = "", **values: object) -> str:
    """Send the editor page as its button would; answers the page that follows."""
    form = author.page(page).xpath(FORM)[0]
    form.action = page + act
    sent = {key: value for key, value in values.items() if key != "do"}
    if "do" in values:
        form.append(form.makeelement("input", name="act", value=str(values["do"]), type="hidden"))
    return author.send(form, page, sent).text


def test_a_draft_is_written_published_withdrawn_and_comes_back(olga: Visitor, client: Visitor) -> None:
    page = begin(olga)
    assert "Szkic jest zapisany" in send(olga, page, body="## Dalej\n\nTekst", summary="Skrót", tags="vat, druk")
    assert client.get("/articles/pl/lodz").status_code == 404
    assert "Tekst jest opublikowany" in send(olga, page, "/publish", title="Łódź i wiosła")
    assert "Łódź i wiosła" in client.get("/articles/pl/lodz").text
    send(olga, page, title="Szkic nowego", body="Zmiana")
    assert "Szkic nowego" not in client.get("/articles/pl/lodz").text
    changed = olga.get(f"{page}/versions?a=3&b=4").text
    assert "<del>Łódź i wiosła</del><ins>Szkic nowego</ins>" in changed
    restored = olga.post(f"{page}/restore", data={"version": "3", "seen": "4", **token(olga, page)})
    assert restored.status_code == 303
    assert "Łódź i wiosła" in olga.get(page).text
    assert "Tekst jest wycofany" in olga.submit(f"{page}/withdraw", {}, form="//main//form[@method='post']").text
    assert client.get("/articles/pl/lodz").status_code == 404


def fetched(visitor: Visitor, address: str) -> bytes:
    """What is got there; empty where nothing may be."""
    with visitor.get(address) as answer:
        return answer.data if answer.status_code == 200 else b""


def token(author: Visitor, page: str) -> dict[str, str]:
    return {"csrf_token": author.page(page).xpath("//input[@name='csrf_token']/@value")[0]}


def test_two_editors_at_once_lose_no_word(olga: Visitor, browser_of: Browser) -> None:
    page, ola = begin(olga), browser_of("ola@pomoc.example")
    form = ola.page(page).xpath(FORM)[0]
    send(olga, page, body="Pierwsza treść Olgi")
    answer = ola.send(form, page, {"body": "Inna treść Oli", "summary": "Jej skrót", "tags": "moje"})
    for words in ("Ktoś zapisał ten tekst", "<del>Pierwsza </del>", "Inna treść Oli", "Jej skrót", "moje"):
        assert words in answer.text, words
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', answer.text)
    assert seen
    assert seen[1] == "2"
    assert "Szkic jest zapisany" in ola.send(form, page, {"body": "Inna treść Oli", "seen": "2"}).text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": ""}, "Wypełnij to pole"),
        ({"slug": "Duże Litery"}, "Zapisz adres małymi literami"),
        ({"visibility": "organisations"}, "Wybierz organizacje"),
        ({"visibility": "organisations", "organisations": "Nieznana"}, "Nie ma organizacji o nazwie „Nieznana”"),
        ({"title": "x" * 201}, "200"),
    ],
)
def test_what_cannot_be_kept_is_said_and_stays_typed(olga: Visitor, values: dict[str, str], said: str) -> None:
    page = begin(olga)
    shown = send(olga, page, body="Bardzo długi tekst", **values)
    assert said in shown
    assert "Bardzo długi tekst" in shown
    assert "Bardzo długi tekst" not in olga.get(page).text


def test_a_translation_out_of_date_shows_what_has_changed(olga: Visitor, browser_of: Browser) -> None:
    page, tom = begin(olga), browser_of("tom@pomoc.example")
    english = page.replace("/pl", "/en")
    assert "Szkic jest zapisany" in send(tom, english, title="Boat", body="Text")
    send(olga, page, body="Treść po zmianie")
    shown = tom.page(english)
    assert "<ins>Treść po zmianie</ins>" in tom.get(english).text
    assert "Tłumaczenie nieaktualne" in text_of(shown)
    assert "Boat" in olga.get("/desk/entries/?late=1").text.replace("Łódź", "Boat")
    assert "Tłumaczenie nieaktualne" not in send(tom, english, translated="y")
    assert "Nic tu nie ma" in olga.get("/desk/entries/?late=1").text
    assert tom.post(f"{page}/publish", data=token(tom, page)).status_code == 403


def test_a_text_is_scheduled_in_the_authors_zone_and_cancelled(olga: Visitor, client: Visitor, app: Flask) -> None:
    page = begin(olga)
    at = f"{datetime.now(ZoneInfo('Europe/Warsaw')) + timedelta(days=2):%Y-%m-%dT%H:%M}"
    assert "Wybierz termin, który jeszcze nie minął" in send(olga, page, "/publish", do="later", at="2020-01-01T08:00")
    assert "Podaj dzień i godzinę" in send(olga, page, "/publish", do="later", at="jutro")
    assert "Tekst jest zaplanowany" in send(olga, page, "/publish", do="later", at=at)
    assert "Nic już nie jest zaplanowane" in olga.submit(page, {}, form="//form[@id='unschedule']").text
    send(olga, page, "/publish", do="later", at=at)
    with app.app_context(), transaction():
        assert do_what_is_due(utc_now() + timedelta(days=3)) == 1
    assert client.get("/articles/pl/lodz").status_code == 200


def test_a_consultant_suggests_and_an_editor_publishes(browser_of: Browser, olga: Visitor) -> None:
    jan, iga = browser_of("jan@pomoc.example"), browser_of("iga@pomoc.example")
    page = begin(jan, "Podpowiedź")
    assert "Opublikuj" not in jan.get(page).text
    assert "Poproszono o sprawdzenie" in send(jan, page, body="Tekst", do="review")
    assert jan.post(f"{page}/publish", data=token(jan, page)).status_code == 403
    assert iga.get(page).status_code == 404
    assert "Podpowiedź" not in iga.get("/desk/entries/").text
    assert "Podpowiedź" in olga.get("/desk/entries/?state=review").text
    assert "Tekst jest opublikowany" in send(olga, page, "/publish")
    audited = browser_of("audyt@pomoc.example").get(page)
    assert audited.status_code == 200
    assert 'name="title"' not in audited.text


def test_a_picture_is_read_where_its_text_is_and_a_draft_by_its_private_address(
    olga: Visitor, client: Visitor, browser_of: Browser
) -> None:
    page = begin(olga)
    told = olga.post(
        f"{page.rpartition('/')[0]}/files",
        data={"files": (io.BytesIO(PNG), "ekran [1].png"), **token(olga, page)},
        content_type="multipart/form-data",
    ).get_json()["files"][0]
    assert told["markdown"] == f"![ekran 1 .png]({told['address']})"
    anna = browser_of("anna@klient.example")
    assert fetched(client, told["address"]) == fetched(anna, told["address"]) == b""
    assert fetched(olga, told["address"]) == PNG
    shown = send(olga, page, "/address", body="Nie zapisano")
    assert "Nie zapisano" in shown
    send(olga, page, body=told["markdown"])
    secret = re.search(r"http://localhost:8000(/content/preview/[\w-]+)", shown)
    assert secret
    draft = client.page(secret[1])
    assert fetched(client, draft.xpath("//article//img/@src")[0]) == PNG
    assert fetched(client, told["address"]) == b""
    send(olga, page, "/address", do="end")
    assert client.get(secret[1]).status_code == 404
    send(olga, page, "/publish")
    with client.get(told["address"]) as answer:
        assert (answer.data, answer.mimetype) == (PNG, "image/png")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    send(olga, page, "/publish", body="bez obrazu", visibility="signed_in")
    assert fetched(client, told["address"]) == b""


def test_a_file_comes_to_the_end_of_the_text_without_a_script(olga: Visitor) -> None:
    page = begin(olga)
    shown = send(olga, page, body="Tekst", files=(io.BytesIO(b"x,y"), "dane.csv"))
    assert re.search(r"Tekst\s+\[dane\.csv\]\(/content/files/\d+/dane\.csv\)", shown)


def test_whoever_takes_a_text_away_is_told_where_it_is_used(olga: Visitor, client: Visitor) -> None:
    page, other = begin(olga), begin(olga, "Wiosła")
    send(olga, page, "/publish")
    send(olga, other, "/publish", body="Zobacz [łódź](/articles/pl/lodz).")
    send(olga, page, "/publish", slug="nowa-lodz")
    shown = text_of(olga.page(f"{page}/withdraw"))
    assert "Wiosła" in shown
    assert "/articles/pl/lodz" in shown
    bin_page = f"{page.rpartition('/')[0]}/bin"
    assert "Wpis jest w koszu" in olga.submit(bin_page, {}, form="//main//form[@method='post']").text
    assert client.get("/articles/pl/nowa-lodz").status_code == 404
    assert "Łódź" in olga.get("/desk/entries/?state=bin").text
    assert "Łódź" not in olga.get("/desk/entries/").text
    olga.submit(page, {}, form="//form[contains(@action,'/unbin')]")
    assert client.get("/articles/pl/nowa-lodz").status_code == 200


def test_a_list_shows_what_is_asked_for(olga: Visitor, browser_of: Browser, app: Flask) -> None:
    page = begin(olga, "Żółta łódź")
    begin(browser_of("ola@pomoc.example"), "Dok")
    send(olga, page, tags="Port")
    with app.app_context():
        assert db.session.query(Entry).count() == 2
    for query, found in {
        "text=ŻÓŁTA": {"Żółta łódź"},
        "mine=1": {"Żółta łódź"},
        "tag=port": {"Żółta łódź"},
        "language=no-en": {"Żółta łódź", "Dok"},
        "language=en": set(),
        "state=draft&language=pl": {"Żółta łódź", "Dok"},
        "state=published": set(),
        "type=page": set(),
        "group=999": set(),
    }.items():
        titles = set(olga.page(f"/desk/entries/?{query}").xpath("//tbody//td[1]/a/text()"))
        assert titles == found, query


def test_every_act_stands_in_the_audit_log(olga: Visitor, app: Flask) -> None:
    page = begin(olga)
    send(olga, page, "/publish", body="Tekst")
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.kind == "entry").order_by(AuditEntry.id)).all()
        assert [row.data["act"] for row in rows] == ["entry_added", "entry_saved", "entry_published"]
        assert {row.who for row in rows} == {"olga@pomoc.example"}
