"""Attack cases O05-O10, O15-O17, O65: files, notes, filters, searches and broken questions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.views.api import APIS
from app.views.api.resource import Resource
from tests.browsing import Visitor
from tests.canaries import OF_BETA, OF_NOTES
from tests.security.conftest import (
    A1,
    B1,
    CAROL,
    FILE_OF_A1,
    FILE_OF_B1,
    FILE_OF_NOTE,
    NOWHERE,
    ROOT,
    Caller,
    alike,
)

Callers = Callable[[str], Caller]
RESOURCES = [api.resource_name for api in APIS if issubclass(api, Resource)]


@pytest.mark.parametrize("how", [{}, {"headers": {"Range": "bytes=0-10"}}, {"query_string": {"download": "1"}}])
def test_o05_files_of_others_and_of_notes_by_cookie(alice: Caller, how: dict[str, dict[str, str]]) -> None:
    for method in ("get", "head"):
        alike([alice.page(method, f"/attachments/{row}/x.txt", **how) for row in (FILE_OF_B1, FILE_OF_NOTE, NOWHERE)])
    for variant in ("thumbnail", "preview"):
        alike([alice.page("get", f"/attachments/{row}/{variant}") for row in (FILE_OF_B1, FILE_OF_NOTE, NOWHERE)])


def test_o05_files_of_others_and_of_notes_by_token(alice: Caller) -> None:
    for path in ("", "/content"):
        rows = (FILE_OF_B1, FILE_OF_NOTE, NOWHERE)
        alike([alice.api("get", f"attachment/{row}{path}") for row in rows])
        alike([alice.api("get", f"attachment/{row}{path}", headers={"Range": "bytes=0-10"}) for row in rows])
    assert alice.api("get", "attachment/").json["ids"] == [FILE_OF_A1]


def test_o06_a_files_address_without_signing_in(alice: Caller, client: Visitor) -> None:
    address = f"/attachments/{FILE_OF_A1}/zqxa.txt"
    with alice.page("get", address) as answer:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(address).status_code == 302
    alice.page("post", "/logout")
    assert alice.page("get", address).status_code == 302
    assert client.get(f"/api/v1/attachment/{FILE_OF_A1}/content").status_code == 401


def test_o07_notes_are_in_no_list(alice: Caller) -> None:
    answer = alice.api("get", f"message/?q=(filters:!((col:ticket,opr:rel_o_m,value:{A1})))").json
    assert (answer["ids"], answer["count"]) == ([1], 1)
    for columns in ("body", "internal", "ticket.internal_note", "folded"):
        assert alice.api("get", f"message/?q=(columns:!({columns}))").status_code == 400


@pytest.mark.parametrize("column", ["internal_note", "confidential", "requester.password", "fields", "messages.text"])
def test_o08_a_hidden_column_is_no_filter(alice: Caller, column: str) -> None:
    for operator in ("sw", "ct", "eq", "gt"):
        answer = alice.api("get", f"ticket/?q=(filters:!((col:{column},opr:{operator},value:Z)))")
        assert answer.status_code == 400


@pytest.mark.parametrize("column", ["password", "fs_uniquifier", "email_token", "tf_totp_secret", "mf_recovery_codes"])
def test_o09_secrets_are_no_filter(caller: Callers, column: str) -> None:
    for email in (CAROL, ROOT):
        somebody = caller(email)
        for operator in ("sw", "ct", "eq"):
            answer = somebody.api("get", f"account/?q=(filters:!((col:{column},opr:{operator},value:a)))")
            assert answer.status_code == 400
        lists = [somebody.page("get", f"/desk/customers/list/?_flt_0_{column}={value}").text for value in ("a", "zzzz")]
        shown = [text.partition("<main")[2].partition("</main>")[0] for text in lists]
        assert shown[0] == shown[1]
        assert "pager" in shown[0]


@pytest.mark.parametrize("resource", RESOURCES)
def test_o10_nothing_is_told_about_the_inside(alice: Caller, resource: str) -> None:
    answer = alice.api("get", f"{resource}/_info?q=(keys:!(add_columns,edit_columns))")
    assert answer.status_code in (403, 404)
    assert "ZQXBETA" not in answer.text


def test_o10_who_else_there_is_is_not_told(alice: Caller) -> None:
    assert alice.api("get", "organisation/").json["count"] == 1
    assert alice.api("get", "account/").json["count"] == 1
    alike([alice.api("get", f"organisation/{row}") for row in (2, NOWHERE)])
    alike([alice.api("get", f"account/{row}") for row in (3, NOWHERE)])


@pytest.mark.parametrize(
    "words", ["ZQXBTITLE7731", "ZQXNOTEA5512", "ZQXBBODY", "company:ZQXBETA", f"id:{B1}", "ZQXBPERSON"]
)
def test_o15_words_of_others_are_not_found(alice: Caller, words: str) -> None:
    answer = alice.api("get", "search/", query_string={"q": words}).json
    assert {hit["id"] for hit in answer["result"]} <= {A1}  # where nobody may see the word, its nearest is looked for
    assert answer["count"] == len(answer["result"])
    assert not OF_BETA.search(f"{answer['suggestion']} {answer['result']}".upper())
    page = alice.page("get", f"/search?q={words}").text.partition("<main")[2]
    assert f"/tickets/{1000 + B1}" not in page


@pytest.mark.parametrize("words", ["*", "ZQX*", "ZQXA*", "a OR b OR *"])
def test_o15_whoever_asks_for_everything_gets_his_own(alice: Caller, words: str) -> None:
    answer = alice.api("get", "search/", query_string={"q": words}).json
    assert {hit["id"] for hit in answer["result"]} <= {A1}
    assert answer["count"] == len(answer["result"])


@pytest.mark.parametrize("words", ["ZQXBTIT", "ZQXBTITLX7731", "ZQXBETB", "ZQXNOTEA551"])
def test_o16_no_word_of_others_is_offered(alice: Caller, words: str) -> None:
    suggestion = alice.api("get", "search/", query_string={"q": words}).json["suggestion"] or ""
    assert not OF_BETA.search(suggestion.upper())
    assert not OF_NOTES.search(suggestion.upper())


def test_o17_no_export_of_the_desk_is_a_customers(companies: Flask, alice: Caller) -> None:
    exports = [rule.rule for rule in companies.url_map.iter_rules() if rule.rule.endswith(("export", ".csv", "/raw"))]
    assert exports
    for path in exports:
        assert alice.page("get", path.replace("<int(max=2147483647):pk>", "1")).status_code in (403, 404)


BROKEN = (
    "(((",
    "(page:99999999999999999999)",
    "(page_size:-99999999999999999999)",
    "(filters:!((col:id,opr:eq,value:99999999999999999999999)))",
    "(order_column:'id;drop table ticket')",
    "'" * 5000,
    "%00",
    "\udcff",
    '{"filters": [{"col": "id", "opr": "eq", "value": "\\ud800"}], "columns": ["\\ud800"]}',
)


@pytest.mark.parametrize("resource", RESOURCES)
def test_o65_a_broken_question_is_answered(caller: Callers, resource: str) -> None:
    root = caller(ROOT)
    for q in BROKEN:
        answer = root.api("get", f"{resource}/", query_string={"q": q.encode("utf-8", "surrogateescape")})
        assert answer.status_code in (200, 400), q
    for pk in (99999999999999999999, 2**31, 0, "x", "%00", "1;1"):
        assert root.api("get", f"{resource}/{pk}").status_code == 404, pk


@pytest.mark.parametrize("path", ["/articles/pl/x%00", "/api/v1/content/notice%00/", "/api/v1/content/notice/pl/%00"])
def test_o65_an_address_with_a_nul_names_nothing(companies: Flask, path: str) -> None:
    assert Visitor(companies).get(path).status_code == 404


LISTS = ("/tickets/", "/desk/tickets/list/", "/desk/customers/list/", "/desk/journal/list/", "/search")
CRAFTED = (
    "_flt_0_id=x&_flt_9_name=1",
    "_flt_0_name=" + "a" * 3000,
    "page_x=abc",
    "psize_x=abc",
    "_oc_x=id&_od_x=asc",
    "after=x~y&before=~",
    "state=%00&group=99999999999999999999",
    "since=0000-00-00&q=%ff",
)


@pytest.mark.parametrize("query", CRAFTED)
def test_o65_a_crafted_address_of_a_list_is_no_error_of_ours(caller: Callers, query: str) -> None:
    root = caller(ROOT)
    for path in LISTS:
        _answers(root, f"{path}?{query}")


def test_o65_a_crafted_address_of_a_form_is_no_error_of_ours(companies: Flask, caller: Callers) -> None:
    """Of every form by which administrators add and change rows, with all of it at once."""
    forms = [
        rule.rule.replace("<int(max=2147483647):pk>", "1")
        for rule in companies.url_map.iter_rules()
        if rule.rule.startswith("/desk/")
        and "<" not in rule.rule.replace("<int(max=2147483647):pk>", "")
        and "GET" in (rule.methods or ())
    ]
    assert len(forms) > 20
    root = caller(ROOT)
    for path in forms:
        _answers(root, f"{path}?{'&'.join(CRAFTED)}")


def _answers(root: Caller, address: str) -> None:
    with root.page("get", address) as answer:
        assert answer.status_code in (200, 302, 400, 404, 410), address
