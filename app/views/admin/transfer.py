"""Moving what administrators chose between desks: the file out, a plan of one that came in, and the plan carried out.

The file that was planned is kept by its hash until it is applied, so that nobody applies another than he looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField

from app.broken_rule import BrokenRule
from app.events.transaction import transaction
from app.models.types import utc_now
from app.transfer import apply as carrying_out
from app.transfer import seen
from app.transfer.compare import NEW, Plan, compare, look
from app.transfer.files import LARGEST, Items, NotReadable, read, written
from app.views import visitor
from app.views.doors import fresh, requires

HERE = "/desk/config/"
ANSWER = "answer."  # of the names of radio buttons; the question's key follows
ACT_NAMES: Mapping[str, Any] = {"add": _l("To be added"), "change": _l("To be changed"), "remove": _l("To be removed")}
BADGES = {"add": "good", "change": "state-new", "remove": "bad"}
KIND_NAMES: Mapping[str, Any] = {
    "calendar": _l("Calendar"),
    "product_group": _l("Product group"),
    "mailbox": _l("Mailbox"),
    "state": _l("State"),
    "service_level": _l("Service level"),
    "intake_rule": _l("Rule for letters"),
    "mail_domain": _l("Mail domain"),
    "tag": _l("Tag"),
    "letter_template": _l("Letter template"),
    "role": _l("Role"),
    "content_type": _l("Content type"),
    "field": _l("Field"),
    "saved_view": _l("Shared view"),
    "setting": _l("Setting"),
}


class FileForm(FlaskForm):
    """A file of another desk, or of this one from before."""

    file = FileField(_l("File"))


class TransferView(BaseView):
    """Menu Przenoszenie ustawień."""

    route_base = "/desk/config"
    default_view = "page"

    @expose("/")
    @requires("list")
    def page(self) -> ResponseReturnValue:
        return self._page()

    @expose("/export")
    @requires("list")
    def export(self) -> ResponseReturnValue:
        """All that administrators chose here, as one file."""
        with transaction():
            text = written(look().items())
        answer = Response(text, mimetype="application/json")
        day = utc_now().date().isoformat()
        answer.headers.set("Content-Disposition", "attachment", filename=f"bilety-{day}.json")
        return answer

    @expose("/plan", methods=["POST"])
    @requires("edit")
    def plan(self) -> ResponseReturnValue:
        """What the file would change, with the answers that were given so far."""
        try:
            text = _sent()
            wanted = read(text)
        except NotReadable as error:
            return self._page(f"{error} {error.detail}".strip()), 422
        sha256 = current_app.extensions["files"].put(text.encode())
        return self._planned(sha256, wanted, text)

    @expose("/apply", methods=["POST"])
    @requires("edit")
    @fresh
    def apply(self) -> ResponseReturnValue:
        """All of the plan in one transaction, or nothing of it."""
        try:
            text = _kept()
            wanted = read(text)
        except NotReadable as error:
            return self._page(f"{error} {error.detail}".strip()), 422
        try:
            with transaction():
                plan = carrying_out.apply(wanted, _answers(), since=seen.since(text) or "", by=visitor.account())
        except BrokenRule as error:
            return self._planned(seen.hash_of(text), wanted, text, str(error)), 422
        flash(_("%(count)s changes were made.", count=len(plan.changes)), "success")
        return redirect(HERE, 303)

    def _page(self, problem: str = "") -> str:
        form = FileForm()
        if problem:
            form.form_errors.append(problem)
        return str(
            self.render_template("desk/config.html", form=form, may_edit=visitor.may("can_edit", "TransferView"))
        )

    def _planned(self, sha256: str, wanted: Items, text: str, problem: str = "") -> str:
        with transaction():
            plan = compare(wanted, _answers())
            seen.note(text, plan)
        return str(
            self.render_template(
                "desk/config_plan.html",
                plan=plan,
                counts={act: sum(each.act == act for each in plan.changes) for act in ACT_NAMES},
                sha256=sha256,
                answers=_answers(),
                problem=problem,
                act_names=ACT_NAMES,
                badges=BADGES,
                kind_names=KIND_NAMES,
                prefix=ANSWER,
                new=NEW,
                may_apply=_may_apply(plan),
            )
        )


def _may_apply(plan: Plan) -> bool:
    return bool(plan.changes) and not plan.questions and not plan.refusals


def _answers() -> dict[str, str]:
    return {name.removeprefix(ANSWER): value for name, value in request.form.items() if name.startswith(ANSWER)}


def _sent() -> str:
    """The text of the file that was chosen, or of the one that was planned before. Raises NotReadable."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return _kept()
    with upload.stream as stream:
        content = stream.read(4 * LARGEST + 1)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotReadable("UTF-8") from error


def _kept() -> str:
    """The file that was planned last, if it is the one that the form means. Raises NotReadable."""
    sha256 = request.form.get("sha256", "")
    if not sha256 or sha256 != seen.planned():
        raise NotReadable(_("Choose a file.") if not sha256 else "")
    content: bytes = current_app.extensions["files"].get(sha256)
    return content.decode()
