"""What the tests of the flow share: small sets of raw files, and real runs in processes of their own."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.build.step import build, fingerprint
from flows.forms.catalogue import load_catalogue
from flows.load.step import load_form
from flows.model.arrow_files import open_table
from flows.model.zone import known_zones
from flows.publish import step as publishing
from flows.read.step import read_form
from flows.receive.step import hand_over, receive
from flows.validate.batch import FormBatch
from flows.validate.step import compare_forms, validate_form
from flows.warehouse.database import read_only
from flows.warehouse.ledger import note_run
from tests.forked_runs import forking
from tests.kept import REPOSITORY, keep

_CLIENT = """
import duckdb, json, sys
con = duckdb.connect(sys.argv[1], read_only=True)
print(json.dumps(con.execute(sys.argv[2]).fetchall(), default=str))
"""
_TIME = re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d")
HEADINGS = "指标名称,计量单位,本年累计,同比增长\n"
GDP = (
    HEADINGS
    + "地区生产总值,亿元,107.92,3.4\n第一产业增加值,亿元,1.41,4.1\n第二产业增加值,亿元,39.12,2.7\n第三产业增加值,亿元,67.39,3.8\n"
)
FILES = {
    "CN/2022Q2/gdp.csv": HEADINGS
    + "地区生产总值,亿元,575787.9,2.5\n第一产业增加值,亿元,29137.0,5.0\n"
    + "第二产业增加值,亿元,225573.8,3.2\n第三产业增加值,亿元,321077.1,1.8\n",
    "150571/2022Q3/gdp.csv": GDP,
    "150571/2022Q3/gdp.r2.csv": GDP.replace("107.92", "108.02").replace("39.12", "39.22"),
    "150571/2022Q2/gdp.csv": GDP.replace("39.12", "39.l2"),  # a row is held
    "150571/2022Q3/contract_ledger.csv": "项目或投资方,对象类型,签约阶段\n甲项目,项目,新签约\n乙,投资方,推动签约\n丙,别的,新签约\n",
    "150571/2022Q3/nonsense.csv": "x,y\n1,2\n",  # no form of that name
    "150571/2022Q1/gdp.csv": GDP.replace("107.92", "208.92"),  # rejected: the sum does not add up
}


def write_raw(
    raw: Path,
    files: dict[str, str | bytes] | None = None,
    replaced: str = "",
    received_at: str = "2022-10-20T09:00:00+08:00",
) -> Path:
    """A folder of raw submissions, the small standard set where none are given, with its manifest.

    Of the file named by `replaced` the manifest remembers other bytes than those that stand there.
    """
    lines = []
    for name, content in (FILES if files is None else files).items():
        path = raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        digest = hashlib.sha256(b"other" if name == replaced else path.read_bytes()).hexdigest()
        lines.append((name, digest, str(path.stat().st_size), "统计局", received_at))
    with (raw / "manifest.csv").open("w", encoding="utf-8", newline="") as sink:
        csv.writer(sink, lineterminator="\n").writerows(
            [("path", "sha256", "bytes", "sender", "received_at"), *lines]
        )
    return raw


@pytest.fixture(name="write_raw", scope="session")
def write_raw_fixture() -> Callable[..., Path]:
    return write_raw


@pytest.fixture(scope="session")
def small_files() -> dict[str, str]:
    """The small standard set: accepted, revised, partly held, rejected, and of no form."""
    return dict(FILES)


@pytest.fixture
def make_raw(tmp_path: Path) -> Callable[..., Path]:
    """`make_raw(files=None)`: a folder of raw submissions in this test's own folder."""
    return lambda files=None: write_raw(tmp_path / "raw", files)


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows from a warehouse file, read in a process of its own, as another client would."""
    answer = subprocess.run(
        [sys.executable, "-c", _CLIENT, str(path), sql],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [tuple(row) for row in json.loads(answer.stdout)]


@pytest.fixture(name="query", scope="session")
def query_fixture() -> Callable[[Path, str], list[tuple[Any, ...]]]:
    return query


def value(path: Path, sql: str) -> object:
    """The one value that a query of a file gives."""
    with read_only(path) as con:
        return (con.execute(sql).fetchone() or (None,))[0]


def contents_of(warehouse: Path) -> dict[str, Any]:
    """Everything a run leaves to its readers, without when and by which run it was loaded or first seen."""
    with duckdb.connect(str(warehouse / "jibao.duckdb"), read_only=True) as con:
        tables = con.execute("""
            select schema_name || '.' || table_name from duckdb_tables()
            where not internal and schema_name in ('core', 'quarantine', 'ledger') and table_name <> 'run' order by all
        """).fetchall()
        left_out = "columns(c -> c not in ('loaded_at', 'run', 'received_at'))"
        found: dict[str, Any] = {
            name: con.execute(f"select {left_out} from {name} order by all").fetchall()
            for (name,) in tables
        }
    published = warehouse / "published"
    found["exports"] = {
        p.relative_to(published).as_posix(): _TIME.sub("a time", p.read_text(encoding="utf-8"))
        for p in sorted(published.rglob("*.csv"))
    }
    found["replies"] = sorted(
        p.relative_to(warehouse).as_posix() for p in (warehouse / "replies").rglob("*.xlsx")
    )
    found["left behind"] = sorted(p.name for p in warehouse.iterdir())
    return found


@pytest.fixture(name="contents_of", scope="session")
def contents_fixture() -> Callable[[Path], dict[str, Any]]:
    return contents_of


@pytest.fixture(scope="session")
def forked_run() -> Iterator[Callable[..., int]]:
    """`forked_run(raw, warehouse, kill=None, …)`: a run in a process of its own, and what befalls it; its exit code."""
    with forking(REPOSITORY) as run:
        yield run


def build_file(raw: Path, run_file: Path, run: str = "run-1") -> Path:
    """An empty run's file, loaded and built from `raw` by the stages themselves, without Prefect or a judge."""
    catalogue = load_catalogue()
    work = run_file.parent / f"work-{run}"
    folders = hand_over(receive(raw, catalogue, known_zones(), {}), work)
    arrived = [
        FormBatch(catalogue[code], folder) for code, folder in folders.items() if code in catalogue
    ]
    for batch in arrived:
        read_form(batch.form, batch.submissions, raw, batch.folder)
        validate_form(
            batch.form,
            batch.submissions,
            open_table(batch.folder / "arrival.arrow"),
            batch.folder,
            store=None,
        )
    compare_forms(arrived, None, store=None, raw=raw)
    for code, folder in folders.items():
        load_form(catalogue.get(code), folder, run_file, run)
    note_run(run_file, run, dt.datetime.now(dt.UTC), {"accepted": 1}, fingerprint(catalogue))
    build(run_file, catalogue)
    shutil.rmtree(work)
    return run_file


