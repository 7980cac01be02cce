"""`jibao ui`: the published pages on this machine, with a page to ask the warehouse in SQL."""

from __future__ import annotations

import contextlib
import secrets
import socket
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.terminal import WarehouseOption, in_words, out
from flows.warehouse.sandbox import Limits

_HOST = "127.0.0.1"


@in_words
def ui(
    warehouse: WarehouseOption = Path("warehouse"),
    port: Annotated[int, typer.Option(help="Port to listen on, of this machine alone.")] = 4291,
    opening: Annotated[
        bool, typer.Option("--open", help="Open the page to ask on in the browser.")
    ] = False,
    memory: Annotated[str, typer.Option(help="The most memory a query may take.")] = Limits.memory,
    seconds: Annotated[float, typer.Option(help="The most seconds a query may take.")] = 30,
) -> None:
    """Look at what is published and ask in SQL, in the browser of this machine, until Ctrl-C."""
    from flows.cli.document_access import DocumentAccess, address_of
    from flows.cli.query_site import QUERY, make_site
    from flows.cli.site_server import make_server
    from flows.warehouse.damage import no_warehouse
    from flows.warehouse.database import published_path

    limits = Limits(memory, seconds)
    if not published_path(warehouse).exists():
        raise FileNotFoundError(no_warehouse(published_path(warehouse)))
    token = secrets.token_urlsafe(24)
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port))
        port = listener.getsockname()[1]
        access = DocumentAccess(warehouse, token, [], port, cookie="jibao_ui_token")
        base = f"http://{_HOST}:{port}"
        query = address_of(base, QUERY, token)
        out.print(f"公布的页面 pages   {address_of(base, '', token)}", soft_wrap=True)
        out.print(f"查询 query         {query}", soft_wrap=True)
        out.print("Ctrl-C 结束 ends this")
        if opening:
            threading.Timer(0.5, webbrowser.open, [query]).start()
        with contextlib.suppress(KeyboardInterrupt):
            make_server(make_site(access, limits)).run(sockets=[listener])
    out.print("已结束 · ended")
