"""Workbooks from other programs: LibreOffice itself, WPS and XlsxWriter by the traits of what they write."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from flows.forms.catalogue import load_catalogue
from flows.model.submission import save_submissions
from flows.reply.findings_sheet import LISTING
from flows.reply.step import write_replies
from tests.reply.test_blank_form import SAMPLES, bytes_of, fill_in, good_sample, make, rows_of
from tests.ugly.cell_files import zipped

SOFFICE = shutil.which("soffice")
TEXT = """项目名称,项目领域,建设阶段,计划总投资（万元）,备注
甲厂,工业,开工,约100,"=HYPERLINK(""http://x"",""点我"")"
110000000000000001,第四产业,开工,1O,+1+cmd
"""
WHY = "合同价尚未结算，按概算填报"


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed here")
def test_libreoffice_opens_a_return_workbook_and_values_keys_and_answers_survive(
    judge_file, tmp_path: Path
) -> None:
    first = judge_file("project_ledger", TEXT)
    submission = replace(first.submission, sender="甲", received_at="2022-10-20T09:00:00+08:00")
    save_submissions([submission], first.folder / "submissions.jsonl")
    (path,) = write_replies(first.folder, first.folder.parent, first.folder / "replies")
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[LISTING]
    sheet["B10"] = "张三"
    sheet.cell(
        next(n for n in range(12, 20) if str(sheet.cell(n, 10).value).endswith("VALUE-BOUND")), 9
    ).value = WHY
    workbook.save(tmp_path / "answered.xlsx")
    saved = tmp_path / "saved"
    command = [
        str(SOFFICE),
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(saved),
        str(tmp_path / "answered.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)

    workbook = openpyxl.load_workbook(saved / "answered.xlsx")
    own = workbook["报送内容 As sent"]
    assert [[cell.value for cell in row] for row in own.iter_rows(min_row=2, max_col=5)] == [
        ["甲厂", "工业", "开工", "约100", '=HYPERLINK("http://x","点我")'],
        ["110000000000000001", "第四产业", "开工", "1O", "+1+cmd"],
    ]
    assert all(
        cell.data_type == "s" for row in own.iter_rows() for cell in row if cell.value is not None
    ), "nothing has become a formula"
    assert own["D3"].fill.fgColor.rgb == "FFF8C992" and "不是数字" in own["D3"].comment.text
    again = judge_file("project_ledger", saved / "answered.xlsx", name="project_ledger.r2.xlsx")
    assert again.only("VALUE-BOUND").explanation == WHY
    assert [f.code for f in again.broken() if f.code.startswith("EXPLANATION")] == []


@pytest.mark.torture
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed here")
@pytest.mark.parametrize("kind", ["xlsx:Calc MS Excel 2007 XML", "ods", "xls:MS Excel 97"])
def test_a_filled_template_saved_by_libreoffice_draws_no_finding(
    judge_file, tmp_path: Path, kind: str
) -> None:
    ext = kind.partition(":")[0]
    wheres, sizes = {}, {}
    for code, form in load_catalogue().items():
        sample = good_sample(code)
        wheres[code] = {
            "period": str(sample.get("period", "2022Q3")),
            "zone": str(sample.get("zone", "150571")),
        }
        judged = judge_file(code, SAMPLES / code / str(sample["file"]), **wheres[code])
        workbook, rows = make(form), rows_of(form, judged)
        fill_in(workbook.worksheets[0], form, rows)
        workbook.save(tmp_path / f"{code}.xlsx")
        sizes[code] = len(rows)
    command = [
        str(SOFFICE),
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        kind,
        "--outdir",
        str(tmp_path / "saved"),
        *(str(tmp_path / f"{code}.xlsx") for code in wheres),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    for code, where in wheres.items():
        saved = tmp_path / "saved" / f"{code}.{ext}"
        judged = judge_file(code, saved, **where)
        assert [(code, f.code, f.cell, f.message_en) for f in judged.findings] == []
        assert judged.status == "accepted"
        loaded = [
            r
            for r in judged.accepted
            if r.get("value", 0) is not None or r.get("growth_reported_pct") is not None
        ]
        assert len(loaded) == sizes[code]


# --- other programs, by the traits of what they write ----------------------------------------------

_WPS_SPACES = (
    b' xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
    b' xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
    b' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    b' xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"'
)
_WPS_EXTENSION = (
    b'<headerFooter/><extLst><ext uri="{3D3B1F2C-7F6E-4F8B-9E3B-6B6B5B1D2C11}">'
    b'<etc:autofilterAnalysis etc:version="v1"><etc:analysisCharts/></etc:autofilterAnalysis>'
    b"</ext></extLst></worksheet>"
)
_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.'
    b'openxmlformats.org/officeDocument/2006/extended-properties"><Application>%s</Application></Properties>'
)


def as_wps_saves_it(parts: dict[str, bytes]) -> None:
    """Elements of its own name space, parts of its own, spans of rows, and its name."""
    for name in [name for name in parts if name.startswith("xl/worksheets/sheet")]:
        xml = re.sub(rb"<headerFooter.*?</headerFooter>|<headerFooter */>", b"", parts[name])
        xml = re.sub(rb"<worksheet ", b"<worksheet" + _WPS_SPACES + b" ", xml, count=1)
        xml = re.sub(rb'(<row r="\d+")', rb'\1 spans="1:9" x14ac:dyDescent="0.25"', xml)
        xml = xml.replace(
            b"<worksheet",
            b'<worksheet xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"',
            1,
        )
        parts[name] = xml.replace(b"</worksheet>", _WPS_EXTENSION)
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"<workbookPr",
        b'<fileVersion appName="xl" lastEdited="3" lowestEdited="5" rupBuild="9302"/><workbookPr',
        1,
    )
    parts["docProps/app.xml"] = _APP % "WPS 表格".encode()
    parts["docProps/custom.xml"] = (
        b'<?xml version="1.0"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        b'<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer">'
        b"<vt:lpwstr>2052-12.1.0.16929</vt:lpwstr></property></Properties>"
    )
    parts["xl/customStorage/customStorage.xml"] = (
        b'<?xml version="1.0"?><customStorage xmlns="https://web.wps.cn/et/2018/main"><book/><sheets/></customStorage>'
    )


def as_xlsxwriter_saves_it(parts: dict[str, bytes]) -> None:
    """No styles, texts in a table of their own, a dimension; nothing but cells."""
    shared: list[bytes] = []

    def share(match: re.Match[bytes]) -> bytes:
        shared.append(match[1])
        return b't="s"><v>%d</v></c>' % (len(shared) - 1)

    for name in [name for name in parts if name.startswith("xl/worksheets/sheet")]:
        (cells,) = re.findall(rb"<sheetData>.*</sheetData>", parts[name], re.S)
        cells = re.sub(rb'(<c r="\w+") s="\d+"', rb"\1", cells)
        cells = re.sub(rb'<c r="\w+"( t="n")? ?/>', b"", cells)
        cells = re.sub(rb't="inlineStr"><is>(.*?)</is></c>', share, cells, flags=re.S)
        head = re.findall(rb"^.*?<worksheet[^>]*>", parts[name], re.S)[0]
        parts[name] = head + b'<dimension ref="A1:I60"/>' + cells + b"</worksheet>"
        parts.pop(name.replace("worksheets/", "worksheets/_rels/") + ".rels", None)
    parts["xl/sharedStrings.xml"] = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        + b"".join(b"<si>" + text + b"</si>" for text in shared)
        + b"</sst>"
    )
    of_strings = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + of_strings + b'"/></Types>',
    )
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="'
        + kind
        + b'" Target="sharedStrings.xml"/></Relationships>',
    )
    parts["docProps/app.xml"] = _APP % b"Microsoft Excel"


@pytest.mark.parametrize("save", [as_wps_saves_it, as_xlsxwriter_saves_it])
@pytest.mark.parametrize("code", ["gdp", "main_indicators", "enterprise_quarter", "plan_targets"])
def test_a_filled_template_as_another_program_saves_it_draws_no_finding(
    judge_file, code: str, save: Callable[[dict[str, bytes]], None]
) -> None:
    form, sample = load_catalogue()[code], good_sample(code)
    where = {
        "period": str(sample.get("period", "2022Q3")),
        "zone": str(sample.get("zone", "150571")),
    }
    rows = rows_of(form, judge_file(code, SAMPLES / code / str(sample["file"]), **where))
    workbook = make(form)
    fill_in(workbook.worksheets[0], form, rows)
    with zipfile.ZipFile(io.BytesIO(bytes_of(workbook))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    save(parts)
    judged = judge_file(code, zipped(parts), name=f"{code}.xlsx", **where)
    assert [(f.code, f.cell, f.message_en) for f in judged.findings] == []
    loaded = [
        r
        for r in judged.accepted
        if r.get("value", 0) is not None or r.get("growth_reported_pct") is not None
    ]
    assert judged.status == "accepted" and len(loaded) == len(rows)
