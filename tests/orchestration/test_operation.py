"""`jibao up` with a real server and worker on loopback, and everything that can happen to a run.

The installation is started once for the module; each test waits for what it describes to come about, by
asking Prefect's API and looking at the warehouse. The runs that are broken off here are of the small
standard set; `test_quarterly.py` kills a run at each of its stages.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import fcntl
import functools
import http.server
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import SQL_DIR
from flows.cli.up import find_port
from tests import asking

REPOSITORY = Path(SQL_DIR).parent
pytestmark = pytest.mark.torture
PATIENCE_S = 480  # on a machine that does other things as well
RED = {"FAILED", "CRASHED", "CANCELLED"}


@dataclass
class Installation:
    """A folder with everything, what `jibao up` started for it, and what was told to whoever asked for it."""

    home: Path
    url: str
    process: subprocess.Popen[str]
    told: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """Prefect's API."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.url}/api{path}", data, {"content-type": "application/json"}, method=method
        )
        for _ in range(30):
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.loads(answer.read() or b"null")
            except urllib.error.HTTPError as error:
                if error.code != 503:  # a busy SQLite: come again
                    raise
                time.sleep(1)
        raise AssertionError(f"{path}: the server is too busy to answer")

    def deployments(self) -> dict[str, dict[str, Any]]:
        return {d["name"]: d for d in self.ask("/deployments/filter", {})}

    def start(self, deployment: str, **parameters: Any) -> str:
        """A run of a deployment, as the button in the UI starts it; its id."""
        of = self.deployments()[deployment]["id"]
        return str(
            self.ask(
                f"/deployments/{of}/create_flow_run",
                {"parameters": parameters, "state": {"type": "SCHEDULED"}},
            )["id"]
        )

    def run(self, run: str) -> dict[str, Any]:
        with contextlib.suppress(OSError):  # a server that restarts
            return dict(self.ask(f"/flow_runs/{run}"))
        return {"state": {"type": "?", "name": "?", "message": ""}}

    def runs_of(self, deployment: str, *but: str) -> list[dict[str, Any]]:
        of = self.deployments()[deployment]["id"]
        found = self.ask(
            "/flow_runs/filter",
            {"flow_runs": {"deployment_id": {"any_": [of]}}, "sort": "START_TIME_DESC"},
        )
        return [
            run for run in found if run["id"] not in but and run["state"]["type"] != "SCHEDULED"
        ]

    def end_of(self, run: str) -> dict[str, Any]:
        """The state that a run ends in."""
        return wait_for(
            f"the end of {run}",
            lambda: (
                (s := self.run(run)["state"])["type"] in {"COMPLETED", *RED}
                and self.process_of(run) is None
                and s
            ),
        )

    def artifacts(self, run: str) -> dict[str, dict[str, Any]]:
        found = self.ask("/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run]}}})
        return {artifact["key"]: artifact for artifact in found}

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse"

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.warehouse / "jibao.duckdb"), read_only=True) as con:
            return con.execute(sql).fetchall()

    def children(self) -> dict[str, int]:
        """What `jibao up` started, by what its command line says."""
        pids = (
            Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        )
        return {
            "worker" if "worker" in said else "server": int(pid)
            for pid in pids
            if (said := command_of(pid)) and "prefect" in said
        }

    def process_of(self, run: str) -> int | None:
        """The process in which a run works."""
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f"FLOW_RUN_ID={run}".encode() in (
                    folder / "environ"
                ).read_bytes() and "engine" in command_of(folder.name):
                    return int(folder.name)
        return None


def command_of(pid: int | str) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


wait_for = functools.partial(asking.wait_for, patience_s=PATIENCE_S)


