"""What HTTP promises of every resource (RFC 9110), each refusal as a problem (RFC 9457) in the language asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.events.transaction import transaction
from app.extensions import db
from app.models.ticket import Attachment
from tests.views.api.conftest import Program
from tests.views.api.described import description_of, template_of

Programs = Callable[..., Program]
TEXT = "/api/v1/text/1"


@pytest.fixture
def adam(desk: None, program: Programs) -> Program:
    return program("adam@desk.example")


def ask(program: Program, method: str, path: str, **options: object) -> TestResponse:
    headers = {**program.headers, **options.pop("headers", {})}  # type: ignore[dict-item]
    return program.client.open(path, method=method, headers=headers, **options)  # type: ignore[arg-type]


def is_problem(answer: TestResponse, status: int) -> bool:
    said = answer.json or {}
    return (answer.status_code, answer.mimetype, said.get("status")) == (status, "application/problem+json", status)


def test_if_match_takes_any_one_of_several_and_no_weak_one(adam: Program) -> None:
    for number, tags in enumerate(("*", '"none", {etag}', "{etag}")):
        etag = adam.get("text/1").headers["ETag"]
        asked = {"If-Match": tags.format(etag=etag)}
        assert adam.put("text/1", {"title": f"Drukarka {number}"}, headers=asked).status_code == 200, tags
    etag = adam.get("text/1").headers["ETag"]
    for tags in (f"W/{etag}", '"none", "nothing"', "none"):
        assert is_problem(adam.put("text/1", {"title": "x"}, headers={"If-Match": tags}), 412), tags
    labels = {"labels": {"pl": "Piętro", "en": "Floor"}, "reason": "bo tak"}
    new = {"owner": "ticket", "kind": "text", "name": "floor", **labels}
    field = f"definition/{adam.post('definition/', new).json['id']}"
    assert adam.put(field, labels, headers={"If-Match": '"77", "1"'}).status_code == 200
    assert adam.put(field, labels, headers={"If-Match": "*"}).status_code == 200
    assert is_problem(adam.put(field, labels, headers={"If-Match": 'W/"3"'}), 412)


def test_if_none_match_takes_any_one_of_several_and_weak_ones_too(adam: Program) -> None:
    for path in ("text/1", "content/article/", "content/article/1"):
        etag = adam.get(path).headers["ETag"]
        for tags in ("*", f"W/{etag}", f'"none", {etag}'):
            answer = adam.get(path, headers={"If-None-Match": tags})
            assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", etag), (path, tags)


def test_a_part_of_a_file_that_is_not_there_is_told_with_its_length(app: Flask, adam: Program) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Attachment, 1).sha256 = app.extensions["files"].put(b"bytes")
    path = "/api/v1/attachment/1/content"
    with ask(adam, "GET", path, headers={"Range": "bytes=1-2"}) as part:
        assert (part.status_code, part.data, part.headers["Content-Range"]) == (206, b"yt", "bytes 1-2/5")
    beyond = ask(adam, "GET", path, headers={"Range": "bytes=9-", "Accept-Language": "en"})
    assert is_problem(beyond, 416)
    assert (beyond.headers["Content-Range"], beyond.json["detail"]) == ("bytes */5", "The file has no such part")


def test_every_address_tells_its_methods_and_answers_head_as_get(app: Flask, adam: Program) -> None:
    """OPTIONS needs no token; HEAD has the headers of GET and no body."""
    paths = description_of(app).document["paths"]
    for rule in app.url_map.iter_rules():
        path = template_of(rule.rule)
        if path not in paths or "{" in path.replace("{pk}", ""):
            continue
        address = path.replace("{pk}", "1")
        wanted = {method.upper() for method in paths[path]} | {"OPTIONS"}
        wanted |= {"HEAD"} if "GET" in wanted else set()
        answer = app.test_client().options(address)
        assert set(answer.headers["Allow"].split(", ")) == wanted, path
        refused = ask(adam, "PATCH", address)
        assert is_problem(refused, 405), path
        assert set(refused.headers["Allow"].split(", ")) == wanted, path
    for address in ("/api/v1/ticket/", "/api/v1/ticket/1", "/api/v1/content/article/1", TEXT):
        got, head = ask(adam, "GET", address), ask(adam, "HEAD", address)
        assert (head.status_code, head.data, head.content_length) == (200, b"", got.content_length), address
        assert head.headers.get("ETag") == got.headers.get("ETag")


@pytest.mark.parametrize(("tongue", "sentence"), [("en", "This is not to be had"), ("pl", "Nie można tego dostać")])
def test_what_cannot_be_met_is_a_problem_in_the_readers_language(adam: Program, tongue: str, sentence: str) -> None:
    spoken = {"Accept-Language": tongue}
    answer = ask(
        adam, "GET", "/api/v1/content/article/", headers={"Accept": "text/csv, application/json;q=0", **spoken}
    )
    assert is_problem(answer, 406)
    assert answer.json["detail"].startswith(sentence)
    for accept in ("application/json", "application/*", "text/html, */*;q=0.1", "application/problem+json"):
        assert ask(adam, "GET", TEXT, headers={"Accept": accept}).status_code == 200
    assert is_problem(ask(adam, "PUT", TEXT, data="title=x", content_type="text/plain"), 415)
    assert is_problem(
        ask(adam, "POST", "/api/v1/message/", data=b" " * (27 << 20), content_type="application/json"), 413
    )


def test_a_list_names_the_address_of_its_next_page(adam: Program) -> None:
    path, seen = '/api/v1/ticket/?q={"page_size": 2}', []
    while path:
        answer = ask(adam, "GET", path)
        seen += answer.json["ids"]
        path = answer.headers.get("Link", "").removeprefix("<").removesuffix('>; rel="next"')
    assert seen == [1, 2, 3]