def publish(run_file: Path, warehouse: Path) -> dict[str, str | int]:
    """Exports, bulletin and swap, as a run does them."""
    published = publishing.write_exports(run_file, warehouse)
    publishing.publish(run_file, warehouse)
    return published


@pytest.fixture(scope="session")
def small_build(empty_build: Path) -> Path:
    """A built run file of the small standard set. Copy it; never write to it."""

    def make(folder: Path) -> None:
        run_file = Path(shutil.copy(empty_build, folder / "run.duckdb"))
        build_file(write_raw(folder / "raw"), run_file)

    return keep("small", make) / "run.duckdb"


@pytest.fixture(scope="session")
def small_published(small_build: Path) -> Path:
    """A warehouse with the small standard set, published. Copy it; never write to it."""

    def make(folder: Path) -> None:
        (folder / "warehouse" / "work").mkdir(parents=True)
        run_file = Path(shutil.copy(small_build, folder / "run.duckdb"))
        publish(run_file, folder / "warehouse")
        shutil.rmtree(folder / "warehouse" / "work")

    return keep("published", make) / "warehouse"


@pytest.fixture
def small_warehouse(
    small_published: Path, make_raw: Callable[..., Path], tmp_path: Path
) -> tuple[Path, Path]:
    """`raw` and `warehouse`: the small standard set, published already, for this test to go on from."""
    return make_raw(), Path(shutil.copytree(small_published, tmp_path / "warehouse"))


@pytest.fixture
def run_file(small_build: Path, tmp_path: Path) -> Path:
    """This test's own copy of the small built file."""
    return Path(shutil.copy(small_build, tmp_path / "run.duckdb"))
