"""The figures of a synthetic zone, quarter by quarter, for every line of every indicator form.

Levels are at current prices, and the growth of output at constant prices: volume and price are
drawn apart, so that the two agree as they do in life. Years to date are sums of quarters; the three
sectors add up to what is printed; nominal growth is that of the levels printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from flows.forms.form import Form, Indicator
from flows.model.period import Period
from flows.synthetic.accounts import (
    INDUSTRIES,
    MANUFACTURING,
    Parts,
    headline_growth,
    simulate_parts,
)
from flows.synthetic.magnitudes import LEVELS, SEASONS, SECTORS, USUAL_SEASON


@dataclass(frozen=True)
class Figure:
    """A line as printed: a value, a growth or both; the unit is that of `unit`."""

    value: str | None
    unit: str
    growth: str | None = None


Figures = dict[Period, dict[str, Figure]]


def simulate_economy(
    rng: np.random.Generator,
    forms: Mapping[str, Form],
    quarters: list[Period],
    stated: Mapping[Period, Mapping[str, float]],
) -> Figures:
    """Every line's figure by quarter. `stated` are the counts and amounts that the zone's lists
    give.

    `quarters` begin a year before the first one reported.
    """
    figures: Figures = {period: {} for period in quarters}
    scale = float(rng.lognormal(0, 0.3))
    real = _simulate_output(rng, figures, quarters, scale)
    for form in forms.values():
        if form.code in ("gdp", "household", "plan_targets"):
            continue
        if form.code == "value_added_by_industry":
            # a stream of its own: the other forms' figures do not depend on it
            _simulate_industries(rng.spawn(1)[0], figures, quarters, scale)
            continue
        for line in form.indicators:
            if line.code == "industry_va":
                for period in quarters:
                    figures[period][line.code] = Figure(
                        None, line.quoted_unit, _say(real.get(period), 1)
                    )
            else:
                values = _stated_values(line, quarters, stated) or _simulate_line(
                    rng, line, quarters, scale
                )
                _print_line(figures, line, quarters, values)
    _agree(figures, quarters, stated)
    if "household" in forms:
        _simulate_households(rng.spawn(1)[0], figures, forms["household"], quarters, scale)
    if "plan_targets" in forms:
        _set_targets(rng, figures, forms["plan_targets"], quarters)
    return figures


def _say(value: float | None, decimals: int) -> str | None:
    return (
        None
        if value is None
        else f"{value:.{decimals}f}".replace("-0.0", "0.0")
        if value > -0.05
        else f"{value:.{decimals}f}"
    )


def _simulate_output(
    rng: np.random.Generator, figures: Figures, quarters: list[Period], scale: float
) -> dict[Period, float]:
    """The four lines of GDP; the real growth of industry, near that of the secondary sector."""
    primary, secondary = rng.uniform(0.01, 0.08), rng.uniform(0.3, 0.5)
    base = dict(zip(SECTORS, (primary, secondary, 1 - primary - secondary), strict=True))
    trend = {
        "va_primary": rng.normal(4, 0.4),
        "va_secondary": rng.normal(6, 1),
        "va_tertiary": rng.normal(5, 0.6),
    }
    price = {
        "va_primary": rng.normal(1.5, 0.5),
        "va_secondary": rng.normal(1.5, 1.5),
        "va_tertiary": rng.normal(1.2, 0.4),
    }
    industry: dict[Period, float] = {}
    for period, levels, rates in simulate_parts(
        rng, quarters, Parts(150 * scale, base, trend, price, SEASONS)
    ):
        if rates:
            industry[period] = rates["va_secondary"] + round(float(rng.normal(0.6, 0.3)), 1)
        _print_parts(figures[period], levels, rates)
        growth = _say(headline_growth(levels, rates), 1) if rates else None
        figures[period]["gdp"] = Figure(f"{sum(levels.values()):.2f}", "亿元", growth)
    return industry


def _simulate_industries(
    rng: np.random.Generator, figures: Figures, quarters: list[Period], scale: float
) -> None:
    """The same GDP by industry: levels brought to its level, growth to its growth. Manufacturing
    moves
    with industry.
    """
    names = list(INDUSTRIES)
    shares = dict(
        zip(
            names,
            map(float, rng.dirichlet([400 * INDUSTRIES[name] for name in names])),
            strict=True,
        )
    )
    trend = {name: float(rng.normal(5.5, 1.5)) for name in names}
    price = {name: float(rng.normal(1.2, 0.8)) for name in names}
    seasons = dict.fromkeys(names, USUAL_SEASON) | {
        "va_agriculture": SEASONS["va_primary"],
        "va_industry": SEASONS["va_secondary"],
    }
    for period, drawn, rates in simulate_parts(
        rng, quarters, Parts(150 * scale, shares, trend, price, seasons)
    ):
        whole = figures[period]["gdp"]
        total = float(whole.value or 0)
        levels = {
            name: round(level * total / sum(drawn.values()), 2) for name, level in drawn.items()
        }
        levels["va_other"] += total - sum(levels.values())
        if rates:
            apart = float(whole.growth or 0) - headline_growth(levels, rates)
            rates = {name: rate + apart for name, rate in rates.items()}
        _print_parts(figures[period], levels, rates)
        figures[period]["value_added"] = whole
        figures[period]["va_manufacturing"] = replace(
            figures[period]["va_industry"], value=f"{levels['va_industry'] * MANUFACTURING:.2f}"
        )


def _simulate_households(
    rng: np.random.Generator, figures: Figures, form: Form, quarters: list[Period], scale: float
) -> None:
    """Income is the sum of its sources as printed, and expenditure of all lies between town and
    country.
    """
    lines = {line.code: line for line in form.indicators}
    values = {code: _simulate_line(rng, lines[code], quarters, scale) for code in lines}
    sources = ("income_wages", "income_business", "income_property", "income_transfers")
    values["income_residents"] = [sum(v) for v in zip(*(values[s] for s in sources), strict=True)]
    for code, share in (("consumption_rural", 0.6), ("consumption_residents", 0.85)):
        values[code] = [share * urban for urban in values["consumption_urban"]]
    for code, line in lines.items():
        _print_line(figures, line, quarters, values[code])


def _print_parts(
    figures: dict[str, Figure], levels: Mapping[str, float], rates: Mapping[str, float] | None
) -> None:
    """The parts of an account as they round."""
    for part, level in levels.items():
        figures[part] = Figure(f"{level:.2f}", "亿元", _say(rates[part], 1) if rates else None)


def _stated_values(
    line: Indicator, quarters: list[Period], stated: Mapping[Period, Mapping[str, float]]
) -> list[float]:
    """What the zone's lists give for a line, quarter by quarter; nothing where no list is of it."""
    return (
        [stated[period][line.code] for period in quarters]
        if line.code in stated[quarters[0]]
        else []
    )


