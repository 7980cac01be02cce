"""The quarterly run: receive, read, validate, load, build, reply, publish. It needs no Prefect.

A file that is bad is a finding and the run completes; a run fails only where the pipeline itself is
broken, and then publishes nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path

from flows.forms.catalogue import load_catalogue
from flows.model.access import keep_private
from flows.model.text import show_control
from flows.orchestration import run_log, steps
from flows.orchestration.effects import tell_effects
from flows.orchestration.selection import is_published, look_beside
from flows.orchestration.summary import Batch, RunSummary
from flows.orchestration.workplace import workplace
from flows.publish.acceptances import find_waiting
from flows.publish.decisions import load_decisions
from flows.receive.step import Selection
from flows.receive.withdrawals import load_withdrawals
from flows.validate.confirming import confirming
from flows.warehouse.database import kept_open, read_run
from flows.warehouse.lake import LakeAddress
from flows.warehouse.lake_commit import say_committed
from flows.warehouse.lake_history import Beside
from flows.warehouse.ledger import zone_states
from flows.warehouse.own_faults import OwnFault

_EVERYTHING = Selection()


def run_quarter(
    raw: Path,
    place: Path | LakeAddress,
    selection: Selection = _EVERYTHING,
    *,
    dry_run: bool = False,
    rebuild: bool = False,
    again: Sequence[str] = (),
    confirm: bool = True,
    pages: bool = True,
    say_taken: Callable[[RunSummary], None] | None = None,
) -> RunSummary:
    """The run; parameters as of the flow `quarterly`. Where its `place` is a lake, it publishes in
    the local warehouse, and commits that to the lake at the end.

    `confirm`: whether Great Expectations confirms what DuckDB has judged; `pages`: whether pages of
    the bulletins are written; `say_taken` is told what the run takes, once it is known. Raises what
    the pipeline itself is at fault for; a bad file is a finding.
    """
    keep_private()
    warehouse = place.local if isinstance(place, LakeAddress) else place
    with workplace(warehouse, dry_run) as work, contextlib.ExitStack() as beside:
        expectations = work / "gx" if confirm else None
        lake = look_beside(place, raw)
        outrun = lake.outrun if lake else ()
        summary, batches = steps.receive(
            raw, warehouse, selection, work, dry_run, rebuild, [*again, *outrun]
        )
        summary.lake_snapshot = lake.snapshot if lake else None
        if say_taken:
            say_taken(summary)
        if batches and expectations:
            beside.enter_context(confirming(expectations))
        _judge(raw, None if rebuild else warehouse, lake, batches, expectations, summary)
        unmade: list[OwnFault] = []
        for batch in batches:
            summary.count(batch.folder)
        run_file = work / "jibao.duckdb"
        if not dry_run and (batches or rebuild or not is_published(warehouse, raw)):
            summary.brought_up = steps.open_copy(warehouse, run_file, rebuild)
            unmade += _bring_up_to_date(
                raw, warehouse, run_file, batches, summary, outrun, pages, rebuild
            )
            summary.changed = True
            for batch in batches:  # once the views stand: what could move a number is asked first
                written, failed = steps.reply(batch, raw, warehouse / "replies")
                summary.replies += written
                unmade += failed
            summary.faults += unmade
        if batches and expectations:
            steps.confirm(expectations, None if dry_run else warehouse / "data_docs")
        if summary.changed and pages:  # it links to what was confirmed
            failed = steps.write_site(run_file, warehouse)
            unmade += failed
            summary.faults += failed
        if summary.changed:
            steps.publish(run_file, warehouse, unmade)
    if isinstance(place, LakeAddress) and not dry_run:
        summary.committed = say_committed(*steps.commit(place))
    _tell(summary)
    return summary


def _tell(summary: RunSummary) -> None:
    for line in (*summary.forms, *(effect.words for effect in summary.effects), summary.describe()):
        run_log.log().info(show_control(line))


def _judge(
    raw: Path,
    warehouse: Path | None,
    lake: Beside | None,
    batches: list[Batch],
    expectations: Path | None,
    summary: RunSummary,
) -> None:
    """Every form by its own rules, then all of them by those across submissions."""
    catalogue = load_catalogue()
    with run_log.progress(len(batches)) as count_one:
        for batch in batches:
            if form := catalogue.get(batch.code):
                summary.faults += steps.judge(form, batch, raw, expectations)
            count_one()
    summary.faults += steps.compare(batches, raw, warehouse, expectations, lake)


def _bring_up_to_date(
    raw: Path,
    warehouse: Path,
    run_file: Path,
    batches: list[Batch],
    summary: RunSummary,
    outrun: tuple[str, ...],
    pages: bool,
    is_rebuild: bool,
) -> list[OwnFault]:
    """What was judged and decided into the run's file, and all that is made of it. Returns what we
    failed to make.
    """
    catalogue = load_catalogue()
    with kept_open(run_file):
        with read_run(run_file) as con:
            before = zone_states(con)
        load_decisions(raw, run_file, summary.run)
        load_withdrawals(raw, run_file, summary.run)
        for batch in batches:
            steps.load(catalogue.get(batch.code), batch, run_file, summary.run, outrun)
        steps.build(run_file, raw, summary, before)
        summary.waiting = find_waiting(run_file)
        summary.effects = [] if is_rebuild else tell_effects(run_file, summary.run)
        steps.weigh(batches, run_file)
        unmade = steps.write_receipts(run_file, raw, warehouse / "replies")
        unmade += steps.write_exports(run_file, warehouse)
        if pages:
            unmade += steps.write_pages(run_file, warehouse)
    return unmade
