"""Build, publish and the warehouse: audited before it is shown, swapped in one instant, written by one at a time."""

from __future__ import annotations

import csv
import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from flows import SQL_DIR
from flows.build.step import LAYERS, build, fingerprint, order_relations
from flows.forms.catalogue import load_catalogue
from flows.model.errors import BuildError, WarehouseError
from flows.publish.step import EXPORTS
from flows.warehouse.copies import begin_copy, swap_in
from flows.warehouse.database import (
    SCHEMAS,
    published_path,
    read_only,
    read_published,
    scratch,
    write_to,
)
from flows.warehouse.lock import exclusive
from tests.runs import publish

CATALOGUE = load_catalogue()


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """An empty folder for a warehouse of this test's own."""
    folder = tmp_path / "warehouse"
    (folder / "work").mkdir(parents=True)
    return folder


@pytest.fixture
def sql_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of sql/ that a test may spoil."""
    folder = tmp_path / "sql"
    shutil.copytree(SQL_DIR, folder)
    monkeypatch.setattr("flows.build.step.SQL_DIR", folder)
    monkeypatch.setattr("flows.build.fingerprint.SQL_DIR", folder)
    return folder


def value(path: Path, query: str) -> object:
    with read_only(path) as con:
        return (con.execute(query).fetchone() or (None,))[0]


# --- build ------------------------------------------------------------------------------------


def test_views_come_after_what_they_read() -> None:
    names = [r.name for r in order_relations()]
    assert (
        len(names)
        == len(set(names))
        == len([path for layer in LAYERS for path in (SQL_DIR / layer).glob("*.sql")])
    )
    for relation in order_relations():
        for read in relation.reads:
            if read in names:
                assert names.index(read) < names.index(relation.name), (
                    f"{relation.name} before {read}"
                )


@pytest.mark.torture
def test_building_again_gives_the_same_and_drops_what_has_no_file(run_file: Path) -> None:
    before = value(
        run_file,
        "select list((schema_name, view_name) order by all) from duckdb_views() where not internal",
    )
    with write_to(run_file) as con:
        con.execute("create view metrics.by_hand as select 1 as one")
    assert build(run_file, CATALOGUE) == len(order_relations())
    assert (
        value(
            run_file,
            "select list((schema_name, view_name) order by all) from duckdb_views() where not internal",
        )
        == before
    )
    assert value(run_file, "select count(*) from core.observation") == 15, "tables are left alone"


@pytest.mark.torture
def test_views_are_made_anew_only_when_what_they_are_made_of_has_changed(run_file: Path) -> None:
    words = "select comment from duckdb_views() where schema_name = 'metrics' and view_name = 'headline'"
    before = value(run_file, words)
    with write_to(run_file) as con:
        con.execute("comment on view metrics.headline is 'by hand'")
    build(run_file, CATALOGUE)
    assert value(run_file, words) == "by hand"
    with write_to(run_file) as con:
        con.execute("update ref.build set fingerprint = 'of another day'")
    build(run_file, CATALOGUE)
    assert value(run_file, words) == before
    assert value(run_file, "select fingerprint from ref.build") == fingerprint(CATALOGUE)


@pytest.mark.torture
def test_a_check_that_finds_rows_stops_the_build(run_file: Path, sql_dir: Path) -> None:
    before = run_file.read_bytes()
    (sql_dir / "checks" / "nobody_is_at_home.sql").write_text(
        "-- Nobody is at home.\n-- zh: 没有人在家\n-- reads: core.observation\n-- Rows returned are failures\n"
        "select o.indicator from core.observation as o where o.indicator = 'gdp'\n"
    )
    with pytest.raises(
        BuildError, match=r"checks\.nobody_is_at_home: Nobody is at home\. Not so for \[\('gdp',\)"
    ):
        build(run_file, CATALOGUE)
    assert value(run_file, "select count(*) from metrics.headline") == value_of_bytes(
        before, run_file
    ), "the transaction was undone"


def value_of_bytes(content: bytes, beside: Path) -> object:
    copy = beside.with_name("before.duckdb")
    copy.write_bytes(content)
    return value(copy, "select count(*) from metrics.headline")


def test_a_mistake_in_sql_names_its_relation(run_file: Path, sql_dir: Path) -> None:
    (sql_dir / "metrics" / "wrong.sql").write_text(
        "-- One row is wrong.\n-- zh: 错\n-- grain: one\n-- unit: none\n-- reads: ref.unit\n"
        "create or replace view metrics.wrong as\nselect u.no_such_column from ref.unit as u;\n"
    )
    with pytest.raises(BuildError, match=r"metrics\.wrong: Binder Error: .*no_such_column"):
        build(run_file, CATALOGUE)
    assert value(run_file, "select count(*) > 0 from metrics.headline") is True


def test_views_that_read_each_other_are_told(sql_dir: Path) -> None:
    for one, other in (("left", "right"), ("right", "left")):
        (sql_dir / "metrics" / f"{one}.sql").write_text(
            f"-- One row is one.\n-- reads: metrics.{other}\ncreate or replace view metrics.{one} as select * from metrics.{other};\n"
        )
    with pytest.raises(
        BuildError,
        match=r"views read each other in a circle: metrics\.(left|right) → metrics\.(left|right)",
    ):
        order_relations()


def test_the_fingerprint_follows_sql_reference_and_forms(sql_dir: Path) -> None:
    first = fingerprint(CATALOGUE)
    assert fingerprint(CATALOGUE) == first == fingerprint(dict(sorted(CATALOGUE.items())))
    seen = {first}
    for path in (
        "metrics/headline.sql",
        "reference/unit.csv",
        "macros/say.sql",
        "checks/ledger_adds_up.sql",
    ):
        with (sql_dir / path).open("a") as sink:
            sink.write("\n")
        seen.add(fingerprint(CATALOGUE))
    seen.add(
        fingerprint(
            CATALOGUE | {"gdp": CATALOGUE["gdp"].model_copy(update={"fingerprint": "0" * 16})}
        )
    )
    assert len(seen) == 6


def test_the_catalogue_can_be_queried(run_file: Path) -> None:
    assert value(run_file, "select count(*) from ref.form") == len(CATALOGUE)
    assert (
        value(run_file, "select quoted_unit from ref.indicator where indicator = 'gdp'") == "亿元"
    )
    assert value(run_file, "select severity from ref.rule where code = 'GDP-SUM'") == "reject"
    assert value(run_file, "select fingerprint from ref.build") == fingerprint(CATALOGUE)


# --- publish ----------------------------------------------------------------------------------


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
    [(run, started, finished)] = finished_in(run_file)
    assert finished is None, "built, and not yet published"
    begun = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    publish(run_file, warehouse)
    [(_, _, finished)] = finished_in(published_path(warehouse))
    assert finished is not None
    assert started <= begun <= finished <= dt.datetime.now(dt.UTC).replace(tzinfo=None)
    beijing = finished + dt.timedelta(hours=8)
    page = (warehouse / "published" / "bulletin.html").read_text(encoding="utf-8")
    assert f"生成于 {beijing:%Y-%m-%d %H:%M}（北京时间）" in page and run in page, (
        "the bulletin says the same"
    )


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
        with path.open(encoding="utf-8", newline="") as source:
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


def test_the_bulletin_is_a_page_in_two_languages_that_needs_nothing_else(
    run_file: Path, warehouse: Path
) -> None:
    publish(run_file, warehouse)
    page = (warehouse / "published" / "bulletin.html").read_text(encoding="utf-8")
    for words in (
        "通辽经济技术开发区",
        "Tongliao Economic and Technological Development Zone",
        "108.02",
    ):
        assert words in page, words
    assert "<script src=" not in page
    assert 'rel="stylesheet"' not in page
    assert "None" not in page and "NaN" not in page and "nan" not in page.lower().split()


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


# --- the warehouse ----------------------------------------------------------------------------


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


# --- one writer at a time ---------------------------------------------------------------------

HOLD = """
import sys, time
from pathlib import Path
from flows.warehouse.lock import exclusive
with exclusive(Path(sys.argv[1]), print, run="a run of " + sys.argv[2]):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def hold(warehouse: Path) -> Iterator[Callable[[float], subprocess.Popen[str]]]:
    """`hold(seconds)`: another process that holds the warehouse for so long."""
    started: list[subprocess.Popen[str]] = []

    def start(seconds: float) -> subprocess.Popen[str]:
        root = Path(__file__).resolve().parents[2]
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(warehouse), str(seconds)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
        )
        started.append(process)
        assert process.stdout and process.stdout.readline() == "held\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_second_run_waits_and_says_for_whom(warehouse: Path, hold: Callable) -> None:
    holder = hold(1.0)
    said: list[str] = []
    with exclusive(warehouse, said.append, timeout_s=30):
        assert holder.poll() is not None or holder.wait(5) == 0, "only when the first is done"
    assert said == [
        f"waiting: {warehouse} is being written by process {holder.pid}, run a run of 1.0"
    ], "once, not at every look"


