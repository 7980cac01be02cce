"""`jibao synthesize DIR` writes made-up submissions to try the pipeline on."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.terminal import in_words, out


@in_words
def synthesize(
    folder: Annotated[
        Path,
        typer.Argument(
            help="An empty or new folder; nothing synthetic goes into raw/.", show_default=False
        ),
    ],
    zones: Annotated[int, typer.Option(help="How many zones, from 990001 on.")] = 3,
    quarters: Annotated[int, typer.Option(help="How many quarters.")] = 8,
    enterprises: Annotated[
        int, typer.Option(help="How many enterprises a zone begins with.")
    ] = 500,
    errors: Annotated[
        str, typer.Option(help="Share of files, rows and lines to spoil, e.g. 2%.")
    ] = "0%",
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    start: Annotated[str, typer.Option(help="The first quarter.")] = "2021Q1",
    form: Annotated[
        list[str] | None, typer.Option("--form", "--forms", help="Only this form; may be repeated.")
    ] = None,
) -> None:
    """Write synthetic submissions: zones, quarters, every form, and the answer key of the errors
    planted.
    """
    from flows.synthetic.sets import ANSWER_KEY, Wanted
    from flows.synthetic.sets import synthesize as make

    started = time.perf_counter()
    forms = tuple(f for given in form or () for f in given.split(",") if f)
    made = make(
        folder, Wanted(zones, quarters, enterprises, _parse_share(errors), seed, start, forms)
    )
    took = time.perf_counter() - started
    out.print(
        f"{made.files} 个文件 files, {made.rows} 行 rows, {made.bytes / 1e6:.1f} MB, {took:.1f} s; "
        "全部是虚构的，见 README.txt · all of it is made up, see README.txt",
        soft_wrap=True,
    )
    out.print(
        f"埋设了 {len(made.planted)} 处错误和事件，答案在 {folder / ANSWER_KEY} · "
        f"{len(made.planted)} errors and events planted; the answer key is {folder / ANSWER_KEY}",
        soft_wrap=True,
    )
    out.print(
        f"下一步 next: jibao run --raw {folder} --warehouse {folder}-warehouse", soft_wrap=True
    )


def _parse_share(text: str) -> float:
    """`2%` or `0.02`. Raises ValueError for what is no share."""
    if not re.fullmatch(r"\d+(\.\d+)?%?", text.strip()):
        raise ValueError(
            f"--errors {text}：请写成比例，如 2% 或 0.02 · write a share such as 2% or 0.02"
        )
    return float(text.strip().rstrip("%")) / (100 if "%" in text else 1)
