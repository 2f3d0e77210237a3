"""Customers and organisations that a search finds by a part of their name or address."""

from __future__ import annotations

from app import caller
from app.access import sees_organisation
from app.models.account import Account
from app.models.organisation import Organisation
from app.search.people import customers_of, organisations_of
from app.views import visitor
from app.views.admin.people import sees_customers

MOST = 5


def people_found(text: str) -> tuple[list[Account], list[Organisation]]:
    """Those that this member of the desk may open, the first few of each; nobody for anybody else."""
    if caller.acting() is None or not visitor.standing().is_staff:
        return [], []
    standing = visitor.standing()
    customers = visitor.is_permitted("can_show", "CustomerModelView")
    organisations = visitor.is_permitted("can_show", "OrganisationModelView")
    return (
        customers_of(text, sees_customers(standing), MOST) if customers else [],
        organisations_of(text, sees_organisation(standing), MOST) if organisations else [],
    )
