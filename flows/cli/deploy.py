"""`jibao deploy` puts work pool, deployments and automations on a Prefect server."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from flows.cli.shipped_passwords import refuse_shipped_passwords
from flows.cli.terminal import in_words, out
from flows.model.home import find_home


@in_words
def deploy(
    notify: Annotated[
        str | None,
        typer.Option(
            help="An Apprise address that is told of red runs, e.g. mailto://… or json://…."
        ),
    ] = None,
    lost_after: Annotated[
        int, typer.Option(help="Seconds without a heartbeat after which a run counts as crashed.")
    ] = 180,
) -> None:
    """Put pool, deployments and automations on the server of PREFECT_API_URL; may be repeated."""
    refuse_shipped_passwords(os.environ)
    server = os.environ.get("PREFECT_API_URL")
    if not server:
        raise ValueError(
            "请设置 PREFECT_API_URL，指明 Prefect 服务器 · "
            "which Prefect server? set PREFECT_API_URL, "
            "e.g. PREFECT_API_URL=http://127.0.0.1:4200/api; `jibao up` has one of its own"
        )
    from flows.orchestration.deploy import POOL, prepare_server

    prepare_server(find_home(), notify, lost_after)
    out.print(
        f"已部署到 {server}，在运行 prefect worker start --pool {POOL} 的地方执行 · "
        f"deployed to {server}; runs start where `prefect worker start --pool {POOL}` runs",
        soft_wrap=True,
        markup=False,
    )
