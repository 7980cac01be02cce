"""The views that a page takes its numbers from, and all the SQL that is below them."""

from __future__ import annotations

import functools
import re

from flows import SQL_DIR
from flows.publish.bulletin_numbers import Source
from flows.warehouse.sql_file import Relation, open_relation

FIGURE = Source(
    "metrics.bulletin_figure",
    key=("bulletin_line", "industry", "basis"),
    numbers=("number_zh", "number_en", "growth_number", "pace_number"),
    words=("title_zh", "title_en", "industry_en", "phrase_zh", "phrase_en", "unit_zh", "unit_en"),
)
REVISION = Source(
    "metrics.bulletin_revision",
    key=("item", "measure"),
    numbers=("number_before", "number_now", "number_before_en", "number_now_en"),
    words=("title_zh", "title_en", "unit_zh", "unit_en", "edition", "acceptance_reason"),
)
REGISTER_CHANGE = Source(
    "metrics.bulletin_register_change",
    key=("register_change", "entry_name", "uscc"),
    numbers=("changes",),
    words=("entry_name",),
)
CHART = Source(
    "metrics.bulletin_chart",
    key=("bulletin_line",),
    numbers=("number_first", "number_second", "number_third"),
    words=("title_zh", "title_en"),
)
VINTAGE = Source(
    "metrics.bulletin_vintage",
    key=("bulletin_line",),
    numbers=("number_level", "number_growth"),
    words=("title_zh", "title_en"),
)
RANKING = Source(
    "metrics.bulletin_ranking",
    key=("bulletin_line",),
    numbers=("number_growth", "number_place", "number_zones"),
    words=("title_zh", "title_en"),
)
_VIEWS = ("metrics", "staging")


@functools.cache
def relations_of(view: str) -> tuple[tuple[Relation, ...], tuple[Relation, ...], tuple[str, ...]]:
    """The macros and the views that a view is made of, itself last, and the tables below them."""
    views: dict[str, Relation] = {}
    tables: dict[str, None] = {}

    def visit(name: str) -> None:
        schema, _, bare = name.partition(".")
        if schema not in _VIEWS:
            tables[name] = None
        elif name not in views:
            relation = open_relation(SQL_DIR / schema / f"{bare}.sql")
            for read in relation.reads:
                visit(read)
            views[name] = relation

    visit(view)
    macros: dict[str, Relation] = {}

    def call(text: str) -> None:
        for name in sorted(_macros().keys() & set(_CALL.findall(text))):
            if name not in macros:
                for read in _macros()[name].reads:
                    visit(read)
                call(_macros()[name].sql.partition(" as (")[2])
                macros[name] = _macros()[name]

    for relation in list(views.values()):
        call(relation.query)
    return tuple(macros.values()), tuple(views.values()), tuple(tables)


_CALL = re.compile(r"\b([a-z_0-9]+)\(")


@functools.cache
def _macros() -> dict[str, Relation]:
    return {p.stem: open_relation(p) for p in sorted((SQL_DIR / "macros").glob("*.sql"))}
