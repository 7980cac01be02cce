"""Which form a file is, by what stands in it: where its name does not say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from flows.forms.form import Form
from flows.model.errors import UnreadableError
from flows.model.name import tidy_heading
from flows.read.grid import Grid, open_grids
from flows.read.isolation import Fault, call_in_workers

_HEAD = 12  # rows in which a form's number stands
_LOOKED_AT = 200  # rows in which its lines stand
_ENOUGH = 0.6  # of the lines or columns that must be there
_NUMBER = re.compile(r"表号\s*(?:Form)?\s*[:：]\s*(?P<code>[A-Za-z][A-Za-z0-9_]*)", re.I)


def recognise_form(path: Path, catalogue: Mapping[str, Form]) -> tuple[str, ...]:
    """The forms that a file may be, by code: by the 表号 that the template prints, or by its lines
    and columns. None where it fits none or cannot be read.
    """
    try:
        grids = open_grids(path)
    except (UnreadableError, OSError):
        return ()
    cells = [cell for grid in grids for row in grid.head[:_HEAD] for cell in row if cell]
    printed = {match["code"].lower() for cell in cells for match in _NUMBER.finditer(cell)}
    by_number = tuple(code for code in catalogue if code in printed)
    return by_number or _by_content(grids, catalogue)


def recognise_isolated(path: Path, catalogue: Mapping[str, Form]) -> tuple[str, ...]:
    """The same in a worker process with limits; none where the file ends its reader."""
    calls = [(path, dict(catalogue))]
    [result] = call_in_workers(recognise_form, calls)
    return () if isinstance(result, Fault) else result


def _by_content(grids: list[Grid], catalogue: Mapping[str, Form]) -> tuple[str, ...]:
    """The forms of whose lines or columns most are there; all that share the lead."""
    rows = [row for grid in grids for row in grid.head[:_LOOKED_AT]]
    there = {tidy_heading(cell) for row in rows for cell in row if cell}
    fits = {code: _fit(form, there) for code, form in catalogue.items()}
    enough = {code: fit for code, fit in fits.items() if fit[0] >= _ENOUGH}
    best = max(enough.values(), default=None)
    return tuple(code for code, fit in enough.items() if fit == best)


def _fit(form: Form, there: set[str]) -> tuple[float, int]:
    """Which share of what a form asks for stands in a file, and how much of it in all."""
    if form.kind == "indicator":
        names = [(line.spellings, line.required) for line in form.indicators]
    else:
        names = [(column.spellings, column.required) for column in form.columns]
    asked = [spellings for spellings, is_required in names if is_required]
    asked = asked or [spellings for spellings, _ in names]
    share = sum(bool(spellings & there) for spellings in asked) / len(asked)
    return share, sum(bool(spellings & there) for spellings, _ in names)
