"""Write a synthetic set: a folder like `raw/` with made-up submissions of made-up zones.

In: how many zones, quarters and enterprises, what share of errors, and a seed. Out: the files,
`manifest.csv` (sender and time of receipt), `zone.csv`, `README.txt` and `errors.csv`, the answer
key. The same parameters give the same bytes.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from flows.forms.catalogue import form_titles, load_catalogue
from flows.forms.form import Form
from flows.forms.release_calendar import Calendar, load_calendar
from flows.model.candidates import say_unknown
from flows.model.clock import BEIJING
from flows.model.period import Period, parse_period
from flows.model.zone import OWN_ZONES, ZONE_FIELDS
from flows.synthetic.economies import simulate_economy
from flows.synthetic.enterprises import Enterprises, simulate_enterprises
from flows.synthetic.filling import Simulated, fill_form
from flows.synthetic.kinds import KEY_FIELDS, Planted
from flows.synthetic.ledgers import keep_ledgers
from flows.synthetic.plans import Plan, make_plan, slot_of
from flows.synthetic.sheets import Sheet
from flows.synthetic.spoiling import spoil

FIRST_ZONE = 990001
ANSWER_KEY = "errors.csv"
SENDER = "synthetic"
_SYNTHETIC = """合成数据 · SYNTHETIC DATA

本文件夹中的一切（开发区、企业、项目、数字）\
都由 `jibao synthesize` 按种子 {seed} 生成，没有一个是真实的统计数。
Everything in this folder (zones, enterprises, projects, figures) \
was made up by `jibao synthesize` with seed {seed}.
None of it is a statistic.

