"""What a variation of a clean table is, and how it is written as CSV, XLSX, XLS and ODS.

A variation changes cells of one clean table, and says what is right: `same` (the figures load as
they are and nobody is asked), `ask` (a finding above a note at the place), or another figure. The
kinds themselves stand in `kinds_of_*.py`.
"""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.ugly.cell_files import WRITERS, Cell, Sheet, letter, xlsx

HEADS = ["指标名称", "计量单位", "本年累计", "同比增长（%）", "备注"]
ROWS: list[list[Any]] = [
    ["规模以上工业增加值", None, "—", -2.0, None],
    ["社会消费品零售总额", "亿元", 41.82, 3.6, None],
    ["固定资产投资", "亿元", 37.66, 6.6, None],
]
INCOME: list[list[Any]] = [
    ["城镇常住居民人均可支配收入", "元", 34125, 6.0, None],
    ["农村常住居民人均可支配收入", "元", 18519, 8.1, None],
]
PLAN_HEADS = ["指标名称", "计量单位", "年度目标", "计划增长（%）", "备注"]
PLANS: list[list[Any]] = [
    ["地区生产总值", "亿元", None, 6.5, None],
    ["社会消费品零售总额", "亿元", None, 5, None],
    ["固定资产投资", "亿元", 60, 10, None],
]
TABLES = {
    "main_indicators": [HEADS, *ROWS],
    "income": [HEADS, *INCOME],
    "plan_targets": [PLAN_HEADS, *PLANS],
}
Pair = tuple[str | None, str | None]
RIGHT: dict[str, dict[str, Pair]] = {
    "main_indicators": {
        "industry_va": (None, "-2"),
        "retail_sales": ("4182000000", "3.6"),
        "fixed_asset_investment": ("3766000000", "6.6"),
    },
    "income": {"income_urban": ("34125", "6"), "income_rural": ("18519", "8.1")},
    "plan_targets": {
        "target_gdp": (None, "6.5"),
        "target_retail_sales": (None, "5"),
        "target_fixed_asset_investment": ("6000000000", "10"),
    },
}
WORKBOOKS = ("xlsx", "xls", "ods")
EVERYWHERE = ("csv", *WORKBOOKS)
LEVEL, GROWTH, UNIT, NAME, NOTE = (2, 2), (2, 3), (2, 1), (2, 0), (2, 4)  # of retail sales
LEVEL_HEAD, GROWTH_HEAD = (0, 2), (0, 3)
_BIG = 2_200_000  # bytes; such a workbook is read without openpyxl


@dataclass(frozen=True)
class Variation:
    """One change of the clean table, in one kind; `right` is of retail sales where it is a pair."""

    kind: str
    what: str
    right: str | Pair | dict[str, Pair]
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    title: str | None = None
    foot: str | None = None
    text: str | None = None  # the whole file, where only text can say it
    formats: tuple[str, ...] = EVERYWHERE
    period: str = "2022Q3"
    marks: dict[str, Any] = field(default_factory=dict)  # what a `Sheet` takes
    form: str = "main_indicators"
    where: str | None = None  # of the finding, a pattern; the changed cells where not said
    is_strict: bool = False  # an XLSX of the strict standard
    is_big: bool = False  # a workbook beyond 2 MB

    def rows(self) -> list[list[Any]]:
        """The rows of the table with the change."""
        rows = [list(row) for row in TABLES[self.form]]
        for (row, column), value in self.cells.items():
            rows[row][column] = value
        above = [[self.title, None, None, None, None]] if self.title else []
        below = [[self.foot, None, None, None, None]] if self.foot else []
        return above + rows + below

    def places(self) -> str:
        """Where it has to be asked, as a pattern of cells."""
        if self.where is not None:
            return self.where
        down = 2 if self.title else 1
        cells = [f"{letter(column)}{row + down}" for row, column in self.cells]
        cells += ["A1"] * bool(self.title)
        cells += [f"A{len(self.rows())}"] * bool(self.foot)
        return "|".join(cells)

    def expected(self) -> dict[str, Pair]:
        """What loads, by line: level in its base unit, and growth in per cent."""
        if isinstance(self.right, dict):
            return RIGHT[self.form] | self.right
        if isinstance(self.right, tuple):
            return RIGHT[self.form] | {"retail_sales": self.right}
        return RIGHT[self.form]

    def write(self, ext: str) -> bytes:
        """The file in one format; an .et is an XLS by another name."""
        if self.text is not None:
            return self.text.encode()
        if ext != "csv":
            sheet = Sheet(self.rows(), **self.marks)
            made = xlsx(sheet, is_strict=True) if self.is_strict else WRITERS[ext.replace("et", "xls")](sheet)  # fmt: skip
            return _grow(made) if self.is_big else made
        stream = io.StringIO()
        csv.writer(stream, lineterminator="\n").writerows(self.rows())
        return stream.getvalue().encode()


def _grow(workbook: bytes) -> bytes:
    """The workbook with a picture's worth of bytes that do not compress."""
    noise = random.Random(14).randbytes(_BIG)
    if not zipfile.is_zipfile(io.BytesIO(workbook)):
        return workbook + noise
    sink = io.BytesIO(workbook)
    with zipfile.ZipFile(sink, "a") as archive:
        archive.writestr(zipfile.ZipInfo("xl/media/image1.jpeg", (1980, 1, 1, 0, 0, 0)), noise)
    return sink.getvalue()


def at(kind: str, place: tuple[int, int], right: Any, *values: Any, **more: Any) -> Iterator[Any]:
    """The same change with several texts in one cell."""
    for value in values:
        yield Variation(kind, f"{place} {value}", right, {place: value}, **more)


def coded(
    kind: str,
    place: tuple[int, int],
    right: Any,
    *cells: tuple[float, str],
    formats: tuple[str, ...] = WORKBOOKS,
    **more: Any,
) -> Iterator[Any]:
    """Numbers in number formats: stored, and the code."""
    for value, code in cells:
        cell = {place: Cell(value, code)}
        yield Variation(kind, f"{place} {value} {code}", right, cell, formats=formats, **more)


def titled(kind: str, right: Any, *titles: str) -> Iterator[Any]:
    for title in titles:
        yield Variation(kind, f"title {title}", right, title=title)


def footed(kind: str, right: Any, *notes: str) -> Iterator[Any]:
    for note in notes:
        yield Variation(kind, f"foot {note}", right, foot=note)


def marked(
    kind: str,
    right: Any,
    what: str,
    cells: dict[Any, Any] | None = None,
    where: str | None = None,
    **marks: Any,
) -> Variation:
    return Variation(
        kind, what, right, cells or {}, formats=WORKBOOKS, where=where, marks=marks
    )  # fmt: skip


TEXT = "指标名称,计量单位,本年累计,同比增长（%）\n规模以上工业增加值,,—,-2.0\n{}\n固定资产投资,亿元,37.66,6.6\n"


def in_text(kind: str, right: Any, *rows: str, text: str = TEXT) -> Iterator[Any]:
    for row in rows:
        yield Variation(
            kind, row, right, text=text.format(row), formats=("csv",), where="[A-Z]3"
        )  # fmt: skip
