"""The site that `jibao ui` serves: the documents of a warehouse, and a page to ask it in SQL.

Who may read what says `flows.cli.document_access`, as for `jibao serve`; every page needs the token
but the public's. A query runs only for a form that this site made, in a process of its own, over
the read-only copy: no page elsewhere can send one, for it knows neither the cookie nor the form's
token.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any, BinaryIO
from urllib.parse import parse_qs

import anyio
import anyio.to_thread
import duckdb
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flows.cli.document_access import HEADERS, DocumentAccess, RefusedError, read_target, type_of
from flows.cli.query_answer import ask_for_csv, ask_for_rows
from flows.cli.query_page import (
    LANGUAGES,
    Shown,
    find_question,
    show_question,
    word_problem,
    write_query_page,
)
from flows.model.errors import WarehouseError
from flows.publish.exports import BOM
from flows.publish.site_words import MORE
from flows.publish.step import SITE_FOLDER
from flows.warehouse.sandbox import Limits

QUERY = "query"  # the address of the page to ask on
SITE = f"published/{SITE_FOLDER}/index.html"
_SITE_PARTS = ["published", SITE_FOLDER]
_QUERIES = '<span lang="zh-CN">查询</span><span lang="en">Query</span>'
_MOST_BYTES = 1 << 20  # of a query that somebody types
_MOST_QUERIES = 2  # at once: each may take all the memory that it is allowed
_PIECE = 1 << 18
_FAILED = "程序出错，见终端 · the program failed; see the terminal"
_WORDED = (duckdb.Error, ValueError, WarehouseError)
_Fields = dict[str, list[str]]


class QuerySite:
    """Answers the requests for one warehouse."""

    def __init__(self, access: DocumentAccess, limits: Limits) -> None:
        self._access, self._limits = access, limits
        key = (access.token or "").encode()
        self._form_token = hmac.new(key, QUERY.encode(), hashlib.sha256).hexdigest()
        self._at_once = anyio.CapacityLimiter(_MOST_QUERIES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, a bad one too."""
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except RefusedError as refusal:
            response = PlainTextResponse(f"{refusal.why}\n", refusal.status)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        self._access.check_host(request.headers.getlist("host"))
        target = request.scope["raw_path"] + b"?" + request.scope["query_string"]
        parts, query = read_target(target.decode("latin-1"))
        cookies = "; ".join(request.headers.getlist("cookie"))
        if redirect := self._access.admit(parts, query, cookies):
            return Response(status_code=HTTPStatus.SEE_OTHER, headers=redirect)
        if parts == [QUERY]:
            if request.method == "POST":
                return await self._ask(await self._read_form(request))
            self._require(request.method in ("GET", "HEAD"))
            shown = show_question(_first(query, "question"), _language(query))
            return self._show(shown)
        self._require(request.method in ("GET", "HEAD"))
        if parts == ["index.html"]:
            return Response(status_code=HTTPStatus.SEE_OTHER, headers={"Location": self._front()})
        content = self._access.open(parts)
        if parts[:2] == _SITE_PARTS and parts[-1].endswith(".html"):
            return _link_queries(content)
        return _give(content, parts[-1])

    def _require(self, is_allowed: bool) -> None:
        if not is_allowed:
            raise RefusedError(
                HTTPStatus.METHOD_NOT_ALLOWED,
                "不支持这种请求 · this kind of request is not answered here",
            )

    def _front(self) -> str:
        """The site where the run has written one, else the page for queries."""
        there = (self._access.root / SITE).is_file()
        return f"/{SITE}" if there else f"/{QUERY}"

    async def _read_form(self, request: Request) -> _Fields:
        """The fields of a form that this site made. Raises RefusedError for any other."""
        origin = request.headers.get("origin", "null")  # which a browser says of our own forms
        ours = f"http://{request.headers['host']}"
        is_ours = origin in ("null", ours) and request.headers.get(
            "sec-fetch-site", "same-origin"
        ) in ("same-origin", "none")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        body = b""
        if is_ours and kind == "application/x-www-form-urlencoded":
            async for piece in request.stream():
                body += piece
                if len(body) > _MOST_BYTES:
                    raise RefusedError(
                        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "查询太长 · the query is too long"
                    )
        try:
            fields = parse_qs(
                body.decode(), keep_blank_values=True, max_num_fields=20, errors="strict"
            )
        except ValueError:
            raise RefusedError(
                HTTPStatus.BAD_REQUEST, "表单有误 · the form cannot be read"
            ) from None
        given = _first(fields, "form_token") or ""
        if not hmac.compare_digest(given.encode(), self._form_token.encode()):
            raise RefusedError(
                HTTPStatus.FORBIDDEN,
                "请在本站的查询页面提交；重新启动后请重新打开该页 · "
                "send queries from the page of this site; open it again after a new start",
            )
        return fields

    async def _ask(self, fields: _Fields) -> Response:
        lang = _language(fields)
        sql = (_first(fields, "sql") or "").replace("\r\n", "\n")
        do = _first(fields, "do")
        question = find_question(_first(fields, "question"))
        if question and question.query.strip() != sql.strip():
            question = None  # it was altered, and is another
        if do in LANGUAGES:
            return self._show(Shown(do, sql, question))
        root = self._access.root
        try:
            if do == "csv":
                pieces = ask_for_csv(root, sql, self._limits)
                first = await self._run(lambda: next(pieces, ""))
                return _download(first, pieces)
            answer = await self._run(lambda: ask_for_rows(root, sql, self._limits))
        except _WORDED as problem:
            shown = Shown(lang, sql, question, problem=word_problem(problem, lang))
            return self._show(shown, HTTPStatus.BAD_REQUEST)
        return self._show(Shown(lang, sql, question, answer))

    async def _run(self, ask: Callable[[], Any]) -> Any:
        return await anyio.to_thread.run_sync(ask, limiter=self._at_once)

    def _show(self, shown: Shown, status: HTTPStatus = HTTPStatus.OK) -> Response:
        page = write_query_page(shown, self._form_token, self._limits)
        return HTMLResponse(page, status)


