"""Writes the ugly files and, beside each, what a careful person reads in it.

Run `python tests/ugly/make_ugly.py` to write them anew (the .xls ones need LibreOffice). The expected
rows are computed here from the published figures below and a table of units; nothing of the reader is used.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

HERE = Path(__file__).resolve().parent
RAW = HERE.parents[1] / "raw"

# --- the figures, as the zone and the nation published them -------------------------------------

GDP = [
    ("gdp", "地区生产总值", "107.92", "3.4"),
    ("va_primary", "第一产业增加值", "1.41", "4.1"),
    ("va_secondary", "第二产业增加值", "39.12", "2.7"),
    ("va_tertiary", "第三产业增加值", "67.39", "3.8"),
]
FACTOR = {
    "亿元": 10**8,
    "万元": 10**4,
    "千元": 1000,
    "元": 1,
    "亩": 1,
    "万亩": 10**4,
    "公顷": 15,
    "米": 1,
    "公里": 1000,
    "人": 1,
    "家": 1,
    "个": 1,
    "户": 1,
    "套": 1,
    "吨": 1,
    "万吨": 10**4,
    "次": 1,
    "辆": 1,
    "%": 1,
    "万人": 10**4,
}
HEADINGS = ["指标名称", "计量单位", "本年累计", "同比增长（%）"]
NATION = ["地区生产总值", "第一产业增加值", "第二产业增加值", "第三产业增加值"]


def nation(period: str) -> list[tuple[str, str, str, str]]:
    """The nation's four lines of a quarter: (indicator, title, level in 亿元, growth)."""
    with (RAW / "CN" / period / "gdp.csv").open(encoding="utf-8-sig", newline="") as source:
        lines = {row[0]: row for row in csv.reader(source)}
    return [
        (code, title, lines[title][2], lines[title][3])
        for (code, *_), title in zip(GDP, NATION, strict=True)
    ]


# --- writing --------------------------------------------------------------------------------------

Cells = list[list[Any]]
CASES: dict[str, dict[str, Any]] = {}


def case(
    name: str,
    content: bytes,
    expected: Iterable[dict[str, Any]] | None = None,
    form: str = "gdp",
    **told: Any,
) -> None:
    """One file, the rows it is read into (none where it is refused), and what else is said of it."""
    CASES[name] = {"content": content, "expected": list(expected or []), "form": form, **told}


def text(rows: Cells, delimiter: str = ",", newline: str = "\n", encoding: str = "utf-8") -> bytes:
    sink = io.StringIO(newline="")
    csv.writer(sink, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return sink.getvalue().encode(encoding)


def number(cell: Any) -> Any:
    return float(cell) if isinstance(cell, str) and re.fullmatch(r"-?\d+(\.\d+)?", cell) else cell


def book(
    *sheets: tuple[str, Cells],
    merged: Iterable[str] = (),
    hidden: Iterable[str] = (),
    touch: Callable[[Any], None] | None = None,
) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets:
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append([number(cell) for cell in row])
        sheet.sheet_state = "hidden" if title in hidden else "visible"
    for area in merged:
        workbook.worksheets[0].merge_cells(area)
    if touch:
        touch(workbook.worksheets[0])
    sink = io.BytesIO()
    workbook.save(sink)
    return repack(sink.getvalue())


def repack(archive: bytes, change: Callable[[str, bytes], bytes] = lambda _, part: part) -> bytes:
    """The same parts without the time they were written, so that the same script gives the same bytes."""
    sink = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as source,
        zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for name in source.namelist():
            part = re.sub(
                rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2022-10-12T00:00:00Z", source.read(name)
            )
            copy.writestr(
                zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)),
                change(name, part),
                zipfile.ZIP_DEFLATED,
            )
    return sink.getvalue()


def archive(**parts: str) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as made:
        for name, content in parts.items():
            made.writestr(
                zipfile.ZipInfo(
                    name.replace("__", "/").replace("_xml", ".xml"), (1980, 1, 1, 0, 0, 0)
                ),
                content,
            )
    return sink.getvalue()


def ods(rows: Cells) -> bytes:
    """A small OpenDocument sheet; a cell that begins with # is the error of a formula."""

    def cell(value: Any) -> str:
        if value in ("", None):
            return "<table:table-cell/>"
        if str(value).startswith("#"):
            return f'<table:table-cell table:formula="of:=1/0" calcext:value-type="error"><text:p>{value}</text:p></table:table-cell>'
        if isinstance(number(value), float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in names)
    body = "".join(
        "<table:table-row>" + "".join(cell(v) for v in row) + "</table:table-row>" for row in rows
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" office:version="1.2">'
        f'<office:body><office:spreadsheet><table:table table:name="表">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    sink = io.BytesIO()
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    with zipfile.ZipFile(sink, "w") as made:
        for name, part in (
            ("mimetype", kind),
            ("META-INF/manifest.xml", manifest),
            ("content.xml", content),
        ):
            made.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part)
    return sink.getvalue()


def xls(workbook: bytes, name: str) -> bytes:
    """The same workbook in the old format, by LibreOffice; without it the file that stands here is kept."""
    office = shutil.which("soffice")
    if office is None:
        return (HERE / name).read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        path.write_bytes(workbook)
        subprocess.run(
            [office, "--headless", "--convert-to", "xls", "--outdir", folder, str(path)],
            check=True,
            capture_output=True,
        )
        return path.with_suffix(".xls").read_bytes()


# --- what is expected -----------------------------------------------------------------------------


def row(
    indicator: str,
    value: str | None,
    unit: str | None,
    growth: str | None,
    at: int,
    qualifier: str = "exact",
    status: str = "A",
) -> dict[str, Any]:
    base = (
        "" if value is None or unit is None else f"{(Decimal(value) * FACTOR[unit]).normalize():f}"
    )
    return {
        "row": at,
        "indicator": indicator,
        "value_reported": value or "",
        "unit_reported": unit or "",
        "value": base,
        "growth_reported_pct": growth or "",
        "qualifier": qualifier,
        "obs_status": status,
    }


def lines(
    first: int,
    unit: str = "亿元",
    figures: list[tuple[str, str, str, str]] = GDP,
    step: int = 1,
    growth: bool = True,
) -> list[dict[str, Any]]:
    return [
        row(code, value, unit, rate if growth else None, first + n * step)
        for n, (code, _, value, rate) in enumerate(figures)
    ]


