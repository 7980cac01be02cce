"""The release calendar: when each form is due, and what is said of a mistake in the file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from flows.forms.catalogue import load_catalogue
from flows.forms.release_calendar import last_ended, list_due, load_calendar
from flows.model.errors import CatalogueError

TWO = {code: load_catalogue()[code] for code in ("gdp", "income")}
SPAN = 'first = "2022Q1"\nlast = "2022Q4"\n'


def test_every_form_has_a_day_in_its_quarters_before_the_run_on_the_20th() -> None:
    lines = list_due(load_catalogue())
    assert {line.form for line in lines} == set(load_catalogue())
    assert len(lines) == sum(len(form.due) for form in load_catalogue().values()) * 26
    assert {line.period[-2:] for line in lines if line.form == "plan_targets"} == {"Q1"}, (
        "the plan of the year is asked for once"
    )
    assert len({(line.form, line.period) for line in lines}) == len(lines)
    assert {line.due_on.month % 3 for line in lines} == {1}, "the month after a quarter ends"
    assert max(line.due_on.day for line in lines) < 20
    for line in lines:
        assert line.due_at == dt.datetime.combine(line.due_on, dt.time(16)), "midnight in Beijing"


def write(folder: Path, text: str) -> Path:
    path = folder / "_calendar.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_days_count_from_the_last_day_of_the_quarter(tmp_path: Path) -> None:
    path = write(tmp_path, SPAN + 'days = 1\n[[due]]\nforms = ["gdp"]\ndays = 31\ndays_q4 = 2\n')
    days = [(line.form, str(line.due_on)) for line in list_due(TWO, path)]
    assert days == [
        ("gdp", "2022-05-01"),
        ("income", "2022-04-01"),
        ("gdp", "2022-07-31"),
        ("income", "2022-07-01"),
        ("gdp", "2022-10-31"),
        ("income", "2022-10-01"),
        ("gdp", "2023-01-02"),
        ("income", "2023-01-01"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SPAN, r"_calendar\.toml: days: Field required"),
        (SPAN + "days = 0", r"days: Input should be greater than 0"),
        (SPAN + "days = 5\nday = 6", r"day: Extra inputs are not permitted"),
        (SPAN + "days = 5\ndays = 6", r"not valid TOML"),
        ('first = "2022q1"\nlast = "2022Q4"\ndays = 5', r"“2022q1” is not a period; write the year, Q and the quarter"),
        ('first = "2023Q1"\nlast = "2022Q4"\ndays = 5', r"the span ends before it begins"),
        (SPAN + 'days = 5\n[[due]]\nforms = ["gdp"]\ndays = 3\n[[due]]\nforms = ["gdp"]\ndays = 4', r"gdp stands under two"),
        (SPAN + 'days = 5\n[[due]]\nforms = ["gpd"]\ndays = 3', r"there is no form gpd; known: gdp, income"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_in_words(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(CatalogueError, match=words):
        list_due(TWO, write(tmp_path, text))


@pytest.mark.parametrize(
    ("day", "period"),
    [
        ("2026-01-01", "2025Q4"),
        ("2026-03-31", "2025Q4"),
        ("2026-04-01", "2026Q1"),
        ("2026-12-31", "2026Q3"),
    ],
)
def test_the_quarter_being_reported_is_the_last_one_that_is_over(day: str, period: str) -> None:
    assert str(last_ended(dt.date.fromisoformat(day))) == period


def test_the_calendar_covers_today() -> None:
    calendar = load_calendar()
    assert calendar.first < str(last_ended(dt.datetime.now(dt.UTC).date())) < calendar.last
