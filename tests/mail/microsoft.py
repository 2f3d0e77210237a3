"""Microsoft's token endpoint and Graph on loopback, as far as letters need them, and what goes wrong there."""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TENANT, CLIENT, CLIENT_SECRET = "firma.example", "11111111-2222-3333-4444-555555555555", "tajny-klucz"
TOKEN = "token-of-the-application"
Answer = tuple[int, Any, dict[str, str]]


def refused(code: int, words: str) -> Answer:
    """What the token endpoint says."""
    said = {"error": "invalid_client", "error_description": f"AADSTS{code}: {words}", "error_codes": [code]}
    return 401, said, {}


def graph_error(status: int, code: str, **headers: str) -> Answer:
    return status, {"error": {"code": code, "message": f"{code} happened."}}, headers


# What can go wrong, and where: at the token endpoint, or in Graph.
FAULTS: dict[str, tuple[str, Answer]] = {
    "expired": ("token", refused(7000222, "The provided client secret keys are expired.")),
    "client": ("token", refused(7000215, "Invalid client secret provided.")),
    "application": ("token", refused(700016, "Application was not found in the directory.")),
    "tenant": ("token", refused(90002, "Tenant not found.")),
    "consent": ("token", refused(1002012, "The provided value for scope is not valid.")),
    "policy": ("token", refused(53003, "Access has been blocked by Conditional Access policies.")),
    "sign_in": ("graph", graph_error(401, "InvalidAuthenticationToken")),
    "rights": ("graph", graph_error(403, "ErrorAccessDenied")),
    "licence": ("graph", graph_error(404, "MailboxNotEnabledForRESTAPI")),
    "mailbox": ("graph", graph_error(404, "ErrorInvalidUser")),
    "moving": ("graph", graph_error(503, "ErrorMailboxMoveInProgress")),
    "busy": ("graph", graph_error(429, "ApplicationThrottled", **{"Retry-After": "77"})),
    "answer": ("graph", (200, "<html>a proxy's page</html>", {})),
}


