"""The parts of a letter, sorted: what its author wrote, and what he attached."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import Message
from mimetypes import guess_type

from app.files.names import safe_name
from app.mail import headers, pgp, smime, tnef, uuencoded
from app.mail.bounds import parsed, within_bounds
from app.mail.charset import clean, decode
from app.mail.clean import marked_lines
from app.mail.file_names import file_name
from app.mail.invitation import invitation
from app.mail.letter import ENCRYPTED, SIGNED, File

MOST_PARTS = 500
DEEPEST = 100
LONGEST_TEXT = 1_000_000
A_BOUNDARY = re.compile(rb"^--(?P<boundary>[^\s\"\\]{1,70})[ \t]*\r?\n(?=content-type:)", re.I | re.M)
CONTENT_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}(?=\s|$)", re.ASCII)
DETACHED_SIGNATURES = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)
NOT_FILES = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
        "text/rfc822-headers",
        "application/pgp-encrypted",
    }
)
SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
CALENDARS = ("text/calendar", "application/ics")
NAMES = {"text/calendar": "invite.ics"}
DEEPEST_REPAIRED = 3
SMIME_DEPTH = 50  # Two signatures within each other are read, not a hundred.
OTHER_NOTATIONS = frozenset({"text/enriched", "text/richtext", "text/x-amp-html", "text/watch-html"})


@dataclass
class Bodies:
    """The parts of a letter, sorted as they are met."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    otherwise: list[str] = field(default_factory=list)  # words for a letter that has no others
    invitations: list[dict[str, str]] = field(default_factory=list)
    types: set[str] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)
    parts: int = 0


def walk(part: Message, bodies: Bodies, *, depth: int, within: str = "") -> None:
    """Sort every leaf into text, HTML or file; `within` is the type of the part around it."""
    bodies.parts += 1
    if bodies.parts > MOST_PARTS or depth > DEEPEST:
        bodies.warnings.append("too many parts")
        return
    part = _with_found_boundary(part) if depth <= DEEPEST_REPAIRED else part
    kind = _content_type(part)
    bodies.types.add(kind)
    payload = part.get_payload()
    if within == "multipart/signed" and kind in DETACHED_SIGNATURES:
        bodies.warnings.append(SIGNED)
        return
    if kind == "multipart/encrypted":
        bodies.warnings.append(ENCRYPTED)
    if kind in ("message/rfc822", "message/global", "message/news") and isinstance(payload, list):
        bodies.files.append(_attached_letter(part, bodies))
    elif kind == "message/external-body":
        _add_file(part, kind, str(part).encode("utf-8", "replace"), bodies)
    elif isinstance(payload, list) and kind not in NOT_FILES:
        for child in payload:
            if isinstance(child, Message):
                walk(child, bodies, depth=depth + 1, within=kind)
    elif kind not in NOT_FILES and not (within == "multipart/alternative" and kind in OTHER_NOTATIONS):
        _leaf(part, kind, bodies)
        if _has_no_parts(part) and (whole := bytes_of(part)).strip():  # What stands in it may be more than its text.
            _add_file(part, kind, whole, bodies)


def _with_found_boundary(part: Message) -> Message:
    """A multipart whose own boundary never comes, read by the one that stands in it."""
    found = A_BOUNDARY.search(data := bytes_of(part)) if _has_no_parts(part) else None
    if not found:
        return part
    head = f"Content-Type: {part.get_content_type()}; boundary=".encode()
    return parsed(b'%b"%b"\r\n\r\n%b' % (head, found["boundary"], data))


def _has_no_parts(part: Message) -> bool:
    """A multipart whose boundary never comes."""
    return part.get_content_type().startswith("multipart/") and not part.is_multipart()


def _content_type(part: Message) -> str:
    """As the part names it; anything that is no type at all is only bytes."""
    kind = str(part.get_content_type())
    if _has_no_parts(part):
        return "text/plain"  # What there is, is text.
    found = CONTENT_TYPE.match(kind)
    return found.group() if found else "application/octet-stream"


def _leaf(part: Message, kind: str, bodies: Bodies) -> None:
    data = bytes_of(part)
    name = file_name(part)
    disposition = _disposition(part)
    is_text = kind in ("text/plain", "text/html") and disposition != "attachment"
    if is_text and (not name or (disposition != "inline" and not _has_body(kind, bodies))):
        text, warning = decode(data[: LONGEST_TEXT * 4], _charset(part))
        if warning:
            bodies.warnings.append(warning)
        if len(data) > LONGEST_TEXT * 4 or len(text) > LONGEST_TEXT:
            bodies.warnings.append("long text: only its beginning is shown")
        text = clean(text[:LONGEST_TEXT])
        if kind == "text/html":
            bodies.html.append(text)
        else:
            text, enclosed = uuencoded.taken_out(text)
            text, mark = pgp.without_armour(_unflow(part, text))
            bodies.plain.append(text)
            bodies.warnings += [mark] if mark else []
            for own_name, content in enclosed:
                kind = guess_type(own_name)[0] or "application/octet-stream"
                bodies.files.append(File(safe_name(own_name, kind, len(bodies.files) + 1), kind, content))
        return
    if kind in CALENDARS:
        _invitation(part, data, bodies)
    elif kind in SMIME:
        _smime(part, kind, data, bodies)
    elif kind in tnef.TYPES or data[:4] == tnef.SIGNATURE:
        _winmail(part, kind, data, bodies)
    elif data:
        _add_file(part, kind, data, bodies)
    elif name:
        bodies.warnings.append(f"empty file: {safe_name(name, kind, len(bodies.files) + 1)}")


