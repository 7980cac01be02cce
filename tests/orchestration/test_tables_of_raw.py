"""A table of `raw/` that cannot be read is told in words before a run begins: file, line, value and remedy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.orchestration.selection import find_new
from flows.receive.listing import EDITIONS, TABLES
from flows.receive.step import Selection

SHA = "0" * 64
BROKEN = {
    "zone.csv": ("zone,title_zh,title_en\n990001,虚构,Made up\n99/01,虚构,Made up\n", 3, "99/01"),
    "manifest.csv": (
        f"path,sha256,bytes,sender,received_at\n150571/2022Q3/gdp.csv,{SHA},1,某部门,上周二\n",
        2,
        "上周二",
    ),
    "withdrawn.csv": (None, 2, "昨天"),
    "accepted_revision.csv": (None, 2, "昨天"),
    "withdrawn_acceptance.csv": (None, 2, "昨天"),
    f"{EDITIONS}/manifest.csv": (None, 2, "昨天"),
}


def columns_of(path: Path, raw: Path) -> list[str]:
    """The columns that a table must have, as the error about one without them lists them."""
    path.write_text("甲\n", encoding="utf-8")
    with pytest.raises(ValueError, match="it has the columns") as told:
        find_new(raw, raw.parent / "warehouse", Selection((), (), ()))
    listed = re.search(r"it has the columns (\S+)", str(told.value))
    assert listed is not None
    return listed[1].split(",")


@pytest.mark.parametrize("table", BROKEN)
def test_a_broken_line_is_told_before_the_run_begins(tmp_path: Path, table: str) -> None:
    raw = tmp_path / "raw"
    path = raw / table
    path.parent.mkdir(parents=True)
    columns = columns_of(path, raw)
    text, line, value = BROKEN[table]
    if text is None:
        cells = [value if name.endswith("_at") else "1" for name in columns]
        text = f"{','.join(columns)}\n{','.join(cells)}\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(path.name)) as told:
        find_new(raw, tmp_path / "warehouse", Selection((), (), ()))
    said = str(told.value)
    assert f"第 {line} 行" in said, "the line, in Chinese"
    assert f"line {line}" in said, "and in English"
    assert value in said, "what stands there"
    assert re.search("应写作|只用数字和字母|取回", said), "how to mend it"
    assert re.search("write|take it back|use digits", said), "in both languages"
    assert not (tmp_path / "warehouse").exists(), "nothing was begun"


@pytest.mark.parametrize("table", BROKEN)
def test_a_table_in_another_encoding_is_told_before_the_run_begins(
    tmp_path: Path, table: str
) -> None:
    path = tmp_path / "raw" / table
    path.parent.mkdir(parents=True)
    path.write_bytes("地区,名称\n".encode("gb18030"))
    with pytest.raises(ValueError, match="存为 UTF-8") as told:
        find_new(tmp_path / "raw", tmp_path / "warehouse", Selection((), (), ()))
    assert str(path) in str(told.value)


def test_each_table_that_people_keep_in_raw_is_looked_at() -> None:
    assert set(TABLES) - {"errors.csv"} <= set(BROKEN), "errors.csv is the answer key of a trial"
