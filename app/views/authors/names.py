"""What the codes of entries are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.models.entry import TextState, Visibility

STATE_NAMES: Mapping[str, Any] = {
    TextState.DRAFT: _l("Draft"),
    TextState.REVIEW: _l("Waits for review"),
    TextState.SCHEDULED: _l("Scheduled"),
    TextState.PUBLISHED: _l("Published"),
    TextState.WITHDRAWN: _l("No longer published"),
}
BADGES: Mapping[str, str] = {
    TextState.DRAFT: "plain",
    TextState.REVIEW: "state-waiting_customer",
    TextState.SCHEDULED: "state-new",
    TextState.PUBLISHED: "good",
    TextState.WITHDRAWN: "bad",
}
READER_NAMES: Mapping[str, Any] = {
    Visibility.EVERYONE: _l("Everyone, without signing in"),
    Visibility.SIGNED_IN: _l("Signed-in customers"),
    Visibility.ORGANISATIONS: _l("Chosen organisations"),
    Visibility.CONSULTANTS: _l("The desk only"),
}
PART_NAMES: Mapping[str, Any] = {
    "title": _l("Title"),
    "summary": _l("Summary"),
    "body": _l("Text"),
    "slug": _l("Address"),
}
WITHOUT_NAMES: Mapping[str, Any] = {"pl": _l("Missing in Polish"), "en": _l("Missing in English")}
