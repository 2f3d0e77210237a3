"""The words by which mail programs announce a quote, a header of a quoted letter, or themselves."""

from __future__ import annotations

import re

FROM = r"From|Od|Von|De|Da|Van|Från|Fra|Lähettäjä|Expéditeur|Mittente|Absender|От"
SENT = (
    r"Sent|Wysłano|Wysłane|Wyslano|Data|Date|Datum|Gesendet|Envoyé|Enviado|Enviado el|Inviato|Verzonden|Skickat"
    r"|Sendt|Lähetetty|Dnia|Fecha|Дата|Отправлено"
)
TO = r"To|Do|An|À|A|Para|Aan|Till|Til|Vastaanottaja|Destinataire|Кому"
COPY = r"Cc|DW|UDW|Kopie|Kopia|Copie|CC|Kopia do|Копия"
SUBJECT = r"Subject|Temat|Betreff|Objet|Asunto|Oggetto|Onderwerp|Ämne|Emne|Aihe|Assunto|Тема"
PRIORITY = r"Importance|Ważność|Priority|Priorytet|Reply-To|Odpowiedz do|Attachments|Załączniki"


def _header(words: str) -> re.Pattern[str]:
    return re.compile(rf"^[\s>*|]*\*?({words})\s*:\*?(\s|$)", re.IGNORECASE)


HEADER_FROM = _header(FROM)
HEADER_KINDS = tuple(_header(words) for words in (FROM, SENT, TO, COPY, SUBJECT))
HEADER_ANY = _header("|".join((FROM, SENT, TO, COPY, SUBJECT, PRIORITY)))

SEPARATOR = re.compile(
    r"^[\s>*]*(-{2,}|_{2,}|={2,})\s*(Original (Message|Appointment)|Oryginalna wiadomo(ść|sc)|Wiadomo(ść|sc) oryginalna"
    r"|Treść oryginalnej wiadomości|Pierwotna wiadomość|Ursprüngliche Nachricht|Urspr\.? ?Nachricht"
    r"|Message d'origine|Message original|Mensaje original|Messaggio originale|Oorspronkelijk bericht"
    r"|Ursprungligt meddelande|Opprinnelig melding|Oprindelig meddelelse|Reply message|Исходное сообщение)"
    r"[^-_=]*(-{2,}|_{2,}|={2,})?\s*$",
    re.IGNORECASE,
)
FORWARD_SEPARATOR = re.compile(
    r"^[\s>*]*(-{2,}\s*)?(Forwarded (by|message)|Begin forwarded message|Wiadomo(ść|sc) przekazana"
    r"|Przekazana wiadomo(ść|sc)|Początek przekazanej wiadomości|Początek przesłanej dalej wiadomości"
    r"|Treść przekazanej wiadomości|Weitergeleitete Nachricht|Anfang der weitergeleiteten)",
    re.IGNORECASE,
)
FORWARD_SUBJECT = re.compile(r"^\s*(\[[^\]]*\]\s*)?(Fwd?|PD|Pd|WG|TR|RV|Dalej|Przek|VB|VS|ENC|I)\s*:", re.IGNORECASE)

VERBS = (
    r"wrote|writes|pisze|napisał|napisała|napisał\(a\)|napisał/a|napisali|napisano|naskrobał(\(a\))?|schrieb|a écrit"
    r"|escribió|escreveu|ha scritto|schreef|skrev|kirjoitti|пишет|написал\(а\)|написал|said"
)
ATTRIBUTION_START = re.compile(
    r"^[\s*]*(On|At|In (a message|an article)|W dniu|Dnia|W dn\.|Dn\.|Am|Le|El|Il|Op|Den|Em|Il giorno|Użytkownik|User)\b",
    re.IGNORECASE,
)
ATTRIBUTION_END = re.compile(rf"(\b|\s|\))({VERBS})[^\w\n]{{0,4}}:?\s*$", re.IGNORECASE)
ENDS_BY_VERB = re.compile(rf"({VERBS})\s*:\s*$", re.IGNORECASE)
HAS_DATE = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}[-./]\d{1,2}[-./]\d{1,2}\b|\b\d{1,2}:\d{2}\b|\b(19|20)\d\d\b"
)
HAS_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+|<mailto:")

