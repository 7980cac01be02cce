"""Noun: vintages, every view once more as it was at another time, made from the view's own SQL.

In: the views in the order they need each other, and which tables of the ledger say when they were
known. Out: table macros `<schema>.<view>_as_of(known_at)` (as known at a time, UTC) and, where a
macro
asks for one, `<schema>.<view>_before(since_run)` (without what that run or a later one brought). No
query is written twice: in the text of a view each relation that rests on the ledger is replaced by
its macro of the same family (decision 0008).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flows.warehouse.sql_file import Relation

_TOKEN = re.compile(r"'(?:[^']|'')*'|--[^\n]*|[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*(?=\s+as\s)", re.I)
_OPENING = re.compile(r"^create or replace view \S+ as$", re.M | re.I)


@dataclass(frozen=True)
class Family:
    """A way to look back: the macros' suffix and parameter, the condition on a table, and its
    words.
    """

    suffix: str
    parameter: str
    condition: str  # {known} is the table's column that says since when a row is known
    zh: str
    en: str


AS_OF = Family(
    "as_of",
    "known_at",
    "k.{known} <= known_at",
    "按 known_at（UTC）当时所知",
    "as known at known_at, UTC",
)
BEFORE = Family(
    "before",
    "since_run",
    "k.run < since_run",
    "不含 since_run 及以后各次运行的内容",
    "without what since_run or a later run brought",
)


@dataclass(frozen=True)
class Macro:
    """A table macro: its name, the statement that makes it, its words, and a call that proves it."""

    name: str
    sql: str
    title_zh: str
    title_en: str
    proof: str
    missed: frozenset[
        str
    ]  # relations that it still reads as they are now: they are not written `schema.name as alias`


def derive_macros(
    views: Iterable[Relation], known: Mapping[str, str], asked: Iterable[str]
) -> list[Macro]:
    """The macros of every view that rests on a table of `known` (its column of time by its name).

    Views come in the order they need each other. `asked` names what macros read: the family
    `_before` is made only for what they need.
    """
    ordered = list(views)
    macros = _derive(AS_OF, ordered, known, None)
    wanted = _needed(
        {name.removesuffix("_before") for name in asked if name.endswith("_before")}, ordered
    )
    return [*macros, *(_derive(BEFORE, ordered, known, wanted) if wanted else [])]


def _derive(
    family: Family, views: list[Relation], known: Mapping[str, str], wanted: set[str] | None
) -> list[Macro]:
    macros = [_base(family, table, column) for table, column in known.items()]
    changed = set(known)
    for view in views:
        if changed.isdisjoint(view.reads) or (wanted is not None and view.name not in wanted):
            continue
        opening = _OPENING.search(view.sql)
        query = (view.sql[opening.end() :] if opening else view.sql).strip().removesuffix(";")
        query = replace_relations(
            query, {name: f"{name}_{family.suffix}({family.parameter})" for name in changed}
        )
        missed = frozenset(
            name
            for name in changed
            if re.search(rf"\b{re.escape(name)}\b", re.sub(r"'(?:[^']|'')*'", "", query))
        )
        macros.append(_macro(family, view.name, query, view.title_zh, view.title_en, missed))
        changed.add(view.name)
    return macros


def _base(family: Family, table: str, column: str) -> Macro:
    query = f"select k.* from {table} as k where {family.condition.format(known=column)}"
    return _macro(family, table, query, f"{table} 的各行", f"The rows of {table}.", frozenset())


def _macro(
    family: Family, name: str, query: str, title_zh: str, title_en: str, missed: frozenset[str]
) -> Macro:
    named = f"{name}_{family.suffix}"
    nothing = "null::timestamp" if family is AS_OF else "null::varchar"
    return Macro(
        named,
        f"create or replace macro {named}({family.parameter}) as table\n{query}",
        f"{title_zh}（{family.zh}）",
        f"{title_en.removesuffix('.')}, {family.en}.",
        f"select * from {named}({nothing}) limit 0",
        missed,
    )


def replace_relations(query: str, by: Mapping[str, str]) -> str:
    """The query without its comments, each relation `schema.name as alias` replaced; text in
    quotes is
    left alone.
    """

    def replaced(token: re.Match[str]) -> str:
        text = token[0]
        if text.startswith("--"):
            return ""
        return by.get(text, text)

    return _TOKEN.sub(replaced, query)


def _needed(names: set[str], views: list[Relation]) -> set[str]:
    """The views named and all that they read, through any number of steps."""
    reads = {view.name: view.reads for view in views}
    found: set[str] = set()
    waiting = [name for name in names if name in reads]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [r for r in reads[name] if r in reads]
    return found
