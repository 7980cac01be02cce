"""The return workbook in another program: LibreOffice opens it, and what it saves is read back as it was."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from flows.forms.catalogue import load_catalogue
from flows.model.submission import save_submissions
from flows.reply.findings_sheet import LISTING
from flows.reply.step import write_replies
from tests.reply.test_blank_form import SAMPLES, fill_in, good_sample, make, rows_of

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
        str(SOFFICE), "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(saved), str(tmp_path / "answered.xlsx"),
    ]  # fmt: skip
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
        str(SOFFICE), "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", kind,
        "--outdir", str(tmp_path / "saved"), *(str(tmp_path / f"{code}.xlsx") for code in wheres),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    for code, where in wheres.items():
        saved = tmp_path / "saved" / f"{code}.{ext}"
        judged = judge_file(code, saved, **where)
        assert [(code, f.code, f.cell, f.message_en) for f in judged.findings] == []
        assert judged.status == "accepted"
        loaded = [r for r in judged.accepted if r.get("value", 0) is not None or r.get("growth_reported_pct") is not None]  # fmt: skip
        assert len(loaded) == sizes[code]
