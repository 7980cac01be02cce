"""Marks, by which sheets that we wrote are known when they come back under any name.

In: a `Grid`. Out: what kind of sheet of ours it is, and where its mark stands. A mark is the text
of a hidden cell: it outlives renaming, sorting, and saving by another program.
"""

from __future__ import annotations

from flows.read.grid import Grid

FINDINGS = "jibao:findings:1"  # the list of a return workbook; below the mark its findings' keys
EXTRACT = "jibao:extract:1"  # rows of a long submission: not all of it
ASIDE = "jibao:aside:1"  # notes and code lists of a template
_MARKS = frozenset((FINDINGS, EXTRACT, ASIDE))
_LOOKED_AT = 200  # rows in which a mark is looked for; an extract has it on its heading row


def find_mark(grid: Grid) -> tuple[str, int, int] | None:
    """The mark on a sheet of ours with its row and column, counted from 0; None on a sheet of the
    sender's.
    """
    for row, cells in enumerate(grid.head[:_LOOKED_AT]):
        for column, cell in enumerate(cells):
            if cell in _MARKS:
                return str(cell), row, column
    return None
