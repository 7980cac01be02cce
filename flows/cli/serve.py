"""The command line: `jibao serve` shows bulletin, Data Docs and return workbooks in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.terminal import WarehouseOption, in_words, out


@in_words
def serve(
    warehouse: WarehouseOption = Path("warehouse"),
    host: Annotated[
        str,
        typer.Option(
            help="Address to listen on; there is no password, so think before it is another."
        ),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 4290,
) -> None:
    """Serve the documents of a warehouse, so that links in the Prefect UI lead to them."""
    from flows.cli.file_server import FOLDERS, make_server

    with make_server(warehouse, port, host) as server:
        for folder in FOLDERS:
            out.print(f"http://{host}:{server.server_address[1]}/{folder}/")
        out.print(
            f"links in Prefect need JIBAO_FILES_URL=http://{host}:{server.server_address[1]} where the worker runs; Ctrl-C ends this"
        )
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            out.print("ended")
