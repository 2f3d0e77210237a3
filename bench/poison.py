"""Letters that no program should write: good ones, hostile ones, and both with bytes torn out, doubled and turned.

All go through a throw-away desk (`run.py corpus`), which fails when one of them is lost, raises or waits.
`python -m bench poison [--letters N] [--seed N]`
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from bench.desks import ROOT, RUN
from bench.letters import letters

SEEDS = ROOT / "tests" / "letters"  # each with an oddity of its own
MOST_WOUNDS = 6
SIGNS = (
    b"\x00",
    b"\r",
    b"\n\n",
    b"\xff\xfe",
    b"=?UTF-8?B?",
    b"?=",
    b'"',
    b"<",
    b"--",
    b";charset=utf-7",
    b"%00",
    b"\xed\xa0\x80",
)


def main(argv: Sequence[str] = ()) -> int:
    """Make, send, and answer 0 when every letter ended somewhere."""
    parser = argparse.ArgumentParser(prog="python -m bench poison", description=__doc__)
    parser.add_argument("--letters", type=int, default=300, help="how many of each half (default 300)")
    parser.add_argument("--seed", type=int, default=1, help="another set of wounds (default 1)")
    wanted = parser.parse_args(argv)
    random = Random(wanted.seed)
    good = [raw for _sender, _mailbox, raw in letters(wanted.letters, wanted.seed)]
    models = [*good[:50], *(path.read_bytes() for path in sorted(SEEDS.glob("*.eml"))), *bombs()]
    with tempfile.TemporaryDirectory(prefix="bilety-bench-") as folder:
        wounded = (wound(random.choice(models), random) for _ in range(wanted.letters))
        for number, raw in enumerate((*good, *bombs(), *wounded)):
            (Path(folder) / f"{number:06}.eml").write_bytes(raw)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BILETY_")}
        done = subprocess.run(
            [sys.executable, RUN, "corpus", folder], env=environment, stdout=subprocess.PIPE, text=True
        )
    print(f"{wanted.letters} good letters, {wanted.letters} wounded ones, {len(bombs())} bombs")
    print("\n".join(done.stdout.splitlines()[-12:]))
    return done.returncode


def wound(raw: bytes, random: Random) -> bytes:
    """The letter with a few wounds at random places."""
    for _ in range(random.randint(1, MOST_WOUNDS)):
        raw = random.choice(WOUNDS)(raw, random)
    return raw


def bombs() -> list[bytes]:
    """Letters that are made to cost much (O54, O56)."""
    head = b"From: a@bomba.example\r\nTo: PomocTARGIT@pomoc.example\r\nSubject: bomba\r\nMIME-Version: 1.0\r\n"
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(500))
    parts = b"".join(b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" for _ in range(5000))
    return [
        head + nested + b"\r\nx",
        head + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + parts + b"--b--\r\n",
        head + b"\r\nOn" + b" " * 30_000 + b"-" * 30_000 + b"x",
        head + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 50_000 + b"x",
        head + b"X-Long: " + b"a" * 2_000_000 + b"\r\n\r\nx",
        head + b"\r\n" + b"> " * 100_000 + b"\r\nx",
    ]


def _torn(raw: bytes, random: Random) -> bytes:
    begin, length = _place(raw, random), random.randint(1, 200)
    return raw[:begin] + raw[begin + length :]


def _doubled(raw: bytes, random: Random) -> bytes:
    begin, length = _place(raw, random), random.randint(1, 2000)
    return raw[:begin] + raw[begin : begin + length] * 2 + raw[begin + length :]


def _turned(raw: bytes, random: Random) -> bytes:
    at = _place(raw, random)
    return raw[:at] + bytes([random.randrange(256)]) + raw[at + 1 :]


def _stung(raw: bytes, random: Random) -> bytes:
    at = _place(raw, random)
    return raw[:at] + random.choice(SIGNS) * random.choice((1, 1, 50)) + raw[at:]


def _cut(raw: bytes, random: Random) -> bytes:
    return raw[: _place(raw, random)]


def _place(raw: bytes, random: Random) -> int:
    """Mostly in the header, where most goes wrong."""
    end = raw.find(b"\r\n\r\n") if random.random() < 0.6 else -1
    return random.randint(0, end if end > 0 else len(raw))


WOUNDS: tuple[Callable[[bytes, Random], bytes], ...] = (_torn, _doubled, _turned, _turned, _stung, _cut)
