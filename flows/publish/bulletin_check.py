"""A page of the bulletin held against its own proof: nothing but the file is needed.

Its digest and signature say whether a byte was changed and who made it; every number is then
computed again, from the cells in the page by the SQL in the page, in an empty DuckDB that can reach
nothing else.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

from flows.model.discrepancy import Discrepancy
from flows.model.errors import WarehouseError
from flows.publish.bulletin_proof import FORMAT
from flows.publish.number_text import exact
from flows.publish.signing import is_signed
from flows.warehouse.child import call_in_child
from flows.warehouse.database import create_schemas, fetch_rows
from flows.warehouse.sandbox import Limits, open_empty_sandbox

_DATA = '<script type="application/json" id="{name}">(.*?)</script>'
_PROOF = re.compile(_DATA.format(name="proof").encode(), re.S)
_SEAL = re.compile(_DATA.format(name="seal").encode(), re.S)
_NUMBER = re.compile(r'<button[^>]* data-n="([^"]*)"[^>]*>(.*?)</button>', re.S)
_LIMITS = Limits("1GB", 60)


@dataclass
class Verification:
    """What was found of a page: what is wrong, how many numbers were computed, who signed it."""

    discrepancies: list[Discrepancy] = field(default_factory=list)
    numbers: int = 0
    public_key: str | None = None

    def fault(self, check: str, subject: str, zh: str, en: str) -> None:
        """Note what is wrong."""
        self.discrepancies.append(Discrepancy(check, subject, zh, en))


def digest_of(page: bytes) -> str:
    """The digest of a page, of all but what its seal says."""
    return hashlib.sha256(_SEAL.sub(b"", page)).hexdigest()


def check_page(
    page: bytes, public_key: str | None = None, *, unsigned: bool = False
) -> Verification:
    """Hold a page against its proof. `public_key` is the only one to be believed, where it is
    given; `unsigned` is content with a page that nobody signed.
    """
    report = Verification()
    proofs, seals = _PROOF.findall(page), _SEAL.findall(page)
    if len(proofs) != 1 or len(seals) != 1:
        report.fault("page", "", "不是带证明的公报页", "is no page of the bulletin with a proof")
        return report
    try:
        proof, seal = json.loads(proofs[0]), json.loads(seals[0])
        if proof["format"] != FORMAT:
            raise ValueError(f"{proof['format']!r}, not {FORMAT!r}")
        _check_seal(report, page, seal, public_key, unsigned)
        is_whole = not report.discrepancies
        _check_printed(report, page.decode(), proof["numbers"])
        _check_rows(report, proof)
        if is_whole:  # SQL that somebody has altered is not run
            _compute(report, proof)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as problem:
        report.fault(
            "proof",
            "",
            f"证明残缺或被改动：{problem!r}",
            f"the proof is not whole or was altered: {problem!r}",
        )
    except (duckdb.Error, WarehouseError, pa.ArrowException) as problem:
        report.fault(
            "proof",
            "",
            f"证明中的 SQL 不能计算：{problem}",
            f"the SQL of the proof does not compute: {problem}",
        )
    return report


def _check_seal(
    report: Verification, page: bytes, seal: dict[str, Any], public_key: str | None, unsigned: bool
) -> None:
    digest = digest_of(page)
    if seal["sha256"] != digest:
        report.fault(
            "digest",
            "",
            "页面在发布之后被改动：摘要不符",
            "the page was altered after it was published: its digest differs",
        )
    if seal["signature"] is None:
        if public_key is not None or not unsigned:
            report.fault(
                "signature",
                "",
                "没有签名，谁都可能做出这一页",
                "not signed: anybody may have made it",
            )
        return
    report.public_key = str(seal["public_key"])
    if public_key is not None and report.public_key != public_key:
        report.fault(
            "signature",
            report.public_key,
            f"不是公钥 {public_key} 的签名",
            f"not signed by {public_key}",
        )
    if not is_signed(report.public_key, str(seal["signature"]), digest):
        report.fault(
            "signature",
            report.public_key,
            "签名与页面不符",
            "the signature is not of this page",
        )


def _check_printed(report: Verification, page: str, numbers: list[dict[str, Any]]) -> None:
    """What can be read is what the proof has."""
    shown = set()
    for place, text in _NUMBER.findall(page):
        number = numbers[int(place)]
        shown.add(int(place))
        if html.unescape(text) != number["text"]:
            report.fault(
                "number",
                number["title_zh"],
                f"页面上是 {text}，证明中是 {number['text']}",
                f"the page says {text}, its proof {number['text']}",
            )
    if shown != set(range(len(numbers))):
        report.fault(
            "number", "", "页面上的数与证明中的不是同一些", "page and proof have other numbers"
        )


def _check_rows(report: Verification, proof: dict[str, Any]) -> None:
    """What is said of a row's place is where the cells stand that are computed with."""
    kept = set()
    for name, table in proof["tables"].items():
        if name.startswith("core."):
            columns = [column for column, _ in table["columns"]]
            at = [columns.index(c) for c in ("submission", "sheet", "source_row")]
            kept |= {(name, *(row[i] for i in at)) for row in table["rows"]}
    named = {(r["table"], r["file"], r["sheet"], str(r["row"])) for r in proof["rows"]}
    cited = {place for number in proof["numbers"] for place in number["rows"]}
    cited |= set(proof.get("earlier", []))  # no page of an earlier version has it
    if named != kept or cited != set(range(len(proof["rows"]))):
        report.fault(
            "row",
            "",
            "所列出处与参与计算的单元格不是同一些",
            "the rows named are not those that are computed with",
        )


