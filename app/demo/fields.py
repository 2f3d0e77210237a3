"""Fields of the demo desk: a few that ticket forms of such a desk ask for."""

from __future__ import annotations

from app.desk import field_sets
from app.fields import Definition, Kind, Option
from app.fields.definition import new_id

DETAILS = {"pl": "Szczegóły", "en": "Details"}


def publish_fields() -> None:
    """Three fields of every ticket form, of which one hangs on another, and two of organisations."""
    where = new_id()
    environment = Definition(
        where,
        "ticket",
        Kind.CHOICE,
        "environment",
        {"pl": "Środowisko", "en": "Environment"},
        section=DETAILS,
        position=10,
        options=(
            Option("production", {"pl": "produkcyjne", "en": "production"}),
            Option("test", {"pl": "testowe", "en": "test"}),
        ),
        filterable=True,
        in_grid=True,
    )
    halted = Definition(
        new_id(),
        "ticket",
        Kind.YES_NO,
        "work_halted",
        {"pl": "Czy praca stoi?", "en": "Has work come to a halt?"},
        section=DETAILS,
        position=20,
        shown_if={"field": where, "in": ["production"]},
        filterable=True,
    )
    build = Definition(
        new_id(),
        "ticket",
        Kind.TEXT,
        "build",
        {"pl": "Wersja programu", "en": "Version of the program"},
        helps={"pl": "Z okna „O programie”, np. 14.2.", "en": "From the window “About”, such as 14.2."},
        section=DETAILS,
        position=30,
        most=40,
        searchable=True,
        filterable=True,
    )
    industry = Definition(
        new_id(), "organisation", Kind.TEXT, "industry", {"pl": "Branża", "en": "Industry"}, position=10, most=80
    )
    nip = Definition(new_id(), "organisation", Kind.NIP, "nip", {"pl": "NIP", "en": "NIP (tax number)"}, position=20)
    field_sets.publish([industry, nip, environment, halted, build], reason="Pola pokazowe", by=None)
