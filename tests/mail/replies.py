"""Whole replies as Polish mail programs write them, each with what its author newly typed.

`text` and `html` are the two parts that a program sends; a case may have one of them only. `{Q}` stands for the quoted
answer of the desk, `{>Q}` for the same with quote marks, `{H}` for it in HTML.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from dataclasses import dataclass
from html import escape
from typing import Any

ANSWER = "Dzień dobry,\n\nproszę podać numer seryjny urządzenia.\n\nPozdrawiam\nAdam Sowa"
QUOTED = "\n".join(f"> {line}".rstrip() for line in ANSWER.split("\n"))
IN_HTML = "<div>Dzień dobry,</div><div><br></div><div>proszę podać numer seryjny urządzenia.</div><div>Pozdrawiam<br>Adam Sowa</div>"
ASKED = "numer seryjny urządzenia"


@dataclass(frozen=True)
class Reply:
    """What stands in the letter, and what is to be seen of it. `shown` and `not_shown` are parts of the visible text."""

    text: str = ""
    html: str = ""
    want: str | None = None
    subject: str = "Odp: [#1017] Raport"
    charset: str = "utf-8"
    declared: str | None = None
    forward: bool = False
    why: tuple[str, ...] | None = ("quote",)  # None: whatever
    shown: str = ""
    flowed: bool = False

    @property
    def has_answer(self) -> bool:
        """Whether it quotes the desk's answer."""
        return any(sign in self.text + self.html for sign in ("{Q}", "{>Q}", "{H}"))

    @property
    def raw(self) -> bytes:
        """The letter as it comes over the wire."""
        head = f"From: Anna Nowak <anna@klient.example>\r\nTo: PomocTARGIT@pomoc.example\r\nSubject: {self.subject}\r\n"
        head += "Message-ID: <reply@klient.example>\r\nMIME-Version: 1.0\r\n"
        parts = [self._part(kind, body) for kind, body in (("plain", self.text), ("html", self.html)) if body]
        if len(parts) == 1:
            return head.encode() + parts[0]
        wrapped = b"".join(b"--=_b\r\n" + part for part in parts) + b"--=_b--\r\n"
        return head.encode() + b'Content-Type: multipart/alternative; boundary="=_b"\r\n\r\n' + wrapped

    def _part(self, kind: str, body: str) -> bytes:
        filled = body.replace("{Q}", ANSWER).replace("{>Q}", QUOTED).replace("{H}", IN_HTML)
        data = filled.replace("\n", "\r\n").encode(self.charset)
        flowed = "; format=flowed" if self.flowed and kind == "plain" else ""
        head = f'Content-Type: text/{kind}; charset="{self.declared or self.charset}"{flowed}\r\n'
        return head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + encodebytes(data)


def in_html(text: str) -> str:
    """The same letter as a program writes it that sends HTML alone: one element a line, quotes in frames."""
    lines = []
    for line in text.replace("{>Q}", "> {Q}").split("\n"):
        is_quoted = line.startswith(">") and not line.startswith(">>>")
        own = escape(line.lstrip("> ") if is_quoted else line, quote=False) or "<br>"
        lines.append(f'<blockquote type="cite">{own}</blockquote>' if is_quoted else f"<div>{own}</div>")
    return "\n".join(lines).replace("{Q}", "{H}")


def bare(text: str) -> str:
    """Without the difference between one kind of white space and another."""
    return re.sub(r"\s+", " ", text).strip()


N = "Numer to 17."
SIGNED_OFF = "Numer to 17.\n\nZ poważaniem\nAnna Nowak\nKierownik działu IT\nKlient Sp. z o.o.\ntel. 600 000 000"
DESK = "Adam Sowa <pomoc@pomoc.example>"
DESK_HTML = 'Adam Sowa &lt;<a href="mailto:pomoc@pomoc.example">pomoc@pomoc.example</a>&gt;'
OUTLOOK = f"Od: {DESK} \nWysłano: piątek, 27 listopada 2026 10:22\nDo: Anna Nowak <anna@klient.example>\nDW: Jan Lis\nTemat: RE: [#1017] Raport\n"
OUTLOOK_HTML = (
    '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class=MsoNormal><b><span lang=EN-US>From:'
    f"</span></b> {DESK_HTML}<br><b>Sent:</b> Friday, November 27, 2026 10:22 AM<br><b>To:</b> Anna Nowak<br><b>Subject:</b> RE: Raport"
    "<o:p></o:p></p></div></div>"
)
OWA = f"________________________________\nOd: {DESK}\nWysłane: piątek, 27 listopada 2026 10:22:33\nDo: Anna Nowak <anna@klient.example>\nTemat: [#1017] Raport\n"
OWA_HTML = (
    '<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">'
    f"<b>Od:</b> {DESK_HTML}<br><b>Wysłane:</b> piątek, 27 listopada 2026 10:22:33<br><b>Do:</b> Anna Nowak<br><b>Temat:</b> Raport</font><div>&nbsp;</div></div>"
)
GMAIL = "pt., 27 lis 2026 o 10:22 Adam Sowa <pomoc@pomoc.example> napisał(a):"
GMAIL_HTML = (
    '<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">pt., 27 lis 2026 o 10:22 '
    f'{DESK_HTML} napisał(a):<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);'
    'padding-left:1ex">{H}</blockquote></div>'
)
BIRD = "W dniu 27.11.2026 o 10:22, Adam Sowa pisze:"
BIRD_HTML = '<div class="moz-cite-prefix">W dniu 27.11.2026 o 10:22, Adam Sowa pisze:<br></div><blockquote type="cite" cite="mid:1@pomoc.example">{H}</blockquote>'
PRIVACY = (
    "Administratorem Pani/Pana danych osobowych jest Klient Sp. z o.o. z siedzibą w Krakowie. Pełna informacja o przetwarzaniu danych"
    " osobowych (RODO) znajduje się na stronie https://klient.example/rodo."
)
SECRET = "Ta wiadomość może zawierać informacje poufne. Jeżeli nie są Państwo jej adresatem, prosimy o jej usunięcie i powiadomienie nadawcy."
REGISTER = (
    "Klient Sp. z o.o. z siedzibą w Krakowie, ul. Długa 1, 31-000 Kraków, Sąd Rejonowy dla Krakowa-Śródmieścia w Krakowie, XI Wydział"
    " Gospodarczy KRS, numer KRS 0000000000, NIP 000-000-00-00, REGON 000000000, kapitał zakładowy 50 000 zł."
)
TREES = "Zanim wydrukujesz tę wiadomość, pomyśl o środowisku."

