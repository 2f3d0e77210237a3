"""E-mail addresses as people type them, and the one form in which they are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import idna
from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l

LONGEST = 254  # RFC 5321 section 4.5.3.1.3, less the angle brackets
LONGEST_USERNAME = 128

# What a person may have done, and how to mend it; the first that applies is said.
Mistake = tuple[Callable[[str], bool], Any]
MISTAKES: tuple[Mistake, ...] = (
    (lambda typed: not typed, _l("Enter your e-mail address.")),
    (lambda typed: len(typed) > LONGEST, _l("No e-mail address is longer than 254 characters.")),
    (lambda typed: "<" in typed or ">" in typed, _l("Enter the address alone, without a name and angle brackets.")),
    (lambda typed: "(" in typed or ")" in typed, _l("Enter the address without a comment in brackets.")),
    (lambda typed: '"' in typed, _l("Addresses in quotation marks are not taken.")),
    (lambda typed: any(sign.isspace() for sign in typed), _l("An e-mail address has no spaces.")),
    (lambda typed: typed.count("@") != 1, _l("An e-mail address has one @, as in name@company.com.")),
    (lambda typed: "@[" in typed, _l("Enter an address with the name of a domain, as in name@company.com.")),
    (
        lambda typed: not typed.partition("@")[0].isascii(),
        _l("Before the @ an address may have only letters without accents, digits and signs such as . - + _"),
    ),
)
OTHERWISE = _l("Letters cannot be sent to this address. Check it: it should look like name@company.com.")


class BadAddress(ValueError):
    """What was typed is no address; its text is a sentence that says what to mend."""

    def __init__(self, sentence: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


def understood(typed: str | None) -> str:
    """The address that was typed, in its kept form. Raises BadAddress."""
    text = (typed or "").strip()
    for applies, sentence in MISTAKES:
        if applies(text):
            raise BadAddress(sentence)
    try:
        found = validate_email(text, check_deliverability=False, test_environment=True, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise BadAddress(OTHERWISE) from error
    return canonical(found.normalized)


def canonical(address: str) -> str:
    """The one form of an address: lower case, an international domain as it travels (RFC 5891). Never refuses."""
    local, at, domain = address.strip().lower().rpartition("@")
    return f"{local}{at}{ascii_domain(domain)}"


def mailbox_of(address: str) -> tuple[str, str]:
    """The mailbox that letters to an address arrive in, as its local part and domain: anna+x@ is anna's too."""
    local, _at, domain = canonical(address).rpartition("@")
    return local.partition("+")[0], domain


def ascii_domain(domain: str) -> str:
    """A domain as DNS knows it, in lower case; what is no domain stays as it is."""
    text = domain.strip().lower().rstrip(".")
    if text.isascii():
        return text
    try:
        return idna.encode(text, uts46=True).decode()
    except idna.IDNAError:
        return text


def username_of(address: str) -> str:
    """A name for Flask-AppBuilder's unique column that no other address has."""
    if len(address) <= LONGEST_USERNAME:
        return address
    return hashlib.sha256(address.encode()).hexdigest()
