"""Who may open a page: signed in, and granted the permission by one of his roles."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, redirect, request
from flask_security import url_for_security

from app.views import visitor

View = TypeVar("View", bound=Callable[..., Any])


def requires(permission: str) -> Callable[[View], View]:
    """Let in whom Flask-AppBuilder grants `can_<permission>` on the view; a stranger signs in first."""

    def decorate(function: View) -> View:
        @wraps(function)
        def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
            if not visitor.is_signed_in():
                return redirect(url_for_security("login", next=_here()))
            if not visitor.may(f"can_{permission}", self.class_permission_name):
                abort(403)
            return function(self, *args, **kwargs)

        guarded._permission_name = permission  # type: ignore[attr-defined]  # how FAB learns of it
        return guarded  # type: ignore[return-value]

    return decorate


def _here() -> str:
    """Where to go after signing in: this page, or the list above what was posted to."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return request.path.rsplit("/", 1)[0]
