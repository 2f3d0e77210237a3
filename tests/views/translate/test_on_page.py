"""Pointing at sentences on the pages themselves."""

from __future__ import annotations

import pytest
from lxml import html

from app.catalogs.sources import key_of
from app.views.translate.on_page import BEGIN, END, MIDDLE, named, pointed
from tests.browsing import Visitor, text_of
from tests.views.translate.conftest import ADAM, ANNA, Browser

POINT = "//form[contains(@action, '/point')]"
PAGES = ("/", "/contact", "/articles/", "/search?q=x", "/profile/", "/desk/entries/", "/nowhere")


@pytest.fixture
def pointing(tom: Visitor) -> Visitor:
    tom.submit("/desk/translations/", {"wanted": "yes"}, form=POINT)
    return tom


def test_every_sentence_of_a_page_leads_to_its_editor(pointing: Visitor) -> None:
    page = pointing.page("/contact")
    key = key_of("Contact")
    assert page.xpath(f"//*[@data-sentence='{key}']")
    links = page.xpath("//aside[@class='pointing']//li/a/@href")
    mine = next(link for link in links if key in link)
    editor = pointing.page(mine)
    assert editor.xpath("//a[@href='/contact']")
    assert not editor.xpath("//*[@data-sentence]")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_the_same_and_keeps_its_attributes_while_somebody_points(
    tom: Visitor, browser_of: Browser, path: str
) -> None:
    def read(answer_text: str) -> tuple[str, list[str], str]:
        tree = html.fromstring(answer_text)
        for bar in tree.xpath("//aside[@class='pointing']"):
            bar.drop_tree()
        labels = [str(each) for each in tree.xpath("//@aria-label | //@placeholder | //@title | //option/text()")]
        return text_of(tree.xpath("//main")[0]), labels, text_of(tree.xpath("//title")[0])

    before = tom.get(path).text
    tom.submit("/desk/translations/", {"wanted": "yes"}, form=POINT)
    after = tom.get(path).text
    assert read(after) == read(before)
    assert not {BEGIN, MIDDLE, END} & set(after)


def test_it_ends_where_it_began_and_is_only_for_who_translates(pointing: Visitor, browser_of: Browser) -> None:
    pointing.submit("/desk/translations/", {"wanted": "no"}, form=POINT)
    assert not pointing.page("/contact").xpath("//*[@data-sentence]")
    anna = browser_of(ANNA)
    with anna.session_transaction() as kept:
        kept["points_at_sentences"] = True
    assert not anna.page("/contact").xpath("//*[@data-sentence]")


def test_an_administrator_points_on_pages_of_the_desk(browser_of: Browser) -> None:
    adam = browser_of(ADAM)
    adam.submit("/desk/translations/", {"wanted": "yes"}, form=POINT)
    for path in ("/desk/tickets/list/", "/desk/states/", "/desk/roles/consultant", "/desk/customers/list/"):
        assert adam.page(path).xpath("//*[@data-sentence]"), path
    answer = adam.get("/api/v1/search/?q=x")
    assert BEGIN not in answer.text


def test_nothing_but_text_becomes_an_element() -> None:
    inner = named("%(num)d row", "5 wierszy")
    outer = named("Of %(what)s", f"Z: {inner} &lt;b&gt;")
    page = f'<p title="{named("Home", "Start")}">{outer}</p><title>{inner}</title>{BEGIN}x'
    text, keys = pointed(page)
    assert text == (
        f'<p title="Start"><span data-sentence="{key_of("Of %(what)s")}">Z: '
        f'<span data-sentence="{key_of("%(num)d row")}">5 wierszy</span> &lt;b&gt;</span></p><title>5 wierszy</title>x'
    )
    assert len(keys) == 3


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_the_way_back_leads_nowhere_else(tom: Visitor, path: str) -> None:
    page = tom.page(f"/desk/translations/pl/messages/{key_of('Contact')}?from={path}")
    assert not page.xpath(f"//a[@href='{path}']")
