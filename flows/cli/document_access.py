"""Who may read which document of a warehouse over HTTP, whatever server asks.

Everybody who reaches it may read `published/public`. The bulletin, the exports, Data Docs and the
return workbooks name enterprises: they are for who has the token. The database, `raw/` and
everything else are given to nobody. No folder is listed and no link followed, only names of our own
are answered to, and a bad request is refused in words.
"""

from __future__ import annotations

import hmac
import os
import re
import stat
from collections.abc import Iterable
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qs, quote, unquote, unquote_to_bytes, urlencode, urlsplit

from flows.publish.bulletin_page import bulletin_script
from flows.publish.page import hash_of
from flows.publish.site_pages import site_scripts
from flows.publish.step import PUBLIC_FOLDER

FOLDERS = ("published", "data_docs", "replies")
_PUBLIC = ("published", PUBLIC_FOLDER)
_OF_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
# those of the bulletins and of the site: our other pages have none
_SCRIPTS = " ".join(f"'{hash_of(script)}'" for script in (bulletin_script(), *site_scripts()))
HEADERS = {
    # styles and small pictures stand in pages
    "Content-Security-Policy": f"default-src 'none'; script-src {_SCRIPTS}; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
# what every server of ours keeps to, whoever its clients are
MOST_CONNECTIONS = 64  # a browser opens six
REQUEST_S = 30.0  # for all of a request: who says a byte now and then is let go as well
TOO_MANY = "同时打开的连接太多，请稍后再试 · too many connections at once; try again later"
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


class RefusedError(Exception):
    """A request that is not answered with a document: the status, and why in words."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


class DocumentAccess:
    """Gives out the documents below `root`. `token`: for all folders but the public one, which None
    shuts. `names`: by which clients know the server, with or without its port; of loopback's it
    always has all. `cookie`: what a browser keeps the token under, one name a server, for a cookie
    of 127.0.0.1 goes to every port.
    """

    def __init__(
        self,
        root: Path,
        token: str | None,
        names: Iterable[str],
        port: int,
        cookie: str = "jibao_token",
    ) -> None:
        self.root, self.token, self.cookie = root.resolve(), token, cookie
        hosts = {*_OF_LOOPBACK, *names}
        self._hosts = {f"{host}:{port}".lower() for host in hosts} | {h.lower() for h in hosts}

    def check_host(self, names: list[str]) -> None:
        """Refuse a name that is not ours: a page elsewhere could have made it point to us."""
        if len(names) != 1 or names[0].strip().lower() not in self._hosts:
            raise RefusedError(
                HTTPStatus.BAD_REQUEST,
                "Host 不是本服务器的名称，请用 jibao serve --name 指明 · "
                "the Host is not one of this server's; name it with jibao serve --name",
            )

    def admit(
        self, parts: list[str], query: dict[str, list[str]], cookies: str
    ) -> dict[str, str] | None:
        """Let pass who may read a document, or any `parts` of a server's own that are for the
        office. A token in the address is put into a cookie, and the address without it answered:
        then the headers of that answer are returned.
        """
        if tuple(parts[:2]) == _PUBLIC:
            return None
        if self.token is None:
            raise no_document()
        if given := query.get("token"):
            self.check_token(given[0])
            rest = [(name, value) for name, values in query.items() for value in values]
            asked = urlencode([(name, value) for name, value in rest if name != "token"])
            return {
                "Location": quote("/" + "/".join(parts)) + (f"?{asked}" if asked else ""),
                "Set-Cookie": f"{self.cookie}={quote(given[0])}; HttpOnly; SameSite=Strict; Path=/",
            }
        self.check_token(self._token_of(cookies))
        return None

    def _token_of(self, cookies: str) -> str:
        try:
            kept = SimpleCookie(cookies)
        except CookieError:
            return ""
        return unquote(kept[self.cookie].value) if self.cookie in kept else ""

    def check_token(self, given: str) -> None:
        """Compare in a time that tells nothing of the token."""
        if not hmac.compare_digest(given.encode(), (self.token or "").encode()):
            raise RefusedError(
                HTTPStatus.FORBIDDEN,
                "请打开 jibao serve、up 或 ui 显示的地址（含口令） · "
                "open the address that `jibao serve`, `up` or `ui` printed, with its token",
            )

    def open(self, parts: list[str]) -> BinaryIO:
        """The file, if it is one, and stands where its path says: no link leads to it."""
        if parts[0] not in FOLDERS:
            raise no_document()
        path = self.root.joinpath(*parts)
        try:
            if path.resolve(strict=True) != path:
                raise no_document()
            # without waiting: a pipe would never answer
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except (OSError, RuntimeError):
            raise no_document() from None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise no_document()
        return os.fdopen(descriptor, "rb")


def read_target(address: str) -> tuple[list[str], dict[str, list[str]]]:
    """The path of a request as the names of folders and file, and what stands behind the question
    mark.
    """
    bad = RefusedError(HTTPStatus.BAD_REQUEST, "网址有误 · the address cannot be read")
    try:
        target = urlsplit(address)
        if target.scheme or target.netloc or not target.path.startswith("/"):
            raise bad
        if re.search(r"%(?![0-9A-Fa-f]{2})", address):
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


def no_document() -> RefusedError:
    """That there is none, or none for who asks."""
    return RefusedError(HTTPStatus.NOT_FOUND, "没有这份文件 · there is no such document here")


def type_of(name: str) -> str:
    """The media type of a document by its name."""
    return _TYPES.get(Path(name).suffix.lower(), "application/octet-stream")


def address_of(base: str, path: str, token: str | None = None) -> str:
    """The address of a document, with the token where one is needed."""
    return f"{base}/{quote(path)}" + (f"?{urlencode({'token': token})}" if token else "")
