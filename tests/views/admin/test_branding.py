"""The name, logo and colours of a desk: chosen by an administrator, shown to everybody, always readable."""

from __future__ import annotations

import base64
import io
from urllib.parse import urlsplit

import pytest
from flask import Flask
from lxml import html

from app.contrast import READABLE, WHITE, contrast
from app.desk.branding import DARK_RAISED, LIGHT_PAPER, Branding, rgb
from app.events.transaction import transaction
from app.mail.compose import compose
from tests.browsing import Visitor, text_of
from tests.mail.desk import CUSTOMER, letter_to, notify, open_ticket
from tests.views.admin.conftest import Browser

PAGE = "/desk/look/"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def save(adam: Visitor, **values: object) -> str:
    return adam.submit(PAGE, values, form="//form[@action='/desk/look/']").text


def test_a_chosen_look_is_on_every_page_for_everybody(adam: Visitor, client: Visitor, people: dict[str, int]) -> None:
    assert "/look/" not in client.get("/").text
    save(adam, name="Pomoc Kowalski", bar="#123456", fill="#7A1F1F", logo=(io.BytesIO(PNG), "logo.png"))
    page = client.page("/login")
    assert page.xpath("string(//title)").strip().endswith("– Pomoc Kowalski")
    assert "Pomoc Kowalski" in text_of(page.xpath("//header")[0])
    sheet = client.get(page.xpath("//link[starts-with(@href, '/look/')]/@href")[0])
    assert sheet.mimetype == "text/css"
    assert "--bar: #123456; --fill: #7a1f1f;" in sheet.text
    assert "immutable" in sheet.headers["Cache-Control"]
    logo = client.get(page.xpath("//header//img/@src")[0], buffered=True)
    assert (logo.data, logo.mimetype) == (PNG, "image/png")


def test_letters_wear_the_logo_on_the_bars_colour(adam: Visitor, client: Visitor, app: Flask) -> None:
    """Whoever's program shows no pictures reads the desk's name there."""
    save(adam, name="Pomoc Kowalski", bar="#123456", logo=(io.BytesIO(PNG), "logo.png"))
    with app.app_context():
        open_ticket()
        notify()
        with transaction():
            letter = html.fromstring(compose(letter_to(CUSTOMER, "acknowledgement")).html or "")
    (picture,) = letter.xpath("//img")
    assert client.get(urlsplit(picture.get("src")).path, buffered=True).data == PNG
    assert "#123456" in picture.getparent().get("style")
    assert text_of(picture.getparent()) == "Pomoc Kowalski"


def test_a_logo_stays_until_it_is_taken_away(adam: Visitor, client: Visitor) -> None:
    save(adam, logo=(io.BytesIO(PNG), "logo.png"))
    save(adam, name="Inna nazwa")
    address = client.page("/").xpath("//header//img/@src")[0]
    save(adam, no_logo="y")
    assert not client.page("/").xpath("//header//img")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "values",
    [
        {"fill": "#ffd166"},
        {"bar": "#5c7a99"},  # white is readable on it, but not where a menu entry is marked
        {"bar": "red; } body { display: none"},
        {"name": ""},
        {"logo": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.svg")},
        {"logo": (PNG + b"<script>", "logo.png")},
        {"logo": (PNG + b"\0" * 300_000, "logo.png")},
    ],
)
def test_what_cannot_be_read_or_shown_is_refused(adam: Visitor, client: Visitor, values: dict[str, object]) -> None:
    logo = values.get("logo")
    sent = {**values, "logo": (io.BytesIO(logo[0]), logo[1])} if isinstance(logo, tuple) else values
    assert 'aria-invalid="true"' in save(adam, **sent)
    assert "/look/" not in client.get("/").text


@pytest.mark.parametrize("fill", ["#0a5ca8", "#000000", "#7a1f1f", "#767676", "#0000ff", "#006600", "#8a00c2"])
def test_links_are_readable_whatever_was_chosen(fill: str) -> None:
    light, dark = Branding(fill=fill).stylesheet().split("light-dark(")[1].split(")")[0].split(", ")
    assert contrast(rgb(light), LIGHT_PAPER) >= READABLE
    assert contrast(rgb(dark), DARK_RAISED) >= READABLE
    assert contrast(WHITE, rgb(fill)) >= READABLE - 0.05


def test_only_administrators_choose_it_and_auditors_look(browser_of: Browser, people: dict[str, int]) -> None:
    auditor = browser_of("audyt@desk.example")
    assert auditor.page(PAGE).xpath("//main//fieldset[@disabled]")
    assert auditor.post(PAGE, data={"name": "x"}).status_code in (400, 403)
    assert browser_of("jan@desk.example").get(PAGE).status_code == 403


def test_the_shipped_look_comes_back(adam: Visitor, client: Visitor) -> None:
    save(adam, name="Pomoc Kowalski", bar="#123456")
    adam.submit(PAGE, {}, form="//form[@action='/desk/look/default']")
    page = client.page("/")
    assert page.xpath("string(//title)").strip().endswith("– Bilety")
    assert not page.xpath("//link[starts-with(@href, '/look/')]")
