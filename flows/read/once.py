"""What may stand but once in a workbook: a part, a sheet's name, a cell. Programs differ in which
they take of two, so that the sender may see one figure and the office another.
"""

from __future__ import annotations

import collections
from collections.abc import Iterable

from flows.model.errors import UnreadableError
from flows.model.submission import letter_of
from flows.model.text import cut_quote
from flows.read.cell_facts import place_of


def check_names(kind: tuple[str, str], names: Iterable[str]) -> None:
    """Refuse names of which one comes twice; `kind` says of what, in zh and en. Raises
    UnreadableError.
    """
    for name, times in collections.Counter(names).items():
        if times > 1:
            raise _refuse(f"{kind[0]}“{cut_quote(name)}”", f"the {kind[1]} “{cut_quote(name)}”")


def check_once(sheet: str, position: int, filled: set[int]) -> None:
    """Note a cell that is filled. Raises UnreadableError where it was filled before."""
    if position in filled:
        row, column = place_of(position)
        letter = letter_of(column)
        cell, name = f"{letter}{row + 1}", cut_quote(sheet)
        problem = _refuse(f"工作表“{name}”的 {cell} 格", f"the cell {cell} of the sheet “{name}”")
        problem.place = (sheet, row + 1, letter)
        raise problem
    filled.add(position)


def _refuse(what_zh: str, what_en: str) -> UnreadableError:
    return UnreadableError(
        "FILE-FORMAT",
        f"{what_zh}在文件里写了两次，各程序所取不同",
        f"{what_en} stands in it twice, and programs differ in which they take",
    )
