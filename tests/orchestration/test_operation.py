"""`jibao up` with a real server and worker on loopback, and everything that can happen to a run.

One installation serves the module, and each test begins with it as `up` leaves it, in whatever order they come:
no run at work, three submissions sent and published. A test waits for what it describes to come about, by asking
Prefect's API and looking at the warehouse. The runs that are broken off here are of the small standard set;
`test_quarterly.py` kills a run at each of its stages.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import json
import os
import re
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.cases import chance, few_or_many
from tests.orchestration.installation import (
    SENT,
    Installation,
    command_of,
    held_half_way,
    installed,
    tree_of,
    wait_for,
    warehouse_taken,
)
from tests.runs import FILES, contents_of, write_raw

pytestmark = pytest.mark.torture


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One for the module; a test takes it as `up` or `unpublished`."""
    with installed(tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture(scope="module")
def standard(tmp_path_factory: pytest.TempPathFactory, run_quarter: Callable[..., Any]) -> Path:
    """The warehouse that a run over the submissions sent leaves. Copy it; never write to it."""
    base = tmp_path_factory.mktemp("standard")
    run_quarter(write_raw(base / "raw", {name: FILES[name] for name in SENT}), base / "warehouse")
    return base / "warehouse"


@pytest.fixture
def up(installation: Installation, standard: Path) -> Installation:
    """The installation, with what was sent published."""
    installation.settle(standard)
    return installation


@pytest.fixture
def unpublished(installation: Installation) -> Installation:
    """The installation before its first run."""
    installation.settle(None)
    return installation


# --- what stands there --------------------------------------------------------------------------


def test_everything_is_deployed(up: Installation) -> None:
    found = up.deployments()
    assert set(found) >= {
        "quarterly",
        "pick-up",
        "watch",
        "quality",
        "backfill",
        "rebuild",
        "revalidate",
        "maintain",
    }
    for name, deployment in found.items():
        zh, _, en = deployment["description"].partition("\n\n")
        assert (
            any("\u4e00" <= c <= "\u9fff" for c in zh)
            and sum(word.isascii() for word in en.split()) > 5
        ), name
        assert {"jibao", name} <= set(deployment["tags"])
        assert deployment["work_pool_name"] == "jibao"
        assert deployment["global_concurrency_limit"]["limit"] == 1, f"{name} runs one at a time"
        for parameter, schema in deployment["parameter_openapi_schema"]["properties"].items():
            assert " · " in schema.get("description", ""), (
                f"{name}: {parameter} says in two languages what it is"
            )
    crons = {name: s["schedule"] for name, d in found.items() for s in d["schedules"]}
    assert {name: s["cron"] for name, s in crons.items()} == {
        "quarterly": "0 9 20 1,4,7,10 *",
        "pick-up": "30 7 * * *",
        "watch": "0 * * * *",
        "quality": "0 8 * * 1",
    }
    assert {s["timezone"] for s in crons.values()} == {"Asia/Shanghai"}
    for name in ("quarterly", "revalidate"):
        forms = found[name]["parameter_openapi_schema"]["properties"]["forms"]
        assert "gdp" in json.dumps(forms), "the UI offers the forms there are"
    assert found["revalidate"]["entrypoint"] == "flows/revalidate.py:revalidate"
    assert found["revalidate"]["parameters"] == {
        "raw": "raw",
        "warehouse": "warehouse",
        "apply": False,
    }, "by itself it changes nothing"
    [pool] = up.ask("/work_pools/filter", {})
    assert (pool["name"], pool["type"]) == ("jibao", "process")
    automations = {a["name"] for a in up.ask("/automations/filter", {})}
    assert automations == {
        "jibao: a file that arrives starts a pick-up",
        "jibao: a run without a sign of life is marked as crashed",
        "jibao: whoever is named is told of a red run",
    }


def test_a_wrong_parameter_is_refused_before_a_run_starts(up: Installation) -> None:
    of = up.deployments()["quarterly"]["id"]
    with pytest.raises(urllib.error.HTTPError) as refused:
        up.ask(
            f"/deployments/{of}/create_flow_run",
            {"parameters": {"forms": ["gpd"]}, "enforce_parameter_schema": True},
        )
    assert refused.value.code in (409, 422)
    assert "gpd" in refused.value.read().decode()


def test_the_server_answers_nobody_without_the_password(up: Installation) -> None:
    """Basic auth is on: `up` shows the address and the password once."""
    wrong = base64.b64encode(b"jibao:wrong").decode()
    for path in ("/deployments/filter", "/artifacts/filter", "/block_documents/filter"):
        for headers in ({}, {"authorization": f"Basic {wrong}"}):
            request = urllib.request.Request(
                f"{up.url}/api{path}", b"{}", {"content-type": "application/json", **headers}
            )
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(request, timeout=60)
            assert refused.value.code == 401
    assert len(up.password) > 30 and up.password.startswith("jibao:")
    with urllib.request.urlopen(f"{up.url}/ui-settings", timeout=60) as answer:
        assert json.load(answer)["auth"] == "BASIC", "the UI asks for it"


def test_no_password_is_in_a_log_a_record_or_a_file(up: Installation) -> None:
    """After a real run of a worker: what server, worker and run have written down, and everything that is published.
    The token for documents stands in the links of artifacts, which the server shows to who has the password.
    """
    assert up.end_of(up.start("pick-up"))["type"] == "COMPLETED"
    token = re.findall(r"token=([\w-]+)", (up.home / "up.log").read_text())[0]
    secret = up.password.partition(":")[2]
    written = {
        p.relative_to(up.home).as_posix(): p.read_bytes()
        for p in up.home.rglob("*")
        if p.is_file() and not p.is_symlink() and p.name != "up.log"
    }
    assert {"server.log", "worker.log", "prefect.db"} <= {Path(name).name for name in written}
    whole = base64.b64encode(up.password.encode()).rstrip(b"=")
    assert [n for n, text in written.items() if secret.encode() in text or whole in text] == []
    links = [name for name, text in written.items() if token.encode() in text]
    assert [name for name in links if "prefect.db" not in name] == []


# --- a schedule, and a file that arrives ----------------------------------------------------------


def test_a_schedule_starts_a_run_and_the_operator_sees_what_it_did(
    unpublished: Installation,
) -> None:
    up = unpublished
    before = [run["id"] for run in up.runs_of("quarterly")]
    of = up.deployments()["quarterly"]["id"]
    soon = (dt.datetime.now(dt.UTC) + dt.timedelta(seconds=4)).isoformat()
    schedule = {
        "schedule": {"interval": 864000, "anchor_date": soon, "timezone": "Asia/Shanghai"},
        "active": True,
    }
    [made] = up.ask(f"/deployments/{of}/schedules", [schedule])
    try:
        [run] = wait_for("the scheduled run", lambda: up.runs_of("quarterly", *before))
    finally:
        up.ask(f"/deployments/{of}/schedules/{made['id']}", method="DELETE")
    assert run["auto_scheduled"] is True
    state = up.end_of(run["id"])
    assert (state["type"], state["name"]) == ("COMPLETED", "Completed with findings"), state[
        "message"
    ]
    assert state["message"].startswith("3 files, 0 unchanged; 1 accepted; 1 partial; 1 rejected; ")
    assert up.run(run["id"])["name"] == (
        "quarterly · 150571/2022Q1/gdp.csv, 150571/2022Q2/gdp.csv, CN/2022Q2/gdp.csv in raw"
        " · Completed with findings"
    )

    shown = up.artifacts(run["id"])
    assert {"run-summary", "quarantined-rows", "lineage"} <= set(shown)
    summary = shown["run-summary"]["data"]
    for words in (
        "整份退回 rejected** `150571/2022Q1/gdp.csv`",
        "部分入库 partial** `150571/2022Q2/gdp.csv`",
        "“39.l2” is not a number",
        "/replies/150571/2022Q2/gdp.",
        "575787.9 亿元 | +2.5 % | 新 new",
        "| CN 2022Q2 | 1 | 1 / 0 / 0 | 4 / 4 / 0 |",
    ):
        assert words in summary, words
    held = json.loads(shown["quarantined-rows"]["data"])
    assert [row["单元格_cell"] for row in held if row["规则_rule"] == "VALUE-NUMBER"] == ["C4"]
    for words in (
        "- `raw/150571/2022Q1/gdp.csv` … (3) → gdp → `core.observation`：读 read 12，未入库 held 5，入库 accepted 7\n",
        "| `core.observation` | raw | 7 |",
        "| `metrics.sector_growth` |",
    ):
        assert words in shown["lineage"]["data"], words
    link = summary.partition("Site](")[2].partition(")")[0]
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    for page in (link, link.replace("published/site/index", "data_docs/index")):
        with browser.open(page, timeout=30) as answer:
            assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError):
        browser.open(link.replace("published/site/index.html", "jibao.duckdb"), timeout=30)
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(link.partition("?")[0], timeout=30)


