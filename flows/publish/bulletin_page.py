"""A page of the bulletin: a zone's quarter in two languages, in which every number has its proof.

It is one file that needs nothing beside itself. Its text is that of `flows.publish.bulletin_text`,
its proof that of `flows.publish.bulletin_proof`; equal inputs give equal bytes. Two editions are
made of a quarter: the office's (内部) and the public's, which leaves out what is withheld.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from flows.publish.bulletin_bars import BarTable
from flows.publish.bulletin_check import digest_of
from flows.publish.bulletin_numbers import UnprovenError
from flows.publish.bulletin_parts import BulletinParts, arrange
from flows.publish.bulletin_rows import Row
from flows.publish.bulletin_words import AUDIENCE_WORDS, STATUS_WORDS, WORDS
from flows.publish.page import open_page, script_of, style_of, write_data
from flows.publish.signing import public_part, sign

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def write_page(parts: BulletinParts, key: Ed25519PrivateKey | None = None) -> bytes:
    """The page, sealed."""
    writer = _Writer(parts)
    texts = {lang: _arrange(stream, writer) for lang, stream in parts.texts.items()}
    page = open_page("bulletin_page.html.jinja").render(
        words=WORDS,
        audience_words=AUDIENCE_WORDS,
        status_words=STATUS_WORDS,
        zone=parts.place[0],
        period=parts.place[1],
        head=parts.head,
        title_zh=_unbroken(texts["zh"]["title"], parts.head["span_zh"]),
        audience=parts.audience,
        is_asked=parts.is_asked,
        statuses=parts.statuses,
        edition=parts.proof["edition"],
        bars=[_write_bars(table, writer) for table in parts.bars],
        changes={
            "sentences": [writer.write_all(cells) for cells in parts.change_sentences],
            "rows": [writer.write_all(cells) for cells in parts.change_rows],
        },
        headline=[_write_headline(cells, writer) for cells in parts.headline],
        texts=texts,
        files=[{"submission": s, **file} for s, file in parts.proof["files"].items()],
        public_key=None if key is None else public_part(key),
        style=style_of("bulletin_page.css"),
        script=bulletin_script(),
        proof=write_data(parts.proof),
    )
    return _seal(page, key)


def _write_headline(cells: list[str], writer: _Writer) -> Row:
    written = writer.write_all(cells)
    return {"titles": written[:2], "levels": written[2:4], "growth": written[4:]}


def _write_bars(table: BarTable, writer: _Writer) -> Row:
    rows = [
        {
            "titles": writer.write_all([zh, en]),
            "colour": colour,
            "bars": [{"text": writer.write(bar.text), "bar": bar} for bar in bars],
        }
        for zh, en, colour, bars in table.rows
    ]
    return {"name": table.name, "headings": table.headings, "rows": rows}


class _Writer:
    """Writes text as HTML, and each number as a button that opens its proof."""

    def __init__(self, parts: BulletinParts) -> None:
        self._parts = parts

    def write(self, stream: str) -> Markup:
        """A text with marks as HTML; 待核实 stands in words at every number that is under query."""
        written = self._parts.accessor.to_html(stream, self._write_number)
        return Markup(_ASKED.sub(rf"\1{_ASKED_WORDS}", written))

    def write_all(self, streams: list[str]) -> list[Markup]:
        """Each of them."""
        return [self.write(stream) for stream in streams]

    def _write_number(self, place: int, digits: str, sign: str) -> str:
        status = self._parts.proof["numbers"][place]["status"]
        mark = _MARKS[self._parts.mark_of(place)]
        kind = f"n {status.replace(' ', '-')}" if status else "n"
        button = f'<button type="button" class="{kind}" data-n="{place}">{digits}</button>{mark}'
        return f'<span class="nb">{button}{sign}</span>' if sign or mark else button


_MARKS = {
    "": "",
    "p": '<sup title="初步数 preliminary">p</sup>',
    "r": '<sup title="修订数 revised">r</sup>',
}


# a number under query after which, up to the next number, the text does not say so itself
_ASKED = re.compile(
    r'((?:<span class="nb">)?<button [^>]*class="n under-query"[^>]*>[^<]*</button>'
    r"(?:%</span>)?+)(?![^<]*(?:待核实|under query))"
)
_ASKED_WORDS = (
    '<small class="asked-words"><span lang="zh-CN">（待核实）</span>'
    '<span lang="en"> (under query)</span></small>'
)


def _arrange(stream: str, writer: _Writer) -> Row:
    """A text as HTML in parts."""
    title, sections, notes = arrange(stream)
    return {
        "title": writer.write(title),
        "sections": [
            {"heading": writer.write(heading), "sentences": writer.write_all(sentences)}
            for heading, sentences in sections
        ],
        "notes": writer.write_all(notes),
    }


def _unbroken(title: Markup, span: str) -> Markup:
    """A title in which 2022年1-9月 stays on a line."""
    whole = Markup('<span class="nb">{}</span>').format(span)
    return title.replace(Markup.escape(span), whole)


def _seal(page: str, key: Ed25519PrivateKey | None) -> bytes:
    digest = digest_of(page.encode())
    seal = {
        "sha256": digest,
        "public_key": None if key is None else public_part(key),
        "signature": None if key is None else sign(key, digest),
    }
    empty = 'id="seal"></script>'
    if page.count(empty) != 1:
        raise UnprovenError("the page has no place for its seal")
    return page.replace(empty, f'id="seal">{write_data(seal)}</script>').encode()


def bulletin_script() -> Markup:
    """The one script of a bulletin's page."""
    return script_of("bulletin_page.js")
