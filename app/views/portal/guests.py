"""A report by somebody without an account, where the desk allows it.

What he sends is kept as a letter of his to the mailbox of the product group, durably and before he is thanked. So all
that holds for letters holds for it: a mail-only account (S17), the acknowledgement (S8), the sender marked as not
verified, intake rules, caps. A secret link in the acknowledgement leads to its conversation (by_letter.py).
"""

from __future__ import annotations

import hashlib
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Any

from flask import Flask, abort, current_app, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from limits import parse
from sqlalchemy import select
from wtforms import EmailField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from app.accounts import limits
from app.accounts.addresses import BadAddress, mailbox_of, understood
from app.accounts.choices import strangers_may_report
from app.desk.content import StoredFile
from app.desk.errors import DeskError
from app.desk.field_values import OWNER, judged
from app.desk.tickets import LONGEST_SUBJECT
from app.events.transaction import transaction
from app.events.wake import INTAKE, wake
from app.extensions import db
from app.locale import called, language
from app.mail.receive import base_address
from app.models.journal import FORM, JournalEntry
from app.models.mailbox import Mailbox
from app.models.product_group import ProductGroup
from app.models.ticket import StateKind
from app.models.types import utc_now
from app.views import visitor
from app.views.fields import FieldsForm
from app.views.portal import offering
from app.views.portal.forms import LONGEST_TEXT, REQUIRED, WithFiles, plain
from app.views.portal.traps import TrappedForm

OF_NETWORK = parse("10 per hour")
OF_ADDRESS = parse("5 per day")  # letters that one mailbox gets because somebody typed its address
ASKED = "reported_as"
OFFERED = "/report/offered/"


class TooOften(DeskError):
    status = 429
    sentence = _l("Too many reports came from here or for this address. Try again later, write a letter or call us.")


class TooLarge(DeskError):
    sentence = _l("All files together are larger than a letter may be. Send fewer or smaller ones.")


class ReportForm(TrappedForm, WithFiles):
    """What a stranger tells. His address is proved by nothing but the letter that goes there."""

    mailbox = SelectField(_l("What is it about?"), validators=[REQUIRED], coerce=str)
    name = StringField(_l("Your name"), filters=[plain], validators=[Length(max=100)])
    email = EmailField(_l("E-mail"), validators=[REQUIRED, Length(max=320)], render_kw={"autocomplete": "email"})
    subject = StringField(_l("Subject"), filters=[plain], validators=[REQUIRED, Length(max=LONGEST_SUBJECT)])
    text = TextAreaField(_l("Description"), validators=[REQUIRED, Length(max=LONGEST_TEXT)])

    def validate_email(self, field: EmailField) -> None:
        try:
            email = understood(field.data)
        except BadAddress as error:
            raise ValidationError(str(error)) from error
        if db.session.scalar(select(Mailbox.id).where(Mailbox.address == base_address(email))):
            raise ValidationError(_("This is our own address. Our answers have to go to yours."))


def report() -> ResponseReturnValue:
    """The form. Whoever is signed in has a better one."""
    if not strangers_may_report():
        abort(404)
    if visitor.is_signed_in():
        return redirect("/tickets/new")
    form, boxes = ReportForm(), mailboxes()
    form.mailbox.choices = [("", _("Choose")), *((str(box.id), called(box.product_group)) for box in boxes)]
    chosen = next((each for each in boxes if str(each.id) == request.values.get("mailbox")), None)
    if chosen is None and any(_fields_of(box).fields for box in boxes):
        choices = [(f"/report?mailbox={box.id}", called(box.product_group)) for box in boxes]
        return render_template("portal/choose_group.html", title=_("Report without an account"), choices=choices)
    if chosen is not None:
        form.mailbox.data = str(chosen.id)
    fields = _fields_of(chosen) if chosen is not None else None
    fits, status = form.validate_on_submit(), 200
    given = fields.read_if_sent(beside=fits) if fields is not None else {}
    if fits and given is not None:
        box = next(each for each in boxes if str(each.id) == form.mailbox.data)
        try:
            _keep(box, form, judged(given, box.product_group_id, language=language()))
        except DeskError as error:
            form.say(error)
            form.forget_files()
            if fields is not None:
                fields.refuse(error)
            status = error.status
        else:
            session[ASKED] = (form.email.data or "").strip()
            return redirect("/report/sent", 303)
    elif fields is not None and fields.errors:
        form.form_errors.append(fields.sentence())
        if fits:
            form.forget_files()
    form.subject.render_kw = offering.while_typing(chosen.product_group_id if chosen else None, OFFERED)
    shown = offering.shown_before(request.form.getlist("shown"))
    return render_template("portal/report.html", form=form, fields=fields, chosen=chosen, shown=shown), status


