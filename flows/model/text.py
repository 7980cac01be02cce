"""Text as people type it, made comparable."""

from __future__ import annotations

import re
import unicodedata


def clean(text: str) -> str:
    """Full-width to half-width, every space removed, dashes and commas made plain."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"[\s\u200b\ufeff]+", "", text)
    return re.sub(r"[—–−‐―]+", "-", text).replace("、", ",").replace("﹣", "-")
