"""A relation is one file of `sql/`: a view, a table, a macro or a check, and what its header says.

`reads:` in a header is documentation that can be relied on: the build compares it with what DuckDB
finds in the query (`flows.build.step`), so whatever orders or draws relations may go by it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

QUESTIONS = "questions"  # the folder of saved questions, which make no relation
_HEADER = re.compile(r"^-- (zh|grain|unit|reads|known): (.+)$", re.M)
_CREATE_VIEW = re.compile(r"^create or replace view \S+ as$", re.M | re.I)


@dataclass(frozen=True)
class Relation:
    """One SQL file: its name is its path, its header says what a row is and what it reads.

    `known` is the column of a table of the ledger that says since when a row is known.
    """

    name: str
    sql: str
    title_en: str
    title_zh: str
    reads: tuple[str, ...]
    known: str | None = None

    @property
    def query(self) -> str:
        """What a view selects, without the words that create it; of a check the whole text."""
        opening = _CREATE_VIEW.search(self.sql)
        text = self.sql[opening.end() :] if opening else self.sql
        return text.strip().removesuffix(";")


def open_relation(path: Path) -> Relation:
    """The relation of a file `sql/<schema>/<name>.sql`; of tables and macros the file's name alone
    says what it is.
    """
    sql = path.read_text(encoding="utf-8")
    header = dict(_HEADER.findall(sql))
    reads = tuple(r.strip() for r in header.get("reads", "").split(",") if "." in r)
    in_schema = path.parent.name not in ("tables", "macros")
    return Relation(
        name=f"{path.parent.name}.{path.stem}" if in_schema else path.stem,
        sql=sql,
        title_en=sql.partition("\n")[0].removeprefix("-- "),
        title_zh=header.get("zh", ""),
        reads=reads,
        known=header.get("known"),
    )
