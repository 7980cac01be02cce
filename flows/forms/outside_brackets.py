"""Words outside brackets, in a title, a sheet's name or a note, that give figures another meaning.

Which words, and whether they refuse or ask, is data: `anywhere` and `asked` in `_vocabulary.toml`.
"""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import replace

from flows.forms.vocabulary import (
    Context,
    Remark,
    VocabularyEntry,
    load_vocabulary,
    read_price,
)
from flows.model.text import clean

_ASCII = 6  # letters; a shorter English word may be a part of another
_OFFICE = re.compile(r"(?:局|委|委员会|办公?室?|处|科|部门?|中心)$")
_COMPARED = re.compile("对比|比较|对照|相比|compared|versus", re.I)
_BRACKETS = re.compile(r"[(\[{【〔〈《][^()\[\]{}【】〔〕〈〉《》]*[)\]}】〕〉》]")
# a note says that figures are something: 以上为预计数, 社零为限上口径, 不含街道
_SAYS = r"(?:为|是|系|按照?|采用|属于?|仅|只)[^为是系]{0,6}?"
_LEFT_OUT = ("不含", "不包含", "不包括", "未含", "未包含", "未包括", "剔除")
_BY_ITSELF = "(?<![比较与同和及])"  # 比上年 compares
_OPENING = re.compile(
    r"^(?:\d{1,3}(?=\()|\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[,、.]|[ivx]{1,4}[.、])|^[\s(（【*]*(?:注|备注|说明|附注|note)(?:\d{1,2}(?![\d万亿千百年月季%.-]))?[:：]?(?:\d{1,2}[.,、)](?!\d))*",
    re.I,
)
_CLAUSES = re.compile(r"[,;。!，；！\n]")
# of which units a section is: 一、限额以上单位, 全市合计
_OF_UNITS = re.compile("(?:单位|企业|法人|合计|小计|部分|口径|数据)+$")
_PRICES = re.compile("(?:剔除|扣除)价格(?:变动)?(?:的?因素|影响)?")
_GROWTH = re.compile("增|速|涨|指数|幅")
# growth is said to be at prices, and nothing else: 增速按可比价计算, 实际增速
_RATE = "(?:增[速长幅](?:速度|率)?|涨幅)"
_GROWTH_AT = re.compile(
    rf"(?:[本此]表|以上|累计)*(?:同比{_RATE}?|{_RATE})(?:均|都|已)*(?:为|是|系|按照?|以|采?用)?(.+?)(?:计算|核算|计|的)?{_RATE}?"
)
_AT_GROWTH = re.compile(rf"(?:按照?)?(.+?)(?:计算|核算)?的?(?:同比)?{_RATE}")
_COMPUTED = re.compile("按|以|计算|核算")
_DEFINES = re.compile("是?指(?!数|标)|标准|口径调整|(?<!个月)之和|原因|因为|由于")


def find_anywhere(text: str, context: Context) -> Remark | None:
    """A word outside brackets of a title that gives its figures another meaning; one that only
    asks is `is_asked`.
    """
    whole = clean(text).lower()
    tidy = _without(whole, context.names)
    for entry in _entries(context):
        for word in _longest_first(entry.words) if entry.anywhere else ():
            if word not in entry.weak and _is_word(word) and _stands(word, tidy, entry):
                return Remark(word, "another", entry.means)
    if _OFFICE.search(tidy):
        return None
    tidy = _without(_BRACKETS.sub("\0", whole), _kept_words() | _line_names(context))
    for entry in _entries(context):
        if match := _find_pattern(entry, tidy):
            return Remark(match, "another", entry.means, is_asked=True)
        for word in _longest_first(entry.asked):
            if _is_asked(word, tidy, entry, context):
                return Remark(word, "another", entry.means, is_asked=True)
    return None


def list_clauses(note: str) -> list[str]:
    """The clauses of a note or a row of words, without what opens it and brackets around it."""
    if "\n" in note:  # lines are clauses, but one may go on in the next
        lines = list_clauses(" ".join(note.split("\n"))), list_clauses("；".join(note.split("\n")))
        return list(dict.fromkeys(itertools.chain.from_iterable(lines)))
    body = _OPENING.sub("", clean(note)).strip("()[]:*、.")
    return [part.strip("()[]:") for part in _CLAUSES.split(body) if part.strip("()[]:")]


