"""`jibao template` writes an empty form to be filled in."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from flows import SQL_DIR
from flows.cli.terminal import Lang, RawOption, in_words, out
from flows.forms.catalogue import form_titles, load_catalogue
from flows.forms.form import Form
from flows.model.candidates import say_unknown
from flows.model.period import parse_period
from flows.model.zone import zone_titles
from flows.reply.blank_form import make_template
from flows.reply.workbook_file import save_workbook

_WHEN = dt.datetime(
    2022, 1, 1, tzinfo=dt.UTC
)  # an empty form has no clock: the same call gives the same bytes


@in_words
def template(
    form: Annotated[
        str, typer.Argument(help="The form's code, e.g. gdp; `all` writes every form.")
    ],
    zone: Annotated[str | None, typer.Option(help="The zone to print on it, e.g. 150571.")] = None,
    period: Annotated[
        str | None,
        typer.Option(
            help="The quarter to print on it, e.g. 2022Q3; lines not due in it are left out."
        ),
    ] = None,
    lang: Annotated[
        Lang, typer.Option(help="Language of the lines and choices; headings are in both.")
    ] = Lang.zh,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="The file to write, or a folder; FORM.xlsx here if not given."
        ),
    ] = None,
    raw: RawOption = Path("raw"),
) -> None:
    """Write an empty form (.xlsx): headings, units, drop-downs and notes. Filled in, it is read
    without a question.
    """
    catalogue = load_catalogue()
    if form != "all" and form not in catalogue:
        raise ValueError(
            say_unknown(("报表", "form"), [form], form_titles(catalogue) | {"all": ""})
        )
    titles = zone_titles(raw)
    if zone and zone not in titles:
        raise ValueError(say_unknown(("地区", "zone"), [zone], titles))
    when = parse_period(period) if period else None
    for declared in catalogue.values() if form == "all" else (catalogue[form],):
        target = _target_of(declared, output, is_many=form == "all")
        workbook = make_template(
            declared, lang, f"{titles[zone]} {zone}" if zone else "", when, open_tables(declared)
        )
        save_workbook(workbook, target, _WHEN)
        out.print(str(target), soft_wrap=True)


def _target_of(form: Form, output: Path | None, *, is_many: bool) -> Path:
    """Where a form is written. Raises FileExistsError rather than write over a form that may be
    filled
    in.
    """
    folder = output or Path()
    target = (
        folder / f"{form.code}.xlsx" if is_many or output is None or output.is_dir() else output
    )
    if target.exists():
        raise FileExistsError(
            f"{target} 已存在，请用 --output 另取名 · "
            f"{target} is there already; give another name with --output"
        )
    return target


def open_tables(form: Form) -> dict[str, tuple[tuple[str, str], ...]]:
    """Codes and titles of the reference table that a column of the form is chosen from, by the
    column's name.
    """
    tables = {}
    for column in form.columns:
        if column.code_table:
            _, table, code = column.code_table.split(".")
            with (SQL_DIR / "reference" / f"{table}.csv").open(encoding="utf-8") as source:
                lines = [
                    line
                    for line in csv.DictReader(source)
                    if not column.code_levels or line["level"] in column.code_levels
                ]
            tables[column.name] = tuple(
                (line[code], f"{line['title_zh']} · {line['title_en']}") for line in lines
            )
    return tables
