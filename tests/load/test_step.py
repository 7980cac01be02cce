"""The same twice changes nothing, a revision stands beside what it supersedes, a failure leaves no trace."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.build.step import build
from flows.forms.catalogue import load_catalogue
from flows.forms.form import Form
from flows.load import step as loading
from flows.load.step import load_form, prepare
from flows.model.finding import findings_table
from flows.model.submission import Submission, save_submissions
from flows.read.step import read_form
from flows.receive.step import UNPLACED, hand_over, receive
from flows.warehouse.copies import swap_in
from flows.warehouse.database import read_only
from flows.warehouse.ledger import judged_submissions, published_fingerprint
from tests.figures import GDP
from tests.judging import judge_form

CATALOGUE = load_catalogue()
REVISED = GDP.replace("107.92", "108.02").replace("39.12", "39.22")
TABLES = (
    "core.observation",
    "ledger.submission",
    "ledger.finding",
    "ledger.result",
    "ledger.block",
    "quarantine.held_row",
)


@pytest.fixture
def run_file(empty_build: Path, tmp_path: Path) -> Path:
    """Tables and nothing in them."""
    return Path(shutil.copy(empty_build, tmp_path / "run.duckdb"))


@pytest.fixture
def stage(tmp_path: Path) -> Callable[..., tuple[Form, Path]]:
    """`stage(text, name)`: a file received, read and judged, ready to load."""

    def stage_one(
        text: str,
        name: str = "gdp.csv",
        period: str = "2022Q3",
        form: str = "gdp",
        received_at: str = "2022-10-20T09:00:00+08:00",
        **more: str,
    ) -> tuple[Form, Path]:
        digest = hashlib.sha256(text.encode()).hexdigest()
        folder = tmp_path / digest[:8] / name / more.get("fingerprint", "")
        raw = folder / "raw"
        path = raw / "150571" / period / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        revision = int(name.split(".r")[1].split(".")[0]) if ".r" in name else 1
        fingerprint = more.get("fingerprint", CATALOGUE[form].fingerprint)
        submission = Submission(
            f"150571/{period}/{name}",
            form,
            "150571",
            period,
            revision,
            digest,
            len(text.encode()),
            "统计局",
            received_at,
            fingerprint,
        )
        work = folder / "work"
        read_form(CATALOGUE[form], [submission], raw, work)
        save_submissions([submission], work / "submissions.jsonl")
        judge_form(CATALOGUE[form], [submission], findings_table([]), work, store=None)
        return CATALOGUE[form], work

    return stage_one


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(query).fetchall()


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the tables that a load writes, in an order of its own, without the time of loading."""
    return {
        table: rows(
            path,
            f"select * {'exclude (loaded_at)' if table == 'ledger.submission' else ''} from {table} order by all",
        )
        for table in TABLES
    }


def test_what_was_accepted_is_in_core_with_its_source(run_file: Path, stage: Callable) -> None:
    form, folder = stage(GDP)
    assert load_form(form, folder, run_file, "run-1") == {"accepted": 1}
    assert rows(
        run_file,
        "select indicator, value, unit_reported, growth_reported_pct, source_row from core.observation order by source_row",
    ) == [
        ("gdp", 10792000000, "亿元", Decimal("3.4"), 2),
        ("va_primary", 141000000, "亿元", Decimal("4.1"), 3),
        ("va_secondary", 3912000000, "亿元", Decimal("2.7"), 4),
        ("va_tertiary", 6739000000, "亿元", Decimal("3.8"), 5),
    ]
    [ledger] = rows(
        run_file,
        "select path, form, zone, period, revision, sender, received_at, status, rows_read, rows_accepted, rows_held, run"
        " from ledger.submission",
    )
    assert [str(v) for v in ledger] == [
        "150571/2022Q3/gdp.csv", "gdp", "150571", "2022Q3", "1", "统计局", "2022-10-20 01:00:00", "accepted", "4", "4", "0", "run-1",
    ]  # fmt: skip
    assert rows(run_file, "select count(distinct submission) from core.observation") == [(1,)]


def test_loading_twice_changes_nothing(run_file: Path, stage: Callable) -> None:
    form, folder = stage(GDP.replace("39.12", "39.l2"))
    assert load_form(form, folder, run_file, "run-1") == {"partial": 1}
    before = contents(run_file)
    assert (
        before["core.observation"]
        and before["quarantine.held_row"]
        and before["ledger.finding"]
        and before["ledger.block"]
    )
    assert load_form(form, folder, run_file, "run-2") == {}
    assert contents(run_file) == before, "not even the run's name"


def test_a_rejected_submission_loads_nothing_and_is_in_the_ledger(
    run_file: Path, stage: Callable
) -> None:
    form, folder = stage(GDP.replace("107.92", "117.92"))
    assert load_form(form, folder, run_file, "run-1") == {"rejected": 1}
    assert rows(run_file, "select count(*) from core.observation") == [(0,)]
    assert rows(
        run_file, "select status, rows_read, rows_accepted, rows_held from ledger.submission"
    ) == [("rejected", 4, 0, 4)]
    assert rows(run_file, "select count(distinct row), min(path) from quarantine.held_row") == [
        (4, "150571/2022Q3/gdp.csv")
    ]
    assert rows(run_file, "select count(*) from ledger.finding where code = 'GDP-SUM'") == [(1,)]


