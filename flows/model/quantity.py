"""A quantity as people write it in a cell: `近1.5`, `1,234.50`, `下降2%`, `107.92①`, `—`.

The grammar takes the whole text: direction, qualifier, number, unit, and the marks of footnotes.
What is left over raises `NotAQuantityError` with the reason; nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from decimal import Decimal

from flows.model.errors import NotAQuantityError
from flows.model.marks import is_mark, split_marks, status_of_marks
from flows.model.numerals import CHINESE, MYRIADS, TRADITIONAL, read_chinese
from flows.model.quantity_words import (
    AFTER,
    ARROWS,
    BEFORE,
    COMPARED,
    ERRORS,
    FALL,
    MISSING_MARKS,
    NO_NUMBER,
    NO_RATE,
    OF_A_RATE,
    RISE,
    SIGNS,
    TRIANGLES,
    WORDS,
)
from flows.model.text import clean
from flows.model.unit import load_units, read_spelling

_PLAIN = re.compile(
    r"(?P<sign>[+-]?)(?P<number>\d+(?:\.\d+)?|\.\d+)(?P<exponent>[eE][+-]?\d{1,2})?"
)
# thousands; myriads (1,2345,6789) and lakhs (12,34,567) where the groups leave no doubt
_GROUPED = re.compile(
    r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,4}(?:,\d{4}){2,}|\d{1,2}(?:,\d{2})+,\d{3})(?![\d,])(?:\.\d+)?"
)
# a band of a plan; a small number before a larger one, or it is a day or a range of months
_BAND = re.compile(r"(?P<low>\d+(?:\.\d+)?)%?(?:-|~|至|到)(?P<high>\d+(?:\.\d+)?%?)(?P<unit>\D*)")
_PROGRAM_EXPONENT = re.compile(r"\d(?:\.|$)")  # programs write one figure before the point
_NUMBERED_HEAD = re.compile(r"\s*[①-⒛⓪-⓿❶-➓㉑-㉟㊱-㊿]\.")  # ㊶.82 is no mark and a number
# 41亿8200万 is 41.8200亿; of 41亿12000万 nobody can tell what was meant
_MYRIADS_BELOW = re.compile(r"(\d)亿(\d{1,4})(?:\.(\d+))?万(?=元|$)")
_SPACED = re.compile(r"\d\s+[\d.]")
_SPACE_GROUPED = re.compile(r"(?<!\d)\d{1,3}(?:\s\d{3})+(?!\d|\s*\d)")
_INDEX = re.compile(r"(?P<number>\d+(?:\.\d+)?)\((?:上年同?期?|上年同期)=100\)")
_TIMES = re.compile(r"(?:同比)?(?:增长|增加|提高|上升)(?P<number>\d+(?:\.\d+)?)倍")


@dataclass(frozen=True)
class Quantity:
    """A number as printed. `value` is None when the cell is missing and `obs_status` says how.

    `decimals` tells what the number was rounded to, 10 ** -decimals: 2 for `1.50`, -4 for `3万`.
    `scale` is 10000 for `3万`, which is in `value` already, so that it is never applied twice.
    `marks` are those of footnotes and the like that stand at the number. `is_change`: words say
    that it is by how much something changed, which is no level.
    """

    value: Decimal | None
    decimals: int = 0
    qualifier: str = "exact"
    unit: str | None = None
    obs_status: str = "A"
    scale: int = 1
    marks: tuple[str, ...] = ()
    is_change: bool = field(default=False, compare=False)


def parse_quantity(text: str | None) -> Quantity:
    """Read one cell. Raises NotAQuantityError where the text holds anything but one quantity."""
    sent = text or ""
    _refuse_marks_of_programs(sent)
    plain, marks = split_marks(sent)
    if marks and (not clean(plain) or re.search(r"(?:^|[×x*])10$", clean(plain))):
        raise NotAQuantityError(
            f"“{sent}”只有注码，或是 10 的乘方，不是数字"
            f"|“{sent}” is a mark alone or a power of ten;"
            " it is not a number that can be told"
        )
    if _NUMBERED_HEAD.match(sent):
        raise NotAQuantityError(
            f"“{sent}”以圈码开头，不知是注码还是数字的一部分"
            f"|a figure in a circle or brackets begins “{sent}”; whether it is a mark or a digit"
            " cannot be told; it is not a number for certain"
        )
    if inside := [c for c in plain if is_mark(c)]:
        raise NotAQuantityError(
            f"“{sent}”中间有注码“{inside[0]}”"
            f"|“{inside[0]}” stands inside “{sent}”, which is not a number"
        )
    _refuse_spaced(plain)
    quantity = _read_plain(_join_groups(clean(plain)), sent)
    if quantity.value is not None and (sign := _find_sign(sent)):
        marks = (sign, *marks)
    if not marks:
        return quantity
    status = status_of_marks(marks) if quantity.value is not None else None
    return replace(quantity, marks=marks, obs_status=status or quantity.obs_status)


def _find_sign(sent: str) -> str | None:
    """The triangle or arrow that a text begins with, behind what it compares with."""
    first = _strip_compared(clean(sent))[:1]
    return first if first in tuple(TRIANGLES + ARROWS) else None


def _read_plain(tidy: str, sent: str) -> Quantity:
    """The quantity of a text without marks. `sent` is what the words of a refusal quote."""
    if quantity := _read_words(tidy):
        return quantity
    if tidy in load_units() or tidy in MYRIADS:
        raise NotAQuantityError(
            f"“{sent}”不是数字，只有计量单位|“{sent}” is not a number, only a unit"
        )
    if re.fullmatch(r"\(\d[\d,.]*%?\)", tidy):  # accountants write a loss in brackets
        tidy = "-" + tidy[1:-1]
    body, word, falls = _strip_direction(tidy)
    if not falls and (band := _read_band(body, sent)):
        return band
    if body.startswith("百分之"):
        body = f"{body.removeprefix('百分之')}%"
    is_change = len(body) < len(tidy) and word not in SIGNS
    body, qualifier = _strip_prefix(body)
    value, decimals, scale, rest = _split_number(body)
    unit, qualifier = _read_tail(rest, qualifier, sent)
    if unit in MYRIADS:
        more = MYRIADS[unit]
        value, decimals, scale, unit = value * more, decimals - len(str(more)) + 1, more, None
    if falls:
        if value < 0 or body.startswith("+"):
            raise NotAQuantityError(
                f"“{sent}”有两个正负号，请只保留一个|“{sent}” is negative twice; keep one sign"
            )
        value = -value
    if word in OF_A_RATE and unit is None:
        unit = "百分点"
    return Quantity(value, decimals, qualifier, unit, scale=scale, is_change=is_change)


def _read_band(body: str, sent: str) -> Quantity | None:
    """The lower end of `6%-7%`, which is the floor of a plan; the upper one is kept as a mark."""
    band = _BAND.fullmatch(body)
    if band is None or Decimal(band["low"]) >= Decimal(band["high"].rstrip("%")):
        return None
    rest = band["high"].lstrip("0123456789.") + band["unit"]
    low = _read_plain(band["low"] + rest, sent)
    return replace(low, qualifier="band", marks=(clean(sent),))


def _read_words(tidy: str) -> Quantity | None:
    """What offices say in words alone, or of an index, or of a multiple."""
    if tidy.lower() in MISSING_MARKS:
        return Quantity(None, obs_status=MISSING_MARKS[tidy.lower()])
    if tidy in NO_RATE:
        return Quantity(None, obs_status="M")
    if tidy in WORDS:
        doubled = -2 if WORDS[tidy] else 0  # 翻一番 is rounded as 1倍 is
        return Quantity(WORDS[tidy], doubled, unit="%" if tidy != "持平" else None)
    if index := _INDEX.fullmatch(tidy):  # the growth that an index of 100 a year before stands for
        return Quantity(Decimal(index["number"]) - 100, _decimals(index["number"]), unit="%")
    if times := _TIMES.fullmatch(tidy):
        return Quantity(Decimal(times["number"]) * 100, _decimals(times["number"]) - 2, unit="%")
    return None


def _refuse_marks_of_programs(text: str) -> None:
    """The error of a formula, a formula without its value and `NaN` are no quantity."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.upper().startswith(ERRORS):
        raise NotAQuantityError(
            "公式出错，没有算出数来|the formula has an error and gives no number"
        )
    if re.match(r"=\S", plain):
        raise NotAQuantityError(
            "单元格里是公式，文件中没有存它的结果；请用 Excel 或 WPS 打开、保存后再报"
            ""
            "|the cell holds a formula saved without its result; open and save the file"
            " in a spreadsheet program"
        )
    if plain.lower() in NO_NUMBER:
        raise NotAQuantityError(
            "这是程序写出的“没有数”，不知是漏报还是不应有"
            "|a program wrote this for “no number”; is it missing, or can it not exist?"
        )


