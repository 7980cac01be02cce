"""The return workbook, opened again: marks where they belong, words in both languages, and nothing that can run."""

from __future__ import annotations

import datetime as dt
import io
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from flows.model.arrow_files import save_table
from flows.model.finding import Finding, Status, findings_table
from flows.model.submission import Submission, save_submissions
from flows.read.isolation import Fault
from flows.reply.cells import cell_at, put_text
from flows.reply.findings_sheet import LISTING
from flows.reply.places import list_cells
from flows.reply.printed_text import measure_width
from flows.reply.step import write_replies
from flows.reply.wording import GRADES, MAX_SAME, Verdict, group_findings, say_verdict

FILLS = {grade.fill: name for name, grade in GRADES.items()}
HEADING = 11
ENTRY, PERIOD, WRONG, MEND, CELL, SENT, GRADE, COUNT, EXPLANATION, RULE = range(10)

SPOILED = """项目名称,项目领域,建设阶段,计划总投资（万元）,备注
甲厂,工业,开工,100,
乙厂,第四产业,开工,1O,
丙厂,工业,,200,
丁厂,工业,,300,
戊厂,工业,,400,
己厂,工业,开工,500,
己厂,工业,开工,500,
"=HYPERLINK(""http://x"",""点我"")",工业,开工,+1+cmd|' /C calc'!A0,@SUM(1)
-减号厂,工业,开工,-5,\t=2+5
"""


@pytest.fixture
def reply(judge_file: Callable[..., object]) -> Callable[..., Workbook]:
    """`reply(form, file, …)`: the return workbook of one file, opened again; `.judged` and `.path` beside it."""

    def answer(*args: object, **kwargs: object) -> Workbook:
        judged = judge_file(*args, **kwargs)
        submission = replace(
            judged.submission, sender="统计部门", received_at="2022-10-20T09:00:00+08:00"
        )
        save_submissions([submission], judged.folder / "submissions.jsonl")
        paths = write_replies(judged.folder, judged.folder.parent, judged.folder / "replies")
        if not paths:
            return None
        workbook = openpyxl.load_workbook(paths[0])
        workbook.judged, workbook.path = judged, paths[0]
        return workbook

    return answer


def sheet_bytes(fill: Callable[[Workbook], None]) -> bytes:
    workbook = openpyxl.Workbook()
    fill(workbook)
    sink = io.BytesIO()
    workbook.save(sink)
    return sink.getvalue()


def marked(sheet) -> dict[str, str]:
    """The coloured cells of a sheet and their grades."""
    cells = (cell for row in sheet.iter_rows() for cell in row)
    return {
        c.coordinate: FILLS[c.fill.fgColor.rgb[2:]]
        for c in cells
        if c.fill.fill_type and c.fill.fgColor.rgb[2:] in FILLS
    }


def listed(workbook: Workbook) -> list[tuple[object, ...]]:
    """The lines of the first sheet below its headings."""
    return list(workbook[LISTING].iter_rows(min_row=HEADING + 1, max_col=10, values_only=True))


def every_cell(workbook: Workbook) -> Iterator[openpyxl.cell.Cell]:
    return (
        cell
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    )


# --- the first sheet ----------------------------------------------------------------------------


def test_the_first_sheet_says_what_was_sent_and_what_became_of_it(reply):
    workbook = reply("project_ledger", SPOILED)
    sheet = workbook[LISTING]
    assert workbook.sheetnames[0] == LISTING and workbook.active.title == LISTING
    assert "重点项目台账" in sheet["A1"].value and "2022Q3" in sheet["A1"].value
    facts = [sheet.cell(row, 2).value for row in range(3, 9)]
    submission = workbook.judged.submission
    assert facts[0] == submission.path and facts[5] == submission.sha256
    assert (
        "Ledger of key projects" in facts[1]
        and "通辽经济技术开发区" in facts[2]
        and "2022年1-9月" in facts[2]
    )
    assert facts[3] == "2022-10-20 09:00（北京时间 UTC+8）统计部门"
    assert facts[4] == "读到 9，入库 1，未入库 8 (read, loaded, held)"
    assert sheet["A2"].value.startswith(
        "部分入库：报来 9 行，8 行未入库；请改正标“▲”的各行，另存为 project_ledger.r2 重新报送"
    )
    assert (
        "8 of 9 rows are held; please correct what is marked ▲ and send the file as project_ledger.r2"
        in sheet["A2"].value
    )


