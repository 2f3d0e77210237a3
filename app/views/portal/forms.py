"""The customers' forms."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    MultipleFileField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional, Regexp

from app.desk.content import Contribution, StoredFile
from app.desk.errors import DeskError
from app.desk.tickets import LONGEST_SUBJECT
from app.desk.uploads import MOST_FILES, TooMany, store_uploads
from app.locale import DEFAULT_ZONE, SPOKEN, limit
from app.mail.names import PRIORITY_NAMES
from app.models.beside import Score
from app.models.ticket import Channel, Priority
from app.views import too_large

LONGEST_TEXT = 200_000
SCORE_NAMES: dict[str, Any] = {
    Score.GOOD: _l("I am content"),
    Score.FAIR: _l("It could have been better"),
    Score.BAD: _l("I am not content"),
}
CHANNEL_NAMES: dict[str, Any] = {
    Channel.PORTAL: _l("Portal"),
    Channel.MAIL: _l("E-mail"),
    Channel.TELEPHONE: _l("Telephone"),
    Channel.API: _l("Another program"),
}
TELEPHONE = r"^\+?[0-9 ()/.-]{3,40}$"
NOT_IN_DIGITS = _l("Write a telephone number in digits.")
REQUIRED = DataRequired(_l("Fill in this field."))
A_NUMBER = Regexp(TELEPHONE, message=NOT_IN_DIGITS)


def plain(text: str | None) -> str:
    """One line without control characters: names go into the headers of letters."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text or "").split())


class WithFiles(FlaskForm):
    """Words and files, as every message has them."""

    files = MultipleFileField(_l("Files"))
    has_draft = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The limits stand in the page, so that a browser can say so before it sends."""
        super().__init__(*args, **kwargs)
        self.kept: list[StoredFile] = []  # by a draft (app/views/drafting.py)
        self.stored: list[StoredFile] | None = None
        settings = current_app.extensions["settings"]
        self.files.description = _("Screenshots and documents, up to %(limit)s each.", limit=limit(settings.file_limit))
        self.files.render_kw = {
            "data-each": settings.file_limit,
            "data-whole": settings.letter_limit,
            "data-refusal": too_large.refusal(),
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """A browser forgets chosen files when a form comes back: a draft keeps them, or the person hears of it."""
        fits = super().validate(extra_validators) and not too_large.happened()
        if too_large.happened():
            self.form_errors.append(too_large.refusal())
        if not fits and (too_large.happened() or not self.has_draft):
            self.forget_files()
        return fits

    def forget_files(self) -> None:
        """Name the files that are to be chosen again."""
        names = [file.filename for file in self.files.data or [] if getattr(file, "filename", "")]
        if names:
            self.form_errors.append(_("Choose the files again: %(names)s.", names=", ".join(names)))

    def say(self, error: DeskError) -> None:
        """Tell a broken rule above the form, once."""
        if str(error) not in self.form_errors:
            self.form_errors.append(str(error))

    def stored_files(self) -> list[StoredFile]:
        """The files of the draft and those that were chosen now. Raises DeskError for what may not be taken."""
        if self.stored is None:
            settings = current_app.extensions["settings"]
            chosen, self.stored = self.files.data or [], []  # they can be read once only
            if too_large.happened():  # and these not at all
                chosen = []
            self.stored = store_uploads(chosen, current_app.extensions["files"], limit=settings.file_limit)
        if len(self.kept) + len(self.stored) > MOST_FILES:
            raise TooMany
        return [*self.kept, *self.stored]

    def contribution(self, text: str) -> Contribution:
        return Contribution(text=text.replace("\x00", "").strip(), channel=Channel.PORTAL, files=self.stored_files())


class TicketForm(WithFiles):
    """A new ticket (S11)."""

    key = HiddenField()
    organisation = SelectField(_l("Company"), validators=[REQUIRED])
    subject = StringField(_l("Subject"), validators=[REQUIRED, Length(max=LONGEST_SUBJECT)])
    text = TextAreaField(_l("Description"), validators=[REQUIRED, Length(max=LONGEST_TEXT)])
    priority = SelectField(_l("Priority"), choices=list(PRIORITY_NAMES.items()), default=Priority.NORMAL)
    confidential = BooleanField(_l("Confidential: my colleagues and managers do not see it"))


class ReplyForm(WithFiles):
    """One more message in the conversation (S12)."""

    text = TextAreaField(_l("Your message"), validators=[Length(max=LONGEST_TEXT)])


MUTE_NAMES: dict[str, Any] = {
    "updates": _l("changes of a ticket's state, consultant, priority and the like"),
    "comments": _l("what colleagues write in my tickets"),
    "reminders": _l("reminders"),
    "new_tickets": _l("new tickets of my product groups"),
    "notes": _l("internal notes"),
    "mentions": _l("internal notes that speak to me"),
    "watched": _l("tickets that I only watch"),
}


@lru_cache
def _zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]


class ProfileForm(FlaskForm):
    """What a person tells of himself."""

    first_name = StringField(_l("First name"), filters=[plain], validators=[Length(max=64)])
    last_name = StringField(_l("Last name"), filters=[plain], validators=[Length(max=64)])
    telephone = StringField(
        _l("Telephone"),
        filters=[plain],
        validators=[Optional(), A_NUMBER],
    )
    locale = SelectField(_l("Language of pages and letters"), choices=lambda: list(SPOKEN.items()))
    timezone = SelectField(_l("Time zone of pages and letters"), choices=_zones)
    theme = SelectField(
        _l("Light or dark pages"),
        choices=[("", _l("As my device says")), ("light", _l("Light")), ("dark", _l("Dark"))],
        coerce=lambda chosen: chosen or "",
    )
    mutes = SelectMultipleField(
        _l("Do not send me letters about"), choices=list(MUTE_NAMES.items()), coerce=str, default=()
    )

    def process(self, *given: Any, **more: Any) -> None:
        """Who has chosen no zone gets the desk's."""
        super().process(*given, **more)
        self.timezone.data = self.timezone.data or DEFAULT_ZONE
        self.mutes.data = self.mutes.data or []
