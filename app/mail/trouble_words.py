"""The troubles with mail servers in the reader's language: what failed, and who can mend it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.mail.trouble import Trouble

SENTENCES: dict[str, Any] = {
    Trouble.NAME: _l("The name of the server is not known."),
    Trouble.REACH: _l("The server does not answer."),
    Trouble.SILENT: _l("The server took the connection and then said nothing."),
    Trouble.TLS: _l("The connection could not be encrypted."),
    Trouble.CERTIFICATE: _l("The server's certificate is not trusted."),
    Trouble.SIGN_IN: _l("The server did not let us in."),
    Trouble.SENDER: _l("The server does not take letters from this address."),
    Trouble.FOLDER: _l("The folder could not be opened."),
    Trouble.MOVE: _l("Letters cannot be moved to the other folder; they are taken all the same."),
    Trouble.SECRET: _l("The kept password cannot be read, because SECRET_KEY has changed."),
    Trouble.ANSWER: _l("The server answered in a way that was not expected."),
    Trouble.EXPIRED: _l("The client secret has expired."),
    Trouble.CLIENT: _l("The client secret is wrong."),
    Trouble.APPLICATION: _l("The application is not known in this tenant, or is disabled."),
    Trouble.TENANT: _l("The tenant is not known."),
    Trouble.CONSENT: _l("The application has no consent for what is asked."),
    Trouble.ENDED: _l("Nobody has consented for this mailbox yet, or the consent has ended."),
    Trouble.POLICY: _l("A policy of the tenant (conditional access) does not let the application in."),
    Trouble.RIGHTS: _l("The application may not use this mailbox."),
    Trouble.LICENCE: _l("The mailbox has no licence, or is not in the cloud."),
    Trouble.MAILBOX: _l("There is no such mailbox in the tenant."),
    Trouble.MOVING: _l("The mailbox is being moved to another server; letters are taken afterwards."),
    Trouble.BUSY: _l("The server asks to wait, or is too busy now."),
    Trouble.KEEPING: _l("The letter could not be kept here; it stays on the server and is taken later."),
}
MENDS: dict[str, Any] = {
    Trouble.NAME: _l("You: look how the name is written. If it is right, whoever runs your network can help (DNS)."),
    Trouble.REACH: _l("You: check server and port. If they are right, whoever runs your network can help (firewall)."),
    Trouble.SILENT: _l(
        "You: choose the other kind of encryption, or the port that belongs to it. If they fit, the administrator of"
        " the mail server can say why it is slow."
    ),
    Trouble.TLS: _l("You: choose the other kind of encryption, or the port that belongs to it."),
    Trouble.CERTIFICATE: _l(
        "The administrator of the mail server: it must be valid and in the server's name. For an authority of your"
        " own, set SSL_CERT_FILE."
    ),
    Trouble.SIGN_IN: _l(
        "You: type user and password again. If they are right, the administrator of the mail server can say whether"
        " programs may sign in by password."
    ),
    Trouble.SENDER: _l("The administrator of the mail server: this user must be allowed to send as that address."),
    Trouble.FOLDER: _l("You: choose a folder that is there, or ask the administrator of the mail server for one."),
    Trouble.MOVE: _l(
        "You: name another folder, or none. Otherwise the administrator of the mail server can give the right to"
        " write there."
    ),
    Trouble.SECRET: _l("You: type the password again."),
    Trouble.ANSWER: _l("The administrator of the mail server: what it said stands beside."),
    Trouble.EXPIRED: _l(
        "The administrator of Microsoft 365: make a new client secret. You: type it here, with its last day."
    ),
    Trouble.CLIENT: _l("You: type the value of the client secret, not its ID."),
    Trouble.APPLICATION: _l("You: compare the application (client) ID with that in Microsoft Entra."),
    Trouble.TENANT: _l("You: compare the tenant with that in Microsoft Entra."),
    Trouble.CONSENT: _l(
        "The administrator of Microsoft 365: grant the application Mail.ReadWrite and Mail.Send for Graph, or"
        " IMAP.AccessAsApp and SMTP.SendAsApp, with admin consent."
    ),
    Trouble.ENDED: _l(
        "You: press the button for the consent on the mailbox's page, and sign in as the user of the mailbox."
    ),
    Trouble.POLICY: _l("The administrator of Microsoft 365: let the application in from this network."),
    Trouble.RIGHTS: _l(
        "The administrator of Microsoft 365: grant the rights with admin consent, and look whether an access policy of"
        " Exchange leaves this mailbox out."
    ),
    Trouble.LICENCE: _l("The administrator of Microsoft 365: give the mailbox a licence, or make it a shared one."),
    Trouble.MAILBOX: _l("You: compare the user with the address of the mailbox in Microsoft 365."),
    Trouble.MOVING: _l("Nobody needs to: it ends by itself. The administrator of Microsoft 365 knows when."),
    Trouble.BUSY: _l(
        "Nobody needs to: it is tried again by itself. If it stays so, ask the administrator of the mail server."
    ),
    Trouble.KEEPING: _l("You: run `python run.py doctor`; the disk may be full, or the database away."),
}
STEPS: dict[str, Any] = {
    "name": _l("The server's name is known"),
    "reach": _l("The server answers"),
    "tls": _l("The connection is encrypted, the certificate is trusted"),
    "plain": _l("The server greets; nothing is encrypted, on this machine only"),
    "greeting": _l("The server greets"),
    "sign_in": _l("The server lets us in"),
    "sender": _l("The server takes letters from this address"),
    "token": _l("Microsoft 365 lets the application in"),
    "mailbox": _l("The mailbox is there"),
    "folder": _l("The folder opens"),
    "move": _l("Letters can be moved"),
}


def told(trouble: str | None, said: str | None) -> str:
    """What failed, who can mend it, and the server's own words."""
    code = trouble or ""
    words = [str(SENTENCES.get(code, code)), str(MENDS.get(code, ""))]
    return " ".join([*words, f"({said})"] if said else words)
