"""Attack cases O49 to O54 of files: names, types that lie, pages as files, damaged bytes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.desk import tickets
from app.desk.content import Contribution, StoredFile
from app.events.transaction import transaction
from app.extensions import db
from app.files.names import safe_name
from app.models.ticket import Attachment, Channel, Ticket
from tests.files.test_pictures import PNG
from tests.security.conftest import A1, ALICE, CAROL, Caller, _account

PAGE = b"<html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
Callers = Callable[[str], Caller]


@pytest.fixture
def attached(companies: Flask, caller: Callers) -> Iterator[Callable[[str, str, bytes], tuple[TestResponse, ...]]]:
    """attached(name, type, bytes) -> how Carol's browser and her program get that file of ticket A1."""
    opened: list[TestResponse] = []
    carol = caller(CAROL)

    def attach(name: str, content_type: str, content: bytes) -> tuple[TestResponse, ...]:
        with companies.app_context(), transaction():
            digest = companies.extensions["files"].put(content)
            stored = StoredFile(safe_name(name, content_type, 1), len(content), content_type, digest)
            said = Contribution(text="x", channel=Channel.MAIL, files=[stored])
            message = tickets.customer_reply(db.session.get_one(Ticket, A1), said, by=_account(ALICE))
            db.session.flush()
            row = message.attachments[0].id
        answers = (carol.page("get", f"/attachments/{row}/x"), carol.api("get", f"attachment/{row}/content"))
        opened.extend(answers)
        return answers

    yield attach
    for answer in opened:
        answer.close()


@pytest.mark.parametrize(
    ("name", "content_type", "content"),
    [
        ("x.svg", "image/svg+xml", SVG),
        ("x.html", "text/html", PAGE),
        ("x.xml", "application/xml", b'<?xml-stylesheet href="x.xsl"?><a/>'),
        ("x.xhtml", "application/xhtml+xml", PAGE),
        ("x.pdf", "application/pdf", b"%PDF-1.7"),
        ("x.js", "text/javascript", b"alert(1)"),
        ("x.zip", "application/zip", b"PK\x03\x04"),
        ("x.png", "text/html", PAGE),  # O52: a type that lies
        ("x.png", "image/png", PAGE),
        ("x.png", "image/png", PNG + PAGE),
        ("x.png", "image/png", PNG + b"PK\x03\x04"),
        ("x.gif", "image/gif", b"GIF89a=1;alert(1)"),
        ("x.png", "image/png;x=text/html", SVG),
    ],
)
def test_o51_o52_what_is_no_picture_is_only_ever_downloaded(
    attached: Callable[..., tuple[TestResponse, ...]], name: str, content_type: str, content: bytes
) -> None:
    for answer in attached(name, content_type, content):
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.mimetype in ("application/octet-stream", "application/pdf", "application/zip")
        assert answer.data == content


def test_o52_a_picture_is_shown_as_what_its_bytes_are(attached: Callable[..., tuple[TestResponse, ...]]) -> None:
    for answer in attached("x.gif", "image/gif", PNG):
        assert answer.mimetype == "image/png"
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize(
    ("name", "kept", "header"),
    [
        ("../../etc/cron.d/x", "x", "attachment; filename=x"),
        ("..\\..\\x", "x", "attachment; filename=x"),
        ('"><svg onload=alert(1)>.jpg', "svg onload=alert(1).jpg", 'attachment; filename="svg onload=alert(1).jpg"'),
        (
            "Zażółć „gęślą”; x.txt",
            "Zażółć „gęślą”; x.txt",
            "attachment; filename=\"Zazoc gesla; x.txt\"; filename*=UTF-8''"
            "Za%C5%BC%C3%B3%C5%82%C4%87%20%E2%80%9Eg%C4%99%C5%9Bl%C4%85%E2%80%9D%3B%20x.txt",
        ),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie x=1.txt", 'attachment; filename="aSet-Cookie x=1.txt"'),
        ("cennik\u202efdp.exe", "cennikfdp.exe", "attachment; filename=cennikfdp.exe"),
    ],
)
def test_o49_o53_a_files_name_leads_nowhere(
    companies: Flask, attached: Callable[..., tuple[TestResponse, ...]], name: str, kept: str, header: str
) -> None:
    """RFC 6266, RFC 8187; on the disk a file is called by the hash of its bytes alone."""
    for answer in attached(name, "text/plain", b"tekst"):
        assert answer.headers["Content-Disposition"] == header
        assert "Set-Cookie" not in answer.headers or "x=1" not in answer.headers["Set-Cookie"]
    with companies.app_context():
        row = db.session.query(Attachment).order_by(Attachment.id.desc()).first()
        assert row.name == kept
        folder = companies.extensions["files"].folder
        assert companies.extensions["files"].path(row.sha256).relative_to(folder) == Path(row.sha256[:2], row.sha256)
    names = {path.name for path in folder.rglob("*") if path.is_file()}
    assert all(len(each) == 64 and set(each) <= set("0123456789abcdef") for each in names)


def test_of_a_damaged_file_no_byte_is_given_out(
    companies: Flask, caller: Callers, caplog: pytest.LogCaptureFixture
) -> None:
    alice = caller(ALICE)
    store = companies.extensions["files"]
    with companies.app_context():
        digest = db.session.get_one(Attachment, 1).sha256
    store.path(digest).write_bytes(b"ZQXBATT9001")
    for headers in ({}, {"Range": "bytes=0-3"}, {"If-None-Match": f'"{digest}"'}):
        with caplog.at_level(logging.ERROR):
            page = alice.page("get", "/attachments/1/zqxa.txt", headers=headers)
            by_program = alice.api("get", "attachment/1/content", headers=headers)
        assert (page.status_code, by_program.status_code) == (410, 410)
        assert "Ten plik jest u nas uszkodzony" in page.text
        assert by_program.json["message"] == "Ten plik jest u nas uszkodzony"
        assert b"ZQXBATT" not in page.data + by_program.data
        assert digest in caplog.text
