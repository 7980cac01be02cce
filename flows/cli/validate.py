"""The command line: `jibao validate` checks files before they are sent."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from flows.cli.terminal import Lang, err, in_words, out, require_file
from flows.forms.catalogue import load_catalogue
from flows.model.finding import FINDING_SCHEMA, Finding, Severity
from flows.model.period import Period, find_period, parse_period
from flows.model.zone import known_zones
from flows.read.grid import UnreadableError, open_grids
from flows.reply.sender_sheets import list_cells
from flows.reply.wording import (
    EXPLAINED,
    UNCHECKED,
    Group,
    count_in_english,
    group_findings,
    name_grade,
)

_HARD = (Severity.REJECT, Severity.QUARANTINE)
_STYLES = {
    Severity.REJECT: "bold red",
    Severity.QUARANTINE: "red",
    Severity.QUERY: "yellow",
    EXPLAINED: "green",
}
_GRADES: dict[Lang, dict[str, str]] = {
    Lang.zh: {
        "reject": "✕ 整份退回", "quarantine": "▲ 本行扣留", "query": "? 请说明", "note": "◇ 提示",
        EXPLAINED: "✓ 已说明", UNCHECKED: "□ 未能核验",
    },
    Lang.en: {
        "reject": "✕ rejected", "quarantine": "▲ row held", "query": "? explain", "note": "◇ note",
        EXPLAINED: "✓ explained", UNCHECKED: "□ unchecked",
    },
}  # fmt: skip
_HEADINGS = {
    Lang.zh: ("处理", "单元格", "内容", "问题", "怎样改正", "规则"),
    Lang.en: ("grade", "cell", "value", "what is wrong", "how to mend it", "rule"),
}
_WIDE = 130  # columns from which a table is easier to read than one finding below the other
_LINES = 10  # of one rule and column; the rest of them is one line more


class Form(StrEnum):
    """How the answer is written."""

    table = "table"
    json = "json"
    csv = "csv"


@in_words
def validate(
    files: Annotated[
        list[Path], typer.Argument(help="Files to check; nothing is written.", show_default=False)
    ],
    form: Annotated[
        str | None, typer.Option(help="The form, where the file's name does not say it.")
    ] = None,
    zone: Annotated[
        str | None, typer.Option(help="The zone, where the path does not say it.")
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="The quarter, where neither path nor title says it.")
    ] = None,
    warehouse: Annotated[
        Path, typer.Option(help="Compare with what stands there, where there is one.")
    ] = Path("warehouse"),
    lang: Annotated[Lang, typer.Option(help="Language of the answer.")] = Lang.zh,
    as_: Annotated[
        Form,
        typer.Option(
            "--format",
            help="table is for people; json and csv give every finding, in both languages.",
        ),
    ] = Form.table,
) -> None:
    """Check files before they are sent: which cell is wrong, and how to mend it.

    Exit codes:
    0  every file would be loaded whole (there may be questions to answer);
    1  a row or a file would be held back;
    2  a file is not there, or its form or quarter cannot be told.
    """
    worst = 0
    answers: list[tuple[Path, list[Finding]]] = []
    for path in files:
        try:
            require_file(path)
            answers.append((path, _check_file(path, form, zone, period, warehouse)))
        except (OSError, ValueError) as problem:  # one file stops no other
            err.print(f"[red]jibao:[/] {escape(str(problem))}", soft_wrap=True)
            worst = 2
    _write_answers(answers, lang, as_)
    held = any(
        f.outcome == "broken" and f.severity in _HARD for _, findings in answers for f in findings
    )
    raise typer.Exit(max(worst, int(held)))


def _check_file(
    path: Path, form: str | None, zone: str | None, period: str | None, warehouse: Path
) -> list[Finding]:
    """Findings of one file, by the very stages that a run takes."""
    from flows.model.arrow_files import open_table
    from flows.model.finding import findings_table
    from flows.model.submission import save_submissions
    from flows.read import step as reading
    from flows.receive import step as receiving
    from flows.validate import step as validating
    from flows.validate.batch import FormBatch

    catalogue = load_catalogue()
    path = path.resolve()
    code = form or path.name.split(".")[0]
    if code not in catalogue:
        raise ValueError(
            f"{path.name}: which form is it? say --form with one of: {', '.join(sorted(catalogue))}"
        )
    if zone and zone not in known_zones():
        raise ValueError(f"there is no zone {zone}; known: {', '.join(sorted(known_zones()))}")
    when = parse_period(period) if period else find_period(path.parent.name) or _period_inside(path)
    if when is None:
        raise ValueError(
            f"{path.name}: which quarter is it for? say --period, e.g. --period 2022Q3"
        )
    submission = receiving.describe_file(
        path.parent, path, code, zone or path.parent.parent.name, str(when)
    )
    with tempfile.TemporaryDirectory(prefix="jibao-") as folder:
        work = Path(folder)
        reading.read_form(catalogue[code], [submission], path.parent, work)
        save_submissions([submission], work / "submissions.jsonl")
        validating.validate_form(
            catalogue[code], [submission], findings_table([]), work, store=None
        )
        validating.compare_forms([FormBatch(catalogue[code], work)], warehouse, store=None)
        return [Finding(**row) for row in open_table(work / "finding.arrow").to_pylist()]


def _period_inside(path: Path) -> Period | None:
    """The quarter that the file's own title names."""
    try:
        grids = open_grids(path)
    except UnreadableError:
        today = dt.datetime.now(dt.UTC)
        return Period(
            today.year, (today.month + 2) // 3
        )  # whichever: the finding will be about the file itself
    cells = (cell for grid in grids for row in grid.head[:10] for cell in row if cell)
    return next((found for cell in cells if (found := find_period(cell))), None)


