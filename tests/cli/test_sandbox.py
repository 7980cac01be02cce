"""`jibao sql` reads the warehouse and can do nothing else, whatever a person types."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from flows.model.errors import WarehouseError
from flows.warehouse.database import published_path
from flows.warehouse.sandbox import Limits, open_sandbox

pytestmark = pytest.mark.sampled
ENDLESS = "with recursive t(i) as (select 1 union all select i + 1 from t) select count(*) from t"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "statement",
    [
        "copy (select 1) to '{outside}'",
        "copy (select 1) to '{warehouse}'",
        "copy core.observation to '{outside}' (format parquet)",
        "copy core.observation from '{secret}'",
        "copy from database jibao to other",
        "attach '{outside}' as other",
        "attach '{warehouse}' as other (read_only false)",
        "detach jibao",
        "use other",
        "from read_csv('{secret}')",
        "from read_text('{secret}')",
        "from read_blob('{secret}')",
        "from read_json('{secret}')",
        "from read_parquet('{secret}')",
        "from sniff_csv('{secret}')",
        "from glob('/etc/*')",
        "from '{secret}'",
        "from query('from read_text(''{secret}'')')",
        "select (select content from read_text('{secret}'))",
        "from read_csv('https://example.com/a.csv')",
        "install httpfs",
        "install spatial from community",
        "load httpfs",
        "force install json",
        "update extensions",
        "pragma enable_profiling",
        "pragma database_list; pragma disable_checkpoint_on_shutdown",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "set memory_limit = '100GB'",
        "reset memory_limit",
        "set variable x = 1",
        "call pragma_version()",
        "call enable_logging()",
        "from enable_profiling(save_location := '{outside}')",
        "from enable_logging(storage := 'file', storage_path := '{outside}')",
        "from truncate_duckdb_logs()",
        "from checkpoint()",
        'select 1 from system.main."Force_Checkpoint"()',
        "with t as (from disable_logging()) from t",
        "from query('from check' || 'point()')",
        "summarize from checkpoint()",
        "pivot (from checkpoint()) on success using count(*)",
        "pivot query('from check' || 'point()') on success using count(*)",
        "from json_execute_serialized_sql(json_serialize_sql('select 1'))",
        "checkpoint",
        "vacuum",
        "export database '{outside}'",
        "import database '{outside}'",
        "explain analyze copy (select 1) to '{warehouse}'",
        "explain select 1",
        "create table t as select 1",
        "create temp table t as select 1",
        "create macro m() as 1",
        "create secret s (type s3)",
        "insert into ref.unit select * from ref.unit",
        "delete from ledger.run",
        "drop schema core cascade",
        "alter table ledger.run drop column run",
        "begin",
        "prepare p as select 1",
        "execute p",
        "select 1; select 2",
        "select 1; copy (select 2) to '{outside}'",
        "select getenv('HOME')",
        "from secret_of_python",
        "from duckdb_secrets()",
        "",
        "  ;  ",
        "/* nothing */",
    ],
)
@pytest.mark.parametrize(
    "form",
    ["table", *(pytest.param(form, marks=pytest.mark.torture) for form in ("csv", "json"))],
)
def test_no_statement_gets_out(
    jibao: Callable, small: Path, tmp_path: Path, statement: str, form: str
) -> None:
    secret_of_python = [("top secret",)]  # DuckDB would find it in a frame above
    secret = tmp_path / "secret.csv"
    secret.write_text("a\ntop secret\n")
    outside = tmp_path / "outside"
    warehouse = published_path(small)
    before, files = digest(warehouse), set(small.rglob("*"))
    query = (
        statement.replace("{outside}", str(outside))
        .replace("{secret}", str(secret))
        .replace("{warehouse}", str(warehouse))
    )
    result = jibao("sql", query, "--warehouse", small, "--format", form)
    assert result.exit_code == 2, result.stdout
    assert result.stderr.startswith("jibao:") and "top secret" not in result.output
    assert secret_of_python and not outside.exists()
    assert digest(warehouse) == before and set(small.rglob("*")) == files


@pytest.mark.parametrize(
    "query",
    [
        "select 1",
        "select 1 ; -- with a comment",
        "from metrics.headline",
        "with h as (from metrics.headline) from h",
        "values (1), (2)",
        "describe metrics.headline",
        "summarize ref.zone",
        "show all tables",
        "pivot metrics.headline on indicator using first(value_text)",
        "pivot metrics.headline on indicator in ('gdp') using first(value_text);",
        "from query('select 1')",
        "describe metrics.query_influence",
        "summarize metrics.query_influence",
        "select 'checkpoint()' as truncated",
    ],
)
@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_what_reads_is_answered(jibao: Callable, small: Path, query: str, form: str) -> None:
    result = jibao("sql", query, "--warehouse", small, "--format", form)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.strip()


def test_every_view_can_be_read_without_files_and_extensions(small: Path) -> None:
    with duckdb.connect(str(published_path(small)), read_only=True) as con:
        names = con.execute(
            "select schema_name || '.' || view_name from duckdb_views() where not internal"
        ).fetchall()
    assert len(names) > 50
    with open_sandbox(small) as sandbox:
        for (name,) in names:
            with sandbox.answer(f"select * from {name} limit 0") as relation:
                relation.fetchall()


def test_an_endless_query_is_stopped_and_told(jibao: Callable, small: Path) -> None:
    began = time.monotonic()
    result = jibao("sql", ENDLESS, "--warehouse", small, "--seconds", "1")
    assert result.exit_code == 2 and time.monotonic() - began < 20
    assert "查询超过 1 秒" in result.stderr and "--seconds" in result.stderr


def test_a_query_that_wants_too_much_memory_is_told(jibao: Callable, small: Path) -> None:
    result = jibao(
        "sql",
        "select list(i) from range(100000000) as r(i)",
        "--warehouse",
        small,
        "--memory",
        "200MB",
    )
    assert result.exit_code == 2
    assert "查询所需内存超过 200MB" in result.stderr and "--memory" in result.stderr
    assert not list(small.glob("*.tmp")), "nothing is written beside the warehouse"


def test_a_function_that_no_interrupt_reaches_is_stopped(jibao: Callable, small: Path) -> None:
    """DuckDB looks for an interrupt between the pieces of a query alone: this one ran for minutes."""
    endless = "select levenshtein(repeat('a', 70000), repeat('b', 70000))"
    began = time.monotonic()
    result = jibao("sql", endless, "--warehouse", small, "--seconds", "0.1")
    assert result.exit_code == 2 and time.monotonic() - began < 10
    assert "查询超过 0.1 秒" in result.stderr and "--seconds" in result.stderr


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_rows_that_are_memory_outside_duckdb_are_limited(
    jibao: Callable, small: Path, tmp_path: Path, form: str
) -> None:
    """Texts that a function makes are not counted by DuckDB: this one held 4.5 GB."""
    large = "select repeat('x', 1000000) || i from range(2500) as r(i)"
    target = tmp_path / "large"
    where = ["--warehouse", small, "--memory", "200MB", "--format", form, "--output", target]
    result = jibao("sql", large, *where)
    assert result.exit_code == 2, result.output
    assert "查询所需内存超过 200MB" in result.stderr and "--memory" in result.stderr
    assert not list(tmp_path.glob("*large*"))


@pytest.mark.parametrize("memory", ["-1", "lots", "", "2GB'; attach 'x", "80%"])
def test_a_limit_that_is_none_is_refused(jibao: Callable, small: Path, memory: str) -> None:
    result = jibao("sql", "select 1", "--warehouse", small, f"--memory={memory}")
    assert result.exit_code == 2 and "2GB" in result.stderr


@pytest.mark.parametrize("seconds", ["0", "-1", "nan"])
def test_no_time_at_all_is_refused(jibao: Callable, small: Path, seconds: str) -> None:
    result = jibao("sql", "select 1", "--warehouse", small, f"--seconds={seconds}")
    assert result.exit_code == 2 and "--seconds" in result.stderr


def test_the_limit_holds_while_rows_are_fetched(small: Path) -> None:
    with (
        open_sandbox(small, Limits(seconds=0.5)) as sandbox,
        pytest.raises(WarehouseError, match=r"0\.5 s"),
        sandbox.answer("select i, repeat('x', 1000) from range(100000000) as r(i)") as relation,
    ):
        while relation.fetchmany(1000):
            pass
    assert threading.active_count() < 20


@pytest.mark.parametrize(
    "name", ["a'b.csv", "{x}.csv", "%s.csv", "a;drop.csv", "表.csv", "$(id).csv"]
)
@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_a_name_is_a_name(
    jibao: Callable, small: Path, tmp_path: Path, name: str, form: str
) -> None:
    target = tmp_path / "out" / name
    target.parent.mkdir()
    result = jibao(
        "sql", "select 1 as a", "--warehouse", small, "--format", form, "--output", target
    )
    assert (result.exit_code, result.output) == (0, "")
    assert [p.name for p in target.parent.iterdir()] == [name]


def test_nothing_is_written_into_the_warehouse(
    jibao: Callable, small: Path, tmp_path: Path
) -> None:
    before = digest(published_path(small))
    link = tmp_path / "link"
    link.symlink_to(small)
    for target in (
        published_path(small),
        small / "new.csv",
        tmp_path / "x" / ".." / small.name / "new.csv",
        link / "jibao.duckdb",
    ):
        result = jibao(
            "sql", "select 1", "--warehouse", small, "--format", "csv", "--output", target
        )
        assert result.exit_code == 2 and "only `jibao run` writes" in result.stderr
    assert digest(published_path(small)) == before


def test_a_query_that_fails_leaves_the_file_that_was_there(
    jibao: Callable, small: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out" / "a.csv"
    target.parent.mkdir()
    target.write_text("kept")
    query = "select error('stop') from range(10)"
    result = jibao("sql", query, "--warehouse", small, "--format", "csv", "--output", target)
    assert result.exit_code == 2 and target.read_text() == "kept"
    assert list(target.parent.iterdir()) == [target]


VALUES = """
select null as nothing, '' as empty, ' x' as spaced, '甲,"乙"' as quoted, 'a\nb' as lines, true as yes,
    1.50::decimal(9, 2) as exact, 0.1::double as rough, 9007199254740993 as large, [1, 2] as list,
    date '2022-09-30' as day, timestamp '2022-09-30 08:00:00' as moment
