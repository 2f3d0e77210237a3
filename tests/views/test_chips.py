"""What a list is filtered by, as a line of chips."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from app.views.chips import Chip, chips
from tests.browsing import Visitor, text_of

BOXES = """
<input type="hidden" name="view" value="7">
<fieldset><legend>State</legend>
<label><input type="checkbox" name="state" value="new" checked> New</label>
<label><input type="checkbox" name="state" value="open" checked> Open</label>
<label><input type="checkbox" name="state" value="closed"> Closed</label></fieldset>
<label for="group">Group</label><select id="group" name="group"><option value="">All</option>
<option value="3" selected>TARGIT &amp; co</option></select>
<label for="text">Words</label><input id="text" name="text" value="">
<input id="since" type="date" name="since" value="x">
<label><input type="checkbox" name="mine" value="1" checked> Only my own</label>
<select name="sort"><option value="updated" selected>Change</option><option value="number">Number</option></select>
"""


def test_each_box_that_narrows_has_a_chip_that_leaves_it_out(app: Flask) -> None:
    with app.test_request_context():
        found = chips(BOXES, "/list/")
    assert found == [
        Chip("State", "New, Open", "/list/?view=7&group=3&since=x&mine=1&sort=updated"),
        Chip("Group", "TARGIT & co", "/list/?view=7&state=new&state=open&since=x&mine=1&sort=updated"),
        Chip("", "x", "/list/?view=7&state=new&state=open&group=3&mine=1&sort=updated"),
        Chip("Only my own", "", "/list/?view=7&state=new&state=open&group=3&since=x&sort=updated"),
    ]


def test_a_list_that_is_filtered_says_by_what(
    make_account: Callable[..., int], browser_of: Callable[..., Visitor]
) -> None:
    make_account("anna@klient.example", organisation="Klient")
    anna = browser_of("anna@klient.example")
    assert not anna.page("/tickets/").xpath("//ul[@class='chips']")
    chip = anna.page("/tickets/?state=new&mine=1").xpath("//ul[@class='chips']/li/a")[0]
    assert text_of(chip).startswith("Stan: Nowe")
    assert not anna.page(chip.get("href")).xpath("//input[@name='state'][@checked]")
