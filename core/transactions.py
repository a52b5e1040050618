"""Transactions and locks: public services start a unit of work, and only they do.

The runner retries the whole unit when the database asks for it: 1213 deadlock,
1205 lock wait timeout, 1020 record changed (MariaDB), and SQLite's busy.
"""

import functools
import random
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Model, QuerySet

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=Model)

ATTEMPTS = 5
_RETRYABLE_CODES = {1213, 1205, 1020}
_active: ContextVar[bool] = ContextVar("atrium_unit_active", default=False)


def unit(function: Callable[P, R]) -> Callable[P, R]:
    """Run a public service as one transaction, retried as a whole at most five times.

    A unit called inside another joins it: it neither commits nor retries by itself.
    """

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if _active.get():
            return function(*args, **kwargs)
        return _run(lambda: function(*args, **kwargs))

    return wrapper


def in_unit() -> bool:
    """Whether a unit of work is open in this thread."""
    return _active.get()


def _run(work: Callable[[], R]) -> R:
    for attempt in range(1, ATTEMPTS + 1):
        token = _active.set(True)
        try:
            with transaction.atomic():
                return work()
        except OperationalError as error:
            if attempt == ATTEMPTS or not _retryable(error):
                raise
        finally:
            _active.reset(token)
        time.sleep(random.uniform(0, 0.02 * 2**attempt))
    raise AssertionError("unreachable")


def _retryable(error: OperationalError) -> bool:
    code = error.args[0] if error.args else None
    return code in _RETRYABLE_CODES or "database is locked" in str(error)


def lock(rows: QuerySet[M], ids: Iterable[Any]) -> list[M]:
    """Lock rows in primary-key order and return them in that order, freshly read.

    On SQLite the whole unit already holds the write lock (``BEGIN IMMEDIATE``).
    """
    wanted = rows.filter(pk__in=sorted(set(ids))).order_by("pk")
    if connection.features.has_select_for_update:
        wanted = wanted.select_for_update(of=("self",)) if _supports_of() else wanted.select_for_update()
    return list(wanted)


def lock_one(rows: QuerySet[M], pk: Any) -> M | None:
    """Lock and freshly read one row; None where it does not exist."""
    found = lock(rows, [pk])
    return found[0] if found else None


def _supports_of() -> bool:
    return bool(connection.features.has_select_for_update_of)


def violates(error: IntegrityError, model: type[Model], constraint: str) -> bool:
    """Whether ``error`` was raised by the named constraint of ``model``.

    MariaDB names the constraint; SQLite names the columns of a unique one.
    """
    text = str(error)
    if constraint in text:
        return True
    for item in model._meta.constraints:
        fields = getattr(item, "fields", ())
        if item.name == constraint and fields:
            table = model._meta.db_table
            columns = [f"{table}.{model._meta.get_field(f).column}" for f in fields]  # type: ignore[union-attr]
            return text.endswith("UNIQUE constraint failed: " + ", ".join(columns))
    return False
