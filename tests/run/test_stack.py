"""`python run.py` as somebody starts it: it serves, mends itself, stays small and leaves nothing behind."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from urllib.parse import urlsplit

import psutil
import pytest

from tests.mail.letters import letter
from tests.run.stack import Stack, is_alive, run, until

pytestmark = pytest.mark.xdist_group("stack")  # one stack, not one for each process
MOST_MEMORY = 450 * 2**20
PROCESSES = {"Valkey": 1, "intake": 1, "serve": 5}  # the parent, two workers, gunicorn's master and its worker


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(tmp_path_factory.mktemp("stack") / "data")
    yield stack
    stack.end()


def test_localhost_and_its_number_answer(stack: Stack) -> None:
    assert stack.get("/")[0] == 200
    assert stack.get("/", host="127.0.0.1")[0] == 200


def test_it_says_where_it_is_and_where_letters_are_kept(stack: Stack) -> None:
    assert f"http://localhost:{stack.environment['BILETY_PORT']}" in stack.said()
    assert str(stack.data / "outgoing") in stack.said()


def test_a_letter_is_acknowledged(stack: Stack) -> None:
    before = len(stack.letters())
    stack.send(letter(message_id="<first@klient.example>"), "PomocTARGIT@pomoc.example")
    until(lambda: len(stack.letters()) > before)


def test_the_doctor_finds_every_part_well_once_somebody_may_set_up_the_desk(stack: Stack) -> None:
    assert "run.py administrator" in stack.said()
    link = run("administrator", "szefowa@firma.example", env=stack.environment).stdout.decode().split()[-1]
    assert stack.get(urlsplit(link).path)[0] == 200
    until(lambda: run("doctor", env=stack.environment).returncode == 0)


def test_a_second_stack_on_the_same_folder_is_refused(stack: Stack) -> None:
    refused = run(env=stack.environment)
    assert refused.returncode == 1
    assert refused.stderr.decode().count("\n") == 1
    assert "already runs" in refused.stderr.decode()


@pytest.mark.parametrize(
    ("part", "which"),
    [("Valkey", 0), ("intake", 0), ("serve", 0), ("serve", 1), ("serve", 2), ("serve", 3), ("serve", -1)],
)
def test_what_is_killed_comes_back(stack: Stack, part: str, which: int) -> None:
    until(lambda: len(stack.part(part)) == PROCESSES[part])
    before = stack.part(part)
    before[which].kill()
    until(lambda: not is_alive(before[which]))
    until(lambda: len(stack.part(part)) == len(before) and before[which] not in stack.part(part))
    until(lambda: stack.get("/readyz")[0] == 200)


def test_letters_are_still_answered_after_all_that(stack: Stack) -> None:
    def send() -> bool:
        try:
            stack.send(letter(message_id="<second@klient.example>"), "PomocTARGIT@pomoc.example")
        except OSError:  # the intake is coming back
            return False
        return True

    before = len(stack.letters())
    until(send)
    until(lambda: len(stack.letters()) > before)


def test_all_processes_together_stay_small(stack: Stack) -> None:
    assert sum(process.memory_full_info().pss for process in stack.processes()) < MOST_MEMORY


def test_ctrl_c_stops_everything(stack: Stack) -> None:
    stack.processes()
    stack.process.send_signal(signal.SIGINT)
    assert stack.process.wait(timeout=60) == 0
    assert stack.left() == []
    assert "Bilety has stopped." in stack.said()
    assert "Traceback" not in stack.said(), stack.said()


def test_nothing_outlives_a_killed_supervisor(tmp_path_factory: pytest.TempPathFactory) -> None:
    stack = Stack(tmp_path_factory.mktemp("killed") / "data")
    try:
        until(lambda: len(stack.part("serve")) == PROCESSES["serve"])
        stack.process.send_signal(signal.SIGKILL)
        stack.process.wait()
        psutil.wait_procs(stack.left(), timeout=30)
        assert stack.left() == []
    finally:
        stack.end()


def test_it_can_be_stopped_while_it_starts(tmp_path_factory: pytest.TempPathFactory) -> None:
    data = tmp_path_factory.mktemp("early") / "data"
    stack = Stack(data, ready="")
    until((data / "valkey.sock").exists)
    stack.processes()
    stack.process.terminate()
    assert stack.process.wait(timeout=60) == 0
    assert stack.left() == []
    assert "Traceback" not in stack.said(), stack.said()