def _refuse_spaced(plain: str) -> None:
    """Two numbers in one cell are no quantity; `plain` is without the marks, which a space may part
    from the number.
    """
    if _SPACED.search(_SPACE_GROUPED.sub("0", unicodedata.normalize("NFKC", plain).strip())):
        raise NotAQuantityError(
            "一格里有两个数，或数字中间有空格"
            "|there are two numbers in the cell, or a space inside one"
        )


def _join_groups(tidy: str) -> str:
    """Without what people set between or before digits: apostrophes, a mark of currency; myriads as
    they are written today.
    """
    tidy = tidy.translate(TRADITIONAL)
    tidy = re.sub(r"(?<=\d)['’`](?=\d{3})", "", tidy).removeprefix("'")
    tidy = re.sub(r"^([+-]?)(?:¥|人民币|(?:RMB|CNY)(?=[\d.]))", r"\1", tidy, flags=re.I)
    return _MYRIADS_BELOW.sub(lambda m: f"{m[1]}.{m[2]:0>4}{m[3] or ''}亿", tidy)


def _strip_direction(tidy: str) -> tuple[str, str, bool]:
    """What follows the words of a direction, the word, and whether it is one of a fall."""
    body = _strip_compared(tidy)
    for words, falls in ((FALL, True), (RISE, False)):
        for word in words:
            if body.startswith(word) and len(body) > len(word):
                return body[len(word) :], word, falls
    return body, "", False


