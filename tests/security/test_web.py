"""Attack cases O27, O32-O34, O57, O63: forged forms, headers, redirects, secrets, header lines, the queue."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from app.extensions import db
from app.models.ticket import Ticket
from app.supervisor import valkey
from config import Settings
from tests.browsing import Visitor
from tests.security.conftest import A1, ALICE, Caller

Callers = Callable[[str], Caller]
ELSEWHERE = ("//evil.example", "/\\evil.example", "https:evil.example", "///evil.example", "javascript:1")
FORGED = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json")


@pytest.mark.parametrize("target", [*ELSEWHERE, "http://localhost:8000@evil.example", "/%5cevil.example/.."])
def test_o27_nothing_leads_elsewhere(client: Visitor, target: str) -> None:
    answer = client.get("/lang/en", query_string={"next": target}, headers={"Referer": "http://evil.example/"})
    assert answer.location.startswith("/")
    assert answer.location[1:2] not in ("/", "\\")


def test_o32_every_state_changing_route_refuses_a_forged_form(companies: Flask, alice: Caller) -> None:
    """A cookie alone changes nothing: pages want their form's secret, the API does not take cookies."""
    rules = [rule for rule in companies.url_map.iter_rules() if {"POST", "PUT", "DELETE"} & (rule.methods or set())]
    assert len(rules) > 40
    for rule in rules:
        first_of_some = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
        path = re.sub(r"<[^>]*>", "1", re.sub(r"<[^>]*number>", "1001", first_of_some))
        for method in {"POST", "PUT", "DELETE"} & (rule.methods or set()):
            for kind in FORGED:
                answer = alice.browser.open(path, method=method, data=b"text=x", content_type=kind)
                assert answer.status_code in (302, 400, 401, 403, 404, 405, 410, 413, 415, 422), (
                    path,
                    kind,
                    answer.status,
                )
                assert answer.status_code != 302 or "/login" in answer.location, path
    with companies.app_context():
        assert db.session.get_one(Ticket, A1).status == "new"


def test_o32_a_get_changes_nothing(companies: Flask, alice: Caller) -> None:
    for act in ("close", "reopen", "reply", "accept"):
        assert alice.page("get", f"/tickets/1001/{act}").status_code in (404, 405)


def test_o33_headers_of_every_kind_of_page(alice: Caller, client: Visitor) -> None:
    answers = [alice.page("get", path) for path in ("/tickets/", "/tickets/1001", "/nowhere", "/search?q=x")]
    answers += [
        alice.api("get", "ticket/1"),
        alice.api("get", "ticket/999"),
        client.get("/contact"),
        client.get("/login"),
    ]
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        for rule in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert rule in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
    assert {answer.headers["Cache-Control"] for answer in answers[:6]} == {"no-store"}
    cookie = client.get("/login").headers.get("Set-Cookie", "HttpOnly; SameSite=Lax")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_o57_a_subject_of_several_lines_is_one_line_or_refused(companies: Flask, alice: Caller) -> None:
    crafted = "Temat\r\nBcc: spy@evil.example"
    new = {"subject": crafted, "text": "x", "product_group": 1}
    answer = alice.api("post", "ticket/", json=new)
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"subject"})
    alice.page("post", "/tickets/new?group=1", data={"subject": crafted, "text": "x", "priority": "low"})
    with companies.app_context():
        made = db.session.get(Ticket, 4)
        assert made is None or ("\n" not in made.subject and "\r" not in made.subject)


def test_o63_the_queue_is_no_port(settings: Settings) -> None:
    command = valkey.command(settings)
    assert command[command.index("--port") + 1] == "0"
    assert command[command.index("--unixsocketperm") + 1] == "700"
    assert ALICE.endswith(".example")
