"""Marks, cuts and per cent signs that files sent as people send them once passed over: many files judged in one pass."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from tests.judging import Judged, judge_many
from tests.read.test_figures_in_doubt import HEADS, NOTED, ROWS, growths, raised

Table = list[list[object]]
WORKED = 0.043212345678901  # as a formula leaves it


def table(**cells: object) -> Table:
    """The usual table with other cells: `C3=41`."""
    rows: Table = [list(HEADS), *(list(row) for row in ROWS)]
    for at, value in cells.items():
        rows[int(at[1:]) - 1]["ABCD".index(at[0])] = value
    return rows


def sheet(rows: Table, code: str = "General") -> bytes:
    """A workbook, its growths in a number format."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    for cell in page["D"][1:]:
        cell.number_format = code
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def asked(judged: list[Judged]) -> list[list[tuple[str, str | None]]]:
    return [[(code, cell) for _, code, cell in raised(one)] for one in judged]


# --- per cent -----------------------------------------------------------------------------------


def test_fractions_under_a_written_per_cent_sign_are_asked_about(tmp_path: Path) -> None:
    small = table(D2=-0.02, D3=0.036, D4=0.066)
    files = [sheet(small, code) for code in ('0.0"%"', '0.00"%"', "0.000\\%", '0.0"％"')]
    files.append(NOTED.format(row="社会消费品零售总额,亿元,41.82,0.036%,"))
    judged = judge_many(tmp_path, files)
    whole = [("GROWTH-FRACTION", f"D{row}") for row in (2, 3, 4)]
    assert asked(judged) == [*[whole] * 4, [("GROWTH-FRACTION", "D3")]]
    assert growths(judged[0])["retail_sales"] == Decimal("0.036")


def test_ordinary_per_cents_draw_nothing(tmp_path: Path) -> None:
    files = [
        sheet(table(D2=-0.02, D3=0.036, D4=0.066), "0.0%"),
        sheet(table(D2=-0.02, D3=0.0036, D4=WORKED), "0.0%"),
        sheet(table(D2=-WORKED, D3=WORKED / 12, D4=WORKED), "0.00%"),
        sheet(table(D3=0.5), '0.0"%"'),
    ]
    assert asked(judge_many(tmp_path, files)) == [[]] * len(files)


# --- figures cut by their comma ------------------------------------------------------------------

CUT = "社会消费品零售总额,亿元,"


def test_a_cut_figure_as_wide_as_the_headings_is_asked_about(tmp_path: Path) -> None:
    rows = [f"{CUT}41,82,", f"{CUT}41,8,", f"{CUT}41.82,3,6", f"{CUT}41.82,-3,6%", f"{CUT}41,05,"]
    rows += [f"{CUT}41.82,3,", f"{CUT}41,3.6,", f"{CUT}41.82,3.6,2"]
    short = ",".join(HEADS) + "\n固定资产投资,亿元,37,66\n"
    files: list[bytes | str] = [*(NOTED.format(row=row) for row in rows), short]
    files += [short.replace(",", ";"), sheet(table(C3=41, D3=8))]
    judged = judge_many(tmp_path, files)
    cuts = [[cell for code, cell in found if code == "VALUE-CUT"] for found in asked(judged)]
    assert cuts == [["C3"], ["C3"], ["D3"], ["D3"], ["C3"], [], [], [], ["C2"], [], []]
    assert "41,82" in judged[0].only("VALUE-CUT").message_zh


def test_thousands_cut_where_no_growth_is_asked_for_are_held(tmp_path: Path) -> None:
    heads = "指标名称,计量单位,本年累计,备注\n"
    for form, row, code in (
        ("employment", "城镇新增就业人数,人,1,773", "VALUE-COMMA"),
        ("land", "工业用地面积,亩,9,000", "VALUE-COMMA"),
        ("population", "常住人口,人,125,000", "VALUE-COMMA"),
        ("population", "常住人口,万人,12,50", "VALUE-CUT"),
    ):
        [judged] = judge_many(tmp_path, [f"{heads}{row}\n"], form)
        assert judged.only(code).cell == "C2"
        assert len(judged.accepted) == (code == "VALUE-CUT")


