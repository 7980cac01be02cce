"""Publish: readers have the old file whole or the new one, swapped in one instant."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from flows.publish.step import EXPORTS
from flows.warehouse.copies import swap_in
from flows.warehouse.database import published_path, read_only, read_published, write_to
from tests.runs import publish


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """An empty folder for a warehouse of this test's own."""
    folder = tmp_path / "warehouse"
    (folder / "work").mkdir(parents=True)
    return folder


def everything_in(path: Path) -> dict[str, object]:
    """Every table's rows, what the exported views answer and every object's words, without the one cell that publication fills."""
    with read_only(path) as con:
        tables = con.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where not internal order by all"
        ).fetchall()
        found: dict[str, object] = {
            name: con.execute(
                f"select columns(c -> c <> 'finished_at') from {name} order by all"
            ).fetchall()
            for (name,) in tables
        }
        assert len(found) > 20 and found["core.observation"] and found["ledger.run"]
        found |= {
            name: con.execute(f"from metrics.{name} order by all").fetchall() for name in EXPORTS
        }
        for (
            catalogue,
            what,
        ) in (  # their SQL as DuckDB writes it down lists what is left out in any order
            ("duckdb_views", "view_name, column_count, comment"),
            ("duckdb_functions", "function_name, parameters, comment"),
            ("duckdb_columns", "table_name, column_name, data_type, comment"),
        ):
            found[catalogue] = con.execute(
                f"select schema_name, {what} from {catalogue}() where not internal and database_name = current_database() order by all"
            ).fetchall()
    return found


def finished_in(path: Path) -> list[tuple[str, dt.datetime, dt.datetime | None]]:
    with read_only(path) as con:
        return con.execute(
            "select run, started_at, finished_at from ledger.run order by run"
        ).fetchall()


@pytest.mark.torture
def test_a_run_finishes_when_its_file_is_published(run_file: Path, warehouse: Path) -> None:
    """Not when it was built: the time is noted in the file itself, so that one rename shows both."""
    [(_, started, finished)] = finished_in(run_file)
    assert finished is None, "built, and not yet published"
    begun = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    publish(run_file, warehouse)
    [(_, _, finished)] = finished_in(published_path(warehouse))
    assert finished is not None
    assert started <= begun <= finished <= dt.datetime.now(dt.UTC).replace(tzinfo=None)
    told = (warehouse / "published" / "metrics.prom").read_text(encoding="utf-8")
    assert f"{finished.replace(tzinfo=dt.UTC).timestamp()!r}" in told, "the metrics say the same"


@pytest.mark.torture
def test_a_publication_that_is_tried_again_notes_its_own_time_once(
    run_file: Path, warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_to(run_file) as con:
        con.execute(
            "insert into ledger.run by name select * replace ('run-0' as run, started_at as finished_at) from ledger.run"
        )
    earlier = finished_in(run_file)[0]
    monkeypatch.setattr(
        "flows.publish.step.swap_in",
        lambda *_: (_ for _ in ()).throw(OSError("no space left on device")),
    )
    with pytest.raises(OSError, match="no space left"):
        publish(run_file, warehouse)
    monkeypatch.undo()
    [_, (_, _, first)] = finished_in(run_file)
    publish(run_file, warehouse)
    [before, (_, _, second)] = finished_in(published_path(warehouse))
    assert first is not None and second is not None and first < second
    assert before == earlier, "of no other run"


def read_export(warehouse: Path, name: str) -> list[dict[str, str]]:
    """The rows of an export, whose files have a zone each."""
    rows = []
    for path in sorted((warehouse / "published" / name).glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as source:
            here = list(csv.DictReader(source))
        assert {row["zone"] for row in here} <= {path.stem}
        rows += here
    return rows


def test_what_is_published_is_what_was_built(run_file: Path, warehouse: Path) -> None:
    expected = {}
    with read_only(run_file) as con:
        for name in EXPORTS:
            expected[name] = con.execute(f"select count(*) from metrics.{name}").fetchone()[0]  # type: ignore[index]
    built = shutil.copy(run_file, run_file.with_name("built.duckdb"))
    publish(run_file, warehouse)
    assert not run_file.exists(), "moved, not copied"
    assert everything_in(published_path(warehouse)) == everything_in(built), (
        "but for when the run finished"
    )
    for name in EXPORTS:
        assert len(read_export(warehouse, name)) == expected[name] > 0, name
    lines = {
        (r["zone"], r["period"], r["indicator"]): r["value_text"]
        for r in read_export(warehouse, "headline")
    }
    assert lines["150571", "2022Q3", "gdp"] == "108.02 亿元", "the revision's figure"


@pytest.mark.torture
def test_a_failure_before_the_swap_leaves_the_readers_file(
    run_file: Path, warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run_file.with_name("first.duckdb")
    shutil.copy(run_file, first)
    publish(first, warehouse)
    before = {p: p.read_bytes() for p in warehouse.rglob("*") if p.is_file()}
    monkeypatch.setattr(
        "flows.publish.step.swap_in",
        lambda *_: (_ for _ in ()).throw(OSError("no space left on device")),
    )
    with pytest.raises(OSError, match="no space left on device"):
        publish(run_file, warehouse)
    after = {
        p: p.read_bytes() for p in warehouse.rglob("*") if p.is_file() and "work" not in p.parts
    }
    assert after == before


def test_a_reader_keeps_the_old_file_while_a_new_one_is_swapped_in(
    run_file: Path, warehouse: Path, query: Callable
) -> None:
    old = run_file.with_name("old.duckdb")
    shutil.copy(run_file, old)
    swap_in(warehouse, old)
    with write_to(run_file) as con:
        con.execute("delete from core.observation where zone = 'CN'")
    count = "select count(*) from core.observation"
    with duckdb.connect(str(published_path(warehouse)), read_only=True) as reader:
        assert reader.execute(count).fetchone() == (15,)
        swap_in(warehouse, run_file)
        assert reader.execute(count).fetchone() == (15,), (
            "who had it open still reads what he opened"
        )
        assert query(published_path(warehouse), count) == [(11,)], (
            "who opens it now reads the new one"
        )
        assert reader.execute("select count(distinct zone) from core.observation").fetchone() == (
            2,
        )


def test_many_readers_at_once(run_file: Path, warehouse: Path, query: Callable) -> None:
    swap_in(warehouse, run_file)
    with read_published(warehouse) as one, read_published(warehouse) as two:
        assert one.execute("select 1").fetchone() == two.execute("select 1").fetchone()
        assert query(published_path(warehouse), "select count(*) from core.observation") == [(15,)]
