"""Workbooks of a zone: read back by two libraries that did not write them, equal to the last digit."""

from __future__ import annotations

import datetime as dt
import math
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pypdf
import pytest

from flows.publish.exports import ReadViews, Zones
from flows.publish.workbooks import (
    CONTENTS,
    NOTES,
    VIEWS,
    as_read,
    query_sheet,
    read_sheet,
    workbook_path,
    write_workbooks,
)
from flows.publish.xlsx_file import Sheet, XlsxWriter
from tests.office import HAS_CALC, convert

ZONE = "150571"


@pytest.fixture(scope="module")
def con(small_build: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(small_build), read_only=True) as connection:
        yield connection


def write(con: duckdb.DuckDBPyConnection, published: Path, beside: Path, changed: bool) -> int:
    states = {ZONE: "1", "CN": "1"}
    zones = Zones(states, *(((), tuple(states)) if changed else (tuple(states), ())), ())
    return write_workbooks(con, ReadViews(con, zones), zones, published, beside)


@pytest.fixture(scope="module")
def published(con: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workbooks")
    assert write(con, folder / "none", folder, changed=True) > 0
    return folder


def test_every_sheet_is_its_view_to_the_last_digit(
    con: duckdb.DuckDBPyConnection, published: Path
) -> None:
    path = workbook_path(published, ZONE)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [CONTENTS, NOTES, *VIEWS]
    for view in VIEWS:
        rows = con.execute(query_sheet(f"metrics.{view}", ZONE)).fetchall()
        assert rows or view in ("reconciliation",), view
        assert read_sheet(path, view) == as_read(rows), view
        read = [list(row) for row in book[view].iter_rows(min_row=3, values_only=True)]
        for theirs, ours in zip(read, rows, strict=True):
            for cell, value in zip(theirs, ours, strict=True):
                if isinstance(value, dt.datetime):
                    assert cell == str(value)
                elif isinstance(value, dt.date):
                    assert cell.date() == value
                elif isinstance(value, Decimal | float) and not isinstance(value, bool):
                    assert float(cell) == float(value)
                elif value == "":
                    assert cell in (None, "")
                else:
                    assert cell == value


@pytest.mark.torture
@pytest.mark.skipif(not HAS_CALC, reason="LibreOffice Calc is not installed here")
def test_an_office_program_opens_it_keeps_every_number_and_prints_whole_rows(
    published: Path, tmp_path: Path
) -> None:
    path = workbook_path(published, ZONE)
    ours, theirs = (openpyxl.load_workbook(p) for p in (path, convert(path, "xlsx", tmp_path)))
    assert theirs.sheetnames == ours.sheetnames
    numbers = 0
    for sheet in ours.worksheets:
        for row, read in zip(sheet.iter_rows(), theirs[sheet.title].iter_rows(), strict=False):
            for cell, saved in zip(row, read, strict=False):
                if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                    assert saved.value == pytest.approx(cell.value, rel=1e-14), cell.coordinate
                    numbers += 1
    assert numbers > 100
    printed = pypdf.PdfReader(convert(path, "pdf", tmp_path))
    most = 0
    for sheet in ours.worksheets:
        wide = math.ceil(sum(column.width for column in sheet.column_dimensions.values()) / 210)
        assert sheet.page_setup.fitToWidth == wide, sheet.title
        most += wide * -(-sheet.max_row // 20)
    assert len(ours.worksheets) <= len(printed.pages) <= most
    assert all(page.mediabox.width > page.mediabox.height for page in printed.pages), "across"


def test_a_person_finds_what_stands_where(con: duckdb.DuckDBPyConnection, published: Path) -> None:
    book = openpyxl.load_workbook(workbook_path(published, ZONE))
    contents = {row[0]: row for row in book[CONTENTS].iter_rows(values_only=True)}
    assert f"{ZONE} 通辽经济技术开发区" in contents
    for view in VIEWS:
        [count] = con.execute(
            f"select count(*) from metrics.{view} where zone = ?", [ZONE]
        ).fetchone()
        assert contents[view][3] == count and contents[view][1] and contents[view][2]
    sheet = book["sector_growth"]
    names = [d[0] for d in con.execute("from metrics.sector_growth limit 0").description]
    notes = [row for row in book[NOTES].iter_rows(values_only=True) if row[0] == "sector_growth"]
    assert [row[1] for row in notes] == names, "each column is told of"
    assert [cell.value for cell in sheet[1]] == [row[2] for row in notes]
    assert [cell.value for cell in sheet[2]] == [row[3] for row in notes]
    assert sheet.freeze_panes == "A3" and sheet["A1"].font.b
    shown = {
        name: {cell.number_format for [cell] in sheet.iter_rows(3, None, n, n) if cell.value is not None}
        for n, name in enumerate(names, start=1)
    }  # fmt: skip
    assert shown["value_ytd_cny"] == {"#,##0.00"} and shown["share_pct"] == {"0.0###"}


def test_equal_content_gives_equal_bytes_and_what_stands_is_taken_over(
    con: duckdb.DuckDBPyConnection, published: Path, tmp_path: Path
) -> None:
    write(con, published, tmp_path / "again", changed=True)
    for zone in (ZONE, "CN"):
        one, other = (workbook_path(folder, zone) for folder in (published, tmp_path / "again"))
        assert one.read_bytes() == other.read_bytes() and one.stat().st_ino != other.stat().st_ino
    assert write(con, published, tmp_path / "kept", changed=False) == 0
    kept = workbook_path(tmp_path / "kept", ZONE)
    assert kept.stat().st_ino == workbook_path(published, ZONE).stat().st_ino
    workbook_path(tmp_path / "kept", "CN").unlink()
    assert write(con, tmp_path / "kept", tmp_path / "mended", changed=False) > 0
    mended = workbook_path(tmp_path / "mended", "CN")
    assert mended.read_bytes() == workbook_path(published, "CN").read_bytes(), "one that was lost"


def test_what_a_cell_may_hold(tmp_path: Path) -> None:
    texts = ["=1+1", "<b>&amp;", " a\nb ", "\x0b\x1b[2J", "季报 📊", "'", '"', ""]
    numbers = [
        0,
        -1,
        2**53,
        0.1 + 0.2,
        1e-12,
        -1.5e300,
        Decimal("10792000000.000000"),
        Decimal("0.10"),
    ]
    rows = [[text, number, True, dt.date(2022, 9, 30)] for text, number in zip(texts, numbers, strict=True)]  # fmt: skip
    sheet = Sheet("a & <b>", [["w", "x", "y", "z"]], ["text", "number", "text", "date"], [9] * 4)
    target = tmp_path / "book.xlsx"
    with XlsxWriter(target, [sheet.name]) as book:
        assert book.write(sheet, rows) == len(rows)
    assert zipfile.ZipFile(target).testzip() is None
    [read] = openpyxl.load_workbook(target).worksheets
    assert read.title == sheet.name
    got = [list(row) for row in read.iter_rows(min_row=2, values_only=True)]
    assert [row[0] or "" for row in got] == [t.replace("\x0b", "\ufffd").replace("\x1b", "\ufffd") for t in texts]  # fmt: skip
    assert [float(row[1]) for row in got] == [float(number) for number in numbers]
    assert all(row[2] is True and row[3].date() == dt.date(2022, 9, 30) for row in got)
    assert read["A2"].data_type != "f", "a text is no formula"
