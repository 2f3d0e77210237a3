"""Readers get a version as it was published, from its time to its end, and only those who may."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access import sees_text, standing_of
from app.content import entries, errors
from app.content.entries import Readers, Words, save
from app.content.publishing import ask_for_review, do_what_is_due, publish, schedule, unschedule, withdraw, withdraw_at
from app.events.transaction import transaction
from app.extensions import db
from app.jobs.chores import CHORES
from app.jobs.timetable import TIMETABLE
from app.models.account import Account
from app.models.entry import Entry, PublishedText, TextState, Variant, Visibility
from app.models.types import utc_now
from tests.people import organisation_named

HOUR = timedelta(hours=1)


def read_by(account: Account | None) -> set[str]:
    standing = standing_of(db.session(), account) if account else None
    return set(db.session.scalars(select(PublishedText.title).where(sees_text(standing))))


def test_what_is_published_stays_up_while_its_next_words_are_drafted(text: Variant, olga: Account) -> None:
    with transaction():
        ask_for_review(text, seen=1)
        assert read_by(None) == set()
        publish(text, seen=1)
        save(text, Words("Szkic"), seen=1, by=olga)
    assert text.state == TextState.DRAFT
    assert read_by(None) == {"Żółta łódź: co dalej?"}
    for act in (ask_for_review, publish):
        with pytest.raises(errors.StaleText), transaction():
            act(text, seen=1)
    with transaction():
        publish(text, seen=2)
    assert read_by(None) == {"Szkic"}
    with transaction():
        withdraw(text)
    assert (read_by(None), text.state, text.title) == (set(), TextState.WITHDRAWN, "Szkic")
    with pytest.raises(errors.NothingPublished), transaction():
        withdraw(text)


def test_each_language_is_published_by_itself(text: Variant, olga: Account) -> None:
    with transaction():
        english = entries.add_variant(text.entry, "en", Words("Boat"), by=olga)
        publish(english, seen=1)
    assert read_by(None) == {"Boat"}
    assert text.state == TextState.DRAFT


def test_what_was_scheduled_is_done_once_with_the_words_of_then(
    text: Variant, olga: Account, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(errors.InThePast), transaction():
        schedule(text, utc_now() - HOUR, seen=1)
    with transaction():
        schedule(text, utc_now() + HOUR, seen=1)
        withdraw_at(text, utc_now() + 3 * HOUR)
        save(text, Words("Szkic", slug="szkic"), seen=1, by=olga)
        assert text.state == TextState.SCHEDULED
        assert do_what_is_due(utc_now()) == 0
        with caplog.at_level(logging.WARNING):
            assert do_what_is_due(utc_now() + HOUR + timedelta(minutes=1)) == 1
            assert not caplog.records
            assert do_what_is_due(utc_now() + 2 * HOUR) == 0
    assert read_by(None) == {"Żółta łódź: co dalej?"}
    assert text.state == TextState.DRAFT
    with transaction():
        do_what_is_due(utc_now() + 4 * HOUR)
    assert read_by(None) == set()
    assert "is late" in caplog.text
    assert "publish_entries" in TIMETABLE
    assert "publish_entries" in CHORES


def test_what_was_scheduled_can_be_cancelled(text: Variant, olga: Account) -> None:
    with pytest.raises(errors.NothingScheduled), transaction():
        unschedule(text)
    with transaction():
        publish(text, seen=1)
        schedule(text, utc_now() + HOUR, seen=1)
        withdraw_at(text, utc_now() + 2 * HOUR)
        unschedule(text)
    assert (text.state, text.publish_at, text.withdraw_at) == (TextState.PUBLISHED, None, None)
    with transaction():
        save(text, Words("Szkic"), seen=1, by=olga)
        schedule(text, utc_now() + HOUR, seen=2)
        unschedule(text)
        assert do_what_is_due(utc_now() + 3 * HOUR) == 0
    assert text.state == TextState.DRAFT


def test_readers_get_the_fields_of_the_version_and_a_restored_one_brings_its_own(text: Variant, olga: Account) -> None:
    with transaction():
        text.fields, text.fields_set = {"f1": "24.3"}, 3
        save(text, Words("Łódź"), seen=1, by=olga)
        publish(text, seen=2)
        text.fields = {"f1": "24.5"}
        save(text, Words("Łódź"), seen=2, by=olga)
    assert text.published is not None
    assert (text.published.fields, text.published.fields_set) == ({"f1": "24.3"}, 3)
    with transaction():
        entries.restore(text, 2, seen=3, by=olga)
    assert text.fields == {"f1": "24.3"}


def test_where_a_type_asks_for_review_its_writer_does_not_publish(text: Variant, people: dict[str, Account]) -> None:
    olga, jan = people["olga"], people["jan"]
    with transaction():
        text.entry.type.reviewed = True
    for ready in (False, True):
        if ready:
            with transaction():
                ask_for_review(text, seen=1)
        for who in (olga,) if ready else (olga, jan):
            with pytest.raises(errors.NotReviewed), transaction():
                publish(text, seen=1, by=who)
    with transaction():
        schedule(text, utc_now() + HOUR, seen=1, by=jan)
        publish(text, seen=1, by=jan)
        save(text, Words("Po sprawdzeniu"), seen=1, by=olga)
    with pytest.raises(errors.NotReviewed), transaction():
        publish(text, seen=2, by=jan)
    assert read_by(None) == {"Żółta łódź: co dalej?"}


def test_readers_are_said_in_one_clause(write: Callable[..., Entry], people: dict[str, Account]) -> None:
    klient = (organisation_named("Klient"),)
    for visibility in Visibility:
        chosen = klient if visibility == Visibility.ORGANISATIONS else ()
        text = write(visibility, readers=Readers(visibility, chosen)).source
        with transaction():
            publish(text, seen=1)
    assert read_by(None) == {"everyone"}
    assert read_by(people["ewa"]) == {"everyone", "signed_in"}
    assert read_by(people["anna"]) == {"everyone", "signed_in", "organisations"}
    assert read_by(people["jan"]) == read_by(people["olga"]) == set(Visibility)
    with pytest.raises(errors.NoOrganisations), transaction():
        write("Bez firmy", readers=Readers(Visibility.ORGANISATIONS))


def test_what_lies_in_the_bin_is_read_by_nobody_and_comes_back_as_it_was(text: Variant, olga: Account) -> None:
    with transaction():
        publish(text, seen=1)
        withdraw_at(text, utc_now() + HOUR)
        entries.put_in_bin(text.entry)
    assert read_by(None) == read_by(olga) == set()
    with transaction():
        assert do_what_is_due(utc_now() + 2 * HOUR) == 0
        entries.take_out_of_bin(text.entry)
    assert read_by(None) == {"Żółta łódź: co dalej?"}
