"""What kind of letter it is, and whether a machine may answer it (RFC 3834, RFC 3464, RFC 8098, RFC 5965)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

from app.mail import phrases
from app.mail.letter import Understood

LETTER, AUTOMATIC, BOUNCE, RECEIPT, COMPLAINT, LIST, LOOP = (
    *("letter", "automatic", "bounce", "receipt"),
    *("complaint", "list", "loop"),
)
LONGEST_NEWS = 2_000  # Further down a person may quote what a machine wrote him.
LONGEST_AUTOMATIC = 800
LOOP_HEADER = "x-bilety-desk"
RESPONDER_HEADERS = (
    *("x-autoreply", "x-autoreply-from", "x-mail-autoreply"),
    *("x-autorespond", "x-autoresponse", "x-autoresponder"),
    *("x-auto-reply", "x-auto-respond", "x-autorespond-reply", "x-auto-submitted", "x-vacation", "x-cron-env"),
)

ROBOT = re.compile(
    r"^(mailer[-_.]?daemon|post[-_.]?master|mail-?daemon|mail[-_.]?delivery([-_.]?(sub)?system)?|bounces?|double-bounce|smtp"
    r"|mdaemon)(\+.*)?[@\\]",
    re.I,
)
VERP = re.compile(r"\+verp-[0-9a-f]{32}@", re.I)
NO_REPLY = re.compile(r"^(no-?_?\.?reply|do-?not-?reply|nie-?odpowiadaj|bez-?odpowiedzi|noreply.*)@", re.I)


@dataclass(frozen=True)
class Verdict:
    """The kind of a letter, by which sign, and whether a machine may answer it."""

    kind: str
    reason: str | None
    answerable: bool


@dataclass(frozen=True)
class Own:
    """What our own letters are known by: the mailboxes they come from and the host they name; None is any desk's."""

    addresses: Collection[str] = ()
    host: str | None = None


def judge(understood: Understood, *, envelope_from: str | None, own: Own) -> Verdict:
    """Judge by the strongest sign. A null path alone is no bounce: responders use it too (RFC 3834 section 3.3)."""
    for kind, signs in (
        (LOOP, (partial(_loop, own.host),)),
        (COMPLAINT, (_complaint,)),
        (RECEIPT, (_receipt,)),
        (BOUNCE, (_bounce,)),
        (AUTOMATIC, (_automatic,)),
        (LIST, (_list,)),
    ):
        reason = next(filter(None, (sign(understood) for sign in signs)), None)
        if reason:
            return Verdict(kind, reason, False)
    suppressed = _suppressed(understood, envelope_from)
    sender = understood.sender.address if understood.sender else ""
    is_own = sender in {address.lower() for address in own.addresses}
    return Verdict(LETTER, suppressed, not suppressed and bool(sender) and not is_own)


Sign = Callable[[Understood], str | None]


def _loop(own_host: str | None, letter: Understood) -> str | None:
    """A letter of ours that came back. Another desk that runs Bilety too may write to us like anybody."""
    named = letter.header(LOOP_HEADER).lower()
    return "loop header" if named and named == (own_host or named) else None


def _complaint(letter: Understood) -> str | None:
    return "feedback report" if "message/feedback-report" in letter.content_types else None


def _receipt(letter: Understood) -> str | None:
    if "message/disposition-notification" in letter.content_types:
        return "disposition notification"
    if "multipart/report" in letter.content_types and phrases.RECEIPT_SUBJECT.match(letter.subject):
        return "receipt subject"
    if letter.report and letter.report.is_success:
        return "delivered, by its status"
    if phrases.RECEIPT_SUBJECT.match(letter.subject) and phrases.RECEIPT_BODY.search(letter.text[:LONGEST_NEWS]):
        return "receipt, by its words"
    return None


