"""Ugly files: each is read into the rows that stand beside it, and says how it was read.

`make_ugly.py` writes the files and what is expected of them, from published figures and by hands that do
not know the reader. A file is one trait of what departments send; those named `m…` mix many.
"""

from __future__ import annotations

import csv
import re
import runpy
import tomllib
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.forms.catalogue import load_catalogue
from flows.model.submission import Block, Reading
from tests.judging import Judged, judge_files

FOLDER = Path(__file__).resolve().parent
CASES = {
    path.with_suffix("").name: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.toml"))
}
BESIDE = (".toml", ".py", ".md")


def file_of(name: str) -> Path:
    [path] = [
        p
        for p in FOLDER.glob(f"{name}.*")
        if p.suffix not in BESIDE and not p.name.endswith(".expected.csv")
    ]
    return path


def expected_of(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.expected.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def said(value: Any) -> str:
    """A value of the warehouse as the expected file writes it."""
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def same(sent: str, value: Any) -> bool:
    """Numbers are the same whatever noughts they end in; anything else to the letter."""
    try:
        return Decimal(sent) == Decimal(said(value))
    except ArithmeticError:
        return sent == said(value)


def cells(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "row": row["source_row"]}


def place(finding: list[str]) -> tuple[str, str]:
    return finding[0], finding[1]


@pytest.fixture(scope="module")
def judged_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Judged]:
    """All of them by name, the files of a form judged in one pass."""
    folder, judged = tmp_path_factory.mktemp("ugly"), {}
    for code in sorted({case["form"] for case in CASES.values()}):
        names = [name for name, case in CASES.items() if case["form"] == code]
        files = [
            (f"{name}/{code}{file_of(name).suffix}", file_of(name), case["period"], case["zone"])
            for name in names
            for case in (CASES[name],)
        ]
        answers = judge_files(load_catalogue()[code], files, folder)
        judged |= dict(zip(names, answers, strict=True))
    return judged


@pytest.mark.parametrize("name", CASES)
def test_a_file_is_read_as_a_person_reads_it(judged_files: dict[str, Judged], name: str) -> None:
    case, judged = CASES[name], judged_files[name]
    broken = judged.broken()
    assert sorted((f.code, f.cell or "") for f in broken) == sorted(map(place, case["findings"])), [
        (f.code, f.cell, f.message_en) for f in broken
    ]
    assert judged.status == case["status"]
    expected = expected_of(name)
    assert len(judged.accepted) == len(expected)
    for row, wanted in zip(map(cells, judged.accepted), expected, strict=True):
        wrong = {
            column: (value, said(row[column]))
            for column, value in wanted.items()
            if not same(value, row[column])
        }
        assert not wrong, f"row {wanted['row']}: (expected, read) {wrong}"
    assert judged.rows_read == len(judged.accepted) + len(
        {(row["sheet"], row["row"]) for row in judged.held}
    )
    if "says" in case:
        assert case["says"] in broken[0].message_en
    blocks = Reading.open(judged.folder).blocks
    check_block(case, [b for b in blocks if b.submission == judged.submission.submission])


def check_block(case: dict[str, Any], blocks: list[Block]) -> None:
    """What the ledger keeps of how the first table was read."""
    if case["status"] == "rejected":
        assert blocks == []
        return
    block = blocks[0]
    assert block.layout == case.get("layout", "long")
    for key in ("encoding", "delimiter", "unit_from", "period_column"):
        if key in case:
            assert getattr(block, key) == case[key]
    if "header" in case:
        assert [block.first_header_row, block.header_row] == case["header"]
    if "notes" in case:
        assert len(block.notes) == case["notes"], block.notes


def test_every_trait_is_there() -> None:
    mixed = [name for name in CASES if name.startswith("m")]
    assert len(CASES) - len(mixed) >= 60
    assert len(mixed) >= 15
    assert {file_of(name).suffix for name in CASES} >= {
        ".csv",
        ".tsv",
        ".txt",
        ".xlsx",
        ".xls",
        ".ods",
    }


def test_the_files_are_those_that_the_script_writes(tmp_path: Path) -> None:
    """What is expected was written by the script, not by the reader; a workbook is compared by its parts."""
    module = runpy.run_path(str(FOLDER / "make_ugly.py"))
    module["write"](tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {
        p.name for p in FOLDER.iterdir() if p.suffix not in (".py", ".md") and p.is_file()
    }
    for path in tmp_path.iterdir():
        standing = FOLDER / path.name
        if path.suffix == ".xls" and not path.name.startswith("96"):
            continue  # LibreOffice writes the time into it
        if re.match(r"\d|m|c", path.name) and zipfile.is_zipfile(path):
            assert parts_of(path) == parts_of(standing), path.name
        else:
            assert path.read_bytes() == standing.read_bytes(), path.name


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
