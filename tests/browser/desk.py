"""The desk that the browser visits: the whole of `make run` with the demo desk, some letters and odd rows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from tests.run.stack import ROOT, Stack, until

PATIENCE = 240.0  # A browser and a whole desk start together, perhaps on a busy machine.
NEWCOMER = "nina.kowalczyk@klient.example"
MANAGER = "szefowa@klient.example"
CAUTIOUS = "ostrozna@klient.example"  # signs in with a code of an app
CAREFUL = "rozwazny@klient.example"  # with a code or a passkey
VIEWER = "oczami.klienta@pomoc.example"  # an administrator who views the portal as a customer
PASSWORD = "Zielona-łąka-7-koni"
Places = dict[str, str | int]

PEOPLE = {
    "customer": "anna.nowak@zielonymlyn.example",
    "foreigner": "james.carter@harbourpine.example",
    "newcomer": NEWCOMER,
    "manager": MANAGER,
    "consultant": "marta.lis@pomoc.example",
    "administrator": "barbara.zajac@pomoc.example",
    "viewer": VIEWER,
    "auditor": "wojciech.rys@pomoc.example",
    "translator": "zofia.jez@pomoc.example",
    "editor": "hanna.bobr@pomoc.example",
}

# One becomes a ticket, one was written by a machine, one has nobody to answer to.
LETTERS = (
    """
From: Krystyna Górska <krystyna@nieznana.example>
To: PomocTARGIT@pomoc.example
Subject: Zestawienie kosztów nie zgadza się z księgą
Message-ID: <koszty@nieznana.example>
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Dzień dobry,

w zestawieniu brakuje kosztów z lipca.

-- 
Krystyna Górska
Biuro Rachunkowe
""",
    """
From: Anna Nowak <anna.nowak@zielonymlyn.example>
To: PomocTARGIT@pomoc.example
Subject: Jestem na urlopie
Message-ID: <urlop@zielonymlyn.example>
Auto-Submitted: auto-replied

Wracam w poniedzialek.
""",
    """
To: PomocTARGIT@pomoc.example
Subject: Bez nadawcy
Message-ID: <brak@zielonymlyn.example>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain

Nie dziala.
--b
Content-Type: text/calendar; charset=utf-8; method=REQUEST

BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
SUMMARY:Odbiór raportów
DTSTART;TZID=Europe/Warsaw:20261130T090000
DTEND;TZID=Europe/Warsaw:20261130T100000
LOCATION:Sala 3
ORGANIZER;CN=Anna Nowak:mailto:anna@zielonymlyn.example
END:VEVENT
END:VCALENDAR
--b--
""",
)


class Desk:
    """A running stack, its people's passwords, and where the rows of each page are."""

    def __init__(self, folder: Path) -> None:
        self.stack = Stack(folder, patience=PATIENCE, BILETY_DEMO="1", BILETY_UNDO_SEND="4")
        try:
            self._send_letters()
            self.places = self._furnish()
        except BaseException:
            self.end()
            raise
        cards = json.loads((folder / "demo-accounts.json").read_text())
        self.passwords = {card["email"]: card["password"] for card in cards} | dict.fromkeys(
            (NEWCOMER, MANAGER, VIEWER), PASSWORD
        )

    @property
    def address(self) -> str:
        return f"http://localhost:{self.stack.environment['BILETY_PORT']}"

    def end(self) -> None:
        self.stack.end()

    def letter_to(self, email: str, seen: int = 0) -> EmailMessage:
        """The newest letter to that address, once there are more than `seen`."""
        until(lambda: len(self.letters_to(email)) > seen)
        return self.letters_to(email)[-1]

    def letters_to(self, email: str) -> list[EmailMessage]:
        """What the workers have sent to that address, in order."""
        read = (message_from_bytes(path.read_bytes(), policy=default) for path in self.stack.letters())
        return [message for message in read if email in str(message["To"])]

    def _send_letters(self) -> None:
        for raw in LETTERS:
            self.stack.send(raw.strip().encode(), "PomocTARGIT@pomoc.example")

    def _furnish(self) -> Places:
        command = [sys.executable, "-m", "tests.browser.furnish"]
        done = subprocess.run(command, cwd=ROOT, env=self.stack.environment, capture_output=True, timeout=PATIENCE)
        if done.returncode:
            raise RuntimeError(done.stderr.decode())
        places: Places = json.loads(done.stdout)
        return places


def link_in(message: EmailMessage, path: str) -> str:
    """The address in a letter's plain part that leads to `path`."""
    body = message.get_body(("plain",))
    assert body is not None
    found = re.search(rf"https?://\S+?{re.escape(path)}\S*", body.get_content())
    assert found, body.get_content()
    return found[0]