def test_nobody_waits_for_ever(warehouse: Path, hold: Callable) -> None:
    holder = hold(30)
    words = rf"is being written by process {holder.pid}, run a run of 30 for more than 0 s; wait for it or stop it"
    with (
        pytest.raises(WarehouseError, match=words),
        exclusive(warehouse, lambda _: None, timeout_s=0.3),
    ):
        pass
    assert holder.poll() is None


def test_a_holder_that_is_killed_frees_the_lock(warehouse: Path, hold: Callable) -> None:
    holder = hold(60)
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    said: list[str] = []
    lost: list[str] = []
    with exclusive(warehouse, said.append, timeout_s=10, on_lost=lost.append):
        assert (warehouse / ".lock").read_text() == f"process {os.getpid()}"
    assert said == [], "nobody is waited for"
    assert lost == ["a run of 60"], "who takes over is told whose run died"
    for _ in range(2):
        with exclusive(warehouse, said.append, run="mine", on_lost=lost.append):
            pass
    assert lost == ["a run of 60"], "once, and a run that let go did not die"


def test_two_threads_do_not_share_the_lock(warehouse: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with exclusive(warehouse, lambda words: order.append(words.split(":")[0]), timeout_s=20):
            order.append("second")

    with exclusive(warehouse, order.append):
        thread = threading.Thread(target=second)
        thread.start()
        deadline = time.monotonic() + 10
        while not order and time.monotonic() < deadline:
            time.sleep(0.05)
        order.append("first")
    thread.join(20)
    assert order == ["waiting", "first", "second"]


def test_a_reader_is_never_kept_waiting_by_the_lock(
    run_file: Path, warehouse: Path, hold: Callable, query: Callable
) -> None:
    swap_in(warehouse, run_file)
    hold(30)
    assert query(published_path(warehouse), "select count(*) from core.observation") == [(15,)]
