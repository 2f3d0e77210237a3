"""Entries by API, for those who write them: what holds for all languages, the bin, and a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from flask import Response
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from app.access import Standing, sees_draft, sees_organisation, sees_product_group, writes_entry, writes_type
from app.accounts import keys
from app.content import entries as verbs
from app.content.documents import etag_of
from app.content.entries import Readers, Words, set_about
from app.extensions import db
from app.models.account import Account
from app.models.entry import ContentType, Entry, Variant, Visibility, fields_owner
from app.models.organisation import Organisation
from app.models.product_group import ProductGroup
from app.views import visitor
from app.views.api import relations
from app.views.api.acting import Act, Acting, add_acts, bodies_of, methods_of
from app.views.api.asked import Filterable
from app.views.api.bodies import Nothing
from app.views.api.entry_bodies import EntryChange, NewEntry
from app.views.api.entry_schemas import EntrySchema
from app.views.api.fields import KEY, fill
from app.views.api.matching import Matched
from app.views.api.refusals import Forbidden, Missing
from app.views.api.resource import Resource
from app.views.api.schemas import item_of
from app.views.api.writing import Changeable, Given, Postable, refuse
from app.views.desk.grid import visible

PUBLISH = "publish"


def sees_entries(standing: Standing) -> ColumnElement[bool]:
    """The rows of Entry whose unpublished words this account may read, by a key only of its types."""
    types = keys.allowed_types()
    return sees_draft(standing) if types is None else sees_draft(standing) & Entry.type_code.in_(types)


WORDS = {"title": "title", "summary": "summary", "body": "body", "address": "slug"}  # what a text calls them


def words_in(given: Given, base: Words | None = None) -> Words:
    """The words of the body, and for what it does not name those of `base`."""
    kept = {name: getattr(base, name) for name in WORDS.values()} if base else {}
    return Words(**kept | {name: given[key] for key, name in WORDS.items() if key in given})


def filling(given: Given, type_code: str, *, is_new: bool = False) -> Callable[[Variant], None]:
    """What fills in the fields of a text. It raises Unfit."""
    return lambda text: fill(text, fields_owner(type_code), given.get(KEY, {}), is_new=is_new)


def may_publish() -> bool:
    """Whether his role publishes what is written."""
    return visitor.is_permitted("can_publish", "EntriesView")


def written(pk: int) -> Entry:
    """The entry of that id, to be changed. Raises Missing; Forbidden where it may only be read."""
    found = relations.entry(pk, sees_entries(visitor.standing()))
    mine = select(Entry.id).where(Entry.id == found.id, writes_entry(visitor.standing()))
    if db.session.scalar(mine) is None:
        raise Forbidden
    return found


def _put_in_bin(entry: Entry, _given: Given, _by: Account) -> None:
    verbs.put_in_bin(entry)


def _take_out(entry: Entry, _given: Given, _by: Account) -> None:
    verbs.take_out_of_bin(entry)


ENTRY_ACTS: dict[str, Act[Entry]] = {
    "bin": Act(PUBLISH, Nothing, _put_in_bin, "Put it into the bin, where nobody reads it and nothing of it is lost"),
    "unbin": Act(PUBLISH, Nothing, _take_out, "Take it out of the bin, as it was before"),
}


class EntryApi(Matched, Acting, Changeable, Postable):
    resource_name = "entry"
    datamodel = Resource.over(Entry)
    include_route_methods: ClassVar[set[str]] = {"get_list", "get", "post", "put", *methods_of(ENTRY_ACTS)}
    openapi_spec_component_schemas = bodies_of(ENTRY_ACTS)
    clause = staticmethod(sees_entries)
    base_filters = visible(sees_entries)
    list_model_schema, show_model_schema = EntrySchema(), item_of(EntrySchema)
    add_model_schema, edit_model_schema = NewEntry(), EntryChange()
    list_columns = show_columns = list(EntrySchema._declared_fields)
    eager = (
        joinedload(Entry.organisations).load_only(Organisation.name),
        joinedload(Entry.groups).load_only(ProductGroup.name),
        joinedload(Entry.tags),
        selectinload(Entry.variants),
    )
    filterable = {
        "id": Filterable(Entry.id),
        "type": Filterable(Entry.type_code),
        "source_language": Filterable(Entry.source_language),
        "visibility": Filterable(Entry.visibility),
        "created_at": Filterable(Entry.created_at),
        "changed_at": Filterable(Entry.changed_at),
    }
    sortable = {"id": Entry.id, "changed_at": Entry.changed_at}

    def etag(self, row: Entry) -> str:
        """Of what holds for all languages; each text has one of its own."""
        about = (
            row.visibility,
            *(f"in {each.id}" for each in row.organisations),
            *(f"of {each.id}" for each in row.groups),
            *sorted(tag.name for tag in row.tags),
        )
        return etag_of("entry", str(row.id), *about, "binned" if row.binned_at else "")

    def item(self, pk: Any) -> Response:
        response = super().item(pk)
        return self.marked(pk, response, db.session.get_one(Entry, pk)) if response.status_code == 200 else response

    def add(self, given: Given, _prepared: Any) -> Entry:
        """A draft. Who it is for says only he who may publish. Raises Missing, Unfit."""
        if not may_publish():
            refuse(name for name in ("visibility", "organisations") if name in given)
        kind = select(ContentType).where(ContentType.code == given["type"], writes_type(visitor.standing()))
        if db.session.scalars(kind).one_or_none() is None or not keys.allows(given["type"]):
            raise Missing("type")
        return verbs.add_entry(
            given["type"],
            given["language"],
            words_in(given),
            by=visitor.account(),
            readers=_readers(given, None) if "visibility" in given else None,
            groups=_groups(given.get("product_groups", ())),
            tags=given.get("tags", ()),
            fill=filling(given, given["type"], is_new=True),
        )

    def change(self, pk: int, given: Given) -> None:
        entry, me = written(pk), visitor.account()
        self.check(pk, entry)
        if not may_publish():
            refuse(name for name in ("visibility", "organisations") if name in given)
            if entry.created_by_id != me.id:
                raise Forbidden
        groups = _groups(given["product_groups"]) if "product_groups" in given else entry.groups
        tags = given.get("tags", [tag.name for tag in entry.tags])
        set_about(entry, _readers(given, entry), groups=list(groups), tags=tags, by=me)

    def locked(self, pk: int, right: str) -> Entry:
        if right == PUBLISH and not may_publish():
            raise Forbidden
        entry = written(pk)
        self.check(pk, entry)
        return entry


def _readers(given: Given, entry: Entry | None) -> Readers:
    """Who may read it, as the body says, else as the entry says. Raises Missing."""
    visibility = Visibility(given.get("visibility") or (entry.visibility if entry else ""))
    if "organisations" in given:
        chosen = _rows(Organisation, given["organisations"], "organisations", sees_organisation(visitor.standing()))
    else:
        chosen = list(entry.organisations) if entry else []
    return Readers(visibility, tuple(chosen) if visibility == Visibility.ORGANISATIONS else ())


def _groups(ids: Iterable[int]) -> list[ProductGroup]:
    return _rows(ProductGroup, ids, "product_groups", sees_product_group(visitor.standing()))


def _rows(model: Any, ids: Iterable[int], key: str, clause: Any) -> list[Any]:
    """The rows of these ids. Raises Missing."""
    wanted = set(ids)
    found = list(db.session.scalars(select(model).where(model.id.in_(relations.possible(wanted)), clause)))
    if len(found) < len(wanted):
        raise Missing(key)
    return found


add_acts(EntryApi, ENTRY_ACTS)
