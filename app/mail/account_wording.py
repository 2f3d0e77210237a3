"""What the letters about accounts hold beside their words: invitations, registrations, passwords."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from app.accounts import links
from app.mail.content import Wording, absolute, is_trial
from app.models.event import Letter
from app.models.invitation import Purpose


def joining(letter: Letter) -> Wording:
    """S2: the button that accepts an invitation."""
    return _linked(_("ACCEPT THE INVITATION"), _link(Purpose.ACTIVATION, letter))


def _resetting(letter: Letter) -> Wording:
    return _linked(_("Set a new password"), _link(Purpose.RESET, letter))


def _page(words: Callable[[], str], path: str) -> Callable[[Letter], Wording]:
    """A button that leads to a page of ours, or none."""
    return lambda _letter: _linked(words(), absolute(path))


def _words_alone(_letter: Letter) -> Wording:
    return Wording("", [])


def _written(_letter: Letter) -> Wording:
    """A consultant's own words to somebody whose letter became no ticket."""
    return Wording("", [], by_person=True)


def _linked(words: str, address: str) -> Wording:
    return Wording("", [], button=(words, address))


def _link(purpose: Purpose, letter: Letter) -> str:
    """A new link, made when the letter leaves; a letter on trial opens nothing."""
    if is_trial(letter):
        return absolute("/")
    return absolute(links.make(purpose, letter.account, letter=letter, invitation=letter.invitation))


ABOUT_ACCOUNT: dict[str, Callable[[Letter], Wording]] = {
    "activation": joining,
    "registration_received": _words_alone,
    "registration_refused": _page(lambda: _("Contact"), "/contact"),
    "already_registered": _page(lambda: _("Sign in"), "/login"),
    "password_reset": _resetting,
    "password_changed": _page(lambda: _("Set a new password"), "/reset"),
    "rejected": _written,
    "too_large": _words_alone,
    "hook_paused": _page(lambda: _("Hooks"), "/desk/hooks/"),
    "mailbox_silent": _page(lambda: _("Balance of mail"), "/desk/balance/"),
    "mailbox_heard": _page(lambda: _("Balance of mail"), "/desk/balance/"),
    "template_broken": _page(lambda: _("Letter templates"), "/desk/templates/"),
    "key_made": _page(lambda: _("See the keys"), "/profile/keys/"),
    "factors_changed": _page(lambda: _("See how you sign in"), "/profile/"),
    "factors_reset": _page(lambda: _("Sign in"), "/login"),
}
