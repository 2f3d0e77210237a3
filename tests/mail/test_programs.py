"""What mail programs write around a reply, in the words of many of them: each is folded, and only that."""

from __future__ import annotations

import pytest

from app.mail.clean import marked_lines
from app.mail.visible import part, plain_lines

ATTRIBUTIONS = [
    "pon., 16 lis 2026 o 14:03 Pomoc <pomoc@pomoc.example> napisał(a):",
    "pon., 16 lis 2026 o 14:03 pomoc@pomoc.example <pomoc@pomoc.example> napisał(a):",
    "W dniu pon., 16 lis 2026 o 14:03 Pomoc <pomoc@pomoc.example> napisał(a):",
    "W dniu 16 listopada 2026 14:03 użytkownik Pomoc <pomoc@pomoc.example> napisał:",
    '16 lis 2026 14:03 "Pomoc" <pomoc@pomoc.example> napisał(a):',
    "pon., 16.11.2026, 14:03 użytkownik Pomoc <pomoc@pomoc.example> napisał:",
    "Dnia 16 listopada 2026 14:03 Pomoc DYNAMICS <pomoc@pomoc.example> napisał(a):",
    "On Mon, 16 Nov 2026 at 14:03, Pomoc <pomoc@pomoc.example> wrote:",
    "On Mon, Nov 16, 2026, 14:03 Pomoc <pomoc@pomoc.example> wrote:",
    "czw., 19 lis 2026, 08:15 użytkownik Pomoc Techniczna DYNAMICS 365 Business Central\n<pomoc@pomoc.example> napisał:",
    "sob., 21 lis 2026, 08:15 użytkownik Pomoc Techniczna DYNAMICS 365 Business\nCentral <pomoc@pomoc.example>\nnapisał:",
    "śr., 18 lis 2026 o 08:15 Pomoc Techniczna <\npomoc.techniczna.dynamics.bardzo.dlugi@pomoc.example> napisał(a):",
    "niedz., 22 lis 2026 o 8:15 Adam Sowa (Pomoc) <pomoc@pomoc.example> napisał(a):",
    "W dniu 16.11.2026 o 14:03, Pomoc DYNAMICS pisze:",
    "W dniu 16.11.2026 o\xa014:03, Pomoc DYNAMICS pisze:",
    "W dniu 2026-11-16 o 14:03, Pomoc DYNAMICS pisze:",
    "W dniu 16.11.2026 14:03, Pomoc pisze:",
    "On 16.11.2026 14:03, Pomoc wrote:",
    "On 2026-11-16 14:03, Pomoc via Bilety wrote:",
    "Dnia 16 listopada 2026 14:03 Pomoc DYNAMICS <pomoc@pomoc.example> napisał:",
    "Dnia poniedziałek, 16 listopada 2026 14:03:22 CET Pomoc pisze:",
    "Użytkownik Pomoc napisał:",
    'Użytkownik "Pomoc" <pomoc@pomoc.example> napisał w wiadomości\nnews:abc@pomoc.example...',
    "Dnia Mon, 16 Nov 2026 14:03:22 +0100, Pomoc napisał(a):",
    "Pomoc DYNAMICS pisze:",
    "pomoc@pomoc.example napisał(a):",
    "Am 16.11.2026 um 14:03 schrieb Pomoc:",
    "Am Mo., 16. Nov. 2026 um 14:03 Uhr schrieb Pomoc <\npomoc@pomoc.example>:",
    "Am Montag, 16. November 2026, 14:03:22 CET schrieb Pomoc:",
    "Am 16.11.26 um 14:03 schrieb Pomoc via Bilety:",
    "Le 16/11/2026 à 14:03, Pomoc a écrit :",
    "Le lun. 16 nov. 2026 à 14:03, Pomoc <pomoc@pomoc.example> a écrit :",
    "Le lun. 16 nov. 2026 à 14:03, Pomoc technique et commerciale <\npomoc@pomoc.example> a écrit :",
    "El lun, 16 nov 2026 a las 14:03, Pomoc (<pomoc@pomoc.example>)\nescribió:",
    "El 16/11/2026 a las 14:03, Pomoc escribió:",
    "Il giorno lun 16 nov 2026 alle ore 14:03 Pomoc <pomoc@pomoc.example> ha scritto:",
    "Il 16/11/2026 14:03, Pomoc ha scritto:",
    "Il lun 16 nov 2026, 14:03 Pomoc <pomoc@pomoc.example> ha scritto:",
    "Dne 16. 11. 2026 v 14:03 Pomoc napsal(a):",
    "po 16. 11. 2026 v 14:03 odesílatel Pomoc <pomoc@pomoc.example> napsal:",
    "Dne po 16. 11. 2026 14:03 uživatel Pomoc <pomoc@pomoc.example> napsal:",
    "Dňa 16. 11. 2026 o 14:03 Pomoc napísal(a):",
    "po 16. 11. 2026 o 14:03 Pomoc <pomoc@pomoc.example> napísal(a):",
    "пн, 16 лист. 2026 р. о 14:03 Pomoc <pomoc@pomoc.example> пише:",
    "16.11.2026 14:03, Pomoc пише:",
    "16.11.26 14:03, Pomoc пишет:",
    "пн, 16 нояб. 2026 г. в 14:03, Pomoc <pomoc@pomoc.example>:",
    "Op ma 16 nov 2026 om 14:03 schreef Pomoc <pomoc@pomoc.example>:",
    "Op 16-11-2026 om 14:03 schreef Pomoc:",
    "Den 16.11.2026 14:03, skrev Pomoc:",
    "Den mån 16 nov. 2026 kl 14:03 skrev Pomoc <pomoc@pomoc.example>:",
    "man. 16. nov. 2026 kl. 14.03 skrev Pomoc <pomoc@pomoc.example>:",
    "ma 16. marrask. 2026 klo 14.03 Pomoc (pomoc@pomoc.example) kirjoitti:",
    "Em seg., 16 de nov. de 2026 às 14:03, Pomoc <pomoc@pomoc.example>\nescreveu:",
    "Pomoc <pomoc@pomoc.example> ezt írta (időpont: 2026. nov. 16., H, 14:03):",
    "lun., 16 nov. 2026, 14:03 Pomoc <pomoc@pomoc.example> a scris:",
    "2026 m. lapkr. 16 d., pr 14:03 Pomoc <pomoc@pomoc.example> rašė:",
    "On Mon, Nov 16, 2026 at 2:03 PM Support Team\n<pomoc@pomoc.example> wrote:",
    "On 16 Nov 2026, at 14:03, Support Team <pomoc@pomoc.example> wrote:",
    "On Monday, November 16th, 2026 at 2:03 PM, Support <pomoc@pomoc.example> wrote:",
    "On Mon, 16 Nov 2026 14:03:22 +0100\nSupport <pomoc@pomoc.example> wrote:",
    "On Mon, 2026-11-16 at 14:03 +0100, Support wrote:",
    "Support <pomoc@pomoc.example> writes:",
    "At 14:03 2026-11-16, Support wrote:",
    'At 2026-11-16 14:03:22, "Support" <pomoc@pomoc.example> wrote:',
    "* Support <pomoc@pomoc.example> [2026-11-16 14:03]:",
    "W dniu 16 lis 2026, o godz. 14:03, Pomoc <pomoc@pomoc.example> napisał:",
    "W dniu poniedziałek, 16 listopada 2026 Pomoc <pomoc@pomoc.example> napisał(a):",
    "W dniu pon., 16.11.2026 o 14:03 +0100, Pomoc pisze:",
    "W dniu 16.11.2026 o 14:03, Pomoc Techniczna DYNAMICS i POWER BI oraz TARGIT dla\nklientów pisze:",
    "16.11.2026 14:03 Pomoc napisał(a):",
    "Dnia 16.11.2026, o godz. 14:03 Pomoc DYNAMICS napisał(a):",
    "Dnia 2026-11-16, pon o godzinie 14:03 +0100, Pomoc pisze:",
    "poniedziałek, 16 listopada 2026, 14:03 Pomoc <pomoc@pomoc.example> napisał(a):",
    "W wiadomości z dnia 16.11.2026 14:03 Pomoc pisze:",
    "-------- Original Message --------\nOn 11/16/26 14:03, Pomoc <pomoc@pomoc.example> wrote:",
    "Dnia 16-11-2026 o 14:03:00 Pomoc <pomoc@pomoc.example> napisał(a):",
    "wtorek, 17 listopada 2026, 8:00 +0100 od Pomoc <pomoc@pomoc.example>:",
    '17.11.2026, 08:00, "Pomoc" <pomoc@pomoc.example>:',
    "On Tue, Nov 17, 2026 at 8:00 AM, Pomoc < pomoc@pomoc.example > wrote:",
    "poniedziałek, 16 listopada 2026, 14:03:22, napisałeś:",
    "Poniedziałek, Listopad 16, 2026 14:03 CET, Pomoc <pomoc@pomoc.example> napisał(a):",
    "poniedziałek, 16 listopada 2026 14:03:33 CET, Pomoc <pomoc@pomoc.example> napisał(a):",
    "On 16 Nov 2026 at 14:03 +0100, Pomoc <pomoc@pomoc.example>, wrote:",
    "On Nov 16, 2026 at 2:03 PM, <Pomoc (pomoc@pomoc.example)> wrote:",
    "On November 16, 2026, 2:03 PM GMT+1 pomoc@pomoc.example wrote:",
    "Am Montag, 16. November 2026 um 14:03:22, schrieb Pomoc:",
    "Cytowanie Pomoc <pomoc@pomoc.example>:",
    "pon., 16 lis 2026 o 14:03 Jan Nowak (JIRA) <jira@pomoc.example> napisał(a):",
]