def test_a_file_that_arrives_starts_a_run_when_it_is_whole(up: Installation) -> None:
    before = [run["id"] for run in up.runs_of("pick-up")]
    watcher = up.start("watch", minutes=3)
    wait_for("the watcher", lambda: up.run(watcher)["state"]["type"] == "RUNNING")
    wait_for(
        "its first look",
        lambda: (
            "watching"
            in json.dumps(up.ask("/logs/filter", {"logs": {"flow_run_id": {"any_": [watcher]}}}))
        ),
    )
    content = FILES["150571/2022Q3/gdp.csv"]
    arriving = up.home / "raw/150571/2022Q3/gdp.csv"
    arriving.parent.mkdir(parents=True)
    (arriving.with_name("~$gdp.xlsx")).write_text("lock")
    (arriving.with_name("income.xlsx.part")).write_text("half")
    with arriving.open("w", encoding="utf-8") as copy:  # slowly, line by line
        for line in content.splitlines(keepends=True):
            copy.write(line)
            copy.flush()
            time.sleep(0.4)
    # the watcher looks back: for the files that came before it, there is a run that finds nothing new
    run = wait_for(
        "the run that takes it",
        lambda: [r for r in up.runs_of("pick-up", *before) if r["state"]["name"] == "Completed"],
    )[0]
    assert {r["created_by"]["type"] for r in up.runs_of("pick-up", *before)} == {"AUTOMATION"}
    chart = up.artifacts(run["id"])["sector-chart"]
    kind, _, picture = chart["data"].partition(",")
    assert (chart["type"], kind) == ("image", "data:image/svg+xml;base64")
    assert (
        "150571" not in (svg := base64.b64decode(picture).decode())
        and "通辽经济技术开发区 2022Q3 三次产业拉动" in svg
    )
    rows = up.query(
        "select path, status, rows_accepted from ledger.submission where period = '2022Q3'"
    )
    assert rows == [("150571/2022Q3/gdp.csv", "accepted", 4)], (
        "the whole file, and no half of another"
    )
    events = up.ask(
        "/events/filter",
        {
            "filter": {
                "event": {"name": ["jibao.submission.received"]},
                "occurred": {"since": "2020-01-01T00:00:00Z"},
            }
        },
    )
    files = [e["payload"]["files"] for e in events["events"]]
    assert ["150571/2022Q3/gdp.csv"] in files
    up.ask(f"/flow_runs/{watcher}/set_state", {"state": {"type": "CANCELLING"}})


