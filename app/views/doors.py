"""Who may open a page: signed in, and granted the permission by one of his roles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import abort, flash, redirect, request
from flask_babel import gettext as _
from flask_security import url_for_security
from flask_security.utils import check_and_update_authn_fresh

from app.views import visitor

RECENT = timedelta(minutes=30)
GRACE = timedelta(minutes=30)  # so long what was begun may take
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


def fresh(function: View) -> View:
    """Let in who has just signed in; anybody else proves once more that it is he, and comes back."""

    @wraps(function)
    def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not check_and_update_authn_fresh(RECENT, GRACE):
            flash(_("Before this, confirm that it is you."), "info")
            return redirect(url_for_security("verify", next=_here()))
        return function(self, *args, **kwargs)

    return guarded  # type: ignore[return-value]


def _here() -> str:
    """Where to go after signing in: this page, or the list above what was posted to."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return request.path.rsplit("/", 1)[0]
