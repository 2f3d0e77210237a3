"""The authors' side: what is written for readers, and the types that it is of."""

from __future__ import annotations

from app.views.authors.drafts import DraftsView
from app.views.authors.entries import EntriesView
from app.views.authors.types import ContentTypesView

VIEWS: tuple[type, ...] = (EntriesView, ContentTypesView, DraftsView)
