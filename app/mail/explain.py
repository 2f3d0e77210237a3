"""`run.py intake --explain FILE...`: how letters are understood, one JSON object a line. Stores nothing."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.mail import guard, headers, thread
from app.mail.invitation import KIND
from app.mail.letter import Report, Understood
from app.mail.parse import understand


def main(argv: Sequence[str]) -> int:
    """Explain every file; one that cannot be read has an error in its place. 0 when every input was answered."""
    for name in argv:
        try:
            answer = explain(name, Path(name).read_bytes())
        except OSError as error:
            answer = {"file": name, "error": error.strerror or str(error)}
        print(json.dumps(answer, ensure_ascii=False), flush=False)
    sys.stdout.flush()
    return 0


def explain(name: str, raw: bytes) -> dict[str, Any]:
    """All that is understood of one letter, as plain values."""
    understood = understand(raw)
    return_path = understood.header("return-path")
    sender = understood.sender or headers.without_domain(understood.header("from"))
    verdict = guard.judge(understood, envelope_from="" if return_path == "<>" else None, own=guard.Own())
    return {
        "file": name,
        "message_id": understood.message_id,
        "subject": understood.subject,
        "from_email": sender.address if sender else None,
        "from_name": sender.name if sender else None,
        "language": understood.language,
        "kind": verdict.kind,
        "bounce": _bounce(understood.report) if verdict.kind == guard.BOUNCE else None,
        "forward": understood.is_forward,
        "visible": understood.text,
        "folded": [{"text": part["text"], "why": part["kind"]} for part in understood.folded if part["kind"] != KIND],
        "invitations": [part for part in understood.folded if part["kind"] == KIND],
        "attachments": [
            {
                "name": file.name,
                "size": len(file.content),
                "content_type": file.content_type,
                "inline": file.inline or file.meant_inline,
            }
            for file in understood.files
            if file.counts and verdict.kind not in (guard.BOUNCE, guard.RECEIPT)
        ],
        "evidence": _evidence(understood),
        "warnings": list(understood.warnings),
    }


def _bounce(report: Report | None) -> dict[str, str | None]:
    """Soft: trying again may help, as with a full mailbox. Delayed: the server still tries."""
    if report is None:
        return {"recipient": None, "class": "hard", "status": None}
    if report.action == "delayed":
        kind = "delayed"
    elif report.is_soft:
        kind = "soft"
    else:
        kind = "hard"
    return {"recipient": report.recipient, "class": kind, "status": report.status}


def _evidence(understood: Understood) -> list[dict[str, Any]]:
    """What would place it. Without the desk's secret a mark of ours looks like any other Message-ID."""
    key = os.environ.get("SECRET_KEY", "").encode()
    found = [
        {"how": pointer.how, "ticket": pointer.ticket, "signed": pointer.signed}
        for pointer in thread.evidence(understood, recipient="", key=key)
    ]
    found += [{"how": "message_id", "id": message_id, "signed": False} for message_id in thread.known_ids(understood)]
    return found
