"""The flow: what it refuses, what it leaves alone, and that two runs are one after the other.

`tests/faults/` kills runs and takes their disks away.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.orchestration.selection import choose
from tests.sent import RAW, SENT, sent_manifest


def tree_of(*folders: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below some folders with its time and bytes, and every folder."""
    found: dict[str, tuple[int, bytes]] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.exists() else []:
            found[str(path)] = (
                (path.stat().st_mtime_ns, path.read_bytes()) if path.is_file() else (0, b"folder")
            )
    return found


# --- the run over the repository's raw/ -------------------------------------------------------


def test_the_run_over_raw_takes_every_file(run_warehouse: Any) -> None:
    summary = run_warehouse.summary
    sent = [p for p in run_warehouse.raw.rglob("*.*") if p.parent != run_warehouse.raw]
    files = [p for p in sent if "archive" not in p.parts]
    assert summary.files == len(files) > 30
    assert summary.statuses == {"accepted": len(files)}
    assert summary.rows["read"] == summary.rows["accepted"] + summary.rows["held"]
    assert summary.rows["held"] == 0
    assert summary.changed and not summary.dry_run
    assert summary.describe().startswith(
        f"{len(files)} files, 0 unchanged; {len(files)} accepted; rows: "
    )


def test_the_run_leaves_what_it_promises_and_no_more(run_warehouse: Any) -> None:
    folder = run_warehouse.folder
    assert {p.name for p in folder.iterdir()} <= {
        "jibao.duckdb",
        "published",
        "replies",
        "data_docs",
        ".lock",
    }
    assert {p.name for p in (folder / "published").iterdir()} >= {
        "headline",
        "sector_growth",
        "metrics.prom",
    }
    assert (folder / "data_docs" / "index.html").is_file()
    assert not list(folder.rglob("*.wal"))


def test_raw_is_never_touched(run_warehouse: Any) -> None:
    for path in SENT:
        copy = run_warehouse.raw / path.relative_to(RAW)
        assert copy.read_bytes() == path.read_bytes(), path
    assert (run_warehouse.raw / "manifest.csv").read_text(encoding="utf-8") == sent_manifest()


def test_every_file_is_in_the_ledger_with_its_rows(published: duckdb.DuckDBPyConnection) -> None:
    unbalanced = published.execute(
        "select path from ledger.submission where rows_read <> rows_accepted + rows_held"
    ).fetchall()
    assert unbalanced == []
    [(loaded, counted)] = published.execute(
        "select (select sum(rows_accepted) from ledger.submission where form = 'gdp'),"
        " (select count(*) from core.observation where form = 'gdp')"
    ).fetchall()
    assert loaded == counted == 13 * 4
    untraced = published.execute("""
        select o.indicator from core.observation as o
        left join ledger.submission as s on o.submission = s.submission
        where s.path is null or o.source_row is null or o.source_row < 2
    """).fetchall()
    assert untraced == []


