"""The server of `jibao ui`: uvicorn, with bounds on who may keep it waiting and for how long.

uvicorn answers by itself what is no HTTP, and waits for ever for a request that comes a byte at a
time. Here that answer has the headers of safety too, and a connection is let go that sends no whole
request, or takes no answer, in time.
"""

from __future__ import annotations

import asyncio
import contextlib
from http import HTTPStatus

import h11
from starlette.types import ASGIApp
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from flows.cli.document_access import HEADERS, MOST_CONNECTIONS, REQUEST_S, TOO_MANY

TAKE_S = 30.0  # for a piece of an answer

NO_REQUEST = "不是有效的 HTTP 请求 · this is no valid HTTP request"
TOO_SLOW = "请求太慢，连接已关闭 · the request came too slowly; the connection is closed"


class BoundedProtocol(H11Protocol):
    """One connection."""

    _until: asyncio.TimerHandle | None = None
    _taken_until: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, or say that there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self._end(HTTPStatus.SERVICE_UNAVAILABLE, TOO_MANY)
        else:
            self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing waits for it any more."""
        for timer in (self._until, self._taken_until):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, received: bytes) -> None:
        """Read on; what comes behind a refusal is not looked at."""
        if not self.transport.is_closing():
            super().data_received(received)

    def on_response_complete(self) -> None:
        """From now on the next request is awaited."""
        self._await_request()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The client takes no more for now."""
        super().pause_writing()
        self._taken_until = self.loop.call_later(TAKE_S, self.transport.abort)

    def resume_writing(self) -> None:
        """The client has taken what was written."""
        if self._taken_until:
            self._taken_until.cancel()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        """The answer to what is no HTTP."""
        self._end(HTTPStatus.BAD_REQUEST, NO_REQUEST)

    def _await_request(self) -> None:
        if self._until:
            self._until.cancel()
        self._until = self.loop.call_later(REQUEST_S, self._give_up)

    def _give_up(self) -> None:
        """End a connection whose request has not come whole; one that is answered goes on."""
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._end(HTTPStatus.REQUEST_TIMEOUT, TOO_SLOW)

    def _end(self, status: HTTPStatus, why: str) -> None:
        """Answer, where nothing has been answered yet, and close."""
        if self.cycle and not self.cycle.response_complete:
            self.cycle.disconnected = True  # the site writes no more
            self.cycle.message_event.set()
        headers = [*HEADERS.items(), ("Content-Type", "text/plain; charset=utf-8")]
        head = h11.Response(
            status_code=status,
            headers=[*headers, ("Connection", "close")],
            reason=status.phrase.encode(),
        )
        with contextlib.suppress(h11.LocalProtocolError):  # it is half answered already
            for event in (head, h11.Data(data=f"{why}\n".encode()), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def make_server(site: ASGIApp) -> Server:
    """The server for a site; `run` starts it on sockets that are given to it."""
    settings = Config(
        site,
        http=BoundedProtocol,
        ws="none",
        lifespan="off",
        access_log=False,  # addresses may hold the token
        log_level="error",
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return Server(settings)
