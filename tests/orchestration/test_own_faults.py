"""A defect of ours in one workbook, receipt, export, page or comparison: told as ours, and the run goes on without it."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.orchestration import judging
from flows.publish import bulletin_pages, exports, site, step
from flows.reply import receipt_pages
from flows.reply import step as replying
from flows.warehouse.own_faults import OwnFault, OwnFaults, spare_nothing
from tests.faults.cases import put_new
from tests.runs import contents_of, write_raw

ZONE, PERIOD = "150571", "2022Q3"
PAGE = f"published/{ZONE}/{PERIOD}/index.html"
PUBLIC_PAGE = f"published/public/{ZONE}/{PERIOD}/index.html"
EXPORT = f"published/reconciliation/{ZONE}.csv"
METRICS = "published/metrics.prom"
COPY = "published/public/jibao_public.duckdb"
SITE = f"published/site/{ZONE}"
PUBLIC_SITE = f"published/public/site/{ZONE}"


def planted(monkeypatch: pytest.MonkeyPatch, place: Any, name: str, is_hit: Callable[..., bool]) -> None:  # fmt: skip
    """Our own code divides by zero where it is given what `is_hit` names."""
    real = getattr(place, name)

    def fail(*args: Any, **more: Any) -> Any:
        if is_hit(*args):
            raise ZeroDivisionError(f"a defect of ours in {name}")
        return real(*args, **more)

    monkeypatch.setattr(place, name, fail)


@pytest.mark.torture
def test_a_workbook_a_receipt_an_export_or_a_page_that_fails_stops_nothing(
    run_quarter: Callable[..., Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    raw, warehouse = write_raw(tmp_path / "raw"), tmp_path / "warehouse"
    put_new(raw)
    with pytest.MonkeyPatch.context() as patch:
        planted(
            patch,
            replying,
            "_write_reply",
            lambda order: order.submission.path.endswith("2022Q1/gdp.r2.csv"),
        )
        planted(
            patch,
            receipt_pages,
            "render_receipt",
            lambda receipt, _: receipt.facts.period == "2022Q2",
        )
        planted(
            patch,
            exports,
            "write_csv",
            lambda _, __, target: target.match(f"reconciliation/{ZONE}.csv"),
        )
        planted(patch, step, "render_metrics", lambda _: True)
        planted(patch, step, "copy_public", lambda *_: True)
        planted(patch, bulletin_pages, "compose", lambda _, place, __: place == (ZONE, PERIOD))
        planted(patch, site, "render_zone", lambda pages, *_: pages.zone["zone"] == ZONE)
        summary = run_quarter(raw, warehouse, pages=True)
    assert summary.changed and summary.outcome == "Completed with faults"
    paths = {fault.path for fault in summary.faults}
    replies = {path for path in paths if path.startswith("replies/")}
    assert paths - replies == {PAGE, PUBLIC_PAGE, EXPORT, METRICS, COPY, SITE, PUBLIC_SITE}
    assert len([p for p in replies if p.endswith(".receipt.html")]) == 3, "of the second quarter"
    assert len([p for p in replies if p.endswith(".xlsx")]) == 1
    assert all("ZeroDivisionError: a defect of ours" in f.problem for f in summary.faults)
    assert f"the pipeline failed on: {summary.faults[0].path}" in summary.describe()
    assert caplog.text.count("Traceback") == len(summary.faults), "the trace of each is in the log"
    broken = paths - replies
    assert not any((warehouse / path).exists() for path in broken)
    assert (warehouse / f"published/{ZONE}/2022Q4/index.html").exists(), "other pages are made"
    assert (warehouse / f"published/headline/{ZONE}.csv").exists()
    assert (warehouse / "published/reconciliation/CN.csv").exists()
    assert (warehouse / "published/site/CN/index.html").exists()
    front = (warehouse / "published/site/index.html").read_text(encoding="utf-8")
    assert 'href="CN/index.html"' in front and f'href="{ZONE}/index.html"' not in front
    # the defect is mended: the next run makes what is missing, though no file is new
    assert run_quarter(raw, warehouse, pages=True).outcome != "Completed with faults"
    undisturbed = tmp_path / "undisturbed"
    run_quarter(raw, undisturbed, pages=True)
    due = {path for path in broken if (undisturbed / path).exists()}
    assert due >= {PAGE, EXPORT, METRICS, COPY, SITE}
    assert {path for path in broken if (warehouse / path).exists()} == due
    assert run_quarter(raw, warehouse, pages=True).outcome == "Nothing new"
    found, expected = contents_of(warehouse), contents_of(undisturbed)
    for part in ("exports", "replies", "core.observation"):
        assert found[part] == expected[part]


@pytest.mark.torture
def test_a_form_that_cannot_be_compared_is_held_and_the_others_load(
    run_quarter: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, warehouse = write_raw(tmp_path / "raw"), tmp_path / "warehouse"

    def has_ledger(batches: Any, *_: Any) -> bool:
        return any(b.form.code == "contract_ledger" and b.submissions[0].fingerprint for b in batches)  # fmt: skip

    planted(monkeypatch, judging, "compare_forms", has_ledger)
    summary = run_quarter(raw, warehouse)
    (fault,) = summary.faults
    assert fault.path == "150571/2022Q3/contract_ledger.csv" and "compare_forms" in fault.problem
    assert summary.outcome == "Completed with faults"
    with duckdb.connect(str(warehouse / "jibao.duckdb"), read_only=True) as con:
        status = dict(con.execute("select path, status from ledger.submission").fetchall())
        codes = con.execute(
            "select code from ledger.finding where form = 'contract_ledger' and severity = 'reject'"
        ).fetchall()
    assert status[fault.path] == "rejected" and ("FILE-FAULT",) in codes
    assert status["150571/2022Q3/gdp.csv"] == "accepted"


def test_what_is_spared_is_listed_and_a_fault_of_the_run_is_not_spared() -> None:
    faults = OwnFaults(logging.getLogger("jibao.test"))
    with faults.spare("a page", "s1"):
        raise KeyError("nothing\nhere")
    assert faults.listed == [OwnFault("a page", "KeyError: 'nothing\\nhere'", "s1")]
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    for error in (full, TimeoutError(), MemoryError(), duckdb.IOException("no space left")):
        with pytest.raises(type(error)), faults.spare("a page"):
            raise error
    with pytest.raises(KeyError), spare_nothing("a page"):
        raise KeyError("x")
    assert len(faults.listed) == 1