REPLIES: dict[str, Reply] = {
    # Outlook
    "outlook classic": Reply(
        f"{SIGNED_OFF}\n\n{OUTLOOK}\n{{Q}}\n",
        "<div class=WordSection1><p class=MsoNormal>Numer to 17.<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Z poważaniem<o:p></o:p></p>"
        "<p class=MsoNormal>Anna Nowak<br>Kierownik działu IT<br>Klient Sp. z o.o.<br>tel. 600 000 000<o:p></o:p></p>"
        + OUTLOOK_HTML
        + "<p class=MsoNormal>{H}</p></div>",
        SIGNED_OFF,
    ),
    "outlook classic, cp1250": Reply(f"{N}\n\n{OUTLOOK}\n{{Q}}", want=N, charset="cp1250"),
    "outlook classic, cp1250 called iso-8859-2": Reply(
        f"Świetnie, {N}\n\n{OUTLOOK}\n{{Q}}", want=f"Świetnie, {N}", charset="cp1250", declared="iso-8859-2"
    ),
    "outlook classic, utf-8 called cp1250": Reply(f"{N}\n\n{OUTLOOK}\n{{Q}}", want=N, declared="windows-1250"),
    "outlook express": Reply(
        f'{N}\n\n----- Original Message ----- \nFrom: "Adam Sowa" <pomoc@pomoc.example>\nTo: <anna@klient.example>\nSent: Friday, November 27, 2026 10:22 AM\nSubject: Raport\n\n\n{{>Q}}',
        want=N,
        charset="iso-8859-2",
    ),
    "outlook, importance in the header": Reply(
        f"{N}\n\nOd: {DESK}\nWysłano: 27 listopada 2026 10:22\nDo: Anna\nTemat: Raport\nWażność: Wysoka\n\n{{Q}}",
        want=N,
    ),
    "outlook, two letters in a chain": Reply(
        f"Działa, dziękuję.\n\n{OUTLOOK}\nProszę sprawdzić teraz.\n\nFrom: Anna\nSent: Thursday, November 26, 2026 9:00 AM\nTo: Adam\nSubject: Raport\n\nNie działa.",
        want="Działa, dziękuję.",
    ),
    "outlook, only a thank you": Reply(f"Dziękuję\n\n{OUTLOOK}\n{{Q}}", want="Dziękuję"),
    "outlook new": Reply(
        f"{N}\n\nPozdrawiam,\nAnna\n\n{OWA}\n{{Q}}",
        '<div class="elementToProof" style="font-family:Aptos">Numer to 17.</div><div class="elementToProof"><br></div><div class="elementToProof">Pozdrawiam,<br>Anna</div>'
        + OWA_HTML
        + "<div>{H}</div>",
        f"{N}\n\nPozdrawiam,\nAnna",
    ),
    "outlook new, signature of its own": Reply(
        html='<div class="elementToProof">Numer to 17.</div><div id="Signature"><p>Anna Nowak<br>Klient Sp. z o.o.</p></div>'
        + OWA_HTML
        + "<div>{H}</div>",
        want=N,
        why=("signature", "quote"),
    ),
    "owa": Reply(f"{N}\n{OWA}\n{{Q}}", f"<p>Numer to 17.</p>{OWA_HTML}{{H}}", N),
    "outlook for ios": Reply(
        f"{N}\n\nUzyskaj aplikację Outlook dla systemu iOS<https://aka.ms/o0ukef>\n{OWA}\n{{Q}}",
        '<div>Numer to 17.</div><div><br></div><div id="ms-outlook-mobile-signature">Uzyskaj aplikację <a href="https://aka.ms/o0ukef">Outlook dla systemu iOS</a></div>'
        + OWA_HTML
        + "{H}",
        N,
        why=("footer", "quote"),
    ),
    "outlook for android": Reply(
        f"{N}\n\nPobierz aplikację Outlook dla systemu Android<https://aka.ms/AAb9ysg>\n{OWA}\n{{Q}}", want=N
    ),
    "outlook, sent from": Reply(f"{N}\n\nWysłane z programu Outlook dla systemu Android\n{OWA}\n{{Q}}", want=N),
    "windows mail": Reply(f"{N}\n\nWysłane z aplikacji Poczta dla systemu Windows\n\n{OUTLOOK}\n{{Q}}", want=N),
    "outlook, forwarded with a comment": Reply(
        "Proszę o pomoc.\n\nOd: Jan Lis <jan@klient.example>\nWysłano: piątek, 27 listopada 2026 10:22\nDo: Anna Nowak\nTemat: Błąd eksportu\n\nEksport nie działa.",
        subject="PD: Błąd eksportu",
        forward=True,
        shown="Eksport nie działa.",
        why=(),
    ),
    "outlook, forwarded without a word": Reply(
        "\n\nOd: Jan Lis <jan@klient.example>\nWysłano: piątek, 27 listopada 2026 10:22\nDo: Anna Nowak\nTemat: Błąd eksportu\n\nEksport nie działa.",
        subject="PD: Błąd eksportu",
        forward=True,
        shown="Eksport nie działa.",
        why=(),
    ),
    "outlook, forwarded as FW": Reply(
        html=f"<div class=WordSection1><p class=MsoNormal>Jak niżej.</p>{OUTLOOK_HTML}<p class=MsoNormal>Eksport nie działa.</p></div>",
        subject="FW: Błąd",
        forward=True,
        shown="Eksport nie działa.",
        why=(),
    ),
    # Gmail
    "gmail": Reply(f"{N}\n\n{GMAIL}\n\n{{>Q}}", f'<div dir="ltr">{N}</div>{GMAIL_HTML}', N),
    "gmail, wrapped": Reply(
        f"{N}\n\npt., 27 lis 2026 o 10:22 Pomoc techniczna TARGIT <\nPomocTARGIT@pomoc.example> napisał(a):\n\n{{>Q}}\n",
        want=N,
    ),
    "gmail, signature": Reply(
        f"{N}\n\n{GMAIL}\n\n{{>Q}}\n\n\n-- \nAnna Nowak\nKlient Sp. z o.o.",
        f'<div dir="ltr">{N}</div>{GMAIL_HTML}<div><br clear="all"></div><div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature">Anna Nowak<br>Klient Sp. z o.o.</div>',
        N,
        why=("quote", "signature"),
    ),
    "gmail, below the quote": Reply(f"{GMAIL}\n\n{{>Q}}\n\n{N}", want=N),
    "gmail, inline": Reply(
        f"{GMAIL}\n\n> Proszę podać numer.\n\n17.\n\n> Proszę podać wersję.\n\nDwunasta.\n",
        '<div dir="ltr"><div class="gmail_quote"><div dir="ltr" class="gmail_attr">pt., 27 lis 2026 o 10:22 Adam Sowa &lt;pomoc@pomoc.example&gt; napisał(a):<br></div>'
        '<blockquote class="gmail_quote" style="border-left:1px solid #ccc">Proszę podać numer.</blockquote><div>17.</div>'
        '<blockquote class="gmail_quote" style="border-left:1px solid #ccc">Proszę podać wersję.</blockquote><div>Dwunasta.</div></div></div>',
        "17. Dwunasta.",
    ),
    "gmail for android": Reply(
        f"{N}\n\npt., 27 lis 2026, 10:22 użytkownik Adam Sowa <pomoc@pomoc.example>\nnapisał:\n\n{{>Q}}\n",
        f'<div dir="auto">{N}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">pt., 27 lis 2026, 10:22 użytkownik {DESK_HTML} napisał:<br></div><blockquote class="gmail_quote">{{H}}</blockquote></div>',
        N,
    ),
    "gmail, forwarded": Reply(
        "Proszę o pomoc.\n\n---------- Forwarded message ---------\nOd: Jan Lis <jan@klient.example>\nDate: pt., 27 lis 2026 o 10:22\nSubject: Błąd eksportu\nTo: Anna Nowak <anna@klient.example>\n\n\nEksport nie działa.",
        subject="Fwd: Błąd eksportu",
        forward=True,
        shown="Eksport nie działa.",
        why=(),
    ),
    "gmail, only a quote": Reply(f"{GMAIL}\n\n{{>Q}}\n", want=""),
    # Thunderbird
    "thunderbird": Reply(f"{N}\n\n{BIRD}\n{{>Q}}\n", f"<p>{N}</p>{BIRD_HTML}", N, flowed=True),
    "thunderbird, below the quote": Reply(
        f"{BIRD}\n{{>Q}}\n\n{N}\n\nPozdrawiam\nAnna\n-- \nAnna Nowak\nKlient Sp. z o.o.\n",
        want=f"{N}\n\nPozdrawiam\nAnna",
        why=("quote", "signature"),
        flowed=True,
    ),
    "thunderbird, inline": Reply(
        f"Dzień dobry,\n\n{BIRD}\n> Jaki numer?\n17.\n> Jaka wersja?\nDwunasta.\n\nAnna",
        want="Dzień dobry, 17. Dwunasta. Anna",
    ),
    "thunderbird, iso-8859-2": Reply(f"{N} Żółć.\n\n{BIRD}\n{{>Q}}\n", want=f"{N} Żółć.", charset="iso-8859-2"),
    "thunderbird, forwarded": Reply(
        "Do wiadomości.\n\n\n-------- Treść przekazanej wiadomości --------\nTemat: \tBłąd eksportu\nData: \tFri, 27 Nov 2026 10:22:33 +0100\nNadawca: \tJan Lis <jan@klient.example>\nAdresat: \tAnna Nowak <anna@klient.example>\n\nEksport nie działa.",
        subject="Fwd: Błąd eksportu",
        forward=True,
        shown="Eksport nie działa.",
        why=(),
    ),
    "thunderbird, forwarded, other subject": Reply(
        "Do wiadomości.\n\n-------- Wiadomość przekazana --------\nTemat: Błąd\nData: Fri, 27 Nov 2026\nOd: Jan <jan@klient.example>\nDo: anna@klient.example\n\nEksport nie działa.",
        subject="Prośba",
        forward=True,
        shown="Eksport nie działa.",
        why=(),
    ),
    # Apple
    "apple mail": Reply(
        f"{N}\n\n> Wiadomość napisana przez {DESK} w dniu 27 lis 2026, o godz. 10:22:\n> \n{{>Q}}\n",
        f'<html><body>{N}<br><div><br><blockquote type="cite"><div>Wiadomość napisana przez {DESK_HTML} w dniu 27 lis 2026, o godz. 10:22:</div><br class="Apple-interchange-newline"><div>{{H}}</div></blockquote></div><br></body></html>',
        N,
    ),
    "iphone": Reply(
        f"{N}\n\nWysłane z iPhone’a\n\n> Wiadomość napisana przez {DESK} w dniu 27.11.2026, o godz. 10:22:\n> \n{{>Q}}\n",
        f'<div dir="ltr">{N}</div><div dir="ltr"><br></div><div dir="ltr">Wysłane z iPhone’a</div><div dir="ltr"><br><blockquote type="cite">Wiadomość napisana przez {DESK_HTML} w dniu 27.11.2026, o godz. 10:22:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">{{H}}</div></blockquote>',
        N,
        why=("footer", "quote"),
    ),
    "iphone, newer": Reply(
        f"{N}\n\nWysłano z iPhone'a\n\nDnia 27 lis 2026 o godz. 10:22 {DESK} napisał(a):\n\n{{>Q}}\n", want=N
    ),
    "ipad, forwarded": Reply(
        "\n\nWysłane z iPada\n\nPoczątek przesłanej dalej wiadomości:\n\n> Od: Jan Lis <jan@klient.example>\n> Data: 27 listopada 2026 o 10:22:33 CET\n> Do: anna@klient.example\n> Temat: Błąd eksportu\n> \n> Eksport nie działa.",
        subject="Fwd: Błąd eksportu",
        forward=True,
        shown="Eksport nie działa.",
        why=("footer",),
    ),
    # Telephones
    "samsung": Reply(
        f"{N}\n\n\nWysłano z mojego smartfona Galaxy.\n\n\n-------- Oryginalna wiadomość --------\nOd: {DESK} \nData: 27.11.2026 10:22 (GMT+01:00) \nDo: anna@klient.example \nTemat: Raport \n\n{{Q}}",
        f'<div dir="auto">{N}</div><div dir="auto"><br></div><div id="composer_signature" dir="auto"><div style="font-size:12px">Wysłano z mojego smartfona Galaxy.</div></div><div dir="auto"><br></div><div style="font-size:100%;color:#000000" dir="auto"><!-- originalMessage --><div>-------- Oryginalna wiadomość --------</div><div>Od: {DESK_HTML} </div><div>Data: 27.11.2026 10:22 (GMT+01:00) </div><div>Do: anna@klient.example</div><div>Temat: Raport </div><div><br></div></div>{{H}}',
        N,
        why=("footer", "quote"),
    ),
    "huawei": Reply(
        f"{N}\n\nWysłane z telefonu Huawei\n\n-------- Oryginalna wiadomość --------\nOd: Adam\nData: pt., 27 lis 2026, 10:22\nDo: Anna\nTemat: Raport\n\n{{Q}}",
        want=N,
    ),
    "xiaomi": Reply(
        f"{N}\nWysłane z mojego telefonu Xiaomi\n\nW dniu 27 lis 2026, o 10:22, {DESK} napisał(a):\n\n{{>Q}}", want=N
    ),
    "bluemail": Reply(
        f"{N}\n\nPobierz BlueMail na Android\nW dniu 27 lis 2026, o 10:22, Adam Sowa <pomoc@pomoc.example> napisał(a):\n\n{{>Q}}",
        want=N,
    ),
    "k-9": Reply(
        f"{N}\n-- \nTę wiadomość wysłano z telefonu Android za pomocą K-9 Mail. Proszę wybaczyć moją zwięzłość.\n\nDnia 27 listopada 2026 10:22:33 CET, {DESK} napisał/a:\n{{>Q}}",
        want=N,
    ),
    # Polish portals
    "wp": Reply(
        f"{N}\n\nDnia 27 listopada 2026 10:22 {DESK} napisał(a):\n\n{{Q}}",
        f'<div>{N}</div><br><div>Dnia 27 listopada 2026 10:22 {DESK_HTML} napisał(a):<br><br><blockquote style="margin-right:0;margin-left:7px;border-left:2px solid orange;padding-left:8px">{{H}}</blockquote></div>',
        N,
    ),
    "wp, day of the week": Reply(
        f"{N}\n\nDnia piątek, 27 listopada 2026 Adam Sowa &lt;pomoc@pomoc.example&gt; napisał(a):\n\n{{>Q}}".replace(
            "&lt;", "<"
        ).replace("&gt;", ">"),
        want=N,
    ),
    "wp, application": Reply(
        f"{N}\n\n--\nWysłane z aplikacji Poczta WP na Androida\n\nDnia 27 listopada 2026 10:22 {DESK} napisał(a):\n{{Q}}",
        want=N,
    ),
    "onet": Reply(
        f"{N}\n\nW dniu 2026-11-27 10:22:33 użytkownik Adam Sowa <pomoc@pomoc.example> napisał:\n{{>Q}}",
        f'<p>{N}</p><div style="border:none;border-top:1px solid #ccc">W dniu 2026-11-27 10:22:33 użytkownik {DESK_HTML} napisał:</div><blockquote style="border-left:5px solid #ccc;padding-left:10px">{{H}}</blockquote>',
        N,
    ),
    "onet, newer": Reply(
        f'{N}\n\n\nOd: "Adam Sowa" <pomoc@pomoc.example>\nDo: "anna" <anna@onet.example>;\nData: 10:22 piątek, 27 listopada 2026\nTemat: [#1017] Raport\n\n{{Q}}',
        want=N,
    ),
    "onet, forwarded": Reply(
        'Proszę sprawdzić.\n\nOd: "Jan Lis" <jan@klient.example>\nDo: anna@onet.example;\nData: 10:22 piątek, 27 listopada 2026\nTemat: Błąd\n\nEksport nie działa.',
        subject="PD: Błąd",
        forward=True,
        shown="Eksport nie działa.",
        why=(),
    ),
    "o2": Reply(
        f"{N}\n\nDnia 27 listopada 2026 10:22 {DESK} napisał(a):\n{{>Q}}",
        f'<div>{N}</div><div class="nh_extra"><p>Dnia 27 listopada 2026 10:22 {DESK_HTML} napisał(a):</p><blockquote class="nh_quote" style="border-left:2px solid #3871d9;padding-left:4px">{{H}}</blockquote></div>',
        N,
    ),
    "interia": Reply(
        f'{N}\n\n\nOd: "Adam Sowa" <pomoc@pomoc.example>\nDo: "Anna" <anna@interia.example>; \nWysłane: 10:22 Piątek 2026-11-27\nTemat: Raport\n\n{{>Q}}',
        f'<div>{N}</div><div><br></div><div>Od: "Adam Sowa" &lt;pomoc@pomoc.example&gt;<br>Do: "Anna" &lt;anna@interia.example&gt;; <br>Wysłane: 10:22 Piątek 2026-11-27<br>Temat: Raport<br><br></div><blockquote style="border-left:1px solid #000">{{H}}</blockquote>',
        N,
    ),
    "interia, newer": Reply(
        f'{N}\n\nTemat: Re: Raport\nData: 2026-11-27 10:22\nNadawca: "Adam Sowa" <pomoc@pomoc.example>\nAdresat: "Anna" <anna@interia.example>;\n\n{{>Q}}',
        want=N,
    ),
    "home.pl": Reply(f"{N}\n\nW dniu 2026-11-27 10:22, Adam Sowa napisał(a):\n\n{{>Q}}", want=N),
    # Web mail of companies
    "zimbra": Reply(
        f'{N}\n\n----- Oryginalna wiadomość -----\nOd: "Adam Sowa" <pomoc@pomoc.example>\nDo: "anna" <anna@klient.example>\nWysłane: piątek, 27 listopad 2026 10:22:33\nTemat: Raport\n\n{{Q}}',
        f'<div style="font-family:arial">{N}<div><br></div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>Od: </b>"Adam Sowa" &lt;pomoc@pomoc.example&gt;<br><b>Do: </b>"anna" &lt;anna@klient.example&gt;<br><b>Wysłane: </b>piątek, 27 listopad 2026 10:22:33<br><b>Temat: </b>Raport<br></div><br><div data-marker="__QUOTED_TEXT__">{{H}}</div></div>',
        N,
    ),
    "roundcube": Reply(
        f"{N}\n\nW dniu 2026-11-27 10:22, Adam Sowa napisał(a):\n{{>Q}}",
        f'<p>{N}</p><div id="signature"></div><p id="reply-intro">W dniu 2026-11-27 10:22, Adam Sowa napisał(a):</p><blockquote type="cite" style="padding:0 0.4em;border-left:#1010ff 2px solid;margin:0"><div id="replybody1">{{H}}</div></blockquote>',
        N,
    ),
    "roundcube, godz.": Reply(f"{N}\n\nDnia 2026-11-27 o godz. 10:22 Adam Sowa napisał(a):\n\n{{>Q}}", want=N),
    "roundcube, forwarded": Reply(
        "Jak niżej.\n\n-------- Wiadomość oryginalna --------\nTemat: Błąd\nData: 2026-11-27 10:22\nNadawca: Jan Lis <jan@klient.example>\nOdbiorca: anna@klient.example\n\nEksport nie działa.",
        subject="Fwd: Błąd",
        forward=True,
        shown="Eksport nie działa.",
        why=(),
    ),
    "horde": Reply(f"{N}\n\nCytowanie {DESK}:\n\n{{>Q}}", want=N),
    "squirrelmail": Reply(f"{N}\n\nDnia Pt, 27 Lis 2026, 10:22 Adam Sowa napisał(a):\n{{>Q}}", want=N),
    # Others
    "yahoo": Reply(
        f"{N}\n\n    W dniu piątek, 27 listopada 2026 10:22:33 CET użytkownik Adam Sowa <pomoc@pomoc.example> napisał(a):  \n \n {{Q}}  ",
        f'<div class="ydp1yahoo-style-wrap"><div>{N}</div></div><div id="yahoo_quoted_1" class="yahoo_quoted"><div><div>W dniu piątek, 27 listopada 2026 10:22:33 CET użytkownik {DESK_HTML} napisał(a): </div><div>{{H}}</div></div></div>',
        N,
    ),
    "yahoo for android": Reply(
        f"{N}\n\nWysłane z Yahoo Mail na Androidzie\n\nW dniu pt., 27 lis 2026 o 10:22 Adam Sowa<pomoc@pomoc.example> napisał(a):\n{{Q}}",
        want=N,
    ),
    "notes": Reply(
        f"{N}\n\n\n\nOd:\tAdam Sowa <pomoc@pomoc.example>\nDo:\tanna@klient.example\nData:\t27.11.2026 10:22\nTemat:\tRaport\n\n\n\n{{Q}}",
        f'<span style="font-size:10pt">{N}</span><br><br><br><br><span style="font-size:9pt;color:#5f5f5f">Od: &nbsp; &nbsp;</span><span>"Adam Sowa" &lt;pomoc@pomoc.example&gt;</span><br><span>Do: &nbsp; &nbsp;</span><span>anna@klient.example</span><br><span>Data: &nbsp; &nbsp;</span><span>27.11.2026 10:22</span><br><span>Temat: &nbsp; &nbsp;</span><span>Raport</span><br><hr noshade>{{H}}',
        N,
    ),
    "proton": Reply(
        f"{N}\n\nWysłano z bezpiecznej poczty e-mail Proton Mail.\n\nW dniu piątek, 27 listopada 2026 10:22, Adam Sowa <pomoc@pomoc.example> napisał(a):\n\n{{>Q}}",
        f'<div style="font-family:Arial">{N}</div><div class="protonmail_signature_block">Wysłano z bezpiecznej poczty e-mail Proton Mail.</div><div class="protonmail_quote">W dniu piątek, 27 listopada 2026 10:22, Adam Sowa &lt;pomoc@pomoc.example&gt; napisał(a):<br><blockquote class="protonmail_quote" type="cite">{{H}}</blockquote></div>',
        N,
        why=("footer", "quote"),
    ),
    "em client": Reply(
        f'{N}\n\n------ Wiadomość oryginalna ------\nOd: "Adam Sowa" <pomoc@pomoc.example>\nDo: anna@klient.example\nData: 27.11.2026 10:22:33\nTemat: Raport\n\n{{>Q}}',
        want=N,
    ),
    "spark": Reply(f"{N}\n27 lis 2026, 10:22 +0100, {DESK}, napisał(-a):\n{{>Q}}", want=N),
    "evolution": Reply(
        f"{N}\n\nW dniu pią, 27.11.2026 o godzinie 10∶22 +0100, użytkownik Adam Sowa napisał:\n{{>Q}}", want=N
    ),
    "kmail": Reply(f"{N}\n\nDnia piątek, 27 listopada 2026 10:22:33 CET Adam Sowa pisze:\n{{>Q}}", want=N),
    "the bat": Reply(
        f"Witam,\n\nW Twoim liście datowanym 27 listopada 2026 (10:22:33) można przeczytać:\n\n{{>Q}}\n\n{N}",
        want=f"Witam, {N}",
    ),
    "groupwise": Reply(f"{N}\n\n>>> Adam Sowa <pomoc@pomoc.example> 27.11.2026 10:22 >>>\n{{Q}}", want=N),
    "mutt": Reply(f"On Fri, Nov 27, 2026 at 10:22:33AM +0100, Adam Sowa wrote:\n{{>Q}}\n\n{N}\n\n-- \nAnna", want=N),
    # Signatures, footers, notices
    "all notices of a company": Reply(
        f"{SIGNED_OFF}\n\n{REGISTER}\n\n{SECRET}\n\n{PRIVACY}\n\n{TREES}\n\n{OUTLOOK}\n{{Q}}",
        want=SIGNED_OFF,
        why=("disclaimer", "quote"),
    ),
    "a notice directly below the name": Reply(
        f"{N}\n\nPozdrawiam\nAnna Nowak\n{SECRET}\n\n{OUTLOOK}\n{{Q}}",
        want=f"{N}\n\nPozdrawiam\nAnna Nowak",
        why=("disclaimer", "quote"),
    ),
    "a notice in two languages": Reply(
        f"{N}\n\n{SECRET}\n\nThis e-mail and any attachments are confidential and intended solely for the addressee.\n\n{GMAIL}\n{{>Q}}",
        want=N,
        why=("disclaimer", "quote"),
    ),
    "a notice broken over lines": Reply(
        f"{N}\n\nAnna\n\nTreść tej wiadomości zawiera informacje przeznaczone tylko\ndla adresata. Jeżeli nie jesteście Państwo jej adresatem,\nbądź otrzymaliście ją przez pomyłkę, prosimy o powiadomienie\no tym nadawcy oraz trwałe jej usunięcie.",
        want=f"{N}\n\nAnna",
        why=("disclaimer",),
    ),
    "a notice without a quote, html": Reply(
        html=f"<p>{N}</p><p>Anna Nowak</p><hr><p style='font-size:8pt'>{REGISTER}</p><p>{PRIVACY}</p>",
        want=f"{N}\n\nAnna Nowak",
        why=("disclaimer",),
    ),
    "avast": Reply(
        f"{N}\n\n-- \nTa wiadomość e-mail została sprawdzona pod kątem wirusów przez oprogramowanie Avast.\nwww.avast.example",
        want=N,
        why=("signature",),
    ),
    "avast, newer": Reply(
        f"{N}\n\nWolne od wirusów.www.avast.example\n\n{GMAIL}\n\n{{>Q}}", want=N, why=("disclaimer", "quote")
    ),
    "a banner of the gateway": Reply(f"[EXTERNAL]\n\n{N}\n\n{OUTLOOK}\n{{Q}}", want=N, why=("disclaimer", "quote")),
    "a banner in polish": Reply(
        f"UWAGA: Ta wiadomość pochodzi spoza organizacji. Nie klikaj w linki i nie otwieraj załączników, jeśli nie znasz nadawcy.\n\n{N}\n\n{OUTLOOK}\n{{Q}}",
        want=N,
        why=("disclaimer", "quote"),
    ),
    "a banner in html": Reply(
        html=f'<table><tr><td style="background:#ffeb9c">CAUTION: This email originated from outside of the organization. Do not click links unless you recognize the sender.</td></tr></table><p>{N}</p>',
        want=N,
        why=("disclaimer",),
    ),
    "signature between dashes": Reply(
        f"{N}\n\n-- \nAnna Nowak\ntel. 600 000 000\n\n{BIRD}\n{{>Q}}", want=N, why=("signature", "quote")
    ),
    "signature below two dashes without a space": Reply(
        f"{N}\n\n--\nAnna Nowak\nKlient Sp. z o.o.", want=N, why=("signature",)
    ),
    # What is no quote, no signature, no notice
    "a period": Reply(
        "Proszę o raport za okres:\nOd: 01.12.2026\nDo: 31.12.2026\n\nz podziałem na grupy.",
        want="Proszę o raport za okres:\nOd: 01.12.2026\nDo: 31.12.2026\n\nz podziałem na grupy.",
        why=(),
    ),
    "a form": Reply(
        "Zgłoszenie:\n\nData: 27.11.2026\nTemat: nie działa eksport\nOpis: po kliknięciu nic się nie dzieje",
        want="Zgłoszenie:\n\nData: 27.11.2026\nTemat: nie działa eksport\nOpis: po kliknięciu nic się nie dzieje",
        why=(),
    ),
    "prose with a date": Reply(
        "Dzień dobry,\n\nw dniu 12 stycznia 2026 o 10:22 Adam Sowa napisał, że błąd będzie usunięty.\nDo dziś nie jest.\n\nAnna",
        want="Dzień dobry,\n\nw dniu 12 stycznia 2026 o 10:22 Adam Sowa napisał, że błąd będzie usunięty.\nDo dziś nie jest.\n\nAnna",
        why=(),
    ),
    "prose that ends by a colon": Reply(
        "Dnia 12 stycznia 2026 o 10:22 dział IT napisał nam tak:\nproszę zgłosić to dostawcy.\n\nCo robić?",
        want="Dnia 12 stycznia 2026 o 10:22 dział IT napisał nam tak:\nproszę zgłosić to dostawcy.\n\nCo robić?",
        why=(),
    ),
    "goods that were sent": Reply(
        "Dzień dobry,\n\nWysłane z magazynu towary nie trafiają do raportu.\nWysłano z aplikacji mobilnej trzy zamówienia i żadne się nie zapisało.\n\nAnna",
        want="Dzień dobry,\n\nWysłane z magazynu towary nie trafiają do raportu.\nWysłano z aplikacji mobilnej trzy zamówienia i żadne się nie zapisało.\n\nAnna",
        why=(),
    ),
    "a question about personal data": Reply(
        "Dzień dobry,\n\nkto jest administratorem danych osobowych w portalu?\n\nAnna",
        want="Dzień dobry,\n\nkto jest administratorem danych osobowych w portalu?\n\nAnna",
        why=(),
    ),
    "confidential by his own words": Reply(
        "Dzień dobry,\n\nw raporcie widać informacje poufne, których adresatem jest tylko zarząd. Jak je ukryć?",
        want="Dzień dobry,\n\nw raporcie widać informacje poufne, których adresatem jest tylko zarząd. Jak je ukryć?",
        why=(),
    ),
    "a table by dashes": Reply(
        "Wynik:\n\n-----------\nA | 1\nB | 2\n-----------\n\nPowinno być 3.",
        want="Wynik:\n\n-----------\nA | 1\nB | 2\n-----------\n\nPowinno być 3.",
        why=(),
    ),
    # Other languages
    "german": Reply(f"{N}\n\nAm Fr., 27. Nov. 2026 um 10:22 Uhr schrieb {DESK}:\n\n{{>Q}}", want=N),
    "german, outlook": Reply(
        f"{N}\n\nVon: {DESK}\nGesendet: Freitag, 27. November 2026 10:22\nAn: Anna Nowak\nBetreff: AW: Raport\n\n{{Q}}",
        want=N,
    ),
    "german, thunderbird": Reply(f"{N}\n\nAm 27.11.26 um 10:22 schrieb Adam Sowa:\n{{>Q}}", want=N),
    "french": Reply(f"{N}\n\nLe ven. 27 nov. 2026 à 10:22, {DESK} a\xa0écrit\xa0:\n\n{{>Q}}", want=N),
    "french, outlook": Reply(
        f"{N}\n\nDe\xa0: {DESK}\nEnvoyé\xa0: vendredi 27 novembre 2026 10:22\nÀ\xa0: Anna Nowak\nObjet\xa0: RE: Raport\n\n{{Q}}",
        want=N,
    ),
    "french, telephone": Reply(
        f"{N}\n\nEnvoyé de mon iPhone\n\n-------- Message d’origine --------\nDe : Adam\nDate : 27/11/2026 10:22 (GMT+01:00)\nÀ : Anna\nObjet : Raport\n\n{{Q}}",
        want=N,
    ),
    "spanish": Reply(
        f"{N}\n\nEl vie, 27 nov 2026 a las 10:22, Adam Sowa (<pomoc@pomoc.example>) escribió:\n\n{{>Q}}", want=N
    ),
    "spanish, outlook": Reply(
        f"{N}\n\nDe: {DESK}\nEnviado: viernes, 27 de noviembre de 2026 10:22\nPara: Anna Nowak\nAsunto: RE: Raport\n\n{{Q}}",
        want=N,
    ),
    "italian": Reply(f"{N}\n\nIl giorno ven 27 nov 2026 alle ore 10:22 {DESK}\nha scritto:\n\n{{>Q}}", want=N),
    "italian, outlook": Reply(
        f"{N}\n\nDa: {DESK}\nInviato: venerdì 27 novembre 2026 10:22\nA: Anna Nowak\nOggetto: R: Raport\n\n{{Q}}",
        want=N,
    ),
    "dutch": Reply(f"{N}\n\nOp vr 27 nov 2026 om 10:22 schreef {DESK}:\n\n{{>Q}}", want=N),
    "dutch, outlook": Reply(
        f"{N}\n\nVan: {DESK}\nVerzonden: vrijdag 27 november 2026 10:22\nAan: Anna Nowak\nOnderwerp: RE: Raport\n\n{{Q}}",
        want=N,
    ),
    "czech": Reply(f"{N}\n\npá 27. 11. 2026 v 10:22 odesílatel {DESK} napsal:\n\n{{>Q}}", want=N),
    "czech, thunderbird": Reply(f"{N}\n\nDne 27.11.2026 v 10:22 Adam Sowa napsal(a):\n{{>Q}}", want=N),
    "czech, outlook": Reply(
        f"{N}\n\nOd: {DESK}\nOdesláno: pátek 27. listopadu 2026 10:22\nKomu: Anna Nowak\nPředmět: RE: Raport\n\n{{Q}}",
        want=N,
    ),
    "slovak": Reply(f"{N}\n\npi 27. 11. 2026 o 10:22 {DESK} napísal(a):\n\n{{>Q}}", want=N),
    "ukrainian": Reply(f"{N}\n\nпт, 27 лист. 2026\u202fр. о 10:22 {DESK} пише:\n\n{{>Q}}", want=N),
    "ukrainian, outlook": Reply(
        f"{N}\n\nВід: {DESK}\nНадіслано: п'ятниця, 27 листопада 2026 р. 10:22\nКому: Anna Nowak\nТема: RE: Raport\n\n{{Q}}",
        want=N,
    ),
    "russian": Reply(f"{N}\n\nпт, 27 нояб. 2026 г. в 10:22, {DESK}:\n\n{{>Q}}", want=N),
}


