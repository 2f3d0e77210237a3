"""How gunicorn is told to serve."""

from __future__ import annotations

import pytest

import config
from app.processes import web


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", ["127.0.0.1:8000", "[::1]:8000"]), ("192.0.2.1", ["192.0.2.1:8000"]), ("::", ["[::]:8000"])],
)
def test_the_default_address_takes_both_loopbacks(
    monkeypatch: pytest.MonkeyPatch, host: str, expected: list[str]
) -> None:
    monkeypatch.setattr(web, "_can_listen", lambda _host, _port: True)
    assert web.options(config.read({"BILETY_HOST": host}))["bind"] == expected


def test_a_machine_without_ipv6_gets_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_can_listen", lambda _host, _port: False)
    assert web.options(config.read({}))["bind"] == ["127.0.0.1:8000"]


def test_there_is_no_socket_beside_the_web_port() -> None:
    assert web.options(config.read({}))["control_socket_disable"] is True
