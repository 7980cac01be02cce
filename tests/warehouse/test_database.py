"""The warehouse file: there is one or none, readers cannot write, a write is kept whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.model.errors import WarehouseError
from flows.warehouse.copies import begin_copy, swap_in
from flows.warehouse.database import SCHEMAS, published_path, read_published, scratch, write_to
from flows.warehouse.sql_text import one_of
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


def test_one_zone_reaches_every_table_of_a_view_through_joins_and_windows() -> None:
    with duckdb.connect() as con:
        con.execute("""
            create table question as select 'Z' || i as zone, i as question from range(3) as r(i);
            create table figure as select 'Z' || i % 1000 as zone, i as value from range(100_000) as r(i);
            create view most as from figure as f qualify row_number() over (partition by f.zone order by f.value) = 1;
            create view weighed as select q.zone, m.value from question as q left join most as m on q.zone = m.zone;
            set enable_profiling = 'no_output';
            set profiling_coverage = 'all';
        """)

        def read(values: list[str]) -> tuple[list[tuple[str, int]], int]:
            found = con.execute(f"select w.* from weighed as w where w.zone {one_of(values)} order by all").fetchall()  # fmt: skip
            return found, _most_rows(json.loads(con.get_profiling_information(format="json")))

        assert read(["Z1", "Z1"]) == ([("Z1", 1)], 100), "those of the zone"
        assert read(["Z1", "Z2"])[0] == [("Z1", 1), ("Z2", 2)]
        assert read([]) == ([], 0)
        assert one_of(["O'Neil"]) == "= 'O''Neil'"


def _most_rows(profile: dict[str, Any]) -> int:
    """The most rows that any operator gave to the next."""
    own = int(profile.get("operator_cardinality", 0))
    return max([own, *map(_most_rows, profile.get("children", []))])