def _strip_compared(tidy: str) -> str:
    """The text without the words that say with what it is compared (`同比`)."""
    for word in COMPARED:
        if tidy.startswith(word) and len(tidy) > len(word):
            return tidy[len(word) :]
    return tidy


def _strip_prefix(body: str) -> tuple[str, str]:
    for word in sorted(BEFORE, key=len, reverse=True):
        if body.startswith(word) and len(body) > len(word):
            return body[len(word) :], BEFORE[word]
    return body, "exact"


def _split_number(body: str) -> tuple[Decimal, int, int, str]:
    """The number that the text begins with, its decimals, its scale in words, and what
    follows it.
    """
    grouped = _GROUPED.match(body)
    plain = _PLAIN.match(body)
    if grouped and (plain is None or grouped.end() > plain.end()):
        digits = grouped[0].replace(",", "")
        if re.match(r"[+-]?0", digits):
            raise NotAQuantityError(
                f"“{body}”的逗号是小数点还是千分位？|is the comma of “{body}” a decimal point?"
                " it is not a number for certain"
            )
        return Decimal(digits), _decimals(digits), 1, body[grouped.end() :]
    if plain:
        value = Decimal(plain[0])
        decimals = _decimals(plain["number"])
        if plain["exponent"]:
            if not _PROGRAM_EXPONENT.match(plain["number"]):
                raise NotAQuantityError(
                    f"“{body}”不像程序写出的科学计数，可能是误打了字母 e"
                    f"|no program writes “{body}”; is the letter e meant? it is not a number"
                    " for certain"
                )
            decimals = max(0, decimals - int(plain["exponent"][1:]))
        return value, decimals, 1, body[plain.end() :]
    chinese = CHINESE.match(body)
    if chinese:
        return *read_chinese(chinese[0]), body[chinese.end() :]
    raise NotAQuantityError(f"“{body}”不是数字|“{body}” is not a number")


def _decimals(digits: str) -> int:
    return len(digits.partition(".")[2])


def _read_tail(rest: str, qualifier: str, text: str) -> tuple[str | None, str]:
    """What follows the number: 余, 以上, a unit; `50余家` and `50家以上` both read as over 50
    家.
    """
    for _ in range(2):
        for word, meaning in AFTER.items():
            if rest.startswith(word):
                rest, qualifier = rest[len(word) :], meaning
            elif rest.endswith(word):
                rest, qualifier = rest[: -len(word)], meaning
    if not rest:
        return None, qualifier
    if rest in MYRIADS:
        return rest, qualifier
    if unit := read_spelling(rest):
        return unit, qualifier
    if rest in ("个百分点", "个点"):
        return "百分点", qualifier
    raise NotAQuantityError(
        f"“{text}”中的“{rest}”既不是数字也不是计量单位"
        f"|in “{text}”, “{rest}” is neither a number nor a unit"
    )
