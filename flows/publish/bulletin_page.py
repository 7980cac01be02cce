"""A page of the bulletin: a zone's quarter in two languages, in which every number has its proof.

It is one file that needs nothing beside itself. Its text is that of `flows.publish.bulletin_text`,
its proof that of `flows.publish.bulletin_proof`; equal inputs give equal bytes. Two editions are
made of a quarter: the office's (内部) and the public's, which leaves out what is withheld.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from flows.publish.bulletin_bars import BarTable, draw_industries, draw_sectors
from flows.publish.bulletin_check import digest_of
from flows.publish.bulletin_numbers import Accessor, TemplateLine, UnprovenError, plain
from flows.publish.bulletin_proof import ORDER, prove
from flows.publish.bulletin_rows import Pages, Place, Row, for_the_public
from flows.publish.bulletin_sql import FIGURE, REGISTER_CHANGE, REVISION
from flows.publish.bulletin_text import open_template, stream_text
from flows.publish.signing import public_part, sign

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_FOLDER = Path(__file__).resolve().parent
LANGUAGES = ("zh", "en")
AUDIENCES = ("internal", "public")


def render_page(
    pages: Pages, place: Place, audience: str, key: Ed25519PrivateKey | None = None
) -> tuple[bytes, dict[str, str]] | None:
    """The page and the text alone by language; None where the audience may see no figure."""
    figures = pages.figures.get(place, [])
    if audience == "public":
        figures = for_the_public(figures)
    if not figures:
        return None
    accessor = Accessor()
    head = pages.heads[place]
    streams = {lang: stream_text(accessor, head, figures, lang) for lang in LANGUAGES}
    headline = _headline(accessor, figures)
    changes = _changes(accessor, pages, place, audience)
    bars = [draw(accessor, figures) for draw in (draw_sectors, draw_industries)]
    proof = prove(pages, place, accessor, audience)
    if not proof["numbers"]:
        return None
    writer = _Writer(accessor, proof["numbers"])
    texts = {lang: _arrange(stream, writer) for lang, stream in streams.items()}
    page = _page_template().render(
        zone=place[0],
        period=place[1],
        head=head,
        title_zh=_unbroken(texts["zh"]["title"], head["span_zh"]),
        audience=audience,
        is_asked=any(n["status"] == "under query" for n in proof["numbers"]),
        statuses=writer.statuses,
        edition=proof["edition"],
        sectors=_write_bars(bars[0], writer),
        industries=_write_bars(bars[1], writer),
        changes=_arrange_changes(changes, writer),
        headline=[_cells(line, writer) for line in headline],
        texts=texts,
        files=[{"submission": s, **file} for s, file in proof["files"].items()],
        public_key=None if key is None else public_part(key),
        style=Markup(_read("bulletin_page.css")),
        script=Markup(_script()),
        proof=Markup(_as_data(proof)),
    )
    return _seal(page, key), {lang: plain(stream) for lang, stream in streams.items()}


def _headline(accessor: Accessor, figures: Iterable[Row]) -> list[str]:
    """The lines of the table of main indicators, with the marks of their numbers."""
    lines = [TemplateLine(accessor, FIGURE, row) for row in figures if row["is_headline"]]
    template = open_template("bulletin_headline.jinja")
    return accessor.settle(template.render(lines=lines)).splitlines()


def _cells(line: str, writer: _Writer) -> Row:
    cells = [writer.write(cell) for cell in line.split("\t")]
    return {"titles": cells[:2], "levels": cells[2:4], "growth": cells[4:]}


def _changes(accessor: Accessor, pages: Pages, place: Place, audience: str) -> list[str]:
    """What has changed since the last edition and the quarter before, in words and as rows."""
    revisions = pages.revisions.get(place, [])
    registers = pages.register_changes.get(place, [])
    if audience == "public":  # of a register nothing is public
        revisions, registers = [row for row in revisions if row["is_public"]], []
    kinds: dict[str, list[TemplateLine]] = {}
    for source, column, rows in (
        (REVISION, "move", revisions),
        (REGISTER_CHANGE, "register_change", registers),
    ):
        for row in rows:
            kinds.setdefault(row[column], []).append(TemplateLine(accessor, source, row))
    template = open_template("bulletin_changes.jinja")
    return accessor.settle(template.render(changes=list(kinds.items()))).splitlines()


def _write_bars(table: BarTable | None, writer: _Writer) -> list[Row]:
    return [
        {
            "titles": [writer.write(zh), writer.write(en)],
            "colour": colour,
            "bars": [{"text": writer.write(bar.text), "bar": bar} for bar in bars],
        }
        for zh, en, colour, bars in (table.rows if table else [])
    ]


def _arrange_changes(lines: list[str], writer: _Writer) -> Row:
    cells = [[writer.write(cell) for cell in line.split("\t")] for line in lines]
    return {
        "sentences": [line[1:] for line in cells if line[0] == "words"],
        "rows": [line[1:] for line in cells if line[0] == "row"],
    }


class _Writer:
    """Writes text as HTML, and each number as a button that opens its proof."""

    def __init__(self, accessor: Accessor, numbers: list[Row]) -> None:
        self._accessor, self._numbers = accessor, numbers
        statuses = {number["status"] for number in numbers}
        self.statuses = [status for status in ORDER if status in statuses]

    def write(self, stream: str) -> Markup:
        """A text with marks as HTML; 待核实 stands in words at every number that is under query."""
        written = self._accessor.to_html(stream, self._write_number)
        return Markup(_ASKED.sub(rf"\1{_ASKED_WORDS}", written))

    def _write_number(self, place: int, digits: str, sign: str) -> str:
        # what all numbers are is said once, above; what some are, beside each of these
        status = self._numbers[place]["status"]
        mark = _MARKS.get(status, "") if len(self.statuses) > 1 or status == "revised" else ""
        kind = f"n {status.replace(' ', '-')}" if status else "n"
        button = f'<button type="button" class="{kind}" data-n="{place}">{digits}</button>{mark}'
        return f'<span class="nb">{button}{sign}</span>' if sign else button


# as the tables of statistical offices mark them: p preliminary, r revised
_MARKS = {
    "preliminary": '<sup title="初步数 preliminary">p</sup>',
    "revised": '<sup title="修订数 revised">r</sup>',
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
    """A text as HTML in parts: its title, its sections each with heading and sentences, notes."""
    title, *blocks = stream.strip().split("\n\n")
    *sections, notes = [[writer.write(line) for line in block.split("\n")] for block in blocks]
    return {
        "title": writer.write(title),
        "sections": [{"heading": first, "sentences": rest} for first, *rest in sections],
        "notes": notes,
    }


def _unbroken(title: Markup, span: str) -> Markup:
    """A title in which 2022年1-9月 stays on a line."""
    whole = Markup('<span class="nb">{}</span>').format(span)
    return title.replace(Markup.escape(span), whole)


def _as_data(value: Any) -> str:
    """JSON that may stand in a page: no `<` of it ends or begins an element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return text.replace("<", "\\u003c")


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
    return page.replace(empty, f'id="seal">{_as_data(seal)}</script>').encode()


def _script() -> str:
    return f"\n{_read('bulletin_page.js')}"


def script_hash() -> str:
    """The digest by which a Content-Security-Policy lets the pages' one script run."""
    return base64.b64encode(hashlib.sha256(_script().encode()).digest()).decode()


@functools.cache
def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


@functools.cache
def _page_template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_read("bulletin_page.html.jinja"))
