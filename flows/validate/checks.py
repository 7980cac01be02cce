"""A check: a rule ready to evaluate, with its SQL, its words and the cell that it points at.

A form gives all its checks: those that follow from its columns and lines (words in
`forms/_rules.toml`) and those that it declares itself. The outcome of a check is one small integer:
1 holds, 0 broken, 2 unchecked (a value that the rule needs is missing).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass

from flows.forms.common_rules import Words, common_rules
from flows.forms.form import Form, Indicator, Rule
from flows.model.finding import Severity, Stage
from flows.model.text import MOST_QUOTED
from flows.warehouse.sql_text import quote

HOLDS, BROKEN, UNCHECKED = 1, 0, 2
_BRACES = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
_QUOTED = re.compile(r"('(?:[^']|'')*')")
_NAME = re.compile(r"[a-z_][a-z0-9_]*")
# what `summary` has of a line, by the column that it stands in
_PARTS = {"": "value", "printed": "value", "growth_pct": "growth_pct"}

Place = tuple[str | None, str]  # the line (None: of the same row) and the column of a cell


@dataclass(frozen=True)
class Check:
    """One rule on one target, ready to evaluate.

    `good` is SQL over `typed` (a row) or, where `per_submission`, over `summary` (a submission).
    A check without it is broken by the rows that `problem` lists under its code, and points at the
    cells listed there. `field` is the column whose cell is pointed at, `line` the indicator whose
    row, `further` the lines and columns of the other cells that it is about. `show` gives SQL for
    the braces of the words that are not columns of that relation.
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
    further: tuple[Place, ...] = ()

    @property
    def name(self) -> str:
        """Unique in the form: the code and its target."""
        target = ".".join(part for part in (self.line, self.field) if part)
        return f"{self.code}:{target}" if target else self.code


def write_out(sql: str, show: dict[str, str]) -> str:
    """An expression in which each name of `show` is replaced by its SQL.

    A name of `show` may use those before it. Text between quotes stays as it is.
    """
    for name, meaning in reversed(show.items()):
        pieces = _QUOTED.split(sql)
        whole_name = re.compile(rf"\b{name}\b")
        sql = "".join(
            p if p.startswith("'") else whole_name.sub(lambda _, m=meaning: f"({m})", p)
            for p in pieces
        )
    return sql


def words_to_sql(template: str, show: dict[str, str], places: Mapping[str, str]) -> str:
    """A message template as an SQL expression; a missing value becomes “…”, and so does what is
    too long to be quoted of one.

    `places` gives the columns for braces that name a place, such as `{heading}`.
    """
    parts: list[str] = []
    position = 0
    for match in _BRACES.finditer(template):
        parts.append(quote(template[position : match.start()]))
        name = match[1]
        value = write_out(show.get(name, places.get(name, name)), show)
        parts.append(f"coalesce(quoted({value}, {MOST_QUOTED}), '…')")
        position = match.end()
    parts.append(quote(template[position:]))
    return " || ".join(p for p in parts if p != "''") or "''"


def checks_of(form: Form) -> list[Check]:
    """Every check of a form, in the order of the stages."""
    of_kind = _indicator_checks(form) if form.kind == "indicator" else _register_checks(form)
    declared = [_declared_check(form, rule) for rule in form.rules]
    # of the same row: the other columns of the key
    twice = dataclasses.replace(
        _listed("KEY-DUPLICATE"), further=tuple((None, part) for part in form.key[:-1])
    )
    return [*of_kind, twice, *declared]


def _common(
    code: str,
    good: str,
    field: str | None = None,
    *,
    line: str | None = None,
    per_submission: bool = False,
    show: dict[str, str] | None = None,
) -> Check:
    """A check that every form shares, with the words of `forms/_rules.toml`."""
    words = common_rules()[code]
    return Check(
        code=code,
        stage=words.stage,
        severity=words.severity,
        good=good,
        words=words,
        field=field,
        line=line,
        per_submission=per_submission,
        show=show or {},
    )


# what the text of a cell or a line's name gives to say, cell by cell
_OF_TEXT = (
    "LINE-MEANING",
    "LINE-WORDS",
    "NOTE-MEANING",
    "VALUE-NUMBER",
    "VALUE-DECIMALS",
    "VALUE-COMMA",
    "VALUE-CUT",
    "VALUE-MARK",
    "UNIT-CONFLICT",
    "GROWTH-POINTS",
    "GROWTH-FRACTION",
    "GROWTH-RATIO",
    "RATE-FRACTION",
    "GROWTH-EXCHANGED",
    "LEVEL-ZERO",
    "GROWTH-TRIANGLE",
)