# --- what can happen to a run ---------------------------------------------------------------------


def test_a_red_run_says_what_to_do_and_whoever_is_named_is_told(up: Installation) -> None:
    before = tree_of(up.warehouse)
    run = up.start("quarterly", raw="nowhere")
    state = up.end_of(run)
    assert (state["type"], state["name"]) == ("FAILED", "Failed")
    words = up.artifacts(run)["what-to-do"]["data"]
    for said in (
        "there is no folder nowhere; submissions are looked for there",
        "look at space, permissions",
        "运行未成功",
    ):
        assert said in words, words
    # at least once: Prefect's server does an action again whose success it could not note
    messages = wait_for(
        "the notification",
        lambda: [t for t in up.told if f"/runs/flow-run/{run}" in t["message"]],
    )
    assert {message["title"] for message in messages} == {
        "季报运行 Failed · jibao: quarterly Failed"
    }
    assert "whatever is new in nowhere" in messages[0]["message"]
    assert tree_of(up.warehouse) == before
    # the server writes task runs down from events, a moment after they happen
    known = {"flow_runs": {"id": {"any_": [run]}}}
    tasks = wait_for(
        "its task",
        lambda: (
            (t := up.ask("/task_runs/filter", known)) and all(task["end_time"] for task in t) and t
        ),
    )
    assert [(t["name"], t["run_count"]) for t in tasks] == [("receive nowhere", 1)], (
        "what waiting cannot mend is not tried again"
    )


