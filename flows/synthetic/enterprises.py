"""The enterprises of a synthetic zone, quarter by quarter, as columns of numbers.

Sizes are lognormal, growth is each enterprise's own, quarters have their season, and one that is
new or leaves does so with the year. Amounts are whole thousands of yuan, so that a year to date is
the sum of its quarters to the digit, and what is printed as a year earlier is what was printed
then.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows import SQL_DIR
from flows.model.period import Period

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # of credit codes, GB 32100-2015
_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])
_BODY_WEIGHTS = np.array(
    [3, 7, 9, 10, 5, 8, 4, 2]
)  # of the organisation's code inside it, GB 11714
_MADE_UP = "91999999"  # an enterprise, registered nowhere

# division of GB/T 4754-2017: its weight among the enterprises of a zone, the annual revenue
# (thousand yuan) from
# which it is in the statistical frame (None: by qualification), and the word that names stand with
_MIX: dict[str, tuple[int, int | None, str]] = {
    "13": (8, 20_000, "食品"),
    "14": (4, 20_000, "食品"),
    "15": (2, 20_000, "酒业"),
    "17": (2, 20_000, "纺织"),
    "26": (6, 20_000, "化工"),
    "27": (4, 20_000, "制药"),
    "29": (4, 20_000, "橡塑"),
    "30": (7, 20_000, "建材"),
    "31": (3, 20_000, "钢铁"),
    "32": (4, 20_000, "有色"),
    "33": (6, 20_000, "金属"),
    "34": (6, 20_000, "机械"),
    "35": (5, 20_000, "装备"),
    "36": (5, 20_000, "汽配"),
    "38": (6, 20_000, "电气"),
    "39": (4, 20_000, "电子"),
    "44": (2, 20_000, "电力"),
    "47": (4, None, "建设"),
    "51": (14, 20_000, "商贸"),
    "52": (10, 5_000, "百货"),
    "54": (6, 20_000, "运输"),
    "59": (3, 20_000, "仓储"),
    "61": (2, 2_000, "酒店"),
    "62": (4, 2_000, "餐饮"),
    "65": (6, 20_000, "软件"),
    "72": (5, 10_000, "商务"),
    "73": (2, 10_000, "科研"),
    "75": (3, 10_000, "技术"),
    "80": (3, 5_000, "修理"),
}
_SEASONS = {
    "B": (0.21, 0.26, 0.25, 0.28),
    "E": (0.14, 0.27, 0.28, 0.31),
    "F": (0.24, 0.24, 0.25, 0.27),
}
AMOUNTS = ("output", "revenue", "profit", "tax", "rnd")


@dataclass
class Enterprises:
    """Everybody who is ever in the zone's register; `quarters` holds what each reports."""

    names: pa.StringArray
    codes: pa.StringArray
    industries: pa.StringArray
    thresholds: np.ndarray  # thousand yuan a year
    enters: np.ndarray  # the year whose first return is the first
    leaves: np.ndarray  # the year from which there is none
    quarters: dict[Period, dict[str, np.ndarray]]

    def active(self, period: Period) -> np.ndarray:
        """The places of those who report for a quarter."""
        return np.flatnonzero((self.enters <= period.year) & (period.year < self.leaves))


def threshold_of(industry: str) -> int | None:
    """Thousand yuan a year from which an enterprise of a class is in the frame, None where revenue
    does not decide it.
    """
    return _MIX[industry[:2]][1]


@functools.cache
def _classes() -> dict[str, list[str]]:
    """The classes of every division, from the classification."""
    classes: dict[str, list[str]] = {}
    with (SQL_DIR / "reference" / "industry.csv").open(encoding="utf-8") as source:
        for line in csv.DictReader(source):
            if line["level"] == "class":
                classes.setdefault(line["division"], []).append(line["code"])
    return classes


def credit_codes(zone_number: int, count: int) -> pa.StringArray:
    """`count` unified social credit codes of a zone, both check characters right."""
    numbers = zone_number * 1_000_000 + np.arange(1, count + 1)
    body = numbers[:, None] // 10 ** np.arange(7, -1, -1) % 10
    rest = (11 - body @ _BODY_WEIGHTS % 11) % 11
    inner = np.where(rest == 10, ALPHABET.index("X"), rest)
    front = np.tile([ALPHABET.index(c) for c in _MADE_UP], (count, 1))
    digits = np.column_stack([front, body, inner])
    check = (31 - digits @ _WEIGHTS % 31) % 31
    characters = np.array(list(ALPHABET), "S1")[np.column_stack([digits, check])]
    texts = np.ascontiguousarray(characters).view("S18").ravel()
    codes: pa.StringArray = pa.array(texts).cast(pa.string())
    return codes


