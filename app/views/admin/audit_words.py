"""What the codes of the audit log are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.caller import Via
from app.content.happened import EntryAct
from app.events.audit import AuditKind
from app.views.admin.names import called
from app.views.admin.role_words import DOES

KINDS: dict[str, Any] = {
    AuditKind.SIGNED_IN: _l("Signed in"),
    AuditKind.SIGN_IN_FAILED: _l("Failed to sign in"),
    AuditKind.SIGNED_OUT: _l("Signed out"),
    AuditKind.SESSION_ENDED: _l("Signed a browser out"),
    AuditKind.PASSWORD_CHANGED: _l("Changed the password"),
    AuditKind.PASSWORD_RESET: _l("Set a new password by letter"),
    AuditKind.FACTOR_ADDED: _l("Added a way to sign in"),
    AuditKind.FACTOR_REMOVED: _l("Removed a way to sign in"),
    AuditKind.CODES_MADE: _l("Made recovery codes"),
    AuditKind.CODE_USED: _l("Used a recovery code"),
    AuditKind.KEY_MADE: _l("Made an API key"),
    AuditKind.KEY_ENDED: _l("Revoked an API key"),
    AuditKind.RIGHTS: _l("Changed rights"),
    AuditKind.SETTINGS: _l("Changed settings"),
    AuditKind.EXPORTED: _l("Exported"),
    AuditKind.VIEWED_AS: _l("Viewed the desk as somebody else"),
    AuditKind.REFUSED: _l("Was refused"),
    AuditKind.LETTER_REJECTED: _l("Rejected an incoming letter"),
    AuditKind.ENTRY: _l("Worked on a text for readers"),
    AuditKind.LETTER_TAKEN_BACK: _l("Took back the rejection of an incoming letter"),
    AuditKind.CUSTOMER_NOTE: _l("Note about a customer"),
    AuditKind.LINKS_ENDED: _l("Ended the links in a ticket's letters"),
    AuditKind.LOOP: _l("A loop of automatic letters was ended"),
}
VIAS: dict[str, Any] = {Via.BROWSER: _l("Browser"), Via.TOKEN: _l("Token"), Via.KEY: _l("API key")}
TABLES: dict[str, Any] = {
    "ab_user": _l("Account"),
    "ab_role": _l("Role"),
    "assignment": _l("Answers for a product group"),
    "calendar": _l("Calendar"),
    "content_type": _l("Content type"),
    "desk_setting": _l("Setting of the desk"),
    "field_set": _l("Fields"),
    "hook": _l("Hook"),
    "intake_rule": _l("Rule about incoming letters"),
    "letter_template": _l("Words of a letter"),
    "mail_connection": _l("Connection of a mailbox"),
    "mail_domain": _l("Rule for a mail domain"),
    "mailbox": _l("Mailbox"),
    "membership": _l("Membership in an organisation"),
    "membership_group": _l("Product group that a member sees"),
    "organisation": _l("Organisation"),
    "organisation_domain": _l("Mail domain"),
    "invitation": _l("Invitation"),
    "participant": _l("Participant of a ticket"),
    "product_group": _l("Product group"),
    "ready_answer": _l("Ready answer"),
    "service_level": _l("Service level"),
    "state": _l("State"),
    "state_move": _l("Move between states"),
    "tag": _l("Tag"),
}
LABELS: dict[str, Any] = {
    "act": _l("What"),
    "language": _l("Language"),
    "version": _l("Version"),
    "at": _l("At"),
    "readers": _l("Readers"),
    "organisations": _l("Organisations"),
    "groups": _l("Product groups"),
    "tags": _l("Tags"),
    "given": _l("Given"),
    "taken": _l("Taken away"),
    "how": _l("By"),
    "answer": _l("Answer"),
    "filters": _l("Filter"),
    "name": _l("Name"),
    "scopes": _l("May"),
    "browser": _l("Browser"),
    "address": _l("Network address"),
    "count": _l("Number"),
}
HOWS: dict[str, Any] = {
    "password": _l("password"),
    "code": _l("code"),
    "authenticator": _l("authenticator app"),
    "webauthn": _l("passkey"),
    "passkey": _l("passkey"),
    "second factor": _l("second step"),
    "token": _l("token"),
    "too many": _l("too many"),
    "reset": _l("reset by an administrator"),
    "recovery code": _l("recovery code"),
    "confirm": _l("invitation"),
    "begun": _l("begun"),
    "ended": _l("ended"),
    "change": _l("changed password"),
    "added": _l("added"),
    "removed": _l("removed"),
}
ENTRY_ACTS: dict[str, Any] = {
    EntryAct.ADDED: _l("begun"),
    EntryAct.SAVED: _l("saved"),
    EntryAct.RESTORED: _l("restored from an earlier version"),
    EntryAct.ASKED_FOR_REVIEW: _l("review asked for"),
    EntryAct.PUBLISHED: _l("published"),
    EntryAct.SCHEDULED: _l("publication scheduled"),
    EntryAct.END_SCHEDULED: _l("withdrawal scheduled"),
    EntryAct.UNSCHEDULED: _l("what was scheduled is cancelled"),
    EntryAct.WITHDRAWN: _l("withdrawn"),
    EntryAct.ABOUT: _l("readers, product groups or tags changed"),
    EntryAct.BINNED: _l("put into the bin"),
    EntryAct.UNBINNED: _l("taken out of the bin"),
    EntryAct.FILE_ADDED: _l("file added"),
    EntryAct.PREVIEWED: _l("private address made"),
    EntryAct.PREVIEWS_ENDED: _l("private addresses ended"),
}
VALUES: dict[str, Any] = {**HOWS, **ENTRY_ACTS, **{str(code): words for code, words in DOES.items()}}
ACTS: dict[str, Any] = {"added": _l("added"), "changed": _l("changed"), "removed": _l("removed")}


def details(data: Mapping[str, Any]) -> str:
    """What an entry tells beyond who and what, on one line."""
    if "table" in data:
        changes = "; ".join(_change(name, values) for name, values in data.get("values", {}).items())
        return f"{called(TABLES, data['table'])}, {called(ACTS, data['act'])}: {changes}"
    told = {name: value for name, value in data.items() if value not in (None, "", {}, [])}
    return "; ".join(f"{called(LABELS, name)}: {_plain(value)}" for name, value in told.items())


def _change(name: str, values: Any) -> str:
    if isinstance(values, list):
        return f"{name}: {values[0] or '–'} → {values[1] or '–'}"
    return f"{name}: {values or '–'}"


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={each}" for name, each in value.items())
    return ", ".join(str(called(VALUES, str(each))) for each in (value if isinstance(value, list) else [value]))
