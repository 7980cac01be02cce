"""The styles of an ODS: number formats as format codes, fonts, and stretches of text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from flows.read.cell_facts import STRUCK, UNSEEN, Style, TextRun, is_too_small
from flows.read.colours import WHITE, are_alike
from flows.read.limits import check_limit

_NUMBER_STYLES = frozenset(
    f"{kind}-style"
    for kind in ("number", "percentage", "currency", "date", "time", "boolean", "text")
)
_SIZED = {"table-row-properties": "row-height", "table-column-properties": "column-width"}
_POINTS = {"pt": 1, "cm": 28.35, "mm": 2.835, "in": 72}
_CONDITION = re.compile(r"value\(\)\s*(<=|>=|!=|=|<|>)\s*(-?[\d.]+)")


@dataclass
class _NumberStyle:
    kind: str
    code: str = ""
    maps: list[tuple[str, str]] = field(default_factory=list)  # condition, name of the style


@dataclass
class _TextStyle:
    family: str | None
    parent: str | None
    number: str | None
    is_struck: bool | None = None
    is_raised: bool = False
    colour: str | None = None
    ground: str | None = None
    is_tiny: bool | None = None  # letters, a row or a column


class OdsStyles:
    """Collects styles from the events of a parser, and answers for them by name."""

    def __init__(self) -> None:
        self.numbers: dict[str, _NumberStyle] = {}
        self.texts: dict[str, _TextStyle] = {}
        self.hidden: set[str] = set()
        self.number: _NumberStyle | None = None
        self.text: _TextStyle | None = None
        self.words: str | None = None
        self.resolved: dict[str, Style] = {}
        self.marks: dict[str, tuple[bool, bool]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens; attributes by their names without a namespace."""
        if name in _NUMBER_STYLES and "name" in attributes:
            self.number = self.numbers[attributes["name"]] = _NumberStyle(name)
        elif name in ("style", "default-style"):
            self.text = _TextStyle(
                attributes.get("family"),
                attributes.get("parent-style-name"),
                attributes.get("data-style-name"),
            )
            self.texts[attributes.get("name", f"\0{attributes.get('family')}")] = self.text
            if shown := attributes.get("display-name"):  # by which conditions name it
                self.texts.setdefault(shown, self.text)
        elif name == "text-properties":
            self._read_text(attributes)
        elif name == "table-cell-properties" and self.text is not None:
            ground = attributes.get("background-color", "")
            self.text.ground = WHITE if ground == "transparent" else _colour_of(ground)
        elif name in _SIZED and self.text is not None:
            self.text.is_tiny = is_too_small_length(attributes.get(_SIZED[name]), is_extent=True)
        elif self.number is not None:
            self._read_number(self.number, name, attributes)

    def end(self, name: str) -> None:
        """An element closes."""
        if name in _NUMBER_STYLES:
            self.number = None
        elif name in ("style", "default-style"):
            self.text = None
        elif name in ("text", "currency-symbol") and self.number is not None:
            words, self.words = self.words or "", None
            self.number.code += _quote(words, self.number.kind == "percentage-style")

    def say(self, text: str) -> None:
        """Characters within an element."""
        if self.words is not None:
            self.words += text

    def _read_text(self, attributes: dict[str, str]) -> None:
        if self.text is None:
            return
        line = attributes.get("text-line-through-style") or attributes.get("text-line-through-type")
        if line is not None:
            self.text.is_struck = line != "none"
        place = attributes.get("text-position", "").split(" ")[0]
        self.text.is_raised = place in ("super", "sub") or (
            place.rstrip("%").lstrip("-").isdecimal() and place.rstrip("%") not in ("0", "-0")
        )
        if "color" in attributes:
            self.text.colour = _colour_of(attributes["color"])
        if "font-size" in attributes:
            self.text.is_tiny = is_too_small_length(attributes["font-size"])

    def _read_number(self, style: _NumberStyle, name: str, attributes: dict[str, str]) -> None:
        if name in ("text", "currency-symbol"):
            self.words = ""
        elif name == "map":
            style.maps.append(
                (attributes.get("condition", ""), attributes.get("apply-style-name", ""))
            )
        elif name == "text-content":
            style.code += "@"
        elif name in _PLACES:
            style.code += _PLACES[name](attributes)
        elif style.kind in ("date-style", "time-style") and name not in ("fill-character",):
            style.code += "d"

    def style_of(self, name: str | None) -> Style:
        """The style of a cell, with what it takes over from its parents."""
        key = name or "Default"
        if key not in self.resolved:
            chain = self._chain(key)
            number = next((s.number for s in chain if s.number), None)
            colour = next((s.colour for s in chain if s.colour), None)
            is_tiny = next((s.is_tiny for s in chain if s.is_tiny is not None), False)
            self.resolved[key] = Style(
                self._code_of(number) if number else "General",
                next((s.is_struck for s in chain if s.is_struck is not None), False),
                is_tiny or are_alike(colour, self.ground_of(key)),
                any(s.is_raised for s in chain),
            )
        return self.resolved[key]

    def hides(self, name: str | None) -> bool:
        """Whether the style of a row or column leaves it too small to be seen."""
        style = self.texts.get(name or "")
        return bool(style and style.is_tiny)

    def change_of(self, name: str | None) -> str | None:
        """What the style of a condition makes of a figure, where that is another than it is."""
        style = self.style_of(name)
        if style.is_struck or style.is_unseen:
            return STRUCK if style.is_struck else UNSEEN
        return None if style.is_plain else style.code

    def ground_of(self, name: str | None) -> str:
        """The colour behind a cell in a style."""
        chain = self._chain(name or "Default")
        return next((s.ground for s in chain if s.ground), WHITE)

    def looks_of(self, name: str | None) -> TextRun:
        """How a stretch of text in a style is written."""
        style = self.texts.get(name or "")
        if style is None:
            return TextRun("")
        return TextRun(
            "", style.is_raised, bool(style.is_struck), bool(style.is_tiny), style.colour
        )

    @property
    def has_marks(self) -> bool:
        """Whether any style raises or strikes text, or writes a part of it in its own way."""
        return any(
            s.is_raised or s.is_struck or (s.family == "text" and (s.colour or s.is_tiny))
            for s in self.texts.values()
        )

    def _chain(self, name: str) -> list[_TextStyle]:
        chain: list[_TextStyle] = []
        seen: set[str] = set()
        at: str | None = name
        while at and at in self.texts and at not in seen:
            seen.add(at)
            chain.append(self.texts[at])
            at = self.texts[at].parent
        return chain + [s for s in (self.texts.get("\0table-cell"),) if s]

    def _code_of(self, name: str) -> str:
        style = self.numbers.get(name)
        if style is None:
            return "General"
        parts = []
        for condition, applied in style.maps:
            match = _CONDITION.search(condition)
            other = self.numbers.get(applied)
            if match and other:
                sign = "<>" if match[1] == "!=" else match[1]
                parts.append(f"[{sign}{match[2]}]{other.code}")
        if style.kind == "text-style" and parts:  # the last is for text
            return ";".join([*parts, *[""] * (3 - len(parts)), style.code])
        return ";".join([*parts, style.code])


