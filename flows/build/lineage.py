"""A picture of the SQL layer: which view is made from which, as Mermaid.

In: the views, each with what it reads (the `reads:` of its header, which the build holds against
the query). Out: a page of Markdown. An edge that follows from others is left out, and so are the
reference tables: with them the picture would show nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flows.warehouse.sql_file import Relation

PAGE = "lineage.md"
_SCHEMAS = ("core", "ledger", "quarantine", "derived", "staging", "metrics", "public")
_OPENING = """# Lineage 视图关系图

Made from the `reads:` of each file in `sql/` by `jibao dictionary`; a test fails when it is stale.
由各 SQL 文件头部的 `reads:` 生成，请勿手改。

An arrow leads from what is read to what reads it. One that follows from others is not drawn, nor
are the tables of `ref`, which nearly every view reads. What a relation is stands in the
[dictionary](README.md).
箭头由被读者指向读者；可由其他箭头推出的不画，参考表（`ref`）不画。

```mermaid
flowchart LR
"""


def render_lineage(relations: Iterable[Relation]) -> str:
    """The page: every view in its schema's box, with the arrows between them."""
    reads = {r.name: {x for x in r.reads if not x.startswith("ref.")} for r in relations}
    names = sorted({*reads, *(x for sources in reads.values() for x in sources)})
    lines = []
    for schema in _SCHEMAS:
        members = [name for name in names if name.partition(".")[0] == schema]
        if members:
            lines.append(f"    subgraph {schema}")
            lines += [f"        {_node(name)}[{name.partition('.')[2]}]" for name in members]
            lines.append("    end")
    for name in names:
        lines += [f"    {_node(source)} --> {_node(name)}" for source in direct(reads, name)]
    return _OPENING + "\n".join(lines) + "\n```\n"


def direct(reads: Mapping[str, set[str]], name: str) -> list[str]:
    """What a view reads, without what it reads through another that it reads too."""
    sources = reads.get(name, set())
    through: set[str] = set()
    for source in sources:
        through |= _all_below(reads, source)
    return sorted(sources - through)


def _all_below(reads: Mapping[str, set[str]], name: str) -> set[str]:
    names_below: set[str] = set()
    waiting = list(reads.get(name, ()))
    while waiting:
        below = waiting.pop()
        if below not in names_below:
            names_below.add(below)
            waiting += reads.get(below, ())
    return names_below


def _node(name: str) -> str:
    """A name that Mermaid takes."""
    return name.replace(".", "_")
