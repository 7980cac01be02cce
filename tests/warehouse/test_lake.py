"""The warehouse on DuckLake says what the file says, whoever commits to it, however often, and whoever dies.

PostgreSQL and S3 are real servers that the tests start. Addresses and what is refused are tried without them.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.maintain import maintain as maintain_by_flow
from flows.model.errors import WarehouseError
from flows.warehouse.database import attach_published
from flows.warehouse.lake import (
    LakeAddress,
    attach_lake,
    hide_secrets,
    lake_connection,
    open_lake,
    parse_address,
)
from flows.warehouse.lake_commit import commit, commit_published
from flows.warehouse.lake_lock import committers_lock
from flows.warehouse.lake_maintenance import find_discrepancies, maintain
from flows.warehouse.lake_parcels import REGISTER, list_missing, stage
from flows.warehouse.lake_sandbox import open_place
from flows.warehouse.sandbox import Limits
from flows.warehouse.sql_file import open_relation
from tests.lakes import postgres, s3_server
from tests.runs import FILES, write_raw
from tests.sent import RAW

REPOSITORY = Path(__file__).resolve().parents[2]
HELD = ("core", "ledger", "quarantine", "derived", "ref")

# --- addresses -------------------------------------------------------------------------------------


def test_an_address_is_a_folder_or_a_lake(tmp_path: Path) -> None:
    assert parse_address("warehouse") == Path("warehouse")
    lake = parse_address("ducklake:postgres:dbname=jibao host=db ?data=s3://bucket/jibao/")
    assert lake == LakeAddress("dbname=jibao host=db", "s3://bucket/jibao", "jibao")
    assert isinstance(lake, LakeAddress)
    assert (lake.tables, lake.is_local) == ("s3://bucket/jibao/tables/", False)
    named = parse_address(
        f"ducklake:postgres:postgresql://u@db/jibao?data={tmp_path}&schema=north&office=通辽&local=w"
    )
    assert named == LakeAddress(
        "postgresql://u@db/jibao", str(tmp_path), "north", "通辽", Path("w")
    )


@pytest.mark.parametrize(
    ("address", "zh", "en"),
    [
        ("ducklake:postgres:dbname=jibao", "缺 ?data=", "?data=FOLDER or s3://… is missing"),
        (
            "ducklake:sqlite:a.db?data=x",
            "目录只能在 PostgreSQL 中",
            "the catalogue stands in PostgreSQL",
        ),
        (
            "ducklake:postgres:?data=x",
            "目录只能在 PostgreSQL 中",
            "the catalogue stands in PostgreSQL",
        ),
        (
            "ducklake:postgres:dbname=a ?data=gs://b",
            "data 只能是文件夹或 s3",
            "data is a folder or s3",
        ),
        ("ducklake:postgres:dbname=a ?data=b&sheme=c", "不认得的选项：sheme", "unknown: sheme"),
        (
            "ducklake:postgres:dbname=a ?data=b&schema=C-1",
            "schema 只用小写字母",
            "schema: a-z, 0-9 and _",
        ),
        ("postgres:dbname=a", "只认文件夹和 ducklake:postgres:", "neither is known"),
        ("s3://bucket/warehouse", "只认文件夹和 ducklake:postgres:", "neither is known"),
    ],
)
def test_what_is_no_address_is_told_in_words(address: str, zh: str, en: str) -> None:
    with pytest.raises(WarehouseError) as told:
        parse_address(address)
    assert zh in str(told.value)
    assert en in str(told.value)
    assert "ducklake:postgres:dbname=jibao host=db.example ?data=s3://bucket/jibao" in str(
        told.value
    )


def test_a_password_is_never_shown() -> None:
    for text in (
        "dbname=a password=geheim host=b",
        r"dbname=a password='ge\'heim geheim' host=b",
        "postgresql://u:geheim@b/a",
    ):
        assert "heim" not in hide_secrets(text)
        assert "heim" not in str(LakeAddress(text, "/x"))
        assert "heim" not in repr(LakeAddress(text, "/x"))
        with pytest.raises(WarehouseError) as told:
            parse_address(f"ducklake:postgres:{text}")
        assert "heim" not in str(told.value)


def test_no_macro_has_null_for_a_default() -> None:
    """DuckLake would give it back as the text 'NULL'."""
    macros = [open_relation(path).sql for path in sorted((REPOSITORY / "sql/macros").glob("*.sql"))]
    assert any(":=" in macro for macro in macros)
    assert not [m for m in macros if re.search(r":=\s*null\b", m.partition(" as ")[0], re.I)]


# --- a lake ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def catalogue() -> Iterator[str]:
    pytest.importorskip(
        "duckdb_extension_ducklake", reason="no extension of DuckLake here: make lake"
    )
    with contextlib.ExitStack() as stack:
        try:
            connection = stack.enter_context(postgres())
        except FileNotFoundError as nothing:
            pytest.skip(str(nothing))
        yield connection


@pytest.fixture(scope="module")
def s3() -> Iterator[dict[str, str]]:
    with contextlib.ExitStack() as stack:
        try:
            environment = stack.enter_context(s3_server())
        except FileNotFoundError as nothing:
            pytest.skip(str(nothing))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in environment.items():
            patch.setenv(name, value)
        yield environment


@pytest.fixture
def warehouse(run_warehouse: Any, tmp_path: Path) -> Path:
    """The published file of the run over raw/, in a folder of the test's own."""
    folder = tmp_path / "office"
    folder.mkdir()
    return Path(shutil.copy(run_warehouse.path, folder))


