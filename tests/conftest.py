"""What the tests share: a quiet environment, one Prefect server, one run over raw/, one file judged.

`judge_file` answers for a single file without Prefect or Great Expectations, in a tenth of a second.
`warehouse` is the published result of a real run over the repository's `raw/`; it costs half a
minute once a session and is shared: read it, never write to it. Modules that need neither cost neither.
"""

from __future__ import annotations

import os
import tempfile

# before Prefect or Great Expectations is imported anywhere
_SETTINGS = tempfile.mkdtemp(prefix="jibao-tests-")
os.environ |= {
    "PREFECT_HOME": _SETTINGS,
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "ERROR",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "COLUMNS": "400",
    "NO_COLOR": "1",
}
os.environ.pop("PREFECT_API_URL", None)

import fcntl  # noqa: E402
import pickle  # noqa: E402
import shutil  # noqa: E402
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
from flows.model.arrow_files import open_table  # noqa: E402
from flows.model.finding import Finding, findings_table  # noqa: E402
from flows.model.submission import Submission  # noqa: E402
from flows.read.step import read_form  # noqa: E402
from flows.receive.step import describe_file  # noqa: E402
from tests.judging import judge_form
from tests.sparing import leave_out_heartbeats, leave_out_threads  # noqa: E402

REPOSITORY = Path(__file__).resolve().parents[1]
RAW = REPOSITORY / "raw"

pytest_plugins = ("tests.runs",)

# the same examples on every machine and no deadline that a busy one could miss
hypothesis.settings.register_profile("jibao", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("jibao")


if (
    "PYTEST_XDIST_WORKER" in os.environ
):  # the workers share the cores; what runs in processes of its own has threads as ever
    leave_out_threads(setattr)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="write the results in docs/cookbook.md anew"
    )


def pytest_unconfigure() -> None:
    shutil.rmtree(_SETTINGS, ignore_errors=True)


# --- one file, judged -------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """What became of one file: every answer of the stages up to validate, as plain rows."""

    submission: Submission
    status: str
    findings: list[Finding]
    accepted: list[dict[str, Any]]  # the rows that would load, in the order of the sheet
    held: list[dict[str, Any]]
    results: list[dict[str, Any]]  # outcomes by rule
    rows_read: int
    folder: Path

    def broken(self, code: str | None = None) -> list[Finding]:
        """Findings of broken rules, all or those of one code."""
        return [f for f in self.findings if f.outcome == "broken" and code in (None, f.code)]

    def unchecked(self, code: str | None = None) -> list[Finding]:
        """Findings that say a rule could not be checked, all or those of one code."""
        return [f for f in self.findings if f.outcome == "unchecked" and code in (None, f.code)]

    def only(self, code: str) -> Finding:
        """The one finding of a code; fails, listing what was found, where there is not exactly one."""
        found = self.broken(code)
        assert len(found) == 1, (
            f"{code} found {len(found)} times among {[(f.code, f.cell, f.message_en) for f in self.findings]}"
        )
        return found[0]

    @property
    def codes(self) -> list[str]:
        """The codes of the broken rules, sorted, as often as they were found."""
        return sorted(f.code for f in self.broken())


def judge(
    form: str | Form,
    file: bytes | str | Path,
    period: str,
    zone: str,
    folder: Path,
    name: str | None = None,
) -> Judged:
    """Read and check one file in `folder`, by the stages that a run takes, without Prefect or a judge."""
    declared = form if isinstance(form, Form) else load_catalogue()[form]
    content = (
        file.read_bytes()
        if isinstance(file, Path)
        else file.encode()
        if isinstance(file, str)
        else file
    )
    name = name or (file.name if isinstance(file, Path) else f"{declared.code}.csv")
    raw = Path(tempfile.mkdtemp(dir=folder))
    path = raw / zone / period / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    submission = describe_file(raw, path, declared.code, zone, period)
    work = raw / "work"
    read_form(declared, [submission], raw, work)
    judge_form(declared, [submission], findings_table([]), work)
    rows = {
        part: open_table(work / f"{part}.arrow").to_pylist()
        for part in ("finding", "accepted", "held", "judged", "result")
    }
    verdict = rows["judged"][0]
    return Judged(
        submission, verdict["status"], [Finding(**row) for row in rows["finding"]], rows["accepted"], rows["held"],
        rows["result"], verdict["rows_read"], work,
    )  # fmt: skip


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
def empty_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every table and view and not a row of a submission. Copy it; never write to it."""
    path = tmp_path_factory.mktemp("empty") / "run.duckdb"
    prepare(path, load_catalogue())
    build(path, load_catalogue())
    return path


# --- the flow and its result ------------------------------------------------------------------


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[str]:
    """One temporary Prefect server for the whole session; its address, for subprocesses."""
    from prefect.settings import PREFECT_API_URL
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=180):
        yield str(PREFECT_API_URL.value())


@pytest.fixture(scope="session")
def run_flow(prefect_server: str) -> Callable[..., Any]:
    """`run_flow(raw, warehouse, **parameters)`: the real flow on the session's server; its RunSummary."""
    assert prefect_server
    from flows.quarterly import quarterly

    leave_out_heartbeats(setattr)

    def run(raw: Path, warehouse: Path, **parameters: Any) -> Any:
        return quarterly(raw=raw, warehouse=warehouse, **parameters)

    return run


@dataclass(frozen=True)
class Warehouse:
    """A finished run over a copy of the repository's raw/."""

    raw: Path
    folder: Path
    path: Path  # the published DuckDB file
    summary: Any


@pytest.fixture(scope="session")
def run_warehouse(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Warehouse:
    """The real flow, once, over all of raw/: by the first worker that needs it, for all. Read it; whoever has to write makes a copy."""
    shared = "PYTEST_XDIST_WORKER" in os.environ
    base = (
        tmp_path_factory.getbasetemp().parent / "warehouse"
        if shared
        else tmp_path_factory.mktemp("warehouse")
    )
    base.mkdir(exist_ok=True)
    raw, folder, done = base / "raw", base / "warehouse", base / "done"
    with (base / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(raw, ignore_errors=True)  # of a worker that failed
            shutil.copytree(RAW, raw)
            done.write_bytes(pickle.dumps(request.getfixturevalue("run_flow")(raw, folder)))
    return Warehouse(raw, folder, folder / "jibao.duckdb", pickle.loads(done.read_bytes()))


@pytest.fixture(scope="session")
def warehouse(run_warehouse: Warehouse) -> Path:
    """The published DuckDB file of the run over raw/."""
    return run_warehouse.path


@pytest.fixture
def published(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the published file."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        yield connection
