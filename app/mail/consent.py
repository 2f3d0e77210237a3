"""A user of Microsoft 365 lets Bilety read and send his letters: he types a code and signs in (RFC 8628).

What he gave is kept sealed as a refresh token. It ends 90 days after it was last renewed, so a chore renews it.
Loaded only where a mailbox needs it: MSAL is heavy.
"""

from __future__ import annotations

import json
import logging
from datetime import timedelta

import requests
from sqlalchemy import select

from app.events.transaction import transaction
from app.extensions import db
from app.mail import connections, tokens
from app.mail.trouble import Trouble, Troubled
from app.mail.ways import Account
from app.models.mail_connection import MailConnection, SignIn
from app.models.types import utc_now
from app.sealed import seal

RENEW_AFTER = timedelta(days=7)
OUTLOOK = "https://outlook.office.com"
log = logging.getLogger(__name__)


def begin(account: Account) -> str:
    """Ask for a code that the user has to type; answers what `finish` needs, for `code_of`. Raises Troubled."""
    with tokens.Session() as session:
        try:
            flow = tokens.public_application(account, session).initiate_device_flow(scopes=_scopes(account))
        except requests.RequestException as error:
            raise tokens.of_request(error) from error
        except ValueError as error:  # MSAL's for an authority that is none
            raise Troubled(Trouble.TENANT, error) from error
    if "user_code" not in flow:
        raise tokens.refused(flow)
    return json.dumps(flow)


def finish(account: Account, flow: str) -> str | None:
    """The refresh token, once the user has signed in; None before. Raises Troubled."""
    with tokens.Session() as session:
        application = tokens.public_application(account, session)
        try:
            answer = application.acquire_token_by_device_flow(json.loads(flow), exit_condition=lambda _flow: True)
        except requests.RequestException as error:
            raise tokens.of_request(error) from error
    if answer.get("error") in ("authorization_pending", "slow_down"):
        return None
    if "refresh_token" not in answer:
        raise tokens.refused(answer)
    return str(answer["refresh_token"])


def renew_all(key: str) -> None:
    """Renew what is older than a week; what cannot be renewed is told where the mailbox is read."""
    old = (
        select(MailConnection.id)
        .where(MailConnection.signs_in == SignIn.USER, MailConnection.active, MailConnection.secret.is_not(None))
        .where(MailConnection.secret_changed_at < utc_now() - RENEW_AFTER)
    )
    for id_ in db.session.scalars(old).all():
        account = connections.account(db.session.get_one(MailConnection, id_))
        db.session.commit()  # nothing is held while the server takes its time
        try:
            with tokens.Session() as session:
                token = tokens.Tokens(account, key, session).renewed(_scopes(account))
        except Troubled as error:
            log.warning("The consent for %s could not be renewed: %s", account.address, error)
            continue
        with transaction():
            row = db.session.get_one(MailConnection, id_)
            if row.secret == account.secret:
                row.secret, row.secret_changed_at = seal(token, key), utc_now()


def _scopes(account: Account) -> list[str]:
    if account.way == "graph":
        return [f"https://{account.host}/Mail.ReadWrite", f"https://{account.host}/Mail.Send"]
    return [f"{OUTLOOK}/IMAP.AccessAsUser.All", f"{OUTLOOK}/SMTP.Send"]
