"""A warehouse of an earlier version is brought up in a run's own copy; one of a newer version is refused."""

from __future__ import annotations

import hashlib
import re
import shutil
import tarfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.forms.catalogue import load_catalogue
from flows.load.step import prepare
from flows.model.account import account, machine
from flows.warehouse.database import published_path
from flows.warehouse.version import PROGRAM, SCHEMA
from tests.kept import REPOSITORY
from tests.runs import GDP
from tests.sent import copy_sent
from tests.warehouse.keep_tables import folder_of, keep_tables

WRITTEN = sorted((REPOSITORY / "tests" / "warehouse").glob("written_by_*/tables.tar.xz"))
SUBMISSIONS = {"written_by_0_1_0": 33, "written_by_0_2_0": 35}  # in the raw/ of that release
COLUMNS = """
    select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()
    where database_name = current_database() and not internal and schema_name in ('core', 'ledger', 'quarantine')
    order by all
"""
FIGURES = (
    "metrics.headline",
    "metrics.sector_growth",
    "metrics.indicator_growth",
    "metrics.reconciliation",
    "public.headline",
)


def restore(archive: Path, target: Path) -> Path:
    """The tables of the archive in a file of DuckDB."""
    folder = target.parent / "tables"
    with tarfile.open(archive) as source:
        source.extractall(folder, filter="data")
    with duckdb.connect(str(target)) as con:
        con.execute((folder / "schema.sql").read_text())
        for line in (folder / "load.sql").read_text().splitlines():
            con.execute(line.replace("FROM '", f"FROM '{folder}/"))
    shutil.rmtree(folder)
    return target


def ask(path: Path, query: str) -> list[Any]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(query).fetchall()


def note_version(path: Path, schema: int, program: str) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute(
            "update ref.build set schema_version = ?, program_version = ?", [schema, program]
        )


def checksum(block: bytes | bytearray) -> int:
    """As DuckDB guards a block of its file."""
    total = 5381
    for at in range(0, len(block), 8):
        word = int.from_bytes(block[at : at + 8], "little")
        total ^= word * 0xBF58476D1CE4E5B9 % 2**64
    return total


def test_the_program_knows_its_version() -> None:
    declared = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    assert declared["project"]["version"] == PROGRAM


def test_each_schema_after_the_first_says_how_it_is_reached() -> None:
    there = {path.name for path in (REPOSITORY / "sql" / "migrations").iterdir()}
    assert there == {f"{step}.sql" for step in range(2, SCHEMA + 1)}


def test_each_release_has_left_its_tables() -> None:
    """A release cannot be made without them: what it wrote is what the next one has to bring up."""
    changelog = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.findall(r"^## \[([\d.]+)\]", changelog, re.M)
    assert "0.1.0" in releases and PROGRAM in releases
    assert {folder_of(release) / "tables.tar.xz" for release in releases} == set(WRITTEN)
    assert {path.parent.name for path in WRITTEN} == set(SUBMISSIONS)


def test_what_is_kept_of_a_warehouse_is_its_tables(small: Path, tmp_path: Path) -> None:
    """As the release of today will keep them: the same rows, and nothing to be brought up."""
    archive, path = tmp_path / "kept" / "tables.tar.xz", published_path(small)
    tables = keep_tables(path, archive)
    assert {"core.observation", "ledger.submission", "ref.build"} <= set(tables)
    run_file = restore(archive, tmp_path / "run.duckdb")
    for table in tables:
        query = f"from {table} order by all"
        assert ask(run_file, query) == ask(path, query), table
    assert "brought up" not in str(prepare(run_file, load_catalogue()))


@pytest.mark.parametrize("archive", WRITTEN, ids=lambda path: path.parent.name)
def test_it_is_brought_up_to_the_tables_of_today(
    archive: Path, empty_build: Path, tmp_path: Path
) -> None:
    run_file = restore(archive, tmp_path / "run.duckdb")
    before = {
        table: ask(run_file, f"select count(*) from {table}")
        for table in ("core.observation", "ledger.submission", "ledger.run", "ledger.result")
    }
    assert before["ledger.submission"] == [(SUBMISSIONS[archive.parent.name],)]
    said = prepare(run_file, load_catalogue())
    assert f"(schema 1, jibao 0.1 or 0.2) was brought up to schema {SCHEMA}" in said
    assert set(ask(empty_build, COLUMNS)) <= set(ask(run_file, COLUMNS))
    assert ask(run_file, "select distinct replacement from ledger.submission") == [(0,)]
    for table, rows in before.items():
        assert ask(run_file, f"select count(*) from {table}") == rows


@pytest.mark.torture
@pytest.mark.parametrize("archive", WRITTEN, ids=lambda path: path.parent.name)
def test_a_run_over_it_gives_what_a_rebuild_gives(
    archive: Path,
    run_quarter: Callable[..., Any],
    run_warehouse: Any,
    jibao: Callable[..., Any],
    tmp_path: Path,
) -> None:
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    copy_sent(raw)
    warehouse.mkdir()
    path = restore(archive, published_path(warehouse))
    told = jibao("status", "--warehouse", warehouse)
    assert told.exit_code == 2 and "`jibao run` brings it up" in told.stderr
    summary = run_quarter(raw, warehouse)
    assert "was brought up to schema" in summary.describe()
    # what it had accepted is not judged anew
    assert summary.unchanged == SUBMISSIONS[archive.parent.name]
    assert ask(path, "select schema_version, program_version from ref.build") == [(SCHEMA, PROGRAM)]
    for view in FIGURES:  # the manifest may date what it had accepted otherwise since
        figures = f"select columns(c -> c <> 'received_at') from {view} order by all"
        rows = ask(path, figures)
        assert rows and rows == ask(run_warehouse.path, figures), view
    assert jibao("status", "--warehouse", warehouse).exit_code == 0
    assert "brought up" not in run_quarter(raw, warehouse).describe()


