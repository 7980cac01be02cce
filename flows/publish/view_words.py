"""Views and their columns in the words of the dictionary, for whatever describes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb

from flows.warehouse.sql_text import quote_all

_COLUMNS = """
select
    s.view_name, s.title_zh, s.title_en, c.column_name, c.data_type,
    split_part(c.comment, ' | ', 1), split_part(c.comment, ' | ', 2), t.unit
from metrics.catalogue as s
inner join duckdb_columns() as c on s.view_name = c.schema_name || '.' || c.table_name
left join ref.column_title as t on c.column_name = t.column_name
where c.database_name = current_database() and {condition}
order by s.view_name, c.column_index
"""


@dataclass(frozen=True)
class ColumnWords:
    """A column: its type as DuckDB names it, what it means, its unit where it has one."""

    name: str
    kind: str
    title_zh: str
    title_en: str
    unit: str | None


@dataclass(frozen=True)
class ViewWords:
    """A view (`metrics.fact`): what one row of it is, and its columns in their order."""

    name: str
    title_zh: str
    title_en: str
    columns: list[ColumnWords] = field(default_factory=list)


def describe_views(
    con: duckdb.DuckDBPyConnection, names: Iterable[str] | None = None
) -> dict[str, ViewWords]:
    """The views of these names, or all of the catalogue, by name."""
    condition = "true" if names is None else f"s.view_name in ({quote_all(names)})"
    views: dict[str, ViewWords] = {}
    for name, zh, en, *column in con.execute(_COLUMNS.format(condition=condition)).fetchall():
        views.setdefault(name, ViewWords(name, zh, en)).columns.append(ColumnWords(*column))
    return views
