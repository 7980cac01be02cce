"""A form as `flows/forms/<form>.toml` declares it: its columns, its lines and its rules.

The models check what a declaration says; `catalogue.py` reads the files and reports each mistake
with its file and line.
"""

from __future__ import annotations

import functools
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from flows.forms.lines import check_parts
from flows.forms.words import Strict, Text
from flows.model.finding import Severity, Stage
from flows.model.name import plain_name, tidy_heading
from flows.model.unit import load_units
from flows.warehouse.database import find_syntax_error

FORMS_DIR = Path(__file__).resolve().parent

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
RuleCode = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$")]
Basis = Literal["ytd", "quarter", "stock", "annual", "plan"]
Due = Annotated[tuple[Literal[1, 2, 3, 4], ...], Field(min_length=1)]

# what form rules see of a line, beside its value
LINE_PARTS = ("", "__rounding", "__growth_pct", "__factor", "__unit", "__printed", "__rows")
# what the words of every rule may name in braces
_PLACE_NAMES = {"value", "heading", "row_key", "sheet", "path", "period"}
_RATE_UNITS = {"%", "‰", "百分点"}


def check_unit(unit: str) -> str:
    """The unit itself. Raises ValueError where sql/reference/unit.csv does not have it."""
    if unit not in load_units():
        raise ValueError(f"“{unit}” is not a unit of sql/reference/unit.csv")
    return unit


class Column(Strict):
    """A column of the form, and of the table it loads into."""

    name: Code
    type: Literal["text", "decimal", "integer", "boolean", "date", "uscc"]
    title: Text
    headings: tuple[str, ...] = ()
    required: bool = False  # every row must have a value
    present: bool = True  # the file must have the column
    unit: str | None = None  # what the form prints; loaded in the base unit
    min: float | None = None
    max: float | None = None
    # a code list: keys are stored, titles are accepted when read
    codes: dict[str, Text] | None = None
    code_table: str | None = None  # a column of a reference table, `ref.industry.code`
    # of a classification, the levels that may be chosen; all where none is named
    code_levels: tuple[str, ...] = ()
    note: Text | None = None

    @field_validator("unit")
    @classmethod
    def unit_exists(cls, unit: str | None) -> str | None:
        """Units come from sql/reference/unit.csv."""
        return check_unit(unit) if unit else unit

    @property
    def numeric(self) -> bool:
        """Whether it is a number, with a unit perhaps."""
        return self.type in ("decimal", "integer")

    @property
    def spellings(self) -> set[str]:
        """Every heading by which the column is known, tidied for comparison."""
        return {tidy_heading(h) for h in (self.name, self.title.zh, self.title.en, *self.headings)}

    @property
    def full_names(self) -> set[str]:
        """The headings of `spellings`, with what stands in brackets."""
        return {plain_name(h) for h in (self.name, self.title.zh, self.title.en, *self.headings)}


class Indicator(Strict):
    """A line of an indicator form: one figure, its unit, its span and the department behind it."""

    code: Code
    title: Text
    unit: str  # the base unit it is stored in
    quoted_unit: str  # the unit an office quotes it in
    quoted_decimals: int = 2
    basis: Basis = "ytd"
    flow_type: Literal["flow", "stock", "rate"] = "flow"  # "rate" where the unit is one of rates
    price_basis: Literal["nominal", "constant_price", "none"] = "none"  # of the growth reported
    # of growth that compares the same enterprises, or a base revised since: levels do not give it
    growth_scope: Literal["same_scope", "same_basis_revised"] | None = None
    sector: Literal["primary", "secondary", "tertiary", "total"] | None = None
    synonyms: tuple[str, ...] = ()
    required: bool = True
    level: bool = True  # False where only the growth is published
    due: Due | None = None  # the quarters it is asked in, where they are not the form's
    target_of: Code | None = None  # the line this one is the year's target for
    # a code of sql/reference/industry.csv: the line is that industry's part of `of`
    industry: str | None = None
    of: Code | None = None  # the line of the total, whose indicator this one loads as
    # 其中: the part that this one is inside of, so that the total does not count it
    within: Code | None = None
    indicator_title: Text | None = None  # of a total: what it is called together with its parts
    min: float | None = None
    max: float | None = None
    headline: int | None = None  # its place among the ten main indicators
    department: Text | None = None  # where it is not the form's
    note: Text | None = None

    @property
    def spellings(self) -> set[str]:
        """Every name the line is known by, tidied for comparison."""
        return {tidy_heading(s) for s in (self.code, self.title.zh, self.title.en, *self.synonyms)}

    @property
    def full_names(self) -> set[str]:
        """The names of `spellings`, with what stands in brackets."""
        return {plain_name(s) for s in (self.code, self.title.zh, self.title.en, *self.synonyms)}

    @property
    def indicator(self) -> str:
        """The indicator it loads as: its own, or that of the line it is a part of."""
        return self.of or self.code

    @model_validator(mode="before")
    @classmethod
    def take_rates_for_rates(cls, declared: dict[str, object]) -> dict[str, object]:
        """A line in %, ‰ or 百分点 is a rate unless it says otherwise: it is never differenced."""
        units = {declared.get("unit"), declared.get("quoted_unit")}
        if "flow_type" not in declared and units & _RATE_UNITS:
            return declared | {"flow_type": "rate"}
        return declared

    @field_validator("unit", "quoted_unit")
    @classmethod
    def unit_exists(cls, unit: str) -> str:
        """Units come from sql/reference/unit.csv."""
        return check_unit(unit)

    @model_validator(mode="after")
    def same_dimension(self) -> Indicator:
        """The quoted unit must convert to the stored one."""
        if load_units()[self.quoted_unit].base_unit != self.unit:
            raise ValueError(
                f"quoted_unit “{self.quoted_unit}” does not convert to unit “{self.unit}”"
            )
        return self


