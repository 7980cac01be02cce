"""What today's rules would change is listed, and nothing is touched until it is asked for."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.orchestration.changes import list_changes
from flows.receive.step import Selection


def judged_by_earlier_rules(warehouse: Path, path: str, forget: str = "") -> None:
    """As if an earlier version of the rules had judged a submission, and had not known one of them."""
    with duckdb.connect(str(warehouse / "jibao.duckdb")) as con:
        [(submission,)] = con.execute(
            "select submission from ledger.submission where path = ?", [path]
        ).fetchall()
        con.execute(
            "update ledger.submission set form_fingerprint = 'earlier', form_version = '2021.1' where submission = ?",
            [submission],
        )
        con.execute(
            "delete from ledger.finding where submission = ? and code = ?", [submission, forget]
        )


def test_by_the_same_rules_there_is_nothing_to_say(small_warehouse: tuple[Path, Path]) -> None:
    raw, warehouse = small_warehouse
    assert list_changes(raw, warehouse, Selection()) == []


def test_a_new_rule_is_listed_and_nothing_is_touched(small_warehouse: tuple[Path, Path]) -> None:
    raw, warehouse = small_warehouse
    judged_by_earlier_rules(warehouse, "150571/2022Q3/contract_ledger.csv", forget="VALUE-CODE")
    judged_by_earlier_rules(warehouse, "CN/2022Q2/gdp.csv")
    before = (warehouse / "jibao.duckdb").read_bytes()
    same, other = sorted(
        list_changes(raw, warehouse, Selection()), key=lambda c: c.before.path, reverse=True
    )
    assert (
        same.is_none and same.describe() == "CN/2022Q2/gdp.csv: accepted; rows 4; the same findings"
    )
    assert [(f.code, f.cell) for f in other.new_findings] == [("VALUE-CODE", "B4")]
    assert other.gone_findings == () and not other.is_none
    assert other.describe() == "150571/2022Q3/contract_ledger.csv: partial; rows 2; +VALUE-CODE (1)"
    assert (warehouse / "jibao.duckdb").read_bytes() == before


@pytest.mark.torture
def test_a_rule_that_is_no_more_is_listed_as_gone(small_warehouse: tuple[Path, Path]) -> None:
    raw, warehouse = small_warehouse
    judged_by_earlier_rules(warehouse, "CN/2022Q2/gdp.csv")
    with duckdb.connect(str(warehouse / "jibao.duckdb")) as con:
        con.execute("""
            insert into ledger.finding by name
            select submission, path, form, zone, period, 'GDP-OLD' as code, 'query' as severity, 'form' as stage, 'broken' as outcome
            from ledger.submission where path = 'CN/2022Q2/gdp.csv'
        """)
    [change] = list_changes(raw, warehouse, Selection(zones=("CN",)))
    assert [f.code for f in change.gone_findings] == ["GDP-OLD"]
    assert change.describe().endswith("; -GDP-OLD (1)")


def test_a_selection_leaves_the_others_out_and_a_lost_file_is_said(
    small_warehouse: tuple[Path, Path],
) -> None:
    raw, warehouse = small_warehouse
    judged_by_earlier_rules(warehouse, "CN/2022Q2/gdp.csv")
    assert list_changes(raw, warehouse, Selection(zones=("150571",))) == []
    (raw / "CN/2022Q2/gdp.csv").unlink()
    with pytest.raises(
        FileNotFoundError, match=r"no longer has CN/2022Q2/gdp\.csv; take the files back"
    ):
        list_changes(raw, warehouse, Selection())


@pytest.mark.torture
def test_applied_it_is_judged_again_and_only_that(
    run_quarter: Callable, small_warehouse: tuple[Path, Path], contents_of: Callable
) -> None:
    raw, warehouse = small_warehouse
    expected = contents_of(warehouse)
    judged_by_earlier_rules(warehouse, "150571/2022Q3/contract_ledger.csv", forget="VALUE-CODE")
    [change] = list_changes(raw, warehouse, Selection())
    summary = run_quarter(raw, warehouse, again=[change.before.submission])
    assert (summary.files - summary.unchanged, summary.statuses) == (1, {"partial": 1})
    found: dict[str, Any] = contents_of(warehouse)
    assert found["ledger.finding"] == expected["ledger.finding"]
    assert found["core.observation"] == expected["core.observation"]
    assert list_changes(raw, warehouse, Selection()) == []


def test_the_command_tells_in_both_languages(small_warehouse: tuple[Path, Path]) -> None:
    raw, warehouse = small_warehouse
    judged_by_earlier_rules(warehouse, "150571/2022Q3/contract_ledger.csv", forget="VALUE-CODE")
    call = ["revalidate", "--raw", str(raw), "--warehouse", str(warehouse)]
    answer = CliRunner().invoke(app, call)
    assert answer.exit_code == 0, answer.output
    assert (
        "新增" in answer.output
        and "VALUE-CODE" in answer.output
        and "“别的”不在代码表内" in answer.output
    )
    assert "1 份报送由以前的规则审核；按现行规则有 1 份不同" in answer.output
    english = CliRunner().invoke(app, [*call, "--lang", "en"]).output
    assert "1 submissions were judged by earlier rules; today's say otherwise of 1" in english
    shutil.rmtree(warehouse)
    missing = CliRunner().invoke(app, call)
    assert missing.exit_code == 2 and "run `jibao run` first" in missing.output
