"""The one entry of Bilety. Without a command it runs the whole stack."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence

import config

Command = Callable[[Sequence[str]], int]

USAGE = """usage: python run.py [command]

  (none)                    everything: Valkey, database, web, worker, mail intake, timetable
  serve                     the web server and the workers of the queues, which share their memory
  web                       the web server alone
  worker                    the workers alone
  cron                      the timetable and the sweeper
  intake [--cron]           the SMTP listener of the mailboxes, with --cron also the timetable
  intake --pipe --recipient ADDRESS < letter.eml     keep one letter (exit 75: try again)
  intake --explain FILE...  how letters are understood, as JSON lines
  init [--preset cwt] [--demo]   create or upgrade the database; the preset adds the desk of the instruction
  demo [--tickets N]        the demo desk, or N more tickets
  administrator ADDRESS     make somebody an administrator: the first one, or whoever nobody else can let in again
  doctor                    check every part and say how to mend it
  search --rebuild          build the search index anew
  search --golden DOCS QUERIES [--engine NAME]   how well it finds, as JSON lines, in a throw-away desk
  calls FILE.csv | --new-secret   calls of the telephone exchange; a new secret for its hook
  clock                     business time, as JSON lines
  corpus FOLDER             send every letter of a folder through a throw-away desk
  key [--replace]           whether SECRET_KEY is that of the database; it is from now on
  config                    the settings in effect
  config export [FILE]      what administrators chose, as a file for another desk
  config plan FILE          what the file would change here, as JSON lines
  config apply FILE [--same KIND:ID=ID] [--new KIND:ID]   change it, all or nothing
"""


def stack(_argv: Sequence[str]) -> int:
    from app.supervisor.stack import run

    return run(config.read())


def serve(_argv: Sequence[str]) -> int:
    from app.processes.serve import main

    return main()


def web(_argv: Sequence[str]) -> int:
    from app.processes.web import main

    return main()


def worker(_argv: Sequence[str]) -> int:
    from app.processes.worker import main

    return main()


def cron(_argv: Sequence[str]) -> int:
    from app.processes.light import main

    return main(timetable=True, listener=False)


def intake(argv: Sequence[str]) -> int:
    if "--pipe" in argv:
        from app.mail import pipe

        return pipe.main([argument for argument in argv if argument != "--pipe"])
    if "--explain" in argv:
        from app.mail import explain

        return explain.main([argument for argument in argv if argument != "--explain"])
    if set(argv) - {"--cron"}:
        return misused("intake", argv, "--cron, --pipe or --explain")
    from app.processes.light import main

    return main(timetable="--cron" in argv, listener=True)


def init(argv: Sequence[str]) -> int:
    from app.processes.init import main

    return main(argv)


def demo(argv: Sequence[str]) -> int:
    from app.demo.command import main
    from app.processes.preflight import guarded

    return guarded(lambda settings: main(argv, settings))


def administrator(argv: Sequence[str]) -> int:
    from app.processes.administrator import main

    return main(argv)


def doctor(_argv: Sequence[str]) -> int:
    from app.doctor import main

    return main()


def search(argv: Sequence[str]) -> int:
    from app.processes.search import main

    return main(argv)


def clock(argv: Sequence[str]) -> int:
    from app.processes.clock import main

    return main(argv)


def calls(argv: Sequence[str]) -> int:
    from app.processes.calls import main

    return main(argv)


def corpus(argv: Sequence[str]) -> int:
    from app.processes.corpus import main

    return main(argv)


def key(argv: Sequence[str]) -> int:
    from app.processes.key import main

    return main(argv)


def show_config(argv: Sequence[str]) -> int:
    if argv:
        from app.processes.transfer import main

        return main(argv)
    for name, value in config.shown(config.read()):
        print(f"{name}={value}")
    return 0


COMMANDS: dict[str, Command] = {
    "serve": serve,
    "web": web,
    "worker": worker,
    "cron": cron,
    "intake": intake,
    "init": init,
    "demo": demo,
    "administrator": administrator,
    "doctor": doctor,
    "search": search,
    "calls": calls,
    "clock": clock,
    "corpus": corpus,
    "key": key,
    "config": show_config,
}


ALONE = frozenset({"serve", "web", "worker", "cron", "doctor"})


def misused(command: str, argv: Sequence[str], allowed: str) -> int:
    """Say what the command takes instead of these arguments."""
    if {"-h", "--help"} & set(argv):
        print(USAGE)
        return 0
    print(f"`{command}` takes {allowed}, not {' '.join(argv)!r}.", file=sys.stderr)
    return 2


def main(argv: Sequence[str]) -> int:
    """Run a command; its exit code. A bad setting is one sentence and 2."""
    if argv and argv[0] in ("-h", "--help", "help"):
        print(USAGE)
        return 0
    if argv and argv[0] not in COMMANDS:
        print(f"There is no command {argv[0]!r}.\n\n{USAGE}", file=sys.stderr)
        return 2
    if argv[1:] and argv[0] in ALONE:
        return misused(argv[0], argv[1:], "no arguments")
    try:
        return COMMANDS[argv[0]](argv[1:]) if argv else stack(argv)
    except config.BadSetting as error:
        print(error, file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("", "app", "config"):
            raise
        print(
            f"The package {error.name} is not here: run `make install`, then .venv/bin/python run.py.", file=sys.stderr
        )
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains again at its end
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    gc.set_threshold(10_000)  # A fifth of a start is else to look again and again at the million things that stay.
    sys.exit(main(sys.argv[1:]))
