"""The one way in which a template of the bulletin comes by a figure.

A template is given `TemplateLine`s, never rows: a number that it takes from one carries marks that
tell where it was taken, and `Accessor.settle` refuses a text with a digit that stands outside of
them. So what cannot be led back to the warehouse cannot be printed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.publish.number_text import exact

# private-use characters: no file that was read brings any into a title
_OPEN, _THEN, _CLOSE, _WORD, _WORD_END = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
_NUMBER = re.compile(f"{_OPEN}([0-9]+){_THEN}([^{_OPEN}-{_WORD_END}]*){_CLOSE}(%?)")
_WORDING = re.compile(f"{_WORD}([0-9０-９]+){_WORD_END}")
_DIGITS = re.compile("[0-9０-９]+")


class UnprovenError(ValueError):
    """A digit that no figure of the warehouse accounts for."""


class Number(str):
    """A number as it is written, within its marks; `digits` is it without them."""

    digits: str
    __slots__ = ("digits",)

    def __new__(cls, digits: str, marked: str) -> Number:
        """`marked` is what a template prints."""
        number = super().__new__(cls, marked)
        number.digits = digits
        return number


@dataclass(frozen=True)
class Source:
    """A view whose rows are given to templates, and which of its columns are what."""

    view: str
    key: tuple[str, ...]  # within a zone and quarter
    numbers: tuple[str, ...]  # text columns, printed as they are
    words: tuple[str, ...]  # text that may have digits in it: titles, units


@dataclass(frozen=True)
class Printed:
    """A number that was given out: the row and the column it stands in."""

    source: Source
    row: Mapping[str, Any]
    column: str

    @property
    def digits(self) -> str:
        """As it is written."""
        return str(self.row[self.column])

    def describe(self, value: Any, value_column: str | None) -> dict[str, Any]:
        """Where it stands in the warehouse, as it is written and exactly (None: it is no value)."""
        return {
            "view": self.source.view,
            "key": {name: self.row[name] for name in self.source.key},
            "column": self.column,
            "text": self.digits,
            "value": None if value is None else exact(value),
            "value_column": value_column,
        }


@dataclass
class Accessor:
    """Gives numbers to the templates of a page and remembers those that they print."""

    _given: list[Printed] = field(default_factory=list)
    # those that a text was found to have, by their place among the given, in the order of the texts
    _used: dict[int, int] = field(default_factory=dict)
    _places: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def number(self, source: Source, row: Mapping[str, Any], column: str) -> Number:
        """A number of a row, marked; an empty one where there is none."""
        digits = row[column]
        if digits is None:
            return Number("", "")
        place = (source.view, *(row[name] for name in source.key), column)
        if place not in self._places:
            self._places[place] = len(self._given)
            self._given.append(Printed(source, row, column))
        return Number(digits, f"{_OPEN}{self._places[place]}{_THEN}{digits}{_CLOSE}")

    @staticmethod
    def wording(text: str) -> str:
        """A title or a date: digits in it are part of a name."""
        return _DIGITS.sub(rf"{_WORD}\g<0>{_WORD_END}", text)

    def settle(self, stream: str) -> str:
        """What templates have rendered, given back. Raises UnprovenError."""
        for place, digits, _ in _NUMBER.findall(stream):
            if int(place) >= len(self._given) or self._given[int(place)].digits != digits:
                raise UnprovenError(f"{digits} is marked as a figure that was never given out")
            self._used.setdefault(int(place), len(self._used))
        rest = _WORDING.sub("", _NUMBER.sub("", stream))
        if stray := _DIGITS.search(rest):
            around = rest[max(stray.start() - 20, 0) : stray.end() + 20]
            raise UnprovenError(
                f"{stray[0]} in “{around}” comes from no figure: a template takes numbers from "
                "the lines that it is given, and words with digits from their titles"
            )
        return stream

    @property
    def printed(self) -> list[Printed]:
        """The numbers that stand in the texts."""
        return [self._given[place] for place in self._used]

    def to_html(self, stream: str, write_number: Callable[[int, str, str], str]) -> str:
        """A text as HTML; `write_number` is asked for each number, by its place among the printed,
        its digits and the sign that clings to them.
        """
        return self.to_text(html.escape(stream, quote=False), write_number)

    def to_text(self, stream: str, write_number: Callable[[int, str, str], str]) -> str:
        """A text without marks, its numbers as `write_number` writes them."""
        return _NUMBER.sub(
            lambda match: write_number(self._used[int(match[1])], match[2], match[3]),
            _WORDING.sub(r"\1", stream),
        )


def plain(stream: str) -> str:
    """The text, without marks."""
    return _WORDING.sub(r"\1", _NUMBER.sub(r"\2\3", stream))


class TemplateLine:
    """A row as a template sees it: words, marked numbers, and no number besides."""

    def __init__(self, accessor: Accessor, source: Source, row: Mapping[str, Any]) -> None:
        self._accessor, self._source, self._row = accessor, source, row

    def __getattr__(self, name: str) -> Any:
        """A column. Raises AttributeError for a number that is not one to be printed."""
        if name.startswith("__") or name not in self._row:
            raise AttributeError(name)
        if name in self._source.numbers:
            return self._accessor.number(self._source, self._row, name)
        value = self._row[name]
        if name in self._source.words and value is not None:
            return self._accessor.wording(value)
        if value is not None and not isinstance(value, str | bool):
            raise AttributeError(f"{name} is no text; {self._source.view} has no number to print")
        return value


def refuse_values(value: object) -> object:
    """For jinja's `finalize`: only text is printed. Raises UnprovenError."""
    if not isinstance(value, str):
        raise UnprovenError(f"{value!r} is no text: a template prints what a line gives it")
    return value
