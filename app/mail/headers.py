"""Headers as their writer meant them: encoded words, raw 8-bit, addresses, ids, dates (RFC 5322, 2047, 2231)."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from app.mail.charset import clean, decode, read_once
from app.mail.letter import Address
from app.signs import without_hidden

LONGEST_HEADER = 65_536
MOST_HEADERS = 1_000
MOST_ADDRESSES = 200
MOST_IDS = 200
ENCODED_WORD = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?([^?]*)\?=")
BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]+\?[bBqQ]\?)")
LONGEST_ID = 900
MESSAGE_ID = re.compile(rf"<([^<>]{{1,{LONGEST_ID}}})>")
ADDRESS = re.compile(r"^[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\\]+$")
# A name that ought to stand in quotes, and the only address behind it.
BARE_NAME = re.compile(
    r"^(?P<name>[^<>\"]*[\[\],@][^<>\"]*|[^<>\"]*)<\s*(?:mailto:)?(?P<address>[^<>\s]+@[^<>\s]+?)\s*>?\s*$"
)
A_LIST = re.compile(r"@[^<>]*,|:")  # several addresses, or a group of them
# In what is no list of addresses. It begins where a word does: else one without @ costs the square of its length.
LOCAL_ONLY = re.compile(
    r"(?P<name>[^<>@]{0,200})<(?P<within>[\w.+-]{1,64})>|(?P<bare>[\w.+-]{1,64})\s*(?:\((?P<comment>[^()]{0,200})\))?",
    re.ASCII,
)
LOOSE_ADDRESS = re.compile(r"(?<![^\s<>,;:\"()])[^\s<>,;:\"()@]{1,320}@[^\s<>,;:\"()]{1,320}")


def raw_headers(message: Message) -> dict[str, tuple[str, ...]]:
    """Every header, unfolded and decoded, under its name in lower case."""
    found: dict[str, list[str]] = {}
    for name, value in list(message.raw_items())[:MOST_HEADERS]:
        found.setdefault(str(name).lower(), []).append(unfold(str(value)))
    return {name: tuple(values) for name, values in found.items()}


def unfold(value: str) -> str:
    """A raw value on one line, with 8-bit bytes read in their likely charset."""
    data = value[:LONGEST_HEADER].encode("utf-8", "surrogateescape")
    text, _warning = decode(data)
    return " ".join(clean(read_once(text)).split())


def decode_words(value: str) -> str:
    """A value with its encoded words read (RFC 2047); a letter cut between two words is made whole."""
    value = BETWEEN_WORDS.sub(r"\1", value)
    pieces: list[str] = []
    pending: list[bytes] = []
    pending_charset = ""
    end = 0
    for word in ENCODED_WORD.finditer(value):
        charset = word.group(1).partition("*")[0].lower()
        between = value[end : word.start()]
        if pending and (between or charset != pending_charset):
            pieces.append(decode(b"".join(pending), pending_charset)[0])
            pending = []
        pieces.append(between)
        pending.append(_word_bytes(word.group(2), word.group(3)))
        pending_charset = charset
        end = word.end()
    if pending:
        pieces.append(decode(b"".join(pending), pending_charset)[0])
    pieces.append(value[end:])
    return without_hidden(" ".join(clean("".join(pieces)).split()))


def addresses(values: tuple[str, ...]) -> tuple[Address, ...]:
    """The usable addresses of header values, in order."""
    found: list[Address] = []
    try:
        pairs = [pair for value in values for pair in _pairs(value[:LONGEST_HEADER])]
    except (ValueError, IndexError, TypeError, RecursionError):
        pairs = []
    for name, address in pairs[:MOST_ADDRESSES]:
        plain = address.strip().strip("<>").lower()
        if ADDRESS.match(plain) and len(plain) <= 320:
            found.append(Address(decode_words(name).strip(" '\""), plain))
    if not found:
        found = [Address("", word.lower()) for value in values for word in LOOSE_ADDRESS.findall(value)]
    return tuple(address for address in found if len(address.address) <= 320)


def without_domain(value: str | None) -> Address | None:
    """The only name that stands where an address should, such as MAILER-DAEMON: nobody can be answered there."""
    if found := LOCAL_ONLY.fullmatch((value or "").strip()):
        name = found["name"] or found["comment"] or ""
        return Address(decode_words(name).strip(" '\""), (found["within"] or found["bare"]).lower())
    return None


def _pairs(value: str) -> list[tuple[str, str]]:
    """Name and address of each; a name with signs that it may not hold unquoted is taken as it stands."""
    bare = BARE_NAME.match(value)
    if bare and not A_LIST.search(bare["name"]) and set(bare["name"]) & set("[],@"):
        return [(bare["name"].strip(), bare["address"])]
    return getaddresses([value.replace("<mailto:", "<")])


def ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """The message ids of header values, in order, each once, without their angle brackets; of too many the last ones.

    Programs encode long ones as words, and break them over lines.
    """
    text = decode_words(" ".join(values))
    found = ["".join(each.split()) for each in MESSAGE_ID.findall(text)]
    found = found or [word for word in text.split() if "@" in word and len(word) <= LONGEST_ID]
    return tuple(dict.fromkeys(filter(None, found)))[-MOST_IDS:]


def instant(value: str) -> datetime | None:
    """The date of a letter in UTC; None where it has none that makes sense."""
    try:
        found = parsedate_to_datetime(value)
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _word_bytes(kind: str, text: str) -> bytes:
    if kind in "qQ":
        return quopri.decodestring(text.replace("_", " ").encode("utf-8", "surrogateescape"), header=False)
    try:
        return base64.b64decode(text.encode("ascii", "ignore") + b"=" * (-len(text) % 4), validate=False)
    except (binascii.Error, ValueError):
        return text.encode("utf-8", "replace")
