"""`jibao serve` shows what may be given out in a browser, and the rest to who has the token."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.shipped_passwords import refuse_shipped_passwords
from flows.cli.terminal import WarehouseOption, in_words, out


@in_words
def serve(
    warehouse: WarehouseOption = Path("warehouse"),
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 4290,
    everything: Annotated[
        bool,
        typer.Option(
            "--all", help="Bulletin, exports, Data Docs and return workbooks too, with a token."
        ),
    ] = False,
    token: Annotated[
        str | None,
        typer.Option(
            help="The token for --all, 16 characters at least; made up where none is given.",
            envvar="JIBAO_SERVE_TOKEN",
        ),
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(help="A name by which browsers know this server; may be repeated."),
    ] = None,
) -> None:
    """Serve the documents of a warehouse: without --all only what the public may see."""
    from flows.cli.document_access import address_of
    from flows.cli.file_server import make_server

    refuse_shipped_passwords({"JIBAO_SERVE_TOKEN": token or ""})
    if token is not None and not everything:
        raise ValueError("--token 只与 --all 同用 · a token goes with --all: the public needs none")
    if token is not None and len(token) < 16:
        raise ValueError(
            "口令太短，至少 16 个字符 · the token is too short: 16 characters at least"
        )
    if not warehouse.is_dir():
        raise FileNotFoundError(
            f"没有文件夹 {warehouse}，请先运行 jibao run · "
            f"there is no folder {warehouse}; run `jibao run` first"
        )
    key = (token or secrets.token_urlsafe(24)) if everything else None
    with make_server(warehouse, port, host, key, name or ()) as server:
        base = f"http://{host}:{server.server_address[1]}"
        out.print(f"公开 public     {base}/published/public/jibao_public.duckdb", soft_wrap=True)
        out.print(f"站点 site       {base}/published/public/site/index.html", soft_wrap=True)
        if everything:
            for words, path in (
                ("内部站点", "published/site/index.html"),
                ("Data Docs", "data_docs/"),
            ):
                out.print(f"{words:<13} {address_of(base, path, key)}", soft_wrap=True)
            out.print(
                "口令只显示这一次；Prefect 中的链接还要在工作进程处设置下列变量 · "
                "the token is shown this once; links in Prefect need "
                f"JIBAO_FILES_URL={address_of(base, '', key)} where the worker runs",
                soft_wrap=True,
            )
        out.print("Ctrl-C 结束 ends this")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            out.print("已结束 · ended")
