"""The command line: `jibao validate` checks files before they are sent."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from flows.cli.terminal import Lang, in_words, out
from flows.findings import Finding, Severity
from flows.forms import load_catalogue
from flows.grids import UnreadableError, open_grids
from flows.periods import Period, find_period, parse_period
from flows.zones import known_zones

_GRADE_STYLES = {Severity.REJECT: "bold red", Severity.QUARANTINE: "red", Severity.QUERY: "yellow", Severity.NOTE: "dim"}


@in_words
def validate(
    files: Annotated[list[Path], typer.Argument(help="Files to check; nothing is written.", show_default=False)],
    form: Annotated[str | None, typer.Option(help="The form, where the file's name does not say it.")] = None,
    zone: Annotated[str | None, typer.Option(help="The zone, where the path does not say it.")] = None,
    period: Annotated[str | None, typer.Option(help="The quarter, where neither path nor title says it.")] = None,
    lang: Annotated[Lang, typer.Option(help="Language of the answer.")] = Lang.zh,
) -> None:
    """Check files before they are sent: which cell is wrong, and how to mend it."""
    worst = 0
    for path in files:
        if not path.is_file():
            raise FileNotFoundError(f"there is no file {path}")
        findings = _check_file(path, form, zone, period)
        _print_findings(path, findings, lang)
        held = any(f.outcome == "broken" and f.severity in (Severity.REJECT, Severity.QUARANTINE) for f in findings)
        worst = max(worst, int(held))
    raise typer.Exit(worst)


def _check_file(path: Path, form: str | None, zone: str | None, period: str | None) -> list[Finding]:
    """Findings of one file, by the very stages that a run takes."""
    from flows import read as reading
    from flows import receive as receiving
    from flows import validate as validating
    from flows.findings import tabulate
    from flows.handoff import open_table

    catalogue = load_catalogue()
    path = path.resolve()
    code = form or path.name.split(".")[0]
    if code not in catalogue:
        raise ValueError(f"{path.name}: which form is it? say --form with one of: {', '.join(sorted(catalogue))}")
    if zone and zone not in known_zones():
        raise ValueError(f"there is no zone {zone}; known: {', '.join(sorted(known_zones()))}")
    when = parse_period(period) if period else find_period(path.parent.name) or _period_inside(path)
    if when is None:
        raise ValueError(f"{path.name}: which quarter is it for? say --period, e.g. --period 2022Q3")
    submission = receiving.describe_file(path.parent, path, code, zone or path.parent.parent.name, str(when))
    with tempfile.TemporaryDirectory(prefix="jibao-") as folder:
        work = Path(folder)
        reading.read_form(catalogue[code], [submission], path.parent, work)
        validating.validate_form(catalogue[code], [submission], tabulate([]), work, judge=None)
        return [Finding(**row) for row in open_table(work / "finding.arrow").to_pylist()]


def _period_inside(path: Path) -> Period | None:
    """The quarter that the file's own title names."""
    try:
        grids = open_grids(path)
    except UnreadableError:
        today = dt.datetime.now(dt.UTC)
        return Period(today.year, (today.month + 2) // 3)  # whichever: the finding will be about the file itself
    cells = (cell for grid in grids for row in grid.head[:10] for cell in row if cell)
    return next((found for cell in cells if (found := find_period(cell))), None)


def _print_findings(path: Path, findings: list[Finding], lang: Lang) -> None:
    broken = [f for f in findings if f.outcome == "broken"]
    if not findings:
        out.print(f"[green]✓[/] {escape(str(path))}: " + {"zh": "没有发现问题", "en": "nothing to mend"}[lang])
        return
    headings = {
        "zh": ("处理", "工作表", "单元格", "内容", "问题", "怎样改正", "规则"),
        "en": ("grade", "sheet", "cell", "value", "what is wrong", "how to mend it", "rule"),
    }[lang]
    grades = {
        "zh": {"reject": "整份退回", "quarantine": "本行扣留", "query": "请说明", "note": "提示", "unchecked": "未能核验"},
        "en": {"reject": "rejected", "quarantine": "row held", "query": "explain", "note": "note", "unchecked": "unchecked"},
    }[lang]
    table = Table(box=box.SIMPLE_HEAD, title=escape(str(path)), title_justify="left")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for f in sorted(findings, key=lambda f: list(Severity).index(Severity(f.severity))):
        message, mend = (f.message_zh, f.mend_zh) if lang == Lang.zh else (f.message_en, f.mend_en)
        grade = grades[f.severity] if f.outcome == "broken" else grades["unchecked"]
        cells = (grade, f.sheet or "", f.cell or "", f.value or "", message, mend, f.code)
        table.add_row(*(escape(str(c)) for c in cells), style=_GRADE_STYLES[Severity(f.severity)])
    out.print(table)
    out.print({"zh": f"{path.name}: {len(broken)} 个问题", "en": f"{path.name}: {len(broken)} findings"}[lang])
