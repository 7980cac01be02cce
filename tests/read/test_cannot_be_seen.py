"""Figures, and words around them, that a person does not see: asked about in each kind of workbook."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from flows.forms.catalogue import load_catalogue
from flows.read.colours import are_alike
from tests.judging import Judged, judge_files
from tests.read.test_figures_in_doubt import HEADS, ROWS, raised
from tests.ugly.cell_files import WRITERS, Cell, Sheet

RETAIL = {"retail_sales": "41.82"}


def judged_as(tmp_path: Path, files: dict[str, tuple[bytes, str]]) -> dict[str, Judged]:
    """Every file by its name, judged in one pass."""
    sent = [
        (f"{n}/2022Q3/main_indicators.{ext}", content, "2022Q3", "150571")
        for n, (content, ext) in enumerate(files.values())
    ]
    judged = judge_files(load_catalogue()["main_indicators"], sent, tmp_path)
    return dict(zip(files, judged, strict=True))


def level(judged: Judged) -> str:
    """The level of retail sales, in 亿元."""
    [value] = [r["value"] for r in judged.accepted if r["indicator"] == "retail_sales"]
    return str((value / 10**8).normalize())


def with_level(cell: object) -> list[list[object]]:
    rows: list[list[object]] = [HEADS, *(list(row) for row in ROWS)]
    rows[2][2] = cell
    return rows


def test_what_is_not_seen_is_asked_about_in_each_format(tmp_path: Path) -> None:
    sheets = {
        "part": Sheet(with_level(Cell("41.8", unseen="2"))),
        "name": Sheet(
            [HEADS, ROWS[0], [Cell(ROWS[1][0], unseen="（限上）"), *ROWS[1][1:]], ROWS[2]]
        ),
        "all": Sheet(with_level(Cell("", unseen="41.82"))),
        "bar": Sheet(with_level(41.82), drawn=("C2:C4", "dataBar")),
        "icons": Sheet(with_level(41.82), drawn=("D3:D3", "iconSet")),
        "words": Sheet(with_level(Cell(41.82, '"持平"'))),
        "other figure": Sheet(with_level(Cell(41.82, '"40";-0.0'))),
    }
    expected = {
        "part": ("CELL-HIDDEN-PART", "C3"),
        "name": ("CELL-HIDDEN-PART", "A3"),
        "all": ("CELL-HIDDEN", "C3"),
        "bar": ("CELL-CONDITION", "C2"),
        "icons": ("CELL-CONDITION", "D3"),
        "words": ("CELL-WORDED", "C3"),
        "other figure": ("CELL-WORDED", "C3"),
    }
    files = {
        f"{name} {ext}": (write(sheet), ext)
        for name, sheet in sheets.items()
        for ext, write in WRITERS.items()
    }
    judged = judged_as(tmp_path, files)
    for key, one in judged.items():
        name = key.rpartition(" ")[0]
        assert [(c, cell) for _, c, cell in raised(one) if c.startswith("CELL-")] == [
            expected[name]
        ], key
    assert {level(judged[f"part {ext}"]) for ext in WRITERS} == {"41.8"}, "what is seen"
    assert {level(judged[f"all {ext}"]) for ext in WRITERS} == {"41.82"}


def test_what_is_printed_under_pages_or_stands_in_a_box_counts(tmp_path: Path) -> None:
    words = {
        "单位：万元": {"UNIT-CONFLICT"},
        "2021年1-9月": {"FILE-SPAN"},
        "预计数": {"HEADING-MEANING"},
        "通辽经济技术开发区统计局": set(),
        "单位：亿元": set(),
    }
    files = {
        f"{said} {place} {ext}": (write(Sheet(with_level(41.82), **{place: said})), ext)
        for said in words
        for place in ("footer", "box")
        for ext, write in WRITERS.items()
    }
    for key, one in judged_as(tmp_path, files).items():
        assert {c for _, c, _ in raised(one)} == words[key.split(" ")[0]], key


def styled(change: Callable[[Worksheet], None]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book["Sheet"]
    for row in with_level(41.82):
        sheet.append(row)
    change(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def looking(**look: object) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        for name, value in look.items():
            setattr(sheet["C3"], name, value)

    return change


def test_letters_like_their_ground_are_not_seen(tmp_path: Path) -> None:
    black = PatternFill("solid", fgColor="FF000000")
    grey = PatternFill("solid", fgColor="FFD9D9D9")
    unseen = {
        "black by default on black": looking(fill=black),
        "black on black": looking(fill=black, font=Font(color="FF000000")),
        "nearly white": looking(font=Font(color="FFFEFEFE")),
        "nearly grey": looking(fill=grey, font=Font(color="FFDDDDDD")),
        "theme": looking(font=Font(color=openpyxl.styles.colors.Color(theme=0))),
    }
    seen = {
        "white on black": looking(fill=black, font=Font(color="FFFFFFFF")),
        "black on grey": looking(fill=grey),
        "grey": looking(font=Font(color="FF808080")),
        "a grey of the theme": looking(
            font=Font(color=openpyxl.styles.colors.Color(theme=0, tint=-0.5))
        ),
        "light black of the theme": looking(
            fill=black, font=Font(color=openpyxl.styles.colors.Color(theme=1, tint=0.9))
        ),
    }
    files = {name: (styled(change), "xlsx") for name, change in (unseen | seen).items()}
    for name, one in judged_as(tmp_path, files).items():
        assert raised(one) == ([("query", "CELL-HIDDEN", "C3")] if name in unseen else []), name


def low(sheet: Worksheet) -> None:
    sheet.sheet_format.defaultRowHeight = 1
    sheet.sheet_format.customHeight = True


def narrow(sheet: Worksheet) -> None:
    sheet.sheet_format.defaultColWidth = 0.1
    for letter in "ABC":
        sheet.column_dimensions[letter].width = 12


def filtered(sheet: Worksheet) -> None:
    sheet.auto_filter.ref = "A1:D4"
    sheet.auto_filter.add_filter_column(0, ["固定资产投资"])
    sheet.row_dimensions[3].hidden = True


def test_rows_and_columns_hidden_in_other_ways(tmp_path: Path) -> None:
    ways = {
        low: [("query", "ROW-HIDDEN", "C1")],
        narrow: [("query", "COLUMN-HIDDEN", "D2")],
        filtered: [("query", "ROW-HIDDEN", "C3")],
    }
    files = {way.__name__: (styled(way), "xlsx") for way in ways}
    judged = judged_as(tmp_path, files)
    for way, expected in ways.items():
        assert raised(judged[way.__name__]) == expected


@pytest.mark.parametrize(
    ("letters", "ground", "is_alike"),
    [
        ("FFFFFF", "FFFFFF", True), ("FEFEFE", "FFFFFF", True), ("EEEEEE", "FFFFFF", False), ("000000", "0A0A0A", True),
        ("FF0000", "FFFFFF", False), ("theme 4", "theme 4", True), ("theme 4", "FFFFFF", False), (None, "FFFFFF", False), ("FFFFFF", None, False),
    ],
)  # fmt: skip
def test_colours_that_cannot_be_told_apart(
    letters: str | None, ground: str | None, is_alike: bool
) -> None:
    assert are_alike(letters, ground) == is_alike
