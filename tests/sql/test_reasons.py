"""Why a cell is empty is told in two languages: every reason that a view can give has its line in ref.reason."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from flows import SQL_DIR

TOLD = re.compile(r"(reason|flag|_method)$")


def given_by(expression: dict[str, Any]) -> Iterator[str]:
    """The texts that an expression may come to."""
    kind = expression["type"]
    if (
        kind == "VALUE_CONSTANT"
        and not expression["value"]["is_null"]
        and expression["value"]["type"]["id"] == "VARCHAR"
    ):
        yield str(expression["value"]["value"])
    elif kind == "CASE_EXPR":
        for check in expression["case_checks"]:
            yield from given_by(check["then_expr"])
        yield from given_by(expression["else_expr"])
    elif kind == "OPERATOR_COALESCE":
        for child in expression["children"]:
            yield from given_by(child)
    elif kind == "FUNCTION" and expression["function_name"] == "if":
        for child in expression["children"][1:]:
            yield from given_by(child)
    elif kind == "FUNCTION" and expression["function_name"] == "||":
        yield from (
            "".join(parts)
            for parts in itertools.product(
                *(list(given_by(child)) for child in expression["children"])
            )
        )
    elif (
        kind == "FUNCTION"
        and (macro := SQL_DIR / "macros" / f"{expression['function_name']}.sql").exists()
    ):
        yield from re.findall(r"then '([^']+)'", macro.read_text(encoding="utf-8"))


def reasons(tree: Any) -> Iterator[tuple[str, str]]:
    """Every column of reasons in a query, at any depth, with each text that it may hold."""
    if isinstance(tree, dict):
        if TOLD.search(str(tree.get("alias") or "")) and "type" in tree and "class" in tree:
            yield from ((tree["alias"], text) for text in given_by(tree))
        tree = list(tree.values())
    if isinstance(tree, list):
        for part in tree:
            yield from reasons(part)


def test_every_reason_of_every_view_has_its_words_in_chinese(
    built: duckdb.DuckDBPyConnection,
) -> None:
    known = {reason for (reason,) in built.execute("select reason from ref.reason").fetchall()}
    found: dict[str, str] = {}
    views = [path for name in ("metrics", "public") for path in (SQL_DIR / name).glob("*.sql")]
    # a reason that a view passes on is said below it, in one of these
    staging = (SQL_DIR / "staging").glob("*.sql")
    views += [path for path in staging if "_reason" in path.read_text(encoding="utf-8")]
    for path in sorted(views):
        query = path.read_text(encoding="utf-8").partition(" as\n")[2].strip().removesuffix(";")
        tree = json.loads(
            (built.execute("select json_serialize_sql(?)", [query]).fetchone() or ("",))[0]
        )
        assert not tree["error"], path.name
        found |= {text: f"{path.stem}.{column}" for column, text in reasons(tree)}
    assert len(found) > 70, "the parse finds what the views say"
    assert {text: where for text, where in found.items() if text not in known} == {}
    assert known - set(found) == set(), "a line that no view gives is dead"


@pytest.mark.parametrize(
    ("code", "words"),
    [("no prior YTD", "缺上一季度的累计数"), ("sign change", "由正转负"), ("made up", None)],
)
def test_a_reason_in_chinese(
    built: duckdb.DuckDBPyConnection, code: str, words: str | None
) -> None:
    assert built.execute("select reason_zh(?)", [code]).fetchone() == (words,)
