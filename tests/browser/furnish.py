"""What the pages need besides the demo desk: `python -m tests.browser.furnish` in the environment of a stack.

It prints as JSON where the rows of each page are found.
"""

from __future__ import annotations

import json
import time
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select

import app.models.all  # noqa: F401  every mapped class, before Flask-AppBuilder's views ask for one
import config
from app import create_app
from app.access import Ability
from app.accounts import factors, invitations, keys, links, roles
from app.accounts.choices import let_strangers_report
from app.accounts.registration import find_account
from app.content import entries
from app.content.addresses import path_of
from app.content.entries import Words
from app.content.previews import make_preview
from app.desk import tickets
from app.desk.answering import hold
from app.desk.content import Contribution
from app.desk.customers import add_note
from app.desk.incoming_calls import keep_call, read_call
from app.desk.receipts import receipt_of, seal
from app.events.transaction import transaction
from app.extensions import db
from app.mail import connections, marks
from app.models.account import Account, WebAuthn
from app.models.account_key import AccountKey, Scope
from app.models.beside import BulkAct, Tag
from app.models.definitions import published
from app.models.entry import Entry
from app.models.event import Event, Letter
from app.models.field import FieldProposal, Misfit
from app.models.hook import Hook, HookDelivery, HookEvent
from app.models.intake_rule import IntakeRule
from app.models.invitation import Invitation, Purpose
from app.models.journal import JournalEntry, Outcome
from app.models.level import ServiceLevel
from app.models.mail_connection import Direction
from app.models.mail_domain import MailDomain
from app.models.mailbox import Mailbox
from app.models.organisation import Membership, Organisation
from app.models.product_group import CalendarRecord, ProductGroup
from app.models.ready_answer import ReadyAnswer
from app.models.saved_view import SavedView, SharedWith
from app.models.search_words import SearchWords
from app.models.ticket import Attachment, Channel, Message, MessageKind, Ticket
from app.models.translation import GlossaryTerm
from app.models.types import utc_now
from tests import people
from tests.browser.desk import CAREFUL, CAUTIOUS, MANAGER, NEWCOMER, PASSWORD, VIEWER, Places

INVITED = "iga.wisniewska@klient.example"
PATIENCE = 60.0


def furnish() -> Places:
    """Add who and what is missing and wait until every letter is settled."""
    people.add_account(NEWCOMER, password=PASSWORD, name="Nina Kowalczyk")
    people.add_account(INVITED, registered=False)
    people.add_account(VIEWER, role="administrator", password=PASSWORD, name="Daria Wrona")
    invitation, waiting = _company()
    _in_two_steps(CAUTIOUS, with_passkey=False)
    _in_two_steps(CAREFUL, with_passkey=True)
    customer = account("anna.nowak@zielonymlyn.example")
    db.session.add(_letter_given_up(customer))
    db.session.flush()
    return {
        "confirm_token": _token(Purpose.ACTIVATION, account(INVITED)),
        "reset_token": _token(Purpose.RESET, customer),
        "join_token": links.make(Purpose.ACTIVATION, invitation.account, invitation=invitation).rpartition("/")[2],
        "invitation": invitation.id,
        "role": _role(),
        "waiting": waiting.id,
        "key": first_id(AccountKey),
        "hook": _hook(),
        "membership": newest(Membership, Membership.account_id == account("piotr.lis@klient.example").id),
        "mail_domain": first_id(MailDomain),
        "customer": customer.id,
        "consultant": account("marta.lis@pomoc.example").id,
        "organisation": first_id(Organisation),
        "product_group": first_id(ProductGroup),
        "mailbox": first_id(Mailbox),
        "fetched": _fetched(),
        "calendar": first_id(CalendarRecord),
        **_receipt(customer),
        **_call(customer),
        **_promised(customer),
        "held": _held(customer),
        "failed_letter": newest(Letter, Letter.state == "failed"),
        "sent_letter": newest(Letter, Letter.state == "sent"),
        "letter_not_sure": newest(JournalEntry, JournalEntry.outcome == Outcome.NOT_SURE),
        "letter_answerable": _answerable(),
        "letters_decided": _decided(),
        "letter_filed": newest(JournalEntry, JournalEntry.outcome == Outcome.TICKET),
        "tag": _tag(),
        "words": _words(),
        "term": _term(),
        "ready_answer": _ready_answer(),
        "view": _saved_view(),
        **_fields(customer),
        **_entry(),
        "intake_rule": _intake_rule(),
        "ticket_token": _ticket_token(customer),
        "guest_token": _guest_token(),
        "talk": _ticket_with(customer, MessageKind.NOTE),
        "with_files": _ticket_with_files(customer),
        "finished": _number(Ticket.requester == customer, Ticket.status == "closed"),
        "foreign": _number(Ticket.requester == account("james.carter@harbourpine.example")),
        "by_letter": _number(Ticket.requester == account("krystyna@nieznana.example")),
    }


