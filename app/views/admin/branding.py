"""How the desk looks to its customers: its name, its logo, its colours."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from flask import current_app, flash, redirect
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, Form, StringField, ValidationError
from wtforms.validators import Length, StopValidation
from wtforms.widgets import ColorInput

from app.contrast import READABLE, WHITE, contrast, mixed
from app.desk.branding import HEX, Branding, branding, forget, rgb, set_branding
from app.events.transaction import transaction
from app.files.pictures import picture_type
from app.locale import size
from app.views import visitor
from app.views.admin.fields import REQUIRED
from app.views.desk import guarded
from app.views.doors import requires
from app.views.portal.forms import plain

LARGEST_LOGO = 200_000  # bytes: every page shows it
MARKED = 0.16  # so much white lies over the bar where a menu entry is marked


class UnderWhite:
    """Refuses a colour on which white words cannot be read; `lightened` where the page puts white over it."""

    def __init__(self, lightened: float = 0) -> None:
        self.lightened = lightened

    def __call__(self, _form: Form, field: Any) -> None:
        if not HEX.fullmatch(field.data or ""):
            raise StopValidation(_("Write a colour as # and six digits, for example #0a5ca8."))
        found = contrast(WHITE, mixed(rgb(field.data), WHITE, self.lightened))
        if found < READABLE:
            raise ValidationError(
                _(
                    "White words could hardly be read on this colour: their contrast is %(found)s : 1, and"
                    " %(least)s : 1 is needed. Choose a darker one.",
                    found=format_decimal(int(found * 10) / 10),
                    least=format_decimal(READABLE),
                )
            )


class APicture:
    """Refuses a logo that is no picture, or a large one."""

    def __call__(self, _form: Form, field: Any) -> None:
        content = _content(field)
        if len(content) > LARGEST_LOGO:
            raise ValidationError(_("The logo may have at most %(size)s.", size=size(LARGEST_LOGO)))
        if content and not picture_type(content):
            raise ValidationError(_("The logo has to be a picture: PNG, JPEG, GIF or WebP."))


class BrandingForm(FlaskForm):
    name = StringField(
        _l("Name of the desk"),
        filters=[plain],
        validators=[REQUIRED, Length(max=60)],
        description=_l("It stands on every page and in the name that letters come from."),
    )
    bar = StringField(_l("Colour of the bar on top"), widget=ColorInput(), validators=[UnderWhite(MARKED)])
    fill = StringField(
        _l("Colour of buttons and links"),
        widget=ColorInput(),
        validators=[UnderWhite()],
        description=_l("Links get it as light or dark as they need to be read, on light pages and on dark ones."),
    )
    logo = FileField(
        _l("Logo"),
        validators=[APicture()],
        description=_l(
            "Beside the name, 32 pixels high, on pages and above letters. Best is a PNG without a background."
        ),
    )
    no_logo = BooleanField(_l("Show no logo"))


class BrandingView(BaseView):
    """The look that an administrator chooses."""

    route_base = "/desk/look"
    default_view = "page"

    @expose("/", methods=["GET"])
    @requires("list")
    def page(self) -> ResponseReturnValue:
        return self._shown(_opened())

    @expose("/", methods=["POST"])
    @requires("edit")
    def save(self) -> ResponseReturnValue:
        forget()  # what another process has saved meanwhile
        with transaction():
            form = _opened()
            if guarded.is_overtaken(form) or not form.validate_on_submit():
                return self._shown(form)
            set_branding(_wanted(form))
        forget()
        flash(_("Saved."), "success")
        return redirect("/desk/look/", 303)

    @expose("/default", methods=["POST"])
    @requires("edit")
    def restore(self) -> ResponseReturnValue:
        """The look that the product comes with."""
        with transaction():
            set_branding(Branding())
        forget()
        flash(_("The desk looks as it came."), "success")
        return redirect("/desk/look/", 303)

    def _shown(self, form: BrandingForm) -> ResponseReturnValue:
        may_edit = visitor.may("can_edit", "BrandingView")
        page = self.render_template("desk/branding.html", form=form, may_edit=may_edit)
        return page, guarded.status_of(form)


def _opened() -> BrandingForm:
    return guarded.opened(partial(BrandingForm, obj=branding()))


def _wanted(form: BrandingForm) -> Branding:
    chosen = Branding(
        name=form.name.data or "",
        bar=(form.bar.data or "").lower(),
        fill=(form.fill.data or "").lower(),
    )
    content, before = _content(form.logo), branding()
    if content:
        digest = current_app.extensions["files"].put(content)
        return replace(chosen, logo=digest, logo_type=picture_type(content) or "")
    return chosen if form.no_logo.data else replace(chosen, logo=before.logo, logo_type=before.logo_type)


def _content(field: Any) -> bytes:
    """The bytes of the chosen file, at most one more than may be; nothing where none was chosen."""
    if not getattr(field.data, "filename", ""):
        return b""
    field.data.seek(0)
    return bytes(field.data.read(LARGEST_LOGO + 1))
