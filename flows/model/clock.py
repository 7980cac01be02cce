"""Time: kept in UTC, shown and read by the clock of Beijing, the only one in China."""

from __future__ import annotations

import datetime as dt

BEIJING = dt.timezone(dt.timedelta(hours=8), "UTC+8")


def now_in_utc() -> dt.datetime:
    """The present moment, with its offset."""
    return dt.datetime.now(dt.UTC)


def as_utc(moment: dt.datetime | str) -> dt.datetime:
    """A moment (or its ISO 8601 text, with an offset) as the warehouse keeps it: UTC, without an
    offset.

    Raises ValueError for text that is no moment.
    """
    at = dt.datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at.astimezone(dt.UTC).replace(tzinfo=None)


def in_beijing(moment: dt.datetime | str) -> dt.datetime:
    """A moment (or its ISO 8601 text, with an offset) by the clock of Beijing."""
    at = dt.datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at.astimezone(BEIJING)


def today_in_beijing() -> dt.date:
    """The day by which things are due."""
    return dt.datetime.now(BEIJING).date()
