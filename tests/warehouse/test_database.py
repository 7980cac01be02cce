"""The warehouse file: there is one or none, readers cannot write, a write is kept whole or not at all."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from flows.model.errors import WarehouseError
from flows.warehouse.copies import begin_copy, swap_in
from flows.warehouse.database import SCHEMAS, published_path, read_published, scratch, write_to
from tests.runs import value


def test_there_is_no_warehouse_yet(warehouse: Path) -> None:
    with (
        pytest.raises(
            WarehouseError,
            match=r"there is no warehouse at .*jibao\.duckdb yet; run `jibao run` first",
        ),
        read_published(warehouse),
    ):
        pass


def test_a_reader_cannot_write(run_file: Path, warehouse: Path) -> None:
    swap_in(warehouse, run_file)
    with read_published(warehouse) as con:
        for statement in (
            "create table core.x (a int)",
            "delete from core.observation",
            "drop view metrics.headline",
            "insert into ledger.run (run) values ('x')",
        ):
            with pytest.raises(duckdb.InvalidInputException, match="read-only"):
                con.execute(statement)


def test_a_write_is_kept_whole_or_not_at_all(run_file: Path) -> None:
    with pytest.raises(RuntimeError, match="half way"), write_to(run_file) as con:
        con.execute("delete from core.observation")
        raise RuntimeError("half way")
    assert value(run_file, "select count(*) from core.observation") == 15
    with write_to(run_file) as con:
        con.execute("delete from core.observation")
    assert value(run_file, "select count(*) from core.observation") == 0


def test_a_run_begins_on_a_copy(run_file: Path, warehouse: Path) -> None:
    begin_copy(warehouse, warehouse / "work" / "run" / "a.duckdb")
    assert not (warehouse / "work" / "run" / "a.duckdb").exists(), "nothing yet to copy"
    swap_in(warehouse, run_file)
    begin_copy(warehouse, warehouse / "work" / "run" / "b.duckdb")
    assert (warehouse / "work" / "run" / "b.duckdb").read_bytes() == published_path(
        warehouse
    ).read_bytes()


def test_scratch_knows_reference_and_macros() -> None:
    with scratch() as con:
        assert {
            s
            for (s,) in con.execute(
                "select schema_name from duckdb_schemas() where not internal"
            ).fetchall()
        } >= set(SCHEMAS)
        assert con.execute("select factor from ref.unit where unit = '亿元'").fetchone() == (
            100_000_000,
        )
        assert con.execute(
            "select plain(107.9200), say(10792000000, 100000000, '亿元'), fixed(6, 1)"
        ).fetchone() == (
            "107.92",
            "107.92 亿元",
            "6.0",
        )
        assert con.execute("select uscc_is_valid('91150500MA0N000011')").fetchone() in (
            (True,),
            (False,),
        )
