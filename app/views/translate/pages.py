"""On which pages a sentence stands: the routes whose view names the template, or lives in the module, that says it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, current_app

from app.views import visitor

TEMPLATES = ("list_template", "show_template", "edit_template", "add_template")


@dataclass(frozen=True)
class Place:
    """A page by its address; `url` where this visitor can open it as it stands."""

    rule: str
    url: str | None


def pages_of(files: tuple[str, ...], most: int = 8) -> list[Place]:
    """The pages on which what these files say can be met."""
    known = _routes(current_app._get_current_object())  # type: ignore[attr-defined]  # a proxy has no hash
    rules = {rule.rule: rule for name in files for rule in known.get(name, ())}
    return [
        Place(rule.rule, rule.rule if not rule.arguments and _opens(rule.endpoint) else None)
        for rule in list(rules.values())[:most]
    ]


@lru_cache(maxsize=2)
def _routes(app: Flask) -> Mapping[str, tuple[Any, ...]]:
    """Routes that answer GET, by the file below app/ that their page comes from."""
    found: dict[str, list[Any]] = {}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/api/"):
            for name in _files(app.view_functions[rule.endpoint]):
                found.setdefault(name, []).append(rule)
    return {
        name: tuple(sorted(rules, key=lambda rule: (len(rule.arguments), rule.rule))) for name, rules in found.items()
    }


def _files(view: Any) -> set[str]:
    function = inspect.unwrap(getattr(view, "__func__", view))
    names = {f"templates/{each}" for each in _constants(function) if each.endswith(".html")}
    owner, method = getattr(view, "__self__", None), getattr(function, "__name__", "")
    template = getattr(owner, f"{method}_template", None) if f"{method}_template" in TEMPLATES else None
    if isinstance(template, str):
        names.add(f"templates/{template}")
    module = getattr(type(owner) if owner is not None else function, "__module__", "")
    return names | ({f"{module.replace('.', '/').removeprefix('app/')}.py"} if module.startswith("app.") else set())


def _constants(function: Any) -> list[str]:
    code = getattr(function, "__code__", None)
    return [each for each in (code.co_consts if code else ()) if isinstance(each, str)]


def _opens(endpoint: str) -> bool:
    """Whether this visitor may open the page."""
    view = current_app.view_functions[endpoint]
    permission, owner = getattr(view, "_permission_name", None), getattr(view, "__self__", None)
    return permission is None or visitor.may(f"can_{permission}", getattr(owner, "class_permission_name", ""))
