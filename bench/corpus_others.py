"""The same marks for libraries that others use, in an environment of their own: see `make corpus`.

imap_tools and mail-parser read the letter; quotequail parts the reply, given the text that imap_tools finds.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.corpus_marks import Reader, Said, scored


def imap_tools(raw: bytes, _entry: dict[str, Any]) -> Said:
    letter = import_module("imap_tools").MailMessage.from_bytes(raw)
    return Said(letter.subject, letter.from_, len(letter.attachments))


def mail_parser(raw: bytes, _entry: dict[str, Any]) -> Said:
    letter = import_module("mailparser").parse_from_bytes(raw)
    sender = letter.from_[0][1] if letter.from_ else ""
    subject = letter.subject  # a list where the letter has several
    return Said(subject if isinstance(subject, str) else "", sender or "", len(letter.attachments))


def quotequail(raw: bytes, _entry: dict[str, Any]) -> Said:
    """The fragments that it would show; of a letter with HTML alone those of the HTML, without its tags."""
    letter = import_module("imap_tools").MailMessage.from_bytes(raw)
    library = import_module("quotequail")
    text = letter.text.replace("\r\n", "\n")
    if text.strip():
        found = [words for shown, words in library.quote(text, quote_intro_line=True) if shown]
        return Said(None, None, None, ("\n".join(found),))
    document = import_module("lxml.html").fromstring
    found = [
        document(words).text_content()
        for shown, words in library.quote_html(letter.html, quote_intro_line=True)
        if shown and words.strip()
    ]
    return Said(None, None, None, ("\n".join(found),))


READERS: dict[str, Reader] = {"imap_tools": imap_tools, "mail-parser": mail_parser, "quotequail": quotequail}


def main(folder: str) -> None:
    for name, read in READERS.items():
        print(f"\n{name}")
        print("\n".join(scored(Path(folder), read).told()))


if __name__ == "__main__":
    main(*sys.argv[1:])
