"""A whole desk for a story: web server, SMTP listener, workers, and the people of the story."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

import config
from app.events.transaction import transaction
from app.extensions import db
from app.mail import smtpd
from app.models.organisation import OrganisationDomain
from tests.journeys.post import Office, Writer
from tests.journeys.web import Person, served
from tests.mail.letters import trust_copies
from tests.people import PASSWORD, organisation_named

CONSULTANT = "ewa@pomoc.example"


@pytest.fixture(params=["pl", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """The customer's language; the consultant's is Polish."""
    return str(request.param)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as found:
        yield found


@pytest.fixture
def office(app: Flask, settings: config.Settings, outgoing: Path) -> Iterator[Office]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    trust_copies(app)
    stop = smtpd.start(replace(settings, intake_port=port))
    yield Office(app, port, outgoing)
    stop()


@pytest.fixture
def customer(office: Office, language: str) -> Writer:
    """Somebody of Klient whom the desk does not know yet."""
    return Writer(office, "anna@klient.example", "Anna Nowak", language)


@pytest.fixture
def consultants_post(office: Office) -> Writer:
    return Writer(office, CONSULTANT, "Ewa Wrona", "pl")


@pytest.fixture
def consultant(address: str, make_account: Callable[..., int]) -> Person:
    """Ewa, who answers for DYNAMICS, signed in at her browser."""
    make_account(CONSULTANT, role="consultant", groups=("DYNAMICS",), name="Ewa Wrona", password=PASSWORD)
    person = Person(address, "pl")
    person.sign_in(CONSULTANT, PASSWORD)
    return person


@pytest.fixture
def browser(address: str, language: str) -> Person:
    """The customer's browser; nobody is signed in."""
    return Person(address, language)


@pytest.fixture
def klient(app: Flask) -> None:
    """An organisation that owns klient.example."""
    with app.app_context(), transaction():
        db.session.add(OrganisationDomain(organisation=organisation_named("Klient"), domain="klient.example"))
