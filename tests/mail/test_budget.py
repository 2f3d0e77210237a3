"""Whatever a letter does to its reader: it is kept, waits for a person with the reason, and holds up no other."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask

import config
from app.mail import budget, take
from app.mail.parse import beginning, understand
from tests.mail.letters import letter, wait, work
from tests.mail.test_place import CONSULTANT, consultant, ends

__all__ = ["consultant"]  # a fixture
TRAP = letter(message_id="<2@x>", subject="Pułapka", text="Nie działa.")


def for_ever(_raw: bytes) -> Any:
    return re.match("(a+)+$", "a" * 40 + "b")


def slow(_raw: bytes) -> Any:
    time.sleep(60)


def large(_raw: bytes) -> Any:
    return len(bytearray(2**30))


def dying(_raw: bytes) -> Any:
    raise SystemExit


def swallowing(_raw: bytes) -> Any:
    while True:
        with suppress(Exception):
            for_ever(b"")


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "CPU_SECONDS", 1)
    monkeypatch.setattr(budget, "WALL_SECONDS", 5.0)


@pytest.mark.parametrize("read", [for_ever, swallowing])
def test_a_small_letter_is_left_when_its_time_is_spent(read: Callable[[bytes], Any]) -> None:
    assert [type(found) for found in budget.each([b"x", b"y"], read)] == [budget.OverBudget] * 2


@pytest.mark.parametrize("read", [for_ever, swallowing, large, dying])
def test_a_process_beside_is_ended_wherever_it_is(read: Callable[[bytes], Any]) -> None:
    assert [type(found) for found in budget.each([b"x"], read, beside=True)] == [budget.OverBudget]


def test_one_that_waits_for_something_is_left_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "WALL_SECONDS", 0.1)
    assert [type(found) for found in budget.each([b"x"], slow, beside=True)] == [budget.OverBudget]


@pytest.mark.parametrize("beside", [False, True])
def test_what_is_read_is_the_same_either_way(beside: bool) -> None:
    (found,) = budget.each([TRAP], understand, beside=beside)
    assert found == understand(TRAP)
    (failed,) = budget.each([b"x"], lambda raw: {}[raw], beside=beside)
    assert isinstance(failed, budget.Unread)
    assert str(failed) == "KeyError: b'x'"


def test_the_others_of_its_batch_are_filed(
    app: Flask,
    settings: config.Settings,
    consultant: int,
    browser_of: Callable[[str], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raws = [letter(message_id="<1@x>"), TRAP, letter(message_id="<3@x>")]
    monkeypatch.setattr(take, "understand", lambda raw: for_ever(raw) if raw == TRAP else understand(raw))
    wait(settings, *raws)
    work(app)
    assert ends(app) == [("ticket", None, 1001), ("not_sure", "too_costly", None), ("ticket", None, 1002)]
    monkeypatch.setattr("app.mail.by_hand.understand", for_ever)  # no web server reads it again
    desk = browser_of(CONSULTANT)
    page = desk.page("/desk/journal/show/2").text_content()
    assert "więcej czasu lub pamięci" in page
    assert "Nie działa." in page
    desk.submit("/desk/journal/show/2", {}, form="//form[contains(@action, '/ticket')]")
    assert ends(app)[1] == ("ticket", None, 1003)


def test_the_beginning_of_a_letter_says_who_wrote_what() -> None:
    found = beginning(TRAP)
    assert (found.subject, found.sender.address if found.sender else "") == ("Pułapka", "anna@klient.example")
    assert "Nie dzia" in found.text
