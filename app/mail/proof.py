"""Who wrote a letter, as far as it is proven (RFC 7208, 6376, 7489): by our own mail server, or checked here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Any

from publicsuffixlist import PublicSuffixList

PASS, FAIL, NONE, TEMPERROR = "pass", "fail", "none", "temperror"
SERVER, DESK = "server", "desk"  # who checked
HEADER = "authentication-results"
EXCHANGE = "protection.outlook.com"  # Exchange Online writes its results under no name: this setting stands for it
MOST_RESULTS = 50
SEPARATOR = ";"
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|;|[^\s;"]+|\s+', re.S)
RESULT = re.compile(r"([\w-]+)(?:/\d+)?\s*=\s*([\w-]+)", re.A)
PROPERTY = re.compile(r'(?<=\s)([\w-]+\.[\w-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;"]+)', re.A)


Result = tuple[str, str, Mapping[str, str]]  # method, result, properties


@dataclass(frozen=True)
class Proof:
    """What the three checks came to, in the words of RFC 8601 section 2.7."""

    dmarc: str = NONE
    spf: str = NONE
    dkim: str = NONE
    aligned: bool = False  # SPF or DKIM passed for the domain of the From line (RFC 7489 section 3.1)
    by: str | None = None  # SERVER, DESK; nobody where there was nothing to check

    @property
    def result(self) -> str:
        """One word for all: pass where the domain of the From line is proven, whether or not it published a policy."""
        return PASS if self.dmarc == NONE and self.aligned else self.dmarc

    @property
    def is_proven(self) -> bool:
        return self.result == PASS

    @property
    def is_refuted(self) -> bool:
        """Whether the domain's owner says that such a letter is not his."""
        return self.result == FAIL

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


UNPROVEN = Proof()  # nobody checked anything


def kept(row: Mapping[str, Any] | None) -> Proof:
    """A proof as the journal keeps it."""
    names = {field.name for field in fields(Proof)}
    return Proof(**{name: value for name, value in (row or {}).items() if name in names})


def told_by(host: str, headers: Mapping[str, Sequence[str]], sender: str) -> Proof:
    """What our own mail server says in its Authentication-Results header; nothing where it says nothing.

    Only the topmost header that bears the server's name counts: the server adds its own above what came, and removes
    forged ones (RFC 8601 section 5). Headers of other names prove nothing, wherever they stand.
    """
    for value in headers.get(HEADER, ()):
        name, results = _parsed(value)
        if name == host.lower():
            return _weighed(results, domain_of(sender), alone=len(headers.get("from", ())) == 1)
    return UNPROVEN


def _weighed(results: Sequence[Result], domain: str, *, alone: bool) -> Proof:
    """A letter with several From lines has no author whom a check could have been about."""
    said = {method: [(result, more) for name, result, more in results if name == method] for method, *_rest in results}
    dmarc = {
        result if more.get("header.from", domain).lower().rstrip(".") == domain else NONE
        for result, more in said.get("dmarc", ())
    }
    return Proof(
        dmarc=(dmarc.pop() if len(dmarc) == 1 else NONE) if alone else NONE,
        spf=next((result for result, _more in said.get("spf", ())), NONE),
        dkim=_best(result for result, _more in said.get("dkim", ())),
        aligned=alone
        and any(
            result == PASS and is_aligned(domain_of(more.get(name, "")), domain)
            for method, names in (("spf", ("smtp.mailfrom",)), ("dkim", ("header.d", "header.i")))
            for result, more in said.get(method, ())
            for name in names
        ),
        by=SERVER,
    )


def _best(results: Any) -> str:
    found = list(results)
    return PASS if PASS in found else next(iter(found), NONE)


def _parsed(value: str) -> tuple[str, list[Result]]:
    """The server's name and its results: method, result, properties (RFC 8601 section 2.2)."""
    first, *others = _parts(_without_comments(value))
    words = first.split()
    if not words or "=" in words[0]:
        name, others = EXCHANGE, [first, *others]
    else:
        name = words[0].strip('"').lower()
    results: list[Result] = []
    for part in others[:MOST_RESULTS]:
        found = RESULT.match(part.strip())
        if found:
            properties = {key.lower(): text.strip('"') for key, text in PROPERTY.findall(part)}
            results.append((found.group(1).lower(), found.group(2).lower(), properties))
    return name, results


def _parts(value: str) -> list[str]:
    """What stands between semicolons outside of quoted strings."""
    parts = [""]
    for token in TOKEN.findall(value):
        if token == SEPARATOR:
            parts.append("")
        else:
            parts[-1] += token
    return parts


def _without_comments(value: str) -> str:
    """Comments nest, and may hold what looks like results (RFC 5322 section 3.2.2)."""
    kept_signs, depth, quoted, escaped = [], 0, False, False
    for sign in value:
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        elif sign == '"' and not depth:
            quoted = not quoted
        elif sign == "(" and not quoted:
            depth += 1
        elif sign == ")" and depth and not quoted:
            depth -= 1
            continue
        if not depth:
            kept_signs.append(sign)
    return "".join(kept_signs)


def domain_of(address: str) -> str:
    """The domain of an address, or of a bare domain, as DNS knows it; empty where it is none."""
    domain = address.rpartition("@")[2].strip().strip("<>").rstrip(".").lower()
    try:
        return domain.encode("idna").decode() if domain else ""
    except UnicodeError:
        return ""


def is_aligned(domain: str, author: str, *, strictly: bool = False) -> bool:
    """Whether a proof for one domain counts for the author's: of one organisation, or, strictly, the same one."""
    if not domain or not author:
        return False
    return domain == author or (not strictly and organisational(domain) == organisational(author))


def organisational(domain: str) -> str:
    """The domain that somebody registered, below a public suffix (RFC 7489 section 3.2)."""
    return str(_suffixes().privatesuffix(domain) or domain)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
