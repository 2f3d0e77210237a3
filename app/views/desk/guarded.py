"""The forms of settings between two people: each box remembers what it showed (app/views/overtaken.py).

What only one of the two has changed is kept from him; what both have changed stops the second, who chooses. Of many
boxes to tick each is one of its own, so that nobody needs to choose.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

from flask import Request, get_template_attribute, request
from flask_babel import gettext as _
from lxml import html
from werkzeug.datastructures import ImmutableMultiDict

from app.views.overtaken import Overtaken, mark_of

ONE_SIDED = ("CSRFTokenField", "FileField", "MultipleFileField")  # what nobody else can have changed
WAS, THEIRS = "was-", "theirs-"  # before the name of a box
BOXES = ("input", "select", "textarea")
Pairs = list[tuple[str, str]]
F = TypeVar("F", bound=Any)


@dataclass(frozen=True)
class Drawn:
    """A box as its page has it: the names under which it is sent, what is sent of it, and how a person reads that."""

    names: frozenset[str]
    pairs: Pairs
    words: str

    @property
    def mark(self) -> str:
        return _mark(self.pairs)


@dataclass
class Clash:
    """What both have changed, by box: how the other's value reads. `marks` of all boxes as the row is now."""

    marks: dict[str, str]
    theirs: dict[str, str] = field(default_factory=dict)


def marks_of(form: Any, names: Iterable[str]) -> dict[str, str]:
    return {name: drawn(form[name]).mark for name in names}


def settle(request: Request, now: Any, names: Sequence[str]) -> Clash:
    """Hold what is sent against the form of the row as it is `now`.

    A box that the sender left alone, or whose other value he chose, takes the row's value in the request.
    """
    sent = list(request.form.items(multi=True))
    clash = Clash({})
    for name in names:
        box, was = drawn(now[name]), request.form.get(WAS + name)
        typed = _mark((key, value) for key, value in sent if key in box.names)
        clash.marks[name] = box.mark
        is_clean = was in (None, box.mark) or typed == box.mark
        if request.form.get(THEIRS + name) or (typed == was and not is_clean):
            sent = [pair for pair in sent if pair[0] not in box.names] + box.pairs
        elif not is_clean:
            clash.theirs[name] = box.words
    request.form = ImmutableMultiDict(sent)
    return clash


def opened(make: Callable[..., F]) -> F:
    """The form that `make` builds of what is kept now, held against what was sent. Where both have changed the same
    (`is_overtaken`) nothing may be saved. On a POST the caller has locked what is changed.
    """
    now = make(formdata=None)
    names = [field.name for field in now if field.type not in ONE_SIDED]
    if request.method != "POST":
        remember(now, marks_of(now, names))
        return now
    clash = settle(request, now, names)
    form = make()
    if clash.theirs:
        form.form_errors.append(str(Overtaken()))
        remember(form, clash.marks, clash.theirs)
    else:
        remember(form, sent_marks(names))
    return form


def sent_marks(names: Iterable[str]) -> dict[str, str]:
    """What the boxes showed when the form was opened that is sent now."""
    return {name: request.form.get(WAS + name, "") for name in names}


def remember(form: Any, marks: Mapping[str, str], theirs: Mapping[str, str] = MappingProxyType({})) -> None:
    """Let each box say what it showed when its form was opened, and what somebody else has made of it."""
    for name, mark in marks.items():
        form[name].was, form[name].theirs = mark, theirs.get(name)


def is_overtaken(form: Any) -> bool:
    return any(getattr(field, "theirs", None) for field in form)


def status_of(form: Any) -> int:
    """What the page of a form answers with that is shown, not saved."""
    return Overtaken.status if is_overtaken(form) else 200


def ticked(name: str, offered: Collection[str], now: Collection[str]) -> set[str]:
    """What is ticked of the boxes `name` once the sender's changes are made to what is ticked `now`: he sees in
    `was-NAME` what was ticked when his form was opened, with commas between."""
    sent = set(request.form.getlist(name)) & set(offered)
    was = set(request.form[WAS + name].split(",")) if WAS + name in request.form else set(now)
    return ((set(now) | (sent - was)) - (was - sent)) & set(offered)


def shown(name: str, now: Collection[str]) -> str:
    """What `was-NAME` of such boxes is to remember: what was ticked when the form was opened."""
    return request.form.get(WAS + name, ",".join(sorted(now)))


def drawn(box: Any) -> Drawn:
    """What a browser would send of the box if nobody touched it (HTML, constructing the entry list)."""
    page = box() if box.widget else get_template_attribute("macros/ui.html", "field")(box)  # one of several boxes
    root = html.fragment_fromstring(str(page), create_parent="div")
    labels = {label.get("for"): label.text_content().strip() for label in root.iter("label")}
    names, pairs, words = set(), [], []
    for each in root.iter(*BOXES):
        name, kind = each.get("name"), each.get("type", each.tag)
        if not name:
            continue
        names.add(name)
        if kind in ("checkbox", "radio"):
            if each.get("checked") is not None:
                pairs.append((name, each.get("value", "on")))
                words.append(labels.get(each.get("id")) or _("Yes"))
        elif kind == "select":
            for option in _chosen(each):
                pairs.append((name, option.get("value", option.text_content())))
                words.append(option.text_content().strip())
        else:
            pairs.append((name, (each.text or "") if kind == "textarea" else each.get("value", "")))
            words.append(pairs[-1][1])
    return Drawn(frozenset(names), pairs, ", ".join(word for word in words if word) or "–")


def _chosen(select: Any) -> list[Any]:
    options = list(select.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None]
    return chosen or ([] if select.get("multiple") is not None else options[:1])


def _mark(pairs: Iterable[tuple[str, str]]) -> str:
    return mark_of(f"{name}={value.strip()}" for name, value in pairs)
