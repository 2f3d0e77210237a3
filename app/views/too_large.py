"""Forms with more files than a request may hold: the words come back to the person, the files do not.

Werkzeug refuses such a request before anything of it is read. Here its words are read, its files are read past, and
the form is told; app/static/bilety.js says the same before anything is sent.
"""

from __future__ import annotations

import io
from typing import IO

from flask import Flask, Response, current_app, g, request
from flask_babel import gettext as _
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.formparser import MultiPartParser
from werkzeug.wsgi import get_input_stream

from app import locale

KEEP_WORDS = frozenset(
    {
        "report",
        "TicketsView.new",
        "TicketsView.reply",
        "TicketsView.fields",
        "TicketModelView.reply",
        "TicketModelView.fields",
        "TicketModelView.note",
        "EntriesView.save",
        "EntriesView.publish",
        "OrganisationModelView.fields",
        "AccountView.fields",
    }
)  # pages whose forms refuse when `happened`
MOST_READ = 4  # times the limit; who sends more is not listened to


def init_app(app: Flask) -> None:
    """Before the forms and the protection against forged ones look for their fields."""
    app.before_request_funcs.setdefault(None, []).insert(0, _read_words)
    app.after_request(_say_so)


def happened() -> bool:
    """Whether this request was too large, so that its files are not there."""
    return bool(g.get("too_large"))


def refusal() -> str:
    """What to do about it."""
    settings = current_app.extensions["settings"]
    return _(
        "These files are too large to be sent at once: one may have %(each)s, all together %(whole)s. Choose smaller "
        "ones, or send them in several messages.",
        each=locale.limit(settings.file_limit),
        whole=locale.limit(settings.letter_limit),
    )


class _Nowhere(io.RawIOBase):
    """Takes the bytes of files."""

    def writable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0

    def write(self, content: object) -> int:
        return len(memoryview(content))  # type: ignore[arg-type]  # bytes, as the parser gives them


def _read_past(
    total_content_length: int | None,
    content_type: str | None,
    filename: str | None,
    content_length: int | None = None,
) -> IO[bytes]:
    """Where Werkzeug's parser puts a file."""
    return _Nowhere()  # type: ignore[return-value]  # it writes and seeks, as the parser needs


def _read_words() -> None:
    limit, size = current_app.config["MAX_CONTENT_LENGTH"], request.content_length or 0
    boundary = request.mimetype_params.get("boundary", "").encode()
    if request.endpoint not in KEEP_WORDS or not boundary or not limit < size <= MOST_READ * limit:
        return
    parser = MultiPartParser(
        stream_factory=_read_past,
        max_form_memory_size=current_app.config["MAX_FORM_MEMORY_SIZE"],
        max_form_parts=current_app.config["MAX_FORM_PARTS"],
    )
    form, files = parser.parse(get_input_stream(request.environ), boundary, size)
    g.too_large = True
    request.__dict__.update(form=ImmutableMultiDict(form), files=ImmutableMultiDict(files), stream=io.BytesIO())


def _say_so(response: Response) -> Response:
    if happened() and response.status_code == 200:
        response.status_code = 413
    return response
