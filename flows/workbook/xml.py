"""What all parts of an XLSX file share: names of the format, and texts that XML can hold."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
FIT_TO_PAGE = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def writable(text: str) -> str:
    """A text with the replacement character for each that XML cannot hold."""
    return _UNWRITABLE.sub("\ufffd", text)


def write_text(text: str) -> str:
    """A text as it stands in XML."""
    return escape(writable(text))


def write_attribute(text: str) -> str:
    """A text as it stands in an attribute, without its quotation marks."""
    return escape(writable(text), {'"': "&quot;", "\n": "&#10;"})


def write_inline(text: str) -> str:
    """A text in its cell, spaces kept."""
    return f"<is><t xml:space='preserve'>{write_text(text)}</t></is>"