def _entry() -> Places:
    """An article whose source has changed since it was translated, linked by another, with a private address."""
    editor = account("hanna.bobr@pomoc.example")
    row, other = db.session.scalars(select(Entry).where(Entry.type_code == "article").order_by(Entry.id).limit(2))
    text, linking = row.source, other.source
    path = path_of("article", text.language, text.slug)
    words = Words(text.title, text.summary, text.body.replace("ważny", "ważny i zainstalowany"), text.slug)
    entries.save(text, words, seen=text.version, by=editor)
    words = Words(linking.title, linking.summary, f"{linking.body}\n[Zobacz też]({path})\n", linking.slug)
    entries.save(linking, words, seen=linking.version, by=editor)
    return {"entry": row.id, "draft_token": make_preview(text, by=editor)}


def _answerable() -> int:
    """A customer's letter, as it would be had a rule kept it for a person; its sender is proven."""
    filed = db.session.scalars(select(JournalEntry).where(JournalEntry.outcome == Outcome.TICKET)).first()
    copied = ("mailbox", "transport", "recipient", "envelope_from", "sha256", "size", "sender", "subject", "kind")
    row = JournalEntry(**{name: getattr(filed, name) for name in copied})
    row.outcome, row.reason, row.proof = Outcome.NOT_SURE, "Wygląda na ofertę.", {"dmarc": "pass", "by": "server"}
    db.session.add(row)
    db.session.flush()
    return row.id


def _decided() -> int:
    """What became of several letters at once, each in its way."""
    ids = [newest(JournalEntry, JournalEntry.outcome == outcome) for outcome in (Outcome.NOT_SURE, Outcome.TICKET)]
    rows = [
        {"letter": ids[0], "refused": "Wiadomość nie ma nadawcy."},
        {"letter": ids[1], "ticket": 1001},
        {"letter": ids[0], "undo": {"reason": None, "at": utc_now().isoformat(), "owed": None}},
    ]
    act = BulkAct(account_id=account("barbara.zajac@pomoc.example").id, before=rows)
    db.session.add(act)
    db.session.flush()
    return act.id


def _fetched() -> int:
    """A mailbox that is fetched from a server which does not answer."""
    mailbox = db.session.scalars(select(Mailbox).order_by(Mailbox.id.desc())).first()
    said = {
        "active": False, "way": "imap", "host": "localhost", "port": 1, "security": "none", "username": "powerbi",
        "folder": "INBOX", "move_to": "Przetworzone", "takes_old": False, "secret": "tajne",
    }  # fmt: skip
    row = connections.save(mailbox, Direction.IN, said, key=current_app.extensions["settings"].secret_key)
    row.active, row.trouble, row.said, row.troubled_at = True, "reach", "Connection refused", utc_now()
    return mailbox.id


def _promised(customer: Account) -> Places:
    """A ticket with promised times, and their level."""
    ticket = tickets.open_ticket(
        requester=customer,
        product_group=db.session.scalars(select(ProductGroup).order_by(ProductGroup.position)).first(),
        subject="Raport marży się nie odświeża",
        contribution=Contribution(text="Od poniedziałku stoi.", channel=Channel.PORTAL),
        by=customer,
    )
    return {"level": first_id(ServiceLevel), "promised": ticket.number}


def _held(customer: Account) -> int:
    """A ticket whose answer can be taken back for long."""
    ticket = tickets.open_ticket(
        requester=customer,
        product_group=db.session.scalars(select(ProductGroup).order_by(ProductGroup.position)).first(),
        subject="Nie widać nowych zamówień",
        contribution=Contribution(text="Lista jest pusta.", channel=Channel.PORTAL),
        by=customer,
    )
    words = Contribution(text="Proszę odświeżyć listę.\n\nPozdrawiam\nMarta", channel=Channel.PORTAL)
    add_note(ticket, "Woli, by dzwonić po dziesiątej.", by=account("marta.lis@pomoc.example"), of_company=False)
    add_note(ticket, "Umowa do końca roku.", by=account("barbara.zajac@pomoc.example"), of_company=True)
    hold(ticket, words, by=account("marta.lis@pomoc.example"), then=None, wait=timedelta(hours=9))
    return ticket.number


def _role() -> str:
    """A role of the desk's own, which one person holds and which may do something else than it was copied for."""
    by, like = account(VIEWER), roles.role_of_code("consultant")
    role = roles.copy_role(like, name_pl="Dyżur nocny i świąteczny", name_en="Nights and holidays", by=by)
    roles.set_abilities(role, [Ability.CALLS, Ability.MAIL, Ability.STATES], by=by)
    people.add_account("dyzur@pomoc.example", role=role.name, name="Norbert Gacek", groups=("TARGIT",))
    return role.name


