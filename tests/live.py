"""Atrium as it runs, for tests: real processes, each of which a test may kill and start again."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from deploy import instance, local
from deploy.ports import free_port, is_free
from tests.services import redis_of_worker

STARTS_WITHIN_S = 60.0
SETTINGS_OF_TESTS = {"REDIS_URL", "REDIS_PREFIX", "BROKER_URL", "CELERY_QUEUE", "DATABASE_URL", "ATRIUM_DATA"}


class LiveStack:
    """One instance on free ports with a folder and a database of its own, on the services of this round."""

    def __init__(self, data: Path, *, demo: bool = False, **settings: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.simulator = f"http://127.0.0.1:{self.port + 1}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.database = f"atrium_live_{os.getpid()}_{self.port}"
        self.environment = self._environment(demo) | settings
        self.log = (data / "live.log").open("ab")

    def __enter__(self) -> Self:
        try:
            self._come_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _come_up(self) -> None:
        if instance.own_valkey(self.environment):
            self.start("valkey")
            _wait_for(lambda: not is_free(self.port + 2), "Valkey")
        if "DATABASE_URL" in self.environment:
            _mariadb(self.environment["DATABASE_URL"], f"CREATE DATABASE `{self.database}` CHARACTER SET utf8mb4")
        self.manage("prepare")
        for name in ("simulator", "web", "worker", "beat"):
            self.start(name)
        self.wait_until_healthy()

    def __exit__(self, *exception: Any) -> None:
        for name in reversed(list(self.processes)):
            self.kill(name, signal.SIGTERM)
        if "DATABASE_URL" in self.environment:
            _mariadb(self.environment["DATABASE_URL"], f"DROP DATABASE IF EXISTS `{self.database}`")
        self.log.close()

    def start(self, name: str) -> None:
        """Start `valkey`, `simulator`, `web`, `worker` or `beat`."""
        self.processes[name] = subprocess.Popen(
            self._command(name),
            env=self.environment | {"ATRIUM_ROLE": name},
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        """End a process with everything it started: by SIGKILL at once, by SIGTERM with time to finish."""
        process = self.processes.pop(name)
        if how != signal.SIGKILL:
            process.send_signal(how)
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def manage(self, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """A management command against this instance."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"manage.py {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done

    def wait_until_healthy(self) -> None:
        """Return once `GET /health` says ok."""
        _wait_for(self._is_healthy, f"{self.url} (see {self.data / 'live.log'})")

    def _is_healthy(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v1/health", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def _command(self, name: str) -> list[str]:
        if name == "valkey":
            return local.valkey_command(self.port + 2, self.data)
        if name == "simulator":
            return [sys.executable, "-m", "wechat.simulator", "--port", str(self.port + 1)]
        return dict(local.procfile(self.environment))[name]

    def _environment(self, demo: bool) -> dict[str, str]:
        chosen = instance.environment(self.data, self.port)
        for name in SETTINGS_OF_TESTS - {"ATRIUM_DATA"}:
            chosen.pop(name, None)
        chosen |= {"REDIS_URL": f"redis://127.0.0.1:{self.port + 2}/0", "ATRIUM_DEMO": str(demo)}
        if os.environ.get("ATRIUM_TEST_REDIS_URL"):
            chosen["REDIS_URL"] = redis_of_worker(os.environ["ATRIUM_TEST_REDIS_URL"])
            chosen["REDIS_PREFIX"] = f"live-{self.port}"
        if os.environ.get("ATRIUM_TEST_BROKER_URL"):
            chosen["BROKER_URL"] = os.environ["ATRIUM_TEST_BROKER_URL"]
            chosen["CELERY_QUEUE"] = f"atrium-live-{self.port}-{os.getpid()}"
        if os.environ.get("DATABASE_URL", "").startswith("mysql"):
            chosen["DATABASE_URL"] = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{self.database}"
        return chosen


def _mariadb(url: str, statement: str) -> None:
    driver = import_module("MySQLdb")
    parts = urlsplit(url)
    with driver.connect(host=parts.hostname, port=parts.port or 3306, user=parts.username) as connection:
        connection.cursor().execute(statement)


def _wait_for(condition: Any, what: str) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not start within {STARTS_WITHIN_S:.0f} s")
        time.sleep(0.1)
