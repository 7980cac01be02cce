"""The SQL that casts a register's column from text, an expression for each type of column.

An expression gives NULL for text that it cannot cast, a figure of 10^11 or more among it, and
`cast_refused.py` reads that text once more. Decimals have at most 18 digits: from text, a wider
type is a hundred times slower (docs/decisions/0003-decimal-18.md).
"""

from __future__ import annotations

from decimal import Decimal

from flows.forms.form import Column
from flows.forms.words import Text
from flows.model.unit import load_units
from flows.warehouse.sql_text import quote

SQL_TYPES = {
    "text": "varchar",
    "decimal": "decimal(18, 2)",
    "integer": "bigint",
    "boolean": "boolean",
    "date": "date",
    "uscc": "varchar",
}
_DATE_FORMATS = (
    "['%Y-%m-%d', '%Y/%m/%d', '%Y.%m.%d', '%Y%m%d', '%Y年%m月%d日', '%Y-%m-%dT%H:%M:%S']"
)


def cast_sql(column: Column, factor: Decimal | None) -> str:
    """The expression that casts a column of `t`; `factor` as `unit_factor` gives it."""
    text = f"t.{column.name}"
    trimmed = f"trim({text})"
    match column.type:
        case "decimal":
            return _decimal_sql(column, factor)
        case "integer":
            # whole below 2^53; decimals would round 12.00001 to 12
            number = f"try_cast({text} as double)"
            is_whole = f"{number} = trunc({number}) and abs({number}) < 1e15"
            return f"case when {is_whole} then {number}::bigint end"
        case "boolean":
            return f"""
                case
                    when lower({trimmed}) in ('是', '1', 'true', 'yes', 'y', '√') then true
                    when lower({trimmed}) in ('否', '0', 'false', 'no', 'n', '×') then false
                end
            """
        case "date":
            return f"try_strptime({trimmed}, {_DATE_FORMATS})::date"
        case "uscc":
            return f"case when uscc_is_valid(upper({trimmed})) then upper({trimmed}) end"
    return _code_sql(trimmed, column.codes) if column.codes else f"nullif({trimmed}, '')"


def printed_factor(column: Column) -> Decimal:
    """How many base units one of the unit is that the form prints; 1 for a column without unit."""
    return load_units()[column.unit].factor if column.unit else Decimal(1)


def has_more_decimals(column: Column) -> str:
    """Whether a number of `c` was sent, as text in `<name>_sent`, with more than four decimals."""
    text = f"c.{column.name}_sent"
    is_long = f"strpos({text}, '.') between 1 and strlen({text}) - 5"
    return f"coalesce({is_long} and c.{column.name} is not null, false)"


def _decimal_sql(column: Column, factor: Decimal | None) -> str:
    number = f"try_cast(t.{column.name} as decimal(15, 4))"
    if factor == 1:
        return f"{number}::decimal(18, 2)"
    if factor is None:
        of_block = f"coalesce(u_{column.name}.factor, {printed_factor(column)})::decimal(14, 4)"
        product = f"{number} * {of_block}"
    else:
        is_small = factor == int(factor) and factor < 2**15
        product = f"{number} * {factor}::{'smallint' if is_small else 'decimal(14, 4)'}"
    # the product has 18 digits as well: one that needs more is no error of the run
    return f"try_cast(try({product}) as decimal(18, 2))"


def _code_sql(trimmed: str, codes: dict[str, Text]) -> str:
    """The code of a text that is the code itself or its title in either language."""
    arms = []
    for code, title in codes.items():
        spellings = sorted({code.lower(), title.zh.lower(), title.en.lower()})
        listed = ", ".join(quote(spelling) for spelling in spellings)
        arms.append(f"when lower({trimmed}) in ({listed}) then {quote(code)}")
    return f"case {' '.join(arms)} end"
