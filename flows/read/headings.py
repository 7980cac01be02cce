"""The headings of a table: which rows they stand in, and what each column is.

A heading may be printed over several rows (a group over its columns, or two languages), may name a
quarter (`2022年三季度`) and may say more in brackets, which is understood or becomes a finding.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace

from flows.forms.form import Form
from flows.forms.form_names import names_of
from flows.forms.outside_brackets import find_whole
from flows.forms.vocabulary import Context, Remark
from flows.forms.words import Text
from flows.model.name import tidy_heading
from flows.model.period import Period, find_heading_period
from flows.model.span import Span, find_spans
from flows.model.text import clean
from flows.read.grid import Grid
from flows.read.heading_periods import HeadingPeriods
from flows.read.heading_rows import Part, columns_of, finishes, numbers_columns
from flows.read.heading_wordings import HeadingWordings
from flows.read.heading_words import HeadingWords

QUARTER_ALONE, YEAR_EARLIER, ANOTHER_QUARTER = "quarter alone", "year earlier", "another quarter"
OTHER_QUARTERS = (YEAR_EARLIER, ANOTHER_QUARTER)
OTHER_MEANING = "another meaning"

# headings of figures that a form of year-to-date figures does not ask for
_SPANS = {
    word: span
    for span, words in {
        YEAR_EARLIER: (
            "上年同期 去年同期 上年同期累计 去年同期累计 上年同期数 上年同期值 同期数 同期 上年累计"
            " 上年 去年 上年同期绝对量 上年同期累计值 sameperiodlastyear yearearlier ayearearlier"
        ),
        QUARTER_ALONE: (
            "本季 本季度 当季 当季值 本季数 本季值 当季数 本月 当月 本月数 当月值 thisquarter"
        ),
    }.items()
    for word in words.split()
}
_GROWS = re.compile(r"[%‰率增速幅比较]|指数|=100|拉动|平均|百分点")
_MAX_DEPTH = 4  # rows of headings over one table
_LONGEST = 40  # characters; a longer cell is a title, not a heading


@dataclass(frozen=True)
class Head:
    """What stands over one column. `name` is the field of the form that it names, `aside` why it is
    not read; `remarks` are what it says beside the name, for which it may be set aside: it would be
    `would_be` otherwise. `in_full`: it is of levels, and names its quarter with the year.
    """

    text: str | None = None
    name: str | None = None
    period: Period | None = None
    aside: str | None = None
    remarks: tuple[Remark, ...] = ()
    would_be: str | None = None
    in_full: bool = False
    other_span: Span | None = None  # it names nothing but a span that is not the form's


class Reader:
    """Knows the names of a form's columns, and the quarter that is asked for."""

    def __init__(self, form: Form, asked: Period, is_annual: bool = False) -> None:
        """`is_annual`: whether a year by itself is a whole year."""
        self.form, self.asked = form, asked
        self.spellings = {s: c.name for c in form.columns for s in c.spellings}
        self.has_figures = form.kind == "indicator" and "value" in self.spellings.values()
        self.words = HeadingWords(form, asked, names_of(form), frozenset(self.spellings))
        self.numeric = {c.name for c in form.columns if c.numeric}
        self.periods = HeadingPeriods(asked, is_annual)
        self.wordings = HeadingWordings(form, asked, self.spellings, self.periods)

    def find_rows(self, grid: Grid) -> list[tuple[int, int]]:
        """First and last of the heading rows of each table, from 1.

        They hold most of the headings that the best row holds; a row of data seldom holds two.
        """
        counts = [self._count_headings(row) for row in grid.head]
        best = max(counts, default=0)
        enough = max(2 if len(self.form.columns) > 1 else 1, best * 2 // 3)
        rows = [n for n, count in enumerate(counts, start=1) if count >= enough]
        starts = [n for n in rows if n - 1 not in rows]
        blocks = [
            (start, next(n for n in range(start, len(counts) + 1) if n + 1 not in rows))
            for start in starts
        ]
        return [self._extend(grid, *block) for block in blocks]

    def read(self, grid: Grid, first: int, last: int) -> list[Head]:
        """What each column of the grid is, under the heading rows from `first` to `last`."""
        if last > first and numbers_columns(grid.head[last - 1], grid.head[last - 2]):
            last -= 1
        return [
            self._name([Part(self._word(part.text), part.spans) for part in parts])
            for parts in columns_of(grid, first, last)
        ]

    def _word(self, cell: str) -> str:
        is_known = len(cell) > _LONGEST or tidy_heading(cell) in _SPANS
        return cell if is_known else self.wordings.read(cell)

    def _count_headings(self, row: list[str | None]) -> int:
        """The headings that a row holds: fields, and quarters (two at most, or a wide table would
        hide the others).
        """
        named: set[str] = set()
        periods = 0
        for cell in row:
            if cell and len(cell) <= _LONGEST:
                tidy = tidy_heading(self._word(cell))
                if tidy in self.spellings:
                    named.add(self.spellings[tidy])
                elif self.has_figures and (tidy in _SPANS or self._is_period(cell)):
                    periods += 1
        return len(named) + min(periods, 2)

    def _is_period(self, cell: str) -> bool:
        period, rest, _ = self.periods.find(cell)
        tidy = _without_brackets(rest).lower()
        return period is not None and (not tidy or tidy in self.spellings or tidy in _SPANS)

    def _extend(self, grid: Grid, first: int, last: int) -> tuple[int, int]:
        """Rows above and below belong to the headings where together they name more columns, or say
        the units.
        """
        for _ in range(_MAX_DEPTH - 1):
            if last < len(grid.head) and (
                self._names_more(grid, (first, last), (first, last + 1), last + 1)
                or finishes(grid.head[last], grid.head[last - 1], self._knows)
                or self._says_more(grid, first, last)
            ):
                last += 1
            elif first > 1 and self._names_more(grid, (first, last), (first - 1, last), first - 1):
                first -= 1
            else:
                break
        return first, last

    def _names_more(
        self, grid: Grid, now: tuple[int, int], then: tuple[int, int], added: int
    ) -> bool:
        """Whether a row adds names. It is none of figures, and leaves columns free that have their
        heading already.
        """
        row = grid.head[added - 1]
        if any(
            re.search(r"\d", cell or "") and find_heading_period(cell or "")[0] is None
            for cell in row
        ):
            return False
        if added < now[0] and row[0] and not any(row[1:]):
            return False  # a title, over the names as well
        heads = self.read(grid, *now)
        if not any(head.name and not cell for head, cell in zip(heads, row, strict=True)):
            return False
        return len({h.name for h in self.read(grid, *then) if h.name}) > len(
            {h.name for h in heads if h.name}
        )

    def _says_more(self, grid: Grid, first: int, last: int) -> bool:
        """Whether the row below the headings says what they mean (`预计`, `1-8月`, `环比`), or
        numbers the columns (`甲 乙 1 2`): it names no entry.
        """
        row = grid.head[last]
        if numbers_columns(row, grid.head[last - 1]):
            return True
        heads = self.read(grid, first, last)
        filled = [(cell, head) for cell, head in zip(row, heads, strict=True) if cell]
        return bool(filled) and all(
            head.name in self.numeric and self.words.understands(cell) for cell, head in filled
        )

    def _name(self, parts: list[Part]) -> Head:
        """The field that the cells over a column name together, else the one that a cell names
        alone.
        """
        if not parts:
            return Head()
        kept = [not self.has_figures and self._knows(part.text) for part in parts]
        dated = self.periods.read(parts, kept)
        period, words = dated.period, dated.words
        name, naming = self._match(words, is_dated=period is not None)
        is_grouped = period or any(part.spans for part in parts)
        shown = " ".join(part.text for part in parts) if is_grouped or naming is None else naming
        span = self._span_of(words, name)
        if name is None and period and self.has_figures and not _outside_brackets(words):
            name = "value"  # nothing but a quarter stands over it
        if name is None and period is None and span is None and self.has_figures:
            return self._name_other(shown)
        in_full = dated.in_full and span is None and name == "value"
        if period is None or period == self.asked:
            field = None if span else name
            head = Head(shown, field, period, span, in_full=in_full)
            return head if field is None else self._with_remarks(head, field, parts, naming or "")
        if period == self.asked.year_earlier():
            field = None if self.has_figures else self._match_earlier(words)
            if field:
                return Head(shown, field, period)
        why = YEAR_EARLIER if period == self.asked.year_earlier() else ANOTHER_QUARTER
        if name != "growth_pct":
            return Head(shown, None, period, why, in_full=in_full)
        of_quarter = Remark(shown, "another", Text(zh=period.title_zh, en=str(period)))
        return Head(shown, None, period, why, (of_quarter,), name)

    def _name_other(self, shown: str) -> Head:
        """A column that says by itself that it is none of the form's: of another span (`9月`), or
        of another meaning (`环比增长`). Anything else has no name.
        """
        spans, rest = find_spans(shown)
        wrong = next((s for s in spans if not s.fits(self.asked) and s.last), None)
        if wrong and not rest.strip("\0()"):
            is_within = wrong.year in (None, self.asked.year) and wrong.first > 1
            within = is_within and wrong.last <= self.asked.quarter * 3
            why = QUARTER_ALONE if within else ANOTHER_QUARTER
            return Head(shown, aside=why, other_span=wrong)
        context = Context(self.form, self.asked, "heading", names=names_of(self.form))
        remark = find_whole(tidy_heading(shown), context)
        if remark is None:
            return Head(shown)
        field = "growth_pct" if _GROWS.search(shown) else "value"
        return Head(shown, None, None, OTHER_MEANING, (remark,), field)

    def _with_remarks(self, head: Head, field: str, parts: list[Part], naming: str) -> Head:
        """The head with what it says beside its name; a figure of another meaning is set aside."""
        remarks = self.words.read(field, parts, naming, head.period is not None)
        if field in self.numeric and any(r.kind == "another" for r in remarks):
            return replace(head, name=None, aside=OTHER_MEANING, remarks=remarks, would_be=field)
        return replace(head, remarks=remarks)

    def _knows(self, text: str) -> bool:
        return tidy_heading(text) in self.spellings

    def _match(self, words: list[Part], *, is_dated: bool) -> tuple[str | None, str | None]:
        """(field, the text that names it): all words together, in either order, then each by itself
        from the top. A heading over several columns names none of them, but for quarters.
        """
        texts = [word.text for word in words]
        for size in range(len(texts), 1, -1):
            for some in itertools.combinations(texts, size):
                for joined in ("".join(some), "".join(reversed(some))):
                    if self._knows(joined):
                        return self.spellings[tidy_heading(joined)], " ".join(some)
        for word in words:
            if (not word.spans or (is_dated and len(words) == 1)) and self._knows(word.text):
                return self.spellings[tidy_heading(word.text)], word.text
        return None, None

    def _match_earlier(self, words: list[Part]) -> str | None:
        name = "".join(word.text for word in words)
        tries = (f"{name}上年同期累计", f"{name}上年同期", f"上年同期{name}", f"上年同期累计{name}")
        return next(
            (self.spellings[t] for t in map(tidy_heading, tries) if t in self.spellings), None
        )

    def _span_of(self, words: list[Part], name: str | None) -> str | None:
        """The span that the words name, where it is not that of the form and no field of the form
        has it in its name.
        """
        if not self.has_figures:
            return None
        spans = [
            _SPANS[t]
            for w in words
            if (t := tidy_heading(w.text)) in _SPANS and t not in self.spellings
        ]
        return spans[0] if spans and (name is None or len(words) > 1) else None


def _outside_brackets(words: list[Part]) -> bool:
    return any(_without_brackets(word.text) for word in words)


def _without_brackets(text: str) -> str:
    return re.sub(r"[(\[【][^()\[\]【】]*[)\]】]", "", clean(text))