def _also(name: str, text: str = "", html: str = "", want: str | None = N, **more: Any) -> None:
    REPLIES[name] = Reply(text, html, want, why=None, **more)


# What else they write: other versions, other settings, what is easily taken for a quote or a notice.
_also(
    "ol sent en-us time no DW",
    f"{N}\n\nFrom: Adam Sowa <pomoc@pomoc.example>\nDate: Friday, 27 November 2026 at 10:22\nTo: Anna <a@b.example>\nSubject: Re: x\n\n{{Q}}",
)
_also(
    "ol mac html",
    html=f'<div class="WordSection1"><p class="MsoNormal">{N}</p><div id="mail-editor-reference-message-container"><div><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>Od: </b>Adam<br><b>Data: </b>piątek, 27 listopada 2026 10:22<br><b>Do: </b>Anna<br><b>Temat: </b>x</p></div>{{H}}</div></div></div>',
)
_also(
    "ol pl data",
    f"{N}\n\nOd: Adam Sowa <pomoc@pomoc.example>\nData: piątek, 27 listopada 2026 o 10:22\nDo: Anna <a@b.example>\nTemat: Re: x\n\n{{Q}}",
)
_also(
    "mailto brackets",
    f"{N}\n\nFrom: Adam Sowa [mailto:pomoc@pomoc.example]\nSent: Friday, November 27, 2026 10:22 AM\nTo: Anna\nSubject: x\n\n{{Q}}",
)
_also(
    "ol border 3.0pt in other order",
    html=f'<p>{N}</p><div style="border-right:medium none;border-top:1pt solid rgb(225,225,225);border-left:medium none;border-bottom:medium none;padding:3pt 0cm 0cm"><p><b>Od:</b> Adam<br><b>Wysłano:</b> piątek, 27 listopada 2026 10:22<br><b>Do:</b> Anna<br><b>Temat:</b> x</p></div>{{H}}',
)
_also(
    "owa x_divRply",
    html=f'<div>{N}</div><hr><div id="x_divRplyFwdMsg"><b>Od:</b> Adam<br><b>Wysłane:</b> piątek</div>{{H}}',
)
_also(
    "ol text hr underscores short",
    f"{N}\n\n_____________________________________________\nFrom: Adam Sowa\nSent: piątek, 27 listopada 2026 10:22\nTo: Anna\nSubject: x\n\n{{Q}}",
)
_also(
    "ol sig with two dashes text",
    f"{N}\n\nPozdrawiam / Best regards\nAnna\n\n________________________________\nOd: Adam <pomoc@pomoc.example>\nWysłane: piątek, 27 listopada 2026 10:22\nDo: Anna <a@b.example>\nTemat: x\n\n{{Q}}",
    want=f"{N}\n\nPozdrawiam / Best regards\nAnna",
)
_also("gmail old gmt", f"{N}\n\n2026-11-27 10:22 GMT+01:00 Adam Sowa <pomoc@pomoc.example>:\n\n{{>Q}}")
_also("gmail en locale", f"{N}\n\nOn Fri, Nov 27, 2026 at 10:22 AM Adam Sowa <pomoc@pomoc.example> wrote:\n\n{{>Q}}")
_also("gmail niedz", f"{N}\n\nniedz., 29 lis 2026 o 10:22 Adam Sowa <pomoc@pomoc.example> napisał(a):\n\n{{>Q}}")
_also(
    "gmail wrap mid name",
    f"{N}\n\nśr., 25 lis 2026 o 10:22 Pomoc techniczna Dynamics i Power BI dla klientów\n<pomoc@pomoc.example> napisał(a):\n\n{{>Q}}",
)
_also(
    "gmail no quote marks fallback",
    f"{N}\n\npt., 27 lis 2026 o 10:22 Adam Sowa <pomoc@pomoc.example> napisał(a):\n\n{{Q}}",
)
_also("tb en", f"{N}\n\nOn 27/11/2026 10:22, Adam Sowa wrote:\n{{>Q}}")
_also("tb via", f"{N}\n\nW dniu 27.11.2026 o 10:22, Adam Sowa via Bilety pisze:\n{{>Q}}")
_also(
    "tb html bottom",
    html=f'<div class="moz-cite-prefix">W dniu 27.11.2026 o 10:22, Adam pisze:<br></div><blockquote type="cite">{{H}}</blockquote><p>{N}</p><pre class="moz-signature" cols="72">-- \nAnna</pre>',
)
_also(
    "tb html inline",
    html='<div class="moz-cite-prefix">W dniu 27.11.2026 o 10:22, Adam pisze:<br></div><blockquote type="cite">Jaki numer?</blockquote><p>17.</p><blockquote type="cite">Jaka wersja?</blockquote><p>Dwunasta.</p>',
    want="17. Dwunasta.",
)
_also("apple en", f"{N}\n\n> On 27 Nov 2026, at 10:22, Adam Sowa <pomoc@pomoc.example> wrote:\n> \n{{>Q}}")
_also(
    "ios dnia",
    f"{N}\n\nWysłane z mojego iPhone'a\n\n> Dnia 27.11.2026 o godz. 10:22 Adam Sowa <pomoc@pomoc.example> napisał(a):\n> \n{{>Q}}",
)
_also(
    "ios uzytkownik",
    f"{N}\n\nWysłane z iPhone'a\n\nUżytkownik Adam Sowa <pomoc@pomoc.example> w dniu 27 lis 2026, o godz. 10:22, napisał:\n\n{{>Q}}",
)
_also("ios W dniu", f"{N}\n\nW dniu 27 lis 2026, o godz. 10:22, Adam Sowa <pomoc@pomoc.example> napisał:\n\n{{>Q}}")
_also(
    "samsung tresc",
    f"{N}\n\nWysłane z telefonu Samsung Galaxy smartfon.\n-------- Treść oryginalnej wiadomości --------\nOd: Adam <pomoc@pomoc.example> \nData: 27.11.2026 10:22\nDo: a@b.example \nTemat: x \n{{Q}}",
)
_also(
    "samsung en",
    f"{N}\n\nSent from my Galaxy\n\n-------- Original message --------\nFrom: Adam <pomoc@pomoc.example>\nDate: 27/11/2026 10:22 (GMT+01:00)\nTo: a@b.example\nSubject: x\n\n{{Q}}",
)
_also(
    "wyslano z telefonu",
    f"{N}\n\nWysłano z telefonu\n\nW dniu 27.11.2026 10:22 Adam <pomoc@pomoc.example> napisał(a):\n\n{{>Q}}",
)
_also(
    "wp old html",
    html=f'<div>{N}</div><div><br></div><div class="WPquote">Dnia 27 listopada 2026 10:22 Adam &lt;pomoc@pomoc.example&gt; napisał(a):<blockquote>{{H}}</blockquote></div>',
)
_also(
    "wp ads",
    f"{N}\n\nDnia 27 listopada 2026 10:22 Adam Sowa <pomoc@pomoc.example> napisał(a):\n\n> Jaki?\n\n\n---\nPoczta WP - bezpieczna poczta",
)
_also("o2 no time", f"{N}\n\nDnia 27 listopada 2026 Adam Sowa <pomoc@pomoc.example> napisał(a):\n\n{{Q}}")
_also(
    "onet html new",
    html=f'<div>{N}</div><div>&nbsp;</div><div><p>Od: "Adam" &lt;pomoc@pomoc.example&gt;</p><p>Do: a@onet.example;</p><p>Data: 10:22 piątek, 27 listopada 2026</p><p>Temat: x</p></div><div>{{H}}</div>',
)
_also(
    "interia data",
    f'{N}\n\nOd: "Adam Sowa" <pomoc@pomoc.example>\nDo: "a" <a@interia.example>;\nDW:\nWysłane: 10:22 piątek 2026-11-27\nTemat: x\n\n{{Q}}',
)
_also(
    "zimbra en",
    f'{N}\n\n----- Original Message -----\nFrom: "Adam" <pomoc@pomoc.example>\nTo: "a" <a@b.example>\nSent: Friday, November 27, 2026 10:22:33 AM\nSubject: x\n\n{{Q}}',
)
_also(
    "zimbra od plain",
    f'{N}\n\nOd: "Adam Sowa" <pomoc@pomoc.example>\nDo: "a" <a@b.example>\nWysłane: Piątek, 27 Listopad 2026 10:22:33\nTemat: x\n\n{{Q}}',
)
_also("roundcube pisze", f"{N}\n\nW dniu 27.11.2026 10:22, Adam Sowa pisze:\n{{>Q}}")
_also(
    "roundcube nadawca napisal",
    f"{N}\n\nDnia 2026-11-27, o godz. 10:22:33\nAdam Sowa <pomoc@pomoc.example> napisał(a):\n\n{{>Q}}",
)
_also(
    "notes en",
    f"{N}\n\n\n\nFrom:   Adam Sowa/POMOC\nTo:     a@b.example\nDate:   27.11.2026 10:22\nSubject:        x\n\n\n\n{{Q}}",
)
_also(
    "notes ---",
    f"{N}\n\n-----Adam Sowa <pomoc@pomoc.example> napisał(a): -----\nDo: Anna\nOd: Adam Sowa <pomoc@pomoc.example>\nData: 27.11.2026 10:22\nTemat: x\n\n{{Q}}",
)
_also(
    "notes en ---",
    f'{N}\n\n-----"Adam Sowa" <pomoc@pomoc.example> wrote: -----\nTo: Anna\nFrom: "Adam Sowa" <pomoc@pomoc.example>\nDate: 27.11.2026 10:22\nSubject: x\n\n{{Q}}',
)
_also(
    "yahoo en",
    f"{N}\n\n    On Friday, November 27, 2026, 10:22:33 AM GMT+1, Adam Sowa <pomoc@pomoc.example> wrote:  \n \n {{Q}}",
)
_also(
    "yahoo pl dnia",
    f"{N}\n\nDnia Piątek, 27 Listopada 2026 10:22, Adam Sowa <pomoc@pomoc.example> napisał(a):\n\n{{Q}}",
)
_also("spark en", f"{N}\n\nOn 27 Nov 2026 at 10:22 +0100, Adam Sowa <pomoc@pomoc.example>, wrote:\n> Jaki?\n")
_also("mailspring", f"{N}\n\nOn lis 27 2026, at 10:22 am, Adam Sowa <pomoc@pomoc.example> wrote:\n> Jaki?\n")
_also("edison", f"{N}\n\nOn pt., lis 27, 2026 at 10:22 Adam Sowa <pomoc@pomoc.example> wrote:\n> Jaki?\n")
_also(
    "em client html",
    html=f'<div>{N}</div><div><br></div><div>------ Wiadomość oryginalna ------</div><div>Od: "Adam" &lt;pomoc@pomoc.example&gt;</div><div>Do: a@b.example</div><div>Data: 27.11.2026 10:22:33</div><div>Temat: x</div><div><br></div><div id="x"><blockquote type="cite">{{H}}</blockquote></div>',
)
_also("ticket reply marker", f"{N}\n\n##- Proszę pisać powyżej tej linii -##\n\n{{Q}}")
_also(
    "long chain text",
    f"{N}\n\nOd: Adam <pomoc@pomoc.example>\nWysłano: 27.11.2026 10:22\nDo: Anna\nTemat: x\n\nA\n\n-----Original Message-----\nFrom: Anna\nSent: 26.11.2026\nTo: Adam\nSubject: x\n\nB\n\nW dniu 25.11.2026 o 9:00, Adam pisze:\n> C",
)
_also(
    "rodo long",
    f"{N}\n\nZ poważaniem\nAnna Nowak\n\n*Klauzula informacyjna RODO*\nAdministratorem danych jest Klient Sp. z o.o. Dane przetwarzane są w celu obsługi korespondencji. Więcej na www.klient.example/rodo.",
    want=f"{N}\n\nZ poważaniem\nAnna Nowak",
)
_also(
    "rodo 2",
    f"{N}\n\nAnna\n\nInformujemy, że administratorem Państwa danych osobowych jest Klient S.A. Szczegóły dotyczące przetwarzania danych osobowych znajdują się pod adresem www.klient.example.",
    want=f"{N}\n\nAnna",
)
_also(
    "poufne en/pl same para",
    f"{N}\n\nAnna\n\nWiadomość ta oraz załączniki są poufne i przeznaczone wyłącznie dla adresata. Jeśli nie jesteś adresatem, usuń ją.\n\nThe information contained in this message is confidential.",
    want=f"{N}\n\nAnna",
)
_also("eco", f"{N}\n\nAnna\n\nCzy naprawdę musisz drukować tę wiadomość? Chroń środowisko.", want=f"{N}\n\nAnna")
_also("eco2", f"{N}\n\nAnna\n\nProszę pomyśl o środowisku zanim wydrukujesz ten e-mail", want=f"{N}\n\nAnna")
_also("eco3", f"{N}\n\nAnna\n\nDbaj o środowisko - nie drukuj tego maila, jeśli nie musisz.", want=f"{N}\n\nAnna")
_also("banner bracket pl", f"[ZEWNĘTRZNA WIADOMOŚĆ]\n{N}")
_also("banner2", f"*** UWAGA! Ten e-mail pochodzi spoza naszej organizacji. Zachowaj ostrożność. ***\n\n{N}")
_also("banner3", f"Uwaga: wiadomość spoza organizacji\n\n{N}")
_also("banner4", f"Wiadomość od nadawcy zewnętrznego. Zachowaj ostrożność przy otwieraniu załączników.\n\n{N}")
_also(
    "banner in html div",
    html=f'<div style="background:#ff0">[EXTERNAL] Uwaga: e-mail z zewnątrz!</div><br><div>{N}</div>',
)
_also(
    "forward no subject fwd html gmail",
    html='<div dir="ltr">Proszę o pomoc.<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>Od: <b>Jan</b> &lt;jan@x.example&gt;<br>Date: pt., 27 lis 2026 o 10:22<br>Subject: Błąd<br>To: &lt;a@b.example&gt;<br></div><br><br>Eksport nie działa.</div></div>',
    want=None,
    subject="Prośba",
    forward=True,
    shown="Eksport nie działa.",
)
_also("empty with sig", "-- \nAnna\n\nW dniu 27.11.2026 o 10:22, Adam pisze:\n{>Q}", want="")
_also("p.s. after sig", f"{N}\n\nPozdrawiam\nAnna\n\nPS. Wersja 12.", want=f"{N}\n\nPozdrawiam\nAnna\n\nPS. Wersja 12.")
_also(
    "inline outlook prefix",
    "Odpowiedzi poniżej.\n\nOd: Adam <pomoc@pomoc.example>\nWysłano: 27.11.2026 10:22\nDo: Anna\nTemat: x\n\n> Jaki numer?\n17.\n> Jaka wersja?\nDwunasta.",
    want="Odpowiedzi poniżej. 17. Dwunasta.",
)
_also(
    "prose: Od strony",
    "Od: Kraków\nDo: Warszawa\nproszę dodać trasę.",
    want="Od: Kraków Do: Warszawa proszę dodać trasę.",
)
_also(
    "prose: pisze",
    "Dzień dobry,\n\nsystem pisze:\nBłąd 17\n\nCo robić?",
    want="Dzień dobry, system pisze: Błąd 17 Co robić?",
)
_also(
    "prose: user wrote",
    "Dzień dobry,\n\nużytkownik jan@klient.example napisał:\n\nnie mogę się zalogować od 9:00\n\nProszę o reset.",
    want="Dzień dobry, użytkownik jan@klient.example napisał: nie mogę się zalogować od 9:00 Proszę o reset.",
)
_also(
    "prose: W dniu ... pisze",
    "W dniu 27.11.2026 o 10:22 system wyświetla komunikat:\n\nBłąd 17\n\nProszę o pomoc.",
    want="W dniu 27.11.2026 o 10:22 system wyświetla komunikat: Błąd 17 Proszę o pomoc.",
)
_also(
    "log",
    "2026-11-27 10:22:33 Start\n2026-11-27 10:22:34 jan@klient.example: login failed:\n2026-11-27 10:22:35 Koniec",
    want="2026-11-27 10:22:33 Start 2026-11-27 10:22:34 jan@klient.example: login failed: 2026-11-27 10:22:35 Koniec",
)
_also("sign-off only dash dash name", f"{N}\n--\nPozdrawiam,\nAnna", want=N)
_also(
    "de outlook mobile",
    f"{N}\n\nGesendet von Outlook für iOS\n________________________________\nVon: Adam <pomoc@pomoc.example>\nGesendet: Freitag, 27. November 2026 10:22\nAn: a@b.example\nBetreff: x\n\n{{Q}}",
)
_also("fr msg", f"{N}\n\nLe 27/11/2026 à 10:22, Adam Sowa a écrit :\n{{>Q}}")
_also("es dia", f"{N}\n\nEl 27/11/2026 a las 10:22, Adam Sowa escribió:\n{{>Q}}")
_also("it", f"{N}\n\nIl 27/11/2026 10:22, Adam Sowa ha scritto:\n{{>Q}}")
_also("nl", f"{N}\n\nOp 27-11-2026 om 10:22 schreef Adam Sowa:\n{{>Q}}")
_also(
    "cz seznam",
    f"{N}\n\n---------- Původní e-mail ----------\nOd: Adam <pomoc@pomoc.example>\nKomu: a@b.example\nDatum: 27. 11. 2026 10:22:33\nPředmět: x\n\n{{Q}}",
)
_also("ua tb", f"{N}\n\n27.11.26 10:22, Adam Sowa пише:\n{{>Q}}")
_also("ru tb", f"{N}\n\n27.11.2026 10:22, Adam Sowa пишет:\n{{>Q}}")
_also("ru mail", f"{N}\n\nПятница, 27 ноября 2026, 10:22 +03:00 от Adam <pomoc@pomoc.example>:\n\n{{>Q}}")
_also("sv", f"{N}\n\nDen fre 27 nov. 2026 kl 10:22 skrev Adam Sowa <pomoc@pomoc.example>:\n\n{{>Q}}")
_also("pt", f"{N}\n\nEm sex., 27 de nov. de 2026 às 10:22, Adam Sowa <pomoc@pomoc.example> escreveu:\n\n{{>Q}}")
_also("hu", f"{N}\n\nAdam Sowa <pomoc@pomoc.example> ezt írta (időpont: 2026. nov. 27., P, 10:22):\n\n{{>Q}}")
_also("lt", f"{N}\n\n2026-11-27, pn, 10:22 Adam Sowa <pomoc@pomoc.example> rašė:\n\n{{>Q}}")
_also("da", f"{N}\n\nDen fre. 27. nov. 2026 kl. 10.22 skrev Adam Sowa <pomoc@pomoc.example>:\n\n{{>Q}}")
_also("fi", f"{N}\n\npe 27. marrask. 2026 klo 10.22 Adam Sowa (pomoc@pomoc.example) kirjoitti:\n\n{{>Q}}")
_also("ro", f"{N}\n\nÎn vin., 27 nov. 2026 la 10:22, Adam Sowa <pomoc@pomoc.example> a scris:\n\n{{>Q}}")
_also("tr", f"{N}\n\nAdam Sowa <pomoc@pomoc.example>, 27 Kas 2026 Cum, 10:22 tarihinde şunu yazdı:\n\n{{>Q}}")
_also("blank text, html words", " \n", f"<p>{N}</p>")
_also(
    "list",
    html="<p>Proszę o:</p><ul><li>raport</li><li>eksport</li></ul><p>Anna</p>",
    want="Proszę o:\nraport\neksport\nAnna",
)
_also(
    "links",
    html='<p>Zobacz <a href="https://x.example">raport</a> <img src="cid:1" alt="logo"> teraz.</p>',
    want="Zobacz raport teraz.",
)
_also("table", html="<table><tr><td>A</td><td>1</td></tr><tr><td>B</td><td>2</td></tr></table>", want="A 1\nB 2")
_also(
    "ol table sig",
    html=f"<div class=WordSection1><p class=MsoNormal>{N}</p><p class=MsoNormal>&nbsp;</p><table><tr><td><p>Anna Nowak</p></td><td><p>tel. 600</p></td></tr></table><p class=MsoNormal>&nbsp;</p>{OUTLOOK_HTML}<p>x</p></div>",
    want=f"{N} Anna Nowak tel. 600",
)
_also(
    "od with nbsp",
    f"{N}\n\nOd:\xa0Adam Sowa <pomoc@pomoc.example>\nWysłano:\xa0piątek, 27 listopada 2026 10:22\nDo:\xa0Anna\nTemat:\xa0x\n\n{{Q}}",
)
_also(
    "crlf flowed wide",
    f"{N} To jest długi wiersz, który został złamany \nprzez program.\n\n{BIRD}\n{{>Q}}",
    want=f"{N} To jest długi wiersz, który został złamany przez program.",
    flowed=True,
)
_also("quote with no attribution", f"{N}\n\n{{>Q}}")
_also(
    "top sig then quote html",
    html=f'<div>{N}</div><div>--&nbsp;</div><div>Anna Nowak<br>Klient</div><blockquote type="cite">{{H}}</blockquote>',
)
_also("re: subject with 'PD' inside", f"{N}\n\n{BIRD}\n{{>Q}}", subject="RE: PD: Raport")
_also(
    "FW re",
    f"{N}\n\n{BIRD}\n{{>Q}}",
    want=None,
    subject="Fwd: Re: Raport",
    forward=True,
    shown="numer seryjny urządzenia",
)
_also("unicode dash sig", f"{N}\n\n—\nAnna Nowak\nKlient")
_also(
    "stopka",
    f"{N}\n\nPozdrawiam serdecznie,\nAnna Nowak\n\n*Klient Sp. z o.o.*\nul. Długa 1\nNIP: 000-000-00-00\n\nWysłano z aplikacji Onet Poczta",
    want=f"{N}\n\nPozdrawiam serdecznie,\nAnna Nowak\n\n*Klient Sp. z o.o.*\nul. Długa 1\nNIP: 000-000-00-00",
)
_also(
    "yahoo mobile",
    f"{N}\n\nWysłano z Poczty Yahoo na iPhonie\n\n\nW dniu piątek, 27 listopada 2026, 10:22, Adam Sowa <pomoc@pomoc.example> napisał(a):\n\n{{Q}}",
)
_also(
    "W dniu ... czas X nap",
    f"{N}\n\nW dniu pt., 27.11.2026 o 10:22 Adam Sowa <pomoc@pomoc.example>\nnapisał(a):\n\n{{>Q}}",
)
_also("w dniu bez roku", f"{N}\n\nW dniu 27 lis o 10:22, Adam Sowa <pomoc@pomoc.example> napisał:\n{{>Q}}")
_also("ol 'Od' only 2", f"{N}\n\nOd: Adam Sowa\nWysłano: piątek, 27 listopada 2026 10:22\n\n{{Q}}")
_also(
    "ol temat at first",
    f"{N}\n\n________________________________\nTemat: Raport\nOd: Adam <pomoc@pomoc.example>\nDo: Anna\nWysłano: 27.11.2026 10:22\n\n{{Q}}",
)
_also("teams", html=f"<div>{N}</div><hr><div>Od: Adam<br>Data: 27.11.2026<br>Do: Anna<br>Temat: x</div>{{H}}")
_also(
    "outlook newest pl",
    f"{N}\n\nPozdrawiam,\nAnna\n\nWysłane z Outlook dla Android\n________________________________\nFrom: Adam Sowa <pomoc@pomoc.example>\nSent: Friday, November 27, 2026 10:22:33 AM\nTo: Anna <a@b.example>\nSubject: x\n\n{{Q}}",
    want=f"{N}\n\nPozdrawiam,\nAnna",
)
_also("confirm", f"potwierdzam\n\n{GMAIL}\n{{>Q}}", want="potwierdzam")
_also(
    "poczta WP footer",
    f"{N}\n\nWysłane z WP Poczta\n\nDnia 27 listopada 2026 10:22 Adam Sowa <pomoc@pomoc.example> napisał(a):\n\n{{Q}}",
)
_also(
    "rodo footer html small",
    html=f'<p>{N}</p><p>Pozdrawiam<br>Anna</p><p><small>Informacje zawarte w niniejszej wiadomości są poufne i przeznaczone wyłącznie dla adresata.</small></p><p><small>The content of this e-mail is confidential and intended only for the addressee.</small></p><blockquote type="cite">x</blockquote>',
    want=f"{N} Pozdrawiam Anna",
)
_also(
    "disclaimer stars",
    f"{N}\n\nAnna\n\n*****\nUWAGA: Treść niniejszej wiadomości oraz załączniki mogą zawierać informacje poufne.\n*****",
    want=f"{N}\n\nAnna",
)
_also(
    "please consider",
    f"{N}\n\nAnna\n\n🌳 Please consider the environment before printing this email / Pomyśl o środowisku, zanim wydrukujesz.\n\n{OUTLOOK}\n{{Q}}",
    want=f"{N}\n\nAnna",
)
_also(
    "zastrzezenie",
    f"{N}\n\nAnna\n\nZASTRZEŻENIE: Ten e-mail i jego załączniki są przeznaczone wyłącznie do użytku adresata i mogą zawierać informacje prawnie chronione.",
    want=f"{N}\n\nAnna",
)
_also(
    "nadawca nie odpowiada",
    f"{N}\n\nAnna\n\nJeżeli otrzymali Państwo tę wiadomość omyłkowo, prosimy o jej usunięcie.",
    want=f"{N}\n\nAnna",
)
_also(
    "spolka reg 2",
    f"{N}\n\nAnna\n\nKLIENT S.A. | NIP 0000000000 | REGON 000000000 | KRS 0000000000 Sąd Rejonowy w Gdańsku | Kapitał zakładowy 1 000 000 zł",
    want=f"{N}\n\nAnna",
)
_also("quoted banner", f"{N}\n\n{OUTLOOK}\n[EXTERNAL]\n{{Q}}")
_also(
    "mailto dup",
    f"{N}\n\nOd: pomoc@pomoc.example<mailto:pomoc@pomoc.example>\nWysłane: 27.11.2026\nDo: Anna\nTemat: x\n\n{{Q}}",
)
_also(
    "inline after attr text",
    "Cześć,\n\nodpowiadam niżej.\n\nW dniu 27.11.2026 o 10:22, Adam pisze:\n> Jaki numer?\n\n17\n\n> Jaka wersja?\n\n12\n\n> Pozdrawiam\n> Adam\n\nPozdrawiam\nAnna",
    want="Cześć, odpowiadam niżej. 17 12 Pozdrawiam Anna",
)
_also(
    "html inline tb blocks",
    html='<p>Cześć,</p><blockquote type="cite" cite="x">Jaki numer?</blockquote><p>17</p>',
    want="Cześć, 17",
)
_also(
    "br br",
    html=f"{N}<br><br>Anna<br><br>W dniu 27.11.2026 10:22, Adam Sowa napisał(a):<br>&gt; Jaki numer?<br>&gt; x",
    want=f"{N} Anna",
)
_BLUE = "<p class=MsoNormal><span style='color:#0070C0'>%s<o:p></o:p></span></p>"
_ASKED_WITHIN = f"<p class=MsoNormal>Jaki numer?</p>{_BLUE % 'Numer to 17.'}<p class=MsoNormal>Jaka wersja?</p>{_BLUE % 'Wersja 12.'}"
_also(
    "answers within by their colour",
    f"Dzień dobry,\n\nodpowiedzi na niebiesko.\n\n{OUTLOOK}\nJaki numer?\n\nNumer to 17.\n\nJaka wersja?\n\nWersja 12.",
    f"<div class=WordSection1><p class=MsoNormal>Dzień dobry,</p><p class=MsoNormal>odpowiedzi na niebiesko.</p>{OUTLOOK_HTML}{_ASKED_WITHIN}</div>",
    "Dzień dobry, odpowiedzi na niebiesko. Numer to 17. Wersja 12.",
)
_PLAIN_BLOCK = "<hr><p><b>Od:</b> Adam Sowa &lt;pomoc@pomoc.example&gt;<br><b>Wysłano:</b> piątek, 27 listopada 2026 10:22<br><b>Do:</b> anna@klient.example<br><b>Temat:</b> Raport</p>"
_also(
    "answers within by their colour, and no mark tells where the quote begins",
    html=f"<p>Odpowiedzi poniżej, na niebiesko.</p>{_PLAIN_BLOCK}{_ASKED_WITHIN}",
    want="Odpowiedzi poniżej, na niebiesko. Numer to 17. Wersja 12.",
)
_also(
    "a coloured quote, and nobody says that he answers within",
    html=f"<div class=WordSection1><p class=MsoNormal>Dziękuję.</p>{OUTLOOK_HTML}{_ASKED_WITHIN}</div>",
    want="Dziękuję.",
)
_also(
    "outlook new, a signature that begins by the sign-off",
    html=f'<div>{N}</div><div id="Signature"><p>Pozdrawiam,</p><p>Anna Nowak</p></div>{OWA_HTML}<div>{{H}}</div>',
    want=f"{N} Pozdrawiam, Anna Nowak",
)
_also(
    "a rule above the notice",
    f"{N}\n\nAnna\n\n________________________________\n\nInformacje zawarte w niniejszej wiadomości są poufne.",
    want=f"{N}\n\nAnna",
)
_also("a table below its title", "Wyniki:\n__________\n10\n20\n\nAnna", want="Wyniki: __________ 10 20 Anna")
_also(
    "notes, a table of headers",
    f"{N}\n\n\n\n{DESK} \n2026-11-27 10:22\n\nDo\nanna@klient.example\nDW\n\nTemat\nRaport\n\n\n\n{{Q}}",
)
_also(
    "a footer with its address below",
    f"{N}\n\nWysłano z Aqua Mail dla systemu Android\nhttps://www.mobisystems.example/aqua-mail\n\n{OUTLOOK}\n{{Q}}",
    want=N,
)
_also("a place for a picture", f"{N}\n[cid:image001.png@01DC5F3A.0C2A1B20]\n\n{OUTLOOK}\n{{Q}}")
_also(
    "samsung, whose text lost its lines",
    "Numer to 17.Wysłane z telefonu Galaxy\n-------- Oryginalna wiadomość --------Od: Adam <pomoc@pomoc.example> "
    "Data: 27.11.2026  10:22  (GMT+01:00) Do: anna@klient.example Temat: Raport \n{Q}",
    f'<div>{N}</div><div id="composer_signature"><div>Wysłane z telefonu Galaxy</div></div><div>-------- Oryginalna wiadomość --------</div>'
    f"<div>Od: {DESK_HTML} </div><div>Data: 27.11.2026  10:22  (GMT+01:00) </div><div>Do: anna@klient.example </div><div>Temat: Raport </div>{{H}}",
    want=N,
)
_also(
    "typed on a telephone without polish letters, and so its attribution",
    f"{N}\n\nWyslane z iPhone'a\n\nDnia 27 pazdziernika 2026 10:22 Adam Sowa napisal(a):\n\n{{>Q}}",
)
for _number, _notice in enumerate(
    (
        "Treść tego e-maila oraz załączników jest poufna.",
        "Jesli nie jest Pan/Pani adresatem tej wiadomosci, prosimy o jej usuniecie.",
        "Informujemy, że administratorem danych osobowych przetwarzanych w związku z korespondencją jest Gmina (RODO).",
        "Ta wiadomość e-mail została przeskanowana w poszukiwaniu wirusów.",
        "Dbaj o środowisko - nie drukuj, jeśli nie musisz.",
    )
):
    _also(f"a notice in other words {_number}", f"{N}\n\nAnna\n\n{_notice}", want=f"{N}\n\nAnna")

