"""A guess at the language of a text by its small words."""

from __future__ import annotations

import re
from collections import Counter

_POLISH = frozenset(
    """
    i w na z do nie się sie jest to że ze jak po za przez dla od czy przy lub oraz który ktory która ktora
    które ktore mam mamy proszę prosze jeśli jesli gdy ale tylko już juz tym przed może moze można mozna brak
    o u godz dniu pisze co tu tak są byc być dzień dzien dobry pozdrawiam witam dziękuję dziekuje
    dzieki potwierdzam akceptuje zamknij zamknąć działa dziala numer seryjny raport pusty błąd brakuje nadal znowu zgoda
    zamykam temat pilne pilny stoi kiedy dlaczego jutro wczoraj dzisiaj wszystko jasne poprawnie gotowe
    faktura hasło haslo logowanie klient zgłoszenie zgloszenie
    stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia
    """.split()
)
_ENGLISH = frozenset(
    """
    the of and is in not for with that it on are this be from by when how what cannot can does have has was an
    or we you my our if but after before please there which will do hello hi dear thank thanks regards to
    close closed confirmed confirm accepted accept still broken works working perfect failed login invoice attached
    serial number report empty wrong again yes please fixed great help done agreed customer password
    did didn don doesn isn they he she as at into your need needs want would could should any some more also now just
    its here where who same tried sent got see since while been were then than them their
    am out office until back
    """.split()
)
_OTHERS = {
    "de": """der die das und ist nicht ich sie wir ein eine mit für auf dem den von zu haben hat wenn aber bitte danke
        guten tag grüße hallo am um uhr schrieb kann noch auch werden es leider nein gleicher gleiche immer jetzt
        wieder läuft geht funktioniert habe mir uns aus bei nach nur wie was wird sind war kein keine fehler vielen
        dank rechnung anhang erledigt""",
    "fr": """le la les et est pas une des dans pour sur avec nous vous je ce cette mais bonjour merci ça ne marche
        fonctionne quand sera cordialement au du qui que plus votre""",
    "es": """el la los las y no una un con por para que su es está pero hola gracias funciona cuándo estará saludos
        usted nos del al se muy""",
    "it": """il lo gli e non una un con per che di da sono è grazie ciao buongiorno saluti della nel ma questo si""",
    "nl": """de het een en is niet ik wij u met voor op van te zijn heeft maar dank hallo groeten dit dat ook aan""",
    "pt": """o os as e não uma um com por para que do da em é obrigado olá você mas muito se na no""",
    "cs": """je se na že to ne nefunguje funguje kdy bude hotové jsem jsou pro ale díky ještě teď děkuji dobrý den
        prosím jak když který byl s v""",
    "sk": """je sa na že to nie som sú pre ale ďakujem dobrý deň prosím ako keď ktorý bol s v""",
    "sv": """och att det är inte jag vi en ett med för på av till har men tack hej om som""",
    "da": """og at det er ikke jeg vi en et med for på af til har men tak hej om som""",
    "fi": """ja on ei että se olen mutta kun niin kiitos hei tämä myös voi ole""",
    "hu": """és nem hogy az egy van köszönöm kérem de meg is ha mint nagyon""",
}
_SCRIPTS = {
    "ru": re.compile(r"[а-яё]", re.I),
    "el": re.compile(r"[α-ω]", re.I),
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
}
_UKRAINIAN = re.compile(
    r"[іїєґ]|\b(дякую|працює|вітаю|прошу|будь ласка|гаразд|коли|буде|немає|чи|що|ще|добрий)\b", re.I
)
_WORDS = {"pl": _POLISH, "en": _ENGLISH} | {code: frozenset(words.split()) for code, words in _OTHERS.items()}
_SPEAK: dict[str, list[str]] = {}  # a small word -> the languages that have it
for _code, _known in _WORDS.items():
    for _word in _known:
        _SPEAK.setdefault(_word, []).append(_code)
_LETTERS = frozenset("ąćęłńóśźż")
_POLISH_SPELLING = re.compile(r"[scd]z[a-z]|[bdgkpt]rz|(wiam|uje|[wz]an[aey]|[wz]ania|rki|[knw]i?ego|[nw]ych|nowa)\b")
_GERMAN = re.compile(r"[a-zäö]+[üß]|[üß][a-zäö]")
_CZECH_OR_SLOVAK = re.compile(r"[ěřůýíáčšžďňťľ]")
_SAMPLE = 4_000


def guess_language(text: str) -> str | None:
    """ "pl", "en", or None where nothing tells."""
    words = re.findall(r"[^\W\d_]+", text[:_SAMPLE].lower())
    polish = sum(word in _POLISH for word in words) + sum(not _LETTERS.isdisjoint(word) for word in words)
    english = sum(word in _ENGLISH for word in words)
    if polish == english:
        return None
    return "pl" if polish > english else "en"


def guess_any(text: str) -> str | None:
    """The code of the language (ISO 639-1) among those that letters come in, or None where nothing tells."""
    written = re.findall(r"[^\W\d_]+", text[:_SAMPLE])
    sample = text[:_SAMPLE].lower()
    words = [word.lower() for word in written if word != "I"]  # "and" in Polish; in English a word of its own
    letters = sum(map(len, words))
    for code, script in _SCRIPTS.items():
        if len(script.findall(sample)) * 3 > letters > 0:
            return "uk" if code == "ru" and _UKRAINIAN.search(sample) else code
    counts = Counter({"pl": 0, "en": written.count("I")})
    for word in words:
        for code in _SPEAK.get(word, ()):
            counts[code] += 1
    counts["pl"] += sum(not _LETTERS.isdisjoint(word) for word in words)
    counts["de"] += len(_GERMAN.findall(sample))
    most = max(counts.values())
    found = [code for code, count in counts.items() if count == most > 0]
    if len(found) > 1 and _CZECH_OR_SLOVAK.search(sample) and _LETTERS.isdisjoint(sample):
        found = [code for code in found if code != "pl"]
    likely = [code for code in found if code in ("pl", "en")] or found  # related ones share their small words
    if len(likely) != 1 and "pl" in (found or ["pl"]) and _POLISH_SPELLING.search(sample):
        return "pl"  # typed without the letters that only Polish has
    return likely[0] if len(likely) == 1 else None
