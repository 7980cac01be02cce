"""What of a published warehouse a lake does not have yet, in parcels, and staged for it.

A parcel is what is committed together and stands together: a file as it was judged, with all its
rows in `core`, `ledger` and `quarantine`; what a build derived of a zone; a run; a line that people
keep in `raw/`. It names the parcel that it supersedes. Nothing is ever deleted: of a key what no
other parcel supersedes is current. A parcel's id is made of what it is, so that whoever works out
what is missing comes to the same ids.
"""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from flows.warehouse.database import fetch_rows
from flows.warehouse.lake import LAKE, LakeAddress
from flows.warehouse.sql_text import quote, quote_all

STAGED = ("core", "ledger", "quarantine", "derived")  # the schemas whose tables hold rows
STORE = "parcel"  # the schema of the lake that they lie in
REGISTER = f"{STORE}.register"
CONTENT = f"{STORE}.content"
OFFICE = f"{STORE}.office"  # whose warehouse is whose
# kept by people, or a line a run: each by the columns that name it. Several workers of one `raw/`
# bring the same ones, by whichever run of theirs
_DECISIONS = {
    "ledger.accepted_revision": ("submission", "accepted_at"),
    "ledger.edition": ("edition", "sha256"),
    "ledger.run": ("run",),
    "ledger.withdrawal": ("submission",),
    "ledger.withdrawn_acceptance": ("submission", "accepted_at"),
}
_FILE = "stood"  # the published file, attached
# lines of the register whose parcels no other supersedes
STANDING = f"""
    select r.* from {LAKE}.{REGISTER} as r
    anti join {LAKE}.{REGISTER} as s on r.parcel = s.supersedes
"""


def stored_name(relation: str) -> str:
    """The table of the lake that holds the rows of `core.observation`, each with its parcel."""
    return f"{STORE}.{relation.replace('.', '_')}"


