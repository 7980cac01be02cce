"""Workbooks: the figure a person sees, in every format and size, and what there is to ask about its cell."""

from __future__ import annotations

import io
import re
import time
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from flows.model.errors import CatalogueError, UnreadableError
from flows.read import limits
from flows.read.cell_facts import ReadText, TextRun, text_of
from flows.read.grid import Grid, open_grids
from flows.read.number_format import parse_format
from tests.kept import REPOSITORY
from tests.refusing import refusal
from tests.ugly.cell_files import WRITERS, Cell, Sheet, xls, xlsx, zipped

Open = Callable[..., Grid]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    def open_content(content: bytes) -> Grid:
        path = tmp_path / "file"
        path.write_bytes(content)
        return open_grids(path)[0]

    return open_content


def changed(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        parts = {name: source.read(name).decode() for name in source.namelist()}
    return zipped({name: change(text) if name == part else text for name, text in parts.items()})


SHEET = "xl/worksheets/sheet1.xml"
THOUSANDS = REPOSITORY / "tests" / "ugly" / "c10_thousands_left_away_ods.ods"


def odd() -> Sheet:
    """A sheet with one cell of every kind."""
    first = [
        "指标", Cell(0.034, "0.0%"), Cell(107920.0, "0.00,"), Cell(-2.0, '0.0;"下降"0.0'), Cell(5.0, is_struck=True),
        Cell("107.92", mark="1"), Cell("107.92", struck="105.1"), Cell(3.0, ";;;"), Cell(0.05, "0.0%", formula="1"),
        Cell(3.4, '0.0"%"'), Cell(6.0, is_white=True),
    ]  # fmt: skip
    return Sheet(
        [first, [1.0, 2.0], [None, 3.0], [None, 4.0]],
        merged=[(1, 0, 3, 0)],
        hidden_rows={2},
        hidden_columns={4},
    )


@pytest.mark.parametrize("kind", WRITERS)
def test_every_format_tells_the_same_of_its_cells(opened: Open, kind: str) -> None:
    grid = opened(WRITERS[kind](odd()))
    assert grid.head[0] == [
        "指标", "3.4%", "107.92", "下降2.0", "5", "107.92", "107.92", "3", "5.0%", "3.4%", "6",
    ]  # fmt: skip
    assert grid.merged == ((1, 0, 3, 0),)
    assert grid.facts is not None
    assert sorted((f.code, f.row, f.column) for f in grid.facts.cell_facts) == [
        ("CELL-HIDDEN", 0, 7),
        ("CELL-HIDDEN", 0, 10),
        ("CELL-MARK", 0, 5),
        ("CELL-SCALED", 0, 2),
        ("CELL-STRUCK", 0, 4),
        ("CELL-STRUCK-PART", 0, 6),
    ]
    assert (grid.facts.hidden_rows, grid.facts.hidden_columns) == ({2}, {4})


@pytest.mark.parametrize("kind", WRITERS)
def test_a_unit_in_the_format_is_read_as_a_unit_in_the_cell(opened: Open, kind: str) -> None:
    """`0.00"万元"` under 单位：亿元 is a conflict, and never 10⁴ times in silence: the cell says 107.92万元."""
    assert opened(WRITERS[kind](Sheet([[Cell(107.92, '0.00"万元"')]]))).head == [["107.92万元"]]


def test_percent_cells_in_a_workbook_of_more_than_two_megabytes(opened: Open) -> None:
    rows = [[f"指标{n}", Cell(n / 1000, "0.0%"), "字" * 40] for n in range(20_000)]
    content = xlsx(Sheet(rows))
    parts = zipfile.ZipFile(io.BytesIO(content))
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as stored:
        for name in parts.namelist():
            stored.writestr(name, parts.read(name))
    assert len(sink.getvalue()) > 2_000_000
    grid = opened(sink.getvalue())
    assert grid.table.column("1")[34].as_py() == "3.4%"
    assert grid.table.column("1")[19_999].as_py() == "1999.9%"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('<c r="A1" ', "<c ").replace('<c r="B1" ', "<c "),
        lambda text: text.replace('<row r="1"', "<row"),
        lambda text: text.replace("<sheetData>", '<dimension ref="A1"/><sheetData>'),
        lambda text: text.replace(
            "</worksheet>", '<extLst><ext xmlns:x="u"><x:f>1</x:f></ext></extLst></worksheet>'
        ),
        lambda text: text.replace("<c ", "<!-- a --><c "),
    ],
)
def test_however_the_xml_is_written(opened: Open, change: Callable[[str], str]) -> None:
    content = changed(xlsx(Sheet([["增速", Cell(0.034, "0.0%"), None]])), SHEET, change)
    assert [c for c in opened(content).head[0] if c] == ["增速", "3.4%"]


