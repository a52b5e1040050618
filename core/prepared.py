"""A SELECT whose SQL is written once: for the few queries that every signed request makes.

Django writes a query's SQL anew each time, which costs more than MariaDB's answer. A Prepared
keeps it for each connection and changes only the values, so the query stays one of Django's.
"""

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators


def text(number: int) -> str:
    """A stand-in for a text, unlike any real one."""
    return f"\x01prepared {number}\x01"


def whole(number: int) -> int:
    """A stand-in for a whole number, unlike any real one."""
    return -(2**52) - number


class Prepared:
    """``Prepared(lambda pk: Room.objects.filter(pk=pk), whole(0)).objects(7)``

    The builder is called with the stand-ins; each call's values take their places in order.
    A builder must not branch on its values, and a value must not change the query's shape
    (``None``, ``__in``).
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *stand_ins: str | int) -> None:
        self._build = build
        self._stand_ins = stand_ins
        self._written: WeakKeyDictionary[BaseDatabaseWrapper, _Written] = WeakKeyDictionary()

    def rows(self, *values: str | int) -> list[tuple[Any, ...]]:
        """The rows as tuples, in the order of the queryset's fields."""
        return self._here().rows(dict(zip(self._stand_ins, values, strict=True)))

    def objects(self, *values: str | int) -> list[Any]:
        """The rows as models, with what the queryset joined."""
        return self._here().objects(dict(zip(self._stand_ins, values, strict=True)))

    def _here(self) -> "_Written":
        this = connections[DEFAULT_DB_ALIAS]
        written = self._written.get(this)
        if written is None:
            written = self._written[this] = _Written(self._build(*self._stand_ins))
        return written


class _Written:
    """One query's SQL on one connection, and how its rows become Python's values."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self._compiler = rows.query.get_compiler(rows.db)
        self._sql, self._params = self._compiler.as_sql()
        selected = [expression for expression, _, _ in self._compiler.select]
        self._converters = self._compiler.get_converters(selected)
        self._database = rows.db
        if self._compiler.klass_info:
            self._prepare_models(self._compiler.klass_info, self._compiler.select)

    def rows(self, values: dict[str | int, Any]) -> list[tuple[Any, ...]]:
        with self._compiler.connection.cursor() as cursor:
            cursor.execute(self._sql, [values.get(param, param) for param in self._params])
            found = cursor.fetchall()
        if not self._converters:
            return list(found)
        return [tuple(row) for row in self._compiler.apply_converters(found, self._converters)]

    def objects(self, values: dict[str | int, Any]) -> list[Model]:
        found = []
        for row in self.rows(values):
            made = self._model.from_db(self._database, self._names, row[self._own])
            for populator in self._populators:
                populator.populate(row, made)
            found.append(made)
        return found

    def _prepare_models(self, info: dict[str, Any], select: list[Any]) -> None:
        fields = info["select_fields"]
        self._model = info["model"]
        self._own = slice(fields[0], fields[-1] + 1)
        self._names = [expression.target.attname for expression, _, _ in select[self._own]]
        self._populators = get_related_populators(info, select, self._database)  # type: ignore[call-arg]
