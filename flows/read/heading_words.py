"""What a heading says beside the name of its column: its brackets, and the cells above and
below.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flows.forms.form import Form
from flows.forms.vocabulary import Context, Of, Remark, read_remark, read_remarks
from flows.forms.words import Text
from flows.model.name import plain_name, tidy_heading
from flows.model.period import Period
from flows.model.span import find_spans
from flows.model.text import clean
from flows.model.unit import load_units
from flows.read.heading_rows import Part


@dataclass(frozen=True)
class HeadingWords:
    """Reads what stands beside the names of a form's columns, for the quarter asked for."""

    form: Form
    asked: Period
    names: frozenset[str]
    spellings: frozenset[str]

    def read(
        self, field: str, parts: list[Part], naming: str, is_dated: bool
    ) -> tuple[Remark, ...]:
        """The remarks of the cells over one column. `naming` is the text that names the field,
        `is_dated` whether its cells name a quarter.
        """
        context = Context(self.form, self.asked, "heading", self._kind_of(field), names=self.names)
        remarks: list[Remark] = []
        for part in parts:
            remarks += read_remarks(part.text, context)
            if clean(part.text) in load_units():  # in a row of its own below the headings
                remarks += read_remark(part.text, context)
            if plain_name(part.text) in self.names:
                continue
            if is_dated:
                remarks += self._read_spans(part)
            elif len(parts) > 1 and part.text not in naming and self._is_beside(part):
                beside = read_remark(tidy_heading(part.text), context)
                remarks += [r for r in beside if r.kind == "another"]
        is_of_plans = all(i.basis == "plan" for i in self.form.indicators)
        if self.form.indicators and is_of_plans and self.form.column(field).numeric:
            remarks += _part_years(parts)
        if field == "growth_pct":
            remarks = [*remarks, *_differences(parts)]
            remarks = [_growth_in(remark) for remark in remarks]
        return tuple(dict.fromkeys(remarks))

    def understands(self, text: str) -> bool:
        """Whether a cell by itself says something of the figures below it, and is no figure."""
        context = Context(self.form, self.asked, "heading", names=self.names)
        growth = replace(context, of="growth")
        understood = ("another", "kept", "span")
        return not re.fullmatch(r"[\d.,%+-]+", clean(text)) and any(
            remark.kind in understood
            for remark in [*read_remark(text, context), *read_remark(text, growth)]
        )

    def _kind_of(self, field: str) -> Of:
        if field == "growth_pct":
            return "growth"
        return "level" if self.form.column(field).numeric else "other"

    def _is_beside(self, part: Part) -> bool:
        return tidy_heading(part.text) not in self.spellings

    def _read_spans(self, part: Part) -> list[Remark]:
        """The spans of a cell that are not of the quarter asked for; 2022-09 by itself is
        its end.
        """
        return [
            Remark(s.text, "another", Text(zh=s.title[0], en=s.title[1]), s)
            for s in find_spans(part.text)[0]
            if not s.fits(self.asked) and (s.kind != "month" or "月" in s.text)
        ]


def _part_years(parts: list[Part]) -> list[Remark]:
    """The spans over a column of the year's plans that are no years."""
    why = Text(zh="不是全年的计划", en="no plan of a whole year")
    spans = [s for part in parts for s in find_spans(part.text)[0]]
    return [Remark(s.text, "unknown", why) for s in spans if s.kind not in ("year", "whole")]


def _differences(parts: list[Part]) -> list[Remark]:
    """增减 without a unit: a rate or an amount."""
    why = Text(zh="没有写明是百分比还是数额", en="a rate or an amount, which is not said")
    bare = [part.text for part in parts if clean(part.text) == "增减"]
    is_rate = any(mark in part.text for part in parts for mark in "%％‰")
    return [] if is_rate else [Remark(text, "unknown", why) for text in bare]


def _growth_in(remark: Remark) -> Remark:
    """A growth is in per cent or per mille; in another unit it is the difference of two levels."""
    units = [part for part in re.split(r"[,;/]", remark.text) if part in load_units()]
    if remark.kind != "unit" or all(load_units()[unit].base_unit == "%" for unit in units):
        return remark
    return replace(remark, kind="another", means=Text(zh="增减的数额", en="a difference of levels"))
