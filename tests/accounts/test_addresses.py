"""Addresses of every odd form: each is kept in one form, or refused with a sentence that says what to mend."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.addresses import BadAddress, canonical, understood, username_of


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ola@klient.example", "ola@klient.example"),
        ("  OLA@Klient.EXAMPLE\t", "ola@klient.example"),
        ("ola+portal@klient.example", "ola+portal@klient.example"),
        ("o'hara@klient.example", "o'hara@klient.example"),
        ("ola@żółw.example", "ola@xn--w-uga1v8h.example"),
        ("ola@XN--W-UGA1V8H.example", "ola@xn--w-uga1v8h.example"),
        ("ola@ｇｍａｉｌ。com", "ola@gmail.com"),
    ],
)
def test_an_address_has_one_form(typed: str, kept: str) -> None:
    assert understood(typed) == kept
    assert canonical(typed) == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (None, "Enter your e-mail address."),
        ("  ", "Enter your e-mail address."),
        ("x" * 288 + "@klient.pl", "longer than 254"),
        ("ola(z działu)@klient.example", "without a comment"),
        ('"ola mak"@klient.example', "quotation marks"),
        ("Ola Mak <ola@klient.example>", "alone"),
        ("ola mak@klient.example", "no spaces"),
        ("ola@klient.example\r\nBcc: x@y.example", "no spaces"),
        ("ola.klient.example", "one @"),
        ("a@b@c", "one @"),
        ("ola@[127.0.0.1]", "name of a domain"),
        ("zażółć@klient.example", "without accents"),
        ("o\u200bla@klient.example", "without accents"),
        ("ola..mak@klient.example", "Letters cannot be sent"),
        ("ola@klient", "Letters cannot be sent"),
        ("ola@klient.example.", "Letters cannot be sent"),
        ("ola@-klient.example", "Letters cannot be sent"),
        ("ola@127.0.0.1", "Letters cannot be sent"),
        ("\x00@klient.example", "Letters cannot be sent"),
        ("ola@xn--zz.example", "Letters cannot be sent"),
    ],
)
def test_what_is_no_address_is_refused_with_what_to_mend(app: Flask, typed: str | None, said: str) -> None:
    sentences = {}
    for language in ("en", "pl"):
        with app.test_request_context(f"/?_l_={language}"):
            with pytest.raises(BadAddress) as refused:
                understood(typed)
            sentences[language] = str(refused.value)
    assert said in sentences["en"]
    assert said not in sentences["pl"]


def test_long_addresses_of_one_beginning_have_names_of_their_own() -> None:
    names = {username_of("x" * 60 + "@" + "y" * 63 + "." + "z" * 50 + end) for end in (".example", ".example.pl")}
    assert len(names) == 2
    assert all(len(name) <= 128 for name in names)
