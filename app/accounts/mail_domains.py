"""The mail domains of an organisation: who confirms an address there belongs to it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.addresses import ascii_domain
from app.accounts.domains import DomainKind, kind_of
from app.accounts.errors import AccountError
from app.extensions import db
from app.models.organisation import Organisation, OrganisationDomain

DOMAIN = re.compile(r"(?=.{4,255}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


class UnfitDomain(AccountError):
    """A domain that cannot be this organisation's."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def fitting(given: Iterable[str], *, organisation_id: int | None) -> list[str]:
    """The given domains in their kept form, each once. Raises UnfitDomain for the first that cannot be its own."""
    domains = list(dict.fromkeys(ascii_domain(domain.strip().removeprefix("@")) for domain in given))
    for domain in domains:
        if not DOMAIN.fullmatch(domain):
            raise UnfitDomain(_("%(domain)s is not a mail domain.", domain=domain))
        if kind_of(domain) in (DomainKind.FREE, DomainKind.THROWAWAY):
            raise UnfitDomain(_("Anybody can have an address in %(domain)s.", domain=domain))
    taken = select(OrganisationDomain).where(OrganisationDomain.domain.in_(domains))
    for row in db.session.scalars(taken):
        if row.organisation_id != organisation_id:
            raise UnfitDomain(_("%(domain)s belongs to another organisation.", domain=row.domain))
    return domains


def set_domains(organisation: Organisation, domains: Iterable[str]) -> None:
    """Make these the domains of the organisation; what was fitting is taken as it is."""
    kept = {row.domain: row for row in organisation.domains}
    organisation.domains = [kept.get(domain) or OrganisationDomain(domain=domain) for domain in domains]
