"""Whatever is accepted as a translation breaks no page and no letter: texts by chance, in every place at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalogs import live
from app.catalogs.faults import BRACES, ENDING, PERCENT, TAG, faults
from app.catalogs.plurals import forms
from app.catalogs.sources import Source, sources
from app.events.record import owe_letter
from app.events.transaction import transaction
from app.extensions import db
from app.mail.compose import compose
from app.models.account import Account
from app.models.event import Letter
from tests.browsing import Visitor
from tests.views.translate.conftest import ADAM, ANNA

SIGNS = "aąłżóśćźńęöüßїєжשא中あ😀éẞ '\"&;/\\()[]:.,-–—„”#@!?=+*_|~`^$"
PUBLIC = ("/", "/contact", "/login", "/register", "/reset", "/nowhere")
SIGNED_IN = ("/tickets/", "/tickets/new", "/profile/", "/colleagues/")
AT_DESK = (
    "/desk/tickets/list/",
    "/desk/roles/consultant",
    "/desk/states/",
    "/desk/registration/",
    "/desk/mailboxes/add",
)


@pytest.fixture(autouse=True)
def shipped_afterwards() -> Iterator[None]:
    yield
    live.kept.texts = {("messages", "pl"): {}}
    live.forget()


def by_chance(source: Source, random: Random) -> list[str] | None:
    """An accepted text of parts of the source and of whatever else; None where no luck was had."""
    for _try in range(4):
        found = [_form(source, random) for _each in range(len(forms("pl")) if source.plural is not None else 1)]
        if not faults(source.forms, found, "pl"):
            return found
    return None


def _form(source: Source, random: Random) -> str:
    last = source.forms[-1]
    parts = [match.group(0) for pattern in (PERCENT, BRACES) for match in pattern.finditer(TAG.sub("", last))]
    if TAG.search(last):
        return last
    random.shuffle(parts)
    ending = ENDING.search(last)
    length = random.choice((1, len(last), 3 * len(last)))
    words = "".join(random.choice(SIGNS) for _sign in range(max(1, length // (len(parts) + 1))))
    text = "".join(f"{words}{part}" for part in parts) + words
    return text.strip().rstrip(".!?:;…") + (ending.group(0) if ending else "")


def overlaid(random: Random) -> int:
    """Every sentence said by chance; how many were."""
    live.kept.texts, count = {}, 0
    for source in sources().values():
        strings = by_chance(source, random)
        if strings is None:
            continue
        count += 1
        texts = live.kept.texts.setdefault((source.domain, "pl"), {})
        if source.plural is None:
            texts[source.msgid] = strings[0]
        else:
            texts.update({(source.msgid, number): text for number, text in enumerate(strings)})
    live._make_anew()
    return count


def test_pages_stand_whatever_was_accepted(
    app: Flask, client: Visitor, browser_of: Callable[[str], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = {client: PUBLIC, browser_of(ANNA): SIGNED_IN, browser_of(ADAM): AT_DESK}
    plain = {(who, path): who.get(path) for who, paths in readers.items() for path in paths}
    monkeypatch.setattr(live, "look", lambda: None)

    @settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.integers(0, 2**32))
    def holds(seed: int) -> None:
        assert overlaid(Random(seed)) > 1_000
        for (who, path), before in plain.items():
            after = who.get(path)
            assert after.status_code == before.status_code, path
            assert len(after.data) <= 4 * len(before.data), path

    holds()


def test_letters_leave_whatever_was_accepted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        account = db.session.query(Account).filter_by(email=ANNA).one()
        with transaction():
            owe_letter("password_changed", account=account, reason="account")
        letter = db.session.query(Letter).one()
        before = len(compose(letter).as_bytes())
        for seed in range(5):
            assert overlaid(Random(seed)) > 1_000
            assert len(compose(letter).as_bytes()) <= 4 * before
