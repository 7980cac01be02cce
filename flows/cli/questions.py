"""Saved questions: `sql/questions/<number>_<name>.sql`, which the cookbook and `jibao ui` show."""

from __future__ import annotations

from dataclasses import dataclass

from flows import SQL_DIR
from flows.warehouse.sql_file import QUESTIONS, open_relation


@dataclass(frozen=True)
class Question:
    """A question in two languages and the query that answers it."""

    number: int
    name: str
    titles: dict[str, str]
    query: str


def open_questions() -> list[Question]:
    """All of them, in the order of their numbers."""
    questions = []
    for path in sorted((SQL_DIR / QUESTIONS).glob("*.sql")):
        number, _, name = path.stem.partition("_")
        asked = open_relation(path)
        lines = asked.sql.splitlines(keepends=True)
        query = "".join(line for line in lines if not line.startswith("--"))
        titles = {"zh": asked.title_zh, "en": asked.title_en}
        questions.append(Question(int(number), name, titles, query))
    return questions