def table(unit: str | None = "亿元", figures: list[tuple[str, str, str, str]] = GDP) -> Cells:
    """The lines of a table as they are printed, with a column for the unit where there is one."""
    return [[title, *([unit] if unit else []), value, rate] for _, title, value, rate in figures]


def renamed(names: list[str]) -> Cells:
    """The lines of the table under other names."""
    return [[name, *line] for name, (_, *line) in zip(names, table(), strict=True)]


PLAIN = [HEADINGS, *table()]
NO_UNIT = ["指标名称", "本年累计", "同比增长（%）"]
BOM = codecs.BOM_UTF8


def widen(said: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in said)


# --- how a text file is written -------------------------------------------------------------------

case("01_utf8.csv", text(PLAIN), lines(2), encoding="utf-8", delimiter=",")
case("02_utf8_bom.csv", BOM + text(PLAIN), lines(2), encoding="utf-8-sig")
case(
    "03_gb18030.csv",
    text([*PLAIN, ["注：李𠮷、朱镕基的姓名超出 GB2312"]], encoding="gb18030"),
    lines(2),
    encoding="gb18030",
    notes=1,
)
case("04_gbk_crlf.csv", text(PLAIN, newline="\r\n", encoding="gbk"), lines(2), encoding="gb18030")
case(
    "05_utf16_le_bom.csv",
    codecs.BOM_UTF16_LE + text(PLAIN, "\t", encoding="utf-16-le"),
    lines(2),
    encoding="utf-16",
    delimiter="\t",
)
case(
    "06_utf16_be_without_bom.csv", text(PLAIN, encoding="utf-16-be"), lines(2), encoding="utf-16-be"
)
case("07_cr_alone.csv", text(PLAIN, newline="\r"), lines(2))
case("08_tab.tsv", text(PLAIN, "\t"), lines(2), delimiter="\t")
case("09_semicolon.csv", text(PLAIN, ";"), lines(2), delimiter=";")
case("10_pipe.txt", text(PLAIN, "|"), lines(2), delimiter="|")
case("11_full_width_comma.csv", text(PLAIN, "，"), lines(2), delimiter="，")
case("12_sep_line.csv", b"sep=;\r\n" + text(PLAIN, ";", "\r\n", "gb18030"), lines(3), delimiter=";")
case(
    "13_quoted_newlines.csv",
    text([["指标\n名称", "计量\n单位", "本年\n累计", "同比增长\n（%）"], *table()]),
    lines(2),
)
case(
    "14_blank_rows_and_columns.csv",
    text(
        [
            [],
            ["", "", "", "", "", ""],
            ["", *NO_UNIT[:1], "", "计量单位", "本年累计", "", "同比增长"],
            [],
        ]
        + [line for n, u, v, g in table() for line in (["", n, "", u, v, "", g], [])]
    ),
    lines(5, step=2),
)
case(
    "15_ragged_rows.csv",
    (
        "地区生产总值\n\n"
        + ",".join(HEADINGS)
        + ",备注\n"
        + "".join(",".join(r) + "\n" for r in table())
    ).encode(),
    lines(4),
)

# --- titles, units, notes -------------------------------------------------------------------------

TITLE = ["通辽经济技术开发区2022年1-9月地区生产总值"]
FOOT = [
    ["注：1. 绝对数按现价计算，增长速度按不变价格计算。"],
    ["2. 数据来源：统计部门"],
    [],
    ["单位负责人：张三", "", "填表人：李四", "报出日期：2022年10月12日"],
]
case("16_title_rows.csv", text([TITLE, ["（快报数）"], ["表号：统01表"], *PLAIN]), lines(5))
case(
    "17_unit_line.csv",
    text([TITLE, ["填报单位：统计部门", "", "单位：亿元、%"], NO_UNIT, *table(None)]),
    lines(4),
    unit_from="unit line",
)
case(
    "18_unit_in_heading.csv",
    text([["指标名称", "累计值（亿元）", "增速(%)"], *table(None)]),
    lines(2),
    unit_from="heading",
)
case(
    "19_unit_row_below_headings.csv",
    text([["指标", "绝对量", "同比增长"], ["", "（亿元）", "（%）"], *table(None)]),
    lines(3),
    header=[1, 2],
)
case(
    "20_unit_in_row_name.csv",
    text([NO_UNIT, *[[f"{n}（亿元）", v, g] for n, v, g in table(None)]]),
    lines(2),
    unit_from="row name",
)
case(
    "21_unit_in_cell.csv",
    text([NO_UNIT, *[[n, f"{v}亿元", f"{g}%"] for n, v, g in table(None)]]),
    lines(2),
)
case(
    "22_units_by_row.csv",
    text(
        [
            HEADINGS,
            ["地区生产总值", "亿元", "107.92", "3.4"],
            ["第一产业增加值", "万元", "14100", "4.1"],
            *table()[2:],
        ]
    ),
    [lines(2)[0], row("va_primary", "14100", "万元", "4.1", 3), *lines(2)[2:]],
)
case("23_notes_below.csv", text([TITLE, *PLAIN, [], *FOOT]), lines(3), notes=3)
case(
    "24_footnote_marks.csv",
    text(
        [HEADINGS, *[[f"{n}{m}", u, v, g] for (n, u, v, g), m in zip(table(), "①②*#", strict=True)]]
    ),
    lines(2),
)
case(
    "25_headings_again.csv",
    text([HEADINGS, *table()[:2], HEADINGS, *table()[2:]]),
    [*lines(2)[:2], *lines(3)[2:]],
)
case(
    "26_two_tables.csv",
    text(
        [
            ["2022年1-9月", "", "单位：亿元"],
            NO_UNIT,
            *table(None)[:1],
            [],
            ["分产业", "", "单位：万元"],
            NO_UNIT,
            *[[n, f"{Decimal(v) * 10000:.0f}", g] for n, v, g in table(None)[1:]],
        ]
    ),
    [
        lines(3)[0],
        row("va_primary", "14100", "万元", "4.1", 7),
        row("va_secondary", "391200", "万元", "2.7", 8),
        row("va_tertiary", "673900", "万元", "3.8", 9),
    ],
)
case(
    "27_two_sheets.xlsx",
    book(("总量", [HEADINGS, *table()[:1]]), ("三次产业", [HEADINGS, *table()[1:]])),
    [lines(2)[0], *lines(1)[1:]],
)
case(
    "28_other_sheets.xlsx",
    book(
        ("封面", [["通辽经济技术开发区"], ["2022年三季度"]]),
        ("数据", PLAIN),
        ("填报说明", [["按季报送"]]),
    ),
    lines(2),
    findings=[["LAYOUT-SHEET", ""], ["LAYOUT-SHEET", ""]],
)
case(
    "29_hidden_sheet.xlsx",
    book(
        ("数据", PLAIN),
        ("上期", [HEADINGS, *[[n, u, "1", "1"] for n, u, *_ in table()]]),
        hidden=["上期"],
    ),
    lines(2),
    findings=[["LAYOUT-HIDDEN", ""]],
)