def test_a_worker_killed_half_way_a_crash_that_is_told_and_a_run_that_goes_on(
    up: Installation,
) -> None:
    before = tree_of(up.warehouse)
    with held_half_way(up) as (run, pid):
        assert run in (up.warehouse / ".lock").read_text()
        worker = up.children()["worker"]
        os.kill(worker, signal.SIGKILL)  # the machine loses its power
        os.kill(pid, signal.SIGKILL)
    assert tree_of(up.warehouse) == before, "readers have what they had"
    wait_for("another worker", lambda: up.children().get("worker", worker) != worker)
    # the lock of the dead is free at once, and whoever takes it says what became of them
    following = up.start("pick-up")
    assert up.end_of(following)["type"] == "COMPLETED"
    state = up.run(run)["state"]
    assert state["type"] == "CRASHED"
    assert "its process died; the warehouse is unchanged, run again" in state["message"]
    told = wait_for(
        "the notification",
        lambda: [t for t in up.told if f"/runs/flow-run/{run}" in t["message"]],
    )[0]
    assert "rebuild · everything in raw" in told["message"]
    assert told["title"] == "季报运行 Crashed · jibao: quarterly Crashed"


def test_a_workers_run_killed_at_random_moments_leaves_one_copy_whole(up: Installation) -> None:
    """The run alone, or its worker with it. A rebuild gives what stood, so that old and new are one copy."""

    def tables() -> dict[str, Any]:
        return {part: rows for part, rows in contents_of(up.warehouse).items() if "." in part}

    source, standing = chance("a worker's run"), tables()
    exports = contents_of(up.warehouse)["exports"]
    for number in range(few_or_many(2, 8)):
        after_s = source.uniform(0, 25)
        run = up.start("rebuild")
        pid = wait_for("its process", lambda run=run: up.process_of(run))
        worker = up.children()["worker"]
        time.sleep(after_s)
        for doomed in (pid, worker) if number % 2 else (pid,):
            with contextlib.suppress(ProcessLookupError):  # the run is over
                os.kill(doomed, signal.SIGKILL)
        assert tables() == standing, "one copy whole"
        assert contents_of(up.warehouse)["exports"] in (exports, {})
        if number % 2:
            wait_for("another worker", lambda old=worker: up.children().get("worker", old) != old)
        assert up.end_of(up.start("pick-up"))["type"] == "COMPLETED"
        found = contents_of(up.warehouse)
        assert (tables(), found["exports"]) == (standing, exports), "the next run gives what is due"
        assert "work" not in found["left behind"] and not command_of(pid)
        print(f"killed after {after_s:.2f} s with{'' if number % 2 else 'out'} its worker")


def test_a_run_whose_process_died_is_missed_though_no_other_follows(up: Installation) -> None:
    """By its silence: it waited for the warehouse, and so has shown a sign of life and said where it stands."""
    with warehouse_taken(up.warehouse):
        run = up.start("rebuild")
        wait_for("a run that waits", lambda: up.run(run)["state"]["name"] == "Waiting")
        pid = wait_for("its process", lambda: up.process_of(run))
        os.kill(pid, signal.SIGSTOP)  # its worker would say of a dead one that it crashed
        state = wait_for("its end", lambda: (s := up.run(run)["state"])["type"] == "CRASHED" and s)
        os.kill(pid, signal.SIGKILL)
    assert "its process died; the warehouse is unchanged, run again" in state["message"]


