"""Keyset paging of console lists: newest first by an indexed instant, then by primary key.

Nothing is counted and no offset is skipped: a deep page costs what the first one costs.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from core.expressions import Joined

SIZE = 50
CHUNK_ROWS = 5000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Page:
    """Rows of one page; ``next`` is the cursor of the following one, or empty."""

    rows: list[Any]
    next: str
    first: bool


def page(rows: QuerySet[Any], *, order: str, cursor: str, size: int = SIZE) -> Page:
    """A page of ``rows`` from the newest ``order`` on; a cursor that is none starts at the beginning."""
    after = _read(cursor)
    base = rows.order_by(f"-{order}", "-pk")
    found = list((base if after is None else base.filter(_beyond(order, *after)))[: size + 1])
    more = len(found) > size
    last = found[size - 1] if more else None
    return Page(found[:size], _write(getattr(last, order), last.pk) if last else "", after is None)


def chunks(
    rows: QuerySet[Any],
    fields: Sequence[Any],
    cells: Callable[[list[tuple[Any, ...]]], list[Any]],
    *,
    order: str,
    size: int = CHUNK_ROWS,
) -> Iterator[list[Any]]:
    """All rows in the order of the list, a chunk at a time, so that the driver never holds them all.

    ``fields`` (names or expressions) are read with ``values_list``; ``cells`` turns a chunk of tuples,
    ``(instant as text, primary key, *fields)``, into rows.
    """
    base = rows.order_by(f"-{order}", "-pk").values_list(Joined(order), "pk", *fields)
    last: tuple[datetime, int] | None = None
    while True:
        found = list((base if last is None else base.filter(_beyond(order, *last)))[:size])
        if found:
            yield cells(found)
        if len(found) < size:
            return
        last = utc(found[-1][0]), found[-1][1]


def utc(text: str) -> datetime:
    """An instant as the databases write it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _beyond(order: str, instant: datetime, pk: int) -> Q:
    """What lies after a row; the first condition is the one that an index can use as a range."""
    return Q(**{f"{order}__lte": instant}) & (Q(**{f"{order}__lt": instant}) | Q(pk__lt=pk))


def _write(instant: datetime, pk: int) -> str:
    return f"{(instant - _EPOCH) // timedelta(microseconds=1)}-{pk}"


def _read(cursor: str) -> tuple[datetime, int] | None:
    micros, _sep, pk = cursor.partition("-")
    if not (cursor.isascii() and micros.isdigit() and pk.isdigit() and len(micros) < 18 and len(pk) < 19):
        return None
    return _EPOCH + timedelta(microseconds=int(micros)), int(pk)
