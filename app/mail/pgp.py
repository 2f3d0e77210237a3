"""PGP in the text itself (RFC 9580 sections 6 and 7): signed words are shown without their armour."""

from __future__ import annotations

from app.mail.letter import ENCRYPTED, SIGNED

BEGIN, SIGNATURE = "-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----"
END, MESSAGE = "-----END PGP SIGNATURE-----", "-----BEGIN PGP MESSAGE-----"


def without_armour(text: str) -> tuple[str, str | None]:
    """The text with its signed words bare, and what it is to be marked with. Armour within a quote stays."""
    lines = text.split("\n")
    if any(line.rstrip() == MESSAGE for line in lines):
        return text, ENCRYPTED
    if not any(line.rstrip() == BEGIN for line in lines):
        return text, None
    kept: list[str] = []
    within = ""
    for line in lines:
        bare = line.rstrip()
        if bare in (BEGIN, SIGNATURE):
            within = bare
        elif within == SIGNATURE:
            within = "" if bare == END else within
        elif within == BEGIN:  # "Hash: SHA256", and an empty line before the words
            within = within if bare else "words"
        else:
            kept.append(line.removeprefix("- ") if within == "words" and line.startswith("- -") else line)
    return "\n".join(kept), SIGNED
