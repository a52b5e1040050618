"""Database expressions that both databases understand."""

from typing import Any

from django.db.models import CharField, Func
from django.db.models.functions import Cast


class Joined(Func):
    """Values that are never NULL as one text with ``|`` between them: the driver hands over one value.

    Instants are ISO text in UTC, as the database keeps them.
    """

    template = "CONCAT_WS('|', %(expressions)s)"
    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """SQLite before 3.44 has no CONCAT_WS."""
        copy = self.copy()
        copy.set_source_expressions([Cast(item, CharField()) for item in self.source_expressions])
        return copy.as_sql(compiler, connection, template="%(expressions)s", arg_joiner=" || '|' || ", **context)