def offered() -> str:
    """A piece of the form: public articles for the subject as far as it is typed."""
    if not strangers_may_report():
        abort(404)
    return render_template("portal/_offered.html", helped_at=f"{OFFERED}helped/", **offering.found())


def helped(entry_id: int) -> ResponseReturnValue:
    """The article answered it: nothing is sent, and that is counted."""
    if not strangers_may_report():
        abort(404)
    return offering.helped(entry_id)


def thanked() -> ResponseReturnValue:
    """Alike for every address."""
    if not strangers_may_report():
        abort(404)
    return render_template("portal/report_sent.html", email=session.get(ASKED))


def mailboxes() -> list[Mailbox]:
    """One of each product group that customers may choose."""
    query = (
        select(Mailbox)
        .join(Mailbox.product_group)
        .where(Mailbox.active, ProductGroup.active)
        .order_by(ProductGroup.position, ProductGroup.id, Mailbox.id)
    )
    found: dict[int, Mailbox] = {}
    for box in db.session.scalars(query):
        found.setdefault(box.product_group_id, box)
    return list(found.values())


def _fields_of(box: Mailbox) -> FieldsForm:
    """What the form of the product group asks of everybody."""
    return FieldsForm(OWNER, state=StateKind.NEW, product_group_id=box.product_group_id)


def _keep(box: Mailbox, form: ReportForm, fields: dict[str, Any]) -> None:
    """The letter is durable before any row names it. Raises DeskError."""
    email = understood(form.email.data)
    words = (form.name.data or "", form.subject.data or "", form.text.data or "")
    files = form.stored_files()
    beside = [value["size"] for value in fields.values() if isinstance(value, dict)]  # files of fields
    said = [form.opened.data, box.id, email, *words, fields, *(file.sha256 for file in files)]
    key = hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()
    raw = as_letter(box.address, email, *words, files, key=key)
    if len(raw) + sum(beside) > current_app.extensions["settings"].letter_limit:
        raise TooLarge
    if not (
        limits.may(OF_NETWORK, f"report {limits.here()}")
        and limits.may(OF_ADDRESS, f"report for {'@'.join(mailbox_of(email))}")
    ):
        raise TooOften
    kept = current_app.extensions["files"].put(raw)
    with transaction():
        row: Any = JournalEntry(
            mailbox=box,
            recipient=box.address,
            envelope_from=email,
            transport=FORM,
            peer=request.remote_addr,
            sha256=kept,
            size=len(raw),
            fields=fields or None,
        )
        db.session.add(row)
        offering.note_filed()
    wake(current_app.extensions["redis"], (INTAKE,))


def as_letter(to: str, email: str, name: str, subject: str, text: str, files: list[StoredFile], *, key: str) -> bytes:
    """What was typed as a letter (RFC 5322) of who typed it; by the same key it is the same letter, and filed once."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = formataddr((name, email))
    letter["To"] = to
    letter["Subject"] = subject
    letter["Date"] = format_datetime(utc_now())
    letter["Message-ID"] = f"<{key}@{current_app.extensions['settings'].hostname}>"
    letter.set_content(text.replace("\x00", ""))
    for file in files:
        main, _slash, sub = file.content_type.partition("/")
        kind = (main, sub) if main not in ("message", "multipart") else ("application", "octet-stream")
        content = current_app.extensions["files"].get(file.sha256)
        letter.add_attachment(content, maintype=kind[0], subtype=kind[1], filename=file.name)
    if files:
        letter.set_boundary(f"={key}=")
    return letter.as_bytes()


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"takes_reports": strangers_may_report})
    app.add_url_rule("/report", "report", report, methods=["GET", "POST"])
    app.add_url_rule("/report/sent", "report_sent", thanked)
    app.add_url_rule(OFFERED, "report_offered", offered)
    app.add_url_rule(f"{OFFERED}helped/<int:entry_id>", "report_helped", helped, methods=["POST"])
