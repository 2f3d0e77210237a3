"""Calls as telephone exchanges tell of them (S18): read strictly, kept once, and each seen to by one consultant."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from app.access import Standing, sees_call
from app.calendar.errors import CalendarError
from app.calendar.instants import parse_instant
from app.calendar.preset import CWT
from app.desk.clocks import calendar_of
from app.desk.errors import DeskError
from app.desk.telephone import menu, telephone
from app.events.record import EventKind, record
from app.extensions import db
from app.models.account import Account
from app.models.call import Call
from app.models.desk_setting import DeskSetting
from app.models.engine import hold
from app.models.product_group import ProductGroup
from app.models.ticket import Ticket
from app.models.types import utc_now

KEYS = ("call_id", "caller", "digits", "time", "duration", "recording")
WITHHELD = frozenset(
    {
        *("", "-", "anonymous", "clir", "null", "private", "restricted", "unavailable", "unknown", "withheld"),
        *("anonim", "anonimowy", "brak", "nieznany", "prywatny", "ukryty", "zastrzeżony"),
    }
)
A_URI = re.compile(r"(?:sips?|tel):([^@;?]*)", re.IGNORECASE)  # RFC 3261, RFC 3966
NUMBER = re.compile(r"\+?[0-9 ()/.-]{3,40}")
DURATION = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)|(\d{1,6})")
LONGEST_CALL = 24 * 3600  # seconds
EARLY = timedelta(minutes=5)  # so far may the clocks of people and exchanges differ from ours
PREFIX = "bilety_calls_"  # by which a program that looks for leaked secrets knows it
SECRET = "calls_secret_sha256"  # noqa: S105 a name


class BadCall(DeskError):
    """What an exchange said cannot be understood. `errors` names each key, and why."""

    sentence = _l("The call was not taken.")

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__()
        self.errors = dict(errors)

    def __str__(self) -> str:
        return " ".join(f"{key}: {reason}" for key, reason in self.errors.items())


class AnotherCall(DeskError):
    sentence = _l("Another call has this call_id already. Nothing was changed.")


class CallSettled(DeskError):
    sentence = _l("Somebody has seen to this call already.")


@dataclass(frozen=True)
class Incoming:
    """A call that was understood. Without a `caller` the number was withheld, or is the `caller_text` and none."""

    call_id: str
    caller: str
    caller_text: str | None
    digits: str
    product_group: ProductGroup | None
    came_at: datetime
    seconds: int | None = None
    recording: str | None = None


def doubts(call: Incoming | Call) -> dict[str, str]:
    """What is odd about it and yet no reason to lose it: code -> sentence."""
    found = {}
    if not call.caller and call.caller_text:
        found["number_unreadable"] = _(
            "“%(text)s” was sent as the number and is none, so nobody can be found by it.", text=call.caller_text
        )
    elif not call.caller:
        found["number_withheld"] = _("The caller withheld the number, so nobody can be found by it.")
    if call.product_group is None:
        found["digits_outside_menu"] = (
            _("The digits %(digits)s lead to no product group.", digits=call.digits)
            if call.digits
            else _("The caller chose no product group.")
        )
    return found


def read_call(said: Mapping[str, Any], *, now: datetime | None = None) -> Incoming:
    """The call that these keys tell of. Raises BadCall, which names every key that cannot be understood."""
    now = now or utc_now()
    errors = {key: _("There is no such key here.") for key in said if key not in KEYS}
    values: dict[str, Any] = {}
    for key in KEYS:
        try:
            values[key] = READERS[key](said.get(key), now)
        except (ValueError, CalendarError) as error:
            errors[key] = str(error)
    if not errors and not values["call_id"] and not values["time"]:
        errors["call_id"] = _("Send the exchange's own id of the call, or its time.")
    if errors:
        raise BadCall(errors)
    key = f"{values['caller']} {values['digits']} {values['time']}"
    is_number = NUMBER.fullmatch(values["caller"]) is not None
    return Incoming(
        call_id=values["call_id"] or "sha256:" + hashlib.sha256(key.encode()).hexdigest(),
        caller=values["caller"] if is_number else "",
        caller_text=None if is_number else values["caller"] or None,
        digits=values["digits"],
        product_group=leads_to(values["digits"]),
        came_at=values["time"] or now,
        seconds=values["duration"],
        recording=values["recording"],
    )


def keep_call(call: Incoming, *, has_time: bool = True) -> tuple[Call, bool]:
    """The row of the call, and whether it is new.

    An exchange may tell it when it rings and again when it ends: that only adds what was not known yet. Raises
    AnotherCall.
    """
    hold(db.session.connection(), [f"call {call.call_id}"])
    row = db.session.scalars(select(Call).where(Call.call_id == call.call_id)).one_or_none()
    if row is None:
        row = Call(
            call_id=call.call_id,
            caller=call.caller,
            caller_text=call.caller_text,
            digits=call.digits,
            product_group=call.product_group,
            came_at=call.came_at,
            seconds=call.seconds,
            recording=call.recording,
        )
        db.session.add(row)
        db.session.flush()
        return row, True
    if _contradicts(row, call) or (has_time and row.came_at != call.came_at):
        raise AnotherCall
    if call.digits and not row.digits:
        row.digits, row.product_group = call.digits, call.product_group
    row.caller = row.caller or call.caller
    row.caller_text = row.caller_text or call.caller_text
    row.seconds = call.seconds if row.seconds is None else row.seconds
    row.recording = row.recording or call.recording
    return row, False


def _contradicts(row: Call, call: Incoming) -> bool:
    """Whether the call cannot be the one that is kept."""
    known = ((row.caller, call.caller), (row.digits, call.digits))
    return any(kept and told and kept != told for kept, told in known)


def leads_to(digits: str) -> ProductGroup | None:
    """The product group behind the digits that were pressed, with or without the first one; None outside the menu."""
    first = telephone().first_digit
    last = digits.removeprefix(first) if first and len(digits) > 1 else digits
    if first and digits == first:
        return None
    return next((group for group in menu() if group.menu_digit == last), None)


def settle(call: Call, *, by: Account, ticket: Ticket | None = None) -> None:
    """A consultant has seen to the call: it became this ticket, or nothing. Raises CallSettled."""
    if call.settled_at is not None:
        raise CallSettled
    call.settled_at, call.settled_by, call.ticket = utc_now(), by, ticket


def put_with(call: Call, ticket: Ticket, *, by: Account) -> None:
    """The call was about a ticket that is there already, whose history then tells it. Raises CallSettled."""
    settle(call, by=by, ticket=ticket)
    record(ticket, EventKind.CALLED, by=by, call=call.id)


def take_back(call: Call) -> None:
    """The call waits again after all. Raises CallSettled where it is with a ticket."""
    if call.ticket_id is not None:
        raise CallSettled
    call.settled_at = call.settled_by = None


def calls_of(ticket: Ticket, standing: Standing) -> Sequence[Call]:
    """The calls that made the ticket or were about it, as far as this account may know of them, the first first."""
    query = select(Call).where(Call.ticket_id == ticket.id, sees_call(standing)).order_by(Call.came_at, Call.id)
    return db.session.scalars(query).all()


def forget_old_calls(now: datetime) -> None:
    """Forget what exchanges told of calls that were settled, some time after they came. One that waits is kept."""
    keep_days = telephone().keep_days
    if keep_days:
        old = Call.came_at < now - timedelta(days=keep_days)
        db.session.execute(delete(Call).where(old, Call.settled_at.is_not(None)))


def new_secret() -> str:
    """What the exchange must send from now on. Only its hash is kept."""
    secret = PREFIX + secrets.token_urlsafe(32)
    db.session.merge(DeskSetting(name=SECRET, value=_hash(secret)))
    return secret


def is_secret(given: str) -> bool:
    """Whether that is what the exchange must send."""
    kept = db.session.get(DeskSetting, SECRET)
    return kept is not None and secrets.compare_digest(kept.value, _hash(given))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _text(value: Any, longest: int) -> str:
    """Text of one line, or a number, as text."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ValueError(_("This is not a text."))
    text = str(value).strip()
    if not all(sign.isprintable() for sign in text):
        raise ValueError(_("This holds characters that no text has."))
    if len(text) > longest:
        raise ValueError(_("This may have %(least)s to %(longest)s characters.", least=0, longest=longest))
    return text


