"""Operation, its parts without a server of their own: arrivals, faults, retries, finished work, links, the home."""

from __future__ import annotations

import errno
import io
import os
import re
import threading
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.forms.catalogue import load_catalogue
from flows.model.errors import BuildError, WarehouseError
from flows.orchestration.artifacts import say_lost
from flows.orchestration.faults import can_heal, remedy_of
from flows.orchestration.home import enter_home, find_home
from flows.orchestration.report import draw_sectors, link, list_open, tell_run
from flows.orchestration.summary import RunSummary
from flows.processes import find_port
from flows.receive import step as receiving
from flows.receive.arrivals import Arrivals, is_whole

# --- files that arrive ----------------------------------------------------------------------------


def settle(arrivals: Arrivals, seconds: float = 1.0) -> list[str]:
    until, found = time.monotonic() + seconds, []
    while time.monotonic() < until:
        found += [path.name for path in arrivals.take_settled()]
        time.sleep(0.02)
    return found


def test_a_file_is_left_until_it_stands_still(tmp_path: Path) -> None:
    arrivals, path = Arrivals(tmp_path, still_seconds=0.3), tmp_path / "150571/2022Q3/gdp.csv"
    path.parent.mkdir(parents=True)
    for _ in range(5):
        with path.open("a") as copy:
            copy.write("a line\n")
        arrivals.notice([path])
        assert settle(arrivals, 0.1) == []
    assert settle(arrivals) == ["gdp.csv"]
    assert settle(arrivals, 0.5) == [], "once is enough"
    assert arrivals.waiting == 0


def test_a_workbook_is_left_until_it_is_a_complete_archive(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "x" * 5000)
    path = tmp_path / "150571/2022Q3/gdp.xlsx"
    path.parent.mkdir(parents=True)
    path.write_bytes(buffer.getvalue()[:3000])
    assert not is_whole(path)
    arrivals = Arrivals(tmp_path, still_seconds=0.1)
    arrivals.notice([path])
    assert settle(arrivals, 0.6) == []
    path.write_bytes(buffer.getvalue())
    assert settle(arrivals) == ["gdp.xlsx"]


@pytest.mark.parametrize(
    "name",
    [
        "manifest.csv",
        "Z/2022Q3/~$gdp.xlsx",
        "Z/2022Q3/.gdp.csv",
        "Z/2022Q3/gdp.csv.part",
        "Z/2022Q3/gdp.TMP",
    ],
)
def test_what_is_no_submission_is_not_noticed(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    arrivals = Arrivals(tmp_path, 0)
    arrivals.notice([path, tmp_path / "gone/2022Q3/gdp.csv"])
    assert arrivals.waiting == 0


def test_a_run_leaves_what_changed_a_moment_ago_and_says_it_is_there(make_raw: Callable) -> None:
    raw = make_raw({"CN/2022Q2/gdp.csv": "a", "CN/2022Q3/gdp.csv": "b"})
    os.utime(raw / "CN/2022Q2/gdp.csv", (0, 0))
    (raw / "CN/2022Q3/income.csv.part").write_text("half")
    received = receiving.receive(
        raw, load_catalogue(), {"CN"}, {}, receiving.Selection(still_seconds=60)
    )
    assert [s.path for s in received.new] == ["CN/2022Q2/gdp.csv"]
    assert (received.missing, received.manifest_lines) == ([], []), (
        "it is not lost, and not yet received"
    )
    everything = receiving.receive(raw, load_catalogue(), {"CN"}, {})
    assert len(everything.new) == 2, "half of a download is passed over in any case"


# --- faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "heals"),
    [
        (OSError(errno.EIO, "network drive"), True),
        (BlockingIOError(errno.EAGAIN, "again"), True),
        (OSError(errno.ESTALE, "stale"), True),
        (duckdb.IOException("Could not set lock on file"), True),
        (OSError(errno.ENOSPC, "no space left"), False),
        (FileNotFoundError(errno.ENOENT, "gone"), False),
        (PermissionError(errno.EACCES, "no"), False),
        (ValueError("a parameter"), False),
        (BuildError("a view"), False),
        (duckdb.IOException("corrupt"), False),
    ],
)
def test_only_what_waiting_can_mend_is_tried_again(fault: Exception, heals: bool) -> None:
    assert can_heal(fault) is heals


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (BuildError("x"), "mend the SQL file that the message names"),
        (WarehouseError("x"), "wait for the run that holds it"),
        (FileNotFoundError("x"), "look at space, permissions and the network drive"),
        (ValueError("x"), "the message lists what there is"),
        (KeyError("x"), "Running again is safe"),
    ],
)
def test_a_fault_comes_with_what_to_do_in_two_languages(fault: Exception, words: str) -> None:
    remedy = remedy_of(fault)
    assert words in remedy.en
    assert any("\u4e00" <= c <= "\u9fff" for c in remedy.zh)


