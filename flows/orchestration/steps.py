"""The steps of the quarterly run, as Prefect shows them: each a task, on one form where it can be.

Steps pass paths and ids, never frames or connections. A test without Prefect calls them as the
functions they are.
"""

from __future__ import annotations

from pathlib import Path

from flows.build import step as building
from flows.build.fingerprint import fingerprint
from flows.forms.catalogue import load_catalogue
from flows.forms.form import Form
from flows.load import step as loading
from flows.model.text import show_control
from flows.orchestration import run_log
from flows.orchestration.judging import compare_batches, judge_batch
from flows.orchestration.report import headline_of
from flows.orchestration.selection import find_new
from flows.orchestration.summary import (
    Batch,
    RunSummary,
    describe_batch,
    describe_taken,
)
from flows.orchestration.tasks import HOUR, as_task
from flows.publish import bulletin_files, bulletin_pages, bulletin_pdf, site
from flows.publish import step as publishing
from flows.receive import step as receiving
from flows.reply import step as replying
from flows.reply.influence import weigh_questions
from flows.validate.batch import FormBatch
from flows.validate.confirming import await_verdicts, begin_pages, put_pages
from flows.warehouse.copies import begin_copy
from flows.warehouse.database import kept_readable
from flows.warehouse.lake import LakeAddress
from flows.warehouse.lake_commit import commit_published
from flows.warehouse.lake_history import Beside
from flows.warehouse.ledger import name_run, note_run, read_run_time
from flows.warehouse.own_faults import OwnFault, OwnFaults


@as_task("receive {raw}")
def receive(
    raw: Path,
    warehouse: Path,
    selection: receiving.Selection,
    work: Path,
    dry_run: bool,
    rebuild: bool,
    again: list[str],
) -> tuple[RunSummary, list[Batch]]:
    """Find the new files and sort them by form."""
    with kept_readable(warehouse):
        received = find_new(raw, warehouse, selection, rebuild, again)
        if not dry_run:
            receiving.keep(received)
        summary = RunSummary(
            name_run(warehouse),
            dry_run,
            files=len(received.new) + received.unchanged,
            unchanged=received.unchanged,
            missing_files=received.missing,
            taken=describe_taken(received.new),
            before=headline_of(warehouse),
        )
    folders = receiving.hand_over(received, work / "batches")
    for warning in receiving.list_warnings(received):
        run_log.log().warning(show_control(warning))
    return summary, [Batch(code, f, describe_batch(f)) for code, f in folders.items()]


@as_task("judge {batch.code} {batch.span}")
def judge(form: Form, batch: Batch, raw: Path, expectations: Path | None) -> list[OwnFault]:
    """Files to text, typed rows and findings, confirmed by Great Expectations.

    Returns the files on which the pipeline itself failed.
    """
    return judge_batch(form, batch.folder, raw, expectations, run_log.log())


@as_task("compare with other forms, quarters and zones")
def compare(
    batches: list[Batch],
    raw: Path,
    warehouse: Path | None,
    expectations: Path | None,
    beside: Beside | None,
) -> list[OwnFault]:
    """What every form has let through, held against the others, the warehouse and what is beside
    it in a lake; the verdicts.

    Returns the files on which the pipeline itself failed.
    """
    catalogue = load_catalogue()
    judged = [FormBatch(catalogue[b.code], b.folder) for b in batches if b.code in catalogue]
    faults = compare_batches(judged, raw, warehouse, expectations, run_log.log(), beside)
    if expectations:
        begin_pages(expectations)
    return faults


@as_task("weigh the questions")
def weigh(batches: list[Batch], run_file: Path) -> None:
    """How far each question of the run could move a published number, for its reply."""
    weigh_questions(run_file, [batch.folder for batch in batches])


