"""Colours of letters and of their ground, and whether letters can be seen on it.

A colour is six hexadecimal digits; a colour of a theme that is neither black nor white is the words
by which the file names it.
"""

from __future__ import annotations

WHITE, BLACK = "FFFFFF", "000000"
_LEAST_APART = 16  # of 256 shades of red, green or blue: colours nearer than that look alike


def are_alike(letters: str | None, ground: str | None) -> bool:
    """Whether letters in a colour cannot be told from their ground; None is a colour not known."""
    if letters is None or ground is None:
        return False
    try:
        shades = zip(bytes.fromhex(letters), bytes.fromhex(ground), strict=True)
        return all(abs(one - other) < _LEAST_APART for one, other in shades)
    except ValueError:
        return letters == ground
