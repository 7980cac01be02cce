"""The questions of a return workbook stand in the order of what they could alter (F31), by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from flows.reply.findings_sheet import LISTING
from tests.runs import HEADINGS

ENTRY, CELL, GRADE = 0, 4, 6
# two growths of 95 are asked about (GROWTH-INDEX-LIKE). Nothing is known from before
ASKED = (
    HEADINGS
    + "地区生产总值,亿元,300.0,9.9\n第一产业增加值,亿元,5.0,95\n第二产业增加值,亿元,40.0,95\n第三产业增加值,亿元,255.0,2.0\n"
)


def listed(path: str) -> list[tuple[str, str, str]]:
    sheet = openpyxl.load_workbook(path)[LISTING]
    rows = sheet.iter_rows(min_row=12, values_only=True)
    return [(str(r[ENTRY]), str(r[CELL]), str(r[GRADE])) for r in rows if r[ENTRY]]


def test_what_could_alter_a_published_number_most_is_asked_first(
    run_quarter: Callable[..., Any], make_raw: Callable[..., Path], tmp_path: Path
) -> None:
    raw = make_raw({"150571/2022Q1/gdp.csv": ASKED, "150571/2022Q1/budget.csv": "x,y\n1,2\n"})
    summary = run_quarter(raw, tmp_path / "warehouse")
    replies = {Path(path).name.split(".")[0]: path for path in summary.replies}
    assert set(replies) == {"gdp", "budget"}, "a file that is refused is answered as well"
    asked = [line for line in listed(replies["gdp"]) if "请说明" in line[2]]
    # on the sheet the primary sector comes first; 40 of 300 weigh more than 5
    bases = {"primary": 5 / 1.95, "secondary": 40 / 1.95, "tertiary": 255 / 1.02}
    whole = sum(bases.values())
    # dropped: growth of the whole without the secondary sector
    rest = whole - bases["secondary"]
    dropped = 100 * (300 / whole - 260 / rest)
    grown = 260 / rest  # mended: it grows as the others
    mended = 100 * (300 / whole - 300 / (rest + 40 / grown))
    moved = 100 * ((40 - bases["secondary"]) / whole - (40 - 40 / grown) / (rest + 40 / grown))
    points = max(abs(dropped), abs(mended), abs(moved))
    assert asked[0] == (
        "第二产业增加值", "D4", f"? 请说明（可能影响 {points:.2f} 个百分点）\nPlease explain, could move {points:.2f} points",
    )  # fmt: skip
    assert [cell for _, cell, _ in asked] == ["D4", "D3"]
    assert "请从上往下答" in str(openpyxl.load_workbook(replies["gdp"])[LISTING]["A9"].value)
    assert not any("可能影响" in grade for _, _, grade in listed(replies["budget"]))
