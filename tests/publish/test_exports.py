"""Exports: a file a zone, of which a run writes those that have changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.publish.step import EXPORTS
from flows.publish.verify import verify_published
from tests.runs import GDP

NEW = GDP.replace("107.92", "108.12").replace("39.12", "39.32")


def stand(warehouse: Path, zone: str) -> dict[str, int]:
    """The files of a zone by export, as the file system knows them."""
    folder = warehouse / "published"
    return {name: (folder / name / f"{zone}.csv").stat().st_ino for name in EXPORTS}


def is_sound(warehouse: Path) -> bool:
    with duckdb.connect(str(warehouse / "jibao.duckdb"), read_only=True) as con:
        return verify_published(con, warehouse / "published") == []


def test_a_run_writes_the_exports_of_the_zones_that_have_changed(
    small_warehouse: tuple[Path, Path], run_quarter: Callable[..., Any]
) -> None:
    raw, warehouse = small_warehouse
    (ours, nation) = (stand(warehouse, zone) for zone in ("150571", "CN"))
    (raw / "150571/2022Q3/gdp.r3.csv").write_text(NEW, encoding="utf-8")
    assert run_quarter(raw, warehouse).changed
    assert stand(warehouse, "CN") == nation, "the very files that were there"
    assert not set(stand(warehouse, "150571").values()) & set(ours.values())
    headline = (warehouse / "published/headline/150571.csv").read_text(encoding="utf-8")
    assert "108.12 亿元" in headline
    assert is_sound(warehouse)


@pytest.mark.torture
def test_what_is_lost_is_written_anew_and_after_a_rebuild_all_of_it(
    small_warehouse: tuple[Path, Path], run_quarter: Callable[..., Any]
) -> None:
    raw, warehouse = small_warehouse
    nation = stand(warehouse, "CN")
    (warehouse / "published/headline/CN.csv").unlink()
    (raw / "150571/2022Q3/gdp.r4.csv").write_text(NEW.replace("3.4", "3.5"), encoding="utf-8")
    assert run_quarter(raw, warehouse).changed
    assert is_sound(warehouse)
    assert stand(warehouse, "CN") != nation
    assert {name for name in EXPORTS if stand(warehouse, "CN")[name] != nation[name]} == {
        "headline"
    }
    assert run_quarter(raw, warehouse, rebuild=True).changed
    assert is_sound(warehouse)
    assert not set(stand(warehouse, "CN").values()) & set(nation.values())
