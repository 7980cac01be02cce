"""The file server: the documents of a warehouse over HTTP, to be read only, and nothing else.

Who may read what says `flows.cli.document_access`. Every request has an answer, a bad one too.
"""

from __future__ import annotations

import contextlib
import http.server
import io
import os
import socket
import threading
import time
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO

from flows.cli.document_access import (
    HEADERS,
    MOST_CONNECTIONS,
    REQUEST_S,
    TOO_MANY,
    DocumentAccess,
    RefusedError,
    read_target,
    type_of,
)

SLOWEST_BYTES_S = 8192  # a client that takes less is let go
_PIECE = 1 << 16


class DocumentServer(http.server.ThreadingHTTPServer):
    """Serves one warehouse. `token`: for all folders but the public one, which None shuts."""

    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], warehouse: Path, token: str | None, names: Iterable[str]
    ) -> None:
        super().__init__(address, Documents)
        self._free = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self.access = DocumentAccess(warehouse, token, names, self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give the connection a thread, or say that there are too many."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
            return
        with contextlib.suppress(OSError):
            request.settimeout(1)
            request.sendall(_REFUSAL)
        self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer in a thread, and make room for another."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()


class _InTime(io.RawIOBase):
    """What comes from a client until its time is up. Reading then raises TimeoutError."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection, self._until = connection, time.monotonic() + REQUEST_S

    def readable(self) -> bool:
        """It is for nothing else."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Take what has come."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


class Documents(http.server.BaseHTTPRequestHandler):
    """Answers one request."""

    server: DocumentServer
    server_version, sys_version = "jibao", ""
    default_request_version = "HTTP/1.0"  # the one before it has no headers, in an answer neither

    def setup(self) -> None:
        """Read from a client that has not for ever."""
        super().setup()
        self.rfile = io.BufferedReader(_InTime(self.connection))

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
                self._send(content)

    def _send(self, content: BinaryIO) -> None:
        """Send a file to a client that takes it."""
        until = time.monotonic() + REQUEST_S
        while piece := content.read(_PIECE):
            self.connection.settimeout(max(until - time.monotonic(), 0.001))
            self.wfile.write(piece)
            until += len(piece) / SLOWEST_BYTES_S

    def end_headers(self) -> None:
        """Every answer has the headers of safety; none is kept by anybody on the way."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing about every page that is read: addresses may hold the token."""


_SAFELY = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
_REFUSAL = (
    f"HTTP/1.0 503 Service Unavailable\r\n{_SAFELY}Content-Type: text/plain; charset=utf-8\r\n\r\n"
    f"{TOO_MANY}\n"
).encode()


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
