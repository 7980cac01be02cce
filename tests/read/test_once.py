"""What stands twice in a workbook where it can stand but once: nobody knows which the sender saw."""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path

import pytest

from flows.model.errors import UnreadableError
from flows.read.grid import open_grids
from tests.refusing import refusal
from tests.ugly.cell_files import Sheet, xlsx

SHEET = "xl/worksheets/sheet1.xml"
BOOK = xlsx(Sheet([["指标名称", "本年累计"], ["地区生产总值", 107.92]]))


def changed(part: str, old: str, new: str, twice: bool = False) -> bytes:
    """The workbook with other text in a part; `twice` leaves the part as it was in it too."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as source, zipfile.ZipFile(sink, "w") as target:
        for name in source.namelist():
            text = source.read(name).decode()
            if name == part:
                assert old in text
                if twice:
                    target.writestr(name, text)
                text = text.replace(old, new, 1)
            with warnings.catch_warnings(action="ignore"):
                target.writestr(name, text)
    return sink.getvalue()


def refused(folder: Path, content: bytes) -> UnreadableError:
    path = folder / "gdp.xlsx"
    path.write_bytes(content)
    problem = refusal(open_grids, path)
    assert problem.code == "FILE-FORMAT"
    return problem


@pytest.mark.parametrize(
    "again",
    ['<c r="B2"><v>999</v></c></row>', '</row><row r="2"><c r="B2"><v>999</v></c></row>'],
    ids=["in its row", "in its row again"],
)
def test_a_cell_that_stands_twice_is_refused_at_its_place(tmp_path: Path, again: str) -> None:
    with zipfile.ZipFile(io.BytesIO(BOOK)) as parts:
        last = parts.read(SHEET).decode().rpartition("</row>")[0][-20:]
    problem = refused(tmp_path, changed(SHEET, f"{last}</row></sheetData>", f"{last}{again}</sheetData>"))  # fmt: skip
    assert problem.place == ("表", 2, "B")
    assert "“表”的 B2 格在文件里写了两次" in problem.problem_zh
    assert "the cell B2 of the sheet “表” stands in it twice" in problem.problem_en


def test_cells_in_another_order_are_read(tmp_path: Path) -> None:
    path = tmp_path / "gdp.xlsx"
    path.write_bytes(changed(SHEET, "</sheetData>", '<row r="2"><c r="C2"><v>3.4</v></c></row><row r="1"><c r="C1" t="str"><v>同比增长</v></c></row></sheetData>'))  # fmt: skip
    [grid] = open_grids(path)
    assert grid.head == [["指标名称", "本年累计", "同比增长"], ["地区生产总值", "107.92", "3.4"]]


def test_a_sheet_or_a_part_that_stands_twice_is_refused(tmp_path: Path) -> None:
    sheet = '<sheet name="表" sheetId="2" r:id="rId1"/></sheets>'
    assert (
        "the sheet “表” stands in it twice"
        in refused(tmp_path, changed("xl/workbook.xml", "</sheets>", sheet)).problem_en
    )
    assert (
        f"the part “{SHEET}” stands in it twice"
        in refused(tmp_path, changed(SHEET, "107.92", "999", twice=True)).problem_en
    )
