"""The whole matrix of rights, and the long walk of two companies (tests/access, tests/security)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

SEEDS, ACTS = 10, 2_000
MATRIX, WALK = "tests/access/test_matrix.py", "tests/security/test_random_acts.py"


def main(_argv: Sequence[str] = ()) -> int:
    """0 when every cell agrees and nothing crosses over."""
    failed = _run(MATRIX, BILETY_WHOLE_MATRIX="1")
    for seed in range(1, SEEDS + 1):
        failed += _run(WALK, BILETY_ACTS=str(ACTS), BILETY_SEED=str(seed))
    print(f"{SEEDS} walks of {ACTS} acts and the whole matrix: {failed} of {SEEDS + 1} runs failed")
    return 1 if failed else 0


def _run(tests: str, **wanted: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "--timeout=0", tests]
    done = subprocess.run(command, env=os.environ | wanted, check=False)
    return int(done.returncode != 0)
