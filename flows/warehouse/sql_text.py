"""Text put into SQL."""

from __future__ import annotations

from collections.abc import Iterable


def quote(text: str) -> str:
    """A string literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def one_of(values: Iterable[str]) -> str:
    """What follows a column in a condition: `= 'a'` of one value, `in ('a', 'b')` of several,
    `= null`, which nothing is, of none.

    DuckDB carries an equality through windows and joins into every table below a view; a list, even
    of one value, it does not, and reads the whole view.
    """
    wanted = set(values)
    return f"in ({quote_all(wanted)})" if len(wanted) > 1 else f"= {quote_all(wanted)}"


def quote_all(values: Iterable[str]) -> str:
    """The string literals of a list `in (…)`, each once and in order; `null` for none."""
    return ", ".join(quote(value) for value in sorted(set(values))) or "null"