@dataclass
class Tenant:
    """A mailbox: its folders by name, each letter by its id; what was sent; how the links count."""

    port: int
    certificate: Path
    folders: dict[str, dict[str, tuple[bytes, datetime]]] = field(default_factory=lambda: {"inbox": {}})
    sent: list[bytes] = field(default_factory=list)
    fault: str = ""
    forgotten: int = 0  # links made before this many letters are not known any more
    page: int = 2
    made: int = 0
    has_signed_in: bool = False  # the user, with the code
    scopes: str = ""  # that he is asked for
    refresh_tokens: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    order: list[tuple[str, str]] = field(default_factory=list)  # folder and letter, as they came

    @property
    def authority(self) -> str:
        return f"https://localhost:{self.port}/{TENANT}"

    def put(self, *letters: bytes, folder: str = "inbox", came: datetime | None = None) -> None:
        for letter in letters:
            self.made += 1
            name = f"AAkALg={self.made}"
            self.folders[folder][name] = letter, came or datetime.now(UTC)
            self.order.append((folder, name))

    def answer(self, method: str, target: str, body: bytes, token: str) -> Answer:
        self.asked.append(f"{method} {target}")
        path = unquote(urlsplit(target).path)
        where = "graph" if path.startswith("/v1.0/") else "token"
        if self.fault and FAULTS[self.fault][0] == where and not path.endswith("openid-configuration"):
            return FAULTS[self.fault][1]
        if where == "token":
            return self._token(path, body)
        if token != f"Bearer {TOKEN}":
            return graph_error(401, "InvalidAuthenticationToken")
        return self._graph(method, path.removeprefix("/v1.0/users/pomoc@firma.example"), target, body)

    def _token(self, path: str, body: bytes) -> Answer:
        base = f"https://localhost:{self.port}/{TENANT}"
        if path.endswith("openid-configuration"):
            ends = {"authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/oauth2/v2.0/token"}
            ends["device_authorization_endpoint"] = f"{base}/oauth2/v2.0/devicecode"
            return 200, {"issuer": base, **ends}, {}
        given = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if path.endswith("/devicecode"):
            return self._code(given)
        if given["grant_type"] in ("refresh_token", "urn:ietf:params:oauth:grant-type:device_code"):
            return self._token_of_user(given)
        assert given["grant_type"] == "client_credentials"
        if (given["client_id"], given.get("client_secret")) != (CLIENT, CLIENT_SECRET):
            return refused(7000215, "Invalid client secret provided.")
        assert given["scope"] in ("https://localhost/.default", "https://outlook.office365.com/.default")
        return 200, {"token_type": "Bearer", "expires_in": 3599, "access_token": TOKEN}, {}

    def _code(self, given: dict[str, str]) -> Answer:
        """RFC 8628 section 3.2."""
        assert given["client_id"] == CLIENT
        self.scopes = given["scope"]
        said = {
            "user_code": "ABCD-EFGH",
            "device_code": "urządzenie",
            "verification_uri": "https://localhost/devicelogin",
        }
        return 200, {**said, "expires_in": 900, "interval": 5, "message": "Sign in."}, {}

    def _token_of_user(self, given: dict[str, str]) -> Answer:
        """What the user gave, and what is given for it; each refresh token is followed by another."""
        if "device_code" in given:
            if not self.has_signed_in:
                return 400, {"error": "authorization_pending", "error_description": "AADSTS70016: Pending."}, {}
        elif given["refresh_token"] not in self.refresh_tokens:
            said = {"error": "invalid_grant", "error_description": "AADSTS700082: The refresh token has expired."}
            return 400, {**said, "error_codes": [700082]}, {}
        self.refresh_tokens.append(f"odnowienie-{len(self.refresh_tokens) + 1}")
        tokens = {"access_token": TOKEN, "refresh_token": self.refresh_tokens[-1]}
        return 200, {"token_type": "Bearer", "expires_in": 3599, "scope": given.get("scope", ""), **tokens}, {}

    def _graph(self, method: str, path: str, target: str, body: bytes) -> Answer:
        if (method, path) == ("POST", "/sendMail"):
            self.sent.append(base64.b64decode(body, validate=True))
            return 202, None, {}
        if path in ("/mailFolders/inbox", "/mailFolders/outbox"):
            return 200, {"id": path.rpartition("/")[2]}, {}
        if path == "/mailFolders":
            if method == "POST":
                name = json.loads(body)["displayName"]
                self.folders[name] = {}
                return 201, {"id": name}, {}
            wanted = unquote(target).partition("displayName eq '")[2].partition("'")[0]
            return 200, {"value": [{"id": name} for name in self.folders if name == wanted]}, {}
        if path.endswith("/messages/delta"):
            return self._delta(path.split("/")[2], parse_qs(urlsplit(target).query))
        return self._letter(method, path, body)

    def _delta(self, folder: str, query: dict[str, list[str]]) -> Answer:
        """A link counts the letters that came before it."""
        if folder not in self.folders:
            return graph_error(404, "ErrorFolderNotFound")
        start = int(query.get("$deltatoken", query.get("$skiptoken", ["0"]))[0])
        if "$deltatoken" in query and start < self.forgotten:
            return graph_error(410, "SyncStateNotFound")
        some = self.order[start : start + self.page]
        listed = [
            {"id": name, "receivedDateTime": self.folders[place][name][1].strftime("%Y-%m-%dT%H:%M:%SZ")}
            if name in self.folders[folder]
            else {"id": name, "@removed": {"reason": "deleted"}}
            for place, name in some
        ]
        here = f"https://localhost:{self.port}/v1.0/users/pomoc%40firma.example/mailFolders/{folder}/messages/delta"
        end = start + len(some)
        if end < len(self.order):
            return 200, {"value": listed, "@odata.nextLink": f"{here}?$skiptoken={end}"}, {}
        return 200, {"value": listed, "@odata.deltaLink": f"{here}?$deltatoken={end}"}, {}

    def _letter(self, method: str, path: str, body: bytes) -> Answer:
        name, _slash, act = path.removeprefix("/messages/").partition("/")
        folder = next((each for each, letters in self.folders.items() if name in letters), None)
        if folder is None:
            return graph_error(404, "ErrorItemNotFound")
        if act == "$value":
            return 200, self.folders[folder][name][0], {}
        assert (method, act) == ("POST", "move")
        self.folders[json.loads(body)["destinationId"]][name] = self.folders[folder].pop(name)
        return 201, {"id": name}, {}


@contextmanager
def running(folder: Path, certificate: bytes, key: bytes) -> Iterator[Tenant]:
    """A tenant that answers by HTTPS."""
    for name, content in (("certificate.pem", certificate), ("key.pem", key)):
        (folder / name).write_bytes(content)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            token = self.headers.get("Authorization", "")
            status, said, headers = tenant.answer(self.command, self.path, self.rfile.read(length), token)
            body = said if isinstance(said, bytes) else b"" if said is None else _encoded(said)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_words: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    tenant = Tenant(server.server_address[1], folder / "certificate.pem")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield tenant
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _encoded(said: Any) -> bytes:
    return said.encode() if isinstance(said, str) else json.dumps(said).encode()
