"""What each table and view of the warehouse is made from, with the rows at each step.

From the forms that came to their tables, and from table to view; as data, and as a page for the
operator. Counting stops after a while: it is a picture, and no run waits long for it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from flows.orchestration.markdown import Marked, code, plain, tabulate
from flows.warehouse.deadline import deadline
from flows.warehouse.sql_file import Relation


@dataclass(frozen=True)
class FormRows:
    """A form's submissions in a run, and the table that holds what was accepted of them."""

    form: str
    files: int
    path: str  # the first of them
    rows_read: int
    rows_held: int
    rows_accepted: int
    table: str | None  # none for files of no form


@dataclass(frozen=True)
class Node:
    """A table or a view, with the relations that it is made from.

    A table is made from submissions, and has none.
    """

    name: str
    reads: tuple[str, ...]
    rows: int | None  # none where counting them all took too long


@dataclass(frozen=True)
class Lineage:
    """What a run took in, and everything that the warehouse holds since."""

    run: str
    forms: tuple[FormRows, ...]
    nodes: tuple[Node, ...]


def trace(
    con: duckdb.DuckDBPyConnection, run: str, views: Iterable[Relation], seconds: float = 60
) -> Lineage:
    """The lineage of a run. `views`: all of them, each after what it reads.

    Each that rests on a submission is counted once, as far as `seconds` allow.
    """
    until = time.monotonic() + seconds
    forms = con.execute(
        """
        select
            s.form, count(*), min(s.path), sum(s.rows_read)::bigint, sum(s.rows_held)::bigint,
            sum(s.rows_accepted)::bigint,
            case any_value(f.kind)
                when 'register' then 'core.' || s.form
                when 'indicator' then 'core.observation'
            end
        from ledger.submission as s left join ref.form as f on s.form = f.form
        where s.run = ? group by s.form order by s.form
        """,
        [run],
    ).fetchall()
    read: dict[str, tuple[str, ...]] = {}
    reference: set[str] = set()
    for view in views:
        names = tuple(
            name for name in view.reads if not name.startswith("ref.") and name not in reference
        )
        if names:
            read[view.name] = names
        else:  # it comes with the package, as the reference tables do: no submission is in it
            reference.add(view.name)
    tables = {table for *_, table in forms if table} | {
        name for names in read.values() for name in names if name.startswith("core.")
    }
    nodes: dict[str, tuple[str, ...]] = dict.fromkeys(sorted(tables), ()) | read
    return Lineage(
        run,
        tuple(FormRows(*form) for form in forms),
        tuple(
            Node(name, reads, _count(con, name, until - time.monotonic()))
            for name, reads in nodes.items()
        ),
    )


def _count(con: duckdb.DuckDBPyConnection, relation: str, seconds: float) -> int | None:
    """The rows of a relation; None where they cannot be counted in the seconds that are left."""
    if seconds <= 0:
        return None
    try:
        with deadline(con, seconds):
            return int((con.execute(f"select count(*) from {relation}").fetchone() or (0,))[0])
    except TimeoutError:
        return None


def tell_lineage(lineage: Lineage) -> str:
    """From raw file to view, as Markdown.

    Files are a list: a table of their paths is wider than the page in Prefect's UI.
    """
    files = []
    for a in lineage.forms:
        names = code(f"raw/{a.path}") + (f" … ({a.files})" if a.files > 1 else "")
        counts = (
            f"读 read {a.rows_read}，未入库 held {a.rows_held}，入库 accepted {a.rows_accepted}"
        )
        files.append(f"- {names} → {plain(a.form)} → {code(a.table) if a.table else '—'}：{counts}")
    nodes = [
        (
            code(s.name),
            Marked(", ".join(map(code, s.reads)) or "raw"),
            "—" if s.rows is None else s.rows,
        )
        for s in lineage.nodes
    ]
    parts = [
        "# 数据沿袭 · Lineage",
        "## 文件 → 报表 → 表 · Files to forms to tables",
        "\n".join(files) or "只重建视图 · views built anew, no file",
        "## 表 → 视图 · Tables to views",
        tabulate(("表或视图 table or view", "取自 made from", "行数 rows"), nodes),
    ]
    return "\n\n".join(parts)
