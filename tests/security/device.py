"""A security key in software: it makes passkeys and answers challenges as W3C Web Authentication says."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

ORIGIN, SITE = "http://localhost", "localhost"
PRESENT, VERIFIED, HAS_KEY = 1, 4, 64


@dataclass
class Device:
    """One passkey. `verifies`: it asked for the finger or PIN of its owner."""

    verifies: bool = True
    origin: str = ORIGIN
    counter: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    owner: bytes = b""

    def made(self, options: dict[str, Any]) -> str:
        """The answer to navigator.credentials.create()."""
        self.owner = options["user"]["id"].encode()
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        data = self._data(HAS_KEY) + bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            attestationObject=statement, clientDataJSON=self._client("webauthn.create", options["challenge"])
        )

    def asked(self, options: dict[str, Any]) -> str:
        """The answer to navigator.credentials.get()."""
        self.counter += 1
        client, data = self._client("webauthn.get", options["challenge"]), self._data(0)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(authenticatorData=data, clientDataJSON=client, signature=signature)

    def _data(self, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(SITE.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, **response: bytes) -> str:
        kept = {name: text_of(value) for name, value in response.items()}
        identity = text_of(self.id)
        return json.dumps({"id": identity, "rawId": identity, "type": "public-key", "response": kept})


def text_of(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")
