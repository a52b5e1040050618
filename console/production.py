"""What production must have before it starts; each lack is named."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET = 40
SIMULATORS = ("127.0.0.1", "localhost", "simulator")


def problems(settings: Mapping[str, Any]) -> list[str]:
    """One line for each thing that is missing or must not be there."""
    checks = [
        (settings["DEBUG"], "DEBUG is on: unset it."),
        (settings["DEMO"], "ATRIUM_DEMO is on: demonstration data has known passwords."),
        (_weak(settings["SECRET_KEY"]), f"SECRET_KEY is missing, shorter than {SHORTEST_SECRET} or a local one."),
        (not settings["SESSION_KEYS"], "SESSION_KEYS is missing: name at least one, such as 1=<secret>."),
        (any(_weak(key) for key in settings["SESSION_KEYS"].values()), "SESSION_KEYS holds a short or local key."),
        (not settings["ALLOWED_HOSTS"] or "*" in settings["ALLOWED_HOSTS"], "ALLOWED_HOSTS must name the hosts."),
        (not str(settings["PUBLIC_URL"]).startswith("https://"), "PUBLIC_URL must start with https://."),
        (not settings["WECHAT_APP_ID"] or _zero(settings["WECHAT_APP_ID"]), "WECHAT_APP_ID is missing."),
        (settings["WECHAT_APP_SECRET"] in ("", "simulator"), "WECHAT_APP_SECRET is missing or the simulator's."),
        (_simulated(settings["WECHAT_BASE_URL"]), "WECHAT_BASE_URL points to the simulator."),
        (not settings["SECOND_FACTOR_REQUIRED"], "SECOND_FACTOR_REQUIRED is off: owners and finance need one."),
    ]
    return [text for wrong, text in checks if wrong]


def demand(settings: Mapping[str, Any]) -> None:
    """Refuse to start, naming everything that is wrong. Raises ImproperlyConfigured."""
    found = problems(settings)
    if found:
        raise ImproperlyConfigured("Atrium does not start in production:\n" + "\n".join(f"- {line}" for line in found))


def _weak(secret: str) -> bool:
    return len(secret) < SHORTEST_SECRET or "local-only" in secret or len(set(secret)) < 8


def _zero(app_id: str) -> bool:
    return not app_id.removeprefix("wx").strip("0")


def _simulated(address: str) -> bool:
    return not address.startswith("https://") or any(host in address for host in SIMULATORS)
