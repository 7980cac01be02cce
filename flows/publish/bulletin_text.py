"""The bulletin of a quarter as text, in one language, in the style of an official release.

Figures come from `metrics.bulletin_figure`, sentences from `sql/reference/bulletin_line.csv`; how
growth, pace and qualifiers are worded stands in the template of each language, which comes by
numbers through `flows.publish.bulletin_numbers` alone. Nothing is computed here.
"""

from __future__ import annotations

import functools
import itertools
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from flows.model.jinja_files import open_environment
from flows.publish.bulletin_numbers import Accessor, TemplateLine, plain, refuse_values
from flows.publish.bulletin_sql import FIGURE
from flows.publish.bulletin_words import QUALIFIERS
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
        raise no_figure(zone, period)
    return plain(stream_text(Accessor(), head[0], figures, lang))


def no_figure(zone: str, period: str) -> ValueError:
    """For a quarter without a figure to show."""
    return ValueError(
        f"没有 {zone} {period} 的数；用 jibao status 查看已报送的地区和季度 | "
        f"there is no figure of {zone} {period}; `jibao status` lists what was sent"
    )


def stream_text(accessor: Accessor, head: Row, figures: list[Row], lang: str) -> str:
    """The text with the marks of its numbers, which `plain` takes off and
    `Accessor.to_html` makes buttons of.
    """
    lines = [TemplateLine(accessor, FIGURE, row) for row in figures]
    words = {name: accessor.wording(text) for name, text in head.items()}
    template = open_template(f"bulletin_text.{lang}.jinja")
    return accessor.settle(
        template.render(head=words, sections=_arrange(accessor, lines), figures=lines)
    )


def _arrange(accessor: Accessor, lines: list[TemplateLine]) -> list[Row]:
    """Sections in their order, each with its sentences, each a list of figures."""
    sections = itertools.groupby(lines, lambda f: (f.section_title_zh, f.section_title_en))
    return [
        {
            "ordinal": accessor.wording(str(number)),
            "title": title,
            "sentences": [list(sentence) for _, sentence in itertools.groupby(rows, _sentence)],
        }
        for number, (title, rows) in enumerate(sections, 1)
    ]


def _sentence(figure: TemplateLine) -> tuple[str, str]:
    """What stands in one sentence: a growth without a level has one of its own, what is missing
    is named together.
    """
    if figure.statement == "missing":
        return "", "missing"
    return figure.sentence, figure.bulletin_line if figure.statement == "growth only" else ""


@functools.cache
def text_environment() -> jinja2.Environment:
    """Where templates of the bulletin's text are read: they print text alone."""
    environment = open_environment(
        _FOLDER, autoescape=False, finalize=refuse_values, keep_trailing_newline=True
    )
    environment.globals["qualifiers"] = QUALIFIERS
    return environment


def open_template(name: str) -> jinja2.Template:
    """A template of text in this folder."""
    return text_environment().get_template(name)