def test_a_prefix_before_every_name(opened: Open) -> None:
    def prefixed(text: str) -> str:
        for name in ("worksheet", "sheetData", "row", "c", "v", "is", "t"):
            for end in (" ", ">"):
                text = text.replace(f"<{name}{end}", f"<x:{name}{end}").replace(
                    f"</{name}{end}", f"</x:{name}{end}"
                )
        return text.replace("xmlns=", "xmlns:x=")

    content = changed(xlsx(Sheet([["增速", Cell(0.034, "0.0%")]])), SHEET, prefixed)
    assert opened(content).head == [["增速", "3.4%"]]


def test_a_number_is_no_date_because_a_letter_stands_in_its_format(opened: Open) -> None:
    grid = opened(xlsx(Sheet([[Cell(3.4, "0.0!d"), Cell(107.92, "0.00!d")]])))
    assert grid.head == [["3.4d", "107.92d"]]
    assert grid.facts is not None
    assert [f.code for f in grid.facts.cell_facts] == ["CELL-FORMAT", "CELL-FORMAT"], (
        "it is asked about"
    )


def test_shared_texts_lose_their_raised_marks(opened: Open) -> None:
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    raised = '<si><r><t>107.92</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r><rPh sb="0" eb="1"><t>ヒ</t></rPh></si>'
    shared = f"<sst {main}><si><t>普通</t></si>{raised}</sst>"
    content = changed(
        xlsx(Sheet([["甲", "乙", 1.0]]), more_parts={"xl/sharedStrings.xml": shared}),
        SHEET,
        lambda t: t.replace('t="inlineStr"><is><t>甲</t></is>', 't="s"><v>1</v>').replace(
            't="inlineStr"><is><t>乙</t></is>', 't="s"><v>0</v>'
        ),
    )
    grid = opened(content)
    assert grid.head == [["107.92", "普通", "1"]]
    assert grid.facts is not None
    assert [(f.code, f.detail) for f in grid.facts.cell_facts] == [("CELL-MARK", "1")]


@pytest.mark.parametrize(
    ("runs", "parts"),
    [
        ([TextRun("107.92"), TextRun("1", is_raised=True)], ("107.92", "1", "")),
        ([TextRun("m"), TextRun("2", is_raised=True)], ("m2", "", "")),
        ([TextRun("CO"), TextRun("2", is_raised=True), TextRun("排放")], ("CO2排放", "", "")),
        ([TextRun("105.1", is_struck=True), TextRun("107.92")], ("107.92", "", "105.1")),
        ([TextRun("107.92", is_struck=True)], ("107.92", "", "")),
        ([TextRun("注", is_raised=True)], ("注", "", "")),
        ([TextRun("生产总值"), TextRun("②", is_raised=True)], ("生产总值", "②", "")),
        ([TextRun("41.8"), TextRun("2", is_unseen=True)], ("41.8", "", "", "2")),
        ([TextRun("41.8"), TextRun("2", is_raised=True, is_unseen=True)], ("41.8", "", "", "2")),
        ([TextRun("41.82", is_unseen=True)], ("41.82", "", "")),
    ],
)
def test_marks_and_struck_words_are_taken_apart(
    runs: list[TextRun], parts: tuple[str, ...]
) -> None:
    assert text_of(runs) == ReadText(*parts)


# --- limits -------------------------------------------------------------------------------------------


def with_cell_at(place: str, body: str = "<v>1</v>") -> bytes:
    row = "".join(c for c in place if c.isdigit())
    far = f'<row r="{row}"><c r="{place}">{body}</c></row></sheetData>'
    return changed(xlsx(Sheet([["指标", 1.0]])), SHEET, lambda t: t.replace("</sheetData>", far))


@pytest.mark.parametrize("body", ["<v>1</v>", "<f>A1</f>"])
@pytest.mark.parametrize("place", ["XFD1048576", "XFD2", "T1048576", "ALM9"])
def test_a_cell_far_out_is_refused_before_the_library_takes_memory(
    opened: Open, place: str, body: str
) -> None:
    problem = refusal(opened, with_cell_at(place, body))
    assert problem.code == "FILE-LIMIT"
    assert any(c.isdigit() for c in problem.problem_zh) and any(
        c.isdigit() for c in problem.problem_en
    )


