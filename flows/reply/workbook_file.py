"""A workbook's file: the same content gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

from openpyxl.workbook import Workbook
from openpyxl.writer.excel import ExcelWriter


def save_workbook(workbook: Workbook, target: Path, when: dt.datetime) -> None:
    """Write a workbook whose bytes depend on its content alone: `when` stands for every clock."""
    workbook.properties.creator = workbook.properties.lastModifiedBy = "jibao"
    workbook.properties.created = when
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as unpacked:  # it is packed below
        ExcelWriter(workbook, unpacked).save()
    stamp = f"{when:%Y-%m-%dT%H:%M:%SZ}".encode()
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        zipfile.ZipFile(written) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as sink,
    ):
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            sink.writestr(
                zipfile.ZipInfo(item.filename, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED
            )
