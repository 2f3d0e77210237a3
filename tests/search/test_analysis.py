"""Words meet in all their forms, and different words do not."""

from __future__ import annotations

import pytest

from app.search.analysis import fold, indexed_terms, terms, words
from app.search.parse import parse
from app.search.plan import plan


def meet(one: str, other: str) -> bool:
    return not terms(one, None).keys().isdisjoint(terms(other, None))


@pytest.mark.parametrize(
    ("said", "sought"),
    [
        ("faktura", "faktury"), ("faktura", "fakturze"), ("faktura", "fakturą"), ("faktury", "faktur"),
        ("zgłoszenie", "zgłoszeń"), ("zgłoszenia", "zgloszen"), ("drukarka", "drukarce"), ("drukarki", "drukarek"),
        ("raport", "raporcie"), ("raporty", "raportów"), ("krzesło", "krzeseł"), ("biurko", "biurek"),
        ("ręka", "ręce"), ("siostra", "sióstr"), ("hasło", "hasel"), ("błąd", "bledu"),
        ("księgować", "zaksięgowanie"), ("użytkownik", "uzytkownikow"), ("serwer", "serwerze"), ("dzień", "dni"),
        ("invoice", "invoices"), ("report", "reports"), ("printing", "printed"), ("connection", "connections"),
        ("sent", "sending"), ("pies", "psa"), ("światło", "świetle"), ("zgłosić", "zgłasza"), ("zamówić", "zamawiać"),
        ("zapisać", "zapisuje"), ("pokazać", "pokazywać"), ("zakup", "zakupowych"), ("sieć", "sieciowa"),
        ("podatek", "podatkowy"), ("licencja", "licencyjny"), ("wracać", "wrocil"), ("slow", "slowly"),
        ("organisation", "organizations"), ("take", "taken"), ("klient", "klienci"), ("mail", "maili"),
        ("osoba", "osoby"), ("kasa", "kasowej"), ("instalować", "instalacji"), ("aktualizacja", "zaktualizować"),
        ("faktura", "fakturowanie"), ("poprawić", "poprawiony"), ("zapisać", "zapisz"), ("odpiąć", "odepnij"),
        ("zerwać", "zrywa"), ("obciąć", "obcina"), ("wezwanie", "wzywa"), ("rozesłać", "rozsyła"), ("wgrać", "wgrywa"),
        ("przejść", "przechodzi"), ("wnieść", "wnosi"), ("telefon", "telefoniczny"), ("handlowiec", "handlowcy"),
        ("plik", "pliczek"), ("drukarka", "drukareczka"), ("premia", "premii"), ("zepsuty", "psuje"), ("data", "dacie"),
        ("pojazdy", "pojeździe"), ("sąsiad", "sąsiedzi"), ("powiat", "powiecie"),
    ],
)  # fmt: skip
def test_forms_of_one_word_meet(said: str, sought: str) -> None:
    assert meet(said, sought)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("faktura", "raport"),
        ("drukarka", "hasło"),
        ("serwer", "serwis"),
        ("invoice", "report"),
        ("UPO", "up"),
        ("zablokować", "zalogować"),
    ],
)
def test_different_words_do_not_meet(one: str, other: str) -> None:
    assert not meet(one, other)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("pay slip", "payslips"),
        ("e invoices", "einvoice"),
        ("fire wall", "firewall"),
        ("on boarding", "onboarding"),
        ("RAID 5", "raid5"),
    ],
)
def test_two_words_are_also_one(typed: str, said: str) -> None:
    wanted = plan(parse(typed))
    assert all(any(meet(said, term) for name in c.names for word in name for term, _ in word) for (c,) in wanted.groups)


@pytest.mark.parametrize(("typed", "said"), [("WX4471K", ["wx", "4471k"]), ("raid5", ["raid", "5"])])
def test_letters_and_digits_are_also_two_words(typed: str, said: list[str]) -> None:
    (clause,) = plan(parse(typed)).groups[0]
    assert said in [[word[0][0] for word in name] for name in clause.names]


def test_a_version_in_brackets_belongs_to_its_code() -> None:
    assert [word.wholes for word in words("FA(3)")] == [("fa3",), ()]


def test_polish_letters_are_optional() -> None:
    assert fold("Zażółć Gęślą JAŹŃ") == "zazolc gesla jazn"


@pytest.mark.parametrize("text", ["FV/2024-05/117", "KB5005565", "raport.xlsx", "jan.kowalski@klient.example"])
def test_a_code_is_found_whole_and_by_part(text: str) -> None:
    found = list(words(text))
    assert len(found) > 1
    assert found[0].wholes


@pytest.mark.parametrize("typed", ["", '"', "((", "-", "OR OR", "status:", '"" -""', "*", "\x00", "a" * 5000, "'); --"])
def test_nothing_typed_is_an_error(typed: str) -> None:
    plan(parse(typed))


@pytest.mark.parametrize("typed", ["1001", "#1001", " # 1001 "])
def test_a_ticket_number_is_known(typed: str) -> None:
    assert plan(parse(typed)).number == 1001


@pytest.mark.parametrize("typed", ["1001a", "12345678901234567890", "²", "faktura 1001"])
def test_other_text_is_no_number(typed: str) -> None:
    assert plan(parse(typed)).number is None


@pytest.mark.parametrize(("said", "sought"), [("Zebra GK420d", "gk420"), ("kod 0x0000011b", "11b")])
def test_a_code_is_found_by_what_people_remember_of_it(said: str, sought: str) -> None:
    assert sought in {term for _position, term in indexed_terms(said, None)}
