"""To whom a note speaks: names, addresses and what stands before their @, among those who may read it."""

from __future__ import annotations

import pytest

from app.desk.mentions import read
from app.models.account import Account

PEOPLE = [
    Account(id=row, email=email, first_name=first, last_name=last)
    for row, email, first, last in (
        (1, "jan@desk.example", "Jan", "Kos"),
        (2, "jan.kos@desk.example", "Jan", "Kos"),
        (3, "zoe@desk.example", "Zoë", "Żak"),
        (4, "jan@other.example", "Jan Maria", "Lis"),
    )
]


@pytest.mark.parametrize(
    ("text", "spoken", "unknown"),
    [
        ("@jan.kos, zobacz", {2}, ()),
        ("Zobacz @jan.", {1, 4}, ()),
        ("@JAN@desk.example: pilne", {1}, ()),
        ("@Jan Kos @zoe@desk.example", {1, 2, 3}, ()),
        ("(@zoë  żak)", {3}, ()),
        ("@Jan Maria Lis i @jan kosa", {1, 4}, ()),
        ("> @zoe pisze klient\nodpowiedz @zoe", {3}, ()),
        ("pisz na adres biuro@zoe.example albo zoe@desk.example", set(), ()),
        ("@@zoe @zoe-2 @ zoe @nikt", set(), ("zoe-2", "nikt")),
        ("", set(), ()),
    ],
)
def test_who_is_spoken_to(text: str, spoken: set[int], unknown: tuple[str, ...]) -> None:
    found = read(text, PEOPLE)
    assert ({account.id for account in found.accounts}, found.unknown) == (spoken, unknown)
