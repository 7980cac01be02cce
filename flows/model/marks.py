"""Marks that point at a footnote or say a status, told apart from the text that they stand at.

`107.92①` is the number 107.92 with the mark ①, never 107.921: Unicode compatibility (NFKC), by
which full-width figures become plain ones, would turn ① and ² into digits as well.
"""

from __future__ import annotations

import functools
import re
import unicodedata

# what (p) and its like at a figure say, as an SDMX observation status
STATUS_MARKS = {"p": "P", "e": "E"}
# 41.82（快报）: what a figure may say of itself and be one all the same; 预计 and 估算 are none
STATUS_WORDS = {
    **dict.fromkeys(
        ("快报", "快报数", "初步", "初步数", "初步核算", "初步核算数", "初步统计"), "P"
    ),
    **dict.fromkeys(("核实", "核实数", "最终核实", "最终核实数", "正式数", "年报数"), "A"),
}

_LONGEST = 20  # characters of marks in a row
_RAISED_SIGNS = "⁺⁻₊₋"
_SIGNS = "*＊※†‡#＃§"
SIGNS = f"{_SIGNS}★☆●○◆◇■□"  # with those that nobody writes at a number but raised
_NUMBERED = (
    r"[\[［【〔]\s*(?:注|[Nn]ote)?\s*\d{1,2}\s*[\]］】〕]|[(（]\s*注\s*\d{0,2}\s*[)）]|注\s*\d{1,2}"
)
_LETTERED = r"[(（]\s*[pPrReEｐｒｅ]\s*[)）]"
_WORDED = rf"[(（]\s*(?:{'|'.join(STATUS_WORDS)})\s*[)）]"


def is_mark(char: str) -> bool:
    """Whether a character is a mark by itself: a figure in a circle or brackets (①, ⑴, ⒈, ❶), or a
    raised or lowered letter or figure (¹, ₂, ᵖ). Fractions (½) and signs (⁻) are none.
    """
    if char in _RAISED_SIGNS:
        return False
    kind = unicodedata.decomposition(char).partition(" ")[0]
    return kind in ("<super>", "<sub>") or (
        unicodedata.category(char) == "No" and kind != "<fraction>"
    )


@functools.cache
def mark_characters() -> str:
    """Every character that is a mark, for a class of a regular expression."""
    return "".join(re.escape(c) for c in map(chr, range(0x80, 0x1F300)) if is_mark(c))


@functools.cache
def _tail() -> re.Pattern[str]:
    single = rf"[{mark_characters()}{re.escape(_SIGNS)}]"
    bracketed = rf"[(（]\s*[{mark_characters()}]\s*[)）]"
    return re.compile(rf"\s*(?:{single}|{bracketed}|{_NUMBERED}|{_LETTERED}|{_WORDED})\s*$")


@functools.cache
def _head() -> re.Pattern[str]:
    return re.compile(
        rf"^\s*(?:[{mark_characters()}＊*※†‡]|[\[［【〔]\s*注?\s*\d{{1,2}}\s*[\]］】〕])\s*"
    )


def split_marks(text: str) -> tuple[str, tuple[str, ...]]:
    """What stands in a number's cell without the marks before and after it, and the marks."""
    if text.isascii() and text[:1].isalnum() and text[-1:].isalnum():
        return text, ()  # nearly every cell
    marks: list[str] = []
    while match := _tail().search(text):
        if not match[0].strip():
            break
        marks.insert(0, match[0].strip())
        text = text[: match.start()]
    while match := _head().match(text):
        marks.append(match[0].strip())
        text = text[match.end() :]
    return text, tuple(marks)


@functools.cache
def _raised() -> re.Pattern[str]:
    one = (
        rf"[{mark_characters()}{re.escape(SIGNS)}]|(?<!\d)\d{{1,2}}(?!\d)[)）]?|注\s?\d{{0,2}}"
        rf"|[a-zA-Z](?![a-zA-Z])[)）]?"
    )
    bracketed = rf"[(（\[［【〔]\s*(?:{one})\s*[)）\]］】〕]"
    return re.compile(rf"(?:(?:{bracketed}|{one}|{_NUMBERED})[\s,，、;；]*)+")


def is_raised_mark(text: str) -> bool:
    """Whether a text that is raised or lowered is made of marks alone (1, ①, *, 注2, a); words,
    units, years and figures that somebody raised are none.
    """
    return len(text) <= _LONGEST and _raised().fullmatch(text.strip()) is not None


def key_of_mark(mark: str) -> str:
    """A mark by what it says, however it is written: ①, ¹, (1), [注1] and 1 are one."""
    plain = "".join(
        str(int(unicodedata.numeric(c, 0))) if is_mark(c) and c.isnumeric() else c for c in mark
    )
    plain = unicodedata.normalize("NFKC", plain).lower()
    return re.sub(r"[\s()\[\]【】〔〕.、:]|注|note", "", plain)


def drop_marks(text: str) -> tuple[str, tuple[str, ...]]:
    """A name or title without its marks, wherever they stand, and the marks."""
    if text.isascii():
        return text, ()
    marks = tuple(
        c
        for n, c in enumerate(text)
        if is_mark(c) and not (n and text[n - 1] in "mM米" and c in "²³")
    )
    for mark in set(marks):
        text = text.replace(mark, "")
    return text, marks


def status_of_marks(marks: tuple[str, ...]) -> str | None:
    """The observation status that a mark says (`(p)`: preliminary), or None."""
    plain = (unicodedata.normalize("NFKC", mark).strip("() ").lower() for mark in marks)
    statuses = STATUS_MARKS | STATUS_WORDS
    return next((statuses[mark] for mark in plain if mark in statuses), None)