def list_stored(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The relations whose rows a lake holds."""
    rows = con.execute(
        "select table_name from duckdb_tables() "
        f"where database_name = {quote(LAKE)} and schema_name = {quote(STORE)} order by 1"
    ).fetchall()
    names = [name.partition("_") for (name,) in rows]
    return [f"{schema}.{name}" for schema, _, name in names if schema in STAGED]


@dataclass
class Batch:
    """Parcels staged to be committed together; by relation the file of their rows."""

    parcels: list[dict[str, str | None]]
    files: dict[str, str] = field(default_factory=dict)
    folder: Path | None = None

    @property
    def ids(self) -> str:
        """The parcels as a list of SQL."""
        return quote_all(str(parcel["parcel"]) for parcel in self.parcels)

    def remove(self) -> None:
        """Remove what was staged. On S3 it is left to a lifecycle rule of the bucket."""
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


def relations_of_file(con: duckdb.DuckDBPyConnection, catalog: str = _FILE) -> list[str]:
    """The tables of a warehouse that hold rows."""
    rows = con.execute(
        "select schema_name || '.' || table_name from duckdb_tables() "
        f"where database_name = {quote(catalog)} and schema_name in ({quote_all(STAGED)}) "
        "order by 1"
    ).fetchall()
    return [name for (name,) in rows]


def list_missing(con: duckdb.DuckDBPyConnection, office: str) -> list[dict[str, str | None]]:
    """The parcels of the file that the lake lacks, or holds as they were before.

    One judged by the same declaration, with the same findings, stands; what a file of an older run
    says is not taken. What the office's file no longer has is superseded by a parcel without rows.
    """
    derived = [r for r in relations_of_file(con) if r.startswith("derived.")]
    states = " union all ".join(
        f"select zone, t::varchar as line from {_FILE}.{r} as t" for r in derived
    )
    decisions = " union all ".join(
        f"select {_name_line(relation)} as key, "
        "sha256(row(*columns(t.* exclude (run)))::varchar) as version "
        f"from {_FILE}.{relation} as t"
        for relation in _DECISIONS
    )
    digest = "sha256(string_agg(line, chr(30) order by line))"
    return fetch_rows(
        con,
        f"""
        with last_run as (select coalesce(max(run), '') as run from {_FILE}.ledger.run),
        line as (
            {states}
            union all
            select s.zone, 'resubmission' || r::varchar as line
            from {_FILE}.ledger.resubmission as r
            inner join {_FILE}.ledger.submission as s on r.submission = s.submission
        ),
        told as (
            select t.submission, {digest} as findings
            from (select submission, t::varchar as line from {_FILE}.ledger.finding as t) as t
            group by all
        ),
        found as (
            select
                'submission' as kind,
                coalesce(s.part_of, s.submission) as key,
                array_to_string(
                    list_sort(list(distinct concat_ws(
                        ' ', coalesce(s.form_fingerprint, '-'), s.status, left(t.findings, 16)
                    ))),
                    ','
                ) as version,
                max(s.run) as sequence,
            from {_FILE}.ledger.submission as s
            left join told as t on s.submission = t.submission
            group by all
            union all
            select 'derived', zone, {digest}, any_value(last_run.run)
            from line cross join last_run group by all
            union all
            select 'decision', d.key, d.version, last_run.run
            from ({decisions}) as d cross join last_run
        ),
        stands as ({STANDING}),
        own as (
            from found
            union all
            select g.kind, g.key, '', last_run.run
            from stands as g
            cross join last_run
            anti join found as f on g.kind = f.kind and g.key = f.key
            where g.office = {quote(office)} and g.version <> ''
        )
        select
            left(
                sha256(concat_ws(
                    chr(31), o.kind, o.key, o.version, o.sequence, coalesce(c.parcel, '')
                )),
                24
            ) as parcel,
            o.*,
            c.parcel as supersedes,
        from own as o
        left join stands as c on o.kind = c.kind and o.key = c.key
        where c.parcel is null or (c.version <> o.version and o.sequence >= c.sequence)
        order by o.kind desc, o.sequence, o.key
        """,
    )


def stage(
    con: duckdb.DuckDBPyConnection, address: LakeAddress, parcels: list[dict[str, str | None]]
) -> Batch:
    """Write the rows of some parcels as Parquet, a file a table, under a name made from their ids.

    Nobody else reads it: a name has a part of its own each time.
    """
    batch = Batch(parcels)
    [(name,)] = con.execute(f"select left(sha256(concat({batch.ids})), 24)").fetchall()
    folder = f"{address.staging}/{name}.{uuid.uuid4().hex[:8]}"
    if address.is_local:
        batch.folder = Path(folder)
        batch.folder.mkdir(parents=True)
    values = ", ".join(
        f"({quote(str(p['parcel']))}, {quote(str(p['kind']))}, {quote(str(p['key']))})"
        for p in parcels
    )
    con.execute(
        f"create or replace temp table taken as from (values {values}) as v (parcel, kind, key)"
    )
    con.execute(f"""
        create or replace temp table member as
        select t.parcel, s.submission
        from taken as t
        inner join {_FILE}.ledger.submission as s on t.key = coalesce(s.part_of, s.submission)
        where t.kind = 'submission'
    """)
    for relation in relations_of_file(con):
        rows = f"select m.parcel, t.* from {_FILE}.{relation} as t inner join {_of(relation)}"
        if con.execute(f"from ({rows}) limit 1").fetchone():
            file = f"{folder}/{relation}.parquet"
            con.execute(f"copy ({rows}) to {quote(file)} (format parquet, compression zstd)")
            batch.files[relation] = file
    return batch


def _name_line(relation: str, line: str = "t") -> str:
    """The key of a line that people keep, or of a run."""
    names = ", ".join(f"{line}.{name}" for name in _DECISIONS[relation])
    return f"concat_ws(' ', {quote(relation)}, {names})"


def _of(relation: str) -> str:
    """How the rows of a table come to their parcels."""
    if relation in _DECISIONS:
        return f"taken as m on m.kind = 'decision' and m.key = {_name_line(relation)}"
    if relation == "ledger.edition_figure":
        return (
            f"{_FILE}.ledger.edition as e on t.edition = e.edition "
            f"inner join taken as m on m.kind = 'decision' "
            f"and m.key = {_name_line('ledger.edition', 'e')}"
        )
    if relation.startswith("derived."):
        return "taken as m on m.kind = 'derived' and m.key = t.zone"
    if relation == "ledger.resubmission":
        return (
            f"{_FILE}.ledger.submission as s on t.submission = s.submission "
            "inner join taken as m on m.kind = 'derived' and m.key = s.zone"
        )
    return "member as m on m.submission = t.submission"
