"""Plant in one sheet the errors that the plan names, and write the lines of the answer key."""

from __future__ import annotations

import copy
import datetime as dt
import itertools

import numpy as np

from flows.forms.form import Form
from flows.synthetic.file_errors import MISSING_FORM
from flows.synthetic.kinds import ErrorKind, Planted
from flows.synthetic.plans import Plan, slot_of
from flows.synthetic.sheets import Sheet

_REVISED_AFTER = dt.timedelta(days=12)
# they change the numbers of rows, so they come first
_MOVING_ROWS = ("entry_missing", "entry_twice")
# whom a row is about is not known after it, so it comes last
_ALTERS_KEY = ("credit_code",)


def spoil(
    rng: np.random.Generator, form: Form, sheet: Sheet, plan: Plan, spoilt: set[str]
) -> tuple[list[Sheet], list[Planted]]:
    """The sheets to send in place of one, and what is wrong with them. `spoilt` remembers the
    zone's entries with an error.
    """
    slot = slot_of(sheet)
    if slot in plan.revised:
        return _revise(sheet)
    if kind := plan.file.get(slot):
        planted = kind.act(rng, form, sheet, [])
        return ([] if kind is MISSING_FORM else [sheet]), planted
    if line := plan.line.get(slot):
        return [sheet], line.act(rng, form, sheet, [])
    planted = []
    kinds = sorted(
        plan.rows.get(slot, {}).items(),
        key=lambda item: (
            item[0].name not in _MOVING_ROWS,
            item[0].name in _ALTERS_KEY,
            item[0].name,
        ),
    )
    for kind, count in kinds:
        planted += _plant(rng, form, sheet, kind, count, spoilt)
    return [sheet], planted


def _plant(
    rng: np.random.Generator,
    form: Form,
    sheet: Sheet,
    kind: ErrorKind,
    count: int,
    spoilt: set[str],
) -> list[Planted]:
    """Spoil as many rows as planned of those that are fit for it and have no error, in this quarter
    or an earlier one.
    """
    fit = (
        row
        for row in rng.permutation(sheet.rows).tolist()
        if _entry(form, sheet, row) not in spoilt and kind.fits(sheet, row)
    )
    rows = sorted(itertools.islice(fit, count))
    spoilt.update(_entry(form, sheet, row) for row in rows)
    return kind.act(rng, form, sheet, rows) if rows else []


def _entry(form: Form, sheet: Sheet, row: int) -> str:
    """Who a row is about, whatever quarter it is of."""
    return "|".join(
        [form.code, *(sheet.text(row, part) for part in form.key if part not in ("stage", "tier"))]
    )


def _revise(sheet: Sheet) -> tuple[list[Sheet], list[Planted]]:
    """A first submission with a figure that is corrected in a second."""
    first = copy.copy(sheet)
    first.columns = dict(sheet.columns)
    row = next(row for row in range(sheet.rows) if sheet.text(row, "value"))
    now = sheet.text(row, "value")
    was = str(int(now) + max(1, int(now) // 40)) if now.isdecimal() else f"{float(now) * 1.025:.2f}"
    first.put(row, "value", was)
    sheet.revision = 2
    sheet.received_at = (dt.datetime.fromisoformat(sheet.received_at) + _REVISED_AFTER).isoformat(
        timespec="seconds"
    )
    planted = Planted(
        sheet.path,
        "revision",
        "REVISION-REASON",
        sheet=sheet.name,
        column=sheet.text(row, "indicator"),
        was=was,
        now=now,
    )
    return [first, sheet], [planted]
