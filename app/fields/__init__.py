"""What a field is: data that an administrator writes, and pure functions that every door reads it by.

Pure: no Flask and no database. One definition makes the form's box, the check of the server, the JSON Schema, the
grid's column, the text of letters and exports. The way of a value: `form.py` or JSON -> `values.py` (clean, or a named
refusal) -> `take.py` (the whole set: conditions, rights, what was there before) -> the JSON column, kept under the
field's immutable id -> `text.py`, `order.py`.

definition.py: the data itself, and back into plain JSON. kinds.py: what each kind of field can do. values.py: a JSON
value made clean. form.py: what was typed, into JSON and back. text.py: a value as people read it. order.py: the key by
which values sort, the Polish way. schema.py: JSON Schema. conditions.py: shown, required, allowed. rights.py: who reads
and writes. take.py: one person's values for one row. check.py, patterns.py: what a definition must be. refusals.py:
every refusal, by code and sentence.
"""

from __future__ import annotations

from app.fields.check import check, check_all
from app.fields.conditions import Condition, Situation, for_browser, holds
from app.fields.definition import Definition, Kind, Option, said
from app.fields.form import from_form, to_form
from app.fields.order import KEYED, order_key, stored, text_key
from app.fields.refusals import Unfit
from app.fields.rights import may_read, may_write, readable, writable
from app.fields.schema import object_schema, schema_of
from app.fields.take import Shape, Taken, default_of, shapes, take
from app.fields.text import as_text
from app.fields.values import clean

__all__ = [
    "KEYED",
    "Condition",
    "Definition",
    "Kind",
    "Option",
    "Shape",
    "Situation",
    "Taken",
    "Unfit",
    "as_text",
    "check",
    "check_all",
    "clean",
    "default_of",
    "for_browser",
    "from_form",
    "holds",
    "may_read",
    "may_write",
    "object_schema",
    "order_key",
    "readable",
    "said",
    "schema_of",
    "shapes",
    "stored",
    "take",
    "text_key",
    "to_form",
    "writable",
]
