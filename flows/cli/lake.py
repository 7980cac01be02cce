"""`jibao lake` makes a warehouse on DuckLake, commits to it and holds it against its register."""

from __future__ import annotations

import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.terminal import RawOption, WarehouseOption, err, escape, in_words, out
from flows.model.errors import WarehouseError
from flows.warehouse.lake import LakeAddress, open_lake, parse_address
from flows.warehouse.lake_commit import PARCELS_A_COMMIT, commit_published, find_discrepancies


class LakeAction(StrEnum):
    """What `jibao lake` does."""

    init = "init"
    commit = "commit"
    verify = "verify"


@in_words
def lake(
    action: Annotated[LakeAction, typer.Argument(help="Make it, commit to it, or check it.")],
    address: Annotated[
        str, typer.Argument(help='"ducklake:postgres:dbname=jibao ?data=s3://bucket/jibao".')
    ],
    raw: RawOption = Path("raw"),
    warehouse: WarehouseOption = Path("warehouse"),
    office: Annotated[
        str, typer.Option(help="Whose warehouse it is; each office has one.")
    ] = "office",
    parcels: Annotated[
        int, typer.Option(min=1, help="Parcels (files as judged) that a transaction takes.")
    ] = PARCELS_A_COMMIT,
) -> None:
    """Keep the warehouse on DuckLake as well: init once, commit after each run, verify."""
    place = parse_address(address)
    if not isinstance(place, LakeAddress):
        raise WarehouseError(
            f"{address} 是文件夹；请给出 ducklake:postgres: 地址 · {address} is a folder; give an "
            "address ducklake:postgres:…"
        )
    if action == LakeAction.init:
        _init(place, raw)
    elif action == LakeAction.commit:
        _commit(place, warehouse, office, parcels)
    else:
        _verify(place)


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


def _commit(address: LakeAddress, warehouse: Path, office: str, parcels_a_commit: int) -> None:
    parcels, commits = commit_published(
        address,
        warehouse,
        office,
        parcels_a_commit=parcels_a_commit,
        say=lambda words: err.print(words, markup=False, soft_wrap=True),
    )
    out.print(f"提交 {parcels} 包，{commits} 次 · {parcels} parcels in {commits} commits")


def _verify(address: LakeAddress) -> None:
    with open_lake(address) as con:
        told = find_discrepancies(con)
    for line in told:
        out.print(line, markup=False, soft_wrap=True)
    if told:
        raise typer.Exit(1)
    out.print("与登记一致 · as registered")
