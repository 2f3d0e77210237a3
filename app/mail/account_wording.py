"""What the letters about accounts say: invitations, registrations, passwords."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from app.accounts import links
from app.mail.content import Wording, absolute
from app.models.account import Account
from app.models.event import Letter
from app.models.invitation import Invitation, Purpose


def activation(letter: Letter) -> Wording:
    """S2. Whoever has an account already only takes a place in an organisation by it."""
    account = letter.account
    how = (
        _("Accept the invitation; the link is valid for 72 hours and works once.")
        if account.is_registered
        else _("Accept the invitation and set a password; the link is valid for 72 hours and works once.")
    )
    return Wording(
        subject=_("Invitation to the support portal"),
        paragraphs=[_invited_by(letter.invitation, account), how],
        button=(_("ACCEPT THE INVITATION"), _link(Purpose.ACTIVATION, letter)),
        footer=_("If you did not ask for it, ignore this letter: nothing happens."),
    )


def _invited_by(invitation: Invitation | None, account: Account) -> str:
    if invitation is None or invitation.invited_by is None:
        return _("An account in the support portal was asked for with the address %(email)s.", email=account.email)
    name = invitation.invited_by.name
    if invitation.organisation is None:
        return _("%(name)s invites you to the support portal.", name=name)
    return _(
        "%(name)s invites you to the support portal as a member of %(organisation)s.",
        name=name,
        organisation=invitation.organisation.name,
    )


def _registration_received(letter: Letter) -> Wording:
    return Wording(
        subject=_("We have received your registration"),
        paragraphs=[
            _(
                "An account in the support portal was asked for with the address %(email)s.",
                email=letter.account.email,
            ),
            _("We look at every registration ourselves. You will hear from us by letter."),
        ],
        footer=_("If you did not ask for it, ignore this letter: nothing happens."),
    )


def _registration_refused(letter: Letter) -> Wording:
    return Wording(
        subject=_("Your registration"),
        paragraphs=[
            _(
                "We cannot open an account in the support portal for the address %(email)s.",
                email=letter.account.email,
            ),
            _("You can write to us and call us all the same. If your company is our customer, ask us to invite you."),
        ],
        button=(_("Contact"), absolute("/contact")),
    )


def _already_registered(letter: Letter) -> Wording:
    return Wording(
        subject=_("You already have an account"),
        paragraphs=[
            _(
                "Somebody, probably you, asked for an account with the address %(email)s. It exists already.",
                email=letter.account.email,
            ),
            _("Sign in, or set a new password if you have forgotten yours."),
        ],
        button=(_("Sign in"), absolute("/login")),
        footer=_("If you did not ask for it, ignore this letter: nothing happens."),
    )


def _password_reset(letter: Letter) -> Wording:
    return Wording(
        subject=_("Set a new password"),
        paragraphs=[_("A new password was asked for. The link is valid for 24 hours and works once.")],
        button=(_("Set a new password"), _link(Purpose.RESET, letter)),
        footer=_("If you did not ask for it, ignore this letter: your password stays as it is."),
    )


def _password_changed(letter: Letter) -> Wording:
    return Wording(
        subject=_("Your password was changed"),
        paragraphs=[_("The password of your account %(email)s was changed just now.", email=letter.account.email)],
        button=(_("Set a new password"), absolute("/reset")),
        footer=_("If it was not you, set a new password at once and tell us."),
    )


def _key_made(letter: Letter) -> Wording:
    return Wording(
        subject=_("An API key was made for your account"),
        paragraphs=[
            _("A key was made by which a program can use your account %(email)s.", email=letter.account.email),
        ],
        button=(_("See the keys"), absolute("/profile/keys/")),
        footer=_("If it was not you, revoke the key, set a new password at once and tell us."),
    )


def _template_broken(_letter: Letter) -> Wording:
    return Wording(
        subject=_("The words of a letter cannot be used"),
        paragraphs=[
            _("The desk's own words of a letter could not be used, so the letter left with the product's words."),
            _("Open the list of letter templates to see which it is and what to mend."),
        ],
        button=(_("Letter templates"), absolute("/desk/templates/")),
    )


def _factors_changed(letter: Letter) -> Wording:
    return Wording(
        subject=_("You sign in in another way from now on"),
        paragraphs=[
            _(
                "The ways to sign in to your account %(email)s were changed: a passkey or the second step.",
                email=letter.account.email,
            )
        ],
        button=(_("See how you sign in"), absolute("/profile/")),
        footer=_("If it was not you, set a new password at once and tell us."),
    )


def _factors_reset(letter: Letter) -> Wording:
    return Wording(
        subject=_("Your second step of signing in was reset"),
        paragraphs=[
            _(
                "An administrator removed the second step and all passkeys of your account %(email)s,"
                " as somebody, probably you, asked for it.",
                email=letter.account.email,
            ),
            _("Until you set them up anew, your password alone signs you in."),
        ],
        button=(_("Sign in"), absolute("/login")),
        footer=_("If it was not you, set a new password at once and tell us."),
    )


def _link(purpose: Purpose, letter: Letter) -> str:
    """A new link, made when the letter leaves."""
    return absolute(links.make(purpose, letter.account, letter=letter, invitation=letter.invitation))


ABOUT_ACCOUNT: dict[str, Callable[[Letter], Wording]] = {
    "activation": activation,
    "registration_received": _registration_received,
    "registration_refused": _registration_refused,
    "already_registered": _already_registered,
    "password_reset": _password_reset,
    "password_changed": _password_changed,
    "template_broken": _template_broken,
    "key_made": _key_made,
    "factors_changed": _factors_changed,
    "factors_reset": _factors_reset,
}
