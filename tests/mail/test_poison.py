"""A letter that breaks what reads it holds up no other, is kept as it came, and is read again on a click (O55)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

import config
from app.mail import take
from tests.mail.letters import letter, wait, work
from tests.mail.test_place import CONSULTANT, consultant, ends

__all__ = ["consultant"]  # a fixture


def test_the_fourth_of_ten_breaks_the_parser(
    app: Flask,
    settings: config.Settings,
    consultant: int,
    browser_of: Callable[[str], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R8: nine tickets in their order, one letter with its raw source and a reason."""
    raws = [letter(message_id=f"<{number}@x>", subject=f"Sprawa {number}") for number in range(1, 11)]
    understand = take.understand

    def breaking(raw: bytes) -> Any:
        if raw == raws[3]:
            raise RecursionError("too deep")
        return understand(raw)

    monkeypatch.setattr(take, "understand", breaking)
    wait(settings, *raws)
    work(app)
    found = ends(app)
    assert found[3] == ("not_sure", "failed", None)
    assert [number for outcome, _reason, number in found if outcome == "ticket"] == list(range(1001, 1010))
    desk = browser_of(CONSULTANT)
    with desk.get("/desk/journal/4/raw") as raw:
        assert raw.data == raws[3]
    monkeypatch.undo()
    desk.submit("/desk/journal/show/4", {}, form="//form[contains(@action, 'retry')]")
    work(app)
    assert ends(app)[3] == ("ticket", None, 1010)
