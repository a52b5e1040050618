"""Real workers and beats on the test's own database; what this starts, it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
Process = subprocess.Popen[bytes]


def database_url() -> str:
    """The address of the database that this process uses."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    password = f":{found['PASSWORD']}" if found["PASSWORD"] else ""
    return f"mysql://{found['USER']}{password}@{found['HOST']}:{found['PORT'] or 3306}/{found['NAME']}"


def wait_for(condition: Callable[[], bool], seconds: float, pause: float = 0.1) -> bool:
    """Whether the condition came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(pause)
    return condition()


class Rig:
    """Starts Celery processes in groups of their own, so that a kill takes their children along."""

    def __init__(self, folder: Path, **env: Any) -> None:
        self.folder = folder
        self.env = os.environ | {
            "DATABASE_URL": database_url(),
            "ATRIUM_DATA": os.environ.get("ATRIUM_DATA", str(folder)),
            "CELERY_QUEUE": f"timers-{os.getpid()}-{time.time_ns()}",
            "PYTHONPATH": str(ROOT),
            "PROBE_LEASE_S": "5",
            **{name: str(value) for name, value in env.items()},
        }
        self.running: list[Process] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in list(self.running):
            self.kill(process)

    def worker(self, concurrency: int = 2) -> Process:
        """One prefork worker."""
        name = f"w{time.time_ns()}"
        quiet = ("--without-gossip", "--without-mingle")
        return self._start("worker", f"--concurrency={concurrency}", f"--hostname={name}@test", *quiet)

    def beat(self) -> Process:
        """One beat."""
        return self._start("beat", "--pidfile=")

    def kill(self, process: Process) -> None:
        """kill -9 of a process and its children."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.running.remove(process)

    def kill_child(self, process: Process) -> None:
        """kill -9 of one of its children, if it has any."""
        tasks = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        children = tasks.read_text().split() if tasks.exists() else []
        if children:
            os.kill(int(children[-1]), signal.SIGKILL)

    def _start(self, *arguments: str) -> Process:
        command = [sys.executable, "-m", "celery", "--app", "tests.timers.app:app", *arguments, "--loglevel=ERROR"]
        with (self.folder / "celery.log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        self.running.append(process)
        return process
