"""Bytes are on the disk before anybody is told that they are kept."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from app.files import store
from app.files.store import Damaged, FileStore


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def contents(files: FileStore) -> set[bytes]:
    return {path.read_bytes() for path in files.folder.rglob("*") if path.is_file()}


def keep_two(files: FileStore) -> None:
    with files.together() as put:
        put(b"jeden")
        put(b"dwa")


def test_what_was_put_is_got_by_its_hash(files: FileStore) -> None:
    name = files.put(b"Faktura")
    assert name == sha256(b"Faktura").hexdigest()
    assert files.get(name) == b"Faktura"


def test_the_same_bytes_are_kept_once(files: FileStore) -> None:
    with files.together() as put:
        names = {put(b"raz"), put(b"raz"), files.put(b"raz")}
    assert len(names) == 1
    assert len([path for path in files.folder.rglob("*") if path.is_file()]) == 1


def test_many_are_flushed_with_their_folders_before_the_block_ends(
    files: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[list[Path]] = []
    monkeypatch.setattr(store, "flush", lambda paths: flushed.append(sorted(paths)))
    with files.together() as put:
        names = [put(b"jeden"), put(b"dwa")]
        assert flushed == []
    drafts, folders = flushed
    assert {path.parent for path in drafts} == {files.path(name).parent for name in names}
    assert {*(files.path(name).parent for name in names), files.folder} == set(folders)


def test_a_name_appears_only_when_its_bytes_are_flushed(files: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    name = sha256(b"list").hexdigest()
    monkeypatch.setattr(store, "flush", lambda _paths: seen.append(files.path(name).exists()))
    files.put(b"list")
    assert seen == [False, True]


def test_a_full_disk_keeps_nothing_of_the_block_and_leaves_no_rest(
    files: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "flush", full)
    with pytest.raises(OSError, match="No space"):
        keep_two(files)
    assert contents(files) == set()


def test_changed_bytes_are_noticed(files: FileStore) -> None:
    name = files.put(b"Faktura")
    files.path(name).write_bytes(b"Fakturb")
    with pytest.raises(Damaged):
        files.get(name)


def test_where_a_file_lies_is_told_once_it_was_read_whole(files: FileStore) -> None:
    name = files.put(b"raport")
    assert files.checked(name).read_bytes() == b"raport"
    files.path(name).write_bytes(b"inny")
    with pytest.raises(Damaged):
        files.checked(name)
    with pytest.raises(FileNotFoundError):
        files.checked("0" * 64)
