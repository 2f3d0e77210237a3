"""A field of every kind, with a value that it takes and how that is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.fields import Definition, Kind, Option

WORDS = {"pl": "Pole", "en": "Field"}
OPTIONS = (
    Option("small", {"pl": "Mały", "en": "Small"}),
    Option("large", {"pl": "Duży", "en": "Large"}),
    Option("old", {"pl": "Stary", "en": "Old"}, withdrawn=True),
)
TREE = (
    Option("erp", {"pl": "ERP", "en": "ERP"}),
    Option("sales", {"pl": "Sprzedaż", "en": "Sales"}, parent="erp"),
)


@dataclass(frozen=True)
class Sample:
    typed: list[str]  # in a form, by a reader in Warsaw
    kept: Any
    polish: str  # as text
    more: dict[str, Any]  # of its definition


SAMPLES: dict[Kind, Sample] = {
    Kind.TEXT: Sample(["  Żółta  łódź "], "Żółta  łódź", "Żółta  łódź", {}),
    Kind.LONG_TEXT: Sample(["Raz\r\ndwa"], "Raz\ndwa", "Raz\ndwa", {}),
    Kind.RICH_TEXT: Sample(["**ważne**"], "**ważne**", "**ważne**", {}),
    Kind.NUMBER: Sample(["1 234,5"], 1234.5, "1 234,5", {"decimals": 1}),
    Kind.MONEY: Sample(["1234,5"], "1234.50", "1 234,50 zł", {"currency": "PLN"}),
    Kind.DATE: Sample(["2026-11-30"], "2026-11-30", "30 lis 2026", {}),
    Kind.DATETIME: Sample(["2026-11-30T14:30"], "2026-11-30T13:30:00Z", "30 lis 2026, 14:30:00", {}),
    Kind.YES_NO: Sample(["yes"], True, "tak", {}),
    Kind.CHOICE: Sample(["large"], "large", "Duży", {"options": OPTIONS}),
    Kind.CHOICES: Sample(["large", "small"], ["small", "large"], "Mały, Duży", {"options": OPTIONS}),
    Kind.TREE: Sample(["sales"], "sales", "ERP › Sprzedaż", {"options": TREE}),
    Kind.EMAIL: Sample(["Anna@Klient.example"], "anna@klient.example", "anna@klient.example", {}),
    Kind.TELEPHONE: Sample(["22 123 45 67"], "+48221234567", "+48 22 123 45 67", {}),
    Kind.URL: Sample(
        ["https://klient.example/a?b=1"], "https://klient.example/a?b=1", "https://klient.example/a?b=1", {}
    ),
    Kind.NIP: Sample(["PL 526-000-12-46"], "5260001246", "5260001246", {}),
    Kind.PATTERN: Sample(
        ["FV-0042"],
        "FV-0042",
        "FV-0042",
        {"pattern": "FV-[0-9]{4}", "helps": {"pl": "FV i numer", "en": "FV and number"}},
    ),
}


def a_field(kind: Kind | str = Kind.TEXT, name: str = "pole", **more: Any) -> Definition:
    """A field of tickets whose id tells its name."""
    kind = Kind(kind)
    said = SAMPLES[kind].more if kind in SAMPLES else {}
    return Definition(
        **{
            "id": name.encode().hex().ljust(32, "0")[:32],
            "owner": "ticket",
            "kind": kind,
            "name": name,
            "labels": WORDS,
            **said,
            **more,
        }
    )