# --- headings -------------------------------------------------------------------------------------

TWO_LEVELS = [
    ["指标名称", "计量单位", "本年累计", "", "备注"],
    ["", "", "绝对量", "同比增长（%）", ""],
]
case(
    "30_merged_headings.xlsx",
    book(("表", [*TWO_LEVELS, *table()]), merged=["C1:D1", "A1:A2", "B1:B2", "E1:E2"]),
    lines(3),
    header=[1, 2],
)
case("31_grouped_headings.csv", text([*TWO_LEVELS, *table()]), lines(3), header=[1, 2])
case(
    "32_two_languages.csv",
    text([HEADINGS, ["Indicator", "Unit", "Value", "Growth"], *table()]),
    lines(3),
    header=[1, 2],
)
ENGLISH = [
    "Gross regional product (GDP)",
    "Primary sector value added",
    "Secondary sector value added",
    "Tertiary sector value added",
]
case(
    "33_english.csv",
    text(
        [
            ["Indicator", "Unit", "YTD", "YoY"],
            *renamed(ENGLISH),
        ]
    ),
    lines(2),
)
SYNONYMS = ["GDP总量", "一产", "第二产业", "三产增加值"]
case(
    "34_synonyms.csv",
    text(
        [
            ["项 目", "单 位", "总 量", "增 幅"],
            *renamed(SYNONYMS),
        ]
    ),
    lines(2),
)
NUMBERED = ["一、地区生产总值", "（一）第一产业增加值", "2．第二产业增加值", "其中：第三产业增加值"]
case(
    "35_numbered_rows.csv",
    text([HEADINGS, *renamed(NUMBERED)]),
    lines(2),
)
case(
    "36_serial_numbers.xlsx",
    book(("表", [["序号", *HEADINGS], *[[n, *r] for n, r in enumerate(table(), 1)]])),
    lines(2),
)
case(
    "37_columns_in_another_order.csv",
    text([["同比", "累计（亿元）", "指标"], *[[g, v, n] for n, v, g in table(None)]]),
    lines(2),
)
case(
    "38_full_width_headings.csv",
    text([[widen(h) for h in ["指标名称", "计量单位", "本年累计", "同比增长(%)"]], *table()]),
    lines(2),
)

# --- quarters across ------------------------------------------------------------------------------

QUARTERS = {f"2024Q{q}": nation(f"2024Q{q}") for q in (1, 2, 3, 4)}


def across(
    periods: dict[str, list[tuple[str, str, str, str]]], heading: Callable[[str], str]
) -> Cells:
    return [
        ["指标", "计量单位", *map(heading, periods)],
        *[[NATION[n], "亿元", *[f[n][2] for f in periods.values()]] for n in range(4)],
    ]


WORDS = dict(zip(("2024Q1", "2024Q2", "2024Q3", "2024Q4"), "一二三四", strict=True))
HISTORY = ["LAYOUT-HISTORY", ""]
OTHERS = [HISTORY]
case(
    "39_quarters_across.csv",
    text(across(QUARTERS, lambda p: f"2024年{WORDS[p]}季度")),
    lines(2, figures=QUARTERS["2024Q3"], growth=False),
    zone="CN",
    period="2024Q3",
    layout="wide",
    period_column="E: 2024年三季度",
    findings=OTHERS,
)
case(
    "40_codes_across.tsv",
    text(across(QUARTERS, str), "\t"),
    lines(2, figures=QUARTERS["2024Q2"], growth=False),
    zone="CN",
    period="2024Q2",
    layout="wide",
    period_column="D: 2024Q2",
    findings=OTHERS,
)
case(
    "41_months_across.xlsx",
    book(("表", across(QUARTERS, lambda p: f"2024年1-{int(p[-1]) * 3}月"))),
    lines(2, figures=QUARTERS["2024Q4"], growth=False),
    zone="CN",
    period="2024Q4",
    layout="wide",
    findings=OTHERS,
)
TWO_YEARS = [
    ["指标", "计量单位", "2024年1-9月", "", "2023年1-9月", ""],
    ["", "", "绝对量", "同比增长(%)", "绝对量", "同比增长(%)"],
    *[
        [t, "亿元", v, g, *before[2:]]
        for (_, t, v, g), before in zip(QUARTERS["2024Q3"], nation("2023Q3"), strict=True)
    ],
]
case(
    "42_two_years_two_levels.xlsx",
    book(("表", TWO_YEARS), merged=["C1:D1", "E1:F1", "A1:A2", "B1:B2"]),
    lines(3, figures=QUARTERS["2024Q3"]),
    zone="CN",
    period="2024Q3",
    layout="wide",
    header=[1, 2],
    findings=[["LAYOUT-ASIDE", "E2"]],
)
case(
    "43_two_years_two_levels.csv",
    text(TWO_YEARS),
    lines(3, figures=QUARTERS["2024Q3"]),
    zone="CN",
    period="2024Q3",
    layout="wide",
    header=[1, 2],
    findings=[["LAYOUT-ASIDE", "E2"]],
)
ENDS = {
    "2024Q1": "2024-03-31",
    "2024Q2": "2024-06-30",
    "2024Q3": "2024-09-30",
    "2024Q4": "2024-12-31",
}
case(
    "44_dates_across.csv",
    text(across(QUARTERS, lambda p: ENDS[p])),
    lines(2, figures=QUARTERS["2024Q1"], growth=False),
    zone="CN",
    period="2024Q1",
    layout="wide",
    period_column="C: 2024-03-31",
    findings=[HISTORY],
)
case(
    "45_another_quarter_only.csv",
    text(across({"2024Q4": QUARTERS["2024Q4"]}, str)),
    zone="CN",
    period="2024Q3",
    status="rejected",
    findings=[["FILE-PERIOD", "C1"]],
)

