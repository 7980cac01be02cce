"""Moments as people and spreadsheets write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.model.clock import BEIJING, as_utc, read_moment

NINE = dt.datetime(2026, 10, 1, 9, 0, tzinfo=BEIJING)


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-01T09:00:00+08:00", "2026-10-01T01:00:00Z", "2026-10-01 09:00", "2026/10/1 9:00",
        "2026/10/1 9:00:00", "2026-10-1 9:00", "2026.10.1 9:00", "2026年10月1日 9:00",
        "2026年10月1日 上午9:00", "2026/10/1 9:00 AM", "２０２６/10/1 9：00", " 2026/10/1 9:00 ",
    ],
)  # fmt: skip
def test_a_moment_without_an_offset_is_of_beijing(text: str) -> None:
    assert read_moment(text) == NINE
    assert as_utc(text).isoformat() == "2026-10-01T01:00:00"


def test_afternoon_and_a_day_alone() -> None:
    assert read_moment("2026/10/1 下午 3:05") == NINE.replace(hour=15, minute=5)
    assert read_moment("2026/10/1 12:30 AM") == NINE.replace(hour=0, minute=30)
    assert read_moment("2026/10/1") == NINE.replace(hour=0)


@pytest.mark.parametrize(
    "text", ["", "46296.375", "10/1/2026 9:00", "昨天", "2026/13/1", "2026/10/1 25:00"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_moment(text)


@given(st.datetimes(timezones=st.just(BEIJING)))
def test_as_a_spreadsheet_writes_it(when: dt.datetime) -> None:
    said = f"{when.year:04}/{when.month}/{when.day} {when.hour}:{when.minute:02}"
    assert read_moment(said) == when.replace(second=0, microsecond=0)