def test_the_legend_shows_each_grade_in_its_colour(reply):
    sheet = reply("project_ledger", SPOILED)[LISTING]
    legend = {
        FILLS[sheet.cell(row, 4).fill.fgColor.rgb[2:]]: sheet.cell(row, 4) for row in range(3, 9)
    }
    assert list(legend) == ["reject", "quarantine", "query", "explained", "note", "unchecked"]
    assert (
        "整份退回 · Rejected" in legend["reject"].value
        and "请说明 · Please explain" in legend["query"].value
    )
    assert legend["reject"].border.left.style == legend["quarantine"].border.left.style == "medium"
    assert legend["query"].border.left.style == "dashed"


def test_the_headings_stay_in_view_and_the_columns_are_wide_and_wrapped(reply):
    sheet = reply("project_ledger", SPOILED)[LISTING]
    assert sheet.freeze_panes == f"A{HEADING + 1}"
    assert (
        sheet.cell(HEADING, 1).value == "条目\nEntry"
        and sheet.cell(HEADING, 3).value == "问题\nWhat is wrong"
    )
    assert all(
        cell.alignment.wrap_text
        for row in sheet.iter_rows(min_row=HEADING + 1, max_col=10)
        for cell in row
    )
    assert sheet.column_dimensions["C"].width >= 40
    for row in sheet.iter_rows(min_row=HEADING + 1, max_col=10):
        for cell in row:
            lines = sum(
                -(-measure_width(line) // int(sheet.column_dimensions[cell.column_letter].width))
                for line in str(cell.value).split("\n")
            )
            assert sheet.row_dimensions[cell.row].height >= 11 * lines, cell.coordinate


def test_entry_period_and_sentence_come_first_in_both_languages(reply):
    line = next(
        line for line in listed(reply("project_ledger", SPOILED)) if "1O" in str(line[SENT])
    )
    assert line[ENTRY] == "乙厂" and line[PERIOD] == "2022Q3"
    zh, en = line[WRONG].split("\n")
    assert "“1O”不是数字" in zh and "“1O” is not a number" in en
    assert line[MEND].startswith("只写数字") and "write the number alone" in line[MEND]
    assert line[SENT] == "1O\n计划总投资（万元）" and line[GRADE] == "▲ 本行扣留\nRow held"
    assert line[RULE].endswith("VALUE-NUMBER")


def test_the_same_finding_on_many_rows_is_one_line_with_a_count(reply):
    workbook = reply("project_ledger", SPOILED)
    line = next(line for line in listed(workbook) if "VALUE-REQUIRED" in line[RULE])
    assert (line[ENTRY], line[CELL], line[COUNT]) == ("丙厂、丁厂、戊厂", "C4–C6", 3)
    assert sum(line[COUNT] for line in listed(workbook)) == len(workbook.judged.findings)


def test_an_explanation_is_asked_for_only_where_the_grade_says_so(reply):
    sheet = reply(
        "contract_ledger", "项目名称,类型,阶段\n天楹,投资方,推动签约\n天楹储能,项目,新签约\n"
    )[LISTING]
    grades = {row[GRADE].value: row[EXPLANATION] for row in sheet.iter_rows(min_row=HEADING + 1)}
    asked = grades["? 请说明\nPlease explain"]
    assert asked.value is None and asked.border.left.style == "medium"
    assert sheet.data_validations.dataValidation[
        0
    ].sqref == openpyxl.worksheet.cell_range.MultiCellRange(asked.coordinate)
    sheet = reply("project_ledger", SPOILED)[LISTING]
    shut = [
        row[EXPLANATION]
        for row in sheet.iter_rows(min_row=HEADING + 1)
        if "请说明" not in row[GRADE].value
    ]
    assert shut and all(
        cell.value == "—" and not (cell.border.left and cell.border.left.style) for cell in shut
    )


def test_each_place_links_to_the_senders_cell(reply):
    workbook = reply("project_ledger", SPOILED)
    links = {
        row[SENT].value.partition("\n")[0]: row[CELL].hyperlink.location
        for row in workbook[LISTING].iter_rows(min_row=HEADING + 1)
    }
    assert links["第四产业"] == "'报送内容 As sent'!B3" and links["1O"] == "'报送内容 As sent'!D3"
    for value, location in links.items():
        name, _, address = location.rpartition("!")
        found = workbook[name.strip("'")][address].value
        assert found == value or (found is None and value == "（空 empty）")


def test_a_file_that_cannot_be_read_is_answered_with_the_list_alone(reply):
    workbook = reply("gdp", b"", name="gdp.csv")
    assert workbook.sheetnames == [LISTING]
    assert workbook[LISTING]["A2"].value.startswith("退回：文件没有读进来")
    assert listed(workbook)[0][GRADE] == "✕ 整份退回\nRejected" and listed(workbook)[0][CELL] == "—"


def test_a_file_without_findings_gets_no_workbook(reply):
    assert (
        reply(
            "gdp",
            "指标名称,单位,数值,增速\n地区生产总值,亿元,107.92,3.4\n第一产业,亿元,1.41,4.1\n第二产业,亿元,39.12,2.7\n第三产业,亿元,67.39,3.8\n",
        )
        is None
    )


def test_a_workbook_goes_when_its_findings_are_gone(reply):
    workbook = reply("project_ledger", SPOILED)
    folder = workbook.judged.folder
    save_table(findings_table([]), folder / "finding.arrow")
    assert (
        write_replies(folder, folder.parent, folder / "replies") == []
        and not workbook.path.exists()
    )


# --- the sender's sheet -------------------------------------------------------------------------


def test_the_coloured_cells_are_exactly_the_failing_ones(reply):
    workbook = reply("project_ledger", SPOILED)
    failing = {f.cell for f in workbook.judged.findings if f.cell}
    assert (
        set(marked(workbook["报送内容 As sent"]))
        == failing
        == set(marked(workbook["报送内容 As sent"])) | failing
    )
    assert {"B3", "D3", "C4", "C5", "C6", "A7", "A8"} <= failing


def test_a_comment_says_why_in_both_languages(reply):
    sheet = reply("project_ledger", SPOILED)["报送内容 As sent"]
    words = sheet["D3"].comment.text
    assert (
        "【▲ 本行扣留 · Row held】" in words
        and "“1O”不是数字" in words
        and "“1O” is not a number" in words
    )
    assert "→ 只写数字" in words and "→ write the number alone" in words
    assert {c.coordinate for row in sheet.iter_rows() for c in row if c.comment} == set(
        marked(sheet)
    )


def test_the_gravest_grade_colours_a_cell_and_all_are_in_its_comment(reply):
    workbook = reply("urban_works", "指标名称,单位,数值\n环卫作业车辆,辆,14O\n")
    sheet = workbook["报送内容 As sent"]
    here = [f for f in workbook.judged.findings if f.cell == "C2"]
    assert marked(sheet)["C2"] == "quarantine"
    assert all(f.message_zh in sheet["C2"].comment.text for f in here)


def test_a_csv_stays_as_it_was_and_every_cell_stays_text(reply):
    sheet = reply("project_ledger", SPOILED)["报送内容 As sent"]
    assert [c.value for c in sheet[2]] == ["甲厂", "工业", "开工", "100", None]
    assert all(
        c.data_type == "s" and c.number_format == "@"
        for row in sheet.iter_rows()
        for c in row
        if c.value is not None
    )
    assert sheet["A1"].font.bold and sheet.freeze_panes == "A2"


def test_long_identifiers_keep_their_digits(reply):
    text = "项目名称,项目领域,建设阶段\n110000000000000001,第四产业,开工\n00123,工业,开工\n"
    workbook = reply("project_ledger", text)
    assert [workbook["报送内容 As sent"].cell(n, 1).value for n in (2, 3)] == [
        "110000000000000001",
        "00123",
    ]
    assert listed(workbook)[0][ENTRY] == "110000000000000001"


def test_nothing_in_the_workbook_can_run(reply):
    workbook = reply("project_ledger", SPOILED)
    assert not [c.coordinate for c in every_cell(workbook) if c.data_type == "f"]
    risky = [
        c
        for c in every_cell(workbook)
        if isinstance(c.value, str) and c.value.startswith(("=", "+", "-", "@"))
    ]
    assert {c.value[0] for c in risky} == {"=", "+", "-", "@"}
    assert all(c.data_type == "s" and c.quotePrefix for c in risky)
    with zipfile.ZipFile(workbook.path) as archive:
        assert not [
            n
            for n in archive.namelist()
            if n.startswith("xl/worksheets/") and b"<f>" in archive.read(n)
        ]


# --- an .xlsx keeps its sender's hand -----------------------------------------------------------


def send_formatted(workbook: Workbook) -> None:
    sheet = workbook.active
    sheet.title = "台账"
    sheet.append(["重点项目台账（2022年1-9月）"])
    sheet.merge_cells("A1:D1")
    sheet["A1"].font = Font(name="宋体", size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.append(["项目名称", "项目领域", "建设阶段", "计划总投资（万元）"])
    sheet.append(["甲厂", "第四产业", "开工", 1234.5])
    sheet.append(["乙厂", "工业", None, 0.07])
    sheet.append(["=HYPERLINK(1)", "工业", "开工", 7])
    sheet["A5"].data_type = "s"
    sheet["D3"].number_format = "#,##0.00"
    sheet["B3"].font = Font(italic=True)
    sheet["A4"].fill = PatternFill("solid", fgColor="CCFFCC")
    sheet["A3"].hyperlink = "http://example.org/"
    sheet["A3"].comment = Comment("经办人的话", "经办人")
    sheet["B3"].comment = Comment("经办人另有话", "经办人")
    sheet.column_dimensions["A"].width = 31.5
    sheet.column_dimensions["C"].hidden = True
    sheet.row_dimensions[2].height = 28
    sheet.conditional_formatting.add(
        "A1:D9", FormulaRule(formula=["WEBSERVICE(1)"], fill=PatternFill("solid", fgColor="00FF00"))
    )
    sheet.add_data_validation(DataValidation(type="list", formula1="INDIRECT(A1)", sqref="C3:C9"))
    workbook.defined_names["算"] = DefinedName("算", attr_text="台账!$A$1*2")
    workbook.create_sheet("隐藏的表").sheet_state = "hidden"


def test_an_xlsx_keeps_widths_fonts_merges_and_values(reply):
    workbook = reply("project_ledger", sheet_bytes(send_formatted), name="project_ledger.xlsx")
    sheet = workbook["台账"]
    assert [str(r) for r in sheet.merged_cells.ranges] == ["A1:D1"]
    assert (sheet["A1"].font.name, sheet["A1"].font.size, sheet["A1"].font.bold) == (
        "宋体",
        16,
        True,
    )
    assert sheet["A1"].alignment.horizontal == "center" and sheet["B3"].font.italic
    assert sheet.column_dimensions["A"].width == 31.5 and sheet.row_dimensions[2].height == 28
    assert (
        sheet["D3"].value == 1234.5
        and sheet["D3"].number_format == "#,##0.00"
        and sheet["D4"].value == 0.07
    )
    assert sheet["A4"].fill.fgColor.rgb == "00CCFFCC"
    assert sheet["A3"].comment.text == "经办人的话"
    assert sheet["B3"].comment.text.startswith("经办人另有话\n\n【▲ 本行扣留")


def test_an_xlsx_is_marked_where_it_fails_and_what_is_hidden_is_shown(reply):
    workbook = reply("project_ledger", sheet_bytes(send_formatted), name="project_ledger.xlsx")
    # A5: text that a spreadsheet program would take for a formula is no name of a project
    assert marked(workbook["台账"]) == {"B3": "quarantine", "C4": "quarantine", "A5": "quarantine"}
    assert not workbook["台账"].column_dimensions["C"].hidden
    assert workbook["隐藏的表"].sheet_state == "hidden"
    links = {
        row[CELL].hyperlink.location for row in workbook[LISTING].iter_rows(min_row=HEADING + 1)
    }
    assert links == {"'台账'!B3", "'台账'!C4", "'台账'!A5"}


def test_every_cell_that_a_rule_is_about_is_marked(reply):
    """The total and its parts, on the sender's own sheet and in the list."""

    def send(workbook: Workbook) -> None:
        for row in (
            ["指标名称", "计量单位", "本年累计", "同比增长（%）"],
            ["地区生产总值", "亿元", 107.92, 3.4],
            ["第一产业增加值", "亿元", 1.41, 4.1],
            ["第二产业增加值", "亿元", 39.12, 2.7],
            ["第三产业增加值", "亿元", 69.39, 3.8],
        ):
            workbook.active.append(row)

    workbook = reply("gdp", sheet_bytes(send), name="gdp.xlsx")
    assert marked(workbook["Sheet"]) == dict.fromkeys(("C2", "C3", "C4", "C5"), "reject")
    assert workbook["Sheet"]["C5"].comment.text == workbook["Sheet"]["C2"].comment.text
    (line,) = workbook[LISTING].iter_rows(min_row=HEADING + 1, values_only=True)
    assert line[CELL] == "C2–C5"


def test_an_xlsx_comes_back_harmless(reply):
    workbook = reply("project_ledger", sheet_bytes(send_formatted), name="project_ledger.xlsx")
    sheet = workbook["台账"]
    assert (
        sheet["A5"].value == "=HYPERLINK(1)"
        and sheet["A5"].data_type == "s"
        and sheet["A5"].quotePrefix
    )
    assert (
        not sheet.conditional_formatting
        and not sheet.data_validations.dataValidation
        and not workbook.defined_names
    )
    assert sheet["A3"].hyperlink is None
    assert [s.sheet_view.tabSelected for s in workbook].count(
        True
    ) <= 1  # grouped sheets would be edited together


def test_a_formula_comes_back_as_the_value_it_had(reply):
    """A spreadsheet program stores a formula with its last value: the value is kept, the formula is not."""
    content = sheet_bytes(send_formatted)
    source, sink = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for item in source.infolist():
            data = source.read(item)
            if item.filename == "xl/worksheets/sheet1.xml":
                assert b"<v>1234.5</v>" in data
                data = data.replace(b"<v>1234.5</v>", b"<f>1000+234.5</f><v>1234.5</v>")
            archive.writestr(item, data)
    workbook = reply("project_ledger", sink.getvalue(), name="project_ledger.xlsx")
    assert workbook["台账"]["D3"].value == 1234.5
    assert not [c for c in every_cell(workbook) if c.data_type == "f"]


def test_a_finding_in_a_merged_range_marks_the_cell_that_is_seen(reply):
    def merge(workbook: Workbook) -> None:
        for row in (
            ["项目名称", "项目领域", "建设阶段"],
            ["甲厂", "工业", "开工"],
            ["乙厂", "工业", None],
        ):
            workbook.active.append(row)
        workbook.active.merge_cells("B3:C3")

    workbook = reply("project_ledger", sheet_bytes(merge), name="project_ledger.xlsx")
    assert workbook.judged.only("VALUE-REQUIRED").cell == "C3"
    assert (
        marked(workbook["Sheet"])["B3"] == "quarantine"
        and "建设阶段" in workbook["Sheet"]["B3"].comment.text
    )


def test_a_cell_that_a_merged_range_covers_takes_no_value():
    sheet = Workbook().worksheets[0]
    sheet.merge_cells("B3:C3")
    assert cell_at(sheet, 3, 2).coordinate == "B3"
    with pytest.raises(TypeError, match="Sheet!C3"):
        cell_at(sheet, 3, 3)


def test_an_xlsx_that_openpyxl_cannot_load_is_written_from_its_cells(reply, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise ValueError("stylesheet")

    monkeypatch.setattr("flows.reply.kept_sheets.openpyxl.load_workbook", fail)
    content = sheet_bytes(send_formatted)
    monkeypatch.undo()
    judged = reply("project_ledger", content, name="project_ledger.xlsx")
    monkeypatch.setattr("flows.reply.kept_sheets._open_sent", lambda _: None)
    workbook = reply("project_ledger", content, name="project_ledger.xlsx")
    assert marked(workbook["台账"]) == marked(judged["台账"])
    assert workbook["台账"]["D3"].value == "1234.5" and workbook["台账"]["D3"].data_type == "s"


MERGED = '<mergeCells count="1"><mergeCell ref="A5:XFD1048576"/></mergeCells>'
LINKED = '<hyperlinks><hyperlink ref="B:XFD" location="A1"/></hyperlinks>'


@pytest.mark.parametrize("part", [MERGED, LINKED])
def test_a_range_merged_or_linked_over_the_whole_sheet(reply, part: str) -> None:
    """openpyxl would make every cell of it, 17 billion of them."""
    sink = io.BytesIO()
    content = sheet_bytes(send_formatted)
    with zipfile.ZipFile(io.BytesIO(content)) as sent, zipfile.ZipFile(sink, "w") as target:
        for name in sent.namelist():
            xml = sent.read(name)
            if name == "xl/worksheets/sheet1.xml":
                xml = re.sub(rb"<mergeCells.*?</mergeCells>|<hyperlinks.*?</hyperlinks>", b"", xml)
                xml = xml.replace(b"</sheetData>", b"</sheetData>" + part.encode())
            target.writestr(name, xml)
    began = time.process_time()
    workbook = reply("project_ledger", sink.getvalue(), name="project_ledger.xlsx")
    assert time.process_time() - began < 5
    assert marked(workbook["台账"]), "the findings are at their cells"
    assert sum(len(row) for row in workbook["台账"].iter_rows()) < 1_000


def test_what_ended_a_worker_is_answered_without_the_file(reply, monkeypatch) -> None:
    monkeypatch.setattr("flows.reply.step._MANY", 1)
    ended = Fault("crash", "SIGABRT")
    monkeypatch.setattr("flows.reply.step.call_in_workers", lambda _, calls: [ended] * len(calls))
    monkeypatch.setattr("flows.reply.step.open_grids", lambda _: pytest.fail("opened again"))
    workbook = reply("project_ledger", sheet_bytes(send_formatted), name="project_ledger.xlsx")
    assert marked(workbook["台账"]) and len(listed(workbook)) == len(
        group_findings(workbook.judged.findings)
    )


def test_what_the_library_loads_and_cannot_write_is_drawn(reply) -> None:
    """A number of 400 digits: OverflowError, and the workbook was never made."""
    sink = io.BytesIO()
    content = sheet_bytes(send_formatted)
    with zipfile.ZipFile(io.BytesIO(content)) as sent, zipfile.ZipFile(sink, "w") as target:
        for name in sent.namelist():
            xml = sent.read(name)
            target.writestr(name, xml.replace(b"<v>1234.5</v>", b"<v>" + b"1" * 400 + b"</v>"))
    workbook = reply("project_ledger", sink.getvalue(), name="project_ledger.xlsx")
    assert "D3" in marked(workbook["台账"]), "the findings are at their cells"


# --- the whole ----------------------------------------------------------------------------------


def test_the_same_submission_gives_the_same_bytes(reply):
    first = reply("project_ledger", SPOILED).path.read_bytes()
    time.sleep(1.1)
    assert reply("project_ledger", SPOILED).path.read_bytes() == first


def test_a_long_submission_is_answered_at_a_bounded_length(reply):
    count = 6_000
    text = "项目名称,项目领域,建设阶段,备注,计划总投资（万元）,年份\n"
    text += "".join(f"项目{n},{'工业' if n % 2 else f'第{n}产业'},开工,,1,\n" for n in range(count))
    text = text.replace(",年份\n", "\n").replace(",1,\n", ",1\n") + "\n"
    workbook = reply("project_ledger", text)
    assert workbook.path.stat().st_size < 600_000
    lines = listed(workbook)
    assert len(lines) == MAX_SAME + 1
    assert sum(line[COUNT] for line in lines) == len(workbook.judged.findings) == count // 2
    assert (
        lines[-1][WRONG].startswith(f"同样的问题还有 {count // 2 - MAX_SAME} 处")
        and "more of the same" in lines[-1][WRONG]
    )


def test_of_a_sheet_too_long_to_copy_the_rows_with_findings_keep_their_numbers(reply, monkeypatch):
    monkeypatch.setattr("flows.reply.sender_sheets.MAX_CELLS", 100)
    text = "项目名称,项目领域,建设阶段\n" + "".join(
        f"项目{n},{'第四产业' if n == 70 else '工业'},开工\n" for n in range(2, 100)
    )
    workbook = reply("project_ledger", text)
    sheet = workbook["报送内容 As sent"]
    assert (
        sheet["A70"].value == "项目70"
        and sheet["A69"].value is None
        and sheet["A1"].value == "项目名称"
    )
    assert marked(sheet) == {"B70": "quarantine"} and sheet.sheet_format.zeroHeight
    assert workbook[LISTING]["B7"].value.endswith("只抄出有问题的行 extract")


def test_what_no_workbook_can_hold_is_left_out_of_it():
    cell = openpyxl.Workbook().active["A1"]
    put_text(cell, "=甲\x07厂\x0b\n乙" + "丙" * 40_000)
    assert (
        cell.value.startswith("=甲厂\n乙") and len(cell.value) <= 32_767 and cell.data_type == "s"
    )


# --- words --------------------------------------------------------------------------------------

SENT_FILE = Submission("150571/2022Q3/gdp.xlsx", "gdp", "150571", "2022Q3", 1, "0" * 64, 10)


def a_finding(**more: object) -> Finding:
    place = {"submission": "s", "path": "p", "form": "gdp", "zone": "150571", "period": "2022Q3"}
    return Finding(
        **place | {"code": "X-Y", "severity": "query", "stage": "value", "message_zh": "错"} | more
    )


@pytest.mark.parametrize(
    ("verdict", "findings", "zh", "en"),
    [
        (Verdict(Status.REJECTED, 0, 0, 0), [], "退回：文件没有读进来", "nothing could be read"),
        (Verdict(Status.REJECTED, 4, 0, 4), [a_finding(severity="reject")], "标“✕”的 1 处，另存为 gdp.r2", "marked ✕ and send it as gdp"),
        (Verdict(Status.REJECTED, 4, 0, 4), [a_finding(severity="quarantine")], "请改正标“▲”的各行", "marked ▲"),
        (Verdict(Status.PARTIAL, 4, 3, 1), [], "报来 4 行，1 行未入库", "1 of 4 rows is held"),
        (Verdict(Status.PARTIAL, 4, 3, 1), [a_finding()], "另有 1 处请说明", "1 more to be explained"),
        (Verdict(Status.ACCEPTED, 4, 4, 0), [a_finding()], "有 1 处请在第 I 列说明", "1 finding waits for your explanation"),
        (Verdict(Status.ACCEPTED, 4, 4, 0), [a_finding(outcome="unchecked", severity="note")], "没有要改的地方", "nothing to correct"),
    ],
)  # fmt: skip
def test_the_verdict_is_one_plain_sentence(verdict, findings, zh, en):
    said = say_verdict(SENT_FILE, verdict, findings)
    assert zh in said[0] and en in said[1]


def test_findings_are_listed_gravest_first_and_unchecked_last():
    found = [a_finding(severity=s, row=n, outcome=o) for n, (s, o) in enumerate(
        [("note", "unchecked"), ("query", "broken"), ("reject", "broken"), ("note", "broken"), ("quarantine", "broken")]
    )]  # fmt: skip
    order = [(g.findings[0].severity, g.findings[0].outcome) for g in group_findings(found)]
    assert order == [
        ("reject", "broken"),
        ("quarantine", "broken"),
        ("query", "broken"),
        ("note", "broken"),
        ("note", "unchecked"),
    ]


def test_rows_are_in_the_order_of_the_sheet():
    found = [a_finding(row=n, cell=f"B{n}", message_zh=str(n)) for n in (10, 9, 100)]
    assert [g.findings[0].row for g in group_findings(found)] == [9, 10, 100]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["C7"], "C7"),
        (["C9", "C7", "C8"], "C7–C9"),
        (["C7", "C9", "C10", "AA1"], "C7、C9–C10、AA1"),
        (["A1", "A3", "A5", "A7", "A9"], "A1、A3、A5、A7…"),
        (["C7", "C7"], "C7"),
    ],
)
def test_cells_are_listed_as_a_person_would(cells, said):
    assert list_cells(cells, 4) == said


def test_a_replys_clock_is_the_submissions(reply):
    workbook = reply("project_ledger", SPOILED)
    assert (
        workbook.properties.created
        == workbook.properties.modified
        == dt.datetime(2022, 10, 20, 1, 0, tzinfo=dt.UTC).replace(tzinfo=None)
    )
    assert workbook.path.parent.name == "2022Q3" and workbook.path.parent.parent.name == "150571"


def test_a_reply_is_named_after_form_and_submission(reply):
    workbook = reply("project_ledger", SPOILED)
    assert workbook.path == Path(
        workbook.path.parent / f"project_ledger.{workbook.judged.submission.submission}.xlsx"
    )
