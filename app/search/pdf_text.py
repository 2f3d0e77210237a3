"""Run by itself: the text of the PDF on standard input, page by page, on standard output. It imports nothing of ours.

`pdf_text.py SECONDS BYTES SIGNS`: of processor time, of memory, of text; the system ends it at the first two.
"""

from __future__ import annotations

import io
import logging
import os
import resource
import sys

from pypdf import PdfReader


def main() -> None:
    seconds, memory, signs = map(int, sys.argv[1:4])
    os.nice(10)
    logging.disable()
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    read = PdfReader(io.BytesIO(sys.stdin.buffer.read()), strict=False)
    if read.is_encrypted and not read.decrypt(""):
        return
    for page in read.pages:
        text = page.extract_text()[:signs]
        sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()
        signs -= len(text)
        if signs <= 0:
            return


if __name__ == "__main__":
    try:
        main()
    except Exception:  # A file that is none says nothing, whatever its reading raised.
        sys.exit(1)
