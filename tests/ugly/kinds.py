"""Kinds of what makes a figure mean something else, each in at least five variations of our own.

A variation changes cells of one clean table, and says what is right: `same` (the figures load as
they are and nobody is asked), `ask` (a finding above a note), or another figure. It is written as
CSV, XLSX, XLS and ODS, but for what only a workbook or only a text file can say.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.ugly.cell_files import WRITERS, Cell, Sheet

HEADS = ["指标名称", "计量单位", "本年累计", "同比增长（%）", "备注"]
ROWS: list[list[Any]] = [
    ["规模以上工业增加值", None, "—", -2.0, None],
    ["社会消费品零售总额", "亿元", 41.82, 3.6, None],
    ["固定资产投资", "亿元", 37.66, 6.6, None],
]
RIGHT = {
    "industry_va": (None, "-2"),
    "retail_sales": ("4182000000", "3.6"),
    "fixed_asset_investment": ("3766000000", "6.6"),
}
WORKBOOKS = ("xlsx", "xls", "ods")
EVERYWHERE = ("csv", *WORKBOOKS)
LEVEL, GROWTH, UNIT, NAME, NOTE = (2, 2), (2, 3), (2, 1), (2, 0), (2, 4)  # of retail sales
LEVEL_HEAD, GROWTH_HEAD = (0, 2), (0, 3)


@dataclass(frozen=True)
class Variation:
    """One change of the clean table, in one kind; `right` is of retail sales where it is a pair."""

    kind: str
    what: str
    right: str | tuple[str | None, str | None]
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    title: str | None = None
    foot: str | None = None
    text: str | None = None  # the whole file, where only text can say it
    formats: tuple[str, ...] = EVERYWHERE
    period: str = "2022Q3"
    marks: dict[str, Any] = field(default_factory=dict)  # what a `Sheet` takes

    def rows(self) -> list[list[Any]]:
        """The rows of the table with the change."""
        rows = [list(row) for row in [HEADS, *ROWS]]
        for (row, column), value in self.cells.items():
            rows[row][column] = value
        above = [[self.title, None, None, None, None]] if self.title else []
        below = [[self.foot, None, None, None, None]] if self.foot else []
        return above + rows + below

    def write(self, ext: str) -> bytes:
        """The file in one format."""
        if self.text is not None:
            return self.text.encode()
        if ext != "csv":
            return WRITERS[ext](Sheet(self.rows(), **self.marks))
        stream = io.StringIO()
        csv.writer(stream, lineterminator="\n").writerows(self.rows())
        return stream.getvalue().encode()


def at(kind: str, place: tuple[int, int], right: Any, *values: Any, **more: Any) -> Iterator[Any]:
    """The same change with several texts in one cell."""
    for value in values:
        yield Variation(kind, f"{place} {value}", right, {place: value}, **more)


def coded(
    kind: str, place: tuple[int, int], right: Any, *cells: tuple[float, str]
) -> Iterator[Any]:
    """Numbers in number formats: stored, and the code."""
    for value, code in cells:
        yield Variation(
            kind, f"{place} {value} {code}", right, {place: Cell(value, code)}, formats=WORKBOOKS
        )


def titled(kind: str, right: Any, *titles: str) -> Iterator[Any]:
    for title in titles:
        yield Variation(kind, f"title {title}", right, title=title)


def footed(kind: str, right: Any, *notes: str) -> Iterator[Any]:
    for note in notes:
        yield Variation(kind, f"foot {note}", right, foot=note)


def marked(
    kind: str, right: Any, what: str, cells: dict[Any, Any] | None = None, **marks: Any
) -> Variation:
    return Variation(kind, what, right, cells or {}, formats=WORKBOOKS, marks=marks)


TEXT = "指标名称,计量单位,本年累计,同比增长（%）\n规模以上工业增加值,,—,-2.0\n{}\n固定资产投资,亿元,37.66,6.6\n"


def in_text(kind: str, right: Any, *rows: str) -> Iterator[Any]:
    for row in rows:
        yield Variation(kind, row, right, text=TEXT.format(row), formats=("csv",))


def list_variations() -> Iterator[Variation]:
    """All of them."""
    yield from coded("percent cells", GROWTH, "same", (0.036, "0.0%"), (0.036, "0.00%"), (0.036, "0.0%;[Red]-0.0%"), (3.6, '0.0"%"'), (3.6, '0.0" %"'), (0.036, '"+"0.0%'))  # fmt: skip
    yield Variation(
        "percent cells",
        "by a formula",
        "same",
        {GROWTH: Cell(0.036, "0.0%", formula="1")},
        formats=WORKBOOKS,
    )

    formats = "formats that scale or reword"
    yield from coded(formats, LEVEL, "same", (41820, "0.00,"), (41820000, "#,##0.00,,"), (41.82, '0.00"亿元"'), (41.82, '"¥"0.00'))  # fmt: skip
    yield from coded(formats, LEVEL, "ask", (41.82, '0.00"万元"'), (41.82, '0.00"元"'), (41.82, ";;;"), (41.82, '"下降"0.00'), (41.82, '0.00"（预计）"'))  # fmt: skip
    yield from coded(formats, GROWTH, ("4182000000", "-3.6"), (3.6, '"下降"0.0'), (3.6, '"↓"0.0'))

    marks = "footnote marks"
    yield from at(marks, LEVEL, "same", "41.82①", "41.82¹", "41.82₁", "41.82*", "41.82(p)", "41.82[1]", "41.82注1")  # fmt: skip
    yield from at(marks, GROWTH, "same", "3.6②", "3.6%①", "3.6†")
    yield from at(marks, LEVEL, "ask", "4①.82", "①", "㊶.82", "41.82×10⁸", "①.82", "41.82（预计）", "↑41.82", "41.82↓")  # fmt: skip
    yield from at(marks, LEVEL, "same", "①41.82", "41.82（快报）", "RMB41.82", "41亿8200万")
    yield marked(marks, "ask", "level raised as a whole", {LEVEL: Cell(41.82, is_raised=True)})

    span = "another span of time"
    yield from titled(
        span, "ask", "2022年1-8月主要指标", "2022年7-9月", "2022年9月", "2022.06", "2022年第三季度当季", "2021年", "Jan-Aug 2022", "2022.7-2022.9",
        "2022年7月1日至9月30日", "2022/1/1-2022/8/31", "2021年10月-2022年9月", "2022年年报", "贰零贰壹年前三季度", "2 0 2 1 年1-9月",
    )  # fmt: skip
    yield from titled(
        span,
        "same",
        "2022年1月1日至9月30日",
        "2022/1/1-2022/9/30",
        "贰零贰贰年前三季度",
        "2022年1月—2022年9月",
    )
    yield from at(span, LEVEL_HEAD, "ask", "Jan-Aug", "1-8月", "9月", "2022.9", "202209", "2022-09", "2022年", "2021年", "上年同期")  # fmt: skip
    yield from at(
        span, LEVEL_HEAD, "same", "1-9月", "2022年1-9月", "一至三季度", "2022-09-30", "Jan-Sep"
    )

    heads = "words on headings"
    yield from at(heads, LEVEL_HEAD, "ask", "本年累计（当季）", "绝对额（上年同期）", "绝对额（2020年不变价）", "本年累计（预计）", "本年累计（人均）", "本年累计（测试数据）")  # fmt: skip
    yield from at(heads, GROWTH_HEAD, "ask", "同比增长（环比）", "同比增长（两年平均）", "同比增长（百分点）", "三季度同比", "指数（上年=100）", "拉动（百分点）", "三年平均")  # fmt: skip
    yield from at(heads, GROWTH_HEAD, "same", "同比增长（自然口径）", "比上年同期±%", "累计同比（%）", "增长速度（%）", "y/y")  # fmt: skip

    lines = "words on lines"
    name = ROWS[1][0]
    yield from at(lines, NAME, "ask", *(f"{name}（{w}）" for w in ("不变价", "上年同期", "三季度当季", "全年计划", "限额以上", "不含街道", "中位数", "2021年")))  # fmt: skip
    yield from at(lines, UNIT, "ask", "亿元（不变价）", "亿元（上年同期）", "亿元（预计）", "亿元（当季）", "亿元（含税）", "亿元（万元）")  # fmt: skip
    yield from at(lines, NAME, "same", f"{name}（快报）", f"二、{name}", f"其中：{name}", f"{name}（亿元）", "社零")  # fmt: skip

    units = "units"
    yield from at(
        units, LEVEL, "ask", "41.82万元", "41.82万", "418200万元", "41.82亿美元", "41.82%"
    )
    yield from at(units, LEVEL, "same", "41.82亿", "41.82亿元", "41.82 亿")
    yield from at(
        units, UNIT, "same", "億元", "亿", "100 million yuan", "RMB 100 million", "亿元人民币"
    )
    yield from titled(units, "ask", "单位：万元", "单位：亿元（美元）", "单位：亿元（万元）", "万元", "单位：百万", "Unit: RMB million", "Unit: 10 thousand yuan", "in million yuan")  # fmt: skip
    yield from titled(
        units, "same", "单位：亿元", "亿元", "Unit: 100 million yuan", "单位：亿元、%"
    )
    yield from at(units, NOTE, "ask", "单位：万元", "万元", "数据为万元")

    commas = "rows of a text file"
    yield from in_text(commas, "ask", f"{name},亿元,4,182,3.6", f"{name},亿元,41,82,3.6", f"{name},亿元,41.82,3,6", f'{name},亿元,"41,820",3.6', f'{name},亿元,"41,82",3.6', f"{name},亿元,34,125", f"{name},41.82,亿元,3.6")  # fmt: skip
    yield from in_text(commas, ("104182000000", "3.6"), f'{name},亿元,"1,041.82",3.6')

    growth = "growth"
    yield from at(growth, GROWTH, "ask", "▲3.6", "提高0.5个百分点", "-0.5个百分点", "一", "0.036", "3.6亿", "3.6万", "四", "十", "二十", "3.6↓", "增长3.4个百分点", "6%-7%", "3.6倍", "环比增长3.6%")  # fmt: skip
    yield from at(growth, GROWTH, ("4182000000", "-3.6"), "↓3.6", "负3.6", "下降百分之三点六", "（3.6）", "同比下降3.6%")  # fmt: skip
    yield from at(
        growth, GROWTH, "same", "百分之三点六", "3.6%左右", "不低于3.6%", "36‰", "增长3.6%"
    )
    yield from at(growth, GROWTH, ("4182000000", None), "—", "不可比", "扭亏为盈")

    unseen = "merged, hidden and struck cells"
    yield marked(unseen, "ask", "value merged", {(3, 2): None}, merged=[(2, 2, 3, 2)])
    yield marked(unseen, "ask", "growth merged", {(3, 3): None}, merged=[(2, 3, 3, 3)])
    yield marked(unseen, "ask", "row hidden", hidden_rows={2})
    yield marked(unseen, "ask", "row too low", heights={2: 3})
    yield marked(unseen, "ask", "growth column hidden", hidden_columns={3})
    yield marked(unseen, "ask", "unit column hidden", hidden_columns={1})
    yield marked(unseen, "ask", "names hidden", hidden_columns={0})
    yield marked(unseen, "ask", "heading row hidden", hidden_rows={0})
    yield marked(unseen, "ask", "level struck", {LEVEL: Cell(41.82, is_struck=True)})
    yield marked(unseen, "ask", "heading struck", {LEVEL_HEAD: Cell("本年累计", is_struck=True)})
    yield marked(unseen, "ask", "white on white", {GROWTH: Cell(3.6, is_white=True)})
    yield marked(unseen, "ask", "format hides", {GROWTH: Cell(3.6, ";;;")})
    yield marked(unseen, "ask", "digit in white", {LEVEL: Cell("41.8", unseen="2")})
    yield marked(unseen, "ask", "name in white", {NAME: Cell("社零", unseen="（限上）")})
    yield marked(unseen, "ask", "bar alone", drawn=("C2:C4", "dataBar"))
    yield marked(unseen, "ask", "icon alone", drawn=("D2:D4", "iconSet"))
    yield marked(unseen, "ask", "words for a number", {GROWTH: Cell(3.6, '"持平"')})
    yield marked(unseen, "same", "unit merged", {(3, 1): None}, merged=[(2, 1, 3, 1)])

    pages = "headers and footers of pages"
    for words in ("单位：万元", "2021年1-9月", "2022年1-8月", "预计数", "币种：美元", "上年同期"):
        yield marked(pages, "ask", f"footer {words}", footer=words)
    yield marked(
        pages, "same", "footer of an office", footer="通辽经济技术开发区统计局 2022年1-9月"
    )

    notes = "notes that give another meaning"
    yield from at(notes, NOTE, "ask", "上年同期数", "1-8月数", "预计数", "数据为估算", "不变价", "按2020年不变价", "增速单位为百分点", "先按预计数填报", "截至8月底", "不含房地产", "全市口径", "增速为环比", "作废", "人均")  # fmt: skip
    yield from at(notes, NOTE, "same", "现价", "增速按可比价计算", "预计四季度回升", "初步核算", "受疫情影响，比上年同期下降", "截至9月底", "同口径", "统计局反馈")  # fmt: skip
    yield from footed(notes, "ask", "注：此表为7-9月数据", "注：本表数据截至2022年8月31日", "注：含托管区", "草稿", "测试数据", "作废", "注：以上为预计数")  # fmt: skip
    yield from footed(
        notes, "same", "注：增速按可比价计算", "填表人：张三", "注：本表数据为2022年1-9月累计数"
    )
    yield from titled(
        notes,
        "ask",
        "分季度主要经济指标",
        "2022年1-9月数据未扣除重复",
        "2022年1-9月人均",
        "作废",
        "按2020年价格",
        "2022年1-9月主要经济指标计划表",
    )

    times = "a quarter to come"
    for quarter in ("2190Q1", "2190Q2", "2190Q3", "2191Q1", "2198Q4"):
        yield Variation(times, quarter, "ask", period=quarter)
