"""Every door of the product: who may open it at all, which rows it takes, and what the rule says of each.

A route without an entry here fails `tests/test_frame.py` by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule as Route

from app import access
from app.access import NotFound, Right, Standing
from app.mail.by_hand import may_decide
from app.models.account import Account, AccountSession, Role
from app.models.call import Call
from app.models.entry import Entry, Variant
from app.models.event import Event
from app.models.invitation import Invitation
from app.models.journal import JournalEntry
from app.models.mailbox import Mailbox
from app.models.organisation import Membership, Organisation
from app.models.product_group import CalendarRecord, ProductGroup
from app.models.saved_view import SavedView
from app.models.ticket import Message, MessageKind, Ticket

Rule = Callable[[Session, Standing, int], bool]
ROW, FIRST = "the row", "its first message"
NOBODY_ASKS = frozenset({""})  # whoever comes, signed in or not
ALL = frozenset(access.KINDS)
PORTAL = frozenset({"customer", "consultant", "auditor", "administrator"})
WRITERS = PORTAL - {"auditor"}
DESK = access.STAFF
CONSULTANTS = frozenset({"consultant", "administrator"})
WRITERS_OF_TEXTS = frozenset({"consultant", "translator", "editor", "administrator"})
PUBLISHERS = frozenset({"editor", "administrator"})
READERS_OF_TEXTS = WRITERS_OF_TEXTS | {"auditor"}
LOOKERS = access.SEES_EVERYTHING
ADMINISTRATORS = frozenset({"administrator"})
TRANSLATORS = frozenset({"translator", "administrator"})
READERS_OF_TRANSLATIONS = TRANSLATORS | {"auditor"}
COMPANY = frozenset({"customer", "administrator"})


@dataclass(frozen=True)
class Door:
    """`who` may open it by his role; `rows` are the kind that its address takes, and `rule` what decides of one.

    `seen` is the rule of merely knowing of the row, where acting needs more. `names` are values of its address that
    are no rows, `body` is what an honest sender sends; ROW in it is the row itself, FIRST its first message.
    """

    who: frozenset[str]
    rows: str = ""
    rule: Rule | None = None
    seen: Rule | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


def ticket(right: Right = Right.SEE) -> Rule:
    def rule(session: Session, standing: Standing, row: int) -> bool:
        try:
            access.get_ticket(session, standing, row, may=right, by=Ticket.id)
        except NotFound:
            return False
        return True

    return rule


def clause(model: type[Any], says: Callable[[Standing], Any]) -> Rule:
    def rule(session: Session, standing: Standing, row: int) -> bool:
        return session.scalar(select(model.id).where(model.id == row, says(standing))) is not None

    return rule


def _of_entry(rule: Rule) -> Rule:
    """What the rule says of the entry that a text belongs to."""
    return lambda session, standing, row: rule(session, standing, session.get_one(Variant, row).entry_id)


def _file(session: Session, standing: Standing, row: int) -> bool:
    try:
        return bool(access.get_attachment(session, standing, row))
    except NotFound:
        return False


def _receipt(session: Session, standing: Standing, row: int) -> bool:
    is_customers = session.get_one(Message, row).kind == MessageKind.CUSTOMER
    return is_customers and MESSAGE(session, standing, row)


def _event(session: Session, standing: Standing, row: int) -> bool:
    found = session.scalar(select(Event.ticket_id).where(Event.id == row, access.sees_event(standing)))
    return found is not None and SEE(session, standing, found)


def _decided(session: Session, standing: Standing, row: int) -> bool:
    return JOURNAL(session, standing, row) and may_decide(standing, session.get_one(JournalEntry, row))


def _may_say_of(_session: Session, standing: Standing, row: int) -> bool:
    return standing.handles_everything or standing.account_id == row


def _managed_member(session: Session, standing: Standing, row: int) -> bool:
    member = session.get_one(Membership, row)
    return member.organisation_id in standing.managed_organisations and member.account_id != standing.account_id


def _member_of_managed(session: Session, standing: Standing, row: int) -> bool:
    """His own place too: why he cannot leave by himself is told."""
    return session.get_one(Membership, row).organisation_id in standing.managed_organisations


def _managed_invitation(session: Session, standing: Standing, row: int) -> bool:
    return session.get_one(Invitation, row).organisation_id in standing.managed_organisations


def _manages_any(_session: Session, standing: Standing, _row: int) -> bool:
    return bool(standing.managed_organisations)


def _is_staff(session: Session, row: int) -> bool:
    return session.get_one(Account, row).role_kinds != {"customer"}


def _customer(session: Session, standing: Standing, row: int) -> bool:
    return not _is_staff(session, row) and ACCOUNT(session, standing, row)


def _staff(session: Session, standing: Standing, row: int) -> bool:
    return _is_staff(session, row) and standing.sees_everything


def _viewable(session: Session, standing: Standing, row: int) -> bool:
    account = session.get_one(Account, row)
    return standing.handles_everything and bool(account.active) and account.role_kinds == {"customer"}


def _self_or_administrator(_session: Session, standing: Standing, row: int) -> bool:
    return standing.handles_everything or row == standing.account_id


def _administrator(_session: Session, standing: Standing, _row: int) -> bool:
    return standing.handles_everything


def _invites(_session: Session, standing: Standing, _row: int) -> bool:
    return standing.handles_everything or bool(standing.answered_groups)


def _invited(session: Session, standing: Standing, row: int) -> bool:
    return _invites(session, standing, row) and INVITATION(session, standing, row)


def _invited_by_api(session: Session, standing: Standing, row: int) -> bool:
    return _invited(session, standing, row) or MANAGED_INVITATION(session, standing, row)


def _told_invitation(session: Session, standing: Standing, row: int) -> bool:
    return INVITATION(session, standing, row) or MANAGED_INVITATION(session, standing, row)


def _invites_somebody(session: Session, standing: Standing, row: int) -> bool:
    return _invites(session, standing, row) or _manages_any(session, standing, row)


def _own_message(session: Session, standing: Standing, row: int) -> bool:
    message = session.get_one(Message, row)
    return message.author_id == standing.account_id and WRITE(session, standing, message.ticket_id)


def _own_session(session: Session, standing: Standing, row: int) -> bool:
    return session.get_one(AccountSession, row).account_id == standing.account_id


def _anybody(_session: Session, _standing: Standing, _row: int) -> bool:
    return True


def _nobodys(_session: Session, _standing: Standing, _row: int) -> bool:
    return False


SEE, WRITE, SHARE, HIDE, HANDLE, MANAGE = (ticket(right) for right in Right)
MESSAGE = clause(Message, access.sees_messages)
JOURNAL = clause(JournalEntry, access.sees_journal)
CALL = clause(Call, access.sees_call)
VIEW, OWN_VIEW = clause(SavedView, access.sees_view), clause(SavedView, access.changes_view)
ACCOUNT = clause(Account, access.sees_account)
ORGANISATION = clause(Organisation, access.sees_organisation)
INVITATION = clause(Invitation, access.sees_invitation)
MANAGED_INVITATION = clause(Invitation, access.manages_invitation)
ROLE = clause(Role, access.sees_role)
GROUP = clause(ProductGroup, access.sees_product_group)
READS = clause(Entry, access.sees_entry)
GROUP_SETTINGS = clause(ProductGroup, access.manages_product_group)
DRAFT = clause(Entry, access.sees_draft)
WRITES = clause(Entry, access.writes_entry)
TEXT_DRAFT, TEXT_WRITES = _of_entry(DRAFT), _of_entry(WRITES)

TICKET_BODY: Mapping[str, Any] = {
    **{"text": "x", "note-text": "x", "assignee": "", "priority": "low", "state": "open", "email": "ala@nowy.example"},
    **{"account": "1", "score": "good", "product_group": "2", "number": "1001", "kind": "parent", "tags": "", "on": ""},
    "message": FIRST,
}
POLISH = {"code": "pl"}
ENTRY_BODY: Mapping[str, Any] = {"title": "Tytuł", "seen": "1", "version": "1", "visibility": "everyone"}
WORDS = {"name": "closed", "language": "pl"}
INWARDS = {"direction": "in"}
SENTENCE = {"language": "pl", "domain": "messages", "key": "x", "act": "undo"}
API_BODIES: Mapping[str, Mapping[str, Any]] = {
    "assign": {"assignee": None},
    "priority": {"priority": "low"},
    "move": {"status": "open"},
    "merge": {"into": ROW},
    "split": {"message": FIRST, "subject": "x"},
    "link": {"other": ROW, "kind": "parent"},
    "unlink": {"other": ROW, "kind": "parent"},
    "let-in": {"email": "ala@nowy.example"},
    "show-out": {"account": 1},
    "confidential": {"confidential": True},
    "leave-out": {"email": "ala@nowy.example"},
    "move-message": {"message": FIRST, "into": ROW},
    "put-back": {"message": FIRST},
    "transfer": {"product_group": 2},
    "tags": {"tags": []},
    "follow-up": {"on": None},
    "rate": {"score": "good"},
}


def _by_api(act: str, rule: Rule, seen: Rule = SEE) -> tuple[str, Door]:
    door = Door(WRITERS, "ticket", rule, seen, body=API_BODIES.get(act, {}))
    return f"POST TicketApi.act_{act.replace('-', '_')}", door


def _at_desk(act: str, rule: Rule = HANDLE) -> tuple[str, Door]:
    return f"POST TicketModelView.{act}", Door(CONSULTANTS, "number", rule, body=TICKET_BODY)


def _in_portal(act: str, rule: Rule = WRITE) -> tuple[str, Door]:
    return f"POST TicketsView.{act}", Door(WRITERS, "number", rule, body=TICKET_BODY)


LOOKS = ("list", "show", "letter", "export", "page", "file")


def _settings(view: str, *doors: str, row: str = "setting") -> dict[str, Door]:
    """A page of settings: auditors look, administrators change."""
    return {
        name: Door(
            LOOKERS if name.startswith("GET") and name.split(".")[-1] in LOOKS else ADMINISTRATORS,
            row if name.split(".")[-1] not in ("list", "add", "export", "page") else "",
        )
        for name in (door.replace(" ", f" {view}.") for door in doors)
    }  # fmt: skip


GRID = ("GET list", "GET show")
FORMS = ("GET add", "POST add", "GET edit", "POST edit")

DOORS: dict[str, Door] = {
    # Open to everybody.
    **dict.fromkeys(
        (
            *(
                "GET HomeView.index",
                "GET HomeView.contact",
                "GET HomeView.accessibility",
                "GET ArticlesView.list",
                "GET ArticlesView.show",
                "GET TextsView.show",
                "GET ArticlesView.file",
                "GET TextsView.file",
                "GET SearchView.search",
                "GET SearchView.typing",
                "GET LookView.stylesheet",
                "GET LookView.logo",
                "GET PublicView.robots",
                "GET PublicView.sitemap",
                "GET PublicView.feed",
                "POST ArticlesView.opinion",
                "POST NoticesView.put_away",
                "GET DraftsView.file",
                "GET DraftsView.preview",
                "GET HomeView.switch_language",
                "GET ContentApi.get_list",
                "GET ContentApi.get",
                "GET ContentApi.at",
                "GET ContentApi.schema",
                "GET ContentApi.file",
                "GET healthz",
                "GET readyz",
                "GET metrics",
            ),
            *("GET readyz", "GET static", "GET security.static", "GET appbuilder.static", "GET UtilView.back"),
            *("GET VerifyView.page", "POST VerifyView.page", "GET VerifyView.check", "GET look_into_mailbox"),
            *("GET SignInView.login", "GET SignInView.logout", "POST SecurityApi.login"),
        ),
        Door(
            NOBODY_ASKS,
            names={
                **dict.fromkeys(("word", "filename", "slug", "token", "address", "field_id", "name"), "x"),
                **dict.fromkeys(("version", "sha256"), "x"),
                "code": "en",
                "language": "pl",
                "kind": "read",
                "type_code": "notice",
            },
        ),
    ),
    # The doors of signing in, of links in letters and of the exchange: each asks for its own secret (tests/security).
    **dict.fromkeys(
        (
            *(
                "GET report",
                "POST report",
                "GET report_sent",
                "GET report_offered",
                "POST report_helped",
                "GET by_letter_file",
            ),
            *("GET by_letter", "POST by_letter", "GET ConfirmingView.page", "POST ConfirmingView.confirm"),
            *("POST CallHook.take", "POST SecurityApi.refresh"),
            *(
                f"{method} security.{name}"
                for method in ("GET", "POST")
                for name in (
                    *(
                        "change_password",
                        "confirm_email",
                        "forgot_password",
                        "login",
                        "mf_recovery",
                        "mf_recovery_codes",
                    ),
                    *("register", "reset_password", "send_confirmation", "tf_select", "two_factor_rescue"),
                    *("two_factor_setup", "two_factor_token_validation", "verify", "wan_delete", "wan_register"),
                    *("wan_signin", "wan_verify"),
                )
            ),
            *("POST security.logout", "POST security.two_factor_setup_validate"),
            *(f"POST security.wan_{name}_response" for name in ("register", "signin", "verify")),
        ),
        Door(NOBODY_ASKS, rows="secret"),
    ),
    # One's own.
    **dict.fromkeys(("GET ProfileView.page", "POST ProfileView.page", "POST ProfileView.end_others"), Door(ALL)),
    **dict.fromkeys(("GET KeysView.list", "GET KeysView.new", "POST KeysView.new"), Door(ALL)),
    **dict.fromkeys(("GET SecondStepView.page", "POST SecondStepView.page", "POST SecondStepView.off"), Door(ALL)),
    "POST ProfileView.end_session": Door(ALL, "session", _own_session),
    "GET HooksView.list": Door(LOOKERS),
    "GET HooksView.show": Door(LOOKERS, "setting"),
    **{f"{method} HooksView.add": Door(ADMINISTRATORS) for method in ("GET", "POST")},
    **{f"POST HooksView.{name}": Door(ADMINISTRATORS, "setting") for name in ("save", "rotate", "resume", "remove")},
    "GET ImportsView.list": Door(LOOKERS),
    "POST ImportsView.add": Door(ADMINISTRATORS),
    "GET ImportsView.sample": Door(LOOKERS, names={"owner": "ticket", "form": "csv"}),
    **{f"GET ImportsView.{name}": Door(LOOKERS, "setting") for name in ("show", "problems")},
    **{f"POST ImportsView.{name}": Door(ADMINISTRATORS, "setting") for name in ("check", "run", "stop")},
    **{f"GET TransferView.{name}": Door(LOOKERS) for name in ("page", "export")},
    **{f"POST TransferView.{name}": Door(ADMINISTRATORS) for name in ("plan", "apply")},
    "POST HooksView.replay": Door(ADMINISTRATORS, "setting", names={"delivery_id": "1"}),
    "POST KeysView.revoke": Door(ALL, "key", _nobodys),
    "POST KeysView.rotate": Door(ALL, "key", _nobodys),
    # The portal.
    "GET OfferingView.offered": Door(WRITERS),
    "POST OfferingView.helped": Door(WRITERS, "entry", READS),
    "GET TicketsView.list": Door(PORTAL),
    "GET TicketModelView.export": Door(DESK),
    "GET TicketModelView.export_xlsx": Door(DESK),
    "GET TicketsView.new": Door(WRITERS),
    "POST TicketsView.new": Door(WRITERS),
    "POST TicketsView.draft_of_new": Door(WRITERS),
    "GET TicketsView.show": Door(PORTAL, "number", SEE),
    "GET TicketsView.file": Door(PORTAL, "number", _nobodys, names={"field_id": "f" * 32}),
    **dict(
        map(
            _in_portal, ("reply", "close", "accept", "rate", "watch", "unwatch", "reopen", "confirm", "fields", "draft")
        )
    ),
    **dict([_in_portal("let_in", SHARE), _in_portal("show_out", SHARE), _in_portal("confidential", HIDE)]),
    "GET FilesView.download": Door(PORTAL, "attachment", _file, names={"name": "x.txt"}),
    "GET LayoutView.show": Door(PORTAL, "message", MESSAGE),
    "GET ReceiptView.page": Door(PORTAL, "message", _receipt),
    "GET ReceiptView.pdf": Door(PORTAL, "message", _receipt),
    "GET ColleaguesView.list": Door(COMPANY, "nothing", _manages_any),
    "GET ColleaguesView.invite": Door(COMPANY, "nothing", _manages_any),
    "POST ColleaguesView.invite": Door(COMPANY, "nothing", _manages_any),
    "POST ColleaguesView.again": Door(COMPANY, "invitation", _managed_invitation, body={"invitation": ROW}),
    "POST ColleaguesView.withdraw": Door(COMPANY, "invitation", _managed_invitation, body={"invitation": ROW}),
    "GET ColleaguesView.sharing": Door(COMPANY, "membership", _managed_member),
    "POST ColleaguesView.sharing": Door(COMPANY, "membership", _managed_member),
    "POST ColleaguesView.remove": Door(COMPANY, "membership", _member_of_managed, body={"membership": ROW}),
    # The desk.
    "GET ReadersView.list": Door(READERS_OF_TEXTS),
    "GET ReadersView.entry": Door(READERS_OF_TEXTS, "entry", READS),
    "GET DeskView.home": Door(DESK | {"translator", "editor"}),
    "GET AbsencesView.list": Door(DESK),
    "GET FiguresView.page": Door(DESK),
    "GET AllSettingsView.page": Door(DESK),
    "POST AbsencesView.save": Door(CONSULTANTS),
    "POST AbsencesView.end": Door(CONSULTANTS, "account", _may_say_of),
    "GET SavedViewsView.list": Door(DESK),
    **{
        f"{way} ShortcutsView.{name}": Door(DESK)
        for way, name in (("GET", "sheet"), ("GET", "jump"), ("POST", "switch"))
    },
    "POST SavedViewsView.add": Door(CONSULTANTS),
    "POST SavedViewsView.look": Door(DESK),
    "POST SavedViewsView.place": Door(CONSULTANTS, "view", VIEW),
    **{
        f"{method} SavedViewsView.{name}": Door(CONSULTANTS, "view", OWN_VIEW, body={"name": "Widok"})
        for method, name in (("GET", "edit"), ("POST", "change"), ("POST", "delete"))
    },
    "GET SavedViewApi.get_list": Door(DESK),
    "GET SavedViewApi.get": Door(DESK, "view", VIEW),
    "POST SavedViewApi.post": Door(CONSULTANTS),
    **{f"{method} SavedViewApi.{method.lower()}": Door(CONSULTANTS, "view", OWN_VIEW) for method in ("PUT", "DELETE")},
    "GET TicketModelView.list": Door(DESK),
    **{f"GET QueuesView.{name}": Door(DESK) for name in ("today", "counts")},
    **{
        f"GET TicketModelView.{name}": Door(DESK, "number", SEE)
        for name in ("page_of", "now", "ready", "mentionable", "customer")
    },
    "POST TicketModelView.many": Door(CONSULTANTS),
    "GET TicketModelView.row": Door(CONSULTANTS, "number", HANDLE),
    "POST TicketModelView.undo": Door(CONSULTANTS),
    **dict(
        map(
            _at_desk,
            (
                "reply",
                "take_back",
                "note",
                "assign",
                "priority",
                "move",
                "resolve",
                "close",
                "reopen",
                "merge",
                "draft",
            ),
        )
    ),
    **dict(map(_at_desk, ("split", "link", "unlink", "tags", "follow_up", "move_message", "put_back", "leave_out"))),
    **dict(map(_at_desk, ("address_works", "send_again", "end_links", "fields", "change"))),
    **dict([_at_desk("let_in", SHARE), _at_desk("show_out", SHARE), _at_desk("confidential", HIDE)]),
    **dict([_at_desk("transfer", MANAGE), _at_desk("watch", SEE), _at_desk("unwatch", SEE)]),
    "POST TicketModelView.customer_note": Door(CONSULTANTS, "number", HANDLE, body=TICKET_BODY),
    "POST TicketModelView.forget_note": Door(
        CONSULTANTS, "number", HANDLE, body=TICKET_BODY, names={"note_id": "999999"}
    ),
    "GET TicketModelView.letter": Door(DESK, "number", _nobodys, names={"letter_id": "999999"}),
    "POST CallsView.address": Door(CONSULTANTS, "number", HANDLE, body=TICKET_BODY),
    "GET CallsView.record": Door(CONSULTANTS),
    "POST CallsView.record": Door(CONSULTANTS),
    "GET CallsView.callers": Door(CONSULTANTS),
    **dict.fromkeys(("GET CallModelView.home", "GET CallModelView.list", "GET CallModelView.waiting"), Door(DESK)),
    "GET CallModelView.show": Door(DESK, "call", CALL),
    "POST CallModelView.back": Door(CONSULTANTS, "call", CALL),
    "POST CallModelView.done": Door(CONSULTANTS, "call", CALL),
    "POST CallModelView.belongs": Door(CONSULTANTS, "call", _nobodys, body={"ticket": "999999"}),
    "GET JournalModelView.list": Door(DESK),
    "GET JournalModelView.show": Door(DESK, "journal", JOURNAL),
    "GET JournalModelView.letter": Door(DESK, "journal", JOURNAL),
    "GET JournalModelView.raw": Door(DESK, "journal", JOURNAL),
    **{
        f"POST JournalModelView.{act}": Door(CONSULTANTS, "journal", _decided, body={"number": "1001", "group": "1"})
        for act in ("file", "ticket", "reject", "retry")
    },
    "POST JournalModelView.several": Door(CONSULTANTS),
    "GET JournalModelView.several_done": Door(CONSULTANTS, "nothing", _nobodys),
    "POST JournalModelView.several_undone": Door(CONSULTANTS, "nothing", _nobodys),
    "GET CustomerModelView.list": Door(DESK),
    "GET CustomerModelView.show": Door(DESK, "account", _customer),
    **dict.fromkeys(("GET CustomerModelView.add", "POST CustomerModelView.add"), Door(ADMINISTRATORS)),
    "GET CustomerModelView.edit": Door(ADMINISTRATORS, "account", _customer),
    "POST CustomerModelView.edit": Door(ADMINISTRATORS, "account", _customer),
    "POST CustomerModelView.reset_factors": Door(ADMINISTRATORS, "account", _customer),
    "GET CustomerModelView.sharing": Door(ADMINISTRATORS, "membership", _administrator),
    "POST CustomerModelView.sharing": Door(ADMINISTRATORS, "membership", _administrator),
    "GET StaffModelView.list": Door(LOOKERS),
    "GET StaffModelView.show": Door(LOOKERS, "account", _staff),
    **dict.fromkeys(("GET StaffModelView.add", "POST StaffModelView.add"), Door(ADMINISTRATORS)),
    **dict.fromkeys(
        ("GET StaffModelView.edit", "POST StaffModelView.edit", "POST StaffModelView.reset_factors"),
        Door(ADMINISTRATORS, "account", _staff),
    ),
    "GET OrganisationModelView.list": Door(DESK),
    "GET OrganisationModelView.show": Door(DESK, "organisation", ORGANISATION),
    **dict.fromkeys(("GET OrganisationModelView.add", "POST OrganisationModelView.add"), Door(ADMINISTRATORS)),
    "GET OrganisationModelView.edit": Door(ADMINISTRATORS, "organisation", ORGANISATION),
    "POST OrganisationModelView.edit": Door(ADMINISTRATORS, "organisation", ORGANISATION),
    "GET InvitationModelView.list": Door(DESK),
    "GET InvitationModelView.show": Door(DESK, "invitation", INVITATION),
    "GET InvitationModelView.add": Door(CONSULTANTS, "nothing", _invites, _anybody),
    "POST InvitationModelView.add": Door(CONSULTANTS, "nothing", _invites, _anybody),
    "POST InvitationModelView.act": Door(CONSULTANTS, "invitation", _invited, _anybody, names={"name": "withdraw"}),
    "GET ProductGroupModelView.list": Door(DESK),
    "GET ProductGroupModelView.show": Door(DESK, "product_group", GROUP_SETTINGS),
    **dict.fromkeys(("GET ProductGroupModelView.add", "POST ProductGroupModelView.add"), Door(ADMINISTRATORS)),
    "GET ProductGroupModelView.edit": Door(CONSULTANTS, "product_group", GROUP_SETTINGS),
    "POST ProductGroupModelView.edit": Door(CONSULTANTS, "product_group", GROUP_SETTINGS),
    # What is written for readers.
    **dict.fromkeys(
        (
            "GET TranslateView.home",
            "GET TranslationsView.list",
            "GET TranslationsView.numbers",
            "GET CatalogFilesView.page",
        ),
        Door(READERS_OF_TRANSLATIONS),
    ),
    "GET TranslationsView.sentence": Door(READERS_OF_TRANSLATIONS, "setting", names=SENTENCE),
    **dict.fromkeys(
        ("POST TranslationsView.save", "POST TranslationsView.decide"), Door(TRANSLATORS, "setting", names=SENTENCE)
    ),
    "GET TranslationsView.picture": Door(READERS_OF_TRANSLATIONS, names={"name": "home"}),
    "GET CatalogFilesView.export": Door(READERS_OF_TRANSLATIONS, names=SENTENCE),
    **dict.fromkeys(("POST CatalogFilesView.compare", "POST CatalogFilesView.take"), Door(TRANSLATORS)),
    "GET NamesView.page": Door(READERS_OF_TRANSLATIONS, names={"kind": "states"}),
    "POST NamesView.save": Door(TRANSLATORS, names={"kind": "states"}),
    "GET LetterWordsView.list": Door(READERS_OF_TRANSLATIONS),
    **{f"{how} LetterWordsView.look": Door(READERS_OF_TRANSLATIONS, "setting", names=WORDS) for how in ("GET", "POST")},
    "GET LetterWordsView.letter": Door(READERS_OF_TRANSLATIONS, "setting", names=WORDS),
    **{f"POST LetterWordsView.{act}": Door(TRANSLATORS, "setting", names=WORDS) for act in ("save", "reset")},
    "POST LetterWordsView.decide": Door(TRANSLATORS, "setting", names={**WORDS, "act": "undo"}),
    **{
        f"{how} GlossaryView.{act}": Door(
            READERS_OF_TRANSLATIONS if act in LOOKS else TRANSLATORS, "setting" if act in ("show", "edit") else ""
        )
        for how, act in (pair.split() for pair in (*GRID, *FORMS))
    },
    "POST TranslationsView.point": Door(TRANSLATORS, body={"wanted": "no"}),
    **dict.fromkeys(("POST TranslationsView.review", "POST TranslationsView.languages"), Door(ADMINISTRATORS)),
    "GET EntriesView.list": Door(READERS_OF_TEXTS),
    "GET EntriesView.new": Door(WRITERS_OF_TEXTS),
    "POST EntriesView.new": Door(WRITERS_OF_TEXTS),
    **{
        f"GET EntriesView.{name}": Door(READERS_OF_TEXTS, "entry", DRAFT, names=POLISH)
        for name in ("entry", "page", "preview", "versions")
    },
    "POST EntriesView.preview": Door(READERS_OF_TEXTS, "entry", DRAFT, names=POLISH),
    **{
        f"POST EntriesView.{name}": Door(WRITERS_OF_TEXTS, "entry", WRITES, DRAFT, body=ENTRY_BODY, names=POLISH)
        for name in ("save", "restore", "address", "files")
    },
    **{
        door.replace(" ", " EntriesView."): Door(PUBLISHERS, "entry", WRITES, DRAFT, body=ENTRY_BODY, names=POLISH)
        for door in (
            *("POST publish", "GET withdraw", "POST withdraw", "POST unschedule"),
            *("GET bin", "POST bin", "POST unbin"),
        )
    },
    "POST EntriesView.from_ticket": Door(WRITERS_OF_TEXTS, "number", SEE),
    "GET EntriesView.insertable": Door(READERS_OF_TEXTS, "number", SEE),
    "GET ContentTypesView.list": Door(LOOKERS),
    **dict.fromkeys(("GET ContentTypesView.add", "POST ContentTypesView.add"), Door(ADMINISTRATORS)),
    **{
        door.replace(" ", " ContentTypesView."): Door(ADMINISTRATORS, names={"code": "article"})
        for door in ("GET edit", "POST edit", "POST remove")
    },
    # Settings.
    **_settings("AuditModelView", *GRID, "GET export"),
    **_settings("CalendarModelView", *GRID, *FORMS, "GET file", "POST read_file"),
    **_settings("IntakeRuleModelView", *GRID, *FORMS),
    "GET IntakeRuleModelView.rehearse": Door(LOOKERS),
    "POST IntakeRuleModelView.forget": Door(ADMINISTRATORS, "setting"),
    "GET IntakeRuleApi.get_list": Door(LOOKERS),
    "GET IntakeRuleApi.rehearsal": Door(LOOKERS),
    "GET IntakeRuleApi.get": Door(LOOKERS, "setting"),
    "POST IntakeRuleApi.post": Door(ADMINISTRATORS),
    "PUT IntakeRuleApi.put": Door(ADMINISTRATORS, "setting"),
    "DELETE IntakeRuleApi.delete": Door(ADMINISTRATORS, "setting"),
    **_settings("KeyModelView", *GRID, "POST revoke"),
    **_settings("LetterModelView", *GRID, "GET letter", "POST retry"),
    **_settings("MailDomainModelView", *GRID, *FORMS, "POST forget"),
    **_settings("MailboxModelView", *GRID, *FORMS),
    **{
        f"{door.replace(' ', ' MailboxModelView.')}": Door(
            ADMINISTRATORS, "mailbox", _anybody, names={"direction": "in"}
        )
        for door in ("GET connection", "POST connection")
    },
    **{
        f"{method} {view}ModelView.fields": Door(ADMINISTRATORS, kind, rule)
        for view, kind, rule in (
            ("Organisation", "organisation", ORGANISATION),
            ("Customer", "account", _customer),
            ("Staff", "account", _staff),
        )
        for method in ("GET", "POST")
    },
    "POST MailboxModelView.test": Door(ADMINISTRATORS, "setting", names=INWARDS),
    "POST MailboxModelView.consent": Door(ADMINISTRATORS, "setting", names=INWARDS),
    **{
        f"{door.replace(' ', ' RolesView.')}": Door(
            LOOKERS if door in ("GET list", "GET show") else ADMINISTRATORS, names={"code": "consultant"}
        )
        for door in ("GET list", "GET show", "POST edit", "GET copy", "POST copy", "POST reset", "POST remove")
    },
    **_settings("ServiceLevelModelView", *GRID, *FORMS),
    **_settings("SearchWordsView", *GRID, *FORMS),
    **_settings("ReadyAnswerModelView", *GRID, *FORMS),
    **_settings("TagModelView", *GRID, *FORMS),
    "GET BalanceView.page": Door(LOOKERS),
    "GET ClockView.page": Door(LOOKERS),
    **{f"GET {view}View.page": Door(LOOKERS) for view in ("Branding", "Ends", "Registration", "Telephone")},
    **{f"POST {view}View.save": Door(ADMINISTRATORS) for view in ("Branding", "Ends", "Registration", "Telephone")},
    **dict.fromkeys(
        ("POST BrandingView.restore", "POST TelephoneView.upload", "POST TelephoneView.secret"), Door(ADMINISTRATORS)
    ),
    **dict.fromkeys(("GET FieldsView.list", "GET FieldsView.history", "GET FieldsView.misfits"), Door(LOOKERS)),
    **dict.fromkeys(
        ("GET FieldsView.add", "POST FieldsView.add", "GET FieldsView.edit", "POST FieldsView.edit"),
        Door(ADMINISTRATORS, "setting", names={"field_id": "f" * 32}),
    ),
    **{
        f"{door.replace(' ', ' FieldsView.')}": Door(ADMINISTRATORS, "setting", names={"field_id": "f" * 32})
        for door in ("POST delete", "GET proposal", "POST proposal", "POST discard", "POST settle", "POST undo")
    },
    **dict.fromkeys(("GET StatesView.list", "GET LetterTemplatesView.list"), Door(LOOKERS)),
    **dict.fromkeys(("GET StatesView.add", "POST StatesView.add"), Door(ADMINISTRATORS)),
    **dict.fromkeys(("GET StatesView.edit", "POST StatesView.edit"), Door(ADMINISTRATORS, names={"code": "new"})),
    **{
        f"{door.replace(' ', ' LetterTemplatesView.')}": Door(
            ADMINISTRATORS, names={"name": "closed", "language": "pl"}
        )
        for door in ("GET page", "POST page", "GET look", "POST look", "POST send")
    },
    "POST LetterTemplatesView.restore": Door(ADMINISTRATORS, "setting", names=WORDS),
    "GET WhyView.page": Door(ADMINISTRATORS),
    "POST ViewingView.begin": Door(ADMINISTRATORS, "account", _viewable),
    "POST ViewingView.end": Door(NOBODY_ASKS),
    # The API.
    "GET OpenApi.get": Door(ALL),
    "GET SearchApi.get": Door(PORTAL),
    "GET DefinitionApi.get_list": Door(LOOKERS),
    "GET DefinitionApi.get": Door(LOOKERS, "setting", names={"field_id": "f" * 32}),
    "POST DefinitionApi.post": Door(ADMINISTRATORS),
    "PUT DefinitionApi.put": Door(ADMINISTRATORS, "setting", names={"field_id": "f" * 32}),
    "GET HookApi.get_list": Door(LOOKERS),
    **{f"GET HookApi.{name}": Door(LOOKERS, "setting") for name in ("get", "deliveries")},
    "POST HookApi.post": Door(ADMINISTRATORS),
    "PUT HookApi.put": Door(ADMINISTRATORS, "setting"),
    "DELETE HookApi.delete": Door(ADMINISTRATORS, "setting"),
    **{f"POST HookApi.{name}": Door(ADMINISTRATORS, "setting") for name in ("rotate", "act_resume", "act_replay")},
    "GET FieldApi.get": Door(PORTAL, names={"owner": "ticket"}),
    **{
        f"GET {name}Api.get_list": Door(who)
        for who, names in (
            (PORTAL, ("Attachment", "Calendar", "Event", "Mailbox", "Message")),
            (PORTAL, ("Organisation", "ProductGroup", "State", "Ticket")),
            (ALL, ("Account",)),
            (DESK, ("Call", "Journal")),
        )
        for name in names
    },
    **{f"GET {name}Api.get_list": Door(READERS_OF_TEXTS) for name in ("Entry", "Text", "ContentType")},
    **{f"POST {name}Api.post": Door(WRITERS_OF_TEXTS) for name in ("Entry", "Text")},
    "GET EntryApi.get": Door(READERS_OF_TEXTS, "entry", DRAFT),
    "PUT EntryApi.put": Door(WRITERS_OF_TEXTS, "entry", WRITES, DRAFT),
    **{f"POST EntryApi.act_{act}": Door(PUBLISHERS, "entry", WRITES, DRAFT) for act in ("bin", "unbin")},
    **{f"GET TextApi.{name}": Door(READERS_OF_TEXTS, "text", TEXT_DRAFT) for name in ("get", "versions")},
    **{
        f"{door}": Door(WRITERS_OF_TEXTS, "text", TEXT_WRITES, TEXT_DRAFT, body=body)
        for door, body in (
            ("PUT TextApi.put", {}),
            ("POST TextApi.act_review", {}),
            ("POST TextApi.act_restore", {"version": 1}),
        )
    },
    **{
        f"POST TextApi.act_{act}": Door(PUBLISHERS, "text", TEXT_WRITES, TEXT_DRAFT)
        for act in ("publish", "withdraw", "unschedule")
    },
    "GET ContentTypeApi.get": Door(READERS_OF_TEXTS, names={"pk": "article"}),
    "POST ContentTypeApi.post": Door(ADMINISTRATORS),
    "DELETE ContentTypeApi.delete": Door(ADMINISTRATORS, names={"pk": "article"}),
    "PUT ContentTypeApi.put": Door(ADMINISTRATORS, names={"pk": "article"}),
    "GET ArticleApi.get_list": Door(ALL),
    "GET ArticleApi.get": Door(ALL, "setting"),
    "GET StateApi.get": Door(PORTAL, names={"pk": "new"}),
    "GET AccountApi.file": Door(ALL, "account", _nobodys, names={"name": "x"}),
    "GET OrganisationApi.file": Door(PORTAL, "organisation", _nobodys, names={"name": "x"}),
    "GET AccountApi.get": Door(ALL, "account", ACCOUNT),
    "PUT AccountApi.put": Door(ALL, "account", _self_or_administrator, ACCOUNT),
    "GET OrganisationApi.get": Door(PORTAL, "organisation", ORGANISATION),
    "PUT OrganisationApi.put": Door(ADMINISTRATORS, "organisation", ORGANISATION),
    "GET AttachmentApi.get": Door(PORTAL, "attachment", _file),
    "GET AttachmentApi.content": Door(PORTAL, "attachment", _file),
    "POST AttachmentApi.post": Door(
        WRITERS, "message", _own_message, MESSAGE, body={"name": "x", "content": "eA==", "message": ROW}
    ),
    "GET MessageApi.get": Door(PORTAL, "message", MESSAGE),
    "POST MessageApi.post": Door(WRITERS, "ticket", WRITE, SEE, body={"text": "x", "ticket": ROW}),
    "GET EventApi.get": Door(PORTAL, "event", _event),
    "GET CalendarApi.get": Door(PORTAL, "calendar", clause(CalendarRecord, access.sees_calendar)),
    "GET MailboxApi.get": Door(PORTAL, "mailbox", clause(Mailbox, access.sees_mailbox)),
    "GET ProductGroupApi.get": Door(PORTAL, "product_group", GROUP),
    "POST JournalApi.post": Door(ADMINISTRATORS),
    "GET ServiceLevelApi.get_list": Door(DESK),
    "POST ServiceLevelApi.post": Door(ADMINISTRATORS),
    "GET ServiceLevelApi.get": Door(DESK, "setting"),
    "PUT ServiceLevelApi.put": Door(ADMINISTRATORS, "setting"),
    "GET JournalApi.get": Door(DESK, "journal", JOURNAL),
    "GET InvitationApi.get_list": Door(ALL),
    "GET InvitationApi.get": Door(ALL, "invitation", _told_invitation),
    "POST InvitationApi.post": Door(
        ALL, "nothing", _invites_somebody, _anybody, body={"email": "nikt@gdzies.example", "organisation": 1}
    ),
    **dict.fromkeys(
        ("POST InvitationApi.act_again", "POST InvitationApi.act_withdraw"),
        Door(ALL, "invitation", _invited_by_api, _told_invitation),
    ),
    **dict.fromkeys(
        ("POST InvitationApi.act_approve", "POST InvitationApi.act_refuse"),
        Door(ALL, "invitation", _invited, _told_invitation),
    ),
    "GET RoleApi.get_list": Door(LOOKERS),
    "GET RoleApi.get": Door(LOOKERS, "role", ROLE),
    "POST RoleApi.post": Door(ADMINISTRATORS),
    "PUT RoleApi.put": Door(ADMINISTRATORS, "role", ROLE, body={"name_pl": "x"}),
    **dict.fromkeys(("POST RoleApi.act_reset", "POST RoleApi.act_remove"), Door(ADMINISTRATORS, "role", ROLE)),
    "GET CallApi.get": Door(DESK, "call", CALL),
    "POST CallApi.act_back": Door(CONSULTANTS, "call", CALL),
    "POST CallApi.act_done": Door(CONSULTANTS, "call", CALL),
    "POST CallApi.act_belongs": Door(CONSULTANTS, "call", _nobodys, body={"ticket": 999_999}),
    "GET TicketApi.get": Door(PORTAL, "ticket", SEE),
    "GET TicketApi.file": Door(PORTAL, "ticket", _nobodys, names={"name": "x"}),
    "POST TicketApi.post": Door(WRITERS),
    "PUT TicketApi.put": Door(WRITERS, "ticket", WRITE, SEE, body={"subject": "x"}),
    **dict(
        _by_api(act, rule)
        for rule, acts in (
            (WRITE, ("close", "accept", "confirm", "reopen", "rate")),
            (
                HANDLE,
                (
                    *("assign", "priority", "move", "resolve", "tags", "follow-up"),
                    *("merge", "split", "link", "unlink", "move-message", "put-back"),
                ),
            ),
            (SHARE, ("let-in", "show-out", "leave-out")),
            (HIDE, ("confidential",)),
            (MANAGE, ("transfer",)),
            (SEE, ("watch", "unwatch")),
        )
        for act in acts
    ),
}


def routes(app: Flask) -> dict[str, Route]:
    """Every address of the application by its method and name."""
    return {
        f"{method} {route.endpoint}": route
        for route in app.url_map.iter_rules()
        for method in (route.methods or set()) - {"HEAD", "OPTIONS"}
    }
