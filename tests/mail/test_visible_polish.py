"""Replies as Polish mail programs write them: text first, then HTML. `want` is what the author newly typed."""

from __future__ import annotations

import pytest

from app.mail.clean import marked_lines
from app.mail.visible import part, plain_lines

QUOTED = "> Proszę podać numer seryjny.\n>\n> Pomoc DYNAMICS"
UNQUOTED = "Proszę podać numer seryjny.\n\nPomoc DYNAMICS"

TEXTS = {
    "gmail": (
        f"Numer to 17.\n\npt., 27 lis 2026 o 10:22 Pomoc DYNAMICS <pomoc@pomoc.example> napisał(a):\n\n{QUOTED}",
        "Numer to 17.",
    ),
    "gmail, wrapped": (
        f"Numer to 17.\n\npon., 30 lis 2026 o 10:22 Pomoc DYNAMICS <\npomoc@pomoc.example> napisał(a):\n\n{QUOTED}",
        "Numer to 17.",
    ),
    "gmail, wrapped before the verb": (
        f"Numer to 17.\n\nśr., 2 gru 2026, 10:22 użytkownik Pomoc DYNAMICS <pomoc@pomoc.example>\nnapisał:\n\n{QUOTED}",
        "Numer to 17.",
    ),
    "gmail, old": (
        f"Numer to 17.\n\nW dniu 27 listopada 2026 10:22 użytkownik Pomoc DYNAMICS\n<pomoc@pomoc.example> napisał:\n\n{QUOTED}",
        "Numer to 17.",
    ),
    "thunderbird": (f"Numer to 17.\n\nW dniu 27.11.2026 o 10:22, Pomoc DYNAMICS pisze:\n{QUOTED}", "Numer to 17."),
    "thunderbird, old": (f"Numer to 17.\n\nW dniu 2026-11-27 10:22, Pomoc DYNAMICS pisze:\n{QUOTED}", "Numer to 17."),
    "thunderbird, dnia": (
        f"Numer to 17.\n\nDnia 27.11.2026 o godz. 10:22 Pomoc DYNAMICS pisze:\n{QUOTED}",
        "Numer to 17.",
    ),
    "apple mail": (
        f"Numer to 17.\n\n> Wiadomość napisana przez Pomoc DYNAMICS <pomoc@pomoc.example> w dniu 27.11.2026, o godz. 10:22:\n> \n{QUOTED}",
        "Numer to 17.",
    ),
    "apple mail, plain": (
        "Numer to 17.\n\nWiadomość napisana przez Pomoc DYNAMICS <pomoc@pomoc.example> w dniu 27 lis 2026, o godz. 10:22:\n\n"
        f"{QUOTED}",
        "Numer to 17.",
    ),
    "iphone": (
        "Numer to 17.\n\nWysłane z iPhone’a\n\n> Wiadomość napisana przez Pomoc DYNAMICS <pomoc@pomoc.example> w dniu 27.11.2026,"
        f" o godz. 10:22:\n> \n{QUOTED}",
        "Numer to 17.",
    ),
    "outlook": (
        "Numer to 17.\n\nPozdrawiam\nAnna Nowak\n\nFrom: Pomoc DYNAMICS <pomoc@pomoc.example>\nSent: Friday, November 27, 2026 10:22 AM\n"
        f"To: Anna Nowak <anna@klient.example>\nSubject: Raport\n\n{UNQUOTED}",
        "Numer to 17.\n\nPozdrawiam\nAnna Nowak",
    ),
    "outlook, polish": (
        "Numer to 17.\n\nPozdrawiam\nAnna Nowak\n\nOd: Pomoc DYNAMICS <pomoc@pomoc.example> \nWysłano: piątek, 27 listopada 2026 10:22\n"
        f"Do: Anna Nowak <anna@klient.example>\nDW: Jan\nTemat: Raport\n\n{UNQUOTED}",
        "Numer to 17.\n\nPozdrawiam\nAnna Nowak",
    ),
    "outlook, separator": (
        f"Numer to 17.\n\n-----Original Message-----\nFrom: Pomoc\nSent: 27 listopada 2026\nTo: Anna\nSubject: Raport\n\n{UNQUOTED}",
        "Numer to 17.",
    ),
    "outlook, polish separator": (
        "Numer to 17.\n\n-----Wiadomość oryginalna-----\nOd: Pomoc DYNAMICS [mailto:pomoc@pomoc.example] \nWysłano: 27 listopada 2026 10:22\n"
        f"Do: Anna\nTemat: RE: Raport\n\n{UNQUOTED}",
        "Numer to 17.",
    ),
    "owa": (
        "Numer to 17.\n________________________________\nOd: Pomoc DYNAMICS <pomoc@pomoc.example>\nWysłane: piątek, 27 listopada 2026 10:22:01\n"
        f"Do: Anna Nowak\nTemat: Odp: Raport\n\n{UNQUOTED}",
        "Numer to 17.",
    ),
    "outlook for phones": (
        "Numer to 17.\n\nPobierz aplikację Outlook dla systemu iOS<https://aka.ms/o0ukef>\n________________________________\n"
        f"Od: Pomoc <pomoc@pomoc.example>\nWysłane: piątek, listopada 27, 2026 10:22 AM\nDo: Anna\nTemat: Raport\n\n{UNQUOTED}",
        "Numer to 17.",
    ),
    "samsung": (
        "Numer to 17.\n\n\nWysłane z mojego urządzenia Galaxy\n\n\n-------- Oryginalna wiadomość --------\n"
        f"Od: Pomoc <pomoc@pomoc.example> \nData: 27.11.2026 10:22 (GMT+01:00) \nDo: Anna \nTemat: Raport \n\n{UNQUOTED}",
        "Numer to 17.",
    ),
    "wp": (
        f"Numer to 17.\n\nDnia 27 listopada 2026 10:22 Pomoc DYNAMICS <pomoc@pomoc.example> napisał(a):\n\n{UNQUOTED}",
        "Numer to 17.",
    ),
    "o2": (
        f"Numer to 17.\n\nDnia 27 listopada 2026 10:22 pomoc@pomoc.example <pomoc@pomoc.example> napisał(a):\n{QUOTED}",
        "Numer to 17.",
    ),
    "onet": (
        f"Numer to 17.\n\n\nW dniu 2026-11-27 10:22:33 użytkownik Pomoc DYNAMICS <pomoc@pomoc.example> napisał:\n{QUOTED}",
        "Numer to 17.",
    ),
    "onet, wrapped, without marks": (
        f"Numer to 17.\n\nW dniu 2026-11-27 10:22:33 użytkownik Pomoc DYNAMICS\n<pomoc@pomoc.example> napisał:\n\n{UNQUOTED}",
        "Numer to 17.",
    ),
    "interia": (
        'Numer to 17.\n\nOd: "Pomoc DYNAMICS" <pomoc@pomoc.example>\nDo: "Anna" <anna@interia.example>; \nWysłane: 10:22 Piątek 2026-11-27\n'
        f"Temat: Raport\n\n{UNQUOTED}",
        "Numer to 17.",
    ),
    "interia, quoted header": (
        'Numer to 17.\n\nOd: "Pomoc DYNAMICS" <pomoc@pomoc.example>\nDo: anna@interia.example;\nWysłane: 10:22 Piątek 2026-11-27\n'
        f"Temat: Raport\n\n{QUOTED}",
        "Numer to 17.",
    ),
    "home.pl": (
        f"Numer to 17.\n\nW dniu 2026-11-27 10:22, pomoc@pomoc.example napisał(a):\n\n{QUOTED}",
        "Numer to 17.",
    ),
    "roundcube": (f"Numer to 17.\n\nDnia 2026-11-27 10:22 Pomoc DYNAMICS napisał(a):\n\n{QUOTED}", "Numer to 17."),
    "lotus notes": (
        "Numer to 17.\n\n\nOd:\tPomoc DYNAMICS <pomoc@pomoc.example>\nDo:\tanna@klient.example\nData:\t27.11.2026 10:22\nTemat:\tRaport\n\n\n"
        f"{UNQUOTED}",
        "Numer to 17.",
    ),
    "zimbra": (
        'Numer to 17.\n\n----- Oryginalna wiadomość -----\nOd: "Pomoc" <pomoc@pomoc.example>\nDo: "anna" <anna@klient.example>\n'
        f"Wysłane: piątek, 27 listopad 2026 10:22:00\nTemat: Raport\n\n{UNQUOTED}",
        "Numer to 17.",
    ),
    "kmail": (f"Numer to 17.\n\nDnia piątek, 27 listopada 2026 10:22:33 CET Pomoc pisze:\n{QUOTED}", "Numer to 17."),
    "proton": (
        "Numer to 17.\n\nWysłano za pomocą bezpiecznej poczty Proton Mail.\n\n"
        f"W dniu piątek, 27 listopada 2026 o 10:22 AM Pomoc DYNAMICS <pomoc@pomoc.example> napisał(a):\n\n{QUOTED}",
        "Numer to 17.",
    ),
    "the bat": (
        f"Numer to 17.\n\nW liście datowanym 27 listopada 2026 (10:22:33) napisano:\n\n{QUOTED}",
        "Numer to 17.",
    ),
    "only a salutation above": (
        f"Dzień dobry,\nW dniu 27.11.2026 o 10:22, Pomoc pisze:\n{QUOTED}\n\nNumer to 17.",
        "Dzień dobry,\n\nNumer to 17.",
    ),
    "answers inside": (
        "W dniu 27.11.2026 o 10:22, Pomoc pisze:\n> Jaki numer?\n17.\n\n> Jaka wersja?\n\nDwunasta.\n",
        "17.\n\nDwunasta.",
    ),
    "signature": (
        f"Numer to 17.\n-- \nAnna Nowak\ntel. 600 000 000\n\nW dniu 27.11.2026 o 10:22, Pomoc pisze:\n{QUOTED}",
        "Numer to 17.",
    ),
    "sign-off stays": (
        f"Numer to 17.\n\nZ poważaniem\nAnna Nowak\nKlient Sp. z o.o.\n\nW dniu 27.11.2026 o 10:22, Pomoc pisze:\n{QUOTED}",
        "Numer to 17.\n\nZ poważaniem\nAnna Nowak\nKlient Sp. z o.o.",
    ),
    "disclaimer": (
        "Numer to 17.\n\nAnna\n\nNiniejsza wiadomość jest poufna i przeznaczona wyłącznie dla jej adresata. Jeżeli nie jest Pan(i) adresatem,"
        " prosimy o jej usunięcie.\n\nAdministratorem danych osobowych jest Klient Sp. z o.o.",
        "Numer to 17.\n\nAnna",
    ),
    "android": (f"Numer to 17.\n\nWysłano z Yahoo Mail na Androidzie\n\n{QUOTED}", "Numer to 17."),
    "windows mail": (
        "Numer to 17.\n\nWysłane z aplikacji Poczta dla Windows\n\nOd: Pomoc\nWysłano: piątek, 27 listopada 2026 10:22\nDo: Anna\n"
        f"Temat: Raport\n\n{UNQUOTED}",
        "Numer to 17.",
    ),
    "a header in bold": (
        f"Numer to 17.\n\n*Od:* Pomoc <pomoc@pomoc.example>\n*Wysłano:* piątek, 27 listopada 2026\n*Do:* Anna\n*Temat:* Raport\n\n{UNQUOTED}",
        "Numer to 17.",
    ),
    "no reply, only a report": (
        "Dzień dobry,\n\nod 12.01.2026 nie działa eksport. W dniu 13.01.2026 o 9:00 pisałem do Jana:\nbez odpowiedzi.\n\nProszę o pomoc.",
        "Dzień dobry,\n\nod 12.01.2026 nie działa eksport. W dniu 13.01.2026 o 9:00 pisałem do Jana:\nbez odpowiedzi.\n\nProszę o pomoc.",
    ),
    "a log that is not a quote": (
        "Oto log:\n2026-11-27 10:22:33 ERROR: brak pliku\n2026-11-27 10:22:34 użytkownik anna@klient.example zapisał:\nraport.xlsx\n\nCo robić?",
        "Oto log:\n2026-11-27 10:22:33 ERROR: brak pliku\n2026-11-27 10:22:34 użytkownik anna@klient.example zapisał:\nraport.xlsx\n\nCo robić?",
    ),
    "a list of fields that is not a header": (
        "Dane do zamówienia:\nOd: 1 grudnia\nDo: 31 grudnia\nKwota: 500 zł\n\nProszę o potwierdzenie.",
        "Dane do zamówienia:\nOd: 1 grudnia\nDo: 31 grudnia\nKwota: 500 zł\n\nProszę o potwierdzenie.",
    ),
}


