"""HTML of strangers: nothing of it runs, frames, posts or calls home (attack cases O44 to O48)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.mail.clean import marked_lines
from app.mail.parse import understand
from app.mail.safe_html import cleaned

LETTERS = Path(__file__).resolve().parent.parent / "letters"
ALIVE = re.compile(
    r"<\s*(script|style|iframe|object|embed|form|input|button|meta|base|link|svg|math|frame|video|audio)"
    r"|\son\w+\s*=|javascript:|vbscript:|data:|srcset|(?<!blocked:)https?://127\.0\.0\.1:9911|position\s*:",
    re.I,
)


def test_the_letter_with_every_trick_keeps_its_words_only() -> None:
    letter = understand((LETTERS / "script.eml").read_bytes())
    assert letter.text.startswith("Widoczny tekst.")
    assert "alert" not in letter.text
    assert letter.html is not None
    assert not ALIVE.search(letter.html)


@pytest.mark.parametrize(
    "source",
    [
        "<img src=x onerror=alert(1)>",
        "<img src=http://127.0.0.1:9911/a>",
        "<img src=//127.0.0.1:9911/a srcset='http://127.0.0.1:9911/b 2x'>",
        "<a href='java\tscript:alert(1)'>x</a>",
        "<a href='&#106;avascript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<a href='vbscript:x'>x</a>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<table background='http://127.0.0.1:9911/t'><tr><td style='background:url(http://127.0.0.1:9911/c)'>x</table>",
        "<p style='position:fixed;inset:0'>x</p>",
        "<style>@import 'http://127.0.0.1:9911/s'; a[href^=x]{background:url(http://127.0.0.1:9911/e)}</style>x",
        "<form action=http://127.0.0.1:9911/><input name=a><button formaction=http://127.0.0.1:9911/>b</button></form>",
        "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9911/'>x",
        "<base href=http://127.0.0.1:9911/>x",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>x",
        "<video src=http://127.0.0.1:9911/v><track src=http://127.0.0.1:9911/t></video>x",
        "<!--[if mso]><img src=http://127.0.0.1:9911/m><![endif]-->x",
    ],
)
def test_nothing_alive_is_left(source: str) -> None:
    assert not ALIVE.search(cleaned(source) or "")


def test_what_a_letter_needs_is_kept() -> None:
    source = '<p>Raport <b>nie</b> działa: <a href="https://klient.example/r">tu</a><img src="cid:obraz1" alt="z"></p>'
    found = cleaned(source)
    assert found is not None
    for kept in ("<p>", "<b>nie</b>", 'href="https://klient.example/r"', 'src="cid:obraz1"', 'rel="noopener'):
        assert kept in found


def test_nothing_visible_is_nothing() -> None:
    assert cleaned("<script>x</script>") is None


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("a<br>b", ["a", "b"]),
        ("<p>a</p><p>b</p>", ["a", "b"]),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", ["a b", "c"]),
        ("<ul><li>a<li>b</ul>", ["a", "b"]),
        ("<pre>a\n  b</pre>", ["a", "b"]),
        ("a\n   b&nbsp;c", ["a b c"]),
        ("<title>t</title><style>s</style><script>x</script>a<!-- c -->b", ["ab"]),
        ("", []),
        ("\x00", []),
        ("<", ["<"]),
    ],
)
def test_html_is_read_as_lines(source: str, lines: list[str]) -> None:
    assert [text for text, _mark in marked_lines(source) if text] == lines
