"""What codes of tickets are called by people."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.models.ticket import Priority

PRIORITY_NAMES: dict[str, Any] = {
    Priority.LOW: _l("Low"),
    Priority.NORMAL: _l("Normal"),
    Priority.HIGH: _l("High"),
    Priority.URGENT: _l("Urgent"),
}