def test_blank_cells_far_out_that_only_have_a_format_are_no_matter(opened: Open) -> None:
    assert opened(with_cell_at("XFD1048576", "")).head == [["指标", "1"]]


def test_a_merged_range_over_the_whole_sheet_ends_with_the_cells(opened: Open) -> None:
    content = xlsx(Sheet([["指标", 1.0]], merged=[(0, 0, 1_048_575, 25)]))
    assert opened(content).merged == ((0, 0, 0, 1),)


@pytest.mark.parametrize(("rows", "columns"), [(1_048_576, 16_384), (1_048_576, 1000), (2, 16_384)])
def test_one_cell_of_an_open_document_that_stands_for_many(
    opened: Open, rows: int, columns: int
) -> None:
    def repeat(text: str) -> str:
        text = text.replace(
            "<table:table-row>", f'<table:table-row table:number-rows-repeated="{rows}">'
        )
        return text.replace(
            "<table:table-cell ", f'<table:table-cell table:number-columns-repeated="{columns}" '
        )

    content = changed(WRITERS["ods"](Sheet([[Cell(0.03, "0.0%")]])), "content.xml", repeat)
    assert refusal(opened, content).code == "FILE-LIMIT"


def test_a_part_that_unpacks_a_thousandfold_is_refused(opened: Open) -> None:
    blown = changed(
        xlsx(Sheet([["a"]])), SHEET, lambda t: t + " " * (limits.limit_of("small_part_bytes") + 1)
    )
    assert len(blown) < 200_000
    assert "1,0" in refusal(opened, blown).problem_en


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('min-integer-digits="1"', 'min-integer-digits="1048577"'),
        ('decimal-places="2"', 'decimal-places="2147483648"'),
    ],
)
def test_a_format_of_a_million_noughts_is_refused(opened: Open, old: str, new: str) -> None:
    """Found by changed files: 7 kB of ODS took the reader to its limit of time."""
    content = changed(THOUSANDS.read_bytes(), "content.xml", lambda t: t.replace(old, new))
    error = refusal(opened, content)
    assert error.code == "FILE-LIMIT" and "1,000" in error.problem_en


def test_a_format_as_long_as_a_book_is_refused() -> None:
    with pytest.raises(UnreadableError, match="characters of a number format: 1,001"):
        parse_format("0" * 1001)


def test_a_scale_without_end_is_no_endless_loop(opened: Open) -> None:
    endless = changed(
        THOUSANDS.read_bytes(),
        "content.xml",
        lambda t: t.replace('factor="1000"', 'factor="1e999"'),
    )
    opened(endless)


def test_text_files_have_limits_too(opened: Open) -> None:
    assert "引号" in refusal(opened, ('a,b\n"' + "x,1\n" * 100_000).encode()).problem_zh
    assert refusal(opened, f"a,b\n{'9' * 5000},1\n".encode()).code == "FILE-LIMIT"
    assert refusal(opened, ",".join(["a"] * 1001).encode()).code == "FILE-LIMIT"
    assert opened(("a,b\n" + "字" * 5000 + ",1\n").encode()).table.num_rows == 2


def test_a_register_of_two_million_rows_passes_every_limit() -> None:
    limits.check_extent("名录", 2_000_000, 30, 2_000_000 * 3)
    assert limits.limit_of("rows") >= 2_000_000
    assert limits.limit_of("file_bytes") >= 2_000_000 * 300


def test_more_sheets_than_anybody_sends(opened: Open, set_limit: Callable[..., None]) -> None:
    set_limit(sheets=1)
    content = xlsx(Sheet([["a"]]))
    opened(content)
    book = openpyxl.Workbook()
    book.create_sheet("second")["A1"] = "a"
    sink = io.BytesIO()
    book.save(sink)
    problem = refusal(opened, sink.getvalue())
    assert (problem.code, problem.problem_en) == (
        "FILE-LIMIT", "sheets of the workbook: 2, of 1 at most (setting sheets)"
    )  # fmt: skip


