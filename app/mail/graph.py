"""Letters by Microsoft Graph, in and out, for an application of the customer's own tenant.

Loaded only where a mailbox needs it.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import quote

import requests

from app.mail import network
from app.mail.tokens import Session, Tokens, of_request
from app.mail.trouble import Trouble, Troubled
from app.mail.ways import Account, Found, Step

POLL_SECONDS = 20.0
CHUNK = 2**16
LONGEST_REST = 3600.0
PREFER = {"Prefer": 'IdType="ImmutableId", odata.maxpagesize=100'}  # an id that stays when a letter is moved
ANEW = "#anew"  # marks a cursor of ours whose page lists what was there before, too
FORGOTTEN = 410  # Graph does not know its own link any more
# By Graph's own codes; what is not among them is told from the status.
TROUBLES = {
    "InvalidAuthenticationToken": Trouble.SIGN_IN,
    "ErrorAccessDenied": Trouble.RIGHTS,
    "Authorization_RequestDenied": Trouble.RIGHTS,
    "ErrorSendAsDenied": Trouble.SENDER,
    "MailboxNotEnabledForRESTAPI": Trouble.LICENCE,
    "MailboxNotSupportedForRESTAPI": Trouble.LICENCE,
    "ErrorInvalidUser": Trouble.MAILBOX,
    "Request_ResourceNotFound": Trouble.MAILBOX,
    "ErrorNonExistentMailbox": Trouble.MAILBOX,
    "ErrorMailboxMoveInProgress": Trouble.MOVING,
    "ErrorMailboxStoreUnavailable": Trouble.MOVING,
    "ErrorFolderNotFound": Trouble.FOLDER,
    "ApplicationThrottled": Trouble.BUSY,
    "TooManyRequests": Trouble.BUSY,
}
BY_STATUS = {401: Trouble.SIGN_IN, 403: Trouble.RIGHTS, 429: Trouble.BUSY, 503: Trouble.BUSY, 504: Trouble.BUSY}


class Refused(Troubled):
    """Graph's refusal, with its own code and status."""

    def __init__(self, status: int, code: str, said: str, rest: float | None) -> None:
        super().__init__(TROUBLES.get(code, BY_STATUS.get(status, Trouble.ANSWER)), f"{status} {code}: {said}", rest)
        self.status, self.code = status, code