@pytest.mark.parametrize("program", TEXTS)
def test_text(program: str) -> None:
    text, want = TEXTS[program]
    assert part(plain_lines(text)).visible == want


FORWARDED = {
    "gmail": "---------- Forwarded message ---------\nOd: Jan <jan@klient.example>\nDate: pt., 27 lis 2026 o 10:22\nSubject: Błąd\nTo: Anna <anna@klient.example>\n\n\nEksport nie działa.",
    "thunderbird": "-------- Przekazana wiadomość --------\nTemat: \tBłąd\nData: \tFri, 27 Nov 2026 10:22:00 +0100\nNadawca: \tJan <jan@klient.example>\nAdresat: \tanna@klient.example\n\nEksport nie działa.",
    "apple mail": "Początek przekazywanej wiadomości:\n\nOd: Jan <jan@klient.example>\nTemat: Błąd\nData: 27 listopada 2026 o 10:22:33 CET\nDo: anna@klient.example\n\nEksport nie działa.",
}


@pytest.mark.parametrize("program", FORWARDED)
def test_what_is_passed_on_is_content_whatever_the_subject_says(program: str) -> None:
    parted = part(plain_lines(f"Proszę o pomoc.\n\n{FORWARDED[program]}"))
    assert parted.is_forward
    assert parted.visible.startswith("Proszę o pomoc.")
    assert parted.visible.endswith("Eksport nie działa.")