def find_in_note(clause: str, context: Context) -> Remark | None:
    """What a clause of a note says of the figures that is another meaning than the form's. How a
    growth is computed, what a word means and how a figure compares are no such thing.
    """
    tidy = clean(clause).lower()
    bare = re.sub("^其中:?", "", tidy)
    wordings = {tidy, bare, _OF_UNITS.sub("", bare)}
    for entry in _entries(context):
        is_here = context.where in entry.where and not entry.price
        if is_here and not wordings.isdisjoint(entry.words):
            return Remark(clause, "another", entry.means, is_asked=True)
    price = _find_growth_price(tidy, context)
    return price or (None if _DEFINES.search(tidy) else _find_said(tidy, clause, context))


def _find_said(tidy: str, clause: str, context: Context) -> Remark | None:
    """A word that a clause says of the figures, or holds anywhere where that is enough."""
    if _GROWTH.search(tidy):  # 剔除价格因素实际增长1.5% beside a nominal growth
        tidy = _PRICES.sub("\0", tidy)
    tidy = _without(_without(tidy, _kept_words()), _line_names(context))
    for entry in _entries(context):
        if context.where not in entry.where or (entry.price and _GROWTH.search(clause)):
            continue
        if match := _find_pattern(entry, tidy):
            return Remark(match, "another", entry.means, is_asked=True)
        words = (*entry.asked, *(entry.words if entry.anywhere else ()))
        for word in _longest_first(words):
            if _is_word(word) and _says(word, tidy):
                return Remark(word, "another", entry.means, is_asked=True)
    return None


def _find_growth_price(tidy: str, context: Context) -> Remark | None:
    """`同比为不变价增速` where the form asks for growth at other prices, or for both."""
    wording = _GROWTH_AT.fullmatch(tidy) or _AT_GROWTH.fullmatch(tidy)
    if wording is None or not context.form.indicators:
        return None
    prices = (
        read_price(wording[1] + behind, replace(context, of="growth")) for behind in ("", "增长")
    )
    price = next((p for p in prices if p), None)
    # where lines differ, how growth is computed (增速按可比价计算) is said of those it fits
    is_of_some = price is not None and price.kind == "unknown" and bool(_COMPUTED.search(tidy))
    if price is None or not price.is_doubtful or is_of_some:
        return None
    return Remark(tidy, "another", price.means, is_asked=True)


def _find_pattern(entry: VocabularyEntry, tidy: str) -> str | None:
    matches = (re.search(pattern, tidy) for pattern in entry.asked_patterns)
    return next((match[0] for match in matches if match), None)


def find_whole(heading: str, context: Context) -> Remark | None:
    """What a heading that is such a word and no more says (`环比增长`)."""
    tidy = clean(heading).lower()
    entry = next((e for e in _entries(context) if tidy in e.words and not e.price), None)
    return Remark(heading, "another", entry.means) if entry else None


def _says(word: str, tidy: str) -> bool:
    if word not in tidy or word in _LEFT_OUT:
        return word in tidy
    return bool(re.search(rf"{_SAYS}{_BY_ITSELF}{re.escape(word)}.{{0,6}}$", tidy))


def _entries(context: Context) -> list[VocabularyEntry]:
    """The entries that speak on this form."""
    is_plan = context.is_plan
    return [e for e in _another() if not (e.plan if is_plan else e.of_plans)]


@functools.cache
def _another() -> tuple[VocabularyEntry, ...]:
    return tuple(entry for entry in load_vocabulary() if entry.class_ == "another")


@functools.cache
def _kept_words() -> frozenset[str]:
    return frozenset(
        word
        for entry in load_vocabulary()
        for word in entry.words
        if entry.class_ == "kept" and len(word) > 2 and not word.isascii()
    )


def _line_names(context: Context) -> frozenset[str]:
    lines = context.form.indicators
    return frozenset(name for line in lines for name in line.full_names | line.spellings)


@functools.lru_cache(maxsize=512)
def _longest_first(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(words, key=len, reverse=True))


def _is_word(word: str) -> bool:
    return len(word) > 1 and (not word.isascii() or len(word) >= _ASCII)


def _stands(word: str, tidy: str, entry: VocabularyEntry) -> bool:
    """Whether a title has a word, and does not only compare with what it means."""
    if word not in tidy or not entry.is_earlier:
        return word in tidy
    return bool(re.search(_BY_ITSELF + re.escape(word), tidy)) and not _COMPARED.search(tidy)


def _is_asked(word: str, tidy: str, entry: VocabularyEntry, context: Context) -> bool:
    """Whether a word stands there, by itself and not in what the form or its lines are called."""
    if not _stands(word, tidy, entry):
        return False
    own = _line_names(context) | {clean(context.form.title.zh)}
    return not any(word in name for name in own)


def _without(tidy: str, names: frozenset[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 1 and name in tidy:
            tidy = tidy.replace(name, "\0")
    return tidy
