"""Signed availability of a room-week beside a bare DRF view doing one indexed SELECT. Demand: a ratio of 0.35."""

from bench import load, people
from bench.stage import Stage, show

REQUESTS = 4000
CONNECTIONS = 16


def main() -> None:
    """Three rounds of each, alternating; the best of each counts."""
    with Stage() as stage:
        keys, rooms, day = people.keys(40), people.rooms(10), people.tomorrow()
        url = stage.serve()
        bare = [load.request("GET", f"{url}/api/bench/select/{1 + number % 40}") for number in range(REQUESTS)]
        bare_rates, rates = [], []
        for _ in range(3):
            bare_rates.append(_rate(url, bare))
            address = f"{url}/api/v1/rooms/%s/availability?from={day}&days=7"
            week = [
                load.signed(keys[number % 40], "GET", address % rooms[number % 10].pk) for number in range(REQUESTS)
            ]
            rates.append(_rate(url, week))
        show("availability of a room-week", max(rates), "requests/s", max(bare_rates), max(rates) / max(bare_rates))


def _rate(url: str, requests: list[bytes]) -> float:
    result = load.fire(url, requests, CONNECTIONS)
    if set(result.statuses) != {200}:
        raise SystemExit(f"unexpected answers: {dict(result.statuses)}")
    return result.rate


if __name__ == "__main__":
    main()
