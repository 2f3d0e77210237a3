"""The journal of letters by API."""

from __future__ import annotations

from sqlalchemy.orm import joinedload

from app.access import sees_journal
from app.models.journal import JournalEntry
from app.models.ticket import Ticket
from app.views.api.asked import Filterable
from app.views.api.resource import Resource
from app.views.api.schemas import JournalSchema, item_of
from app.views.desk.grid import visible


class JournalApi(Resource):
    resource_name = "journal"
    datamodel = Resource.over(JournalEntry)
    clause = staticmethod(sees_journal)
    base_filters = visible(sees_journal)
    list_model_schema, show_model_schema = JournalSchema(), item_of(JournalSchema)
    list_columns = show_columns = list(JournalSchema._declared_fields)
    eager = (joinedload(JournalEntry.mailbox), joinedload(JournalEntry.ticket).load_only(Ticket.number))
    filterable = {
        "id": Filterable(JournalEntry.id),
        "mailbox": Filterable(JournalEntry.mailbox_id, relation=True),
        "message_id": Filterable(JournalEntry.message_id),
        "outcome": Filterable(JournalEntry.outcome),
        "reason": Filterable(JournalEntry.reason),
        "ticket": Filterable(JournalEntry.ticket_id, relation=True),
    }
    sortable = {"id": JournalEntry.id}