{zones} zones, {quarters} quarters from {start}, {enterprises} enterprises a zone, \
errors planted: {share:.2%}.
errors.csv is the answer key: what was planted where, and the rule that has to find it. \
Kinds `exit` and
`revision` are events of an ordinary quarter that a sender is asked to explain.
"""


@dataclass(frozen=True)
class Wanted:
    """What to make."""

    zones: int = 3
    quarters: int = 8
    enterprises: int = 500
    errors: float = 0.0  # share of files, rows and lines
    seed: int = 1
    start: str = "2021Q1"
    forms: tuple[str, ...] = ()

    def periods(self, before: int = 0) -> list[Period]:
        """The quarters, from the first of the year `before` years ahead of the start where there
        are
        any.
        """
        start = parse_period(self.start)
        first = Period(start.year - before, 1) if before else start
        count = self.quarters + (start.year - first.year) * 4 + start.quarter - first.quarter
        return [
            Period(first.year + (first.quarter - 1 + n) // 4, (first.quarter - 1 + n) % 4 + 1)
            for n in range(count)
        ]


@dataclass
class Made:
    """What was made."""

    files: int = 0
    rows: int = 0
    bytes: int = 0
    planted: list[Planted] = field(default_factory=list)


def synthesize(folder: Path, wanted: Wanted) -> Made:
    """Make the set in an empty folder. Raises ValueError in words for what cannot be made."""
    catalogue = _choose_forms(wanted)
    if folder.exists() and any(folder.iterdir()):
        raise ValueError(
            f"{folder} 不是空文件夹，虚构的报送要放在单独的文件夹 · "
            f"{folder} is not empty; synthetic submissions go into a folder of their own"
        )
    made = Made()
    manifest: list[dict[str, str]] = []
    zones = [str(FIRST_ZONE + n) for n in range(wanted.zones)]
    rng = np.random.default_rng([wanted.seed, 0])
    plan = make_plan(rng, catalogue, zones, wanted.periods(), wanted.errors, wanted.enterprises)
    for number, zone in enumerate(zones, start=1):
        for sheet in _fill_zone(wanted, catalogue, zone, number, plan, made):
            content = sheet.write(folder)
            made.files, made.rows, made.bytes = (
                made.files + 1,
                made.rows + sheet.rows,
                made.bytes + len(content),
            )
            manifest.append(
                {
                    "path": sheet.path,
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "bytes": str(len(content)),
                    "sender": SENDER,
                    "received_at": sheet.received_at,
                }
            )
    _write_csv(
        folder / "manifest.csv",
        ("path", "sha256", "bytes", "sender", "received_at"),
        sorted(manifest, key=lambda m: m["path"]),
    )
    _write_csv(
        folder / OWN_ZONES,
        ZONE_FIELDS,
        [_describe_zone(zone, n) for n, zone in enumerate(zones, start=1)],
    )
    _write_csv(folder / ANSWER_KEY, KEY_FIELDS, [p.as_line() for p in made.planted])
    readme = _SYNTHETIC.format(
        seed=wanted.seed,
        zones=wanted.zones,
        quarters=wanted.quarters,
        start=wanted.start,
        enterprises=wanted.enterprises,
        share=wanted.errors,
    )
    (folder / "README.txt").write_text(readme, encoding="utf-8")
    return made


def _choose_forms(wanted: Wanted) -> dict[str, Form]:
    catalogue = load_catalogue()
    if unknown := sorted(set(wanted.forms) - set(catalogue)):
        raise ValueError(say_unknown(("报表", "form"), unknown, form_titles(catalogue)))
    parse_period(wanted.start)
    for what, number, most in (
        ("zones", wanted.zones, 98),
        ("quarters", wanted.quarters, 80),
        ("enterprises", wanted.enterprises, 500_000),
    ):
        if not 1 <= number <= most:
            raise ValueError(
                f"--{what} {number}：应为 1 至 {most} 的整数 · it is a number from 1 to {most}"
            )
    if not 0 <= wanted.errors <= 0.2:
        raise ValueError(
            f"--errors {wanted.errors:.0%}：比例在 0 至 20% 之间 · "
            f"the share of errors is from 0 to 20 %"
        )
    return {
        code: form for code, form in catalogue.items() if not wanted.forms or code in wanted.forms
    }


def _describe_zone(zone: str, number: int) -> dict[str, str]:
    return {
        "zone": zone,
        "title_zh": f"合成开发区{number}",
        "title_en": f"Synthetic zone {number}",
        "kind": "development_zone",
        "parent": "CN",
        "note_zh": "合成数据，不是真实的开发区",
        "note_en": "Synthetic data, no real zone",
    }


def _write_csv(path: Path, fields: tuple[str, ...], lines: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.DictWriter(sink, fields, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def _fill_zone(
    wanted: Wanted, catalogue: Mapping[str, Form], zone: str, number: int, plan: Plan, made: Made
) -> Iterator[Sheet]:
    """Every sheet of a zone, quarter after quarter, spoiled as planned."""
    quarters = wanted.periods(before=1)
    enterprises = simulate_enterprises(
        np.random.default_rng([wanted.seed, number, 1]), number, wanted.enterprises, quarters
    )
    ledgers = keep_ledgers(
        np.random.default_rng([wanted.seed, number, 2]), enterprises, number, quarters
    )
    figures = simulate_economy(
        np.random.default_rng([wanted.seed, number, 3]), load_catalogue(), quarters, ledgers.stated
    )
    simulated = Simulated(enterprises, ledgers, figures)
    calendar = load_calendar()
    rng = np.random.default_rng([wanted.seed, number, 4])
    spoilt: set[str] = set()
    for period in wanted.periods():
        for form in catalogue.values():
            if period.quarter not in form.due:
                continue
            sheet = fill_form(rng, form, zone, number, period, simulated)
            sheet.received_at = _receive(rng, calendar, form, period, plan.late(sheet))
            sheets, planted = spoil(rng, form, sheet, plan, spoilt)
            made.planted += planted
            is_compared = not plan.is_spoiled(sheet) and plan.is_known(slot_of(sheet), "any")
            if form.code == "enterprise_quarter" and sheets and is_compared:
                made.planted += _tell_exits(sheet, enterprises, period, spoilt)
            yield from sheets


def _tell_exits(
    sheet: Sheet, enterprises: Enterprises, period: Period, spoilt: set[str]
) -> list[Planted]:
    """Who left with the year is asked about: an event, and no error. One that an error had hidden
    before cannot be missed now.
    """
    gone = (enterprises.leaves == period.year) & (enterprises.enters < period.year)
    if period.quarter > 1:
        return []
    codes = enterprises.codes.filter(pa.array(gone)).to_pylist()
    left = zip(codes, enterprises.names.filter(pa.array(gone)).to_pylist(), strict=True)
    shown = [str(name) for code, name in left if f"enterprise_quarter|{code}" not in spoilt][:10]
    names = "、".join(shown)
    if not names:
        return []
    return [Planted(sheet.path, "exit", "ENTRY-DROPPED", sheet=sheet.name, was=names)]


def _receive(
    rng: np.random.Generator, calendar: Calendar, form: Form, period: Period, is_late: bool
) -> str:
    """When it comes: in the days before it is due, or up to two weeks after."""
    ends = dt.datetime(
        period.year + period.quarter // 4, period.quarter % 4 * 3 + 1, 1, tzinfo=BEIJING
    ) - dt.timedelta(days=1)
    due = calendar.days_of(form.code, period.quarter)
    days = due + int(rng.integers(2, 14)) if is_late else max(1, due - int(rng.integers(0, 6)))
    return (
        ends
        + dt.timedelta(days=days, hours=int(rng.integers(9, 18)), minutes=int(rng.integers(0, 60)))
    ).isoformat(timespec="seconds")
