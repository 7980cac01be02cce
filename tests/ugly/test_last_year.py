"""Last year's file under this year's name: asked about in every format, however it was changed on its way."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from tests.history import judge_folder, received_at
from tests.ugly.kinds import EVERYWHERE, ROWS, Variation

# what a clerk does to last year's file before it is sent as this year's; the figures stay
CHANGES: dict[str, dict[str, Any]] = {
    "the same bytes": {},
    "this year in its title": {"title": "主要经济指标（2022年1-9月）"},
    "a note below": {"foot": "填报日期：2022年10月12日"},
    "words in a note": {"cells": {(2, 4): "初步数"}},
    "another name of a line": {"cells": {(3, 0): "固定资产投资完成额"}},
    "figures with more noughts": {"cells": {(2, 2): "41.820", (2, 3): "3.60"}},
}
OTHER = {"one figure": {(2, 2): 42.51, (2, 3): 1.6}, "the growths": {(1, 3): 4.1, (2, 3): 1.6}}


def find_copied(tmp_path: Path, ext: str, sent: dict[str, bytes]) -> dict[str, list[str]]:
    """The cells of each zone's file of 2022Q3 that are said to be last year's."""
    last_year = Variation("last year", "its own", "same").write(ext)
    raw, lines = tmp_path / "raw", ["path,sha256,bytes,sender,received_at"]
    zones = [f"99000{n}" for n in range(len(sent))]
    for zone, content in zip(zones, sent.values(), strict=True):
        for period, file in (("2021Q3", last_year), ("2022Q3", content)):
            path = raw / zone / period / f"main_indicators.{ext}"
            path.parent.mkdir(parents=True)
            path.write_bytes(file)
            digest = hashlib.sha256(file).hexdigest()
            at = received_at(period)
            lines.append(f"{path.relative_to(raw)},{digest},{len(file)},某部门,{at}")
    (raw / "manifest.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    listed = "".join(f"{zone},虚构{zone},Made up {zone}\n" for zone in zones)
    (raw / "zone.csv").write_text("zone,title_zh,title_en\n" + listed, encoding="utf-8")
    copied = judge_folder(raw, tmp_path / "work").of("YEAR-COPIED")
    assert {f.severity for f in copied} <= {"query"}
    assert not any("/2021Q3/" in f.path for f in copied)
    of_zone = {zone: [f.cell or "" for f in copied if f.path.startswith(zone)] for zone in zones}
    return {what: of_zone[zone] for what, zone in zip(sent, zones, strict=True)}


@pytest.mark.torture
@pytest.mark.parametrize("ext", EVERYWHERE)
def test_last_years_figures_are_asked_about_at_every_cell(tmp_path: Path, ext: str) -> None:
    assert len(CHANGES) >= 5
    same = {
        what: Variation("last year", what, "ask", **change).write(ext)
        for what, change in CHANGES.items()
    }
    other = {
        what: Variation("last year", what, "same", cells=cells).write(ext)
        for what, cells in OTHER.items()
    }
    found = find_copied(tmp_path, ext, same | other)
    assert {what: len(found[what]) for what in same} == dict.fromkeys(same, len(ROWS))
    assert {what: found[what] for what in other} == {what: [] for what in other}
    assert found["the same bytes"] == [f"C{n}" for n in range(2, 2 + len(ROWS))]
