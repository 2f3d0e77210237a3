"""`python -m bench made-up [--examples N]`: N requests of each operation of the API, made up from its description.

None may end in an error of ours, or in an answer that is not described.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] = ()) -> int:
    """Answer 0 when all is as it is described."""
    parser = argparse.ArgumentParser(prog="python -m bench made-up", description=__doc__)
    parser.add_argument("--examples", type=int, default=20, help="of each operation")
    given = parser.parse_args(argv)
    asked = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-s",
        "--timeout=0",
        "-p",
        "no:cacheprovider",
        "tests/views/api/test_made_up.py",
    ]
    return subprocess.run(asked, env={**os.environ, "BILETY_MADE_UP": str(given.examples)}, check=False).returncode
