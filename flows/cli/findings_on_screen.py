"""Findings as `jibao validate` prints them: in one language, a table where the screen is wide."""

from __future__ import annotations

from pathlib import Path

from rich import box
from rich.padding import Padding
from rich.table import Table

from flows.cli.terminal import Lang, escape, fold, out
from flows.model.finding import Finding, Severity
from flows.model.text import show_control
from flows.reply.places import list_few, list_places
from flows.reply.wording import (
    EXPLAINED,
    GRADES,
    UNCHECKED,
    Group,
    count_in_english,
    group_findings,
    name_grade,
)

HARD = (Severity.REJECT, Severity.QUARANTINE)  # what holds something back
_STYLES = {
    Severity.REJECT: "bold red",
    Severity.QUARANTINE: "red",
    Severity.QUERY: "yellow",
    EXPLAINED: "green",
}
_HEADINGS = {
    Lang.zh: ("处理", "单元格", "内容", "问题", "怎样改正", "规则"),
    Lang.en: ("grade", "cell", "value", "what is wrong", "how to mend it", "rule"),
}
_WIDE = 130  # columns from which a table is easier to read than one finding below the other
_LINES = 10  # of one rule and column; the rest of them is one line more


def print_findings(path: Path, findings: list[Finding], lang: Lang) -> None:
    """Print one file's answer: the gravest finding first, the same of many rows once, and a line
    that counts.
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
    if groups and out.width >= _WIDE:
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
            _grade(name_grade(first), lang),
            _place(group, lang),
            list_few((f.value for f in group.findings), lang),
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
    entries = list_few((f.row_key for f in group.findings), lang)
    sent = list_few((f.value for f in group.findings), lang)
    parts = dict.fromkeys((_place(group, lang), entries, sent))
    facts = "  ".join(escape(part) for part in parts if part)
    grade = f"[{_STYLES.get(name_grade(first), 'dim')}]{_grade(name_grade(first), lang)}[/]"
    out.print(
        f"{grade}  {facts}  [dim]{first.code}[/]" if facts else f"{grade}  [dim]{first.code}[/]"
    )
    for text in (message, f"→ {mend}"):
        lines = fold(show_control(text), out.width - 6).split("\n")
        out.print(Padding("\n".join(map(escape, lines)), (0, 2, 0, 4), expand=False))
    out.print()


def _print_unchecked(groups: list[Group], lang: Lang) -> None:
    """The rules that could not be checked, below what they have in common: how they can be."""
    by_mend: dict[str, list[Group]] = {}
    for group in groups:
        by_mend.setdefault(_words(group, lang)[1], []).append(group)
    for mend, alike in by_mend.items():
        out.print(f"[dim]{_grade(UNCHECKED, lang)} → {escape(mend)}[/]", soft_wrap=True)
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


def _grade(name: str, lang: Lang) -> str:
    grade = GRADES[name]
    return {Lang.zh: grade.zh, Lang.en: f"{grade.zh[0]} {grade.en}"}[lang]


def _words(group: Group, lang: Lang) -> tuple[str, str]:
    which = 0 if lang is Lang.zh else 1
    return group.message[which], group.mend[which]


def _place(group: Group, lang: Lang) -> str:
    """Sheet and cells of a group: C7、C9–C12 and how many there are in all."""
    alike = group.findings
    sheet, many = alike[0].sheet or "", len(alike)
    places = list_places(alike, lang)
    if not places:
        return sheet
    total = {Lang.zh: f"（共 {many} 处）", Lang.en: f" ({many} in all)"}[lang] if many > 1 else ""
    return f"{sheet} {places}{total}".lstrip()


def _count(path: Path, findings: list[Finding], lang: Lang) -> str:
    """How many findings hold something back, ask, or tell."""
    grades = [name_grade(f) for f in findings]
    hard, asked, unchecked = (
        sum(g in HARD for g in grades),
        grades.count(Severity.QUERY),
        grades.count(UNCHECKED),
    )
    rest = len(grades) - hard - asked - unchecked
    if lang is Lang.zh:
        counts = [
            f"{hard} 处必须改正" if hard else "没有必须改正的",
            f"{asked} 处请说明" if asked else "",
            f"{unchecked} 条规则未能核验" if unchecked else "",
            f"另有 {rest} 条提示" if rest else "",
        ]
        return f"{escape(path.name)}：{'，'.join(s for s in counts if s)}"
    counts = [
        f"{count_in_english(hard, 'finding')} to correct" if hard else "nothing to correct",
        f"{asked} to explain" if asked else "",
        f"{count_in_english(unchecked, 'rule')} unchecked" if unchecked else "",
        count_in_english(rest, "note") if rest else "",
    ]
    return f"{escape(path.name)}: {', '.join(s for s in counts if s)}"