QUOTED = "> Jaka wersja?\n> Jaki system?"


def parts_of(text: str) -> tuple[str, list[str]]:
    """What is seen, and why the rest is folded."""
    parted = part(plain_lines(text))
    return parted.visible, [folded["kind"] for folded in parted.folded]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_who_wrote_when_is_folded_above_and_below_the_answer(attribution: str) -> None:
    above = parts_of(f"Wersja 12.\n\nAnna\n\n{attribution}\n{QUOTED}\n")
    below = parts_of(f"{attribution}\n{QUOTED}\n\nWersja 12.\n\nAnna")
    assert above == below == ("Wersja 12.\n\nAnna", ["attribution", "quote"])


HEADERS = [
    "Von: Pomoc <pomoc@pomoc.example>\nGesendet: Montag, 16. November 2026 14:03\nAn: Anna\nBetreff: AW: Raport",
    "Von: Pomoc\nDatum: 16.11.2026\nAn: Anna\nCc: Jan\nBetreff: Raport",
    "De : Pomoc\nEnvoyé : lundi 16 novembre 2026 14:03\nÀ : Anna\nObjet : RE: Raport",
    "De: Pomoc\nEnviado el: lunes, 16 de noviembre de 2026 14:03\nPara: Anna\nAsunto: RE: Raport",
    "De: Pomoc\nEnviada em: 16 de novembro\nPara: Anna\nAssunto: RE: Raport",
    "Da: Pomoc\nInviato: lunedì 16 novembre 2026 14:03\nA: Anna\nOggetto: R: Raport",
    "Od: Pomoc\nOdesláno: pondělí 16. listopadu 2026 14:03\nKomu: Anna\nPředmět: RE: Raport",
    "Od: Pomoc\nOdoslané: pondelok 16. novembra 2026 14:03\nKomu: Anna\nPredmet: RE: Raport",
    "Від: Pomoc\nНадіслано: понеділок, 16 листопада 2026 р. 14:03\nКому: Anna\nТема: RE: Raport",
    "От: Pomoc\nОтправлено: 16 ноября\nКому: Anna\nТема: RE: Raport",
    "Van: Pomoc\nVerzonden: maandag 16 november 2026 14:03\nAan: Anna\nOnderwerp: RE: Raport",
    "Från: Pomoc\nSkickat: den 16 november 2026 14:03\nTill: Anna\nÄmne: SV: Raport",
    "Fra: Pomoc\nSendt: 16. november 2026 14:03\nTil: Anna\nEmne: SV: Raport",
    "Lähettäjä: Pomoc\nLähetetty: 16. marraskuuta 2026 14:03\nVastaanottaja: Anna\nAihe: VS: Raport",
    "Feladó: Pomoc\nElküldve: 2026. november 16. 14:03\nCímzett: Anna\nTárgy: RE: Raport",
    "Od:\xa0Pomoc <pomoc@pomoc.example>\nWysłane:\xa0poniedziałek, 16 listopada 2026 14:03\nDo:\xa0Anna\nTemat:\xa0Raport",
    "Nuo: Pomoc\nIšsiųsta: 2026 m. lapkričio 16 d. 14:03\nKam: Anna\nTema: RE: Raport",
    "De la: Pomoc\nTrimis: luni, 16 noiembrie 2026 14:03\nCătre: Anna\nSubiect: RE: Raport",
    "-----Original-Nachricht-----\nBetreff: Re: Raport\nDatum: 2026-11-16T14:03:00+0100\nVon: Pomoc\nAn: Anna",
    "16 lis 2026, 14:03 od pomoc@pomoc.example:",
    "Nadawca: Pomoc <pomoc@pomoc.example>\nData: pon., 16 lis 2026 14:03\nAdresat: Anna\nTemat: Raport",
    "From: Pomoc\nDate: 2026-11-16 14:03\nTo: Anna\nSubject: Re: Raport",
    'Od: "Pomoc" <pomoc@pomoc.example>\nDo: "Anna" <a@k.example>\nData: 16 listopada 2026 14:03\nTemat: Raport',
    "---- Treść pierwotnej wiadomości ----\nOd: Pomoc\nData: 16-11-2026 14:03\nDo: Anna\nTemat: Raport",
    '-----"Pomoc" <pomoc@pomoc.example> napisał(a): -----\nDo: "Anna"\nOd: "Pomoc"\nData: 2026-11-16 14:03\nTemat: Raport',
    '------ Wiadomość oryginalna ------\nOd "Pomoc" <pomoc@pomoc.example>\nDo "Anna"\nData 16.11.2026 14:03:33\nTemat Raport',
    'Od: "Pomoc" <pomoc@pomoc.example>\nDo: anna@k.example;\nWysłane: 14:03 Poniedziałek 2026-11-16\nTemat: Raport',
    "-------- Oryginalna wiadomość --------\nOd: Pomoc\nData: 16.11.2026 14:03 (GMT+01:00)\nDo: anna@k.example\nTemat: Raport",
    "Od:      Pomoc <pomoc@pomoc.example>\nData:    16.11.2026 14:03\nDo:      anna@k.example\nDW:\nTemat:   Re: Raport",
]


