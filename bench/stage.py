"""A throw-away instance: a database on MariaDB (or a file), Redis, RabbitMQ, and granian as the Procfile has it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from deploy import instance, local
from deploy.ports import free_port
from tests import surroundings

OPEN = {"THROTTLE_SESSION_PER_MINUTE": "100000000", "THROTTLE_LOGIN_PER_MINUTE": "100000000"}


def show(name: str, value: float, unit: str, reference: float, ratio: float) -> None:
    """One figure as a JSON line."""
    figure = {"name": name, "value": round(value, 4), "unit": unit, "reference": round(reference, 4)}
    print(json.dumps(figure | {"ratio": round(ratio, 4)}), flush=True)


class Stage:
    """``with Stage() as stage`` makes the database and this process's settings; ``stage.serve()`` starts the web."""

    def __init__(self, database: str = "mariadb") -> None:
        self.data = Path(tempfile.mkdtemp(prefix="atrium-bench-"))
        self.name = f"atrium_bench_{os.getpid()}"
        self.database = database
        self.server: subprocess.Popen[bytes] | None = None
        self.environment = self._environment()

    def __enter__(self) -> Self:
        try:
            self._come_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _come_up(self) -> None:
        if self.database == "mariadb":
            self._sql(f"CREATE DATABASE `{self.name}` CHARACTER SET utf8mb4")
        (self.data / "static").mkdir()
        self.manage("migrate", "--verbosity", "0")
        os.environ.update(self.environment)
        import_module("django").setup()
        key = "BIGINT AUTO_INCREMENT PRIMARY KEY" if self.database == "mariadb" else "INTEGER PRIMARY KEY AUTOINCREMENT"
        with import_module("django.db").connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE bench_row (id {key}, text VARCHAR(64) NOT NULL)")

    def __exit__(self, *exception: Any) -> None:
        self.end()
        if self.database == "mariadb":
            self._sql(f"DROP DATABASE IF EXISTS `{self.name}`")
        shutil.rmtree(self.data, ignore_errors=True)

    def manage(self, *arguments: str) -> None:
        """A management command against this instance."""
        subprocess.run([sys.executable, "manage.py", *arguments], env=self.environment, check=True)

    def serve(self, workers: int = 2) -> str:
        """Start granian; answers its address once it is healthy."""
        port = free_port()
        command = dict(local.procfile(self.environment | {"PORT": str(port)}))["web"]
        command[command.index("--workers") + 1], command[-1] = str(workers), "bench.wsgi:application"
        self.server = subprocess.Popen(command, env=self.environment | {"PORT": str(port)}, start_new_session=True)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"http://127.0.0.1:{port}/api/v1/health", trust_env=False).status_code == 200:
                    return f"http://127.0.0.1:{port}"
            except httpx.TransportError:
                time.sleep(0.1)
        raise RuntimeError("granian did not come up")

    def end(self) -> None:
        """Stop granian."""
        if self.server is not None:
            self.server.terminate()
            self.server.wait(20)
            self.server = None

    def _environment(self) -> dict[str, str]:
        chosen = instance.environment(self.data, free_port()) | OPEN
        chosen |= {
            "ATRIUM_DEMO": "false",
            "REDIS_URL": surroundings.REDIS_URL.rpartition("/")[0] + "/13",
            "REDIS_PREFIX": self.name,
            "BROKER_URL": surroundings.BROKER_URL,
            "CELERY_QUEUE": self.name,
            "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
        }
        if self.database == "mariadb":
            chosen["DATABASE_URL"] = surroundings.DATABASE_URL.rpartition("/")[0] + "/" + self.name
        else:
            chosen["DATABASE_URL"] = f"sqlite:///{self.data}/bench.sqlite3"
        return chosen

    def _sql(self, statement: str) -> None:
        parts = urlsplit(surroundings.DATABASE_URL)
        driver = import_module("MySQLdb")
        password = {"password": parts.password} if parts.password else {}
        with driver.connect(host=parts.hostname, port=parts.port or 3306, user=parts.username, **password) as session:
            session.cursor().execute(statement)