@pytest.mark.usefixtures("spared")
def test_a_drive_that_stumbles_is_tried_again_and_a_full_one_is_not(
    run_flow: Callable, make_raw: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.read import step as reading

    real, calls = reading.read_form, []

    def stumble(*args: Any) -> None:
        calls.append(args[0].code)
        if len(calls) == 1:
            raise OSError(errno.EIO, "the drive is away")
        real(*args)

    monkeypatch.setattr(reading, "read_form", stumble)
    raw = make_raw({"CN/2022Q2/gdp.csv": "指标名称,计量单位,本年累计\n地区生产总值,亿元,1\n"})
    assert run_flow(raw, tmp_path / "warehouse").changed
    assert calls == ["gdp", "gdp"]
    calls.clear()

    def full(*_: Any) -> None:
        calls.append("once")
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(reading, "read_form", full)
    with pytest.raises(OSError, match="no space left"):
        run_flow(raw, tmp_path / "other")
    assert calls == ["once"]


@pytest.mark.usefixtures("spared")
def test_a_run_after_a_failure_does_only_what_is_left(
    run_flow: Callable,
    make_raw: Callable,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    contents_of: Callable,
) -> None:
    """Finished forms are taken over; one whose file has changed since is read anew; the result is that of one run."""
    from flows.build import step as build
    from flows.read import step as read

    raw, read_forms, real = make_raw(), [], read.read_form
    run_flow(raw, tmp_path / "undisturbed")
    monkeypatch.setattr(
        read, "read_form", lambda form, *more: (read_forms.append(form.code), real(form, *more))
    )
    audit = build._audit

    def fail(*_: Any) -> None:
        raise BuildError("check.x: not so")

    monkeypatch.setattr(build, "_audit", fail)
    with pytest.raises(BuildError):
        run_flow(raw, tmp_path / "warehouse")
    assert read_forms == ["contract_ledger", "gdp"]
    monkeypatch.setattr(build, "_audit", audit)
    read_forms.clear()
    ledger = raw / "150571/2022Q3/contract_ledger.csv"
    ledger.write_text(ledger.read_text(encoding="utf-8"), encoding="utf-8")
    summary = run_flow(raw, tmp_path / "warehouse")
    assert read_forms == [], "all of it was finished"
    assert summary.statuses == {"accepted": 3, "partial": 2, "rejected": 2}
    assert len(summary.replies) == len(list((tmp_path / "warehouse/replies").rglob("*.xlsx")))
    found, expected = contents_of(tmp_path / "warehouse"), contents_of(tmp_path / "undisturbed")
    for part in ("core.observation", "quarantine.held_row", "ledger.finding"):
        assert found[part] == expected[part], part
    assert not (tmp_path / "warehouse/work").exists()


@pytest.mark.usefixtures("spared")
def test_a_backfill_that_stops_half_way_goes_on_where_it_was(
    run_flow: Callable,
    make_raw: Callable,
    small_files: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The quarters before the one that failed stay; those that are there are not read again."""
    from flows.backfill import backfill
    from flows.read import step as read

    assert run_flow, "a server"
    quarters = ("2021Q2", "2021Q3", "2021Q4")
    raw = make_raw(
        {f"CN/{period}/gdp.csv": small_files["CN/2022Q2/gdp.csv"] for period in quarters}
    )
    real, taken = read.read_form, list[str]()

    def stumble(form: Any, submissions: Any, *more: Any) -> None:
        taken.extend(s.period for s in submissions)
        if taken[-1] == "2021Q3":
            raise OSError(errno.ENOSPC, "no space left on device")
        real(form, submissions, *more)

    monkeypatch.setattr(read, "read_form", stumble)
    with pytest.raises(OSError, match="no space left"):
        backfill("2021Q1", "2021Q4", raw, tmp_path / "warehouse")
    assert taken == ["2021Q2", "2021Q3"], "oldest first, and no further than the one that failed"
    monkeypatch.setattr(
        read,
        "read_form",
        lambda form, submissions, *more: (
            taken.extend(s.period for s in submissions),
            real(form, submissions, *more),
        ),
    )
    taken.clear()
    told = backfill("2021Q1", "2021Q4", raw, tmp_path / "warehouse")
    assert taken == ["2021Q3", "2021Q4"]
    assert told["2021Q1"].startswith("无报送文件") and told["2021Q2"].startswith("已在仓库")
    with duckdb.connect(str(tmp_path / "warehouse/jibao.duckdb"), read_only=True) as con:
        assert con.execute(
            "select period, count(*) from core.observation group by all order by all"
        ).fetchall() == [(q, 4) for q in quarters]


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.parametrize("holder", ["process 1", "6f1c1f0e-6f0b-4f53-9b0e-0d1f6a1f5a10"])
def test_a_dead_holder_that_the_server_does_not_know_is_passed_over_in_silence(holder: str) -> None:
    say_lost(holder)  # outside a run there is no log to complain in: a word would be an error


# --- what the operator reads ----------------------------------------------------------------------


def test_the_summary_tells_what_came_what_did_not_and_what_changed(
    run_warehouse: Any, published: duckdb.DuckDBPyConnection
) -> None:
    summary: RunSummary = run_warehouse.summary
    before = {
        ("150571", "2022Q3", "gdp"): ("107.90 亿元", 3.3),
        ("CN", "2024Q4", "gdp"): ("1348066.2 亿元", 5.0),
    }
    text = tell_run(published, summary, run_warehouse.folder, before)
    for words in (
        f"**{summary.describe()}**", "| 150571 2022Q3 | 21 | 21 / 0 / 0 |", "107.92 亿元 | +3.4 % | 原 was 107.90 亿元，+3.3 % |",
        "1348066.2 亿元 | +5.0 % |", "Value added of industry above designated size | — | −2.0 % | 新 new |", "Data Docs: `",
    ):  # fmt: skip
        assert words in text, words
    assert list_open(published) is not None


def test_the_chart_is_a_picture_with_the_figures_of_the_view(
    run_warehouse: Any, published: duckdb.DuckDBPyConnection
) -> None:
    import xml.etree.ElementTree as Tree

    picture = draw_sectors(published, run_warehouse.summary.run)
    assert picture is not None
    words = [e.text for e in Tree.fromstring(picture).iter() if e.text]
    assert {"+0.05", "+0.99", "+2.36", "+4.1 %", "+2.7 %", "+3.8 %", "占比 share 62.4 %"} <= set(
        words
    )
    assert draw_sectors(published, "a run that was not") is None


def test_data_docs_fetch_nothing_from_elsewhere_and_list_every_suite(run_warehouse: Any) -> None:
    docs = run_warehouse.folder / "data_docs"
    pages = list(docs.rglob("*.html"))
    assert len(pages) > 40
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<(?:script|link)[^>]*(?:src|href)=.https?://", text), page
        assert "<style>" in text
    index = (docs / "index.html").read_text(encoding="utf-8")
    links = re.findall(
        r'href="([^"]+)">(\w+)</a></td><td class="n">(\d+)</td><td class="n (?:good|bad)">(\d+)',
        index,
    )
    assert all((docs / link).is_file() for link, *_ in links)
    assert {name: int(broken) for _, name, _, broken in links}["contract_ledger_rows"] == 1
    assert len(links) > 30


def test_links_lead_to_the_documents_where_they_are_served(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "replies/150571/2022Q3/a b.xlsx"
    monkeypatch.delenv("JIBAO_FILES_URL", raising=False)
    assert link("x", tmp_path, path) == f"x: `{path}`"
    monkeypatch.setenv("JIBAO_FILES_URL", "http://here/")
    assert link("x", tmp_path, path) == "[x](http://here/replies/150571/2022Q3/a%20b.xlsx)"
    monkeypatch.setenv("JIBAO_FILES_URL", "http://here:1/?token=abc")
    assert (
        link("x", tmp_path, path) == "[x](http://here:1/replies/150571/2022Q3/a%20b.xlsx?token=abc)"
    )


# --- the home and the household -------------------------------------------------------------------


def test_a_worker_without_a_home_is_told_which_variable_to_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JIBAO_HOME", str(tmp_path))
    with pytest.raises(
        FileNotFoundError,
        match=r"JIBAO_HOME is .*, which is no folder of jibao \(it has no prefect\.yaml\): set JIBAO_HOME",
    ):
        find_home()
    monkeypatch.delenv("JIBAO_HOME")
    monkeypatch.chdir(tmp_path)
    assert (Path(enter_home()["directory"]) / "prefect.yaml").is_file(), (
        "without the variable, where the package stands"
    )
    assert Path.cwd() == find_home()


def test_children_end_and_a_port_that_is_taken_is_passed_over(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert find_port(port) > port
        with pytest.raises(OSError, match="is free on 127"):
            find_port(port, 1)
    script = "import subprocess, sys, time; print('here', flush=True); time.sleep(60)"
    code = f"""
import os, sys
from pathlib import Path
from flows.processes import Household
house = Household(Path({str(tmp_path)!r}) / "logs")
house.start("child", [sys.executable, "-c", {script!r}], os.environ, Path.cwd())
import time; time.sleep(1.5)
assert house.find_dead() is None and "here" in house.read_log("child")
pid = house.children["child"].pid
house.stop(5)
assert not Path(f"/proc/{{pid}}").exists() and not house.children
print("ended")
"""
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.strip() == "ended", done.stderr
