"""All that a form, its columns and its lines are called: words that a sheet may hold anywhere."""

from __future__ import annotations

from flows.forms.form import Form
from flows.model.name import plain_name


def names_of(form: Form) -> frozenset[str]:
    """Every name of the form, its columns and its lines, as they are spelled and tidied."""
    names = {form.code, plain_name(form.title.zh), plain_name(form.title.en)}
    names |= {plain_name(form.department.zh), plain_name(form.department.en)}
    for column in form.columns:
        names |= column.full_names | column.spellings
    for line in form.indicators:
        names |= line.full_names | line.spellings
    return frozenset(names)
