"""Every attack that once ended a run, in one folder beside a good file: a finding each, and the good file loads.

Each test is named after its attack; what the finding says is asked for as well: the figure, the limit and its setting.
"""

from __future__ import annotations

import io
import os
import re
import resource
import time
import zipfile
import zlib
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


def inflated(chunk: bytes, times: int, part: str, more: dict[str, str] | None = None) -> bytes:
    """A small workbook with a part of so many chunks, packed as one and repeated, so that it is made in no time. Its checksum
    is not that of the whole: who gets as far as that has unpacked all of it.
    """
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = (packer.compress(chunk) + packer.flush(zlib.Z_FULL_FLUSH)) * times
    packed += zlib.compressobj(6, zlib.DEFLATED, -15).flush()
    sink = io.BytesIO(workbook(lambda part: part))
    with zipfile.ZipFile(sink, "a") as target:
        for name, text in (more or {}).items():
            target.writestr(name, text)
        target.writestr(part, packed)
        listed = target.getinfo(part)
        listed.compress_type, listed.file_size = zipfile.ZIP_DEFLATED, len(chunk) * times
    return sink.getvalue()


MIB = 1 << 20
COMMENT = b'<comment ref="A1"><text><t>%s</t></text></comment>' % (b"x" * 400)
COMMENTS = COMMENT * (64 * MIB // len(COMMENT))
LINK = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments" Target="../comments1.xml"/></Relationships>'
)
PERIODS = ",".join(f"{1900 + n // 4}年{n % 4 + 1}季度" for n in range(8000))
HALF_OPEN = "".join(f'<row r="{n}"><c r="C{n}"><f>1+' for n in range(3, 2003))

XFD1048576 = "150571/2022Q1/gdp.xlsx"
R2147483648 = "150571/2022Q1/gdp.r2147483648.csv"
DIGITS = "150571/2021Q4/gdp.csv"
THOUSANDFOLD = "150571/2021Q3/gdp.xlsx"
CV1048576 = "150571/2021Q2/gdp.xlsx"
LONG_CELL = "150571/2021Q1/gdp.csv"
HEADINGS_8000 = "150571/2020Q4/gdp.csv"
TAGS_2000 = "150571/2020Q3/gdp.xlsx"
FOUR_GIGABYTES = "150571/2020Q2/gdp.xlsx"
LONG_COMMENT = "150571/2020Q1/gdp.xlsx"
TITLED = f"150571/2022Q2/{'关于报送有关情况的说明' * 7}.csv"
ATTACKS: dict[str, Callable[[], str | bytes]] = {
    XFD1048576: lambda: far_cell("XFD1048576"),
    R2147483648: lambda: GDP,
    TITLED: lambda: "x,y\n1,2\n",
    DIGITS: lambda: GDP.replace("107.92", "9" * 1_000_000),
    THOUSANDFOLD: lambda: inflated(b" " * MIB, 60, "xl/worksheets/sheet2.xml"),
    CV1048576: lambda: far_cell("CV1048576"),
    LONG_CELL: lambda: GDP.replace("地区生产总值", "地" * 1_000_000),
    HEADINGS_8000: lambda: f"指标名称,{PERIODS}\n地区生产总值{',1' * 8000}\n",
    TAGS_2000: lambda: workbook(lambda part: part.replace("</sheetData>", HALF_OPEN + "</sheetData>")),
    FOUR_GIGABYTES: lambda: inflated(COMMENTS, 64, "xl/worksheets/sheet2.xml"),
    LONG_COMMENT: lambda: inflated(COMMENTS, 23, "xl/comments1.xml", {"xl/worksheets/_rels/sheet1.xml.rels": LINK}),
}  # fmt: skip
GOOD = "150571/2022Q3/gdp.csv"
MERGED = "150571/2019Q4/gdp.xlsx"  # loads, and is answered: a sheet merged as a whole
SPAN = '</sheetData><mergeCells><mergeCell ref="A5:XFD1048576"/></mergeCells>'
LINKED = "150571/2022Q2/gdp.csv"


@dataclass(frozen=True)
class Attacked:
    warehouse: Path
    summary: Any
    seconds: float
    bytes: dict[str, int]
    said: dict[str, dict[str, str]]  # by path, the words of each rejection by its code

    def refusal(self, path: str, code: str = "FILE-LIMIT") -> str:
        """What the sender is told, in both languages."""
        assert list(self.said[path]) == [code]
        return self.said[path][code]


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory, run_quarter: Callable[..., Any]) -> Attacked:
    base = tmp_path_factory.mktemp("attacked")
    raw = write_raw(base / "raw", {path: make() for path, make in ATTACKS.items()} | {GOOD: GDP, MERGED: workbook(lambda part: part.replace("</sheetData>", SPAN))})  # fmt: skip
    sizes = {path: (raw / path).stat().st_size for path in ATTACKS}
    (base / "secret.csv").write_text(f"{HEADINGS}{SECRET},亿元,1,1\n", encoding="utf-8")
    (raw / LINKED).parent.mkdir(parents=True, exist_ok=True)
    (raw / LINKED).symlink_to(base / "secret.csv")
    began = time.monotonic()
    summary = run_quarter(raw, base / "warehouse")
    seconds = time.monotonic() - began
    said: dict[str, dict[str, str]] = {}
    with duckdb.connect(str(base / "warehouse" / "jibao.duckdb"), read_only=True) as con:
        for path, code, words in con.execute(
            "select path, code, message_zh || ' ' || message_en from ledger.finding where severity = 'reject'"
        ).fetchall():
            said.setdefault(path, {})[code] = words
    return Attacked(base / "warehouse", summary, seconds, sizes, said)


