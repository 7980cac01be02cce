"""What a blank form says of its columns and lines: headings, notes and choices, zh and en."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.forms.form import Column, Form, Indicator
from flows.model.industry import load_industries
from flows.model.text import say_range
from flows.model.unit import load_units, units_for

Tables = Mapping[str, tuple[tuple[str, str], ...]]  # codes and titles, by the column they are for

_SHOWN = 12  # choices that a note lists
_BASES = {
    "ytd": "本年累计 year to date",
    "quarter": "本季 of the quarter",
    "stock": "期末时点 at the end of the quarter",
    "annual": "全年 of the year",
    "plan": "计划 planned",
}
_TYPES = {
    "text": "文字 text",
    "decimal": "数字 number",
    "integer": "整数 whole number",
    "boolean": "是/否 yes or no",
    "date": "日期 date, 2022-09-30",
    "uscc": "18 位统一社会信用代码 unified social credit code",
}


@dataclass(frozen=True)
class Choices:
    """What can be chosen in a column: the texts to write, and what each means."""

    heading: str
    texts: tuple[tuple[str, str], ...]


def choices_of(column: Column, lang: str, tables: Tables) -> Choices | None:
    """What can be chosen in a column, in a language; None where anything can be written."""
    title = f"{column.title.zh} · {column.title.en}"
    if column.codes:
        return Choices(
            title,
            tuple((t.zh, t.en) if lang == "zh" else (t.en, t.zh) for t in column.codes.values()),
        )
    if column.type == "boolean":
        return Choices(
            title, (("是", "yes"), ("否", "no")) if lang == "zh" else (("yes", "是"), ("no", "否"))
        )
    return Choices(title, tables[column.name]) if column.name in tables else None


def heading_of(form: Form, column: Column) -> str:
    """A column's heading as printed: its unit in brackets, a star where every row needs it."""
    unit = column.unit or ("%" if column.name == "growth_pct" and form.kind == "indicator" else "")
    return f"{'*' if column.required else ''}{column.title.zh}{f'（{unit}）' if unit else ''}"


def describe_column(column: Column, choices: Choices | None) -> Iterator[str]:
    """What a column asks for, line by line."""
    yield f"{column.title.zh} · {column.title.en}"
    yield f"{_TYPES[column.type]}{'；必填 required' if column.required else ''}"
    if column.unit:
        others = units_for(load_units()[column.unit].base_unit)
        yield f"单位 unit：{column.unit}（表头可改为 or {others}）"
    if bounds := say_range(column.min, column.max):
        yield f"范围 range：{bounds}"
    if choices:
        listed = "、".join(text for text, _ in choices.texts[:_SHOWN])
        yield f"可选 one of：{listed}{'…' if len(choices.texts) > _SHOWN else ''}"
    if column.note:
        yield f"{column.note.zh} · {column.note.en}"


def describe_line(indicator: Indicator) -> Iterator[str]:
    """What a line asks for, line by line."""
    yield f"{indicator.title.zh} · {indicator.title.en}"
    yield f"口径 basis：{_BASES[indicator.basis]}"
    if indicator.industry:
        industry = load_industries()[indicator.industry]
        title = f"{industry.title_zh} · {industry.title_en}"
        yield f"行业 industry：{industry.code} {title}"
    if indicator.within:
        yield "其中项，不与其他行业相加 · part of another line, not added to the others"
    yield f"可用单位 units：{units_for(indicator.unit)}"
    if bounds := say_range(indicator.min, indicator.max):
        yield f"范围 range：{bounds} {indicator.unit}"
    if not indicator.level:
        yield "只报增速 · growth alone is asked for"
    if indicator.note:
        yield f"{indicator.note.zh} · {indicator.note.en}"
