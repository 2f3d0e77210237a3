"""What somebody has begun to write, kept until he sends it or throws it away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.desk.content import StoredFile
from app.extensions import db
from app.models.draft import Draft
from app.models.types import utc_now

KEPT_FOR = timedelta(days=30)
WRITTEN = ("subject", "text")


def drafts_of(account_id: int, *places: str) -> dict[str, Draft]:
    """The account's own drafts of these places."""
    query = select(Draft).where(Draft.account_id == account_id, Draft.place.in_(places))
    return {draft.place: draft for draft in db.session.scalars(query)}


def keep(account_id: int, place: str, words: Mapping[str, str], files: Sequence[StoredFile]) -> Draft | None:
    """Keep these words and files in place of what was kept before; choices alone are no draft."""
    if not files and not any(words.get(name, "").strip() for name in WRITTEN):
        forget(account_id, place)
        return None
    draft = drafts_of(account_id, place).get(place) or _begun(account_id, place)
    draft.words = dict(words)
    draft.files = [asdict(file) for file in files]
    draft.saved_at = utc_now()
    return draft


def put_back(account_id: int, place: str, words: Mapping[str, str], files: Sequence[StoredFile]) -> None:
    """What was taken back is a draft again, before what he may have begun to write meanwhile."""
    draft = drafts_of(account_id, place).get(place)
    begun = draft.words.get("text", "").strip() if draft else ""
    texts = [words["text"], begun] if begun not in ("", words["text"].strip()) else [words["text"]]
    known = {file.sha256 for file in files}
    more = [file for file in files_of(draft) if file.sha256 not in known]
    keep(account_id, place, {**words, "text": "\n\n".join(texts)}, [*files, *more])


def forget(account_id: int, place: str) -> None:
    """It was sent, or thrown away."""
    db.session.execute(delete(Draft).where(Draft.account_id == account_id, Draft.place == place))


def forget_old(now: datetime) -> None:
    """Forget what nobody went on with for long."""
    db.session.execute(delete(Draft).where(Draft.saved_at < now - KEPT_FOR))


def files_of(draft: Draft | None) -> list[StoredFile]:
    return [StoredFile(**file) for file in draft.files] if draft else []


def _begun(account_id: int, place: str) -> Draft:
    """A new row; of two that begin at once the second goes on with the first's."""
    try:
        with db.session.begin_nested():
            draft = Draft(account_id=account_id, place=place, words={}, files=[])
            db.session.add(draft)
    except IntegrityError:
        return drafts_of(account_id, place)[place]
    return draft
