"""What a list is filtered by, in a line: read off the form of its filters, so that it says what the boxes say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import Flask
from lxml import html

from app.locale import on_date

Pair = tuple[str, str]


@dataclass(frozen=True)
class Chip:
    """One filter, or the order where it is not the usual one: its box, what stands there, and the list without it."""

    label: str
    values: str
    url: str


def init_app(app: Flask) -> None:
    app.jinja_env.globals["chips"] = chips


def chips(boxes: str, address: str) -> list[Chip]:
    """One for each box of the form that narrows the list or orders it otherwise; those are hidden of none."""
    form = html.fromstring(f"<form>{boxes}</form>")
    sent: list[Pair] = [(name, value) for name, value in form.form_values() if value]
    said: dict[str, tuple[str, list[str]]] = {}
    for name, label, value in _said(form):
        said.setdefault(name, (label, []))[1].append(value)
    return [Chip(label, ", ".join(values), _without(name, sent, address)) for name, (label, values) in said.items()]


def _said(form: html.FormElement) -> Iterator[tuple[str, str, str]]:
    """Name, label and words of everything that was chosen or typed."""
    for box in form.xpath(".//input[not(@type='hidden')] | .//select"):
        label, name = _label(form, box), box.get("name")
        if box.tag == "select":
            chosen = box.xpath("./option[@selected][@value!='']")
            if chosen and chosen[0].getprevious() is not None:
                yield name, label, _text(chosen)
        elif box.get("type") == "checkbox":
            if box.get("checked") is not None:
                legend = _text(box.xpath("ancestor::fieldset/legend"))
                yield name, legend or label, label if legend else ""
        elif box.get("value"):
            yield name, label, _day(box.get("value")) if box.get("type") == "date" else box.get("value")


def _label(form: html.FormElement, box: html.HtmlElement) -> str:
    return _text(box.xpath("ancestor::label")) or _text(form.xpath(".//label[@for=$name]", name=box.get("id", "")))


def _text(found: Sequence[html.HtmlElement]) -> str:
    return " ".join(found[0].text_content().split()) if found else ""


def _day(value: str) -> str:
    try:
        return on_date(date.fromisoformat(value))
    except ValueError:
        return value


def _without(name: str, sent: Sequence[Pair], address: str) -> str:
    left = [pair for pair in sent if pair[0] != name]
    return f"{address}?{urlencode(left)}" if left else address
