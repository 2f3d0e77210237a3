"""What a person calls the browser that he is signed in with."""

from __future__ import annotations

# Each names itself after the ones below it, so the first that is found is meant.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def browser_name(user_agent: str | None) -> str:
    """As "Firefox, Windows"; what cannot be told is left as the browser says it."""
    known = [_first(names, user_agent or "") for names in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, known)) or (user_agent or "")[:80]


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for sign, name in names.items() if sign in user_agent), "")
