"""A file of `sql/`: a view, a table, a macro or a check, with what its header says of it.

Its name, its SQL, its words in two languages and what it reads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Relation:
    """One SQL file: its name is its path, its header says what a row is and what it reads."""

    name: str
    sql: str
    title_en: str
    title_zh: str
    reads: tuple[str, ...]
    known: str | None = (
        None  # a table of the ledger: the column that says since when a row is known
    )


def open_relation(path: Path) -> Relation:
    """The relation of a file `sql/<schema>/<name>.sql`."""
    sql = path.read_text(encoding="utf-8")
    header = dict(re.findall(r"^-- (zh|grain|unit|reads|known): (.+)$", sql, re.M))
    reads = tuple(r.strip() for r in header.get("reads", "").split(",") if "." in r)
    name = (
        path.stem if path.parent.name in ("tables", "macros") else f"{path.parent.name}.{path.stem}"
    )
    return Relation(
        name,
        sql,
        sql.partition("\n")[0].removeprefix("-- "),
        header.get("zh", ""),
        reads,
        header.get("known"),
    )