def test_a_revision_supersedes_and_the_old_vintage_stays(run_file: Path, stage: Callable) -> None:
    load_form(*stage(GDP), run_file, "run-1")
    load_form(
        *stage(REVISED, "gdp.r2.csv", received_at="2022-11-20T09:00:00+08:00"), run_file, "run-2"
    )
    assert rows(
        run_file, "select value from core.observation where indicator = 'gdp' order by value"
    ) == [(10792000000,), (10802000000,)]
    build(run_file, CATALOGUE)
    assert rows(run_file, "select path, revision from staging.current_submission") == [
        ("150571/2022Q3/gdp.r2.csv", 2)
    ]
    assert rows(
        run_file, "select value, path from staging.observation where indicator = 'gdp'"
    ) == [(10802000000, "150571/2022Q3/gdp.r2.csv")]
    assert rows(run_file, "select count(*) from ledger.submission") == [(2,)]


def test_a_rejected_revision_leaves_the_first_standing(run_file: Path, stage: Callable) -> None:
    load_form(*stage(GDP), run_file, "run-1")
    load_form(
        *stage(
            GDP.replace("107.92", "208.02"), "gdp.r2.csv", received_at="2022-11-20T09:00:00+08:00"
        ),
        run_file,
        "run-2",
    )
    build(run_file, CATALOGUE)
    assert rows(
        run_file, "select value, path from staging.observation where indicator = 'gdp'"
    ) == [(10792000000, "150571/2022Q3/gdp.csv")]
    assert rows(
        run_file, "select form, status, is_current from staging.submission_status order by revision"
    ) == [
        ("gdp", "accepted", True),
        ("gdp", "rejected", False),
    ]


def test_a_late_first_does_not_supersede_a_revision(run_file: Path, stage: Callable) -> None:
    """What counts is the revision's number, not the order in which files were loaded."""
    load_form(
        *stage(REVISED, "gdp.r2.csv", received_at="2022-11-20T09:00:00+08:00"), run_file, "run-1"
    )
    load_form(*stage(GDP, received_at="2022-12-20T09:00:00+08:00"), run_file, "run-2")
    build(run_file, CATALOGUE)
    assert rows(run_file, "select value from staging.observation where indicator = 'gdp'") == [
        (10802000000,)
    ]


def test_judged_again_it_replaces_only_its_own_rows(run_file: Path, stage: Callable) -> None:
    load_form(*stage(REVISED, period="2022Q2"), run_file, "run-1")
    load_form(*stage(GDP.replace("39.12", "39.l2")), run_file, "run-1")
    assert rows(
        run_file, "select period, count(*) from core.observation group by all order by all"
    ) == [("2022Q2", 4), ("2022Q3", 3)]
    form, folder = stage(GDP.replace("39.12", "39.l2"), fingerprint="changed-form-0001")
    assert load_form(form, folder, run_file, "run-2") == {"partial": 1}
    assert rows(
        run_file, "select period, count(*) from core.observation group by all order by all"
    ) == [("2022Q2", 4), ("2022Q3", 3)]
    assert rows(
        run_file,
        "select period, run, form_fingerprint = 'changed-form-0001' from ledger.submission order by all",
    ) == [
        ("2022Q2", "run-1", False),
        ("2022Q3", "run-2", True),
    ]
    assert rows(run_file, "select count(*) from quarantine.held_row") == [(1,)]


class BrokenError(Exception):
    """What a failing disk would raise."""