"""


def test_an_export_has_the_values_that_duckdb_would_write(
    jibao: Callable, small: Path, tmp_path: Path
) -> None:
    """Written by us, to the byte what DuckDB's own COPY writes."""
    query = f"{VALUES} union all by name select zone as quoted from ref.zone order by quoted"
    for form, options in (("csv", "format csv, header"), ("json", "format json, array true")):
        result = jibao("sql", query, "--warehouse", small, "--format", form)
        target = tmp_path / f"copy.{form}"
        with duckdb.connect(str(published_path(small)), read_only=True) as con:
            con.execute(f"copy ({query}) to '{target}' ({options})")
        if form == "json":
            assert json.loads(result.stdout) == json.loads(target.read_text())
        else:
            assert list(csv.reader(io.StringIO(result.stdout))) == list(
                csv.reader(io.StringIO(target.read_text()))
            )
        assert result.stdout.splitlines()[0] == target.read_text().splitlines()[0]


def test_the_order_asked_for_is_the_order_written(jibao: Callable, small: Path) -> None:
    query = "select i from range(200000) as r(i) order by hash(i)"
    with open_sandbox(small) as sandbox, sandbox.answer(query) as relation:
        expected = [str(i) for (i,) in relation.fetchall()]
    result = jibao("sql", query, "--warehouse", small, "--format", "csv")
    assert result.stdout.split() == ["i", *expected]


def test_an_empty_result_is_an_empty_array(jibao: Callable, small: Path) -> None:
    result = jibao("sql", "from ref.zone limit 0", "--warehouse", small, "--format", "json")
    assert json.loads(result.stdout) == []


def test_what_stands_in_a_cell_is_shown_as_it_is(jibao: Callable, small: Path) -> None:
    result = jibao("sql", "select ':x: :warning: [red]a[/red] [/x]' as a", "--warehouse", small)
    assert result.exit_code == 0
    assert ":x: :warning: [red]a[/red] [/x]" in result.stdout
