"""The vocabulary of words in brackets: each is kept, means something else, or is not known.

The words are data, in `_vocabulary.toml`. Spans of time come from `flows.model.span`, units from
`sql/reference/unit.csv`, the names of lines and columns from the form.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass, field
from typing import Literal

from flows.forms.form import FORMS_DIR, Form, Indicator
from flows.forms.words import Strict, Text
from flows.model.name import find_remarks, plain_name, tidy_heading
from flows.model.period import Period
from flows.model.span import Span, find_spans, find_suspect
from flows.model.text import clean
from flows.model.unit import find_unit, read_spelling

Where = Literal["title", "heading", "line"]
Of = Literal["level", "growth", "other"]
RemarkKind = Literal["kept", "another", "unknown", "unit", "span", "name"]


class VocabularyEntry(Strict):
    """Words that do the same."""

    class_: Literal["kept", "another"]
    means: Text
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    where: tuple[Where, ...] = ("title", "heading", "line")
    of: tuple[Of, ...] = ("level", "growth", "other")
    price: Literal["current", "constant"] | None = None
    lines: tuple[str, ...] = ()
    anywhere: bool = False
    weak: tuple[str, ...] = ()  # words that outside brackets say nothing by themselves
    asked: tuple[str, ...] = ()  # words that are asked about outside brackets
    asked_patterns: tuple[str, ...] = ()
    within: tuple[
        str, ...
    ] = ()  # words that count wherever a note or comment at one figure has them
    is_earlier: bool = False
    of_plans: bool = False  # only on a form of plans
    registers: bool = False  # also said of a register as a whole, in a title or a note around it
    plan: bool = False
    noted: bool = False


@dataclass(frozen=True)
class Remark:
    """One thing said beside a name, and how it was understood."""

    text: str
    kind: RemarkKind
    means: Text
    span: Span | None = None
    is_noted: bool = False  # a harmless word that stays with the figure
    is_asked: bool = False  # found outside brackets, where it asks and does not refuse

    @property
    def is_doubtful(self) -> bool:
        """Whether a figure under it is not what the form asks for, or may not be."""
        return self.kind in ("another", "unknown")


@dataclass(frozen=True)
class Context:
    """Where a remark stands, and of what figures."""

    form: Form
    asked: Period
    where: Where
    of: Of = "level"
    line: Indicator | None = None
    names: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_plan(self) -> bool:
        """Whether the form is one of plans."""
        return any(i.basis == "plan" for i in self.form.indicators)


@functools.cache
def load_vocabulary() -> tuple[VocabularyEntry, ...]:
    """Every entry of `_vocabulary.toml`. Raises ValueError where a word is in two classes."""
    declared = tomllib.loads((FORMS_DIR / "_vocabulary.toml").read_text(encoding="utf-8"))
    return tuple(
        VocabularyEntry.model_validate(
            {("class_" if k == "class" else k): v for k, v in entry.items()}
        )
        for entry in declared["entry"]
    )


@functools.cache
def _by_word() -> dict[str, list[VocabularyEntry]]:
    entries: dict[str, list[VocabularyEntry]] = {}
    for entry in load_vocabulary():
        for word in entry.words:
            entries.setdefault(clean(word).lower(), []).append(entry)
    return entries


@functools.cache
def _by_pattern() -> tuple[tuple[re.Pattern[str], VocabularyEntry], ...]:
    return tuple(
        (re.compile(pattern, re.I), entry)
        for entry in load_vocabulary()
        for pattern in entry.patterns
    )


_UNKNOWN = Text(zh="不在词汇表内", en="not in the vocabulary")
_NAMED = Text(zh="名称", en="a name")
_UNIT = Text(zh="计量单位", en="a unit")
UNREAD_SPAN = Text(zh="是看不懂的时间", en="a span of time that is not understood")
QUARTER_GROWTH = Text(zh="可能只是这一个季度的增速", en="perhaps the growth of the quarter alone")
QUARTER_FIGURE = Text(zh="可能只是这一个季度的数", en="perhaps a figure of the quarter alone")
_BASE = Text(zh="以某一年为基期", en="with a year as its base")
_SPLIT = re.compile(r"[,;，；/]")


def read_remark(text: str, context: Context) -> list[Remark]:
    """What one pair of brackets says: as a whole where that is understood, else part by part."""
    whole = _read_part(text, context)
    if whole.kind != "unknown":
        return [whole]
    parts = [part for part in _SPLIT.split(clean(text)) if part]
    is_list = len(parts) > 1 and not all(re.fullmatch("[a-z]", part, re.I) for part in parts)
    return [_read_part(part, context) for part in parts] if is_list else [whole]


def read_remarks(text: str, context: Context) -> list[Remark]:
    """All that stands in brackets in a text, understood or not."""
    if plain_name(text) in context.names:
        return []  # `Gross regional product (GDP)` is a name of the form as it stands
    return [r for remark in find_remarks(text) for r in read_remark(remark, context)]


_POINTS_AT = re.compile(
    r"^(?:注:|备注:)?(?:请|须|需|应)?(?:在?[此本][处格])?(?:填写?|填报|填列|输入|录入)?(?:此|该|本|这|上述)?(?:处|格|行|栏|数|项|数据|数值)*(?:为|是|系)?"
)
# behind words that say of what a figure is: no more than that it is one
JUST_A_FIGURE = ("", "数", "数据", "值", "累计", "累计数", "累计值", "完成数", "的数", "的数据")


def read_note(text: str, context: Context) -> Remark | None:
    """The other meaning that a note or comment gives to the figures beside it, where it says
    nothing else: `上年同期数`, `这是1-8月数`. A sentence that holds such words is none.
    """
    tidy = clean(text).lower().strip("()[]。.,!*")
    for wording in dict.fromkeys((tidy, _POINTS_AT.sub("", tidy, count=1))):
        entries = next((e for word in _without_figure(wording) if (e := _by_word().get(word))), [])
        entries = [e for e in entries if context.where in e.where]
        if entries and all(e.price is None and _class_of(e, context) == "another" for e in entries):
            return Remark(text, "another", entries[0].means)
        spans, rest = find_spans(wording)
        left = rest.replace("\0", "").strip("()[]:-,")
        wrong = next((s for s in spans if s.kind != "day" and not s.fits(context.asked)), None)
        if wrong is not None and (left in JUST_A_FIGURE or _is_earlier(left)):
            zh, en = wrong.title
            return Remark(text, "another", Text(zh=zh, en=en), wrong)
    return None


def _is_earlier(word: str) -> bool:
    """`同期`, as in 2021年同期."""
    return any(entry.is_earlier for entry in _by_word().get(word, ()))


def _without_figure(wording: str) -> tuple[str, ...]:
    """Words as they stand, and without what only says that they are of a figure: 全年计划数."""
    ends = (end for end in JUST_A_FIGURE if end and wording.endswith(end))
    return (wording, *(wording.removesuffix(end) for end in ends))


def read_price(text: str, context: Context) -> Remark | None:
    """What a clause that names a basis of prices and no more says: 不变价 is another than that of a
    level, 现价 than that of a growth in real terms.
    """
    entry = _look_up(clean(text).lower(), context)
    if entry is None or entry.price is None:
        return None
    return Remark(text, _class_of(entry, context), entry.means, is_asked=True)


def _read_part(text: str, context: Context) -> Remark:
    tidy = clean(text).lower()
    entry = _look_up(tidy, context)
    if entry is not None:
        return Remark(text, _class_of(entry, context), entry.means, is_noted=entry.noted)
    if unit := _unit_of(text, tidy):
        return Remark(unit, "unit", _UNIT)
    spans, rest = find_spans(text)
    left = rest.replace("\0", "").strip("()[]:-,")
    if spans:
        return _read_spans(text, spans, left, context)
    if "\0" in rest:  # a document's number, a day; or the year whose prices they are
        is_base = re.search(r"价|=100|基期|为100", tidy)
        return Remark(text, "another" if is_base else "kept", _BASE if is_base else _NAMED)
    if find_suspect(rest):
        return Remark(text, "unknown", UNREAD_SPAN)
    if tidy_heading(text) in context.names or plain_name(text) in context.names:
        return Remark(text, "name", _NAMED)
    return Remark(text, "unknown", _UNKNOWN)


def _unit_of(text: str, tidy: str) -> str | None:
    unlabelled = re.sub(r"^(?:计量|金额)?单位:?|^unit:?|^(?=[±+-])[±+/-]*(?=[%‰])", "", tidy)
    for spelling in (text, tidy, unlabelled):
        if unit := read_spelling(spelling):
            return unit
    parts = [part for part in re.split(r"[,;/]", unlabelled) if part]
    if unlabelled != tidy and parts and all(find_unit(part) for part in parts):
        return unlabelled
    return None


def _read_spans(text: str, spans: tuple[Span, ...], left: str, context: Context) -> Remark:
    wrong = next((span for span in spans if not span.fits(context.asked)), None)
    if wrong is not None:
        if wrong.kind == "unreadable":
            return Remark(text, "unknown", UNREAD_SPAN, wrong)
        zh, en = wrong.title
        return Remark(text, "another", Text(zh=zh, en=en), wrong)
    quarters = [span for span in spans if span.kind == "quarter"]
    is_figure = context.where == "heading" and context.of != "other"
    is_bare = context.where == "line" and not left and not any(span.year for span in quarters)
    if (is_figure or is_bare) and context.asked.quarter > 1 and quarters:
        # 本年累计（第三季度）: the months up to its end, or the quarter alone
        return Remark(text, "unknown", QUARTER_GROWTH if context.of == "growth" else QUARTER_FIGURE)
    if left:
        after = _look_up(left, context)
        if after is None or find_suspect(left):
            return Remark(text, "unknown", _UNKNOWN)
        return Remark(text, _class_of(after, context), after.means, is_noted=after.noted)
    return Remark(text, "span", Text(zh="报告期", en="the period"), spans[0] if spans else None)


def _look_up(tidy: str, context: Context) -> VocabularyEntry | None:
    """The entry of a word at this place; one that is harmless here goes first."""
    candidates = list(_by_word().get(tidy, ()))
    candidates += [entry for pattern, entry in _by_pattern() if pattern.fullmatch(tidy)]
    here = [
        entry
        for entry in candidates
        if context.where in entry.where
        and (context.of in entry.of or (context.of == "other" and _may_be_other(entry, context)))
        and (not entry.lines or (context.line and context.line.code in entry.lines))
    ]
    return next((e for e in here if e.class_ == "kept"), here[0] if here else None)


def _may_be_other(entry: VocabularyEntry, context: Context) -> bool:
    """Whether an entry speaks where a name is neither of a level nor of a growth. A line that has
    a level is none of growth by its name (`…（同比增长）`).
    """
    if "level" in entry.of or entry.noted:
        return True
    return entry.class_ == "kept" and not (context.line and context.line.level)


def _class_of(entry: VocabularyEntry, context: Context) -> RemarkKind:
    if entry.plan and context.is_plan:
        return "kept"
    if entry.price is None:
        return entry.class_
    if context.line is not None:
        lines: tuple[Indicator, ...] = (context.line,)
    else:
        lines = context.form.indicators
    if context.of == "growth" or (context.line is not None and not context.line.level):
        wanted = {i.price_basis for i in lines} - {"none"}
        if len(wanted) > 1:
            return "unknown"
        is_nominal = wanted != {"constant_price"}
        return "kept" if is_nominal == (entry.price == "current") else "another"
    return "kept" if entry.price == "current" else "another"
