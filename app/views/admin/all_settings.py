"""All settings on one page: in groups, each with a sentence on what it does, found by any of its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import Form
from wtforms.fields.core import UnboundField

from app.extensions import appbuilder
from app.search.analysis.folding import fold
from app.views import navigation
from app.views.admin.branding import BrandingForm
from app.views.admin.calendar_forms import CalendarForm
from app.views.admin.clock import ClockForm
from app.views.admin.connections import IncomingForm, OutgoingForm
from app.views.admin.ends import EndsForm
from app.views.admin.field_forms import FieldForm
from app.views.admin.hooks import HookForm
from app.views.admin.imports import NewForm
from app.views.admin.letter_templates import WordsForm
from app.views.admin.made import MADE, MOST_SHOWN, Made
from app.views.admin.registration import RegistrationForm
from app.views.admin.roles import NamedAbilitiesForm
from app.views.admin.states import NewStateForm
from app.views.admin.telephone import TelephoneForm
from app.views.admin.transfer import FileForm
from app.views.admin.why import WhyForm
from app.views.authors.types import NewTypeForm
from app.views.desk.absences import AbsenceForm
from app.views.doors import requires


@dataclass(frozen=True)
class Setting:
    """A page of the menu, known by its view; `forms` are those on it beside the columns and forms of a grid."""

    view: str
    does: Any
    forms: tuple[type[Form], ...] = ()

    def fields(self) -> list[str]:
        """What the fields inside are called, in the reader's language, each once."""
        grid = next((view for view in appbuilder.baseviews if type(view).__name__ == self.view), None)
        extra = [getattr(grid, name, None) or {} for name in ("add_form_extra_fields", "edit_form_extra_fields")]
        asked = [getattr(form, name) for form in self.forms for name in dir(form)]
        labels = [_label(field) for field in (*asked, *(field for each in extra for field in each.values()))]
        # FAB adds labels of its own making, in English: ours are the lazy ones.
        labels += [label for label in getattr(grid, "label_columns", {}).values() if isinstance(label, LazyString)]
        return [*dict.fromkeys(str(label) for label in labels if label)]


@dataclass(frozen=True)
class Found:
    """A setting as it is shown: the words asked for name its fields `inside`, and what is `made` there."""

    entry: navigation.Entry
    does: str
    inside: list[str]
    made: Sequence[Made]


