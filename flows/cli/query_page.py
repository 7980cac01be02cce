"""The page of `jibao ui` on which a person asks in SQL: a template, its words, errors in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
from markupsafe import Markup

from flows.cli.query_answer import Answer
from flows.cli.query_chart import draw_answer
from flows.cli.questions import Question, open_questions
from flows.publish.page import open_page
from flows.warehouse.sandbox import Limits

LANGUAGES = ("zh", "en")
_FOLDER = Path(__file__).resolve().parent
_MOST_DECIMALS = 4  # of a double
_FIRST = "from metrics.headline\n"

_WORDS = {
    "zh": {
        "title": "查询",
        "help": "一次一句查询（SELECT、FROM、DESCRIBE …），只读；视图清单见问题 43。",
        "run": "查询",
        "csv": "下载 CSV",
        "limits": "至多 {seconds} 秒、{memory} 内存",
        "problem": "未能查询",
        "result": "结果",
        "count": "{count} 行",
        "first": "前 {count} 行，CSV 含全部",
        "none": "没有符合条件的行。",
        "line": "{title} 的折线图，各数见下表",
        "bars": "{title} 的条形图，各数见下表",
        "saved": "常用问题",
    },
    "en": {
        "title": "Query",
        "help": "One query at a time (SELECT, FROM, DESCRIBE …), read-only; "
        "question 43 lists the views.",
        "run": "Run",
        "csv": "Download CSV",
        "limits": "at most {seconds} s and {memory} of memory",
        "problem": "The query did not run",
        "result": "Result",
        "count": "Rows: {count}",
        "first": "The first {count} rows; the CSV has all",
        "none": "No row fits.",
        "line": "Line chart of {title}; the table below has its numbers",
        "bars": "Bar chart of {title}; the table below has its numbers",
        "saved": "Saved questions",
    },
}
# what a mistake in SQL is, before DuckDB's own words; the narrower kinds first
_MISTAKES: tuple[tuple[type[Exception], str, str], ...] = (
    (duckdb.ParserException, "语法有误：", "The syntax is wrong:"),
    (
        duckdb.CatalogException,
        "没有这个表、视图或函数：",
        "There is no such table, view or function:",
    ),
    (
        duckdb.BinderException,
        "列名或类型不对：",
        "A column does not exist or has another type:",
    ),
    (duckdb.ConversionException, "有值不能转换：", "A value cannot be converted:"),
    (duckdb.OutOfRangeException, "数值超出范围：", "A number is out of range:"),
    (duckdb.PermissionException, "不允许：", "This is not allowed:"),
    (duckdb.Error, "SQL 有误：", "The SQL is wrong:"),
)


@dataclass(frozen=True)
class Problem:
    """What is wrong, in the language of the page, and the words of who found it."""

    summary: str
    detail: str = ""


@dataclass(frozen=True)
class Shown:
    """What stands on the page: the query as it was typed or saved, and what came of it."""

    lang: str
    sql: str
    question: Question | None = None
    answer: Answer | None = None
    problem: Problem | None = None


def find_question(name: str | None) -> Question | None:
    """The saved question of a name."""
    return next((q for q in open_questions() if q.name == name), None)


def show_question(name: str | None, lang: str) -> Shown:
    """The page before anything was asked; an unknown name is as none."""
    question = find_question(name)
    return Shown(lang, question.query if question else _FIRST, question)


def word_problem(problem: Exception, lang: str) -> Problem:
    """A mistake that the person can mend, in one language."""
    at = LANGUAGES.index(lang)
    for kind, *words in _MISTAKES:
        if isinstance(problem, kind):
            return Problem(words[at], str(problem))
    return Problem(choose_language(str(problem), lang))


def choose_language(text: str, lang: str) -> str:
    """Of words in two languages those of one: `中文 · English`."""
    zh, *en = re.split(r"\s?· ", text, maxsplit=1)
    return "".join(en) or zh if lang == "en" else zh


def write_query_page(shown: Shown, form_token: str, limits: Limits) -> str:
    """The page. `form_token` comes back with the form and tells that it is ours."""
    return open_page("query_page.html.jinja", _FOLDER).render(
        lang=shown.lang,
        other=LANGUAGES[1 - LANGUAGES.index(shown.lang)],
        say=_WORDS[shown.lang],
        question=shown.question,
        questions=open_questions(),
        sql=shown.sql,
        rows=min(max(shown.sql.count("\n") + 2, 6), 24),
        answer=shown.answer,
        cells=_show_rows(shown.answer) if shown.answer else [],
        panels=draw_answer(shown.answer) if shown.answer else [],
        problem=shown.problem,
        form_token=form_token,
        limits=limits,
        style=Markup((_FOLDER / "query_page.css").read_text(encoding="utf-8")),
    )


def _show_rows(answer: Answer) -> list[tuple[str | None, ...]]:
    """The rows as they are read: numbers of a column with as many decimals, doubles with four at
    most; the CSV has every digit.
    """
    cells = [[row[number] for row in answer.rows] for number in range(len(answer.columns))]
    shown = [
        _show_numbers(texts, _MOST_DECIMALS if column.is_double else None)
        if column.is_number
        else texts
        for column, texts in zip(answer.columns, cells, strict=True)
    ]
    return list(zip(*shown, strict=True))


def _show_numbers(texts: list[str | None], most: int | None) -> list[str | None]:
    numbers = [None if text is None else Decimal(text) for text in texts]
    written = [f"{n.normalize():f}" for n in numbers if n is not None and n.is_finite()]
    decimals = max((len(text.partition(".")[2]) for text in written), default=0)
    decimals = decimals if most is None else min(decimals, most)
    return [
        text if number is None or not number.is_finite() else f"{number:.{decimals}f}"
        for text, number in zip(texts, numbers, strict=True)
    ]
