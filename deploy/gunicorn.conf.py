"""How gunicorn serves Bilety: one process, threads, no socket beside the web port."""

import os

from app.supervisor.children import die_with_parent

worker_class = "gthread"
workers = int(os.environ.get("BILETY_WEB_WORKERS", "1"))
control_socket_disable = True
keepalive = 15
timeout = 120
graceful_timeout = 10
loglevel = "warning"
errorlog = "-"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 a heartbeat file must not wait for a disk


def post_fork(server, worker):  # type: ignore[no-untyped-def]
    """A worker whose master was killed must not outlive it."""
    die_with_parent(worker.ppid)
