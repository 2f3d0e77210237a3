"""Tests of the test bench itself, and of the front door."""

from __future__ import annotations

from collections.abc import Callable

from tests.browsing import Visitor


def test_front_door_greets_a_stranger(client: Visitor) -> None:
    assert client.get("/").status_code == 200


def test_two_visitors_never_share_who_is_signed_in(
    client: Visitor, make_account: Callable[..., int], browser_of: Callable[[str], Visitor]
) -> None:
    make_account("anna@klient.example", organisation="Klient")
    anna = browser_of("anna@klient.example")
    anna.get("/")
    with anna.session_transaction() as hers, client.session_transaction() as nobodys:
        assert "_user_id" in hers
        assert "_user_id" not in nobodys
