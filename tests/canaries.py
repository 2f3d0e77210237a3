"""Words that must never reach some readers, looked for in every answer and letter of the whole suite (oracle R1).

Whatever belongs to the company Beta begins with ZQXB and is for its people and the desk; whatever an internal note
holds begins with ZQXNOTE and is for the desk. Beta's people have addresses in beta.example.
"""

from __future__ import annotations

import email
import email.policy
import re
from pathlib import Path

from flask import Flask, Response, request

from app import caller
from app.access import STAFF

MARK = b"ZQX"
OF_BETA = re.compile(r"ZQXB(?!ODY)[A-Z0-9]+")
OF_NOTES = re.compile(r"ZQXNOTE[A-Z0-9]+")
BETA = "@beta.example"
DESK = "@desk.example"


class Watch:
    """Remembers what got out; `check` fails for it."""

    def __init__(self, app: Flask) -> None:
        self.leaks: list[str] = []
        app.after_request(self._look)

    def _look(self, response: Response) -> Response:
        if response.direct_passthrough:
            return response  # A file: whether it may be had is decided before its bytes.
        if MARK in response.data or MARK in str(response.headers).encode():
            account = caller.acting()
            roles = account.role_kinds if account else frozenset()
            text = f"{response.headers}{response.get_data(as_text=True)}"
            found = _foreign(text, account.email if account else "", bool(roles & STAFF))
            said = f"{request.full_path} {request.get_data(as_text=True)} {request.form}"
            self.leaks += [f"{request.method} {request.path}: {word}" for word in sorted(found) if word not in said]
        return response

    def check(self, outgoing: Path) -> None:
        """Nothing got out by an answer, or by a letter that was sent."""
        leaks, self.leaks = self.leaks, []
        for file in outgoing.glob("*.eml"):
            leaks += [f"letter {file.name}: {word}" for word in sorted(_in_letter(file.read_bytes()))]
        assert not leaks, leaks


def _foreign(text: str, reader: str, is_staff: bool) -> set[str]:
    if is_staff:
        return set()
    beta = set() if reader.endswith(BETA) else set(OF_BETA.findall(text))
    return beta | set(OF_NOTES.findall(text))


def _in_letter(content: bytes) -> set[str]:
    letter = email.message_from_bytes(content, policy=email.policy.default)
    words = [str(letter["Subject"])] + [
        part.get_content() for part in letter.walk() if part.get_content_type()[:5] == "text/"
    ]
    reader = str(letter["To"])
    text = " ".join(words)
    return _foreign(text, BETA if BETA in reader else reader, DESK in reader) if "ZQX" in text else set()
