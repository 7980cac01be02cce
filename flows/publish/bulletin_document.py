"""A bulletin as a document in one language: headings, paragraphs and tables, for DOCX and PDF.

Its numbers come from the parts of the bulletin alone, as those of the page do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flows.publish.bulletin_parts import BulletinParts, arrange
from flows.publish.bulletin_words import AUDIENCE_WORDS, STATUS_WORDS, WORDS

_MARK, _ASKED_MARK = "\ue005", "\ue006"  # around a superscript; after a number under query
# where, up to the next number, the text does not say so itself
_ASKED = re.compile(f"{_ASKED_MARK}(?![^0-9{_ASKED_MARK}]*(?:待核实|under query))")
_ASKED_WORDS = ("（待核实）", " (under query)")
Runs = list[tuple[str, bool]]  # a text, and whether it stands above the line


@dataclass(frozen=True)
class DocumentCell:
    """A cell of a table; its bar's left end, length, zero and reach in per cent, if it has one."""

    runs: Runs
    bar: tuple[float, float, float, float, float] | None = None
    colour: str = ""


@dataclass(frozen=True)
class DocumentTable:
    """A table under its heading; the first `titles` columns are text, the others numbers."""

    heading: str
    columns: list[str]
    rows: list[list[DocumentCell]]
    titles: int = 1
    has_bars: bool = False


@dataclass(frozen=True)
class DocumentSection:
    """Sentences under a heading."""

    heading: str
    sentences: list[Runs]


@dataclass
class Document:
    """All that a bulletin says in a language."""

    lang: str
    title: str
    title_parts: list[str]  # between which a line is broken, where it does not hold all
    kind: str
    status: list[str]
    sources: DocumentTable
    verification: list[str]
    tables: list[DocumentTable] = field(default_factory=list)
    changes: list[Runs] = field(default_factory=list)
    sections: list[DocumentSection] = field(default_factory=list)
    notes: list[Runs] = field(default_factory=list)


def arrange_document(parts: BulletinParts, lang: str, public_key: str | None) -> Document:
    """The document of a bulletin; `public_key` is the one that its page is signed by."""
    writer = _RunWriter(parts, int(lang == "en"))
    at = writer.at
    title, sections, notes = arrange(parts.texts[lang])
    whole = writer.text(title)
    span = parts.head["span_en" if at else "span_zh"]
    end = whole.index(span) + (0 if at else len(span))
    document = Document(
        lang,
        whole,
        [whole[:end].strip(), whole[end:].strip()],
        writer.word("kind"),
        _status(parts, at),
        _sources(parts, writer),
        _verification(at, public_key),
    )
    if parts.headline:
        document.tables.append(_headline(parts, writer))
    for table in parts.bars:
        rows = [
            [DocumentCell(writer.runs(titles[at]))]
            + [
                DocumentCell(
                    writer.runs(bar.text),
                    (bar.x, bar.width, bar.zero, bar.low, bar.high) if bar.width else None,
                    colour,
                )
                for bar in bars
            ]
            for *titles, colour, bars in table.rows
        ]
        columns = [writer.word(name) for name in table.headings]
        document.tables.append(DocumentTable(writer.word(table.name), columns, rows, has_bars=True))
    if parts.change_rows:
        document.changes = [writer.runs(sentence[at]) for sentence in parts.change_sentences]
        document.tables.append(_changes(parts, writer))
    document.sections = [
        DocumentSection(writer.text(heading), [writer.runs(sentence) for sentence in sentences])
        for heading, sentences in sections
    ]
    document.notes = [writer.runs(note) for note in notes]
    return document


class _RunWriter:
    def __init__(self, parts: BulletinParts, at: int) -> None:
        self.at = at
        self._parts = parts

    def word(self, name: str) -> str:
        return WORDS[name][self.at]

    def text(self, stream: str) -> str:
        return "".join(text for text, _ in self.runs(stream))

    def runs(self, stream: str) -> Runs:
        written = self._parts.accessor.to_text(stream, self._write_number)
        pieces = _ASKED.sub(_ASKED_WORDS[self.at], written).replace(_ASKED_MARK, "").split(_MARK)
        return [(text, bool(number % 2)) for number, text in enumerate(pieces) if text]

    def _write_number(self, place: int, digits: str, sign: str) -> str:
        mark = self._parts.mark_of(place)
        above = f"{_MARK}{mark}{_MARK}" if mark else ""
        is_asked = self._parts.proof["numbers"][place]["status"] == "under query"
        return f"{digits}{above}{sign}{_ASKED_MARK if is_asked else ''}"


def _status(parts: BulletinParts, at: int) -> list[str]:
    edition = parts.proof["edition"]
    frozen = (
        ("发布版 ", "Edition ")[at] + edition["edition"] if edition else WORDS["not_frozen"][at]
    )
    words = [AUDIENCE_WORDS[parts.audience][at]] if parts.audience == "internal" else []
    is_marked = len(parts.statuses) > 1
    for status in parts.statuses:
        mark = f" ({status[0]})" if is_marked and status != "published" else ""
        words.append(f"{STATUS_WORDS[status][at]}{mark}")
    return [frozen, *words, *([WORDS["under_query"][at]] if parts.is_asked else [])]


def _headline(parts: BulletinParts, writer: _RunWriter) -> DocumentTable:
    return DocumentTable(
        writer.word("main_indicators"),
        [writer.word(name) for name in ("indicator", "level", "growth")],
        [
            [DocumentCell(writer.runs(cells[first + writer.at])) for first in (0, 2, 4)]
            for cells in parts.headline
        ],
    )


def _changes(parts: BulletinParts, writer: _RunWriter) -> DocumentTable:
    return DocumentTable(
        writer.word("changes"),
        [writer.word(name) for name in ("change", "name", "before", "now", "reason")],
        [
            [DocumentCell(writer.runs(cells[first + writer.at])) for first in (0, 2, 4, 6)]
            + [DocumentCell(writer.runs(cells[8]))]
            for cells in parts.change_rows
        ],
        titles=2,
    )


def _sources(parts: BulletinParts, writer: _RunWriter) -> DocumentTable:
    is_office = parts.audience == "internal"
    last = "SHA-256" if is_office else writer.word("revision")
    columns = [writer.word("file"), writer.word("received"), last]
    files: Sequence[dict[str, Any]] = list(parts.proof["files"].values())
    column = "sha256" if is_office else "revision"
    rows = [[file["path"], file["received_at"][:10], file[column]] for file in files]
    return DocumentTable(
        writer.word("sources"),
        columns,
        [[DocumentCell([(str(text), False)]) for text in row] for row in rows],
        titles=3,
    )


def _verification(at: int, public_key: str | None) -> list[str]:
    """How to see that a number is right: a document has no proof with it, its page has."""
    page = _IN_THE_PAGE[at]
    if not public_key:
        return [page, ("该页没有签名。", "The page is not signed.")[at]]
    return [page, _SIGNED_BY[at] + public_key]


_IN_THE_PAGE = (
    "每个数的出处、算式和审核结果在同一期的网页公报 index.html 中，用 jibao verify-bulletin 核验。",
    "Where each number comes from, how it is computed and what was checked stands in the page of "
    "the same quarter, index.html; jibao verify-bulletin verifies it.",
)
_SIGNED_BY = (
    "该页由下列公钥签名（ed25519）：",
    "The page is signed (ed25519) by the owner of the public key: ",
)
