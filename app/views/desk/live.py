"""What changes on a ticket's page while it is open: who else looks at it, who writes, and what came meanwhile.

Who is there is known to Valkey alone and forgotten within a minute; where Valkey is away nobody is shown.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from flask import current_app, make_response, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from redis import RedisError

from app.access import get_ticket
from app.desk.joining import newer_in
from app.extensions import db
from app.models.account import Account
from app.models.ticket import Ticket
from app.views import visitor
from app.views.desk.acts import NUMBER
from app.views.doors import requires

SHOWN_FOR = 40  # seconds after a page was heard of last; it asks every 15
log = logging.getLogger(__name__)


@dataclass(frozen=True, order=True)
class Here:
    """Somebody else at the same ticket."""

    name: str
    writes: bool


class LiveActs:
    """The door that an open page knocks at every few seconds."""

    if TYPE_CHECKING:
        render_template: Callable[..., str]
    routes: ClassVar[tuple[str, ...]] = ("now",)

    @expose(f"/{NUMBER}/now")
    @requires("show")
    def now(self, number: int) -> ResponseReturnValue:
        """A part of the page; 304 while nothing is different. `last` is the newest message that the page shows."""
        ticket = get_ticket(db.session(), visitor.standing(), number)
        last = request.args.get("last", "")
        newer = newer_in(ticket, visitor.standing(), int(last)) if last.isdecimal() and len(last) < 11 else 0
        others = look_in(ticket, visitor.account(), writes=bool(request.args.get("writes")))
        answer = make_response(self.render_template("desk/_now.html", others=others, newer=newer, number=number))
        answer.add_etag()
        return answer.make_conditional(request)


def look_in(ticket: Ticket, account: Account, *, writes: bool) -> list[Here]:
    """Note that this account is here, and answer who else is, by name."""
    redis: Any = current_app.extensions["redis"]
    key, now = f"bilety:here:{ticket.id}", int(time.time())
    try:
        with redis.pipeline(transaction=False) as pipe:
            pipe.hset(key, str(account.id), f"{now} {int(writes)} {account.name}")
            pipe.expire(key, SHOWN_FOR)
            pipe.hgetall(key)
            found = pipe.execute()[-1]
    except RedisError:
        log.warning("Valkey did not answer who is at a ticket")
        return []
    others = [value.decode() for who, value in found.items() if who.decode() != str(account.id)]
    return sorted(_read(said) for said in others if now - int(said.split(" ", 1)[0]) <= SHOWN_FOR)


def _read(said: str) -> Here:
    _at, writes, name = said.split(" ", 2)
    return Here(name, writes == "1")
