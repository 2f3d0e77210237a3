"""Whole letters of the mail programs that Polish customers write with: what their authors newly typed is seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.mail.explain import explain
from tests.mail.replies import ASKED, QUOTED, REPLIES, Reply, bare, in_html

# A letter with both parts is also read by its HTML alone, as programs that send no text part have it.
CASES = [*REPLIES.items()] + [
    (f"{name}, html alone", replace(reply, text="")) for name, reply in REPLIES.items() if reply.text and reply.html
]
CASES += [
    (f"{name}, in html", replace(reply, text="", html=in_html(reply.text)))
    for name, reply in REPLIES.items()
    if not (reply.html or reply.flowed or "[cid:" in reply.text)
]


@pytest.mark.parametrize("reply", [reply for _name, reply in CASES], ids=[name for name, _reply in CASES])
def test_what_its_author_newly_typed_is_seen(reply: Reply) -> None:
    told = explain("x.eml", reply.raw)
    if reply.want is not None:
        assert bare(told["visible"]) == bare(reply.want)
    assert reply.shown in told["visible"]
    assert told["forward"] is reply.forward
    assert told["kind"] == "letter"
    assert (told["from_email"], told["bounce"]) == ("anna@klient.example", None)
    whys = {part["why"] for part in told["folded"]}
    if reply.why is not None:
        assert set(reply.why) <= whys
        assert bool(reply.why) or not whys
    assert (ASKED in "".join(part["text"] for part in told["folded"])) is (reply.has_answer and not reply.forward)
    assert ("only quoted text" in told["warnings"]) is (reply.want == "")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Dziękuję", "pl"),
        ("haslo nie dziala", "pl"),
        ("Zamawiam toner do drukarki.", "pl"),
        (f"17.\n\nOn Fri, Nov 27, 2026 at 10:22 AM Adam wrote:\n{QUOTED}", "pl"),
        ("17.\n\nWysłane z iPhone’a", "pl"),
        ("Thank you, it works.", "en"),
        ("Der Bericht ist leer. Bitte um Hilfe.", "de"),
        ("Dobrý den, sestava je prázdná, prosím o pomoc.", "cs"),
        ("Добрий день, звіт порожній.", "uk"),
        ("17", None),
        ("I did, no change.", "en"),
        ("Už to tiskne, díky. Odesláno z mobilního telefonu", "cs"),
        ("Так, все гаразд. Що далі?", "uk"),
        ("Nefunguje to", "cs"),
        ("Ça ne marche pas", "fr"),
        ("Vielen Dank", "de"),
        ("Leider nein, gleicher Fehler.", "de"),
        ("I co dalej? Raport jest pusty.", "pl"),
        ("Veniam company, Armenia: Lego", None),
    ],
)
def test_the_language_by_its_words_then_by_what_it_answers(text: str, language: str | None) -> None:
    assert explain("x", Reply(text, subject="17").raw)["language"] == language