# --- raised and lowered letters -------------------------------------------------------------------


def raise_at(place: str, text: str, raised_text: str, title: str = "") -> bytes:
    """A workbook with one cell of a text and a raised text behind it."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in [[title or None], *table()]:
        page.append(row)
    raised_font = InlineFont(vertAlign="superscript")
    page[place] = CellRichText(text, TextBlock(raised_font, raised_text))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_raised_words_are_read_as_words(tmp_path: Path) -> None:
    name, title = "社会消费品零售总额", "主要经济指标"
    cells = [
        ("A4", name, "（限上）"), ("A4", name, "上年同期"), ("A4", name, "(2021)"), ("A4", name, "（1-8月）"),
        ("C2", "本年累计", "（上年同期）"), ("C2", "本年累计", "（8月）"), ("C2", "本年累计", "万元"),
        ("C4", "41.82", "万元"), ("C4", "41.82", "预计"), ("C4", "41.82", "（8月）"), ("C4", "41.82", "万"),
        ("D4", "3.6", "个百分点"), ("D2", "同比增长（%）", "（环比）"), ("D2", "同比增长（%）", "两年平均"),
        ("B4", "亿元", "（不变价）"), ("A1", title, "1-8月"),
    ]  # fmt: skip
    judged = judge_many(tmp_path, [raise_at(*cell, title=title) for cell in cells])
    silent = [cell for cell, one in zip(cells, judged, strict=True) if not raised(one)]
    assert silent == []


def test_raised_marks_and_harmless_words_draw_no_question(tmp_path: Path) -> None:
    cells = [
        ("C4", "41.82", "1"), ("C4", "41.82", "①"), ("C4", "41.82", "1,2"), ("C4", "41.82", "注1"), ("C4", "41.82", "[1]"),
        ("C4", "41.82", "(2)"), ("C4", "41.82", "a"), ("D4", "3.6", "*"), ("A4", "社会消费品零售总额", "注"), ("C4", "4", "1.82"),
        ("C4", "41.82", "（快报）"), ("D4", "3.", "60%"),
    ]  # fmt: skip
    judged = judge_many(tmp_path, [raise_at(*cell) for cell in cells])
    assert [found for found in asked(judged) if found] == []
    for one in judged:
        row = next(row for row in one.accepted if row["indicator"] == "retail_sales")
        assert (row["value_reported"], row["growth_reported_pct"]) == (
            Decimal("41.82"),
            Decimal("3.6"),
        )


# --- legends of marks -----------------------------------------------------------------------------


def noted(legend: str, mark: str = "①", place: str = "C4") -> str:
    """The usual table with a mark at a cell, and its legend below."""
    rows = [["通辽经济技术开发区主要经济指标（2022年1-9月）", None, None, None], *table()]
    row, column = int(place[1:]) - 1, "ABCD".index(place[0])
    rows[row][column] = f"{rows[row][column]}{mark}"
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
    return "\n".join([*lines, f"{legend},,,", ""])


def test_the_legend_of_a_mark_is_read_at_what_bears_it(tmp_path: Path) -> None:
    legends = [
        "①上年同期数", "①：2021年数", "① 1-8月", "① 7-9月", "注：①万元", "1 上年数", "①预计数", "①环比", "①限上", "①全市",
        "①不变价", "①数据为1-8月", "1.限额以上", "1）1-8月", "（1）2021年数", "[1]预计数", "注1：预计数", "注：1. 上年同期数",
        "①限额以上单位", "①单位：万元", "①初步核算数；①预计数", "①为上年同期数",
    ]  # fmt: skip
    files: list[bytes | str] = [noted(legend) for legend in legends]
    places = [
        ("①两年平均", "①", "D4"),
        ("①1-8月", "①", "C2"),
        ("①限额以上单位", "①", "A4"),
        ("※预计", "※", "C4"),
        ("* 2021年", "*", "C4"),
    ]
    places += [
        ("*：预计", "*", "C4"),
        ("②预计数", "②", "B4"),
        ("①环比", "①", "D2"),
        ("带#号的为两年平均增速", "#", "D4"),
        ("①预计数", "①", "A1"),
    ]
    files += [noted(*place) for place in places]
    judged = judge_many(tmp_path, files)
    told = [*legends, *places]
    assert [legend for legend, one in zip(told, judged, strict=True) if not raised(one)] == []
    assert judged[0].only("MARK-MEANING").cell == "C4"
    assert "①" in judged[0].only("MARK-MEANING").message_en


def test_a_legend_that_means_nothing_else_draws_nothing(tmp_path: Path) -> None:
    legends = [
        "①初步核算数", "①快报数", "①数据来源：统计局", "①2022年1-9月", "①单位：亿元", "①含新纳入企业", "①企业停产", "①增速按现价计算",
        "①绝对额按现价计算", "②预计数", "注：1.本表由统计局提供", "①见附表", "①", "①亿元",
    ]  # fmt: skip
    judged = judge_many(tmp_path, [noted(legend) for legend in legends])
    silent = [not raised(one) for one in judged]
    assert [
        legend for legend, is_silent in zip(legends, silent, strict=True) if not is_silent
    ] == []


def test_the_legend_of_a_raised_mark_is_read(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(raise_at("C4", "41.82", "1")), rich_text=True)
    page = book.active
    assert page is not None
    page["A6"] = CellRichText(TextBlock(InlineFont(vertAlign="superscript"), "1"), "限额以上单位")
    stream = io.BytesIO()
    book.save(stream)
    [judged] = judge_many(tmp_path, [stream.getvalue()])
    assert asked([judged]) == [[("HEADING-MEANING", "A6")]], "told where it stands"


# --- triangles ------------------------------------------------------------------------------------


def test_a_triangle_that_may_point_up_is_asked_about(tmp_path: Path) -> None:
    pointed = [
        table(D2="▼2.0", D3="▲3.6", D4="▲6.6"), table(D2="▽2.0", D3="△3.6", D4="△6.6"),
        table(D3="▲3.6"), table(D2="▲2.0", D3="▲3.6", D4="▲6.6"),
    ]  # fmt: skip
    marked = [["D3", "D4"], ["D3", "D4"], ["D3"], ["D2", "D3", "D4"]]
    as_text = ["\n".join(",".join(str(c or "") for c in row) for row in rows) for rows in pointed]
    judged = judge_many(tmp_path, [*map(sheet, pointed), *as_text])
    assert asked(judged) == [[("GROWTH-TRIANGLE", cell) for cell in row] for row in marked] * 2
    ordinary = [table(D2="▲2.0"), table(D2="▼2.0"), table(D2="▲2.0", D3="▲3.6"), table()]
    assert asked(judge_many(tmp_path, [sheet(rows) for rows in ordinary])) == [[]] * 4


def test_a_format_that_points_up_shows_a_rise(tmp_path: Path) -> None:
    files = [
        sheet(table(), code) for code in ("[红色]▲0.0;[绿色]▼0.0", '"▲ "0.0;"▼ "0.0', "▼0.0;▲0.0")
    ]
    files.append(sheet(table(D2=-0.02, D3=0.036, D4=0.066), "▲0.0%;▼0.0%"))
    judged = judge_many(tmp_path, [*files, sheet(table(), "0.0;▲0.0")])
    for one in judged:
        assert growths(one) == {
            "industry_va": Decimal("-2.0"),
            "retail_sales": Decimal("3.6"),
            "fixed_asset_investment": Decimal("6.6"),
        }
    assert [[code for code, _ in found] for found in asked(judged)] == [["CELL-FORMAT"]] * 4 + [[]]
