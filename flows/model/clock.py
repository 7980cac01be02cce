"""Time is kept in UTC, and shown and read by the clock of Beijing, the only one in China."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

BEIJING = dt.timezone(dt.timedelta(hours=8), "UTC+8")

# `2026/10/1 9:00`, `2026-10-01`, `2026年10月1日 上午9:05:30`: as people and spreadsheets write it
_BY_HAND = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
    r"(?:[ T]*(?P<before>上午|下午|am|pm)?[ ]*(?P<hour>\d{1,2})[:时](?P<minute>\d{1,2})?分?"
    r"(?::?(?P<second>\d{1,2})秒?)?(?:\.\d+)?[ ]*(?P<after>am|pm)?)?",
    re.I,
)


def now_in_utc() -> dt.datetime:
    """The present moment, with its offset."""
    return dt.datetime.now(dt.UTC)


def read_moment(text: str) -> dt.datetime:
    """The moment that a text names, with its offset; one without an offset is of Beijing's clock.

    ISO 8601, and what a spreadsheet program makes of it when it saves (`2026/10/1 9:00`). A day
    alone is its beginning. Raises ValueError for text that is no moment.
    """
    tidy = unicodedata.normalize("NFKC", text).strip()
    try:
        moment = dt.datetime.fromisoformat(tidy)
    except ValueError:
        moment = _read_by_hand(tidy)
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)


def _read_by_hand(text: str) -> dt.datetime:
    match = _BY_HAND.fullmatch(text)
    if match is None:
        raise ValueError(
            f"“{text}”不是日期时间，应写作 2022-10-20T09:00:00+08:00 · "
            f"“{text}” is no moment; write the day and the time, e.g. 2022-10-20T09:00:00+08:00"
        )
    hour = int(match["hour"] or 0)
    half = (match["before"] or match["after"] or "").lower()
    if half in ("下午", "pm") and hour < 12:
        hour += 12
    if half in ("上午", "am") and hour == 12:
        hour = 0
    year, month, day = (int(match[name]) for name in ("year", "month", "day"))
    minute, second = int(match["minute"] or 0), int(match["second"] or 0)
    return dt.datetime(year, month, day, hour, minute, second, tzinfo=BEIJING)


def as_utc(moment: dt.datetime | str) -> dt.datetime:
    """A moment (or its text) as the warehouse keeps it: UTC, without an offset.

    Raises ValueError for text that is no moment.
    """
    at = read_moment(moment) if isinstance(moment, str) else moment
    return at.astimezone(dt.UTC).replace(tzinfo=None)


def in_beijing(moment: dt.datetime | str) -> dt.datetime:
    """A moment (or its text) by the clock of Beijing."""
    at = read_moment(moment) if isinstance(moment, str) else moment
    return at.astimezone(BEIJING)


def say_moment(moment: dt.datetime | str) -> str:
    """A moment (or its text) as a person reads it: by the clock of Beijing, which it says. One
    without an offset is UTC, as the warehouse keeps it.
    """
    at = read_moment(moment) if isinstance(moment, str) else moment
    local = in_beijing(at if at.tzinfo else at.replace(tzinfo=dt.UTC))
    return f"{local:%Y-%m-%d %H:%M}（北京时间 Beijing time）"


def today_in_beijing() -> dt.date:
    """The day by which things are due."""
    return dt.datetime.now(BEIJING).date()
