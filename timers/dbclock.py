"""The database's clock, moved by the training offset: the authority on what is due."""

from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Func

from core import clock

_MYSQL = "TIMESTAMPADD(MICROSECOND, %s, UTC_TIMESTAMP(6))"
_SQLITE = "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', %s)"


def fragment() -> tuple[str, Any]:
    """SQL for now with its one parameter."""
    moved = clock.offset()
    if connection.vendor == "sqlite":
        return _SQLITE, f"{moved.total_seconds():+.3f} seconds"
    return _MYSQL, round(moved.total_seconds() * 1_000_000)


class DatabaseNow(Func):
    """Now as an expression, so that claiming costs no query of its own."""

    output_field = DateTimeField()

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, tuple[str | int, ...]]:
        text, parameter = fragment()
        return text, (parameter,)


def now() -> datetime:
    """One query: the database's time in UTC, moved by the offset."""
    text, parameter = fragment()
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + text, [parameter])
        value = cursor.fetchone()[0]
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC)
