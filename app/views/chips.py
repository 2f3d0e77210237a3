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
    labels = {label.get("for"): label for label in form.iter("label")}
    for box in form.iter("input", "select"):
        name, value, kind = box.get("name"), box.get("value"), box.get("type")
        label = _text(labels.get(box.get("id")))
        if box.tag == "select":
            chosen = next((option for option in box if option.get("selected") is not None), None)
            if chosen is not None and chosen.get("value") and chosen.getprevious() is not None:
                yield name, label, _text(chosen)
        elif kind == "checkbox":
            if box.get("checked") is not None:
                said = _text(next(box.iterancestors("label"), None))
                group = next(box.iterancestors("fieldset"), None)
                yield (name, _text(group.find("legend")), said) if group is not None else (name, said, "")
        elif value and kind != "hidden":
            yield name, label, _day(value) if kind == "date" else value


def _text(found: html.HtmlElement | None) -> str:
    return " ".join(found.text_content().split()) if found is not None else ""


def _day(value: str) -> str:
    try:
        return on_date(date.fromisoformat(value))
    except ValueError:
        return value


def _without(name: str, sent: Sequence[Pair], address: str) -> str:
    left = [pair for pair in sent if pair[0] != name]
    return f"{address}?{urlencode(left)}" if left else address