class Rule(Strict):
    """A rule in SQL: `good` is true where all is well, NULL where it cannot be checked.

    Record rules see a row's columns; form rules see an indicator form's lines by code
    (`gdp`, with `gdp__rounding`, `gdp__growth_pct`, `gdp__printed`), or aggregates of a register.
    `show` gives further SQL values to the message; `target` is the cell to point at.
    """

    code: RuleCode
    stage: Literal[Stage.RECORD, Stage.FORM]
    severity: Severity
    target: str
    good: str
    title: Text
    message: Text
    mend: Text
    show: dict[Code, str] = Field(default_factory=dict)
    source: str = ""  # where docs/methodology.md states it


class Form(Strict):
    """A form: its columns, the lines of an indicator form, and its rules."""

    code: Code
    version: str
    kind: Literal["indicator", "register"]
    title: Text
    department: Text
    due: Due = (1, 2, 3, 4)  # the quarters it is asked in
    key: tuple[Code, ...] = ()
    columns: tuple[Column, ...] = Field(default=(), alias="column")
    indicators: tuple[Indicator, ...] = Field(default=(), alias="indicator")
    rules: tuple[Rule, ...] = Field(default=(), alias="rule")
    ignored_headings: tuple[str, ...] = ("序号", "编号", "No.")
    fingerprint: str = ""

    @model_validator(mode="before")
    @classmethod
    def give_indicator_forms_their_columns(cls, declared: dict[str, object]) -> dict[str, object]:
        """What every indicator form prints is declared once, in `_indicator.toml`."""
        if declared.get("kind") != "indicator":
            return declared
        shared = load_shared()
        own = {"ignored_headings": shared["ignored_headings"]} | declared
        return own if "column" in own else own | {"column": shared["column"], "key": ["indicator"]}

    @model_validator(mode="after")
    def is_consistent(self) -> Form:
        """Names are unique and every reference inside the form resolves."""
        names = [c.name for c in self.columns]
        if len(set(names)) < len(names):
            raise ValueError("two columns have the same name")
        if self.kind == "indicator" and not self.indicators:
            raise ValueError("an indicator form needs at least one [[indicator]]")
        if not self.key or not set(self.key) <= set(names):
            raise ValueError(f"key {list(self.key)} must name columns of the form: {names}")
        check_parts(self.indicators)
        self._check_rules(set(names))
        targets = set(names) | {
            f"{i.code}.{part}" for i in self.indicators for part in ("value", "growth_pct")
        }
        for rule in self.rules:
            if rule.target not in targets:
                raise ValueError(
                    f"rule {rule.code}: target “{rule.target}” is no column or line of the form"
                )
        _refuse_shared("heading", {c.name: c.spellings for c in self.columns})
        _refuse_shared("line", {i.code: i.spellings for i in self.indicators})
        codes = [r.code for r in self.rules]
        if len(set(codes)) < len(codes):
            raise ValueError("two rules have the same code")
        return self

    def _check_rules(self, columns: set[str]) -> None:
        """The SQL of a rule must parse, and every name in the braces of its words must exist."""
        lines = {f"{i.code}{part}" for i in self.indicators for part in LINE_PARTS}
        for rule in self.rules:
            names = columns | lines | set(rule.show) | _PLACE_NAMES
            if rule.stage == Stage.RECORD and self.kind == "indicator":
                names |= {"line", "unit_sent", "value_reported", "basis"}
            texts = (rule.message.zh, rule.message.en, rule.mend.zh, rule.mend.en)
            unknown = {name for text in texts for name in re.findall(r"\{(\w*)\}", text)} - names
            for sql in (rule.good, *rule.show.values()):
                if problem := find_syntax_error(sql):
                    raise ValueError(f"rule {rule.code}: {problem}")
            if unknown:
                raise ValueError(
                    f"rule {rule.code}: its words name {sorted(unknown)},"
                    " which is no column, line or `show` of the form"
                )

    def due_quarters(self, indicator: Indicator) -> tuple[int, ...]:
        """The quarters in which a line is asked for: its own, or the form's."""
        return indicator.due or self.due

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(c for c in self.columns if c.name == name)


def _refuse_shared(what: str, spellings: dict[str, set[str]]) -> None:
    owners: dict[str, str] = {}
    for owner, names in spellings.items():
        for spelling in names:
            if owners.setdefault(spelling, owner) != owner:
                raise ValueError(
                    f"{what} “{spelling}” belongs to both {owners[spelling]} and {owner}"
                )


@functools.cache
def load_shared() -> dict[str, object]:
    """What every indicator form prints, from `_indicator.toml`: its columns, and the headings of
    those that are no data.
    """
    return tomllib.loads((FORMS_DIR / "_indicator.toml").read_text(encoding="utf-8"))