SIGNATURE_LINE = re.compile(r"^--[ \xa0]?$")
FOOTER = re.compile(
    r"^\s*[-_–—*]{0,3}\s*(Wysłan[eo] (z|przez|za pomocą|ze)\b|Wysłałem z|Wyslane z|Wiadomość wysłana z|Sent (from|via) (my|Mail|Outlook|Yahoo"
    r"|AOL|Samsung|ProtonMail|Proton|BlackBerry|iPhone|iPad|Gmail|the|a|an)\b|Sent from\b.{0,40}$|Pobierz (aplikację|program|dodatek) Outlook"
    r"|Get Outlook for|Outlook (dla|for) (systemu )?(iOS|Android)|Downloaded from|Von meinem .{0,40}gesendet|Gesendet von"
    r"|Envoyé (de|depuis) mon|Enviado (desde|do) (mi|meu)|Inviato da|Verzonden (vanaf|met)|Skickat från|Sendt fra"
    r"|Poczta wysłana|Odesláno|Отправлено с)",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(
    r"(this (e-?mail|message|communication)\b.{0,120}(confidential|privileged|intended (only |solely )?for)"
    r"|(confidential|privileged).{0,120}(intended (recipient|only|solely)|e-?mail)"
    r"|if you (are not|have received this).{0,80}(intended|in error|error)"
    r"|(niniejsz[aey]|ta|treść tej) (wiadomość|wiadomości|korespondencja|e-?mail).{0,200}(poufn|adresat|przeznaczon|prawnie chronion)"
    r"|informacje zawarte w.{0,160}(poufn|adresat|przeznaczon)|jeżeli nie (są|jest|jesteś).{0,60}adresat"
    r"|please consider the environment|zanim wydrukujesz|pomyśl o środowisku|virus-free|wolna od wirusów"
    r"|(wiadomość|e-?mail|plik|message).{0,40}(sprawdzon|scanned|checked).{0,60}(wirus|virus|antywirus)"
    r"|administratorem (państwa |pani/pana |twoich )?danych osobowych)",
    re.IGNORECASE | re.DOTALL,
)
EOF_RULE = re.compile(r"^\s*_{5,}\s*$")

BOUNCE_SUBJECT = re.compile(
    r"(undeliver(ed|able)|delivery (status notification|failure|failed|report|has failed|problem|notification)|returned mail"
    r"|mail delivery (failed|failure|subsystem|system|error|report)|failure notice|message not delivered|could not be delivered"
    r"|nie można dostarczyć|niedostarcz(ona|alna|enie)|zwrot wiadomości|nie dostarczono|błąd dostarczenia|nieudane dostarczenie"
    r"|unzustellbar|undelivered mail returned|non[- ]?remis|delivery status|warning: message .* delayed|rejected mail|mail failure"
    r"|não entregue|devolução|error sending|permanent fail|mail system error|non delivery|nondeliverable|returned to sender"
    r"|addressee unknown|user unknown|no se puede entregar|delayed mail|delivery delayed|delivery error|message delayed"
    r"|(e-?mail|mail|message) (was )?(bounced|rejected|blocked|refused)|failed mail|dsn|unable to deliver|配信|エラー|反送|退信)",
    re.I,
)
AUTO_SUBJECT = re.compile(
    r"^\s*(\[?auto(matic|mated)?[- ]?(reply|response|answer)|auto:|out[- ]of[- ](the[- ])?office|away from (my|the) (mail|office)"
    r"|vacation( reply| response)?\b|automatyczna odpowied|autoodpowied|odpowiedź automatyczna|nieobecno|poza biurem"
    r"|urlop\b|jestem na urlopie|automatische antwort|abwesenheit|réponse automatique|absence du bureau|respuesta automática"
    r"|risposta automatica|automatisch antwoord|autosvar|automatiskt svar|resposta automática|fuera de la oficina"
    r"|i am (away|out of))",
    re.I,
)
RECEIPT_SUBJECT = re.compile(
    r"^\s*(read|przeczytan[oey]|gelesen|lu|leído|potwierdzenie przeczytania|return receipt)\b.*:", re.I
)
PLACEHOLDER = re.compile(
    r"(your (e-?mail|mail) (client|program|reader) (does not|doesn't|can ?not)|html (e-?mail|message|version)|view (this|it) in (a|your) browser"
    r"|przeglądarce|nie obsługuje (formatu )?html|wiadomość w formacie html)",
    re.IGNORECASE,
)
