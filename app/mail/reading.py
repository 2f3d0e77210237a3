"""From a raw letter to all that is understood of it, before the database is asked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.desk.content import StoredFile
from app.mail import guard, thread
from app.mail.forwarded import encloses, first_authors
from app.mail.guard import Verdict
from app.mail.letter import Address, Understood
from app.mail.proof import UNPROVEN, Proof
from app.models.journal import FORM

LONGEST_ID = 998
TYPED = Verdict(guard.LETTER, None, answerable=True)

Keep = Callable[[bytes], str]


@dataclass(frozen=True)
class Reading:
    """All that was understood of one letter. Its files are kept already; `understood` no longer holds their bytes."""

    understood: Understood
    verdict: Verdict
    evidence: tuple[thread.Evidence, ...]
    files: Sequence[StoredFile]
    body_sha256: str
    raw_sha256: str
    names: tuple[str, ...] = ()  # of the letters that it answers, by which siblings are recognised
    conversation: str | None = None  # what Outlook takes it to belong to
    authors: tuple[Address, ...] = ()  # of what it passes on, the nearest first
    proof: Proof = UNPROVEN

    @property
    def fingerprint(self) -> tuple[str, str]:
        """The same for every delivery of one letter, whichever way it came: Message-ID and body.

        Without a Message-ID all of its bytes: an MTA that got no answer sends them again.
        """
        message_id = self.understood.message_id
        return (message_id[:LONGEST_ID], self.body_sha256) if message_id else ("", self.raw_sha256)


def read(
    raw: bytes,
    understood: Understood,
    *,
    recipient: str,
    envelope_from: str | None,
    own: guard.Own,
    transport: str,
    key: bytes,
    keep: Keep,
) -> Reading:
    """All that follows from what is understood of a letter. Its files are kept by `keep`, which answers their hash."""
    found = Reading(
        understood=replace(understood, files=()),
        verdict=guard.judge(understood, envelope_from=envelope_from, own=own),
        evidence=thread.evidence(understood, recipient=recipient, key=key),
        files=[
            StoredFile(
                name=file.name,
                size=len(file.content),
                content_type=file.content_type,
                sha256=keep(file.content),
                content_id=file.content_id,
                inline=file.inline,
            )
            for file in understood.files
        ],
        body_sha256=body_sha256(raw),
        raw_sha256=hashlib.sha256(raw).hexdigest(),
        names=thread.shared_names(understood, key),
        conversation=thread.conversation(understood),
        authors=first_authors(understood, own.addresses) if understood.is_forward or encloses(understood) else (),
    )
    return _typed(found) if transport == FORM else found


def _typed(reading: Reading) -> Reading:
    """What somebody typed into a form answers no letter, passes none on and comes from no machine."""
    verdict = reading.verdict if reading.verdict.kind == TYPED.kind else TYPED
    return replace(reading, verdict=verdict, evidence=(), names=(), conversation=None, authors=())


def body_sha256(raw: bytes) -> str:
    """A hash of a letter without its header, where every relay writes its own trace (RFC 5321 section 4.4)."""
    _header, _blank, body = raw.replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")
    return hashlib.sha256(body).hexdigest()
