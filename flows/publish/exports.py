"""Exports: a folder for each view and in it a file for each zone, CSV or Parquet. Only what has
changed is written.

What a view gives of a zone follows from the ledger's lines about it and from how views are made
(`zone_states`), and how it is written from the program (`written_by`). Where these are as they
were, the file that is there is linked into the new folder.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.warehouse.copies import link_or_copy, write_csv, write_parquet
from flows.warehouse.ledger import zone_states
from flows.warehouse.own_faults import OF_THE_RUN, Spare, spare_nothing
from flows.warehouse.sql_text import quote
from flows.warehouse.writers import written_by

STATES = "zones.json"  # beside the exports: who wrote them, and the state of each zone then
# of a CSV for people: without it a spreadsheet program takes Chinese for something else
BOM = "\ufeff"
_WITH_BOM = f'* rename (zone as "{BOM}zone")'  # so that the file begins with it
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
    suffix: str = "csv"

    def query(self, where: str = "true", first: str = "", source: str = "") -> str:
        """Its rows in their order; `first` is a column before the others, `source` has the rows of
        the relation, if not itself.
        """
        return (
            f"select {first}{self.columns} from {source or self.relation} "
            f"where {self.condition} and {where} order by all"
        )

    def file(self, published: Path, zone: str) -> Path:
        """The file of a zone."""
        return published / self.folder / f"{zone}.{self.suffix}"

    def write(self, con: duckdb.DuckDBPyConnection, query: str, target: Path) -> int:
        """Write what a query gives. Returns the number of rows."""
        write = write_parquet if self.suffix == "parquet" else write_csv
        return write(con, query, target)


class ReadViews:
    """What views give, each asked once in a run, whatever is written of it. The tables go with the
    connection.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, zones: Zones) -> None:
        self._con, self._zones = con, zones
        self._sources: dict[tuple[str, bool], str] = {}

    def source(self, relation: str, wanted: Collection[str]) -> str:
        """A table with the rows of a view, those of the `wanted` zones at least; the view itself
        where they cannot be asked at once.
        """
        of_few = self._zones.few_changed and set(wanted) <= set(self._zones.changed)
        key = relation, of_few
        if wanted and key not in self._sources:
            self._sources[key] = self._read(relation, self._zones.changed if of_few else None)
        return self._sources.get(key, relation)

    def _read(self, relation: str, few: Sequence[str] | None) -> str:
        name = f"read_{len(self._sources)}"
        each = [f"from {relation} where zone = {quote(zone)}" for zone in few or ()]
        rows = " union all ".join(each) or f"from {relation}"
        try:
            self._con.execute(f"create or replace temp table {name} as {rows}")
        except OF_THE_RUN:
            raise
        except duckdb.Error:  # by one zone perhaps, which is found when each is asked
            return relation
        return name


def export_views(names: Sequence[str]) -> tuple[Export, ...]:
    """Views of `metrics` as they are, in files that begin with a byte order mark."""
    return tuple(Export(name, f"metrics.{name}", _WITH_BOM) for name in names)


def write_export(
    con: duckdb.DuckDBPyConnection,
    export: Export,
    views: ReadViews,
    zones: Zones,
    published: Path,
    beside: Path,
    spare: Spare = spare_nothing,
) -> int:
    """Write an export into `beside`, a file a zone. Returns the new rows."""
    wanted = keep_unchanged(zones, export.file, published, beside)
    source = views.source(export.relation, wanted)
    query, written = export.query("zone = {}", source=source), 0
    for zone, target in wanted.items():
        name = target.relative_to(beside).as_posix()
        with spare(f"published/{name}"), whole_or_none(target):
            written += export.write(con, query.format(quote(zone)), target)
    return written


@contextlib.contextmanager
def whole_or_none(target: Path) -> Iterator[None]:
    """Leave no half of a file where writing it fails."""
    try:
        yield
    except Exception:
        target.unlink(missing_ok=True)
        raise


def keep_unchanged(
    zones: Zones, file: Callable[[Path, str], Path], published: Path, beside: Path
) -> dict[str, Path]:
    """Take over the files of zones that are as they were. Returns those to be written, by zone."""
    wanted = {zone: file(beside, zone) for zone in zones.changed}
    for zone in zones.states:
        target = file(beside, zone)
        target.parent.mkdir(parents=True, exist_ok=True)
        if zone not in wanted and not keep_file(file(published, zone), target):
            wanted[zone] = target
    return wanted


def keep_file(there: Path, target: Path) -> bool:
    """The same file at another place as well; False where it is not there."""
    try:
        link_or_copy(there, target)
    except FileNotFoundError:
        return False
    return True
