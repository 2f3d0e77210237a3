"""Published texts by API beside a bare Flask view that sends the same JSON from one query, by turns in one run.

`python -m bench content [--texts N] [--rounds N]`
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

from flask import Flask, jsonify
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Text, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from werkzeug.test import EnvironBuilder

import config
from app.content import entries
from app.content.entries import Words
from app.content.publishing import publish
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.delivered import Delivered
from app.supervisor import valkey
from bench.measure import Figure, best_of, report

READ_BAR, UNCHANGED_BAR = 0.2, 0.8
CALLS = 50  # of one measured piece
BODY = "## Krok {number}\n\nSprawdź *kabel* i **zasilanie**, a potem [panel](/panel).\n\n" * 6
Address = Callable[[], object]


class Base(DeclarativeBase):
    """Of the bare view."""


class Plain(Base):
    """The columns of a text as a bare view would keep them."""

    __tablename__ = "plain"

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    language: Mapped[str]
    source_language: Mapped[str]
    version: Mapped[int]
    title: Mapped[str]
    summary: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    address: Mapped[str]
    addresses: Mapped[dict[str, Any]] = mapped_column(JSON)
    tags: Mapped[list[Any]] = mapped_column(JSON)
    product_groups: Mapped[list[Any]] = mapped_column(JSON)
    published_at: Mapped[str]
    first_published_at: Mapped[str]


COLUMNS = tuple(column.key for column in Plain.__table__.columns)


def main(argv: Sequence[str] = ()) -> int:
    """Measure, print, and answer 0 when every bar holds."""
    parser = argparse.ArgumentParser(prog="python -m bench content", description=__doc__)
    parser.add_argument("--texts", type=int, default=500, help="published texts (default 500)")
    parser.add_argument("--rounds", type=int, default=20, help="how often each piece is measured (default 20)")
    wanted = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bilety-bench-") as folder, ExitStack() as running:
        settings = config.read({"BILETY_DATA": folder})
        running.enter_context(valkey.running(settings))
        ours = _desk(settings, wanted.texts)
        bare = _bare(Path(folder), ours)
        return _measure(ours, bare, wanted)


def _measure(ours: Flask, bare: Flask, wanted: argparse.Namespace) -> int:
    """Requests a second of each, straight into the WSGI application: no server and no client takes part."""
    figures = []
    for name, path, floor in (
        ("list of 20", "/api/v1/content/article/", "/texts"),
        ("single text", "/api/v1/content/article/7", "/texts/7"),
    ):
        etag = _headers(ours, path)["ETag"]
        read, unchanged, plain = best_of(
            wanted.rounds,
            _calls(ours, path, "200 OK"),
            _calls(ours, path, "304 NOT MODIFIED", {"If-None-Match": etag}),
            _calls(bare, floor, "200 OK"),
        )
        figures += [
            Figure(f"{name}: requests a second", CALLS / read),
            Figure(f"{name}: 304 a second", CALLS / unchanged),
            Figure(f"{name}: bare view", CALLS / plain),
            Figure(f"{name}: of the bare view's throughput", plain / read, at_least=READ_BAR),
            Figure(f"{name}: 304, of the bare view's throughput", plain / unchanged, at_least=UNCHANGED_BAR),
        ]
    return report(f"Content by API, {wanted.texts} published texts", *figures)


def _desk(settings: config.Settings, texts: int) -> Flask:
    from app import create_app
    from app.setup import init

    app: Flask = create_app(settings)
    init(app, preset="cwt")
    with app.app_context():
        with transaction():
            author = Account(email="autor@pomoc.example", first_name="A", last_name="B", username="autor")
            author.password, author.active = "", True
            db.session.add(author)
        with transaction():
            for number in range(texts):
                words = Words(f"Artykuł {number}", "Co sprawdzić najpierw", BODY.format(number=number))
                publish(entries.add_entry("article", "pl", words, by=author).source, seen=1)
        db.session.remove()
    return app


def _bare(folder: Path, ours: Flask) -> Flask:
    """The same texts in one plain table, sent by the shortest view."""
    app = Flask("bare")
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{folder}/bare.db"
    texts = SQLAlchemy(app, model_class=Base)
    with ours.app_context():
        rows = [json.loads(row) for row in db.session.scalars(select(Delivered.document))]
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    Base.metadata.create_all(engine)
    with app.app_context():
        texts.session.add_all(Plain(**row) for row in rows)
        texts.session.commit()

    @app.get("/texts")
    def several() -> Any:
        query = select(Plain).order_by(Plain.published_at.desc()).limit(20)
        return jsonify(result=[_plain(row) for row in texts.session.scalars(query)])

    @app.get("/texts/<int:pk>")
    def one(pk: int) -> Any:
        return jsonify(id=pk, result=_plain(texts.session.scalars(select(Plain).where(Plain.id == pk)).one()))

    return app


def _plain(row: Plain) -> dict[str, Any]:
    return {name: getattr(row, name) for name in COLUMNS}


def _calls(app: Flask, path: str, status: str, headers: dict[str, str] | None = None) -> Address:
    """So many requests of that address. Raises RuntimeError for another answer."""
    environ = EnvironBuilder(path=path, headers=list((headers or {}).items())).get_environ()
    wsgi: WSGIApplication = app.wsgi_app

    def begin(said: str, *_rest: object) -> Callable[[bytes], object]:
        if said != status:
            raise RuntimeError(f"{path}: {said}")
        return lambda _data: None

    def work() -> None:
        for _call in range(CALLS):
            answer = wsgi(dict(environ), begin)
            b"".join(answer)
            getattr(answer, "close", lambda: None)()

    return work


def _headers(app: Flask, path: str) -> Any:
    return app.test_client().get(path).headers