def _simulate_line(
    rng: np.random.Generator, line: Indicator, quarters: list[Period], scale: float
) -> list[float]:
    """A line of its own: a year to date, a stock, a rate, or a figure of the year."""
    level = LEVELS.get(line.code, 100.0) * (
        1.0
        if (line.unit == "元" and line.quoted_unit == "元") or line.flow_type == "rate"
        else scale
    )
    growth = rng.uniform(0.02, 0.09)
    values: list[float] = []
    for at, period in enumerate(quarters):
        year = level * (1 + growth) ** (period.year - quarters[0].year)
        if line.flow_type == "rate":
            rate = level + at * 0.1 + float(rng.normal(0, 0.05))
            values.append(min((line.max or 100) - 1, rate))
        elif line.flow_type == "stock":
            values.append(max(values[-1] if values else 0, level * (1 + growth / 4) ** at))
        elif line.basis in ("annual", "plan"):
            values.append(values[-1] if period.quarter > 1 and values else year)
        else:
            quarter = (
                year
                * SEASONS.get(line.code, USUAL_SEASON)[period.quarter - 1]
                * float(np.exp(rng.normal(0, 0.03)))
            )
            before = values[-1] if period.quarter > 1 and values else 0.0
            values.append(
                before + (max(1, round(quarter)) if line.quoted_decimals == 0 else quarter)
            )
    return values


def _print_line(
    figures: Figures, line: Indicator, quarters: list[Period], values: list[float]
) -> None:
    """As the form prints it. Growth is given where the form has a price basis, from the levels as
    printed.
    """
    unit, decimals = (
        ("万元", 0) if line.code == "policy_payments" else (line.quoted_unit, line.quoted_decimals)
    )
    printed = [f"{value:.{decimals}f}" for value in values]
    for at, period in enumerate(quarters):
        earlier = float(printed[at - 4]) if at >= 4 and line.price_basis != "none" else 0.0
        growth = (float(printed[at]) / earlier - 1) * 100 if earlier > 0 else None
        figures[period][line.code] = Figure(printed[at], unit, _say(growth, 1))


def _agree(
    figures: Figures, quarters: list[Period], stated: Mapping[Period, Mapping[str, float]]
) -> None:
    """Lines that hold each other: a part is no more than its whole, funds no less than those of
    this
    year's contracts.
    """
    for at, period in enumerate(quarters):
        lines = figures[period]
        for part, whole, share in (
            ("employment_intentions", "vacancies", 0.3),
            ("service_reviews_bad", "service_reviews", 0.001),
        ):
            if part in lines and whole in lines:
                lines[part] = Figure(
                    str(int(int(lines[whole].value or 0) * share)), lines[part].unit
                )
        if "funds_in_place" in lines:
            value = float(lines["funds_in_place"].value or 0) + stated[period].get("_funds", 0.0)
            lines["funds_in_place"] = Figure(f"{value:.2f}", "亿元")
            earlier = (
                float(figures[quarters[at - 4]]["funds_in_place"].value or 0) if at >= 4 else 0.0
            )
            lines["funds_in_place"] = Figure(
                f"{value:.2f}",
                "亿元",
                _say((round(value, 2) / earlier - 1) * 100, 1) if earlier else None,
            )


def _set_targets(
    rng: np.random.Generator, figures: Figures, form: Form, quarters: list[Period]
) -> None:
    """The plan of each year: last year's outcome and a growth, as a plan rounds it."""
    for period in quarters:
        if period.quarter != 1:
            continue
        last = figures.get(Period(period.year - 1, 4), {})
        for line in form.indicators:
            growth = round(float(rng.uniform(4, 9)) * 2) / 2
            outcome = last.get(line.target_of or "")
            level = float(outcome.value) * (1 + growth / 100) if outcome and outcome.value else None
            has_level = line.level and level is not None
            figures[period][line.code] = Figure(
                f"{level:.{line.quoted_decimals}f}" if has_level else None,
                line.quoted_unit,
                f"{growth:g}" if line.price_basis != "none" else None,
            )
