"""Seconds and memory of each tool against rows, both axes logarithmic: points as JSON in, SVG out."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import altair as alt


def draw(points: list[dict[str, object]]) -> alt.HConcatChart:
    """Two charts side by side; a tool has a colour, a mark and a dash, so that print and the colour-blind keep it."""
    base = (
        alt.Chart(alt.Data(values=points))
        .mark_line()
        .encode(
            x=alt.X("rows:Q", scale=alt.Scale(type="log"), title="rows"),
            color=alt.Color("tool:N", legend=alt.Legend(title=None, labelLimit=0)),
            strokeDash=alt.StrokeDash("tool:N", title=None),
        )
    )
    marks = base.mark_point(filled=True, size=50).encode(shape=alt.Shape("tool:N", legend=None))
    return alt.hconcat(
        *(
            (base + marks)
            .encode(y=alt.Y(f"{unit}:Q", scale=alt.Scale(type="log"), title=title))
            .properties(width=360, height=300)
            for unit, title in (
                ("s", "seconds by the clock"),
                ("MB", "memory of the largest process, MB"),
            )
        )
    )


if __name__ == "__main__":
    draw(json.load(sys.stdin)).save(Path(sys.argv[1]))