@pytest.fixture
def make_lake(catalogue: str, tmp_path: Path) -> Callable[..., LakeAddress]:
    """`make_lake(name, data)`: a lake; `raw` may bring zones, as that of the runs here does not."""

    def make(name: str, data: str, raw: Path = tmp_path) -> LakeAddress:
        address = LakeAddress(catalogue, data, name, local=tmp_path / "office")
        assert jibao("init", address, "--raw", raw).wait(300) == 0
        return address

    return make


def typed(address: LakeAddress) -> str:
    return (
        f"ducklake:postgres:{address.catalogue} ?data={address.place}&schema={address.schema}"
        f"&office={address.office}&local={address.local}"
    )


def jibao(action: str, address: LakeAddress, *words: object) -> subprocess.Popen[bytes]:
    """The command as it is typed, in a process of its own."""
    return begin("lake", action, typed(address), *words)


def begin(*words: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "flows.cli", *map(str, words)], cwd=REPOSITORY)


def standing(address: LakeAddress) -> int:
    with open_lake(address) as con:
        return int(con.execute(f"select count(*) from {REGISTER}").fetchall()[0][0])


def differences(
    address: LakeAddress, file: Path, schemas: tuple[str, ...], without: Collection[str] = ()
) -> list[str]:
    """The tables and views of a file that are not the same, row for row, in a lake; columns `without` not compared."""
    with open_lake(address) as con:
        con.execute(f"attach '{file}' as file (read_only)")
        names = con.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'file' "
            f"and schema_name in {schemas} union all select schema_name || '.' || view_name "
            f"from duckdb_views() where database_name = 'file' and schema_name in {schemas} order by 1"
        ).fetchall()
        assert len(names) > 5
        return [
            name
            for (name,) in names
            if rows(con, f"lake.{name}", without) != rows(con, f"file.{name}", without)
        ]


def rows(
    con: duckdb.DuckDBPyConnection, relation: str, without: Collection[str] = ()
) -> collections.Counter[str]:
    found = con.execute(f"from {relation}")
    kept = [n for n, column in enumerate(found.description) if column[0] not in without]
    return collections.Counter(repr([row[n] for n in kept]) for row in found.fetchall())


