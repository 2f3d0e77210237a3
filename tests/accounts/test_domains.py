"""A company's mail domain, or one where anybody can have an address (S1)."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.domains import DomainKind, kind_of
from app.events.transaction import transaction
from app.extensions import db
from app.models.mail_domain import MailDomain
from app.models.organisation import OrganisationDomain
from tests.people import organisation_named

POLISH = """wp.pl o2.pl onet.pl onet.eu interia.pl interia.eu gazeta.pl poczta.fm op.pl vp.pl tlen.pl go2.pl
    buziaczek.pl spoko.pl int.pl autograf.pl amorki.pl poczta.onet.pl"""
ELSEWHERE = "gmail.com outlook.com hotmail.com yahoo.com icloud.com proton.me tuta.io gmx.de web.de seznam.cz mail.ru"


@pytest.mark.parametrize("domain", [*POLISH.split(), *ELSEWHERE.split()])
def test_free_mail_is_nobodys_company(context: None, domain: str) -> None:
    assert kind_of(domain) is DomainKind.FREE


@pytest.mark.parametrize("domain", ["mailinator.com", "sub.mailinator.com", "yopmail.com", "10minutemail.com"])
def test_addresses_for_minutes_are_known(context: None, domain: str) -> None:
    assert kind_of(domain) is DomainKind.THROWAWAY


@pytest.mark.parametrize("domain", ["klient.example", "xn--w-uga1v8h.example", "company.co.uk", "urzad.gov.pl", "com"])
def test_a_domain_on_no_list_is_a_companys(context: None, domain: str) -> None:
    assert kind_of(domain) is DomainKind.COMPANY


@pytest.mark.parametrize(
    "domain", ["GMAIL.COM", "mail.gmail.com", "a.b.c.wp.pl", "gmail.com.", "ｇｍａｉｌ.com", "gmail。com", " wp.pl "]
)
def test_no_spelling_hides_a_free_mail_domain(context: None, domain: str) -> None:
    assert kind_of(domain) is DomainKind.FREE


@pytest.mark.parametrize("domain", ["notgmail.com", "gmail.com.klient.example", "wp.pl.evil.example", "xwp.pl"])
def test_a_likeness_is_not_the_domain(context: None, domain: str) -> None:
    assert kind_of(domain) is DomainKind.COMPANY


def test_the_desks_own_rules_come_first_and_the_nearest_decides(app: Flask) -> None:
    with app.app_context(), transaction():
        rules = {"wp.pl": True, "x.wp.pl": False, "konkurencja.example": False, "dobra.konkurencja.example": True}
        db.session.add_all(MailDomain(domain=domain, allowed=allowed) for domain, allowed in rules.items())
    with app.app_context():
        assert kind_of("wp.pl") is DomainKind.COMPANY
        assert kind_of("Y.X.wp.pl") is DomainKind.REFUSED
        assert kind_of("konkurencja.example") is DomainKind.REFUSED
        assert kind_of("mail.dobra.konkurencja.example") is DomainKind.COMPANY
        assert kind_of("o2.pl") is DomainKind.FREE


def test_an_organisations_domain_is_a_companys_and_only_exactly(app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.add(OrganisationDomain(organisation=organisation_named("Klient"), domain="firma.gmail.com"))
    with app.app_context():
        assert kind_of("firma.gmail.com") is DomainKind.COMPANY
        assert kind_of("x.firma.gmail.com") is DomainKind.FREE
