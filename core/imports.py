"""CSV import with a preview: every row is judged in place, then all are taken or none.

sheet = imports.read(text, COLUMNS)
sheet.refuse_repeats("phone")
... add what only the database knows with row.refuse("phone", "…") ...
if sheet.good: service(rows=[row.values for row in sheet.rows])
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import Field
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.csv import neutral

MAX_ROWS = 5000
MAX_BYTES = 400_000
"""Below DATA_UPLOAD_MAX_MEMORY_SIZE: the text travels once more when the preview is accepted."""


@dataclass(frozen=True)
class Column:
    """One column: its name in the file, its label, and the form field that judges a cell."""

    name: str
    label: str | Promise
    field: Field

    @property
    def required(self) -> bool:
        """Whether the file must have it."""
        return self.field.required


@dataclass
class Row:
    """One row: ``number`` is its line in the file, ``errors`` stand beside their cell."""

    number: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def refuse(self, name: str, text: str | Promise) -> None:
        """Say what is wrong with a cell; the first reason stays."""
        self.errors.setdefault(name, str(text))

    @property
    def in_place(self) -> list[tuple[str, str]]:
        """Cell and error, in the order of the columns, for the preview."""
        return [(cell, self.errors.get(name, "")) for name, cell in self.cells.items()]


@dataclass
class Sheet:
    """A file as it was read; ``problems`` concern it as a whole."""

    columns: Sequence[Column]
    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether everything may be taken."""
        return bool(self.rows) and not self.problems and not self.wrong

    @property
    def wrong(self) -> int:
        """How many rows have an error."""
        return sum(bool(row.errors) for row in self.rows)

    def refuse_repeats(self, name: str) -> None:
        """The same value twice in a column that must be unique."""
        seen: dict[Any, int] = {}
        for row in self.rows:
            value = row.values.get(name)
            if value in (None, ""):
                continue
            if value in seen:
                row.refuse(name, _("The same as in line %d.") % seen[value])
            seen.setdefault(value, row.number)


class UploadForm(forms.Form):
    """A file, or its text once it was shown."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"), required=False, widget=forms.FileInput(attrs={"accept": ".csv,.txt"})
    )
    text = forms.CharField(
        label=gettext_lazy("Or the rows themselves"), required=False, max_length=MAX_BYTES, strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """``text`` is what is to be read, wherever it came from."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("file"):
            data["text"] = decode(data["file"].read(MAX_BYTES + 1))
        if not (data.get("text") or "").strip() and not self.errors:
            raise ValidationError(_("Choose a file, or write the rows."))
        return data


def decode(raw: bytes) -> str:
    """UTF-8 (with or without BOM), else GB 18030 as Excel writes it in China. Raises ValidationError."""
    if len(raw) > MAX_BYTES:
        raise ValidationError(_("The file is larger than %d kB; split it.") % (MAX_BYTES // 1000))
    for name in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(name)
        except UnicodeDecodeError:
            continue
    raise ValidationError(_("The file is not text in UTF-8 or GB 18030."))


def read(text: str, columns: Sequence[Column]) -> Sheet:
    """Read and judge a file: header by name or label, any order, comma, semicolon or tab between cells."""
    sheet = Sheet(columns)
    if "\0" in text:
        sheet.problems.append(_("The file holds NUL characters; it is not text."))
        return sheet
    try:
        lines = _lines(text.lstrip("\ufeff"))
    except csv.Error:
        sheet.problems.append(_("The file is not CSV."))
        return sheet
    names = _names(lines[0][1] if lines else [], sheet)
    if len(lines) - 1 > MAX_ROWS:
        sheet.problems.append(_("More than %d rows; split the file.") % MAX_ROWS)
    elif len(lines) < 2 and not sheet.problems:
        sheet.problems.append(_("The file has a header but no rows."))
    if not sheet.problems:
        sheet.rows = [_row(number, names, cells, columns) for number, cells in lines[1:]]
    return sheet


def _lines(text: str) -> list[tuple[int, list[str]]]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [(reader.line_num, [_plain(cell) for cell in cells]) for cells in reader if any(map(str.strip, cells))]


def _plain(cell: str) -> str:
    """Undo the apostrophe that our own export puts before formula characters."""
    bare = cell.strip()
    return bare[1:] if bare.startswith("'") and neutral(bare[1:]) != bare[1:] else bare


def _names(header: list[str], sheet: Sheet) -> list[str]:
    known = {key.casefold(): item.name for item in sheet.columns for key in (item.name, str(item.label))}
    names = [known.get(cell.casefold(), "") for cell in header]
    unknown = [cell[:40] for cell, name in zip(header, names, strict=True) if not name]
    missing = [item.name for item in sheet.columns if item.required and item.name not in names]
    if unknown:
        sheet.problems.append(_("Unknown columns: %s") % ", ".join(unknown[:10]))
    if missing:
        sheet.problems.append(_("Missing columns: %s") % ", ".join(missing))
    if len(set(names)) < len(names):
        sheet.problems.append(_("A column is there twice."))
    return names


def _row(number: int, names: list[str], cells: list[str], columns: Sequence[Column]) -> Row:
    given = dict(zip(names, cells, strict=False))
    row = Row(number, {item.name: given.get(item.name, "")[:200] for item in columns})
    if len(cells) > len(names):
        row.refuse(columns[0].name, _("More cells than columns."))
    for item in columns:
        try:
            row.values[item.name] = item.field.clean(given.get(item.name, ""))
        except ValidationError as error:
            row.refuse(item.name, error.messages[0])
    return row