for _name, _attribution in {
    "kmail": "Dnia poniedziałek, 8 stycznia 2024 13:00:12 CET piszesz:",
    "the bat": "piątek, 12 stycznia 2024, 10:22:33, napisałeś:",
    "evolution": "Dnia 2024-01-08, pon o godzinie 13:00 +0100, Adam Sowa pisze:",
    "evolution, new": "W dniu pon, 08.01.2024 o godzinie 13∶00 +0100, użytkownik Adam\nnapisał:",
    "claws": "On Mon, 8 Jan 2024 13:00:12 +0100\nAdam Sowa <pomoc@pomoc.example> wrote:",
    "horde": "Cytowanie Adam Sowa <pomoc@pomoc.example>:",
    "fairemail": "sty 12, 2024 10:22:33 Adam Sowa <pomoc@pomoc.example>:",
    "k-9, german": "Am 12. Januar 2024 10:22:33 MEZ schrieb Adam Sowa <pomoc@pomoc.example>:",
    "mutt": "On 2024-01-12 10:22, Adam Sowa wrote:",
    "yahoo on a telephone": "W dniu pt., 12 sty 2024 o 10:22 Adam Sowa<pomoc@pomoc.example> napisał(a):",
    "a long zone": "W dniu poniedziałek, 8 stycznia 2024 13:00:12 czasu środkowoeuropejskiego\nstandardowego użytkownik Adam <pomoc@pomoc.example> napisał:",
    "three lines": "W dniu pt., 12 sty 2024 o 10:22 Konsultant Bardzo Długie Nazwisko-Dwuczłonowe\nz Działu Wsparcia Klientów Kluczowych <\npomoc-bardzo-dluga-nazwa@pomoc.example> napisał(a):",
}.items():
    _also(f"answered below, {_name}", f"{_attribution}\n{{>Q}}\n\n{N}")
