"""A million bookings in minutes: one written week is repeated into the past, row by row, without models.

Only the campus is repeated: its clock knows no summer time and it opens on holidays, so that a
week moved by whole weeks is a week that could have been. Copies carry no stories and no strikes.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Max, Model

from bookings.models import Booking
from console.demo.books import Entry, code_of
from core.transactions import unit
from orders.models import Order, OrderLine, Payment, Refund

WEEK = timedelta(weeks=1)
BATCH = 2000
Values = dict[str, Any]


class Table:
    """Copies rows of one model; ``next_pk`` is the key that the next copy gets."""

    def __init__(self, model: type[Model]) -> None:
        self.fields = model._meta.concrete_fields
        self.columns = [str(field.column) for field in self.fields]
        self.times = [n for n, field in enumerate(self.fields) if isinstance(field, DateTimeField)]
        self.places = {column: n for n, column in enumerate(self.columns)}
        self.next_pk = (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1
        self.rows: list[tuple[Any, ...]] = []
        quoted = ", ".join(connection.ops.quote_name(column) for column in self.columns)
        marks = ", ".join(["%s"] * len(self.columns))
        table = connection.ops.quote_name(model._meta.db_table)
        self.sql = f"INSERT INTO {table} ({quoted}) VALUES ({marks})"  # nosec B608: names of our own tables

    def prepared(self, row: Model) -> list[Any]:
        """A row's values as the database takes them, but for instants, which are still to be moved."""
        return [
            getattr(row, field.attname)
            if isinstance(field, DateTimeField)
            else field.get_db_prep_save(getattr(row, field.attname), connection)
            for field in self.fields
        ]

    def copy(self, values: Sequence[Any], shift: timedelta, changes: Values) -> int:
        """Keep a copy, its instants moved back by ``shift``; answers its key."""
        fresh = list(values)
        for place in self.times:
            if fresh[place] is not None:
                fresh[place] = connection.ops.adapt_datetimefield_value(fresh[place] - shift)
        for column, value in changes.items():
            fresh[self.places[column]] = value
        fresh[0] = pk = self.next_pk
        self.next_pk += 1
        self.rows.append(tuple(fresh))
        return pk

    def flush(self) -> None:
        """Insert what was copied."""
        if self.rows:
            with connection.cursor() as cursor:
                cursor.executemany(self.sql, self.rows)
        self.rows.clear()


class Repeater:
    """Copies the entries of a week, once for every week further back."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.orders, self.lines, self.bookings = Table(Order), Table(OrderLine), Table(Booking)
        self.payments, self.refunds = Table(Payment), Table(Refund)
        self.templates = [self._template(entry) for entry in entries]

    def copies(self) -> Iterator[tuple[Any, timedelta]]:
        """Every template with its shift, week after week, without end."""
        shift = WEEK
        while True:
            for template in self.templates:
                yield template, shift
            shift += WEEK

    @unit
    def write(self, wanted: Sequence[tuple[Any, timedelta]]) -> None:
        """Insert these copies, all or none."""
        for template, shift in wanted:
            self._copy(template, shift)
        for table in (self.orders, self.lines, self.bookings, self.payments, self.refunds):
            table.flush()

    def _template(self, entry: Entry) -> tuple[Any, ...]:
        payment, refund = entry.payment, entry.refund
        return (
            entry.stay.starts_at.astimezone(entry.stay.bundle.zone),
            self.orders.prepared(entry.order),
            self.lines.prepared(entry.line),
            self.bookings.prepared(entry.booking),
            self.payments.prepared(payment) if payment else None,
            self.refunds.prepared(refund) if refund else None,
        )

    def _copy(self, template: tuple[Any, ...], shift: timedelta) -> None:
        starts_at, order, line, booking, payment, refund = template
        day, old = _day(starts_at - shift), _day(starts_at)
        code = code_of(self.orders.next_pk)
        order_id = self.orders.copy(order, shift, {"number": f"A{day[2:].replace('-', '')}-{code}"})
        why, title = self.lines.places["why"], self.lines.places["title"]
        words = {"order_id": order_id, "why": line[why].replace(old, day), "title": line[title].replace(old, day)}
        line_id = self.lines.copy(line, shift, words)
        self.bookings.copy(booking, shift, {"line_id": line_id, "code": code_of(self.bookings.next_pk)})
        if payment:
            payment_id = self.payments.copy(payment, shift, {"order_id": order_id})
            if refund:
                keys = {"order_id": order_id, "line_id": line_id, "payment_id": payment_id}
                self.refunds.copy(refund, shift, keys)


def _day(local: datetime) -> str:
    return local.date().isoformat()
