"""How well letters are understood: `python -m bench.corpus_score FOLDER` scores a corpus against its manifest."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.mail import guard
from app.mail.letter import Understood
from app.mail.parse import understand

NOT_COUNTED = ("text/calendar", "application/pgp-signature", "application/pkcs7-signature")
SIGNATURES = ("smime.p7s", "signature.asc")
NAMES = ("subject", "sender", "attachments", "visible", "bounce", "no bounce", "automatic")


def judged(entry: dict[str, Any], letter: Understood, kind: str) -> Iterator[tuple[str, bool]]:
    """What the manifest states of a letter, and whether it was met."""
    expect = entry["expect"]
    if "subject" in expect:
        yield "subject", _flat(letter.subject) == _flat(expect["subject"])
    if "from_email" in expect:
        yield "sender", (letter.sender.address if letter.sender else "") == (expect["from_email"] or "").lower()
    if "attachment_count" in expect and kind != guard.BOUNCE:
        yield "attachments", sum(file.counts for file in letter.files) in (expect["attachment_count"], _counted(expect))
    if "visible_reply" in expect:
        yield "visible", _flat(expect["visible_reply"]) in _readings(letter, expect.get("visible_policy"))
    if expect.get("is_bounce"):
        yield "bounce", kind == guard.BOUNCE
    elif "bounce/DSN" not in entry["tags"] and "bounce-collection" not in entry["tags"]:
        yield "no bounce", kind != guard.BOUNCE
    if expect.get("is_auto_reply"):
        yield "automatic", kind == guard.AUTOMATIC


def main(folder: str, wanted: str | None = None) -> None:
    """Print the share met of each kind; with a name of NAMES also the letters that were not."""
    met: Counter[str] = Counter()
    stated: Counter[str] = Counter()
    slowest = (0.0, "")
    shares: list[float] = []
    root = Path(folder)
    begun = time.perf_counter()
    entries = [json.loads(line) for line in (root / "manifest.jsonl").read_text().splitlines()]
    for entry in entries:
        raw = (root / entry["file"]).read_bytes()
        start = time.perf_counter()
        letter = understand(raw)
        verdict = guard.judge(letter, envelope_from=None, own=guard.Own())
        if "visible_reply" in entry["expect"]:
            shares.append(_token_f1(entry, letter))
        slowest = max(slowest, (time.perf_counter() - start, entry["id"]))
        for name, well in judged(entry, letter, verdict.kind):
            stated[name] += 1
            met[name] += well
            if name == wanted and not well:
                names = [file.name for file in letter.files]
                print(f"-- {entry['id']}: {verdict.kind} {verdict.reason} {letter.subject!r} {names}")
    seconds = time.perf_counter() - begun
    for name in NAMES:
        print(f"{name:12} {met[name]:5} of {stated[name]:5}  {100 * met[name] / max(stated[name], 1):5.1f} %")
    print(f"visible, token F1   {100 * sum(shares) / max(len(shares), 1):5.1f} %")
    print(f"{len(entries)} letters, {len(entries) / seconds:.0f} a second, slowest {slowest[0]:.2f} s ({slowest[1]})")


def _counted(expect: dict[str, Any]) -> int:
    """How many attachments its origin states, without those that Bilety's convention does not count."""
    return int(expect["attachment_count"]) - sum(
        file.get("content_type") in NOT_COUNTED or (file.get("name") or "") in SIGNATURES
        for file in expect.get("attachments", ())
    )


def _readings(letter: Understood, policy: str | None) -> list[str]:
    """What is visible by the policy of its label: some keep the signature that Bilety folds."""
    kept = ("signature", "footer", "disclaimer") if policy == "signature-kept" else ()
    signed = [letter.text, *(part["text"] for part in letter.folded if part["kind"] in kept)]
    return [_flat(letter.text), _flat("\n".join(signed))]


def _token_f1(entry: dict[str, Any], letter: Understood) -> float:
    """How much of the wanted words is there, and of those there wanted; the better of the readings."""
    wanted = Counter(_flat(entry["expect"]["visible_reply"]).split())
    return max(
        _f1(wanted, Counter(found.split())) for found in _readings(letter, entry["expect"].get("visible_policy"))
    )


def _f1(wanted: Counter[str], found: Counter[str]) -> float:
    if not wanted and not found:
        return 1.0
    return 2 * (wanted & found).total() / (wanted.total() + found.total())


def _flat(text: str | None) -> str:
    return " ".join((text or "").split())


if __name__ == "__main__":
    main(*sys.argv[1:])
