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
from app.models.account import Account, AccountSession
from app.models.call import Call
from app.models.event import Event
from app.models.invitation import Invitation
from app.models.journal import JournalEntry
from app.models.mailbox import Mailbox
from app.models.organisation import Membership, Organisation
from app.models.product_group import CalendarRecord, ProductGroup
from app.models.ticket import Message, MessageKind, Ticket

Rule = Callable[[Session, Standing, int], bool]
ROW, FIRST = "the row", "its first message"
NOBODY_ASKS = frozenset({""})  # whoever comes, signed in or not
ALL = frozenset(access.KINDS)
PORTAL = frozenset({"customer", "consultant", "auditor", "administrator"})
WRITERS = PORTAL - {"auditor"}
DESK = access.STAFF
CONSULTANTS = frozenset({"consultant", "administrator"})
LOOKERS = access.SEES_EVERYTHING
ADMINISTRATORS = frozenset({"administrator"})
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
ACCOUNT = clause(Account, access.sees_account)
ORGANISATION = clause(Organisation, access.sees_organisation)
INVITATION = clause(Invitation, access.sees_invitation)
GROUP = clause(ProductGroup, access.sees_product_group)
GROUP_SETTINGS = clause(ProductGroup, access.manages_product_group)

TICKET_BODY: Mapping[str, Any] = {
    **{"text": "x", "note-text": "x", "assignee": "", "priority": "low", "state": "open", "email": "ala@nowy.example"},
    **{"account": "1", "score": "good", "product_group": "2", "number": "1001", "kind": "parent", "tags": "", "on": ""},
    "message": FIRST,
}
WORDS = {"name": "closed", "language": "pl"}
INWARDS = {"direction": "in"}
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