# --- the answer ---------------------------------------------------------------------------------


def _write_answers(answers: list[tuple[Path, list[Finding]]], lang: Lang, as_: Form) -> None:
    if as_ is Form.json:
        said = [
            {"file": str(path), "findings": [_plain(path, f) for f in findings]}
            for path, findings in answers
        ]
        sys.stdout.write(json.dumps(said, ensure_ascii=False, indent=1) + "\n")
    elif as_ is Form.csv:
        writer = csv.DictWriter(sys.stdout, ["file", *FINDING_SCHEMA.names], lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {"file": str(path), **_plain(path, f)} for path, findings in answers for f in findings
        )
    else:
        for path, findings in answers:
            _print_findings(path, findings, lang)


def _plain(path: Path, finding: Finding) -> dict[str, object]:
    """A finding as it stands in `ledger.finding`, with the path as it was given."""
    return asdict(finding) | {"path": str(path)}


def _print_findings(path: Path, findings: list[Finding], lang: Lang) -> None:
    """One file's answer: the gravest first, what is said of many rows said once, and a line that
    counts.
    """
    if not findings:
        out.print(
            f"[green]✓[/] {escape(str(path))}: "
            + {Lang.zh: "没有发现问题", Lang.en: "nothing to mend"}[lang],
            soft_wrap=True,
        )
        return
    out.print(f"[bold]{escape(str(path))}[/]", soft_wrap=True)
    groups = group_findings([f for f in findings if f.outcome != "unchecked"], _LINES)
    if groups and shutil.get_terminal_size().columns >= _WIDE:
        _print_table(groups, lang)
    else:
        for group in groups:
            _print_block(group, lang)
    _print_unchecked(group_findings([f for f in findings if f.outcome == "unchecked"]), lang)
    out.print(_count(path, findings, lang), soft_wrap=True)


def _print_table(groups: list[Group], lang: Lang) -> None:
    table = Table(box=box.SIMPLE_HEAD)
    for heading, least in zip(_HEADINGS[lang], (11, 8, 6, 24, 24, 8), strict=True):
        table.add_column(heading, overflow="fold", min_width=least)
    for group in groups:
        first = group.findings[0]
        message, mend = _words(group, lang)
        cells = (
            _GRADES[lang][name_grade(first)],
            _place(group, lang),
            _value(group, lang),
            message,
            mend,
            first.code,
        )
        table.add_row(*(escape(c) for c in cells), style=_STYLES.get(name_grade(first), "dim"))
    out.print(table)


