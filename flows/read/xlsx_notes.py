"""What an XLSX says beside its cells: comments, boxes of text over the sheet, and the text printed
at the top and bottom of each page.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from flows.model.submission import index_of
from flows.read.cell_facts import Fact, Range, without_author
from flows.read.limits import read_part
from flows.read.xlsx_conditions import read_range
from flows.read.xlsx_styles import local_name

# `&C`, `&"宋体,Bold"`, `&12`, `&K000000`, and the fields for page, day and file
_HEADER_CODE = re.compile(r'&"[^"]*"|&K[0-9A-Fa-f]{6}|&\d+|&[A-Za-z]')
_HEADER_PART = re.compile(r"&[LCR]")
_PLACE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")


def read_comments(parts: zipfile.ZipFile, sheet: str) -> list[Fact]:
    """The comments of the sheet in a part of the archive, without the name of who wrote them."""
    elements = (e for root in _open_linked(parts, sheet, "/comments") for e in root.iter())
    return [comment for comment in map(_read_comment, elements) if comment is not None]


def read_boxes(parts: zipfile.ZipFile, sheet: str) -> tuple[str, ...]:
    """The paragraphs of the boxes of text that stand over the sheet in a part of the archive."""
    paragraphs = (
        "".join(t.text or "" for t in paragraph.iter() if local_name(t.tag) == "t").strip()
        for root in _open_linked(parts, sheet, "/drawing")
        for body in root.iter()
        if local_name(body.tag) == "txBody"
        for paragraph in body
    )
    return tuple(text for text in paragraphs if text)


def _open_linked(parts: zipfile.ZipFile, sheet: str, kind: str) -> Iterator[ElementTree.Element]:
    """The parts of a kind that belong to a sheet."""
    folder, name = posixpath.split(sheet)
    links = f"{folder}/_rels/{name}.rels"
    names = set(parts.namelist())
    for link in ElementTree.fromstring(read_part(parts, links)) if links in names else ():
        target = link.get("Target", "")
        part = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        if link.get("Type", "").endswith(kind) and part in names:
            yield ElementTree.fromstring(read_part(parts, part))


def _read_comment(element: ElementTree.Element) -> Fact | None:
    place = _PLACE.fullmatch(element.get("ref", ""))
    if local_name(element.tag) != "comment" or place is None:
        return None
    text = "".join(t.text or "" for t in element.iter() if local_name(t.tag) == "t")
    column = index_of(place[1].upper())
    return Fact("CELL-COMMENT", int(place[2]) - 1, column, without_author(text))


def read_prompts(attributes: dict[str, str]) -> list[tuple[Range, str]]:
    """What a rule of validity shows beside its cells while they are filled in, by area."""
    parts = (attributes.get(name) for name in ("promptTitle", "prompt", "errorTitle", "error"))
    text = "\n".join(part for part in parts if part)
    areas = map(read_range, attributes.get("sqref", "").split())
    return [(area, text) for area in areas if area and text]


def plain_header(text: str) -> tuple[str, ...]:
    """The words of a page's header, left, middle and right, without its codes."""
    pieces = (_HEADER_CODE.sub("", piece).strip() for piece in _HEADER_PART.split(text))
    return tuple(piece for piece in pieces if piece)
