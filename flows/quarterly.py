"""Flow: the quarterly run. Receive → read → validate → reply → load → build → publish.

Reads like a table of contents: each task is one stage on one form, so that an operator sees, times
and retries it by name. Tasks pass paths and ids. A file that is bad is a finding and the run
completes; a run fails only where the pipeline itself is broken, and then publishes nothing.
"""

from __future__ import annotations

import collections
import contextlib
import datetime as dt
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact

from flows import build as building
from flows import load as loading
from flows import publish as publishing
from flows import read as reading
from flows import receive as receiving
from flows import reply as replying
from flows import validate as validating
from flows.editions import are_loaded, find_waiting, load_decisions
from flows.forms import Form, load_catalogue
from flows.handoff import open_table
from flows.ledger import judged_submissions, note_run, published_fingerprint
from flows.periods import parse_period
from flows.submissions import open_submissions
from flows.warehouse import begin_copy, exclusive
from flows.zones import known_zones


@dataclass
class RunSummary:
    """What a run did, in numbers. `changed` says whether readers see a new warehouse."""

    run: str
    dry_run: bool = False
    files: int = 0
    unchanged: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    changed: bool = False
    replies: list[str] = field(default_factory=list)
    missing_files: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)  # resubmissions that alter a published figure

    def describe(self) -> str:
        """One line, as the end of a run says it."""
        said = [f"{self.files} files, {self.unchanged} unchanged"]
        said += [f"{n} {status}" for status, n in sorted(self.statuses.items())]
        said += [f"rows: {', '.join(f'{n} {what}' for what, n in self.rows.items())}"] if self.rows else []
        said += [f"findings: {', '.join(f'{n} {grade}' for grade, n in sorted(self.findings.items()))}"] if self.findings else []
        said += [f"waiting to be accepted: {', '.join(self.waiting)}"] if self.waiting else []
        return "; ".join(said)


@dataclass(frozen=True)
class Batch:
    """A form's submissions in a run, as the tasks pass them: a folder, and a name for people."""

    code: str
    folder: Path
    span: str  # `2022Q3`, or `2022Q1–2024Q4 (12 files)`


@flow(name="quarterly", flow_run_name="quarterly {raw}", validate_parameters=True)
def quarterly(
    raw: Path = Path("raw"),
    warehouse: Path = Path("warehouse"),
    zones: list[str] | None = None,
    periods: list[str] | None = None,
    forms: list[str] | None = None,
    dry_run: bool = False,
    rebuild: bool = False,
) -> RunSummary:
    """Bring the warehouse up to date with `raw`.

    Args:
        raw: the folder of submissions, `<zone>/<period>/<form>.<ext>`.
        warehouse: the folder of everything derived.
        zones, periods, forms: take only these; all where none are named.
        dry_run: judge, and change nothing.

    """
    log = get_run_logger()
    selection = choose(zones, periods, forms, raw)
    catalogue = load_catalogue()
    with _workplace(warehouse, dry_run, log.info) as work:
        summary, batches = receive(raw, warehouse, selection, work, rebuild)
        for batch in batches:
            if batch.code != receiving.UNPLACED:
                read(catalogue[batch.code], batch, raw)
                validate(catalogue[batch.code], batch, work / "gx")
            if not dry_run:
                summary.replies += reply(batch, raw, warehouse / "replies")
            _count(summary, batch)
        stale = rebuild or not is_published(warehouse, raw)
        if not dry_run and (batches or stale):
            run_file = work / "jibao.duckdb"
            open_copy(warehouse, run_file, rebuild)
            load_decisions(raw, run_file, summary.run)
            for batch in batches:
                load(catalogue.get(batch.code), batch, run_file, summary.run)
            build(run_file, raw, summary)
            summary.waiting = find_waiting(run_file)
            if batches:
                write_data_docs(work / "gx", warehouse / "data_docs")
            publish(run_file, warehouse)
            summary.changed = True
    log.info(summary.describe())
    create_markdown_artifact(_tell(summary), key="quarterly-summary", description="What the run did")
    return summary


def choose(zones: list[str] | None, periods: list[str] | None, forms: list[str] | None, raw: Path | None = None) -> receiving.Selection:
    """The selection asked for. Raises ValueError for a zone, period or form that does not exist."""
    for period in periods or []:
        parse_period(period)
    for what, asked, known in (("zone", zones, known_zones(raw)), ("form", forms, set(load_catalogue()))):
        unknown = sorted(set(asked or []) - known)
        if unknown:
            raise ValueError(f"there is no {what} {', '.join(unknown)}; known: {', '.join(sorted(known))}")
    return receiving.Selection(tuple(zones or ()), tuple(periods or ()), tuple(forms or ()))


def find_new(raw: Path, warehouse: Path, selection: receiving.Selection, rebuild: bool = False) -> receiving.Received:
    """What stands in `raw` and is not in the warehouse yet. Raises FileNotFoundError where there is no `raw`."""
    if not raw.is_dir():
        raise FileNotFoundError(f"there is no folder {raw}; submissions are looked for there")
    judged = {} if rebuild else judged_submissions(warehouse)
    received = receiving.receive(raw, load_catalogue(), known_zones(raw), judged, selection)
    if selection != receiving.Selection() and not received.chosen:
        asked = ", ".join((*selection.zones, *selection.periods, *selection.forms))
        there = sorted({"/".join(path.split("/")[:2]) for path in received.present})
        raise ValueError(f"there is no submission for {asked} in {raw}; there are submissions for {', '.join(there)}")
    return received


def is_published(warehouse: Path, raw: Path) -> bool:
    """Whether readers have all that today's SQL and forms make, editions and acceptances, exports and bulletin included."""
    made_by_today = published_fingerprint(warehouse) == building.fingerprint(load_catalogue(), raw)
    return made_by_today and are_loaded(raw, warehouse) and publishing.is_complete(warehouse)


