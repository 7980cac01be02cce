"""Every attack that once ended a run, in one folder beside a good file: a finding each, and the good file loads."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from tests.runs import GDP, HEADINGS, write_raw

pytestmark = pytest.mark.torture

SHEET = "xl/worksheets/sheet1.xml"
SECRET = "root:x:0:0:a file outside raw"


def workbook(change: Callable[[str], str], cell: str = "指标名称") -> bytes:
    """A small workbook whose sheet's XML is changed."""
    book, sink = openpyxl.Workbook(), io.BytesIO()
    for row in ([cell, "计量单位", "本年累计", "同比增长"], ["地区生产总值", "亿元", 107.92, 3.4]):
        book.active.append(row)
    book.save(sink)
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(sink) as source,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            part = source.read(name).decode()
            target.writestr(name, change(part) if name == SHEET else part)
    return changed.getvalue()


def far_cell(place: str) -> bytes:
    row = "".join(filter(str.isdigit, place))
    far = f'<row r="{row}"><c r="{place}"><v>1</v></c></row></sheetData>'
    return workbook(lambda part: part.replace("</sheetData>", far))


ATTACKS: dict[str, str | bytes] = {
    "150571/2022Q1/gdp.xlsx": far_cell("XFD1048576"),
    "150571/2022Q1/gdp.r2147483648.csv": GDP,
    "150571/2021Q4/gdp.csv": GDP.replace("107.92", "9" * 1_000_000),
    "150571/2021Q3/gdp.xlsx": workbook(lambda part: part + " " * 400_000_000),
    "150571/2021Q2/gdp.xlsx": far_cell("CV1048576"),
    "150571/2021Q1/gdp.csv": GDP.replace("地区生产总值", "地" * 1_000_000),
    "150571/2020Q4/gdp.csv": "指标名称," + ",".join(f"{1900 + n // 4}年{n % 4 + 1}季度" for n in range(8000)) + "\n地区生产总值" + ",1" * 8000 + "\n",
    "150571/2020Q3/gdp.xlsx": workbook(lambda part: part.replace("</sheetData>", "".join(f'<row r="{n}"><c r="C{n}"><f>1+' for n in range(3, 2003)) + "</sheetData>")),
}  # fmt: skip
# what may be said of each; the sender is told one of them
FINDINGS: dict[str, set[str]] = {
    "150571/2022Q1/gdp.xlsx": {"FILE-LIMIT"},
    "150571/2022Q1/gdp.r2147483648.csv": {"FILE-PATH"},
    "150571/2021Q4/gdp.csv": {"VALUE-NUMBER", "FILE-LIMIT"},
    "150571/2021Q3/gdp.xlsx": {"FILE-LIMIT"},
    "150571/2021Q2/gdp.xlsx": {"FILE-LIMIT"},
    "150571/2021Q1/gdp.csv": {"FILE-LIMIT"},
    "150571/2020Q4/gdp.csv": {"FILE-LIMIT"},
    "150571/2020Q3/gdp.xlsx": {"FILE-FORMAT"},
}
GOOD = "150571/2022Q3/gdp.csv"
LINK = "150571/2022Q2/gdp.csv"


@dataclass(frozen=True)
class Attacked:
    warehouse: Path
    summary: Any
    seconds: float
    said: dict[str, set[str]]


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory, run_quarter: Callable[..., Any]) -> Attacked:
    base = tmp_path_factory.mktemp("attacked")
    raw = write_raw(base / "raw", ATTACKS | {GOOD: GDP})
    (base / "secret.csv").write_text(f"{HEADINGS}{SECRET},亿元,1,1\n", encoding="utf-8")
    (raw / LINK).parent.mkdir(parents=True)
    (raw / LINK).symlink_to(base / "secret.csv")
    began = time.monotonic()
    summary = run_quarter(raw, base / "warehouse")
    seconds = time.monotonic() - began
    with duckdb.connect(str(base / "warehouse" / "jibao.duckdb"), read_only=True) as con:
        rows = con.execute(
            "select path, list(distinct code) from ledger.finding where severity = 'reject' group by path"
        ).fetchall()
    return Attacked(base / "warehouse", summary, seconds, {p: set(codes) for p, codes in rows})


def test_one_file_never_stops_the_others(attacked: Attacked) -> None:
    with duckdb.connect(str(attacked.warehouse / "jibao.duckdb"), read_only=True) as con:
        status = dict(con.execute("select path, status from ledger.submission").fetchall())
    assert status.pop(GOOD) == "accepted"
    assert set(status) == {*ATTACKS, LINK}
    assert set(status.values()) == {"rejected"}
    assert attacked.summary.faults == [], "none is a fault of ours"
    assert attacked.seconds < 300


@pytest.mark.parametrize("path", FINDINGS)
def test_each_attack_is_a_finding_on_its_file(attacked: Attacked, path: str) -> None:
    assert attacked.said[path] & FINDINGS[path], attacked.said[path]


def test_a_link_is_never_followed(attacked: Attacked) -> None:
    """Neither the warehouse nor anything that is answered holds what stands outside `raw/`."""
    assert attacked.said[LINK]
    for folder, _, names in os.walk(attacked.warehouse):
        for name in names:
            content = (Path(folder) / name).read_bytes()
            assert SECRET.encode() not in content
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(content)) as parts:
                    assert all(SECRET.encode() not in parts.read(n) for n in parts.namelist())
