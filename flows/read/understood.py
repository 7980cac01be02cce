"""What the words around a table were read as, for the ledger and for the sender to see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flows.model.period import Period
from flows.model.span import find_spans
from flows.model.submission import Block, Reading
from flows.read.grid import Grid
from flows.read.layout import Layout

_CLASSES = {
    "kept": ("照存", "kept"),
    "another": ("另有所指", "another meaning"),
    "unknown": ("不认得", "not known"),
}
# what says the unit of each figure where a table has none for all
_UNIT_FROM = {
    "unit column": ("见计量单位栏", "in the unit column"),
    "row name": ("见指标名称", "in the names of the rows"),
    "heading": ("见表头", "in the headings"),
    "unit line": ("见单位行和表头", "in the unit line and the headings"),
    "form": ("按报表规定", "as the form says"),
}


def describe_understood(grid: Grid, layout: Layout, asked: Period) -> dict[str, Any]:
    """Titles, the sheet's name, the unit line and headings, each with its spans of time and words.

    Spans say whether they fit the quarter that was asked for; words say their class.
    """
    understood: dict[str, Any] = {
        "period": str(asked),
        "titles": [
            {"cell": f"{letter}{row}", "text": text, **_spans_of(text, asked)}
            for row, letter, text in layout.titles
        ],
        "headings": [
            {"cell": f"{h.letter}{layout.header_row}", "field": name, "text": h.text}
            | ({"unit": h.unit} if h.unit else {})
            | _spans_of(h.text, asked)
            for name, h in layout.headings.items()
        ],
        "words": [
            {
                "cell": cell,
                "text": remark.text,
                "class": remark.kind,
                "means_zh": remark.means.zh,
                "means_en": remark.means.en,
            }
            for cell, _, remark in layout.remarks
        ],
    }
    if grid.sheet:
        understood["sheet"] = {"text": grid.sheet, **_spans_of(grid.sheet, asked)}
    if layout.unit_line:
        line = layout.unit_line
        understood["unit_line"] = {
            "cell": f"{line.letter}{line.row}",
            "text": line.text,
            "unit": line.unit,
        }
    return understood


def _spans_of(text: str, asked: Period) -> dict[str, Any]:
    spans, _ = find_spans(text)
    if not spans:
        return {}
    return {
        "spans": [
            {"text": s.text, "zh": s.title[0], "en": s.title[1], "fits": s.fits(asked)}
            for s in spans
            if s.kind != "unreadable"
        ]
    }


def say_understood(block: Block) -> tuple[str, str]:
    """One line a table, zh and en: its period, its unit, and what each column was read as."""
    understood = block.understood
    columns = "、".join(
        f"{h['cell']} “{h['text']}”" + (f"（{h['unit']}）" if h.get("unit") else "")
        for h in understood.get("headings", [])
    )
    words = [w for w in understood.get("words", []) if w["class"] in _CLASSES]
    words_zh = "、".join(f"{w['text']}（{_CLASSES[w['class']][0]}）" for w in words)
    words_en = ", ".join(f"{w['text']} ({_CLASSES[w['class']][1]})" for w in words)
    where = f"{block.sheet}: " if block.sheet else ""
    unit_from = _UNIT_FROM.get(block.unit_from or "", ("—", "—"))
    unit_zh, unit_en = (block.unit, block.unit) if block.unit else unit_from
    zh = f"{where}读作 {block.period} 自一月起累计；单位 {unit_zh}；{columns}"
    en = f"{where}understood as {block.period}, January to date; unit {unit_en}; {columns}"
    if words:
        zh, en = f"{zh}；另有 {words_zh}", f"{en}; beside them {words_en}"
    return zh, en


def list_understood(folder: Path, lang: str | None) -> list[str]:
    """One line a table that was read into the folder; nothing without a language."""
    if lang is None:
        return []
    return [say_understood(block)[lang != "zh"] for block in Reading.open(folder).blocks]
