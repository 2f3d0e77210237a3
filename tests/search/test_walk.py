"""The walk through Whoosh's index finds what Whoosh's own matchers find, and thinks of it what they do."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from whoosh import index, query
from whoosh.searching import Searcher

from app.search.document import Document, Key, Question
from app.search.parse import parse
from app.search.plan import plan
from app.search.whoosh import budget
from app.search.whoosh.codec import Codec
from app.search.whoosh.queries import built, narrowing, schema, stored

WORDS = ("faktura", "faktury", "raport", "raporty", "zestawienie", "drukarka", "nie", "działa", "fv", "vat", "invoice")
ASKED = (
    "raport drukarka", "faktura OR drukarka", '"nie działa"', '"faktura nie działa" raport', "fak*",
    "faktura -raport", "1007", "raport fv vat", "faktura nieznane", "",
)  # fmt: skip


def written(number: int, rng: random.Random) -> Document:
    said = " ".join(rng.choices(WORDS, range(len(WORDS), 0, -1), k=rng.randrange(1, 12)))
    return Document(
        key=Key("ticket", number),
        kind="ticket",
        number=number,
        title=rng.choice(WORDS),
        body=said,
        internal="drukarka" if number % 9 == 0 else "",
        status=rng.choice(("new", "closed")),
        languages=(rng.choice(("pl", "en")),),
        access=frozenset({f"group:{number % 3}"}),
    )


class Short(Codec):
    """With several blocks of the common words in every segment."""

    def __init__(self) -> None:
        super().__init__()
        self._blocklimit = 8


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Two segments of which some documents are gone, and one of a single document."""
    rng, folder = random.Random(7), tmp_path_factory.mktemp("index")
    made = index.create_in(str(folder), schema())
    for begin in (1000, 1080):
        with made.writer(codec=Short()) as writer:
            for number in range(begin, begin + 80):
                writer.add_document(**stored(written(number, rng)))
    with made.writer(codec=Short()) as writer:
        writer.merge = False
        for number in range(1005, 1160, 11):
            writer.delete_by_term("key", f"ticket:{number}")
        writer.add_document(**stored(written(1160, rng)))
    with closing(made.searcher()) as opened:
        yield opened


@pytest.mark.parametrize("asked", ASKED)
def test_it_finds_what_whoosh_finds(searcher: Searcher, asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query.Or, "matcher_type", query.Or.DEFAULT_MATCHER)  # Their matcher of arrays loses some.
    for question in (
        Question(asked, None, internal=True),
        Question(asked, frozenset({"group:1", "group:7"})),
        Question(asked, frozenset({"group:1", "group:2"}), filters={"status": "new"}, barred={"languages": ("en",)}),
        Question(asked, None, preferred={"languages": "pl"}, any_word=True),
    ):
        wanted, narrow = built(plan(parse(asked)), question, searcher.reader()), narrowing(question)
        theirs = searcher.search(wanted, limit=None, filter=query.And(narrow) if narrow else None)
        scores = {number: score for score, number in theirs.top_n}
        assert scores or question.allowed or "nieznane" in asked
        for looked_at in (7, 32_768):
            monkeypatch.setattr(budget, "LOOKED_AT", looked_at)
            found = budget.found_in_time(searcher, wanted, narrow, time.monotonic() + 60).scores
            assert found.keys() == scores.keys()
            assert not asked or all(math.isclose(found[number], score) for number, score in scores.items())
