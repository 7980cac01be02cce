"""Numbers written in Chinese figures: 一百五十, 三点五万, 二〇二六."""

from __future__ import annotations

import re
from decimal import Decimal

from flows.model.errors import NotAQuantityError

MYRIADS = {"万": 10**4, "亿": 10**8}
TRADITIONAL = str.maketrans("萬億", "万亿")
CHINESE = re.compile("[零〇一二两三四五六七八九十百千拾佰仟壹贰叁万亿点]+")

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
}
# small numbers in words, as quarters and months are counted
_SMALL = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"十一": 11, "十二": 12, "两": 2}
_SMALL |= {"first": 1, "second": 2, "third": 3, "fourth": 4}
_SMALL |= {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_SMALL |= {"one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "nine": 9, "twelve": 12}
_TENS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}


def read_small(text: str) -> int:
    """The number of a quarter or month in digits or words: `3`, `三`, `十二`, `third`, `3rd`.

    Raises ValueError for what is none.
    """
    word = text.lower()
    return _SMALL[word] if word in _SMALL else int(word)


def read_chinese(text: str) -> tuple[Decimal, int, int]:
    """(value, decimals, scale): `一百五十` is (150, 0, 1), `三点五万` (35000, -3, 10000).

    Raises NotAQuantityError where the words make no number: it is one only if writing the number
    out gives the same words again, so that nothing is guessed (`一百五` may mean 105 or 150).
    """
    refusal = NotAQuantityError(
        f"“{text}”不是数字，请改用阿拉伯数字|“{text}” is not a number; write it in digits"
    )
    if set(text) == {"一"}:
        raise NotAQuantityError(
            f"“{text}”是数字一，还是表示没有的横线？|is “{text}” the figure one, or a dash?"
            " it is not a number for certain"
        )
    body, scale = text, 1
    while len(body) > 1 and body[-1] in MYRIADS and not set(body.rstrip("万亿")) & set(MYRIADS):
        scale *= MYRIADS[body[-1]]
        body = body[:-1]
    whole, point, fraction = body.partition("点")
    if point and (not fraction or any(c not in _DIGITS for c in fraction)):
        raise refusal
    if (
        not point and len(whole) > 1 and all(c in _DIGITS for c in whole)
    ):  # 二〇二六, digit by digit
        value = int("".join(str(_DIGITS[c]) for c in whole))
    else:
        value = _read_places(whole)
        if _write_chinese(value) not in (_standard(whole), "一" + _standard(whole)) or (
            value == 0 and whole not in "零〇"
        ):
            raise refusal
    tail = "".join(str(_DIGITS[c]) for c in fraction)
    number = Decimal(f"{value}.{tail}" if tail else value)
    return number * scale, len(tail) - len(str(scale)) + 1, scale


def _standard(words: str) -> str:
    return words.translate(str.maketrans("〇两壹贰叁拾佰仟", "零二一二三十百千"))


def _read_places(words: str) -> int:
    total = section = digit = 0
    for char in words:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _TENS:
            section += (digit or (1 if char in "十拾" else 0)) * _TENS[char]
            digit = 0
        else:
            total += (section + digit) * MYRIADS[char] if char == "万" else 0
            total = total if char == "万" else (total + section + digit) * MYRIADS[char]
            section = digit = 0
    return total + section + digit


def _write_chinese(value: int) -> str:
    """The number in words, as the standard has it: 10050 is 一万零五十."""
    if value == 0:
        return "零"
    words, gap = "", False
    for name, size in (("亿", 10**8), ("万", 10**4), ("", 1)):
        section = value // size % 10_000
        if section and words and (gap or section < 1000):
            words += "零"
        words += (_write_section(section) + name) if section else ""
        gap = bool(words) and section % 10 == 0 and section == 0
    return words


def _write_section(section: int) -> str:
    words, gap = "", False
    for name, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = section // size % 10
        if digit:
            words += ("零" if gap and words else "") + "零一二三四五六七八九"[digit] + name
        gap = not digit
    return words
