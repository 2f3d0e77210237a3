"""How well letters are understood: `python -m bench.corpus_score FOLDER [MARK]` scores a corpus against its manifest.

With the name of a mark it also lists the letters that did not meet it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from app.mail import guard, headers
from app.mail.parse import understand
from bench.corpus_marks import Said, scored


def read(raw: bytes, entry: dict[str, Any]) -> Said:
    """What Bilety understands. Labels that keep the signature are met with it as well."""
    letter = understand(raw)
    verdict = guard.judge(letter, envelope_from=None, own=guard.Own())
    sender = letter.sender or headers.without_domain(letter.header("from"))
    policy = entry["expect"].get("visible_policy")
    kept = ("signature", "footer", "disclaimer") if policy == "signature-kept" else ()
    signed = [letter.text, *(part["text"] for part in letter.folded if part["kind"] in kept)]
    return Said(
        subject=letter.subject,
        sender=sender.address if sender else "",
        attachments=sum(file.counts for file in letter.files),
        visible=(letter.text, "\n".join(signed)),
        kind=verdict.kind,
    )


def main(folder: str, wanted: str | None = None) -> None:
    def miss(name: str, entry: dict[str, Any], said: Said) -> None:
        if name == wanted:
            print(f"-- {entry['id']}: {said.kind}, {said.attachments} files, {said.subject!r}")

    print("Bilety")
    print("\n".join(scored(Path(folder), read, miss).told()))


if __name__ == "__main__":
    main(*sys.argv[1:])
