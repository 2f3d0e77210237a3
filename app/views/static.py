"""Our own style sheets, scripts and pictures: sent packed, and kept by browsers until they change.

Pages are not packed: beside what others sent in, the length of a packed page tells of its secrets (BREACH).
"""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request

STATIC = "static"
FOR_A_YEAR = "public, max-age=31536000, immutable"  # another file has another address
PACKED = frozenset({"text/css", "text/javascript", "image/svg+xml"})


def init_app(app: Flask) -> None:
    """Addresses of static files carry `v`, by which a browser need not ask for them again."""
    app.url_defaults(_name_version)
    app.after_request(_send_well)


def _name_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == STATIC and (version := _version_of(values.get("filename"))):
        values.setdefault("v", version)


def _send_well(response: Response) -> Response:
    if request.endpoint != STATIC or response.status_code not in (200, 304):
        return response
    name = (request.view_args or {})["filename"]
    if request.args.get("v") == _version_of(name):
        response.headers["Cache-Control"] = FOR_A_YEAR
    if response.mimetype in PACKED:
        response.vary.add("Accept-Encoding")
        if response.status_code == 200 and request.accept_encodings.quality("gzip"):
            etag, _weak = response.get_etag()
            response.direct_passthrough = False
            response.close()
            response.set_data(_contents(*_state_of(name))[1])
            response.content_encoding = "gzip"
            response.set_etag(etag or "", weak=True)  # the same words in other bytes (RFC 9110 section 8.8.1)
            response.headers.pop("Accept-Ranges", None)
    return response


def _version_of(name: object) -> str:
    """Changes with the file; empty where there is none of that name."""
    try:
        return _contents(*_state_of(str(name)))[0]
    except OSError:
        return ""


def _state_of(name: str) -> tuple[str, int]:
    path = Path(current_app.static_folder or "") / name
    return str(path), path.stat().st_mtime_ns


@lru_cache(maxsize=64)
def _contents(path: str, _changed: int) -> tuple[str, bytes]:
    """The version of a file and its bytes packed, made once."""
    content = Path(path).read_bytes()
    return hashlib.sha256(content).hexdigest()[:12], gzip.compress(content, mtime=0)
