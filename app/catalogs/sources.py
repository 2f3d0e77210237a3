"""Every sentence of the catalogs that come with Bilety, with what the shipped catalogs say of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from babel.messages.catalog import Message

from app.catalogs.shipped import DOMAINS, LANGUAGES, Shipped

LIBRARIES = ("flask_appbuilder", "wtforms")  # named by the comments of what only they say
OURS = "ours"
KINDS = (OURS, *LIBRARIES, "flask_security")
ENGLISH = "en"


@dataclass(frozen=True)
class Source:
    """A sentence in English, and its shipped translations by language."""

    domain: str
    msgid: str
    plural: str | None = None
    context: str = ""
    comments: Sequence[str] = ()
    kind: str = OURS
    shipped: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return key_of(self.msgid, self.context)

    @property
    def forms(self) -> list[str]:
        """The sentence, or its singular and plural."""
        return [self.msgid] if self.plural is None else [self.msgid, self.plural]

    def shipped_in(self, language: str) -> list[str]:
        """What the shipped catalog says; English is the source itself; nothing where nothing is shipped."""
        return self.forms if language == ENGLISH else list(self.shipped.get(language, ()))


def key_of(msgid: str, context: str = "") -> str:
    """The name of a sentence in addresses and rows: the same for the same sentence in every version of Bilety."""
    return hashlib.sha256(f"{context}\x04{msgid}".encode()).hexdigest()[:32]


@lru_cache
def sources() -> Mapping[tuple[str, str], Source]:
    """All of them by domain and key, in the order of the catalogs; read once by a process that needs them."""
    found: dict[tuple[str, str], Source] = {}
    for domain in DOMAINS:
        catalogs = {language: Shipped(language, domain).read() for language in LANGUAGES}
        for message in catalogs[LANGUAGES[0]]:
            if message.id:
                source = _source(domain, message)
                strings = {
                    code: _forms(each) for code, catalog in catalogs.items() if (each := _same(catalog, message))
                }
                found[domain, source.key] = Source(**{**vars(source), "shipped": strings})
    return found


def _source(domain: str, message: Message) -> Source:
    plural = message.id[1] if message.pluralizable else None
    single = message.id[0] if message.pluralizable else message.id
    library = next((each for each in message.auto_comments if each in LIBRARIES), None)
    kind = domain if domain != "messages" else library or OURS
    comments = [each for each in (*message.auto_comments, *message.user_comments) if each not in LIBRARIES]
    return Source(domain, str(single), plural, message.context or "", comments, kind)


def _same(catalog: object, message: Message) -> Message | None:
    found = catalog.get(message.id, message.context)  # type: ignore[attr-defined]  # babel is untyped here
    return found if found is not None and not found.fuzzy and any(found.string or "") else None


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())