def test_what_was_passed_on_earlier_stays_a_quote() -> None:
    parted = part(
        plain_lines(
            f"Działa.\n\nOd: Pomoc <p@pomoc.example>\nWysłano: 27.11.2026\nDo: Anna\nTemat: PD: Błąd\n\n{FORWARDED['gmail']}"
        )
    )
    assert (parted.visible, parted.is_forward) == ("Działa.", False)


HTML = {
    "gmail": (
        '<div dir="ltr">Numer to 17.</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
        'pt., 27 lis 2026 o 10:22 Pomoc &lt;<a href="mailto:pomoc@pomoc.example">pomoc@pomoc.example</a>&gt; napisał(a):<br></div>'
        '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">Proszę podać numer.</blockquote></div>'
    ),
    "outlook": (
        '<div class="WordSection1"><p class="MsoNormal">Numer to 17.<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
        '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>Od:</b> Pomoc'
        " &lt;pomoc@pomoc.example&gt; <br><b>Wysłano:</b> piątek, 27 listopada 2026 10:22<br><b>Do:</b> Anna<br><b>Temat:</b> Raport"
        '</p></div></div><p class="MsoNormal">Proszę podać numer.</p></div>'
    ),
    "owa": (
        '<div style="font-family:Aptos">Numer to 17.</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">'
        '<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri"><b>Od:</b> Pomoc<br><b>Wysłane:</b> piątek<br><b>Do:</b> Anna<br>'
        "<b>Temat:</b> Raport</font></div><div>Proszę podać numer.</div>"
    ),
    "thunderbird": (
        '<p>Numer to 17.</p><div class="moz-cite-prefix">W dniu 27.11.2026 o 10:22, Pomoc pisze:<br></div>'
        '<blockquote type="cite" cite="mid:x@pomoc.example"><p>Proszę podać numer.</p></blockquote>'
    ),
    "apple mail": (
        '<html><body>Numer to 17.<br><div><br><blockquote type="cite"><div>Wiadomość napisana przez Pomoc &lt;pomoc@pomoc.example&gt;'
        " w dniu 27 lis 2026, o godz. 10:22:</div><br><div>Proszę podać numer.</div></blockquote></div></body></html>"
    ),
    "iphone": (
        '<div dir="ltr">Numer to 17.</div><div dir="ltr"><br></div><div dir="ltr">Wysłane z iPhone’a</div><div dir="ltr"><br>'
        '<blockquote type="cite">Wiadomość napisana przez Pomoc w dniu 27.11.2026, o godz. 10:22:<br><br></blockquote></div>'
        '<blockquote type="cite"><div dir="ltr">Proszę podać numer.</div></blockquote>'
    ),
    "samsung": (
        '<div>Numer to 17.</div><div><br></div><div id="composer_signature"><div style="font-size:85%">Wysłane z mojego urządzenia Galaxy'
        '</div></div><div><br></div><div style="font-size:100%"><!-- originalMessage --><div>-------- Oryginalna wiadomość --------</div>'
        "<div>Od: Pomoc &lt;pomoc@pomoc.example&gt; </div><div>Data: 27.11.2026 10:22 (GMT+01:00) </div><div>Do: Anna</div>"
        "<div>Temat: Raport </div><div><br></div></div><div>Proszę podać numer.</div>"
    ),
    "wp": (
        "<div>Numer to 17.</div><br><div><div>Dnia 27 listopada 2026 10:22 Pomoc &lt;pomoc@pomoc.example&gt; napisał(a):</div><br>"
        '<blockquote style="margin-right:0;margin-left:7px;border-left:2px solid orange;padding-left:8px">Proszę podać numer.</blockquote></div>'
    ),
    "o2": (
        '<div>Numer to 17.</div><div class="nh_extra"><p>Dnia 27 listopada 2026 10:22 Pomoc &lt;pomoc@pomoc.example&gt; napisał(a):</p>'
        '<blockquote class="nh_quote" style="border-left:2px solid #3871d9">Proszę podać numer.</blockquote></div>'
    ),
    "onet": (
        '<p>Numer to 17.</p><div style="padding:5px">W dniu 2026-11-27 10:22:33 użytkownik Pomoc &lt;pomoc@pomoc.example&gt; napisał:</div>'
        '<blockquote style="border-left:5px solid #ccc;padding-left:10px"><p>Proszę podać numer.</p></blockquote>'
    ),
    "interia": (
        '<div>Numer to 17.</div><div><br></div><div>Od: "Pomoc" &lt;pomoc@pomoc.example&gt;<br>Do: "Anna" &lt;anna@interia.example&gt;; <br>'
        "Wysłane: 10:22 Piątek 2026-11-27<br>Temat: Raport<br><br></div>"
        '<blockquote style="border-left:1px solid #000">Proszę podać numer.</blockquote>'
    ),
    "roundcube": (
        '<p>Numer to 17.</p><div id="signature"></div><p id="reply-intro">W dniu 2026-11-27 10:22, Pomoc napisał(a):</p>'
        '<blockquote type="cite" style="padding:0 0.4em;border-left:#1010ff 2px solid">Proszę podać numer.</blockquote>'
    ),
    "yahoo": (
        '<div class="ydp1">Numer to 17.</div><div id="ydp2" class="yahoo_quoted"><div>W dniu piątek, 27 listopada 2026 10:22:33 CET'
        " użytkownik Pomoc &lt;pomoc@pomoc.example&gt; napisał:</div><div>Proszę podać numer.</div></div>"
    ),
}


@pytest.mark.parametrize("program", HTML)
def test_html(program: str) -> None:
    parted = part(marked_lines(HTML[program]))
    assert parted.visible == "Numer to 17."
    assert "Proszę podać numer." in " ".join(folded["text"] for folded in parted.folded)
