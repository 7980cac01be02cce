"""The kinds of error that can be planted, and what the answer key says of one that was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from flows.forms.form import Form
from flows.synthetic.sheets import Sheet

KEY_FIELDS = ("path", "sheet", "row", "column", "cell", "kind", "was", "now", "rule")
MISSING, LATE = (
    "SUBMISSION-MISSING",
    "SUBMISSION-LATE",
)  # told by metrics.submission_due, not by a finding


@dataclass(frozen=True)
class Planted:
    """One error: where it stands, what stood there and what does now, and the rule that has to find
    it.
    """

    path: str
    kind: str
    rule: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    cell: str | None = None
    was: str | None = None
    now: str | None = None

    def as_line(self) -> dict[str, str]:
        """The line of the answer key."""
        cells = {name: "" if value is None else str(value) for name, value in asdict(self).items()}
        return {name: cells[name] for name in KEY_FIELDS}


def _any_row(_: Sheet, __: int) -> bool:
    return True


@dataclass(frozen=True)
class ErrorKind:
    """A way to go wrong. `act` spoils a sheet and tells what it did, nothing where it could not. Of
    a register it is given the rows to spoil, of those that `fits` lets pass.

    `after` names what has to be known for the error to show: the quarter before in the same year
    ("quarter"), the one before of any year ("any"), or the same quarter a year earlier ("year").
    """

    name: str
    act: Callable[[np.random.Generator, Form, Sheet, list[int]], list[Planted]]
    forms: tuple[str, ...] = ()  # all that it can befall where none are named
    after: str = ""
    rejects: bool = False  # the file is held: the next quarter has nothing to be compared with
    fits: Callable[[Sheet, int], bool] = _any_row


def at_cell(
    sheet: Sheet, kind: str, rule: str, row: int, column: str, was: str | None, now: str | None
) -> Planted:
    """An error in a cell; `row` counts the sheet's rows of data from 0, -1 is the headings."""
    return Planted(
        sheet.path,
        kind,
        rule,
        sheet=sheet.name,
        row=sheet.row_number(row),
        column=column,
        cell=sheet.cell(row, column),
        was=was,
        now=now,
    )


def repeat_rows(sheet: Sheet, rows: list[int], kind: str, column: str) -> list[Planted]:
    """Append rows to the sheet once more; the answer key names them where they stand again."""
    first = sheet.rows
    sheet.take(np.append(np.arange(first), rows))
    return [
        at_cell(sheet, kind, "KEY-DUPLICATE", row, column, None, sheet.text(row, column))
        for row in range(first, sheet.rows)
    ]
