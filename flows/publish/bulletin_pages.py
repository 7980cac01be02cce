"""The pages of all bulletins: `published/<zone>/<period>/` for the office, the same below
`published/public/` for everybody. A run writes those whose inputs have changed.

What a page was made of is noted as a digest in `published/pages.json`. A page that stays is linked
into the new folder, not written again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import duckdb
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from flows.model.discrepancy import Discrepancy
from flows.model.period import Period, parse_period
from flows.publish.bulletin_document import Document, arrange_document
from flows.publish.bulletin_files import FEW, can_write_pdf, file_names, write_documents
from flows.publish.bulletin_numbers import plain
from flows.publish.bulletin_page import write_page
from flows.publish.bulletin_parts import AUDIENCES, LANGUAGES, BulletinParts, compose
from flows.publish.bulletin_rows import Pages, Place, read_pages
from flows.publish.exports import keep_file
from flows.publish.signing import key_path, open_key, public_part
from flows.publish.step import PUBLIC_FOLDER
from flows.warehouse.database import read_run
from flows.warehouse.own_faults import OF_THE_RUN, Spare, spare_nothing
from flows.warehouse.writers import written_by

INDEX = "pages.json"
PAGE = "index.html"
_SHORT = 16  # characters of a digest: a file was damaged or edited, nobody signs for it

# a figure of a submission never changes unless it is judged again, by another run
_INPUTS = """
with asked as (
    select q.submission, q.asks_about_all::varchar || coalesce(q.rows_asked::varchar, '') as asked
    from staging.open_query as q
)

