"""Form fields of the settings: text that fits, and relations as lines or as a list of few names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute
from wtforms import Field, Form, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, StopValidation

from app.accounts import colleagues
from app.accounts.addresses import BadAddress, canonical, understood
from app.accounts.mail_domains import UnfitDomain, fitting, set_domains
from app.accounts.membership import come
from app.extensions import db
from app.models.account import Account, Role
from app.models.organisation import Organisation
from app.models.product_group import Assignment
from app.views import visitor
from app.views.reference import consultant_choices, group_choices

REQUIRED = DataRequired(_l("Fill in this field."))
MOST_LINES = 200


def clean(text: str | None) -> str | None:
    """What was typed, without spaces around it and without NUL, which PostgreSQL does not take."""
    return text.replace("\x00", "").strip() if isinstance(text, str) else text


def kept_address(typed: str | None) -> str | None:
    """An address in its kept form."""
    return canonical(typed) if isinstance(typed, str) else typed


def text(label: Any, *validators: Any, longest: int, hint: Any = "", filters: Iterable[Any] = ()) -> StringField:
    """A line of text of at most `longest` characters."""
    return StringField(
        label, validators=[*validators, Length(max=longest)], description=hint, filters=[clean, *filters]
    )


class Free:
    """Refuses a value that another row holds already."""

    def __init__(self, column: InstrumentedAttribute[Any], *, normal: Callable[[str], str] = str) -> None:
        self.column, self.normal = column, normal

    def __call__(self, form: Form, field: Field) -> None:
        holder = db.session.scalar(select(self.column.class_.id).where(self.column == self.normal(field.data)))
        if holder is not None and holder != getattr(form, "_id", None):
            raise ValidationError(_("This is taken already."))


class AnAddress:
    """Says what to mend in what is no e-mail address."""

    def __call__(self, _form: Form, field: Field) -> None:
        try:
            understood(field.data)
        except BadAddress as error:
            raise StopValidation(str(error)) from error


class LinesField(TextAreaField):
    """Several values, one a line."""

    def lines(self) -> list[str]:
        found = [str(clean(line)) for line in (self.data or "").splitlines()]
        return list(dict.fromkeys(line for line in found if line))

    def pre_validate(self, form: Form) -> None:
        if len(self.lines()) > MOST_LINES:
            raise ValidationError(_("These are too many lines."))


class DomainsField(LinesField):
    """The mail domains of an organisation."""

    domains: list[str]

    def process_data(self, value: Any) -> None:
        self.data = "\n".join(sorted(row.domain for row in value or ()))

    def pre_validate(self, form: Form) -> None:
        super().pre_validate(form)
        try:
            self.domains = fitting(self.lines(), organisation_id=getattr(form, "_id", None))
        except UnfitDomain as error:
            raise ValidationError(str(error)) from error

    def populate_obj(self, obj: Organisation, _name: str) -> None:
        set_domains(obj, self.domains)


class OrganisationsField(LinesField):
    """The organisations that a customer belongs to, by name: there may be thousands, so none are listed."""

    def process_data(self, value: Any) -> None:
        self.data = "\n".join(sorted(row.organisation.name for row in value or ()))

    def organisations(self) -> dict[str, int]:
        query = select(Organisation.name, Organisation.id).where(Organisation.name.in_(self.lines()))
        return {row.name: row.id for row in db.session.execute(query)}

    def pre_validate(self, form: Form) -> None:
        super().pre_validate(form)
        known = self.organisations()
        for name in self.lines():
            if name not in known:
                raise ValidationError(_("There is no organisation named %(name)s.", name=name))

    def populate_obj(self, obj: Account, _name: str) -> None:
        wanted, by = set(self.organisations().values()), visitor.account()
        have = {place.organisation_id: place for place in obj.memberships}
        for left in have.keys() - wanted:
            colleagues.remove(have[left], by=by)
        for organisation_id in sorted(wanted - have.keys()):
            come(obj, db.session.get_one(Organisation, organisation_id), by=by)


class ChosenSelectField(SelectMultipleField):
    """Some of a few rows, kept as rows of a table between the two."""

    def __init__(self, label: Any, link: type[Any], key: str, choices: Callable[[], Any], **options: Any) -> None:
        super().__init__(label, coerce=int, choices=choices, **options)
        self.link, self.key = link, key

    def process_data(self, value: Any) -> None:
        self.data = [getattr(row, self.key) for row in value or ()]

    def populate_obj(self, obj: Any, name: str) -> None:
        replace_rows(getattr(obj, name), set(self.data or ()), self.key, self.link)


class RolesSelectField(SelectMultipleField):
    """What somebody of the desk may do."""

    def process_data(self, value: Any) -> None:
        self.data = [role.name for role in value or ()]

    def populate_obj(self, obj: Account, _name: str) -> None:
        obj.roles = list(db.session.scalars(select(Role).where(Role.name.in_(self.data or ()))))


def consultants_field() -> ChosenSelectField:
    """Who answers for a product group."""
    return ChosenSelectField(_l("Consultants"), Assignment, "account_id", consultant_choices)


def groups_field() -> ChosenSelectField:
    """The product groups that a consultant answers for."""
    return ChosenSelectField(_l("Product groups"), Assignment, "product_group_id", group_choices)


def replace_rows(rows: list[Any], wanted: set[int], key: str, link: type[Any]) -> None:
    """Make the linking rows those that are wanted; rows that stay keep all else that they say."""
    have = {getattr(row, key): row for row in rows}
    for value in have.keys() - wanted:
        db.session.delete(have[value])
    rows.extend(link(**{key: value}) for value in sorted(wanted - have.keys()))


STAFF_ROLES = {
    "consultant": _l("Consultant"),
    "translator": _l("Translator"),
    "editor": _l("Editor"),
    "administrator": _l("Administrator"),
    "auditor": _l("Auditor"),
}
