"""The forms of a synthetic zone, filled in as its departments would print them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from flows.forms.form import Form
from flows.model.period import Period
from flows.synthetic.books import Row
from flows.synthetic.economies import Figure, Figures
from flows.synthetic.enterprises import Enterprises, as_columns
from flows.synthetic.ledgers import Ledgers
from flows.synthetic.sheets import MOST_WORKBOOK_ROWS, Sheet


@dataclass(frozen=True)
class Simulated:
    """A zone as simulated."""

    enterprises: Enterprises
    ledgers: Ledgers
    figures: Figures

    def register(self, form: str, period: Period) -> list[Row]:
        """The rows of a ledger."""
        books: dict[str, dict[Period, list[Row]]] = {
            "project_ledger": self.ledgers.projects,
            "contract_ledger": self.ledgers.contracts,
            "cultivation_pool": self.ledgers.pool,
            "policy_beneficiaries": self.ledgers.beneficiaries,
        }
        return books[form][period]


def fill_form(
    rng: np.random.Generator,
    form: Form,
    zone: str,
    number: int,
    period: Period,
    simulated: Simulated,
) -> Sheet:
    """One form as its department prints it."""
    what = (
        f"{form.title.zh}（{period.year}年）"
        if form.code == "plan_targets"
        else f"{form.title.zh}（{period.title_zh}）"
    )
    titles = [f"合成开发区{number}{what}", f"填报单位：合成开发区{number}{form.department.zh}"]
    if form.code == "enterprise_quarter":
        columns = as_columns(simulated.enterprises, period)
        titles.append("计量单位：千元")
    elif form.kind == "register":
        rows = simulated.register(form.code, period)
        columns = {
            c.name: pa.array([row[c.name] for row in rows], pa.string()) for c in form.columns
        }
    else:
        columns = _indicator_columns(form, period, simulated.figures[period])
    headings = {c.name: _head(rng, form, c.name, c.title.zh, c.unit) for c in form.columns}
    sheet = Sheet(
        form.code, zone, str(period), titles, headings, columns, frozenset({"uscc", "industry"})
    )
    draw = rng.random()
    if draw < 0.4 and sheet.rows <= MOST_WORKBOOK_ROWS:
        sheet.suffix = "xlsx"
    else:
        sheet.encoding = "gb18030" if draw > 0.8 else "utf-8-sig" if draw > 0.6 else "utf-8"
    return sheet


def _head(rng: np.random.Generator, form: Form, name: str, title: str, unit: str | None) -> str:
    """The heading of a column, its unit with it where the form prints one; of indicator forms now
    and
    then another name.
    """
    if form.kind == "indicator":
        named = {
            "value": ("本年累计", "累计值", "完成情况"),
            "growth_pct": ("同比增长（%）", "同比增速", "增长（%）"),
        }
        if form.code != "plan_targets" and name in named:
            return str(rng.choice(named[name]))
        return f"{title}（%）" if name == "growth_pct" else title
    return f"{title}（{unit}）" if unit and unit not in ("千元",) else title


def _indicator_columns(
    form: Form, period: Period, figures: Mapping[str, Figure]
) -> dict[str, pa.StringArray]:
    lines = [
        line
        for line in form.indicators
        if line.code in figures and period.quarter in form.due_quarters(line)
    ]
    texts: dict[str, list[str | None]] = {
        "indicator": [line.title.zh for line in lines],
        "unit": [figures[line.code].unit for line in lines],
        "value": [figures[line.code].value for line in lines],
        "growth_pct": [figures[line.code].growth for line in lines],
        "note": [None] * len(lines),
    }
    return {name: pa.array(values, pa.string()) for name, values in texts.items()}
