"""What makes a local instance: its folder, its ports and the secrets made for it on first start."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

DEFAULT_PORT = 8000


def environment(data: Path, port: int | None) -> dict[str, str]:
    """The environment of every process of the instance in ``data``.

    Given a ``port`` the instance is made or moved there; without one it is the instance as it
    was last started. What the caller's environment sets wins.
    """
    kept = _keep(data, port)
    chosen = {
        "ATRIUM_PROFILE": "local",
        "ATRIUM_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "console.settings",
        "ATRIUM_HOST": "127.0.0.1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser",
        "REDIS_URL": f"redis://127.0.0.1:{kept['port'] + 2}/0",
        "PUBLIC_URL": f"http://127.0.0.1:{kept['port']}",
        "SECRET_KEY": kept["secret_key"],
        "SESSION_KEYS": kept["session_keys"],
    }
    return chosen | dict(os.environ) | {"ATRIUM_DATA": str(data), "PORT": str(kept["port"])}


def own_valkey(settings: dict[str, str]) -> bool:
    """Whether this instance starts the embedded Valkey, because nobody named a Redis."""
    return settings["REDIS_URL"] == f"redis://127.0.0.1:{int(settings['PORT']) + 2}/0"


def _keep(data: Path, port: int | None) -> dict[str, Any]:
    path = data / "instance.json"
    kept: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    fresh = {
        "port": port or kept.get("port", DEFAULT_PORT),
        "secret_key": kept.get("secret_key") or secrets.token_urlsafe(48),
        "session_keys": kept.get("session_keys") or f"1={secrets.token_urlsafe(48)}",
    }
    if fresh != kept:
        data.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(json.dumps(fresh, indent=2))
        new.replace(path)
    return fresh
