"""Where findings are and what stood there, in the words of one language or of both."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence

from flows.model.finding import Finding

_FEW = 3  # different texts that are listed
_CELLS, _ROWS = 4, 5  # spans of cells, and rows
_FURTHER = re.compile(r"(?:'((?:[^']|'')*)'!)?([A-Z]+\d+)")
_DIGITS, _LETTERS = string.digits, string.ascii_uppercase
_COMMAS = {"zh": "、", "en": ", ", "both": "、"}
_MORE = {"zh": " 等 {n} 项", "en": " ({n} in all)", "both": " 等 {n} 项 ({n} in all)"}
_IN_ROWS = {"zh": "第 {rows} 行", "en": "row {rows}", "both": "第 {rows} 行 row"}


def list_few(texts: Iterable[str | None], lang: str = "both") -> str:
    """The first three different texts, and how many there are. `lang`: zh, en or both."""
    different = list(dict.fromkeys(t for t in texts if t and t.strip("… ·")))
    more = _MORE[lang].format(n=len(different)) if len(different) > _FEW else ""
    return _COMMAS[lang].join(different[:_FEW]) + more


def list_places(findings: Sequence[Finding], lang: str = "both") -> str:
    """The cells of findings; the rows, where no cell is at fault; empty, where no row is either."""
    cells = [place for f in findings for place in cells_of(f)]
    rows = sorted({f.row for f in findings if f.row})
    if cells:
        here = [cell for sheet, cell in cells if sheet == findings[0].sheet]
        elsewhere = {f"{sheet}!{cell}": None for sheet, cell in cells if sheet != findings[0].sheet}
        spans = [list_cells(here, _CELLS, _COMMAS[lang])] if here else []
        return _COMMAS[lang].join([*spans, *elsewhere])
    if not rows:
        return ""
    listed = _COMMAS[lang].join(map(str, rows[:_ROWS])) + ("…" if len(rows) > _ROWS else "")
    return _IN_ROWS[lang].format(rows=listed)


def cells_of(finding: Finding) -> list[tuple[str | None, str]]:
    """Every cell that a finding is about, with its sheet; the one that it points at first."""
    first = [(finding.sheet, finding.cell)] if finding.cell else []
    if not finding.further_cells:
        return first
    further = _FURTHER.findall(finding.further_cells)
    return first + [(name.replace("''", "'") or finding.sheet, cell) for name, cell in further]


def list_cells(addresses: Iterable[str], at_most: int, comma: str = "、") -> str:
    """Addresses as a person lists them: D12–D14、D16; beyond `at_most` spans with an ellipsis."""
    spans: list[list[str]] = []
    for letter, row in sorted(
        {(a.rstrip(_DIGITS), int(a.lstrip(_LETTERS))) for a in addresses},
        key=lambda a: (len(a[0]), *a),
    ):
        if spans and spans[-1][1] == f"{letter}{row - 1}":
            spans[-1][1] = f"{letter}{row}"
        elif len(spans) > at_most:  # the others are not told
            break
        else:
            spans.append([f"{letter}{row}", f"{letter}{row}"])
    ranges = [first if first == last else f"{first}–{last}" for first, last in spans]
    return comma.join(ranges[:at_most]) + ("…" if len(ranges) > at_most else "")
