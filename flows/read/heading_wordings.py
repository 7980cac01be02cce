"""Headings with words or units beside the name and no brackets: `本年累计/亿元`, `名义增长`."""

from __future__ import annotations

from dataclasses import dataclass, field

from flows.forms.beside_name import HARMLESS, set_apart
from flows.forms.form import Form
from flows.forms.form_names import names_of
from flows.forms.outside_brackets import find_whole
from flows.forms.vocabulary import Context, Of
from flows.model.name import tidy_heading
from flows.model.period import Period
from flows.read.heading_periods import HeadingPeriods


@dataclass
class HeadingWordings:
    """Reads headings of a form's figures as if what stands beside a name stood in brackets."""

    form: Form
    asked: Period
    spellings: dict[str, str]  # names of columns, tidied, and their fields
    periods: HeadingPeriods
    readings: dict[str, str] = field(default_factory=dict)  # wordings that were read already

    def read(self, cell: str) -> str:
        """The heading with brackets around the words beside its name; as it stands where it is a
        name by itself, says a quarter or another meaning as a whole, or holds other words.
        """
        if cell not in self.readings:
            self.readings[cell] = self._read(cell)
        return self.readings[cell]

    def _read(self, cell: str) -> str:
        tidy = tidy_heading(cell)
        context = Context(self.form, self.asked, "heading", names=names_of(self.form))
        if tidy in self.spellings or self.periods.find(cell)[0] or find_whole(tidy, context):
            return cell
        for of in ("growth", "level"):
            if apart := self._set_apart(cell, of):
                return apart
        return cell

    def _set_apart(self, cell: str, of: Of) -> str | None:
        names = [
            name
            for name, field_ in self.spellings.items()
            if self.form.column(field_).numeric and (field_ == "growth_pct") == (of == "growth")
        ]
        context = Context(self.form, self.asked, "heading", of)
        return set_apart(cell, names, context, (*HARMLESS, "another"))