def simulate_enterprises(
    rng: np.random.Generator, zone_number: int, count: int, quarters: list[Period]
) -> Enterprises:
    """The register of a zone: `count` enterprises in the first year, a few in and out with each
    year
    after it.

    `quarters` begin a year before the first one reported, so that a year earlier is known.
    """
    years = sorted({period.year for period in quarters})
    each_year = max(1, count // 20)
    total = count + each_year * (len(years) - 1)
    enters = np.concatenate([np.full(count, years[0]), np.repeat(np.array(years[1:]), each_year)])
    leaves = enters + rng.geometric(0.04, total)
    divisions = np.array(list(_MIX))
    weights = np.array([weight for weight, _, _ in _MIX.values()], float)
    division = rng.choice(len(divisions), total, p=weights / weights.sum())
    classes = [_classes()[d] for d in divisions]
    place = rng.random(total)
    industries = [
        classes[d][int(p * len(classes[d]))] for d, p in zip(division, place, strict=True)
    ]
    names = [
        f"合成{zone_number}区{_MIX[divisions[d]][2]}{number:06d}"
        for number, d in enumerate(division, start=1)
    ]
    thresholds = np.array([_MIX[divisions[d]][1] or 0 for d in division])
    enterprises = Enterprises(
        pa.array(names),
        credit_codes(zone_number, total),
        pa.array(industries),
        thresholds,
        enters,
        leaves,
        {},
    )
    _report(rng, enterprises, divisions[division], quarters)
    return enterprises


def _report(
    rng: np.random.Generator, enterprises: Enterprises, division: np.ndarray, quarters: list[Period]
) -> None:
    """Fill in what each enterprise reports, quarter after quarter."""
    total = len(division)
    size = rng.lognormal(np.log(12_000), 1.2, total)
    trend = rng.normal(0.05, 0.05, total)
    seasons = np.array([_SEASONS["E" if d == "47" else "B" if d < "47" else "F"] for d in division])
    prices = rng.uniform(0.9, 1.1, total)
    margin, levy = (
        np.clip(rng.normal(0.06, 0.05, total), -0.12, 0.25),
        rng.uniform(0.01, 0.06, total),
    )
    research = np.where(rng.random(total) < 0.35, rng.uniform(0.005, 0.05, total), 0.0)
    people = np.maximum(2, size / rng.uniform(300, 900, total))
    framed = enterprises.thresholds == 0
    ytd = {name: np.zeros(total, np.int64) for name in AMOUNTS}
    last_year = ytd["revenue"]
    first = quarters[0].year
    for period in quarters:
        elapsed = (period.year - first) + (period.quarter - 1) / 4
        volume = (
            size
            * seasons[:, period.quarter - 1]
            * (1 + trend) ** elapsed
            * np.exp(rng.normal(0, 0.04, total))
        )
        output = np.maximum(5, np.rint(volume)).astype(np.int64)
        revenue = np.maximum(
            5, np.rint(output * prices * np.exp(rng.normal(0, 0.02, total)))
        ).astype(np.int64)
        amounts = {
            "output": output,
            "revenue": revenue,
            "profit": np.rint(revenue * (margin + rng.normal(0, 0.01, total))).astype(np.int64),
            "tax": np.rint(revenue * levy).astype(np.int64),
            "rnd": np.rint(revenue * research).astype(np.int64),
        }
        before = (
            ytd if period.quarter > 1 else {name: np.zeros(total, np.int64) for name in AMOUNTS}
        )
        ytd = {name: before[name] + amounts[name] for name in AMOUNTS}
        if (
            period.quarter == 1 and period.year > first
        ):  # who fell below over the year leaves the frame
            framed &= (enterprises.thresholds == 0) | (last_year >= enterprises.thresholds)
        framed = framed | (ytd["revenue"] >= enterprises.thresholds)
        last_year = ytd["revenue"]
        reported = {f"{name}_quarter": amounts[name] for name in AMOUNTS} | {
            f"{name}_ytd": ytd[name] for name in AMOUNTS
        }
        reported["employees"] = np.rint(
            people * (1 + trend / 2) ** elapsed * np.exp(rng.normal(0, 0.02, total))
        ).astype(np.int64)
        reported["above_threshold"] = framed.copy()
        reported["researches"] = research > 0
        enterprises.quarters[period] = reported


def as_columns(enterprises: Enterprises, period: Period) -> dict[str, pa.StringArray]:
    """The form's columns for a quarter, as text, those active alone. What has no year earlier
    leaves it empty.
    """
    active = enterprises.active(period)
    chosen = pa.array(active)
    now = enterprises.quarters[period]
    earlier = enterprises.quarters.get(period.year_earlier())
    is_new = pa.array(enterprises.enters[active] == period.year)
    is_quiet = pa.array(~now["researches"][active])

    def as_text(values: np.ndarray) -> pa.StringArray:
        texts: pa.StringArray = pa.array(values[active]).cast(pa.string())
        return texts

    columns = {
        "uscc": enterprises.codes.take(chosen),
        "enterprise": enterprises.names.take(chosen),
        "industry": enterprises.industries.take(chosen),
        "above_threshold": pc.if_else(pa.array(now["above_threshold"][active]), "是", "否"),
    }
    nothing = pa.nulls(len(active), pa.string())
    for name in AMOUNTS:
        columns[f"{name}_quarter_cny"] = as_text(now[f"{name}_quarter"])
        columns[f"{name}_ytd_cny"] = as_text(now[f"{name}_ytd"])
        columns[f"{name}_ytd_year_earlier_cny"] = (
            pc.if_else(is_new, None, as_text(earlier[f"{name}_ytd"])) if earlier else nothing
        )
    for column in ("rnd_quarter_cny", "rnd_ytd_cny", "rnd_ytd_year_earlier_cny"):
        columns[column] = pc.if_else(is_quiet, None, columns[column])
    columns["employees"] = as_text(now["employees"])
    columns["employees_year_earlier"] = (
        pc.if_else(is_new, None, as_text(earlier["employees"])) if earlier else nothing
    )
    return columns