@as_task("reply {batch.code} {batch.span}")
def reply(batch: Batch, raw: Path, replies: Path) -> tuple[list[str], list[OwnFault]]:
    """Findings to the sender's workbook. Returns the workbooks, and those that we failed on."""
    faults = OwnFaults(run_log.log())
    paths = replying.write_replies(batch.folder, raw, replies, faults.spare)
    return [str(path) for path in paths], faults.listed


@as_task("open the run's copy of {warehouse}")
def open_copy(warehouse: Path, run_file: Path, rebuild: bool) -> str:
    """The run's own copy of the warehouse (an empty one for a rebuild), its tables ready.

    Returns what was brought up from an earlier version, in words.
    """
    if not rebuild:
        begin_copy(warehouse, run_file)
    return loading.prepare(run_file, load_catalogue())


@as_task("load {batch.code} {batch.span}")
def load(
    form: Form | None, batch: Batch, run_file: Path, run: str, outrun: tuple[str, ...]
) -> None:
    """Judged rows to core, ledger and quarantine."""
    loading.load_form(form, batch.folder, run_file, run, outrun)


@as_task("build views")
def build(run_file: Path, raw: Path, summary: RunSummary, before: dict[str, str] | None) -> int:
    """Reference tables and views, audited. `before`: the states of the zones as they were."""
    catalogue = load_catalogue()
    started = read_run_time(summary.run)
    made_of = fingerprint(catalogue, raw)
    note_run(run_file, summary.run, started, summary.statuses, made_of, summary.lake_snapshot)
    return building.build(run_file, catalogue, raw, before)


@as_task("write receipts")
def write_receipts(run_file: Path, raw: Path, replies: Path) -> list[OwnFault]:
    """A receipt for every submission. Returns those that we failed on."""
    faults = OwnFaults(run_log.log())
    replying.write_receipts(run_file, raw, replies, faults.spare)
    return faults.listed


@as_task("confirm with Great Expectations")
def confirm(expectations: Path, docs: Path | None) -> None:
    """Great Expectations' verdicts, which were asked for beside the run; its pages into `docs`."""
    await_verdicts(expectations)
    if docs:
        put_pages(expectations, docs)


@as_task("write exports and bulletin", timeout_seconds=HOUR)
def write_exports(run_file: Path, warehouse: Path) -> list[OwnFault]:
    """Exports and bulletin, beside those that readers have. Returns those that we failed on."""
    faults = OwnFaults(run_log.log())
    publishing.write_exports(run_file, warehouse, faults.spare)
    return faults.listed


@as_task("write the bulletins' pages", timeout_seconds=HOUR)
def write_pages(run_file: Path, warehouse: Path) -> list[OwnFault]:
    """A page a zone and quarter, of those that changed. Returns those that we failed on."""
    faults = OwnFaults(run_log.log())
    bulletin_pages.write_pages(run_file, warehouse, spare=faults.spare)
    if not bulletin_files.can_write_pdf():
        run_log.log().warning(bulletin_pdf.NO_FONT)
    return faults.listed


@as_task("write the site", timeout_seconds=HOUR)
def write_site(run_file: Path, warehouse: Path) -> list[OwnFault]:
    """The pages of zones that changed, and the front pages. Returns those that we failed on."""
    faults = OwnFaults(run_log.log())
    site.write_site(run_file, warehouse, faults.spare)
    return faults.listed


# once: a publication that stops between file and exports is mended by the next run
@as_task("publish {warehouse}", once=True, timeout_seconds=HOUR)
def publish(run_file: Path, warehouse: Path, unmade: list[OwnFault]) -> None:
    """The run's file to the readers; what of it could not be made is noted for the next run."""
    publishing.note_faults(warehouse, unmade)
    publishing.publish(run_file, warehouse)


@as_task("commit to {lake}", timeout_seconds=HOUR)
def commit(lake: LakeAddress) -> tuple[int, int]:
    """What the lake lacks of the published warehouse. Returns parcels and commits."""
    return commit_published(lake, say=run_log.log().info)