@contextlib.contextmanager
def _workplace(warehouse: Path, dry_run: bool, say: Callable[[str], None]) -> Iterator[Path]:
    """A folder of the run's own. What a killed run left is cleared away under the lock."""
    if dry_run:
        with tempfile.TemporaryDirectory(prefix="jibao-") as folder:
            yield Path(folder)
        return
    with exclusive(warehouse, say):
        shutil.rmtree(warehouse / "work", ignore_errors=True)
        work = warehouse / "work" / "run"
        work.mkdir(parents=True)
        yield work
        shutil.rmtree(warehouse / "work", ignore_errors=True)


@task(task_run_name="receive {raw}")
def receive(raw: Path, warehouse: Path, selection: receiving.Selection, work: Path, rebuild: bool) -> tuple[RunSummary, list[Batch]]:
    """Find the new files and sort them by form."""
    received = find_new(raw, warehouse, selection, rebuild)
    dry_run = warehouse not in work.parents
    if not dry_run:
        receiving.write_manifest(raw, received.manifest_lines)
    run = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:6]}"
    summary = RunSummary(
        run, dry_run, files=len(received.new) + received.unchanged, unchanged=received.unchanged, missing_files=received.missing
    )
    for path in received.missing:
        get_run_logger().warning("%s is in the manifest and no longer in %s: the warehouse could not be rebuilt", path, raw)
    return summary, [Batch(code, folder, _span(folder)) for code, folder in receiving.hand_over(received, work).items()]


def _span(folder: Path) -> str:
    submissions = open_submissions(folder / "submissions.jsonl")
    periods = sorted({s.period for s in submissions})
    span = periods[0] if len(periods) == 1 else f"{periods[0]}–{periods[-1]}"
    return span if len(submissions) == 1 else f"{span} ({len(submissions)} files)"


@task(task_run_name="read {batch.code} {batch.span}")
def read(form: Form, batch: Batch, raw: Path) -> None:
    """Files to text."""
    reading.read_form(form, open_submissions(batch.folder / "submissions.jsonl"), raw, batch.folder)


@task(task_run_name="validate {batch.code} {batch.span}")
def validate(form: Form, batch: Batch, judge: Path) -> None:
    """Text to typed rows and findings, judged by Great Expectations."""
    submissions = open_submissions(batch.folder / "submissions.jsonl")
    validating.validate_form(form, submissions, open_table(batch.folder / "arrival.arrow"), batch.folder, judge)


@task(task_run_name="reply {batch.code} {batch.span}")
def reply(batch: Batch, raw: Path, replies: Path) -> list[str]:
    """Findings to the sender's workbook."""
    return [str(path) for path in replying.write_replies(batch.folder, raw, replies)]


@task(task_run_name="open the run's copy of {warehouse}")
def open_copy(warehouse: Path, run_file: Path, rebuild: bool) -> None:
    """The run's own copy of the warehouse (an empty one for a rebuild), its tables ready."""
    if not rebuild:
        begin_copy(warehouse, run_file)
    loading.prepare(run_file, load_catalogue())


@task(task_run_name="load {batch.code} {batch.span}")
def load(form: Form | None, batch: Batch, run_file: Path, run: str) -> None:
    """Judged rows to core, ledger and quarantine."""
    loading.load_form(form, batch.folder, run_file, run)


@task(task_run_name="build views")
def build(run_file: Path, raw: Path, summary: RunSummary) -> int:
    """Reference tables and views, audited."""
    catalogue = load_catalogue()
    started = dt.datetime.strptime(summary.run[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    note_run(run_file, summary.run, started, summary.statuses, building.fingerprint(catalogue, raw))
    return building.build(run_file, catalogue, raw)


@task(task_run_name="publish {warehouse}")
def publish(run_file: Path, warehouse: Path) -> None:
    """The run's file to the readers."""
    publishing.publish(run_file, warehouse)


@task(task_run_name="write Data Docs")
def write_data_docs(judge: Path, docs: Path) -> None:
    """Great Expectations' pages about the run."""
    validating.write_data_docs(judge, docs)


def _count(summary: RunSummary, batch: Batch) -> None:
    """Add a batch's outcome to the summary."""
    rows: collections.Counter[str] = collections.Counter(summary.rows)
    statuses: collections.Counter[str] = collections.Counter(summary.statuses)
    findings: collections.Counter[str] = collections.Counter(summary.findings)
    for judged in open_table(batch.folder / "judged.arrow").to_pylist():
        statuses[judged["status"]] += 1
        for what in ("read", "accepted", "held"):
            rows[what] += judged[f"rows_{what}"]
    for found in open_table(batch.folder / "finding.arrow").select(["severity", "outcome", "explanation"]).to_pylist():
        findings["unchecked" if found["outcome"] == "unchecked" else "explained" if found["explanation"] else found["severity"]] += 1
    summary.rows, summary.statuses, summary.findings = dict(rows), dict(statuses), dict(findings)


def _tell(summary: RunSummary) -> str:
    """The summary as Markdown, for the Prefect UI."""
    lines = [f"# {summary.run}", "", "| | |", "| --- | --- |", f"| files | {summary.files} |", f"| unchanged | {summary.unchanged} |"]
    for part in (
        summary.statuses,
        {f"rows {k}": v for k, v in summary.rows.items()},
        {f"findings: {k}": v for k, v in summary.findings.items()},
    ):
        lines += [f"| {name} | {count} |" for name, count in part.items()]
    return "\n".join([*lines, "", *(f"- reply: `{path}`" for path in summary.replies[:50])])
