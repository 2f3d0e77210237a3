"""The words by which the desk finds tickets again."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.desk.marking import LONGEST_TAG
from app.models.beside import Tag
from app.models.ranges import Order
from app.views.admin.fields import REQUIRED, Free, text
from app.views.admin.settings import WordsGrid


def _kept(name: str | None) -> str | None:
    """As tags are kept: in lower case, one space between words, no comma, which separates them."""
    return " ".join(name.replace(",", " ").lower().split()) if isinstance(name, str) else name


class TagModelView(WordsGrid):
    route_base = "/desk/tags"
    datamodel = WordsGrid.over(Tag)
    order = Order(Tag.name, Tag.id, descending=False)
    list_title = _l("Tags")
    hint = _l("Consultants make tags on a ticket's page. Renaming one here renames it on every ticket.")
    add_title = _l("Add a tag")
    edit_title = _l("Rename the tag")
    text_filter = _l("How the tag begins")
    label_columns = {"name": _l("Tag")}
    list_columns = show_columns = add_columns = edit_columns = ["name"]
    add_form_extra_fields = edit_form_extra_fields = {
        "name": text(_l("Tag"), REQUIRED, Free(Tag.name), longest=LONGEST_TAG, filters=[_kept])
    }
