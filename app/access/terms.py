"""The rule in the words of the search index: what a document is open to, and what an account holds."""

from __future__ import annotations

from app.access.entries import reads_everything
from app.access.standing import Standing
from app.models.entry import Entry, Visibility
from app.models.ticket import Ticket

PUBLIC, SIGNED_IN, DESK = "public", "signed-in", "desk"
OPEN_TO: dict[str, tuple[str, ...]] = {Visibility.EVERYONE: (PUBLIC,), Visibility.SIGNED_IN: (SIGNED_IN,)}


def document_terms(
    ticket: Ticket, participants: frozenset[int] = frozenset(), *, requester_left: bool = False
) -> frozenset[str]:
    """The access terms under which a ticket is indexed; `search_terms` is their other half."""
    terms = {f"group:{ticket.product_group_id}"}
    terms |= {f"participant:{account_id}" for account_id in participants}
    if not requester_left:
        terms.add(f"requester:{ticket.requester_id}")
    if ticket.organisation_id and not ticket.confidential:
        terms.add(f"organisation:{ticket.organisation_id}")
        terms.add(_chosen(ticket.organisation_id, ticket.product_group_id))
    return frozenset(terms)


def entry_terms(entry: Entry) -> frozenset[str]:
    """The access terms under which the published words of an entry are indexed."""
    if entry.visibility == Visibility.ORGANISATIONS:
        return frozenset({DESK, *(f"reader:{organisation.id}" for organisation in entry.organisations)})
    return frozenset({DESK, *OPEN_TO.get(entry.visibility, ())})


def search_terms(standing: Standing | None) -> frozenset[str] | None:
    """The access terms that this account holds now, or a stranger; None sees every document."""
    if standing is None:
        return frozenset({PUBLIC})
    if standing.sees_everything:
        return None
    terms = {f"requester:{standing.account_id}", f"participant:{standing.account_id}", PUBLIC, SIGNED_IN}
    terms |= {DESK} if reads_everything(standing) else {f"reader:{row_id}" for row_id in standing.organisations}
    terms |= {f"organisation:{row_id}" for row_id in standing.shared_organisations}
    terms |= {_chosen(organisation_id, group_id) for organisation_id, group_id in standing.shared_groups}
    terms |= {f"group:{row_id}" for row_id in standing.seen_groups}
    return frozenset(terms)


def _chosen(organisation_id: int, product_group_id: int) -> str:
    return f"organisation:{organisation_id}:group:{product_group_id}"
