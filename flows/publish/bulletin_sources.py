"""Which rows of files the lines of a bulletin's text and charts rest on, and how they stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flows.publish.bulletin_rows import Pages, Place, Row, Spot, table_of

ORDER = ("revised", "preliminary", "published")  # of two rows the first says how a number stands


class Sources:
    """The rows of files that the numbers of a page cite, by place in the order they were cited."""

    def __init__(self, pages: Pages, place: Place) -> None:
        self.spots: dict[Spot, int] = {}
        self._of: dict[tuple[Any, ...], list[Row]] = {}
        for row in pages.sources.get(place, []):
            key = row["bulletin_line"], row["industry"], row["basis"], row["bulletin_part"]
            self._of.setdefault(key, []).append(row)

    def cite(self, line: Row, parts: Iterable[str], fields: Iterable[str]) -> tuple[list[int], str]:
        """The places of these rows among those of the page, and how they stand."""
        key = line["bulletin_line"], line.get("industry"), line.get("basis")
        rows = [row for part in parts for row in self._of.get((*key, part), [])]
        cited = []
        for row in rows:
            place = row["submission"], row["sheet"], row["source_row"], row["source_item"]
            spot = (table_of(row["form"]), *place)
            cited.append(self.spots.setdefault(spot, len(self.spots)))
        which = {int(field == "growth_pct") for field in fields}
        stands = {row["statuses"][i] for row in rows if row["is_own"] for i in which}
        return sorted(set(cited)), next((s for s in ORDER if s in stands), ORDER[-1])

    def cite_spots(self, spots: Iterable[Spot]) -> list[int]:
        """The places of these rows among those of the page."""
        return sorted({self.spots.setdefault(spot, len(self.spots)) for spot in spots})

    def cite_earlier(self, pages: Pages) -> list[int]:
        """The places of the rows that said something of the same figures before: a quarter that
        differs from the one before by a revision alone is no quarter.
        """
        figures = [
            (pages.rows[spot][0]["zone"], pages.rows[spot][0]["period"], spot[4])
            for spot in self.spots
            if spot[0] == "core.observation"
        ]
        told = set(self.spots)
        return self.cite_spots(
            spot for figure in figures for spot in pages.spots_of_figure[figure] if spot not in told
        )
