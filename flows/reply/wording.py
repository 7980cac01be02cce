"""How findings look and read to people: grades, groups, and the verdict in one sentence.

`GRADES` is the one vocabulary of grades: workbooks, receipts and `jibao validate` speak it.
"""

from __future__ import annotations

import collections
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from flows.model.finding import Finding, Influence, Severity, Stage, Status
from flows.model.submission import Submission

EXPLAINED, UNCHECKED = "explained", "unchecked"
MAX_SAME = 50  # lines of one rule and column in a list; the rest of them is one line more
_EARLY = (Stage.FILE, Stage.LAYOUT)  # these come before what is found in the rows


@dataclass(frozen=True)
class Grade:
    """How a severity looks: strong and framed where it holds back, pale and dashed where it does
    not.
    """

    zh: str
    en: str
    meaning: str
    fill: str
    frame: Literal["medium", "dashed", "dotted"]
    ink: str

    @property
    def words(self) -> str:
        """The grade in both languages."""
        return f"{self.zh} · {self.en}"


GRADES = {
    str(Severity.REJECT): Grade(
        "✕ 整份退回",
        "Rejected",
        "改正之前全部不入库 · nothing loads until it is corrected",
        "F0A099",
        "medium",
        "A61B1B",
    ),
    str(Severity.QUARANTINE): Grade(
        "▲ 本行扣留",
        "Row held",
        "这一行改正后才入库 · this row waits for a correction",
        "F8C992",
        "medium",
        "A85B00",
    ),
    str(Severity.QUERY): Grade(
        "? 请说明",
        "Please explain",
        "不影响入库，请填写说明 · holds nothing back; explain it",
        "FFF4B8",
        "dashed",
        "8A6D00",
    ),
    EXPLAINED: Grade(
        "✓ 已说明",
        "Explained",
        "说明已收到并保存 · the explanation is kept",
        "E4F1E4",
        "dotted",
        "3F7A46",
    ),
    str(Severity.NOTE): Grade(
        "◇ 提示", "Note", "不影响入库，供参考 · holds nothing back", "DFEAF4", "dotted", "4A6A85"
    ),
    UNCHECKED: Grade(
        "□ 未能核验",
        "Not checked",
        "缺少数值，没有核验 · a value was missing",
        "EEEEEE",
        "dotted",
        "777777",
    ),
}
_RANKS = {grade: rank for rank, grade in enumerate(GRADES)}
_UNWEIGHED: Influence = {}


@dataclass(frozen=True)
class Verdict:
    """What became of a submission, and of its rows."""

    status: Status
    read: int
    accepted: int
    held: int


@dataclass(frozen=True)
class Group:
    """Findings listed as one line. `is_rest`: they say different things of one rule, too many to
    list.
    """

    findings: list[Finding]
    is_rest: bool = False

    @property
    def message(self) -> tuple[str, str]:
        """What is wrong, zh and en."""
        first, count = self.findings[0], len(self.findings)
        if self.is_rest:
            return (
                f"同样的问题还有 {count} 处：{first.rule_zh}",
                f"{count} more of the same: {first.rule_en}",
            )
        return first.message_zh, first.message_en

    @property
    def mend(self) -> tuple[str, str]:
        """What is to be done about it, zh and en."""
        return mend_of(self.findings[0])


def mend_of(finding: Finding) -> tuple[str, str]:
    """What is to be done about a finding, zh and en: nothing, where its sender has explained it."""
    if name_grade(finding) == EXPLAINED:
        explained = str(finding.explanation)
        return f"已说明，不必再答：{explained}", f"explained, nothing to do: {explained}"
    return finding.mend_zh, finding.mend_en


def name_grade(finding: Finding) -> str:
    """The key in `GRADES` by which a finding is shown: its severity, unless it is unchecked or
    explained.
    """
    if finding.outcome == "unchecked":
        return UNCHECKED
    return (
        EXPLAINED
        if finding.explanation and finding.severity == Severity.QUERY
        else finding.severity
    )


def grade_of(finding: Finding) -> Grade:
    """The grade by which a finding is shown."""
    return GRADES[name_grade(finding)]


def rank_finding(finding: Finding, influence: Influence = _UNWEIGHED) -> tuple[object, ...]:
    """Sorts by grade, what could move a published number most before what could less, what concerns
    the file or its layout first, then as the sheet is read.
    """
    rank = _RANKS[name_grade(finding)]
    place = (finding.sheet or "", finding.row or 0, len(finding.cell or ""), finding.cell or "")
    return rank, -influence.get(finding, -1), finding.stage not in _EARLY, *place, finding.code


