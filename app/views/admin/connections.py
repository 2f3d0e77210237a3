"""The form of a mailbox's account on another server."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, PasswordField, SelectField
from wtforms.validators import Length, NumberRange, Optional, Regexp

from app.mail.connections import needs_secret
from app.models.mail_connection import Direction, MailConnection, Security, SignIn
from app.views.admin.fields import REQUIRED, text

A_HOST = Regexp(r"^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$", message=_l("This is no name of a server."))
A_TENANT = Regexp(r"^(https://[A-Za-z0-9.:/-]+|[A-Za-z0-9.-]+)$", message=_l("This is no tenant."))
ON_ONE_LINE = Regexp(r"^[^\x00-\x1f\x7f]*$", message=_l("This holds characters that no name has."))
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
IN_SECURITIES = {
    Security.TLS: _l("TLS from the beginning (port 993, POP3: 995)"),
    Security.STARTTLS: _l("STARTTLS (port 143, POP3: 110)"),
    Security.NONE: _l("None, for a server on this very machine"),
}
OUT_SECURITIES = {
    Security.TLS: _l("TLS from the beginning (port 465)"),
    Security.STARTTLS: _l("STARTTLS (port 587)"),
    Security.NONE: IN_SECURITIES[Security.NONE],
}
SIGN_INS = {
    SignIn.PASSWORD: _l("By password"),
    SignIn.OAUTH: _l("As an application of Microsoft 365"),
    SignIn.USER: _l("As a user of Microsoft 365, who consents afterwards"),
}
GRAPH = {"host": "graph.microsoft.com", "port": 443, "security": Security.TLS, "signs_in": SignIn.OAUTH}
KEPT_ENCRYPTED = _l("It is kept encrypted and never shown. Empty: the one that is kept stays.")


def signs_in_field() -> SelectField:
    return SelectField(_l("How Bilety signs in"), choices=list(SIGN_INS.items()), default=SignIn.PASSWORD)


def secret_field() -> PasswordField:
    label = _l("Password, or client secret of the application")
    return PasswordField(label, validators=[Length(max=500), ON_ONE_LINE], description=KEPT_ENCRYPTED)


def authority_field() -> Any:
    return text(_l("Tenant"), Optional(), A_TENANT, longest=255, hint=_l("Of Microsoft 365: its ID or its domain."))


def client_id_field() -> Any:
    return text(_l("Application (client) ID"), Optional(), ON_ONE_LINE, longest=255, hint=_l("Of Microsoft 365."))


def expiry_field() -> DateField:
    hint = _l("Bilety warns a month before.")
    return DateField(_l("Last day of the client secret"), validators=[Optional()], description=hint)


class ConnectionForm(FlaskForm):
    """A mailbox's account on a server. A kept password is never shown; an empty field keeps it."""

    kept: MailConnection | None
    defaults: ClassVar[dict[str, Any]] = {}

    @classmethod
    def of(cls, row: MailConnection | None) -> ConnectionForm:
        """The form with what is kept, but for the secret."""
        form = cls()
        names = [field.name for field in form if field.name not in ("csrf_token", "secret")]
        form = cls(data={name: getattr(row, name) for name in names} if row else cls.defaults)
        form.kept = row
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        fits = super().validate(extra_validators)
        said = self.said()
        if not said["host"]:
            fits = self._refuse("host", _("Fill in this field."))
        if said["security"] == Security.NONE and said["host"] not in THIS_MACHINE:
            fits = self._refuse("security", _("Passwords and letters leave this machine encrypted only."))
        if said["signs_in"] != SignIn.PASSWORD:
            for name in (name for name in ("username", "authority", "client_id") if not said[name]):
                fits = self._refuse(name, _("Fill in this field."))
        if not said["secret"] and needs_secret(self.kept, said):
            words = _("Type the password; one that was kept is not sent to another server or port.")
            fits = self._refuse("secret", words)
        return fits

    def said(self) -> dict[str, Any]:
        """What was typed, by column. Of Graph all that is always the same is filled in."""
        typed = {field.name: field.data for field in self if field.name != "csrf_token"}
        typed |= {name: "" for name in ("host", "username", "authority", "client_id") if not typed[name]}
        if typed["way"] == "graph":
            kept = {"host": bool(typed["host"]), "signs_in": typed["signs_in"] == SignIn.USER}
            typed |= {name: value for name, value in GRAPH.items() if not kept.get(name)}
        return typed

    def _refuse(self, name: str, words: str) -> bool:
        self[name].errors = [words]
        return False


