"""A connection test: the steps of reaching a server, taken one by one within a limit of time. Light: no Flask."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from app.mail.trouble import Trouble, Troubled, of_network
from app.mail.ways import Account, Step, closed_way

MOST_SECONDS = 10.0


@dataclass(frozen=True)
class Taken:
    """A step that was taken; its trouble where it failed."""

    step: str
    said: str
    trouble: Trouble | None = None


def check(account: Account, key: str, *, seconds: float = MOST_SECONDS) -> list[Taken]:
    """The steps up to the first that fails. One that does not end in time is a server that does not answer."""
    way = closed_way(account, key)
    return within(way.steps(), seconds, way.close)


def within(steps: Iterable[Step], seconds: float, close: Callable[[], None]) -> list[Taken]:
    """Take the steps in a thread of their own: names are looked up without any limit of time."""
    taken: list[Taken] = []
    begun: list[str] = []

    def take() -> None:
        try:
            for step in _taken(steps, begun):
                taken.append(step)  # at once: who waits no longer sees how far it came
        finally:
            close()

    thread = threading.Thread(target=take, name="connection test", daemon=True)
    thread.start()
    thread.join(seconds)
    ended = list(taken)
    if thread.is_alive() and not (ended and ended[-1].trouble):
        ended.append(Taken(begun[-1] if begun else "name", f"{seconds:g} s", _unended(begun)))
    return ended


def _unended(begun: list[str]) -> Trouble:
    """Who was reached once and says nothing mostly waits for another kind of encryption."""
    return Trouble.REACH if not begun or begun[-1] in ("name", "reach") else Trouble.SILENT


def _taken(steps: Iterable[Step], begun: list[str]) -> Iterator[Taken]:
    for name, take in steps:
        begun.append(name)
        try:
            said = take()
        except Troubled as error:
            yield Taken(name, error.said, error.trouble)
            return
        except Exception as error:  # A test tells of every failure.
            troubled = of_network(error)
            yield Taken(name, troubled.said, troubled.trouble)
            return
        yield Taken(name, said)
