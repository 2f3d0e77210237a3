"""What a manifest states of a letter, and whether it was met: the same marks for every reader of letters."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NOT_COUNTED = ("text/calendar", "application/pgp-signature", "application/pkcs7-signature")
SIGNATURES = ("smime.p7s", "signature.asc")
NAMES = ("subject", "sender", "attachments", "visible", "bounce", "no bounce", "automatic")
BOUNCE, AUTOMATIC = "bounce", "automatic"


@dataclass(frozen=True)
class Said:
    """What a reader understood of a letter; None where it does not tell. `visible` holds its readings, best first."""

    subject: str | None
    sender: str | None
    attachments: int | None
    visible: Sequence[str] | None = None
    kind: str | None = None


@dataclass
class Score:
    """The marks of one reader over all letters."""

    met: Counter[str] = field(default_factory=Counter)
    stated: Counter[str] = field(default_factory=Counter)
    shares: list[float] = field(default_factory=list)
    letters: int = 0
    raised: int = 0
    seconds: float = 0.0
    slowest: tuple[float, str] = (0.0, "")

    def told(self) -> Iterator[str]:
        """A line for each mark."""
        for name in NAMES:
            if self.stated[name]:
                share = 100 * self.met[name] / self.stated[name]
                yield f"{name:12} {self.met[name]:5} of {self.stated[name]:5}  {share:5.1f} %"
        if self.shares:
            yield f"visible, token F1   {100 * sum(self.shares) / len(self.shares):5.1f} %"
        rate = self.letters / max(self.seconds, 0.001)
        slow = f"slowest {self.slowest[0]:.2f} s ({self.slowest[1]})"
        yield f"{self.letters} letters, {rate:.0f} a second, {self.raised} raised, {slow}"


Reader = Callable[[bytes, dict[str, Any]], Said]
Miss = Callable[[str, dict[str, Any], Said], None]


def scored(root: Path, read: Reader, miss: Miss | None = None) -> Score:
    """Every letter of the manifest, read by one reader. `miss` hears of each mark that was not met."""
    score = Score()
    for line in (root / "manifest.jsonl").read_text().splitlines():
        entry = json.loads(line)
        raw = (root / entry["file"]).read_bytes()
        start = time.perf_counter()
        try:
            said = read(raw, entry)
        except Exception:  # Readers of others raise whatever they like.
            score.raised += 1
            said = Said("", "", -1, ("",))
        taken = time.perf_counter() - start
        score.letters += 1
        score.seconds += taken
        score.slowest = max(score.slowest, (taken, entry["id"]))
        _mark(score, entry, said, miss)
    return score


def _mark(score: Score, entry: dict[str, Any], said: Said, miss: Miss | None) -> None:
    for name, well in judged(entry, said):
        score.stated[name] += 1
        score.met[name] += well
        if miss and not well:
            miss(name, entry, said)
    if "visible_reply" in entry["expect"] and said.visible is not None:
        wanted = Counter(flat(entry["expect"]["visible_reply"]).split())
        score.shares.append(max(_f1(wanted, Counter(flat(found).split())) for found in said.visible))


def judged(entry: dict[str, Any], said: Said) -> Iterator[tuple[str, bool]]:
    """Each statement of the manifest about what the reader tells, and whether it was met."""
    expect = entry["expect"]
    if "subject" in expect and said.subject is not None:
        yield "subject", flat(said.subject) == flat(expect["subject"])
    if "from_email" in expect and said.sender is not None:
        yield "sender", said.sender.lower() == (expect["from_email"] or "").lower()
    if "attachment_count" in expect and said.attachments is not None and said.kind != BOUNCE:
        yield "attachments", said.attachments in (expect["attachment_count"], _counted(expect))
    if "visible_reply" in expect and said.visible is not None:
        yield "visible", flat(expect["visible_reply"]) in [flat(found) for found in said.visible]
    if said.kind is None:
        return
    if expect.get("is_bounce"):
        yield "bounce", said.kind == BOUNCE
    elif "bounce/DSN" not in entry["tags"] and "bounce-collection" not in entry["tags"]:
        yield "no bounce", said.kind != BOUNCE
    if expect.get("is_auto_reply"):
        yield "automatic", said.kind == AUTOMATIC


def flat(text: str | None) -> str:
    """Words, without the difference between kinds of white space."""
    return " ".join((text or "").split())


def _counted(expect: dict[str, Any]) -> int:
    """How many attachments its origin states, without those that Bilety's convention does not count."""
    return int(expect["attachment_count"]) - sum(
        file.get("content_type") in NOT_COUNTED or (file.get("name") or "") in SIGNATURES
        for file in expect.get("attachments", ())
    )


def _f1(wanted: Counter[str], found: Counter[str]) -> float:
    if not wanted and not found:
        return 1.0
    return 2 * (wanted & found).total() / (wanted.total() + found.total())