@pytest.mark.parametrize("headers", HEADERS)
def test_a_block_of_headers_begins_an_unmarked_quote(headers: str) -> None:
    found = parts_of(f"Wersja 12.\n\nAnna\n\n{headers}\n\nJaka wersja?")
    assert found == ("Wersja 12.\n\nAnna", ["attribution", "quote"])


SEPARATORS = [
    "-----Oryginalna wiadomość-----",
    "----- Oryginalna wiadomość -----",
    "-------- Oryginalna wiadomość --------",
    "-------- Wiadomość oryginalna --------",
    "----- Wiadomość oryginalna -----",
    "-----Original Message-----",
    "-------- Original message --------",
    "---------- Original Message ----------",
    "------ Wiadomość oryginalna ------",
    "-----Ursprüngliche Nachricht-----",
    "-------- Message original --------",
    "-----Původní zpráva-----",
    "-----Mensaje original-----",
    "---------- Treść oryginalnej wiadomości ----------",
    "----- Treść oryginalna -----",
    "-------- Treść wiadomości --------",
    "----Wiadomość źródłowa----",
    "-------- Pierwotna wiadomość --------",
    "--- Oryginał ---",
    "--- Treść oryginalnej wiadomości ---",
    "--------- Odpowiadasz na wiadomość ---------",
    "----- Cytat -----",
]