EXPORT_ROWS = [
    [
        f"{t.replace('地区', '国内')}_累计值(亿元)",
        *[QUARTERS[p][n][2] for p in ("2024Q4", "2024Q3", "2024Q2")],
    ]
    for n, t in enumerate(NATION)
]
EXPORT = [
    ["数据库：季度数据"],
    ["时间：最近3个季度"],
    ["指标", "2024年第四季度", "2024年第三季度", "2024年第二季度"],
]
EXPORT_END = [["注：1. 2004年及以后的数据为年度核算数据衔接后的数据。"], ["数据来源：国家统计局"]]
case(
    "46_national_site_export.csv",
    text([*EXPORT, *EXPORT_ROWS, *EXPORT_END], encoding="gb18030"),
    lines(4, figures=QUARTERS["2024Q3"], growth=False),
    zone="CN",
    period="2024Q3",
    layout="nbs_export",
    unit_from="row name",
    period_column="C: 2024年第三季度",
    encoding="gb18030",
    notes=2,
    findings=[HISTORY],
)
# 1348066.2 − 974553.8, and 974553.8 − 633599.4; the quarter before the first is not there
SINGLE = [["国内生产总值_当季值(亿元)", "373512.4", "340954.4", "328837.6"]]
INDEX = [
    [
        f"{t.replace('地区', '国内')}指数(上年同期=100)_累计值",
        *[f"{100 + Decimal(QUARTERS[p][n][3])}" for p in ("2024Q4", "2024Q3", "2024Q2")],
    ]
    for n, t in enumerate(NATION)
]
case(
    "47_national_site_export_with_indices.csv",
    BOM + text([*EXPORT, *SINGLE, *EXPORT_ROWS, *INDEX, *EXPORT_END], newline="\r\n"),
    lines(5, figures=QUARTERS["2024Q4"]),
    zone="CN",
    period="2024Q4",
    layout="nbs_export",
    findings=[HISTORY, ["LAYOUT-LINES", "A4"]],
)
case(
    "48_year_earlier_beside.csv",
    text([[*HEADINGS, "上年同期"], *[[*r, "1"] for r in table()]]),
    lines(2),
    findings=[["LAYOUT-ASIDE", "E1"]],
)
case(
    "49_quarter_beside.csv",
    text(
        [
            ["指标名称", "计量单位", "本季", "本年累计", "同比增长"],
            *[[n, u, "1", v, g] for n, u, v, g in table()],
        ]
    ),
    lines(2),
    findings=[["LAYOUT-ASIDE", "C1"]],
)

# --- registers (made up, as everything in them) -----------------------------------------------------

CODES = ["91999999100000075J", "91999999100011188H", "91999999100022290E"]
FIRMS = [
    [code, f"虚构企业{name}", "1311", "是"] for code, name in zip(CODES, "甲乙丙", strict=True)
]
LEFT = ["统一社会信用代码", "企业名称", "行业代码", "是否规上"]
FIGURES = [
    ["100", "300", "280", "310", "290", "20", "40"],
    ["110", "310", "285", "320", "295", "21", "41"],
    ["120", "320", "290", "330", "300", "22", "42"],
]
MONEY = [
    "output_quarter_cny",
    "output_ytd_cny",
    "output_ytd_year_earlier_cny",
    "revenue_ytd_cny",
    "revenue_ytd_year_earlier_cny",
    "profit_ytd_cny",
]
FLAT = [
    *LEFT,
    "总产值本季",
    "总产值本年累计",
    "总产值上年同期累计",
    "营业收入",
    "营业收入上年同期",
    "利润总额",
    "期末从业人员",
]


def firms(first: int, step: int = 1, factor: int = 1000) -> list[dict[str, Any]]:
    return [
        {
            "row": first + n * step,
            "uscc": firm[0],
            "enterprise": firm[1],
            **{c: str(int(f) * factor) for c, f in zip(MONEY, figures, strict=False)},
            "employees": figures[-1],
        }
        for n, (firm, figures) in enumerate(zip(FIRMS, FIGURES, strict=True))
    ]


BODY = [[*firm, *figures] for firm, figures in zip(FIRMS, FIGURES, strict=True)]
SUMS = [str(sum(int(f[n]) for f in FIGURES)) for n in range(7)]
ENTERPRISES = {"form": "enterprise_quarter"}
case(
    "50_register_total_row.csv",
    text([["单位：千元"], FLAT, *BODY, ["合 计", "", "", "", *SUMS]]),
    firms(3),
    findings=[["LAYOUT-TOTAL", ""]],
    **ENTERPRISES,
)
case(
    "51_register_subtotals.csv",
    text(
        [
            ["单位：千元"],
            FLAT,
            BODY[0],
            ["小计", "", "", "", *FIGURES[0]],
            *BODY[1:],
            ["总计", "", "", "", *SUMS],
        ]
    ),
    [firms(3)[0], *firms(4)[1:]],
    findings=[["LAYOUT-TOTAL", ""]],
    **ENTERPRISES,
)
case(
    "52_register_total_is_off.csv",
    text([["单位：千元"], FLAT, *BODY, ["合计", "", "", "", "999", *SUMS[1:]]]),
    firms(3),
    findings=[["LAYOUT-TOTAL", ""], ["VALUE-TOTAL", "E6"]],
    **ENTERPRISES,
)
GROUPED = [
    [
        *LEFT,
        "总产值（千元）",
        "",
        "",
        "营业收入（千元）",
        "",
        "利润总额（千元）",
        "期末从业人员（人）",
    ],
    [
        "",
        "",
        "",
        "",
        "本季",
        "本年累计",
        "上年同期累计",
        "本年累计",
        "上年同期累计",
        "本年累计",
        "",
    ],
]
case(
    "53_register_merged_headings.xlsx",
    book(
        ("表", [["企业季度报表"], *GROUPED, *BODY]),
        merged=["E2:G2", "H2:I2", *[f"{c}2:{c}3" for c in "ABCDK"]],
    ),
    firms(4),
    header=[2, 3],
    **ENTERPRISES,
)
case(
    "54_register_grouped_headings.csv",
    text([*GROUPED, *BODY], encoding="gb18030"),
    firms(3),
    header=[1, 2],
    **ENTERPRISES,
)
DEEP = [
    ["", "", "", "", "主要经济指标（万元）", "", "", "", "", "", "期末从业人员"],
    ["", "", "", "", "总产值", "", "", "营业收入", "", "利润总额", ""],
    [*LEFT, "本季", "本年累计", "上年同期累计", "本年累计", "上年同期累计", "本年累计", ""],
]
case(
    "55_register_three_heading_rows.csv",
    text([*DEEP, *BODY]),
    firms(4, factor=10_000),
    header=[1, 3],
    **ENTERPRISES,
)
case(
    "56_register_formula_error.xlsx",
    book(
        ("表", [["单位：千元"], FLAT, *[[*r[:4], *r[4:]] for r in BODY]]),
        touch=lambda s: s.__setitem__("E4", "#REF!"),
    ),
    [firms(3)[0], firms(3)[2]],
    status="partial",
    findings=[["VALUE-NUMBER", "E4"]],
    **ENTERPRISES,
)