@contextlib.contextmanager
def listen(told: list[dict[str, Any]]) -> Iterator[str]:
    """An HTTP receiver of notifications; its Apprise address."""

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"json://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.fixture(scope="module")
def up(
    tmp_path_factory: pytest.TempPathFactory, write_raw: Callable, small_files: dict[str, str]
) -> Iterator[Installation]:
    """`jibao up` over a folder with the code of the repository and raw files of its own."""
    home = tmp_path_factory.mktemp("home")
    for name in ("flows", "sql", "prefect.yaml"):
        (home / name).symlink_to(REPOSITORY / name)
    kept = ("CN/2022Q2/gdp.csv", "150571/2022Q2/gdp.csv", "150571/2022Q1/gdp.csv")
    write_raw(home / "raw", {name: small_files[name] for name in kept})
    told: list[dict[str, Any]] = []
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")} | {
        "JIBAO_HOME": str(home), "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2", "PREFECT_LOGGING_LEVEL": "INFO",
    }  # fmt: skip
    port = find_port(4330)
    log = (home / "up.log").open("w")
    with listen(told) as address:
        command = [
            str(Path(sys.executable).with_name("jibao")),
            "up",
            "--port",
            str(port),
            "--notify",
            address,
        ]
        process = subprocess.Popen(
            [*command, "--lost-after", "75", "--no-watch"],
            env=environment,
            cwd=home,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            wait_for(
                "jibao up",
                lambda: (
                    "stops all of it" in (home / "up.log").read_text() or process.poll() is not None
                ),
            )
            assert process.poll() is None, (home / "up.log").read_text()
            yield Installation(home, f"http://127.0.0.1:{port}", process, told)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(90)
            finally:
                process.kill()
                log.close()


@contextlib.contextmanager
def warehouse_taken(warehouse: Path) -> Iterator[None]:
    """Somebody else is writing."""
    with (warehouse / ".lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write("a test")
        lock.flush()
        yield


def tree_of(warehouse: Path) -> dict[str, bytes]:
    """What readers have."""
    paths = [warehouse / "jibao.duckdb", *sorted((warehouse / "published").rglob("*"))]
    return {str(path): path.read_bytes() for path in paths if path.is_file()}


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
        "quarterly": "0 9 20 1,4,7,10 *", "pick-up": "30 7 * * *", "watch": "0 * * * *", "quality": "0 8 * * 1",
    }  # fmt: skip
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


# --- a schedule, and a file that arrives ----------------------------------------------------------


def test_a_schedule_starts_a_run_and_the_operator_sees_what_it_did(up: Installation) -> None:
    of = up.deployments()["quarterly"]["id"]
    soon = (dt.datetime.now(dt.UTC) + dt.timedelta(seconds=4)).isoformat()
    schedule = {
        "schedule": {"interval": 864000, "anchor_date": soon, "timezone": "Asia/Shanghai"},
        "active": True,
    }
    [made] = up.ask(f"/deployments/{of}/schedules", [schedule])
    [run] = wait_for("the scheduled run", lambda: up.runs_of("quarterly"))
    assert run["auto_scheduled"] is True
    state = up.end_of(run["id"])
    up.ask(f"/deployments/{of}/schedules/{made['id']}", method="DELETE")
    assert (state["type"], state["name"]) == ("COMPLETED", "Completed with findings"), state[
        "message"
    ]
    assert state["message"].startswith("3 files, 0 unchanged; 1 accepted; 1 partial; 1 rejected; ")
    assert up.run(run["id"])["name"] == "quarterly · whatever is new in raw"

    shown = up.artifacts(run["id"])
    assert {"run-summary", "quarantined-rows", "lineage"} <= set(shown)
    summary = shown["run-summary"]["data"]
    for words in (
        "整份退回 rejected** `150571/2022Q1/gdp.csv`", "部分入库 partial** `150571/2022Q2/gdp.csv`", "“39.l2” is not a number",
        "/replies/150571/2022Q2/gdp.", "575787.9 亿元 | +2.5 % | 新 new", "| CN 2022Q2 | 1 | 1 / 0 / 0 | 4 / 4 / 0 |",
    ):  # fmt: skip
        assert words in summary, words
    held = json.loads(shown["quarantined-rows"]["data"])
    assert [row["单元格_cell"] for row in held if row["规则_rule"] == "VALUE-NUMBER"] == ["C4"]
    for words in (
        "- `raw/150571/2022Q1/gdp.csv` … (3) → gdp → `core.observation`：读 read 12，未入库 held 5，入库 accepted 7\n",
        "| `core.observation` | raw | 7 |", "| `metrics.sector_growth` |",
    ):  # fmt: skip
        assert words in shown["lineage"]["data"], words
    link = summary.partition("Bulletin](")[2].partition(")")[0]
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    for page in (link, link.replace("published/bulletin", "data_docs/index")):
        with browser.open(page, timeout=30) as answer:
            assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError):
        browser.open(link.replace("published/bulletin.html", "jibao.duckdb"), timeout=30)
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(link.partition("?")[0], timeout=30)