def _colour_of(written: str) -> str | None:
    return written.lstrip("#").upper() or None


def is_too_small_length(length: str | None, *, is_extent: bool = False) -> bool:
    """Whether `0.02cm` is less than can be seen."""
    match = re.fullmatch(r"([\d.]+)(pt|cm|mm|in)", length or "")
    return match is not None and is_too_small(match[1], _POINTS[match[2]], is_extent=is_extent)


def _quote(words: str, is_percent: bool) -> str:
    """Words of a format as a code has them; the first sign of a percentage multiplies."""
    before, sign, behind = words.partition("%") if is_percent else (words, "", "")
    return "".join([_literal(before), sign, _literal(behind)] if sign else [_literal(before)])


def _literal(words: str) -> str:
    return "".join(f"\\{c}" if c == '"' else c if c == " " else f'"{c}"' for c in words)


def _number_code(attributes: dict[str, str]) -> str:
    decimals = attributes.get("decimal-places")
    least = int(attributes.get("min-integer-digits", 1))
    if decimals is None and "min-integer-digits" not in attributes:
        return "General"
    grouping = "#,##" if attributes.get("grouping") == "true" else "" if least else "#"
    shown = int(attributes.get("min-decimal-places", decimals or 0) or 0)
    longest = max(least, shown, int(decimals or 0))
    check_limit("format_characters", longest)  # before that many noughts are made
    code = grouping + "0" * least
    if decimals and int(decimals):
        code += "." + "0" * shown + "#" * (int(decimals) - shown)
    factor = float(attributes.get("display-factor", 1) or 1)
    while 1000 <= factor < math.inf:
        code, factor = code + ",", factor / 1000
    return code if factor == 1 else code + "[display-factor]"


_PLACES: dict[str, Callable[[dict[str, str]], str]] = {
    "number": _number_code,
    "scientific-number": lambda _: "0.0E+0",
    "fraction": lambda _: "# ?/?",
}
