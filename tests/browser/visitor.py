"""Somebody at a browser of his own, of whom we know what the browser complained about."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize

DESKTOP = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=844)
NARROW = ViewportSize(width=320, height=640)  # also 1280 px at 400 % (WCAG 1.4.10)


class Visitor:
    """A browser context with one tab."""

    def __init__(self, browser: Browser, address: str, language: str, **options: Any) -> None:
        locale = {"pl": "pl-PL", "en": "en-GB"}[language]
        self.address, self.language = address, language
        # Without motion, since axe must not meet a button on its way from one colour to another.
        wanted = {"locale": locale, "viewport": DESKTOP, "reduced_motion": "reduce", **options}
        self.context = browser.new_context(base_url=address, **wanted)
        self.context.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("request", self._notice)
        self.page: Page = self.context.new_page()

    def sign_in(self, email: str, password: str) -> None:
        """By the form, in the language that this browser asks for."""
        self.page.goto("/login")
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password]", password)
        self.page.locator("main form button[type=submit]").click()
        self.page.locator(".account").wait_for()
        self.page.goto(f"/lang/{self.language}")

    def said(self) -> list[str]:
        """What the browser complained about since this was asked before."""
        said, self.complaints = self.complaints, []
        return said

    def _hear(self, message: ConsoleMessage) -> None:
        """Whatever goes to the console, except that a page was answered with an error, which a test may want."""
        is_of_the_page = message.location["url"] == self.page.url and "Failed to load resource" in message.text
        if message.type in ("error", "warning") and not is_of_the_page:
            self.complaints.append(f"{message.type}: {message.text}")

    def _notice(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "data" and f"{parts.scheme}://{parts.netloc}" != self.address:
            self.complaints.append(f"asked another host: {request.url}")
