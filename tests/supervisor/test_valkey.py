"""The embedded Valkey is for this user only, and another server will do."""

from __future__ import annotations

import socket
import stat
from pathlib import Path

import pytest

import config
from app.supervisor import valkey


def test_it_listens_on_a_socket_only(tmp_path: Path) -> None:
    command = valkey.command(config.read({"BILETY_DATA": str(tmp_path)}))
    assert command[command.index("--port") + 1] == "0"
    assert command[command.index("--unixsocketperm") + 1] == "700"


def test_a_server_on_the_path_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = tmp_path / "redis-server"
    server.write_text("#!/bin/sh\n")
    server.chmod(0o755)
    monkeypatch.setattr(valkey, "find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert valkey.binary() == str(server)


def test_without_any_server_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(valkey, "find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(valkey.NoValkey, match="make install"):
        valkey.binary()


def test_a_dead_servers_socket_is_removed(tmp_path: Path) -> None:
    settings = config.read({"BILETY_DATA": str(tmp_path)})
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(settings.valkey_socket))
    valkey.prepare_socket(settings)
    assert not settings.valkey_socket.exists()


def test_a_long_data_folder_gets_a_short_private_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    settings = config.read({"BILETY_DATA": str(tmp_path / ("x" * 120))})
    valkey.prepare_socket(settings)
    folder = settings.valkey_socket.parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o755)
    with pytest.raises(valkey.NoValkey, match="open to others"):
        valkey.prepare_socket(settings)
