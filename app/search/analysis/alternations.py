"""Polish stems whose sound changes within one word: krzesło and krzeseł, ręka and ręce, raport and raporcie."""

from __future__ import annotations

import re

from app.search.analysis.folding import fold

_VOWELS = "aeiouyąęó"
_SHORTEST_ROOT = 3

# The last consonants of a stem, as softened before -e or -i, and the hard ones they come from.
_SOFTENED = (
    ("szcz", "st"), ("ści", "st"), ("śc", "st"), ("dzi", "d"), ("dź", "d"), ("dz", "g"),
    ("ci", "t"), ("ć", "t"), ("cz", "k"), ("c", "k"), ("rz", "r"), ("sz", "s"), ("śl", "sl"), ("ś", "s"),
    ("si", "s"), ("ź", "z"), ("ż", "g"), ("ń", "n"), ("ł", "l"),
)  # fmt: skip

# What the endings of a verb and of its noun leave behind: księgow-ać, księgow-anie, księg-uje.
_OWAC = re.compile(r"(?:owa[nlc]?|owuj|uj|ow)$")
_OTHER_VERBS = re.compile(r"(?:iac|iaj|ian|ial|an|al|ac|aj|am|en|on|yc|ic|yl|il|et)$")
# Folded words with the endings of their kind; what stands before is at least four letters, else too much is alike.
_ADJECTIVE = r"(?:y|a|e|i|ego|emu|ej|ym|ymi|ych)$"
_VERBAL = r"c|m|sz|ly?|la|lo|li|nie|nia|niu|niem|ny|na|ne|no"
_IMPERFECT = re.compile(rf"(.{{3,}}[^aeiouy])i?a(?:{_VERBAL}|cy|ca|ce|my|cie|ja|j|jac)?$")
_REPEATED = re.compile(rf"(.{{4,}})(?:[yi]wa(?:{_VERBAL})?|uj(?:e|a|ac|emy|esz|ecie))$")
_OF_A_NOUN = re.compile(r"(.{3,}[^i])i?ow" + _ADJECTIVE)
_OF_AN_ACTION = re.compile(r"(.{4,})yjn" + _ADJECTIVE)
_PERFECTIVE = ("prze", "wy", "za", "po", "na", "od", "do", "ze", "z", "u")


def roots(word: str, stem: str) -> set[str]:
    """The folded forms under which an alternating word also stands."""
    found = {_hard(stem)}
    if word.endswith("cie") and len(word) > 5:
        found.add(_plain(word[:-3] + "t"))
    elif word.endswith("dzie") and len(word) > 5:
        found.add(_plain(word[:-4] + "d"))
    if verbal := _verbal_root(fold(stem)):
        found.add(verbal)
    found |= _of_its_kin(fold(word))
    return {root for root in found if len(root) >= _SHORTEST_ROOT}


def _hard(stem: str) -> str:
    """The stem with its last consonant hardened, folded: ręc becomes rek."""
    for soft, hard in _SOFTENED:
        if stem.endswith(soft) and len(stem) > len(soft) + 1:
            return _plain(stem[: -len(soft)] + hard)
    return _plain(stem)


def _plain(stem: str) -> str:
    """Nasal vowels as one, the fleeting e gone, folded: krzeseł becomes krzesl, błąd bled."""
    stem = stem.replace("ą", "ę")
    vowels = sum(letter in _VOWELS for letter in stem)
    if vowels > 1 and not (stem.endswith("en") and len(stem) > 5) and re.search(rf"[^{_VOWELS}]e[^{_VOWELS}]$", stem):
        stem = stem[:-2] + stem[-1]
    elif stem.endswith("ien") and len(stem) < 6 and vowels > 1:
        stem = stem[:-3] + "n"
    return fold(stem)


def _of_its_kin(form: str) -> set[str]:
    """zgłasza as zgłosić, zapisuje as zapisać, zakupowy as zakup, instalacyjny as instalacja."""
    found = set()
    if match := _IMPERFECT.match(form):
        base = _hard(match[1])
        found |= {base, re.sub(r"a([^aeiouy]+)$", r"o\1", base)}
    if match := _REPEATED.match(form) or _OF_A_NOUN.match(form):
        found |= {match[1], _hard(match[1])}
    if match := _OF_AN_ACTION.match(form):
        found.add(f"{match[1]}j")
    return found


def _verbal_root(stem: str) -> str:
    """księgowan, zaksięgow and księguj as one: ksiegow; połączen and połączyc: polacz. Empty for other words."""
    if match := _OWAC.search(stem):
        base = _without_prefix(stem[: match.start()])
        return base + "ow" if len(base) >= 2 else ""
    base = _OTHER_VERBS.sub("", stem)
    return _hard(base) if base != stem and len(base) > _SHORTEST_ROOT else ""


def _without_prefix(base: str) -> str:
    for prefix in _PERFECTIVE:
        if base.startswith(prefix) and len(base) - len(prefix) >= _SHORTEST_ROOT:
            return base[len(prefix) :]
    return base