class Graph:
    """A mailbox of Microsoft 365."""

    def __init__(self, account: Account, key: str) -> None:
        self.account = account
        self.session = Session()
        self.tokens = Tokens(account, key, self.session)
        port = "" if account.port == 443 else f":{account.port}"
        self.host = f"https://{account.host}{port}"
        self.user = f"{self.host}/v1.0/users/{quote(account.username, safe='')}"
        self.folder = ""
        self.kept: list[str] = []

    def steps(self) -> Iterator[Step]:
        yield "name", lambda: network.resolve(self.account.host, self.account.port)
        yield "reach", lambda: network.reach(self.account.host, self.account.port)
        yield "token", self._sign_in
        if self.account.folder:  # letters in
            yield "folder", self._open_folder
            if self.account.move_to:
                yield "move", lambda: self._folder_id(self.account.move_to, make=True) and self.account.move_to
        else:
            yield "mailbox", lambda: str(self._json("GET", f"{self.user}/mailFolders/outbox?$select=id")["id"])[:12]

    def open(self) -> None:
        """Raises Troubled."""
        self._sign_in()
        self._open_folder()

    def beginning(self) -> str:
        """All pages are gone through once, without their letters."""
        link, is_last = self._first_page(), False
        while not is_last:
            _letters, link, is_last = self._page(link)
        return link

    def letters(self, cursor: str | None, since: datetime | None) -> Iterator[Found]:
        """The cursor is Graph's own link. Within a page it stays: after a crash the page is read again, and the journal
        knows the letters by their bytes. Where Graph has forgotten it, the folder is read anew from `since` on."""
        anew, is_last = ANEW if since else "", False
        link = cursor or self._first_page()
        while not is_last:
            try:
                listed, following, is_last = self._page(link)
            except Refused as error:
                if error.status != FORGOTTEN or link.removesuffix(ANEW) == self._first_page():
                    raise
                link = self._first_page() + anew
                yield Found(None, link)
                continue
            if since and link.endswith(ANEW):
                listed = [each for each in listed if _came(each) >= since]
                following += "" if is_last else ANEW
            yield from self._fetched(listed, link)
            link = following
            yield Found(None, link)

    def tidy(self, cursor: str) -> None:
        """What this connection has taken goes to the other folder, where one is wished for."""
        if self.account.move_to and self.kept:
            target = self._folder_id(self.account.move_to, make=True)
            for letter in list(self.kept):
                with _passed_over():
                    self._json("POST", f"{self.user}/messages/{quote(letter)}/move", json={"destinationId": target})
                self.kept.remove(letter)

    def wait(self, stopping: threading.Event, seconds: float) -> None:
        """Graph tells only servers that it can reach from outside, so it is asked."""
        stopping.wait(min(seconds, POLL_SECONDS))

    def close(self) -> None:
        self.session.close()

    def send(self, message: bytes) -> None:
        """Hand over a letter as it is (MIME). Raises Troubled."""
        self._asked(
            "POST", f"{self.user}/sendMail", data=base64.b64encode(message), headers={"Content-Type": "text/plain"}
        ).close()

    def _sign_in(self) -> str:
        self.tokens.token(f"https://{self.account.host}/.default")
        return self.account.client_id

    def _open_folder(self) -> str:
        self.folder = self._folder_id(self.account.folder)
        return self.account.folder

    def _folder_id(self, path: str, *, make: bool = False) -> str:
        """The folder of that name; of an inner one the names stand with / between. Raises Troubled."""
        if path.upper() == "INBOX":
            return str(self._json("GET", f"{self.user}/mailFolders/inbox?$select=id")["id"])
        within, found = f"{self.user}/mailFolders", ""
        for name in path.split("/"):
            wanted = quote("displayName eq '{}'".format(name.replace("'", "''")))
            rows = self._json("GET", f"{within}?$filter={wanted}&$select=id")["value"]
            if not rows and not make:
                raise Troubled(Trouble.FOLDER, name)
            found = str((rows[0] if rows else self._json("POST", within, json={"displayName": name}))["id"])
            within = f"{self.user}/mailFolders/{quote(found)}/childFolders"
        return found

    def _first_page(self) -> str:
        folder = quote(self.folder)
        return f"{self.user}/mailFolders/{folder}/messages/delta?changeType=created&$select=id,receivedDateTime"

    def _page(self, link: str) -> tuple[list[dict[str, Any]], str, bool]:
        """What it lists, where to go on, and whether that is only for later."""
        if not link.startswith(f"{self.host}/"):
            raise Troubled(Trouble.ANSWER, link)
        found = self._json("GET", link.removesuffix(ANEW))
        listed = [each for each in found["value"] if "@removed" not in each]
        following = found.get("@odata.nextLink") or found.get("@odata.deltaLink")
        if not following:
            raise Troubled(Trouble.ANSWER, "no deltaLink")
        return listed, str(following), "@odata.nextLink" not in found

    def _fetched(self, listed: list[dict[str, Any]], cursor: str) -> Iterator[Found]:
        """What was moved or removed meanwhile is passed over."""
        for each in listed:
            found = None
            with _passed_over():
                raw, is_whole = self._raw(str(each["id"]))
                found = Found(raw, cursor, is_whole)
            if found is not None:
                yield found
                self.kept.append(str(each["id"]))  # whoever asks for the next one has kept this one

    def _raw(self, letter: str) -> tuple[bytes, bool]:
        """The letter's bytes up to the limit, and whether these are all."""
        limit = self.account.limit
        with self._asked("GET", f"{self.user}/messages/{quote(letter)}/$value", stream=True) as answer:
            raw = bytearray()
            for chunk in answer.iter_content(CHUNK):
                raw += chunk
                if len(raw) > limit:
                    return bytes(raw[: self.account.head]), False
        return bytes(raw), True

    def _json(self, method: str, link: str, **options: Any) -> dict[str, Any]:
        with self._asked(method, link, **options) as answer:
            try:
                found: dict[str, Any] = answer.json()
            except ValueError as error:
                raise Troubled(Trouble.ANSWER, answer.text) from error
            return found

    def _asked(self, method: str, link: str, **options: Any) -> requests.Response:
        """The answer. Raises Troubled, Refused."""
        token = self.tokens.token(f"https://{self.account.host}/.default")
        headers = {**PREFER, "Authorization": f"Bearer {token}", **options.pop("headers", {})}
        try:
            answer = self.session.request(method, link, headers=headers, **options)
        except requests.RequestException as error:
            raise of_request(error) from error
        if answer.status_code < 300:
            return answer
        with answer:
            raise _refusal(answer)


way: Callable[[Account, str], Graph] = Graph


def _came(each: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(each["receivedDateTime"]))


def _refusal(answer: requests.Response) -> Refused:
    try:
        error = answer.json()["error"]
        code, said = str(error["code"]), str(error.get("message", ""))
    except (ValueError, KeyError, TypeError):
        code, said = "", answer.reason or ""
    rest = answer.headers.get("Retry-After", "")
    return Refused(answer.status_code, code, said, min(float(rest), LONGEST_REST) if rest.isdecimal() else None)


@contextmanager
def _passed_over() -> Iterator[None]:
    """A letter that is not there any more is nobody's loss: somebody moved or removed it."""
    try:
        yield
    except Refused as error:
        if error.code != "ErrorItemNotFound":
            raise