def group_findings(
    findings: Iterable[Finding],
    at_most: int = MAX_SAME,
    influence: Influence = _UNWEIGHED,
) -> list[Group]:
    """Findings that say the same of one column together; past `at_most` lines of a rule and column,
    the rest as one. `influence`: how far a question could move a published number, in points.
    """
    same: dict[tuple[object, ...], list[Finding]] = collections.defaultdict(list)
    for f in sorted(findings, key=lambda finding: rank_finding(finding, influence)):
        same[
            f.code,
            f.severity,
            f.outcome,
            f.sheet,
            f.column,
            f.period,
            f.explanation,
            f.message_zh,
            f.message_en,
            f.mend_zh,
        ].append(f)
    lines: collections.Counter[tuple[object, ...]] = collections.Counter()
    rest: dict[tuple[object, ...], list[Finding]] = {}
    groups: list[Group] = []
    for key, group in same.items():
        kind = key[:7]
        lines[kind] += 1
        if lines[kind] <= at_most:
            groups.append(Group(group))
        elif kind in rest:
            rest[kind] += group
        else:
            rest[kind] = list(group)
            groups.append(Group(rest[kind], is_rest=True))
    return groups


def say_influence(points: float) -> tuple[str, str]:
    """How far a published number could move with a question, after its grade, zh and en."""
    if points < 0.005:
        return "（不影响发布数）", ", moves no printed digit"
    return f"（可能影响 {points:.2f} 个百分点）", f", could move {points:.2f} points"


def say_how_to_answer(
    submission: Submission, extract: bool, *, is_weighed: bool
) -> tuple[str, str]:
    """How a return workbook is sent back, zh and en. `extract`: it holds but the rows with
    findings.
    """
    again = f"{submission.form}.r{submission.revision + 1}.xlsx"
    zh = (
        "怎样答复：① 在后面您自己的表上改正标色的单元格；"
        "② 情况属实、不必改的，在黄框（第 I 列）写明原因，不少于 10 个字，并填说明人；"
    )
    en = (
        "How to answer: 1. correct the coloured cells on your own sheet; "
        "2. where a figure is right, say why in the framed cell (column I, at least 10 characters) "
        "and give your name; "
    )
    if extract:
        zh += (
            "③ 表长，这里只抄出有问题的行，不能直接报回："
            f"请改好您的完整文件，把本页整张复制进去，另存为 {again} 报送。"
        )
        en += (
            "3. only rows with findings are shown here: correct your complete file, "
            f"copy this sheet into it, and send that as {again}."
        )
    else:
        zh += f"③ 把整个文件另存为 {again} 报送，本页不要删；已经写过的说明会保留。"
        en += f"3. send the whole file back as {again}, with this sheet in it."
    if is_weighed:
        zh += "“请说明”各条按可能影响发布数的大小排列，请从上往下答。"
        en += " What could move a published number most is asked first: answer from the top."
    return zh, en


def count_in_english(number: int, what: str) -> str:
    """A number with its noun: 1 finding, 2 findings."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def say_verdict(
    submission: Submission, verdict: Verdict, findings: Iterable[Finding]
) -> tuple[str, str]:
    """One plain sentence: what became of the file and what its sender has to do, zh and en."""
    counts = collections.Counter(name_grade(f) for f in findings if f.outcome == "broken")
    queries, read, held = counts[Severity.QUERY], verdict.read, verdict.held
    again = f"{submission.form}.r{submission.revision + 1}"
    rows = count_in_english(read, "row")
    if verdict.status == Status.ACCEPTED:
        said_zh, said_en = _say_accepted(queries, counts[EXPLAINED])
        return (
            f"已入库：{read} 行全部入库；{said_zh}。",
            f"Accepted: {f'all {rows} were' if read != 1 else 'its row was'} loaded; {said_en}.",
        )
    if verdict.status == Status.PARTIAL:
        more_zh, more_en = (
            (f"；另有 {queries} 处请说明", f"; {queries} more to be explained")
            if queries
            else ("", "")
        )
        return (
            f"部分入库：报来 {read} 行，{held} 行未入库；"
            f"请改正标“▲”的各行，另存为 {again} 重新报送{more_zh}。",
            f"Partly loaded: {held} of {rows} {'is' if held == 1 else 'are'} held; "
            f"please correct what is marked ▲ and send the file as {again}{more_en}.",
        )
    if not read:
        return (
            "退回：文件没有读进来，请按下表改正后重新报送。",
            "Rejected: nothing could be read; please correct the file and send it again.",
        )
    places, mark = (
        (f"标“✕”的 {counts[Severity.REJECT]} 处", "✕")
        if counts[Severity.REJECT]
        else ("标“▲”的各行", "▲")
    )
    none = f"none of the {rows} was" if read != 1 else "its row was not"
    return (
        f"退回：报来的 {read} 行全部没有入库；请改正{places}，另存为 {again} 重新报送。",
        f"Rejected: {none} loaded; please correct what is marked {mark} and send it as {again}.",
    )


def _say_accepted(queries: int, explained: int) -> tuple[str, str]:
    """What is left to do where every row was loaded."""
    if queries:
        wait = "finding waits" if queries == 1 else "findings wait"
        return (
            f"有 {queries} 处请在第 I 列说明",
            f"{queries} {wait} for your explanation in column I",
        )
    if explained:
        return (
            f"{explained} 处的说明已收到并保存，没有要改的地方",
            f"{count_in_english(explained, 'explanation')} kept; nothing to correct",
        )
    return "没有要改的地方，以下供参考", "nothing to correct"
