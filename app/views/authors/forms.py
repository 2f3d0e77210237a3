"""What an author types: the words of one language, and what is said of the entry in all of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import (
    BooleanField,
    Form,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, NumberRange
from wtforms.validators import Optional as Unasked
from wtforms.widgets import DateTimeLocalInput, HiddenInput

from app.access.net import BEYOND
from app.content.entries import LONGEST_TITLE, Readers, Words
from app.extensions import db
from app.locale import SPOKEN, choose_zone
from app.models.entry import Entry, Variant, Visibility
from app.models.organisation import Organisation
from app.models.product_group import ProductGroup
from app.views.admin.fields import REQUIRED, LinesField, clean, text
from app.views.authors.names import READER_NAMES
from app.views.portal.forms import WithFiles
from app.views.reference import group_choices

LONGEST_BODY, LONGEST_SUMMARY = 200_000, 500


def written(typed: str | None) -> str | None:
    """A long text as it was typed, with line ends as they are kept and without what a database does not take.

    Empty lines at its beginning are left out: some readers of forms add one.
    """
    return typed.replace("\r\n", "\n").replace("\x00", "").lstrip("\n") if isinstance(typed, str) else typed


class ReadersField(LinesField):
    """The organisations that may read, by name. Authors know no customers, so only what they name is looked up."""

    def process_data(self, value: Any) -> None:
        self.data = "\n".join(sorted(row.name for row in value or ()))

    def chosen(self) -> list[Organisation]:
        query = select(Organisation).where(Organisation.name.in_(self.lines())).order_by(Organisation.id)
        return list(db.session.scalars(query, execution_options=BEYOND))

    def pre_validate(self, form: Form) -> None:
        super().pre_validate(form)
        known = {row.name for row in self.chosen()}
        for name in self.lines():
            if name not in known:
                raise ValidationError(_("There is no organisation named %(name)s.", name=name))


class MomentField(StringField):
    """An instant to come, typed in the reader's zone."""

    widget = DateTimeLocalInput()

    def moment(self) -> datetime | None:
        try:
            found = datetime.fromisoformat(self.data or "")
        except ValueError:
            return None
        return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(choose_zone()))

    def pre_validate(self, form: Form) -> None:
        if self.data and self.moment() is None:
            raise ValidationError(_("Write a day and a time, as in 2027-01-31T09:00."))


class NewEntryForm(FlaskForm):
    """What a new entry begins with. Its choices are the visitor's own."""

    type = SelectField(_l("Type"))
    language = SelectField(_l("Language of the first text"), choices=lambda: list(SPOKEN.items()))
    title = text(_l("Title"), REQUIRED, longest=LONGEST_TITLE)


class EntryForm(WithFiles):
    """One text and its entry."""

    title = text(_l("Title"), REQUIRED, longest=LONGEST_TITLE)
    summary = TextAreaField(_l("Summary"), filters=[clean, written], validators=[Length(max=LONGEST_SUMMARY)])
    body = TextAreaField(_l("Text"), filters=[written], validators=[Length(max=LONGEST_BODY)])
    slug = text(_l("Address"), longest=120)
    seen = IntegerField(widget=HiddenInput(), validators=[Unasked(), NumberRange(0, 2**31 - 1)])
    translated = BooleanField(_l("This text says what the source says now"))
    visibility = RadioField(_l("Readers"), choices=list(READER_NAMES.items()), validators=[Unasked()])
    organisations = ReadersField(_l("Organisations, one a line"))
    groups = SelectMultipleField(_l("Product groups"), choices=group_choices, validators=[Unasked()])
    tags = text(_l("Tags, separated by commas"), longest=500)
    at = MomentField(_l("Publish at"), filters=[clean], validators=[Unasked()])

    def words(self) -> Words:
        return Words(self.title.data or "", self.summary.data or "", self.body.data or "", self.slug.data or "")

    def readers(self) -> Readers:
        visibility = Visibility(self.visibility.data or Visibility.CONSULTANTS)
        chosen = self.organisations.chosen() if visibility == Visibility.ORGANISATIONS else ()
        return Readers(visibility, tuple(chosen))

    def product_groups(self) -> list[ProductGroup]:
        ids = [int(row) for row in self.groups.data or ()]
        return list(db.session.scalars(select(ProductGroup).where(ProductGroup.id.in_(ids)).order_by(ProductGroup.id)))


def form_of(entry: Entry, variant: Variant | None) -> EntryForm:
    """The form as the entry is now; what was sent with this request takes its place."""
    about: dict[str, Any] = {
        "visibility": entry.visibility,
        "organisations": entry.organisations,
        "groups": [str(group.id) for group in entry.groups],
        "tags": ", ".join(sorted(tag.name for tag in entry.tags)),
    }
    if variant is None:
        return EntryForm(data={**about, "seen": 0})
    words = {name: getattr(variant, name) for name in Words.__dataclass_fields__}
    return EntryForm(data={**about, **words, "seen": variant.version})


class WithdrawForm(FlaskForm):
    """When readers no longer get it, where not at once."""

    until = MomentField(_l("Withdraw at"), filters=[clean], validators=[Unasked()])
