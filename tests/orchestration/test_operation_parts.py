"""Operation, its parts without a server of their own: arrivals, faults, retries, links, the home, the processes of `jibao up`."""

from __future__ import annotations

import errno
import io
import os
import re
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.cli.up import Children, find_port
from flows.forms.catalogue import load_catalogue
from flows.model.errors import BuildError, WarehouseError
from flows.model.home import find_home
from flows.orchestration.chart import draw_sectors
from flows.orchestration.faults import AGAIN, can_heal, remedy_of
from flows.orchestration.home import enter_home
from flows.orchestration.report import link, list_open, tell_run
from flows.orchestration.summary import RunSummary
from flows.orchestration.tasks import as_task, in_flow
from flows.receive import step as receiving
from flows.receive.arrivals import Arrivals, is_whole
from flows.receive.step import Selection
from tests.asking import wait_for

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
        (TimeoutError("x"), "with fewer zones or quarters, because it begins from the start"),
        (KeyError("x"), "give the log to the developers"),
    ],
)
def test_a_fault_comes_with_what_to_do_in_two_languages(fault: Exception, words: str) -> None:
    remedy = remedy_of(fault)
    assert words in remedy.en
    assert any("\u4e00" <= c <= "\u9fff" for c in remedy.zh)


def test_no_remedy_promises_that_a_run_goes_on_where_another_stopped() -> None:
    """Between two runs nothing is kept but what was published."""
    kinds = (BuildError, WarehouseError, TimeoutError, OSError, ValueError, KeyError)
    for text in (AGAIN, *(remedy_of(kind("x")) for kind in kinds)):
        assert not re.search("what is left|goes on|where it stopped", text.en), text.en
        assert not re.search("剩下|剩余|继续|接着", text.zh), text.zh
    assert "it takes all that was not published, from the start" in AGAIN.en
    assert "尚未发布的报送全部从头处理" in AGAIN.zh


@pytest.mark.torture
def test_a_backfill_that_stops_half_way_goes_on_where_it_was(
    run_quarter: Callable,
    make_raw: Callable,
    small_files: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The quarters before the one that failed stay; those that are there are not read again."""
    from flows.backfill import run_quarters
    from flows.read import step as read

    warehouse = tmp_path / "warehouse"

    def backfill() -> dict[str, str]:
        return run_quarters(
            "2021Q1",
            "2021Q4",
            raw,
            warehouse,
            Selection(),
            lambda period: run_quarter(raw, warehouse, periods=[period]),
        )

    quarters = ("2021Q2", "2021Q3", "2021Q4")
    raw = make_raw(
        {f"CN/{period}/gdp.csv": small_files["CN/2022Q2/gdp.csv"] for period in quarters}
    )
    real, taken = read.read_form, list[str]()

    def stumble(form: Any, submissions: Any, *more: Any, **how: Any) -> None:
        taken.extend(s.period for s in submissions)
        if taken[-1] == "2021Q3":
            raise OSError(errno.ENOSPC, "no space left on device")
        real(form, submissions, *more, **how)

    monkeypatch.setattr(read, "read_form", stumble)
    with pytest.raises(OSError, match="no space left"):
        backfill()
    assert taken == ["2021Q2", "2021Q3"], "oldest first, and no further than the one that failed"
    monkeypatch.setattr(
        read,
        "read_form",
        lambda form, submissions, *more, **how: (
            taken.extend(s.period for s in submissions),
            real(form, submissions, *more, **how),
        ),
    )
    taken.clear()
    told = backfill()
    assert taken == ["2021Q3", "2021Q4"]
    assert told["2021Q1"].startswith("无报送文件") and told["2021Q2"].startswith("已在仓库")
    with duckdb.connect(str(tmp_path / "warehouse/jibao.duckdb"), read_only=True) as con:
        assert con.execute(
            "select period, count(*) from core.observation group by all order by all"
        ).fetchall() == [(q, 4) for q in quarters]


# --- what the operator reads ----------------------------------------------------------------------


def test_the_summary_tells_what_came_what_did_not_and_what_changed(
    run_warehouse: Any, published: duckdb.DuckDBPyConnection
) -> None:
    summary: RunSummary = run_warehouse.summary
    before = {
        ("150571", "2022Q3", "gdp"): ("107.90 亿元", 3.3),
        ("CN", "2024Q4", "gdp"): ("1348066.2 亿元", 5.0),
    }
    text = tell_run(published, replace(summary, before=before), run_warehouse.folder)
    for words in (
        f"**{summary.describe()}**",
        "| 150571 2022Q3 | 21 | 21 / 0 / 0 |",
        "107.92 亿元 | +3.4 % | 原 was 107.90 亿元，+3.3 % |",
        "1348066.2 亿元 | +5.0 % |",
        "Value added of industry above designated size | — | −2.0 % | 新 new |",
        "Data Docs: `",
    ):
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


# --- the home and the processes -------------------------------------------------------------------


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


def test_a_port_that_is_taken_is_passed_over() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert find_port(port) > port
        with pytest.raises(OSError, match="is free on 127"):
            find_port(port, 1)


def test_children_are_started_again_and_end_with_all_that_they_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child that ignores the request to end, and a grandchild in its group, are killed."""
    monkeypatch.setattr("flows.cli.up._PREFECT", [sys.executable, "-c"])
    monkeypatch.setattr("flows.cli.up._STOP_S", 0.5)
    children = Children(tmp_path, tmp_path / "logs")
    script = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid, flush=True)
time.sleep(60)
"""
    children.start("child", [script])
    log = tmp_path / "logs" / "child.log"
    grandchild = int(wait_for("a grandchild", lambda: log.read_text().strip(), 30))
    assert children.restart_dead() is None
    children.running["child"].kill()
    children.running["child"].wait()
    assert children.restart_dead() == "child"
    wait_for("its end", lambda: not is_alive(grandchild), 5)
    grandchild = int(wait_for("another", lambda: log.read_text().split()[1:], 30)[0])
    children.stop()
    assert children.running["child"].poll() is not None
    wait_for("its end", lambda: not is_alive(grandchild), 5)

    children.start("short", ["print('no port is free')"])
    with pytest.raises(ChildProcessError, match=r"(?s)the short ends by itself.*no port is free"):
        for _ in range(100):
            children.restart_dead()
            time.sleep(0.1)
    children.stop()


def test_what_was_settled_is_started_again_however_often_it_had_an_accident(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The eighth of the random kills of workers' runs was the fourth of a worker, and nobody started another."""
    monkeypatch.setattr("flows.cli.up._PREFECT", [sys.executable, "-c"])
    monkeypatch.setattr("flows.cli.up._SETTLED_S", 0)
    children = Children(tmp_path, tmp_path / "logs")
    children.start("child", ["import time; time.sleep(60)"])
    for _ in range(5):
        children.running["child"].kill()
        children.running["child"].wait()
        assert children.restart_dead() == "child"
    children.stop()


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended and that nobody has asked for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_outside_of_a_flow_a_step_is_a_function() -> None:
    assert not in_flow()
    calls: list[bool] = []
    as_task("a step")(lambda: calls.append(in_flow()))()
    assert calls == [False]
