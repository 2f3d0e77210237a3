"""Who wrote a letter: what our own server says, what others say, and what we find ourselves. No DNS is asked."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from app.mail.authority import Authority
from app.mail.dns import LONGEST_PAUSE, SILENT_AFTER, Dns, Unanswered
from app.mail.parse import understand
from app.mail.proof import PASS, Proof, told_by
from tests.mail.letters import letter

OURS, STRANGER, BOX = "mx.pomoc.example", "203.0.113.9", "pomoctargit@pomoc.example"


class Records:
    """DNS as a table; a name that is None does not answer."""

    def __init__(self) -> None:
        self.table: dict[tuple[str, str], Sequence[Any] | None] = {}
        self.asked: list[str] = []

    def set(self, name: str, kind: str, *records: Any) -> Records:
        self.table[name, kind] = records
        return self

    def silent(self, name: str, kind: str) -> Records:
        self.table[name, kind] = None
        return self

    def ask(self, name: str, kind: str, seconds: float) -> Sequence[Any]:
        self.asked.append(name)
        found = self.table.get((name.lower(), kind), ())
        if found is None:
            raise Unanswered(name)
        return found


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def private(key: rsa.RSAPrivateKey) -> bytes:
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def public(key: rsa.RSAPrivateKey) -> bytes:
    der = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(key.public_key().public_bytes(*der))


def signed(key: rsa.RSAPrivateKey, raw: bytes, domain: str = "klient.example", **more: Any) -> bytes:
    raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return bytes(dkim.sign(raw, b"s1", domain.encode(), private(key), **more)) + raw


def world(key: rsa.RSAPrivateKey, policy: bytes | None = b"v=DMARC1; p=reject") -> Records:
    records = Records().set("s1._domainkey.klient.example", "TXT", public(key))
    return records.set("_dmarc.klient.example", "TXT", policy) if policy else records


def proof(
    raw: bytes, records: Any = None, *, peer: str | None = "127.0.0.1", path: str = "anna@klient.example", **more: Any
) -> Proof:
    authority = Authority(
        {BOX: more.pop("server", None)}, ("127.0.0.0/8", "::1"), records or Records(), 10.0, lambda: 0
    )
    return authority.proof_of(raw, understand(raw), recipient=BOX, path=path, peer=peer)


def results(*values: str) -> bytes:
    return "".join(f"Authentication-Results: {value}\r\n" for value in values).encode() + letter()


# What our own server says


@pytest.mark.parametrize(
    ("values", "result"),
    [
        ((f"{OURS}; dmarc=pass header.from=klient.example",), "pass"),
        ((f"{OURS.upper()} 1;\r\n\tdmarc=pass (p=reject dis=none) header.from=KLIENT.example",), "pass"),
        ((f"{OURS}; dkim=pass header.d=klient.example; spf=none",), "pass"),
        ((f"{OURS}; dkim=pass header.i=@poczta.klient.example",), "pass"),
        ((f"{OURS}; spf=pass smtp.mailfrom=anna@klient.example",), "pass"),
        ((f"{OURS}; dmarc=fail header.from=klient.example",), "fail"),
        ((f"{OURS}; dmarc=temperror header.from=klient.example",), "temperror"),
        ((f"{OURS}; none",), "none"),
        # of somebody else's domain
        ((f"{OURS}; dmarc=pass header.from=evil.example",), "none"),
        ((f"{OURS}; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=x@evil.example",), "none"),
        # forged, in the words of the sender: as another server, in comments, in quoted strings, twice
        (("mx.evil.example; dmarc=pass header.from=klient.example",), "none"),
        (("dmarc=pass header.from=klient.example",), "none"),
        ((f"mx.evil.example; ({OURS};) dmarc=pass header.from=klient.example",), "none"),
        ((f"{OURS}; dmarc=fail (dmarc=pass header.from=klient.example;) header.from=klient.example",), "fail"),
        ((f"{OURS}; spf=none (a (b) ; dkim=pass header.d=klient.example) x=y",), "none"),
        ((f'{OURS}; spf=pass smtp.mailfrom="; dkim=pass header.d=klient.example ;"@evil.example',), "none"),
        ((f"{OURS}; dmarc=pass header.from=klient.example; dmarc=fail header.from=klient.example",), "none"),
        # above and below ours
        (
            (
                "mx.evil.example; dmarc=pass header.from=klient.example",
                f"{OURS}; dmarc=fail header.from=klient.example",
                f"{OURS}; dmarc=pass header.from=klient.example",
            ),
            "fail",
        ),
    ],
)  # fmt: skip
def test_only_the_topmost_header_of_our_own_server_counts(values: tuple[str, ...], result: str) -> None:
    assert proof(results(*values), server=OURS).result == result


def test_exchange_online_names_no_server() -> None:
    raw = results("spf=pass smtp.mailfrom=klient.example; dkim=none; dmarc=pass action=none header.from=klient.example")
    assert proof(raw, server="protection.outlook.com").is_proven
    assert not proof(raw, server=OURS).is_proven


def test_a_letter_with_two_authors_is_nobodys() -> None:
    raw = b"From: ewa@pomoc.example\r\n" + results(f"{OURS}; dmarc=pass header.from=klient.example")
    assert not told_by(OURS, understand(raw).headers, "anna@klient.example").is_proven


def test_who_comes_past_our_server_writes_its_headers_in_vain(key: rsa.RSAPrivateKey) -> None:
    """The SMTP intake may stand open: what our server says is believed only of letters that it handed over."""
    raw = results(f"{OURS}; dmarc=pass header.from=klient.example")
    assert not proof(raw, server=OURS, peer=STRANGER).is_proven
    assert proof(raw, server=OURS, peer="::ffff:127.0.0.1").is_proven
    assert proof(raw, server=OURS, peer=None).is_proven  # fetched from our server's own mailbox


# What we find ourselves


@pytest.mark.parametrize("policy", [b"v=DMARC1; p=reject", None])
def test_a_signature_of_the_authors_domain_proves_him(key: rsa.RSAPrivateKey, policy: bytes | None) -> None:
    assert proof(signed(key, letter()), world(key, policy)).is_proven


@pytest.mark.parametrize(
    "change",
    ["body", "subject", "second author", "second subject", "second kind", "length", "no author", "another's key"],
)
def test_a_signature_that_does_not_hold_proves_nothing(key: rsa.RSAPrivateKey, change: str) -> None:
    raw, records = signed(key, letter()), world(key)
    if change == "body":
        raw = raw.replace(b"pusty", b"pelny")
    elif change == "subject":
        raw = raw.replace(b"Subject: ", b"Subject: x")
    elif change == "second author":
        raw = b"From: ewa@pomoc.example\r\n" + raw
    elif change == "second subject":
        raw = b"Subject: Zmiana konta\r\n" + raw
    elif change == "second kind":
        raw = b"content-type: text/html\r\nContent-Type: text/plain\r\n" + raw
    elif change == "length":
        raw = signed(key, letter(), length=True) + b"ZQX"
    elif change == "no author":
        raw = raw.replace(b"h=", b"h=subject; x-h=", 1)
    else:
        other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        records = world(other)
    assert not proof(raw, records).is_proven
    assert not proof(raw, records, peer=STRANGER).is_proven


def test_another_domains_signature_counts_for_that_domain(key: rsa.RSAPrivateKey) -> None:
    raw = signed(key, letter(), domain="evil.example")
    records = world(key).set("s1._domainkey.evil.example", "TXT", public(key))
    assert proof(raw, records).dkim == PASS
    assert not proof(raw, records).is_proven


@pytest.mark.parametrize(("policy", "result"), [(b"v=DMARC1; p=none", "pass"), (b"v=DMARC1; p=none; adkim=s", "fail")])
def test_a_domain_may_ask_for_strict_alignment(key: rsa.RSAPrivateKey, policy: bytes, result: str) -> None:
    raw = signed(key, letter(sender="anna@dzial.klient.example"))
    assert proof(raw, world(key, policy), peer=STRANGER, path="x@y.example").result == result


@pytest.mark.parametrize(
    ("record", "peer", "result"),
    [
        (b"v=spf1 ip4:203.0.113.0/24 -all", STRANGER, "pass"),
        (b"v=spf1 include:_spf.klient.example -all", STRANGER, "pass"),
        (b"v=spf1 mx -all", STRANGER, "pass"),
        (b"v=spf1 -all", STRANGER, "fail"),
        (b"v=spf1 include:klient.example -all", STRANGER, "fail"),
        (b"v=spf1 \xff%{", STRANGER, "fail"),
        (b"v=spf1 ip4:203.0.113.0/24 -all", "198.51.100.1", "fail"),
        (b"v=spf1 ip4:203.0.113.0/24 -all", "127.0.0.1", "none"),  # our relay: whom it had it from is not known
    ],
)
def test_spf_speaks_of_who_came_straight_to_us(key: rsa.RSAPrivateKey, record: bytes, peer: str, result: str) -> None:
    records = world(key).set("klient.example", "TXT", b"other", record).set("klient.example", "MX", (5, "a.example"))
    records.set("_spf.klient.example", "TXT", b"v=spf1 ip4:203.0.113.9 ?all").set("a.example", "A", STRANGER)
    assert proof(letter(), records, peer=peer).result == result


@pytest.mark.parametrize("name", ["_dmarc.klient.example", "s1._domainkey.klient.example"])
def test_what_dns_does_not_say_stays_open(key: rsa.RSAPrivateKey, name: str) -> None:
    assert proof(signed(key, letter()), world(key).silent(name, "TXT")).result == "temperror"


def test_a_letter_asks_few_questions_and_in_little_time(key: rsa.RSAPrivateKey) -> None:
    """R7: whoever writes a hundred signatures or a record without end gets no more than anybody."""
    fields = b"DKIM-Signature: v=1; a=rsa-sha256; d=d%d.example; s=s; h=from; bh=AAAA; b=AAAA\r\n"
    raw = b"".join(fields % number for number in range(100))
    endless = b"v=spf1 " + b" ".join(b"exists:%%{i}.%d.example" % number for number in range(99))
    records = world(key).set("klient.example", "TXT", endless)
    proof(raw + letter(), records, peer=STRANGER)
    assert len(records.asked) <= 30
    late = Authority({}, (), records, 10.0, lambda: 11.0)
    records.asked.clear()
    whole = raw + letter()
    found = late.proof_of(whole, understand(whole), recipient=BOX, path="anna@klient.example", peer=STRANGER)
    assert (found.result, records.asked) == ("temperror", [])


def test_without_anything_to_prove_nobody_is_asked() -> None:
    records = Records()
    assert proof(letter(), records) == Proof()
    assert records.asked == []


# How DNS is asked


class Mute:
    """A resolver of dnspython that never gets an answer."""

    def __init__(self) -> None:
        self.asked = 0

    def resolve(self, *_: Any, **__: Any) -> Any:
        self.asked += 1
        raise OSError("Network is unreachable")


def test_a_silent_dns_is_left_in_peace_ever_longer() -> None:
    mute, now = Mute(), [0.0]
    dns = Dns(clock=lambda: now[0], stub=mute)  # type: ignore[arg-type]  # of dnspython's
    for _time in range(50):
        with pytest.raises(Unanswered):
            dns.ask("klient.pl", "TXT", 5)
    assert mute.asked == SILENT_AFTER
    now[0] = 24 * 3600.0
    for _second in range(3600):
        now[0] += 1
        with pytest.raises(Unanswered):
            dns.ask("klient.pl", "TXT", 5)
    assert mute.asked < SILENT_AFTER + 3600 / LONGEST_PAUSE + 5


def test_reserved_names_are_nowhere() -> None:
    mute = Mute()
    assert Dns(stub=mute).ask("_dmarc.klient.example", "TXT", 5) == []  # type: ignore[arg-type]  # of dnspython's
    assert mute.asked == 0
