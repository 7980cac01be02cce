"""The file server: the documents of a warehouse over HTTP, to be read only, and nothing else.

Who may read what says `flows.cli.document_access`. Every request has an answer, a bad one too.
"""

from __future__ import annotations

import contextlib
import http.server
import os
import shutil
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flows.cli.document_access import HEADERS, DocumentAccess, RefusedError, read_target, type_of

_IDLE_S = 30  # a client that says nothing for so long is let go


class DocumentServer(http.server.ThreadingHTTPServer):
    """Serves one warehouse. `token`: for all folders but the public one, which None shuts."""

    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], warehouse: Path, token: str | None, names: Iterable[str]
    ) -> None:
        super().__init__(address, Documents)
        self.access = DocumentAccess(warehouse, token, names, self.server_address[1])


class Documents(http.server.BaseHTTPRequestHandler):
    """Answers one request."""

    server: DocumentServer
    server_version, sys_version = "jibao", ""
    timeout = _IDLE_S

    def do_GET(self) -> None:
        """Answer with the file."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Answer as for the file, without it."""
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        access = self.server.access
        try:
            access.check_host(self.headers.get_all("Host") or [])
            parts, query = read_target(self.path)
            redirect = access.admit(parts, query, self.headers.get("Cookie", ""))
            content = None if redirect else access.open(parts)
        except RefusedError as refusal:
            self.send_error(refusal.status, explain=refusal.why)
            return
        if content is None:
            self.send_response(HTTPStatus.SEE_OTHER)
            for name, value in (redirect or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        with content, contextlib.suppress(ConnectionError, TimeoutError):  # the client has gone
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", type_of(parts[-1]))
            self.send_header("Content-Length", str(os.fstat(content.fileno()).st_size))
            self.end_headers()
            if with_body:
                shutil.copyfileobj(content, self.wfile)

    def end_headers(self) -> None:
        """Every answer has the headers of safety; none is kept by anybody on the way."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing about every page that is read: addresses may hold the token."""


def make_server(
    warehouse: Path,
    port: int,
    host: str = "127.0.0.1",
    token: str | None = None,
    names: Iterable[str] = (),
) -> DocumentServer:
    """A server for the documents of a warehouse; `serve_forever` starts it.

    Without a `token` it serves `published/public` alone, with one all folders to who has it.
    `names`: further names by which clients know it, with or without a port.
    """
    return DocumentServer((host, port), warehouse, token, [host, *names])
