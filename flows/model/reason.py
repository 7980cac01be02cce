"""A reason in words: what an explanation, an acceptance and a withdrawal have to give."""

from __future__ import annotations

import re

LONG_ENOUGH = 10  # characters, spaces apart: what an official manual asks of an explanation
_DIFFERENT = 4  # of them, at least: `xxxxxxxxxx` says nothing


def length_of(text: str) -> int:
    """How many characters a reason has, spaces apart."""
    return len(re.sub(r"\s", "", text))


def require_reason(text: str, zh: str, en: str) -> str:
    """The reason, tidied. Raises ValueError where it says nothing; `zh` and `en` say what it is
    needed for.
    """
    tidy = " ".join(text.split())
    if length_of(tidy) < LONG_ENOUGH or len(set(tidy)) < _DIFFERENT:
        raise ValueError(
            f'{zh}要写明理由，不少于 {LONG_ENOUGH} 个字：--reason "…" · {en} needs a reason in '
            f'words, of at least {LONG_ENOUGH} characters: say --reason "…"'
        )
    return tidy