GROUPS: tuple[tuple[str, Any, tuple[Setting, ...]], ...] = (
    (
        "mail",
        _l("Mail"),
        (
            Setting(
                "MailboxModelView",
                _l("Addresses that customers write to: how letters are fetched and sent, and what each is for."),
                (IncomingForm, OutgoingForm),
            ),
            Setting(
                "IntakeRuleModelView",
                _l("What becomes of letters by sender, subject or header: a group, a priority, a tag, or a refusal."),
            ),
            Setting(
                "LetterTemplatesView", _l("The words of every letter that the desk sends by itself."), (WordsForm,)
            ),
            Setting("ReadyAnswerModelView", _l("Texts that consultants put into their answers with one click.")),
            Setting("LetterModelView", _l("Letters that wait, were sent or could not be sent; send one again.")),
            Setting("BalanceView", _l("Whether every letter that came in was dealt with, by mailbox and day.")),
        ),
    ),
    (
        "people",
        _l("People and rights"),
        (
            Setting("CustomerModelView", _l("Accounts of customers: names, addresses, languages and companies.")),
            Setting("OrganisationModelView", _l("Customers' companies, their mail domains, and who belongs to them.")),
            Setting("StaffModelView", _l("Accounts of those who work here, their roles and product groups.")),
            Setting("InvitationModelView", _l("Who was invited to join, and which invitations still hold.")),
            Setting("AbsencesView", _l("Who is away, and who stands in for him."), (AbsenceForm,)),
            Setting(
                "RolesView", _l("What each role lets somebody do; copies of roles for your own."), (NamedAbilitiesForm,)
            ),
            Setting("WhyView", _l("Whether a person sees a ticket, and by which rule."), (WhyForm,)),
            Setting(
                "RegistrationView",
                _l("Whether a new account waits for approval, and whether those who work here need a second step."),
                (RegistrationForm,),
            ),
            Setting("MailDomainModelView", _l("Domains of mail from which people may register, or may not.")),
            Setting("KeyModelView", _l("Keys by which programs use the API, and how to revoke them.")),
        ),
    ),
    (
        "service",
        _l("Service"),
        (
            Setting("ProductGroupModelView", _l("What customers can ask about, and which consultants answer for it.")),
            Setting(
                "TelephoneView",
                _l("The desk's number, the digits that callers press, and how long a call may wait to be confirmed."),
                (TelephoneForm,),
            ),
            Setting("ServiceLevelModelView", _l("How soon customers are promised an answer and a solution.")),
            Setting(
                "CalendarModelView", _l("Opening hours and holidays, by which all times are counted."), (CalendarForm,)
            ),
            Setting("ClockView", _l("Try out how a calendar counts time, line by line."), (ClockForm,)),
            Setting("StatesView", _l("The states of a ticket, their names and their order."), (NewStateForm,)),
            Setting("EndsView", _l("When a resolved ticket closes, and how long it can be opened again."), (EndsForm,)),
        ),
    ),
    (
        "data",
        _l("Data and fields"),
        (
            Setting(
                "FieldsView",
                _l("Fields of your own on tickets, people and companies, and who sees them."),
                (FieldForm,),
            ),
            Setting("TagModelView", _l("Words by which tickets are found again; rename one everywhere at once.")),
            Setting(
                "ImportsView",
                _l("Accounts and companies from a CSV file, tried out before anything is kept."),
                (NewForm,),
            ),
        ),
    ),
    (
        "look",
        _l("Look and words"),
        (
            Setting("BrandingView", _l("The desk's name, its logo and its colours."), (BrandingForm,)),
            Setting("TranslationsView", _l("Every sentence of the pages and letters, in every language.")),
            Setting("GlossaryView", _l("What words are called in each language, and what they are not called.")),
            Setting(
                "ContentTypesView", _l("Kinds of texts for readers, and the fields that each has."), (NewTypeForm,)
            ),
            Setting("SearchWordsView", _l("Words that search takes for one another, and words that it ignores.")),
        ),
    ),
    (
        "system",
        _l("System"),
        (
            Setting("HooksView", _l("Tell other programs what happens on the desk as it happens."), (HookForm,)),
            Setting(
                "TransferView",
                _l("Carry the settings of one desk to another, compared before they change."),
                (FileForm,),
            ),
            Setting("AuditModelView", _l("Who changed which setting or right, when, and from where.")),
        ),
    ),
)

FIRST_STEPS = (
    "ProductGroupModelView",
    "TelephoneView",
    "CalendarModelView",
    "MailboxModelView",
    "BrandingView",
    "StaffModelView",
    "ImportsView",
)


class AllSettingsView(BaseView):
    """The way to every setting that this person may open."""

    route_base = "/desk/settings"
    default_view = "page"

    @expose("/")
    @requires("list")
    def page(self) -> ResponseReturnValue:
        asked = request.args.get("q", "").replace("\x00", "").strip()[:200]
        groups = [(code, name, [*_found(settings, asked)]) for code, name, settings in GROUPS]
        shown = [group for group in groups if group[2]]
        count = sum(len(settings) for _code, _name, settings in shown)
        return self.render_template("desk/settings.html", groups=shown, asked=asked, count=count)


def first_steps() -> list[Found]:
    """What a new desk needs before its first ticket, as far as this person may set it."""
    by_view = {setting.view: setting for _code, _name, settings in GROUPS for setting in settings}
    return [*_found(tuple(by_view[view] for view in FIRST_STEPS), "")]


def _found(settings: tuple[Setting, ...], asked: str) -> Iterator[Found]:
    """Those that this person may open and that hold every word, or the beginning or middle of one."""
    entries = {entry.view: entry for entry in navigation.DESK if entry.is_permitted}
    words = fold(asked).split()
    for setting in settings:
        if (entry := entries.get(setting.view)) is None:
            continue
        does, fields = str(setting.does), setting.fields() if words else []
        said = fold(f"{entry.label} {does}")
        sought = [word for word in words if word not in said]
        inside = [name for name in fields if any(word in fold(name) for word in sought)]
        made = _made(setting.view, sought) if sought else []
        if made or all(word in fold(" ".join(inside)) for word in sought):
            yield Found(entry, does, inside, made[:MOST_SHOWN])


def _made(view: str, words: Sequence[str]) -> list[Made]:
    """What somebody made there and called by every one of the words, in whatever language."""
    made = MADE[view]() if view in MADE else ()
    return [each for each in made if all(word in fold(" ".join(each.names)) for word in words)]


def _label(field: Any) -> Any:
    if not isinstance(field, UnboundField):
        return None
    return field.args[0] if field.args else field.kwargs.get("label")
