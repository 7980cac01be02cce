"""The public's copy: schema `public` and the reference tables, nothing that names an enterprise, the same every time."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flows.publish.step import NOT_FOR_THE_PUBLIC, PUBLIC_FILE, PUBLIC_FOLDER
from flows.warehouse.copies import copy_public
from flows.warehouse.database import kept_open, read_only, write_to
from tests.runs import publish

NAMES = [f"极其保密的企业{n}" for n in range(12)]
CODES = [f"91150500SECRET{n:03}X" for n in range(12)]


@pytest.fixture(scope="module")
def registered(small_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run's file with a register of twelve enterprises: two of one division, ten of another, and a project with a name."""
    run_file = Path(shutil.copy(small_build, tmp_path_factory.mktemp("registered") / "run.duckdb"))
    with write_to(run_file) as con:
        con.execute(
            "insert into ledger.submission (submission, path, form, zone, period, revision, received_at, status, rows_read, rows_accepted)"
            " values ('register', '150571/2022Q3/enterprise_quarter.csv', 'enterprise_quarter', '150571', '2022Q3', 1, '2022-10-12',"
            " 'accepted', 12, 12)"
        )
        con.executemany(
            "insert into core.enterprise_quarter (zone, period, uscc, enterprise, industry, above_threshold, revenue_ytd_cny, submission)"
            " values ('150571', '2022Q3', ?, ?, ?, true, ?, 'register')",
            [
                [code, name, "26" if n < 2 else "27", 1_000_003 + n]
                for n, (code, name) in enumerate(zip(CODES, NAMES, strict=True))
            ],
        )
        con.execute(
            "update core.observation set note = ? where indicator = 'gdp'", [f"含{NAMES[0]}"]
        )
    return run_file


@pytest.fixture(scope="module")
def public(
    registered: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The public's copy as `publish` writes it."""
    warehouse = tmp_path_factory.mktemp("warehouse")
    (warehouse / "work").mkdir()
    publish(Path(shutil.copy(registered, warehouse / "work" / "run.duckdb")), warehouse)
    with read_only(warehouse / "published" / PUBLIC_FOLDER / PUBLIC_FILE) as con:
        yield con


def test_it_holds_the_public_and_reference_schemas_as_tables(
    public: duckdb.DuckDBPyConnection,
) -> None:
    tables = {
        name
        for (name,) in public.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
        ).fetchall()
    }
    assert {name.split(".")[0] for name in tables} == {"public", "ref"}
    assert {name for name in tables if name.startswith("public.")} == {
        "public.enterprise_industry",
        "public.headline",
        "public.indicator",
        "public.sector_growth",
    }
    assert not tables & set(NOT_FOR_THE_PUBLIC)
    assert {"ref.industry", "ref.zone", "ref.indicator", "ref.unit"} <= tables
    assert public.execute("select count(*) from duckdb_views() where not internal").fetchone() == (
        0,
    ), "a view would need what is not there"


def test_its_figures_are_those_of_the_layer_and_small_cells_are_not(
    public: duckdb.DuckDBPyConnection,
) -> None:
    rows = public.execute("""
        select industry, value, conf_status, obs_status from public.enterprise_industry
        where level in ('division', 'total') and variable = 'revenue_ytd_cny' order by industry
    """).fetchall()
    assert rows == [("26", None, "C", "Q"), ("27", None, "C", "Q"), ("total", 12_000_102, "F", "A")]
    # the revision to 108.02 came without its reason; the nation's figure has no question
    assert public.execute("""
        select zone, period, value_text, value_reason from public.headline
        where indicator = 'gdp' and (zone = 'CN' or period = '2022Q3') order by zone
    """).fetchall() == [
        ("150571", "2022Q3", None, "under query"),
        ("CN", "2022Q2", "575787.9 亿元", None),
    ]


def test_every_table_and_column_keeps_its_words(public: duckdb.DuckDBPyConnection) -> None:
    bare = public.execute("""
        select schema_name || '.' || table_name from duckdb_tables() where coalesce(comment, '') not like '%_ | _%'
        union all
        select schema_name || '.' || table_name || '.' || column_name from duckdb_columns()
        where not internal and coalesce(comment, '') not like '%_ | _%'
    """).fetchall()
    assert bare == []


def test_no_enterprise_is_named_anywhere_in_it(registered: Path, tmp_path: Path) -> None:
    """Neither in a cell nor in the file's bytes, where something deleted could still stand."""
    target = tmp_path / PUBLIC_FILE
    copy_public(registered, target, NOT_FOR_THE_PUBLIC)
    content = target.read_bytes()
    assert content.count(b"enterprise_industry") > 0, "names do stand in the bytes as they are"
    for secret in (*NAMES, *CODES, "极其保密", "SECRET"):
        assert secret.encode() not in content
    with read_only(target) as con:
        for schema, table in con.execute(
            "select schema_name, table_name from duckdb_tables()"
        ).fetchall():
            rows = con.execute(f"select cast(t as varchar) from {schema}.{table} as t").fetchall()
            assert not [row for (row,) in rows if "极其保密" in row or "SECRET" in row], (
                f"{schema}.{table}"
            )


def test_no_column_of_it_could_name_a_unit_or_a_file(public: duckdb.DuckDBPyConnection) -> None:
    columns = {
        name
        for (name,) in public.execute(
            "select column_name from duckdb_columns() where schema_name = 'public'"
        ).fetchall()
    }
    assert not columns & {
        "uscc",
        "enterprise",
        "project",
        "party",
        "note",
        "path",
        "sheet",
        "submission",
        "sender",
        "source_row",
    }


@pytest.mark.torture
def test_the_same_warehouse_gives_the_same_tables(registered: Path, tmp_path: Path) -> None:
    contents = []
    for name in ("one", "two"):
        copy_public(registered, tmp_path / f"{name}.duckdb", NOT_FOR_THE_PUBLIC)
        with read_only(tmp_path / f"{name}.duckdb") as con:
            tables = con.execute(
                "select schema_name || '.' || table_name from duckdb_tables() order by all"
            ).fetchall()
            contents.append({name: con.execute(f"from {name}").fetchall() for (name,) in tables})
    assert contents[0] == contents[1], "rows in the same order"


def test_a_copy_that_was_there_before_is_replaced(registered: Path, tmp_path: Path) -> None:
    target = tmp_path / PUBLIC_FILE
    target.write_bytes(b"something else")
    copy_public(registered, target)
    with read_only(target) as con:
        assert con.execute("select count(*) > 0 from ref.disclosure_parameter").fetchone() == (
            True,
        ), "nothing was to be left out"


def test_what_is_left_out_exists() -> None:
    """A table that is renamed must not slip into the public's copy."""
    from flows import SQL_DIR

    for name in NOT_FOR_THE_PUBLIC:
        with (SQL_DIR / "reference" / f"{name.removeprefix('ref.')}.csv").open(
            encoding="utf-8", newline=""
        ) as source:
            assert len(list(csv.DictReader(source))) > 0


def test_a_copy_that_was_broken_off_is_written_again_beside_an_open_file(
    registered: Path, tmp_path: Path
) -> None:
    """The run's file stays open between the tries of a task, and what a try has attached with it."""
    with kept_open(registered):
        with duckdb.connect(str(registered)) as con:
            con.execute(f"attach '{tmp_path / 'copy.duckdb'}' as public_copy")
        copy_public(registered, tmp_path / "copy.duckdb")
    with read_only(tmp_path / "copy.duckdb") as con:
        assert con.execute("select count(*) from public.indicator").fetchone() != (0,)