def _bounce(letter: Understood) -> str | None:
    """By its parts; by X-Failed-Recipients; or by a robot's address or a bounce's subject with other evidence."""
    if letter.report and letter.report.has_parts:
        return "delivery status"
    if letter.header("x-failed-recipients"):
        return "failed recipients"
    if _human_answer(letter):
        return None
    content_type = letter.header("content-type").lower()
    if "report-type" in content_type and "delivery-status" in content_type:
        return "report type"
    sender = letter.sender.address if letter.sender else ""
    robot = bool(ROBOT.match(sender)) or not sender or letter.header("return-path") == "<>"
    if phrases.AUTO_SUBJECT.search(letter.subject) and not ROBOT.match(sender):
        return None
    subject = phrases.BOUNCE_SUBJECT.search(letter.subject)
    verp = any(VERP.search(address.address) for address in (*letter.to, *letter.cc))
    if not (subject or verp or robot or NO_REPLY.match(sender)):
        return None
    told = bool(phrases.BOUNCE_BODY.search(letter.text[:LONGEST_NEWS].lower()))
    asks = phrases.A_PERSON.search(f"{letter.subject}\n{letter.text[:LONGEST_NEWS]}")
    worded = letter.report is not None or told
    if subject and (robot or (told and not asks)):
        return "bounce subject"
    if verp and worded:
        return "address of a returned letter"
    if phrases.AUTO_SUBJECT.search(letter.subject):
        return None
    if ROBOT.match(sender) and (worded or "message/rfc822" in letter.content_types):
        return "robot sender"
    return "undelivered, by its words" if told and (robot or NO_REPLY.match(sender)) else None


def _human_answer(letter: Understood) -> bool:
    """Somebody who answers or forwards a bounce is no bounce."""
    subject = letter.subject.lower()
    robot = bool(letter.sender and ROBOT.match(letter.sender.address))
    return not robot and (subject.startswith(("re:", "odp:", "aw:", "fw:", "fwd:", "pd:", "sv:", "vs:")))


def _automatic(letter: Understood) -> str | None:
    submitted = letter.header("auto-submitted").lower().partition(";")[0].strip()
    if submitted and submitted not in ("no", "auto-forwarded"):
        return f"Auto-Submitted: {submitted}"
    for name in RESPONDER_HEADERS:
        if name in letter.headers and letter.header(name).lower() not in ("no", "false", "0"):
            return name
    if letter.header("x-autogenerated").lower().startswith("reply"):
        return "x-autogenerated"
    if letter.header("x-fc-machinegenerated").lower() == "true":
        return "x-fc-machinegenerated"
    if "autoresponder" in letter.header("x-post-messageclass").lower():
        return "x-post-messageclass"
    if "auto_reply" in _precedences(letter) or "auto-reply" in _precedences(letter):
        return "precedence"
    if any("autoresponder" in value.lower() for value in letter.headers.get("delivered-to", ())):
        return "delivered-to"
    if letter.header("x-ms-exchange-inbox-rules-loop") and letter.header("x-auto-response-suppress"):
        return "inbox rule"
    if phrases.AUTO_SUBJECT.search(letter.subject):
        return "subject of an automatic answer"
    null_path = letter.header("return-path") == "<>"
    if (null_path or phrases.ABOUT_ABSENCE.match(letter.subject)) and phrases.AWAY.search(letter.text[:LONGEST_NEWS]):
        return "null path and words of absence" if null_path else "subject and words of absence"
    return _answers_by_itself(letter)


def _answers_by_itself(letter: Understood) -> str | None:
    """An answer to somebody's letter that says of itself that it is automatic, or that its author is away and whom to
    turn to; short, and asking nothing. Of letters that answer none a machine's may be a report for a ticket."""
    if not (letter.in_reply_to or letter.references) or len(letter.text) > LONGEST_AUTOMATIC or "?" in letter.text:
        return None
    if "automat" in letter.text.lower() and phrases.SAYS_AUTOMATIC.search(letter.text):
        return "it says that it is automatic"
    return "words of absence" if phrases.FOR_URGENT.search(letter.text) and phrases.AWAY.search(letter.text) else None


def _list(letter: Understood) -> str | None:
    if any(name in letter.headers for name in ("list-id", "list-post", "list-unsubscribe")):
        return "list header"
    if {"list", "bulk", "junk"} & _precedences(letter):
        return "precedence"
    return None


def _suppressed(letter: Understood, envelope_from: str | None) -> str | None:
    """Signs that forbid an automatic answer to what may well be a person's letter."""
    wish = {word.strip().lower() for word in letter.header("x-auto-response-suppress").split(",")}
    if wish & {"all", "oof", "autoreply"}:
        return "x-auto-response-suppress"
    for name in ("x-loop", "x-rt-loop-prevention", "x-no-loop"):
        if name in letter.headers:
            return name
    if envelope_from == "":
        return "null path"
    sender = letter.sender.address if letter.sender else ""
    if NO_REPLY.match(sender) or ROBOT.match(sender):
        return "no-reply sender"
    return None


def _precedences(letter: Understood) -> set[str]:
    return {value.strip().lower() for name in ("precedence", "x-precedence") for value in letter.headers.get(name, ())}
