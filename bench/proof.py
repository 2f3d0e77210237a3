"""`make proof`: the long runs, one after the other, each result kept as a page of docs/proof.

A run that was ended early goes on where it was: a proof that held for the same sources is not repeated.
`python -m bench.proof [--again] [name ...]`
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "proof"
SOURCES = ("app", "bench", "migrations", "config.py", "run.py", "requirements.txt")
STAMP = "Sources: "


@dataclass(frozen=True)
class Proof:
    """A command and what it shows."""

    name: str
    shows: str
    command: tuple[str, ...]


def proofs(desks: str) -> tuple[Proof, ...]:
    """All of them; `desks` is a folder where desks of a million tickets are kept between the runs."""
    bench = ("-m", "bench")
    return (
        Proof("intake", "Letters a second of one worker, against a floor.", (*bench, "intake", "--letters", "2000")),
        Proof(
            "crashes",
            "kill -9 at every crash point and by chance: nothing lost, nothing doubled.",
            (*bench, "crashes", "--runs", "300", "--each", "20"),
        ),
        Proof(
            "poison",
            "Good letters among hostile and wounded ones: each ends somewhere.",
            (*bench, "poison", "--letters", "1000"),
        ),
        Proof(
            "rights",
            "Every account at every door and row; thousands of acts of two companies, and nothing crosses over.",
            (*bench, "rights"),
        ),
        Proof("memory", "Memory of the whole stack after load.", (*bench, "memory")),
        Proof(
            "pages", "Pages at 1,000, 100,000 and 1,000,000 tickets.", (*bench, "pages", "--million", "--keep", desks)
        ),
        Proof("search", "Search for common, rare and unknown words.", (*bench, "search", "--keep", desks)),
        Proof("calendar", "A deadline over five business days.", (*bench, "calendar")),
    )


def main(argv: Sequence[str] = ()) -> int:
    """Run what is asked for, by default all that is not proved for these sources; 0 when every bar holds."""
    parser = argparse.ArgumentParser(prog="python -m bench.proof", description=__doc__)
    parser.add_argument("names", nargs="*", help="only these")
    parser.add_argument("--again", action="store_true", help="also what is proved already")
    wanted = parser.parse_args(argv)
    desks = os.environ.get("BILETY_PROOF_DESKS") or str(Path(tempfile.gettempdir()) / "bilety-proof-desks")
    chosen = [proof for proof in proofs(desks) if not wanted.names or proof.name in wanted.names]
    stamp = stamp_of_sources()
    codes = [_prove(proof, stamp) for proof in chosen if wanted.again or not is_proved(proof, stamp)]
    return max(codes, default=0)


def is_proved(proof: Proof, stamp: str) -> bool:
    """Whether its page says that every bar held for these sources."""
    page = PAGES / f"{proof.name}.md"
    return page.exists() and f"exit 0. {STAMP}`{stamp}`" in page.read_text()


def stamp_of_sources() -> str:
    """A hash over everything that a result depends on."""
    digest = hashlib.sha256()
    for name in SOURCES:
        path = ROOT / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _prove(proof: Proof, stamp: str) -> int:
    """Run the command, show what it says and keep it."""
    print(f"== {proof.name}: {proof.shows}", flush=True)
    begun = time.monotonic()
    said: list[str] = []
    with subprocess.Popen([sys.executable, *proof.command], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            said.append(line)
    shown = " ".join(word.replace(tempfile.gettempdir(), "FOLDER") for word in proof.command)
    PAGES.mkdir(parents=True, exist_ok=True)
    (PAGES / f"{proof.name}.md").write_text(
        f"# {proof.shows}\n\n"
        f"`python {shown}`, {datetime.now(UTC):%Y-%m-%d}, {time.monotonic() - begun:.0f} s, "
        f"{os.cpu_count()} cores, exit {process.returncode}. {STAMP}`{stamp}`\n\n```\n{''.join(said)}```\n"
    )
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