@pytest.mark.parametrize(
    "command", [["run"], ["sql", "select 1"], ["status"], ["revalidate"], ["freeze", "2022Q3"]]
)
def test_a_newer_one_is_refused_and_nothing_is_touched(
    small: Path, make_raw: Callable[..., Path], jibao: Callable[..., Any], command: list[str]
) -> None:
    raw, path = make_raw(), published_path(small)
    note_version(path, SCHEMA + 1, "9.1.0")
    digest, there = hashlib.sha256(path.read_bytes()).digest(), sorted(small.rglob("*"))
    sent = sorted(raw.rglob("*"))
    at = ["--warehouse", small] + (
        ["--raw", raw] if command[0] in ("run", "revalidate", "freeze") else []
    )
    result = jibao(*command, *at)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"jibao: 数据仓库 {path} 由更新版本的程序写成")
    assert "请升级本程序" in result.stderr and "Upgrade this program" in result.stderr
    assert f"(jibao 9.1.0, schema {SCHEMA + 1}; jibao {PROGRAM}: {SCHEMA})" in result.stderr
    assert hashlib.sha256(path.read_bytes()).digest() == digest
    assert sorted(raw.rglob("*")) == sent
    assert [p for p in sorted(small.rglob("*")) if p.name != ".lock"] == there


def test_a_newer_file_of_duckdb_is_not_called_damaged(
    small: Path, jibao: Callable[..., Any]
) -> None:
    path = published_path(small)
    content = bytearray(path.read_bytes())
    assert int.from_bytes(content[:8], "little") == checksum(content[8:4096])
    content[12:20] = (9999).to_bytes(8, "little")  # the storage version, in DuckDB's header
    content[:8] = checksum(content[8:4096]).to_bytes(8, "little")
    path.write_bytes(content)
    result = jibao("status", "--warehouse", small)
    assert result.exit_code == 2
    assert "由更新版本的程序写成" in result.stderr and "已损坏" not in result.stderr


def test_who_did_what_and_when(run_file: Path) -> None:
    with duckdb.connect(str(run_file)) as con:
        con.execute("""
            insert into ledger.withdrawal values
                ('s1', 'a.csv', '王芳', '2022-12-03 01:00', 'sent twice', 'run-1');
            insert into ledger.accepted_revision (submission, accepted_by, accepted_at, acceptance_reason)
                values ('s2', '李强', '2022-12-02 01:00', 'census');
            insert into ledger.edition (edition, frozen_by, frozen_at, note)
                values ('2022Q3.1', '赵敏', '2022-12-01 01:00', '');
            update ledger.run set finished_at = started_at + interval 5 seconds;
        """)
    rows = ask(
        run_file,
        "select action, done_by, machine is not null, subject, detail from metrics.audit order by done_at",
    )
    assert rows[:3] == [
        ("freeze", "赵敏", False, "2022Q3.1", None),
        ("accept", "李强", False, "s2", "census"),
        ("withdraw", "王芳", False, "s1", "sent twice"),
    ]
    assert rows[3:] == [
        ("run", account(), True, "run-1", f"jibao {PROGRAM}, 1 accepted, 0 partial, 0 rejected"),
        ("export", account(), True, "run-1", None),
    ]


@pytest.mark.torture
def test_what_people_do_by_commands_is_recorded_with_their_names(
    small_warehouse: tuple[Path, Path], jibao: Callable[..., Any], run_quarter: Callable[..., Any]
) -> None:
    raw, warehouse = small_warehouse
    sent = "150571/2022Q3/gdp.r5.csv"

    def say(*words: str) -> None:
        answer = jibao(*words, "--raw", raw, "--warehouse", warehouse)
        assert answer.exit_code == 0, answer.output

    say("freeze", "2022Q3", "--by", "赵敏")
    revised = GDP.replace("107.92", "108.12").replace("39.12", "39.32")
    (raw / sent).write_text(revised, encoding="utf-8")
    assert run_quarter(raw, warehouse).waiting
    say(
        "accept",
        "150571",
        "2022Q3",
        "gdp",
        "--by",
        "李强",
        "--reason",
        "census of enterprises, checked",
    )
    say("withdraw", sent, "--by", "王芳", "--reason", "the file of another quarter")
    summary = run_quarter(raw, warehouse)
    done = ask(
        published_path(warehouse),
        "select action, done_by, subject, detail from metrics.audit "
        "where action not in ('run', 'export') order by action",
    )
    assert [row[:2] for row in done] == [
        ("accept", "李强"),
        ("freeze", "赵敏"),
        ("withdraw", "王芳"),
    ]
    assert done[0][2] == done[2][2], "the same submission"
    assert (done[0][3], done[2][3]) == (
        "census of enterprises, checked",
        "the file of another quarter",
    )
    ours = ask(
        published_path(warehouse),
        f"select action, done_by, machine from metrics.audit where subject = '{summary.run}'",
    )
    assert ("run", account(), machine()) in ours


def test_what_an_earlier_version_never_had_says_so(small: Path, jibao: Callable[..., Any]) -> None:
    with duckdb.connect(str(published_path(small))) as con:
        con.execute("alter table ref.build drop column schema_version")
        con.execute("drop view metrics.completeness")
    result = jibao("status", "--warehouse", small)
    assert result.exit_code == 2
    assert "请先用 jibao run 升级" in result.stderr
    assert "`jibao run` brings it up" in result.stderr
