"""What somebody contributes by API: words, and files that are kept before any row names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from flask import Request, current_app
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.desk.content import Contribution, StoredFile
from app.desk.uploads import store_uploads
from app.models.ticket import Channel
from app.views.api.bodies import Form
from app.views.api.body import fit
from app.views.api.refusals import Unfit


@dataclass
class Sent:
    """A file as a program sent it."""

    filename: str | None
    stream: IO[bytes]


def contribution(values: Mapping[str, Any]) -> Contribution:
    """The words and files of a request's body. Raises DeskError for files that may not be taken."""
    files = stored(Sent(file["name"], BytesIO(file["content"])) for file in values.get("files", ()))
    return Contribution(text=values.get("text", "").strip(), channel=Channel.API, files=files)


def stored(files: Iterable[Sent]) -> list[StoredFile]:
    """Keep the files. Raises DeskError for what may not be taken."""
    limit = current_app.extensions["settings"].file_limit
    return store_uploads(files, current_app.extensions["files"], limit=limit)


def uploaded(request: Request) -> dict[str, Any]:
    """An attachment sent as a form: the id of its message, and the file. Raises Unfit."""
    given: dict[str, Any] = {**request.form.to_dict(), **request.files.to_dict()}
    number, file = given.get("message"), given.get("file")
    is_number = isinstance(number, str) and number.isascii() and number.isdecimal() and len(number) < 100
    values = fit(Form(), given | ({"message": int(number or 0)} if is_number else {}))
    if not isinstance(file, FileStorage) or not file.filename:
        raise Unfit({"file": _("Choose a file.")})
    limit = current_app.extensions["settings"].file_limit
    with file.stream as stream:
        return {"message": values["message"], "name": file.filename, "content": stream.read(limit + 1)}
