"""Whoever takes a text away is told what leads to it."""

from __future__ import annotations

from collections.abc import Callable

from app.access import standing_of
from app.content import entries
from app.content.entries import Words, save
from app.content.publishing import publish
from app.content.uses import uses_of
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.entry import Entry, Variant


def test_links_of_other_texts_and_earlier_addresses_are_found_and_no_others(
    text: Variant, write: Callable[..., Entry], olga: Account
) -> None:
    with transaction():
        save(text, Words("Łódź", slug="lodz"), seen=1, by=olga)
        publish(text, seen=2)
        save(text, Words("Łódź", body="sam siebie /articles/pl/lodz", slug="nowa-lodz"), seen=2, by=olga)
    linking = write("Wiosła", body="Zobacz [łódź](/articles/pl/lodz).")
    write("Port", body="Zobacz [port](/articles/pl/lodz-port).")
    drafted = write("Żagle", body="[nowa](/articles/pl/nowa-lodz)")
    with transaction():
        publish(drafted.source, seen=1)
        save(drafted.source, Words("Żagle", body="bez odnośnika"), seen=1, by=olga)  # readers still get the link
    uses = uses_of(text.entry, standing_of(db.session(), olga))
    assert [each.entry_id for each in uses.texts] == [linking.id, drafted.id]
    assert list(uses.addresses) == ["/articles/pl/lodz"]
    assert uses.ticket_count == 0
    assert uses
    assert not uses_of(linking, standing_of(db.session(), olga))


def test_a_version_is_the_whole_text_with_its_files(text: Variant, olga: Account) -> None:
    with transaction():
        save(text, Words("Łódź", body="![a](/content/files/7/a.png) /content/files/3/b.pdf"), seen=1, by=olga)
    assert entries.versions_of(text)[0].data["files"] == [3, 7]
