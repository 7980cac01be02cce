"""Grids: whatever the encoding and the program, the cells come as they were shown, or the file is refused."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flows.read import grid as grids
from flows.read.grid import Grid, UnreadableError, open_grids
from tests.refusing import refusal

HEADINGS = ["指标名称", "计量单位", "本年累计", "同比增长"]
ROWS = [
    HEADINGS,
    ["地区生产总值", "亿元", "107.92", "3.4"],
    ["第一产业增加值", "亿元", "1.41", "4.1"],
]
TEXT = "".join(",".join(row) + "\n" for row in ROWS)
MOSTLY_CHINESE = "企业名称,备注说明\n通辽某某实业有限公司,本季度生产经营情况总体平稳\n内蒙古某某有限责任公司,新增产能项目按计划推进中\n"


@pytest.fixture
def opened(tmp_path: Path):
    """`opened(bytes)`: the grids of a file with that content."""

    def open_content(content: bytes, name: str = "file.csv") -> list[Grid]:
        path = tmp_path / name
        path.write_bytes(content)
        return open_grids(path)

    return open_content


def cells(grid: Grid) -> list[list[str | None]]:
    """Every cell, row by row, from the table."""
    assert [c.null_count >= 0 for c in grid.table.columns]
    return [list(row.values()) for row in grid.table.to_pylist()]


def save_workbook(path: Path, rows: list[list[object]], title: str = "Sheet1") -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active.title = title
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)
    return path.read_bytes()


# --- encodings --------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [TEXT, MOSTLY_CHINESE], ids=["figures", "mostly Chinese"])
@pytest.mark.parametrize(
    ("encode", "said"),
    [
        ("utf-8", "utf8"),
        ("utf-8-sig", "utf8sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16-le", "utf16le"),
        ("utf-16-be", "utf16be"),
        ("LE with mark", "utf16"),
        ("BE with mark", "utf16"),
    ],
)
def test_every_encoding_gives_the_same_cells(opened, text: str, encode: str, said: str) -> None:
    marked = {
        "LE with mark": b"\xff\xfe" + text.encode("utf-16-le"),
        "BE with mark": b"\xfe\xff" + text.encode("utf-16-be"),
    }
    [grid] = opened(marked.get(encode) or text.encode(encode))
    assert cells(grid) == [row.split(",") for row in text.splitlines()]
    assert (grid.encoding or "").replace("-", "").replace("_", "") == said, (
        "the decision is kept, for whoever asks how it was read"
    )
    assert grid.delimiter == ","
    assert grid.sheet is None


def test_rare_characters_survive_gb18030(opened) -> None:
    """Names of people and places use characters far beyond GB2312; GB18030 has them all."""
    rows = [
        ["姓名", "地址"],
        ["李𠮷", "㛃镇"],
        ["王镕", "䓖乡"],
        ["朱镕基", "通辽市科尔沁区木里图镇"],
        ["张三", "内蒙古自治区通辽市"],
    ]
    text = "\n".join(",".join(row) for row in rows)
    [grid] = opened(text.encode("gb18030"))
    assert cells(grid) == rows


@pytest.mark.parametrize(
    "text",
    [
        "Société;Chiffre d'affaires\nCrédit Agricole;12,5\nHôtel de Ville;3,4\nÉlysée;4\n",
        "name,value\nMüller,12\nGroß,13\n",
        "postes,valeur\nCrédits généraux,3\nDépenses réelles,4\nIntérêts créditeurs,5\n",
    ],
)
def test_latin_text_is_refused(opened, text: str) -> None:
    assert refusal(opened, text.encode("latin-1")).code == "FILE-ENCODING"


def test_a_clean_decode_proves_nothing(opened) -> None:
    """The trap: GB18030 takes these bytes without an error and makes characters of them that nobody wrote."""
    content = "postes,valeur\nCrédits généraux,3\nDépenses réelles,4\n".encode("latin-1")
    assert "閐" in content.decode("gb18030")
    assert refusal(opened, content).code == "FILE-ENCODING"


def test_damaged_utf16_is_refused(opened) -> None:
    assert refusal(opened, b"\xff\xfe" + TEXT.encode("utf-16-le")[:-1]).code == "FILE-ENCODING"


# --- what is no sheet -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xef\xbb\xbf",
        b"\r\n\r\n",
        b"   \t\n",
        b",,,\n,,\n",
        b"\xff\xfe",
        b"\xff\xfe\n\0",
        b"\0" * 4096,
        b'"",""\n',
    ],
    ids=[
        "no bytes",
        "only a mark",
        "blank lines",
        "spaces",
        "only commas",
        "UTF-16 mark",
        "UTF-16 blank line",
        "zeros",
        "empty quotes",
    ],
)
def test_a_file_without_a_filled_cell_is_empty(opened, content: bytes) -> None:
    assert refusal(opened, content).code == "FILE-EMPTY"


def test_an_empty_workbook_is_empty(opened, tmp_path: Path) -> None:
    assert refusal(opened, save_workbook(tmp_path / "a.xlsx", [])).code == "FILE-EMPTY"
    assert (
        refusal(opened, save_workbook(tmp_path / "a.xlsx", [["", None], [None, "  "]])).code
        == "FILE-EMPTY"
    )


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)) * 8,
        random.Random(1).randbytes(3000),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + random.Random(2).randbytes(300),
        b"\x01\x02\x03,abc\x00\n\x07\x07\n",
        b"a,b\n1\x002,3\n",
    ],
    ids=["all bytes", "noise", "picture", "control characters", "a zero byte in a figure"],
)
def test_binary_junk_is_refused(opened, content: bytes) -> None:
    assert refusal(opened, content).code in ("FILE-ENCODING", "FILE-FORMAT")


@pytest.mark.parametrize("keep", [0.3, 0.5, 0.9, 0.99])
def test_a_truncated_workbook_is_refused_in_words(opened, tmp_path: Path, keep: float) -> None:
    content = save_workbook(
        tmp_path / "a.xlsx", [HEADINGS, *[["地区生产总值", "亿元", n, 3.4] for n in range(200)]]
    )
    problem = refusal(opened, content[: int(len(content) * keep)], "gdp.xlsx")
    assert problem.code == "FILE-FORMAT"
    assert problem.problem_en == "it is not a sound workbook; the copy may be incomplete"
    assert problem.problem_zh == "不是完好的工作簿（可能没有传完）"


def test_an_archive_that_is_no_workbook_is_refused(opened) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("readme.txt", "not a workbook")
    assert refusal(opened, sink.getvalue(), "gdp.xlsx").code == "FILE-FORMAT"


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><table><tr><td>指标名称</td></tr></table></body></html>",
        "<!DOCTYPE html>\n<html></html>",
        "<table><tr><td>1</td></tr></table>",
        '<?xml version="1.0"?><Workbook></Workbook>',
        "\n  <HTML>\n<table>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_web_page_saved_as_xls_is_refused_in_words(opened, page: str, encoding: str) -> None:
    problem = refusal(opened, page.encode(encoding), "gdp.xls")
    assert problem.code == "FILE-FORMAT"
    assert problem.problem_en == "it is a web page saved under a spreadsheet's name"
    assert problem.problem_zh == "这是存成表格扩展名的网页"


def test_the_content_decides_not_the_name(opened, tmp_path: Path) -> None:
    workbook = save_workbook(tmp_path / "a.xlsx", ROWS)
    assert cells(opened(workbook, "gdp.csv")[0]) == ROWS, "a workbook named .csv"
    assert cells(opened(TEXT.encode(), "gdp.xlsx")[0]) == ROWS, "text named .xlsx"


# --- text -------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(opened, delimiter: str, newline: str) -> None:
    text = newline.join(delimiter.join(row) for row in ROWS) + newline
    [grid] = opened(text.encode())
    assert cells(grid) == ROWS
    assert grid.delimiter == delimiter


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_commas_inside_figures_do_not_make_a_delimiter(opened, delimiter: str) -> None:
    rows = [
        ["指标名称", "计量单位", "本年累计"],
        ["地区生产总值", "元", "1,234,567,890,123"],
        ["第一产业增加值", "元", "1,234,567,890"],
    ]
    [grid] = opened("\n".join(delimiter.join(row) for row in rows).encode())
    assert cells(grid) == rows


def test_quotes_keep_commas_newlines_and_quotes(opened) -> None:
    [grid] = opened('指标,说明\n"产值,合计","第一行\n第二行"\n"他说""好""",完\n后,一行\n'.encode())
    assert cells(grid) == [
        ["指标", "说明"],
        ["产值,合计", "第一行\n第二行"],
        ['他说"好"', "完"],
        ["后", "一行"],
    ]


