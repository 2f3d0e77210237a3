"""Every setting, read from the environment once (docs/settings.md lists them).

This module imports the standard library only: the supervisor and the light
processes read it without loading Flask.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

# Words of which samples are made, however often and with whatever signs between them.
SAMPLE_WORDS = "change replace insert secret scret key password dev development test example sample bilety super"
FILLING_WORDS = "please this your my me is it here default"
SAMPLE_SECRET = re.compile(
    rf"(?:{SAMPLE_WORDS.replace(' ', '|')}|{FILLING_WORDS.replace(' ', '|')}|[\W_])*", re.IGNORECASE
)
SHORTEST_SECRET = 32
FEWEST_SIGNS = 8  # different ones; 32 random characters of any alphabet have more
SECRET_FILE = "secret-key"  # noqa: S105 a name
UNIX_SOCKET_LIMIT = 100  # Linux allows 108 bytes, the BSDs 104.


class BadSetting(ValueError):
    """A setting that Bilety cannot start with; its text is one sentence that says what to mend."""


@dataclass(frozen=True)
class Settings:
    """The settings of one process. Build it by `read`."""

    data: Path
    host: str
    port: int
    base_url: str
    intake_host: str
    intake_port: int
    lmtp_port: int | None
    intake_certificate: Path | None
    intake_key: Path | None
    demo: bool
    given_secret: str | None
    given_database: str | None
    given_redis: str | None
    mail_server: str | None
    mail_port: int
    mail_username: str | None
    mail_password: str | None
    mail_use_tls: bool
    mail_use_ssl: bool
    mail_default_sender: str
    web_threads: int
    health_token: str | None
    trusted_proxies: int
    file_limit: int
    letter_limit: int
    relays: tuple[str, ...]
    asks_dns: bool
    hooks_to_loopback: bool
    dkim_key: Path | None
    dkim_selector: str
    undo_send: int

    @property
    def database_url(self) -> str:
        """SQLAlchemy's address of the database; SQLite in BILETY_DATA unless DATABASE_URL is set."""
        if self.given_database:
            return _psycopg(self.given_database)
        return f"sqlite:///{self.data / 'bilety.db'}"

    @property
    def valkey_socket(self) -> Path:
        """The embedded Valkey's unix socket, short enough for the kernel wherever BILETY_DATA lies."""
        socket = self.data / "valkey.sock"
        if len(os.fsencode(socket)) < UNIX_SOCKET_LIMIT:
            return socket
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"bilety-{os.getuid()}-{name}" / "valkey.sock"

    @property
    def redis_url(self) -> str:
        """REDIS_URL, or the embedded Valkey's socket."""
        return self.given_redis or f"unix://{self.valkey_socket}"

    @property
    def embedded_valkey(self) -> bool:
        return self.given_redis is None

    @property
    def outgoing(self) -> Path:
        """Where letters are kept when no MAIL_SERVER is set, one .eml a letter."""
        return self.data / "outgoing"

    @property
    def hostname(self) -> str:
        """The only host name that links and Host headers may carry."""
        return urlsplit(self.base_url).hostname or "localhost"

    @property
    def is_https(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @cached_property
    def secret_key(self) -> str:
        """SECRET_KEY, or one made at the first start and kept in BILETY_DATA with mode 0600.

        Raises BadSetting for a sample or short value.
        """
        if self.given_secret is not None:
            if _is_weak(self.given_secret):
                raise BadSetting(
                    f"SECRET_KEY is a sample or shorter than {SHORTEST_SECRET} characters: "
                    "set a random one, or leave it unset and Bilety makes its own."
                )
            return self.given_secret
        return _kept_secret(self.data / SECRET_FILE)


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings that `environ` holds. Raises BadSetting for a value that cannot be used."""
    port = _port(environ, "BILETY_PORT", 8000)
    base_url = environ.get("BILETY_BASE_URL", f"http://localhost:{port}").rstrip("/")
    if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).hostname:
        raise BadSetting(f"BILETY_BASE_URL must look like https://pomoc.example, not {base_url!r}.")
    use_tls, use_ssl = _switch(environ, "MAIL_USE_TLS"), _switch(environ, "MAIL_USE_SSL")
    if use_tls and use_ssl:
        raise BadSetting("Set one of MAIL_USE_TLS (STARTTLS) and MAIL_USE_SSL (TLS from the beginning), not both.")
    return Settings(
        data=Path(environ.get("BILETY_DATA", "var")).absolute(),
        host=environ.get("BILETY_HOST", "127.0.0.1"),
        port=port,
        base_url=base_url,
        intake_host=environ.get("BILETY_INTAKE_HOST", "127.0.0.1"),
        intake_port=_port(environ, "BILETY_INTAKE_PORT", 2525),
        lmtp_port=_port(environ, "BILETY_LMTP_PORT", 24) if environ.get("BILETY_LMTP_PORT") else None,
        intake_certificate=_path(environ, "BILETY_INTAKE_CERTIFICATE"),
        intake_key=_path(environ, "BILETY_INTAKE_KEY"),
        demo=_switch(environ, "BILETY_DEMO"),
        given_secret=environ.get("SECRET_KEY"),
        given_database=environ.get("DATABASE_URL") or None,
        given_redis=_redis_url(environ),
        mail_server=environ.get("MAIL_SERVER") or None,
        mail_port=_port(environ, "MAIL_PORT", 465 if use_ssl else 25),
        mail_username=environ.get("MAIL_USERNAME") or None,
        mail_password=environ.get("MAIL_PASSWORD") or None,
        mail_use_tls=use_tls,
        mail_use_ssl=use_ssl,
        mail_default_sender=environ.get("MAIL_DEFAULT_SENDER", "pomoc@pomoc.example"),
        web_threads=_number(environ, "BILETY_WEB_THREADS", 8),
        health_token=environ.get("BILETY_HEALTH_TOKEN") or None,
        trusted_proxies=_number(environ, "BILETY_TRUSTED_PROXIES", 0),
        file_limit=_number(environ, "BILETY_FILE_LIMIT", 20 * 2**20),
        letter_limit=_number(environ, "BILETY_LETTER_LIMIT", 25 * 2**20),
        relays=_networks(environ, "BILETY_RELAYS", "127.0.0.0/8,::1"),
        asks_dns=_switch(environ, "BILETY_ASK_DNS", "1"),
        hooks_to_loopback=_switch(environ, "BILETY_HOOKS_TO_LOOPBACK"),
        dkim_key=_path(environ, "BILETY_DKIM_KEY"),
        dkim_selector=environ.get("BILETY_DKIM_SELECTOR") or "bilety",
        undo_send=_number(environ, "BILETY_UNDO_SEND", 10),
    )


def _psycopg(url: str) -> str:
    """Plain postgres:// addresses mean the psycopg 3 driver, the one we ship."""
    scheme, separator, rest = url.partition("://")
    if separator and scheme in ("postgres", "postgresql"):
        return f"postgresql+psycopg://{rest}"
    return url


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isdecimal():
        raise BadSetting(f"{name} must be a whole number, not {text!r}.")
    return int(text)


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    port = _number(environ, name, default)
    if not 0 < port < 2**16:
        raise BadSetting(f"{name} must be a port from 1 to 65535, not {port}.")
    return port


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]).absolute() if environ.get(name) else None


