"""Where a table stands on a sheet, which column is which field, and what was found around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from flows.forms.vocabulary import Remark
from flows.model.finding import Finding, Severity
from flows.model.period import Period
from flows.model.submission import Heading

NOTE = re.compile(
    r"^[\s(（【*]*(注|备注|说明|修订原因|修订说明|附注|数据来源|资料来源|填表人|制表|单位负责人|统计负责人|审核|报出日期|填报|联系|note|source)",
    re.I,
)
FOOT_ROWS = 12  # as far up as the signatures below a table reach


Column = tuple[str, str | None]  # a field and the unit that the form prints it in
MakeFinding = Callable[..., Finding]  # `make_finding` with the submission filled in


@dataclass(frozen=True)
class Share:
    """What one reading takes of a file of several quarters; by itself, all of a file of one.

    `loaded`: the quarters that are submissions by themselves. `is_own`: whether it is the quarter
    of the folder, which takes tables that name no quarter too. `is_down`: whether the quarters
    stand down the rows.
    """

    loaded: frozenset[Period] = frozenset()
    is_own: bool = True
    is_down: bool = False

    def takes(self, layout: Layout, asked: Period) -> bool:
        """Whether a table is of the quarter asked for."""
        if not self.loaded:
            return True
        dated = self.loaded & layout.quarters.keys()
        return asked in dated if dated else self.is_own


WHOLE_FILE = Share()


@dataclass(frozen=True)
class UnitLine:
    """`单位：亿元` above the table, and where it stands."""

    text: str
    unit: str  # as written, known or not
    row: int
    letter: str


@dataclass
class Layout:
    """One table on a sheet. Rows count from 1, as the sender's program numbers them."""

    first_header_row: int
    header_row: int  # the last of its heading rows
    last_row: int
    # `long`, `wide` (quarters across), `down` (quarters down the rows), or `nbs_export` (the
    # national statistics site's)
    kind: str = "long"
    headings: dict[str, Heading] = field(default_factory=dict)
    indexes: dict[str, int] = field(default_factory=dict)
    unit_line: UnitLine | None = None
    titles: list[tuple[int, str, str]] = field(
        default_factory=list
    )  # row, letter and text of the cells above
    remarks: list[tuple[str, str, Remark]] = field(
        default_factory=list
    )  # cell, its text, and what it says beside its name
    period_column: str | None = None  # of a wide table, the column that was read
    years: set[int | None] = field(default_factory=set)  # that its heading names
    notes: list[str] = field(default_factory=list)
    # row, column and text of the notes among and below its rows
    note_cells: list[tuple[int, int, str]] = field(default_factory=list)
    totals: list[tuple[int, str, dict[str, str]]] = field(
        default_factory=list
    )  # row, its word, its figures by field
    other_lines: list[tuple[int, str]] = field(
        default_factory=list
    )  # row and name of figures of another span
    faults: list[tuple[str, str, list[int]]] = field(
        default_factory=list
    )  # field, what stands there, rows: formulas that failed
    cut_figures: list[tuple[int, str, bool]] = field(
        default_factory=list
    )  # row and figure that a comma had cut in two, and whether it was joined
    has_label_units: bool = False
    # the columns of levels whose headings name a quarter in full, by quarter
    quarters: dict[Period, int] = field(default_factory=dict)
    is_elsewhere: bool = False  # of other quarters than the one that is read
    # beside the figures of a line, the column of its quarters alone and its heading
    alone: tuple[int, str] | None = None
    before: int | None = (
        None  # the row of the quarter before it in the year, where rows are quarters
    )
    line: str | None = None  # the line of all its figures, where lines stand side by side
    strange_lines: list[tuple[int, str]] = field(
        default_factory=list
    )  # row and name of figures of lines that are not the form's, in an export of a site


def is_note_like(cells: list[str | None]) -> bool:
    """Whether every filled cell of a row opens like a note (`填表人：`)."""
    return all(NOTE.match(cell) for cell in cells if cell)


def say_meaning(
    make: MakeFinding, text: str, remark: Remark, severity: Severity, **place: object
) -> Finding:
    """The finding that a title or heading gives its figures another meaning than the form's."""
    means = remark.means
    return make(
        "HEADING-MEANING",
        severity=severity,
        value=text,
        words=remark.text,
        means_zh=means.zh,
        means_en=means.en,
        **place,
    )
