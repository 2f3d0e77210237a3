"""Texts are written in versions, translated from each other, found at their addresses, and never lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.content import entries, errors
from app.content.addresses import address_from, variant_at
from app.content.entries import Words, save, source_change, versions_of, words_of
from app.content.publishing import publish
from app.events.transaction import transaction
from app.models.account import Account
from app.models.entry import Entry, Variant


def test_whoever_saves_words_that_somebody_changed_meanwhile_is_shown_both(text: Variant, olga: Account) -> None:
    with transaction():
        save(text, Words("Łódź", body="pierwsze"), seen=1, by=olga)
    with pytest.raises(errors.StaleText) as refused, transaction():
        save(text, Words("Łódź", body="drugie"), seen=1, by=olga)
    assert refused.value.current.body == "pierwsze"
    assert [version.number for version in versions_of(text)] == [2, 1]


def test_an_earlier_version_comes_back_whole_as_the_newest(text: Variant, olga: Account) -> None:
    first = words_of(versions_of(text)[0])
    with transaction():
        save(text, Words("Inny tytuł", "skrót", "inna treść", "inny-adres"), seen=1, by=olga)
        entries.restore(text, 1, seen=2, by=olga)
    assert text.version == 3
    assert words_of(versions_of(text)[0]) == first
    with pytest.raises(LookupError), transaction():
        entries.restore(text, 9, seen=3, by=olga)


def test_a_translation_knows_which_words_it_was_made_from(text: Variant, olga: Account) -> None:
    with transaction():
        english = entries.add_variant(text.entry, "en", Words("Yellow boat"), by=olga)
    assert not english.is_out_of_date
    assert source_change(english) is None
    with transaction():
        save(text, Words("Łódź", body="nowa treść"), seen=1, by=olga)
        save(english, Words("A yellow boat"), seen=1, by=olga)
    assert english.is_out_of_date
    before, after = source_change(english) or pytest.fail("nothing to compare")
    assert (before.body, after.body) == ("Treść", "nowa treść")
    with transaction():
        save(english, Words("A boat"), seen=2, by=olga, translated=True)
    assert not english.is_out_of_date
    with pytest.raises(errors.LanguageTaken), transaction():
        entries.add_variant(text.entry, "en", Words("Again"), by=olga)
    with pytest.raises(errors.UnknownLanguage), transaction():
        entries.add_variant(text.entry, "xx", Words("Again"), by=olga)


def test_an_address_that_readers_know_leads_to_the_text_for_ever(
    text: Variant, write: Callable[..., Entry], olga: Account
) -> None:
    assert text.slug == "zolta-lodz-co-dalej"
    assert write("Żółta łódź, co dalej").source.slug == "zolta-lodz-co-dalej-2"
    with transaction():
        publish(text, seen=1)
        save(text, Words("Łódź", slug="szkic"), seen=1, by=olga)
        save(text, Words("Łódź", slug="lodz"), seen=2, by=olga)
        publish(text, seen=3)
    for slug in ("zolta-lodz-co-dalej", "lodz"):
        assert variant_at("article", "pl", slug) is text
    assert variant_at("article", "pl", "szkic") is None  # only a draft ever named it
    assert variant_at("article", "en", "lodz") is None
    other = write("Inny").source
    with pytest.raises(errors.AddressTaken), transaction():
        save(other, Words("Inny", slug="zolta-lodz-co-dalej"), seen=1, by=olga)


@pytest.mark.parametrize("slug", ["Wielkie", "a b", "-a", "a/b", "ł", "x" * 121])
def test_what_is_no_address_is_refused(text: Variant, olga: Account, slug: str) -> None:
    with pytest.raises(errors.NoAddress), transaction():
        save(text, Words("Łódź", slug=slug), seen=1, by=olga)
    assert (text.version, len(versions_of(text))) == (1, 1)


@pytest.mark.parametrize("title", ["", "  ", "x" * 201])
def test_a_text_has_a_title(text: Variant, olga: Account, title: str) -> None:
    with pytest.raises(errors.NoTitle), transaction():
        save(text, Words(title), seen=1, by=olga)


def test_every_title_gives_an_address() -> None:
    assert [address_from(title) for title in ("???", "Zażółć gęślą jaźń!", "x" * 300)] == [
        "text",
        "zazolc-gesla-jazn",
        "x" * 116,
    ]


def test_tags_are_kept_once_in_lower_case(text: Variant) -> None:
    with transaction():
        entries.set_tags(text.entry, [" VAT ", "vat", "druk", ""])
    with transaction():
        entries.set_tags(text.entry, ["vat", "faktury"])
    assert sorted(tag.name for tag in text.entry.tags) == ["faktury", "vat"]
