"""Long runs are kept with the sources that they tell of, and not repeated for the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench import proof
from bench.__main__ import BENCHES


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two proofs that leave a line in a file at every run; the bar of the second is missed."""
    counted = tmp_path / "runs"
    code = f"open({str(counted)!r}, 'a').write('%s\\n'); print('a figure'); raise SystemExit(%d)"
    both = (
        proof.Proof("held", "Something short.", ("-c", code % ("held", 0))),
        proof.Proof("missed", "Something else.", ("-c", code % ("missed", 1))),
    )
    monkeypatch.setattr(proof, "proofs", lambda _desks: both)
    monkeypatch.setattr(proof, "PAGES", tmp_path / "pages")
    return counted


def test_what_held_is_kept_and_not_run_again_for_the_same_sources(runs: Path, tmp_path: Path) -> None:
    assert proof.main([]) == 1
    assert proof.main([]) == 1
    assert runs.read_text().split() == ["held", "missed", "missed"]
    page = (tmp_path / "pages" / "held.md").read_text()
    assert "a figure" in page
    assert proof.stamp_of_sources() in page


def test_it_is_run_again_when_asked_or_when_the_sources_changed(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert proof.main(["held"]) == 0
    proof.main(["held", "--again"])
    monkeypatch.setattr(proof, "stamp_of_sources", lambda: "other")
    proof.main(["held"])
    assert runs.read_text().split() == ["held"] * 3


def test_every_proof_is_a_bench_that_is_there() -> None:
    assert {entry.command[2] for entry in proof.proofs("desks")} <= set(BENCHES)


def test_a_short_run_does_not_pass_for_a_long_one(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held, _missed = proof.proofs("desks")
    sized = (replace(held, options=("1000",), short=("10",)),)
    monkeypatch.setattr(proof, "proofs", lambda _desks: sized)
    for argv in (["--short"], ["--short"], [], []):
        assert proof.main(argv) == 0
    assert runs.read_text().split() == ["held"] * 2
