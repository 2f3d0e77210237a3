"""Is it alive, and can it serve? For load balancers, service managers and people on call."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from flask import Flask, Response, current_app, jsonify, request
from flask_login import current_user

from app.checks import needed

SPEAKING_FOR_ANOTHER = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")  # A proxy adds these.


def init_app(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)


def healthz() -> Response:
    """200 while the process answers."""
    return jsonify(status="ok")


def readyz() -> tuple[Response, int]:
    """200 when pages and letters can be served, else 503; which part and why only to those who may know."""
    findings = list(needed())
    well = all(finding.well for finding in findings)
    answer: dict[str, object] = {"status": "ready" if well else "not ready"}
    if may_know():
        answer["parts"] = {part.part: {"ok": part.well, "seen": part.seen, "mend": part.mend} for part in findings}
    return jsonify(answer), 200 if well else 503


def may_know() -> bool:
    """Loopback, unless a proxy speaks for somebody else; a bearer of BILETY_HEALTH_TOKEN; administrators."""
    token = current_app.extensions["settings"].health_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(token.encode(), given.encode()):
        return True
    if _is_loopback(request.remote_addr) and not any(name in request.headers for name in SPEAKING_FOR_ANOTHER):
        return True
    try:
        return bool(current_user.is_authenticated and "administrator" in current_user.role_kinds)
    except Exception:  # The database that knows the account may be what is down.
        return False


def _is_loopback(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False
