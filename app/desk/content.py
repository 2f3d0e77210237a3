"""What somebody contributes to a ticket, before it is a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.models.ticket import Attachment, Channel


@dataclass(frozen=True)
class StoredFile:
    """A file whose bytes app/files keeps already."""

    name: str
    size: int
    content_type: str
    sha256: str
    content_id: str | None = None
    inline: bool = False

    def attachment(self) -> Attachment:
        return Attachment(
            name=self.name[:255],
            size=self.size,
            content_type=self.content_type[:127],
            sha256=self.sha256,
            content_id=self.content_id,
            inline=self.inline,
        )


@dataclass(frozen=True)
class Contribution:
    """Words and files, and by which way they came."""

    text: str
    channel: Channel
    html: str | None = None
    folded: Sequence[dict[str, str]] = field(default_factory=tuple)
    files: Sequence[StoredFile] = field(default_factory=tuple)
    message_id: str | None = None
    journal_id: int | None = None
    automatic: bool = False
    verified: bool = True
    proof: str | None = None  # of a letter's sender

    @property
    def is_empty(self) -> bool:
        return not (self.text.strip() or self.html or self.files or self.folded)
