"""The language of letter templates: values and conditions, and nothing that could reach further."""

from __future__ import annotations

import pytest

from app.mail import texts
from app.mail.source import Unreadable, check, written
from app.mail.values import NAMED

pytestmark = pytest.mark.usefixtures("context")

KNOWN = ("number", "late", "name")
VALUES = {"number": lambda: "#1001", "late": lambda: "", "name": lambda: "Ewa"}


def test_subject_paragraphs_and_small_print() -> None:
    text = written("Sprawa {{number}}\n\nDzień dobry,\n{{ name }}.\n \nDrugi.\n---\nDrobny\ndruk.\n", VALUES)
    assert text.subject == "Sprawa #1001"
    assert text.paragraphs == ["Dzień dobry, Ewa.", "Drugi."]
    assert text.footer == "Drobny druk."


def test_what_is_empty_leaves_its_paragraph_out() -> None:
    source = "T\n\n{{ if late }}Po godzinach {{ number }}.{{ end }}\n\n{{ if name }}Jest {{ name }}.{{ end }}"
    assert written(source, VALUES).paragraphs == ["Jest Ewa."]


def test_a_value_makes_no_token_of_its_own() -> None:
    sly = VALUES | {"name": lambda: "{{ number }} {{ if late }}"}
    assert written("T\n\n{{ name }}", sly).paragraphs == ["{{ number }} {{ if late }}"]


@pytest.mark.parametrize(
    "source",
    [
        "",
        "Tylko temat",
        "\n\n---\ndrobny druk",
        "T\n\n{{ nic }}",
        "T\n\n{{ number.__class__ }}",
        "T\n\n{{ number() }}",
        "T\n\n{{ 7*7 }}",
        "T\n\n{{ }}",
        "T\n\n{% for x in y %}{{ x }}{% endfor %}",
        "T\n\n{{ if number }}bez końca",
        "T\n\nbez początku {{ end }}",
        "T\n\n{{ if number }}{{ if late }}x{{ end }}{{ end }}",
        "T\n\n{{ if nic }}x{{ end }}",
        "T\n\n{{ if late }}{{ nic }}{{ end }}x",
        "T\n\n{{ number",
        "T\n\nnumber }}",
        "T\n\n" + "x" * 10_001,
        "T\n\nza\u202eplacz",
        "T\x00\n\nx",
    ],
)
def test_what_cannot_be_read_is_told(source: str) -> None:
    with pytest.raises(Unreadable, match=r"\w+"):
        check(source, KNOWN)


def test_what_the_product_brings_can_be_read() -> None:
    assert len(texts.names()) >= 17
    for name in texts.names():
        for language in ("pl", "en"):
            source = texts.shipped(name, language)
            assert source is not None, (name, language)
            check(source, NAMED)


def test_joiners_of_a_language_may_stand_in_a_letter_and_its_unseen_signs_are_named_by_line() -> None:
    check("T\r\n\r\n\tمی\u200cخواهم", KNOWN)
    with pytest.raises(Unreadable, match="3"):
        check("T\n\nx\u202ey", KNOWN)
