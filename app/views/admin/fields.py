"""Form fields of the settings: text that fits, and relations as lines or as a list of few names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute
from wtforms import Field, Form, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, StopValidation

from app.access import ROLES
from app.accounts import colleagues, roles
from app.accounts.addresses import BadAddress, canonical, understood
from app.accounts.errors import MoreThanYours
from app.accounts.mail_domains import UnfitDomain, fitting, set_domains
from app.accounts.membership import come
from app.extensions import db
from app.models.account import Account, Role
from app.models.organisation import Organisation
from app.models.product_group import Assignment, Level
from app.views import visitor
from app.views.admin.role_words import role_name
from app.views.reference import consultant_choices, group_choices, reference

REQUIRED = DataRequired(_l("Fill in this field."))
MOST_LINES = 200


def clean(text: str | None) -> str | None:
    """What was typed, without spaces around it and without NUL, which PostgreSQL does not take."""
    return text.replace("\x00", "").strip() if isinstance(text, str) else text


def one_by_one(said: str | None) -> str | None:
    """One comma and one space between names, each once."""
    if not isinstance(said, str):
        return said
    names = (" ".join(name.split()) for name in said.split(","))
    return ", ".join(dict.fromkeys(name for name in names if name))


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


LEVELS = {
    Level.SEE: _l("sees"),
    Level.ANSWER: _l("answers"),
    Level.MANAGE: _l("manages"),
}


class LevelsField(Field):
    """A level for each of a few rows, sent as `3:answer`; rows without one have none."""

    levels = LEVELS

    def __init__(self, label: Any, key: str, choices: Callable[[], list[tuple[str, str]]], **options: Any) -> None:
        super().__init__(
            label,
            description=_l(
                "Who sees reads; who answers also writes, assigns and moves on; who manages also decides"
                " about the product group, its people, and moves tickets to others."
            ),
            **options,
        )
        self.key, self.choices = key, choices

    def process_data(self, value: Any) -> None:
        self.data = {getattr(row, self.key): row.level for row in value or ()}

    def process_formdata(self, valuelist: list[str]) -> None:
        sent = [text.partition(":") for text in valuelist if text]
        self.data = {int(row): level for row, _mark, level in sent if row.isdecimal() and len(row) < 11}

    def pre_validate(self, form: Form) -> None:
        known = dict(self.choices())
        if any(str(row) not in known or level not in list(Level) for row, level in self.data.items()):
            raise ValidationError(_("Choose from the lists."))

    def lines(self) -> list[tuple[str, str, str]]:
        """The id, name and level of each row."""
        return [(row, name, self.data.get(int(row), "")) for row, name in self.choices()]

    def populate_obj(self, obj: Any, name: str) -> None:
        rows = getattr(obj, name)
        replace_rows(rows, set(self.data), self.key, Assignment)
        for row in rows:
            row.level = self.data.get(getattr(row, self.key), row.level)


def level_of(place: Assignment, name: str) -> str:
    """A name with the level behind it."""
    return f"{name} ({LEVELS.get(Level(place.level), place.level)})"


class RolesSelectField(SelectMultipleField):
    """What somebody may do: some of the roles of the desk."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, choices=lambda: role_choices(staff=True), **options)

    def process_data(self, value: Any) -> None:
        self.data = [role.name for role in value or ()]

    def pre_validate(self, form: Form) -> None:
        super().pre_validate(form)
        account = db.session.get(Account, getattr(form, "_id", None) or 0)
        try:
            roles.check_given(account.roles if account else (), self.chosen(), by=visitor.account())
        except MoreThanYours as error:
            raise ValidationError(str(error)) from error

    def chosen(self) -> list[Role]:
        return list(db.session.scalars(select(Role).where(Role.name.in_(self.data or ()))))

    def populate_obj(self, obj: Account, _name: str) -> None:
        obj.roles = self.chosen()


class CustomersRoleField(SelectField):
    """What a customer may do: the shipped role or a copy of it."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, choices=lambda: role_choices(staff=False), **options)

    def process_data(self, value: Any) -> None:
        self.data = next((role.name for role in value or ()), "customer")

    def populate_obj(self, obj: Account, _name: str) -> None:
        obj.roles = list(db.session.scalars(select(Role).where(Role.name == self.data)))


def role_choices(*, staff: bool) -> list[tuple[str, str]]:
    """The roles of the desk, or those of customers: the shipped ones in their order, each before its copies."""
    fitting = [role for role in reference().roles if (role.kind != "customer") == staff]
    fitting.sort(key=lambda role: (ROLES.index(role.kind), role.name != role.kind, role.name))
    return [(role.name, role_name(role)) for role in fitting]


def consultants_field() -> LevelsField:
    """How far each consultant goes in a product group."""
    return LevelsField(_l("Consultants"), "account_id", consultant_choices)


def groups_field() -> LevelsField:
    """How far a consultant goes in each product group."""
    return LevelsField(_l("Product groups"), "product_group_id", group_choices)


def replace_rows(rows: list[Any], wanted: set[int], key: str, link: type[Any]) -> None:
    """Make the linking rows those that are wanted; rows that stay keep all else that they say."""
    have = {getattr(row, key): row for row in rows}
    for value in have.keys() - wanted:
        db.session.delete(have[value])
    rows.extend(link(**{key: value}) for value in sorted(wanted - have.keys()))
