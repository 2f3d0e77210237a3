"""What people call a row, in their language."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.types import Json


class Named:
    """Something with a name in Polish, in English and, where translators gave one, in further languages."""

    name_pl: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    names: Mapped[dict[str, str]] = mapped_column(Json, default=dict, server_default="{}")

    def name(self, language: str) -> str:
        """In English where nobody has said it in that language."""
        return name_in(language, self.name_pl, self.name_en, self.names)


def name_in(language: str, polish: str, english: str, further: Mapping[str, str] | None) -> str:
    return (further or {}).get(language) or (polish if language == "pl" else english)
