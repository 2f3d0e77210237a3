"""Polish stems whose sound changes within one word: krzesło and krzeseł, ręka and ręce, raport and raporcie."""

from __future__ import annotations

import re

from app.search.analysis.folding import fold

_VOWELS = "aeiouyąęó"
_SHORTEST_ROOT = 3
_LONG_ENOUGH = 5

# The last consonants of a stem, as softened before -e or -i, and the hard ones they come from.
_SOFTENED = (
    ("szcz", "st"), ("ści", "st"), ("śc", "st"), ("dzi", "d"), ("dź", "d"), ("dz", "g"),
    ("ci", "t"), ("ć", "t"), ("cz", "k"), ("c", "k"), ("rz", "r"), ("sz", "s"), ("śl", "sl"), ("ś", "s"),
    ("si", "s"), ("ź", "z"), ("ż", "g"), ("ń", "n"), ("ł", "l"),
)  # fmt: skip

_SOFT_BEFORE_E = re.compile(r"([ij])e(z?d|s?t)$")

# What the endings of a verb and of its noun leave behind: księgow-ać, księgow-anie, księg-uje.
_OWAC = re.compile(r"(?:owa[nlc]?|owuj|uj|ow)$")
_OTHER_VERBS = re.compile(r"(?:iac|iaj|ian|ial|ien|ion|an|al|ac|aj|am|en|on|yc|ic|yl|il|et)$")
# Folded words with the endings of their kind; what stands before is at least four letters, else too much is alike.
_ADJECTIVE = r"(?:y|a|e|i|ego|emu|ej|ym|ymi|ych)$"
_VERBAL = r"c|m|sz|ly?|la|lo|li|nie|nia|niu|niem|ny|na|ne|no"
_IMPERFECT = re.compile(rf"(.{{3,}}[^aeiouy])i?a(?:{_VERBAL}|cy|ca|ce|my|cie|ja|j|jac)?$")
_REPEATED = re.compile(rf"(.{{4,}})(?:[yi]wa(?:{_VERBAL})?|uj(?:e|a|ac|emy|esz|ecie))$")
_OF_A_NOUN = re.compile(r"(.{2,}[^i])i?ow" + _ADJECTIVE)
_OF_AN_ACTION = re.compile(r"(.{4,})yjn" + _ADJECTIVE)
_OF_A_FIELD = re.compile(r"(.{4,})[iy]czn" + _ADJECTIVE)
_ACTION = re.compile(r"(.{4,})acj(?:a|i|e|o|om|ami|ach)$|(.{4,})acyjn" + _ADJECTIVE)
_LITTLE = re.compile(r"(.{2,})(?:cze?k|czc)(?:|a|i|e|o|u|ow|om|iem|ami|ach)$")
# Verbs that come in pairs whose roots differ after the prefix, przypinać and przypiąć: how they go on, folded.
_AC = r"a(?:c|m|sz|my|cie|j|ja|jac|l|la|lo|li|ly|lem|lam|n[yaei]|nego|nej|nych|nym|nie|nia|niu|niem)?"
_PAIRS = tuple(
    (re.compile(rf"((?:prze|przy|roz|pod|od|wy|za|na|nad|do|po|ob|z|s|u|w|o)e?)(?:{forms})$"), root)
    for forms, root in (
        (rf"pin{_AC}|pnij|pn[aei]|pi(?:ac|al|el[aiyo]|et[yae]|eci[eau]|eciem|etych|etego|etej)", "pn"),
        (rf"cin{_AC}|tnij|tn[aei]|ci(?:ac|al|el[aiyo]|et[yae]|eci[eau]|eciem|etych|etego|etej)", "tn"),
        (rf"gin{_AC}|gnij|gn[aei]|gi(?:ac|al|el[aiyo]|et[yae]|eci[eau]|eciem|etych|etego|etej)", "gn"),
        (rf"ryw{_AC}|rw{_AC}|rwie|rwij|rwy|rw", "rw"),
        (rf"zyw{_AC}|zw{_AC}|zwij|zwie", "zw"),
        (rf"syl{_AC}|sl{_AC}|slij|sle|sylk[aio]|sylek|sylce", "sl"),
        (rf"gryw{_AC}|gr{_AC}", "gr"),
        (rf"lew{_AC}|l{_AC}|leje|lej", "lw"),
        (r"jmij|jm[ei]|jmuj[ea]?|jmowa(?:c|l|la|n[yaei]|nie)|ja(?:c|l)|jel[aiyo]|jet[yae]|jeci[eau]", "jm"),
        (r"nie(?:sc|si[eo]|sion[yae]|sieni[eau]|sl[aiyo])|nios[la]|nosz[ae]?|nosi(?:c|l|la|my)?|noszeni[eau]", "nos"),
        (r"js(?:c|ci[eau])|chodz[ai]?|chodzi(?:c|l|la|lo|my)|chodzeni[eau]|szedl|szl[aoiy]|jdzie|jdz|jd[ae]", "jsc"),
    )
)
_PERFECTIVE = ("prze", "wy", "za", "po", "na", "od", "do", "ze", "z", "s", "u")