def test_two_runs_started_together_and_a_server_that_restarts_meanwhile(up: Installation) -> None:
    """Both wait and say for whom; the server is killed and comes back; both end, one after the other."""
    with warehouse_taken(up.warehouse):
        runs = [up.start("rebuild"), up.start("quarterly")]
        for run in runs:
            state = wait_for(
                "a run that waits",
                lambda run=run: (s := up.run(run)["state"])["name"] == "Waiting" and s,
            )
            assert state["message"] == (
                "等待：warehouse 正由 a test 写入 · waiting: warehouse is being written by a test"
            )
        server = up.children()["server"]
        os.killpg(server, signal.SIGKILL)
        wait_for(
            "another server",
            lambda: up.children().get("server", server) != server and up.ask("/health"),
        )
    assert sorted(up.end_of(run)["name"] for run in runs) in (
        ["Completed with findings", "Nothing new"],
        ["Completed with findings", "Completed with findings"],
    )
    [(files, copies)] = up.query(
        "select count(*), count(distinct submission) from ledger.submission"
    )
    assert files == copies == len(SENT), "no file twice"


def test_a_run_that_is_cancelled_leaves_the_warehouse_as_it_was(up: Installation) -> None:
    before = tree_of(up.warehouse)
    with held_half_way(up) as (run, _):
        up.ask(f"/flow_runs/{run}/set_state", {"state": {"type": "CANCELLING"}})
        assert up.end_of(run)["type"] == "CANCELLED"
    assert not (up.warehouse / "work").exists(), "nothing is left of it"
    assert tree_of(up.warehouse) == before
    following = up.start("rebuild")
    assert up.end_of(following)["name"] == "Completed with findings"


# --- the others -----------------------------------------------------------------------------------


def test_a_backfill_takes_quarter_after_quarter_and_passes_over_what_is_there(
    up: Installation,
) -> None:
    for period in ("2021Q3", "2021Q2"):
        path = up.home / f"raw/CN/{period}/gdp.csv"
        path.parent.mkdir(parents=True)
        path.write_text(FILES["CN/2022Q2/gdp.csv"], encoding="utf-8")
    run = up.start("backfill", first="2021Q1", last="2022Q2")
    assert up.end_of(run)["type"] == "COMPLETED"
    told = up.artifacts(run)["backfill"]["data"]
    for words in (
        "| 2021Q1 | 无报送文件",
        "| 2021Q2 | 1 files, 0 unchanged; 1 accepted",
        "| 2021Q3 | 1 files, 0 unchanged",
        "| 2022Q2 | 已在仓库",
    ):
        assert words in told, told
    bar = up.artifacts(run)["progress"]
    assert (bar["type"], float(bar["data"])) == ("progress", 100.0)
    parts = up.ask(
        "/flow_runs/filter",
        {"flow_runs": {"parent_flow_run_id": {"any_": [run]}}, "sort": "START_TIME_ASC"},
    )
    assert [part["parameters"]["periods"] for part in parts] == [["2021Q2"], ["2021Q3"]], (
        "oldest first, and only what is new"
    )


def test_a_quality_report_says_what_needs_attention(up: Installation) -> None:
    run = up.start("quality")
    state = up.end_of(run)
    assert state["name"] == "Completed with findings", state["message"]
    shown = up.artifacts(run)
    assert {row["文件_file"] for row in json.loads(shown["to-be-mended"]["data"])} >= {
        "150571/2022Q1/gdp.csv",
        "150571/2022Q2/gdp.csv",
    }
    assert "正在报送" in shown["quality-report"]["data"]


def test_ctrl_c_stops_everything(tmp_path: Path) -> None:
    """Nothing is left running, and no run either: an installation of its own, which is over afterwards."""
    with installed(tmp_path) as up:
        with warehouse_taken(up.warehouse):
            run = up.start("rebuild")
            wait_for("a run at work", lambda: up.run(run)["state"]["name"] == "Waiting")
            at_work = wait_for("its process", lambda: up.process_of(run))
            started = [*up.children().values(), up.process.pid, at_work]
            up.process.send_signal(signal.SIGINT)
            assert up.process.wait(90) == 0
        assert "stopped; nothing is left running" in (up.home / "up.log").read_text()
        for pid in started:
            assert not Path(f"/proc/{pid}").exists()
        left = [p.name for p in Path("/proc").glob("[0-9]*") if str(up.home) in command_of(p.name)]
        assert left == []
        with pytest.raises(OSError):
            up.ask("/health")