POOL = [
    ["培育层级", "企业名称", "状态", "备注"],
    ["小升规培育库", "奥亚线缆", "在库", "#REF!"],
    ["小升规培育库", "恩宝生物", "在库", ""],
]
case(
    "99_register_words_by_formula.xlsx",
    book(("表", POOL), touch=lambda s: s.__setitem__("B3", "=A1&A2")),
    [{"row": 2, "enterprise": "奥亚线缆", "note": ""}],
    form="cultivation_pool",
    status="partial",
    findings=[["VALUE-FORMULA", "B3"], ["VALUE-FORMULA", "D2"], ["VALUE-REQUIRED", "B3"]],
)

# --- numbers --------------------------------------------------------------------------------------

case(
    "57_full_width_figures.csv",
    text([HEADINGS, *[[n, u, widen(v), widen(g)] for n, u, v, g in table()]]),
    lines(2),
)
Q3 = nation("2022Q3")


def grouped(mark: str) -> Cells:
    return [[t, "亿元", f"{Decimal(v):,}".replace(",", mark), g] for _, t, v, g in Q3]


for at, (what, mark) in enumerate(
    (
        ("commas", ","),
        ("spaces", " "),
        ("narrow_spaces", "\u202f"),
        ("apostrophes", "'"),
        ("full_width_commas", "，"),
    )
):
    case(
        f"{58 + at}_thousands_{what}.csv",
        text([HEADINGS, *grouped(mark)]),
        lines(2, figures=Q3),
        zone="CN",
    )
case(
    "63_myriads_and_lakhs.csv",
    text(
        [
            HEADINGS,
            ["地区生产总值", "元", "107,9200,0000", "3.4"],
            ["第一产业增加值", "元", "1,4100,0000", "4.1"],
            ["第二产业增加值", "元", "3,91,20,00,000", "2.7"],
            ["第三产业增加值", "元", "6,739,000,000", "3.8"],
        ]
    ),
    [
        row(i, v, "元", g, n)
        for n, (i, v, g) in enumerate(
            (
                ("gdp", "10792000000", "3.4"),
                ("va_primary", "141000000", "4.1"),
                ("va_secondary", "3912000000", "2.7"),
                ("va_tertiary", "6739000000", "3.8"),
            ),
            2,
        )
    ],
)
case(
    "64_per_cent_signs.csv",
    text([HEADINGS, *[[n, u, v, f"{g}％"] for n, u, v, g in table()]]),
    lines(2),
)
case(
    "65_per_cent_cells.xlsx",
    book(
        (
            "表",
            [
                ["指标名称", "计量单位", "本年累计", "同比增长"],
                *[[n, u, v, f"{Decimal(g) / 100}"] for n, u, v, g in table()],
            ],
        ),
        touch=lambda s: [setattr(s[f"D{n}"], "number_format", "0.0%") for n in range(2, 6)],
    ),
    lines(2),
)
FARM = [
    ("facility_area", "设施农业面积", "2000", "亩"),
    ("cooperatives_fostered", "培育农牧民专业合作社数", "5", "家"),
    ("farm_services_fostered", "培育农业社会化服务组织数", "10", "个"),
    ("cooperatives_model", "市级示范性合作社数", "1", "家"),
]
FARM_HEADINGS = ["指标名称", "计量单位", "本年累计"]


def farm(at: int, *values: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        row(code, value, unit, None, at + n)
        for n, ((code, *_), (value, unit)) in enumerate(zip(FARM, values, strict=True))
    ]


