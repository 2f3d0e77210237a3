"""HTML that wants more than to be read: scripts, requests, frames, forms, overlays, tricks of parsers and encodings."""

from __future__ import annotations

from html.parser import HTMLParser

from app.mail.safe_html import ATTRIBUTES, BLOCKED, TAGS

SINK = "http://127.0.0.1:9911"
RUN = "window.__pwned=1;alert(1)"

HOSTILE = (
    # O44: scripts, by every way in
    f"<script>{RUN}</script>",
    f"<SCRIPT/x>{RUN}</SCRIPT>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<img src=x onerror='{RUN}'>",
    f"<img/src=x/onerror={RUN}>",
    f"<body onload='{RUN}'><p>x",
    f"<details open ontoggle='{RUN}'><summary>x</summary></details>",
    f"<a href='javascript:{RUN}' id=go>x</a>",
    f"<a href='java\tscript:{RUN}'>x</a>",
    f"<a href=' \x01javascript:{RUN}'>x</a>",
    f"<a href='&#106;&#97;vascript&colon;{RUN}'>x</a>",
    f"<a href='JaVaScRiPt&#x3A;{RUN}'>x</a>",
    f"<a href='data:text/html,<script>{RUN}</script>'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a><a href='file:///etc/passwd'>y</a><a href='blob:x'>z</a>",
    "<a href='/logout'>x</a><a href='//127.0.0.1:9911/'>y</a><a href='\\\\127.0.0.1\\x'>z</a>",
    f"<iframe src='javascript:{RUN}'></iframe><iframe srcdoc='<script>{RUN}</script>'></iframe>x",
    f"<object data='data:text/html,<script>{RUN}</script>'></object><embed src='{SINK}/e'>x",
    f'<img src=\'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="{RUN}"/>\'>',
    # svg, MathML and mixtures that parsers read differently (O48)
    f"<svg onload='{RUN}'><script>{RUN}</script><a xlink:href='javascript:{RUN}'><text>x</text></a></svg>",
    f"<svg><style><img src=x onerror='{RUN}'></style></svg>",
    f"<svg><foreignObject><iframe srcdoc='<script>{RUN}</script>'></iframe></foreignObject></svg>",
    f"<svg></p><style><g title='</style><img src=x onerror={RUN}>'>",
    f"<svg><animate xlink:href='#a' attributeName=href values='javascript:{RUN}'/><a id=a><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    f"<math><mi//xlink:href='data:x,<script>{RUN}</script>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<textarea><p title='</textarea><img src=x onerror={RUN}>'>",
    f"<title><p title='</title><img src=x onerror={RUN}>'>",
    f"<xmp><p title='</xmp><img src=x onerror={RUN}>'></xmp>",
    f"<template><img src=x onerror='{RUN}'></template>x",
    f"<select><template><style><!--</style><img src=x onerror='{RUN}'>-->",
    f"<!--[if gte mso 9]><script>{RUN}</script><img src={SINK}/m><![endif]-->x",
    f"<!--><img src=x onerror='{RUN}'>-->",
    f"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><script>{RUN}</script></html>",
    f"<p title='&quot;&gt;&lt;img src=x onerror={RUN}&gt;'>x</p>",
    f"<img alt='`&lt;script&gt;{RUN}&lt;/script&gt;' src=cid:x>",
    f"<p id='\"><img src=x onerror={RUN}>' class='gmail_quote\"><img src=x onerror={RUN}>'>x</p>",
    f"<table><td><caption><img src=x onerror='{RUN}'></table><plaintext>x",
    "<b" * 50 + f"<img src=x onerror='{RUN}'>",
    f"<div>{'<div>' * 150}<img src=x onerror='{RUN}'>",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    # O45: what asks another server
    f"<img src={SINK}/a><img srcset='{SINK}/b 2x' src=cid:y><picture><source srcset={SINK}/c></picture>",
    f"<img src='http://127.0.0.1:9911/a' width=1 height=1 lowsrc={SINK}/l dynsrc={SINK}/d longdesc={SINK}/g>",
    f"<table background={SINK}/t><tr><td background={SINK}/u>x</table><body background={SINK}/v>",
    f"<link rel=stylesheet href={SINK}/s><link rel=prefetch href={SINK}/p><link rel=dns-prefetch href={SINK}>x",
    f"<video src={SINK}/v poster={SINK}/w autoplay></video><audio src={SINK}/u autoplay></audio>x",
    f"<video><track src={SINK}/t default></video><input type=image src={SINK}/i>x",
    f"<a href='{SINK}/x' ping='{SINK}/ping'>x</a><area href={SINK}/z ping={SINK}/ping>",
    f"<q cite='{SINK}/q'>x</q><blockquote cite='{SINK}/b'>y</blockquote><ins cite='{SINK}/i'>z</ins>",
    # O46, by styles
    f"<style>@import '{SINK}/s'; a[href^='h']{{background:url({SINK}/e)}}</style><p>x</p>",
    f"<p style='background:url({SINK}/c)'>x</p><p style='background-image:image-set(\"{SINK}/d\" 1x)'>y</p>",
    f"<p style='back\\67round:u\\72l({SINK}/c);list-style:url({SINK}/l);cursor:url({SINK}/k),auto'>x</p>",
    f"<p style='color:red;/*'>x</p><p style='*/background:url({SINK}/c)'>y</p>",
    f"<p style=\"font-family:'a;b';background:u/**/rl({SINK}/c)\">x</p>",
    f"<p style='width:expression({RUN});behavior:url({SINK}/b);-moz-binding:url({SINK}/m)'>x</p>",
    "<div style='position:fixed;inset:0;z-index:9999;background:#fff'>Sesja wygasła</div>",
    "<div style='position:absolute;top:-500px;margin-top:-9999px;transform:scale(99)'>x</div>",
    "<p style='font-size:900px;line-height:9000px;width:99999px;padding:9999px;letter-spacing:999px'>x</p>",
    "<p style='font-size:0;line-height:0;max-height:0;overflow:hidden;display:none;opacity:0'>ukryte</p>",
    "<p style='content:url(x);--a:url(x);color:var(--a);filter:blur(9px);animation:a 1s'>x</p>",
    # O47: forms, refreshes, bases
    f"<form action={SINK}/f><input name=p autofocus onfocus='{RUN}'><button formaction={SINK}/g>OK</button></form>x",
    f"<isindex action={SINK}/i><keygen><textarea>x</textarea><select><option>y</select>",
    f"<meta http-equiv=refresh content='0;url={SINK}/m'><meta http-equiv=set-cookie content='a=b'>x",
    f"<base href='{SINK}/'><base target=_top><a href=x>x</a>",
    f"<a href='{SINK}/' target=_top>x</a><a href='{SINK}/' target=_self download>y</a>",
    f"<frameset onload='{RUN}'><frame src={SINK}/f></frameset>",
    f"<marquee onstart='{RUN}'>x</marquee><dialog open>y</dialog><portal src={SINK}/p></portal>",
)

ANYWHERE = ("style", "class", "dir", "id", "name")


class Strict(HTMLParser):
    """A second parser, which knows nothing of the first: it keeps what the allow list does not name."""

    def __init__(self, *, shown: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.shown, self.found = shown, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tags = TAGS | {"details", "summary"} if self.shown else TAGS
        names = {*ANYWHERE, *ATTRIBUTES.get(tag, ()), *(("target", "rel") if tag == "a" else ())}
        if tag not in tags:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name not in names or not _is_sound(name, (value or "").strip().lower(), shown=self.shown):
                self.found.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl}")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data}")


def _is_sound(name: str, value: str, *, shown: bool) -> bool:
    if name == "href":
        return value.startswith(("http://", "https://", "mailto:", "tel:"))
    if name == "src":
        return value.startswith(("data:image/png;base64,",) if shown else ("cid:", f"{BLOCKED}http"))
    if name == "style":
        return not set(value) & set("\\{}@<>&") and "url" not in value and value.count("(") == value.count("rgb(")
    return not name.startswith("on")


def left_in(html: str | None, *, shown: bool = False) -> list[str]:
    """What cleaned HTML holds that it must not hold."""
    strict = Strict(shown=shown)
    strict.feed(html or "")
    strict.close()
    return strict.found
