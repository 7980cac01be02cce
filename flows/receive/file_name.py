"""A name of a file or folder, read whole: which form, quarter, zone and revision it says, and what
is left over.

Every word is one of the vocabulary (`flows/forms/_file_names.toml`), or it is left over and asked
about; none is thrown away.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.forms.file_names import Meaning, fold, words_of_classes, words_of_forms
from flows.forms.form import Form
from flows.model.period import Period, find_period, spell_years

MAX_REVISION = 999
_REVISION = re.compile(r"(?<![a-z0-9])r([0-9]+)(?![a-z0-9])")
_YEAR = r"(?:19|20)[0-9]{2}"
_QUARTER = (
    r"(?:q[0-9]+|第?[一二三四1-4]季度?|前[二三四234]个?季度|0?1?月?份?[-~至到](?:0?[369]|12)月份?"
    r"|上半年|全年)"
)
_PERIOD = re.compile(
    rf"(?<![0-9]){_YEAR}[ ]?年?度?[ ]?[-_./]?{_QUARTER}|(?<![a-z0-9])q[1-4][-_./ ]?{_YEAR}"
)
_QUARTER_END = re.compile(rf"(?<![0-9])({_YEAR})(03|06|09|12)(?:30|31)(?![0-9])")
_DAY_SENT = re.compile(r"(?<![0-9])20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])")
_YEAR_ALONE = re.compile(rf"(?<![0-9])({_YEAR})年度?(?![0-9])")
# as a browser numbers what it downloads twice, and an office its annexes
_COPY = re.compile(r"[(][ ]?[0-9]{1,2}[ ]?[)]|(?<=副本)[0-9]{1,2}|(?<=附件)[0-9]{1,2}")
_BETWEEN = re.compile(r"[\s_.,;:+&~'\"()\[\]{}<>《》【】「」“”‘’、。·—–\-\x1f]+")


@dataclass
class NameReading:
    """What a name says. `revision` is None where none is said; `unknown` are words of no list."""

    forms: list[str] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    revision: int | None = None
    revised: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


class NameReader:
    """Reads names by the forms of a catalogue and the titles of zones."""

    def __init__(self, catalogue: Mapping[str, Form], zones: Mapping[str, str]) -> None:
        """`zones`: the titles by code."""
        words = words_of_classes() | words_of_forms(catalogue)
        for code, title in zones.items():
            words |= {fold(word): Meaning("zone", code) for word in (code, title) if len(word) > 1}
        longest_first = sorted(words, key=len, reverse=True)
        self._words = [(_pattern_of(word), words[word]) for word in longest_first]

    def read(self, name: str) -> NameReading:
        """Read a name that has no extension."""
        reading = NameReading()
        text = self._take_words(_take_numbers(fold(name), reading), reading)
        reading.unknown += [part for part in _BETWEEN.split(text) if part]
        return reading

    def _take_words(self, text: str, reading: NameReading) -> str:
        """Take every word of the vocabulary out of a name, the longest first."""
        taken: list[tuple[int, Meaning, str]] = []
        for pattern, meaning in self._words:
            for match in pattern.finditer(text):
                taken.append((match.start(), meaning, match[0]))
                blank = "\x1f" * len(match[0])  # other places stay where they are
                text = text[: match.start()] + blank + text[match.end() :]
        for _, meaning, word in sorted(taken, key=lambda part: part[0]):
            _note(reading, meaning, word)
        return text


def _pattern_of(word: str) -> re.Pattern[str]:
    """A word wherever it stands; one of Latin letters only where no letter or digit goes on."""
    pattern = r"[\s_-]*".join(map(re.escape, re.split(r"[\s_-]+", word)))
    before = r"(?<![a-z0-9])" if word[0].isascii() else ""
    after = r"(?![a-z0-9])" if word[-1].isascii() else ""
    return re.compile(before + pattern + after)


def _take_numbers(text: str, reading: NameReading) -> str:
    """Take revision, quarters, years, the day of sending and the number of a copy out of a name."""
    text = spell_years(re.sub(r"[—–−‐―]", "-", text))
    for match in _REVISION.finditer(text):
        digits = match[1].lstrip("0")
        reading.revision = int(digits) if 0 < len(digits) <= 3 else MAX_REVISION + 1
    text = _REVISION.sub("\x1f", text)
    text = _PERIOD.sub(functools.partial(_take_period, reading), text)
    for match in _QUARTER_END.finditer(text):
        reading.periods.append(Period(int(match[1]), int(match[2]) // 3))
    text = _QUARTER_END.sub("\x1f", text)
    text = _COPY.sub("\x1f", _DAY_SENT.sub("\x1f", text))
    reading.years += [int(year) for year in _YEAR_ALONE.findall(text)]
    return _YEAR_ALONE.sub("\x1f", text)


def _take_period(reading: NameReading, match: re.Match[str]) -> str:
    period = find_period(match[0])
    if period is None:  # there is no such quarter: it is left over
        return match[0]
    reading.periods.append(period)
    return "\x1f"


def _note(reading: NameReading, meaning: Meaning, word: str) -> None:
    if meaning.kind == "form" and meaning.code not in reading.forms:
        reading.forms.append(meaning.code)
    elif meaning.kind == "zone" and meaning.code not in reading.zones:
        reading.zones.append(meaning.code)
    elif meaning.kind in ("revised", "other"):
        getattr(reading, meaning.kind).append(word)
