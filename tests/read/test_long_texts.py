"""Texts of thousands of characters: read in no time, or refused at their cell, wherever they stand."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from flows.model.errors import UnreadableError
from flows.read.grid import open_grids
from tests.judging import Judged, judge
from tests.refusing import refusal
from tests.ugly.cell_files import Sheet, xlsx

MOST = 10_000  # characters of a cell: limits.toml
SECONDS = 4  # of the processor, for a file that has one; each took 9 to 40 before
TABLE = [
    ["2022年1-9月主要指标"],
    ["单位：亿元"],
    ["指标名称", "本年累计", "同比增长"],
    ["地区生产总值", "107.92", "3.4"],
    ["说明：无"],
]
PLACES = {"title": (0, 0), "unit line": (1, 0), "heading": (2, 1), "name": (3, 0), "note": (4, 0)}
WORDS = ["一季度", "2022年1-9月", "1"]


def lengthened(place: str, words: str, length: int) -> bytes:
    row, column = PLACES[place]
    rows = [list(cells) for cells in TABLE]
    own = rows[row][column]
    rows[row][column] = (own + words * length)[:length]
    return xlsx(Sheet(rows, name="主要指标"))


def judged(folder: Path, place: str, words: str) -> Judged:
    return judge("gdp", lengthened(place, words, MOST), "2022Q3", "150571", folder, "gdp.xlsx")


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("place", PLACES)
def test_a_text_of_ten_thousand_characters_takes_no_time(
    tmp_path: Path, place: str, words: str
) -> None:
    began = time.process_time()
    judged(tmp_path, place, words)
    assert time.process_time() - began < SECONDS


def test_what_a_title_says_a_thousand_times_is_told_once(tmp_path: Path) -> None:
    """As many findings as there are quarters in it, each of which had the whole title read again."""
    assert judged(tmp_path, "title", "一季度").codes.count("FILE-SPAN") == 1


def refused(folder: Path, content: bytes) -> UnreadableError:
    path = folder / "gdp.xlsx"
    path.write_bytes(content)
    problem = refusal(open_grids, path)
    assert problem.code == "FILE-LIMIT"
    return problem


@pytest.mark.parametrize("place", PLACES)
def test_a_longer_one_is_refused_at_its_cell_with_figure_and_setting(
    tmp_path: Path, place: str
) -> None:
    problem = refused(tmp_path, lengthened(place, "一季度", 20_000))
    row, column = PLACES[place]
    assert problem.place == ("主要指标", row + 1, "AB"[column])
    assert problem.problem_en.endswith(": 20,000, of 10,000 at most (setting cell_characters)")
    assert "是 20,000，上限是 10,000（设置项 cell_characters）" in problem.problem_zh


@pytest.mark.parametrize(
    "beside",
    [
        {"name": "一季度" * 7_000},
        {"footer": "一季度" * 7_000},
        {"box": "一季度" * 7_000},
        {"prompt": ("A1", "一季度" * 7_000)},
    ],
    ids=["name", "footer", "box", "prompt"],
)
def test_a_longer_one_beside_the_cells_is_refused_with_its_beginning(
    tmp_path: Path, beside: dict[str, str]
) -> None:
    problem = refused(tmp_path, xlsx(Sheet([["a", "b"], ["1", "2"]], **beside)))
    assert "一季度一季度" in problem.problem_zh
    assert len(problem.problem_zh) < 200
    assert re.search(
        r": 21,00\d, of 10,000 at most \(setting beside_characters\)$", problem.problem_en
    )


def test_thousands_of_rows_of_one_line_name_twenty_of_them_each(tmp_path: Path) -> None:
    """Each named all: 20,000 rows took 39 s and 2 GB, 200,000 would have ended the run."""
    rows = "".join(f"第一产业增加值,亿元,{n},1\n" for n in range(3, 5003))
    sent = f"指标名称,计量单位,本年累计,同比增长\n地区生产总值,亿元,107.92,3.4\n{rows}"
    found = judge("gdp", sent, "2022Q3", "150571", tmp_path).broken("KEY-DUPLICATE")
    assert len(found) == 5000
    named = "、".join(map(str, range(3, 23)))
    assert all(f"{named} …" in f.message_zh and len(f.message_zh) < 300 for f in found)