def verified(address: LakeAddress) -> bool:
    with open_lake(address) as con:
        return find_discrepancies(con) == []


@pytest.mark.torture
@pytest.mark.parametrize("place", ["folder", "s3"])
def test_four_committers_one_killed(
    place: str,
    make_lake: Callable[..., LakeAddress],
    warehouse: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    """All four commit all of it, a few parcels at a time: nothing is lost, nothing doubled."""
    if place == "s3":
        request.getfixturevalue("s3")
    data = {"folder": str(tmp_path / "data"), "s3": "s3://lake/four"}[place]
    address = make_lake(f"four_{place}", data)
    committers = [jibao("commit", address, "--parcels", 4) for _ in range(4)]
    until = time.monotonic() + 120
    while not standing(address):
        assert time.monotonic() < until
        assert {c.poll() for c in committers} == {None}
        time.sleep(0.05)
    with committers_lock(address) as lock, lock():  # each of them stages its next, and waits
        while place == "folder" and len({f.parent for f in tmp_path.glob("data/staging/*/*")}) < 4:
            assert time.monotonic() < until
            assert {c.poll() for c in committers} == {None}
            time.sleep(0.05)
        committers[0].kill()
        committers[0].wait(60)
    assert [c.wait(300) for c in committers] == [-signal.SIGKILL, 0, 0, 0]

    assert differences(address, warehouse, HELD) == []
    assert verified(address)
    before = standing(address)
    assert before == len(set(parcels_of(address)))
    assert commit_published(address) == (0, 0)  # again: nothing
    assert standing(address) == before
    if place == "folder":
        assert differences(address, warehouse, ("staging", "metrics", "public")) == []
        [left] = (
            tmp_path / "data" / "staging"
        ).iterdir()  # what the killed one was about to commit
        assert len(list(left.iterdir())) >= 1


def parcels_of(address: LakeAddress) -> list[str]:
    with open_lake(address) as con:
        return [p for (p,) in con.execute(f"select parcel from {REGISTER}").fetchall()]


@pytest.mark.torture
def test_the_snapshot_guards_without_the_lock(
    make_lake: Callable[..., LakeAddress], warehouse: Path, tmp_path: Path
) -> None:
    """Three committers who take no lock, each with the same parcels and begun before the others' commit."""
    address = make_lake("unlocked", str(tmp_path / "data"))
    ready, taken = threading.Barrier(3), []

    def commit_some() -> None:
        with lake_connection(address) as con:
            attach_published(con, warehouse.parent)
            attach_lake(con, address, access="write")
            missing = list_missing(con, "office")
            batches = [stage(con, address, missing[n : n + 30]) for n in range(0, len(missing), 30)]
            ready.wait(60)
            taken.extend(commit(con, batch, "office") for batch in batches)

    threads = [threading.Thread(target=commit_some) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240)
    assert sum(taken) == standing(address) == len(set(parcels_of(address)))
    assert differences(address, warehouse, HELD) == []
    assert verified(address)


@pytest.mark.torture
def test_a_lake_follows_its_offices(
    make_lake: Callable[..., LakeAddress], warehouse: Path, tmp_path: Path
) -> None:
    """Two offices fill it; one judges a file again, loses one, and an old copy of its warehouse changes nothing."""
    address = make_lake("offices", str(tmp_path / "data"))
    offices = {"north": "zone = 'CN'", "south": "zone <> 'CN'"}
    for office, mine in offices.items():
        part_of(warehouse, tmp_path / office, mine, is_first=office == "north")
    committers = [jibao("commit", of(address, o, tmp_path / o)) for o in offices]
    assert [c.wait(120) for c in committers] == [0, 0]
    assert differences(address, warehouse, ("core", "quarantine", "derived")) == []
    submissions = "select submission, status, zone from {}.ledger.submission order by all"
    with open_lake(address) as con:
        con.execute(f"attach '{warehouse}' as file (read_only)")
        assert rows(con, f"({submissions.format('lake')})") == rows(
            con, f"({submissions.format('file')})"
        )

    south = tmp_path / "south" / "jibao.duckdb"
    shutil.copytree(tmp_path / "south", tmp_path / "old")
    with duckdb.connect(str(south)) as con:
        [(again,), (gone,)] = con.execute(
            "select submission from ledger.submission where part_of is null order by rows_read desc, 1 limit 2"
        ).fetchall()
        con.execute("insert into ledger.run (run) values ('29991231T000000Z-000000')")
        con.execute(
            "update ledger.submission set form_fingerprint = 'new', run = '29991231T000000Z-000000' "
            "where submission = ?",
            [again],
        )
        con.execute("update core.observation set value = value + 1 where submission = ?", [again])
        for table in (
            "ledger.submission",
            "ledger.finding",
            "ledger.result",
            "ledger.block",
            "core.observation",
        ):
            con.execute(f"delete from {table} where submission = ?", [gone])
    assert commit_published(of(address, "south", tmp_path / "south"))[1] == 1
    changed = (
        f"from {{}}.core.observation where zone <> 'CN' and submission in ('{again}', '{gone}')"
    )
    with open_lake(address) as con:
        con.execute(f"attach '{south}' as file (read_only)")
        assert rows(con, f"({changed.format('lake')})") == rows(con, f"({changed.format('file')})")
        assert rows(con, "lake.ledger.result") != rows(
            con, "file.ledger.result"
        )  # the north's are there too
    assert verified(address)
    assert commit_published(of(address, "south", tmp_path / "old")) == (0, 0)

    before = standing(address)  # another warehouse under the same name empties nothing
    with pytest.raises(WarehouseError, match='"south" is the name of another warehouse'):
        commit_published(of(address, "south", tmp_path / "north"))
    assert standing(address) == before

    # its place is taken by one that has lost all it had: what the office brought leaves the views, and comes back
    lost = tmp_path / "lost"
    part_of(warehouse, lost, "false", is_first=False)
    with duckdb.connect(str(lost / "jibao.duckdb")) as con:
        con.execute("insert into ledger.run (run) values ('29991231T000001Z-000000')")
    assert jibao("commit", of(address, "south", lost), "--take-over").wait(120) == 0
    with open_lake(address) as con:
        assert con.execute("select distinct zone from core.observation").fetchall() == [("CN",)]
    with pytest.raises(WarehouseError, match='"south" is the name of another warehouse'):
        commit_published(of(address, "south", tmp_path / "south"))
    with duckdb.connect(str(south)) as con:
        con.execute("insert into ledger.run (run) values ('29991231T000002Z-000000')")
        con.execute(
            "update ledger.submission set run = '29991231T000002Z-000000' where zone <> 'CN'"
        )
    commit_published(of(address, "south", tmp_path / "south"), take_over=True)
    with open_lake(address) as con:
        con.execute(f"attach '{south}' as file (read_only)")
        theirs = "from {}.core.observation where zone <> 'CN'"
        assert rows(con, f"({theirs.format('lake')})") == rows(con, f"({theirs.format('file')})")
    assert verified(address)


def of(address: LakeAddress, office: str, local: Path) -> LakeAddress:
    """The lake as an office has it, with its warehouse."""
    return dataclasses.replace(address, office=office, local=local)


# --- workers ---------------------------------------------------------------------------------------

# what tells one run from another, and is not a figure
_OF_A_RUN = {"run", "loaded_at", "started_at", "finished_at", "zone_fingerprint"}
_ZONES = ("CN", "150571", "TEDA", "BDA")
# what only who has the figures of the nation can tell
_EXCEEDED = "(from ledger.finding where code = 'PARENT-EXCEEDED' and outcome = 'broken')"


@pytest.mark.torture
def test_four_workers_one_killed_make_what_one_run_makes(
    make_lake: Callable[..., LakeAddress], tmp_path: Path
) -> None:
    """Each has a zone, a copy of raw/ and a warehouse of its own; the lake is all that they share.

    They judge at the same time, and none sees the others' figures; the next run of each judges again what it missed.
    """
    files = {
        f"{zone}/{name.partition('/')[2]}": content
        for zone in _ZONES
        for name, content in FILES.items()
        if name.startswith("CN") == (zone == "CN")
    }
    # less than 150571 has, which only who has the nation's figures can tell
    files["CN/2022Q3/gdp.csv"] = half_of(files["150571/2022Q3/gdp.csv"])
    del files["CN/2022Q2/gdp.csv"]
    raw = write_raw(tmp_path / "raw", files)
    shutil.copy(RAW / "zone.csv", raw)
    address = make_lake("workers", str(tmp_path / "data"), raw)
    offices = {zone: of(address, zone, tmp_path / zone) for zone in _ZONES}
    commands = {}
    for zone, office in offices.items():
        shutil.copytree(raw, tmp_path / f"raw_{zone}")
        commands[zone] = (
            *("run", "--raw", tmp_path / f"raw_{zone}", "--warehouse", typed(office)),
            *("--zone", zone),
        )
    one = tmp_path / "one" / "jibao.duckdb"
    assert begin("run", "--raw", raw, "--warehouse", one.parent).wait(400) == 0
    with duckdb.connect(str(one), read_only=True) as con:
        told = rows(con, _EXCEEDED)
    assert len(told) == 8, "four figures, twice: a file and its revision"
    killed = "150571"
    with committers_lock(address) as lock, lock():
        workers = {zone: begin(*command) for zone, command in commands.items()}
        until = time.monotonic() + 400
        while not all((office.local / "jibao.duckdb").exists() for office in offices.values()):
            assert time.monotonic() < until
            assert {w.poll() for w in workers.values()} == {None}
            time.sleep(0.2)
        workers[killed].kill()  # it has published in its own warehouse, and waits to commit
        workers[killed].wait(60)
    codes = {zone: worker.wait(400) for zone, worker in workers.items()}
    assert codes == {zone: -signal.SIGKILL if zone == killed else 0 for zone in _ZONES}
    with open_lake(address) as con:
        there = con.execute("select distinct zone from core.observation").fetchall()
        assert not rows(con, _EXCEEDED)
    assert {zone for (zone,) in there} == {*_ZONES} - {killed}
    # the killed one, as Prefect starts it again; the others as their schedule does
    for zone in (killed, *(zone for zone in _ZONES if zone != killed)):
        assert begin(*commands[zone]).wait(400) == 0
    assert differences(address, one, HELD, without=_OF_A_RUN) == ["ledger.run"]
    with open_lake(address) as con:
        assert rows(con, _EXCEEDED) == told
        runs = con.execute("select count(distinct run) from ledger.run").fetchall()
    assert runs == [(len(_ZONES) + 3,)], "the nation's is compared with nobody's"
    assert begin(*commands["BDA"], "--rebuild").wait(400) == 0  # says the same, of the same zones
    assert verified(address)
    assert differences(address, one, HELD, without=_OF_A_RUN) == ["ledger.run"]


@pytest.mark.torture
def test_a_run_that_cannot_reach_the_lake_is_mended_by_the_next(
    make_lake: Callable[..., LakeAddress], run_quarter: Callable[..., Any], tmp_path: Path
) -> None:
    """It judges without other zones and publishes in its own warehouse; the next run judges again and commits."""
    gdp = FILES["150571/2022Q3/gdp.csv"]
    raw = write_raw(
        tmp_path / "raw", {"CN/2022Q3/gdp.csv": half_of(gdp), "150571/2022Q3/gdp.csv": gdp}
    )
    address = make_lake("away", str(tmp_path / "data"), raw)
    run_quarter(raw, of(address, "nation", tmp_path / "nation"), zones=["CN"])
    office = of(address, "zone", tmp_path / "zone")
    away = dataclasses.replace(office, catalogue="host=/nowhere user=u dbname=x")
    with pytest.raises(WarehouseError, match="check host, user and password"):
        run_quarter(raw, away, zones=["150571"])

    def exceeded() -> int:
        with duckdb.connect(str(office.local / "jibao.duckdb"), read_only=True) as con:
            return rows(con, _EXCEEDED).total()

    assert exceeded() == 0
    mended = run_quarter(raw, office, zones=["150571"])
    assert mended.statuses == {"accepted": 1}
    assert exceeded() == 4
    with open_lake(address) as con:
        assert rows(con, _EXCEEDED).total() == 4
    again = run_quarter(raw, office, zones=["150571"])
    assert (again.statuses, again.changed) == ({}, False)
    assert "0 parcels" in again.committed


def half_of(sheet: str) -> str:
    """A sheet of 亿元 with half of each figure: a nation's that is less than its zone's."""
    return re.sub(r"(?<=亿元,)[\d.]+", lambda m: f"{float(m[0]) / 2:.3f}", sheet)


def part_of(warehouse: Path, folder: Path, mine: str, *, is_first: bool) -> None:
    """A warehouse of some of the zones; the decisions are the first office's."""
    folder.mkdir()
    shutil.copy(warehouse, folder)
    with duckdb.connect(str(folder / warehouse.name)) as con:
        tables = con.execute(
            "select schema_name || '.' || table_name, list(column_name) from duckdb_columns() "
            "where not internal and schema_name in ('core', 'ledger', 'quarantine', 'derived') "
            "and table_name in (select t.table_name from duckdb_tables() as t) group by all"
        ).fetchall()
        con.execute(
            f"create temp table mine as select submission from ledger.submission where {mine}"
        )
        decided = ("ledger.edition", "ledger.edition_figure", "ledger.accepted_revision")
        for table, columns in tables:
            if table in decided:
                if not is_first:
                    con.execute(f"delete from {table}")
            elif "submission" in columns:
                con.execute(f"delete from {table} where submission not in (from mine)")
            elif "zone" in columns:
                con.execute(f"delete from {table} where not ({mine})")


@pytest.mark.torture
@pytest.mark.usefixtures("prefect_server")
def test_a_lake_is_maintained_beside_its_committers(
    make_lake: Callable[..., LakeAddress], run_file: Path, tmp_path: Path
) -> None:
    """Files are merged and removed, never a row, and what a killed committer left goes when its time is over."""
    address = make_lake("tidied", str(tmp_path / "data"))
    address.local.mkdir()
    file = Path(shutil.copy(run_file, address.local / "jibao.duckdb"))
    committers = [jibao("commit", address, "--parcels", 1) for _ in range(2)]
    until = time.monotonic() + 240
    merged = 0
    while None in {c.poll() for c in committers}:
        assert time.monotonic() < until
        if standing(address) > 2:
            merged += maintain(address).merged
        time.sleep(0.3)
    assert [c.wait(60) for c in committers] == [0, 0]
    assert merged > 10, "beside them"
    assert differences(address, file, HELD) == []

    left = tmp_path / "data/staging/left.1"
    left.mkdir()
    orphan = tmp_path / "data/tables/parcel/core_observation/orphan.parquet"
    with open_lake(address) as con:
        con.execute(f"copy (select 1 as i) to '{orphan}'")
    maintain(address)
    assert (left.exists(), orphan.exists()) == (True, True), "they may be a committer's at work"
    assert begin("lake", "maintain", typed(address)).wait(60) == 0
    again = maintain_by_flow(typed(address), return_state=True)
    assert again.is_completed()
    assert again.result() == {"merged": 0, "expired": 0, "removed": 0}
    done = maintain(address, keep_days=0, grace_days=0)
    assert done.expired > 5
    assert done.removed > 10
    assert done.discrepancies == []
    assert (left.exists(), orphan.exists()) == (False, False)
    assert differences(address, file, HELD) == []

    with open_lake(address, access="write") as con:  # what maintenance could do wrong is found
        con.execute("insert into parcel.core_observation from parcel.core_observation limit 1")
    failed = maintain_by_flow(typed(address), return_state=True)
    assert failed.is_failed()
    assert re.search(r"core\.observation: parcel \w+: \d+ rows, registered", failed.message)
    assert begin("lake", "verify", typed(address)).wait(60) == 1


@pytest.mark.torture
def test_a_query_of_a_lake_reads_and_does_nothing_else(
    make_lake: Callable[..., LakeAddress], run_file: Path, tmp_path: Path
) -> None:
    address = make_lake("asked", str(tmp_path / "data"))
    address.local.mkdir()
    shutil.copy(run_file, address.local / "jibao.duckdb")
    commit_published(address)
    (tmp_path / "secret.csv").write_text("a\n1\n")
    (tmp_path / "data/tables/secret.csv").write_text("a\n1\n")  # that no table names
    with open_place(address, Limits()) as sandbox:
        with sandbox.answer("select count(*) from metrics.headline_as_of('2099-01-01')") as answer:
            assert answer.fetchall()[0][0] > 5
        with sandbox.answer("from metrics.moved_between(since_run := '2')") as answer:
            assert {row[-1] for row in answer.fetchall()} == {"new"}
        for query, words in {
            f"from read_csv('{tmp_path}/secret.csv')": "Permission Error",
            f"from read_csv('{tmp_path}/data/tables/secret.csv')": "Permission Error",
            f"from glob('{tmp_path}/*')": "Permission Error",
            f"from glob('{tmp_path}/data/tables/*')": "Permission Error",
            f"from postgres_scan('{address.catalogue}', 'asked', 'ducklake_snapshot')": "postgres is refused",
            "from postgres_query('__ducklake_metadata_lake', 'select 1')": "postgres is refused",
            "from query('select 1')": "query is refused",
            "from __ducklake_metadata_lake.asked.ducklake_snapshot": "__ducklake_metadata_lake is refused",
            "select * from ducklake_snapshots('lake')": "ducklake_snapshots is refused",
            "delete from parcel.core_observation": "DELETE is refused",
            "create table t(i int)": "CREATE is refused",
            "set enable_external_access = true": "SET is refused",
            f"copy core.observation to '{tmp_path}/x.csv'": "COPY is refused",
        }.items():
            with (
                pytest.raises((ValueError, duckdb.Error), match=words),
                sandbox.answer(query) as answer,
            ):
                answer.fetchall()
    with lake_connection(
        address
    ) as con:  # past the sandbox PostgreSQL itself refuses a reader's writes
        attach_lake(con, address)
        with pytest.raises(duckdb.Error, match="read-only"):
            con.execute(
                "call postgres_execute('__ducklake_metadata_lake', 'create table asked.t (i int)')"
            )


@pytest.mark.torture
def test_what_keeps_a_lake_from_being_used_is_told(
    catalogue: str, warehouse: Path, tmp_path: Path
) -> None:
    none_yet = LakeAddress(catalogue, str(tmp_path), "never", local=warehouse.parent)
    with pytest.raises(WarehouseError, match="jibao lake init") as told:
        commit_published(none_yet)
    assert "还没有建立" in str(told.value)
    nobody = LakeAddress(
        "host=/nowhere user=u password=geheim dbname=x", str(tmp_path), local=warehouse.parent
    )
    with pytest.raises(WarehouseError, match="check host, user and password") as told:
        commit_published(nobody)
    assert "geheim" not in str(told.value)
    with pytest.raises(WarehouseError, match="run `jibao run` first"):
        commit_published(of(none_yet, "office", tmp_path / "empty"))
