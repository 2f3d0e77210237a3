"""The application behind a real server, and a person whose browser speaks HTTP to it, without JavaScript."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

from flask import Flask
from lxml import html
from lxml.html import HtmlElement
from werkzeug.datastructures import FileStorage
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import encode_multipart

from tests.browsing import filled_in


class Quiet(WSGIRequestHandler):
    """Says nothing of what it serves."""

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which the application answers, each request in a thread of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Person:
    """Somebody at a browser: follows links, fills in the forms that pages hold, keeps cookies."""

    def __init__(self, address: str, language: str) -> None:
        self.address = address
        self.language = language
        self.opener = build_opener(HTTPCookieProcessor())
        self.at = "/"

    def page(self, path: str, status: int = 200) -> HtmlElement:
        """The page at a path, or at an address that a letter holds; fails when its status is another."""
        return self._read(Request(urljoin(self.address, within(path))), status)

    def file(self, path: str) -> bytes:
        """What a link to a file gives."""
        with self.opener.open(self._named(Request(urljoin(self.address, path)))) as answer:
            return bytes(answer.read())

    def submit(
        self, path: str, values: dict[str, Any], *, form: str = "//main//form", status: int = 200
    ) -> HtmlElement:
        """Open the page, fill in the first form that the XPath finds, send it; the page this leads to."""
        found = self.page(path).xpath(form)
        assert found, f"{path} has no form {form}"
        method, target, data = filled_in(found[0], self.at, values)
        assert method == "post"
        return self._read(_posted(urljoin(self.address, target), data), status)

    def sign_in(self, email: str, password: str) -> None:
        self.submit("/login", {"email": email, "password": password})

    def _read(self, request: Request, status: int) -> HtmlElement:
        try:
            with self.opener.open(self._named(request)) as answer:
                found, body, self.at = answer.status, answer.read(), within(answer.url)
        except HTTPError as error:
            with error:
                found, body = error.code, error.read()
        assert found == status, f"{request.full_url}: {found}\n{body.decode()[:2000]}"
        return html.fromstring(body.decode())

    def _named(self, request: Request) -> Request:
        request.add_header("Accept-Language", self.language)
        return request


def within(address: str) -> str:
    """The part of an address behind its host."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _posted(address: str, data: dict[str, Any]) -> Request:
    """A form as browsers send it: with files in parts, else in one line."""
    if not any(isinstance(value, FileStorage) for value in data.values()):
        body = urlencode(data, doseq=True).encode()
        return Request(address, body, {"Content-Type": "application/x-www-form-urlencoded"})
    plain = {name: value[0] if isinstance(value, list) else value for name, value in data.items()}
    boundary, body = encode_multipart(plain)
    return Request(address, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
