"""How numbers are written for people: as in print, and never as an empty `None`."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal


def write_number(value: float | Decimal | None, decimals: int = 1) -> str:
    """With so many decimals, halves rounded away from zero, a real minus sign; a dash for what is
    not known.
    """
    if value is None or not math.isfinite(value):
        return "—"
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{rounded + 0 if rounded else abs(rounded):f}".replace("-", "−")


def write_signed(value: float | Decimal | None, decimals: int = 1) -> str:
    """As `write_number`, with a plus before what is greater than zero."""
    text = write_number(value, decimals)
    return f"+{text}" if text[0] not in "−—" and text.strip("0.") else text


def exact(value: object) -> str:
    """A number with all its digits."""
    text = f"{value:f}" if hasattr(value, "as_tuple") else repr(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