def _listed(code: str) -> Check:
    """A check that is broken by the cells that reading the text has listed in `problem`."""
    return _common(code, "")


def _register_checks(form: Form) -> list[Check]:
    """One check for all columns alike: `problem` says which cell it was."""
    columns = form.columns
    is_needed = {
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
    return [_listed(code) for code, needed in is_needed.items() if needed]


def _indicator_checks(form: Form) -> list[Check]:
    lines = {
        "expected_zh": quote("、".join(i.title.zh for i in form.indicators)),
        "expected_en": quote("; ".join(f"{i.title.en} ({i.title.zh})" for i in form.indicators)),
    }
    checks = [
        _common("VALUE-REQUIRED", "line is not null", "indicator", show={"heading": "'指标名称'"}),
        _common("LINE-UNKNOWN", "line is null or indicator is not null", "indicator", show=lines),
        *(_listed(code) for code in _OF_TEXT),
        *_unit_checks(),
        _common(
            "VALUE-RANGE",
            "coalesce(value >= min_value, true) and coalesce(value <= max_value, true)",
            "value",
            show={"expected": "range_expected"},
        ),
        _common(
            "VALUE-WHOLE",
            "not coalesce(is_whole, false) or value is null or value = trunc(value)",
            "value",
        ),
        # a line that need not be there may be left empty on a printed form
        _common(
            "LINE-LEVEL",
            "indicator is null or not has_level or value_reported is not null or value_unreadable"
            " or (not is_asked and growth_text is null)",
            "value",
        ),
    ]
    checks += [
        _line_check(indicator, form.due_quarters(indicator))
        for indicator in form.indicators
        if indicator.required
    ]
    return checks


def _unit_checks() -> list[Check]:
    expected = {"expected": "units_expected"}
    return [
        _common(
            "UNIT-MISSING",
            "indicator is null or value_reported is null or unit_sent is not null",
            "unit",
            show={"expected": "quoted_unit"},
        ),
        _common(
            "UNIT-UNKNOWN",
            "indicator is null or unit_sent is null or factor is not null",
            "unit",
            show=expected,
        ),
        # the unit that a cell names itself is pointed at there
        _common(
            "UNIT-DIMENSION",
            "indicator is null or base_unit_sent is null or base_unit_sent = unit"
            " or cell_unit is not null",
            "unit",
            show=expected,
        ),
        _common(
            "UNIT-DIMENSION",
            "indicator is null or cell_unit is null or base_unit_sent is null"
            " or base_unit_sent = unit",
            "value",
            show=expected,
        ),
    ]


def _line_check(indicator: Indicator, due: tuple[int, ...]) -> Check:
    """The line is there, in the quarters in which the form asks for it."""
    show = {"expected_zh": quote(indicator.title.zh), "expected_en": quote(indicator.title.en)}
    good = f"{indicator.code}__rows > 0"
    if set(due) != {1, 2, 3, 4}:
        good += f" or _quarter not in ({', '.join(map(str, due))})"
    return _common("LINE-MISSING", good, line=indicator.code, per_submission=True, show=show)


def _places_named(form: Form, sql: str) -> set[Place]:
    """The cells that an expression of a form's rule speaks of."""
    names = {name for piece in _QUOTED.split(sql)[::2] for name in _NAME.findall(piece)}
    if form.kind == "register":
        return {(None, column.name) for column in form.columns if column.name in names}
    return {
        (i.code, part)
        for i in form.indicators
        for suffix, part in _PARTS.items()
        if (f"{i.code}__{suffix}" if suffix else i.code) in names
    }


def _declared_check(form: Form, rule: Rule) -> Check:
    line, _, part = rule.target.rpartition(".")
    named = _places_named(form, write_out(rule.good, rule.show)) - {(line or None, part)}
    words = Words(
        stage=rule.stage,
        severity=rule.severity,
        title=rule.title,
        message=rule.message,
        mend=rule.mend,
    )
    return Check(
        code=rule.code,
        stage=rule.stage,
        severity=rule.severity,
        good=rule.good.strip(),
        words=words,
        field=part,
        line=line or None,
        per_submission=rule.stage == Stage.FORM,
        show=dict(rule.show),
        source=rule.source,
        further=tuple(sorted(named, key=lambda place: (place[0] or "", place[1]))),
    )
