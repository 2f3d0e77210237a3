"""Links of letters: good once, for a time, until withdrawn; nobody can rebuild one (attack cases O25, O26)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.accounts import activation, links
from app.accounts.appointing import appoint, has_administrator
from app.accounts.errors import Deactivated
from app.accounts.registration import find_account
from app.events.record import owe_letter
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.invitation import AccountLink, Purpose

EMAIL = "ola@klient.example"


@pytest.fixture
def ola(app: Flask, make_account: Callable[..., int]) -> Flask:
    make_account(EMAIL, registered=False)
    return app


def account() -> Account:
    found = find_account(EMAIL)
    assert found is not None
    return found


def made(purpose: Purpose = Purpose.RESET) -> str:
    """The token of a new link."""
    with transaction():
        return links.make(purpose, account()).rpartition("/")[2]


def test_whoever_has_the_machine_makes_an_administrator(ola: Flask) -> None:
    """A newcomer and a customer without a password set their first one, who has one sets another."""
    with ola.app_context():
        assert not has_administrator()
        for email, expected in (
            ("nowa@desk.example", Purpose.ACTIVATION),
            (EMAIL, Purpose.ACTIVATION),
            (EMAIL, Purpose.RESET),
        ):
            with transaction():
                purpose, path = appoint(email, "pl")
            link = links.find(path.rpartition("/")[2], purpose)
            assert purpose == expected
            assert link is not None
            assert link.account.role_kinds == {"administrator"}
            if purpose == Purpose.ACTIVATION:
                with transaction():
                    activation.activate(link, "Zielona-łąka-7-koni")
        assert has_administrator()
        account().active = False
        with pytest.raises(Deactivated):
            appoint(EMAIL, "pl")


def test_a_newer_link_ends_the_one_before_and_only_of_its_kind(ola: Flask) -> None:
    with ola.app_context():
        first, other, second = made(), made(Purpose.ACTIVATION), made()
        assert links.find(first, Purpose.RESET) is None
        assert links.find(second, Purpose.RESET) is not None
        assert links.find(other, Purpose.ACTIVATION) is not None
        assert links.find(second, Purpose.ACTIVATION) is None


def test_a_letter_that_is_made_twice_has_two_good_links(ola: Flask) -> None:
    """Its first attempt may have arrived although the relay's answer was lost."""
    with ola.app_context():
        with transaction():
            letter = owe_letter("password_reset", account=account(), reason="account")
            paths = [links.make(Purpose.RESET, account(), letter=letter) for _attempt in range(2)]
        assert all(links.find(path.rpartition("/")[2], Purpose.RESET) for path in paths)


@pytest.mark.parametrize(("purpose", "hours"), [(Purpose.ACTIVATION, 72), (Purpose.RESET, 24)])
def test_a_link_ends_by_itself(ola: Flask, purpose: Purpose, hours: int) -> None:
    with ola.app_context():
        token = made(purpose)
        for minutes, good in ((-1, True), (1, False)):
            with transaction():
                link = db.session.scalars(select(AccountLink)).one()
                link.expires_at -= timedelta(hours=hours, minutes=minutes) if good else timedelta(minutes=2)
            assert (links.find(token, purpose) is not None) is good
        assert links.remembered(token, purpose) is not None


def test_a_link_of_a_deactivated_account_opens_nothing(ola: Flask) -> None:
    with ola.app_context():
        token = made()
        with transaction():
            account().active = False
        assert links.find(token, Purpose.RESET) is None


def test_two_who_press_at_once_are_let_in_once(ola: Flask) -> None:
    with ola.app_context():
        token = made(Purpose.ACTIVATION)

    def press(_number: int) -> bool:
        with ola.test_request_context():
            link = links.find(token, Purpose.ACTIVATION)
            if link is None:
                return False
            try:
                with transaction():
                    activation.activate(link, "Zielona-łąka-7-koni")
            except links.LinkUsed:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(press, range(4))) == 1


def test_nothing_that_is_kept_holds_a_link(ola: Flask) -> None:
    with ola.app_context():
        token = made()
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(text(f'SELECT * FROM "{table.name}"')):  # noqa: S608 our own names
                assert token not in repr(row)


def test_old_links_are_forgotten(ola: Flask) -> None:
    with ola.app_context():
        made()
        with transaction():
            db.session.scalars(select(AccountLink)).one().expires_at -= timedelta(hours=24) + links.KEPT_AFTER
            links.forget_expired()
        assert db.session.scalars(select(AccountLink)).all() == []
