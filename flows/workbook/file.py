"""The file of a workbook: the parts beside its sheets, and how parts are packed.

Equal content gives equal bytes: no part has a clock but the one it is given.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator, Mapping, Sequence

from flows.workbook.xml import HEAD, MAIN, OFFICE, PACKAGE, write_attribute, write_text

_SHEET_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CORE_KIND = "application/vnd.openxmlformats-package.core-properties+xml"
_DEFAULTS = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "xml": "application/xml",
    "vml": "application/vnd.openxmlformats-officedocument.vmlDrawing",
}
_LONGEST_NAME = 31


def entry_of(name: str) -> zipfile.ZipInfo:
    """A part's entry in the file, packed, of no date."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def sheet_part(number: int) -> str:
    """The name of a sheet's part; sheets are numbered from 1."""
    return f"xl/worksheets/sheet{number}.xml"


def frame(
    names: Sequence[str],
    styles: str,
    repeated: Mapping[int, str] | None = None,
    commented: Sequence[int] = (),
    when: dt.datetime | None = None,
) -> Iterator[tuple[str, str]]:
    """The parts of a workbook beside its sheets, by name.

    `repeated`: by sheet, the rows that are printed on each page, as `11:11`; `commented`: the
    sheets that have comments; `when`: when the workbook was made.
    """
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name="{write_attribute(name[:_LONGEST_NAME])}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, names, strict=True)
    )
    titles = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{n - 1}">'
        f"{write_text(quote_sheet(names[n - 1]))}!${rows.replace(':', ':$')}</definedName>"
        for n, rows in (repeated or {}).items()
    )
    defined = f"<definedNames>{titles}</definedNames>" if titles else ""
    yield (
        "xl/workbook.xml",
        f'{HEAD}<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>{sheets}</sheets>{defined}</workbook>',
    )
    of_sheets = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    yield "xl/_rels/workbook.xml.rels", _relate([*of_sheets, ("rId0", "styles", "styles.xml")])
    of_package = [("rId1", f"{OFFICE}/officeDocument", "xl/workbook.xml")]
    if when:
        of_package.append(
            ("rId2", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml")
        )
        yield "docProps/core.xml", _write_core(when)
    yield "_rels/.rels", _relate(of_package)
    yield "xl/styles.xml", styles
    kinds = {sheet_part(n): f"{_SHEET_KIND}.worksheet+xml" for n in numbers}
    kinds |= {f"xl/comments{n}.xml": f"{_SHEET_KIND}.comments+xml" for n in commented}
    kinds |= {
        "xl/workbook.xml": f"{_SHEET_KIND}.sheet.main+xml",
        "xl/styles.xml": f"{_SHEET_KIND}.styles+xml",
    }
    kinds |= {"docProps/core.xml": _CORE_KIND} if when else {}
    for n in commented:
        yield (
            f"xl/worksheets/_rels/sheet{n}.xml.rels",
            _relate(
                [
                    ("comments", "comments", f"../comments{n}.xml"),
                    ("shapes", "vmlDrawing", f"../drawings/comments{n}.vml"),
                ]
            ),
        )
    yield "[Content_Types].xml", _write_kinds(kinds)


def quote_sheet(name: str) -> str:
    """A sheet's name as places have it."""
    return "'" + name.replace("'", "''") + "'"


def _relate(links: Sequence[tuple[str, str, str]]) -> str:
    """Name, kind (a whole one, or one of the office's) and target of each part that is linked."""
    written = "".join(
        f'<Relationship Id="{name}" Type="{kind if ":" in kind else f"{OFFICE}/{kind}"}" '
        f'Target="{target}"/>'
        for name, kind, target in links
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{written}</Relationships>'


def _write_kinds(kinds: Mapping[str, str]) -> str:
    defaults = "".join(
        f'<Default Extension="{ending}" ContentType="{kind}"/>'
        for ending, kind in _DEFAULTS.items()
    )
    parts = "".join(
        f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in kinds.items()
    )
    return f'{HEAD}<Types xmlns="{PACKAGE}/content-types">{defaults}{parts}</Types>'


def _write_core(when: dt.datetime) -> str:
    stamp = f'xsi:type="dcterms:W3CDTF">{when:%Y-%m-%dT%H:%M:%SZ}'
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:creator>jibao</dc:creator>'
        f"<dcterms:created {stamp}</dcterms:created><dcterms:modified {stamp}</dcterms:modified>"
        "<cp:lastModifiedBy>jibao</cp:lastModifiedBy></cp:coreProperties>"
    )
