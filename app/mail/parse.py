"""Any bytes in, one `Understood` out. It raises nothing but MemoryError: what it cannot read it says in `warnings`."""

from __future__ import annotations

import logging
from dataclasses import replace
from email.message import Message

from app.languages import guess_any
from app.mail import clean as html
from app.mail import headers, phrases, visible
from app.mail.bounds import parsed, parted, within_bounds
from app.mail.charset import clean, decode
from app.mail.envelope import strip_envelope
from app.mail.letter import Address, Understood
from app.mail.parts import LONGEST_TEXT, Bodies, walk
from app.mail.report import read_report
from app.mail.safe_html import cleaned

LONGEST_HEAD = 256 * 1024  # bytes
log = logging.getLogger(__name__)

LONGEST_SUBJECT = 500
NOT_READ = "not read as a letter: "


def understand(raw: bytes) -> Understood:
    """What the letter says. Bounded in parts, depth and text; what lies beyond the bounds stays in the raw letter."""
    try:
        return _understand(raw)
    except MemoryError:
        raise  # its budget is spent
    except Exception as error:  # Any bytes may come; the raw letter is kept whatever happens here.
        log.warning("A letter of %d bytes could not be read whole", len(raw), exc_info=True)
        return _last_resort(raw, type(error).__name__)


def _understand(raw: bytes) -> Understood:
    letter = strip_envelope(raw)
    bounded = within_bounds(letter)
    message = parsed(bounded)
    bodies = Bodies(warnings=["too long: cut"] if len(bounded) < len(letter) else [])
    walk(message, bodies, depth=0)
    said = _from_headers(message)
    parts = _part(bodies, said.is_forward)
    return replace(
        said,
        text=parts.visible,
        folded=(*parts.folded, *bodies.invitations),
        html=cleaned("\n".join(bodies.html)) if bodies.html else None,
        files=tuple(bodies.files),
        is_forward=parts.is_forward,
        language=_language(said.subject, parts),
        content_types=frozenset(bodies.types),
        report=read_report(message, bodies.plain or [parts.visible]),
        warnings=tuple(dict.fromkeys(_warnings(message, bodies, parts))),
    )


def _from_headers(message: Message) -> Understood:
    """What the header alone says."""
    found = headers.raw_headers(message)
    subject = headers.decode_words((found.get("subject") or ("",))[0])[:LONGEST_SUBJECT]
    return Understood(
        message_id=next(iter(headers.ids(found.get("message-id", ())[:1])), None),
        in_reply_to=headers.ids(found.get("in-reply-to", ())),
        references=headers.ids(found.get("references", ())),
        sender=_sender(headers.addresses(found.get("from", ())), found),
        reply_to=headers.addresses(found.get("reply-to", ())),
        to=headers.addresses(found.get("to", ())),
        cc=headers.addresses(found.get("cc", ())),
        subject=subject,
        date=headers.instant((found.get("date") or ("",))[0]),
        headers=found,
        is_forward=bool(phrases.FORWARD_SUBJECT.match(subject)),
    )


def head(raw: bytes) -> Understood:
    """What a letter's header alone says; nothing where it cannot be read. Its body is not looked at."""
    try:
        start = strip_envelope(raw).replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        return _from_headers(parsed(within_bounds(start[:LONGEST_HEAD] + b"\n\n")))
    except Exception:  # Any bytes may come.
        log.warning("A header could not be read", exc_info=True)
        return Understood()


def beginning(raw: bytes) -> Understood:
    """The header, and below it the letter as the text that it is: of one that costs too much to be read."""
    return _last_resort(raw, "too costly")


def _sender(senders: tuple[Address, ...], found: dict[str, tuple[str, ...]]) -> Address | None:
    """The author; else who sent it for him, or to whom an answer shall go."""
    others = (*found.get("sender", ()), *found.get("reply-to", ()))
    return next(iter(senders or headers.addresses(others)), None)


def _language(subject: str, parted: visible.Parted) -> str | None:
    """By the author's words; where they are too few by what he answers, then by the words of his mail program."""
    added = [part["text"] for part in parted.folded if part["kind"] != visible.QUOTE]
    quoted = [part["text"] for part in parted.folded if part["kind"] == visible.QUOTE]
    for words in (f"{subject}\n{parted.visible}", "\n".join(quoted), "\n".join(added)):
        if found := guess_any(words):
            return found
    return None


def _part(bodies: Bodies, is_forward: bool) -> visible.Parted:
    """The visible text: from text/plain when that carries the words and their lines, else from HTML."""
    plain = "\n\n".join(text for text in bodies.plain if text.strip())
    if plain.strip() and not _is_placeholder(plain, bodies.html) and not _lost_its_lines(plain, bodies.html):
        parted = visible.part(visible.plain_lines(plain), is_forward=is_forward)
        within = bodies.html and parted.folded and phrases.ANSWERS_WITHIN.search(parted.visible.lower())
        if not within or any(line.startswith(">") for line in plain.split("\n")):
            return parted  # Otherwise the answers may stand out by their colour alone.
    lines = [line for source in bodies.html for line in html.marked_lines(source)]
    if lines:
        return visible.part(lines, is_forward=is_forward)
    if not plain.strip():
        plain = "\n\n".join((*bodies.otherwise, *(told["notes"] for told in bodies.invitations)))
    return visible.part(visible.plain_lines(plain), is_forward=is_forward)


def _is_placeholder(plain: str, sources: list[str]) -> bool:
    """A text part that only says that the HTML part is the letter."""
    return bool(sources) and len(plain.split()) < 40 and bool(phrases.PLACEHOLDER.search(plain))


def _lost_its_lines(plain: str, sources: list[str]) -> bool:
    """A text part in which a program ran together what the HTML part has on lines of their own."""
    return bool(sources) and any(map(phrases.HEADERS_IN_A_LINE.match, plain[:LONGEST_TEXT].split("\n")))


def _warnings(message: Message, bodies: Bodies, parted: visible.Parted) -> list[str]:
    found = list(bodies.warnings)
    if any(type(defect).__name__ == "CloseBoundaryNotFoundDefect" for defect in message.defects):
        found.append("the letter ends before its last part")
    if not parted.visible.strip() and parted.folded:
        found.append("only quoted text")
    return found


def _last_resort(raw: bytes, why: str) -> Understood:
    """Who wrote and about what, where at least the header can be read; the rest as the text that it is."""
    head, body = parted(strip_envelope(raw))
    text = clean(decode(body[:LONGEST_TEXT])[0])
    try:
        said = _from_headers(parsed(within_bounds(head)))
    except Exception:  # Any bytes may come.
        said = Understood()
    return replace(said, text=text, warnings=(f"{NOT_READ}{why}",))