@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_separator_above_the_headers_goes_with_them(separator: str) -> None:
    headers = "Od: Pomoc <pomoc@pomoc.example>\nDo: Anna <anna@klient.example>\nData: 16.11.2026\nTemat: Raport"
    found = parts_of(f"Wersja 12.\n\nAnna\n\n{separator}\n{headers}\n\nJaka wersja?")
    assert found == ("Wersja 12.\n\nAnna", ["attribution", "quote"])


ABOVE = [
    "-- Odpowiedz powyżej tej linii --",
    "##- Wpisz odpowiedź powyżej tej linii -##",
    "===== W odpowiedzi proszę pisać powyżej tej linii =====",
    "--- Reply above this line ---",
    "##- Please type your reply above this line -##",
    "##- Bitte geben Sie Ihre Antwort oberhalb dieser Zeile ein -##",
    "—-—-—-—\nReply above this line.",
    "—-—-—-—\nOdpowiedz powyżej tego wiersza.",
]


@pytest.mark.parametrize("line", ABOVE)
def test_below_the_line_above_which_a_desk_wants_its_answer_all_is_quoted(line: str) -> None:
    assert parts_of(f"Wersja 12.\n\n{line}\n\nKonsultant napisał: jaka wersja?")[0] == "Wersja 12."


FORWARDED = [
    "---------- Forwarded message ---------",
    "---------- Wiadomość przekazana ---------",
    "-------- Przekazana wiadomość --------",
    "Początek przekazywanej wiadomości:",
    "Begin forwarded message:",
    "-------- Wiadomość przekazana dalej --------",
    "----- Przekazana wiadomość -----",
    "---------- Przekazana wiadomość ----------",
    "-----Wiadomość przesłana dalej-----",
    "-------- Treść przekazanej wiadomości --------",
    "---------- Przesłana dalej wiadomość ----------",
    "-------- Forwarded Message --------",
    "---------- Forwarded message ---------\nDate: pon., 16 lis 2026 o 14:03\nSubject: Druk",
    "-------- Przekazana wiadomość --------\nTemat: \tDruk\nData: \tMon, 16 Nov 2026 14:03:00 +0100",
    "------ Wiadomość przekazana ------",
]


@pytest.mark.parametrize("separator", FORWARDED)
def test_what_is_passed_on_stays_content(separator: str) -> None:
    parted = part(
        plain_lines(f"Proszę o pomoc.\n\n{separator}\nOd: Jan Lis <jan@klient.example>\nDo: Anna\n\nNie działa druk.")
    )
    assert (parted.is_forward, parted.folded) == (True, ())
    assert parted.visible.endswith("Nie działa druk.")


FOOTERS = [
    "Wysłane z iPhone'a",
    "Wysłane z mojego iPhone'a",
    "Wysłane z mojego iPada",
    "Wysłano z iPada",
    "Wysłane z iPhone",
    "Wysłane z mojego smartfona Samsung Galaxy",
    "Wysłane ze smartfona Samsung Galaxy.",
    "Wysłano z telefonu z systemem Android",
    "Wysłane z telefonu HUAWEI",
    "Wysłane z mojego Xiaomi",
    "Wysłane z mojego Redmi Note 10 Pro",
    "Wysłane z urządzenia Galaxy firmy Samsung",
    "Wysłane z aplikacji Poczta dla Windows",
    "Wysłano z aplikacji Gmail",
    "Wysłane z poczty Yahoo na systemie Android",
    "Wysłane z Yahoo Mail na iPhonie",
    "Wysłano z Proton Mail dla systemu Android",
    "Wysłano za pomocą Proton Mail",
    "Wysłane bezpiecznie przez Proton Mail.",
    "Wysłane za pomocą aplikacji BlueMail",
    "Wysłane przy użyciu aplikacji Spark",
    "Wysłane z myMail na Androida",
    "Wysłane z programu Outlook na Androida",
    "Pobierz program Outlook dla systemu Android <https://aka.ms/AAb9ysg>",
    "Pobierz aplikację Outlook dla systemu Android",
    "Pobierz Outlooka dla systemu iOS",
    "Uzyskaj program Outlook dla systemu iOS",
    "Wysłane z Outlook dla systemu Android",
    "Wyslane z iPhone'a",
    "Sent from my iPhone",
    "Sent from my iPad",
    "Sent from Outlook for Android",
    "Sent from Yahoo Mail for iPhone",
    "Sent from my Galaxy",
    "Sent from Samsung Mobile.",
    "Get Outlook for iOS",
    "Sent from Mail for Windows",
    "Sent with Proton Mail secure email.",
    "Sent from Proton Mail for iOS",
    "Sent from my Huawei phone",
    "Sent using Zoho Mail",
    "Sent via BlackBerry from T-Mobile",
    "Wysłane z BlackBerry",
    "Wysłane z mojego telefonu",
    "Wysłane z telefonu komórkowego",
    "Wysłano z komórki, przepraszam za literówki",
    "Wysłane z telefonu, proszę wybaczyć zwięzłość",
    "Wysłane z aplikacji mobilnej poczta.wp.pl",
    "Wysłane z aplikacji Poczta WP",
    "Wysłane z aplikacji o2 Poczta",
    "Poczta Onet – wysłano z aplikacji mobilnej",
    "Wysłane z aplikacji Onet Poczta na iOS",
    "Wysłane z Interia Poczta",
    "Wysłane z mojego urządzenia z Androidem",
    "Wysłane z systemu Android",
    "Wysłane z Poczty systemu Windows 10",
    "Von meinem iPhone gesendet",
    "Gesendet mit der GMX Mail App",
    "Envoyé de mon iPhone",
    "Enviado desde mi iPhone",
    "Inviato da iPhone",
    "Odesláno z iPhonu",
    "Odoslané z iPhonu",
    "Надіслано з iPhone",
    "Sendt fra min iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Skickat från min iPhone",
    "Enviado do meu iPhone",
    "Odesláno ze Seznam Email",
    "Wysłane z mojego komputera Mac",
    "Wysłano z mojego HTC",
    "Napisane na iPhonie",
    "Sent from Spark",
    "Sent from Edison Mail",
    "\u2063Pobierz BlueMail na Androida \u200b",
    "Lähetetty iPhonesta",
    "Отправлено с iPhone",
    "Wysłano z bezpiecznej poczty [Proton Mail](https://proton.me/mail/home).",
    "Sent from Front",
    "Wysłano z aplikacji Spark",
    "Wysłane z mojego OPPO",
    "Wysłane z telefonu POCO",
    "Wysłane z Motoroli",
    "Wysłane z mojego Apple Watch",
    "Ta wiadomość została wysłana z telefonu komórkowego.",
]


