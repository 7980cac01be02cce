"""`jibao validate` checks files before they are sent."""

from __future__ import annotations

import csv
import json
import logging
import shutil
import sys
import tempfile
from dataclasses import asdict, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.findings_on_screen import HARD, print_findings
from flows.cli.terminal import Lang, in_words, require_file, say_problem
from flows.forms.catalogue import form_titles, load_catalogue
from flows.model.candidates import say_unknown
from flows.model.clock import now_in_utc
from flows.model.errors import UnreadableError
from flows.model.finding import FINDING_SCHEMA, Finding
from flows.model.period import Period, find_period, parse_period
from flows.model.submission import Submission
from flows.model.zone import load_zones, zone_titles

if TYPE_CHECKING:  # a command that only shows its help loads no more than it must
    from flows.receive.placement import Placement

_SILENT = logging.getLogger(__name__)  # a fault of ours is told as a finding, without its trace
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False


class AnswerFormat(StrEnum):
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
    raw: Annotated[
        Path, typer.Option(help="Folder of submissions, whose zone.csv has the office's zones.")
    ] = Path("raw"),
    lang: Annotated[Lang, typer.Option(help="Language of the answer.")] = Lang.zh,
    output_format: Annotated[
        AnswerFormat,
        typer.Option(
            "--format",
            help="table is for people; json and csv give every finding, in both languages.",
        ),
    ] = AnswerFormat.table,
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
            shown = lang if output_format is AnswerFormat.table else None
            answers.append((path, _check_file(path, form, zone, period, warehouse, raw, shown)))
        except (OSError, ValueError) as problem:  # one file stops no other
            say_problem(problem)
            worst = 2
    _write_answers(answers, lang, output_format)
    held = any(
        f.outcome == "broken" and f.severity in HARD for _, findings in answers for f in findings
    )
    raise typer.Exit(max(worst, int(held)))


def _check_file(
    path: Path,
    form: str | None,
    zone: str | None,
    period: str | None,
    warehouse: Path,
    raw: Path,
    lang: Lang | None = None,
) -> list[Finding]:
    """Findings of one file, by the very steps that a run takes.

    With a language, what each table was understood as is said first.
    """
    from flows.model.arrow_files import open_table, save_table
    from flows.model.finding import findings_table, list_findings
    from flows.model.submission import save_submissions
    from flows.orchestration.judging import judge_batch
    from flows.read.recognise import recognise_form
    from flows.read.understood import list_understood
    from flows.receive import step as receiving
    from flows.receive.before_sending import (
        choose_form,
        find_misplacement,
        read_folders,
        read_name,
    )
    from flows.validate import step as validating
    from flows.validate.batch import FormBatch

    catalogue = load_catalogue()
    path = path.resolve()
    if form and form not in catalogue:
        raise ValueError(say_unknown(("报表", "form"), [form], form_titles(catalogue)))
    code = form or choose_form(path.name, catalogue, lambda: recognise_form(path, catalogue))
    zones = zone_titles(raw)
    if zone and zone not in zones:
        raise ValueError(say_unknown(("地区", "zone"), [zone], zones))
    quarter = str(parse_period(period)) if period else None
    placed = read_folders(path, zone, quarter, catalogue, zones)
    if not (placed.zone and placed.period):
        zone_titled, when_titled = _read_titles(path, raw)
        placed = replace(
            placed, zone=placed.zone or zone_titled, period=placed.period or when_titled
        )
    if not placed.period:
        raise ValueError(
            f"{path.name}：是哪个季度的？请加 --period，如 --period 2022Q3 · "
            f"{path.name}: which quarter is it for? say --period, e.g. --period 2022Q3"
        )
    placed = replace(placed, form=code)
    submission = receiving.describe_file(path.parent, path, code, placed.zone, placed.period)
    with tempfile.TemporaryDirectory(prefix="jibao-") as folder:
        work = Path(folder)
        save_submissions([submission], work / "submissions.jsonl")
        fits = partial(recognise_form, path, catalogue) if form is None else lambda: (code,)
        read = find_misplacement(path, raw, catalogue, zones, fits) or read_name(
            path.name, placed, catalogue, zones, fits
        )
        named = _say_name(submission, read)
        save_table(findings_table(named), work / "arrival.arrow")
        sent = path.parent
        if submission.path != path.name:  # a name that is no text stands by another in what is said
            sent = work / "sent"
            sent.mkdir()
            shutil.copyfile(path, sent / submission.path)
        judge_batch(catalogue[code], work, sent, None, _SILENT, isolated=False)
        for line in list_understood(work, lang):
            typer.echo(line, err=True)
        validating.compare_forms([FormBatch(catalogue[code], work)], warehouse, store=None)
        return list_findings(open_table(work / "finding.arrow"))


def _say_name(submission: Submission, read: Placement) -> list[Finding]:
    """What a run would find of the file's name and folders."""
    from flows.forms.common_rules import make_finding
    from flows.receive.step import say_reading

    if read.problem:
        zh, en = read.problem
        return [make_finding(read.code, submission, problem_zh=zh, problem_en=en)]
    return [say_reading(submission, read)] if read.remarks else []


def _read_titles(path: Path, raw: Path) -> tuple[str, str]:
    """The zone and the quarter that a file's own titles name; empty where they name none."""
    from flows.read.grid import open_grids
    from flows.read.titles import find_zone

    try:
        grids = open_grids(path)
    except UnreadableError:
        today = now_in_utc()
        # whichever: the finding will be about the file itself
        return "", str(Period(today.year, (today.month + 2) // 3))
    titles = [cell for grid in grids for row in grid.head[:10] for cell in row if cell]
    zones = {zone["zone"]: zone for zone in load_zones(raw)}
    zone = next((titled for title in titles if (titled := find_zone(title, "", zones))), "")
    quarter = next((q for title in titles if (q := find_period(title))), None)
    return zone, str(quarter) if quarter else ""


# --- the answer ---------------------------------------------------------------------------------


def _write_answers(
    answers: list[tuple[Path, list[Finding]]], lang: Lang, form: AnswerFormat
) -> None:
    if form is AnswerFormat.json:
        answer = [
            {"file": str(path), "findings": [_plain(path, f) for f in findings]}
            for path, findings in answers
        ]
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1) + "\n")
    elif form is AnswerFormat.csv:
        writer = csv.DictWriter(sys.stdout, ["file", *FINDING_SCHEMA.names], lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {"file": str(path), **_plain(path, f)} for path, findings in answers for f in findings
        )
    else:
        for path, findings in answers:
            print_findings(path, findings, lang)


def _plain(path: Path, finding: Finding) -> dict[str, object]:
    """A finding as it stands in `ledger.finding`, with the path as it was given."""
    return asdict(finding) | {"path": str(path)}
