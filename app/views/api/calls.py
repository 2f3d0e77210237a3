"""Calls by API: consultants read and settle those of their product groups (S18)."""

from __future__ import annotations

from sqlalchemy.orm import joinedload

from app.access import Right, sees_call
from app.desk.incoming_calls import put_with, settle, take_back
from app.models.account import Account
from app.models.call import Call
from app.models.ticket import Ticket
from app.views.api import relations
from app.views.api.acting import Act, Acting, add_acts, bodies_of, methods_of
from app.views.api.asked import Filterable
from app.views.api.bodies import Nothing, PuttingWith
from app.views.api.resource import Resource
from app.views.api.schemas import CallSchema, item_of
from app.views.api.writing import Given
from app.views.desk.grid import visible
from app.views.desk.waiting_calls import call_of


def _put_with(call: Call, given: Given, by: Account) -> None:
    put_with(call, relations.ticket(given["ticket"], may=Right.HANDLE, key="ticket"), by=by)


CALL_ACTS: dict[str, Act[Call]] = {
    "done": Act(Right.HANDLE, Nothing, lambda call, _given, by: settle(call, by=by), "Nothing has to be written down"),
    "back": Act(Right.HANDLE, Nothing, lambda call, _given, _by: take_back(call), "Let it wait again"),
    "belongs": Act(Right.HANDLE, PuttingWith, _put_with, "It was about a ticket"),
}


class CallApi(Acting):
    resource_name = "call"
    datamodel = Resource.over(Call)
    include_route_methods = {"get_list", "get", *methods_of(CALL_ACTS)}
    openapi_spec_component_schemas = bodies_of(CALL_ACTS)
    clause = staticmethod(sees_call)
    base_filters = visible(sees_call)
    list_model_schema, show_model_schema = CallSchema(), item_of(CallSchema)
    list_columns = show_columns = list(CallSchema._declared_fields)
    eager = (joinedload(Call.product_group), joinedload(Call.ticket).load_only(Ticket.number))
    filterable = {
        "id": Filterable(Call.id),
        "call_id": Filterable(Call.call_id),
        "caller": Filterable(Call.caller),
        "digits": Filterable(Call.digits),
        "product_group": Filterable(Call.product_group_id, relation=True),
        "came_at": Filterable(Call.came_at),
        "settled_at": Filterable(Call.settled_at),
        "ticket": Filterable(Call.ticket_id, relation=True),
    }
    sortable = {"id": Call.id}

    def locked(self, pk: int, _right: Right) -> Call:
        return call_of(pk, lock=True)


add_acts(CallApi, CALL_ACTS)
