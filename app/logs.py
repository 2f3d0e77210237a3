"""What no log may hold: links of letters and API keys open accounts, so their secret parts are left out."""

from __future__ import annotations

import logging
import re

SECRETS = (
    re.compile(r"(/(?:confirm|reset|invitation)/)[^\s/?#\"'<>]+"),
    re.compile(r"(\bbilety_)[A-Za-z0-9_-]{8,}"),
    re.compile(r"(\bBearer )[^\s\"',]+", re.IGNORECASE),
)
MASK = r"\1…"


class MaskedRecord(logging.LogRecord):
    """A line of any log of this process, whoever writes it: the web server's, with its Referer, Flask's, a library's.

    Formatters keep the words of an error in `exc_text` and take what stands there already.
    """

    def getMessage(self) -> str:  # noqa: N802 the library names it
        if self.exc_info and not self.exc_text:
            self.exc_text = masked(logging.Formatter().formatException(self.exc_info))
        return masked(super().getMessage())


def install() -> None:
    """From now on every line that this process logs is masked."""
    logging.setLogRecordFactory(MaskedRecord)


def masked(text: str) -> str:
    """The text without the secret parts of links, keys and tokens."""
    for secret in SECRETS:
        text = secret.sub(MASK, text)
    return text
