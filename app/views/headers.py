"""Headers that every answer carries (OWASP ASVS 5.0 V3)."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_login import current_user

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
KEPT = ("/api/v1/content/", "/api/v1/entry/", "/api/v1/text/")  # reads that carry an ETag


def init_app(app: Flask) -> None:
    app.after_request(harden)


def harden(response: Response) -> Response:
    """Own sources only, no sniffing, no framing; nothing of a signed-in person stays in a cache."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.path.startswith(KEPT) and "ETag" in headers:
        headers["Cache-Control"] = "private, no-cache"  # Kept by its reader, and asked for again by its ETag.
    elif _is_personal():
        headers["Cache-Control"] = "no-store"
    return response


def _is_personal() -> bool:
    """Whether the answer may hold what only its reader may see. The API answers nobody else."""
    if request.path.startswith("/api/"):
        return True
    return bool(not request.path.startswith(("/static/", "/look/")) and current_user and current_user.is_authenticated)
