"""Noun: a body, the rows of data below the headings of a table.

In: a grid and the layout of a table on it. Out: the rows as text, a column a field. What is no data
is put away and said: notes go to `Layout.notes`, total rows to `Layout.totals`, and lines of
another
span than the form's (`当季值`) to `Layout.other_lines`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.forms.form import Form
from flows.model.name import tidy_heading
from flows.model.errors import NotAQuantityError
from flows.model.quantity import parse_quantity
from flows.model.submission import Heading
from flows.model.text import clean
from flows.model.unit import load_units
from flows.read.grid import Grid, count_filled
from flows.read.table import FOOT_ROWS, NOTE, Layout, is_note_like

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

_FAULT = r"^(#(DIV/0!|N/A|REF!|VALUE!|NAME\?|NUM!|NULL!)$|=\S)"

# `国内生产总值_累计值(亿元)`, `国内生产总值指数(上年同期=100)_累计值(%)`,
# `社会消费品零售总额_累计增长(%)`
_LABEL = re.compile(
    r"(?P<name>.+?)(?P<index>指数\(上年同?期?=100\))?_?(?P<span>累计值|累计增长|当季值|当季同比增长|当期值|同比增长|本期值)?(?:\((?P<unit>[^()]*)\))?"
)
_GROWTH_SPANS = ("累计增长", "同比增长")
_OTHER_SPANS = ("当季值", "当季同比增长", "当期值", "本期值")


@dataclass(frozen=True)
class Label:
    """What a row's own name says beside the line: its span, its unit, and whether it is an index."""

    line: str
    span: str | None
    unit: str | None
    is_index: bool

    @property
    def is_growth(self) -> bool:
        """Whether the figure is a growth, or an index from which growth is read."""
        return self.is_index or self.span in _GROWTH_SPANS


def read_label(text: str) -> Label:
    """A row's name taken apart; text without such parts is all name."""
    match = _LABEL.fullmatch(clean(text))
    if match is None:
        return Label(text, None, None, is_index=False)
    unit = match["unit"] if match["unit"] in load_units() else None
    return Label(match["name"], match["span"], unit, bool(match["index"]))


def cut_rows(form: Form, grid: Grid, layout: Layout) -> pa.Table:
    """The rows of data below the headings: `_row` and a text column a field. Blank rows, notes and
    totals go.

    A note is a row that fills no column of the form, or only the first and there holds no line of
    the form or opens with the words of a note; it is kept in `layout.notes`, so that nothing
    vanishes.
    """
    start, length = layout.header_row, layout.last_row - layout.header_row
    body = grid.table.slice(start, length)
    filled = count_filled(body, range(body.num_columns))
    mapped = count_filled(body, layout.indexes.values())
    keep = pc.greater(mapped, 0)
    doubtful = pc.and_(pc.less_equal(mapped, 1), pc.greater(filled, 0))
    foot = pa.array(np.arange(length) >= length - FOOT_ROWS)
    doubtful = pc.or_(doubtful, pc.and_(foot, pc.greater(filled, 0)))
    lines = {s for i in form.indicators for s in i.spellings}
    dropped = _find_totals(form, body, layout) if form.kind == "register" else []
    for n in pc.indices_nonzero(doubtful).to_pylist() if length else []:
        cells = [column[n].as_py() for column in body.columns]
        if n not in dropped and _is_note(cells, layout, lines):
            layout.notes.append(f"{start + n + 1}: {' '.join(c for c in cells if c)}")
            dropped.append(n)
    if dropped:
        kept = keep.to_numpy(zero_copy_only=False).copy()
        kept[dropped] = False
        keep = pa.array(kept)
    rows = pa.array(np.arange(start + 1, start + 1 + length, dtype=np.int32))
    columns = {"_row": rows}
    for name in (c.name for c in form.columns):
        index = layout.indexes.get(name)
        columns[name] = (
            body.column(str(index)) if index is not None else pa.nulls(length, pa.string())
        )
    if grid.encoding is None:  # a workbook
        _blank_faults(form, columns, layout)
    table = pa.table(columns)
    table = table if pc.all(keep).as_py() else table.filter(keep)
    return _settle_labels(table, layout, lines) if form.kind == "indicator" else table


