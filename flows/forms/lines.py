"""Lines that are parts: several lines of a form load as one indicator, each of another industry.

`check_parts` refuses a form whose lines are inconsistent about which is a part of which.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from flows.model.industry import load_industries

# an indicator has these once, whatever industry a figure of it is of
_SHARED = ("unit", "basis", "flow_type", "price_basis")


class Line(Protocol):
    """The fields of a line that say which part of which total it is."""

    @property
    def code(self) -> str:
        """The code by which other lines name it."""

    @property
    def industry(self) -> str | None:
        """The industry of its figures; None for a total."""

    @property
    def of(self) -> str | None:
        """The code of the total that it is a part of."""

    @property
    def within(self) -> str | None:
        """The code of the part that it is inside of."""


def check_parts(lines: Sequence[Line]) -> None:
    """Raise ValueError where a part lacks its total or industry, or differs from the total.

    Unit, basis, flow type and price basis belong to the indicator: a part has those of its total.
    """
    by_code = {line.code: line for line in lines}
    seen: dict[tuple[str, str], str] = {}
    for line in lines:
        if (line.industry is None) != (line.of is None):
            raise ValueError(
                f"{line.code}: `industry` and `of` go together:"
                " of which industry it is, and of which line a part"
            )
        if line.within and not line.of:
            raise ValueError(f"{line.code}: `within` is for a line that is `of` another")
        if line.industry is not None and line.of is not None:
            _check_part(line, by_code.get(line.of), by_code)
            other = seen.setdefault((line.of, line.industry), line.code)
            if other != line.code:
                raise ValueError(
                    f"{line.code}: {other} is industry {line.industry} of “{line.of}” already"
                )


def _check_part(line: Line, whole: Line | None, by_code: dict[str, Line]) -> None:
    if line.industry not in load_industries():
        raise ValueError(
            f"{line.code}: “{line.industry}” is not an industry of sql/reference/industry.csv"
        )
    if whole is None or whole.of:
        raise ValueError(
            f"{line.code}: “{line.of}” is no line of the form, or a part itself;"
            " name the line of the total"
        )
    if differing := [name for name in _SHARED if getattr(line, name) != getattr(whole, name)]:
        raise ValueError(
            f"{line.code}: {', '.join(differing)} must be as in “{whole.code}”,"
            " the line of the total"
        )
    around = by_code.get(line.within) if line.within else None
    if line.within and (around is None or around.of != line.of or around.within or around is line):
        raise ValueError(
            f"{line.code}: `within` names another part of “{line.of}” that adds up to it,"
            f" not “{line.within}”"
        )
