"""The bulletin of a quarter as text, in one language, in the style of an official release.

Figures come from `metrics.bulletin_figure`, sentences from `sql/reference/bulletin_line.csv`; how
growth, pace and qualifiers are worded stands in the template of each language. Here rows are put
together as sections, sentences and clauses, and nothing is computed.
"""

from __future__ import annotations

import functools
import itertools
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from flows.warehouse.database import fetch_rows

_FOLDER = Path(__file__).resolve().parent

_HEAD = """
select coalesce(z.title_zh, z.zone) as zone_zh, coalesce(z.title_en, z.zone) as zone_en,
    p.title_ytd_zh as span_zh, p.title_ytd_en as span_en
from ref.zone as z cross join ref.period as p where z.zone = ? and p.period = ?
"""
_FIGURES = """
from metrics.bulletin_figure as f where f.zone = ? and f.period = ?
order by f.section_ord, f.ord, f.bulletin_line, f.industry
"""

Row = dict[str, Any]


def render_text(con: duckdb.DuckDBPyConnection, zone: str, period: str, lang: str) -> str:
    """The text, `lang` is zh or en. Raises ValueError where there is no figure of that quarter."""
    head = fetch_rows(con, _HEAD, [zone, period])
    figures = fetch_rows(con, _FIGURES, [zone, period])
    if not head or not figures:
        raise ValueError(
            f"没有 {zone} {period} 的数；用 jibao status 查看已报送的地区和季度 | "
            f"there is no figure of {zone} {period}; `jibao status` lists what was sent"
        )
    return _template(lang).render(head=head[0], sections=_arrange(figures), figures=figures)


def _arrange(figures: list[Row]) -> list[Row]:
    """Sections in their order, each with its sentences, each a list of figures."""
    return [
        {"title": title, "sentences": [list(s) for _, s in itertools.groupby(rows, _sentence)]}
        for title, rows in itertools.groupby(figures, _section)
    ]


def _section(figure: Row) -> tuple[str, str]:
    return figure["section_title_zh"], figure["section_title_en"]


def _sentence(figure: Row) -> tuple[str, str]:
    """What stands in one sentence; a figure that is not whole has one of its own."""
    whole = figure["statement"] in ("figure", "note")
    return figure["sentence"], "" if whole else figure["bulletin_line"]


@functools.cache
def _template(lang: str) -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=False,  # it is plain text
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    path = _FOLDER / f"bulletin_text.{lang}.jinja"
    return environment.from_string(path.read_text(encoding="utf-8"))
