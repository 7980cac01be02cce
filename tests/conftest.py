"""What the tests share: a quiet environment, one Prefect server, one run over raw/, one file judged.

`judge_file` answers for a single file without Great Expectations, in a tenth of a second. `run_quarter` is the body
of the flow, without Prefect. `warehouse` is the published result of a run over the repository's `raw/`, kept from
session to session: read it, never write to it. `prefect_server` starts a server, for the few tests of what is Prefect's.
"""

from __future__ import annotations

import os
import tempfile

# before Prefect or Great Expectations is imported anywhere; one folder for a session and all its workers
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_SESSION = os.environ["JIBAO_TESTS_SESSION"] if _WORKER else tempfile.mkdtemp(prefix="jibao-tests-")
os.environ |= {
    "JIBAO_TESTS_SESSION": _SESSION,
    "PREFECT_HOME": f"{_SESSION}/prefect{_WORKER}",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "ERROR",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "COLUMNS": "400",
    "NO_COLOR": "1",
}
for _name in ("PREFECT_API_URL", "JIBAO_HOME", "JIBAO_FILES_URL"):
    os.environ.pop(_name, None)

import contextlib  # noqa: E402
import pickle  # noqa: E402
import random  # noqa: E402
import shutil  # noqa: E402
import signal  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import duckdb  # noqa: E402
import hypothesis  # noqa: E402
import pytest  # noqa: E402

from flows.build.step import build  # noqa: E402
from flows.forms.catalogue import load_catalogue  # noqa: E402
from flows.forms.form import Form  # noqa: E402
from flows.load.step import prepare  # noqa: E402
from tests.judging import Judged, judge  # noqa: E402
from tests.kept import keep, locked  # noqa: E402
from tests.sent import copy_sent, copy_whole  # noqa: E402

pytest_plugins = ("tests.given", "tests.runs")

# the same examples on every machine and no deadline that a busy one could miss
hypothesis.settings.register_profile("jibao", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("jibao")

# a suite started in the background is deaf to Ctrl-C, and so would be what its tests start and interrupt
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update",
        action="store_true",
        help="write docs/modules/ and the results in docs/cookbook/ anew",
    )


