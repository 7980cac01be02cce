"""Not a test: an attacker of the public copy who sets up one linear programme over all that was ever published in it.

He knows every figure of every quarter and year (year to date, quarter alone, growth to the last digit that it is printed
with), the classification, that no figure is negative, and, where it is so, that a year to date does not fall. He asks for
the least and the greatest that each withheld cell can be.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

ROUNDING_PCT = 0.005  # half of the last digit of a growth of two decimals
FAR = 10**9  # more than any cell of a test
# all that public.enterprise_industry says in figures: another one would be another equation
KNOWN = {"value", "growth_pct", "value_quarter"}


class Cell(NamedTuple):
    """A cell of the enterprise tables in a quarter."""

    period: str
    level: str
    industry: str
    sector: str


class Bounds(NamedTuple):
    """What is known of a withheld cell, and what it is."""

    least: float
    greatest: float
    truth: float
    is_primary: bool

    def is_recovered(self, within: float) -> bool:
        """Whether all that it can be lies within so much of what it is."""
        slack = 1e-6 * max(1.0, self.truth)
        return (
            self.least > self.truth * (1 - within) + slack
            and self.greatest < self.truth * (1 + within) - slack
        )


class Programme:
    """Equations and inequalities over cells, each a list of (cell, factor)."""

    def __init__(self, cells: list[Cell]) -> None:
        self.place = {cell: n for n, cell in enumerate(cells)}
        self.least = np.zeros(len(cells))
        self.greatest = np.full(len(cells), np.inf)
        self.equal: list[tuple[list[tuple[Cell, float]], float]] = []
        self.at_most: list[tuple[list[tuple[Cell, float]], float]] = []

    def know(self, cell: Cell, value: float) -> None:
        self.least[self.place[cell]] = self.greatest[self.place[cell]] = value

    def solve(self, asked: list[Cell], scale: float) -> dict[Cell, tuple[float, float]]:
        """The least and the greatest of each cell."""
        found = {}
        lines = (*self._matrix(self.at_most, scale), *self._matrix(self.equal, scale))
        bounds = np.column_stack([self.least, self.greatest]) / scale
        for cell in asked:
            ends = []
            for sign in (1, -1):
                goal = np.zeros(len(self.place))
                goal[self.place[cell]] = sign
                result = linprog(goal, *lines, bounds=bounds, method="highs")
                assert result.status in (0, 3), result.message
                ends.append(np.inf if result.status == 3 else sign * result.fun * scale)
            found[cell] = (ends[0], ends[1])
        return found

    def write_jj(self, path: Path, so: dict[Cell, tuple[float, bool]]) -> None:
        """The same as a table of τ-ARGUS (a JJ file): cells with their values and what is known of them, and sums that are
        zero. An inequality becomes a sum by a cell of its own for what is between; growth, of figures shown, adds nothing.
        """
        known = self.least == self.greatest
        lines = [
            f"{n} {so[cell][0]:.6f} 1 {'s' if known[n] else 'u' if so[cell][1] else 'm'} 0 {FAR} 0 0 0"
            for cell, n in self.place.items()
        ]
        relations = [
            [(self.place[c], f) for c, f in terms] for terms, right in self.equal if not right
        ]
        for terms, _ in self.at_most:
            if all(factor in (1, -1) for _, factor in terms):
                between = -sum(factor * so[cell][0] for cell, factor in terms)
                relations.append([*((self.place[c], f) for c, f in terms), (len(lines), 1)])
                lines.append(f"{len(lines)} {between:.6f} 1 m 0 {FAR} 0 0 0")
        with path.open("w") as sink:
            print(0, len(lines), *lines, len(relations), sep="\n", file=sink)
            for terms in relations:
                said = " ".join(f"{n} ({int(factor)})" for n, factor in terms)
                print(f"0 {len(terms)} : {said}", file=sink)

    def _matrix(
        self, lines: list[tuple[list[tuple[Cell, float]], float]], scale: float
    ) -> tuple[csr_array | None, list[float] | None]:
        if not lines:
            return None, None
        rows = [n for n, (terms, _) in enumerate(lines) for _ in terms]
        columns = [self.place[cell] for terms, _ in lines for cell, _ in terms]
        factors = [factor for terms, _ in lines for _, factor in terms]
        shape = (len(lines), len(self.place))
        return csr_array((factors, (rows, columns)), shape), [right / scale for _, right in lines]


def sums(cells: list[Cell], section: dict[str, str]) -> Iterator[tuple[Cell, list[Cell]]]:
    """Each sum that a reader knows to hold: a cell and the cells that make it up, from the classification alone."""
    by_level: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        by_level[cell.period, cell.level].append(cell)
    for cell in cells:
        divisions = by_level[cell.period, "division"]
        of_section = [c for c in divisions if section.get(c.industry, c.industry) == cell.industry]
        parts = {
            "total": by_level[cell.period, "sector"],
            "sector": [
                c for c in by_level[cell.period, "sector_section"] if c.sector == cell.industry
            ],
            "sector_section": [c for c in of_section if c.sector == cell.sector],
            "section": of_section,
        }.get(cell.level, [])
        if parts:
            yield cell, parts


def earlier(period: str, quarters: int) -> str:
    """The quarter so many before."""
    number = int(period[:4]) * 4 + int(period[5]) - 1 - quarters
    return f"{number // 4}Q{number % 4 + 1}"


def truth(warehouse: Any, variable: str) -> dict[Cell, tuple[float, bool]]:
    """The value of each cell of a variable, and whether it is withheld for its own sake."""
    return {
        Cell(*row[:4]): (float(row[4]), row[5])
        for row in warehouse.rows(
            "metrics.disclosure",
            "period, level, industry, sector, value, is_primary",
            f"variable = '{variable}'",
        )
    }


class Print(NamedTuple):
    """What was published of a variable at a time: the figures of each cell, and what is so."""

    figures: dict[Cell, tuple[Any, Any, Any]]  # value, growth, the quarter alone
    so: dict[Cell, tuple[float, bool]]


def published(warehouse: Any, variable: str) -> Print:
    """What the public copy of now shows of a variable."""
    rows = warehouse.rows(
        "public.enterprise_industry",
        "period, level, industry, sector, value, growth_pct, value_quarter",
        f"variable = '{variable}'",
    )
    return Print({Cell(*row[:4]): row[4:] for row in rows}, truth(warehouse, variable))


def names(prints: list[Print]) -> list[dict[Cell, Cell]]:
    """For each print, what its cells are called in the programme: one that is as in a print before has the same name.

    He knows which divisions of which quarters were corrected, so that a division that was not is one unknown in both.
    """
    found: list[dict[Cell, Cell]] = []
    for number, now in enumerate(prints):
        called = {}
        for cell in now.figures:
            called[cell] = cell._replace(period=f"{cell.period} print {number}")
            for before, known in zip(prints, found, strict=False):
                own = [c for c in (now.so | before.so) if c.period == cell.period]
                compared = [cell] if cell.level == "division" else own
                if all(now.so.get(c, (0,))[0] == before.so.get(c, (0,))[0] for c in compared):
                    called[cell] = known.get(cell, called[cell])
        found.append(called)
    return found


def learn(
    prints: list[Print], section: dict[str, str], variable: str, never_falls: bool
) -> tuple[Programme, dict[Cell, tuple[float, bool]]]:
    """All that is known of the cells of a variable in all quarters and prints, and those that are to stay hidden: what the
    first print of a quarter withheld, and what is withheld for its own sake. (A later print may be left out whole.)
    """
    called = names(prints)
    known = Programme(list(dict.fromkeys(name for cells in called for name in cells.values())))
    withheld: dict[Cell, tuple[float, bool]] = {}
    shown: set[Cell] = set()
    kept_back: set[Cell] = set()
    quarters: set[str] = set()
    for now, name in zip(prints, called, strict=True):
        new = {c.period for c in now.figures} - quarters
        quarters |= new
        kept_back |= {c for c, (v, *_) in now.figures.items() if v is None and c.period in new}
        for cell, (value, growth, quarter) in now.figures.items():
            before = cell._replace(period=earlier(cell.period, 1))
            base = cell._replace(period=earlier(cell.period, 4))
            is_first = cell.period.endswith("1")
            if value is not None:
                known.know(name[cell], float(value))
                shown.add(name[cell])
            elif name[cell] not in shown and (now.so[cell][1] or cell in kept_back):
                withheld[name[cell]] = now.so[cell]
            if quarter is not None:
                terms = [(name[cell], 1.0)] + ([] if is_first else [(name[before], -1.0)])
                known.equal.append((terms, float(quarter)))
            if growth is not None:
                for sign in (1, -1):
                    factor = 1 + (growth + sign * ROUNDING_PCT) / 100
                    known.at_most.append(
                        ([(name[cell], sign * 1.0), (name[base], -sign * factor)], 0.0)
                    )
            is_ytd = variable.endswith("_ytd_cny") and not is_first and before in now.figures
            # where a revision has made it fall, he is lucky and does not believe it
            if never_falls and is_ytd and now.so[before][0] <= now.so[cell][0]:
                known.at_most.append(([(name[before], 1.0), (name[cell], -1.0)], 0.0))
        for cell, parts in sums(list(now.figures), section):
            known.equal.append(([(name[cell], -1.0), *((name[p], 1.0) for p in parts)], 0.0))
    return known, withheld


def sections(warehouse: Any) -> dict[str, str]:
    """The section of each division."""
    return dict(
        warehouse.con.execute(
            "select code, section from ref.industry where level = 'division'"
        ).fetchall()
    )


def attack(warehouse: Any, variable: str, never_falls: bool) -> dict[Cell, Bounds]:
    """What is known of each withheld cell of a variable, of all quarters together."""
    return attack_prints(
        [published(warehouse, variable)], sections(warehouse), variable, never_falls
    )


def attack_prints(
    prints: list[Print], section: dict[str, str], variable: str, never_falls: bool
) -> dict[Cell, Bounds]:
    """What is known of each cell that one of several prints withheld, of all of them together."""
    scale = max((value for p in prints for value, _ in p.so.values()), default=1.0) or 1.0
    known, withheld = learn(prints, section, variable, never_falls)
    return {
        cell: Bounds(*ends, *withheld[cell])
        for cell, ends in known.solve(list(withheld), scale).items()
    }


def figures_in(columns: list[tuple[str, str]]) -> set[str]:
    """Which of the columns, each with its type, are figures."""
    return {name for name, kind in columns if re.match("DECIMAL|DOUBLE|BIGINT|INTEGER", kind)}