# --- what it refuses --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zones", "periods", "forms", "words"),
    [
        (["150572"], None, None, r"there is no zone 150572; known: 150571, CN"),
        (["CN", "cn"], None, None, r"there is no zone cn; known: 150571, CN"),
        (None, None, ["gpd"], "there is no form gpd; nearest of 30: gdp, "),
        (
            None,
            ["2022q3"],
            None,
            r"“2022q3” is not a period; write the year, Q and the quarter, e\.g\. 2022Q3",
        ),
        (None, ["2022Q3", "2022Q5"], None, r"“2022Q5” is not a period"),
    ],
)
def test_a_mistyped_choice_is_refused(
    zones: list[str] | None, periods: list[str] | None, forms: list[str] | None, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        choose(zones, periods, forms)


@pytest.mark.parametrize("parameters", [{"zones": ["150572"]}, {"periods": ["2032Q3"]}])
def test_a_mistyped_parameter_is_an_error_not_nothing_to_do(
    run_quarter: Callable, make_raw: Callable, tmp_path: Path, parameters: dict[str, list[str]]
) -> None:
    """Also a quarter that can be written and was never sent: silence would look like success."""
    with pytest.raises(ValueError, match=next(iter(parameters.values()))[0]):
        run_quarter(make_raw(), tmp_path / "warehouse", **parameters)
    assert not (tmp_path / "warehouse" / "jibao.duckdb").exists()


def test_a_missing_folder_is_said(run_quarter: Callable, tmp_path: Path) -> None:
    with pytest.raises(
        FileNotFoundError, match=r"there is no folder .*nowhere; submissions are looked for there"
    ):
        run_quarter(tmp_path / "nowhere", tmp_path / "warehouse")


# --- what it leaves alone ---------------------------------------------------------------------


def test_a_dry_run_writes_nothing_at_all(
    run_quarter: Callable, make_raw: Callable, tmp_path: Path
) -> None:
    raw, warehouse = make_raw(), tmp_path / "warehouse"
    (raw / "CN" / "2022Q3").mkdir()
    shutil.copy(
        raw / "CN/2022Q2/gdp.csv", raw / "CN/2022Q3/gdp.csv"
    )  # first seen now: the manifest lacks it
    before = tree_of(tmp_path)
    summary = run_quarter(raw, warehouse, dry_run=True)
    assert tree_of(tmp_path) == before, "no manifest line, no folder, no lock"
    assert (summary.dry_run, summary.changed, summary.files) == (True, False, 8)
    assert summary.statuses == {"accepted": 4, "partial": 2, "rejected": 2}, (
        "it has judged all the same"
    )


@pytest.mark.torture
def test_a_dry_run_beside_a_warehouse_leaves_it_alone(
    run_quarter: Callable, small_warehouse: tuple[Path, Path], tmp_path: Path
) -> None:
    raw, warehouse = small_warehouse
    (raw / "CN/2022Q2/gdp.r2.csv").write_text((raw / "CN/2022Q2/gdp.csv").read_text() + "\n")
    before = tree_of(tmp_path)
    summary = run_quarter(raw, warehouse, dry_run=True)
    assert tree_of(tmp_path) == before
    assert (summary.files, summary.unchanged, summary.statuses) == (8, 7, {"accepted": 1})


def test_a_second_run_changes_nothing(
    run_quarter: Callable, run_warehouse: Any, tmp_path: Path
) -> None:
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    shutil.copytree(run_warehouse.raw, raw)
    shutil.copytree(run_warehouse.folder, warehouse)
    before = tree_of(raw, warehouse)
    second = run_quarter(raw, warehouse)
    after = tree_of(raw, warehouse)
    assert after[str(warehouse / "jibao.duckdb")] == before[str(warehouse / "jibao.duckdb")], (
        "the same file, byte for byte"
    )
    assert {k: v for k, v in after.items() if not k.endswith(".lock")} == {
        k: v for k, v in before.items() if not k.endswith(".lock")
    }
    files = run_warehouse.summary.files
    assert (second.changed, second.unchanged, second.statuses, second.replies) == (
        False,
        files,
        {},
        [],
    )
    assert second.describe() == f"{files} files, {files} unchanged"


@pytest.mark.torture
def test_a_selection_then_the_rest_is_the_whole(
    run_quarter: Callable, make_raw: Callable, tmp_path: Path, contents_of: Callable
) -> None:
    raw = make_raw()
    run_quarter(raw, tmp_path / "whole")
    # earlier quarters first: a run that takes a later quarter alone has less to compare it with
    for part in ({"periods": ["2022Q1", "2022Q2"], "forms": ["gdp"]}, {}):
        run_quarter(raw, tmp_path / "parts", **part)
    whole, parts = contents_of(tmp_path / "whole"), contents_of(tmp_path / "parts")
    for part, expected in whole.items():
        assert parts[part] == expected, part


# --- what cannot stop it ----------------------------------------------------------------------


@pytest.mark.torture
def test_one_hopeless_file_beside_good_ones_stops_none(
    run_quarter: Callable, make_raw: Callable, small_files: dict[str, str], tmp_path: Path
) -> None:
    chance = random.Random(7)
    good = {"CN/2022Q2/gdp.csv", "150571/2022Q3/gdp.csv"}
    files: dict[str, str | bytes] = {name: small_files[name] for name in good} | {
        "150571/2022Q2/gdp.xlsx": b"PK\x03\x04" + chance.randbytes(2000),
        "150571/2022Q1/gdp.csv": chance.randbytes(2000),
        "150571/2021Q4/gdp.csv": b"",
        "150571/2021Q3/gdp.xls": b"\xd0\xcf\x11\xe0" + chance.randbytes(600),
        "150571/2021Q2/gdp.csv": "指标名称,计量单位,本年累计\n地区生产总值,亿元," + "9" * 40 + "\n",
        "150571/2021Q1/gdp.csv": "指标名称,计量单位,本年累计\n地区生产总值,亿元,1"
        + "0" * 21
        + "\n",
        "150571/2022Q3/contract_ledger.csv": chance.randbytes(500),
        "150571/2022Q3/.hidden.csv": chance.randbytes(50),
        "150571/somewhere.bin": chance.randbytes(50),
    }
    summary = run_quarter(make_raw(files), tmp_path / "warehouse")
    assert summary.changed
    assert summary.statuses["accepted"] == 2
    assert summary.statuses["rejected"] == 8
    with duckdb.connect(str(tmp_path / "warehouse" / "jibao.duckdb"), read_only=True) as con:
        assert {
            p
            for (p,) in con.execute(
                "select path from ledger.submission where status = 'accepted'"
            ).fetchall()
        } == good
        said = dict(
            con.execute(
                "select path, min(code) from ledger.finding where severity in ('reject', 'quarantine') group by all"
            ).fetchall()
        )
    assert len(said) == 8, "each is told why"
    assert said["150571/2022Q2/gdp.xlsx"] == "FILE-FORMAT"
    assert said["150571/2022Q1/gdp.csv"] == "FILE-ENCODING"
    assert said["150571/2021Q4/gdp.csv"] == "FILE-EMPTY"
    assert said["150571/somewhere.bin"] == "FILE-PATH"


@pytest.mark.torture
def test_where_the_pipeline_is_broken_nothing_is_published(
    run_quarter: Callable,
    small_warehouse: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    contents_of: Callable,
) -> None:
    raw, warehouse = small_warehouse
    (raw / "CN/2022Q2/gdp.r2.csv").write_text((raw / "CN/2022Q2/gdp.csv").read_text() + "\n")
    before = tree_of(warehouse / "published") | {
        "db": (0, (warehouse / "jibao.duckdb").read_bytes())
    }

    from flows.build import step as build

    real = build._audit

    def fail(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("flows.build.step._audit", fail)
    with pytest.raises(RuntimeError, match="the disk is full"):
        run_quarter(raw, warehouse)
    assert (
        tree_of(warehouse / "published") | {"db": (0, (warehouse / "jibao.duckdb").read_bytes())}
        == before
    )
    monkeypatch.setattr("flows.build.step._audit", real)
    assert run_quarter(raw, warehouse).changed
    assert "work" not in contents_of(warehouse)["left behind"]


@pytest.mark.torture
def test_readers_connect_while_a_run_goes_on(
    run_quarter: Callable,
    small_warehouse: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    query: Callable,
) -> None:
    """At every stage of a second run another process reads the first one's figures."""
    from flows.build import step as build
    from flows.load import step as load
    from flows.publish import step as publish
    from flows.validate import step as validate

    raw, warehouse = small_warehouse
    (raw / "CN/2022Q2/gdp.r2.csv").write_text((raw / "CN/2022Q2/gdp.csv").read_text() + "\n")
    seen: list[tuple[str, int]] = []
    for module, name in (
        (validate, "validate_form"),
        (load, "load_form"),
        (build, "build"),
        (publish, "swap_in"),
    ):
        real = getattr(module, name)

        def watched(*args: Any, _real: Callable = real, _name: str = name, **more: Any) -> Any:
            if _name not in dict(seen):
                seen.append(
                    (
                        _name,
                        query(warehouse / "jibao.duckdb", "select count(*) from core.observation")[
                            0
                        ][0],
                    )
                )
            return _real(*args, **more)

        monkeypatch.setattr(module, name, watched)
    run_quarter(raw, warehouse)
    assert seen == [("validate_form", 15), ("load_form", 15), ("build", 15), ("swap_in", 15)]
    assert query(warehouse / "jibao.duckdb", "select count(*) from core.observation") == [(19,)]


REPLACED = "150571/2022Q2/gdp.csv"


@pytest.fixture(scope="module")
def undisturbed(
    forked_run: Callable[..., int],
    tmp_path_factory: pytest.TempPathFactory,
    write_raw: Callable,
    contents_of: Callable,
) -> dict[str, Any]:
    """What a run leaves that nobody disturbs."""
    base = tmp_path_factory.mktemp("undisturbed")
    assert forked_run(write_raw(base / "raw", replaced=REPLACED), base / "warehouse") == 0
    found = contents_of(base / "warehouse")
    assert found["core.observation"] and found["quarantine.held_row"] and found["exports"]
    assert any("FILE-REPLACED" in row for row in found["ledger.finding"])
    return found


@pytest.mark.torture
def test_two_runs_at_once_are_one_after_the_other(
    run_quarter: Callable,
    forked_run: Callable[..., int],
    undisturbed: dict[str, Any],
    write_raw: Callable,
    contents_of: Callable,
    tmp_path: Path,
) -> None:
    """The trap of two runs that double the rows: here the second waits, and finds nothing left to do."""
    raw, warehouse = write_raw(tmp_path / "raw", replaced=REPLACED), tmp_path / "warehouse"
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(forked_run, raw, warehouse)
        summary = run_quarter(raw, warehouse)
        assert other.result(60) == 0
    found = contents_of(warehouse)
    for part, expected in undisturbed.items():
        assert part == "left behind" or found[part] == expected, part
    assert (raw / "manifest.csv").read_text(encoding="utf-8").count(REPLACED) == 2, (
        "one line for the bytes that were, one for those that are"
    )
    with duckdb.connect(str(warehouse / "jibao.duckdb"), read_only=True) as con:
        assert con.execute("select count(*) from ledger.run").fetchone() == (1,)
    assert summary.files == 7


@pytest.mark.torture
def test_a_run_s_log_has_a_line_a_form_and_a_rejected_file_alone_shows_in_its_state(
    run_quarter: Callable, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    raw = tmp_path / "raw"
    (raw / "150571/2022Q3").mkdir(parents=True)
    (raw / "150571/2022Q3/gdp.csv").write_text("这不是表格\n", encoding="utf-8")
    with caplog.at_level("INFO", logger="flows"):
        summary = run_quarter(raw, tmp_path / "warehouse")
    assert (summary.statuses, summary.outcome) == ({"rejected": 1}, "Completed with findings")
    assert "gdp: 1 files, rows: 1 read, 0 accepted, 1 held; 0 questions" in caplog.messages
