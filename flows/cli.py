"""The command line: `jibao run`, `validate`, `sql`, `status`.

What a person can mend is said in words and ends with a code fit for scripts: 0 all is well, 2 the call
or the warehouse is not as it should be. `validate` ends with 1 where findings hold something back; for
`run` a department's bad file is no failure of the run.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
import sys
import tempfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, ParamSpec, TypeVar

import duckdb
import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.build import BuildError
from flows.findings import Finding, Severity
from flows.forms import CatalogueError, load_catalogue
from flows.grids import UnreadableError, open_grids
from flows.ledger import known_zones
from flows.periods import Period, find_period, parse_period
from flows.validate import DisagreementError
from flows.warehouse import WarehouseError, published_path, read_published

P = ParamSpec("P")
R = TypeVar("R")

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

RawOption = Annotated[Path, typer.Option(help="Folder of the raw submissions.")]
WarehouseOption = Annotated[Path, typer.Option(help="Folder of everything derived.")]
_GRADE_STYLES = {Severity.REJECT: "bold red", Severity.QUARANTINE: "red", Severity.QUERY: "yellow", Severity.NOTE: "dim"}


class Lang(StrEnum):
    """The language of an answer."""

    zh = "zh"
    en = "en"


class Format(StrEnum):
    """What `jibao sql` writes."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


def _in_words(command: Callable[P, R]) -> Callable[P, R]:
    """Say what went wrong and how to mend it; a stack trace shown to a user is a bug."""

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (WarehouseError, CatalogueError, BuildError, DisagreementError, OSError, ValueError) as problem:
            err.print(f"[red]jibao:[/] {escape(str(problem))}", soft_wrap=True)
        except duckdb.Error as problem:
            err.print(f"[red]jibao: SQL:[/] {escape(str(problem))}", soft_wrap=True)
        raise typer.Exit(2)

    return guarded


@app.command()
@_in_words
def run(
    raw: RawOption = Path("raw"),
    warehouse: WarehouseOption = Path("warehouse"),
    zone: Annotated[list[str] | None, typer.Option(help="Only this zone; may be repeated.")] = None,
    period: Annotated[list[str] | None, typer.Option(help="Only this quarter, e.g. 2022Q3; may be repeated.")] = None,
    form: Annotated[list[str] | None, typer.Option(help="Only this form; may be repeated.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge, and change nothing.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Start from an empty warehouse: all from raw/.")] = False,
) -> None:
    """Bring the warehouse up to date with the raw submissions."""
    _quiet_prefect()
    from flows import quarterly  # imports Prefect, which takes two seconds

    selection = quarterly.choose(zone, period, form)
    found = quarterly.find_new(raw, warehouse, selection, rebuild)  # a wrong parameter is told here, in words
    watched = os.environ.get("PREFECT_API_URL")
    if not (dry_run or rebuild or watched or found.new) and quarterly.is_published(warehouse):
        # no server watches and there is nothing to do: no need to start a temporary one for ten seconds
        out.print("nothing new in", str(raw) + "; the warehouse is current")
        _print_headline(warehouse)
        return
    out.print("starting the flow (without a Prefect server of your own, a temporary one takes ten seconds) …")
    summary = quarterly.quarterly(raw, warehouse, zone, period, form, dry_run, rebuild)
    out.print(f"[bold]{'dry run: ' if dry_run else ''}{summary.describe()}[/]", soft_wrap=True)
    for path in summary.replies:
        out.print(f"  reply: {escape(path)}", soft_wrap=True)
    if not dry_run:
        _print_headline(warehouse)


def _quiet_prefect() -> None:
    """No telemetry, and only what matters in the log, unless the caller wants otherwise."""
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")


