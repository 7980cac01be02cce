"""The site: `published/site/` for the office, `published/public/site/` for everybody; static pages
that need neither server nor network.

A zone's pages, and the dictionary, are a part each: what a part was made of is noted as a digest in
`published/site.json`, with a digest of its files and, of a zone, its card. A part that stays is
linked into the new folder. The front pages are made of the cards by every run that changes
anything.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from flows.model.discrepancy import Discrepancy
from flows.publish.bulletin_files import file_names
from flows.publish.bulletin_pages import IndexedPage, has_pdfs, read_index
from flows.publish.bulletin_parts import AUDIENCES
from flows.publish.exports import keep_file
from flows.publish.page import style_of
from flows.publish.site_dictionary import list_views, render_dictionary
from flows.publish.site_front import DATA_DOCS, list_files, render_front
from flows.publish.site_pages import render_zone
from flows.publish.site_rows import Row, ZonePages, read_zones
from flows.publish.step import PUBLIC_FOLDER, SITE_FOLDER
from flows.warehouse.database import read_run
from flows.warehouse.ledger import zone_states
from flows.warehouse.own_faults import OF_THE_RUN, Spare, spare_nothing
from flows.warehouse.writers import written_by

SITE_INDEX = "site.json"
_DICTIONARY = "dictionary"
_FRONT = ""  # the part of the front pages: the files of the site's folder itself
_STYLE = "site.css"
_EDITIONS = """
    select z.zone, z.period, z.edition from staging.edition_zone as z where z.is_newest
"""


@dataclass(frozen=True)
class Part:
    """A folder of the site: what it was made of, its files, their digest, and the zone's card; no
    file where there is nothing to show.
    """

    inputs: str
    files: list[str]
    sha256: str
    card: Row | None = None


Parts = dict[str, Part]  # by audience and folder


def write_site(run_file: Path, warehouse: Path, spare: Spare = spare_nothing) -> int:
    """Write the parts that changed beside what readers have, and take over the others; a part that
    is spared is not there. Returns how many parts were written, the front pages apart.
    """
    published, beside = warehouse / "published", warehouse / "work" / "published"
    before, after = _read_parts(published), Parts()
    index, with_pdf = read_index(beside), has_pdfs(beside)
    zones = {name.split("/")[1] for name in index}
    has_docs = (warehouse / DATA_DOCS / "index.html").exists()
    with read_run(run_file) as con:
        for audience in AUDIENCES:
            top = _top_of(beside, audience)
            shutil.rmtree(top, ignore_errors=True)  # of a try before this one
            top.mkdir(parents=True)
            bulletins = _list_bulletins(con, index, audience)
            inputs = _digest_inputs(con, bulletins, with_pdf)
            stale = []
            for name, digest in inputs.items():
                key, folder = f"{audience}/{name}", top / name
                stands = before.get(key)
                is_same = stands and stands.inputs == digest
                if stands and is_same and _take_over(published, stands, key, folder):
                    after[key] = stands
                else:
                    stale.append(name)
            made = _make(con, stale, bulletins, audience, with_pdf, spare)
            for name, (files, card) in made.items():
                after[f"{audience}/{name}"] = Part(
                    inputs[name], sorted(files), _write(top / name, files), card
                )
            with spare(f"published/{top.relative_to(beside)}/index.html"):
                front = _write_front(con, after, audience, top, zones, has_docs)
                after[f"{audience}/{_FRONT}"] = front
    made_of = {name: asdict(part) for name, part in sorted(after.items())}
    note = json.dumps(made_of, ensure_ascii=False, separators=(",", ":"))
    (beside / SITE_INDEX).write_text(note, encoding="utf-8")
    return sum(after[name] is not before.get(name) for name in after if name[-1] != "/")


def _top_of(published: Path, audience: str) -> Path:
    folder = published / PUBLIC_FOLDER if audience == "public" else published
    return folder / SITE_FOLDER


Bulletins = dict[str, dict[str, str | None]]  # by zone and quarter, each with its newest edition


def _list_bulletins(
    con: duckdb.DuckDBPyConnection, index: Mapping[str, IndexedPage], audience: str
) -> Bulletins:
    """The quarters of each zone that have a bulletin for an audience."""
    editions = {
        (zone, period): edition for zone, period, edition in con.execute(_EDITIONS).fetchall()
    }
    bulletins: Bulletins = {}
    for name, page in sorted(index.items()):
        of, zone, period = name.split("/")
        if of == audience and page.sha256:
            bulletins.setdefault(zone, {})[period] = editions.get((zone, period))
    return bulletins


def _digest_inputs(
    con: duckdb.DuckDBPyConnection, bulletins: Bulletins, with_pdf: bool
) -> dict[str, str]:
    """What each part is made of, in a digest."""
    [built] = con.execute("select fingerprint from ref.build").fetchone() or [""]
    inputs = {
        zone: f"{state} {bulletins.get(zone, {})} {with_pdf}"
        for zone, state in zone_states(con).items()
    }
    return {
        name: hashlib.sha256(f"{text} {written_by()}".encode()).hexdigest()[:24]
        for name, text in (inputs | {_DICTIONARY: built}).items()
    }


def _make(
    con: duckdb.DuckDBPyConnection,
    names: list[str],
    bulletins: Bulletins,
    audience: str,
    with_pdf: bool,
    spare: Spare,
) -> dict[str, tuple[dict[str, bytes], Row | None]]:
    """The files of these parts, and the cards of zones; what is spared is not among them."""
    made: dict[str, tuple[dict[str, bytes], Row | None]] = {}
    documents = file_names(with_pdf)
    place = "published" if audience == "internal" else f"published/{PUBLIC_FOLDER}"
    if _DICTIONARY in names:
        with spare(f"{place}/{SITE_FOLDER}/{_DICTIONARY}"):
            views = list_views(con, audience)
            made[_DICTIONARY] = render_dictionary(con, views, audience), {"views": views}
    zones = [name for name in names if name != _DICTIONARY]
    pages = _read_all(con, zones, audience, place, spare)
    for zone in zones:
        if zone not in pages:
            continue
        of_zone = pages[zone]
        with spare(f"{place}/{SITE_FOLDER}/{zone}"):
            has = bulletins.get(zone, {})
            made[zone] = render_zone(of_zone, has, documents, audience) if of_zone else ({}, None)
    return made


def _read_all(
    con: duckdb.DuckDBPyConnection, zones: list[str], audience: str, place: str, spare: Spare
) -> dict[str, ZonePages | None]:
    """What the pages of each zone say, None where nothing; where they cannot be read together, one
    by one, without those that are spared.
    """
    try:
        return dict.fromkeys(zones) | read_zones(con, zones, audience)
    except OF_THE_RUN:
        raise
    except Exception:
        readable: dict[str, ZonePages | None] = {}
        for zone in zones:
            with spare(f"{place}/{SITE_FOLDER}/{zone}"):
                readable[zone] = read_zones(con, [zone], audience).get(zone)
        return readable


def _write(folder: Path, files: Mapping[str, bytes]) -> str:
    """Write files into a folder. Returns their digest."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # never through a link into what readers have
        path.write_bytes(content)
    return _digest(sorted(files.items()))


