"""Kept files on their way to a reader: only the bytes that were kept, under headers that let a browser do nothing."""

from __future__ import annotations

import logging
from pathlib import Path

from flask import Response, abort, current_app, send_file

from app.files.pictures import LARGEST, picture_type
from app.files.store import Damaged, FileStore

# What may be called by its type; anything else is only bytes to a browser (attack cases O51, O52).
HARMLESS = frozenset({"application/pdf", "application/zip", "message/rfc822", "text/plain", "text/csv"})
DAMAGED = "damaged"  # what errors.py tells apart from a file that is missing
log = logging.getLogger(__name__)


def sent(sha256: str, *, name: str, content_type: str) -> Response:
    """The file, to be downloaded; shown in place only where its bytes are a picture and nothing else besides.

    A file that is missing, or whose bytes are not those that were kept, is 410.
    """
    path = _checked(sha256)
    is_small = content_type.startswith("image/") and path.stat().st_size <= LARGEST
    picture = picture_type(path.read_bytes()) if is_small else None
    answer = send_file(
        path,
        mimetype=picture or _served_as(content_type),
        as_attachment=picture is None,
        download_name=name,
        etag=sha256,
        conditional=True,
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _checked(sha256: str) -> Path:
    files: FileStore = current_app.extensions["files"]
    try:
        return files.checked(sha256)
    except FileNotFoundError:
        log.error("File %s is missing", sha256)
        abort(410)
    except Damaged:
        log.error("File %s is damaged: its bytes are not those that were kept", sha256)
        abort(410, DAMAGED)


def _served_as(content_type: str) -> str:
    is_office = content_type.startswith("application/vnd.") and "xml" not in content_type.partition("+")[2]
    return content_type if content_type in HARMLESS or is_office else "application/octet-stream"
