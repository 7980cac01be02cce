"""The rules that every form shares, from `_rules.toml`, and the findings made of them."""

from __future__ import annotations

import functools
import tomllib

from flows.forms.form import FORMS_DIR
from flows.forms.words import Strict, Text
from flows.model.finding import Finding, Severity, Stage
from flows.model.submission import Submission
from flows.model.text import cut_quote


class Words(Strict):
    """The stage and severity of a rule, and its words in both languages."""

    stage: Stage
    severity: Severity
    title: Text
    message: Text
    mend: Text


@functools.cache
def common_rules() -> dict[str, Words]:
    """The rules of every form, by code, from `forms/_rules.toml`."""
    declared = tomllib.loads((FORMS_DIR / "_rules.toml").read_text(encoding="utf-8"))
    return {code: Words.model_validate(words) for code, words in declared.items()}


def make_finding(
    code: str,
    submission: Submission,
    *,
    sheet: str | None = None,
    row: int | None = None,
    letter: str | None = None,
    value: str | None = None,
    severity: Severity | None = None,
    **values: object,
) -> Finding:
    """A finding of a common rule at a place, its words filled in. Keywords fill the braces.

    `severity` overrides the rule's own, where the same fault spoils a whole column and not one row.
    """
    words = common_rules()[code]
    context = {
        "path": submission.path,
        "period": submission.period,
        "form": submission.form,
        "value": value,
        "sheet": sheet,
    }
    braces = {k: "" if v is None else cut_quote(str(v)) for k, v in (context | values).items()}
    return Finding(
        submission=submission.submission,
        path=submission.path,
        form=submission.form,
        zone=submission.zone,
        period=submission.period,
        code=code,
        severity=severity or words.severity,
        stage=words.stage,
        sheet=sheet,
        row=row,
        cell=f"{letter}{row}" if letter and row else None,
        value=value,
        message_zh=words.message.zh.format_map(braces),
        message_en=words.message.en.format_map(braces),
        rule_zh=words.title.zh,
        rule_en=words.title.en,
        mend_zh=words.mend.zh.format_map(braces),
        mend_en=words.mend.en.format_map(braces),
    )