@pytest.mark.parametrize("footer", FOOTERS)
def test_a_program_that_names_itself_is_folded(footer: str) -> None:
    assert parts_of(f"Wersja 12.\n\n{footer}") == ("Wersja 12.", ["footer"])


OF_LISTS = [
    "_______________________________________________\nErp mailing list\nErp@l.example\nhttps://l.example/mailman/listinfo/erp",
    "_______________________________________________\nusers mailing list -- users@l.example\nTo unsubscribe send an email to users-leave@l.example",
    "-- \nOtrzymujesz tę wiadomość, ponieważ subskrybujesz grupę „Erp” w Grupach Google.\nAby anulować subskrypcję tej grupy, wyślij e-maila.",
    "-- \nYou received this message because you are subscribed to the Google Groups Erp group.\n\nTo view this discussion visit https://g.example/d.",
    "-- \nWysłane z urządzenia Android przy użyciu K-9 Mail.",
]


@pytest.mark.parametrize("footer", OF_LISTS)
def test_what_a_list_adds_to_every_letter_is_its_footer(footer: str) -> None:
    assert parts_of(f"Wersja 12.\n\n{footer}") == ("Wersja 12.", ["footer"])
    assert parts_of(f"Wersja 12.\n\n-- \nAnna Nowak\n\n{footer}") == ("Wersja 12.", ["signature", "footer"])