FARM_SENT = [(v, u) for *_, v, u in FARM]
case(
    "66_chinese_numerals.csv",
    text(
        [
            FARM_HEADINGS,
            *[[t, u, w] for (_, t, _, u), w in zip(FARM, ("两千", "五", "十", "壹"), strict=True)],
        ]
    ),
    farm(2, *FARM_SENT),
    form="agriculture",
)
case(
    "67_myriads_in_words.csv",
    text(
        [
            FARM_HEADINGS,
            ["设施农业面积", "", "0.2万亩"],
            *[[t, "", f"{v}{u}"] for _, t, v, u in FARM[1:]],
        ]
    ),
    farm(2, ("0.2", "万亩"), *FARM_SENT[1:]),
    form="agriculture",
)
case(
    "68_hectares.csv",
    text(
        [FARM_HEADINGS, ["设施农业面积", "公顷", "133.4"], *[[t, u, v] for _, t, v, u in FARM[1:]]]
    ),
    farm(2, ("133.4", "公顷"), *FARM_SENT[1:]),
    form="agriculture",
)
WORKS = [
    ("sanitation_staff_new", "环卫新配备工作人员", "550余", "人", "550", "over"),
    ("sanitation_vehicles", "环卫作业车辆", "140多", "辆", "140", "over"),
    ("rural_waste_cleared", "清理农村生活垃圾", "近3.5万", "吨", "35000", "nearly"),
    ("sorting_compounds", "安装四分垃圾箱小区数", "69", "个", "69", "exact"),
    ("sorting_bins", "安装四分垃圾箱数", "超2000", "个", "2000", "over"),
    ("roads_built", "修建公路长度", "约6.2", "公里", "6.2", "about"),
    ("manholes_repaired", "修复井盖数", "1350以上", "个", "1350", "over"),
    ("sewers_dredged", "疏通污水管网长度", "不足156", "公里", "156", "under"),
    ("sewage_pumps_repaired", "维修污水提升泵数", "6左右", "个", "6", "about"),
    ("drainage_emergencies", "排水抢险作业次数", "~15", "次", "15", "about"),
    ("emergency_vehicle_trips", "出动抢险车辆次数", "十余", "次", "10", "over"),
]
case(
    "69_qualifiers.csv",
    text([FARM_HEADINGS, *[[t, u, said] for _, t, said, u, *_ in WORKS]]),
    [
        row(code, value, unit, None, n, word)
        for n, (code, _, _, unit, value, word) in enumerate(WORKS, 2)
    ],
    form="urban_works",
)
MAIN = [
    ["规模以上工业增加值", "", "—", "下降2%"],
    ["社会消费品零售总额", "亿元", "41.82", "增长3.6%"],
    ["固定资产投资", "亿元", "37.66", "增长 6.6%"],
]
MAIN_ROWS = [
    row("industry_va", None, None, "-2", 2, status="M"),
    row("retail_sales", "41.82", "亿元", "3.6", 3),
    row("fixed_asset_investment", "37.66", "亿元", "6.6", 4),
]
case("70_words_for_sign.csv", text([HEADINGS, *MAIN]), MAIN_ROWS, form="main_indicators")
for at, (what, mark, status) in enumerate(
    (
        ("dash", "－", "M"),
        ("ellipsis", "……", "L"),
        ("slash", "/", "M"),
        ("nothing", "", "L"),
        ("not_applicable", "不适用", "M"),
    )
):
    rows_ = [["规模以上工业增加值", "", mark, "↓2"], *MAIN[1:]]
    case(
        f"{71 + at}_missing_{what}.csv",
        text([HEADINGS, *rows_]),
        [row("industry_va", None, None, "-2", 2, status=status), *MAIN_ROWS[1:]],
        form="main_indicators",
        findings=[["VALUE-MARK", "D2"]],
    )
case(
    "76_unchanged_and_doubled.csv",
    text([HEADINGS, MAIN[0], [*MAIN[1][:3], "与上年持平"], [*MAIN[2][:3], "翻番"]]),
    [
        MAIN_ROWS[0],
        row("retail_sales", "41.82", "亿元", "0", 3),
        row("fixed_asset_investment", "37.66", "亿元", "100", 4),
    ],
    form="main_indicators",
)
case(
    "77_growth_from_a_loss.csv",
    text([HEADINGS, MAIN[0], [*MAIN[1][:3], "由负转正"], MAIN[2]]),
    [MAIN_ROWS[0], row("retail_sales", "41.82", "亿元", None, 3), MAIN_ROWS[2]],
    form="main_indicators",
)
BUDGET = [["指标名称", "计量单位", "累计", "增速"], ["一般公共预算收入", "亿元", "7.34", "（5）"]]
case(
    "78_negative_in_brackets.csv",
    text(BUDGET),
    [row("budget_revenue", "7.34", "亿元", "-5", 2)],
    form="budget",
)
case(
    "79_currency_marks.csv",
    text(
        [
            ["指标", "单位", "累计值", "增速"],
            ["城镇常住居民人均可支配收入", "元", "¥34,125", "6"],
            ["农村常住居民人均可支配收入", "元", "￥18,519.00", "8.1"],
        ]
    ),
    [row("income_urban", "34125", "元", "6", 2), row("income_rural", "18519", "元", "8.1", 3)],
    form="income",
)
case(
    "80_exponents.csv",
    text([HEADINGS, ["地区生产总值", "亿元", "1.0792E+02", "3.4"], *table()[1:]]),
    lines(2),
)
case(
    "81_text_numbers.xlsx",
    book(("表", [HEADINGS, *[[n, u, f"'{v}", g] for n, u, v, g in table()]])),
    lines(2),
)

# --- what is asked about or refused -----------------------------------------------------------------

