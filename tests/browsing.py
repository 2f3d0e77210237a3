"""A visitor who reads pages and fills in the forms that they hold, as a browser without JavaScript would."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from lxml.html import FormElement, HtmlElement
from werkzeug.test import TestResponse


class Visitor(FlaskClient):
    """Cookies of his own; `page` reads, `submit` sends a form of a page with its hidden fields."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app, app.response_class, use_cookies=True)

    def page(self, path: str, status: int = 200) -> HtmlElement:
        """The page at `path`, after redirects, as a tree; fails when its status is another."""
        answer = self.get(path, follow_redirects=True)
        assert answer.status_code == status, f"{path}: {answer.status_code}\n{answer.text[:2000]}"
        return html.fromstring(answer.text)

    def submit(
        self, path: str, values: dict[str, Any], *, form: str = "//main//form", follow: bool = True
    ) -> TestResponse:
        """Open the page, fill in the first form that the XPath `form` finds, send it. Unknown field names fail."""
        found = self.page(path).xpath(form)
        assert found, f"{path} has no form {form}"
        return self.send(found[0], path, values, follow=follow)

    def send(self, form: FormElement, path: str, values: dict[str, Any], *, follow: bool = True) -> TestResponse:
        """Send a form that was read from the page at `path`, with its hidden and default values."""
        method, target, data = filled_in(form, path, values)
        if method == "get":
            return self.get(target, query_string=data, follow_redirects=follow)
        answer = self.post(target, data=data, follow_redirects=follow)
        for step in (*answer.history, answer):
            step.request.environ["wsgi.input"].close()  # Werkzeug leaves the file of a large form open.
        return answer


def filled_in(form: FormElement, path: str, values: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """How a browser would send the form: method, target and its values with the hidden and default ones.

    A value of None is left out. Fails for a name that the form does not have.
    """
    names = {field.get("name") for field in form.xpath(".//input|.//select|.//textarea|.//button")}
    unknown = set(values) - names
    assert not unknown, f"The form at {path} has no field {unknown}; it has {names}"
    data: dict[str, Any] = {}
    for name, value in form.form_values():
        data.setdefault(name, []).append(value)
    data.update(values)
    kept = {name: value for name, value in data.items() if value is not None}
    return (form.get("method") or "get").lower(), form.get("action") or path, kept


def text_of(tree: HtmlElement) -> str:
    """What a reader sees of a tree, spaces made one."""
    return " ".join(tree.text_content().split())
