"""Exports: a folder for each view and in it a file for each zone. Only what has changed is written.

What a view gives of a zone follows from the ledger's lines about it and from how views are made
(`zone_states`). Where both are as they were, the file that is there is linked into the new folder.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.warehouse.copies import link_or_copy, write_csv
from flows.warehouse.ledger import zone_states
from flows.warehouse.own_faults import OF_THE_RUN, Spare, spare_nothing
from flows.warehouse.sql_text import quote

STATES = "zones.json"  # beside the exports: the state of each zone that they were made in
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
    before: dict[str, str] = {}
    with contextlib.suppress(FileNotFoundError, ValueError):
        before = json.loads((published / STATES).read_text(encoding="utf-8"))
    states = zone_states(con)
    return Zones(
        states,
        tuple(zone for zone in states if states[zone] == before.get(zone)),
        tuple(zone for zone in states if states[zone] != before.get(zone)),
        tuple(zone for zone in before if zone not in states),
    )


def write_states(zones: Zones, folder: Path) -> None:
    """Note what the exports of `folder` were made of."""
    (folder / STATES).write_text(json.dumps(zones.states, indent=0), encoding="utf-8")


def write_export(
    con: duckdb.DuckDBPyConnection,
    name: str,
    zones: Zones,
    published: Path,
    beside: Path,
    spare: Spare = spare_nothing,
) -> int:
    """Write the view `metrics.<name>` into `beside`, a file a zone. Returns the new rows. Where not
    all of it can be asked at once, its zones are asked one by one.
    """
    folder = beside / name
    folder.mkdir()
    lost = [
        zone
        for zone in zones.kept
        if not _keep(published / name / f"{zone}.csv", folder / f"{zone}.csv")
    ]
    wanted = [*zones.changed, *lost]
    of_one = f"from metrics.{name} where zone = {{}} order by all"
    if zones.few_changed and not lost:
        return _write_each(con, of_one, wanted, folder, spare)
    try:
        con.execute(f"create or replace temp table export as from metrics.{name} order by all")
    except OF_THE_RUN:
        raise
    except duckdb.Error:  # by one zone perhaps, which is found when each is asked
        return _write_each(con, of_one, wanted, folder, spare)
    written = _write_each(con, "from export where zone = {} order by rowid", wanted, folder, spare)
    con.execute("drop table export")
    return written


def _keep(there: Path, target: Path) -> bool:
    """The same file at another place as well; False where it is not there."""
    try:
        link_or_copy(there, target)
    except FileNotFoundError:
        return False
    return True


def _write_each(
    con: duckdb.DuckDBPyConnection, query: str, zones: Sequence[str], folder: Path, spare: Spare
) -> int:
    """What `query` gives of each zone into a file of its own; none for a zone that was spared."""
    written = 0
    for zone in zones:
        target = folder / f"{zone}.csv"
        with spare(f"published/{folder.name}/{target.name}"):
            try:
                written += write_csv(con, query.format(quote(zone)), target)
            except Exception:
                target.unlink(missing_ok=True)  # perhaps half written
                raise
    return written