_also(
    "answered above and below",
    f"Dwie uwagi niżej.\n\n{BIRD}\n{{>Q}}\n\n{N}\n\n> Pomoc\n\nAnna",
    want=f"Dwie uwagi niżej.\n\n{N}\n\nAnna",
)
_also(
    "answered between, and says so",
    f"Moje odpowiedzi poniżej.\n\n{BIRD}\n{{>Q}}\n{N}\n> Jaki system?\nLinux",
    want=f"Moje odpowiedzi poniżej.\n{N}\nLinux",
)
_also(
    "answered in a colour, in german",
    html=f"<p>Antworten in rot.</p>{OUTLOOK_HTML}<p>Welche Nummer?</p><p><span style='color:red'>{N}</span></p>",
    want=f"Antworten in rot.\n{N}",
)
_also("a signature below a signature", f"{N}\n\n-- \nAnna Nowak\n-- \nKlient Sp. z o.o., ul. Leśna 1", flowed=True)
_also(
    "answered between below headers",
    f"Odpowiedzi przy pytaniach.\n\n-----Oryginalna wiadomość-----\n{OUTLOOK}\n{{>Q}}\n{N}\n> Jaki system?\nLinux",
    want=f"Odpowiedzi przy pytaniach.\n\n{N}\nLinux",
)
_also(
    "answered between without an attribution", f"{{>Q}}\n\n{N}\n\n> oraz datę zakupu\n\n2 marca", want=f"{N}\n\n2 marca"
)
_also(
    "headers in stars",
    f"{N}\n\n*Anna*\n\n\n\n*Od:* {DESK}\n*Wysłano:* poniedziałek, 8 stycznia 2024 13:00\n*Do:* Anna\n*Temat:* RE: Plik\n\n\n\n{{Q}}",
    want=f"{N}\n\n*Anna*",
)
_also(
    "interia",
    f'{N}\n\nOd: "Adam Sowa" <pomoc@pomoc.example>\nDo: anna@klient.example;\nWysłane: 13:00 Poniedziałek 2024-01-08\nTemat: Re: Plik\n\n{{Q}}',
)
_also(
    "em client, headers without colons",
    f'{N}\n\n------ Original Message ------\nFrom "Adam" <pomoc@pomoc.example>\nTo "Anna" <a@k.example>\nDate 1/12/2024 10:22:33 AM\nSubject Re: Costs\n\n{{>Q}}',
)
_also(
    "seznam",
    f"{N}\n\n---------- Původní e-mail ----------\nOd: {DESK}\nKomu: anna@klient.example\nDatum: 12. 1. 2024 10:22:33\nPředmět: Re: Smlouva\n{{Q}}",
)
_also(
    "gmx",
    f'{N}\n\nGesendet: Freitag, 12. Januar 2024 um 10:22 Uhr\nVon: "Adam" <pomoc@pomoc.example>\nAn: anna@klient.example\nBetreff: Re: Rechnung\n\n{{Q}}',
)
_also(
    "zendesk",
    f"{N}\n\n##- Wpisz odpowiedź powyżej tej linii -##\n\nTwoje zgłoszenie (77812) zostało zaktualizowane.\n\n{{Q}}",
)
_also("a line to answer above, within the quote", f"{N}\n\n{BIRD}\n> -- Odpowiedz powyżej tej linii --\n>\n{{>Q}}")
_also("a desk that asks politely", f"{N}\n\n--- Prosimy odpowiadać powyżej tej linii ---\n\n{{Q}}")
_also(
    "a quote that passes on",
    f"{N}\n\n{GMAIL}\n\n{{>Q}}\n>\n> ---------- Forwarded message ---------\n> Od: Dostawca <d@d.example>\n> Temat: Instrukcja",
)
_also(
    "spark",
    html=f'<div name="messageBodySection">{N}</div><div name="messageSignatureSection"><br>Anna Nowak<br>Klient</div><div name="messageReplySection">On 12 Jan 2024, Adam &lt;p@p.example&gt;, wrote:<br><blockquote type="cite" class="spark_quote">{{H}}</blockquote></div>',
    want=N,
)
_also("a card below a notice to print less", f"{N}\n\n-- \nAnna Nowak\n\n{TREES}", want=N)
_also(
    "what a log says",
    f"{N}\n\nSerwer loguje:\n2024-01-12 10:22:33 ERROR From: 10.0.0.1 To: 10.0.0.2\nCzy to znany błąd?",
    want=f"{N}\n\nSerwer loguje:\n2024-01-12 10:22:33 ERROR From: 10.0.0.1 To: 10.0.0.2\nCzy to znany błąd?",
)
