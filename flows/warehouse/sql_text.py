"""Text put into SQL."""

from __future__ import annotations


def quote(text: str) -> str:
    """A string literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
