"""The file server: the documents of a warehouse over HTTP, to be read only.

Everybody who reaches it may read `published/public`. The bulletin, the exports, Data Docs and the
return workbooks name enterprises: they are served only to who has the token. The database, `raw/`
and everything else are not served at all. It lists no folder, follows no link, answers to its own
names only, and gives every request an answer, a bad one too.
"""

from __future__ import annotations

import contextlib
import hmac
import http.server
import os
import re
import shutil
import stat
from collections.abc import Iterable
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qs, quote, unquote, unquote_to_bytes, urlencode, urlsplit

from flows.publish.bulletin_page import script_hash
from flows.publish.step import PUBLIC_FOLDER

FOLDERS = ("published", "data_docs", "replies")
_PUBLIC = ("published", PUBLIC_FOLDER)
_COOKIE = "jibao_token"
_IDLE_S = 30  # a client that says nothing for so long is let go
_HEADERS = {
    # the bulletins have one script of ours, our other pages none; styles and small pictures stand
    # in them
    "Content-Security-Policy": f"default-src 'none'; script-src 'sha256-{script_hash()}'; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".svg": "image/svg+xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class _RefusedError(Exception):
    """A request that is not answered with a file: the status, and why in words."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


class DocumentServer(http.server.ThreadingHTTPServer):
    """Serves one warehouse. `token`: for all folders but the public one, which None shuts."""

    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], warehouse: Path, token: str | None, names: Iterable[str]
    ) -> None:
        super().__init__(address, Documents)
        self.root = warehouse.resolve()
        self.token = token
        port = self.server_address[1]
        hosts = {"127.0.0.1", "localhost", "[::1]", *names}
        self.hosts = {f"{host}:{port}".lower() for host in hosts} | {h.lower() for h in hosts}


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
        try:
            self._check_host()
            parts, query = self._read_target()
            if self._take_token(parts, query):
                return
            content = self._open(parts)
        except _RefusedError as refusal:
            self.send_error(refusal.status, explain=refusal.why)
            return
        suffix = Path(parts[-1]).suffix.lower()
        with content, contextlib.suppress(ConnectionError, TimeoutError):  # the client has gone
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", _TYPES.get(suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(os.fstat(content.fileno()).st_size))
            self.end_headers()
            if with_body:
                shutil.copyfileobj(content, self.wfile)

    def _check_host(self) -> None:
        """Refuse a name that is not ours: a page elsewhere could have made it point to us."""
        names = self.headers.get_all("Host") or []
        if len(names) != 1 or names[0].strip().lower() not in self.server.hosts:
            raise _RefusedError(
                HTTPStatus.BAD_REQUEST,
                "Host 不是本服务器的名称，请用 jibao serve --name 指明 · "
                "the Host is not one of this server's; name it with jibao serve --name",
            )

    def _read_target(self) -> tuple[list[str], dict[str, list[str]]]:
        """The path as the names of folders and file, and what stands behind the question mark."""
        bad = _RefusedError(HTTPStatus.BAD_REQUEST, "the address cannot be read")
        try:
            target = urlsplit(self.path)
            if target.scheme or target.netloc or not target.path.startswith("/"):
                raise bad
            if re.search(r"%(?![0-9A-Fa-f]{2})", self.path):
                raise bad
            path = unquote_to_bytes(target.path).decode("utf-8")
            query = parse_qs(target.query, max_num_fields=20)
        except ValueError:
            raise bad from None
        if re.search(r"[\x00-\x1f\x7f\\]", path):
            raise bad
        parts = path[1:].split("/")
        if path.endswith("/"):
            parts[-1] = "index.html"
        if any(part in ("", ".", "..") for part in parts):
            raise bad
        return parts, query

    def _take_token(self, parts: list[str], query: dict[str, list[str]]) -> bool:
        """Let pass who may read the file. A token in the address is put into a cookie, and the
        address without it answered: then this returns True.
        """
        if tuple(parts[:2]) == _PUBLIC:
            return False
        if parts[0] not in FOLDERS or self.server.token is None:
            raise _RefusedError(
                HTTPStatus.NOT_FOUND, "没有这份文件 · there is no such document here"
            )
        if given := query.get("token"):
            self._check_token(given[0])
            self.send_response(HTTPStatus.SEE_OTHER)
            self.send_header("Location", quote("/" + "/".join(parts)))
            cookie = f"{_COOKIE}={quote(given[0])}; HttpOnly; SameSite=Strict; Path=/"
            self.send_header("Set-Cookie", cookie)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return True
        try:
            cookies = SimpleCookie(self.headers.get("Cookie", ""))
        except CookieError:
            cookies = SimpleCookie()
        self._check_token(unquote(cookies[_COOKIE].value) if _COOKIE in cookies else "")
        return False

    def _check_token(self, given: str) -> None:
        """Compare in a time that tells nothing of the token."""
        if not hmac.compare_digest(given.encode(), (self.server.token or "").encode()):
            raise _RefusedError(
                HTTPStatus.FORBIDDEN,
                "请打开 jibao serve 或 jibao up 显示的地址（含口令） · "
                "open the address that `jibao serve` or `jibao up` printed, with its token",
            )

    def _open(self, parts: list[str]) -> BinaryIO:
        """The file, if it is one, and stands where its path says: no link leads to it."""
        path = self.server.root.joinpath(*parts)
        missing = _RefusedError(HTTPStatus.NOT_FOUND, "there is no such document here")
        try:
            if path.resolve(strict=True) != path:
                raise missing
            # without waiting: a pipe would never answer
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except (OSError, RuntimeError):
            raise missing from None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise missing
        return os.fdopen(descriptor, "rb")

    def end_headers(self) -> None:
        """Every answer has the headers of safety; none is kept by anybody on the way."""
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-store")
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


def address_of(base: str, path: str, token: str | None = None) -> str:
    """The address of a document, with the token where one is needed."""
    return f"{base}/{quote(path)}" + (f"?{urlencode({'token': token})}" if token else "")
