"""Flow: the quarterly run. Receive → read → validate → reply → load → build → publish.

Reads like a table of contents: each task is one stage on one form, so that an operator sees, times
and retries it by name. Tasks pass paths and ids. A file that is bad is a finding and the run
completes; a run fails only where the pipeline itself is broken, and then publishes nothing. What a
run that failed had read and judged is taken over by the next one.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from prefect import State, flow, get_run_logger, runtime, task
from prefect.assets import materialize
from prefect.states import Completed

from flows import assets
from flows.build import step as building
from flows.finished import branch_off, clear_others, is_finished, key_of, mark_finished
from flows.forms.catalogue import load_catalogue
from flows.forms.form import Form
from flows.load import step as loading
from flows.model.arrow_files import open_table
from flows.model.period import parse_period
from flows.model.submission import open_submissions
from flows.model.zone import known_zones
from flows.orchestration import artifacts as artifacts
from flows.orchestration.parameters import FormCode, PeriodCode, ZoneCode
from flows.orchestration.report import headline_of
from flows.orchestration.summary import Batch, RunSummary, describe_batch
from flows.orchestration.tasks import HOUR, stage
from flows.publish import step as publishing
from flows.publish.acceptances import find_waiting
from flows.publish.decisions import are_loaded, load_decisions
from flows.read import step as reading
from flows.receive import step as receiving
from flows.receive.manifest import write_manifest
from flows.reply import step as replying
from flows.validate import step as validating
from flows.validate.batch import FormBatch
from flows.validate.expectations import write_data_docs as make_data_docs
from flows.warehouse.copies import begin_copy
from flows.warehouse.deadline import bare_interrupts
from flows.warehouse.ledger import (
    judged_submissions,
    newest_run_of,
    note_run,
    published_fingerprint,
)
from flows.warehouse.lock import exclusive


@flow(
    name="quarterly",
    flow_run_name=artifacts.name_run,
    validate_parameters=True,
    timeout_seconds=6 * HOUR,
    on_failure=[artifacts.explain_failure],
    on_crashed=[artifacts.explain_failure],
)
def quarterly(
    raw: Path = Path("raw"),
    warehouse: Path = Path("warehouse"),
    zones: list[ZoneCode] | None = None,
    periods: list[PeriodCode] | None = None,
    forms: list[FormCode] | None = None,
    dry_run: bool = False,
    rebuild: bool = False,
    still_seconds: float = 0,
    again: list[str] | None = None,
) -> RunSummary:
    """Bring the warehouse up to date with `raw`.

    Args:
        raw: 报送文件所在的文件夹 · the folder of submissions, `<zone>/<period>/<form>.<ext>`
        warehouse: 数据仓库文件夹 · the folder of everything derived
        zones: 只处理这些地区，不选即全部 · take only these zones; all where none are chosen
        periods: 只处理这些季度，如 2022Q3，不填即全部 · take only these quarters, e.g. 2022Q3; all
            where none are given
        forms: 只处理这些报表，不选即全部 · take only these forms; all where none are chosen
        dry_run: 试运行：只审核，不改动任何内容 · judge, and change nothing
        rebuild: 重建：从空仓库开始，全部取自 raw/ · start from an empty warehouse, all of it from
            raw/
        still_seconds: 最近几秒内还在变化的文件留给下一次 · leave files that changed within so many
            seconds to the next run
        again: 按现行规则重新审核这些报送（报送编号） · judge these submissions again by today's
            rules, as `revalidate` lists them


    """
    log = get_run_logger()
    selection = replace(choose(zones, periods, forms, raw), still_seconds=still_seconds)
    catalogue = load_catalogue()
    with _workplace(warehouse, dry_run) as work:
        before = headline_of(warehouse)
        summary, batches = receive(raw, warehouse, selection, work, rebuild, again or [])
        with artifacts.progress(len(batches)) as count_one:
            for batch in batches:
                judge(catalogue.get(batch.code), batch, raw, work)
                count_one()
        batches = compare(batches, raw, None if rebuild else warehouse, work)
        for batch in batches:
            summary.replies += [] if dry_run else reply(batch, raw, warehouse / "replies")
            summary.count(batch.folder)
        stale = rebuild or not is_published(warehouse, raw)
        if not dry_run and (batches or stale):
            run_file = work / "run" / "jibao.duckdb"
            open_copy(warehouse, run_file, rebuild)
            load_decisions(raw, run_file, summary.run)
            for batch in batches:
                load(catalogue.get(batch.code), batch, run_file, summary.run)
            build(run_file, raw, summary)
            summary.waiting = find_waiting(run_file)
            write_receipts(run_file, raw, warehouse / "replies")
            if batches:
                write_data_docs(work / "gx", warehouse / "data_docs")
            publish(run_file, warehouse)
            summary.changed = True
    log.info(summary.describe())
    artifacts.show_run(summary, warehouse, before)
    return artifacts.conclude(summary)


def judge(form: Form | None, batch: Batch, raw: Path, work: Path) -> None:
    """Read and validate a batch, unless a run that failed later had done it."""
    if is_finished(batch.folder):
        take_over(batch)
        return
    if form:
        read(form, batch, raw)
        validate(form, batch, work / "gx")
    mark_finished(batch.folder)


def choose(
    zones: list[str] | None,
    periods: list[str] | None,
    forms: list[str] | None,
    raw: Path | None = None,
) -> receiving.Selection:
    """The selection asked for. Raises ValueError for a zone, period or form that does not exist."""
    for period in periods or []:
        parse_period(period)
    for what, asked, known in (
        ("zone", zones, known_zones(raw)),
        ("form", forms, set(load_catalogue())),
    ):
        unknown = sorted(set(asked or []) - known)
        if unknown:
            raise ValueError(
                f"there is no {what} {', '.join(unknown)}; known: {', '.join(sorted(known))}"
            )
    return receiving.Selection(tuple(zones or ()), tuple(periods or ()), tuple(forms or ()))


def find_new(
    raw: Path,
    warehouse: Path,
    selection: receiving.Selection,
    rebuild: bool = False,
    again: Sequence[str] = (),
) -> receiving.Received:
    """What stands in `raw` and is not in the warehouse yet, or is to be judged again. Raises
    FileNotFoundError where there is no `raw`.
    """
    if not raw.is_dir():
        raise FileNotFoundError(f"there is no folder {raw}; submissions are looked for there")
    judged = (
        {}
        if rebuild
        else {s: verdict for s, verdict in judged_submissions(warehouse).items() if s not in again}
    )
    received = receiving.receive(raw, load_catalogue(), known_zones(raw), judged, selection)
    if selection.names_any and not received.chosen:
        asked = ", ".join((*selection.zones, *selection.periods, *selection.forms))
        there = sorted({"/".join(path.split("/")[:2]) for path in received.present})
        raise ValueError(
            f"there is no submission for {asked} in {raw}; there are submissions for {', '.join(there)}"
        )
    return received


def is_published(warehouse: Path, raw: Path) -> bool:
    """Whether readers have all that today's SQL and forms make, editions and acceptances, exports
    and
    bulletin included.
    """
    made_by_today = published_fingerprint(warehouse) == building.fingerprint(load_catalogue(), raw)
    return made_by_today and are_loaded(raw, warehouse) and publishing.is_complete(warehouse)


@contextlib.contextmanager
def _workplace(warehouse: Path, dry_run: bool) -> Iterator[Path]:
    """A folder of the run's own, under the lock. One that ends well leaves nothing; one that does
    not,
    its finished work.
    """
    if dry_run:
        with tempfile.TemporaryDirectory(prefix="jibao-") as folder:
            yield Path(folder)
        return
    waited: list[str] = []

    def wait(message: str) -> None:
        waited.append(message)
        artifacts.say_waiting(message)

    run = str(runtime.flow_run.id or "")
    with exclusive(warehouse, wait, run=run, on_lost=artifacts.say_lost), bare_interrupts():
        if waited:
            artifacts.say_working()
        work = warehouse / "work"
        clear_others(work, kept := {"judged", "gx"})
        try:
            yield work
        except BaseException:
            clear_others(work, kept)
            raise
        shutil.rmtree(work, ignore_errors=True)


@stage("receive {raw}")
def receive(
    raw: Path,
    warehouse: Path,
    selection: receiving.Selection,
    work: Path,
    rebuild: bool,
    again: list[str],
) -> tuple[RunSummary, list[Batch]]:
    """Find the new files and sort them by form."""
    received = find_new(raw, warehouse, selection, rebuild, again)
    dry_run = warehouse not in work.parents
    if not dry_run:
        write_manifest(raw, received.manifest_lines)
    run = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:6]}"
    summary = RunSummary(
        run,
        dry_run,
        files=len(received.new) + received.unchanged,
        unchanged=received.unchanged,
        missing_files=received.missing,
    )
    for path in received.missing:
        get_run_logger().warning(
            "%s is in the manifest and no longer in %s: the warehouse could not be rebuilt",
            path,
            raw,
        )
    shutil.rmtree(work / "run", ignore_errors=True)  # of a try before this one
    (work / "run").mkdir(parents=True)
    beside = "" if rebuild else f"{newest_run_of(warehouse)} {received.unchanged}"
    return summary, _place(receiving.hand_over(received, work / "run"), work, beside)


def _place(folders: dict[str, Path], work: Path, beside: str) -> list[Batch]:
    """The batches of a run, each in the folder that its content names; a folder of finished work
    stays
    as it is.
    """
    judged = work / "judged"
    judged.mkdir(parents=True, exist_ok=True)
    catalogue = load_catalogue()
    batches = []
    for code, folder in folders.items():
        place = judged / f"{code}.{key_of(folder, catalogue.get(code), beside)}"
        if not is_finished(place):
            shutil.rmtree(place, ignore_errors=True)
            folder.rename(place)
        batches.append(Batch(code, place, describe_batch(place)))
    clear_others(judged, {batch.folder.name for batch in batches})
    if not any(is_finished(batch.folder) for batch in batches):
        shutil.rmtree(work / "gx", ignore_errors=True)
    return batches


@task(task_run_name="take over {batch.code} {batch.span}")
def take_over(batch: Batch) -> State[None]:
    """What a run that failed later had judged already."""
    return Completed(
        name="Cached",
        message=f"{batch.code}: read and judged by a run that did not come to its end",
    )


@stage("read {batch.code} {batch.span}")
def read(form: Form, batch: Batch, raw: Path) -> None:
    """Files to text."""
    reading.read_form(form, open_submissions(batch.folder / "submissions.jsonl"), raw, batch.folder)


@stage("validate {batch.code} {batch.span}")
def validate(form: Form, batch: Batch, judge: Path) -> None:
    """Text to typed rows and findings, judged by Great Expectations."""
    submissions = open_submissions(batch.folder / "submissions.jsonl")
    validating.validate_form(
        form, submissions, open_table(batch.folder / "arrival.arrow"), batch.folder, judge
    )


@stage("compare with other forms, quarters and zones")
def compare(batches: list[Batch], raw: Path, warehouse: Path | None, work: Path) -> list[Batch]:
    """What every form has let through, held against the others and against what is known.

    Works on a second folder a batch, so that finished work stays as its form's rules have left it.
    """
    catalogue = load_catalogue()
    settled = [
        replace(batch, folder=branch_off(batch.folder, work / "run" / "settled" / batch.code))
        for batch in batches
    ]
    arrived = [
        FormBatch(catalogue[batch.code], batch.folder)
        for batch in settled
        if batch.code in catalogue
    ]
    validating.compare_forms(arrived, warehouse, store=work / "gx", raw=raw)
    return settled


@stage("reply {batch.code} {batch.span}")
def reply(batch: Batch, raw: Path, replies: Path) -> list[str]:
    """Findings to the sender's workbook."""
    return [str(path) for path in replying.write_replies(batch.folder, raw, replies)]