class IncomingForm(ConnectionForm):
    """Where the letters are fetched."""

    defaults: ClassVar[dict[str, Any]] = {"folder": "INBOX"}

    active = BooleanField(_l("Fetch letters"), default=True)
    way = SelectField(
        _l("Kind of server"), choices=[("imap", "IMAP"), ("pop3", "POP3"), ("graph", "Microsoft Graph (Microsoft 365)")]
    )
    host = text(
        _l("Server"),
        Optional(),
        A_HOST,
        longest=255,
        hint=_l("Its name, such as imap.pomoc.example. Not needed for Microsoft Graph."),
    )
    security = SelectField(_l("Encryption"), choices=list(IN_SECURITIES.items()), default=Security.TLS)
    port = IntegerField(_l("Port"), default=993, validators=[NumberRange(1, 65535)])
    username = text(_l("User"), REQUIRED, ON_ONE_LINE, longest=320, hint=_l("Often the whole e-mail address."))
    signs_in = signs_in_field()
    secret = secret_field()
    authority = authority_field()
    client_id = client_id_field()
    secret_expires_on = expiry_field()
    folder = text(_l("Folder"), REQUIRED, ON_ONE_LINE, longest=255)
    move_to = text(
        _l("Move letters that are kept to the folder"),
        Optional(),
        ON_ONE_LINE,
        longest=255,
        hint=_l("Empty: they stay where they are. The folder is made where it is missing."),
    )
    takes_old = BooleanField(
        _l("Also take the letters that are there already"),
        description=_l("Each of them becomes a ticket, and its sender is answered."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        fits = super().validate(extra_validators)
        if self.way.data == "pop3" and self.signs_in.data != SignIn.PASSWORD:
            fits = self._refuse("signs_in", _("POP3 is read by password only: choose IMAP or Microsoft Graph."))
        if self.way.data == "pop3" and (self.move_to.data or self.folder.data != "INBOX"):
            fits = self._refuse("folder", _("POP3 knows no folders: INBOX is read, and letters stay there."))
        if self.move_to.data and self.move_to.data == self.folder.data:
            self.move_to.errors = [_("This is the folder that letters are taken from.")]
            fits = False
        return fits

    def said(self) -> dict[str, Any]:
        return super().said() | {"move_to": self.move_to.data or ""}


class OutgoingForm(ConnectionForm):
    """By which server the mailbox's letters leave, where it is not the one of MAIL_SERVER."""

    active = BooleanField(_l("Send by this server"), default=True)
    way = SelectField(_l("Kind of server"), choices=[("smtp", "SMTP"), ("graph", "Microsoft Graph (Microsoft 365)")])
    host = text(
        _l("Server"),
        Optional(),
        A_HOST,
        longest=255,
        hint=_l("Its name, such as smtp.pomoc.example. Not needed for Microsoft Graph."),
    )
    security = SelectField(_l("Encryption"), choices=list(OUT_SECURITIES.items()), default=Security.STARTTLS)
    port = IntegerField(_l("Port"), default=587, validators=[NumberRange(1, 65535)])
    username = text(_l("User"), Optional(), ON_ONE_LINE, longest=320, hint=_l("Empty where the server asks for none."))
    signs_in = signs_in_field()
    secret = secret_field()
    authority = authority_field()
    client_id = client_id_field()
    secret_expires_on = expiry_field()

    def said(self) -> dict[str, Any]:
        return super().said() | {"username": self.username.data or ""}


FORMS: dict[str, type[ConnectionForm]] = {Direction.IN: IncomingForm, Direction.OUT: OutgoingForm}
