"""What made-up tickets say: sentences in Polish and English, of words that are common, uncommon and rare.

The vocabulary has a long tail as real text has: a few hundred written words, tens of thousands of names and
document numbers, and in about one message of 20,000 the RARE word of its language.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

COMMON = {"pl": "faktura", "en": "invoice"}
RARE = {"pl": "kwarcytowy", "en": "quartzite"}
RARITY = 1 / 20_000
POOL = 8_000  # sentences of each language, drawn from again and again


@dataclass(frozen=True)
class Grammar:
    """How one language complains, asks and thanks."""

    things: tuple[str, ...]
    places: tuple[str, ...]
    troubles: tuple[str, ...]
    times: tuple[str, ...]
    subjects: tuple[str, ...]
    sentences: tuple[str, ...]
    greetings: tuple[str, ...]
    endings: tuple[str, ...]
    syllables: tuple[str, ...]


POLISH = Grammar(
    things=tuple(
        "faktura,zamówienie,raport sprzedaży,wydruk,eksport,lista klientów,kartoteka towarów,zamknięcie miesiąca,"
        "korekta,przelew,szablon budżetu,wersja prognozy,kostka sprzedaży,pulpit kierownika,model danych,odświeżanie,"
        "bilans,rejestr VAT,stan magazynu,etykieta,rezerwacja,umowa,oferta,list przewozowy,zestawienie kosztów,"
        "plan produkcji,rozrachunek,nota odsetkowa,inwentaryzacja,harmonogram".split(",")
    ),
    places=tuple(
        "w oddziale,w module finansów,na liście,po imporcie,na serwerze testowym,w przeglądarce,na skanerze,w kliencie,"
        "w arkuszu,w bramie danych,na drukarce w biurze,w obiegu dokumentów,po aktualizacji,w hurtowni danych".split(
            ","
        )
    ),
    troubles=tuple(
        "nie otwiera się,nie księguje się,działa bardzo wolno,pokazuje złe kwoty,zgłasza błąd,zniknęła z listy,"
        "nie drukuje się,nie liczy sumy,dubluje pozycje,kończy się po czasie,gubi polskie znaki,wymaga uprawnień,"
        "nie zapisuje zmian,blokuje inne osoby".split(",")
    ),
    times=tuple("od rana,od wczoraj,od piątku,po weekendzie,od aktualizacji,od miesiąca,raz na kilka prób".split(",")),
    subjects=(
        "{thing} {trouble}",
        "{thing}: {trouble} {time}",
        "Pytanie: {thing} {place}",
        "{place} {thing} {trouble}",
        "Pilne: {thing} {trouble}",
        "Prośba o zmianę: {thing}",
    ),
    sentences=(
        "{thing} {trouble} {time}.",
        "{place} {thing} {trouble}, a wcześniej było dobrze.",
        "Sprawdziliśmy też inne przypadki: {thing} {place} {trouble}.",
        "Proszę o informację, kiedy {thing} będzie poprawna.",
        "Próbowaliśmy ponownie {time}, bez skutku.",
        "Przyczyną było ustawienie {place}, już je zmieniłem.",
        "Proszę sprawdzić, czy {thing} {place} wygląda teraz dobrze.",
        "Dotyczy to także pozycji: {thing}.",
        "Zmiana będzie widoczna po ponownym zalogowaniu.",
        "W dzienniku widać tylko, że {thing} {trouble}.",
    ),
    greetings=("Dzień dobry,", "Witam,", "Szanowni Państwo,", "Dzień dobry Państwu,"),
    endings=("Pozdrawiam", "Z poważaniem", "Dziękuję i pozdrawiam", "Z góry dziękuję"),
    syllables=tuple("bo ra wi ta no le ko sza mi du ga ne pro sta lu wo ty cho rze bi".split()),
)
ENGLISH = Grammar(
    things=tuple(
        "invoice,order,sales report,printout,export,customer list,item card,month end,credit note,payment,"
        "budget template,forecast version,sales cube,dashboard,data model,refresh,balance sheet,tax register,"
        "stock level,label,reservation,contract,quote,waybill,cost summary,production plan,settlement,interest note,"
        "stocktaking,schedule".split(",")
    ),
    places=tuple(
        "in the branch,in finance,on the list,after the import,on the test server,in the browser,on the scanner,"
        "in the client,in the worksheet,in the gateway,on the office printer,in the workflow,after the update,"
        "in the warehouse".split(",")
    ),
    troubles=tuple(
        "does not open,is not posted,is very slow,shows wrong amounts,ends with an error,disappeared from the list,"
        "does not print,has no total,doubles its lines,times out,loses letters,asks for permission,"
        "does not save,locks other people out".split(",")
    ),
    times=tuple(
        "since this morning,since yesterday,since Friday,after the weekend,since the update,for a month,"
        "now and then".split(",")
    ),
    subjects=(
        "{thing} {trouble}",
        "{thing}: {trouble} {time}",
        "Question about the {thing} {place}",
        "{place} the {thing} {trouble}",
        "Urgent: {thing} {trouble}",
        "Please change the {thing}",
    ),
    sentences=(
        "The {thing} {trouble} {time}.",
        "The {thing} {place} {trouble}, it used to be fine.",
        "We looked at other cases too: the {thing} {place} {trouble}.",
        "Please tell us when the {thing} will be right.",
        "We tried again {time}, without success.",
        "The reason was a setting {place}, which I have changed.",
        "Please check whether the {thing} {place} looks right now.",
        "The same holds for the {thing}.",
        "You will see the change after signing in again.",
        "All that the log says is that the {thing} {trouble}.",
    ),
    greetings=("Hello,", "Good morning,", "Dear team,", "Hi all,"),
    endings=("Kind regards", "Best wishes", "Thank you", "Thanks in advance"),
    syllables=tuple("bar ton mel wick ley ford har sen dor wyn bea ster ling hol mar ket rod gan".split()),
)
GRAMMARS = {"pl": POLISH, "en": ENGLISH}


class Writer:
    """Writes subjects and messages in one language; the same `random` writes the same."""

    def __init__(self, language: str, random: Random) -> None:
        self.random = random
        self.grammar = GRAMMARS[language]
        self.rare = RARE[language]
        self.pool = [self._filled(random.choice(self.grammar.sentences)) for _ in range(POOL)]
        self.titles = [self._filled(random.choice(self.grammar.subjects)) for _ in range(POOL)]

    def subject(self) -> str:
        """A line that says what the ticket is about, often with a name of its own."""
        title = self._one(self.titles)
        return f"{title} ({self.name()})" if self.random.random() < 0.4 else title

    def message(self) -> str:
        """A greeting, two to four sentences, a detail that hardly anybody else mentions, an ending."""
        pick, grammar = self._one, self.grammar
        lines = [pick(grammar.greetings), ""]
        lines += [pick(self.pool) for _ in range(2 + int(self.random.random() * 3))]
        lines += [self.detail(), "", pick(grammar.endings)]
        return "\n".join(lines)

    def detail(self) -> str:
        """A document number and a name."""
        random = self.random.random
        word = self.rare if random() < RARITY else self.name()
        return f"{word}: {self._one(DOCUMENTS)}/{2024 + int(random() * 3)}/{int(random() * 90_000):05d}."

    def name(self) -> str:
        """A made-up name of three syllables, or rarely four: some thousands, and a tail of more than 100,000."""
        syllables = [self._one(self.grammar.syllables) for _ in range(3 if self.random.random() < 0.9 else 4)]
        return "".join(syllables).capitalize()

    def _one(self, choices: tuple[str, ...] | list[str]) -> str:
        return choices[int(self.random.random() * len(choices))]

    def _common(self, choices: tuple[str, ...]) -> str:
        """One of the choices, the earlier the likelier: rank and frequency as in real text."""
        return choices[int(len(choices) * self.random.random() ** 2.2)]

    def _filled(self, pattern: str) -> str:
        grammar = self.grammar
        text = pattern.format(
            thing=self._common(grammar.things),
            place=self._common(grammar.places),
            trouble=self._common(grammar.troubles),
            time=self._common(grammar.times),
        )
        return text[0].upper() + text[1:]


DOCUMENTS = ("FV", "ZS", "WZ", "PZ", "KOR", "INV", "SO", "PO")
