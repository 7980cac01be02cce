"""A bulletin as PDF, set by typst from `bulletin_document.typ`, with the fonts of the machine."""

from __future__ import annotations

import functools
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from flows.publish.bulletin_document import Document

if TYPE_CHECKING:
    import typst

_TEMPLATE = Path(__file__).resolve().with_name("bulletin_document.typ")
# of those a machine has the first is taken; a text in English, too, has names in Chinese
_CHINESE = (
    *("Source Han Serif SC", "Noto Serif CJK SC", "Source Han Serif CN", "Noto Serif SC"),
    *("Songti SC", "SimSun", "FandolSong", "AR PL UMing CN", "Source Han Sans SC"),
    *("Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "SimHei"),
    *("WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback"),
)
_LATIN = "Libertinus Serif"  # typst has it with it


NO_FONT = (
    "本机没有中文字体，不能生成 PDF；请安装一种，如 apt install fonts-noto-cjk · this machine has "
    "no Chinese font, so that no PDF can be set; install one, e.g. apt install fonts-noto-cjk"
)


class NoChineseFontError(OSError):
    """No font of this machine has Chinese characters: a PDF would be full of empty boxes."""


def write_pdf(document: Document) -> bytes:
    """The file; equal documents give equal bytes. Raises NoChineseFontError."""
    font = chinese_font()
    is_bold = any(f.family == font and f.weight >= 600 for f in _fonts().fonts())
    inputs = asdict(document) | {
        "fonts": [_LATIN, font],
        "weight": "bold" if is_bold or document.lang == "en" else "regular",
    }
    pdf = _compiler().compile(
        _TEMPLATE.read_bytes(),
        sys_inputs={"document": json.dumps(inputs, ensure_ascii=False)},
        format="pdf",
        timestamp=0,
    )
    if not isinstance(pdf, bytes):
        raise TypeError(f"typst gave {type(pdf)}, not a PDF")
    return pdf


@functools.cache
def chinese_font() -> str:
    """The family that Chinese is set in. Raises NoChineseFontError."""
    families = set(_fonts().families())
    chosen = next((family for family in _CHINESE if family in families), None)
    if chosen is None:
        raise NoChineseFontError(NO_FONT)
    return chosen


@functools.cache
def _fonts() -> typst.Fonts:
    import typst

    return typst.Fonts()


@functools.cache
def _compiler() -> typst.Compiler:
    """One for a process: it keeps the fonts that it has read."""
    import typst

    return typst.Compiler(font_paths=_fonts())