def _print_headline(warehouse: Path) -> None:
    with read_published(warehouse) as con:
        rows = con.execute("""
            select h.zone || ' ' || h.period, h.title_zh, h.title_en, coalesce(h.value_text, '—'),
                coalesce(fixed(h.growth_pct, 1) || ' %', '—')
            from metrics.headline as h inner join ref.zone as z on h.zone = z.zone
            qualify h.period = max(h.period) over (partition by h.zone)
            order by z.kind = 'nation', h.zone, h.ord
        """).fetchall()
    table = Table(box=box.SIMPLE_HEAD, title="主要经济指标 · Headline figures", title_justify="left")
    for heading in ("", "指标", "indicator"):
        table.add_column(heading, overflow="fold")
    for heading in ("数值 value", "同比 growth"):
        table.add_column(heading, justify="right", no_wrap=True)
    last = None
    for place, *cells in rows:
        table.add_row(place if place != last else "", *cells)
        last = place
    out.print(table)
    published = published_path(warehouse)
    for what, where in (
        ("warehouse", published),
        ("bulletin", warehouse / "published" / "bulletin.html"),
        ("Data Docs", warehouse / "data_docs" / "index.html"),
        ("try", "jibao status"),
        ("try", "jibao sql \"from metrics.sector_growth where zone = '150571'\""),
    ):
        out.print(f"{what:<10} {where}", soft_wrap=True)


@app.command()
@_in_words
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


@app.command()
@_in_words
def sql(
    query: Annotated[str, typer.Argument(help='A query, e.g. "from metrics.headline".')],
    warehouse: WarehouseOption = Path("warehouse"),
    format: Annotated[Format, typer.Option(help="A table to read, or a file format.")] = Format.table,  # noqa: A002
    output: Annotated[Path | None, typer.Option(help="Write here instead of to the screen (needed for parquet).")] = None,
) -> None:
    """Query the warehouse, read-only."""
    if format == Format.parquet and output is None:
        raise ValueError("parquet is not text: say where to write it with --output FILE")
    with read_published(warehouse) as con:
        if format != Format.table:
            _write_result(con, query, format, output)
        elif (relation := con.sql(query)) is not None:
            _print_relation(relation)


def _print_relation(relation: duckdb.DuckDBPyRelation) -> None:
    table = Table(box=box.SIMPLE_HEAD)
    numeric = [str(t).startswith(("DECIMAL", "DOUBLE", "INT", "BIGINT", "HUGEINT")) for t in relation.types]
    for name, right in zip(relation.columns, numeric, strict=True):
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    rows = relation.fetchmany(1001)
    for row in rows[:1000]:
        table.add_row(*("" if v is None else _shown(v) for v in row))
    out.print(table)
    if len(rows) > 1000:
        out.print("[dim]the first 1,000 rows; --format csv gives all[/]")


def _shown(value: object) -> str:
    """Doubles to four decimals, decimals without idle zeros; the values themselves are in `--format csv`."""
    if isinstance(value, float):
        return f"{value:.4f}"
    text = str(value)
    return text.rstrip("0").rstrip(".") if type(value).__name__ == "Decimal" and "." in text else escape(text)


def _write_result(con: duckdb.DuckDBPyConnection, query: str, format: Format, output: Path | None) -> None:  # noqa: A002
    with tempfile.TemporaryDirectory(prefix="jibao-") as folder:
        target = output or Path(folder) / "result"
        options = {"csv": "(format csv, header)", "json": "(format json, array true)", "parquet": "(format parquet)"}[format]
        con.execute(f"copy (\n{query.rstrip().rstrip(';')}\n) to '{str(target).replace(chr(39), chr(39) * 2)}' {options}")
        if output is None:
            sys.stdout.write(target.read_text(encoding="utf-8"))


@app.command()
@_in_words
def status(warehouse: WarehouseOption = Path("warehouse")) -> None:
    """Submissions by zone and quarter, what is missing, and the last run."""
    with read_published(warehouse) as con:
        _print_relation(
            con.sql("""
            select c.zone, c.period, c.forms_due as due, c.forms_received as received, c.forms_rejected as rejected,
                c.findings_query as queries, c.rows_held as held, c.forms_missing as missing
            from metrics.completeness as c order by c.zone, c.period
        """)
        )
        last = con.execute(
            "select run, finished_at, accepted, partial, rejected from ledger.run order by finished_at desc limit 1"
        ).fetchone()
    if last:
        out.print(f"last run {last[0]}, finished {last[1]:%Y-%m-%d %H:%M} UTC: {last[2]} accepted, {last[3]} partial, {last[4]} rejected")


def main() -> None:
    """Entry point of the console script."""
    app()
