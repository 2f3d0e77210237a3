"""Words that search takes for one another, and words that it ignores: added to those that Bilety came with."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, SelectField, ValidationError

from app.models.ranges import Order
from app.models.search_words import SearchWords, WordsAct
from app.search.analysis import words
from app.views.admin.fields import REQUIRED, Free, one_by_one, text
from app.views.admin.settings import WordsGrid

ACTS = {
    WordsAct.SAME: _l("Mean the same: who seeks one finds the others too"),
    WordsAct.IGNORED: _l("Are ignored in a search"),
}
MOST_NAMES, MOST_WORDS = 20, 5


def _fits(form: Form, field: Any) -> None:
    names = [[*words(name)] for name in (field.data or "").split(",")]
    if not all(names):
        raise ValidationError(_("Type words separated by commas."))
    if form["act"].data == WordsAct.SAME and len(names) < 2:
        raise ValidationError(_("Type at least two words or phrases, separated by commas."))
    if form["act"].data == WordsAct.IGNORED and any(len(name) > 1 for name in names):
        raise ValidationError(_("Only single words can be ignored; separate them by commas."))
    if len(names) > MOST_NAMES or any(len(name) > MOST_WORDS for name in names):
        raise ValidationError(
            _("At most %(names)d words or phrases of %(words)d words each.", names=MOST_NAMES, words=MOST_WORDS)
        )


class SearchWordsView(WordsGrid):
    route_base = "/desk/search-words"
    datamodel = WordsGrid.over(SearchWords)
    order = Order(SearchWords.words, SearchWords.id, descending=False)
    list_title = _l("Words of search")
    hint = _l(
        "Added to the synonyms and the ignored words that Bilety came with. Forms of the words, and letters without"
        " Polish marks, are found by themselves. A change holds for the next search."
    )
    add_title = _l("Add words")
    edit_title = _l("Change the words")
    text_filter = _l("How the words begin")
    label_columns = {"words": _l("Words or phrases"), "act": _l("What search does with them"), "active": _l("Active")}
    list_columns = show_columns = ["words", "act", "active"]
    add_columns = edit_columns = ["act", "words", "active"]
    add_form_extra_fields = edit_form_extra_fields = {
        "act": SelectField(_l("What search does with them"), choices=list(ACTS.items()), default=WordsAct.SAME),
        "words": text(
            _l("Words or phrases"),
            REQUIRED,
            _fits,
            Free(SearchWords.words),
            longest=500,
            hint=_l("Separated by commas: faktura, fv, invoice."),
            filters=[one_by_one],
        ),
        "active": BooleanField(_l("Active"), default=True),
    }
    formatters_columns = {"act": lambda row: ACTS[WordsAct(row.act)]}
