"""The dictionary: every relation, column and macro of the warehouse with its words.

In: a connection to a built warehouse. Out: an index of each schema and a page of each relation, in
Markdown, in Chinese and English, made from the COMMENTs and from what each view reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import duckdb

from flows.build.lineage import PAGE as LINEAGE
from flows.build.lineage import render_lineage
from flows.build.step import order_relations

INDEX = "README.md"
FUNCTIONS = "functions.md"
_READS, _READ_BY = "reads 读取", "read by 用于"
SCHEMAS = {
    "metrics": ("指标：供查询和发布", "metrics: to be queried and published"),
    "staging": ("现行数据：各次报送中现行有效的部分", "staging: of all submissions, what stands"),
    "core": ("入库数据：只增不改，各版本俱在", "core: what was loaded, append-only, every vintage"),
    "derived": (
        "计算所得的表：季节调整、年度基准",
        "derived: tables that are computed, seasonal adjustment and benchmarks",
    ),
    "ledger": ("登记簿：报送、审核、运行、发布", "ledger: submissions, findings, runs, editions"),
    "quarantine": ("扣留的行", "quarantine: rows that were held"),
    "ref": ("参考表与报表目录", "ref: reference tables and the catalogue of forms"),
    "public": ("可对外公布的汇总", "public: aggregates that may be given to anybody"),
}
_OPENING = """# Dictionary 数据字典

Made from the COMMENTs of the warehouse by `jibao dictionary`; a test fails when it is stale.
Do not edit it. 由数据仓库中的注释生成，请勿手改。

Words on a view come from the head of its file in `sql/`, words on a column from
`sql/reference/column_title.csv`. `value` columns are in the base unit of column `unit`; `_cny` is
yuan, `_pct` per cent, `_pp` percentage points.

| page | 内容 | contents | relations |
| --- | --- | --- | --: |
"""
_RELATIONS = """
select v.view_name, 'view', coalesce(v.comment, '')
from duckdb_views() as v
where not v.internal and v.schema_name = $1
union all
select t.table_name, 'table', coalesce(t.comment, '')
from duckdb_tables() as t
where not t.internal and t.schema_name = $1
order by all
"""
# asked once for all relations: DuckDB binds every view to say what columns one has
_COLUMNS = """
select c.schema_name || '.' || c.table_name, c.column_name, c.data_type, coalesce(c.comment, '')
from duckdb_columns() as c
where not c.internal
order by c.schema_name, c.table_name, c.column_index
"""
_AS_OF = """
select distinct f.schema_name || '.' || f.function_name
from duckdb_functions() as f
where f.function_name like '%_as_of'
"""
# those that were written by hand: what is made from a view stands at the view
_MACROS = r"""
select distinct f.function_name, array_to_string(f.parameters, ', '), coalesce(f.comment, '')
from duckdb_functions() as f
where
    not f.internal
    and f.schema_name = $1
    and f.function_type in ('macro', 'table_macro')
    and not (
        regexp_matches(f.function_name, '_(as_of|before)$')
        and regexp_replace(f.function_name, '_(as_of|before)$', '') in (
            select v.view_name from duckdb_views() as v
            union all
            select t.table_name from duckdb_tables() as t
        )
    )
order by all
"""


def render_dictionary(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Every page by its path: the index, an index a schema (`metrics.md`), a page a relation
    (`metrics/annual.md`), the functions and the lineage.
    """
    index, pages = [_OPENING.rstrip("\n")], {}
    columns: defaultdict[str, list[list[str]]] = defaultdict(list)
    for relation, *column in con.execute(_COLUMNS).fetchall():
        columns[relation].append(column)
    as_of = {name for (name,) in con.execute(_AS_OF).fetchall()}
    views = order_relations()
    reads = {view.name: sorted(view.reads) for view in views}
    read_by = {name: sorted(v.name for v in views if name in v.reads) for name in columns}
    for schema, (zh, en) in SCHEMAS.items():
        relations = con.execute(_RELATIONS, [schema]).fetchall()
        if not relations:
            continue
        lines = []
        for name, kind, comment in relations:
            full = f"{schema}.{name}"
            lines.append((f"[{name}]({schema}/{name}.md)", *_words(comment)))
            kind_of = f"{kind}; as it was known: `{full}_as_of(known_at)`"
            pages[f"{schema}/{name}.md"] = _describe_relation(
                full,
                comment,
                kind_of if f"{full}_as_of" in as_of else kind,
                [(_READS, reads.get(full, [])), (_READ_BY, read_by.get(full, []))],
                columns,
            )
        parts = [f"# {schema}\n\n{zh} · {en} · [all pages 目录]({INDEX})\n"]
        parts += [*_table(("relation", "含义", "meaning"), lines), ""]
        if calls := _describe_macros(con, schema, f"{schema}."):
            parts.append(f"## Macros of {schema} 表函数\n\n{calls}")
        pages[f"{schema}.md"] = "\n".join(parts)
        index.append(f"| [{schema}]({schema}.md) | {zh} | {en} | {len(relations)} |")
    index.append(f"| [functions]({FUNCTIONS}) | 函数 | functions that give one value | |")
    index.append(f"| [lineage]({LINEAGE}) | 视图关系图 | which view is made from which | |")
    pages[LINEAGE] = render_lineage(views)
    title = f"# Functions 函数\n\n[all pages 目录]({INDEX})\n\n"
    pages[FUNCTIONS] = title + _describe_macros(con, "main", "")
    return {INDEX: "\n".join(index) + "\n"} | pages


def _describe_relation(
    name: str,
    comment: str,
    kind: str,
    neighbours: list[tuple[str, list[str]]],
    columns: Mapping[str, list[list[str]]],
) -> str:
    """The page of a relation; `neighbours` are what it reads and what reads it, `columns` those of
    every relation that has a page.
    """
    schema = name.partition(".")[0]
    zh, _, en = comment.partition(" | ")
    words = [zh, en, kind, *(f"{what}: {_link_all(n, columns)}" for what, n in neighbours if n)]
    cells = [(f"`{column}`", kind.lower(), *_words(text)) for column, kind, text in columns[name]]
    return "\n".join(
        [
            f"# {name}\n\n[{schema}](../{schema}.md) · [all pages 目录](../{INDEX})\n",
            "  \n".join(words) + "\n",
            *_table(("column", "type", "含义", "meaning"), cells),
            "",
        ]
    )


def _link_all(names: list[str], columns: Mapping[str, list[list[str]]]) -> str:
    """Relations by name, each with a link where it has a page."""
    return ", ".join(
        f"[{name}](../{name.replace('.', '/')}.md)"
        if name in columns and name.partition(".")[0] in SCHEMAS
        else f"`{name}`"
        for name in names
    )


def _describe_macros(con: duckdb.DuckDBPyConnection, schema: str, prefix: str) -> str:
    """A table of the macros of a schema; empty where it has none."""
    macros = con.execute(_MACROS, [schema]).fetchall()
    calls = (
        (f"`{prefix}{name}({parameters})`", *_words(words)) for name, parameters, words in macros
    )
    return "\n".join([*_table(("call", "含义", "meaning"), calls), ""]) if macros else ""


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def _words(comment: str) -> tuple[str, str]:
    """A comment's two languages, as cells of a table."""
    zh, _, en = comment.partition(" | ")
    return _escape(zh), _escape(en)


def _escape(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
