"""Layouts: where the table stands, what every column is, and that nothing on the sheet vanishes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from flows.model.submission import Block, Reading

GDP = [
    ["地区生产总值", "亿元", "107.92", "3.4"],
    ["第一产业增加值", "亿元", "1.41", "4.1"],
    ["第二产业增加值", "亿元", "39.12", "2.7"],
    ["第三产业增加值", "亿元", "67.39", "3.8"],
]
HEADINGS = ["指标名称", "计量单位", "本年累计", "同比增长(%)"]


def csv_of(*rows: list[str]) -> str:
    return "".join(",".join(row) + "\n" for row in rows)


def blocks_of(judged) -> list[Block]:
    return Reading.open(judged.folder).blocks


def workbook_of(path: Path, **sheets: list[list[object]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path


def values_of(judged) -> dict[str, str]:
    return {row["indicator"]: f"{row['value_reported'].normalize():f}" for row in judged.accepted}


EXPECTED = {"gdp": "107.92", "va_primary": "1.41", "va_secondary": "39.12", "va_tertiary": "67.39"}


def test_titles_unit_line_notes_and_footer_are_not_data(judge_file: Callable) -> None:
    judged = judge_file(
        "gdp",
        csv_of(
            ["通辽经济技术开发区地区生产总值（2022年1-9月）", "", ""],
            ["填报单位：统计部门", "", "单位：亿元、%"],
            [],
            ["指标名称", "本年累计", "同比增长"],
            *[[name, value, growth] for name, _, value, growth in GDP],
            [],
            ["注：1. 增速按可比价格计算", "", ""],
            ["2. 数据为快报数", "", ""],
            ["填表人：张三", "", ""],
        ),
    )
    assert judged.status == "accepted", judged.broken()
    assert values_of(judged) == EXPECTED
    assert {row["unit_reported"] for row in judged.accepted} == {"亿元"}, "from the unit line"
    assert [row["source_row"] for row in judged.accepted] == [5, 6, 7, 8], (
        "as the sender's program numbers them"
    )
    [block] = blocks_of(judged)
    assert block.header_row == 4
    assert block.unit_line == "单位：亿元、%"
    assert block.notes == (
        "10: 注：1. 增速按可比价格计算",
        "11: 2. 数据为快报数",
        "12: 填表人：张三",
    ), "kept, with their row"
    assert {f: h.letter for f, h in block.headings.items()} == {
        "indicator": "A",
        "value": "B",
        "growth_pct": "C",
    }


def test_a_footer_of_several_cells_is_no_data(judge_file: Callable) -> None:
    judged = judge_file(
        "gdp",
        csv_of(
            HEADINGS, *GDP, ["填表人：张三", "", "单位负责人：李四", "报出日期：2022年10月12日"]
        ),
    )
    assert (judged.status, judged.codes) == ("accepted", [])
    [note] = blocks_of(judged)[0].notes
    assert "张三" in note and "李四" in note


def test_a_figure_without_a_name_is_never_a_note(judge_file: Callable) -> None:
    judged = judge_file("gdp", csv_of(HEADINGS, *GDP, ["", "", "55.5", ""]))
    finding = judged.only("VALUE-REQUIRED")
    assert (finding.cell, finding.message_en) == ("A6", "“指标名称” is empty")
    assert judged.status == "partial"


def test_a_line_without_figures_is_asked_about(judge_file: Callable) -> None:
    judged = judge_file("gdp", csv_of(HEADINGS, *GDP[:3], ["第三产业增加值", "", "", ""]))
    assert {"LINE-LEVEL", "LINE-MISSING"} & set(judged.codes), (
        "either it has no value, or it was not reported"
    )
    assert judged.rows_read == 4, "the row was read, not put away as a note"


def test_the_header_is_found_below_anything(judge_file: Callable) -> None:
    titles = [[f"文件说明第{n}行"] for n in range(1, 60)]
    judged = judge_file("gdp", csv_of(*titles, HEADINGS, *GDP))
    assert values_of(judged) == EXPECTED
    assert blocks_of(judged)[0].header_row == 60
    assert len(judged.accepted) == 4


def test_headings_in_any_order_under_any_known_name(judge_file: Callable) -> None:
    judged = judge_file(
        "gdp", csv_of(["增 速", "绝对值（亿元）", "项目"], *[[g, v, n] for n, _, v, g in GDP])
    )
    assert judged.status == "accepted", judged.broken()
    assert values_of(judged) == EXPECTED
    heading = blocks_of(judged)[0].headings["value"]
    assert (heading.letter, heading.text, heading.unit) == ("B", "绝对值（亿元）", "亿元")


def test_no_header_row_is_told_with_what_was_expected(judge_file: Callable) -> None:
    judged = judge_file("gdp", csv_of(*GDP))
    finding = judged.only("LAYOUT-HEADER")
    assert judged.status == "rejected"
    assert finding.message_en == "no heading row was found; expected 指标名称、本年累计"
    assert finding.mend_zh == "在数据上方加一行表头，写明：指标名称、本年累计"
    assert judged.accepted == []
    assert [row["row"] for row in judged.held] == [1, 2, 3, 4], "held whole"


def test_an_unknown_column_with_data_is_never_dropped(judge_file: Callable) -> None:
    judged = judge_file("gdp", csv_of([*HEADINGS, "本年累积"], *[[*row, "5"] for row in GDP]))
    finding = judged.only("LAYOUT-UNKNOWN")
    assert judged.status == "rejected"
    assert (finding.cell, finding.value) == ("E1", "本年累积")
    assert (
        finding.message_en
        == "the column “本年累积” is not known and holds data that must not be dropped; did you mean “本年累计”?"
    )
    assert finding.message_zh == "不认得“本年累积”这一栏，其下有数据，不能丢弃；是不是“本年累计”？"
    assert "or delete the column" in finding.mend_en
    assert judged.accepted == []


def test_a_column_without_a_heading_is_unknown_too(judge_file: Callable) -> None:
    judged = judge_file(
        "gdp", csv_of([*HEADINGS, ""], *[[*row, ""] for row in GDP[:3]], [*GDP[3], "7"])
    )
    finding = judged.only("LAYOUT-UNKNOWN")
    assert finding.cell == "E1"


def test_an_unknown_column_without_data_does_no_harm(judge_file: Callable) -> None:
    judged = judge_file(
        "gdp", csv_of([*HEADINGS, "领导批示", ""], *[[*row, "", ""] for row in GDP])
    )
    assert (judged.status, judged.codes) == ("accepted", [])


def test_a_note_beside_a_table_that_begins_later_does_no_harm(
    judge_file: Callable, tmp_path: Path
) -> None:
    rows = [["", *HEADINGS], *[["", *row] for row in GDP], ["注：增速按可比价格计算"]]
    judged = judge_file("gdp", workbook_of(tmp_path / "gdp.xlsx", 表=rows))
    assert (judged.status, judged.codes) == ("accepted", [])
    assert values_of(judged) == EXPECTED
    assert blocks_of(judged)[0].notes == ("6: 注：增速按可比价格计算",)


def test_serial_numbers_are_ignored(judge_file: Callable) -> None:
    judged = judge_file(
        "gdp", csv_of(["序号", *HEADINGS], *[[str(n), *row] for n, row in enumerate(GDP, 1)])
    )
    assert (judged.status, judged.codes) == ("accepted", [])
    assert values_of(judged) == EXPECTED


def test_a_column_twice_is_not_chosen_between(judge_file: Callable) -> None:
    judged = judge_file("gdp", csv_of([*HEADINGS, "累计值"], *[[*row, "9"] for row in GDP]))
    finding = judged.only("LAYOUT-DUPLICATE")
    assert judged.status == "rejected"
    assert (finding.cell, finding.value) == ("E1", "累计值")
    assert finding.message_en == "“累计值” and C1 are the same column; which one counts?"
    assert finding.mend_zh == "只保留一栏"


def test_a_missing_column_is_named_with_what_is_there(judge_file: Callable) -> None:
    judged = judge_file(
        "gdp", csv_of(["指标名称", "计量单位", "同比增长"], *[[n, u, g] for n, u, _, g in GDP])
    )
    finding = judged.only("LAYOUT-MISSING")
    assert judged.status == "rejected"
    assert (
        finding.message_en
        == "the column “本年累计” is missing; the headings are: 指标名称、计量单位、同比增长"
    )
    assert finding.message_zh == "缺少“本年累计”一栏；表头是：指标名称、计量单位、同比增长"
    assert finding.mend_en == "add the column “本年累计”, or give its heading that name"


def test_a_renamed_column_loses_nothing_in_silence(judge_file: Callable) -> None:
    """The trap of a heading renamed between quarters: two findings, no load."""
    judged = judge_file("gdp", csv_of(["指标名称", "计量单位", "本年累计数额", "同比增长"], *GDP))
    assert judged.codes == ["LAYOUT-MISSING", "LAYOUT-UNKNOWN"]
    assert "did you mean “本年累计”?" in judged.only("LAYOUT-UNKNOWN").message_en
    assert judged.accepted == []
    assert len({(row["sheet"], row["row"]) for row in judged.held}) == 5


def test_headings_and_nothing_below(judge_file: Callable) -> None:
    judged = judge_file("gdp", csv_of(["2022年1-9月"], HEADINGS, [], ["注：本季度无数据"]))
    finding = judged.only("LAYOUT-EMPTY")
    assert judged.status == "rejected"
    assert finding.message_en.startswith("there is no row of data below the headings")
    assert "write 0 and say so in the note" in finding.mend_en


def test_two_tables_on_one_sheet(judge_file: Callable) -> None:
    judged = judge_file(
        "gdp",
        csv_of(
            ["2022年1-9月地区生产总值", "", "单位：亿元", ""],
            ["指标名称", "", "本年累计", "同比增长"],
            *[[n, "", v, g] for n, _, v, g in GDP[:1]],
            [],
            ["2022年1-9月分产业", "", "单位：万元", ""],
            ["指标名称", "", "本年累计", "同比增长"],
            *[[n, "", f"{float(v) * 10000:.0f}", g] for n, _, v, g in GDP[1:]],
        ),
    )
    assert judged.status == "accepted", judged.broken()
    assert [
        (row["indicator"], row["unit_reported"], row["source_row"]) for row in judged.accepted
    ] == [
        ("gdp", "亿元", 3),
        ("va_primary", "万元", 7),
        ("va_secondary", "万元", 8),
        ("va_tertiary", "万元", 9),
    ]
    assert {row["indicator"]: int(row["value"]) for row in judged.accepted} == {
        "gdp": 10_792_000_000,
        "va_primary": 141_000_000,
        "va_secondary": 3_912_000_000,
        "va_tertiary": 6_739_000_000,
    }
    first, second = blocks_of(judged)
    assert (first.header_row, first.rows, second.header_row, second.rows) == (2, 1, 6, 3)


def test_a_heading_repeated_on_the_next_page_is_no_data(judge_file: Callable) -> None:
    judged = judge_file("gdp", csv_of(HEADINGS, *GDP[:2], HEADINGS, *GDP[2:]))
    assert (judged.status, judged.codes) == ("accepted", [])
    assert values_of(judged) == EXPECTED


def test_headings_in_two_languages_on_two_rows(judge_file: Callable) -> None:
    judged = judge_file("gdp", csv_of(HEADINGS, ["Indicator", "Unit", "Value", "Growth"], *GDP))
    assert (judged.status, judged.codes) == ("accepted", [])
    assert [row["source_row"] for row in judged.accepted] == [3, 4, 5, 6]


def test_a_period_in_the_title_that_differs_rejects(judge_file: Callable) -> None:
    judged = judge_file("gdp", csv_of(["通辽经济技术开发区", "2022年1-6月"], HEADINGS, *GDP))
    finding = judged.only("FILE-PERIOD")
    assert judged.status == "rejected"
    assert (finding.cell, finding.value) == ("B1", "2022年1-6月")
    assert finding.message_en == "the file says “2022年1-6月” (2022Q2) but was sent for 2022Q3"
    assert finding.mend_en == "correct the period in the file, or send it under 2022Q2"
    assert judged.accepted == []


def test_a_title_that_names_a_comparison_too_is_fine(judge_file: Callable) -> None:
    judged = judge_file(
        "gdp", csv_of(["2021年1-9月与2022年1-9月对比"], ["报告期：2022年第三季度"], HEADINGS, *GDP)
    )
    assert (judged.status, judged.codes) == ("accepted", [])


def test_the_second_tables_period_counts_as_well(judge_file: Callable) -> None:
    judged = judge_file(
        "gdp", csv_of(["2022年1-9月"], HEADINGS, *GDP[:2], [], ["2022年1-6月"], HEADINGS, *GDP[2:])
    )
    finding = judged.only("FILE-PERIOD")
    assert finding.cell == "A6"
    assert judged.status == "rejected"


def test_a_sheet_that_is_not_the_form_is_said(judge_file: Callable, tmp_path: Path) -> None:
    path = workbook_of(
        tmp_path / "gdp.xlsx",
        封面=[["通辽经济技术开发区"], ["2022年三季度报表"]],
        数据=[["2022年1-9月"], HEADINGS, *GDP],
    )
    judged = judge_file("gdp", path)
    finding = judged.only("LAYOUT-SHEET")
    assert (finding.severity, finding.sheet) == ("note", "封面")
    assert finding.message_en == "the sheet “封面” is not laid out as this form and was not read"
    assert judged.status == "accepted"
    assert {row["sheet"] for row in judged.accepted} == {"数据"}
    assert values_of(judged) == EXPECTED


def test_a_form_over_two_sheets(judge_file: Callable, tmp_path: Path) -> None:
    path = workbook_of(
        tmp_path / "gdp.xlsx", 表一=[HEADINGS, *GDP[:2]], 表二=[["单位：亿元"], HEADINGS, *GDP[2:]]
    )
    judged = judge_file("gdp", path)
    assert judged.status == "accepted", judged.broken()
    assert [(row["sheet"], row["source_row"]) for row in judged.accepted] == [
        ("表一", 2),
        ("表一", 3),
        ("表二", 3),
        ("表二", 4),
    ]


def test_findings_name_the_cell_under_shifted_columns(judge_file: Callable, tmp_path: Path) -> None:
    rows = [[], [None, None, *HEADINGS], *[[None, None, *row] for row in GDP]]
    rows[4][4] = "39.1O"  # a letter for a nought, in row 5
    judged = judge_file("gdp", workbook_of(tmp_path / "gdp.xlsx", 表=rows))
    finding = judged.only("VALUE-NUMBER")
    assert (finding.sheet, finding.cell, finding.row, finding.value) == ("表", "E5", 5, "39.1O")
    assert finding.heading == "本年累计"
    assert finding.row_key == "第二产业增加值"


@pytest.mark.parametrize("empty", ["", "　", " \t"])
def test_cells_of_spaces_are_blank(judge_file: Callable, empty: str) -> None:
    judged = judge_file("gdp", csv_of(HEADINGS, *GDP, [empty, empty, empty, empty]))
    assert (judged.status, judged.rows_read) == ("accepted", 4)