def _digest(files: Iterable[tuple[str, bytes]]) -> str:
    """Of files in the order of their names."""
    digest = hashlib.sha256()
    for name, content in files:
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()


def _take_over(published: Path, made: Part, key: str, folder: Path) -> bool:
    """Link a part that stays into the new folder; False where a file of it is not there."""
    audience, _, name = key.partition("/")
    before = _top_of(published, audience) / name
    for file in made.files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        if not keep_file(before / file, folder / file):
            return False
    return True


def _write_front(
    con: duckdb.DuckDBPyConnection,
    parts: Parts,
    audience: str,
    top: Path,
    zones: set[str],
    has_docs: bool,
) -> Part:
    own = {
        name.partition("/")[2]: part.card
        for name, part in parts.items()
        if name.startswith(f"{audience}/") and part.card
    }
    views: list[Row] = (own.pop(_DICTIONARY, None) or {"views": []})["views"]
    cards = sorted(own.values(), key=lambda card: (not card["is_nation"], card["zone"]))
    files = render_front(con, cards, views, audience, list(list_files(top.parent, zones)), has_docs)
    files[_STYLE] = style_of(_STYLE).encode()
    return Part("", sorted(files), _write(top, files))


def _read_parts(published: Path) -> Parts:
    """The parts that are published; none where there is no index."""
    try:
        index: dict[str, dict[str, Any]] = json.loads((published / SITE_INDEX).read_bytes())
        return {name: Part(**made) for name, made in index.items()}
    except (OSError, ValueError, TypeError, AttributeError):  # written by another version: all anew
        return {}


def check_site(published: Path) -> Iterator[Discrepancy]:
    """Which parts of the site are not as they were written."""
    for key, part in _read_parts(published).items():
        audience, _, name = key.partition("/")
        folder = _top_of(published, audience) / name
        try:
            read = ((file, (folder / file).read_bytes()) for file in part.files)
            is_same = _digest(read) == part.sha256
        except OSError:
            is_same = False
        if not is_same:
            yield Discrepancy(
                "site",
                str(folder),
                "与写出时不同，或已缺失",
                "is not as it was written, or a file of it is missing",
            )
