"""Exports are written, and the run's file takes the readers' place.

`warehouse/jibao.duckdb` is swapped in by an atomic rename. `warehouse/published/` has the exports
for the office, and `warehouse/published/public/` what may leave it. Does no
arithmetic.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import duckdb

from flows.model.access import open_to_all
from flows.model.text import lines_of
from flows.publish.data_contract import CONTRACT_FILE, write_contract
from flows.publish.data_package import PACKAGE_FILE, write_data_package
from flows.publish.exports import (
    Export,
    ReadViews,
    are_of_this_program,
    compare_zones,
    export_views,
    write_export,
    write_states,
)
from flows.publish.run_metrics import METRICS_FILE, render_metrics
from flows.publish.sdmx import SDMX_FOLDER, sdmx_exports, write_structures
from flows.publish.workbooks import WORKBOOK_FOLDER, write_workbooks
from flows.warehouse.copies import copy_public, swap_in
from flows.warehouse.database import read_only, read_published, read_run, share_run
from flows.warehouse.ledger import newest_run, note_finished
from flows.warehouse.own_faults import OwnFault, Spare, spare_nothing

# views that say of a zone what was sent of that zone, and nothing of others
EXPORTS = ("headline", "sector_growth", "indicator_growth", "reconciliation")
# for programs, many more rows than anybody reads: the long table, and the figures that stand as
# they were sent, each with file, sheet and row
PARQUET_EXPORTS = (
    Export("fact", "metrics.fact", suffix="parquet"),
    Export("observation", "staging.observation", suffix="parquet"),
)
UNMADE = "unmade.jsonl"  # what the pipeline failed on; not there where it failed on nothing
SITE_FOLDER = "site"  # below `published`, and below the public folder
PUBLIC_FOLDER = "public"  # below `published`: the only folder whose files may leave the office
# not public.duckdb: a database of the schema's own name makes `public.headline` ambiguous
PUBLIC_FILE = "jibao_public.duckdb"
# what tells how far a figure is protected would help to undo it
NOT_FOR_THE_PUBLIC = ("ref.disclosure_parameter", "ref.confidential_indicator")


def list_exports(con: duckdb.DuckDBPyConnection) -> tuple[Export, ...]:
    """Everything that is written as a file a zone."""
    return (*export_views(EXPORTS), *PARQUET_EXPORTS, *sdmx_exports(con, PUBLIC_FOLDER))


def write_exports(
    run_file: Path, warehouse: Path, spare: Spare = spare_nothing
) -> dict[str, str | int]:
    """Write exports and the public's copy beside what readers have; what is spared
    is not there.

    Notes the time in the run. Returns the run they are of, and the rows of each export that were
    written anew.
    """
    beside, published = _beside(warehouse), warehouse / "published"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    with share_run(run_file) as con:
        run = newest_run(con)
        zones = compare_zones(con, published)
        views = ReadViews(con, zones)
        rows = {
            export.folder: write_export(con, export, views, zones, published, beside, spare)
            for export in list_exports(con)
        }
        rows[WORKBOOK_FOLDER] = write_workbooks(con, views, zones, published, beside, spare)
        for export in export_views(EXPORTS):
            with spare(f"published/{export.folder}/{PACKAGE_FILE}"):
                write_data_package(con, export, zones, published, beside)
        with spare(f"published/{CONTRACT_FILE}"):
            write_contract(con, published, beside)
        with spare(f"published/{SDMX_FOLDER}"):
            write_structures(con, published, beside, PUBLIC_FOLDER)
    write_states(zones, beside)
    (beside / "run.txt").write_text(run, encoding="utf-8")
    public = Path(PUBLIC_FOLDER) / PUBLIC_FILE
    standing = published / public if zones.few_changed else None
    with spare(f"published/{public}"):
        changed = zones.changed, zones.gone
        copy_public(run_file, beside / public, NOT_FOR_THE_PUBLIC, standing, *changed)
    note_finished(run_file)
    with spare(f"published/{METRICS_FILE}"), read_run(run_file) as con:  # it tells that time
        (beside / METRICS_FILE).write_text(render_metrics(con), encoding="utf-8")
    return {"run": run, **rows}


def note_faults(warehouse: Path, faults: Sequence[OwnFault]) -> None:
    """Note beside the exports what the run could not make, for the next run to try again."""
    if faults:
        lines = [json.dumps(asdict(fault), ensure_ascii=False) + "\n" for fault in faults]
        (_beside(warehouse) / UNMADE).write_text("".join(lines), encoding="utf-8")


def list_unmade(warehouse: Path) -> list[OwnFault]:
    """What the run that readers have could not make."""
    try:
        lines = lines_of((warehouse / "published" / UNMADE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [OwnFault(**json.loads(line)) for line in lines]


def publish(run_file: Path, warehouse: Path) -> None:
    """Swap the run's file in, and what `write_exports` has written: readers see all of the run from
    one instant to the next. Nobody may have the run's file open.
    """
    beside, published = _beside(warehouse), warehouse / "published"
    # before it is there: a run that dies here leaves nothing half open, and none half removed
    open_to_all(beside / PUBLIC_FOLDER, below=warehouse)
    swap_in(warehouse, run_file)
    if published.exists():
        before = beside.with_name("published.before")  # goes with the run's folder
        shutil.rmtree(before, ignore_errors=True)
        os.replace(published, before)
    os.replace(beside, published)


def _beside(warehouse: Path) -> Path:
    return warehouse / "work" / "published"


def is_complete(warehouse: Path) -> bool:
    """Whether the exports are of the run that readers have, all of them, and as today's program
    writes them: a run killed between the two leaves older ones, and so does an upgrade.
    """
    if list_unmade(warehouse) or not are_of_this_program(warehouse / "published"):
        return False
    if not has_public_copy(warehouse):
        return False
    note = warehouse / "published" / "run.txt"
    if not note.exists():
        return False
    with read_published(warehouse) as con:
        return note.read_text(encoding="utf-8") == newest_run(con)


def has_public_copy(warehouse: Path) -> bool:
    """Whether the public's copy is there and opens: a damaged one is made anew by the next run."""
    try:
        with read_only(warehouse / "published" / PUBLIC_FOLDER / PUBLIC_FILE):
            return True
    except duckdb.Error:
        return False
