"""Headings and short words of a bulletin's page and documents, each in Chinese and English, as
`bulletin_words.toml` has them.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

_TABLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _open(table: str) -> dict[str, tuple[str, str]]:
    return {name: (zh, en) for name, (zh, en) in _TABLES[table].items()}


AUDIENCE_WORDS = _open("audience")
QUALIFIERS = _open("qualifier")
STATUS_WORDS = _open("status")
WORDS = _open("heading")
