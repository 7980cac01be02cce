"""Noun: the file server, so that a page in the Prefect UI can link to the bulletin, Data Docs and
return workbooks.

In: a warehouse. Out: its three folders of documents over HTTP, to be read only; the database, the
    raw
files and everything else are not served. It listens on loopback unless it is told otherwise, and
asks
nobody for a name: what stands before it on a network has to.
"""

from __future__ import annotations

import functools
import http.server
import posixpath
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

FOLDERS = ("published", "data_docs", "replies")


class Documents(http.server.SimpleHTTPRequestHandler):
    """Answers for the folders of documents alone."""

    def send_head(self) -> Any:
        """Refuse what stands outside of the folders, then answer as for any file."""
        path = posixpath.normpath(unquote(urlsplit(self.path).path)).lstrip("/")
        if path.split("/")[0] not in FOLDERS:
            self.send_error(
                HTTPStatus.NOT_FOUND, f"served are {', '.join(f'/{name}/' for name in FOLDERS)}"
            )
            return None
        return super().send_head()

    def log_message(self, *_: Any) -> None:
        """Say nothing about every page that is read."""


def make_server(
    warehouse: Path, port: int, host: str = "127.0.0.1"
) -> http.server.ThreadingHTTPServer:
    """A server for the documents of a warehouse; `serve_forever` starts it."""
    return http.server.ThreadingHTTPServer(
        (host, port), functools.partial(Documents, directory=str(warehouse.resolve()))
    )
