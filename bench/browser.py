"""A browser of a few lines: one kept connection, cookies, forms filled in as they stand on the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import html

FORM = "application/x-www-form-urlencoded"


class Browser:
    """Keeps its connection and its cookies. Every answer must have the expected status."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        self.base = base
        self.connection = HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        self.cookies: dict[str, str] = {}
        self.headers: dict[str, str] = {}

    def get(self, path: str, status: int = 200) -> bytes:
        return self._ask("GET", path, None, status)[1]

    def submit(self, path: str, values: Mapping[str, str], *, action: str | None = None) -> str:
        """Open the page, fill in its form (the one that posts to `action`) and send it; where it leads."""
        page = html.fromstring(self.get(path).decode())
        forms = [form for form in page.forms if form.method == "POST" and action in (None, form.action)]
        form = next(form for form in forms if set(values) <= set(form.fields.keys()))
        fields = {**{name: value for name, value in form.fields.items() if value is not None}, **values}
        return self._ask("POST", urljoin(path, form.action or path), fields, None)[0]

    def sign_in(self, email: str, password: str) -> None:
        """By the form of the sign-in page."""
        self.submit("/login", {"email": email, "password": password})
        page = self.get("/")
        if b"/logout" not in page:
            raise RuntimeError(f"{email} is not signed in.")

    def bring_token(self, email: str, password: str) -> None:
        """Ask the API from now on, by the token that a password buys."""
        body = json.dumps({"username": email, "password": password, "provider": "db"})
        answer = self._answer("POST", "/api/v1/security/login", body, {"Content-Type": "application/json"})
        self.headers["Authorization"] = f"Bearer {json.loads(answer.read())['access_token']}"

    def _ask(self, method: str, path: str, fields: Mapping[str, str] | None, status: int | None) -> tuple[str, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **self.headers}
        if fields is not None:
            headers |= {"Content-Type": FORM, "Referer": self.base + path, "Origin": self.base}
        body = urlencode(fields) if fields is not None else None
        try:
            answer = self._answer(method, path, body, headers)
        except RemoteDisconnected:  # The server closes a connection that nobody used for a while.
            self.connection.close()
            answer = self._answer(method, path, body, headers)
        content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        location = urlsplit(answer.headers.get("Location") or "")
        if (status or 303) != answer.status and not (status is None and answer.status == 302):
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return location.path, content

    def _answer(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> HTTPResponse:
        self.connection.request(method, path, body, dict(headers))
        return self.connection.getresponse()
