"""What this machine offers the tests besides Python."""

import os
import shutil
import socket
from collections.abc import Callable
from importlib.util import find_spec
from urllib.parse import urlsplit

DATABASE_URL = os.environ.get("ATRIUM_TEST_DATABASE_URL", "mysql://root@127.0.0.1:3306/atrium")
REDIS_URL = os.environ.get("ATRIUM_TEST_REDIS", "redis://127.0.0.1:6379/15")
"""Worker n uses the database n below it."""
BROKER_URL = os.environ.get("ATRIUM_TEST_BROKER", "amqp://guest:guest@127.0.0.1:5672//")
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


def browser() -> str | None:
    """The path of a Chromium, or None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def _listens(url: str, default: int) -> bool:
    parts = urlsplit(url)
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((parts.hostname or "127.0.0.1", parts.port or default)) == 0


SERVICES: dict[str, Callable[[], bool]] = {
    "MariaDB": lambda: _listens(DATABASE_URL, 3306),
    "mysqlclient (libmariadb-dev, pkg-config and gcc build it)": lambda: find_spec("MySQLdb") is not None,
    "Redis": lambda: _listens(REDIS_URL, 6379),
    "RabbitMQ": lambda: _listens(BROKER_URL, 5672),
}
TOOLS: dict[str, Callable[[], bool]] = {
    "Chromium, so the browser tests": lambda: browser() is not None,
    "Node, so the JavaScript client": lambda: shutil.which("node") is not None,
}


def missing() -> list[str]:
    """What is not here, in words for a person."""
    return [name for name, here in (SERVICES | TOOLS).items() if not here()]
