"""Rows as tables of Markdown, as reports and artifacts set them out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def tabulate(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    """A Markdown table; a bar in a cell would end the cell."""
    lines = [
        " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) for row in rows
    ]
    return "\n".join(
        [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *(f"| {line} |" for line in lines)]
    )


def tabulate_rows(rows: list[dict[str, Any]]) -> str:
    """Rows as a Markdown table under their own column names."""
    return tabulate(tuple(rows[0]), (tuple(row.values()) for row in rows)) if rows else ""