def test_ragged_rows_are_padded_and_blank_lines_keep_their_number(opened) -> None:
    [grid] = opened("标题\n\na,b,c\n1,2\n\n3,4,5,6\n".encode())
    assert cells(grid) == [
        ["标题", None, None, None],
        [None] * 4,
        ["a", "b", "c", None],
        ["1", "2", None, None],
        [None] * 4,
        ["3", "4", "5", "6"],
    ]
    assert grid.head == cells(grid)


def test_cells_lose_their_outer_spaces_and_only_those(opened) -> None:
    [grid] = opened(" 指标 ,值\n 第 一 , \n　二　,\t3\t\n".encode())
    assert cells(grid) == [["指标", "值"], ["第 一", None], ["二", "3"]]


def test_nothing_is_cast(opened) -> None:
    """Codes keep their zeros, `NO` stays a country, and a long number keeps every digit."""
    rows = [
        ["code", "x", "n"],
        ["01", "NO", "123456789012345678901"],
        ["007", "true", "1e5"],
        ["NA", "null", "1.10"],
    ]
    [grid] = opened("\n".join(",".join(row) for row in rows).encode())
    assert cells(grid) == rows


# --- the reader for big files -----------------------------------------------------------------


def expected_of(text: str, delimiter: str = ",") -> list[list[str | None]]:
    """What a plain csv reader gives, written without looking at ours."""
    rows = [
        [cell.strip() or None for cell in row]
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    ]
    width = max(map(len, rows))
    return [row + [None] * (width - len(row)) for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_big_file_reads_like_a_small_one(opened, encoding: str) -> None:
    lines = [f'{n:06},"厂, {n}号",{n}.50, {n} ,,NA' for n in range(70_000)]
    text = "\r\n".join(["代码,名称,产值,人数,空,注", *lines]) + "\r\n"
    assert len(text.encode(encoding)) > 2_000_000
    [grid] = opened(text.encode(encoding))
    expected = expected_of(text)
    assert grid.table.num_rows == len(expected) == 70_001
    assert grid.table.to_pydict() == {
        str(i): list(column) for i, column in enumerate(zip(*expected, strict=True))
    }
    assert grid.head == expected[: len(grid.head)]
    assert len(grid.head) == 200
    assert (grid.delimiter, (grid.encoding or "").replace("_", "-")) == (",", encoding)


@pytest.mark.parametrize(
    "tail",
    ["注：以上为快报数\n", "\n", "a,b\n", '"两\n行",x,y\n'],
    ids=["note", "blank", "ragged", "quoted newline"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_big_file_that_is_not_even_still_reads(
    opened, monkeypatch: pytest.MonkeyPatch, tail: str, encoding: str
) -> None:
    monkeypatch.setattr(grids, "_SMALL_BYTES", 1000)
    text = (
        "标题\n\n代码,名称,产值\n" + "".join(f"{n:06},厂{n}号,{n}.5\n" for n in range(300)) + tail
    )
    [grid] = opened(text.encode(encoding))
    assert cells(grid) == expected_of(text)


def test_what_counts_as_big_is_two_megabytes() -> None:
    assert grids._SMALL_BYTES == 2_000_000, "the tests above pretend that less is big"


lines = st.lists(
    st.lists(
        st.text(alphabet=st.sampled_from(list('ab1 ,;"\n\r\t厂值.　\xa0\u2003\x0b')), max_size=5),
        min_size=1,
        max_size=4,
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines, st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"]))
@example([["a", " b "], ["  ", "1"]], ",", "\n")
@example([["a", "b"], ['"x', "1"]], ",", "\n")
@example([["甲\n", "\n"]], ",", "\n")
def test_both_readers_agree_on_any_text(
    tmp_path: Path, rows: list[list[str]], delimiter: str, newline: str
) -> None:
    sink = io.StringIO(newline="")
    csv.writer(sink, delimiter=delimiter, lineterminator=newline).writerows(rows)
    path = tmp_path / "any.csv"
    path.write_bytes(sink.getvalue().encode())
    answers = []
    for limit in (10**9, -1):  # first the tolerant reader, then the one for big files
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(grids, "_SMALL_BYTES", limit)
            try:
                answers.append(
                    [(cells(g), g.head, g.encoding, g.delimiter) for g in open_grids(path)]
                )
            except UnreadableError as problem:
                answers.append([problem.code])
    assert answers[0] == answers[1]


# --- workbooks --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (107.92, "107.92"),
        (0.1 + 0.2, "0.3"),
        (1.1 + 2.2, "3.3"),
        (33902.0, "33902"),
        (110_000_000.0, "110000000"),
        (1.1e8, "110000000"),
        (1e15, "1000000000000000"),
        (1.5e21, "1500000000000000000000"),
        (0.0001, "0.0001"),
        (0.000015, "0.000015"),
        (1.23e-05, "0.0000123"),
        (1.5e-07, "0.00000015"),
        (-0.5, "-0.5"),
        (-0.0, "0"),
        (0, "0"),
        (150571, "150571"),
        (True, "TRUE"),
        ("01", "01"),
        ("  亿元 ", "亿元"),
        ("第一行\n第二行", "第一行\n第二行"),
        (dt.date(2022, 9, 30), "2022-09-30"),
        (dt.datetime(2022, 9, 30, 8, 30), "2022-09-30T08:30:00"),  # noqa: DTZ001 - a cell has no zone
    ],
)
def test_numbers_come_as_a_person_sees_them(
    opened, tmp_path: Path, value: object, shown: str
) -> None:
    [grid] = opened(save_workbook(tmp_path / "a.xlsx", [["值"], [value]]))
    got = cells(grid)[1][0] or ""
    assert got.removesuffix("T00:00:00") == shown
    assert "e" not in got.lower() or shown == "TRUE", "no exponent"


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [(0.034, "0.0%", "3.4"), (0.0341, "0.00%", "3.41"), (-0.02, "0%", "-2")],
)
def test_a_percent_cell_is_read_as_it_is_shown(
    opened, tmp_path: Path, value: float, code: str, shown: str
) -> None:
    """Excel keeps 0.034 behind 3.4%: read as it stands it is a hundred times too small."""
    workbook = openpyxl.Workbook()
    workbook.active.append(["同比增长"])
    workbook.active.append([value])
    workbook.active["A2"].number_format = code
    workbook.save(tmp_path / "p.xlsx")
    [grid] = opened((tmp_path / "p.xlsx").read_bytes())
    assert (cells(grid)[1][0] or "").rstrip("%") == shown


def test_sheets_rows_and_columns_keep_their_places(opened, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.title = "空表"
    second = workbook.create_sheet("数据 2022")
    second["C4"] = "指标名称"
    second["D6"] = 107.92
    workbook.create_sheet("末表")["A1"] = "说明"
    workbook.save(tmp_path / "a.xlsx")
    found = opened((tmp_path / "a.xlsx").read_bytes(), "a.xlsx")
    assert [g.sheet for g in found] == ["数据 2022", "末表"], "a sheet without content is left out"
    table = cells(found[0])
    assert table[3][2] == "指标名称"
    assert table[5][3] == "107.92"
    assert [c for row in table for c in row if c] == ["指标名称", "107.92"]


def test_a_formula_without_its_value_is_not_taken_for_a_blank(opened, tmp_path: Path) -> None:
    """openpyxl writes formulas without values: the formula itself is shown, so that the cell is asked about."""
    content = save_workbook(tmp_path / "f.xlsx", [["a", "b", "sum"], [1, 2, "=A2&B2"]])
    [grid] = opened(content)
    assert cells(grid)[1] == ["1", "2", "=A2&B2"]


@pytest.mark.parametrize(
    "error", ["#DIV/0!", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"]
)
def test_the_error_of_a_formula_is_not_taken_for_a_blank(
    opened, tmp_path: Path, error: str
) -> None:
    content = save_workbook(
        tmp_path / "f.xlsx", [["a", "b", None], [1, error, 3], [None, None, None, error]]
    )
    [grid] = opened(content)
    assert cells(grid) == [
        ["a", "b", None, None],
        ["1", error, "3", None],
        [None, None, None, error],
    ]


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
  xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="数据">
<table:table-row><table:table-cell office:value-type="string"><text:p>指标名称</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>本年累计</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>地区生产总值</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="107.92"><text:p>107.92</text:p></table:table-cell></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def test_an_open_document_reads_like_a_workbook(opened) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            "".join(
                line.strip() if line.startswith("<") else f" {line.strip()}"
                for line in ODS.splitlines()
            ),
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    [grid] = opened(sink.getvalue(), "gdp.ods")
    assert (grid.sheet, cells(grid)) == (
        "数据",
        [["指标名称", "本年累计"], ["地区生产总值", "107.92"]],
    )


# --- anything at all --------------------------------------------------------------------------


def survives(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        found = open_grids(path)
    except UnreadableError as problem:
        assert problem.code.startswith("FILE-")
        return
    assert found
    for grid in found:
        assert grid.table.num_rows > 0
        assert all(str(column.type) == "string" for column in grid.table.columns), "cells are text"
        assert any(cell for row in cells(grid) for cell in row), "something is filled"
        assert grid.head == cells(grid)[: len(grid.head)]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
@example(b"PK\x03\x04")
@example(b"PK\x03\x04" + b"\0" * 40)
@example(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
@example(b'"' * 50)
@example(b"+/v8-,a\n")
@example(b"\xed\xa0\x80,\xed\xb0\x80\n")
def test_no_bytes_raise_anything_else(tmp_path: Path, content: bytes) -> None:
    survives(tmp_path / "any", content)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["utf-8", "gb18030", "utf-16-le", "utf-16-be"]),
    st.text(max_size=60),
    st.binary(max_size=6),
    st.integers(0, 400),
)
def test_spoiled_text_raises_nothing_else(
    tmp_path: Path, encoding: str, extra: str, noise: bytes, at: int
) -> None:
    content = (TEXT + "".join(c for c in extra if not "\ud800" <= c <= "\udfff")).encode(encoding)
    survives(tmp_path / "any", content[:at] + noise + content[at:])


def test_a_spoiled_workbook_raises_nothing_else(tmp_path: Path) -> None:
    """Bytes turned over anywhere in a workbook, and inside its parts, under a sound checksum."""
    chance = random.Random(20220930)
    content = save_workbook(
        tmp_path / "a.xlsx", [HEADINGS, *ROWS, [0.5, True, dt.date(2022, 9, 30), "x"]]
    )
    for _ in range(150):
        spoiled = bytearray(content)
        for _ in range(chance.randint(1, 12)):
            spoiled[chance.randrange(4, len(spoiled))] = chance.randrange(256)
        survives(tmp_path / "any", bytes(spoiled))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(150):
        victim = chance.choice(
            [
                name
                for name in parts
                if "sheet1" in name or "styles" in name or "workbook" in name or "shared" in name
            ]
        )
        spoiled = bytearray(parts[victim])
        for _ in range(chance.randint(1, 8)):
            spoiled[chance.randrange(len(spoiled))] = chance.choice(b'<>"0123456789/&;=AZ\xff')
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w") as archive:
            for name, part in parts.items():
                archive.writestr(name, bytes(spoiled) if name == victim else part)
        survives(tmp_path / "any", sink.getvalue())
