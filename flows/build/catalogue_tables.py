"""The forms' declarations as tables to be queried: `ref.form`, `ref.form_line`, `ref.form_column`,
`ref.indicator`, `ref.rule` and `ref.release_calendar`; and what views are joined to by who charts
them: `ref.zone`, the zones there are, and `ref.period`, the quarters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from flows.forms.common_rules import common_rules
from flows.forms.form import Form
from flows.forms.release_calendar import list_due
from flows.model.period import FIRST_YEAR, LAST_YEAR, Period
from flows.model.zone import ZONE_FIELDS, load_zones
from flows.validate.checks import checks_of
from flows.validate.history_rule import load_history_rules
from flows.warehouse.database import bring_in

Row = dict[str, Any]

# declared, for a catalogue in which no line is of an industry has the column all the same
_LINE_FIELDS: dict[str, pa.DataType] = {
    "form": pa.string(),
    "line": pa.string(),
    "ord": pa.int32(),
    "indicator": pa.string(),
    "industry": pa.string(),
    "within_industry": pa.string(),
    "title_zh": pa.string(),
    "title_en": pa.string(),
    "is_required": pa.bool_(),
    "due_quarters": pa.list_(pa.int64()),
}


def load_zone_table(con: duckdb.DuckDBPyConnection, raw: Path | None) -> None:
    """`ref.zone`: the zones of the package and those that the office has added beside its
    submissions.
    """
    zones = [{name: zone[name] or None for name in ZONE_FIELDS} for zone in load_zones(raw)]
    bring_in(con, "ref.zone", pa.Table.from_pylist(zones))


def load_period_table(con: duckdb.DuckDBPyConnection) -> None:
    """`ref.period`: every quarter that a figure can be of, with its days and its names."""
    quarters = (Period(y, q) for y in range(FIRST_YEAR, LAST_YEAR + 1) for q in range(1, 5))
    rows = [
        {
            "period": str(period),
            "year": period.year,
            "quarter": period.quarter,
            "start_on": period.start_on,
            "end_on": period.end_on,
            "title_zh": period.quarter_zh,
            "title_en": period.quarter_en,
            "title_ytd_zh": period.title_zh,
            "title_ytd_en": period.title_en,
        }
        for period in quarters
    ]
    bring_in(con, "ref.period", pa.Table.from_pylist(rows))


def load_catalogue_tables(con: duckdb.DuckDBPyConnection, catalogue: Mapping[str, Form]) -> None:
    """Every table of `ref` that comes from the forms, made anew."""
    forms = list(catalogue.values())
    lines = [line for form in forms for line in _list_lines(form)]
    tables = {
        "form": pa.Table.from_pylist([_describe_form(form) for form in forms]),
        "indicator": pa.Table.from_pylist([i for form in forms for i in _list_indicators(form)]),
        "form_line": pa.Table.from_pylist(lines, pa.schema(_LINE_FIELDS)),
        "form_column": pa.Table.from_pylist([c for form in forms for c in _list_columns(form)]),
        "rule": pa.Table.from_pylist(_list_rules(forms)),
        "release_calendar": pa.Table.from_pylist([asdict(due) for due in list_due(catalogue)]),
    }
    for name, table in tables.items():
        bring_in(con, f"ref.{name}", table)


def _describe_form(form: Form) -> Row:
    return {
        "form": form.code,
        "title_zh": form.title.zh,
        "title_en": form.title.en,
        "department_zh": form.department.zh,
        "department_en": form.department.en,
        "kind": form.kind,
        "version": form.version,
        "due_quarters": list(form.due),
        "fingerprint": form.fingerprint,
    }


def _list_indicators(form: Form) -> list[Row]:
    """The indicators of a form, each once: a line that is another's part is no indicator."""
    indicators: list[Row] = []
    for line in form.indicators:
        if line.of:
            continue
        department = line.department or form.department
        title = line.indicator_title or line.title
        indicators.append(
            {
                "indicator": line.code,
                "form": form.code,
                "title_zh": title.zh,
                "title_en": title.en,
                "unit": line.unit,
                "quoted_unit": line.quoted_unit,
                "quoted_decimals": line.quoted_decimals,
                "basis": line.basis,
                "flow_type": line.flow_type,
                "price_basis": line.price_basis,
                "growth_comparison": line.growth_scope or line.price_basis,
                "sector": line.sector,
                "headline": line.headline,
                "is_required": line.required,
                "due_quarters": list(form.due_quarters(line)),
                "target_of": line.target_of,
                "department_zh": department.zh,
                "department_en": department.en,
            }
        )
    return indicators


def _list_lines(form: Form) -> list[Row]:
    """A form's lines as they are printed, and the indicator and industry that each loads as."""
    industries = {i.code: i.industry for i in form.indicators}
    return [
        {
            "form": form.code,
            "line": i.code,
            "ord": number,
            "indicator": i.indicator,
            "industry": i.industry,
            "within_industry": industries.get(i.within or ""),
            "title_zh": i.title.zh,
            "title_en": i.title.en,
            "is_required": i.required,
            "due_quarters": list(form.due_quarters(i)),
        }
        for number, i in enumerate(form.indicators, start=1)
    ]


def _list_columns(form: Form) -> list[Row]:
    return [
        {
            "form": form.code,
            "column_name": column.name,
            "title_zh": column.title.zh,
            "title_en": column.title.en,
            "type": column.type,
            "printed_unit": column.unit,
            "is_required": column.required,
            "is_key": column.name in form.key,
        }
        for column in form.columns
    ]


def _list_rules(forms: list[Form]) -> list[Row]:
    """The rules of each form, and those that are asked of every file before its rows are read."""
    rules: list[Row] = [
        {
            "form": form.code,
            "code": check.code,
            "check_name": check.name,
            "stage": str(check.stage),
            "severity": str(check.severity),
            "title_zh": check.words.title.zh,
            "title_en": check.words.title.en,
            "good": check.good,
            "source": check.source,
        }
        for form in forms
        for check in (
            *checks_of(form),
            *(rule.check for rule in load_history_rules() if rule.applies_to(form)),
        )
    ]
    of_forms = {rule["code"] for rule in rules}
    return rules + [
        {
            "form": "*",
            "code": code,
            "check_name": code,
            "stage": str(words.stage),
            "severity": str(words.severity),
            "title_zh": words.title.zh,
            "title_en": words.title.en,
            "good": "",
            "source": "",
        }
        for code, words in common_rules().items()
        if code not in of_forms
    ]
