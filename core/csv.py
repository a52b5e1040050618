"""The one CSV writer: UTF-8 with BOM, formulas neutralised, streamed with flat memory."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

BOM = "\ufeff"
CHUNK_ROWS = 2000
_END = "\r\n"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Buffer:
    """Collects what csv.writer writes, a chunk at a time."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, text: str) -> None:
        self.parts.append(text)

    def take(self) -> str:
        text = "".join(self.parts)
        self.parts.clear()
        return text


def neutral(cell: Any) -> Any:
    """A text cell that a spreadsheet will not run: an apostrophe before formula characters.

    Numbers stay numbers; source: OWASP "CSV Injection", and the full-width twins that Excel
    folds to the same characters.
    """
    if isinstance(cell, str) and cell.lstrip(" \u3000").startswith(_DANGEROUS):
        return "'" + cell
    return cell


def lines(header: Sequence[Any], chunks: Iterable[Iterable[Sequence[Any]]]) -> Iterator[bytes]:
    """Encode a header and chunks of rows; yields at once after the header, then once a chunk.

    Every text cell is neutralised; the caller passes integers and floats as such.
    """
    buffer = _Buffer()
    writer = csv.writer(buffer)
    writer.writerow([neutral(str(cell)) for cell in header])
    yield (BOM + buffer.take()).encode()
    for chunk in chunks:
        writer.writerows([neutral(cell) if isinstance(cell, str) else cell for cell in row] for row in chunk)
        yield buffer.take().encode()


def fragment(cells: Sequence[Any]) -> str:
    """A part of a row, neutralised and quoted, without the line's end.

    Cells that repeat over a million rows are written once and joined with commas by the caller.
    """
    buffer = _Buffer()
    csv.writer(buffer, lineterminator="").writerow([neutral(cell) if isinstance(cell, str) else cell for cell in cells])
    return buffer.take()


def joined(header: Sequence[Any], chunks: Iterable[Iterable[str]]) -> Iterator[bytes]:
    """Encode a header and chunks of rows that were put together from `fragment`s."""
    yield (BOM + fragment([str(cell) for cell in header]) + _END).encode()
    for chunk in chunks:
        yield (_END.join(chunk) + _END).encode()


def keyset_chunks(
    rows: QuerySet[Any],
    fields: Sequence[str],
    row: Callable[[tuple[Any, ...]], Sequence[Any]],
    size: int = CHUNK_ROWS,
) -> Iterator[list[Sequence[Any]]]:
    """Page through ``rows`` by primary key (descending) so that the driver never holds them all.

    ``fields`` are read with ``values_list``; ``row`` turns one tuple into cells.
    """
    last: Any = None
    base = rows.order_by("-pk").values_list("pk", *fields)
    while True:
        found = list((base if last is None else base.filter(pk__lt=last))[:size])
        if found:
            yield [row(item[1:]) for item in found]
        if len(found) < size:
            return
        last = found[-1][0]


def response(filename: str, header: Sequence[Any], chunks: Iterable[Iterable[Sequence[Any]]]) -> StreamingHttpResponse:
    """A download named ``filename`` (ASCII, ``.csv``), never cached."""
    return download(filename, lines(header, chunks))


def download(filename: str, parts: Iterator[bytes]) -> StreamingHttpResponse:
    """What `lines` or `joined` made, as a download, never cached."""
    answer = StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{filename}"'
    answer["Cache-Control"] = "no-store"
    return answer
