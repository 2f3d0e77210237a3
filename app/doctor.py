"""`run.py doctor`: every part, what was seen of it, and how to mend it."""

from __future__ import annotations

import os

from flask_babel import force_locale

import config
from app.checks import Finding, everything
from app.processes.preflight import database_complaint, folder_complaint


def main() -> int:
    """Print a line a part; 1 when one is not well."""
    settings = config.read()
    complaint = folder_complaint(settings) or database_complaint(settings, needs_schema=False)
    if complaint:
        print(f"[--] {complaint}")
        return 1
    from app import create_app

    app = create_app(settings)
    with app.app_context(), force_locale(language()):
        findings = list(everything())
    for finding in findings:
        print(line(finding))
    return 0 if all(finding.well for finding in findings) else 1


def line(finding: Finding) -> str:
    sign = "ok" if finding.well else "--"
    mend = f"\n     -> {finding.mend}" if finding.mend else ""
    return f"[{sign}] {finding.part:<14} {finding.seen}{mend}"


def language() -> str:
    """The administrator's language, by the environment."""
    return "pl" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("pl") else "en"
