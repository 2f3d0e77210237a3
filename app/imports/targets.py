"""What rows of a file are put into: how each is found, and how it is written, by the verbs of pages and API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select

from app.access import (
    LARGEST_ID,
    Standing,
    sees_account,
    sees_organisation,
    sees_ticket,
    standing_of,
    writes_entry,
    writes_type,
)
from app.access.fields import fields_to_write
from app.accounts.addresses import BadAddress, understood
from app.accounts.join import bound_security
from app.accounts.mail_domains import fitting, set_domains
from app.accounts.membership import come
from app.accounts.registration import add_mail_only_customer, find_account
from app.broken_rule import BrokenRule
from app.content import entries
from app.content.entries import Words
from app.desk.field_values import UnfitFields, fill, fill_row
from app.events.audit import printable
from app.extensions import db
from app.fields import Definition, Kind, Unfit
from app.fields.definition import Target as Leads
from app.imports.cells import value_of
from app.locale import DEFAULT_LANGUAGE, DEFAULT_ZONE, LANGUAGES
from app.models.account import Account
from app.models.entry import ContentType, Entry, EntryAddress, Variant
from app.models.field_column import equals
from app.models.field_values import ASIDE
from app.models.organisation import Organisation
from app.models.ticket import Ticket

Cells = Mapping[str, str]  # by column; empty ones say nothing


class Refused(BrokenRule):
    """Why a row is not taken: the sentence of each column."""

    def __init__(self, why: Mapping[str, str]) -> None:
        self.why = dict(why)
        super().__init__("; ".join(self.why.values()))


@dataclass(frozen=True)
class Target:
    """Rows of one kind. `keys` are the columns that name a row by themselves; `own` are those that are no fields."""

    owner: str
    by: Account

    own: tuple[str, ...] = ("id",)
    keys: tuple[str, ...] = ("id",)
    needed: tuple[str, ...] = ()  # of a new row
    model: Any = None
    may_add = True

    @property
    def standing(self) -> Standing:
        return standing_of(db.session(), self.by)

    def fields(self) -> dict[str, Definition]:
        """The fields that whoever imports may write, by name; files come by no sheet."""
        known = fields_to_write(db.session(), self.standing, self.owner)
        return {each.name: each for each in known if each.kind != Kind.FILE}

    def columns(self) -> list[str]:
        return [*self.own, *self.fields()]

    def cells(self, row: Cells) -> Cells:
        """Of a row of the file. What stands in the heads of letters and pages is one line."""
        lines = {*self.own} - {"body"}
        return {name: printable(text) if name in lines else text for name, text in row.items()}

    def known_by(self, head: Iterable[str]) -> list[str]:
        """By which columns of the file its rows can be found, the best first."""
        possible = [*self.keys, *(name for name, each in self.fields().items() if each.kind not in ASIDE)]
        return [name for name in possible if name in set(head)]

    def find(self, key: str, cells: Cells) -> Any:
        """The row that the key names; None for none. Raises Refused where several have it."""
        text = cells.get(key, "")
        if not text:
            raise Refused({key: _("This cell says which row is meant, and is empty.")})
        found = db.session.scalars(select(self.model).where(self.clause(), self._is(key, text)).limit(2)).unique().all()
        if len(found) > 1:
            raise Refused({key: _("Several rows have this: it does not say which is meant.")})
        return found[0] if found else None

    def clause(self) -> ColumnElement[bool]:
        raise NotImplementedError

    def write(self, row: Any, cells: Cells) -> Any:
        """Write what the cells say into the row, or into a new one (None); the row. Raises BrokenRule."""
        raise NotImplementedError

    def state(self, row: Any) -> Any:
        """By which is told whether anything changed."""
        return dict(row.fields or {})

    def check(self, row: Any, cells: Cells) -> None:
        """Raises Refused for a new row that lacks something."""
        if row is None and not self.may_add:
            raise Refused({self.keys[0]: _("There is no such row, and none is added by an import.")})
        missing = [name for name in self.needed if not cells.get(name)] if row is None else []
        if missing:
            raise Refused(dict.fromkeys(missing, _("A new row needs this.")))

    def given(self, cells: Cells) -> dict[str, Any]:
        """The values of fields, by field id. Raises Refused."""
        values, why = {}, {}
        for name, field in self.fields().items():
            text = cells.get(name, "")
            if text:
                try:
                    values[field.id] = self._value(field, text)
                except Unfit as unfit:
                    why[name] = unfit.translated(_)
        if why:
            raise Refused(why)
        return values

    def refused(self, error: UnfitFields) -> Refused:
        names = {each.id: name for name, each in self.fields().items()}
        return Refused({names.get(each, "?"): unfit.translated(_) for each, unfit in error.refused.items()})

    def _is(self, key: str, text: str) -> ColumnElement[bool]:
        if key in self.own:
            column = getattr(self.model, key)
            wanted: Any = _number(text) if column.type.python_type is int else text
            found: ColumnElement[bool] = column == wanted
            return found
        field = self.fields()[key]
        try:
            return equals(self.model, field, self._value(field, text))
        except Unfit as unfit:
            raise Refused({key: unfit.translated(_)}) from unfit

    def _value(self, field: Definition, text: str) -> Any:
        """A reference also by the name of an organisation or the address of an account."""
        if field.kind == Kind.REFERENCE and not text.isdecimal():
            if field.target == Leads.ORGANISATION:
                return db.session.scalar(select(Organisation.id).where(Organisation.name == text)) or text
            if field.target == Leads.ACCOUNT:
                account = find_account(text)
                return account.id if account else text
        return value_of(field, text, zone=self.by.timezone or DEFAULT_ZONE)


class Organisations(Target):
    def clause(self) -> ColumnElement[bool]:
        return sees_organisation(self.standing)

    def write(self, row: Organisation | None, cells: Cells) -> Organisation:
        is_new = row is None
        row = row or Organisation(name="")
        name = cells.get("name") or row.name
        taken = db.session.scalar(select(Organisation.id).where(Organisation.name == name))
        if len(name) > 200 or taken not in (None, row.id):
            raise Refused({"name": _("This is taken already.") if taken else _("Write at most 200 characters.")})
        row.name = name
        db.session.add(row)
        db.session.flush()
        if cells.get("domains"):
            set_domains(row, fitting(_parts(cells["domains"]), organisation_id=row.id))
        fill_row(row, self.owner, self.given(cells), by=self.by, is_new=is_new)
        return row

    def state(self, row: Organisation) -> Any:
        return row.name, sorted(each.domain for each in row.domains), dict(row.fields or {})


class Accounts(Target):
    """Customers, added without a password: they come by letter, or are invited."""

    def clause(self) -> ColumnElement[bool]:
        return sees_account(self.standing)

    def find(self, key: str, cells: Cells) -> Any:
        return find_account(cells["email"]) if key == "email" and cells.get("email") else super().find(key, cells)

    def write(self, row: Account | None, cells: Cells) -> Account:
        is_new = row is None
        if row is None:
            row = self._new(cells)
        if any(role.kind != "customer" for role in row.roles):
            raise Refused({"email": _("This is somebody of the desk: people of the desk are not imported.")})
        code = cells.get("language", "")
        if code and code not in LANGUAGES:
            raise Refused({"language": _("This is not one of: %(choices)s.", choices=", ".join(LANGUAGES))})
        for name, most in (("first_name", 64), ("last_name", 64), ("telephone", 40)):
            if len(cells.get(name, "")) > most:
                raise Refused({name: _("Write at most %(most)s characters.", most=most)})
            if cells.get(name):
                setattr(row, name, cells[name])
        row.locale = code or row.locale
        self._join(row, cells.get("organisation", ""))
        fill_row(row, self.owner, self.given(cells), by=self.by, is_new=is_new)
        return row

    def state(self, row: Account) -> Any:
        plain = (row.first_name, row.last_name, row.telephone, row.locale)
        return *plain, sorted(each.organisation_id for each in row.memberships), dict(row.fields or {})

    def _new(self, cells: Cells) -> Account:
        try:
            email = understood(cells["email"])
        except BadAddress as error:
            raise Refused({"email": str(error)}) from error
        code = cells.get("language") or DEFAULT_LANGUAGE
        row: Account = add_mail_only_customer(bound_security().datastore, email, "", code)
        db.session.flush()
        return row

    def _join(self, row: Account, name: str) -> None:
        if not name:
            return
        place = db.session.scalars(select(Organisation).where(Organisation.name == name)).one_or_none()
        if place is None:
            raise Refused({"organisation": _("There is no organisation named %(name)s.", name=name)})
        if all(each.organisation_id != place.id for each in row.memberships):
            come(row, place, by=self.by)
            db.session.flush()
            db.session.expire(row, ["memberships"])


class Tickets(Target):
    """Fields of tickets that are there; tickets themselves are opened by people."""

    may_add = False

    def clause(self) -> ColumnElement[bool]:
        return sees_ticket(self.standing)

    def write(self, row: Ticket, cells: Cells) -> Ticket:
        given = self.given(cells)
        named = [(name, each) for name, each in self.fields().items() if each.id in given]
        elsewhere = [name for name, each in named if not each.stands_on(row.product_group_id)]
        if elsewhere:
            raise Refused(dict.fromkeys(elsewhere, _("Tickets of this product group have no such field.")))
        fill(row, given, by=self.by)
        return row


class Entries(Target):
    """Texts of a content type: drafts, that somebody publishes."""

    def clause(self) -> ColumnElement[bool]:
        own = select(Entry.id).where(Entry.type_code == self.type_code, writes_entry(self.standing))
        return Variant.entry_id.in_(own)

    @property
    def type_code(self) -> str:
        return self.owner.partition(":")[2]

    def find(self, key: str, cells: Cells) -> Any:
        """The text that has or had the address; by the id of an entry its text in the language that the row names."""
        text, code = cells.get(key, ""), cells.get("language", "")
        query = select(Variant).where(self.clause())
        if key == "address" and text:
            query = query.join(EntryAddress, EntryAddress.variant_id == Variant.id)
            query = query.where(EntryAddress.type_code == self.type_code, EntryAddress.slug == text)
        elif key == "id" and text:
            query = query.join(Variant.entry).where(Entry.id == _number(text))
            query = query if code else query.where(Variant.language == Entry.source_language)
        else:
            return super().find(key, cells)
        found = db.session.scalars(query.where(Variant.language == code) if code else query).unique().all()
        if len(found) > 1:
            raise Refused({key: _("Several rows have this: it does not say which is meant.")})
        if key == "id" and not found:
            raise Refused({key: _("There is no such text.")})
        return found[0] if found else None

    def write(self, row: Variant | None, cells: Cells) -> Variant:
        given = self.given(cells)
        if row is None:
            return self._new(cells, given)
        before = dict(row.fields or {})
        fill_row(row, self.owner, given, by=self.by)
        now = Words(row.title, row.summary, row.body, row.slug)
        words = replace(now, **{name: cells[name] for name in ("title", "summary", "body") if cells.get(name)})
        if words != now or dict(row.fields or {}) != before:
            entries.save(row, words, seen=row.version, by=self.by)
        if cells.get("tags"):
            entries.set_tags(row.entry, _parts(cells["tags"]))
        return row

    def state(self, row: Variant) -> Any:
        return row.version, sorted(tag.name for tag in row.entry.tags)

    def _new(self, cells: Cells, given: Mapping[str, Any]) -> Variant:
        kind = select(ContentType.code).where(ContentType.code == self.type_code, writes_type(self.standing))
        if db.session.scalar(kind) is None:
            raise Refused({"title": _("You may not write entries of this type.")})
        code = cells.get("language") or "pl"
        if code not in LANGUAGES:
            raise Refused({"language": _("This is not one of: %(choices)s.", choices=", ".join(LANGUAGES))})
        words = Words(cells["title"], cells.get("summary", ""), cells.get("body", ""), cells.get("address", ""))
        entry = entries.add_entry(
            self.type_code,
            code,
            words,
            by=self.by,
            tags=_parts(cells.get("tags", "")),
            fill=lambda text: fill_row(text, self.owner, given, by=self.by, is_new=True),
        )
        return entry.source


ENTRY = "entry:"
OWNERS: Mapping[str, Any] = {
    "organisation": _l("Organisations"),
    "account": _l("Customers"),
    "ticket": _l("Fields of tickets"),
}


def target_of(owner: str, by: Account) -> Target:
    """Raises KeyError for what nothing can be imported into."""
    if owner.startswith(ENTRY):
        own = ("id", "address", "language", "title", "summary", "body", "tags")
        return Entries(owner, by, own, ("id", "address"), ("title",), Variant)
    if owner == "organisation":
        return Organisations(owner, by, ("id", "name", "domains"), ("id", "name"), ("name",), Organisation)
    if owner == "account":
        person = ("first_name", "last_name", "telephone", "language", "organisation")
        return Accounts(owner, by, ("id", "email", *person), ("id", "email"), ("email",), Account)
    if owner != "ticket":
        raise KeyError(owner)
    return Tickets(owner, by, ("number", "id"), ("number", "id"), (), Ticket)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and int(text[:20]) <= LARGEST_ID else 0


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