def _compute(report: Verification, proof: dict[str, Any]) -> None:
    views = {number["view"] for number in proof["numbers"]}
    if not views <= {view["name"] for view in proof["views"]}:
        raise ValueError(f"no SQL of {views}")

    def work(send: Callable[[tuple[str, list[dict[str, Any]]]], None]) -> None:
        with open_empty_sandbox(_LIMITS) as con:
            _fill(con, proof)
            for view in sorted(views):
                send((view, _rows_of(con, view, proof)))

    try:
        computed = dict(call_in_child(work, _LIMITS.memory_bytes, _LIMITS.seconds))
    except (TimeoutError, MemoryError) as error:
        raise _LIMITS.overrun() from error
    for number in proof["numbers"]:
        report.numbers += 1
        for problem_zh, problem_en in _compare(number, computed[number["view"]]):
            report.fault("number", number["title_zh"], problem_zh, problem_en)


def _rows_of(
    con: duckdb.DuckDBPyConnection, view: str, proof: dict[str, Any]
) -> list[dict[str, Any]]:
    query = f"from {view} as v where v.zone = ? and v.period = ?"
    return fetch_rows(con, query, [proof["zone"], proof["period"]])


def _compare(number: dict[str, Any], computed: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    key = number["key"]
    rows = [r for r in computed if all(r[name] == value for name, value in key.items())]
    if len(rows) != 1:
        yield "从证明中的单元格算不出", "does not follow from the cells of the proof"
        return
    proved = {number["column"]: number["text"]}
    if number["unit_column"]:
        proved[number["unit_column"]] = number["unit"]
    computed_as = dict(rows[0])
    if number["value_column"]:
        proved[number["value_column"]] = number["value"]
        value = rows[0][number["value_column"]]
        computed_as[number["value_column"]] = None if value is None else exact(value)
    for column, text in proved.items():
        if computed_as[column] != text:
            yield (
                f"证明中是 {text}，重算得 {computed_as[column]}",
                f"the proof says {text}, computed anew it is {computed_as[column]}",
            )


def _fill(con: duckdb.DuckDBPyConnection, proof: dict[str, Any]) -> None:
    """Tables, macros and views of the proof; each statement makes one of them."""
    create_schemas(con)
    for name, table in proof["tables"].items():
        if not re.fullmatch(r"[a-z]+\.[a-z_]+", name):
            raise ValueError(f"{name!r} is no table")
        columns = ", ".join(f'"{column}" {kind}' for column, kind in table["columns"])
        con.execute(_only_create(con, f"create table {name} ({columns})"))
        if table["rows"]:
            texts = [pa.array(values, pa.string()) for values in zip(*table["rows"], strict=True)]
            con.register("incoming", pa.table(texts, [str(c) for c, _ in table["columns"]]))
            con.execute(f"insert into {name} select * from incoming")
            con.unregister("incoming")
    for relation in (*proof["macros"], *proof["views"]):
        con.execute(_only_create(con, relation["sql"]))


def _only_create(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    statements = con.extract_statements(sql)
    if [s.type for s in statements] != [duckdb.StatementType.CREATE]:
        raise ValueError("the SQL of the proof does more than to make views")
    return sql
