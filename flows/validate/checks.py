"""Noun: a check, a rule as it is evaluated: an SQL expression, its words, and the cell it points
at.

From a form come all its checks: those that follow from its columns and lines (words in
`forms/_rules.toml`) and those it declares itself. An outcome is one small integer: 1 holds, 0
broken, 2 unchecked (a value that the rule needs is missing).
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

from flows.forms.common_rules import Words, common_rules
from flows.forms.form import Form, Indicator
from flows.model.finding import Severity, Stage
from flows.warehouse.sql_text import quote

HOLDS, BROKEN, UNCHECKED = 1, 0, 2
_PLACE = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


@dataclass(frozen=True)
class Check:
    """One rule on one target, ready to evaluate.

    `good` is SQL over `typed` (a row) or, where `per_submission`, over `summary` (a submission);
    a check without one is broken by the rows that `problem` lists under its code, and points at the
    cells listed there.
    `field` is the column whose cell is pointed at, `line` the indicator whose row. `show` gives
    SQL for the braces of the words that are not columns of that relation.
    """

    code: str
    stage: Stage
    severity: Severity
    good: str
    words: Words
    field: str | None = None
    line: str | None = None
    per_submission: bool = False
    show: dict[str, str] = dataclasses.field(default_factory=dict)
    source: str = ""

    @property
    def name(self) -> str:
        """Unique in the form: the code and what it is asked of."""
        target = ".".join(part for part in (self.line, self.field) if part)
        return f"{self.code}:{target}" if target else self.code


def write_out(sql: str, show: dict[str, str]) -> str:
    """An expression with the names that a rule's `show` defines written out; one may use those
    before
    it.
    """
    for name, meaning in reversed(show.items()):
        pieces = re.split(r"('(?:[^']|'')*')", sql)  # what stands in quotes is words, not names
        named = re.compile(rf"\b{name}\b")
        sql = "".join(
            p if p.startswith("'") else named.sub(lambda _, m=meaning: f"({m})", p) for p in pieces
        )
    return sql


def words_to_sql(template: str, show: dict[str, str], places: dict[str, str]) -> str:
    """A message template as an SQL expression; `places` names the columns that say where. A missing
    value is said as such.
    """
    parts: list[str] = []
    position = 0
    for match in _PLACE.finditer(template):
        parts.append(quote(template[position : match.start()]))
        parts.append(
            f"coalesce(plain({write_out(show.get(match[1], places.get(match[1], match[1])), show)}), '…')"
        )
        position = match.end()
    parts.append(quote(template[position:]))
    return " || ".join(p for p in parts if p != "''") or "''"


def checks_of(form: Form) -> list[Check]:
    """Every check of a form, in the order of the ladder."""
    of_kind = _indicator_checks(form) if form.kind == "indicator" else _register_checks(form)
    return [*of_kind, _listed("KEY-DUPLICATE"), *_declared_checks(form)]


def _common(code: str, good: str, **more: object) -> Check:
    words = common_rules()[code]
    return Check(
        code=code, stage=words.stage, severity=words.severity, good=good, words=words, **more
    )  # type: ignore[arg-type]


# what the text of a cell or a line's name gives to say, cell by cell
_OF_TEXT = (
    "LINE-MEANING", "LINE-WORDS", "VALUE-NUMBER", "VALUE-DECIMALS", "VALUE-COMMA", "VALUE-MARK", "UNIT-CONFLICT", "GROWTH-POINTS",
    "GROWTH-FRACTION",
)  # fmt: skip


def _listed(code: str) -> Check:
    """Broken by the rows that reading the text has listed in `problem`, a finding for each cell
    listed.
    """
    return _common(code, "")


def _register_checks(form: Form) -> list[Check]:
    """One check for all columns alike: `problem` says which cell it was."""
    columns = form.columns
    asked = {
        "VALUE-NUMBER": any(c.numeric for c in columns),
        "VALUE-DECIMALS": any(c.type == "decimal" for c in columns),
        "VALUE-BOUND": any(c.numeric for c in columns),
        "UNIT-DIMENSION": any(c.numeric for c in columns),
        "UNIT-CONFLICT": any(c.numeric for c in columns),
        "VALUE-MARK": any(c.numeric for c in columns),
        "VALUE-TYPE": any(c.type in ("integer", "boolean", "date", "uscc") for c in columns),
        "VALUE-CODE": any(c.codes or c.code_table for c in columns),
        "VALUE-REQUIRED": any(c.required for c in columns),
        "VALUE-RANGE": any(c.min is not None or c.max is not None for c in columns),
    }
    return [_listed(code) for code, is_asked in asked.items() if is_asked]


def _indicator_checks(form: Form) -> list[Check]:
    named = {
        "expected_zh": quote("、".join(i.title.zh for i in form.indicators)),
        "expected_en": quote("; ".join(f"{i.title.en} ({i.title.zh})" for i in form.indicators)),
    }
    expected = {"expected": "units_expected"}
    checks = [
        _common("VALUE-REQUIRED", "line is not null", field="indicator", show={"heading": quote("指标名称")}),
        _common("LINE-UNKNOWN", "line is null or indicator is not null", field="indicator", show=named),
        *(_listed(code) for code in _OF_TEXT),
        _common(
            "UNIT-MISSING", "indicator is null or value_reported is null or unit_sent is not null",
            field="unit", show={"expected": "quoted_unit"},
        ),
        _common("UNIT-UNKNOWN", "indicator is null or unit_sent is null or factor is not null", field="unit", show=expected),
        _common("UNIT-DIMENSION", "indicator is null or base_unit_sent is null or base_unit_sent = unit", field="unit", show=expected),
        _common(
            "VALUE-RANGE", "coalesce(value >= min_value, true) and coalesce(value <= max_value, true)",
            field="value", show={"expected": "range_expected"},
        ),
        _common("VALUE-WHOLE", "not coalesce(is_whole, false) or value is null or value = trunc(value)", field="value"),
        _common(
            "LINE-LEVEL",  # a line that need not be there may be left empty on a printed form
            "indicator is null or not has_level or value_reported is not null or value_unreadable"
            " or (not is_asked and growth_text is null)",
            field="value",
        ),
    ]  # fmt: skip
    checks += [
        _line_check(indicator, form.due_quarters(indicator))
        for indicator in form.indicators
        if indicator.required
    ]
    return checks


def _line_check(indicator: Indicator, due: tuple[int, ...]) -> Check:
    """A line that is asked for once a year is not missing in the other quarters."""
    show = {"expected_zh": quote(indicator.title.zh), "expected_en": quote(indicator.title.en)}
    good = f"{indicator.code}__rows > 0"
    if set(due) != {1, 2, 3, 4}:
        good += f" or _quarter not in ({', '.join(map(str, due))})"
    return _common("LINE-MISSING", good, line=indicator.code, per_submission=True, show=show)


def _declared_checks(form: Form) -> list[Check]:
    checks = []
    for rule in form.rules:
        line, _, part = rule.target.rpartition(".")
        checks.append(
            Check(
                code=rule.code, stage=rule.stage, severity=rule.severity, good=rule.good.strip(), source=rule.source,
                words=Words(stage=rule.stage, severity=rule.severity, title=rule.title, message=rule.message, mend=rule.mend),
                field=part, line=line or None, per_submission=rule.stage == Stage.FORM, show=dict(rule.show),
            )
        )  # fmt: skip
    return checks