NOTICES = [
    "Niniejsza wiadomość i wszelkie załączone do niej pliki są poufne i mogą zawierać informacje prawnie chronione. Jeżeli nie jesteś zamierzonym adresatem, prosimy o poinformowanie nadawcy.",
    "UWAGA: Informacje zawarte w tej wiadomości są poufne i przeznaczone wyłącznie dla adresata.",
    "Informacja zawarta w tej transmisji jest przeznaczona tylko dla osoby lub jednostki, do której jest adresowana. Może ona zawierać zastrzeżone i poufne informacje.",
    "Treść tej wiadomości może być przedmiotem tajemnicy przedsiębiorstwa. Jeżeli otrzymali ją Państwo omyłkowo, prosimy o jej usunięcie.",
    "This email and any files transmitted with it are confidential and intended solely for the use of the individual or entity to whom they are addressed.",
    "The information contained in this message may be privileged and confidential and protected from disclosure.",
    "CONFIDENTIALITY NOTICE: The contents of this email message and any attachments are intended solely for the addressee(s).",
    "If you are not the intended recipient of this message, please notify the sender and delete it.",
    "Administratorem Państwa danych osobowych jest Klient Sp. z o.o. z siedzibą w Warszawie. Szczegóły: https://klient.example/rodo",
    "Klauzula informacyjna RODO: administratorem danych osobowych jest Klient S.A., ul. Długa 1, Warszawa.",
    "Zgodnie z art. 13 ust. 1 i 2 RODO informujemy, że administratorem Pani/Pana danych osobowych jest Klient Sp. z o.o. Dane przetwarzane są w celu prowadzenia korespondencji.",
    "Informujemy, że Państwa dane osobowe są przetwarzane przez Klient Sp. z o.o. zgodnie z Rozporządzeniem Parlamentu Europejskiego i Rady (UE) 2016/679 (RODO).",
    "Informacje o przetwarzaniu danych osobowych znajdą Państwo pod adresem https://klient.example/polityka-prywatnosci",
    "Proszę pomyśl o środowisku, zanim wydrukujesz ten e-mail.",
    "Zastanów się, zanim wydrukujesz tę wiadomość. Chroń środowisko!",
    "Please consider the environment before printing this email.",
    "Dbamy o środowisko. Nie drukuj tego maila bez potrzeby.",
    "Klient Sp. z o.o., ul. Długa 1, 00-001 Warszawa, zarejestrowana w Sądzie Rejonowym dla m.st. Warszawy, KRS 0000123456, NIP 1234567890, REGON 123456789, kapitał zakładowy 50 000 PLN",
    "Spółka zarejestrowana w Rejestrze Przedsiębiorców Krajowego Rejestru Sądowego pod numerem KRS 0000123456 prowadzonym przez Sąd Rejonowy w Krakowie, NIP: 1234567890, wysokość kapitału zakładowego: 100 000,00 zł.",
    "Ta wiadomość została sprawdzona na obecność wirusów przez oprogramowanie antywirusowe Avast.",
    "Wolny od wirusów. www.avast.example",
    "Przesłana wiadomość oraz załączone do niej pliki stanowią tajemnicę Spółki i są przeznaczone tylko dla wymienionych adresatów.",
    "Wiadomość ta (wraz z załącznikami) jest przeznaczona wyłącznie dla adresata i może zawierać informacje objęte tajemnicą zawodową.",
    "Ten e-mail jest poufny. Jeśli nie jesteś jego adresatem, powiadom nas i usuń go.",
    "Jeżeli nie są Państwo adresatem niniejszej wiadomości, informujemy, że jej rozpowszechnianie, kopiowanie lub podjęcie innych działań jest zabronione.",
    "Diese E-Mail enthält vertrauliche und/oder rechtlich geschützte Informationen. Wenn Sie nicht der richtige Adressat sind, informieren Sie bitte sofort den Absender.",
    "Powyższa informacja jest przeznaczona wyłącznie dla osoby, do której jest adresowana, i może zawierać treści poufne.",
    "Uwaga: wiadomość zawiera informacje stanowiące tajemnicę przedsiębiorstwa w rozumieniu ustawy.",
    "Jeśli wiadomość trafiła do Państwa omyłkowo, prosimy o poinformowanie nas o tym i trwałe usunięcie.",
    "Dbając o środowisko, prosimy o niedrukowanie tej wiadomości.",
    "Informujemy, iż Administratorem Państwa danych osobowych jest ABC Sp. z o.o., ul. Długa 1.",
    "Dane osobowe przetwarzamy zgodnie z RODO. Klauzula informacyjna dostępna jest na stronie www.abc.example.",
    "Wiadomość jest poufna i przeznaczona wyłącznie dla adresata. Jeśli otrzymali ją Państwo omyłkowo, prosimy o jej usunięcie.",
    "Treść tej wiadomości zawiera informacje przeznaczone tylko dla adresata. Jeżeli otrzymali ją Państwo przez pomyłkę, prosimy o jej usunięcie.",
    "Polityka prywatności: https://abc.example/polityka",
    "Wiadomość nie stanowi oferty handlowej w rozumieniu Kodeksu cywilnego.",
    "Save a tree - don't print this e-mail unless necessary.",
    "Registered in England and Wales No. 1234567. Registered office: 1 High Street, London.",
    "Este mensaje es confidencial y va dirigido únicamente a su destinatario. Si lo ha recibido por error, elimínelo.",
    "Handelsregister: Amtsgericht München, HRB 12345. Geschäftsführer: Max Muster.",
    "Informacje zawarte w niniejszej korespondencji nie stanowią oferty w rozumieniu Kodeksu cywilnego.",
]


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_of_the_company_is_folded(notice: str) -> None:
    said = "Wersja 12.\n\nPozdrawiam\nAnna Nowak"
    assert parts_of(f"{said}\n\n{notice}") == (said, ["disclaimer"])
    assert parts_of(f"{said}\n\n{notice}\n\nW dniu 16.11.2026 o 14:03, Pomoc pisze:\n{QUOTED}")[0] == said


BANNERS = [
    "[EXTERNAL EMAIL]",
    "UWAGA! Wiadomość spoza organizacji. Nie klikaj w linki.",
    "Ostrzeżenie: ten e-mail pochodzi od nadawcy zewnętrznego.",
    "CAUTION: External email. Do not click links.",
    "You don't often get email from anna@klient.example. Learn why this is important<https://aka.ms/x>",
    "Nie często otrzymujesz wiadomości e-mail z adresu anna@klient.example. Dowiedz się, dlaczego jest to ważne",
    "*** Wiadomość zewnętrzna ***",
    "This message was sent from outside of the organization.",
    "[Nadawca zewnętrzny]",
    "[WIADOMOŚĆ ZEWNĘTRZNA] Zachowaj ostrożność przy otwieraniu linków.",
    "Ten e-mail pochodzi spoza firmy. Nie otwieraj załączników.",
    "⚠ Uwaga! Wiadomość od zewnętrznego nadawcy.",
]


@pytest.mark.parametrize("banner", BANNERS)
def test_a_banner_of_the_readers_gateway_is_folded(banner: str) -> None:
    said = "Dzień dobry,\n\nnie działa.\n\nAnna"
    assert parts_of(f"{banner}\n\n{said}") == (said, ["disclaimer"])


