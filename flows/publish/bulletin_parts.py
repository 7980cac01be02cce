"""What a quarter's bulletin says, in parts, with the marks of its numbers, and the proof of them.

The page and the documents are written from it: so they state the same numbers, and none that the
accessor did not give out.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from flows.model.text import lines_of
from flows.publish.bulletin_bars import (
    BarTable,
    draw_charts,
    draw_industries,
    draw_ranking,
    draw_sectors,
    draw_stages,
    draw_vintages,
)
from flows.publish.bulletin_numbers import Accessor, TemplateLine
from flows.publish.bulletin_proof import prove
from flows.publish.bulletin_rows import Pages, Place, Row, for_the_public
from flows.publish.bulletin_sources import ORDER
from flows.publish.bulletin_sql import FIGURE, REGISTER_CHANGE, REVISION
from flows.publish.bulletin_text import open_template, stream_text

LANGUAGES = ("zh", "en")
AUDIENCES = ("internal", "public")


@dataclass(frozen=True)
class BulletinParts:
    """A bulletin for an audience: text by language, rows of tables in both, all with marks."""

    place: Place
    audience: str
    head: Row
    accessor: Accessor
    texts: dict[str, str]
    headline: list[list[str]]  # an indicator: two titles, two levels, two growths
    bars: list[BarTable]
    change_sentences: list[list[str]]  # in two languages
    change_rows: list[list[str]]  # kind, name, before, now, each in two languages, and the reason
    proof: Row

    @functools.cached_property
    def statuses(self) -> list[str]:
        """How its numbers stand, most telling first."""
        statuses = {number["status"] for number in self.proof["numbers"]}
        return [status for status in ORDER if status in statuses]

    @property
    def is_asked(self) -> bool:
        """Whether a number of it is under query."""
        return any(number["status"] == "under query" for number in self.proof["numbers"])

    def mark_of(self, number: int) -> str:
        """The mark of a number as in the tables of statistical offices, p preliminary, r revised:
        what all numbers are is said once, above; what some are, beside each of these.
        """
        status = self.proof["numbers"][number]["status"]
        is_told = len(self.statuses) > 1 or status == "revised"
        return status[0] if is_told and status in ("preliminary", "revised") else ""


def compose(pages: Pages, place: Place, audience: str) -> BulletinParts | None:
    """The parts of a bulletin; None where the audience may see no figure."""
    figures = pages.figures.get(place, [])
    if audience == "public":
        figures = for_the_public(figures)
    if not figures:
        return None
    accessor = Accessor()
    head = pages.heads[place]
    texts = {lang: stream_text(accessor, head, figures, lang) for lang in LANGUAGES}
    headline = _headline(accessor, figures)
    changes = _changes(accessor, pages, place, audience)
    charts = pages.charts.get(place, [])
    vintages, rankings = pages.vintages.get(place, []), pages.rankings.get(place, [])
    if audience == "public":  # what was replaced is the office's, and a place tells of other zones
        charts, vintages, rankings = [row for row in charts if row["is_public"]], [], []
    bars = [
        draw_sectors(accessor, figures),
        *draw_charts(accessor, charts),
        draw_industries(accessor, figures),
        draw_stages(accessor, figures),
        draw_ranking(accessor, rankings),
        draw_vintages(accessor, vintages),
    ]
    proof = prove(pages, place, accessor, audience)
    if not proof["numbers"]:
        return None
    return BulletinParts(
        place,
        audience,
        head,
        accessor,
        texts,
        [line.split("\t") for line in headline],
        [table for table in bars if table],
        [cells[1:] for cells in changes if cells[0] == "words"],
        [cells[1:] for cells in changes if cells[0] == "row"],
        proof,
    )


def _headline(accessor: Accessor, figures: Iterable[Row]) -> list[str]:
    """The lines of the table of main indicators, with the marks of their numbers."""
    lines = [TemplateLine(accessor, FIGURE, row) for row in figures if row["is_headline"]]
    template = open_template("bulletin_headline.jinja")
    return lines_of(accessor.settle(template.render(lines=lines)))


def _changes(accessor: Accessor, pages: Pages, place: Place, audience: str) -> list[list[str]]:
    """What has changed since the last edition and the quarter before, in words and as rows."""
    revisions = pages.revisions.get(place, [])
    registers = pages.register_changes.get(place, [])
    if audience == "public":  # of a register nothing is public
        revisions, registers = [row for row in revisions if row["is_public"]], []
    kinds: dict[str, list[TemplateLine]] = {}
    for source, column, rows in (
        (REVISION, "move", revisions),
        (REGISTER_CHANGE, "register_change", registers),
    ):
        for row in rows:
            kinds.setdefault(row[column], []).append(TemplateLine(accessor, source, row))
    template = open_template("bulletin_changes.jinja")
    stream = accessor.settle(template.render(changes=list(kinds.items())))
    return [line.split("\t") for line in lines_of(stream)]


def arrange(stream: str) -> tuple[str, list[tuple[str, list[str]]], list[str]]:
    """A text in parts: its title, its sections each with heading and sentences, its notes."""
    title, *blocks = stream.strip().split("\n\n")
    *sections, notes = [block.split("\n") for block in blocks]
    return title, [(first, rest) for first, *rest in sections], notes
