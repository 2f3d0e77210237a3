"""The catalogs that come with Bilety: updated from the code, checked, compiled."""

from __future__ import annotations

import io
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.catalogs.extract import ROOT, folder_of, messages

TRANSLATIONS = ROOT / "translations"
LANGUAGES = ("pl",)  # English is the language of the source.
DOMAINS = ("messages", "flask_security")


@dataclass(frozen=True)
class Shipped:
    """One domain in one language."""

    language: str
    domain: str

    @property
    def po(self) -> Path:
        return TRANSLATIONS / self.language / "LC_MESSAGES" / f"{self.domain}.po"

    @property
    def mo(self) -> Path:
        return self.po.with_suffix(".mo")

    def read(self) -> Catalog:
        """The catalog as it is kept; an empty one where there is none."""
        if not self.po.exists():
            return Catalog(locale=self.language, project="Bilety")
        with self.po.open("rb") as file:
            return read_po(file, locale=self.language)

    def updated(self) -> Catalog:
        """The catalog with exactly the sentences of today; new ones stand empty, nothing is guessed."""
        catalog = self.read()
        catalog.update(template(self.domain), no_fuzzy_matching=True)
        catalog.obsolete.clear()
        return catalog

    def write(self, catalog: Catalog) -> None:
        self.po.parent.mkdir(parents=True, exist_ok=True)
        self.po.write_bytes(as_bytes(catalog))

    def compile(self) -> None:
        """Write the binary catalog, whole or not at all."""
        handle, draft = tempfile.mkstemp(dir=self.mo.parent)
        with os.fdopen(handle, "wb") as file:
            write_mo(file, self.read())
        Path(draft).chmod(0o644)
        os.replace(draft, self.mo)


ALL = tuple(Shipped(language, domain) for language in LANGUAGES for domain in DOMAINS)


def template(domain: str) -> Catalog:
    """The sentences of a domain, without translations."""
    if domain == "messages":
        return messages()
    with (folder_of("flask_security") / "translations" / "flask_security.pot").open("rb") as file:
        return read_po(file)


def as_bytes(catalog: Catalog) -> bytes:
    """The catalog as a file, byte for byte the same whenever its sentences are."""
    plain = Catalog(locale=catalog.locale, project="Bilety", fuzzy=False, header_comment=f"# Bilety, {catalog.locale}")
    for message in sorted((entry for entry in catalog if entry.id), key=_order):
        plain[message.id] = Message(
            message.id,
            message.string,
            flags=message.flags - {"python-format"},
            auto_comments=message.auto_comments,
            user_comments=message.user_comments,
            context=message.context,
        )
    buffer = io.BytesIO()
    write_po(buffer, plain, width=110, omit_header=True)
    head = f'# Bilety: {catalog.locale}\nmsgid ""\nmsgstr ""\n"Language: {catalog.locale}\\n"\n'
    head += '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    head += f'"Plural-Forms: {plain.plural_forms}\\n"\n\n'
    return head.encode() + buffer.getvalue()


def ensure_compiled() -> None:
    """Compile what was never compiled or was edited since; cheap when nothing was."""
    for shipped in ALL:
        if shipped.po.exists() and (not shipped.mo.exists() or shipped.mo.stat().st_mtime < shipped.po.stat().st_mtime):
            shipped.compile()


def _order(message: Message) -> tuple[str, str]:
    identity = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
    return str(identity).casefold(), str(identity)
