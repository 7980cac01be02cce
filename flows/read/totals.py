"""The rows of totals and subtotals in a register, which are no entity."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.forms.form import Form
from flows.model.errors import NotAQuantityError
from flows.model.quantity import parse_quantity
from flows.model.text import clean
from flows.read.layout import Layout

# a row of totals says so in one of its first cells
_TOTAL_CELLS = 3
_TOTALS = (
    "合计",
    "总计",
    "共计",
    "小计",
    "本页小计",
    "本页合计",
    "total",
    "grand total",
    "subtotal",
    "sum",
)
_GAPS = ("", " ", "  ", "   ", "    ", "　", "　　")
_SPELT = [gap.join(word) for word in _TOTALS if not word.isascii() for gap in _GAPS]
_SPELT += [
    spelt
    for word in _TOTALS
    if word.isascii()
    for spelt in (word, word.title(), word.upper(), word.capitalize())
]
_TOTAL_WORDS = pa.array(sorted({word + end for word in _SPELT for end in ("", ":", "：")}))


def find_totals(form: Form, body: pa.Table, layout: Layout) -> list[int]:
    """The rows of totals and subtotals of a register, which are no entity; they are kept in
    `layout.totals`.
    """
    totals: dict[int, str] = {}
    leftmost = min(layout.indexes.values(), default=0)
    for index in range(min(max(_TOTAL_CELLS, leftmost + 2), body.num_columns)):
        column = body.column(str(index))
        is_total = pc.is_in(column, value_set=_TOTAL_WORDS).to_numpy()
        for n in np.flatnonzero(is_total).tolist():
            totals.setdefault(n, column[n].as_py())
    numeric = {c.name for c in form.columns if c.numeric}
    for n, word in sorted(totals.items()):
        row = layout.header_row + n + 1
        layout.notes.append(
            f"{row}: {' '.join(c for column in body.columns if (c := column[n].as_py()))}"
        )
        figures = {
            name: body.column(str(i))[n].as_py()
            for name, i in layout.indexes.items()
            if name in numeric
        }
        layout.totals.append((row, word, {name: text for name, text in figures.items() if text}))
    return sorted(totals)


def check_totals(
    form: Form, layout: Layout, piece: pa.Table
) -> Iterator[tuple[int, str, str, str]]:
    """Where a grand total misses the sum of its rows by more than rounding (F10): its row, field,
    text, and the sum.

    Subtotals are not checked: which rows they are of cannot be told. Figures that cannot be added
    are left alone.
    """
    grand = [
        total
        for total in layout.totals
        if clean(total[1]).strip(":") in ("合计", "总计", "共计", "Total", "GrandTotal")
    ]
    if len(grand) != 1 or len(layout.totals) > 1:
        return
    row, _, figures = grand[0]
    for name, sent in figures.items():
        try:
            total = _as_printed(sent)
            parts = [_as_printed(text) for text in piece[name].to_pylist()]
        except NotAQuantityError:
            continue
        added = sum((value for value, _ in parts), Decimal(0))
        rounding = sum((size for _, size in [total, *parts]), Decimal(0)) / 2
        is_exact = form.column(name).type == "integer"
        if abs(total[0] - added) > (0 if is_exact else rounding):
            yield row, name, sent, f"{added:f}"


def _as_printed(text: str | None) -> tuple[Decimal, Decimal]:
    """A figure and the size of its last digit; a missing one adds nothing. Raises
    NotAQuantityError.
    """
    quantity = parse_quantity(text)
    if quantity.value is None:
        return Decimal(0), Decimal(0)
    if quantity.unit or quantity.qualifier != "exact":
        raise NotAQuantityError("a figure in a unit of its own, or a bound, cannot be added")
    return quantity.value, Decimal(1).scaleb(-quantity.decimals)