def _settings(view: str, *doors: str, row: str = "setting") -> dict[str, Door]:
    """A page of settings: auditors look, administrators change."""
    return {
        name: Door(
            LOOKERS if name.startswith("GET") and name.split(".")[-1] in ("list", "show", "export", "page", "file")
            else ADMINISTRATORS,
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
                "GET ArticlesView.list",
                "GET ArticlesView.show",
                "GET HomeView.switch_language",
                "GET healthz",
                "GET readyz",
                "GET metrics",
            ),
            *("GET readyz", "GET static", "GET security.static", "GET appbuilder.static", "GET UtilView.back"),
            *("GET VerifyView.page", "POST VerifyView.page", "GET VerifyView.check", "GET look_into_mailbox"),
            *("GET SignInView.login", "GET SignInView.logout", "POST SecurityApi.login"),
        ),
        Door(NOBODY_ASKS, names={"code": "en", "word": "x", "filename": "x", "slug": "x"}),
    ),
    # The doors of signing in, of links in letters and of the exchange: each asks for its own secret (tests/security).
    **dict.fromkeys(
        (
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
    "POST KeysView.revoke": Door(ALL, "key", _nobodys),
    # The portal.
    "GET TicketsView.list": Door(PORTAL),
    "GET TicketsView.new": Door(WRITERS),
    "POST TicketsView.new": Door(WRITERS),
    "GET TicketsView.show": Door(PORTAL, "number", SEE),
    **dict(map(_in_portal, ("reply", "close", "accept", "rate", "watch", "unwatch", "reopen", "confirm"))),
    **dict([_in_portal("let_in", SHARE), _in_portal("show_out", SHARE), _in_portal("confidential", HIDE)]),
    "GET FilesView.download": Door(PORTAL, "attachment", _file, names={"name": "x.txt"}),
    "GET ReceiptView.page": Door(PORTAL, "message", _receipt),
    "GET ReceiptView.pdf": Door(PORTAL, "message", _receipt),
    "GET SearchView.search": Door(PORTAL),
    "GET ColleaguesView.list": Door(COMPANY, "nothing", _manages_any),
    "GET ColleaguesView.invite": Door(COMPANY, "nothing", _manages_any),
    "POST ColleaguesView.invite": Door(COMPANY, "nothing", _manages_any),
    "POST ColleaguesView.again": Door(COMPANY, "invitation", _managed_invitation, body={"invitation": ROW}),
    "POST ColleaguesView.withdraw": Door(COMPANY, "invitation", _managed_invitation, body={"invitation": ROW}),
    "GET ColleaguesView.sharing": Door(COMPANY, "membership", _managed_member),
    "POST ColleaguesView.sharing": Door(COMPANY, "membership", _managed_member),
    "POST ColleaguesView.remove": Door(COMPANY, "membership", _member_of_managed, body={"membership": ROW}),
    # The desk.
    "GET DeskView.home": Door(DESK),
    "GET TicketModelView.list": Door(DESK),
    "GET TicketModelView.page_of": Door(DESK, "number", SEE),
    "POST TicketModelView.many": Door(CONSULTANTS),
    "POST TicketModelView.undo": Door(CONSULTANTS),
    **dict(map(_at_desk, ("reply", "note", "assign", "priority", "move", "resolve", "close", "reopen", "merge"))),
    **dict(map(_at_desk, ("split", "link", "unlink", "tags", "follow_up", "move_message", "put_back", "leave_out"))),
    **dict(map(_at_desk, ("address_works", "send_again"))),
    **dict([_at_desk("let_in", SHARE), _at_desk("show_out", SHARE), _at_desk("confidential", HIDE)]),
    **dict([_at_desk("transfer", MANAGE), _at_desk("watch", SEE), _at_desk("unwatch", SEE)]),
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
    "GET JournalModelView.raw": Door(DESK, "journal", JOURNAL),
    **{
        f"POST JournalModelView.{act}": Door(CONSULTANTS, "journal", _decided, body={"number": "1001", "group": "1"})
        for act in ("file", "ticket", "reject", "retry")
    },
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
    # Settings.
    **_settings("AuditModelView", *GRID, "GET export"),
    **_settings("CalendarModelView", *GRID, *FORMS, "GET file", "POST read_file"),
    **_settings("IntakeRuleModelView", *GRID, *FORMS),
    "GET IntakeRuleModelView.rehearse": Door(LOOKERS),
    **_settings("KeyModelView", *GRID, "POST revoke"),
    **_settings("LetterModelView", *GRID, "POST retry"),
    **_settings("MailDomainModelView", *GRID, *FORMS, "POST forget"),
    **_settings("MailboxModelView", *GRID, *FORMS),
    **{
        f"{door.replace(' ', ' MailboxModelView.')}": Door(
            ADMINISTRATORS, "mailbox", _anybody, names={"direction": "in"}
        )
        for door in ("GET connection", "POST connection")
    },
    "POST MailboxModelView.test": Door(ADMINISTRATORS, "setting", names=INWARDS),
    **{
        f"{door.replace(' ', ' RolesView.')}": Door(
            LOOKERS if door in ("GET list", "GET show") else ADMINISTRATORS, names={"code": "consultant"}
        )
        for door in ("GET list", "GET show", "POST edit", "GET copy", "POST copy", "POST reset", "POST remove")
    },
    **_settings("ServiceLevelModelView", *GRID, *FORMS),
    **_settings("TagModelView", *GRID, *FORMS),
    "GET BalanceView.page": Door(LOOKERS),
    "GET ClockView.page": Door(LOOKERS),
    **{
        f"{method} {view}View.page": Door(ADMINISTRATORS)
        for view in ("Ends", "Registration", "Telephone")
        for method in ("GET", "POST")
    },
    **dict.fromkeys(("POST TelephoneView.upload", "POST TelephoneView.secret"), Door(ADMINISTRATORS)),
    **dict.fromkeys(("GET StatesView.list", "GET LetterTemplatesView.list"), Door(LOOKERS)),
    **dict.fromkeys(("GET StatesView.add", "POST StatesView.add"), Door(ADMINISTRATORS)),
    **dict.fromkeys(("GET StatesView.edit", "POST StatesView.edit"), Door(ADMINISTRATORS, names={"code": "new"})),
    **{
        f"{door.replace(' ', ' LetterTemplatesView.')}": Door(
            ADMINISTRATORS, names={"name": "closed", "language": "pl"}
        )
        for door in ("GET page", "POST page", "POST send")
    },
    "POST LetterTemplatesView.restore": Door(ADMINISTRATORS, "setting", names=WORDS),
    "GET WhyView.page": Door(ADMINISTRATORS),
    "POST ViewingView.begin": Door(ADMINISTRATORS, "account", _viewable),
    "POST ViewingView.end": Door(NOBODY_ASKS),
    # The API.
    "GET OpenApi.get": Door(DESK),
    "GET SearchApi.get": Door(PORTAL),
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
    "GET StateApi.get": Door(PORTAL, names={"pk": "new"}),
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
    "GET CallApi.get": Door(DESK, "call", CALL),
    "POST CallApi.act_back": Door(CONSULTANTS, "call", CALL),
    "POST CallApi.act_done": Door(CONSULTANTS, "call", CALL),
    "POST CallApi.act_belongs": Door(CONSULTANTS, "call", _nobodys, body={"ticket": 999_999}),
    "GET TicketApi.get": Door(PORTAL, "ticket", SEE),
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