def _networks(environ: Mapping[str, str], name: str, default: str) -> tuple[str, ...]:
    texts = tuple(text.strip() for text in environ.get(name, default).split(",") if text.strip())
    for text in texts:
        try:
            ip_network(text)
        except ValueError:
            raise BadSetting(f"{name} must list addresses or networks such as 10.0.0.0/8, not {text!r}.") from None
    return texts


def _redis_url(environ: Mapping[str, str]) -> str | None:
    url = environ.get("REDIS_URL") or None
    if url and urlsplit(url).scheme not in ("redis", "rediss", "unix"):
        raise BadSetting("REDIS_URL must begin with redis://, rediss:// or unix://.")
    return url


def _switch(environ: Mapping[str, str], name: str, default: str = "0") -> bool:
    text = environ.get(name, default).strip().lower()
    if text not in ("", "0", "1", "false", "true", "no", "yes"):
        raise BadSetting(f"{name} must be 0 or 1, not {text!r}.")
    return text in ("1", "true", "yes")


def _is_weak(secret: str) -> bool:
    is_short = len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_SIGNS
    return is_short or SAMPLE_SECRET.fullmatch(secret) is not None


def _kept_secret(path: Path) -> str:
    """Several processes may start at once: whoever links the file first wins, all read the same."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def shown(settings: Settings) -> list[tuple[str, str]]:
    """The settings in effect for `run.py config`, without anything secret."""
    return [
        ("BILETY_DATA", str(settings.data)),
        ("BILETY_HOST", settings.host),
        ("BILETY_PORT", str(settings.port)),
        ("BILETY_BASE_URL", settings.base_url),
        ("BILETY_INTAKE_HOST", settings.intake_host),
        ("BILETY_INTAKE_PORT", str(settings.intake_port)),
        ("BILETY_LMTP_PORT", str(settings.lmtp_port or "")),
        ("BILETY_INTAKE_CERTIFICATE", str(settings.intake_certificate or "")),
        ("BILETY_INTAKE_KEY", str(settings.intake_key or "")),
        ("BILETY_DEMO", str(int(settings.demo))),
        ("BILETY_WEB_THREADS", str(settings.web_threads)),
        ("BILETY_TRUSTED_PROXIES", str(settings.trusted_proxies)),
        ("BILETY_FILE_LIMIT", str(settings.file_limit)),
        ("BILETY_LETTER_LIMIT", str(settings.letter_limit)),
        ("BILETY_RELAYS", ",".join(settings.relays)),
        ("BILETY_ASK_DNS", str(int(settings.asks_dns))),
        ("BILETY_HOOKS_TO_LOOPBACK", str(int(settings.hooks_to_loopback))),
        ("BILETY_DKIM_KEY", str(settings.dkim_key or "")),
        ("BILETY_DKIM_SELECTOR", settings.dkim_selector),
        ("BILETY_UNDO_SEND", str(settings.undo_send)),
        ("BILETY_HEALTH_TOKEN", "(set)" if settings.health_token else ""),
        ("SECRET_KEY", "(set)" if settings.given_secret else "(kept in BILETY_DATA)"),
        ("DATABASE_URL", without_password(settings.database_url)),
        ("REDIS_URL", without_password(settings.redis_url)),
        ("MAIL_SERVER", settings.mail_server or ""),
        ("MAIL_PORT", str(settings.mail_port)),
        ("MAIL_USERNAME", settings.mail_username or ""),
        ("MAIL_PASSWORD", "(set)" if settings.mail_password else ""),
        ("MAIL_USE_TLS", str(int(settings.mail_use_tls))),
        ("MAIL_USE_SSL", str(int(settings.mail_use_ssl))),
        ("MAIL_DEFAULT_SENDER", settings.mail_default_sender),
    ]


def without_password(url: str) -> str:
    """An address with its password hidden, fit for a log."""
    parts = urlsplit(url)
    if not parts.password:
        return url
    return url.replace(f":{parts.password}@", ":***@")
