"""The desk on MariaDB: lists, the export and the timeline, at 10,000 and at 1,000,000 bookings.

Demands: a page of the million within 3 times a page of the ten thousand, with as many queries; the export
at 0.4 of `csv.writer` over the same cells; the timeline of 40 rooms and 400 bookings within 150 ms.
"""

import csv
import io
import os
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.stage import Stage, show

SMALL, LARGE = 10_000, int(os.environ.get("BENCH_BOOKINGS", "1000000"))
ROUNDS = 9
MEBI = 1024 * 1024


def main() -> None:
    """Fill, measure, fill up, measure again."""
    with Stage() as stage:
        stage.manage("demo", "--bookings", str(SMALL))
        client = _owner()
        timeline(client)
        before = {name: _page(client, query) for name, query in _questions().items()}
        stage.manage("demo", "--bookings", str(LARGE))
        for name, query in _questions().items():
            seconds, queries = _page(client, query)
            base, base_queries = before[name]
            show(f"bookings at {LARGE:,}: {name}", seconds * 1000, "ms", base * 1000, seconds / base)
            if queries != base_queries:
                raise SystemExit(f"{name}: {queries} queries instead of {base_queries}")
        export(client)


def timeline(client: Any) -> None:
    """40 rooms with ten bookings each on one day: milliseconds of server time against 150."""
    desk, factories = import_module("tests.desk"), import_module("tests.factories")
    venue, member = factories.venue(), factories.member()
    for room in [factories.room(at=venue) for _ in range(40)]:
        for hour in range(10):
            desk.booked(room, start=desk.slot(hour), member=member)
    query = {"venue": str(venue.pk), "day": f"{desk.slot():%Y-%m-%d}"}
    seconds, queries = _median(lambda: client.get("/bookings/timeline/", query))
    show("timeline of 40 rooms, 400 bookings", seconds * 1000, "ms", 150, seconds * 1000 / 150)
    show("queries of that timeline", queries, "queries", 12, queries / 12)


def export(client: Any) -> None:
    """Rows a second of the whole export, its first byte and the memory it takes."""
    before, began = _resident(), time.perf_counter()
    parts = iter(client.get("/bookings/export.csv", {"venue": ""}).streaming_content)
    next(parts)
    first, sample, rows = time.perf_counter() - began, io.StringIO(), 0
    for part in parts:
        rows += part.count(b"\n")
        if sample.tell() < MEBI:
            sample.write(part.decode())
    rate = rows / (time.perf_counter() - began)
    grown = (_resident() - before) / MEBI
    reference = _writer_rate(sample.getvalue())
    show(f"export of {rows:,} bookings", rate, "rows/s", reference, rate / reference)
    show("first byte of the export", first, "s", 0.2, first / 0.2)
    show("memory of the export", grown, "MiB", 64, grown / 64)


def _writer_rate(text: str) -> float:
    """`csv.writer` alone over a million tuples of the same cells in memory."""
    cells = [tuple(row) for row in csv.reader(io.StringIO(text))]
    rows = cells * (1_000_000 // len(cells))
    with Path(os.devnull).open("w") as nowhere:
        began = time.perf_counter()
        csv.writer(nowhere).writerows(rows)
        return len(rows) / (time.perf_counter() - began)


def _owner() -> Any:
    """A browserless client of the demonstration's owner."""
    client = import_module("django.test").Client()
    client.force_login(import_module("staff.models").User.objects.get(username="owner"))
    return client


def _questions() -> dict[str, dict[str, str]]:
    """The first page, a deep one, a filter and searches; each finds a full page."""
    bookings, members = import_module("bookings.models").Booking.objects, import_module("members.models").Member.objects
    ends = [bookings.order_by(order).values_list("starts_at", flat=True)[0] for order in ("starts_at", "-starts_at")]
    middle: datetime = ends[0] + (ends[1] - ends[0]) / 2
    micros = (middle - datetime(1970, 1, 1, tzinfo=middle.tzinfo)) // timedelta(microseconds=1)
    member = members.exclude(phone_last4="").order_by("pk")[10]
    asked = {
        "first page": {},
        "deep page": {"cursor": f"{micros}-1"},
        "filter by state": {"status": "cancelled"},
        "search by last four digits": {"q": member.phone_last4},
        "search by code": {"q": bookings.order_by("pk").values_list("code", flat=True)[5000]},
    }
    return {name: {"venue": "", **query} for name, query in asked.items()}


def _page(client: Any, query: dict[str, str]) -> tuple[float, int]:
    return _median(lambda: client.get("/bookings/", query))


def _median(ask: Callable[[], Any]) -> tuple[float, int]:
    """Seconds at the median, and the queries of one answer."""
    capture = import_module("django.test.utils").CaptureQueriesContext
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        if ask().status_code != 200:
            raise SystemExit("unexpected answer")
        taken.append(time.perf_counter() - began)
    with capture(import_module("django.db").connection) as queries:
        ask()
    return statistics.median(taken), len(queries)


def _resident() -> int:
    """Resident memory of this process in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
