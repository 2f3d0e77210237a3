"""Style sheets and scripts are sent packed, and asked for once."""

from __future__ import annotations

import gzip
from pathlib import Path

from flask import Flask
from lxml import html

from tests.browsing import Visitor

STYLE = "/static/bilety.css"


def sheets(client: Visitor) -> list[str]:
    return [str(each) for each in html.fromstring(client.get("/").text).xpath("//link[@rel='stylesheet']/@href")]


def test_what_a_page_names_is_kept_for_a_year(client: Visitor) -> None:
    own = next(each for each in sheets(client) if each.startswith(STYLE))
    with client.get(own) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for asked in (STYLE, f"{STYLE}?v=of-another-time"):
        with client.get(asked) as answer:
            assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_it_is_packed_for_who_can_unpack_it(app: Flask, client: Visitor) -> None:
    whole = (Path(str(app.static_folder)) / "bilety.css").read_bytes()
    with client.get(STYLE, headers={"Accept-Encoding": "gzip, br"}) as packed, client.get(STYLE) as plain:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data == whole
        assert int(packed.headers["Content-Length"]) == len(packed.data) < len(whole) / 3
        assert all("Accept-Encoding" in answer.headers["Vary"] for answer in (packed, plain))
        etag = packed.headers["ETag"]
    with client.get(STYLE, headers={"Accept-Encoding": "gzip", "If-None-Match": etag}) as again:
        assert (again.status_code, again.data) == (304, b"")


def test_a_part_a_picture_and_a_file_that_is_not_there_stay_as_they_are(client: Visitor) -> None:
    with client.get(STYLE, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"}) as part:
        assert (part.status_code, len(part.data)) == (206, 10)
        assert "Content-Encoding" not in part.headers
    assert client.get("/static/../config.py?v=1").status_code == 404
    assert client.get("/static/none.css", headers={"Accept-Encoding": "gzip"}).status_code == 404


def test_the_first_page_of_the_portal_weighs_less_than_150_kb(client: Visitor) -> None:
    """The bar of issue 8, as a browser without anything kept loads it."""
    page = client.get("/")
    links = "//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src | //*[local-name()='use']/@href"
    files = {str(each).partition("#")[0] for each in html.fromstring(page.text).xpath(links)}
    weight = len(page.data)
    for each in files:
        with client.get(each, headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.status_code == 200
            weight += len(answer.data)
    assert weight < 150_000
