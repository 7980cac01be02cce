"""The ledgers and lists of a synthetic zone: projects, contracts, cultivation, beneficiaries.

Entries move forward from quarter to quarter and the lists agree with the counts that the indicator
forms state: those are taken from here. What is of the year (contracts, payments, what was planned
or approved) starts anew with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from flows.model.period import Period
from flows.synthetic.books import Book, Row, Step, day_of
from flows.synthetic.enterprises import Enterprises
from flows.synthetic.project_ledgers import Contracts, Projects

_FIRST_POOL = 8
_NEAR = 0.8  # of the threshold


@dataclass
class Ledgers:
    """The rows of each register by quarter, and the counts and amounts that other forms state."""

    projects: Book = field(default_factory=dict)
    contracts: Book = field(default_factory=dict)
    pool: Book = field(default_factory=dict)
    beneficiaries: Book = field(default_factory=dict)
    stated: dict[Period, dict[str, float]] = field(
        default_factory=dict
    )  # by indicator, in the unit that it is quoted in


def keep_ledgers(
    rng: np.random.Generator, enterprises: Enterprises, zone_number: int, quarters: list[Period]
) -> Ledgers:
    """All four ledgers of a zone over the quarters."""
    ledgers = Ledgers()
    steps: list[Callable[[Period], Step]] = [
        Projects(rng, ledgers.projects, zone_number).step,
        Contracts(rng, ledgers.contracts, zone_number).step,
        _Pool(rng, ledgers.pool, enterprises).step,
        _Beneficiaries(rng, ledgers.beneficiaries, enterprises).step,
    ]
    for period in quarters:
        ledgers.stated[period] = {}
        for step in steps:
            book, rows, stated = step(period)
            book[period] = rows
            ledgers.stated[period] |= stated
    return ledgers


@dataclass
class _Pool:
    """The cultivation lists: a standing pool below the threshold, and what is planned or approved
    in
    the year.
    """

    rng: np.random.Generator
    book: Book
    enterprises: Enterprises
    pool: dict[int, Row] = field(default_factory=dict)
    of_year: list[Row] = field(default_factory=list)

    def step(self, period: Period) -> Step:
        """A quarter on: who passes the threshold, or closes, leaves the pool and stays on the list
        as
        one who has left.
        """
        active = self.enterprises.active(period)
        now = self.enterprises.quarters[period]
        below = active[~now["above_threshold"][active]]
        still = set(below.tolist())
        for place, row in self.pool.items():
            row["status"] = "在库" if place in still and row["status"] != "已退出" else "已退出"
        room = (
            now["revenue_ytd"] * 4 / period.quarter < self.enterprises.thresholds * _NEAR
        )  # not so near that it passes at once
        nearest = below[room[below]]
        nearest = nearest[np.argsort(-now["revenue_ytd"][nearest], kind="stable")].tolist()
        wanted = int(self.rng.integers(0, 2)) if self.pool else _FIRST_POOL
        for place in [
            place for place in nearest[: len(self.pool) + wanted] if place not in self.pool
        ][:wanted]:
            self.pool[place] = self._row("小升规培育库", place, "在库", period)
        if period.quarter == 1:
            planned = [place for place, row in self.pool.items() if row["status"] == "在库"][
                : int(self.rng.integers(2, 5))
            ]
            self.of_year = [self._row("升规入统", place, "计划", period) for place in planned]
        for tier, most in (("自治区级创新型中小企业", 3), ("自治区级专精特新中小企业", 2)):
            named = {row["enterprise"] for row in self.of_year if row["tier"] == tier}
            fresh = [
                p
                for p in self.rng.permutation(active)[: 4 * most].tolist()
                if self.enterprises.names[p].as_py() not in named
            ]
            self.of_year += [
                self._row(tier, place, "已认定", period)
                for place in fresh[: int(self.rng.integers(0, most + 1))]
            ]
        tiers = [row["tier"] for row in self.of_year]
        stated = {
            "threshold_crossing_planned": tiers.count("升规入统"),
            "threshold_pool_enterprises": sum(
                row["status"] == "在库" for row in self.pool.values()
            ),
            "innovative_smes_approved": tiers.count("自治区级创新型中小企业"),
            "specialised_smes_approved": tiers.count("自治区级专精特新中小企业"),
        }
        return self.book, [dict(row) for row in [*self.pool.values(), *self.of_year]], stated

    def _row(self, tier: str, place: int, status: str, period: Period) -> Row:
        return {
            "tier": tier,
            "enterprise": self.enterprises.names[place].as_py(),
            "status": status,
            "date_in": day_of(self.rng, period).isoformat(),
            "uscc": self.enterprises.codes[place].as_py(),
            "note": None,
        }


@dataclass
class _Beneficiaries:
    """Who is paid under preferential policies in the year: approved, paid in batches, paid."""

    rng: np.random.Generator
    book: Book
    enterprises: Enterprises
    rows: list[Row] = field(default_factory=list)
    awards: dict[str, int] = field(default_factory=dict)
    ever: set[int] = field(default_factory=set)

    def step(self, period: Period) -> Step:
        """A quarter on: payments go forward, a few are added; an enterprise is paid once."""
        if period.quarter == 1:
            self.rows = []
        for row in self.rows:
            award, paid = self.awards[str(row["enterprise"])], int(row["amount_paid_cny"] or 0)
            paid = min(award, paid + award // 2) if self.rng.random() < 0.6 else paid
            row["amount_paid_cny"] = str(paid)
            row["status"] = "已兑现" if paid == award else "分批兑现" if paid else "已审定"
        fresh = [
            p
            for p in self.rng.permutation(self.enterprises.active(period)).tolist()[:20]
            if p not in self.ever
        ]
        for place in fresh[:3]:
            self.ever.add(place)
            name = self.enterprises.names[place].as_py()
            self.awards[name] = int(self.rng.integers(50, 80)) * 2
            self.rows.append(
                {
                    "enterprise": name,
                    "status": "分批兑现",
                    "uscc": self.enterprises.codes[place].as_py(),
                    "amount_paid_cny": str(self.awards[name] // 2),
                    "note": None,
                }
            )
        paid = sum(int(row["amount_paid_cny"] or 0) for row in self.rows)
        return self.book, [dict(row) for row in self.rows], {"policy_payments": paid}
