"""The release calendar: by which day each form of a quarter is due.

In: `flows/forms/_calendar.toml`. Out: a line for each form and quarter, for `ref.release_calendar`.
Days are calendar days; holidays are not modelled. A mistake in the file raises CatalogueError with
the remedy.
"""

from __future__ import annotations

import calendar
import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, PositiveInt, ValidationError, model_validator

from flows.forms.words import Strict
from flows.model.clock import BEIJING, as_utc
from flows.model.errors import CatalogueError
from flows.model.period import Period, parse_period

if TYPE_CHECKING:
    from flows.forms.form import Form  # Arrow comes with it, which `jibao status` does not need

CALENDAR = Path(__file__).resolve().with_name("_calendar.toml")


@dataclass(frozen=True)
class DueLine:
    """A form of a quarter: due by the end of `due_on`, Beijing time, which is `due_at` in UTC."""

    form: str
    period: str
    due_on: dt.date
    due_at: dt.datetime


class Due(Strict):
    """The forms that are due on the same day."""

    forms: tuple[str, ...]
    days: PositiveInt
    days_q4: PositiveInt | None = None


class Calendar(Strict):
    """The file: a day for all, and days for those that it names."""

    first: str
    last: str
    days: PositiveInt
    due: tuple[Due, ...] = Field(default=())

    @model_validator(mode="after")
    def is_consistent(self) -> Calendar:
        """The span is one, and no form has two days."""
        if parse_period(self.first) > parse_period(self.last):
            raise ValueError(
                f"first is {self.first} and last is {self.last}: the span ends before it begins"
            )
        named = [form for due in self.due for form in due.forms]
        if twice := sorted({form for form in named if named.count(form) > 1}):
            raise ValueError(f"{', '.join(twice)} stands under two [[due]]: a form has one day")
        return self

    def days_of(self, form: str, quarter: int) -> int:
        """Days after the end of a quarter by which a form is due."""
        for due in self.due:
            if form in due.forms:
                return due.days_q4 if due.days_q4 and quarter == 4 else due.days
        return self.days


def load_calendar(path: Path = CALENDAR) -> Calendar:
    """The calendar as declared. Raises CatalogueError naming the file and what is wrong in it."""
    try:
        return Calendar.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path}: not valid TOML: {error}") from error
    except ValidationError as error:
        mistakes = (
            f"{path}: {'.'.join(map(str, e['loc'])) or 'the calendar'}: {e['msg']}"
            for e in error.errors()
        )
        raise CatalogueError("\n".join(mistakes)) from error


def list_due(forms: Mapping[str, Form], path: Path = CALENDAR) -> list[DueLine]:
    """When each form is due, for every quarter of the calendar in which it is collected.

    Raises CatalogueError where the calendar names a form that does not exist.
    """
    declared = load_calendar(path)
    if unknown := sorted({form for due in declared.due for form in due.forms} - set(forms)):
        raise CatalogueError(
            f"{path}: there is no form {', '.join(unknown)}; known: {', '.join(sorted(forms))}"
        )
    return [
        _due_line(form, period, declared.days_of(form, period.quarter))
        for period in span(parse_period(declared.first), parse_period(declared.last))
        for form in sorted(forms)
        if period.quarter in forms[form].due
    ]


def last_ended(today: dt.date) -> Period:
    """The newest quarter that is over on a day: the one that departments are reporting."""
    return Period(today.year, (today.month + 2) // 3).previous()


def _due_line(form: str, period: Period, days: int) -> DueLine:
    due_on = _last_day(period) + dt.timedelta(days)
    ends = dt.datetime.combine(due_on + dt.timedelta(1), dt.time(), BEIJING)
    return DueLine(form, str(period), due_on, as_utc(ends))


def _last_day(period: Period) -> dt.date:
    month = period.quarter * 3
    return dt.date(period.year, month, calendar.monthrange(period.year, month)[1])


def span(first: Period, last: Period) -> Iterator[Period]:
    """Every quarter from the first to the last; none where the last is before the first."""
    period = first
    while period <= last:
        yield period
        period = Period(period.year + period.quarter // 4, period.quarter % 4 + 1)
