"""`jibao lake` makes a warehouse on DuckLake, commits to it and holds it against its register."""

from __future__ import annotations

import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.terminal import RawOption, err, escape, in_words, out
from flows.warehouse.lake import LakeAddress, open_lake, require_lake
from flows.warehouse.lake_commit import PARCELS_A_COMMIT, commit_published, say_committed
from flows.warehouse.lake_maintenance import KEEP_DAYS, find_discrepancies, maintain


class LakeAction(StrEnum):
    """What `jibao lake` does."""

    init = "init"
    commit = "commit"
    verify = "verify"
    maintain = "maintain"


@in_words
def lake(
    action: Annotated[LakeAction, typer.Argument(help="Make it, commit to it, check or tidy it.")],
    address: Annotated[
        str, typer.Argument(help='"ducklake:postgres:dbname=jibao ?data=s3://bucket/jibao".')
    ],
    raw: RawOption = Path("raw"),
    parcels: Annotated[
        int, typer.Option(min=1, help="Parcels (files as judged) that a transaction takes.")
    ] = PARCELS_A_COMMIT,
    take_over: Annotated[
        bool, typer.Option("--take-over", help="The office's earlier warehouse is no more.")
    ] = False,
    keep_days: Annotated[
        int, typer.Option(min=1, help="Days of snapshots that `maintain` keeps.")
    ] = KEEP_DAYS,
) -> None:
    """Keep the warehouse on DuckLake as well: init once, commit, verify, maintain."""
    place = require_lake(address)
    if action == LakeAction.init:
        _init(place, raw)
    elif action == LakeAction.commit:
        _commit(place, parcels, take_over)
    elif action == LakeAction.maintain:
        _maintain(place, keep_days)
    else:
        with open_lake(place) as con:
            _tell(find_discrepancies(con))


def _init(address: LakeAddress, raw: Path) -> None:
    from flows.build.lake_views import prepare_lake
    from flows.forms.catalogue import load_catalogue
    from flows.load.step import prepare

    catalogue = load_catalogue()
    with tempfile.TemporaryDirectory() as folder:
        layout = Path(folder) / "layout.duckdb"
        prepare(layout, catalogue)
        is_new = prepare_lake(address, layout, catalogue, raw)
    words = "已建好 · is ready" if is_new else "无需改动 · is as it should be"
    out.print(f"{escape(address)}：{words}", markup=False, soft_wrap=True)


def _say(words: str) -> None:
    err.print(words, markup=False, soft_wrap=True)


def _commit(address: LakeAddress, parcels_a_commit: int, take_over: bool) -> None:
    parcels, commits = commit_published(
        address, parcels_a_commit=parcels_a_commit, take_over=take_over, say=_say
    )
    out.print(say_committed(parcels, commits))


def _maintain(address: LakeAddress, keep_days: int) -> None:
    done = maintain(address, keep_days, say=_say)
    out.print(done.describe(), markup=False, soft_wrap=True)
    _tell(done.discrepancies)


def _tell(discrepancies: list[str]) -> None:
    for line in discrepancies:
        out.print(line, markup=False, soft_wrap=True)
    if discrepancies:
        raise typer.Exit(1)
    out.print("与登记一致 · as registered")
