"""A short run of what `make proof` does at length."""

from __future__ import annotations

from bench import crashes


def test_a_killed_process_loses_and_doubles_no_letter() -> None:
    assert crashes.main(["--runs", "4", "--of", "10"]) == 0
