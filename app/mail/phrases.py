"""The words by which mail programs announce a quote, a header of a quoted letter, or themselves."""

from __future__ import annotations

import re

_BARE = dict(zip("ąćęłńóśźż", "acelnoszz", strict=True))
_TOKEN = re.compile(rf"\\.|\[(?:\\.|[^\]\\])*\]|[{''.join(_BARE)}]", re.DOTALL)


def _compile(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Polish words are found also where they were typed, or sent on, without the letters that only Polish has."""

    def both(token: re.Match[str]) -> str:
        written = token.group()
        bare = "".join(_BARE[letter] for letter in written if letter in _BARE)
        if not bare:
            return written
        return f"{written[:-1]}{bare}]" if written.startswith("[") else f"[{written}{bare}]"

    return re.compile(_TOKEN.sub(both, pattern), flags)


FROM = (
    r"From|Od|Feladó|Von|De|Da|Van|Från|Fra|Lähettäjä|Expéditeur|Mittente|Absender|Nadawca|Odosielateľ|Nuo|De la|От|Від"
)
SENT = (
    r"Sent|Wysłano|Wysłane|Data|Date|Datum|Gesendet|Envoyé|Enviado|Enviado el|Enviada em|Elküldve|Inviato|Verzonden|Skickat"
    r"|Sendt|Lähetetty|Dnia|Fecha|Odesláno|Odoslané|Dátum|Küldve|Išsiųsta|Trimis|Poslano|Дата|Отправлено|Надіслано"
)
TO = r"To|Do|Címzett|An|À|A|Para|Aan|Till|Til|Vastaanottaja|Destinataire|Adresat|Odbiorca|Komu|Kam|Către|Кому"
COPY = r"Cc|DW|UDW|Kopie|Kopia|Copie|CC|Kopia do|Копия"
SUBJECT = r"Subject|Temat|Betreff|Objet|Asunto|Oggetto|Onderwerp|Ämne|Emne|Aihe|Assunto|Předmět|Predmet|Tárgy|Tema|Subiect|Тема"
PRIORITY = r"Importance|Ważność|Priority|Priorytet|Reply-To|Odpowiedz do|Attachments|Załączniki"


def _header(words: str) -> re.Pattern[str]:
    return _compile(rf"^[\s>*|]*\*?({words})\s*:", re.IGNORECASE)


AN_HOUR = _compile(  # "Od: 10:00" is a period, not a person
    rf"^\s*({FROM}|{TO})\s*:\s*(godz\w*\.?\s*)?\d[\d\s.:/-]*(h|r\.|rano)?\s*$", re.IGNORECASE
)
NAMES_ALONE = tuple(_compile(rf"^\s*({words}):?\s*$", re.IGNORECASE) for words in (TO, SUBJECT))
HEADER_FROM, HEADER_SENT = _header(FROM), _header(SENT)
HEADER_KINDS = tuple(_header(words) for words in (FROM, SENT, TO, COPY, SUBJECT))
HEADER_ANY = _header("|".join((FROM, SENT, TO, COPY, SUBJECT, PRIORITY)))

SEPARATOR = _compile(
    r"^[\s>*]*(-{2,}|_{2,}|={2,})\s*(Original (Message|Appointment)|Oryginaln(y termin|e spotkanie)|Oryginalna wiadomość|Wiadomość oryginalna"
    r"|Treść oryginalnej wiadomości|Pierwotna wiadomość|Ursprüngliche Nachricht|Original[- ]Nachricht|Urspr\.? ?Nachricht"
    r"|Message d['’]origine|Message original|Mensaje original|Messaggio originale|Oorspronkelijk bericht"
    r"|Ursprungligt meddelande|Opprinnelig melding|Oprindelig meddelelse|Reply message|Původní (e-mail|zpráva)|Pôvodná správa|Исходное сообщение|Вихідне повідомлення"
    r"|Antwort Nachricht|Treść wiadomości|Wiadomość źródłowa|Poprzednia wiadomość|Previous (message|replies))"
    r"[^-_=]*(-{2,}|_{2,}|={2,})?[\s*]*$",
    re.IGNORECASE,
)
HEADERS_IN_A_LINE = _compile(  # as programs write that lose the ends of lines
    rf"^[\s*]*([-_=]{{2,}}[^:]{{0,60}})?\b({FROM})\s*:[^@]{{1,200}}@[^:]{{1,200}}\s({SENT})\s*:.{{1,200}}?\s({TO}|{SUBJECT})\s*:",
    re.IGNORECASE,
)
FORWARDED = (
    r"(Forwarded (by|message)|Begin forwarded message|Wiadomość (przekazana|przesłana)\b"
    r"|(Przekazana|Przesłana)( dalej)? wiadomość|Początek przekaz(ywan|an)ej wiadomości|Początek przesłanej dalej wiadomości"
    r"|Treść przekazanej wiadomości|Weitergeleitete Nachricht|Anfang der weitergeleiteten|Début du message|Message transféré)"
)
FORWARD_SEPARATOR = _compile(  # between dashes, or a line of its own
    rf"^[\s>*]*(-{{2,}}\s*{FORWARDED}|{FORWARDED}(\s*|[^.,]{{0,40}}:[\s*]*)$)", re.IGNORECASE
)
FORWARD_SUBJECT = _compile(
    r"^\s*(\[[^\]]*\]\s*)?(Fwd?|PD|Pd|WG|TR|RV|Dalej|Przek(aż|azan[aeo])?|Przesłan[aeo]|VB|VS|ENC|I)\s*:", re.IGNORECASE
)

VERBS = (
    r"wrote|writes|pisze|napisał|napisała|napisał\(a\)|napisał/a|napisali|napisano|napisana|(na)?pisał[ae]ś|piszesz|naskrobał(\(a\))?|schrieb|a écrit"
    r"|escribió|escreveu|ha scritto|schreef|geschreven|skrev|kirjoitti|napsala?|napsal\(a\)|napísala?|napísal\(a\)|napisał\(-a\)|można przeczytać|пишет|пише|написал\(а\)|написала?|said"
)
ATTRIBUTION_START = _compile(
    r"^[\s*]*((On|At|In (a message|an article)|W dniu|Dnia|W dn\.|Dn\.|Am|Le|El|Il|Op|Den|På|Em|Il giorno|Użytkownik|User|Wiadomość (napisana|od)|W (Twoim |Pana |Pani |Państwa )?liście|Dne|Dňa"
    r"|pon|wt|śr|czw|pt|sob|niedz|ndz|nd|poniedziałek|wtorek|środa|czwartek|piątek|sobota|niedziela"
    r"|po|út|st|čt|pá|so|ne|ut|št|pi|pá|пн|вт|ср|чт|пт|сб|вс|нд"
    r"|(Mon|Tue|Wednes|Thurs|Fri|Satur|Sun)day|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|\d)",
    re.IGNORECASE,
)
ATTRIBUTION_GOES_ON = _compile(  # Yahoo's, with what is quoted on the same line
    rf"^(?=.{{1,150}}:\d\d).{{1,300}}<[^<>\s]{{1,200}}@[^<>\s]{{1,200}}>\s({VERBS})\s*:\s{{2,}}\S", re.IGNORECASE
)
ATTRIBUTION_END = _compile(rf"\b({VERBS})[^\w\n]{{0,4}}:?\s*$", re.IGNORECASE)
HAS_VERB = _compile(rf"(^|[\s)])({VERBS})(\b|[\s:])", re.IGNORECASE)
QUOTED_ENDING = _compile(rf"^\s*>\s*({VERBS})?\s*:\s*$", re.IGNORECASE)  # the end of <an address> on a line of its own
HAS_HOUR = _compile(r"\b\d{1,2}\u200e?:\u200e?\d{2}\b")  # Windows Mail sets marks of direction around signs
HAS_TIME = _compile(r"\b\d{1,2}[:.]\d{2}\b")
WRITTEN_ABOVE = _compile(  # as Notes writes it, and desks that ask for answers above a line
    rf"^(?=.{{1,300}}[-#]\s*$)\s*(-{{3,10}}(?!-).{{1,200}}({VERBS})\s*:?\s*-{{3,10}}|#{{2,4}}(?!#).{{0,80}}(powyżej|above).{{0,80}}#{{2,4}})\s*$",
    re.IGNORECASE,
)
ABOVE_THIS_LINE = _compile(  # as desks ask for it, in whichever signs they set the line
    r"^(?=.{5,120}$)(?=.*\b(powyżej|ponad|above|oberhalb|au-dessus|encima)\b)[\s>]*[-–—=_*#~\[]{2,}[^.]{0,40}?\b(odpowi(ed|ad)\w*|odpis(z|yw)\w*|w?pisz\w*|wpis(ać|ywać)|repl(y|ies)|respond|answers?|write|type|antwort\w*|schreiben|répon\w*|respond\w*)\b"
    r"[^.]{0,30}\b(powyżej|ponad|above|oberhalb|au-dessus|encima)\b[^.]{0,40}[-–—=_*#~\]]{2,}\s*$",
    re.IGNORECASE,
)
NAMES_HIM_AFTER = _compile(r"\b(schrieb|schreef|napisana przez|odesílatel)\b", re.IGNORECASE)  # the verb, not the end
QUOTING = _compile(
    r"^\s*((Cytowanie|Cytat z|Quoting|Zitat von|Citando)\s.*:|Użytkownik\s.*\snapisał(a|\(a\))? w wiadomości\s.*\S)\s*$",
    re.IGNORECASE,
)
GROUPWISE = _compile(
    r"^\s{0,9}>>> [^@]{1,100}@[^@]{1,150}\d:\d{2}.{0,40}>>>\s*$"
)  # who and when, and below it his letter
ENDS_BY_VERB = _compile(rf"({VERBS})\s*:\s*$", re.IGNORECASE)
FROM_AN_ADDRESS = _compile(r"\b(od|from|von) <?[^\s<>@]+@[^\s<>@]+>?:$", re.IGNORECASE)
HAS_DATE = _compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}[-./]\d{1,2}[-./]\d{1,2}\b|\b\d{1,2}:\d{2}\b|\b(19|20)\d\d\b"
)
HAS_ADDRESS = _compile(r"[^\s<>@]+@[^\s<>@]+|mailto:")

PICTURE = _compile(r"\[cid:[^\]\s]{1,200}\]", re.IGNORECASE)
QUOTE_MARKS = _compile(r"^\s*(>\s?)+")
QUOTE_MARK = _compile(r"^\s*(>|[A-Z]{1,2}>(\s|>|$))")
PROMPT = _compile(r"^>>> \S")  # of Python, where no other line is marked
COLUMNS = _compile(r"\S(\t| {2,})\S")
SIGNATURE_LINE = _compile(r"^--[ \xa0]?$")
SIGNATURE_RULE = _compile(r"^\s*(-{3,}|_{3,}|—{1,3}|–{2,3})\s*$")
SIGN_OFF = _compile(  # with which people end; a program's signature may begin by it
    r"^\s*((serdecznie |gorąco )?pozdrawiam|(z |serdeczne )?pozdrowieni|z (poważaniem|wyrazami|uszanowaniem)|łączę (wyrazy|pozdrowienia)"
    r"|(best|kind|warm|with (best|kind))\b.{0,20}(regards|wishes)|regards|best\s*,|(yours )?(sincerely|faithfully)|many thanks|mit freundlichen grüßen"
    r"|(viele|beste|liebe) grüße|(bien )?cordialement|s pozdravem|з повагою)",
    re.IGNORECASE,
)
ANSWERS_WITHIN = _compile(  # in lower case; whoever says so answers between the lines that his program quotes
    r"\b(antworten?|kommentare?|réponses?)\b.{0,40}\b(unten|inline|im text|in (rot|blau|grün|farbe)|dans le texte|ci-dessous|en (rouge|bleu|vert))\b"
    r"|(odpowiedzi|odpowiedź|odpowiadam|odpisał[ea]?[mś]?|odp\.|komentarz\w*|uwagi|dopisał[ea]?m|wpisał[ea]?m|naniosł[ea]?m|answers?|comments?|repl(y|ies)|responses?)\b"
    r".{0,60}\b(poniżej|niżej|w (treści|tekście|mailu)|kolor|na (czerwono|niebiesko|zielono|fioletowo|pomarańczowo|żółto)"
    r"|below|inline|in[- ]line|in (red|blue|green|purple|orange|colou?r))"
    r"|\b(poniżej|niżej|w (treści|tekście))\b.{0,40}\b(odpowied|odpowiadam|odpisał|komentarz|uwagi|na (czerwono|niebiesko|zielono))"
    r"|\b(see|please find) (my )?(answers|comments|replies)\b",
)
GADGETS = (
    r"iPhon|iPad|iOS|Galaxy|Samsung|telefon|smartfon|urządzeni|tablet|komór|Outlook|Mail|poczt|program|aplikacj|Yahoo|Android"
    r"|Huawei|Honor|Xiaomi|Redmi|Realme|OnePlus|Nokia|Sony|Motorol|OPPO|POCO|vivo|Pixel|Lenovo|ZTE|BlackBerry|Watch|\bNine\b|\bLG\b|HTC|Windows|Mac\b|Proton|Thunderbird|mobiln"
)
FOOTER = _compile(
    rf"^[\s\-_–—*<(\[\u2063\u200b]{{0,6}}((Wysłan[eoy]|Wyślij|Wysłałem|Wysłałam) (\w+ie )?(z|ze|przez|za pomocą|przy użyciu)\b(?=.{{0,60}}({GADGETS}))|Wysłałe?[ma]? z\b|Wiadomość wysłana (z|przez)"
    rf"|Sent (from|via|with|by|using) (?!the )((?=.*({GADGETS}|\bmy\b|mobile|phone|galaxy))|(?!by )\S+(\s+\S+){{0,3}}\s*$)"
    rf"|Tę wiadomość wysłano|Poczta wysłana|Wysłan[eo] z (o2|WP|Interii|Onetu?)\b|(Przepraszam|Sorry|Proszę wybaczyć|Excuse)\b(?=.{{0,60}}(błędy|literówk|zwięzłość|typos|brevity)).{{0,60}}(z|na|from|on) (my |mojego )?(telefon|smartfon|komór|phone|mobile)|Napisan[eoy] (na|z)\b(?=.{{0,60}}({GADGETS}))"
    rf"|Ta wiadomość została wysłana (z|przez|za pomocą)\b(?=.{{0,60}}({GADGETS}))"
    r"|Poczta (WP|Onet|o2|Interia)\W+(wysłano|wysłane)\b|From my (i?phone|ipad|mobile|android)"
    r"|(Pobierz|Uzyskaj)( dostęp do)? (aplikacj[ęi] |program |dodatek )?\[?(Outlook|BlueMail)|Get \[?BlueMail|Get \[?Outlook for|Outlook (dla|for) (systemu )?(iOS|Android)|Downloaded from"
    r"|Diese Nachricht wurde (von|mit)\b|Von meinem .{0,40}gesendet|Gesendet (von|mit)|Envoyé (de|depuis|à partir)"
    r"|Enviado (desde|do|a partir)|Inviato da|(Verzonden|Verstuurd) (vanaf|met)|Skickat från|Sendt fra|Lähetetty|Odesláno|Odoslané (z|cez)|Отправлено (с|из)"
    r"|Надіслано з|從我的.{0,20}傳送|iPhoneから送信)",
    re.IGNORECASE,
)
OF_A_LIST = _compile(  # what programs of mailing lists put below everybody's letters
    r"^\W*(You(['’]re| are)? receiv(ed|ing) this (message|e-?mail)( was sent to you)? because|Otrzymujesz tę wiadomość, ponieważ (subskrybujesz|jesteś (subskrybentem|członkiem|zapisan))"
    r"|(Sie erhalten|Du erhältst) diese (Nachricht|E-Mail), (weil|da))",
    re.IGNORECASE,
)
BELOW_A_RULE_OF_A_LIST = _compile(
    r"(\bmailing list( -- \S{1,200}@\S{1,200})?\s*$|\blista (dyskusyjna|mailingowa|wysyłkowa)\b|/(mailman|listinfo)/|/postorius/|\b(sympa|listserv|majordomo)@"
    r"|^\W*(To unsubscribe|Unsubscribe)\b|^\W*Aby (anulować subskrypcję|wypisać się|zrezygnować z (subskrypcji|listy))|-(unsubscribe|leave|request)@)",
    re.IGNORECASE,
)
AN_ADDRESS_ALONE = _compile(r"^\s*<?https?://\S+\s*$", re.IGNORECASE)
A_SENTENCE = _compile(
    r",\s+(is|was|are|it|but|and|so|because|to|jest|bo|ale|i|a|więc|że|który|która)\b|\s(nie|się)\s", re.IGNORECASE
)
DISCLAIMER = _compile(
    r"(this (e-?mail|message|communication)\b.{0,120}(confidential|privileged|intended (only |solely )?for)"
    r"|(message|e-?mail|communication|transmission|information)\b.{0,160}(confidential|privileged).{0,120}(intended|disclos)"
    r"|if you (are not|have received this).{0,80}(intended|in error|error)"
    r"|((niniejsz[aey]|ta|treść (tej|tego|niniejszej|niniejszego)) (wiadomość|wiadomości|korespondencj[ai]|e-?mail)|wiadomość (ta|niniejsza)\b).{0,200}(poufn|adresat|przeznaczon|prawnie chronion)"
    r"|informacje zawarte w.{0,160}(poufn|adresat|przeznaczon)|je(że|ś)li nie (są|jest|jesteś).{0,60}adresat(em|ami|ką)\b"
    r"|please consider the environment|zanim wydrukujesz|pomyśl o środowisku|środowisk\w+.{0,60}druk\w+ (tej|tego|niniejsz\w+)|think before (you )?print|save (a tree|trees|paper)\b.{0,40}print|prosimy o (ochronę|dbałość o) środowisk\w+|czy (na pewno |naprawdę )?mus\w+ (to |tę \w+ )?(wy)?drukować|nie drukuj,? (tego|tej|jeśli|jeżeli)\b|virus-free|woln[aye] od wirusów"
    r"|je(że|ś)li .{0,20}(wiadomość|e-?mail|korespondencja) (trafił|dotarł)\w* .{0,30}(omyłk|pomyłk)"
    r"|(amtsgericht|handelsregister)\b.{0,80}\bHR[AB] ?\d|registered in (england|scotland|wales|ireland)\b.{0,80}(registered office|company number|no\.)"
    r"|^informujemy,? (iż|że) administratorem .{0,40}danych osobowych|klauzul\w+ informacyjn\w+.{0,60}(dostępn|znajd)\w+.{0,60}(www\.|https?:)|^polityka prywatności\W+(https?:|www\.)\S+$"
    r"|je(że|ś)li otrzyma\w+.{0,30}(wiadomość|e-?mail|korespondencj).{0,40}(omyłk|pomyłk)"
    r"|sąd rejonowy.{0,200}\bKRS\b|\b(KRS|NIP|REGON)\b.{1,80}\b(KRS|NIP|REGON)\b.{1,120}(kapitał|KRS|NIP|REGON)"
    r"|(może zawierać|mogą zawierać|zawiera|zawierają) informacje (poufne|prawnie chronione|przeznaczone|stanowiące tajemnicę)"
    r"|(wiadomość|e-?mail|plik|message).{0,40}(sprawdzon|przeskanowan|scanned|checked).{0,60}(wirus|virus|antywirus)"
    r"|nie stanowi\w* oferty( \w+)? w rozumieniu"
    r"|^administratorem .{0,40}danych osobowych (jest|są)\b|administratorem .{0,40}danych( osobowych)? (jest|są)\b.{0,400}(RODO|przetwarza|https?:|www\.)|administratorem .{0,40}danych( osobowych)? .{1,80} (jest|są)\b.{0,400}RODO|klauzul\w+ informacyjn\w+.{0,80}(RODO|danych)"
    r"|^(informacj\w+ o przetwarzaniu|ochrona) danych osobowych|(Państwa|Pan[ai]|Twoj\w+) dan\w{1,3} osobow\w{1,3} .{0,60}przetwarzan\w+.{0,120}(RODO|2016/679)"
    r"|^(zgodnie z|na podstawie|w związku z) .{0,40}(RODO|2016/679)\b.{0,60}informujemy"
    r"|(zasad\w*|informacj\w+ (o|dotycząc\w+)) przetwarzani\w+ (Państwa )?danych osobowych.{0,160}(RODO|https?:|www\.))",
    re.IGNORECASE | re.DOTALL,
)
# Stems of which secrecy notices have several and other paragraphs rarely two.
NOTICE_WORDS = _compile(
    r"\b(poufn|tajemnic|zastrzeżon|przeznaczon|adresat|adresowan|omyłk|pomyłk|usunię|usuń|powiadom|rozpowszechni|kopiowani|zabronion"
    r"|prawnie chronion|confidential|privileged|intended|recipient|addressee|unauthori[sz]ed|prohibited|notify|delete|disclos|in error"
    r"|vertraulich|empfänger|irrtümlich|unbefugt|adressat|informieren sie|vernichten|confidentiel|destinataire|détruire|confidencial|por error"
    r"|destinatario|riservat|důvěrn|adresát|omylem)",
    re.IGNORECASE,
)
FEWEST_NOTICE_WORDS = 3
OF_ITSELF = _compile(  # A notice speaks of the letter in which it stands.
    r"\b((t[aeęą]j?|ten|niniejsz\w+|przesłan\w+|otrzyman\w+)\s+(\w+\s+)?(wiadomoś|e-?mail|mail|korespondencj|transmisj|przekaz)"
    r"|wiadomość (ta|niniejsza|jest poufna)|informacj\w+ zawart|(powyższ|niniejsz)\w+ (informacj|treś)|this (\w+ )?(message|e-?mail|communication|transmission)|information contained"
    r"|(e-?mail|message) and any|diese[rn]? (e-?mail|nachricht)|ce (message|courriel)|este (mensaje|correo)|quest[oa] (messaggio|e-?mail)"
    r"|tat?to (zpráva|e-?mail)|tato správa)",
    re.IGNORECASE,
)
RULE = _compile(r"^\s*[-_=*—–]{3,}\s*$")
TITLED_RULE = _compile(r"^[\s>*]*([-_=]{2,})\s*[^\W\d_][^-_=]{2,60}?\s*[-_=]{2,}[\s*]*$")
PREVIOUS = _compile(
    r"^[\s*]*(Previous (replies|discussion|messages)|Poprzednie (odpowiedzi|wiadomości)|(Please )?(Reply|Respond) above this line"
    r"|(Proszę )?(odpowied[zź]|odpowiedzieć|odpisz|odpisać) (powyżej|nad) (tej linii|tego wiersza|tym wierszem|tą linią))[\s*:.]*$",
    re.IGNORECASE,
)

NOT_DELIVERED = r"nie (udało się|można( było)?|mo(że|gła|gło|gły|gą|żna|gł) (zostać|być)|zostanie|został[aoy]?)( jeszcze)? (dostarcz|doręcz)(yć|on[aey])"
BOUNCE_SUBJECT = _compile(
    rf"({NOT_DELIVERED}|undeliver(ed|able)|delivery (status notification|failure|failed|report|has failed|problem|notification)|returned mail"
    r"|mail delivery (failed|failure|subsystem|system|error|report)|failure notice|message not delivered|could not be delivered"
    r"|niedostarcz(ona|aln[ae]|enie)|niedoręczon[ay]|nie doręczono|opóźnienie w (dostarcz|doręcz)eniu|zwrot (wiadomości|poczty|e-?maila)|zwrócon[ay] do nadawcy|nie dostarczono|błąd (dostarcz|doręcz)(enia|ania)|nieudane (dostarcz|doręcz)enie"
    r"|unzustellbar|undelivered mail returned|non[- ]?remis|delivery status|warning: message .* delayed|rejected mail|mail failure"
    r"|não entregue|devolução|error sending|permanent fail|mail system error|non delivery|nondeliverable|returned to sender"
    r"|addressee unknown|user unknown|no se puede entregar|delayed mail|delivery delayed|delivery error|message delayed"
    r"|(e-?mail|mail|message) (was |you sent )?(bounced|rejected|blocked|refused)|failed mail|dsn|unable to deliver|配信|エラー|反送|退信)",
    re.I,
)
BOUNCE_BODY = _compile(  # in lower case, which is found three times as fast as any case
    r"((could|can) ?not be delivered|couldn't be delivered|not yet been delivered|unable to (deliver|be delivered)|(wasn't|was not) able to deliver|undeliverable (to|mail|message)"
    r"|(mail|message) has been returned because|no valid recipients|delivery of (this )?(e-?mail|message)\b.{0,120}(postponed|failed|delayed)"
    r"|delivery to the following (recipients?|address)|delever?y to the following recipients|was not delivered to|has not been delivered|recipient\S* could not be reached"
    r"|error: invalid user address|(mailbox|account|quota|skrzynka)\b.{0,40}(is full|exceeded|pełna|przepełniona)"
    r"|pas pu (etre|être) d[eé]livr[eé]|konnte nicht zugestellt werden"
    rf"|{NOT_DELIVERED}"
    r"|nie (znaleziono|istnieje|ma) (takiego |podanego )?(adresat|odbiorc|użytkownik|kont|skrzynk)|(użytkownik|adresat|odbiorca|konto|skrzynka)\b.{0,30} nie istnieje"
    r'|notificationtype\\*"\s*:\s*\\*"bounce)',
    re.DOTALL,
)
ASKS_ABOUT_IT = (  # A person writes of such answers, not a machine that gives one; after a colon comes what it answers.
    r"[^:]*(\?|\b(nie (?!odpowiad|ma mnie|będę|będzie mnie)|jak|proszę|prosimy|prośb|wnios|problem|błąd|błęd|pytani|dlaczego"
    r"|włącz|wyłącz|ustaw|zmian|how|why|please|request|error|(is|does|do|are|was) ?n[o']t|not (work|sen[dt])|(enable|disable|set ?up)\b))"
)
AUTO_SUBJECT = _compile(
    r"^\s*(auto:|away from (my|the) (mail|office)|.{0,200}[\[(](auto-?(reply|response|responder)|odpowiedź automatyczna|autom\w{0,8}\.? odp\w{0,8}\.?|autoodpowiedź)[\])]\s*$"
    r"|(\[?auto(matic|mated)?[- ]?(reply|response|answer)|out[- ]of[- ](the[- ])?office(?! hours)|autoresponder|automatyczna odpowiedź?|autoodpowiedź?"
    rf"|odpowiedź automatyczna|odp\. automatyczna|poza biurem|informacja o nieobecności)(?!{ASKS_ABOUT_IT})"
    r"|OOO\s*:|away\s*:|on (holiday|vacation|leave)\s*($|[:!-])"
    rf"|(annual|maternity|parental|sick) leave\s*($|[:!-](?!{ASKS_ABOUT_IT}))|jestem (poza|nieobecn|na (zwolnieniu|urlopie))|abwesend|nepřítomnost"
    r"|potwierdzenie (otrzymania|wpłynięcia|przyjęcia) (wiadomości|e-?maila|zgłoszenia)\s*($|[:!-])"
    r"|vacation( reply| response| notice)?\s*($|[:!-])|i am (away|out of)"
    r"|(nieobecność|nieobecn[ya]|urlop)( w (biurze|pracy)| wypoczynkowy| macierzyński|(?!\W*$))"
    rf"\s*($|[:!](?!{ASKS_ABOUT_IT})|-(?=.*(\d|nie ma mnie|wrac|wróc|jestem|będę))(?!{ASKS_ABOUT_IT})|(re|odp)\s*:|((w dniach|do|od) )?\d)"
    r"|automatische (antwort|rückantwort)|abwesenheit|réponse automatique|absence du bureau|message d['’]absence"
    r"|respuesta autom[áa]tica|fuera de la oficina|risposta automatica|fuori (sede|ufficio)|resposta automática"
    r"|automatisch antwoord|afwezig|niet aanwezig|autosvar|automatiskt svar|frånvaro|frånvarande"
    r"|automatická odpověď|mimo kancelář|автоматична відповідь|автоматический ответ)",
    re.I,
)
ABOUT_ABSENCE = _compile(r"^\s*(urlop|nieobecność|nieobecn[ya])\W*$", re.I)  # A person may write about that, too.
AWAY = _compile(  # what people have a machine say while they are away
    r"(\b(jestem|przebywam|będę)\b.{0,60}(urlopie|zwolnieniu|delegacji|nieobecn|poza (biurem|firmą|krajem))|\b(wracam|wrócę|powrócę|odpowiem)\b.{0,40}(po powrocie|\d)"
    r"|\b(i am|i'm|i will be)\b.{0,30}\b(out of (the )?office|away|on (\w+ )?(leave|vacation|holiday))|automatyczna odpowiedź|odpowiedź automatyczna)",
    re.I,
)
FOR_URGENT = _compile(  # what such a machine adds
    r"\b(w (sprawach |przypadku |przypadkach )?(bardzo )?(pilnych|nagłych|niecierpiących)|w razie (pilnej|nagłej|potrzeby)|w pilnej"
    r"|(bez|ograniczon\w+|nie mam|nie będę mia\w+|brak) (stałego )?dostępu? do (poczty|skrzynki|e-?maila?)|(in|for) urgent|(no|limited) access to (my )?e-?mail)",
    re.I,
)
SAYS_AUTOMATIC = _compile(  # a letter of itself, in a sentence of its own
    r"(^|[.!)\n])[ \t*(\[-]*((to( jest)?|this is)( an?)? (automatyczna (odpowiedź|wiadomość)|automat(ic|ed) (reply|response|message|answer|e-?mail))\b"
    r"|((ta |niniejsza |this )?(wiadomość|odpowiedź|e-?mail|message|reply) (została |has been |was |is )?"
    r"((wysłan|wygenerowan)\w+ automatycznie|automatycznie (wysłan|wygenerowan)\w+|(sent|generated) automatically|automatically (sent|generated))"
    r"|automatyczna (odpowiedź|wiadomość)|(odpowiedź|wiadomość) automatyczna|automat(ic|ed) (reply|response|message))"
    r"( (przez|by) \S+( \S+)?)?\s*([.,!)\]\n]|$))",
    re.I,
)
MAILBOX_FULL = _compile(
    r"((mailbox|inbox|account|quota|skrzynka|skrzynki|postfach)\b.{0,60}(\bfull\b|exceed|pełn|przekrocz|voll|out of storage)"
    r"|(\b|prze)pełn\w+ skrzynk|\bfull (mailbox|inbox)|przekroczon\w+ (limit|pojemność|przydział)|brak (wolnego )?miejsca (w|na) (skrzynce|koncie)|over[ -]?quota|insufficient (storage|disk)|not enough (storage|disk) space)",
    re.I | re.DOTALL,
)
STILL_TRIED = _compile(  # in lower case
    r"(warning message only|(has been|was|is|been) (delayed|postponed)|delivery.{0,80}delayed|will (be retried|keep trying|continue to try|be attempted)"
    r"|not yet been delivered|delivery attempts will continue|(opóźni|będzie (ponawia|próbował|podejmowa)|ponawiać prób|oczekuje (w kolejce|na (dostarcz|doręcz))|kolejne próby|zostanie ponowion|nie (została|został) jeszcze (dostarcz|doręcz)on))",
    re.DOTALL,
)
RECEIPT_SUBJECT = _compile(
    r"^\s*((not )?read|(nie)?przeczytan[oey]|odczytan[oey]|gelesen|lu|leído|potwierdzenie (przeczytania|odczytania|otrzymania|dostarczenia|doręczenia)|return receipt)\b.*([:-]|$)",
    re.I,
)
RECEIPT_BODY = _compile(
    r"((?<!nie )(został[aoy]?|był[aoy]?) (przeczytan|odczytan|wyświetlon|otwart|dostarczon|doręczon)|\bwas (read|displayed|opened|deleted)\b|gelesen|return receipt"
    r"|(potwierdzenie|usunięt\w+ bez) (przeczytania|odczytania))",
    re.I,
)
A_PERSON = _compile(r"\?|^\s*(dzień dobry|witam|cześć|szanown|hello|dear)\b", re.I | re.M)
PLACEHOLDER = _compile(
    r"(your (e-?mail|mail) (client|program|reader) (does not|doesn't|can ?not)|html (e-?mail|message|version)|view (this|it) in (a|your) browser"
    r"|przeglądarce|nie obsługuje.{0,30}\bhtml|wiadomość w formacie html)",
    re.IGNORECASE,
)
# What the reader's own gateway puts above a letter that comes from outside.
BANNER = _compile(
    r"^\W*((external|zewnętrzn[aye])( e-?mail| sender| message| mail| wiadomość| nadawca)?\W*$|(wiadomość|e-?mail|nadawca) zewnętrzn[ya]\W*$"
    r"|(uwaga|ostrzeżenie|ostrożnie|caution|warning|external( e-?mail)?|achtung)\b\W.{0,80}(spoza (\w+ )?(organizacji|firmy|sieci|domeny)"
    r"|nadawc\w+ zewnętrzn|zewnętrzn\w+ nadawc|z zewnątrz|outside|external (sender|source|e-?mail)|externe)"
    r"|\[(wiadomość |e-?mail )?(zewnętrzn[aye]|external)( \w+)?\]\W*(?=zachowaj|nie (klikaj|otwieraj)|caution|do not)"
    r"|(ta |ten |niniejsz[ay] )?(wiadomość|e-?mail)( e-mail)? (pochodzi|została wysłana|przyszła|wysłana)( od nadawcy)? (spoza|z zewnątrz)"
    r"|(wiadomość|e-?mail) od (zewnętrznego nadawcy|nadawcy zewnętrznego)"
    r"|this (e-?mail|message) (originated|came|was sent|is) from (outside|an external)"
    r"|(nie często|nie|rzadko) otrzymujesz (często )?wiadomości e-mail (od|z)\b|you don['’]t often get e-?mail from"
    r"|niektóre osoby, które otrzymały tę wiadomość)",
    re.IGNORECASE,
)
BANNER_GOES_ON = _compile(
    r"^\W*(nie (klikaj|otwieraj|odpowiadaj)|zachowaj ostrożność|prosimy o (zachowanie )?ostrożnoś|dowiedz się, dlaczego|do not (click|open)"
    r"|please (be careful|exercise)|exercise caution|learn why)",
    re.IGNORECASE,
)
A_LIST = _compile(r"^\s*(\d+[.)]|[-*•])\s")
ORNAMENT = _compile(r"^[\W_]+$")
