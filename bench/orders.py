"""Signed `POST /orders` on distinct slots beside a bare view doing one INSERT with commit. Demand: 0.12, aim 0.20;
and p95 under 100 ms at 100 requests a second, four reads to one write."""

import json
from datetime import UTC, datetime, time, timedelta
from typing import Any

from bench import load, people
from bench.stage import Stage, show

ORDERS = 1000
CONNECTIONS = 8
ROOMS = 20
MIXED_S = 20


def main() -> None:
    """Three rounds of each, then the mix."""
    with Stage() as stage:
        keys, rooms = people.keys(100), people.rooms(ROOMS)
        url = stage.serve()
        body = json.dumps({"text": "x" * 40}).encode()
        insert = load.request("POST", f"{url}/api/bench/insert", {"Content-Type": "application/json"}, body)
        bare_rates, rates = [], []
        for number in range(3):
            bare_rates.append(_fired(url, [insert] * ORDERS).rate)
            rates.append(_fired(url, _orders(url, keys, rooms, number * ORDERS, ORDERS)).rate)
        show("orders placed", max(rates), "orders/s", max(bare_rates), max(rates) / max(bare_rates))
        mixed = _mixed(url, keys, rooms)
        p95 = _fired(url, mixed, rate=100.0, connections=32).percentile(0.95) * 1000
        show("p95 at 100 requests/s, 4 reads : 1 write", p95, "ms", 100.0, p95 / 100.0)


def _orders(url: str, keys: list[Any], rooms: list[Any], first: int, count: int) -> list[bytes]:
    """Signed orders of one hour each, no two of which overlap."""
    midnight = datetime.combine(people.tomorrow(), time(), UTC)
    made = []
    for number in range(first, first + count):
        starts = midnight + timedelta(hours=number // len(rooms))
        room = str(rooms[number % len(rooms)].pk)
        line = {"kind": "room", "room": room, "starts_at": starts.isoformat()}
        body = json.dumps({"lines": [line | {"ends_at": (starts + timedelta(hours=1)).isoformat()}]}).encode()
        key = keys[number % len(keys)]
        made.append(load.signed(key, "POST", f"{url}/api/v1/orders", body, idempotency_key=f"bench-{number}"))
    return made


def _mixed(url: str, keys: list[Any], rooms: list[Any]) -> list[bytes]:
    writes = _orders(url, keys, rooms, 3 * ORDERS, 20 * MIXED_S)
    address = f"{url}/api/v1/rooms/%s/availability?from={people.tomorrow()}&days=7"
    mixed = []
    for number, write in enumerate(writes):
        for read in range(4):
            key, room = keys[(number * 4 + read) % len(keys)], rooms[(number + read) % len(rooms)]
            mixed.append(load.signed(key, "GET", address % room.pk))
        mixed.append(write)
    return mixed


def _fired(url: str, requests: list[bytes], rate: float = 0.0, connections: int = CONNECTIONS) -> load.Result:
    result = load.fire(url, requests, connections, rate=rate, keep=True)
    if set(result.statuses) - {200, 201}:
        raise SystemExit(f"unexpected answers: {dict(result.statuses)} {result.bodies[-1][:300]!r}")
    return result


if __name__ == "__main__":
    main()
