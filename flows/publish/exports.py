"""Exports: a folder for each view and in it a file for each zone. Only what has changed is written.

What a view gives of a zone follows from the ledger's lines about it and from how views are made
(`zone_states`), and how it is written from the program (`written_by`). Where these are as they
were, the file that is there is linked into the new folder.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.publish.writers import written_by
from flows.warehouse.copies import link_or_copy, write_csv
from flows.warehouse.ledger import zone_states
from flows.warehouse.own_faults import OF_THE_RUN, Spare, spare_nothing
from flows.warehouse.sql_text import quote

STATES = "zones.json"  # beside the exports: who wrote them, and the state of each zone then
_FEW = 10  # zones are asked one by one where fewer than one in so many has changed


@dataclass(frozen=True)
class Zones:
    """The zones of a run's file by what has become of them since the exports that readers have."""

    states: dict[str, str]
    kept: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def few_changed(self) -> bool:
        """Whether it is quicker to ask for each that has changed than for all at once."""
        return len(self.changed) * _FEW < len(self.states)


def compare_zones(con: duckdb.DuckDBPyConnection, published: Path) -> Zones:
    """Which zones are as they were in the exports that stand in `published`."""
    before = _states_of(published) or {}
    states = zone_states(con)
    return Zones(
        states,
        tuple(zone for zone in states if states[zone] == before.get(zone)),
        tuple(zone for zone in states if states[zone] != before.get(zone)),
        tuple(zone for zone in before if zone not in states),
    )


def write_states(zones: Zones, folder: Path) -> None:
    """Note what the exports of `folder` were made of."""
    note = {"written_by": written_by(), "zones": zones.states}
    (folder / STATES).write_text(json.dumps(note, indent=0), encoding="utf-8")


def are_of_this_program(published: Path) -> bool:
    """Whether the exports of `published` were written as today's program writes them."""
    return _states_of(published) is not None


def _states_of(published: Path) -> dict[str, str] | None:
    """The states of zones that the exports were made in; None where another program wrote them."""
    with contextlib.suppress(OSError, ValueError, LookupError, TypeError):
        note = json.loads((published / STATES).read_bytes())
        if note["written_by"] == written_by():
            return dict(note["zones"])
    return None


@dataclass(frozen=True)
class Export:
    """A folder below `published` with a file for each zone, and what of a relation stands in it.

    Rows are those of the zone, which the relation's column `zone` names.
    """

    folder: str
    relation: str
    columns: str = "*"
    condition: str = "true"

    def query(self, where: str = "true", first: str = "") -> str:
        """Its rows in their order; `first` is a column before the others."""
        return (
            f"select {first}{self.columns} from {self.relation} "
            f"where {self.condition} and {where} order by all"
        )

    def file(self, published: Path, zone: str) -> Path:
        """The file of a zone."""
        return published / self.folder / f"{zone}.csv"


def export_views(names: Sequence[str]) -> tuple[Export, ...]:
    """Views of `metrics` as they are."""
    return tuple(Export(name, f"metrics.{name}") for name in names)


def write_export(
    con: duckdb.DuckDBPyConnection,
    export: Export,
    zones: Zones,
    published: Path,
    beside: Path,
    spare: Spare = spare_nothing,
) -> int:
    """Write an export into `beside`, a file a zone. Returns the new rows. Where not all of it can
    be asked at once, its zones are asked one by one.
    """
    (beside / export.folder).mkdir(parents=True)
    lost = [
        zone
        for zone in zones.kept
        if not keep_file(export.file(published, zone), export.file(beside, zone))
    ]
    wanted = {zone: export.file(beside, zone) for zone in (*zones.changed, *lost)}
    of_one = export.query("zone = {}")
    if zones.few_changed and not lost:
        return _write_each(con, of_one, wanted, beside, spare)
    every = export.query(first="zone as zone_of_file, ")
    try:
        con.execute(f"create or replace temp table export as {every}")
    except OF_THE_RUN:
        raise
    except duckdb.Error:  # by one zone perhaps, which is found when each is asked
        return _write_each(con, of_one, wanted, beside, spare)
    rows = "select * exclude (zone_of_file) from export where zone_of_file = {} order by rowid"
    written = _write_each(con, rows, wanted, beside, spare)
    con.execute("drop table export")
    return written


def keep_file(there: Path, target: Path) -> bool:
    """The same file at another place as well; False where it is not there."""
    try:
        link_or_copy(there, target)
    except FileNotFoundError:
        return False
    return True


def _write_each(
    con: duckdb.DuckDBPyConnection,
    query: str,
    targets: Mapping[str, Path],
    beside: Path,
    spare: Spare,
) -> int:
    """What `query` gives of each zone into its file; none for a zone that was spared."""
    written = 0
    for zone, target in targets.items():
        with spare(f"published/{target.relative_to(beside).as_posix()}"):
            try:
                written += write_csv(con, query.format(quote(zone)), target)
            except Exception:
                target.unlink(missing_ok=True)  # perhaps half written
                raise
    return written
