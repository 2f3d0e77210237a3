"""What requests about entries, their texts and content types may say."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields as kinds

from app.content.addresses import LONGEST
from app.content.entries import LONGEST_TITLE
from app.desk.marking import LONGEST_TAG, MOST_TAGS
from app.models.entry import WRITERS, Visibility
from app.views.api.asked import Refused, instant
from app.views.api.bodies import MOST_GROUPS, MOST_PLACES, Whole
from app.views.api.body import NEEDED, Body, Code, Filled, Language, Line, RowId, Several, Truth, Words
from app.views.portal.forms import LONGEST_TEXT

LONGEST_CODE = 40
MOST_VERSIONS = 2**31 - 1


class Moment(kinds.String):
    """An instant by ISO 8601, in UTC unless it says another zone."""

    default_error_messages = NEEDED | {"invalid": _l("This is not an instant by ISO 8601.")}

    def _deserialize(self, value: Any, *_rest: Any, **_options: Any) -> Any:
        try:
            return instant(value, "")
        except Refused as error:
            raise self.make_error("invalid") from error


class TextWords(Body):
    """The words of a text; only the keys that are given change. The body is Markdown."""

    title = Line(LONGEST_TITLE, least=1)
    summary = Words(LONGEST_TEXT)
    body = Words(LONGEST_TEXT)
    address = Line(LONGEST)
    fields = Filled()  # type: ignore[assignment]  # Marshmallow takes declared fields off the class


class TextChange(TextWords):
    """The next version. `translated` says that it says what the source says now."""

    translated = Truth()


class NewText(TextWords):
    """An entry in one more language."""

    entry = RowId(required=True)
    language = Language(required=True)
    title = Line(LONGEST_TITLE, least=1, required=True)


class EntryChange(Body):
    """What holds for all languages of an entry; only the keys that are given change."""

    visibility = Code(*Visibility)
    organisations = Several(RowId(), MOST_PLACES)
    product_groups = Several(RowId(), MOST_GROUPS)
    tags = Several(Line(LONGEST_TAG, least=1), MOST_TAGS)


class NewEntry(EntryChange, TextWords):
    """An entry with its first text, a draft. Without a visibility it is that of its type."""

    type = Line(LONGEST_CODE, least=1, required=True)
    language = Language(required=True)
    title = Line(LONGEST_TITLE, least=1, required=True)


class Timed(Body):
    """Now, or at a time that is still to come."""

    at = Moment()


class Restoring(Body):
    """Which version's words shall be the newest draft."""

    version = Whole(1, MOST_VERSIONS, required=True)


class TypeChange(Body):
    """What a content type is called, and how its entries are written; only the keys that are given change."""

    name_pl = Line(80, least=1)
    name_en = Line(80, least=1)
    visibility = Code(*(each for each in Visibility if each != Visibility.ORGANISATIONS))
    translated = Truth()
    reviewed = Truth()
    versioned = Truth()
    writers = Several(Code(*WRITERS), len(WRITERS))


class NewType(TypeChange):
    """A content type more. Its code is its name for programs and stays."""

    code = Line(LONGEST_CODE, least=2, required=True)
    name_pl = Line(80, least=1, required=True)
    name_en = Line(80, least=1, required=True)