def test_a_file_that_arrives_starts_a_run_when_it_is_whole(
    up: Installation, small_files: dict[str, str]
) -> None:
    watcher = up.start("watch", minutes=3)
    wait_for("the watcher", lambda: up.run(watcher)["state"]["type"] == "RUNNING")
    wait_for(
        "its first look",
        lambda: (
            "watching"
            in json.dumps(up.ask("/logs/filter", {"logs": {"flow_run_id": {"any_": [watcher]}}}))
        ),
    )
    content = small_files["150571/2022Q3/gdp.csv"]
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
        lambda: [r for r in up.runs_of("pick-up") if r["state"]["name"] == "Completed"],
    )[0]
    assert {r["created_by"]["type"] for r in up.runs_of("pick-up")} == {"AUTOMATION"}
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
        lambda: [t for t in up.told if "whatever is new in nowhere" in t["message"]],
    )
    assert {message["title"] for message in messages} == {
        "季报运行 Failed · jibao: quarterly Failed"
    }
    assert f"/runs/flow-run/{run}" in messages[0]["message"], "with the way to the run"
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
    run = up.start("rebuild")
    wait_for(
        "the run at work",
        lambda: run in (up.warehouse / ".lock").read_text() and up.process_of(run),
    )
    pid, worker = up.process_of(run), up.children()["worker"]
    os.kill(worker, signal.SIGKILL)  # the machine loses its power
    if pid:
        os.kill(pid, signal.SIGKILL)
    assert tree_of(up.warehouse) == before, "readers have what they had"
    wait_for("another worker", lambda: up.children().get("worker", worker) != worker)
    following = up.start(
        "pick-up"
    )  # the lock of the dead is free at once, and whoever takes it says what became of them
    assert up.end_of(following)["type"] == "COMPLETED"
    state = up.run(run)["state"]
    assert state["type"] == "CRASHED"
    assert "its process died; the warehouse is unchanged, run again" in state["message"]
    told = wait_for(
        "the notification",
        lambda: [t for t in up.told if "rebuild · everything in raw" in t["message"]],
    )[0]
    assert told["title"] == "季报运行 Crashed · jibao: quarterly Crashed"


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
            assert state["message"] == "waiting: warehouse is being written by a test"
        server = up.children()["server"]
        os.killpg(server, signal.SIGKILL)
        wait_for(
            "another server",
            lambda: up.children().get("server", server) != server and up.ask("/health"),
        )
    assert sorted(up.end_of(run)["name"] for run in runs) in (
        ["Completed with findings", "Nothing new"], ["Completed with findings", "Completed with findings"],
    )  # fmt: skip
    [(files, copies)] = up.query(
        "select count(*), count(distinct submission) from ledger.submission"
    )
    assert files == copies == 4, "no file twice"


def test_a_run_that_is_cancelled_leaves_the_warehouse_as_it_was(up: Installation) -> None:
    before = tree_of(up.warehouse)
    run = up.start("rebuild")
    wait_for(
        "the run at work",
        lambda: (up.warehouse / "work").exists() and up.run(run)["state"]["type"] == "RUNNING",
    )
    up.ask(f"/flow_runs/{run}/set_state", {"state": {"type": "CANCELLING"}})
    assert up.end_of(run)["type"] == "CANCELLED"
    wait_for("the end of its process", lambda: up.process_of(run) is None)
    assert tree_of(up.warehouse) == before
    following = up.start("rebuild")
    assert up.end_of(following)["name"] == "Completed with findings"
    assert not (up.warehouse / "work").exists(), "and nothing is left of it"


# --- the others -----------------------------------------------------------------------------------


def test_a_backfill_takes_quarter_after_quarter_and_passes_over_what_is_there(
    up: Installation, small_files: dict[str, str]
) -> None:
    for period in ("2021Q3", "2021Q2"):
        path = up.home / f"raw/CN/{period}/gdp.csv"
        path.parent.mkdir(parents=True)
        path.write_text(small_files["CN/2022Q2/gdp.csv"], encoding="utf-8")
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


def test_ctrl_c_stops_everything(up: Installation) -> None:
    """The last of the module: nothing is left running, and no run either."""
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
    shutil.rmtree(up.home, ignore_errors=True)
