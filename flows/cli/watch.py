"""`jibao watch` tells a Prefect server of new files, as a service instead of the
deployment `watch`.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.terminal import RawOption, in_words, out


@in_words
def watch(
    raw: RawOption = Path("raw"),
    still: Annotated[
        float, typer.Option(help="Seconds without a change after which a file is whole.")
    ] = 3,
) -> None:
    """Watch for submissions and emit `jibao.submission.received` until Ctrl-C."""
    if not os.environ.get("PREFECT_API_URL"):
        raise ValueError(
            "请设置 PREFECT_API_URL，指明 Prefect 服务器 · which Prefect server? set "
            "PREFECT_API_URL, e.g. PREFECT_API_URL=http://127.0.0.1:4200/api"
        )
    from flows.watch import follow

    follow(raw, still, math.inf, out.print)