select c.zone, c.period, c.submission || coalesce(s.run, '') || coalesce(a.asked, '') as input
from staging.current_submission as c
inner join ledger.submission as s on c.submission = s.submission
left join asked as a on c.submission = a.submission
where regexp_full_match(c.period, '[0-9]{4}Q[1-4]')
union all
select e.zone, e.period, e.edition || e.sha256 from staging.edition_zone as e
union all
select s.zone, s.period, 'withdrawn' || s.submission
from ledger.withdrawal as w inner join ledger.submission as s on w.submission = s.submission
where regexp_full_match(s.period, '[0-9]{4}Q[1-4]')
order by all
"""
# among which a zone has its place
_EDITIONS = """
select e.period, string_agg(e.edition || e.sha256, ' ' order by e.edition)
from ledger.edition as e group by e.period
"""


@dataclass(frozen=True)
class IndexedPage:
    """A page as the index has it: what it was made of, and the file; no file where there is no
    figure to show. `files` has a digest for each of `file_names` beside it, empty for one that
    could not be made.
    """

    inputs: str
    sha256: str | None
    files: Sequence[str] = ()


def place_of(published: Path, zone: str, period: str, audience: str) -> Path:
    """The folder of a page."""
    top = published / PUBLIC_FOLDER if audience == "public" else published
    return top / zone / period


def write_pages(
    run_file: Path, warehouse: Path, key_file: Path | None = None, spare: Spare = spare_nothing
) -> int:
    """Write the pages that changed beside what readers have, and take over the others; a page that
    is spared is not there. Returns how many were written.
    """
    published, beside = warehouse / "published", warehouse / "work" / "published"
    before, after = read_index(published), dict[str, IndexedPage]()
    key = open_key(key_file or key_path())
    public = None if key is None else public_part(key)
    with_pdf = can_write_pdf()
    maker = made_by(public, with_pdf)
    names = [PAGE, *file_names(with_pdf)]
    with read_run(run_file) as con:
        inputs = digest_inputs(con, maker)
        stale = []
        for place, digest in inputs.items():
            for audience in AUDIENCES:
                name = "/".join((audience, *place))
                made = before.get(name)
                is_same = made and made.inputs == digest
                if made and is_same and _take_over(published, beside, name, made, names):
                    after[name] = made
                else:
                    stale.append((place, audience, digest))
        pages = _read_all(con, sorted({place for place, _, _ in stale}), spare)
    # the workers set documents while the next page is composed
    documents = _write_stale(stale, pages, beside, key, after, spare)
    write_documents(documents, with_pdf, spare, many=len(stale) > FEW // len(LANGUAGES))
    written = 0
    for place, audience, _ in stale:
        name, folder = "/".join((audience, *place)), place_of(beside, *place, audience)
        if name in after and after[name].sha256:
            after[name] = replace(after[name], files=_digest_files(folder, names[1:]))
            written += 1
    index = {
        "made_by": maker,
        "pdf": with_pdf,
        "pages": {n: asdict(m) for n, m in sorted(after.items())},
    }
    (beside / INDEX).write_text(json.dumps(index, indent=0), encoding="utf-8")
    return written


def _read_all(
    con: duckdb.DuckDBPyConnection, places: Sequence[Place], spare: Spare
) -> dict[Place, Pages]:
    """What the pages of each place say; where they cannot be read together, one by one, without
    those that are spared.
    """
    try:
        return dict.fromkeys(places, read_pages(con, places))
    except OF_THE_RUN:
        raise
    except Exception:
        readable = {}
        for place in places:
            with spare(f"published/{'/'.join(place)}/{PAGE}"):
                readable[place] = read_pages(con, [place])
        return readable


def _write_stale(
    stale: Sequence[tuple[Place, str, str]],
    pages: dict[Place, Pages],
    beside: Path,
    key: Ed25519PrivateKey | None,
    after: dict[str, IndexedPage],
    spare: Spare,
) -> Iterator[tuple[Document, Path]]:
    """Write the pages of `stale` (place, audience, digest), note them in `after`, and give the
    documents that go beside each, with their folder.
    """
    public = None if key is None else public_part(key)
    for place, audience, digest in stale:
        folder = place_of(beside, *place, audience)
        if place not in pages:
            continue
        with spare(f"published/{folder.relative_to(beside)}/{PAGE}"):
            parts, sha256 = compose(pages[place], place, audience), None
            arranged: list[Document] = []
            if parts:
                arranged = [arrange_document(parts, lang, public) for lang in parts.texts]
                sha256 = _write_page(parts, key, folder)
            after["/".join((audience, *place))] = IndexedPage(digest, sha256)
            yield from ((document, folder) for document in arranged)


def _write_page(parts: BulletinParts, key: Ed25519PrivateKey | None, folder: Path) -> str:
    """Write a page and its texts. Returns its digest."""
    page = write_page(parts, key)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PAGE).write_bytes(page)
    for lang, text in parts.texts.items():
        (folder / f"bulletin.{lang}.txt").write_text(plain(text), encoding="utf-8")
    return hashlib.sha256(page).hexdigest()


def read_index(published: Path) -> dict[str, IndexedPage]:
    """The pages that are published, by audience, zone and quarter; none where there is no index."""
    try:
        index = json.loads((published / INDEX).read_bytes())
        return {name: IndexedPage(**made) for name, made in index["pages"].items()}
    except (OSError, ValueError, TypeError, KeyError):  # written by another version: all anew
        return {}


def are_current(warehouse: Path) -> bool:
    """Whether the pages are signed by today's key and made by today's program, where there are
    any.
    """
    try:
        index = json.loads((warehouse / "published" / INDEX).read_bytes())
        key = open_key(key_path())
        return bool(
            index["made_by"] == made_by(None if key is None else public_part(key), can_write_pdf())
        )
    except FileNotFoundError:
        return True
    except (ValueError, KeyError, TypeError):
        return False


def has_pdfs(published: Path) -> bool:
    """Whether the run that wrote the pages had a Chinese font; True where there is no index."""
    try:
        return bool(json.loads((published / INDEX).read_bytes())["pdf"])
    except (OSError, ValueError, TypeError, KeyError):
        return True


def check_pages(published: Path) -> Iterator[Discrepancy]:
    """Which pages, and files beside them, are not as they were written."""
    names = file_names(has_pdfs(published))
    for name, made in read_index(published).items():
        if made.sha256 is None:
            continue
        audience, zone, period = name.split("/")
        folder = place_of(published, zone, period, audience)
        is_same = {PAGE: _digest(folder / PAGE) == made.sha256}
        is_same |= {
            file: not noted or noted == digest
            for file, noted, digest in zip(
                names, made.files, _digest_files(folder, names), strict=False
            )
        }
        for file, is_whole in is_same.items():
            if not is_whole:
                yield Discrepancy(
                    "bulletins",
                    str(folder / file),
                    "与写出时不同，或已缺失",
                    "is missing, or not as it was written",
                )


def _digest_files(folder: Path, names: Sequence[str]) -> list[str]:
    return [_digest(folder / name)[:_SHORT] for name in names]


def _digest(path: Path) -> str:
    """Of a file's bytes; an empty text where it is not there."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def digest_inputs(con: duckdb.DuckDBPyConnection, maker: str) -> dict[Place, str]:
    """What each page is made of: its own quarter, those of the year before it, the one before, that
    a year earlier, the nation's, and the editions of all zones.
    """
    inputs: dict[Place, list[str]] = {}
    for zone, period, given in con.execute(_INPUTS).fetchall():
        inputs.setdefault((zone, period), []).append(given)
    built = con.execute("select fingerprint, nation() from ref.build").fetchone()
    nation = built[1] if built else ""
    editions = dict(con.execute(_EDITIONS).fetchall())
    digests = {}
    for zone, code in inputs:
        period = parse_period(code)
        of_year = {Period(period.year, quarter) for quarter in range(1, period.quarter + 1)}
        near = sorted(of_year | {period.previous(), period.year_earlier()})
        places = [*((zone, str(p)) for p in near), (nation, code)]
        parts = [maker, str(built), str(editions.get(code))]
        parts += [str(inputs.get(place)) for place in places]
        digests[zone, code] = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
    return digests


def made_by(public_key: str | None, with_pdf: bool) -> str:
    """The program and the key that make pages, and whether there are PDFs, in one digest."""
    return hashlib.sha256(f"{public_key} {with_pdf} {written_by()}".encode()).hexdigest()[:24]


def _take_over(
    published: Path, beside: Path, name: str, made: IndexedPage, names: list[str]
) -> bool:
    """Link a page that stays into the new folder, and the files beside it; False where one is not
    there.
    """
    if made.sha256 is None:
        return True
    audience, zone, period = name.split("/")
    before = place_of(published, zone, period, audience)
    after = place_of(beside, zone, period, audience)
    after.mkdir(parents=True, exist_ok=True)
    return all(keep_file(before / file, after / file) for file in names)
