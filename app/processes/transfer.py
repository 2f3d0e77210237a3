"""`run.py config export | plan | apply`: what administrators chose, from one desk to another.

Standard output holds the file (export) or a JSON object a line (plan, apply); everything else goes to standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import config
from app.processes.preflight import guarded

DONE, REFUSED, MISUSED = 0, 1, 2


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py config", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    export = acts.add_parser("export", help="write this desk's definitions")
    export.add_argument("file", nargs="?", help="where to; without it to standard output")
    for name, says in (("plan", "what the file would change here"), ("apply", "change it, all or nothing")):
        act = acts.add_parser(name, help=says)
        act.add_argument("file")
        act.add_argument("--same", action="append", default=[], metavar="KIND:ID=ID", help="it is that one here")
        act.add_argument("--new", action="append", default=[], metavar="KIND:ID", help="it is none of those here")
    given = parser.parse_args(argv)
    return guarded(lambda settings: _in_desk(settings, lambda: ACTS[given.act](given)))


def _in_desk(settings: config.Settings, act: Callable[[], int]) -> int:
    from flask_babel import force_locale

    from app import create_app

    app = create_app(settings)
    with app.app_context(), force_locale("en"):
        return act()


def _export(given: argparse.Namespace) -> int:
    from app.events.transaction import transaction
    from app.transfer.compare import look
    from app.transfer.files import written

    with transaction():
        text = written(look().items())
    if given.file:
        Path(given.file).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return DONE


def _plan(given: argparse.Namespace) -> int:
    from app.events.transaction import transaction
    from app.transfer.compare import compare
    from app.transfer.seen import note

    wanted, text = _read(given.file)
    if wanted is None:
        return MISUSED
    with transaction():
        plan = compare(wanted, _answers(given))
        note(text, plan)
    for line in _lines(plan):
        print(json.dumps(line, ensure_ascii=False, sort_keys=True))
    if plan.is_empty:
        print("Nothing to do: this desk is as the file says.", file=sys.stderr)
    return REFUSED if plan.refusals else DONE


def _apply(given: argparse.Namespace) -> int:
    from app.broken_rule import BrokenRule
    from app.events.transaction import transaction
    from app.transfer.apply import NotApplicable, apply
    from app.transfer.seen import since

    wanted, text = _read(given.file)
    if wanted is None:
        return MISUSED
    try:
        with transaction():
            plan = apply(wanted, _answers(given), since=since(text), by=None)
    except BrokenRule as error:
        print(error, file=sys.stderr)
        if isinstance(error, NotApplicable) and error.plan:
            for line in _lines(error.plan):
                if line["act"] in ("ask", "refuse"):
                    print(json.dumps(line, ensure_ascii=False, sort_keys=True))
        return REFUSED
    for line in _lines(plan):
        print(json.dumps(line, ensure_ascii=False, sort_keys=True))
    print(f"{len(plan.changes)} changes were made.", file=sys.stderr)
    return DONE


def _read(name: str) -> tuple[Any, str]:
    from app.transfer.files import NotReadable, read

    try:
        text = Path(name).read_text(encoding="utf-8")
        return read(text), text
    except (OSError, UnicodeDecodeError) as error:
        print(f"{name}: {error}", file=sys.stderr)
    except NotReadable as error:
        print(f"{name}: {error} {error.detail}".rstrip(), file=sys.stderr)
    return None, ""


def _answers(given: argparse.Namespace) -> dict[str, str]:
    from app.transfer.compare import NEW

    return {key: uid for key, _equals, uid in (each.partition("=") for each in given.same)} | dict.fromkeys(
        given.new, NEW
    )


def _lines(plan: Any) -> Iterator[dict[str, Any]]:
    for change in plan.changes:
        columns = {name: [old, new] for name, (old, new) in change.columns.items()}
        yield {
            "act": change.act, "kind": change.kind, "id": change.id, "name": change.name,
            "columns": columns, "touches": dict(change.touches),
        }  # fmt: skip
    for question in plan.questions:
        yield {"act": "ask", "answer": question.key, "name": question.name, "here": dict(question.here)}
    for refusal in plan.refusals:
        yield {"act": "refuse", "kind": refusal.kind, "id": refusal.id, "name": refusal.name, "why": refusal.why}


ACTS: dict[str, Callable[[argparse.Namespace], int]] = {"export": _export, "plan": _plan, "apply": _apply}
