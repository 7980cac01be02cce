"""Exports: a file a zone, of which a run writes those that have changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from flows import PACKAGE_DIR
from flows.publish.exports import STATES
from flows.publish.step import EXPORTS
from flows.publish.verify import verify_published
from flows.reply.receipt import find_break
from flows.warehouse.writers import written_by
from tests.runs import GDP

NEW = GDP.replace("107.92", "108.12").replace("39.12", "39.32")


def stand(warehouse: Path, zone: str) -> dict[str, int]:
    """The files of a zone by export, as the file system knows them."""
    folder = warehouse / "published"
    files = {name: f"{name}/{zone}.csv" for name in EXPORTS}
    files |= {name: f"{name}/{zone}.parquet" for name in ("fact", "observation")}
    files |= {"workbook": f"workbook/{zone}.xlsx", "sdmx": f"sdmx/{zone}.csv"}  # fmt: skip
    return {name: (folder / file).stat().st_ino for name, file in files.items()}


def is_sound(warehouse: Path) -> bool:
    with duckdb.connect(str(warehouse / "jibao.duckdb"), read_only=True) as con:
        return verify_published(con, warehouse / "published") == []


@pytest.mark.torture
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
    read_by_others(warehouse)
    fact, book = (warehouse / f"published/{name}" for name in ("fact/CN.parquet", "workbook/CN.xlsx"))  # fmt: skip
    fact.write_bytes((warehouse / "published/fact/150571.parquet").read_bytes())
    book.write_bytes((warehouse / "published/workbook/150571.xlsx").read_bytes())
    with duckdb.connect(str(warehouse / "jibao.duckdb"), read_only=True) as con:
        told = {difference.subject for difference in verify_published(con, warehouse / "published")}
    assert told == {str(fact), str(book)}, "of another zone"


def read_by_others(warehouse: Path) -> None:
    """Each file by libraries that did not write it: equal, and no name begins with the mark before it."""
    folder = warehouse / "published"
    with duckdb.connect(str(warehouse / "jibao.duckdb"), read_only=True) as con:
        of_zone = "where zone = '150571' order by all"
        for view in ("metrics.fact", "staging.observation"):
            expected = con.execute(f"from {view} {of_zone}").to_arrow_table()
            file = folder / view.partition(".")[2] / "150571.parquet"
            assert pq.read_table(file).to_pylist() == expected.to_pylist() != []
        exact = con.execute(
            "select period, value from staging.observation where zone = '150571'"
        ).fetchall()
        read = pd.read_parquet(folder / "observation", dtype_backend="pyarrow")
        ours = read[read["zone"] == "150571"][["period", "value"]]
        assert sorted(ours.itertuples(index=False, name=None)) == sorted(exact) != []
        names = [d[0] for d in con.execute("from metrics.headline limit 0").description]
        rows = con.execute("from read_csv($1)", [str(folder / "headline/*.csv")])
        assert [d[0] for d in rows.description] == names
    csv = folder / "headline/150571.csv"
    assert csv.read_bytes().startswith(b"\xef\xbb\xbfzone,")
    assert list(pd.read_csv(csv).columns) == names
    assert pyarrow.csv.read_csv(csv).column_names == names
    assert not (folder / "sdmx/150571.csv").read_bytes().startswith(b"\xef\xbb\xbf"), (
        "SDMX has none"
    )


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


@pytest.mark.torture
def test_a_run_with_nothing_new_after_an_upgrade_writes_what_the_program_has_new(
    small_warehouse: tuple[Path, Path], run_quarter: Callable[..., Any]
) -> None:
    raw, warehouse = small_warehouse
    published, receipts = warehouse / "published", warehouse / "replies" / "receipts.jsonl"
    assert not run_quarter(raw, warehouse).changed, "of this program"
    # as an earlier program leaves them: no contract, a flat note, one column fewer, other receipts
    (published / "contract.odcs.json").unlink()
    states = json.loads((published / STATES).read_bytes())["zones"]
    (published / STATES).write_text(json.dumps(states), encoding="utf-8")
    export = published / "headline" / "150571.csv"
    export.write_text(export.read_text(encoding="utf-8").replace("period", "quarter"), "utf-8")
    receipts.parent.mkdir(exist_ok=True)
    receipts.write_text("{}\n", encoding="utf-8")
    summary = run_quarter(raw, warehouse)
    assert summary.changed and summary.statuses == {}, "written anew, and nothing judged anew"
    assert is_sound(warehouse)
    lines = receipts.read_text(encoding="utf-8").splitlines()
    assert find_break(lines) is None and len(lines) == summary.files
    assert not run_quarter(raw, warehouse).changed, "once"


def test_every_change_of_what_writes_changes_its_fingerprint(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "flows"
    shutil.copytree(PACKAGE_DIR, program, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr("flows.warehouse.writers.PACKAGE_DIR", program)
    seen = {written_by.__wrapped__()}
    for name in ("publish/data_package.py", "reply/receipt.html.jinja", "warehouse/copies.py"):
        with (program / name).open("a") as module:
            module.write("\n")
        seen.add(written_by.__wrapped__())
    assert len(seen) == 4
