"""What the desk is made of, to be read: product groups, mailboxes, states, calendars."""

from __future__ import annotations

from flask import Response
from flask_appbuilder.api import expose, permission_name, protect
from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import joinedload

from app.access import Standing, sees_calendar, sees_mailbox, sees_product_group
from app.models.mailbox import Mailbox
from app.models.product_group import CalendarRecord, ProductGroup
from app.models.ticket import State
from app.views.api.asked import Filterable
from app.views.api.resource import Resource
from app.views.api.schemas import CalendarSchema, MailboxSchema, ProductGroupSchema, StateSchema, item_of
from app.views.desk.grid import visible


class ProductGroupApi(Resource):
    resource_name = "product_group"
    datamodel = Resource.over(ProductGroup)
    clause = staticmethod(sees_product_group)
    base_filters = visible(sees_product_group)
    list_model_schema, show_model_schema = ProductGroupSchema(), item_of(ProductGroupSchema)
    list_columns = show_columns = list(ProductGroupSchema._declared_fields)
    eager = (joinedload(ProductGroup.calendar),)
    filterable = {
        "id": Filterable(ProductGroup.id),
        "name": Filterable(ProductGroup.name),
        "menu_digit": Filterable(ProductGroup.menu_digit),
        "position": Filterable(ProductGroup.position),
        "active": Filterable(ProductGroup.active),
        "calendar": Filterable(ProductGroup.calendar_id, relation=True),
    }
    sortable = {"id": ProductGroup.id, "position": ProductGroup.position}


class MailboxApi(Resource):
    resource_name = "mailbox"
    datamodel = Resource.over(Mailbox)
    clause = staticmethod(sees_mailbox)
    base_filters = visible(sees_mailbox)
    list_model_schema, show_model_schema = MailboxSchema(), item_of(MailboxSchema)
    list_columns = show_columns = list(MailboxSchema._declared_fields)
    eager = (joinedload(Mailbox.product_group),)
    filterable = {
        "id": Filterable(Mailbox.id),
        "address": Filterable(Mailbox.address),
        "name": Filterable(Mailbox.name),
        "product_group": Filterable(Mailbox.product_group_id, relation=True),
        "active": Filterable(Mailbox.active),
    }
    sortable = {"id": Mailbox.id}


class CalendarApi(Resource):
    resource_name = "calendar"
    datamodel = Resource.over(CalendarRecord)
    clause = staticmethod(sees_calendar)
    base_filters = visible(sees_calendar)
    list_model_schema, show_model_schema = CalendarSchema(), item_of(CalendarSchema)
    list_columns = show_columns = list(CalendarSchema._declared_fields)
    filterable = {
        "id": Filterable(CalendarRecord.id),
        "name": Filterable(CalendarRecord.name),
        "version": Filterable(CalendarRecord.version),
    }
    sortable = {"id": CalendarRecord.id}


def sees_state(_standing: Standing) -> ColumnElement[bool]:
    """The rows of State: their names stand on every ticket, so everybody may know all of them."""
    return true()


class StateApi(Resource):
    """States are asked for by their code, as tickets name them."""

    resource_name = "state"
    datamodel = Resource.over(State)
    clause = staticmethod(sees_state)
    base_filters = visible(sees_state)
    key_type = "string"
    list_model_schema, show_model_schema = StateSchema(), item_of(StateSchema)
    list_columns = show_columns = list(StateSchema._declared_fields)
    add_columns = edit_columns = search_columns = ["code"]
    filterable = {
        "code": Filterable(State.code),
        "kind": Filterable(State.kind),
        "name_pl": Filterable(State.name_pl),
        "name_en": Filterable(State.name_en),
        "position": Filterable(State.position),
    }
    sortable = {"position": State.position, "code": State.code}

    @expose("/<string:pk>", methods=["GET"])
    @protect()
    @permission_name("get")
    def get(self, pk: str) -> Response:
        return self.item(pk)

    get.__doc__ = Resource.get.__doc__
