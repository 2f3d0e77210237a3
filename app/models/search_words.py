"""What the desk adds to the words of search that it came with."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Model


class WordsAct(StrEnum):
    """What a search does with the words of a row."""

    SAME = "same"  # whoever seeks one of them finds the others too
    IGNORED = "ignored"  # they say nothing about what is sought


class SearchWords(Model):
    """Words, separated by commas. One that is not active counts for nothing."""

    __tablename__ = "search_words"

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str] = mapped_column(String(8))
    words: Mapped[str] = mapped_column(String(500), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
