"""`make proof`: the long runs, one after the other, each result kept as a page of docs/proof.

A run that was ended early goes on where it was: a proof that held for the same sources is not repeated.
`python -m bench.proof [--short] [--again] [name ...]`; with --short those that take hours run with small numbers, and
their pages say so.
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
from dataclasses import dataclass, replace
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
    options: tuple[str, ...] = ()
    short: tuple[str, ...] = ()  # the options of a run of some minutes

    def bounded(self) -> Proof:
        """The same with fewer of everything."""
        return replace(self, options=self.short) if self.short else self


def proofs(desks: str) -> tuple[Proof, ...]:
    """All of them; `desks` is a folder where desks of a million tickets are kept between the runs."""
    bench = ("-m", "bench")
    return (
        Proof("intake", "Letters a second of one worker, against a floor.", (*bench, "intake", "--letters", "2000")),
        Proof(
            "crashes",
            "kill -9 at every crash point and by chance: nothing lost, nothing doubled.",
            (*bench, "crashes"),
            ("--runs", "300", "--each", "20"),
            ("--runs", "40", "--each", "1"),
        ),
        Proof(
            "poison",
            "Good letters among hostile and wounded ones: each ends somewhere.",
            (*bench, "poison"),
            ("--letters", "1000"),
            ("--letters", "300"),
        ),
        Proof(
            "outages",
            "Valkey gone, asleep, full and forgetful, workers killed: pages answer, nothing lost, nothing doubled.",
            (*bench, "outages"),
            ("--away", "600", "--kills", "50", "--waiting", "500"),
            ("--away", "10", "--kills", "5", "--waiting", "50"),
        ),
        Proof(
            "rights",
            "Every account at every door and row; thousands of acts of two companies, and nothing crosses over.",
            (*bench, "rights"),
        ),
        Proof(
            "made-up",
            "Requests made up from the API's description: each is answered as it says, none by an error of ours.",
            (*bench, "made-up"),
            ("--examples", "200"),
            ("--examples", "10"),
        ),
        Proof(
            "flood",
            "10,000 letters, half of one sender, by IMAP: all kept, pages answer, nobody else waits (R-13).",
            (*bench, "flood"),
            ("--letters", "10000"),
            ("--letters", "2000"),
        ),
        Proof(
            "postfix",
            "A real Postfix before and behind the desk, all of them failing by turns.",
            (*bench, "postfix"),
            ("--letters", "50", "--rounds", "10"),
            ("--letters", "10", "--rounds", "2"),
        ),
        Proof("balance", "The balance of mail with a million letters.", (*bench, "balance")),
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
    parser.add_argument("--short", action="store_true", help="with fewer of everything")
    parser.add_argument("--again", action="store_true", help="also what is proved already")
    wanted = parser.parse_args(argv)
    desks = os.environ.get("BILETY_PROOF_DESKS") or str(Path(tempfile.gettempdir()) / "bilety-proof-desks")
    chosen = [proof for proof in _sized(proofs(desks), wanted.short) if not wanted.names or proof.name in wanted.names]
    stamp = stamp_of_sources()
    codes = [_prove(proof, stamp) for proof in chosen if wanted.again or not is_proved(proof, stamp)]
    return max(codes, default=0)


def _sized(every: Sequence[Proof], short: bool) -> list[Proof]:
    return [proof.bounded() if short else proof for proof in every]


def is_proved(proof: Proof, stamp: str) -> bool:
    """Whether its page says that every bar held for these sources."""
    page = PAGES / f"{proof.name}.md"
    said = page.read_text() if page.exists() else ""
    return f"`python {_shown(proof)}`" in said and f"exit 0. {STAMP}`{stamp}`" in said


def stamp_of_sources() -> str:
    """A hash over everything that a result depends on."""
    digest = hashlib.sha256()
    for name in SOURCES:
        path = ROOT / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _shown(proof: Proof) -> str:
    """Its command, without the folders of this machine."""
    return " ".join(word.replace(tempfile.gettempdir(), "FOLDER") for word in (*proof.command, *proof.options))


def _prove(proof: Proof, stamp: str) -> int:
    """Run the command, show what it says and keep it."""
    print(f"== {proof.name}: {proof.shows}", flush=True)
    begun = time.monotonic()
    said: list[str] = []
    with subprocess.Popen(
        [sys.executable, *proof.command, *proof.options], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            said.append(line)
    PAGES.mkdir(parents=True, exist_ok=True)
    (PAGES / f"{proof.name}.md").write_text(
        f"# {proof.shows}\n\n"
        f"`python {_shown(proof)}`, {datetime.now(UTC):%Y-%m-%d}, {time.monotonic() - begun:.0f} s, "
        f"{os.cpu_count()} cores, exit {process.returncode}. {STAMP}`{stamp}`\n\n```\n{''.join(said)}```\n"
    )
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
