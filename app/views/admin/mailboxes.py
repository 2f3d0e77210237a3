"""Mailboxes, and by which accounts on other servers their letters come."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement
from sqlalchemy.orm import joinedload
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import Email, NumberRange, Optional, Regexp

from app.access import NotFound
from app.events.transaction import transaction
from app.extensions import db
from app.mail import connections, trouble_words
from app.mail.check import check
from app.mail.trouble import Troubled
from app.models.mail_connection import Direction, MailConnection, SignIn
from app.models.mailbox import Mailbox
from app.models.ranges import Order
from app.sealed import seal
from app.views.admin.connections import FORMS
from app.views.admin.fields import REQUIRED, Free, text
from app.views.admin.settings import SettingsView
from app.views.desk.grid import ROW_ID
from app.views.doors import requires
from app.views.reference import group_choices

FREE_ADDRESS = Free(Mailbox.address, normal=str.lower)


class MailboxModelView(SettingsView):
    """S5: every product group has its own address."""

    route_base = "/desk/mailboxes"
    datamodel = SettingsView.over(Mailbox)
    order = Order(Mailbox.address, Mailbox.id, descending=False)
    eager = (joinedload(Mailbox.product_group),)
    list_title = _l("Mailboxes")
    add_title = _l("Add a mailbox")
    edit_title = _l("Change the mailbox")
    text_filter = _l("How the address begins")
    label_columns = {"address": _l("Address"), "name": _l("Shown as"), "product_group": _l("Product group")}
    label_columns |= {
        "active": _l("Active"),
        "verified_by": _l("Mail server that checks senders"),
        "trusts_marks": _l("Consultants are known by their copy"),
        "quiet_minutes": _l("Warn after minutes of silence"),
    }
    list_columns = ["address", "name", "product_group", "active"]
    show_columns = ["address", "name", "product_group", "verified_by", "trusts_marks", "quiet_minutes", "active"]
    add_columns = edit_columns = [
        "address",
        "product_group_id",
        "verified_by",
        "trusts_marks",
        "quiet_minutes",
        "active",
    ]
    add_form_extra_fields = edit_form_extra_fields = {
        "address": text(
            _l("Address"),
            REQUIRED,
            Email(),
            FREE_ADDRESS,
            longest=200,
            hint=_l("Capital letters are only for the eye: they are shown."),
        ),
        "product_group_id": SelectField(_l("Product group"), coerce=int, choices=group_choices),
        "verified_by": text(
            _l("Mail server that checks senders"),
            Optional(),
            Regexp(r"[\w.-]+$", message=_l("Write one name, such as mx.pomoc.example.")),
            longest=255,
            hint=_l(
                "The name with which your own server begins its Authentication-Results headers, and nobody else can. "
                "Write protection.outlook.com for Exchange Online. Empty: Bilety checks SPF, DKIM and DMARC itself."
            ),
        ),
        "trusts_marks": BooleanField(
            _l("Consultants are known by their copy"),
            description=_l(
                "A consultant's answer by letter is sent on also when nothing proves his address, as long as it "
                "answers his own copy. Leave it off unless nobody outside can write to this mailbox."
            ),
        ),
        "quiet_minutes": IntegerField(
            _l("Warn after minutes of silence"),
            validators=[Optional(), NumberRange(1, 100_000)],
            description=_l(
                "When nothing was read from its server, or no letter came, for so long, administrators get a letter,"
                " and one more when it is heard of again. Empty: never."
            ),
        ),
        "active": BooleanField(_l("Active"), default=True, description=_l("Letters to it are taken.")),
    }

    include_route_methods = {*SettingsView.include_route_methods, "connection", "test", "consent"}
    show_template = "desk/mailbox.html"

    @expose(f"/connection/{ROW_ID}/<any(in, out):direction>", methods=["GET", "POST"])
    @requires("edit")
    def connection(self, pk: int, direction: str) -> ResponseReturnValue:
        """By which account on another server letters come in, or go out."""
        mailbox = self.row(pk)
        row = connections.of(mailbox, Direction(direction))
        form = FORMS[direction].of(row)
        if not form.validate_on_submit():
            return self.render_template(
                "desk/connection.html", form=form, mailbox=mailbox, direction=direction, view=self
            )
        with transaction():
            connections.save(self.row(pk), Direction(direction), form.said(), key=_key())
        flash(_("Saved. Test the connection now."), "success")
        return redirect(self.address(f"show/{pk}"), 303)

    @expose(f"/connection/{ROW_ID}/<any(in, out):direction>/test", methods=["POST"])
    @requires("edit")
    def test(self, pk: int, direction: str) -> ResponseReturnValue:
        """Step by step, what works and what does not. It changes nothing, so the answer is the page."""
        mailbox = self.row(pk)
        row = connections.of(mailbox, Direction(direction))
        if row is None:
            raise NotFound
        account = connections.account(row)
        shown = {"title": mailbox.name, "back": self.address(f"show/{pk}"), "view": self, "words": trouble_words}
        db.session.commit()  # Nothing may be held while the server takes its time.
        return self.render_template("desk/connection_test.html", taken=check(account, _key()), **shown)

    @expose(f"/connection/{ROW_ID}/<any(in, out):direction>/consent", methods=["POST"])
    @requires("edit")
    def consent(self, pk: int, direction: str) -> ResponseReturnValue:
        """Ask for a code that the mailbox's user types at Microsoft, or keep what he gave once he has."""
        from app.mail import consent  # heavy, and few need it

        row = connections.of(self.row(pk), Direction(direction))
        if row is None or row.signs_in != SignIn.USER:
            raise NotFound
        account, waiting = connections.account(row), connections.waiting(row, _key())
        db.session.commit()  # Nothing may be held while the server takes its time.
        try:
            if request.form.get("act") == "finish" and waiting:
                flash(*self._finished(pk, Direction(direction), consent.finish(account, waiting)))
            else:
                flow = seal(consent.begin(account), _key())
                with transaction():
                    connections.of_one(self.row(pk), Direction(direction)).consenting = flow
        except Troubled as error:
            flash(trouble_words.told(error.trouble, error.said), "error")
        return redirect(self.address(f"show/{pk}"), 303)

    def _finished(self, pk: int, direction: Direction, token: str | None) -> tuple[str, str]:
        """What to tell of it."""
        if token is None:
            return _("Nobody has signed in with the code yet. Do so, then press the button again."), "warning"
        with transaction():
            connections.consented(connections.of_one(self.row(pk), direction), token, _key())
        return _("The consent is kept. Test the connection now."), "success"

    def code_of(self, row: MailConnection) -> dict[str, str] | None:
        """The code that the mailbox's user has to type, and where."""
        return connections.code_of(row, _key())

    def connections(self, mailbox: Mailbox) -> list[tuple[Direction, MailConnection | None]]:
        """What the mailbox's page shows."""
        return [(direction, connections.of(mailbox, direction)) for direction in Direction]

    def has_relay(self) -> bool:
        """Whether the whole desk has a server for its letters."""
        return current_app.extensions["settings"].mail_server is not None

    def days_left(self, row: MailConnection) -> int | None:
        """Until the last day of the client secret, where one is known."""
        return connections.days_left(row)

    def trouble_of(self, row: MailConnection) -> str:
        """What is wrong, who can mend it, and the server's own words."""
        return trouble_words.told(row.trouble, row.said)

    def prefill_form(self, form: Any, pk: int) -> None:
        """The address is kept in lower case; the person sees it as he wrote it."""
        form.address.data = self.row(pk).name

    def narrowed_by(self, words: str) -> ColumnElement[bool]:
        return Mailbox.address.startswith(words.lower(), autoescape=True)

    def pre_add(self, item: Mailbox) -> None:
        item.name, item.address = item.address, item.address.lower()
        item.verified_by = (item.verified_by or "").lower() or None

    pre_update = pre_add

    def title_of(self, row: Mailbox) -> str:
        return _("Mailbox %(address)s", address=row.name)


def _key() -> str:
    key: str = current_app.extensions["settings"].secret_key
    return key