# modules that take ten seconds or more in either tier, the longest first: begun so, no worker waits for the other's last
_LONG = [
    "orchestration/test_operation",
    "sql/test_same_answer",
    "warehouse/test_lake",
    "faults/test_kills",
    "read/test_any_word",
    "publish/test_bulletin_page",
    "validate/test_history_rules",
    "publish/test_editions",
    "cli/test_sandbox",
    "test_cookbook",
    "faults/test_two_runs",
    "cli/test_cli",
    "receive/test_kept_for_ever",
    "orchestration/test_shell",
    "read/test_words",
    "read/test_once_silent",
    "flows/test_quarterly",
    "receive/test_history",
    "synthetic/test_synthetic",
    "hostile/test_hostile_text",
    "faults/test_temporary_server",
    "faults/test_disks",
    "faults/test_files_in_motion",
    "faults/test_attacks",
    "cli/test_damaged_warehouse",
    "reply/test_blank_form",
    "cli/test_recovery",
    "read/test_read_over",
    "read/test_step",
    "test_house_rules",
    "sql/test_disclosure_over_time",
    "fuzz/test_fuzz",
    "validate/test_step",
    "forms/test_spoiled",
    "load/test_step",
    "orchestration/test_cost",
    "validate/test_verdict",
    "backtest/test_real_series",
    "build/test_as_of",
    "sql/test_disclosure",
    "publish/test_bulletin",
    "build/test_seasonal_adjustment",
    "sql/test_properties",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long modules come first. Of a test that is marked `sampled` every tenth case stays, the others are torture: each
    case takes a fifth of a second, and there are hundreds.
    """
    place = {f"tests/{name}.py": number for number, name in enumerate(_LONG)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(place)))
    cases: dict[str, int] = {}
    for item in items:
        if item.get_closest_marker("sampled"):
            test = item.nodeid.partition("[")[0]
            if cases.setdefault(test, 0) % 10:
                item.add_marker(pytest.mark.torture)
            cases[test] += 1


def pytest_unconfigure() -> None:
    if _WORKER:
        return
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        os.killpg(int((Path(_SESSION) / "server.pid").read_text()), signal.SIGTERM)
    shutil.rmtree(_SESSION, ignore_errors=True)


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test works in its own folder: `raw/` and `warehouse/` of the clone are nothing to it."""
    monkeypatch.chdir(tmp_path)


# --- one file, judged -------------------------------------------------------------------------


@pytest.fixture
def judge_file(tmp_path: Path) -> Callable[..., Judged]:
    """`judge_file(form, file, period="2022Q3", zone="150571", name=None)`; `file` is bytes, text or a path."""

    def judge_one(
        form: str | Form,
        file: bytes | str | Path,
        period: str = "2022Q3",
        zone: str = "150571",
        name: str | None = None,
    ) -> Judged:
        return judge(form, file, period, zone, tmp_path, name)

    return judge_one


@pytest.fixture(scope="session")
def empty_build() -> Path:
    """A file with every table and view and not a row of a submission. Copy it; never write to it."""

    def make(folder: Path) -> None:
        prepare(folder / "run.duckdb", load_catalogue())
        build(folder / "run.duckdb", load_catalogue())

    return keep("empty", make) / "run.duckdb"


# --- the flow and its result ------------------------------------------------------------------


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[str]:
    """One temporary Prefect server for the session and all its workers; its address, for subprocesses."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.cli.up import find_port
    from flows.orchestration.deploy import await_server

    session = Path(_SESSION)
    with locked(session / "server.lock"):
        if not (session / "server.url").exists():
            port = find_port(random.SystemRandom().randint(20_000, 30_000))
            command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
            with (session / "server.log").open("wb") as log:
                server = subprocess.Popen(
                    [*command, "--port", str(port)],
                    env=os.environ | {"PREFECT_HOME": f"{_SESSION}/server"},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    process_group=0,
                )
            (session / "server.pid").write_text(str(server.pid))
            await_server(f"http://127.0.0.1:{port}/api", 180, server.poll)
            assert server.poll() is None, (session / "server.log").read_text()
            (session / "server.url").write_text(f"http://127.0.0.1:{port}/api")
    url = (session / "server.url").read_text()
    with temporary_settings({PREFECT_API_URL: url}):
        yield url


@pytest.fixture(scope="session")
def run_quarter() -> Callable[..., Any]:
    """`run_quarter(raw, warehouse, zones=None, …)`: the body of the flow; its RunSummary. Great Expectations confirms
    nothing unless `confirm` is true, and no page of a bulletin is written unless `pages` is: they take long, and what is in
    the warehouse does not depend on them.
    """
    from flows.orchestration import quarter
    from flows.orchestration.selection import choose

    def run(
        raw: Path,
        warehouse: Path,
        zones: list[str] | None = None,
        periods: list[str] | None = None,
        forms: list[str] | None = None,
        confirm: bool = False,
        pages: bool = False,
        **parameters: Any,
    ) -> Any:
        selection = choose(zones, periods, forms, raw)
        return quarter.run_quarter(
            raw, warehouse, selection, confirm=confirm, pages=pages, **parameters
        )

    return run


@dataclass(frozen=True)
class Warehouse:
    """A finished run over a copy of the repository's raw/, or of a part of it."""

    raw: Path
    folder: Path
    path: Path  # the published DuckDB file
    summary: Any


def _keep_run(name: str, copy: Callable[[Path], None], run: Callable[..., Any]) -> Warehouse:
    """A run over what `copy` puts into a folder, made once."""

    def make(folder: Path) -> None:
        copy(folder / "raw")
        summary = run(folder / "raw", folder / "warehouse", confirm=True, pages=True)
        (folder / "summary").write_bytes(pickle.dumps(summary))

    base = keep(name, make)
    folder = base / "warehouse"
    summary = pickle.loads((base / "summary").read_bytes())
    return Warehouse(base / "raw", folder, folder / "jibao.duckdb", summary)


@pytest.fixture(scope="session")
def run_warehouse(run_quarter: Callable[..., Any]) -> Warehouse:
    """The run over what `tests.sent` takes from raw/, confirmed by Great Expectations. Read it; whoever has to write
    makes a copy.
    """
    return _keep_run("warehouse", copy_sent, run_quarter)


@pytest.fixture(scope="session")
def whole_warehouse(run_quarter: Callable[..., Any]) -> Warehouse:
    """The run over all of raw/, what a fresh clone shows: back series, vintages, every zone. For torture: it takes long."""
    return _keep_run("whole", copy_whole, run_quarter)


@pytest.fixture(scope="session")
def warehouse(run_warehouse: Warehouse) -> Path:
    """The published DuckDB file of the run over raw/."""
    return run_warehouse.path


@pytest.fixture
def published(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the published file."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        yield connection