def _call(customer: Account) -> Places:
    """A call that the customer has not confirmed yet, and the link of its letter."""
    group = db.session.scalars(select(ProductGroup).order_by(ProductGroup.position)).first()
    said = Contribution(text="Wydruki nie wychodzą od rana.", channel=Channel.TELEPHONE)
    ticket = tickets.open_ticket(
        requester=customer,
        product_group=group,
        subject="Drukarka etykiet milczy",
        contribution=said,
        by=account("marta.lis@pomoc.example"),
        to_be_confirmed=True,
    )
    db.session.flush()
    said = {"call_id": "a1", "caller": "+48 501 234 567", "digits": "31", "duration": 200}
    keep_call(read_call(said | {"recording": "https://centrala.example/nagrania/a1"}))
    keep_call(read_call({"call_id": "a2", "caller": "anonymous", "digits": "39"}))
    customer.telephone = "501 234 567"
    key = current_app.extensions["settings"].secret_key.encode()
    return {"call": ticket.number, "call_token": marks.act_token("confirm", ticket.id, customer.id, key)}


def _in_two_steps(email: str, *, with_passkey: bool) -> Account:
    account = people.add_account(email, password=PASSWORD)
    account.tf_primary_method, account.tf_totp_secret = factors.APP, factors.new_secret()
    account.mf_recovery_codes = ["x"]
    if with_passkey:
        _add_passkey(account, "secondary")
    return account


def _add_passkey(account: Account, usage: str) -> None:
    kind = {"name": "Klucz sprzętowy", "usage": usage}
    db.session.add(WebAuthn(user_id=account.id, credential_id=account.email.encode(), public_key=b"", **kind))


def _company() -> tuple[Invitation, Invitation]:
    """A manager with colleagues; who is invited into his company, and who waits for the desk's approval."""
    boss = people.add_account(MANAGER, password=PASSWORD, name="Halina Szulc", organisation="Klient", sharing="manager")
    people.add_account("piotr.lis@klient.example", name="Piotr Lis", organisation="Klient")
    people.add_account("ewa.lis@klient.example", organisation="Klient", sharing="own", registered=False)
    _add_passkey(boss, "first")
    keys.make(boss, name="Raporty nocne", scope=Scope.WRITE, lives=keys.LIVES[90])
    invitation = Invitation(
        account=account(NEWCOMER),
        organisation=people.organisation_named("Klient"),
        invited_by=boss,
        expires_at=utc_now() + links.LIVES[Purpose.ACTIVATION],
    )
    db.session.add(invitation)
    waiting = invitations.hold(people.add_account("nowy@nowa-firma.example", registered=False))
    db.session.add(MailDomain(domain="wp.pl", allowed=True, note="Jednoosobowe firmy"))
    db.session.flush()
    return invitation, waiting


def _token(purpose: Purpose, reader: Account) -> str:
    return links.make(purpose, reader).rpartition("/")[2]


def _intake_rule() -> int:
    said = {"sender": "@oferty.example", "subject": "", "header": "", "holds": "", "priority": "", "position": 10}
    rule = IntakeRule(name="Oferty handlowe", act="reject", words="Nie przyjmujemy ofert.", active=True, **said)
    db.session.add(rule)
    db.session.flush()
    return rule.id


def _words() -> int:
    row = SearchWords(act="same", words="przenośnik, taśmociąg, conveyor")
    db.session.add(row)
    db.session.flush()
    return row.id


def _term() -> int:
    return db.session.scalars(select(GlossaryTerm.id).where(GlossaryTerm.source == "consultant")).one()


def _tag() -> int:
    tag = Tag(name="faktury")
    db.session.add(tag)
    db.session.flush()
    return tag.id


def _ready_answer() -> int:
    row = ReadyAnswer(name="Powitanie", text="Dzień dobry {{ first_name }}, zajmuję się zgłoszeniem {{ number }}.")
    db.session.add(row)
    db.session.flush()
    return row.id


def _saved_view() -> int:
    """One of a consultant's; a filter of it asks for a field that is not there."""
    owner = account("marta.lis@pomoc.example")
    row = SavedView(owner_id=owner.id, name="Pilne i wysokie zgłoszenia", query="state=new&state=open&field.gone=1")
    row.shared_with = SharedWith.DESK
    db.session.add(row)
    db.session.flush()
    return row.id


def _fields(customer: Account) -> Places:
    """A field, a change of it that waits to be published, and a value that did not fit."""
    field = next(each for each in published(db.session()).of("ticket") if each.name == "build")
    ticket = newest(Ticket, Ticket.requester == customer)
    after = field.changed(most=8, required=True)
    proposal = FieldProposal(field_id=field.id, seen=1, owner="ticket", data=after.to_plain())
    misfit = Misfit(owner="ticket", row_id=ticket, field_id=field.id, text="x" * 60, why="too_long")
    db.session.add_all([proposal, misfit])
    db.session.flush()
    return {"field": field.id, "proposal": proposal.id}


