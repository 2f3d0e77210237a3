"""The telephone's menu and duties are data that an administrator keeps (S18)."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.desk.telephone import menu, menu_with_duty, telephone
from app.extensions import db
from app.models.product_group import Assignment, ProductGroup
from tests.browsing import Visitor, text_of
from tests.views.admin.conftest import Browser

PAGE = "/desk/telephone/"


def typed(adam: Visitor) -> dict[str, str]:
    """The form as it stands."""
    fields = adam.page(PAGE).xpath("//main//form[@method='post']//input[@name]")
    return {field.get("name"): field.get("value") or "" for field in fields}


def ids(app: Flask, *names: str) -> list[int]:
    with app.app_context():
        found = {group.name: group.id for group in db.session.scalars(select(ProductGroup))}
    return [found[name] for name in names]


def test_what_is_saved_is_what_the_contact_page_tells(app: Flask, adam: Visitor, client: Visitor) -> None:
    dynamics, targit = ids(app, "DYNAMICS", "TARGIT")
    sent = typed(adam) | {"number": "+48 11 222 33 44", "first_digit": "5", "confirm_days": "2"}
    sent |= {f"digit_{dynamics}": sent[f"digit_{targit}"], f"digit_{targit}": sent[f"digit_{dynamics}"]}
    assert adam.post(PAGE, data=sent).status_code == 303
    told = text_of(client.page("/contact"))
    assert "+48 11 222 33 44" in told
    assert "Wybierz 5," in told
    assert "2 dni roboczych" in told
    with app.app_context():
        assert [(group.menu_digit, group.name) for group in menu()][::2] == [("1", "TARGIT"), ("3", "DYNAMICS")]


def test_calls_are_offered_in_the_order_of_duty_and_to_all_while_there_is_none(
    app: Flask, adam: Visitor, browser_of: Browser
) -> None:
    def dynamics() -> list[str]:
        with app.app_context():
            return [person.email for person in menu_with_duty()[0].on_duty]

    everybody = dynamics()
    assert len(everybody) > 0
    with app.app_context():
        group = db.session.scalars(select(ProductGroup).where(ProductGroup.name == "DYNAMICS")).one()
        places = db.session.scalars(select(Assignment).where(Assignment.product_group_id == group.id)).all()
        fields = {place.account.email: f"duty_{place.id}" for place in places}
    last = everybody[-1]
    adam.post(PAGE, data=typed(adam) | {fields[last]: "1"})
    assert dynamics() == [last]
    adam.post(PAGE, data=typed(adam) | {fields[last]: ""})
    assert dynamics() == everybody


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"number": "zadzwoń"}, "Wpisz numer telefonu cyframi."),
        ({"first_digit": "33"}, "Wpisz jedną cyfrę."),
        ({"confirm_days": "0"}, ""),
        ({"remind_minutes": "kwadrans"}, ""),
    ],
)
def test_what_cannot_be_saved_is_said_and_stays_typed(
    app: Flask, adam: Visitor, wrong: dict[str, str], told: str
) -> None:
    answer = adam.post(PAGE, data=typed(adam) | wrong | {"first_digit": wrong.get("first_digit", "7")})
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    assert told in text
    assert 'aria-invalid="true"' in text
    assert all(f'value="{value}"' in text for value in wrong.values())
    with app.app_context():
        assert telephone().first_digit == "3"


def test_two_product_groups_cannot_have_one_digit(app: Flask, adam: Visitor) -> None:
    first, second = ids(app, "DYNAMICS", "PROPHIX")
    answer = adam.post(PAGE, data=typed(adam) | {f"digit_{second}": typed(adam)[f"digit_{first}"]})
    assert "Tę cyfrę ma już inna grupa produktowa." in answer.get_data(as_text=True)


def test_only_administrators_change_it(jan: Visitor) -> None:
    assert jan.get(PAGE).status_code == 403


def test_a_desk_without_a_telephone_shows_none(adam: Visitor, client: Visitor) -> None:
    adam.post(PAGE, data=typed(adam) | {"number": ""})
    for page in ("/", "/contact"):
        assert "tel:" not in client.get(page).get_data(as_text=True)
