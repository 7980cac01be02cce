"""A sheet that we draw says the same whoever writes it: our own writer, or openpyxl beside the sender's sheets."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.rich_text import TextBlock
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from flows.forms.common_rules import make_finding
from flows.model.finding import Severity, Status
from flows.model.submission import Submission
from flows.reply.drawn_onto import draw_onto
from flows.reply.findings_sheet import draw_listing
from flows.reply.looks import frame_with
from flows.reply.sender_sheets import DrawnCopy
from flows.reply.wording import GRADES, Verdict
from flows.workbook.looks import PLAIN, Border, Side
from flows.workbook.sheet import Sheet, unused
from flows.workbook.sheet_xml import write_workbook

WHEN = dt.datetime(2022, 10, 20, 1, 0, tzinfo=dt.UTC)
HOSTILE = "<b>&\"'\u202e=1+1</b>\n  ] ]]> \U00020000"


def looks_of(cell: Any) -> tuple[object, ...]:
    value, font, fill, place = cell.value, cell.font, cell.fill, cell.alignment
    if isinstance(value, list):
        value = [
            (b.text, b.font.rFont, b.font.sz, bool(b.font.b), b.font.color.rgb)
            for b in value
            if isinstance(b, TextBlock)
        ]
        assert len(value) == 2
    sides = (getattr(cell.border, name) for name in Border._fields)
    return (
        value,
        (font.name, font.sz, bool(font.b), font.u, font.color and font.color.value),
        (fill.fill_type, fill.fgColor.rgb),
        [(side.style, side.color and side.color.rgb) if side else (None, None) for side in sides],
        (place.horizontal, place.vertical, bool(place.wrap_text), int(place.indent or 0)),
        (cell.number_format, bool(cell.quotePrefix)),
        cell.hyperlink and (cell.hyperlink.location, cell.hyperlink.tooltip),
    )


def sizes_of(sheet: Worksheet) -> tuple[object, ...]:
    return (
        {k: (d.width, d.hidden) for k, d in sheet.column_dimensions.items()},
        {k: round(d.height, 4) for k, d in sheet.row_dimensions.items() if d.height},
        sorted(map(str, sheet.merged_cells.ranges)),
        [(str(d.sqref), d.promptTitle, d.prompt, d.showInputMessage, d.type)
         for d in sheet.data_validations.dataValidation],
        (sheet.freeze_panes, sheet.print_title_rows, sheet.sheet_view.showGridLines),
        (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)),
        (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage),
        (sheet.page_margins.left, sheet.page_margins.bottom, sheet.oddFooter.center.text),
    )  # fmt: skip


def a_listing() -> tuple[Sheet, Sheet]:
    """Our sheet with a finding of each grade, and the sender's."""
    submission = Submission(
        path="150571/2022Q3/gdp.csv", form="gdp", zone="150571", period="2022Q3", revision=1,
        sha256="0" * 64, bytes=9, sender="统计部门", received_at="2022-10-20T09:00:00+08:00",
    )  # fmt: skip
    theirs = Sheet("报送内容 As sent")
    copy = DrawnCopy(theirs.name, None, theirs)
    findings = [
        make_finding("FILE-FAULT", submission, row=n, letter="C", value=HOSTILE, problem="x")
        for n in range(2, 6)
    ]
    findings = [
        dataclasses.replace(
            finding, severity=severity, row_key=f"={finding.row}", message_zh=HOSTILE,
            heading=HOSTILE if severity == Severity.QUERY else None,
        )
        for finding, severity in zip(findings, Severity, strict=True)
    ]  # fmt: skip
    for finding in findings:
        copy.mark(str(finding.cell), GRADES[finding.severity], HOSTILE)
    listing = draw_listing(
        submission, Verdict(Status.PARTIAL, 3, 2, 1), findings, {None: copy}, "某区", {}
    )
    return listing, theirs


def test_both_writers_say_the_same_of_our_sheet(tmp_path: Path) -> None:
    listing, theirs = a_listing()
    write_workbook(tmp_path / "ours.xlsx", [listing, theirs], WHEN)
    workbook = Workbook()
    draw_onto(workbook.worksheets[0], listing)
    workbook.save(tmp_path / "library.xlsx")
    ours, library = (
        openpyxl.load_workbook(tmp_path / name, rich_text=True).worksheets[0]
        for name in ("ours.xlsx", "library.xlsx")
    )
    assert sizes_of(ours) == sizes_of(library)
    assert len(ours.data_validations.dataValidation) == 1
    assert ours._cells.keys() == library._cells.keys()
    for place, cell in ours._cells.items():
        if not isinstance(cell, openpyxl.cell.MergedCell):
            assert looks_of(cell) == looks_of(library._cells[place]), cell.coordinate


def test_a_comment_and_a_mark_are_read_back_from_the_senders_sheet(tmp_path: Path) -> None:
    write_workbook(tmp_path / "ours.xlsx", a_listing(), WHEN)
    workbook = openpyxl.load_workbook(tmp_path / "ours.xlsx")
    sheet = workbook["报送内容 As sent"]
    assert workbook.properties.modified == WHEN.replace(tzinfo=None)
    for n, severity in enumerate(Severity, start=2):
        assert sheet[f"C{n}"].comment.text == HOSTILE
        assert sheet[f"C{n}"].fill.fgColor.rgb == f"00{GRADES[severity].fill}"


def test_a_mark_keeps_all_but_fill_and_frame() -> None:
    sheet = Sheet("表")
    sheet.put(
        2, 3, "1", PLAIN._replace(number_format="@", border=Border(top=Side("thin", "000000")))
    )
    DrawnCopy("表", None, sheet).mark("C2", GRADES["note"], None)
    look = sheet.style_of(2, 3)
    assert look.number_format == "@" and look.border == frame_with("dotted", GRADES["note"].ink)
    assert sheet.comments == {} and sheet.cells[2][3][0] == "1"


def test_no_two_sheets_have_one_name() -> None:
    assert unused("Data", []) == "Data"
    assert unused("data", ["DATA", "Data1"]) == "data2"
