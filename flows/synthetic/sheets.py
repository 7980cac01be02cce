"""A sheet as a department fills it, in memory, and the file that it becomes.

In: the form's fields and their text, a column an Arrow array. Out: CSV (UTF-8, with BOM or without,
    or
GB18030) or XLSX. The same sheet gives the same bytes.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
from openpyxl import Workbook

from flows.model.submission import letter_of
from flows.reply.workbook_file import save_workbook

MOST_WORKBOOK_ROWS = 2_000  # a longer table is sent as text
_CLOCK = dt.datetime(2020, 1, 1, tzinfo=dt.UTC).replace(
    tzinfo=None
)  # stands for every clock in a workbook
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?")


@dataclass
class Sheet:
    """A form filled for a zone and quarter. Rows count from 0 here and from 1, titles included, in
    the
    file.
    """

    form: str
    zone: str
    period: str
    titles: list[str]
    headings: dict[str, str]  # by field, in the order of the columns
    columns: dict[str, pa.StringArray]
    as_text: frozenset[str] = frozenset()  # codes, which a workbook must not take for numbers
    revision: int = 1
    suffix: str = "csv"
    encoding: str = "utf-8"
    received_at: str = ""
    content: bytes | None = None  # in place of all else: a file that is spoiled as a whole
    spoiled: set[int] = field(default_factory=set)  # rows with an error planted in them

    @property
    def path(self) -> str:
        """Where it stands below the folder of submissions."""
        revision = f".r{self.revision}" if self.revision > 1 else ""
        return f"{self.zone}/{self.period}/{self.form}{revision}.{self.suffix}"

    @property
    def rows(self) -> int:
        """How many rows of data it has."""
        return len(next(iter(self.columns.values())))

    @property
    def name(self) -> str | None:
        """The name of the sheet in a workbook."""
        return "报表" if self.suffix == "xlsx" else None

    def row_number(self, row: int) -> int:
        """The row as the sender's program numbers it."""
        return len(self.titles) + 2 + row

    def cell(self, row: int, name: str) -> str:
        """The address of a field in a row, such as `C7`."""
        return f"{self.letter(name)}{self.row_number(row)}"

    def letter(self, name: str) -> str:
        """The letter of a field's column."""
        return letter_of(list(self.headings).index(name))

    def text(self, row: int, name: str) -> str:
        """What stands in a cell; empty where nothing does."""
        return self.columns[name][row].as_py() or ""

    def put(self, row: int, name: str, text: str | None) -> None:
        """Write a cell."""
        column = self.columns[name]
        self.columns[name] = pa.concat_arrays(
            [column.slice(0, row), pa.array([text], pa.string()), column.slice(row + 1)]
        )

    def put_many(self, name: str, texts: dict[int, str | None]) -> None:
        """Write many cells of a column in one pass."""
        values = self.columns[name].to_pylist()
        for row, text in texts.items():
            values[row] = text
        self.columns[name] = pa.array(values, pa.string())

    def take(self, rows: np.ndarray) -> None:
        """Keep these rows, in this order."""
        chosen = pa.array(rows)
        self.columns = {name: column.take(chosen) for name, column in self.columns.items()}

    def write(self, folder: Path) -> bytes:
        """Write the file; its bytes."""
        path = folder / self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.content is None and self.suffix == "xlsx":
            self._write_workbook(path)
            return path.read_bytes()
        content = self._as_text() if self.content is None else self.content
        path.write_bytes(content)
        return content

    def workbook_bytes(self, folder: Path) -> bytes:
        """The workbook it would be, for one that is to be cut short."""
        path = folder / f".{self.form}.xlsx"
        self._write_workbook(path)
        content = path.read_bytes()
        path.unlink()
        return content

    def _as_text(self) -> bytes:
        """CSV whose rows are all of one width, as a spreadsheet program saves it."""
        head = io.StringIO()
        writer = csv.writer(head, lineterminator="\n")
        blank = [""] * (len(self.headings) - 1)
        writer.writerows([[title, *blank] for title in self.titles])
        writer.writerow(list(self.headings.values()))
        body = io.BytesIO()
        table = pa.table([self.columns[name] for name in self.headings], list(self.headings))
        options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed")
        pyarrow.csv.write_csv(table, body, options)
        content = head.getvalue().encode() + body.getvalue()
        return content if self.encoding == "utf-8" else content.decode().encode(self.encoding)

    def _write_workbook(self, path: Path) -> None:
        workbook = Workbook(write_only=True)
        sheet = workbook.create_sheet("报表")
        for title in self.titles:
            sheet.append([title])
        sheet.append(list(self.headings.values()))
        columns = [self._as_cells(name) for name in self.headings]
        for row in zip(*columns, strict=True):
            sheet.append(row)
        save_workbook(workbook, path, _CLOCK)

    def _as_cells(self, name: str) -> list[str | int | float | None]:
        """Numbers as numbers, the rest as text."""
        texts: list[str | None] = self.columns[name].to_pylist()
        if name in self.as_text:
            return list(texts)
        return [
            float(t)
            if t and "." in t and _NUMBER.fullmatch(t)
            else int(t)
            if t and _NUMBER.fullmatch(t)
            else t
            for t in texts
        ]
