"""How the distinct texts of a form's cells read, as small tables for SQL to join.

In: texts as sent. Out, in a scratch database: `quantity` (a row a distinct text), `unit_known`, and
rows of `problem`, which names each cell whose text cannot be what it should be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import duckdb
import pyarrow as pa

from flows.model.errors import NotAQuantityError
from flows.model.quantity import parse_quantity
from flows.model.unit import find_unit, load_units
from flows.warehouse.database import bring_in

_FIELDS: dict[str, pa.DataType] = {
    "text": pa.string(),
    "value": pa.decimal128(24, 6),
    "decimals": pa.int32(),
    "qualifier": pa.string(),
    "unit": pa.string(),
    "obs_status": pa.string(),
    "finer": pa.bool_(),
    "scale": pa.int64(),
    "unscaled": pa.decimal128(24, 6),
    "shift": pa.int32(),
    "marks": pa.string(),
    "is_change": pa.bool_(),
    "problem_zh": pa.string(),
    "problem_en": pa.string(),
}
_QUANTITY = pa.schema(list(_FIELDS.items()))
_TOO_LARGE = (
    Decimal(10) ** 15
)  # a thousand times the nation's output in yuan would still be below, in any unit used
PROBLEM_COLUMNS = (
    "code varchar, _rid bigint, field varchar, problem_zh varchar, problem_en varchar,"
    " expected_zh varchar, expected_en varchar, expected varchar, count bigint, rows varchar"
)


def tabulate_rows(rows: Sequence[Sequence[object]], names: str) -> pa.Table:
    """Rows as an Arrow table; a name may carry its type (`row:int32`), text otherwise."""
    columns = [n.partition(":") for n in names.split()]
    types = [getattr(pa, t)() if t else pa.string() for _, _, t in columns]
    return pa.table(
        {n: pa.array([r[i] for r in rows], types[i]) for i, (n, _, _) in enumerate(columns)}
    )


def register_quantities(
    con: duckdb.DuckDBPyConnection, texts: list[str], *, are_plans: bool = False
) -> None:
    """`quantity`: how each distinct text reads as a number, or why it does not. A band (`6%-7%`) is
    one of a plan alone.

    `scale` is 10000 where the text says 万 by itself: `value` has it multiplied in, `unscaled` has
    not, and `shift` is by how many decimals the two differ.
    """
    rows: list[dict[str, object]] = []
    for text in texts:
        try:
            q = parse_quantity(text)
            if q.value is not None and abs(q.value) >= _TOO_LARGE:
                raise NotAQuantityError(
                    f"“{text}”太大，不会是真的|“{text}” is too large to be true"
                )
            if q.qualifier == "band" and not are_plans:
                raise NotAQuantityError(
                    f"“{text}”是一个区间，不是一个数|“{text}” is a band, not a number"
                )
            rows.append(
                {
                    "text": text,
                    "value": _kept(q.value),
                    "decimals": q.decimals,
                    "qualifier": q.qualifier,
                    "unit": q.unit,
                    "obs_status": q.obs_status,
                    "finer": q.decimals > 6,
                    "scale": q.scale,
                    "unscaled": _kept(q.value and q.value / q.scale),
                    "shift": len(str(q.scale)) - 1,
                    "marks": "".join(q.marks) or None,
                    "is_change": q.is_change,
                }
            )
        except NotAQuantityError as error:
            zh, _, en = str(error).partition("|")
            rows.append({"text": text, "finer": False, "problem_zh": zh, "problem_en": en})
    bring_in(con, "quantity", pa.Table.from_pylist(rows, _QUANTITY))


def _kept(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.000001"))


def register_units(con: duckdb.DuckDBPyConnection, unit_texts: Iterable[str | None] = ()) -> None:
    """`unit_known`: every known unit, and every way it was said, with its name, base unit and
    factor.
    """
    unit_of_text = {text: find_unit(text) for text in [*unit_texts, *load_units()] if text}
    units = [(text, load_units()[unit]) for text, unit in unit_of_text.items() if unit]
    bring_in(
        con,
        "unit_known",
        pa.table(
            {
                "text": [text for text, _ in units],
                "unit": [unit.unit for _, unit in units],
                "base_unit": [unit.base_unit for _, unit in units],
                "factor": pa.array([unit.factor for _, unit in units], pa.decimal128(18, 4)),
                "prefix": pa.array([unit.prefix for _, unit in units], pa.int64()),
            }
        ),
    )


def list_problems(
    con: duckdb.DuckDBPyConnection, code: str, name: str, source: str, words: str = ""
) -> None:
    """Add the rows of `source` (as `s`) to `problem`, with `words` as further columns."""
    con.execute(
        f"insert into problem by name"
        f" select '{code}' as code, s._rid, '{name}' as field{words} {source}"
    )
