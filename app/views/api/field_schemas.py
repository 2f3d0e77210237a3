"""Fields as JSON Schema by API: what may be read, given with a new row, and changed."""

from __future__ import annotations

from flask import Response, request
from flask_appbuilder.api import expose, permission_name, protect
from sqlalchemy import select

from app.access import sees_product_group
from app.access.fields import fields_of, fields_to_write
from app.extensions import db
from app.fields import object_schema
from app.locale import language
from app.models.entry import ContentType
from app.models.product_group import ProductGroup
from app.views import visitor
from app.views.api.asked import Refused, refuse_others, value_for
from app.views.api.description import Described
from app.views.api.fields import with_files
from app.views.api.refusals import Malformed, Missing
from app.views.api.relations import possible

OWNERS = ("ticket", "organisation", "account")


class FieldApi(Described):
    resource_name = "field"
    openapi_spec_tag = "field"
    allow_browser_login = False

    @expose("/<owner>", methods=["GET"])
    @protect()
    @permission_name("get")
    def get(self, owner: str) -> Response:
        """The fields of tickets, organisations, accounts or entry:<content type>, as JSON Schema (2020-12).
        ---
        get:
          parameters:
          - {in: path, name: owner, required: true, schema: {type: string}}
          - in: query
            name: product_group
            description: Of tickets, the form of that product group; without it all fields of tickets
            schema: {type: integer, minimum: 0}
          responses:
            200:
              description: A schema each for reading, for a new row and for changing one
              content:
                application/json:
                  schema:
                    type: object
                    required: [owner, read, create, change]
                    properties:
                      owner: {type: string}
                      read: {type: object}
                      create: {type: object}
                      change: {type: object}
            400: {$ref: '#/components/responses/400'}
        """
        group_id, standing = _group_id(), visitor.standing()
        if owner not in OWNERS and not (owner.startswith("entry:") and db.session.get(ContentType, owner[6:46])):
            raise Missing
        readable = fields_of(db.session(), standing, owner, group_id)
        writable = fields_to_write(db.session(), standing, owner, group_id)
        create = object_schema(writable, language(), writing=True, creating=group_id is not None or owner != "ticket")
        return self.response(
            200,
            owner=owner,
            read=object_schema(readable, language()),
            create=with_files(create, writable),
            change=with_files(object_schema(writable, language(), writing=True), writable),
        )


def _group_id() -> int | None:
    """The product group that the address names. Raises Malformed, Missing."""
    try:
        refuse_others(request.args, ("product_group", "_l_"))
        if "product_group" not in request.args:
            return None
        row_id = value_for(ProductGroup.id, request.args["product_group"], "product_group")
    except Refused as refusal:
        raise Malformed(str(refusal)) from refusal
    seen = select(ProductGroup.id).where(ProductGroup.id.in_(possible([row_id or 0])))
    if row_id is None or db.session.scalar(seen.where(sees_product_group(visitor.standing()))) is None:
        raise Missing("product_group")
    return int(row_id)
