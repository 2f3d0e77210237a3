"""Inviting people, and what becomes of it: once, withdrawn, taken by who has an account already (O20, O26)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import colleagues, invitations
from app.accounts.errors import AlreadyColleague, NotOpen, NotYourself
from app.accounts.invitations import ShownState, in_state, shown_state
from app.accounts.registration import find_account
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.event import Letter
from app.models.invitation import Invitation
from app.models.organisation import Membership, OrganisationDomain, Sharing
from tests import people
from tests.accounts.post import letters_of, link_to, links_to
from tests.browsing import Visitor, text_of
from tests.mail.letters import sent
from tests.mail.letters import text_of as words_of
from tests.people import PASSWORD, add_account, organisation_named

IVY, BOSS = "ivy@alfa.example", "root@desk.example"
PASSWORDS = {"password": PASSWORD, "password_confirm": PASSWORD}


@pytest.fixture
def desk(app: Flask) -> Flask:
    with app.app_context(), transaction():
        add_account(BOSS, role="administrator", name="Root Pan")
        organisation_named("Alfa")
        organisation_named("Beta")
    return app


def account(email: str = BOSS) -> Account:
    found = find_account(email)
    assert found is not None
    return found


def invited(app: Flask, email: str = IVY, *, to: str | None = "Alfa", sharing: str = Sharing.ORGANISATION) -> int:
    with app.app_context(), transaction():
        organisation = organisation_named(to) if to else None
        return invitations.invite_address(
            email, by=account(), name="Ivy", locale="en", organisation=organisation, sharing=sharing
        ).id


def state(app: Flask, pk: int) -> ShownState:
    with app.app_context():
        invitation = db.session.get_one(Invitation, pk)
        (found,) = [
            each for each in ShownState if pk in db.session.scalars(select(Invitation.id).where(in_state(each)))
        ]
        assert found is shown_state(invitation)
        return found


def do(app: Flask, act: Callable[..., None], pk: int) -> None:
    with app.app_context(), transaction():
        act(db.session.get_one(Invitation, pk), **({"by": account()} if act is not invitations.invite_again else {}))


def places(app: Flask, email: str = IVY) -> dict[str, str]:
    with app.app_context():
        rows = db.session.scalars(select(Membership).where(Membership.account_id == account(email).id))
        return {row.organisation.name: row.sharing for row in rows}


def test_accepting_gives_the_place_that_was_promised_and_works_once(desk: Flask) -> None:
    pk = invited(desk, sharing=Sharing.OWN)
    assert state(desk, pk) is ShownState.INVITED
    assert places(desk) == {}
    address = link_to(desk, IVY)
    Visitor(desk).submit(address, PASSWORDS)
    assert places(desk) == {"Alfa": "own"}
    assert state(desk, pk) is ShownState.ACTIVE
    Visitor(desk).page(address, status=410)


def test_the_letter_says_who_invites_where_in_the_readers_language(desk: Flask) -> None:
    invited(desk)
    letters_of(desk)
    (letter,) = sent(desk.extensions["settings"].outgoing, IVY)
    words = words_of(letter).replace("\n", " ")
    assert "Root Pan invites you" in words
    assert "Alfa" in words
    assert "ACCEPT THE INVITATION" in words


def test_a_withdrawn_invitation_opens_nothing_and_a_letter_on_its_way_is_not_sent(desk: Flask) -> None:
    pk = invited(desk)
    address = link_to(desk, IVY)
    do(desk, invitations.invite_again, pk)
    do(desk, invitations.withdraw, pk)
    assert links_to(desk, IVY) == [address]
    with desk.app_context():
        assert db.session.scalars(select(Letter.state).order_by(Letter.id)).all() == ["sent", "suppressed"]
    page = Visitor(desk).page(address, status=410)
    assert "ivy" not in text_of(page)
    assert state(desk, pk) is ShownState.WITHDRAWN
    with pytest.raises(NotOpen):
        do(desk, invitations.withdraw, pk)


def test_a_withdrawn_or_expired_invitation_can_be_sent_again(desk: Flask) -> None:
    pk = invited(desk)
    first = link_to(desk, IVY)
    do(desk, invitations.withdraw, pk)
    do(desk, invitations.invite_again, pk)
    second = link_to(desk, IVY)
    with desk.app_context(), transaction():
        db.session.get_one(Invitation, pk).expires_at -= timedelta(hours=73)
    assert state(desk, pk) is ShownState.EXPIRED
    do(desk, invitations.invite_again, pk)
    assert state(desk, pk) is ShownState.INVITED
    third = link_to(desk, IVY)
    for dead in (first, second):
        Visitor(desk).page(dead, status=410)
    Visitor(desk).submit(third, PASSWORDS)
    with pytest.raises(NotOpen):
        do(desk, invitations.invite_again, pk)


def test_inviting_twice_renews_the_one_invitation(desk: Flask) -> None:
    assert invited(desk) == invited(desk)
    assert invited(desk, to="Beta") != invited(desk)


def test_two_companies_invite_one_person_and_each_place_is_taken_by_its_own_link(desk: Flask) -> None:
    invited(desk)
    alfa = link_to(desk, IVY)
    invited(desk, to="Beta")
    beta = link_to(desk, IVY)
    browser = Visitor(desk)
    browser.submit(beta, PASSWORDS)
    assert places(desk) == {"Beta": "organisation"}
    page = browser.page(alfa)
    assert not page.xpath("//input[@name='password']")
    browser.send(page.xpath("//main//form")[0], alfa, {})
    assert places(desk) == {"Alfa": "organisation", "Beta": "organisation"}
    browser.page(alfa, status=410)


def test_who_has_an_account_joins_by_the_link_and_is_not_signed_in_by_it(desk: Flask) -> None:
    with desk.app_context(), transaction():
        add_account(IVY, organisation="Beta")
    invited(desk)
    browser = Visitor(desk)
    assert places(desk) == {"Beta": "organisation"}
    browser.submit(link_to(desk, IVY), {})
    assert places(desk) == {"Alfa": "organisation", "Beta": "organisation"}
    assert browser.get("/tickets/").status_code == 302


def test_a_place_by_invitation_and_by_mail_domain_is_one_place(desk: Flask) -> None:
    with desk.app_context(), transaction():
        db.session.add(OrganisationDomain(organisation=organisation_named("Alfa"), domain="alfa.example"))
    invited(desk, sharing=Sharing.MANAGER)
    Visitor(desk).submit(link_to(desk, IVY), PASSWORDS)
    assert places(desk) == {"Alfa": "manager"}


def test_a_member_is_not_invited_again(desk: Flask) -> None:
    with desk.app_context(), transaction():
        add_account(IVY, organisation="Alfa")
    with pytest.raises(AlreadyColleague):
        invited(desk)


def test_a_deactivated_account_shows_on_its_accepted_invitation(desk: Flask) -> None:
    pk = invited(desk)
    Visitor(desk).submit(link_to(desk, IVY), PASSWORDS)
    with desk.app_context(), transaction():
        account(IVY).active = False
    assert state(desk, pk) is ShownState.DEACTIVATED


def test_only_who_waits_is_decided_about(desk: Flask) -> None:
    pk = invited(desk)
    for act in (invitations.approve, invitations.refuse):
        with pytest.raises(NotOpen):
            do(desk, act, pk)


def test_a_leaver_is_out_at_once_and_cannot_come_back_by_an_old_invitation(desk: Flask) -> None:
    with desk.app_context(), transaction():
        add_account(IVY, organisation="Alfa")
    browser = Visitor(desk)
    with desk.app_context():
        people.sign_in(browser, account(IVY))
    assert browser.get("/tickets/").status_code == 200
    with desk.app_context(), transaction():
        stamp = account(IVY).fs_token_uniquifier
        colleagues.remove(account(IVY).memberships[0], by=account())
    assert browser.get("/tickets/").status_code == 302
    with desk.app_context():
        assert account(IVY).fs_token_uniquifier != stamp
    assert places(desk) == {}


def test_nobody_removes_himself(desk: Flask) -> None:
    with desk.app_context(), transaction():
        add_account(IVY, organisation="Alfa", sharing=Sharing.MANAGER)
    with desk.app_context(), pytest.raises(NotYourself), transaction():
        colleagues.remove(account(IVY).memberships[0], by=account(IVY))
    assert places(desk) == {"Alfa": "manager"}