def _print_block(group: Group, lang: Lang) -> None:
    """One finding below the other: grade, cell, entry, value and rule on a line, then what is wrong
    and how to mend it.
    """
    first = group.findings[0]
    message, mend = _words(group, lang)
    entries = _list_few((f.row_key for f in group.findings), lang)
    known = dict.fromkeys((_place(group, lang), entries, _value(group, lang)))
    said = "  ".join(escape(part) for part in known if part)
    grade = f"[{_STYLES.get(name_grade(first), 'dim')}]{_GRADES[lang][name_grade(first)]}[/]"
    out.print(
        f"{grade}  {said}  [dim]{first.code}[/]" if said else f"{grade}  [dim]{first.code}[/]"
    )
    for text in (message, f"→ {mend}"):
        out.print(Padding(escape(text), (0, 2, 0, 4), expand=False))
    out.print()


def _print_unchecked(groups: list[Group], lang: Lang) -> None:
    """The rules that could not be checked, below what they have in common: how they can be."""
    by_mend: dict[str, list[Group]] = {}
    for group in groups:
        by_mend.setdefault(_words(group, lang)[1], []).append(group)
    for mend, alike in by_mend.items():
        out.print(f"[dim]{_GRADES[lang][UNCHECKED]} → {escape(mend)}[/]", soft_wrap=True)
        for group in alike:
            first, place = group.findings[0], _place(group, lang)
            title = {Lang.zh: first.rule_zh, Lang.en: first.rule_en}[lang]
            out.print(
                Padding(
                    f"[dim]{first.code}  {escape(title)}{f'  {escape(place)}' if place else ''}[/]",
                    (0, 2, 0, 4),
                    expand=False,
                )
            )
        out.print()


def _words(group: Group, lang: Lang) -> tuple[str, str]:
    first = group.findings[0]
    return (
        (group.message[0], first.mend_zh) if lang is Lang.zh else (group.message[1], first.mend_en)
    )


def _place(group: Group, lang: Lang) -> str:
    """Sheet and cells of a group: C7、C9–C12 and how many there are in all."""
    found = group.findings
    cells = list(dict.fromkeys(f.cell for f in found if f.cell))
    rows = sorted({f.row for f in found if f.row})
    if not cells and not rows:
        return found[0].sheet or ""
    listed = list_cells(cells, 3).replace("、", {Lang.zh: "、", Lang.en: ", "}[lang])
    said = listed if cells else {Lang.zh: f"第 {rows[0]} 行", Lang.en: f"row {rows[0]}"}[lang]
    many = len(found)
    total = {Lang.zh: f"（共 {many} 处）", Lang.en: f" ({many} in all)"}[lang] if many > 1 else ""
    return f"{found[0].sheet} {said}{total}" if found[0].sheet else said + total


def _value(group: Group, lang: Lang) -> str:
    """What was sent."""
    return _list_few((f.value for f in group.findings), lang)


def _list_few(texts: Iterable[str | None], lang: Lang) -> str:
    """The first three different texts."""
    known = list(dict.fromkeys(t for t in texts if t and t.strip("… ·")))
    return {Lang.zh: "、", Lang.en: ", "}[lang].join(known[:3]) + ("…" if len(known) > 3 else "")


def _count(path: Path, findings: list[Finding], lang: Lang) -> str:
    """How many findings hold something back, ask, or tell."""
    grades = [name_grade(f) for f in findings]
    hard, asked, unchecked = (
        sum(g in _HARD for g in grades),
        grades.count(Severity.QUERY),
        grades.count(UNCHECKED),
    )
    rest = len(grades) - hard - asked - unchecked
    if lang is Lang.zh:
        said = [
            f"{hard} 处必须改正" if hard else "没有必须改正的",
            f"{asked} 处请说明" if asked else "",
            f"{unchecked} 条规则未能核验" if unchecked else "",
            f"另有 {rest} 条提示" if rest else "",
        ]
        return f"{escape(path.name)}：{'，'.join(s for s in said if s)}"
    said = [
        f"{count_in_english(hard, 'finding')} to correct" if hard else "nothing to correct",
        f"{asked} to explain" if asked else "",
        f"{count_in_english(unchecked, 'rule')} unchecked" if unchecked else "",
        count_in_english(rest, "note") if rest else "",
    ]
    return f"{escape(path.name)}: {', '.join(s for s in said if s)}"
