"""A company's manager looks after his colleagues' accounts: invites, invites again, withdraws, removes."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms import EmailField, SelectField, StringField, ValidationError
from wtforms.validators import Length

from app.access import NotFound, manages_organisation
from app.accounts import colleagues, invitations
from app.accounts.addresses import BadAddress, understood
from app.accounts.errors import AlreadyColleague, TooManyInvitations
from app.accounts.invitations import shown_state
from app.events.transaction import transaction
from app.extensions import db
from app.locale import SPOKEN
from app.models.invitation import Invitation
from app.models.organisation import Membership, Organisation, Sharing
from app.views import visitor
from app.views.company import chosen_groups, save_sharing, sharing_form
from app.views.desk.filters import row_id
from app.views.doors import requires
from app.views.invited import SHARING_NAMES, STATE_BADGES, STATE_NAMES, sharing_name
from app.views.portal.forms import plain


class ColleagueForm(FlaskForm):
    """Whom to invite, and what he will see."""

    email = EmailField(_l("Your colleague's e-mail address"), render_kw={"autocomplete": "off"})
    name = StringField(_l("First and last name"), filters=[plain], validators=[Length(max=120)])
    locale = SelectField(_l("Language of the invitation"), choices=lambda: list(SPOKEN.items()))
    sharing = SelectField(
        _l("Will see"), choices=list(SHARING_NAMES.items()), default=Sharing.ORGANISATION, coerce=Sharing
    )
    groups = chosen_groups()

    def validate_email(self, field: EmailField) -> None:
        try:
            field.data = understood(field.data)
        except BadAddress as error:
            raise ValidationError(str(error)) from error


class ColleaguesView(BaseView):
    """What is told of an address is only what the manager's own company did with it, never whether others know it."""

    route_base = "/colleagues"
    default_view = "list"

    @expose("/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        managed = _managed()
        if not managed:
            raise NotFound
        companies = [(each, colleagues.members_of(each), colleagues.invited_to(each)) for each in managed]
        return self.render_template("portal/colleagues.html", companies=companies, **_words())

    @expose("/invite", methods=["GET", "POST"])
    @requires("invite")
    def invite(self) -> ResponseReturnValue:
        organisation = _organisation(row_id(request.args.get("organisation", "")))
        form = ColleagueForm(locale=visitor.account().locale or "pl")
        if not form.validate_on_submit() or not _invite(form, organisation):
            return self.render_template("portal/invite_colleague.html", form=form, organisation=organisation)
        flash(_("The invitation goes to %(email)s.", email=form.email.data), "success")
        return redirect("/colleagues/", 303)

    @expose("/again", methods=["POST"])
    @requires("invite")
    def again(self) -> ResponseReturnValue:
        with transaction():
            invitation = _invitation()
            colleagues.refuse_too_many(invitation.organisation_id)
            invitations.invite_again(invitation)
        flash(_("The invitation goes to %(email)s.", email=invitation.account.email), "success")
        return redirect("/colleagues/", 303)

    @expose("/withdraw", methods=["POST"])
    @requires("invite")
    def withdraw(self) -> ResponseReturnValue:
        with transaction():
            invitations.withdraw(_invitation(), by=visitor.account())
        flash(_("The invitation is withdrawn; its link no longer works."), "success")
        return redirect("/colleagues/", 303)

    @expose("/sharing/<int(max=2147483647):pk>", methods=["GET", "POST"])
    @requires("share")
    def sharing(self, pk: int) -> ResponseReturnValue:
        """What a colleague sees, from now on."""
        membership = _membership(pk)
        if membership.account_id == visitor.account().id:
            raise NotFound  # Another manager decides about this one.
        form = sharing_form(membership)
        if not form.validate_on_submit():
            return self.render_template("portal/sharing.html", form=form, member=membership)
        save_sharing(form, membership)
        flash(_("What %(name)s sees is changed.", name=membership.account.name), "success")
        return redirect("/colleagues/", 303)

    @expose("/remove", methods=["POST"])
    @requires("remove")
    def remove(self) -> ResponseReturnValue:
        with transaction():
            membership = _membership(_named("membership"))
            name = membership.account.name
            colleagues.remove(membership, by=visitor.account())
        flash(_("%(name)s no longer belongs to your company here.", name=name), "success")
        return redirect("/colleagues/", 303)


def _invite(form: ColleagueForm, organisation: Organisation) -> bool:
    """Whether it could be done; if not, the form says why."""
    try:
        with transaction():
            colleagues.refuse_too_many(organisation.id)
            invitations.invite_address(
                form.email.data,
                by=visitor.account(),
                name=form.name.data,
                locale=form.locale.data,
                organisation=organisation,
                sharing=form.sharing.data,
                product_groups=map(int, form.groups.data or ()),
            )
    except (AlreadyColleague, TooManyInvitations) as error:
        form.email.errors = [str(error)]
        return False
    return True


def _managed() -> list[Organisation]:
    query = select(Organisation).where(manages_organisation(visitor.standing())).order_by(Organisation.name)
    return list(db.session.scalars(query))


def _organisation(pk: int | None) -> Organisation:
    """The managed organisation that was named, or the only one. Raises NotFound."""
    managed = _managed()
    found = [each for each in managed if each.id == pk] if pk is not None else managed
    if len(found) != 1:
        raise NotFound
    return found[0]


def _invitation() -> Invitation:
    """The managed invitation that the form names. Raises NotFound."""
    managed = Invitation.organisation.has(manages_organisation(visitor.standing()))
    query = select(Invitation).where(Invitation.id == _named("invitation"), managed)
    options = (joinedload(Invitation.account), joinedload(Invitation.organisation))
    return _one(query.options(*options).with_for_update(of=Invitation))


def _membership(pk: int | None) -> Membership:
    """The managed membership of that id. Raises NotFound."""
    managed = Membership.organisation.has(manages_organisation(visitor.standing()))
    query = select(Membership).where(Membership.id == pk, managed)
    return _one(query.options(joinedload(Membership.account), joinedload(Membership.organisation)))


def _named(name: str) -> int | None:
    return row_id(request.form.get(name, ""))


def _one(query: Any) -> Any:
    row = db.session.scalars(query).unique().one_or_none()
    if row is None:
        raise NotFound
    return row


def _words() -> dict[str, Any]:
    return {
        "shown_state": shown_state,
        "state_names": STATE_NAMES,
        "state_badges": STATE_BADGES,
        "sharing_names": SHARING_NAMES,
        "sharing_name": sharing_name,
    }
