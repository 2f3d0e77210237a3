"""For whom somebody writes who belongs to several organisations."""

from __future__ import annotations

from sqlalchemy import select

from app.extensions import db
from app.models.account import Account
from app.models.organisation import Organisation, OrganisationDomain


def organisation_for(requester: Account) -> Organisation | None:
    """For which of his organisations somebody writes who did not say: that of his address's domain, else the first."""
    organisations = [place.organisation for place in sorted(requester.memberships, key=lambda place: place.id)]
    if len(organisations) > 1:
        domain = requester.email.rpartition("@")[2]
        query = select(OrganisationDomain.organisation_id).where(OrganisationDomain.domain == domain)
        owner = db.session.scalar(query)
        organisations.sort(key=lambda organisation: organisation.id != owner)  # a stable sort
    return organisations[0] if organisations else None
