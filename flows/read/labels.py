"""Rows whose name says more than the line: a span, a unit, an index (`生产总值_累计值(亿元)`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from flows.model.marks import drop_marks
from flows.model.name import read_name, tidy_heading
from flows.model.submission import Heading
from flows.model.text import clean
from flows.model.unit import load_units
from flows.read.layout import Layout

# `国内生产总值_累计值(亿元)`, `国内生产总值指数(上年同期=100)_累计值(%)`,
# `社会消费品零售总额_累计增长(%)`
_LABEL = re.compile(
    r"(?P<name>.+?)(?P<index>指数\(上年同?期?=100\))?_?(?P<span>累计值|累计增长|当季值|当季同比增长|当期值|(?:累计)?同比(?:增[长速幅])?|增长(?:速度|率)?|增[速幅]|本期值)?(?:\((?P<unit>[^()]*)\))?"
)
_BASES = ("上年同期=100", "上年=100", "上年同期为100", "上年为100")  # of an index, for its unit
QUARTER_SPANS = ("当季值", "当期值", "本期值")
_OTHER_SPANS = (*QUARTER_SPANS, "当季同比增长")
_LEVEL_SPANS = ("累计值", *_OTHER_SPANS)


@dataclass(frozen=True)
class Label:
    """What a row's own name says beside the line: its span, its unit, and whether it is an
    index.
    """

    line: str
    span: str | None
    unit: str | None
    is_index: bool

    @property
    def is_growth(self) -> bool:
        """Whether the figure is a growth, or an index from which growth is read."""
        return self.is_index or (self.span is not None and self.span not in _LEVEL_SPANS)


def read_label(text: str) -> Label:
    """A row's name taken apart; text without such parts is all name."""
    match = _LABEL.fullmatch(clean(drop_marks(text)[0]))
    if match is None:
        return Label(text, None, None, is_index=False)
    unit = match["unit"] if match["unit"] in load_units() else None
    if match["unit"] and match["span"] and unit is None and match["unit"] not in _BASES:
        return Label(text, None, None, is_index=False)  # 增速（上年）
    return Label(match["name"], match["span"], unit, bool(match["index"]))


def settle_labels(table: pa.Table, layout: Layout, lines: set[str]) -> pa.Table:
    """Rows whose name says more than the line: the unit goes to its column, growth beside its
    level,
    other spans away.
    """
    table = _name_growths(table)
    labels = {text: read_label(text) for text in pc.unique(table["indicator"]).to_pylist() if text}
    if not any(label.unit or label.span or label.is_index for label in labels.values()):
        return table
    growth: dict[tuple[str, ...], str] = {}
    rows: list[dict[str, Any]] = []
    for row in table.to_pylist():
        label = labels.get(row["indicator"])
        is_line = label is not None and bool(
            {tidy_heading(row["indicator"]), tidy_heading(label.line)} & lines
        )
        away = _away(label, layout, is_line)
        if away is not None:
            away.append((row["_row"], row["indicator"]))
            layout.notes.append(f"{row['_row']}: {row['indicator']} {row['value'] or ''}")
            continue
        own = bool(row["indicator"]) and tidy_heading(row["indicator"]) in lines
        if label is None or not is_line or (label.is_growth and not own and not _is_rate(row)):
            rows.append(row)
            continue
        if label.is_growth and not own:
            text = (
                f"{row['value']}（上年同期=100）"
                if label.is_index and row["value"]
                else row["value"]
            )
            growth[_key_of(label.line)] = text
            row |= {"indicator": label.line, "value": None, "growth_pct": text, "_growth_row": True}
        else:
            # a name's unit beside one in the unit's column stays with the name: they are compared
            named = f"{label.line}({label.unit})" if label.unit and row["unit"] else label.line
            layout.has_label_units |= bool(label.unit and not row["unit"])
            row |= {
                "indicator": row["indicator"] if own else named,
                "unit": row["unit"] or label.unit,
            }
        rows.append(row)
    levels = {
        _key_of(str(r["indicator"])) for r in rows if not r.get("_growth_row") and r["indicator"]
    }
    kept = []
    for row in rows:
        line = _key_of(str(row["indicator"] or ""))
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


def _name_growths(table: pa.Table) -> pa.Table:
    """The table with the name of the line above before a row called 同比增长 and no more."""
    names, above = [], None
    sent = table["indicator"].to_pylist()
    for name in sent:
        label = read_label(f"_{name}") if name else None
        if label and label.line == "_" and label.is_growth and above:
            names.append(f"{above}_{name}")
        else:
            above = name
            names.append(name)
    if names == sent:
        return table
    at = table.schema.get_field_index("indicator")
    return table.set_column(at, "indicator", pa.array(names, table.schema.field(at).type))


def _is_rate(row: dict[str, Any]) -> bool:
    """Whether a row's figure can be the growth that its name says: in no unit of a level, beside no
    other growth. One that cannot is left under its name, which no line has.
    """
    return not row["growth_pct"] and (not row["unit"] or clean(row["unit"]) in ("%", "％", *_BASES))


def _away(label: Label | None, layout: Layout, is_line: bool) -> list[tuple[int, str]] | None:
    """The list of rows that are put away to which one belongs: those of another span, and, in an
    export of a site, those of lines that the form does not have. None where it is loaded.
    """
    if label is None or not label.span:
        return None
    if is_line:
        return layout.other_lines if label.span in _OTHER_SPANS else None
    return layout.strange_lines if layout.kind == "nbs_export" else None


def _key_of(text: str) -> tuple[str, ...]:
    """By which a line and its growth are one: its name, and all that stands in brackets but
    a unit.
    """
    name = read_name(text)
    return name.core, *(remark for remark in name.remarks if remark not in load_units())