def make_site(access: DocumentAccess, limits: Limits) -> ASGIApp:
    """The application; every answer of it has the headers of safety."""
    site = QuerySite(access, limits)
    policy = HEADERS["Content-Security-Policy"].replace("form-action 'none'", "form-action 'self'")
    headers = [
        (name.lower().encode(), value.encode())
        for name, value in (HEADERS | {"Content-Security-Policy": policy}).items()
    ]

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        is_begun = False

        async def send_with(message: Message) -> None:
            nonlocal is_begun
            if message["type"] == "http.response.start":
                is_begun = True
                message["headers"] = [*message.get("headers", []), *headers]
            await send(message)

        try:
            await site(scope, receive, send_with)
        except Exception:  # ours: it goes to the server's log
            if not is_begun:
                failed = PlainTextResponse(f"{_FAILED}\n", HTTPStatus.INTERNAL_SERVER_ERROR)
                await failed(scope, receive, send_with)
            raise

    return answer


def _first(fields: _Fields, name: str) -> str | None:
    return fields.get(name, [None])[0]


def _language(fields: _Fields) -> str:
    lang = _first(fields, "lang") or LANGUAGES[0]
    return lang if lang in LANGUAGES else LANGUAGES[0]


def _link_queries(content: BinaryIO) -> Response:
    """A page of the office's site with the way to the page for queries, which only this site has.
    Bulletins are given as they are: they are sealed.
    """
    with content:
        page = content.read()
    way = f'<li><a href="/{QUERY}">{_QUERIES}</a></li>'
    return HTMLResponse(page.replace(MORE.encode(), f"{way}{MORE}".encode(), 1))


def _give(content: BinaryIO, name: str) -> Response:
    size = os.fstat(content.fileno()).st_size

    def pieces() -> Iterator[bytes]:
        with content:
            while piece := content.read(_PIECE):
                yield piece

    headers = {"Content-Type": type_of(name), "Content-Length": str(size)}
    return StreamingResponse(pieces(), headers=headers)


def _download(first: str, rest: Iterator[str]) -> Response:
    def pieces() -> Iterator[str]:
        yield BOM
        yield first
        yield from rest

    return StreamingResponse(
        pieces(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="jibao.csv"'},
    )
