"""`run.py serve`: the web server and the workers, forked from one parent (docs/decisions/0007)."""

from __future__ import annotations

import config
from app.processes.forking import application_to_fork, keep_running
from app.processes.preflight import guarded
from app.processes.web import Server
from app.processes.worker import workers


def main() -> int:
    return guarded(_serve)


def _serve(settings: config.Settings) -> int:
    app = application_to_fork(settings)
    return keep_running({**workers(app, settings), "The web server": Server(settings, lambda: app).run}, settings)