case(
    "82_formula_errors.xlsx",
    book(
        ("表", PLAIN), touch=lambda s: (s.__setitem__("D3", "#DIV/0!"), s.__setitem__("C5", "#N/A"))
    ),
    [lines(2)[0], lines(2)[2]],
    status="partial",
    findings=[["VALUE-NUMBER", "C5"], ["VALUE-NUMBER", "D3"]],
)
case(
    "83_formula_without_value.xlsx",
    book(("表", PLAIN), touch=lambda s: s.__setitem__("C2", "=SUM(C3:C5)")),
    lines(2)[1:],
    status="partial",
    findings=[["VALUE-NUMBER", "C2"]],
)
case(
    "84_formula_errors.ods",
    ods([HEADINGS, *table()[:3], [*table()[3][:2], "#VALUE!", "3.8"]]),
    lines(2)[:3],
    status="partial",
    findings=[["VALUE-NUMBER", "C5"]],
)
case(
    "85_nan.csv",
    text([HEADINGS, *table()[:3], [*table()[3][:3], "NaN"]]),
    lines(2)[:3],
    status="partial",
    findings=[["VALUE-NUMBER", "D5"]],
)
case(
    "86_two_numbers.csv",
    text([HEADINGS, [*table()[0][:2], "107.92 3.4", ""], *table()[1:]]),
    lines(2)[1:],
    status="partial",
    findings=[["VALUE-NUMBER", "C2"]],
)
case(
    "87_decimal_comma.csv",
    text([HEADINGS, [*table()[0][:2], "107,92", "3.4"], *table()[1:]]),
    lines(2)[1:],
    status="partial",
    findings=[["VALUE-NUMBER", "C2"]],
)
case(
    "88_half_a_household.csv",
    text(
        [FARM_HEADINGS, ["农村危房改造户数", "户", "12.5"], ["保障性租赁住房建设套数", "套", "129"]]
    ),
    [row("rental_dwellings_built", "129", "套", None, 3)],
    form="housing",
    status="partial",
    findings=[["VALUE-WHOLE", "C2"]],
)
case(
    "89_unit_line_against_heading.csv",
    text([["单位：万元"], ["指标名称", "累计（亿元）", "同比"], *table(None)]),
    lines(3),
    findings=[["UNIT-LINE", "A1"]],
)
case(
    "90_another_zone.csv",
    text([["填报单位：通辽经济技术开发区统计局"], ["全国2022年1-9月"], *PLAIN]),
    lines(4),
)
case(
    "91_wrong_zone.csv",
    text([["填报单位：通辽经济技术开发区统计局"], *PLAIN]),
    zone="CN",
    status="rejected",
    findings=[["FILE-ZONE", "A1"]],
)
case(
    "92_picture.csv",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0",
    status="rejected",
    findings=[["FILE-FORMAT", ""]],
    says="it is a picture (PNG)",
)
case(
    "93_document.xlsx",
    archive(**{"[Content_Types]_xml": "<a/>", "word__document_xml": "<a/>"}),
    status="rejected",
    findings=[["FILE-FORMAT", ""]],
    says="Word document (DOCX)",
)
case(
    "94_pdf.xlsx",
    b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    status="rejected",
    findings=[["FILE-FORMAT", ""]],
    says="it is a PDF document",
)
case(
    "95_protected.xlsx",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    + bytes(1016)
    + "EncryptedPackage".encode("utf-16-le")
    + bytes(480),
    status="rejected",
    findings=[["FILE-FORMAT", ""]],
    says="protected by a password",
)
case(
    "96_web_page.xls",
    "<html><table><tr><td>指标名称</td><td>本年累计</td></tr></table></html>".encode(),
    status="rejected",
    findings=[["FILE-FORMAT", ""]],
    says="it is a web page",
)
case(
    "97_cut_short.xlsx",
    book(("表", PLAIN))[:-400],
    status="rejected",
    findings=[["FILE-FORMAT", ""]],
    says="the copy may be incomplete",
)
case(
    "98_zipped.csv",
    archive(**{"gdp.csv": "a,b"}),
    status="rejected",
    findings=[["FILE-FORMAT", ""]],
    says="it is an archive (ZIP)",
)

# --- many traits at once ----------------------------------------------------------------------------

