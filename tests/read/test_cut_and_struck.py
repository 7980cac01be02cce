"""What a further round of clerks' files had silently: titles and headings cut into cells, struck titles, quarters in brackets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from flows.forms.catalogue import load_catalogue
from tests.judging import judge_files
from tests.ugly.cell_files import WRITERS, Cell, Sheet
from tests.ugly.kinds import HEADS, ROWS

Rows = list[list[object]]


def rows(*above: list[object], note: str = "", **cells: object) -> Rows:
    """The good file with rows above its headings, a note below, and cells changed (`C2` of the rows)."""
    table: Rows = [list(HEADS), *(list(row) for row in ROWS)]
    for place, value in cells.items():
        table[int(place[1:])][ord(place[0]) - 65] = value
    width = len(HEADS)
    below: Rows = [[note, *[None] * (width - 1)]] if note else []
    return [[*row, *[None] * (width - len(row))] for row in above] + table + below


def cut(*heads: list[object]) -> Rows:
    """A table of names, levels and growths under heading rows of its own."""
    return [*heads, *([row[0], row[2], row[3]] for row in ROWS)]


ASKED = {
    "2022|年|1-8|月": rows(["2022", "年", "1-8", "月"]),
    "2022年|1-8|月": rows(["2022年", "1-8", "月"]),
    "a legend of a year before": rows(note="①2021年同期", C2="41.82①"),
    "a sum of three months": rows(note="注：累计为第三季度三个月之和"),
    "FY2022 Q3": rows(["FY2022 Q3 主要经济指标"]),
    "two years over one column": rows(["2021-2022年1-9月主要经济指标"]),
    "a line of the quarter": rows(A2="社会消费品零售总额（第三季度）"),
    "a line of the quarter in figures": rows(A2="社会消费品零售总额（3季度）"),
    "三季度 over 总量": cut(["指标", "三季度", None], [None, "总量（亿元）", "同比增长（%）"]),
}
STRUCK = {
    "a title": rows([Cell("2022年1-9月主要经济指标", is_struck=True)]),
    "words of a title": rows([Cell("2022年1-9月主要经济指标", struck="快报")]),
}
GOOD = {
    "2022|年|1-9|月": rows(["2022", "年", "1-9", "月"]),
    "2022年|前|三|季度": rows(["2022年", "前", "三", "季度"]),
    "numbers above": rows(["1", "2", "3", "4", "5"]),
    "指标 over 名称": cut(["指标", "1-9月", "增长%"], ["名称", "（亿元）", None]),
    "three rows of headings": cut(
        ["指标", "2022年1-9月", None], [None, "绝对额", "同比增长"], [None, "（亿元）", "（%）"]
    ),
    "报告期 over its value": rows(["报告期"], ["2022年1-9月"]),
    "三季度累计": rows(C0="三季度累计"),
    "三季度（累计）": rows(C0="三季度（累计）"),
    "±%": rows(D0="±%"),
    "较去年同期增减": rows(D0="较去年同期增减（%）"),
    "with its year": rows(A2="社会消费品零售总额（2022年前三季度）"),
}


def as_csv(sheet: Sheet) -> bytes:
    lines = (",".join("" if c.value is None else str(c.value) for c in r) for r in sheet.cells())
    return "\n".join(lines).encode()


FORMATS = {"csv": as_csv, **WRITERS}


def asked(files: dict[str, Rows], ext: str, folder: Path) -> dict[str, set[str]]:
    """The codes above note by file; every figure loads or is asked about."""
    write: Callable[[Sheet], bytes] = FORMATS[ext]
    sent: list[tuple[str, bytes | str | Path, str, str]] = [
        (f"{n}/2022Q3/main_indicators.{ext}", write(Sheet(table)), "2022Q3", "150571")
        for n, table in enumerate(files.values())
    ]
    judged = judge_files(load_catalogue()["main_indicators"], sent, folder)
    return {
        name: {
            f.code
            for f in one.findings
            if f.outcome == "broken" and f.severity != "note" and f.code != "LINE-MISSING"
        }
        | (set() if len(one.accepted) == 3 else {"not all loaded"})
        for name, one in zip(files, judged, strict=True)
    }


@pytest.mark.parametrize(
    "ext", [pytest.param(e, marks=[pytest.mark.torture] * (e != "csv")) for e in FORMATS]
)
def test_what_is_cut_is_read_whole_and_what_is_open_is_asked(ext: str, tmp_path: Path) -> None:
    found = asked(ASKED | GOOD, ext, tmp_path)
    assert {name for name in ASKED if not found[name] - {"not all loaded"}} == set()
    assert {name: found[name] for name in GOOD if found[name]} == {}


@pytest.mark.parametrize("ext", WRITERS)
def test_a_struck_title_is_asked_about(ext: str, tmp_path: Path) -> None:
    assert asked(STRUCK, ext, tmp_path) == {
        "a title": {"CELL-STRUCK"},
        "words of a title": {"CELL-STRUCK-PART"},
    }