def roots(word: str, stem: str) -> set[str]:
    """The folded forms under which an alternating word also stands."""
    found = {_hard(stem)}
    if word.endswith("cie") and len(word) > 4:
        found.add(_plain(word[:-3] + "t"))
    elif word.endswith("ci") and len(word) > 5:  # several persons: klienci, adwokaci, specjaliści
        found.add(_hard(word))
    elif word.endswith("dzie") and len(word) > 5:
        found.add(_plain(word[:-4] + "d"))
    elif word.endswith("dzi") and len(word) > 5:  # sąsiedzi
        found.add(_plain(word[:-3] + "d"))
    if word.endswith(("cie", "dzie", "dzi")):  # pojeździe as pojazd, powiecie as powiat
        found |= {_SOFT_BEFORE_E.sub(r"\1a\2", root) for root in found}
    found |= _verbal_roots(fold(stem))
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
    """zgłasza as zgłosić, zapisuje as zapisać, zakupowy as zakup, instalacyjny as instalacja and as instalować."""
    found = set()
    if match := _IMPERFECT.match(form):
        base = _hard(match[1])
        found |= {base, re.sub(r"a([^aeiouy]+)$", r"o\1", base)}
    if match := _REPEATED.match(form) or _OF_A_NOUN.match(form):
        found |= {match[1], _hard(match[1])}
    if match := _OF_AN_ACTION.match(form):
        found.add(f"{match[1]}j")
    if match := _OF_A_FIELD.match(form):
        found.add(match[1])
    if match := _ACTION.match(form):
        found.add(f"{match[1] or match[2]}ow")
    if match := _LITTLE.match(form):
        found.add(_plain(f"{match[1]}k").removesuffix("ek"))
    if form.endswith("isz"):
        found.add(form[:-1])
    elif form.endswith("iec"):
        found.add(f"{form[:-3]}c")
    elif form.endswith(("ali", "eli", "ili", "oli")):
        found.add(form[:-1])
    elif form.endswith("ii"):
        found.add(form[:-2])
    return found | {match[1].removesuffix("e") + root for forms, root in _PAIRS if (match := forms.match(form))}


def _verbal_roots(stem: str) -> set[str]:
    """księgowan, zaksięgow and księguj as one: ksiegow, ksieg; połączen and połączyc: polacz. None for other words."""
    if match := _OWAC.search(stem):
        bases = _without_prefixes(stem[: match.start()])
        return {f"{base}ow" for base in bases if len(base) >= 2} | {base for base in bases if len(base) >= _LONG_ENOUGH}
    base = _OTHER_VERBS.sub("", stem)
    return {_hard(base)} if base != stem and len(base) > _SHORTEST_ROOT else set()


def _without_prefixes(base: str) -> set[str]:
    """As it is, and without each beginning that may be a prefix: zaktualiz may be za-ktualiz or z-aktualiz."""
    begun = (prefix for prefix in _PERFECTIVE if base.startswith(prefix))
    return {base, *(base[len(each) :] for each in begun if len(base) - len(each) >= _SHORTEST_ROOT)}