OWN_WORDS = [
    "Wysłane z magazynu 3 palety, a w systemie są 2.",
    "Wysłałem z programu eksport i nic nie przyszło.",
    "Pobierz raport z menu Plik: przycisk nie działa.",
    "Sent from the warehouse yesterday, still not in stock.",
    "Faktura wysłana z systemu nie dotarła do klienta.",
    "Proszę o informację, kto jest administratorem danych osobowych w module HR.",
    "W raporcie jest zły NIP 1234567890 i REGON 123456789 kontrahenta, KRS jest poprawny.",
    "Drukarka nie drukuje tego maila, proszę o pomoc.",
    "Ta wiadomość o błędzie pojawia się zawsze.",
    "Prosimy o przygotowanie klauzuli informacyjnej RODO do formularza.",
    "Jeśli otrzymają Państwo tę wiadomość przed 15:00, proszę o telefon.",
    "If you are not able to help, please escalate.",
    "Czy ta wiadomość jest poufna? Nie wiem, co z nią zrobić.",
    "Prosimy o usunięcie z systemu danych osobowych Jana Lisa zgodnie z RODO.",
    "Od: 1.01 do: 31.12 raport jest pusty.",
    "Proszę o dostęp:\nOd: poniedziałku\nDo: piątku\nTemat: szkolenie",
    "if (a > b) {\n  x = 1;\n}",
    "Komunikat:\n\nOd: system\nTreść: błąd",
    "Dane z formularza:\nImię: Anna\nTemat: Faktura\nData: 16.11.2026\nTreść: nie działa",
    "W dniu 16.11.2026 o 14:03 wystąpił błąd:\nORA-00942: table or view does not exist\n\nProszę o pomoc.",
    "Wczoraj o 14:03 Jan Lis napisał do mnie:\nnie mogę się zalogować\n\nCo mam zrobić?",
    "1. Otwieram raport\n2. Klikam Drukuj\n---\nBłąd\n---\n3. Zamykam",
    "Ścieżka: Menu > Raporty > Sprzedaż",
    "Subject: Faktura 12/2026 nie drukuje się",
    "Data: 16.11.2026\nOd kiedy: rano\nDo kiedy: teraz",
    "From: 10:00\nTo: 12:00\nthe report is slow.",
    "On Monday at 14:03 Tom wrote to me that it failed:\nerror 17\n\nPlease help.",
    "Zamówienie 12/2026\n--------------\nPozycja 1: 5 szt.\nPozycja 2: 3 szt.\n--------------\nRazem: 8 szt.",
    "Temat: Błąd\nOd: wczoraj\nDo: dziś\n\nnie działa drukowanie",
    "Adres nadawcy: jan@klient.example\nAdres odbiorcy: ewa@klient.example\nnie dochodzą maile",
    "Przekazana wiadomość nie dotarła",
    "Kolega napisał, że wersja jest zła:\n12 zamiast 13",
    "Formularz kontaktowy\n--\nImię: Ewa Kot\nTelefon: 600 100 200\n--\nTreść: proszę o ofertę na 12 licencji, z rocznym wsparciem i szkoleniem dla zespołu.",
    "Trasa kierowcy:\nOd: Kraków, ul. Długa\nDo: Gdańsk, ul. Krótka\nData: 12.01.2024\nproszę o korektę",
    "from: a@k.example\nto: b@k.example\nTaka konfiguracja nie działa.",
    "Opis\n—\nDrukarka nie drukuje\n—\nProszę o serwis",
    "Zmieniłem:\n--- a/config.ini\n+++ b/config.ini\n-port=80\n+port=8080",
    "SELECT *\nFROM faktury\n-- komentarz\nORDER BY id;\ntrwa 5 minut.",
    "Streszczenie: brak sieci.\n---\nSzczegóły: od rana wszystkie komputery w budynku B nie mają połączenia z serwerem domeny.",
    "| Pozycja | Ilość |\n|---------|-------|\n| Toner   | 5     |\nProszę o wycenę.",
    "Mam dwa pytania:\n--\n1. Czy jest już wersja 12?\n--\n2. Kiedy będzie szkolenie?",
    "Zgłoszenie\n________________________________\nUrządzenie: drukarka\n________________________________\nOpis: nie drukuje",
    'W każdym liście stoi "-- Odpowiedz powyżej tej linii --", proszę to usunąć.',
    "Odpowiedź powyżej tej linii nie dochodzi.",
    "Wyjazd\nOd: Warszawa\nDo: Kraków\nData: 5.11.2026\nTemat: szkolenie\n\nProszę o rezerwację sali.",
    "Od: 12 000 zł\nDo: 15 000 zł\nTaki mamy budżet.",
    "Miesiąc   Netto     Brutto\nwrzesień  1 000,00  1 230,00\n---------------------------\nRazem     1 000,00  1 230,00",
    "Konsola pokazuje:\n\n>>> import app\nTraceback (most recent call last):\nImportError: brak",
    "mysql> select 1;\nERROR 2006 (HY000): gone\nC:\\> ping biuro",
    "Z dziennika:\n\nFrom: robot@klient.example\nStatus: 5.1.1\nDiagnostic: 550 no such user",
    "Z dziennika:\n\nError 0x80004005 -- brak uprawnień\n----\nkoniec",
    "You received this message because you are subscribed: where is that set?\n\nPlease tell me.\n\nIt is urgent.",
]


@pytest.mark.parametrize("own", OWN_WORDS)
def test_the_authors_own_words_are_left_alone(own: str) -> None:
    said = f"Dzień dobry,\n\n{own}\n\nPozdrawiam\nAnna"
    assert parts_of(said) == (said, [])


@pytest.mark.parametrize(
    "own",
    [
        "Stanowisko: księgowa\n\nData: 26.11.2026\n\nDo: magazyn 3\n\nPodpis: ____",
        "Wysłano: 26.11.2026 kurierem.\nOd: 12:00 do 14:00 ktoś będzie.\n\nPozdrawiam",
    ],
)
def test_fields_above_a_block_of_headers_are_the_authors(own: str) -> None:
    block = "Od: Pomoc <pomoc@pomoc.example>\nWysłano: 26 listopada 2026 13:58\nDo: Anna\nTemat: Raport\n\nx"
    assert parts_of(f"{own}\n\n{block}")[0] == own


