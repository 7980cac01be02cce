"""The styles and the rich texts of an XLSX: which format, font and fill a cell has.

Names of elements are compared without their namespace, so that transitional and strict files read
alike.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.parsers import expat

from flows.read import limits
from flows.read.cell_facts import STRUCK, UNSEEN, Style, TextRun, is_too_small
from flows.read.colours import BLACK, WHITE, are_alike
from flows.read.number_format import BUILT_IN, parse_format

_CHUNK = 1 << 20
# of the palette; 64 is what the system writes with, 65 its ground, and so are the first of a theme
_INDEXES = dict.fromkeys(("0", "8", "64"), BLACK) | dict.fromkeys(("1", "9", "65"), WHITE)
_THEME = {"0": WHITE, "1": BLACK}
_RAISED = ("superscript", "subscript")


@dataclass(frozen=True)
class Styles:
    """The styles of a workbook: those of cells by their index, and what conditions apply."""

    cells: tuple[Style, ...] = ()
    grounds: tuple[str | None, ...] = ()  # the colour behind each of these
    conditional: tuple[str | None, ...] = ()  # what each shows otherwise, where it does


def read_styles(parts: zipfile.ZipFile) -> Styles:
    """The styles of a workbook; one without has plain cells. Raises UnreadableError."""
    if "xl/styles.xml" not in parts.namelist():
        return Styles()
    root = ElementTree.fromstring(limits.read_part(parts, "xl/styles.xml"))
    codes: dict[str, str] = {str(number): code for number, code in BUILT_IN.items()}
    for element in _children(root, "numFmts"):
        codes[element.get("numFmtId", "")] = element.get("formatCode", "")
    fonts = [
        (_is_on(e, "strike"), _colour_at(e) or BLACK, _is_tiny(e), _is_raised(e))
        for e in _children(root, "fonts")
    ]
    fills = [_ground_of(e) for e in _children(root, "fills")]
    formats = list(_children(root, "cellXfs"))
    return Styles(
        tuple(_style_of(e, codes, fonts, fills) for e in formats),
        tuple(_ground_at(e, fills) for e in formats),
        tuple(change_of(e) for e in _children(root, "dxfs")),
    )


def local_name(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


def _children(root: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (child for group in root if local_name(group.tag) == name for child in group)


def _child(element: ElementTree.Element, name: str) -> ElementTree.Element | None:
    return next((child for child in element if local_name(child.tag) == name), None)


def _is_on(element: ElementTree.Element, name: str) -> bool:
    child = _child(element, name)
    return child is not None and is_true(child.get("val", "1"))


def is_true(value: str | None) -> bool:
    """A flag as XML writes it."""
    return value in ("1", "true", "on")


def read_colour(attributes: dict[str, str]) -> str | None:
    """A colour; None where the file leaves it to the program."""
    if "rgb" in attributes:
        return attributes["rgb"].upper()[-6:]
    indexed, theme = attributes.get("indexed", ""), attributes.get("theme", "")
    if indexed in _INDEXES:
        return _INDEXES[indexed]
    tint = attributes.get("tint", "0")
    if theme in _THEME and (not tint.strip("-0.") or (theme == "0") != tint.startswith("-")):
        return _THEME[theme]
    named = {key: value for key, value in attributes.items() if key != "auto"}
    return " ".join(f"{key} {value}" for key, value in sorted(named.items())) or None


def _colour_at(element: ElementTree.Element, name: str = "color") -> str | None:
    colour = _child(element, name)
    return None if colour is None else read_colour(colour.attrib)


def _ground_of(fill: ElementTree.Element) -> str | None:
    """The colour behind a cell: white where it has no fill, None where it is patterned."""
    pattern = _child(fill, "patternFill")
    if pattern is None:
        return None
    kind = pattern.get("patternType", "none")
    if kind == "none":
        return WHITE
    return _colour_at(pattern, "fgColor") if kind == "solid" else None


def _ground_at(element: ElementTree.Element, fills: list[str | None]) -> str | None:
    fill = _number(element.get("fillId"))
    return fills[fill] if fill < len(fills) else WHITE


def _is_tiny(font: ElementTree.Element) -> bool:
    size = _child(font, "sz")
    return size is not None and is_too_small(size.get("val"))


def _is_raised(font: ElementTree.Element) -> bool:
    place = _child(font, "vertAlign")
    return place is not None and place.get("val") in _RAISED


def _style_of(
    element: ElementTree.Element,
    codes: dict[str, str],
    fonts: list[tuple[bool, str, bool, bool]],
    fills: list[str | None],
) -> Style:
    font = _number(element.get("fontId"))
    plain = (False, BLACK, False, False)
    is_struck, colour, is_tiny, is_raised = fonts[font] if font < len(fonts) else plain
    is_unseen = is_tiny or are_alike(colour, _ground_at(element, fills))
    code = codes.get(element.get("numFmtId", "0"), "General")
    return Style(code, is_struck, is_unseen, is_raised)


def change_of(dxf: ElementTree.Element) -> str | None:
    """What a conditional format makes of a figure: a number format that is not plain, or letters
    that are struck through or not seen.
    """
    number, font, fill = _child(dxf, "numFmt"), _child(dxf, "font"), _child(dxf, "fill")
    code = None if number is None else number.get("formatCode", "")
    if code is not None and not parse_format(code).is_plain:
        return code
    if font is None:
        return None
    if _is_on(font, "strike"):
        return STRUCK
    ground = WHITE if fill is None else _ground_of_condition(fill)
    return UNSEEN if are_alike(_colour_at(font), ground) else None


def _ground_of_condition(fill: ElementTree.Element) -> str | None:
    """The fill of a condition, whose solid colour is the one for the background."""
    pattern = _child(fill, "patternFill")
    return None if pattern is None else _colour_at(pattern, "bgColor")


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() else 0


class RunReader:
    """Collects the runs of one rich text from the events of a parser."""

    def __init__(self) -> None:
        self.runs: list[TextRun] = []
        self.text: str | None = None
        self.is_raised = self.is_struck = self.is_tiny = False
        self.colour: str | None = None
        self.is_phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        if name == "r":
            self.is_raised = self.is_struck = self.is_tiny = False
            self.colour = None
        elif name == "color":
            self.colour = read_colour(attributes)
        elif name == "sz":
            self.is_tiny = is_too_small(attributes.get("val"))
        elif name == "vertAlign":
            self.is_raised = attributes.get("val") in _RAISED
        elif name == "strike":
            self.is_struck = is_true(attributes.get("val", "1"))
        elif name == "rPh":
            self.is_phonetic = True
        elif name == "t":
            self.text = ""

    def say(self, text: str) -> None:
        """Characters within an element."""
        if self.text is not None:
            self.text += text

    def end(self, name: str) -> None:
        """An element closes."""
        if name == "rPh":
            self.is_phonetic = False
        elif name == "t" and self.text is not None:
            if not self.is_phonetic:
                looks = self.is_raised, self.is_struck, self.is_tiny, self.colour
                self.runs.append(TextRun(self.text, *looks))
            self.text = None

    @property
    def marked(self) -> tuple[TextRun, ...] | None:
        """The runs, where there may be something to say of one, by the ground that it is on."""
        return tuple(self.runs) if any(r.is_odd or r.colour for r in self.runs) else None


def read_rich_texts(parts: zipfile.ZipFile) -> dict[str, tuple[TextRun, ...]]:
    """The shared texts of which a run is raised, struck or coloured, by their number."""
    if "xl/sharedStrings.xml" not in parts.namelist():
        return {}
    shared = _SharedTexts()
    feed(shared.parser, parts, "xl/sharedStrings.xml")
    return shared.texts


class _SharedTexts:
    """Counts the shared texts; the words of those written in several ways are listened to."""

    def __init__(self) -> None:
        self.texts: dict[str, tuple[TextRun, ...]] = {}
        self.count = -1
        self.reader: RunReader | None = None
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.StartElementHandler = self.start

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if name == "si":
            self.count += 1
        elif name == "r" and self.reader is None:
            self.reader = RunReader()
            self.parser.EndElementHandler = self.end
            self.parser.CharacterDataHandler = self.reader.say
        if self.reader is not None:
            self.reader.start(name, attributes)

    def end(self, tag: str) -> None:
        if self.reader is None:
            return
        name = local_name(tag)
        self.reader.end(name)
        if name == "si":
            if self.reader.marked:
                self.texts[str(self.count)] = self.reader.marked
            self.reader = None
            self.parser.EndElementHandler = self.parser.CharacterDataHandler = None


def feed(parser: expat.XMLParserType, parts: zipfile.ZipFile, part: str) -> None:
    """Parse a part piece by piece, so that it is never in memory as a whole."""
    parser.buffer_text = True
    with parts.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)
