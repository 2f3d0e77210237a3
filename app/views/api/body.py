"""The body of a request, read strictly: JSON of known keys, each of its kind, and no text that a row could not hold."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import available_timezones

from flask import Request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, Schema, ValidationError, validate
from marshmallow import fields as kinds

from app.locale import SPOKEN
from app.signs import is_storable
from app.views.api.refusals import Malformed, Unfit, WrongType

JSON = "application/json"
LONGEST_NAME = 100  # of a key, as far as an answer repeats it
MOST_TOLD = 20
NEEDED: dict[str, Any] = {"required": _l("This key is needed."), "null": _l("This must not be null.")}


class Body(Schema):
    """The keys that a request may have. Any other is refused by name."""

    class Meta:
        unknown = RAISE  # Marshmallow's default; said here, the description says it too.

    error_messages: dict[str, Any] = {
        "unknown": _l("There is no such key here."),
        "type": _l("This is not an object."),
    }


class Words(kinds.String):
    """Text of `least` to `longest` characters, each of which every database can hold."""

    default_error_messages = NEEDED | {
        "invalid": _l("This is not a text."),
        "characters": _l("This holds characters that no text has."),
    }

    def __init__(self, longest: int, *, least: int = 0, **options: Any) -> None:
        wrong = _l("This may have %(least)s to %(longest)s characters.", least=least, longest=longest)
        super().__init__(validate=validate.Length(min=least or None, max=longest, error=wrong), **options)

    def _deserialize(self, value: Any, *_rest: Any, **_options: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if not is_storable(value):
            raise self.make_error("characters")
        return value


class Line(Words):
    """Words in one line: they go into the headers of letters."""

    default_error_messages = {"line": _l("This is more than one line, or holds signs that cannot be seen.")}

    def _deserialize(self, value: Any, *_rest: Any, **_options: Any) -> str:
        text = super()._deserialize(value).strip()
        if not text.isprintable():
            raise self.make_error("line")
        return text


class Code(Words):
    """One of a few words."""

    def __init__(self, *choices: str, **options: Any) -> None:
        super().__init__(LONGEST_NAME, **options)
        one_of = _l("This is not one of: %(choices)s.", choices=", ".join(choices))
        self.validators = [validate.OneOf([str(choice) for choice in choices], error=one_of)]


class Language(Words):
    """A language that is offered: Polish, English, or one that an administrator added."""

    default_error_messages = {"language": _l("This is not one of: %(choices)s.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(LONGEST_NAME, **options)
        self.validators = [validate.OneOf(SPOKEN)]  # read by the description, which names those offered then

    def _deserialize(self, value: Any, *_rest: Any, **_options: Any) -> str:
        code = super()._deserialize(value)
        if code not in SPOKEN:
            raise ValidationError(_l("This is not one of: %(choices)s.", choices=", ".join(SPOKEN)))
        return code


class Zone(Line):
    """The name of a time zone (IANA)."""

    default_error_messages = {"zone": _l("This is not the name of a time zone, such as Europe/Warsaw.")}

    def _deserialize(self, value: Any, *_rest: Any, **_options: Any) -> str:
        name = super()._deserialize(value)
        if name not in available_timezones():
            raise self.make_error("zone")
        return name


class Truth(kinds.Boolean):
    """true or false, and nothing that only looks like it."""

    default_error_messages = NEEDED | {"invalid": _l("This is not true or false.")}

    def _deserialize(self, value: Any, *_rest: Any, **_options: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class RowId(kinds.Integer):
    """The id of a row, as a whole number; 7.0 is one too (JSON Schema). One beyond all ids is only the id of no row."""

    default_error_messages = NEEDED | {"invalid": _l("This is not a whole number.")}

    def _deserialize(self, value: Any, *_rest: Any, **_options: Any) -> int:
        if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, float) and value.is_integer())):
            raise self.make_error("invalid")
        return int(value)


class Several(kinds.List):
    """A list of at most `most`."""

    default_error_messages = NEEDED | {"invalid": _l("This is not a list.")}

    def __init__(self, of: Any, most: int, **options: Any) -> None:
        too_many = _l("These are too many: there may be %(limit)s.", limit=most)
        super().__init__(of, validate=validate.Length(max=most, error=too_many), **options)

    def _deserialize(self, value: Any, *rest: Any, **options: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        return super()._deserialize(value, *rest, **options)


class Filled(kinds.Dict):
    """Values of custom fields by their names (app/views/api/fields.py)."""

    default_error_messages = NEEDED | {"invalid": _l("This is not an object.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(keys=kinds.String(), **options)


class Bytes(kinds.String):
    """The content of a file in base64 (RFC 4648 section 4)."""

    default_error_messages = NEEDED | {"invalid": _l("This is not base64.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"format": "byte"}, **options)

    def _deserialize(self, value: Any, *_rest: Any, **_options: Any) -> bytes:
        try:
            return base64.b64decode(value, validate=True)
        except (TypeError, ValueError, binascii.Error) as error:
            raise self.make_error("invalid") from error


def read(request: Request, body: Body) -> dict[str, Any]:
    """What the request's body says. No body at all is an empty object. Raises WrongType, Malformed, Unfit."""
    content = request.get_data(cache=False)
    if content and request.mimetype != JSON:
        raise WrongType(_("Send the body as %(type)s.", type=JSON))
    return fit(body, _parsed(content) if content else {})


def fit(body: Body, given: Any) -> dict[str, Any]:
    """The given object by the keys of the body. Raises Unfit, which names every key that was not taken."""
    if not isinstance(given, dict):
        raise Malformed(_("The body is not an object."))
    try:
        return body.load(given)
    except ValidationError as error:
        raise Unfit(dict(list(_named(error.messages_dict))[:MOST_TOLD])) from error


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content.decode(), object_pairs_hook=without_doubles, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Malformed(_("The body is not JSON.")) from error


def without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are all different: two readers would take different ones of equal keys (RFC 8259, 4)."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("A key stands twice.")
    return found


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON.")


def _named(messages: Mapping[Any, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Each key and its first sentence; keys of inner objects are named by their way, such as files.0.content."""
    for key, found in messages.items():
        name = above + str(key)[:LONGEST_NAME]
        if isinstance(found, Mapping):
            yield from _named(found, f"{name}.")
        else:
            yield name, str(found[0] if isinstance(found, list) else found)  # a lazy sentence stands alone