def _invitation(part: Message, data: bytes, bodies: Bodies) -> None:
    """Shown as what it says, and kept so that it can be put into a calendar; it does not count as a file."""
    told = invitation(data)
    if told and told not in bodies.invitations:
        bodies.invitations.append(told)
    if data:
        _add_file(part, "text/calendar", data, bodies, counts=False)


def _smime(part: Message, kind: str, data: bytes, bodies: Bodies) -> None:
    """What is only signed is read; what is encrypted is kept and marked."""
    try:
        signed = parsed(smime.signed_content(data))
    except (smime.Unreadable, IndexError):
        bodies.warnings.append(ENCRYPTED)
        _add_file(part, kind, data, bodies)
    else:
        bodies.warnings.append(SIGNED)
        walk(signed, bodies, depth=SMIME_DEPTH)


def _winmail(part: Message, kind: str, data: bytes, bodies: Bodies) -> None:
    """What winmail.dat holds, in its place."""
    try:
        found = tnef.opened(data)
    except tnef.Unreadable:
        bodies.warnings.append("winmail.dat could not be opened")
        _add_file(part, kind, data, bodies)
        return
    bodies.otherwise.append(found.text or "\n".join(line for line, _mark in marked_lines(found.html)))
    for file in found.files:
        kind = (
            file.type if CONTENT_TYPE.fullmatch(file.type) else guess_type(file.name)[0] or "application/octet-stream"
        )
        inline = bool(file.content_id) and kind.startswith("image/")
        name = safe_name(file.name, kind, len(bodies.files) + 1)
        bodies.files.append(File(name, kind, file.content, file.content_id, inline))


def _add_file(part: Message, kind: str, data: bytes, bodies: Bodies, *, counts: bool = True) -> None:
    content_id = str(part.get("Content-ID") or "").strip().strip("<>")[:255] or None
    bodies.files.append(
        File(
            name=safe_name(file_name(part) or NAMES.get(kind), kind, len(bodies.files) + 1),
            content_type=kind,
            content=data,
            content_id=content_id,
            inline=bool(content_id) and kind.startswith("image/") and _disposition(part) != "attachment",
            meant_inline=kind.startswith("image/") and _disposition(part) == "inline",
            counts=counts,
        )
    )


def _has_body(kind: str, bodies: Bodies) -> bool:
    return bool(bodies.html if kind == "text/html" else bodies.plain)


def _attached_letter(part: Message, bodies: Bodies) -> File:
    """A letter in a letter is a file of its own, never part of what the author says."""
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload and isinstance(payload[0], Message) else Message()
    try:
        content = inner.as_bytes()
    except Exception:  # Generator of email stumbles over some broken headers.
        content = str(inner.get_payload()).encode("utf-8", "replace")
        bodies.warnings.append("attached letter rewritten")
    encoding = str(part.get("Content-Transfer-Encoding") or "").strip().lower()
    if encoding in ("base64", "quoted-printable") and not inner.keys():  # which RFC 2046 section 5.2.1 forbids
        inner["Content-Transfer-Encoding"] = encoding
        content = bytes_of(inner)
        inner = parsed(within_bounds(content))
    subject = headers.decode_words(next(iter(headers.raw_headers(inner).get("subject", ())), ""))
    name = file_name(part) or (f"{subject[:100]}.eml" if subject else None)
    return File(safe_name(name or "letter.eml", "message/rfc822", 1), "message/rfc822", content)


def bytes_of(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except Exception:  # Broken transfer encodings raise many kinds of errors.
        data = None
    if isinstance(data, bytes):
        return data
    return str(part.get_payload()).encode("utf-8", "surrogateescape")


def _disposition(part: Message) -> str:
    try:
        return str(part.get_content_disposition() or "")
    except Exception:  # A header that is no header.
        return ""


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except Exception:  # Parameters in a charset that nobody knows.
        return None


def _unflow(part: Message, text: str) -> str:
    """Lines that format=flowed broke are joined again (RFC 3676)."""
    try:
        flowed = str(part.get_param("format") or "").lower() == "flowed"
        delete_space = str(part.get_param("delsp") or "").lower() == "yes"
    except Exception:  # A parameter that cannot be read is none.
        return text
    if not flowed:
        return text
    lines: list[str] = []
    going_on = False
    for line in text.split("\n"):
        is_signature = line in ("-- ", "--")
        quoted = line.startswith(">")
        own = line[1:] if line.startswith(" ") and not quoted else line
        if going_on and lines and not is_signature and not quoted:
            lines[-1] += own
        else:
            lines.append(own)
        going_on = line.endswith(" ") and not is_signature and not quoted
        if going_on and delete_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)
