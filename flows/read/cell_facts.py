"""What the library that reads the cells of a workbook does not tell of them.

A `SheetFacts` is gathered from the file's own parts before the library opens it: the number
formats, what is struck through, hidden, merged or raised, and how far the sheet reaches. Rows and
columns count from 0; a position is `row * WIDTH + column`.
"""

from __future__ import annotations

import itertools
import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from flows.model.marks import is_raised_mark
from flows.read.colours import are_alike
from flows.read.number_format import parse_format

WIDTH = 1 << 14  # columns of the widest sheet, so that one number holds row and column

UNSEEN = "字体与底色相同，或太小|letters in the colour of their ground, or too small"
STRUCK = "删除线|struck through"
BAR_ALONE = "只有数据条或图标，没有数|a bar or an icon without the number"
# how our comments begin, whatever the grade was called when an earlier reply was written
COMMENT_MARK = re.compile(r"【[✕▲?✓◇□] [^】]*】")
_LEAST_POINTS = 2.0  # of a letter that can be seen
_LEAST_EXTENT = 5.0  # of a row or column in which letters can: no less, in points

Range = tuple[int, int, int, int]  # first row, first column, last row, last column


class Fact(NamedTuple):
    """One thing to say about one cell: the code of a rule, the place, and what fills its words."""

    code: str
    row: int
    column: int
    detail: str = ""


class TextRun(NamedTuple):
    """A stretch of a cell's text that is written in one way."""

    text: str
    is_raised: bool = False  # superscript or subscript
    is_struck: bool = False
    is_unseen: bool = False  # too small to be seen, or in the colour of the cell's ground
    colour: str | None = None  # where it has one of its own

    @property
    def is_odd(self) -> bool:
        """Whether there is something to say of it."""
        return self.is_raised or self.is_struck or self.is_unseen


class ReadText(NamedTuple):
    """A text written in several ways: what is read, and what is only said."""

    kept: str
    marks: str = ""
    struck: str = ""
    unseen: str = ""


@dataclass(frozen=True)
class Style:
    """What a cell's style says of a figure in it."""

    code: str = "General"
    is_struck: bool = False
    is_unseen: bool = False  # in the colour of its ground, or too small to be seen
    is_raised: bool = False  # superscript or subscript as a whole

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to say of a cell in it."""
        is_odd = self.is_struck or self.is_unseen or self.is_raised
        return not is_odd and _shows_all(self.code)


def _shows_all(code: str) -> bool:
    parsed = parse_format(code)
    return parsed.is_plain and parsed.words_of_text is None


@dataclass
class SheetFacts:
    """All that was gathered of one sheet."""

    name: str
    styled: dict[Style, array[int]] = field(default_factory=dict)  # positions of filled cells
    runs: dict[int, tuple[TextRun, ...]] = field(
        default_factory=dict
    )  # texts written in several ways
    faults: dict[int, str] = field(default_factory=dict)  # errors, formulas without their value
    conditional: list[tuple[Range, str]] = field(default_factory=list)  # where, and the format code
    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_unread: bool = False  # the formats could not be read; figures are as they are stored
    rows: int = 0  # up to the last filled cell
    columns: int = 0
    filled: int = 0
    comments: list[Fact] = field(default_factory=list)
    prompts: list[tuple[Range, str]] = field(default_factory=list)  # where, and what is shown there
    prompt_numbers: dict[tuple[str, int, int], int] = field(
        default_factory=dict
    )  # the last of each
    # printed above and below pages, and in boxes over the sheet
    page_headers: tuple[str, ...] = ()
    cell_facts: list[Fact] = field(default_factory=list)  # what the cells give rise to

    def add(self, position: int, style: Style) -> None:
        """Keep a filled cell that has a style of which there is something to say."""
        self.styled.setdefault(style, array("q")).append(position)

    def reach(self, row: int, column: int) -> None:
        """Count a filled cell."""
        self.filled += 1
        if row >= self.rows:
            self.rows = row + 1
        if column >= self.columns:
            self.columns = column + 1

    def add_prompt(self, area: Range, text: str) -> None:
        """Keep what is shown beside cells while they are filled in; an area right below one of the
        same columns belongs to it.
        """
        key = (text, area[1], area[3])
        number = self.prompt_numbers.setdefault(key, len(self.prompts))
        if number < len(self.prompts) and self.prompts[number][0][2] + 1 == area[0]:
            top, left, _, right = self.prompts[number][0]
            self.prompts[number] = ((top, left, area[2], right), text)
            return
        self.prompt_numbers[key] = len(self.prompts)
        self.prompts.append((area, text))

    def list_beside(self) -> Iterator[str]:
        """The texts that stand beside the cells: page headers, boxes, comments and prompts."""
        yield from self.page_headers
        yield from (comment.detail for comment in self.comments)
        yield from (prompt for _, prompt in self.prompts)

    def clip(self) -> None:
        """Leave away what lies beyond the filled cells, so that nobody walks through it."""
        last_row, last_column = self.rows - 1, self.columns - 1
        self.merged = [
            (top, left, min(bottom, last_row), min(right, last_column))
            for top, left, bottom, right in self.merged
            if top <= last_row and left <= last_column
        ]


def is_too_small(size: str | None, points_each: float = 1, *, is_extent: bool = False) -> bool:
    """Whether a size of letters, or the height or width of a cell, in units of so many points,
    hides what it is of.
    """
    least = _LEAST_EXTENT if is_extent else _LEAST_POINTS
    try:
        return size is not None and float(size) * points_each < least
    except ValueError:
        return False


def without_author(comment: str) -> str:
    """The sender's own text of a comment: programs put the name of who wrote it in front, and a
    return workbook our findings behind it.
    """
    ours = COMMENT_MARK.search(comment)
    own = comment[: ours.start()] if ours else comment
    return re.sub(r"^[^:：\n]{1,20}[:：]\s*(?:\n|$)", "", own.strip()).strip()


def place_of(position: int) -> tuple[int, int]:
    """Row and column of a position."""
    return divmod(position, WIDTH)


def keep_odd(runs: Iterable[TextRun], ground: str | None) -> tuple[TextRun, ...] | None:
    """The stretches of a text on a ground, where there is something to say of one of them."""
    told = tuple(
        run._replace(is_unseen=True) if run.colour and are_alike(run.colour, ground) else run
        for run in runs
    )
    return told if any(run.is_odd for run in told) else None


def text_of(runs: Iterable[TextRun]) -> ReadText:
    """A text without the marks that are raised and the words that are struck or cannot be seen, and
    each of these.

    `m²` and `CO₂` keep their raised digit, which is part of a unit or a name; words that are raised
    or lowered are part of the text, and so is what is raised or struck as a whole.
    """
    kept, marks, struck, unseen = "", "", "", ""
    runs = [run for run in runs if run.text]
    written = [run for run in runs if run.text.strip()]
    all_struck = all(run.is_struck for run in written)
    all_raised = all(run.is_raised for run in written)
    all_unseen = all(run.is_unseen for run in written)
    for (is_raised, is_struck, is_unseen), group in itertools.groupby(
        runs, key=lambda run: (run.is_raised, run.is_struck, run.is_unseen)
    ):
        text = "".join(run.text for run in group)
        if is_unseen and not all_unseen:
            unseen += text
        elif is_struck and not all_struck:
            struck += text
        elif (
            is_raised
            and not all_raised
            and not _is_letter(kept[-1:])
            and (is_raised_mark(text) or not text.strip())
        ):
            marks += text
        else:
            kept += text
    return ReadText(kept, marks, struck, unseen)


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()
