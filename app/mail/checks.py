"""SPF, DKIM and DMARC checked here, where no mail server of ours did: bounded in time, and never raising."""

from __future__ import annotations

import logging
import re
from typing import Any

import dkim
import spf

from app.mail.dns import Bounded, Unanswered
from app.mail.proof import DESK, FAIL, NONE, PASS, TEMPERROR, UNPROVEN, Proof, domain_of, is_aligned, organisational

log = logging.getLogger(__name__)

MOST_SIGNATURES = 5
SOUND_ALGORITHMS = (b"rsa-sha256", b"ed25519-sha256")  # RFC 8301 took rsa-sha1 out
SMALLEST_KEY = 1024
# Readers see a second one above the signed one, and no signature covers it (RFC 6376 section 8.15).
ONCE = re.compile(
    rb"(?im)^(subject|date|to|reply-to|in-reply-to|references"
    rb"|mime-version|content-type|content-transfer-encoding)[ \t]*:"
)


def checked(raw: bytes, *, sender: str, authors: int, path: str | None, peer: str | None, dns: Bounded) -> Proof:
    """Check a letter ourselves. `path` is its MAIL FROM, `peer` the public address that gave it to us: without both
    SPF cannot tell. With nothing that could prove anything nobody is asked."""
    author = domain_of(sender)
    signatures = _signatures(raw)
    if not author or authors != 1 or not (signatures or (path and peer)):
        return UNPROVEN
    by_path, path_domain = _spf(path, peer, dns)
    by_key, signers = _dkim(raw, signatures, author, dns)
    policy = _policy(author, dns)
    if policy is None:
        return Proof(TEMPERROR, by_path, by_key, False, DESK)
    strict_path, strict_key = policy.get("aspf") == "s", policy.get("adkim") == "s"
    aligned = (by_path == PASS and is_aligned(path_domain, author, strictly=strict_path)) or any(
        is_aligned(signer, author, strictly=strict_key) for signer in signers
    )
    return Proof(_dmarc(policy, aligned, by_path, by_key, told=bool(peer)), by_path, by_key, aligned, DESK)


def _dmarc(policy: dict[str, str], aligned: bool, by_path: str, by_key: str, *, told: bool) -> str:
    """Behind a relay SPF could have passed for all we know: only a letter that came straight to us can fail."""
    if not policy:
        return NONE
    if aligned:
        return PASS
    if TEMPERROR in (by_path, by_key):
        return TEMPERROR
    return FAIL if told else NONE


def _policy(author: str, dns: Bounded) -> dict[str, str] | None:
    """The DMARC record of a domain, else of its organisation (RFC 7489 section 6.6.3); empty where there is none,
    None where DNS does not say."""
    for domain in dict.fromkeys((author, organisational(author))):
        try:
            answers = dns.ask(f"_dmarc.{domain}", "TXT")
        except Unanswered:
            return None
        records = [text for text in answers if re.match(rb"v\s*=\s*DMARC1\s*(;|$)", text)]
        if len(records) == 1:
            tags = (tag.partition("=") for tag in records[0].decode("ascii", "replace").split(";"))
            return {name.strip().lower(): value.strip().lower() for name, _is, value in tags}
    return {}


class _Query(spf.query):
    """pyspf's evaluation with our questions: it looks up by a function of its module otherwise."""

    def __init__(self, dns: Bounded, *, i: str, s: str) -> None:
        super().__init__(i=i, s=s, h="")
        self._dns = dns

    def dns(self, name: str, qtype: str, cnames: Any = None, ignore_void: bool = False) -> list[Any]:
        try:
            found = list(self._dns.ask(name, qtype)) if qtype != "SPF" and _is_name(name) else []
        except Unanswered as error:
            raise spf.TempError(str(error)) from error
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError("Too many names that do not exist")
        return [[text] for text in found] if qtype == "TXT" else found


def _is_name(name: str) -> bool:
    labels = name.rstrip(".").split(".")
    return len(name) < 254 and all(0 < len(label) < 64 for label in labels)


def _spf(path: str | None, peer: str | None, dns: Bounded) -> tuple[str, str]:
    """The result of SPF and the domain that it is about."""
    if not path or not peer or "@" not in path:
        return NONE, ""
    try:
        result, _explained = _Query(dns, i=peer, s=path).check()[::2]
    except Exception:  # Records are written by strangers, and the library raises what it likes.
        log.info("SPF of %r could not be evaluated", path, exc_info=True)
        return "permerror", ""
    return str(result), domain_of(path)


def _signatures(raw: bytes) -> int:
    """How many signatures are looked at; none where somebody may have added to what they cover."""
    head = re.split(rb"\r?\n\r?\n", raw.lstrip(b"\r\n"), maxsplit=1)[0]
    names = [name.lower() for name in ONCE.findall(head)]
    if len(set(names)) < len(names):
        return 0
    return min(len(re.findall(rb"(?im)^dkim-signature[ \t]*:", head)), MOST_SIGNATURES)


def _dkim(raw: bytes, signatures: int, author: str, dns: Bounded) -> tuple[str, list[str]]:
    """The best result of the signatures, and the domains of those that hold over all of the body and the From line."""
    results, signers = [], []
    for number in range(signatures):
        result, signer = _signature(raw, number, dns)
        results.append(result)
        if result == PASS:
            signers.append(signer)
    best = next((result for result in (PASS, TEMPERROR) if result in results), FAIL if results else NONE)
    return best, signers


def _signature(raw: bytes, number: int, dns: Bounded) -> tuple[str, str]:
    def ask(name: bytes, timeout: float = 0) -> bytes | None:
        return next(iter(dns.ask(name.decode("ascii").rstrip("."), "TXT")), None)

    try:
        letter = dkim.DKIM(raw.lstrip(b"\r\n"), minkey=SMALLEST_KEY)
        prepared = letter.verify_headerprep(number)
        fields, signed, _headers = prepared
        if fields[b"a"] not in SOUND_ALGORITHMS or b"l" in fields or b"from" not in signed:
            return "neutral", ""
        holds = letter.verify(number, dnsfunc=ask)
    except Unanswered:
        return TEMPERROR, ""
    except Exception as error:  # Signatures are written by strangers, and the library raises what it likes.
        log.info("A DKIM signature could not be evaluated: %s", error)
        return FAIL, ""
    return (PASS, domain_of(letter.domain.decode("ascii", "replace"))) if holds else (FAIL, "")