@pytest.mark.parametrize(
    "own",
    [
        "Dokument poufny ma być przeznaczony tylko dla adresata, z zakazem kopiowania.",
        "Confidential documents should only be visible to the intended recipient, and nobody may delete them.",
        "Dane osobowe klientów są przetwarzane w module CRM zgodnie z RODO, więc eksport musi je ukrywać.",
        "Klient Sp. z o.o., NIP 1234567890, REGON 123456789, ul. Długa 1, Warszawa",
        "Na środowisku testowym druk tej etykiety działa, a na produkcji nie.",
        "Klauzula informacyjna w formularzu ma być dostępna dla każdego klienta.",
        "Jeśli wiadomość trafiła do spamu, proszę o ponowne wysłanie.",
        "Polityka prywatności na stronie jest nieaktualna, proszę o zmianę.",
        "Wiadomość o błędzie została wysłana z aplikacji do klienta.",
        "Sent by mistake yesterday, please ignore ticket 17.",
        "Wysłane przez klienta zamówienie nie weszło.",
    ],
)
def test_what_the_author_asks_last_is_no_notice(own: str) -> None:
    said = f"Dzień dobry,\n\nproszę o zmianę.\n\n{own}"
    assert parts_of(said) == (said, [])


HTML = {
    "gmail, inline": (
        '<div class="gmail_quote"><div class="gmail_attr">pon., 16 lis 2026 o 14:03 Pomoc napisał(a):<br></div>'
        '<blockquote class="gmail_quote">Jaka wersja?</blockquote><div>12</div><blockquote class="gmail_quote">Jaki system?'
        "</blockquote><div>Linux</div></div>"
    ),
    "apple mail, inline": (
        '<div><blockquote type="cite"><div>Wiadomość napisana przez Pomoc &lt;p@p.example&gt; w dniu 16 lis 2026, o godz. 14:03:'
        '</div><br><div>Jaka wersja?</div></blockquote>12</div><div><blockquote type="cite">Jaki system?</blockquote></div><div>Linux</div>'
    ),
    "thunderbird, inline": (
        '<div class="moz-cite-prefix">W dniu 16.11.2026 o 14:03, Pomoc pisze:<br></div><blockquote type="cite"><pre>Jaka wersja?</pre>'
        '</blockquote><p>12</p><blockquote type="cite"><pre>Jaki system?</pre></blockquote><p>Linux</p>'
    ),
    "outlook, below its frame": (
        '<div id="mail-editor-reference-message-container"><hr><div id="divRplyFwdMsg"><b>Od:</b> Pomoc<br><b>Wysłano:</b> 16.11.2026'
        "<br></div><p>Jaka wersja, jaki system?</p></div><div>12</div><div>Linux</div>"
    ),
    "roundcube, below": (
        '<p id="reply-intro">W dniu 2026-11-16 14:03, Pomoc napisał(a):</p><blockquote type="cite">Jaka wersja?</blockquote>'
        "<div>12</div><div>Linux</div>"
    ),
    "o2": (
        "<p>12</p><p>Linux</p>Dnia 16 listopada 2026 14:03 Pomoc &lt; <a>pomoc@pomoc.example</a> &gt; napisał(a):<br/>"
        "<blockquote>Jaka wersja?<br>&gt; Nie drukuje.</blockquote>"
    ),
    "kmail, below": (
        "<p>Dnia poniedziałek, 16 listopada 2026 14:03:33 CET Pomoc pisze:</p><blockquote>Jaka wersja?<br>&gt; Nie drukuje."
        "</blockquote><p>12</p><p>Linux</p>"
    ),
    "gmx": (
        '<div style="display: none">Zapowiedź</div><div>12</div><div>Linux</div><div name="quote"><b>Od:</b> Pomoc<br><b>Data:</b>'
        " 16.11.2026<div>Jaka wersja?</div></div>"
    ),
}


@pytest.mark.parametrize("program", HTML)
def test_answers_in_html_are_told_from_what_they_answer(program: str) -> None:
    parted = part(marked_lines(HTML[program]))
    assert parted.visible.split() == ["12", "Linux"]
    assert {folded["kind"] for folded in parted.folded} == {"attribution", "quote"}


def test_a_blockquote_that_nobody_is_named_above_is_the_authors() -> None:
    said = "<p>W instrukcji (3.11.2026, 14:03) stoi:</p><blockquote>Wyłącz drukarkę.</blockquote><p>Nie pomaga.</p>"
    assert part(marked_lines(said)).folded == ()


@pytest.mark.parametrize(
    "word",
    [
        "ok",
        "OK",
        "Tak.",
        "Nie",
        "👍",
        "Dzięki!",
        "zamknij",
        "Potwierdzam",
        "akceptuję",
        "12",
        "?",
        "Done",
        "Thx",
        "+1",
        "j.w.",
        "Do zamknięcia",
    ],
)
def test_a_word_is_an_answer(word: str) -> None:
    assert parts_of(f"{word}\n\nW dniu 16.11.2026 o 14:03, Pomoc pisze:\n{QUOTED}")[0] == word
