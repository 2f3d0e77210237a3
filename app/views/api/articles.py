"""Articles by API as rows, a row for each language in which one is published; `content` tells them as a site needs."""

from __future__ import annotations

from marshmallow import Schema
from marshmallow import fields as kinds
from sqlalchemy import ColumnElement

from app.access import Standing, sees_delivered
from app.models.delivered import Delivered
from app.views.api.asked import Filterable
from app.views.api.resource import Resource
from app.views.api.schemas import item_of
from app.views.desk.grid import visible

TYPE = "article"


class ArticleSchema(Schema):
    id = kinds.Integer(attribute="variant_id", metadata={"description": "Of the text in this language"})
    entry = kinds.Integer(attribute="entry_id", metadata={"description": "The same in every language"})
    language = kinds.String()
    title = kinds.String(attribute="told.title")
    summary = kinds.String(attribute="told.summary")
    body = kinds.String(attribute="told.body", metadata={"description": "Markdown"})
    html = kinds.String(attribute="told.html")
    address = kinds.String(attribute="slug")
    tags = kinds.List(kinds.String(), attribute="told.tags")
    product_groups = kinds.List(kinds.Integer(), attribute="told.product_groups")
    published_at = kinds.DateTime()
    first_published_at = kinds.DateTime()


def sees_articles(standing: Standing) -> ColumnElement[bool]:
    """The articles that this account may read."""
    return (Delivered.type_code == TYPE) & sees_delivered(standing)


class ArticleApi(Resource):
    resource_name = "article"
    datamodel = Resource.over(Delivered)
    clause = staticmethod(sees_articles)
    base_filters = visible(sees_articles)
    list_model_schema, show_model_schema = ArticleSchema(), item_of(ArticleSchema)
    list_columns = show_columns = list(ArticleSchema._declared_fields)
    add_columns = edit_columns = search_columns = ["variant_id"]
    filterable = {
        "id": Filterable(Delivered.variant_id),
        "entry": Filterable(Delivered.entry_id),
        "language": Filterable(Delivered.language),
        "address": Filterable(Delivered.slug),
        "published_at": Filterable(Delivered.published_at),
        "first_published_at": Filterable(Delivered.first_published_at),
    }
    sortable = {"id": Delivered.variant_id, "published_at": Delivered.published_at}
