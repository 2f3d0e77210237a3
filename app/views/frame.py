"""Letters in a frame of their own: a document without an origin, scripts, forms or a way to ask any server.

`docs/decisions/0012-letters-in-a-frame.md` tells why each header is there.
"""

from __future__ import annotations

import logging
import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from flask import Response, current_app, render_template
from flask_babel import gettext as _
from markupsafe import Markup

from app.extensions import db
from app.files.pictures import picture_type
from app.files.store import FileStore
from app.locale import language
from app.mail.compose import again
from app.mail.shown import Pictures, Shown, Words
from app.models.event import Letter

SANDBOX = "allow-popups allow-popups-to-escape-sandbox"  # links open outside, as pages like any other
STYLE = (Path(__file__).resolve().parent.parent / "static" / "frame.css").read_text()
STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
LARGEST_PICTURES = 8 * 2**20  # bytes in one frame; more are among the files only
LINK = re.compile(r' href="[^"]*"')
log = logging.getLogger(__name__)


def framed(letter: Shown, *, title: str, lang: str) -> Response:
    """A stranger's letter, with the pictures of those servers that were asked for."""
    page = render_template("frame.html", body=letter.body, title=title, lang=lang, style=STYLE)
    return _locked(page, [f"https://{host}" for host in letter.hosts])


def framed_own(letter: Letter, write: Callable[[Letter], str] = again) -> Response:
    """A letter of ours as its reader gets it. Its links lead nowhere: they may hold secrets of that reader."""
    try:
        with db.session.no_autoflush:
            return _locked(LINK.sub("", write(letter)))
    except (KeyError, ValueError):
        return framed_words(_("This letter can no longer be shown: what it tells of is gone."))
    finally:
        db.session.rollback()


def framed_words(*sentences: str) -> Response:
    """What we have to say in a letter's place."""
    body = Markup("").join(Markup("<p>{}</p>").format(sentence) for sentence in sentences)
    return framed(Shown(body), title=sentences[0], lang=language())


def _locked(page: str, hosts: Sequence[str] = ()) -> Response:
    answer = Response(page, mimetype="text/html")
    rules = (
        f"sandbox {SANDBOX}",
        "default-src 'none'",
        f"img-src {' '.join(('data:', *hosts))}",
        "style-src 'unsafe-inline'",  # for browsers that do not know the two lines below
        f"style-src-elem 'sha256-{STYLE_HASH}'",
        "style-src-attr 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    )
    answer.headers["Content-Security-Policy"] = "; ".join(rules)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cross-Origin-Embedder-Policy"] = "credentialless"  # no cookies to whoever keeps a picture
    return answer


def as_html(text: str) -> str:
    """Plain words for the same frame."""
    return str(Markup("<pre>{}</pre>").format(text))


def words() -> Words:
    """What the frame says besides the letter, in the reader's language."""
    return Words(
        quoted=_("Quoted text"),
        signature=_("Signature"),
        no_picture=_("picture not shown"),
        leads_to=lambda host: _("(leads to %(host)s)", host=host),
    )


def in_place(hashes: dict[str, str]) -> Pictures:
    """Pictures of the letter by Content-ID, from the hashes of their bytes, as addresses that ask no server."""
    left = LARGEST_PICTURES

    def picture(content_id: str) -> str | None:
        nonlocal left
        content = _bytes(hashes.get(content_id.strip("<>")))
        address = as_address(content) if len(content) <= left else None
        left -= len(content) if address else 0
        return address

    return picture


def as_address(content: bytes) -> str | None:
    """A picture as a data: address; None for bytes that are no picture, or something else besides."""
    kind = picture_type(content)
    return f"data:{kind};base64,{b64encode(content).decode()}" if kind else None


def _bytes(digest: str | None) -> bytes:
    """Nothing where the file is missing or damaged: it is told where the file itself is asked for."""
    files: FileStore = current_app.extensions["files"]
    try:
        return files.get(digest) if digest else b""
    except OSError as error:
        log.error("A picture of a letter is not shown: %s", error)
        return b""
