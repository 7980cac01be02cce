"""An installation for tests: `jibao up` over a folder of its own, with a real server and worker on loopback.

`installed` starts one. `Installation.settle` brings it to the state that every test begins in, whatever the
test before it has left: no run at work, the same four submissions in `raw/`, and these published or nothing.
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
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import duckdb

from flows.cli.up import find_port
from flows.publish.editions import FOLDER as EDITIONS
from flows.publish.editions import MANIFEST, Edition
from tests import asking
from tests.kept import REPOSITORY
from tests.runs import FILES, write_raw

PATIENCE_S = 480  # on a machine that does other things as well
RED = {"FAILED", "CRASHED", "CANCELLED"}
ENDED = {"COMPLETED", *RED}
SENT = ("CN/2022Q2/gdp.csv", "150571/2022Q2/gdp.csv", "150571/2022Q1/gdp.csv")
wait_for = functools.partial(asking.wait_for, patience_s=PATIENCE_S)


@dataclass
class Installation:
    """A folder with everything, what `jibao up` started for it, and what was told to whoever asked for it."""

    home: Path
    url: str
    process: subprocess.Popen[str]
    told: list[dict[str, Any]] = field(default_factory=list)

    @functools.cached_property
    def password(self) -> str:
        """As a person reads it off the screen."""
        shown = re.findall(r"password\s+(\S+)", (self.home / "up.log").read_text())
        assert len(shown) == 1, "it is shown once"
        return str(shown[0])

    # --- what every test begins with

    def settle(self, standard: Path | None) -> None:
        """End what a test before has left at work; `raw/` as sent, and a copy of `standard` published."""
        wait_for("the end of all runs", lambda: not [self.end(run) for run in self.active()])
        shutil.rmtree(self.home / "raw", ignore_errors=True)
        write_raw(self.home / "raw", {name: FILES[name] for name in SENT})
        for path in self.warehouse.iterdir():
            if path.name in ("prefect", ".lock"):
                continue
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if standard:
            shutil.copytree(standard, self.warehouse, dirs_exist_ok=True)

    def end(self, run: dict[str, Any]) -> None:
        """Cancel a run through the worker that has its process; one without a process is over at once."""
        wanted = "CANCELLING" if self.process_of(run["id"]) else "CANCELLED"
        if run["state"]["type"] != wanted:
            with contextlib.suppress(urllib.error.HTTPError):  # it has ended meanwhile
                self.ask(
                    f"/flow_runs/{run['id']}/set_state", {"state": {"type": wanted}, "force": True}
                )

    def pause_schedules(self) -> None:
        """Let nothing start by the clock: on the hour a watcher would, and a pick-up after it."""
        for deployment in self.deployments().values():
            for schedule in deployment["schedules"]:
                self.ask(
                    f"/deployments/{deployment['id']}/schedules/{schedule['id']}",
                    {"active": False},
                    "PATCH",
                )

    def active(self) -> list[dict[str, Any]]:
        """The runs that are at work or about to be; not what the schedules have planned."""
        found = self.ask(
            "/flow_runs/filter",
            {"flow_runs": {"state": {"type": {"not_any_": sorted(ENDED)}}}, "limit": 200},
        )
        soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30)
        return [
            run
            for run in found
            if run["state"]["type"] != "SCHEDULED"
            or dt.datetime.fromisoformat(run["expected_start_time"]) < soon
        ]

    # --- what is asked of it

    def ask(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """Prefect's API."""
        data = None if body is None else json.dumps(body).encode()
        told = {
            "content-type": "application/json",
            "authorization": "Basic " + base64.b64encode(self.password.encode()).decode(),
        }
        request = urllib.request.Request(f"{self.url}/api{path}", data, told, method=method)
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
                (s := self.run(run)["state"])["type"] in ENDED
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


@contextlib.contextmanager
def installed(home: Path) -> Iterator[Installation]:
    """`jibao up` over a folder with the code of the repository and raw files of its own, until the block ends."""
    for name in ("flows", "sql", "prefect.yaml"):
        (home / name).symlink_to(REPOSITORY / name)
    write_raw(home / "raw", {name: FILES[name] for name in SENT})
    told: list[dict[str, Any]] = []
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")} | {
        "JIBAO_HOME": str(home),
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
        "PREFECT_LOGGING_LEVEL": "INFO",
    }
    port = find_port(4330)
    options = ["--port", str(port), "--lost-after", "75", "--no-watch"]
    with listen(told) as address, (home / "up.log").open("w") as log:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("jibao")), "up", *options, "--notify", address],
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
            made = Installation(home, f"http://127.0.0.1:{port}", process, told)
            made.pause_schedules()
            yield made
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(90)
            finally:
                process.kill()


@contextlib.contextmanager
def held_half_way(up: Installation) -> Iterator[tuple[str, int]]:
    """A rebuild that has judged everything and waits, for as long as the block lasts, for a file that never comes:
    the figures of an edition are a pipe into which nobody writes. Its id and its process.
    """
    editions = up.home / "raw" / EDITIONS
    line = dict.fromkeys((f.name for f in fields(Edition)), "1") | {
        "frozen_at": "2022-10-30T09:00:00+08:00",
        "cut_off_at": "2022-10-30T09:00:00+08:00",
    }
    editions.mkdir()
    (editions / MANIFEST).write_text(f"{','.join(line)}\n{','.join(line.values())}\n")
    os.mkfifo(editions / "1.csv")
    run = up.start("rebuild")
    copy = up.warehouse / "work" / "jibao.duckdb"
    try:
        yield run, wait_for("the run at work", lambda: copy.exists() and up.process_of(run))
    finally:
        shutil.rmtree(editions)


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