def test_one_file_never_stops_the_others(attacked: Attacked) -> None:
    with duckdb.connect(str(attacked.warehouse / "jibao.duckdb"), read_only=True) as con:
        status = dict(con.execute("select path, status from ledger.submission").fetchall())
    assert status.pop(GOOD) == "accepted"
    assert status.pop(MERGED) == "accepted"
    assert set(status) == {*ATTACKS, LINKED}
    assert set(status.values()) == {"rejected"}
    assert attacked.summary.faults == [], "none is a fault of ours"
    assert attacked.seconds < 300


def test_a_cell_at_XFD1048576(attacked: Attacked) -> None:  # noqa: N802
    assert attacked.bytes[XFD1048576] < 6_000
    assert "16,384, of 1,000 at most (setting columns)" in attacked.refusal(XFD1048576)


def test_a_range_merged_to_XFD1048576(attacked: Attacked) -> None:  # noqa: N802
    """It has its answer, and neither the run nor a worker held the sheet in memory."""
    [answer] = (attacked.warehouse / "replies" / Path(MERGED).parent).glob("gdp.*.xlsx")
    assert answer.stat().st_size < 100_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 4 * MIB, "kB"


def test_a_name_of_77_characters(attacked: Attacked) -> None:
    assert attacked.refusal(TITLED, "FILE-PATH")
    assert list((attacked.warehouse / "replies" / Path(TITLED).parent).glob("关于*.receipt.html"))


def test_a_cell_at_CV1048576(attacked: Attacked) -> None:  # noqa: N802
    assert "of 40 at most (setting sparse_ratio)" in attacked.refusal(CV1048576)


def test_a_revision_numbered_2147483648(attacked: Attacked) -> None:
    assert "2147483648" in attacked.refusal(R2147483648, "FILE-PATH")


def test_a_number_of_a_million_digits(attacked: Attacked) -> None:
    assert "digits of the number in C2: 1,000,000, of 300 at most" in attacked.refusal(DIGITS)
    with duckdb.connect(str(attacked.warehouse / "jibao.duckdb"), read_only=True) as con:
        found = con.execute("select cell from ledger.finding where path = ?", [DIGITS]).fetchall()
    assert found == [("C2",)], "a finding at the cell"


def test_a_text_cell_of_a_million_characters(attacked: Attacked) -> None:
    said = attacked.refusal(LONG_CELL)
    assert "characters in A2" in said
    assert "1,000,000, of 10,000 at most (setting cell_characters)" in said


def test_a_part_that_unpacks_a_thousandfold(attacked: Attacked) -> None:
    assert "of 250 at most (setting unpacked_ratio)" in attacked.refusal(THOUSANDFOLD)


def test_a_few_megabytes_that_become_4_gigabytes(attacked: Attacked) -> None:
    assert attacked.bytes[FOUR_GIGABYTES] < 25 * MIB
    assert re.search(r"4,29\d,\d{3},\d{3}, of 4,000,000,000 at most \(setting unpacked_bytes\)", attacked.refusal(FOUR_GIGABYTES))  # fmt: skip


def test_comments_of_1_and_a_half_gigabytes(attacked: Attacked) -> None:
    assert attacked.bytes[LONG_COMMENT] < 10 * MIB
    assert re.search(r"comments1\.xml.* 1,54\d,\d{3},\d{3}, of 64,000,000 at most \(setting whole_part_bytes\)", attacked.refusal(LONG_COMMENT))  # fmt: skip


def test_8000_headings_of_periods(attacked: Attacked) -> None:
    assert "columns: 8,001, of 1,000 at most (setting columns)" in attacked.refusal(HEADINGS_8000)


def test_2000_formula_tags_that_nobody_closes(attacked: Attacked) -> None:
    assert attacked.refusal(TAGS_2000, "FILE-FORMAT")


def test_a_link_to_a_file_outside_raw_is_never_followed(attacked: Attacked) -> None:
    """Neither the warehouse nor anything that is answered holds what stands outside `raw/`."""
    assert attacked.refusal(LINKED, "FILE-LINK")
    for folder, _, names in os.walk(attacked.warehouse):
        for name in names:
            content = (Path(folder) / name).read_bytes()
            assert SECRET.encode() not in content
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(content)) as parts:
                    assert all(SECRET.encode() not in parts.read(n) for n in parts.namelist())