def _caller(value: Any, _now: datetime) -> str:
    text = _text(value, 200).removeprefix("'")  # by which our own files keep a number from becoming a formula
    found = A_URI.match(text)
    text = found.group(1).strip() if found else text
    return "" if text.casefold() in WITHHELD else text


def _digits(value: Any, _now: datetime) -> str:
    text = re.sub(r"[ ,;*#-]", "", _text(value, 40))
    if text and not (text.isascii() and text.isdecimal() and len(text) <= 20):
        raise ValueError(_("These are not the digits that a caller pressed."))
    return text


def _time(value: Any, now: datetime) -> datetime | None:
    text = _text(value, 64)
    if not text:
        return None
    groups = menu()
    calendar = calendar_of(groups[0].calendar) if groups else None
    zone = calendar.tz if calendar else CWT.tz
    came_at = parse_instant(text, zone)
    if came_at > now + EARLY:
        raise ValueError(_("A call cannot come in the future. Check when it came."))
    return came_at


def _duration(value: Any, _now: datetime) -> int | None:
    text = _text(value, 20)
    if not text:
        return None
    found = DURATION.fullmatch(text)
    hours, minutes, seconds, plain = (int(part or 0) for part in found.groups()) if found else (0, 0, 0, -1)
    length = plain if plain else hours * 3600 + minutes * 60 + seconds
    if not 0 <= length <= LONGEST_CALL:
        raise ValueError(_("Send how long the call took in seconds, or as 3:20."))
    return length


def _recording(value: Any, _now: datetime) -> str | None:
    text = _text(value, 2000)
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or " " in text:
        raise ValueError(_("This is no web address."))
    return text


READERS: Mapping[str, Any] = {
    "call_id": lambda value, _now: _text(value, 100),
    "caller": _caller,
    "digits": _digits,
    "time": _time,
    "duration": _duration,
    "recording": _recording,
}