@stage("open the run's copy of {warehouse}")
def open_copy(warehouse: Path, run_file: Path, rebuild: bool) -> None:
    """The run's own copy of the warehouse (an empty one for a rebuild), its tables ready."""
    if not rebuild:
        begin_copy(warehouse, run_file)
    loading.prepare(run_file, load_catalogue())


@stage("load {batch.code} {batch.span}")
def load(form: Form | None, batch: Batch, run_file: Path, run: str) -> None:
    """Judged rows to core, ledger and quarantine."""
    loading.load_form(form, batch.folder, run_file, run)


@stage("build views")
def build(run_file: Path, raw: Path, summary: RunSummary) -> int:
    """Reference tables and views, audited."""
    catalogue = load_catalogue()
    started = dt.datetime.strptime(summary.run[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    note_run(run_file, summary.run, started, summary.statuses, building.fingerprint(catalogue, raw))
    return building.build(run_file, catalogue, raw)


@stage("write receipts")
def write_receipts(run_file: Path, raw: Path, replies: Path) -> int:
    """A receipt for every submission."""
    return replying.write_receipts(run_file, raw, replies)


# not tried again: a publication that stops between file and exports is mended by the next run
@materialize(
    assets.PUBLISHED,
    by=assets.BY,
    asset_deps=assets.SHOWN,
    task_run_name="publish {warehouse}",
    timeout_seconds=HOUR,
)
@bare_interrupts()
def publish(run_file: Path, warehouse: Path) -> None:
    """The run's file to the readers."""
    assets.PUBLISHED.add_metadata(publishing.publish(run_file, warehouse))


@stage("write Data Docs")
def write_data_docs(judge: Path, docs: Path) -> None:
    """Great Expectations' pages about the run."""
    make_data_docs(judge, docs)
