"""A file on which the pipeline itself fails: held whole, told as ours, and no other file stops for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.forms.catalogue import load_catalogue
from flows.model.arrow_files import open_table
from flows.model.submission import open_submissions
from flows.model.zone import known_zones
from flows.orchestration.judging import judge_batch
from flows.receive.step import hand_over, receive
from flows.validate import cast_indicators
from flows.validate.batch import FormBatch
from flows.validate.step import compare_forms
from flows.warehouse.own_faults import OwnFault

HEADINGS = "指标名称,计量单位,本年累计,同比增长（%）\n"
GOOD = HEADINGS + (
    "地区生产总值,亿元,107.92,3.4\n第一产业增加值,亿元,1.41,4.1\n"
    "第二产业增加值,亿元,39.12,2.7\n第三产业增加值,亿元,67.39,3.8\n"
)
FORM = load_catalogue()["gdp"]


@pytest.fixture
def batch(write_raw: Callable, tmp_path: Path) -> tuple[Path, Path]:
    """Two good files and one on which a defect of ours is planted: raw, and the batch's folder."""
    files = {
        "150571/2022Q2/gdp.csv": GOOD.replace("107.92", "107.92 "),
        "150571/2022Q3/gdp.csv": GOOD,
        "CN/2022Q3/gdp.csv": GOOD.replace("3.8", "3.80001"),
    }
    raw = write_raw(tmp_path / "raw", files)
    received = receive(raw, load_catalogue(), known_zones(raw), {})
    return raw, hand_over(received, tmp_path / "work")["gdp"]


@pytest.fixture
def defect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own code divides by zero when it meets a growth of 3.80001."""
    real = cast_indicators.register_quantities

    def fail(con: object, texts: list[str], **how: bool) -> None:
        if "3.80001" in texts:
            raise ZeroDivisionError("a defect of ours")
        real(con, texts, **how)

    monkeypatch.setattr(cast_indicators, "register_quantities", fail)


@pytest.mark.usefixtures("defect")
def test_it_is_held_whole_and_the_others_load(
    batch: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    raw, folder = batch
    faults = judge_batch(FORM, folder, raw, None, logging.getLogger("jibao.test"))
    assert faults == [OwnFault("CN/2022Q3/gdp.csv", "ZeroDivisionError: a defect of ours")]
    assert "Traceback" in caplog.text and "a defect of ours" in caplog.text
    compare_forms([FormBatch(FORM, folder)], None, None, raw)
    status = {
        row["submission"]: (row["status"], row["rows_accepted"])
        for row in open_table(folder / "judged.arrow").to_pylist()
    }
    by_path = {s.path: status[s.submission] for s in open_submissions(folder / "submissions.jsonl")}
    assert by_path == {
        "150571/2022Q2/gdp.csv": ("accepted", 4),
        "150571/2022Q3/gdp.csv": ("accepted", 4),
        "CN/2022Q3/gdp.csv": ("rejected", 0),
    }
    findings = open_table(folder / "finding.arrow").to_pylist()
    (told,) = [f for f in findings if f["code"] == "FILE-FAULT"]
    assert told["path"] == "CN/2022Q3/gdp.csv"
    assert "错不在报送人" in told["message_zh"] and "the fault is ours" in told["message_en"]


@pytest.mark.usefixtures("defect")
def test_the_next_run_judges_it_again(batch: tuple[Path, Path]) -> None:
    raw, folder = batch
    judge_batch(FORM, folder, raw, None, logging.getLogger("jibao.test"))
    kept = {s.path: s.fingerprint for s in open_submissions(folder / "submissions.jsonl")}
    assert kept["CN/2022Q3/gdp.csv"] == "" and kept["150571/2022Q3/gdp.csv"] == FORM.fingerprint


def test_without_a_fault_nothing_is_told(batch: tuple[Path, Path]) -> None:
    raw, folder = batch
    assert judge_batch(FORM, folder, raw, None, logging.getLogger("jibao.test")) == []