SIGNED = FOOT[-1:]
case(
    "m01_old_office.xls",
    xls(
        book(
            ("封面", [["通辽经济技术开发区"]]),
            (
                "表",
                [
                    TITLE,
                    ["填报单位：统计部门", "", "", "单位：亿元"],
                    [],
                    *[["", *r] for r in [NO_UNIT, *table(None)]],
                    *FOOT,
                ],
            ),
        ),
        "m01_old_office.xls",
    ),
    lines(5),
    findings=[["LAYOUT-SHEET", ""]],
    unit_from="unit line",
)
case(
    "m02_open_office.ods",
    ods([TITLE, ["", "", "单位：亿元"], NO_UNIT, *table(None), *SIGNED]),
    lines(4),
    unit_from="unit line",
)
case(
    "m03_gb_semicolons_myriads.csv",
    text(
        [
            [widen("2022年1-9月")],
            [],
            ["指标", "累计值（万元）", "增速（％）", "备注"],
            *[
                [f"　{n}", f"{Decimal(v) * 10000:,.0f}", f"增长{g}％", ""]
                for n, v, g in table(None)
            ],
            [],
            *FOOT,
        ],
        ";",
        "\r\n",
        "gb18030",
    ),
    [
        row(code, f"{Decimal(v) * 10000:.0f}", "万元", g, 4 + n)
        for n, (code, _, v, g) in enumerate(GDP)
    ],
    encoding="gb18030",
    delimiter=";",
)
case(
    "m04_utf16_two_levels_full_width.txt",
    codecs.BOM_UTF16_LE
    + text(
        [
            TITLE,
            ["", "", "（单位：亿元）"],
            ["指标", "2022年前三季度", ""],
            ["", "总量", "增速"],
            *[
                [f"{n}、{t}", widen(v), widen(g) + "％"]
                for n, (t, v, g) in zip("一二三四", table(None), strict=True)
            ],
        ],
        "\t",
        "\r\n",
        "utf-16-le",
    ),
    lines(5),
    header=[3, 4],
    encoding="utf-16",
    delimiter="\t",
    period_column="B: 2022年前三季度 总量",
)
case(
    "m05_wide_with_growth_notes.xlsx",
    book(
        ("说明", [["按季报送"]]),
        ("表", [["主要指标"], [], *TWO_YEARS, ["注：2023年数据已按最终核实数修订"]]),
    ),
    lines(5, figures=QUARTERS["2024Q3"]),
    zone="CN",
    period="2024Q3",
    layout="wide",
    header=[3, 4],
    findings=[["LAYOUT-ASIDE", "E4"], ["LAYOUT-SHEET", ""]],
)
case(
    "m06_export_pasted_into_a_workbook.xlsx",
    book(("季度数据", [*EXPORT, *SINGLE, *EXPORT_ROWS, *EXPORT_END])),
    lines(5, figures=QUARTERS["2024Q2"], growth=False),
    zone="CN",
    period="2024Q2",
    layout="nbs_export",
    findings=[HISTORY, ["LAYOUT-LINES", "A4"]],
)
case(
    "m07_register_everything.csv",
    text(
        [
            ["企业季度报表", "", "", "2022年1-9月"],
            [],
            ["序号", *GROUPED[0]],
            ["", *GROUPED[1]],
            ["合计", "", "", "", "", *SUMS],
            *[
                [str(n), *r[:4], *[f" {c}.00" for c in r[4:10]], f"{r[10]}人"]
                for n, r in enumerate(BODY, 1)
            ],
            [],
            ["注：快报数"],
            ["填表人：王五"],
        ],
        "\t",
        "\r\n",
        "gb18030",
    ),
    firms(6),
    header=[3, 4],
    findings=[["LAYOUT-TOTAL", ""]],
    encoding="gb18030",
    **ENTERPRISES,
)
case(
    "m08_register_units_by_group.xlsx",
    book(
        (
            "表",
            [
                [*LEFT, "总产值(万元)", "", "", "营业收入(元)", "", "利润总额", "期末从业人员"],
                GROUPED[1],
                *[
                    [
                        *r[:4],
                        *[f"{Decimal(c) / 10}" for c in r[4:7]],
                        *[f"{int(c) * 1000}" for c in r[7:9]],
                        *r[9:],
                    ]
                    for r in BODY
                ],
                ["总计", "", "", "", "33.0", "93.0", "85.5", "960000", "885000", "63", "123"],
            ],
        ),
        merged=["E1:G1", "H1:I1"],
    ),
    firms(3),
    header=[1, 2],
    findings=[["LAYOUT-TOTAL", ""]],
    **ENTERPRISES,
)
case(
    "m09_mixed_units_and_missing.csv",
    text(
        [
            ["通辽经济技术开发区主要经济指标", "", "", "单位：亿元、%"],
            ["主要指标", "单位", "1-9月累计", "比上年同期增长", "说明"],
            ["1. 规模以上工业增加值", "", "……", "-2.0％", "只发布增速"],
            ["2. 社会消费品零售总额", "万元", "418,200", "3.6", ""],
            ["3. 固定资产投资", "", "37.66亿元", "+6.6", ""],
            ["资料来源：统计部门"],
        ],
        "|",
        "\r",
        "gb18030",
    ),
    [
        row("industry_va", None, None, "-2.0", 3, status="L"),
        row("retail_sales", "418200", "万元", "3.6", 4),
        row("fixed_asset_investment", "37.66", "亿元", "6.6", 5),
    ],
    form="main_indicators",
    delimiter="|",
)
case(
    "m10_words_everywhere.csv",
    text(
        [
            ["城市建设与管理情况（2022年三季度）"],
            ["项目", "完成情况", "备注"],
            *[[f"{t}（{u}）", said, "累计"] for _, t, said, u, *_ in WORKS],
        ],
        encoding="gb18030",
    ),
    [
        row(code, value, unit, None, n, word)
        for n, (code, _, _, unit, value, word) in enumerate(WORKS, 3)
    ],
    form="urban_works",
    unit_from="row name",
)
case(
    "m11_two_tables_two_languages.csv",
    BOM
    + text(
        [
            ["2022Q3", "单位：亿元"],
            NO_UNIT,
            ["Indicator", "Value", "Growth"],
            *table(None)[:2],
            [],
            ["续表", "单位：万元"],
            NO_UNIT,
            *[[n, f"{Decimal(v) * 10000:.0f}", g] for n, v, g in table(None)[2:]],
            ["注：完"],
        ]
    ),
    [
        *lines(4)[:2],
        row("va_secondary", "391200", "万元", "2.7", 9),
        row("va_tertiary", "673900", "万元", "3.8", 10),
    ],
)
case(
    "m12_quarters_in_chinese_figures.csv",
    text(
        [
            ["指标", "二〇二四年一季度", "二〇二四年上半年", "二〇二四年前三季度（亿元）"],
            *[[t, *[QUARTERS[f"2024Q{q}"][n][2] for q in (1, 2, 3)]] for n, t in enumerate(NATION)],
        ],
        "，",
    ),
    lines(2, figures=QUARTERS["2024Q3"], growth=False),
    zone="CN",
    period="2024Q3",
    layout="wide",
    delimiter="，",
    findings=[HISTORY],
)
case(
    "m13_half_good.xlsx",
    book(
        ("表", [TITLE, *PLAIN, ["合计", "亿元", "215.84", ""]]),
        touch=lambda s: (s.__setitem__("D4", "#REF!"), s.__setitem__("C5", "39.l2")),
    ),
    [lines(3)[0], lines(3)[3]],
    status="partial",
    findings=[["LINE-UNKNOWN", "A7"], ["VALUE-NUMBER", "C5"], ["VALUE-NUMBER", "D4"]],
)
case(
    "m14_english_release.csv",
    text(
        [
            ["Tongliao zone, Jan–Sep 2022"],
            ["(unit: 亿元)"],
            ["Indicator", "Unit", "Year to date", "Year on year"],
            *[[e, "亿元", v, f"+{g} %"] for e, (_, _, v, g) in zip(ENGLISH, table(), strict=True)],
            ["Note: preliminary"],
            ["Source: statistics department"],
        ],
        newline="\r\n",
    ),
    lines(4),
    notes=2,
)
case(
    "m15_wide_wrong_folder.xls",
    xls(
        book(("表", across(QUARTERS, lambda p: f"2024年1-{int(p[-1]) * 3}月"))),
        "m15_wide_wrong_folder.xls",
    ),
    zone="CN",
    period="2022Q3",
    status="rejected",
    findings=[["FILE-PERIOD", "C1"]],
)
case(
    "m16_notes_between.csv",
    text(
        [TITLE, HEADINGS, table()[0], ["其中："], *table()[1:], ["注：按现价"], ["备注：快报"]],
        encoding="gb18030",
    ),
    [lines(3)[0], *lines(4)[1:]],
    notes=3,
)


# --- what cells say beside their text ---------------------------------------------------------------

sys.path.insert(0, str(HERE))
from make_cells import list_cases  # noqa: E402 - it stands beside this script

for name, content, rows, also in list_cases(GDP, lines, row):
    case(name, content, rows, **also)


# --- writing them down ------------------------------------------------------------------------------


def told(name: str) -> str:
    """What is said of a file, as TOML."""
    said = {k: v for k, v in CASES[name].items() if k not in ("content", "expected")}
    said = {
        "form": said.pop("form"),
        "zone": said.pop("zone", "150571"),
        "period": said.pop("period", "2022Q3"),
        "status": said.pop("status", "accepted"),
        "findings": said.pop("findings", []),
    } | said
    return "".join(
        f"{key} = {str(value) if isinstance(value, int) else repr(value).replace(chr(39), chr(34))}\n"
        for key, value in said.items()
    )


def expected(name: str) -> str:
    rows = CASES[name]["expected"]
    sink = io.StringIO(newline="")
    if rows:
        writer = csv.DictWriter(sink, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return sink.getvalue()


def write(folder: Path) -> None:
    for name, one in CASES.items():
        stem = (folder / name).with_suffix("")
        (folder / name).write_bytes(one["content"])
        stem.with_suffix(".toml").write_text(told(name), encoding="utf-8")
        stem.with_suffix(".expected.csv").write_text(expected(name), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
