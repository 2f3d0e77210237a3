"""A real Dovecot on loopback, where the machine has one."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs

import pytest
from imapclient import IMAPClient

PASSWORD = "tajne-hasło"  # beyond ASCII, as people's are
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
protocols = imap pop3 lmtp
listen = 127.0.0.1
disable_plaintext_auth = no
log_path = {folder}/dovecot.log
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%n
auth_username_format = %Ln
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
auth_mechanisms = plain login xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%n {folder}/people
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%n
}}
auth_failure_delay = 0 secs
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


INTROSPECTION = """
introspection_mode = post
introspection_url = http://127.0.0.1:{port}/
username_attribute = email
active_attribute = active
active_value = true
force_introspection = yes
"""
TOKENS = {"token-of-the-application": "targit"}  # who shows which is let in as whom


class Introspection(BaseHTTPRequestHandler):
    """Tells Dovecot whose a token is (RFC 7662)."""

    def do_POST(self) -> None:
        given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        name = TOKENS.get(given.get("token", [""])[0])
        body = json.dumps({"active": name is not None, "email": name or "nobody"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Nobody reads it."""


@dataclass(frozen=True)
class Dovecot:
    """Where it listens. Everybody's password is PASSWORD."""

    folder: Path
    imap: int
    imaps: int
    lmtp: int
    pop3: int

    @contextmanager
    def signed_in(self, name: str) -> Iterator[IMAPClient]:
        """Another mail program of the same mailbox."""
        with IMAPClient("127.0.0.1", self.imap, ssl=False) as client:
            client.plain_login(name, PASSWORD)
            yield client

    def put(self, name: str, *letters: bytes, folder: str = "INBOX") -> None:
        with self.signed_in(name) as client:
            for letter in letters:
                client.append(folder, letter)

    def subjects(self, name: str, folder: str = "INBOX") -> list[str]:
        """What lies in a folder, in order."""
        with self.signed_in(name) as client:
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search("ALL"), ["ENVELOPE"]) if client.search("ALL") else {}
            return [found[uid][b"ENVELOPE"].subject.decode() for uid in sorted(found)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(folder: Path, certificate: bytes, key: bytes) -> Iterator[Dovecot]:
    """Skips the test where there is no Dovecot, or where this user may not start it."""
    program = shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if program is None:
        pytest.skip("no dovecot")
    if os.geteuid() != 0:
        pytest.skip("dovecot is started by root only")
    server = Dovecot(folder, *(free_port() for _each in range(4)))
    owner = pwd.getpwnam("mail")
    for name in ("run", "state", "mail", "home"):
        (folder / name).mkdir()
    (folder / "certificate.pem").write_bytes(certificate)
    (folder / "key.pem").write_bytes(key)
    (folder / "people").write_text("".join(f"{name}:{{PLAIN}}{PASSWORD}\n" for name in ("dynamics", "targit", "anna")))
    for above in (folder, *folder.parents):
        if above.stat().st_uid == os.geteuid() and len(above.parts) > 2:
            above.chmod(above.stat().st_mode | 0o755)
    for name in ("mail", "home"):
        os.chown(folder / name, owner.pw_uid, owner.pw_gid)
    settings = {"user": "dovenull", "group": "dovecot", "uid": owner.pw_uid, "gid": owner.pw_gid}
    text = CONFIGURATION.format(
        folder=folder, imap=server.imap, imaps=server.imaps, lmtp=server.lmtp, pop3=server.pop3, **settings
    )
    (folder / "dovecot.conf").write_text(text)
    introspection = ThreadingHTTPServer(("127.0.0.1", 0), Introspection)
    (folder / "oauth2.conf").write_text(INTROSPECTION.format(port=introspection.server_address[1]))
    Thread(target=introspection.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    process = subprocess.Popen([program, "-F", "-c", folder / "dovecot.conf"], stderr=subprocess.DEVNULL)
    try:
        _wait_for(server.imap, process, folder / "dovecot.log")
        yield server
    finally:
        process.terminate()
        process.wait(20)
        introspection.shutdown()
        introspection.server_close()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.02)
    raise RuntimeError(f"Dovecot did not start: {log.read_text() if log.exists() else log}")