@pytest.mark.parametrize(
    "point",
    [
        "_insert",
        *(pytest.param(p, marks=pytest.mark.torture) for p in ("_insert_held", "_insert_blocks")),
    ],
)
def test_a_failure_inside_leaves_the_file_as_it_was(
    run_file: Path, stage: Callable, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    load_form(*stage(GDP, period="2022Q2"), run_file, "run-1")
    before = contents(run_file)
    real = getattr(loading, point)

    def fail_after(*args: Any) -> None:
        real(*args)
        raise BrokenError

    monkeypatch.setattr(loading, point, fail_after)
    form, folder = stage(GDP.replace("39.12", "39.l2"))
    with pytest.raises(BrokenError):
        load_form(form, folder, run_file, "run-2")
    assert contents(run_file) == before
    monkeypatch.undo()
    assert load_form(form, folder, run_file, "run-3") == {"partial": 1}
    assert len(contents(run_file)["core.observation"]) == len(before["core.observation"]) + 3


def test_a_register_loads_into_a_table_of_its_own(run_file: Path, stage: Callable) -> None:
    text = "项目或投资方,对象类型,签约阶段,投资规模,备注\n甲项目,项目,新签约,亿元以上,\n乙,投资方,推动签约,,听说\n"
    load_form(*stage(text, "contract_ledger.csv", form="contract_ledger"), run_file, "run-1")
    query = "select zone, period, party, party_kind, stage, tier, note, source_row from core.contract_ledger order by source_row"
    assert rows(run_file, query) == [
        ("150571", "2022Q3", "甲项目", "project", "signed", "cny_100m_and_above", None, 2),
        ("150571", "2022Q3", "乙", "investor", "to_be_signed", None, "听说", 3),
    ]
    assert rows(run_file, "select count(*) from core.observation") == [(0,)]


def test_preparing_twice_and_a_new_column_keep_what_is_there(
    run_file: Path, stage: Callable
) -> None:
    text = "项目或投资方,对象类型,签约阶段\n甲项目,项目,新签约\n"
    load_form(*stage(text, "contract_ledger.csv", form="contract_ledger"), run_file, "run-1")
    form = CATALOGUE["contract_ledger"]
    grown = form.model_copy(
        update={"columns": (*form.columns, form.columns[-1].model_copy(update={"name": "contact"}))}
    )
    prepare(run_file, {**CATALOGUE, "contract_ledger": grown})
    assert rows(run_file, "select party, contact from core.contract_ledger") == [("甲项目", None)]


def test_files_of_no_form_are_in_the_ledger(run_file: Path, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    (raw / "150571" / "2022Q3").mkdir(parents=True)
    (raw / "150571" / "2022Q3" / "nonsense.csv").write_text("x")
    folders = hand_over(receive(raw, CATALOGUE, {"150571"}, {}), tmp_path / "work")
    assert list(folders) == [UNPLACED]
    for run in ("run-1", "run-2"):
        load_form(None, folders[UNPLACED], run_file, run)
    assert rows(run_file, "select path, form, status, rows_read, run from ledger.submission") == [
        ("150571/2022Q3/nonsense.csv", "nonsense", "rejected", 0, "run-1"),
    ]
    assert rows(run_file, "select code from ledger.finding") == [("FILE-PATH",)]


def test_the_ledger_answers_what_was_judged(
    run_file: Path, stage: Callable, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    warehouse.mkdir()
    assert judged_submissions(warehouse) == {}
    assert published_fingerprint(warehouse) is None
    load_form(*stage(GDP), run_file, "run-1")
    load_form(*stage(GDP.replace("107.92", "117.92"), period="2022Q2"), run_file, "run-1")
    build(run_file, CATALOGUE)
    swap_in(warehouse, run_file)
    judged = judged_submissions(warehouse)
    assert sorted(judged.values()) == [
        ("accepted", CATALOGUE["gdp"].fingerprint),
        ("rejected", CATALOGUE["gdp"].fingerprint),
    ]
    assert len(published_fingerprint(warehouse) or "") == 16


def test_a_rows_text_may_hold_anything(run_file: Path, stage: Callable) -> None:
    """Quotes, brackets and SQL in a cell are text and nothing else, into quarantine and back."""
    evil = "'); drop table core.observation; --"
    form, folder = stage(GDP + f'"{evil}",亿元,1,1\n')
    load_form(form, folder, run_file, "run-1")
    assert rows(run_file, "select value, data->>'indicator' from quarantine.held_row") == [
        (evil, evil)
    ]
    assert rows(run_file, "select count(*) from core.observation") == [(4,)]
    with read_only(run_file) as con, pytest.raises(duckdb.Error):
        con.execute("delete from core.observation")


def test_how_a_table_was_read_stands_in_the_ledger(
    run_file: Path, stage: Callable[..., tuple[Form, Path]]
) -> None:
    sent = (
        "2022年地区生产总值,,单位：亿元\n指标,2022年1-9月,,2021年1-9月\n,绝对量,同比增长,绝对量\n"
        "地区生产总值,107.92,3.4,100\n第一产业增加值,1.41,4.1,1\n第二产业增加值,39.12,2.7,38\n第三产业增加值,67.39,3.8,61\n注：快报数\n"
    )
    load_form(*stage(sent), run_file, "run-1")
    with read_only(run_file) as con:
        rows = con.execute("""
            select layout, first_header_row, header_row, period_column, common_unit, unit_from, encoding, delimiter, rows_read, notes
            from ledger.block
        """).fetchall()
    notes = ["3: D: 2021年1-9月 绝对量 (year earlier)", "8: 注：快报数"]
    assert rows == [
        ("wide", 2, 3, "B: 2022年1-9月 绝对量", "亿元", "unit line", "utf-8", ",", 4, notes)
    ]


def test_the_rules_that_every_file_is_asked_are_listed(run_file: Path) -> None:
    build(run_file, CATALOGUE)
    with read_only(run_file) as con:
        listed = dict(
            con.execute("select code, severity from ref.rule where form = '*'").fetchall()
        )
    assert {
        "FILE-PERIOD": "reject",
        "FILE-ZONE": "reject",
        "LAYOUT-ASIDE": "note",
        "UNIT-LINE": "query",
    }.items() <= listed.items()