def _blank_faults(form: Form, columns: dict[str, Any], layout: Layout) -> None:
    """Formulas that failed are no words: such cells of text are blank, and kept in `layout.faults`.
    Numbers are refused later.
    """
    worded = [
        c.name
        for c in form.columns
        if c.type == "text" and not c.codes and not c.code_table and c.name in layout.indexes
    ]
    for name in worded if form.kind == "register" else ["note"]:
        column = columns.get(name)
        if column is None or column.null_count == len(column):
            continue
        failed = pc.fill_null(pc.match_substring_regex(column, _FAULT), False)
        at = pc.indices_nonzero(failed).to_pylist()
        if at:
            layout.faults.append(
                (name, column[at[0]].as_py(), [columns["_row"][n].as_py() for n in at])
            )
            columns[name] = pc.if_else(failed, None, column)


def _is_note(cells: list[str | None], layout: Layout, lines: set[str]) -> bool:
    """Whether a row is a note rather than data.

    It is one where every cell opens like a note (`填表人：`), or where no more than the first
    column of the form is filled, with no line of the form. A lone figure is data: it lost its name.

    """
    if is_note_like(cells):
        return True
    mapped = [index for index in layout.indexes.values() if cells[index]]
    if len(mapped) > 1 or len(layout.indexes) == 1:
        return False
    if not mapped:
        return True
    text = cells[mapped[0]] or ""
    known = {tidy_heading(text), tidy_heading(read_label(text).line)} & lines
    return mapped[0] == min(layout.indexes.values()) and (
        bool(NOTE.match(text)) or (bool(lines) and not known)
    )


def _find_totals(form: Form, body: pa.Table, layout: Layout) -> list[int]:
    """The rows of totals and subtotals of a register, which are no entity; they are kept in
    `layout.totals`.
    """
    found: dict[int, str] = {}
    leftmost = min(layout.indexes.values(), default=0)
    for index in range(min(max(_TOTAL_CELLS, leftmost + 2), body.num_columns)):
        column = body.column(str(index))
        for n in pc.indices_nonzero(pc.is_in(column, value_set=_TOTAL_WORDS)).to_pylist():
            found.setdefault(n, column[n].as_py())
    numeric = {c.name for c in form.columns if c.numeric}
    for n, word in sorted(found.items()):
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
    return sorted(found)


def _settle_labels(table: pa.Table, layout: Layout, lines: set[str]) -> pa.Table:
    """Rows whose name says more than the line: the unit goes to its column, growth beside its
    level,
    other spans away.
    """
    said = {text: read_label(text) for text in pc.unique(table["indicator"]).to_pylist() if text}
    if not any(label.unit or label.span or label.is_index for label in said.values()):
        return table
    growth: dict[str, str] = {}
    rows: list[dict[str, object]] = []
    for row in table.to_pylist():
        label = said.get(row["indicator"])
        if label is None or (
            tidy_heading(row["indicator"]) not in lines and tidy_heading(label.line) not in lines
        ):
            rows.append(row)
            continue
        if label.span in _OTHER_SPANS:
            layout.other_lines.append((row["_row"], row["indicator"]))
            layout.notes.append(f"{row['_row']}: {row['indicator']} {row['value'] or ''}")
            continue
        own = tidy_heading(row["indicator"]) in lines
        if label.is_growth and not own:
            text = (
                f"{row['value']}（上年同期=100）"
                if label.is_index and row["value"]
                else row["value"]
            )
            growth[tidy_heading(label.line)] = text
            row |= {"indicator": label.line, "value": None, "growth_pct": text, "_growth_row": True}
        else:
            row |= {
                "indicator": row["indicator"] if own else label.line,
                "unit": row["unit"] or label.unit,
            }
            layout.has_label_units |= bool(label.unit)
        rows.append(row)
    levels = {
        tidy_heading(str(r["indicator"]))
        for r in rows
        if not r.get("_growth_row") and r["indicator"]
    }
    kept = []
    for row in rows:
        line = tidy_heading(str(row["indicator"] or ""))
        if row.pop("_growth_row", False) and line in levels:
            continue
        if line in growth and not row["growth_pct"]:
            row["growth_pct"] = growth[line]
        kept.append(row)
    if layout.has_label_units and "unit" not in layout.headings:
        layout.headings["unit"] = Heading(
            layout.headings["indicator"].letter, layout.headings["indicator"].text
        )
    return pa.Table.from_pylist(kept, table.schema)


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
