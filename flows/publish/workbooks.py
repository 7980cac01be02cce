"""Workbooks for people: `published/workbook/<zone>.xlsx`, a sheet for each view that they want.

Before the data stand the contents and the notes: what a row is, and what each column means, in
Chinese and English. Like other exports they are written for the zones that have changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import duckdb

from flows.publish.data_package import name_type
from flows.publish.exports import ReadViews, Zones, keep_unchanged, whole_or_none
from flows.publish.view_words import ColumnWords, ViewWords, describe_views
from flows.publish.xlsx_file import Sheet, XlsxWriter
from flows.warehouse.own_faults import Spare, spare_nothing
from flows.warehouse.sql_text import quote

WORKBOOK_FOLDER = "workbook"
VIEWS = ("headline", "dashboard", "sector_growth", "indicator_growth", "reconciliation", "fact")
CONTENTS, NOTES = "目录 Contents", "说明 Notes"
_PER_CENT = ("%", "百分点")
_HEADINGS = 2  # rows above the data
_REMARKS = (
    ("一行两种语言的标题下是数据；各列含义见“说明”", "data stand below two rows of titles"),
    ("空格是没有的数，原因见同行的 _reason 列", "an empty cell is missing; _reason says why"),
    ("has_open_query 为真：待核实", "has_open_query true: under query"),
    ("内部资料：公开的数见 published/public", "for the office; the public's: published/public"),
)


def workbook_path(published: Path, zone: str) -> Path:
    """The workbook of a zone."""
    return published / WORKBOOK_FOLDER / f"{zone}.xlsx"


def write_workbooks(
    con: duckdb.DuckDBPyConnection,
    views: ReadViews,
    zones: Zones,
    published: Path,
    beside: Path,
    spare: Spare = spare_nothing,
) -> int:
    """Write the workbooks of zones that have changed into `beside`. Returns their rows."""
    wanted = keep_unchanged(zones, workbook_path, published, beside)
    if not wanted:
        return 0
    words = describe_views(con, (f"metrics.{name}" for name in VIEWS))
    described = {name: words[f"metrics.{name}"] for name in VIEWS}
    sources = {name: views.source(f"metrics.{name}", wanted) for name in VIEWS}
    written = 0
    for zone, target in wanted.items():
        with spare(f"published/{WORKBOOK_FOLDER}/{target.name}"), whole_or_none(target):
            written += _write_workbook(con, described, sources, zone, target)
    return written


def read_sheet(path: Path, view: str) -> list[list[object]]:
    """The rows of a view's sheet as another program reads them; none where there is no such."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(view)
    except (OSError, CalamineError):
        return []
    return [list(row) for row in sheet.to_python(skip_empty_area=False)[_HEADINGS:]]


def as_read(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    """Rows of a view as a workbook holds them: numbers as doubles, moments as texts."""
    return [[_as_read(value) for value in row] for row in rows]


def _as_read(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, Decimal | float):
        return float(value)
    return str(value) if isinstance(value, dt.datetime) else value


def query_sheet(source: str, zone: str) -> str:
    """The rows of a sheet in their order."""
    return f"select * from {source} where zone = {quote(zone)} order by all"


def _sheet_of(name: str, view: ViewWords) -> Sheet:
    return Sheet(
        name,
        [[c.title_zh for c in view.columns], [c.title_en for c in view.columns]],
        [_format_of(c.unit, c.kind) for c in view.columns],
        [_width_of(c) for c in view.columns],
    )


def _write_workbook(
    con: duckdb.DuckDBPyConnection,
    described: Mapping[str, ViewWords],
    sources: dict[str, str],
    zone: str,
    target: Path,
) -> int:
    counts = {}
    with XlsxWriter(target, [CONTENTS, NOTES, *described]) as book:
        for name, view in described.items():
            rows = con.execute(query_sheet(sources[name], zone)).fetchall()
            counts[name] = book.write(_sheet_of(name, view), rows)
        titles = con.execute(
            "select title_zh, title_en from ref.zone where zone = ?", [zone]
        ).fetchone()
        title_zh, title_en = titles or (zone, zone)
        contents = Sheet(
            CONTENTS,
            [[f"{zone} {title_zh}", title_en, "", ""]],
            ["text", "text", "text", "count"],
            [22, 70, 70, 10],
        )
        remarks = [("", zh, en, None) for zh, en in _REMARKS]
        listed = [(name, v.title_zh, v.title_en, counts[name]) for name, v in described.items()]
        book.write(contents, [("表 sheet", "一行是", "one row is", "行 rows"), *listed, *remarks])
        notes = Sheet(
            NOTES,
            [["表 sheet", "列 column", "中文", "English", "单位 unit"]],
            ["text"] * 5,
            [20, 34, 44, 60, 14],
        )
        book.write(
            notes,
            [
                (name, c.name, c.title_zh, c.title_en, c.unit)
                for name, view in described.items()
                for c in view.columns
            ],
        )
    return sum(counts.values())


def _format_of(unit: str | None, kind: str) -> str:
    """How a column's numbers are shown."""
    if kind == "DATE":
        return "date"
    if name_type(kind) not in ("number", "integer"):
        return "text"
    if unit in _PER_CENT:
        return "per cent"
    if unit and name_type(kind) == "integer":
        return "count"
    return "level" if unit else "number"


def _width_of(column: ColumnWords) -> float:
    """Wide enough for what is in most cells, and for half of a long title."""
    least = 12 if name_type(column.kind) in ("number", "integer", "boolean", "date") else 14
    return min(max(least, len(column.title_zh) * 2, len(column.title_en) / 2), 40)
