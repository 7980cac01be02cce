"""Noun: the dictionary, every relation, column and macro of the warehouse with its words, as one
page.

In: a connection to a built warehouse. Out: Markdown in Chinese and English, made from the COMMENTs
    alone.
"""

from __future__ import annotations

import duckdb

SCHEMAS = {
    "metrics": ("指标：供查询和发布", "metrics: to be queried and published"),
    "staging": ("现行数据：各次报送中现行有效的部分", "staging: of all submissions, what stands"),
    "core": ("入库数据：只增不改，各版本俱在", "core: what was loaded, append-only, every vintage"),
    "ledger": ("台账：报送、审核、运行、发布", "ledger: submissions, findings, runs, editions"),
    "quarantine": ("扣留的行", "quarantine: rows that were held"),
    "ref": ("参考表与报表目录", "ref: reference tables and the catalogue of forms"),
    "public": ("可对外公布的汇总", "public: aggregates that may be given to anybody"),
}
_OPENING = """# Dictionary 数据字典

Made from the COMMENTs of the warehouse by `jibao dictionary`; a test fails when it is stale. Do not edit it.
由数据仓库中的注释生成，请勿手改。

Words on a view come from the head of its file in `sql/`, words on a column from `sql/reference/column_title.csv`.
`value` columns are in the base unit of column `unit`; `_cny` is yuan, `_pct` per cent, `_pp` percentage points.
"""


def render_dictionary(con: duckdb.DuckDBPyConnection) -> str:
    """The whole page."""
    parts = [_OPENING]
    found = con.execute(
        "select distinct schema_name from duckdb_columns() where not internal"
    ).fetchall()
    schemas = [schema for schema in SCHEMAS if (schema,) in found]
    for schema in schemas:
        zh, en = SCHEMAS[schema]
        parts.append(f"## {schema}\n\n{zh} · {en}\n")
        parts += [
            _describe_relation(con, schema, name, kind, comment)
            for name, kind, comment in _relations(con, schema)
        ]
        if macros := _macros(con, schema):
            parts.append(macros)
    parts.append(_functions(con))
    return "\n".join(parts)


def _relations(con: duckdb.DuckDBPyConnection, schema: str) -> list[tuple[str, str, str]]:
    return con.execute(
        """
        select view_name, 'view', coalesce(comment, '') from duckdb_views() where not internal and schema_name = $1
        union all
        select table_name, 'table', coalesce(comment, '') from duckdb_tables() where not internal and schema_name = $1
        order by all
        """,
        [schema],
    ).fetchall()


def _describe_relation(
    con: duckdb.DuckDBPyConnection, schema: str, name: str, kind: str, comment: str
) -> str:
    columns = con.execute(
        """
        select column_name, data_type, coalesce(comment, '') from duckdb_columns()
        where not internal and schema_name = ? and table_name = ? order by column_index
        """,
        [schema, name],
    ).fetchall()
    zh, _, en = comment.partition(" | ")
    looks_back = con.execute(
        "select count(*) from duckdb_functions() where schema_name = ? and function_name = ?",
        [schema, f"{name}_as_of"],
    ).fetchone()
    lines = [f"### {schema}.{name}\n", f"{zh}  \n{en}  "]
    lines.append(
        f"{kind}{f'; as it was known: `{schema}.{name}_as_of(known_at)`' if looks_back and looks_back[0] else ''}\n"
    )
    lines += ["| column | type | 含义 | meaning |", "| --- | --- | --- | --- |"]
    for column, type_, words in columns:
        of_zh, _, of_en = words.partition(" | ")
        lines.append(f"| `{column}` | {type_.lower()} | {_cell(of_zh)} | {_cell(of_en)} |")
    return "\n".join(lines) + "\n"


def _macros(con: duckdb.DuckDBPyConnection, schema: str) -> str:
    """The table macros of a schema that were written by hand; those made from views stand at their
    views.
    """
    rows = con.execute(
        r"""
        select distinct f.function_name, array_to_string(f.parameters, ', '), f.comment from duckdb_functions() as f
        where not f.internal and f.schema_name = ? and f.function_type = 'table_macro'
            and not (
                regexp_matches(f.function_name, '_(as_of|before)$')
                and regexp_replace(f.function_name, '_(as_of|before)$', '') in (
                    select view_name from duckdb_views() union all select table_name from duckdb_tables()
                )
            )
        order by all
        """,
        [schema],
    ).fetchall()
    if not rows:
        return ""
    lines = [f"### Macros of {schema} 表函数\n", "| call | 含义 | meaning |", "| --- | --- | --- |"]
    return (
        "\n".join(
            [
                *lines,
                *(
                    _call(f"{schema}.{name}", parameters, comment)
                    for name, parameters, comment in rows
                ),
            ]
        )
        + "\n"
    )


def _functions(con: duckdb.DuckDBPyConnection) -> str:
    rows = con.execute("""
        select distinct f.function_name, array_to_string(f.parameters, ', '), f.comment from duckdb_functions() as f
        where not f.internal and f.schema_name = 'main' and f.function_type = 'macro' order by all
    """).fetchall()
    lines = ["## Functions 函数\n", "| call | 含义 | meaning |", "| --- | --- | --- |"]
    return (
        "\n".join(
            [*lines, *(_call(name, parameters, comment) for name, parameters, comment in rows)]
        )
        + "\n"
    )


def _call(name: str, parameters: str, comment: str | None) -> str:
    zh, _, en = (comment or "").partition(" | ")
    return f"| `{name}({parameters})` | {_cell(zh)} | {_cell(en)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
