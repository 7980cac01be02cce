"""The command line: `jibao withdraw` lets a submission stand no longer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.terminal import RawOption, WarehouseOption, in_words, out
from flows.model.account import account


@in_words
def withdraw(
    path: Annotated[
        str,
        typer.Argument(
            help="The file, as raw/manifest.csv has it, e.g. 150571/2022Q3/gdp.xlsx.",
            show_default=False,
        ),
    ],
    reason: Annotated[
        str, typer.Option(help="Why what was received stands no longer.", show_default=False)
    ],
    raw: RawOption = Path("raw"),
    warehouse: WarehouseOption = Path("warehouse"),
    submission: Annotated[
        str,
        typer.Option(help="Which one, where several contents came, or one quarter of a history."),
    ] = "",
    acceptance: Annotated[
        bool,
        typer.Option("--acceptance", help="Take back its acceptance; the file stays received."),
    ] = False,
    by: Annotated[
        str | None, typer.Option(help="Who withdraws; the account's name where nothing is said.")
    ] = None,
) -> None:
    """Withdraw what was received: its figures no longer count, and stay on record."""
    from flows.receive.listing import WITHDRAWN
    from flows.receive.withdrawals import withdraw as withdraw_submission

    given = Path(path)
    below = given.relative_to(raw).as_posix() if given.is_relative_to(raw) else given.as_posix()
    if acceptance:
        _take_back(raw, warehouse, below, by or account(), reason)
        return
    lines = withdraw_submission(raw, warehouse, below, by or account(), reason, submission)
    listed = ", ".join(line.submission for line in lines)
    subject = "the line is" if len(lines) == 1 else "the lines are"
    out.print(
        f"{below} ({listed}) 已撤回 withdrawn; {subject} in {raw / WITHDRAWN}, and "
        "the next `jibao run` takes it up",
        soft_wrap=True,
        markup=False,
    )


def _take_back(raw: Path, warehouse: Path, path: str, by: str, reason: str) -> None:
    from flows.publish.acceptances import TAKEN_BACK, take_back

    taken = take_back(raw, warehouse, path, by, reason)
    out.print(
        f"已撤销对 {path} 的同意（{taken.accepted_by}：{taken.acceptance_reason}），下一次 "
        f"jibao run 起"
        f"重新待同意或待核实；记在 {raw / TAKEN_BACK} · the acceptance of {path} "
        f"({taken.submission}) is taken back; from the next `jibao run` on it waits, or is under "
        f"query, again; the line is in {raw / TAKEN_BACK}",
        soft_wrap=True,
        markup=False,
    )
