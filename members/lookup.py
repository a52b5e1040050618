"""The one query of every signed request: session, member and plan by key id.

Composing this query anew took half of the time of an authentication (360 of 750 µs), so its text is
written once for each kind of database; the rows become model instances in the ordinary way.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model

from members.models import Member, MemberSession, Plan

_MODELS: tuple[type[Model], ...] = (MemberSession, Member, Plan)
_FIELDS: list[tuple[type[Model], Any]] = [(model, field) for model in _MODELS for field in model._meta.concrete_fields]
_ENDS = [sum(len(model._meta.concrete_fields) for model in _MODELS[:end]) for end in range(len(_MODELS) + 1)]
_NAMES = [[field.attname for field in model._meta.concrete_fields] for model in _MODELS]
Converter = tuple[int, Callable[..., Any], Any]


def session_by_key(key_id: str) -> MemberSession | None:
    """The session with its member and the member's plan loaded; ended and expired ones too."""
    sql, converters = _prepared(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, [key_id])
        row = cursor.fetchone()
    if row is None:
        return None
    values = list(row)
    for index, convert, expression in converters:
        values[index] = convert(values[index], expression, connection)
    session, member, plan = (_instance(number, values) for number in range(len(_MODELS)))
    member.plan = plan if member.plan_id is not None else None
    session.member = member
    found: MemberSession = session
    return found


def _instance(number: int, values: Sequence[Any]) -> Any:
    return _MODELS[number].from_db(connection.alias, _NAMES[number], values[_ENDS[number] : _ENDS[number + 1]])


@functools.cache
def _prepared(vendor: str) -> tuple[str, list[Converter]]:
    """The text of the query and the conversions that the columns need in this kind of database."""
    quote = connection.ops.quote_name
    names = [f"{quote(model._meta.db_table)}.{quote(field.column)}" for model, field in _FIELDS]
    session, member, plan = (quote(model._meta.db_table) for model in _MODELS)
    sql = (
        f"SELECT {', '.join(names)} FROM {session}"  # nosec B608: names of our own tables
        f" JOIN {member} ON {member}.id = {session}.member_id"
        f" LEFT JOIN {plan} ON {plan}.id = {member}.plan_id WHERE {session}.key_id = %s"
    )
    columns = [field.get_col(model._meta.db_table) for model, field in _FIELDS]
    converters = [
        (index, convert, column)
        for index, column in enumerate(columns)
        for convert in [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    ]
    return sql, converters
