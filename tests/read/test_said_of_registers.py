"""What a title or a note around a register says of all its rows: asked about where they are not what is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.forms.catalogue import load_catalogue
from tests.judging import judge_files
from tests.kept import REPOSITORY

SAMPLES = {
    "enterprise_quarter": "synthetic/good_unit_in_heading.csv",
    "project_ledger": "synthetic/good.csv",
}
ASKED = ["上年同期", "预计数", "草稿", "测试数据", "注：以上为预计数", "注：数据为1-8月", "作废", "注：数据待核实", "注：系数"]  # fmt: skip
# scope, plans and the quarter are said by the rows of a register
ORDINARY = ["规模以上工业企业", "2022年重点项目计划", "注：含托管区企业", "注：预计12月开工", "注：不含个体户", "填表人：张三"]  # fmt: skip


@pytest.mark.parametrize("code", SAMPLES)
def test_words_around_a_register_are_asked_about_at_their_place(code: str, tmp_path: Path) -> None:
    text = (REPOSITORY / "tests/forms" / code / SAMPLES[code]).read_text(encoding="utf-8-sig")
    rows = text.rstrip("\n").splitlines()
    commas = "," * rows[-1].count(",")
    files, wanted = [], []
    for words in [*ASKED, *ORDINARY]:
        is_below = words.startswith(("注", "填"))
        lines = [*rows, words + commas] if is_below else [words + commas, *rows]
        files.append((f"{len(files)}/2022Q3/{code}.csv", "\n".join(lines), "2022Q3", "150571"))
        place = f"A{len(lines)}" if is_below else "A1"
        wanted.append((words, [place] if words in ASKED else []))
    judged = judge_files(load_catalogue()[code], list(files), tmp_path)
    asked = [[f.cell for f in one.broken() if f.severity != "note"] for one in judged]
    assert list(zip([*ASKED, *ORDINARY], asked, strict=True)) == wanted
