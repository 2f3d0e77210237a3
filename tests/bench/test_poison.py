"""A short run of what `make proof` does at length."""

from __future__ import annotations

from bench import poison


def test_every_wounded_letter_ends_somewhere() -> None:
    assert poison.main(["--letters", "40", "--seed", "7"]) == 0