@pytest.fixture
def set_limit(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """`set_limit(rows=3)`: as an operator sets it, in the environment."""

    def set_one(**figures: int) -> None:
        for name, figure in figures.items():
            monkeypatch.setenv(f"JIBAO_LIMIT_{name.upper()}", str(figure))
        forget()

    def forget() -> None:
        limits.open_limits.cache_clear()
        parse_format.cache_clear()

    yield set_one
    forget()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("file_bytes", b"a,b\n1,2\n3,4\n"), ("rows", b"a,b\n1,2\n3,4\n5,6\n"), ("columns", b"a,b,c,d\n1,2,3,4\n"),
        ("cell_characters", b"a,b\n" + b"x" * 20 + b",1\n"), ("digits", b"a,b\n1234567,1\n"),
        ("parts", xlsx(Sheet([["a"]]))), ("unpacked_bytes", xlsx(Sheet([["a"]]))), ("whole_part_bytes", xlsx(Sheet([["a"]]))),
        ("format_characters", xlsx(Sheet([[Cell(1.0, "0.00")]]))), ("beside_characters", xlsx(Sheet([["a"]], footer="1-9月"))),
    ],
)  # fmt: skip
def test_each_limit_is_a_setting_that_the_finding_names(
    opened: Open, set_limit: Callable[..., None], name: str, content: bytes
) -> None:
    opened(content)
    set_limit(**{name: 3, "digits": 3})
    problem = refusal(opened, content)
    assert problem.code == "FILE-LIMIT"
    assert re.search(rf"\d.*\b3（设置项 {name}）$", problem.problem_zh), problem.problem_zh
    assert re.search(rf": [\d,]+, of 3 at most \(setting {name}\)$", problem.problem_en)


def test_a_sheet_that_is_nearly_empty_is_told_how_empty(set_limit: Callable[..., None]) -> None:
    set_limit(sparse_cells=100)
    limits.check_extent("名录", 10, 10, 1)
    limits.check_extent("名录", 100, 40, 100)
    with pytest.raises(UnreadableError, match=r"41, of 40 at most \(setting sparse_ratio\)"):
        limits.check_extent("名录", 101, 40, 100)


def test_every_limit_has_words_and_a_reason_in_both_languages() -> None:
    stated = tomllib.loads(limits.LIMITS_FILE.read_text("utf-8"))
    assert len(stated) == len(limits.open_limits()) > 15
    code = "".join(p.read_text("utf-8") for p in limits.LIMITS_FILE.parent.glob("*.py"))
    for name, limit in limits.open_limits().items():
        assert f'"{name}"' in code, f"{name} limits nothing"
        for text in (limit.what, limit.reason):
            assert re.search(r"[\u4e00-\u9fff]", text.zh) and re.search("[a-z]{3}", text.en)


@pytest.mark.parametrize(
    ("variable", "figure", "said"),
    [
        ("JIBAO_LIMIT_ROWS", "many", "JIBAO_LIMIT_ROWS=many"),
        ("JIBAO_LIMIT_ROWS", "0", "whole number"),
        ("JIBAO_LIMIT_LINES", "5", "there are .*JIBAO_LIMIT_ROWS"),
    ],
)
def test_a_setting_that_is_none_is_refused_in_words(variable: str, figure: str, said: str) -> None:
    with pytest.raises(CatalogueError, match=said):
        limits.apply(limits.open_limits(), {variable: figure})


@pytest.mark.parametrize("count", [2_000, 40_000])
def test_formulas_that_are_never_closed_take_no_time(opened: Open, count: int) -> None:
    """What was looked for with one expression took time by the square of their number."""
    open_ended = "".join(f'<c r="B{n}"><f>A1' for n in range(count))
    content = changed(
        xlsx(Sheet([["a", 1.0]])),
        SHEET,
        lambda t: t.replace("</sheetData>", f"<row>{open_ended}</row></sheetData>"),
    )
    start = time.process_time()
    assert refusal(opened, content).code == "FILE-FORMAT"
    assert time.process_time() - start < 2


def test_a_binary_workbook_is_refused_with_the_way_out(opened: Open) -> None:
    problem = refusal(opened, zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": "x"}))
    assert problem.code == "FILE-FORMAT" and "XLSB" in problem.problem_en


def test_an_old_workbook_whose_styles_cannot_be_read_is_read_and_asked_about(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: bytes) -> None:
        raise ValueError("a record is cut short")

    monkeypatch.setattr("flows.read.xls_cells.read_xls_facts", fail)
    grid = opened(xls(Sheet([["增速", Cell(0.034, "0.0%")]])))
    assert grid.facts is not None and [f.code for f in grid.facts.cell_facts] == ["CELL-UNREAD"]
