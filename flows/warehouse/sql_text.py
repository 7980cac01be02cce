"""Text put into SQL."""

from __future__ import annotations

from collections.abc import Iterable


def quote(text: str) -> str:
    """A string literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def quote_all(values: Iterable[str]) -> str:
    """The string literals of a list `in (…)`, each once and in order; `null` for none."""
    return ", ".join(quote(value) for value in sorted(set(values))) or "null"
