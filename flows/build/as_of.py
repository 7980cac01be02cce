"""Every view once more as it was at another time, made from the view's own SQL (decision 0008).

Of each view that rests on the ledger come table macros: `<schema>.<view>_as_of(known_at)`, as known
at a time (UTC), and, where a macro asks for one, `<schema>.<view>_before(since_run)`, without what
that run or a later one brought. No query is written twice. DuckDB parses the query and says where
each relation stands in it (`json_serialize_sql`); there, and nowhere else, the relation's name is
replaced by its macro of the same family. So a CTE, a column, a text or a comment that reads like a
relation is left alone, and a subquery is reached wherever it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from flows.model.errors import BuildError
from flows.warehouse.sql_file import Relation


@dataclass(frozen=True)
class Family:
    """A way to look back: the macros' suffix and parameter, its condition on a table, its words.

    `{known}` in the condition is the table's column that says since when a row is known.
    """

    suffix: str
    parameter: str
    condition: str
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
    """A table macro: its name, the view or table whose twin it is, the statement that makes it (an
    opening and a query), its words.
    """

    name: str
    twin_of: str
    opening: str
    query: str
    title_zh: str
    title_en: str

    @property
    def sql(self) -> str:
        """The statement that makes it."""
        return f"{self.opening}\n{self.query}"


@dataclass(frozen=True)
class Mention:
    """A relation where a query reads it: its name, its alias (empty where it has none), and the
    place of its first byte in the query's UTF-8 text.
    """

    name: str
    alias: str
    start: int


def derive_macros(
    con: duckdb.DuckDBPyConnection,
    views: Iterable[Relation],
    dated: Mapping[str, str],
    asked: Iterable[str],
) -> list[Macro]:
    """The macros of every view that rests on a table of `dated` (its column of time by its name).

    Views come in the order they need each other. `asked` names what macros read: the family
    `_before` is made only for what they need. Raises BuildError on a relation without an alias.
    """
    ordered = list(views)
    before = {name.removesuffix("_before") for name in asked if name.endswith("_before")}
    macros = _derive(con, AS_OF, ordered, dated)
    if wanted := _needed(before, ordered):
        macros += _derive(con, BEFORE, [v for v in ordered if v.name in wanted], dated)
    return macros


def _derive(
    con: duckdb.DuckDBPyConnection,
    family: Family,
    views: list[Relation],
    dated: Mapping[str, str],
) -> list[Macro]:
    macros = [_base(family, table, column) for table, column in dated.items()]
    replaced_by = {name: f"{name}_{family.suffix}({family.parameter})" for name in dated}
    for view in views:
        if not replaced_by.keys().isdisjoint(view.reads):
            try:
                query = replace_relations(con, view.query, replaced_by)
            except BuildError as error:
                raise BuildError(f"sql {view.name}_{family.suffix}: {error}") from error
            macros.append(_macro(family, view.name, query, view.title_zh, view.title_en))
            replaced_by[view.name] = f"{view.name}_{family.suffix}({family.parameter})"
    return macros


def _base(family: Family, table: str, column: str) -> Macro:
    query = f"select k.* from {table} as k where {family.condition.format(known=column)}"
    return _macro(family, table, query, f"{table} 的各行", f"The rows of {table}.")


def _macro(family: Family, name: str, query: str, title_zh: str, title_en: str) -> Macro:
    named = f"{name}_{family.suffix}"
    return Macro(
        named,
        name,
        f"create or replace macro {named}({family.parameter}) as table",
        query,
        f"{title_zh}（{family.zh}）",
        f"{title_en.removesuffix('.')}, {family.en}.",
    )


def replace_relations(con: duckdb.DuckDBPyConnection, query: str, by: Mapping[str, str]) -> str:
    """The query, each relation that `by` names replaced where it stands and nothing else changed.

    Raises BuildError where such a relation has no alias: its columns could be named by nothing.
    """
    text = query.encode()
    for mention in sorted(list_mentions(con, query), key=lambda m: m.start, reverse=True):
        if mention.name not in by:
            continue
        end = mention.start + len(mention.name.encode())
        if not mention.alias:
            raise BuildError(
                f"write each relation as “{mention.name} as …”, so that it is seen as of a time"
            )
        if text[mention.start : end].decode() != mention.name:
            raise BuildError(f"write “{mention.name}” plainly: in one piece, in lower case")
        text = text[: mention.start] + by[mention.name].encode() + text[end:]
    return text.decode()


def list_mentions(con: duckdb.DuckDBPyConnection, query: str) -> list[Mention]:
    """Every relation `schema.name` that a SELECT reads, as DuckDB parses it; CTEs have no schema.

    Raises BuildError where it is no SELECT.
    """
    [(serialised,)] = con.execute("select json_serialize_sql(?)", [query]).fetchall()
    mentions = []

    def note(node: dict[str, Any]) -> dict[str, Any]:
        if node.get("type") == "BASE_TABLE" and node["schema_name"]:
            name = f"{node['schema_name']}.{node['table_name']}"
            mentions.append(Mention(name, node["alias"], node["query_location"]))
        return node

    # each node as it is parsed, which is quicker than to walk the tree afterwards
    tree = json.loads(serialised, object_hook=note)
    if tree["error"]:
        raise BuildError(tree["error_message"])
    return mentions


def _needed(names: set[str], views: list[Relation]) -> set[str]:
    """The views named and all that they read, through any number of steps."""
    reads = {view.name: view.reads for view in views}
    needed: set[str] = set()
    waiting = [name for name in names if name in reads]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += [r for r in reads[name] if r in reads]
    return needed
