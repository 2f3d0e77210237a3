"""Rules about accounts that somebody ran into, each with a sentence that says what to do."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.broken_rule import BrokenRule


class AccountError(BrokenRule):
    """A broken rule about accounts."""


class AddressTaken(AccountError):
    sentence = _l("Somebody has this address already. Write the call down for that customer instead.")


class AlreadyColleague(AccountError):
    sentence = _l("This person belongs to the organisation already.")


class AlreadyRegistered(AccountError):
    sentence = _l("This person has an account already. Name an organisation to invite this person to.")


class Deactivated(AccountError):
    sentence = _l("This account is deactivated. An administrator can activate it again.")


class KeyMayOnlyRead(AccountError):
    status = 403
    sentence = _l("This key may only read. Its owner can make one that may also write.")


class KeyOnlyForContent(AccountError):
    status = 403
    sentence = _l("This key is for content of some types only. Its owner can make one for more.")


class LastAdministrator(AccountError):
    sentence = _l("This is the last administrator. Make somebody else an administrator first.")


class MoreThanYours(AccountError):
    status = 403
    sentence = _l("You can only give and take rights that you have yourself.")


class NobodyElses(AccountError):
    status = 403
    sentence = _l("This person may do more than you. Ask somebody with the same rights to change the account.")


class NotOpen(AccountError):
    sentence = _l("This invitation was accepted, withdrawn or decided already.")


class RoleHeld(AccountError):
    sentence = _l("Somebody holds this role. Give those people another one first.")


class RoleNameTaken(AccountError):
    sentence = _l("Another role is called so. Choose another name.")


class SecondFactorMissing(AccountError):
    status = 403
    sentence = _l("Everybody at the desk signs in with a second step. Sign in to the portal and set up yours first.")


class SecondFactorNeeded(AccountError):
    status = 401
    sentence = _l(
        "This account signs in with a second step, so a password is not enough. Send the code of its authenticator app"
        " as `code` too, or make an API key in the portal."
    )


class NotYourself(AccountError):
    sentence = _l("You cannot remove yourself. Ask another manager of your organisation, or our support.")


class NotYours(AccountError):
    sentence = _l("Only administrators, and consultants who manage a product group, make somebody a manager.")


class ShippedRole(AccountError):
    sentence = _l("This role came with Bilety and stays as it is. Make a copy of it and change that.")


class TooManyInvitations(AccountError):
    sentence = _l(
        "Your company has sent 50 invitations within a day. Go on tomorrow, or ask our support to invite more."
    )