def _ticket_token(customer: Account) -> str:
    """The link of a letter that asks whether a ticket is solved."""
    query = select(Ticket).where(Ticket.requester == customer, Ticket.status == "resolved").limit(1)
    letter = Letter(template="resolved", account=customer, reason="requester", ticket=db.session.scalars(query).one())
    db.session.add(letter)
    db.session.flush()
    return links.make(Purpose.TICKET, customer, letter=letter).rpartition("/")[2]


def _guest_token() -> str:
    """The link by which somebody without an account follows his ticket."""
    let_strangers_report(True)
    guest = account("krystyna@nieznana.example")
    ticket = db.session.scalars(select(Ticket).where(Ticket.requester == guest).limit(1)).one()
    letter = Letter(template="acknowledgement", account=guest, reason="requester", ticket=ticket)
    db.session.add(letter)
    db.session.flush()
    return links.make(Purpose.TICKET, guest, letter=letter).rpartition("/")[2]


def _receipt(customer: Account) -> dict[str, str]:
    """Where the receipt of the customer's first message is, and where it is checked."""
    query = (
        select(Message).join(Message.ticket).where(Ticket.requester == customer, Message.kind == MessageKind.CUSTOMER)
    )
    message = db.session.scalars(query.order_by(Message.id).limit(1)).one()
    number, subject = message.ticket.number, message.ticket.subject
    receipt = receipt_of(message, number=number, subject=subject, letter_sha256=None)
    word = seal(receipt, current_app.extensions["settings"].secret_key)
    return {"receipt": f"/tickets/{number}/receipt/{message.id}", "verify": f"/receipts/{word}"}


def account(email: str) -> Account:
    found = find_account(email)
    assert found is not None, email
    return found


def first_id(model: type) -> int:
    return int(db.session.scalars(select(func.min(model.id))).one())  # type: ignore[attr-defined]


def newest(model: type, *where: object) -> int:
    return int(db.session.scalars(select(func.max(model.id)).where(*where)).one())  # type: ignore[attr-defined, arg-type]


def _hook() -> int:
    """A hook that failed and was told of two things."""
    row = Hook(name="CRM", url="https://crm.klient.example/bilety", events=list(HookEvent), secret="", active=True)
    row.failing_since = utc_now()
    event = db.session.scalars(select(Event).where(Event.ticket_id.is_not(None)).limit(1)).first()
    told = HookDelivery(hook=row, key="msg_1", kind=HookEvent.TICKET_CREATED, event=event, delivered_at=utc_now())
    failed = HookDelivery(
        hook=row, key="msg_2", kind=HookEvent.TICKET_CHANGED, event=event, attempts=3, error="HTTP 500"
    )
    db.session.add_all([row, told, failed])
    db.session.flush()
    return row.id


def _letter_given_up(reader: Account) -> Letter:
    return Letter(
        template="answer",
        account=reader,
        reason="requester",
        state="failed",
        attempts=9,
        last_error="550 5.1.1 Mailbox unavailable",
        created_at=utc_now(),
        ticket=db.session.scalars(select(Ticket).where(Ticket.requester == reader).limit(1)).one(),
    )


def _ticket_with(customer: Account, kind: str) -> int:
    """The customer's ticket with most messages that has one of this kind."""
    has_kind = Ticket.messages.any(Message.kind == kind)
    messages = select(func.count(Message.id)).where(Message.ticket_id == Ticket.id).scalar_subquery()
    query = select(Ticket.number).where(Ticket.requester == customer, has_kind).order_by(messages.desc()).limit(1)
    return int(db.session.scalars(query).one())


def _ticket_with_files(customer: Account) -> int:
    query = select(func.max(Ticket.number)).join(Ticket.messages).join(Attachment)
    return int(db.session.scalars(query.where(Ticket.requester == customer)).one())


def _number(*where: object) -> int:
    return int(db.session.scalars(select(func.max(Ticket.number)).where(*where)).one())  # type: ignore[arg-type]


def wait_for_letters() -> None:
    """Until the workers have read every letter and sent what follows from it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        waiting = select(func.count()).select_from(JournalEntry).where(JournalEntry.outcome == Outcome.WAITING)
        sent = select(func.count()).select_from(Letter).where(Letter.state == "sent")
        if not db.session.scalar(waiting) and db.session.scalar(sent):
            return
        db.session.rollback()
        time.sleep(0.1)
    raise TimeoutError("The workers did not read the letters.")


def main() -> None:
    app = create_app(config.read())
    with app.app_context():
        wait_for_letters()
        with transaction():
            places = furnish()
    print(json.dumps(places))


if __name__ == "__main__":
    main()
