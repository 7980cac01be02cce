"""A rule across submissions, as `sql/rules/<code>.sql` declares it.

It compares a submission with other forms of the quarter, earlier quarters or other zones. The
header of the file has its severity and words; the body selects a row for each thing that is
checked, with the columns `submission`, `sheet`, `source_row`, `field` (the cell pointed at; NULL
where the whole submission is meant), `row_key`, `holds` (true, false, NULL where it cannot be
checked), then what the braces of its words name. `further` lists the other cells of the sheet that
it is about (`source_row`, `field`).
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from flows import SQL_DIR
from flows.forms.common_rules import Words
from flows.forms.fingerprint import applies_to
from flows.forms.form import Form
from flows.forms.words import Text
from flows.model.errors import CatalogueError
from flows.model.finding import Severity, Stage
from flows.validate.checks import Check

RULES_DIR = SQL_DIR / "rules"
SUBJECTS = ("figure", "row", "submission")
_HEADER = re.compile(
    r"^-- (code|stage|severity|forms|subject|source|reads|version"
    r"|(?:title|message|mend) (?:zh|en)): (.+)$",
    re.M,
)
_WORDS = ("title", "message", "mend")
_MUST = (
    *("code", "stage", "severity", "forms", "subject", "source", "reads", "version"),
    *(f"{part} {language}" for part in _WORDS for language in ("zh", "en")),
)


@dataclass(frozen=True)
class HistoryRule:
    """One rule across submissions. `check` has its code, severity and words, as for every rule."""

    check: Check
    number: int  # its place among the rules, by which its tables are named
    forms: tuple[str, ...]  # `indicator`, `register`, or codes of forms
    subject: str  # what a row of it is about
    version: str
    sql: str

    def applies_to(self, form: Form) -> bool:
        """Whether the rule is for submissions of a form."""
        return applies_to(self.forms, form.code, form.kind)


@functools.cache
def load_history_rules(folder: Path = RULES_DIR) -> tuple[HistoryRule, ...]:
    """Every rule of `sql/rules/`, by file name.

    Raises CatalogueError where a header lacks a part or does not fit the file's name.
    """
    return tuple(
        _open_history_rule(path, number) for number, path in enumerate(sorted(folder.glob("*.sql")))
    )


def _open_history_rule(path: Path, number: int) -> HistoryRule:
    sql = path.read_text(encoding="utf-8")
    header = dict(_HEADER.findall(sql))
    if missing := [part for part in _MUST if part not in header]:
        raise CatalogueError(f"{path}: its header lacks {', '.join(missing)}")
    code, subject = header["code"], header["subject"]
    stem = code.lower().replace("-", "_")
    if stem != path.stem:
        raise CatalogueError(f"{path}: the rule's code is “{code}”; name the file {stem}.sql")
    if (
        subject not in SUBJECTS
        or header["stage"] not in set(Stage)
        or header["severity"] not in set(Severity)
    ):
        raise CatalogueError(f"{path}: subject, stage or severity is none of those there are")
    texts = {part: Text(zh=header[f"{part} zh"], en=header[f"{part} en"]) for part in _WORDS}
    stage, severity = Stage(header["stage"]), Severity(header["severity"])
    words = Words(stage=stage, severity=severity, **texts)
    return HistoryRule(
        check=Check(code, stage, severity, sql, words, source=header["source"]),
        number=number,
        forms=tuple(form.strip() for form in header["forms"].split(",")),
        subject=subject,
        version=header["version"],
        sql=sql.strip().removesuffix(";"),
    )
