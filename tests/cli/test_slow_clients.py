"""Clients that send no HTTP, a byte now and then, or take no answer; and too many at once: of `jibao ui` and `jibao serve`."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.cli import file_server, site_server
from flows.cli.document_access import HEADERS, DocumentAccess
from flows.cli.query_site import make_site
from flows.warehouse.sandbox import Limits

MODULES = {"ui": site_server, "serve": file_server}
PUBLIC = "/published/public/site/index.html"
LARGE = "/published/public/large.csv"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    warehouse = tmp_path_factory.mktemp("slow") / "warehouse"
    for address, content in ((PUBLIC, b"<p>site</p>"), (LARGE, b"0" * (24 << 20))):
        path = warehouse / address[1:]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return warehouse


@pytest.fixture(params=MODULES)
def served(request: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a server as its command starts it, with little patience."""
    module = MODULES[request.param]
    monkeypatch.setattr(module, "REQUEST_S", 0.5)
    monkeypatch.setattr(module, "MOST_CONNECTIONS", 3)
    if module is file_server:
        monkeypatch.setattr(module, "SLOWEST_BYTES_S", 1 << 30)
        with file_server.make_server(folder, 0) as server:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            yield server.server_address[1]
            server.shutdown()
        return
    monkeypatch.setattr(module, "TAKE_S", 0.5)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        access = DocumentAccess(folder, "a-token-of-the-test", [], port)
        running = site_server.make_server(make_site(access, Limits("500MB", 20)))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        until = time.monotonic() + 20
        while not running.started and time.monotonic() < until:
            time.sleep(0.01)
        yield port
        running.should_exit = True
        thread.join(20)


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def read_all(client: socket.socket) -> bytes:
    """What comes until the server ends the connection."""
    answer = b""
    with contextlib.suppress(ConnectionError):
        while part := client.recv(1 << 16):
            answer += part
    return answer


def ask(port: int, path: str = PUBLIC) -> int:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    client.request("GET", path)
    answer = client.getresponse()
    answer.read()
    client.close()
    return answer.status


def assert_safe(answer: bytes, *statuses: int) -> None:
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1")
    assert int(head.split(" ")[1]) in statuses, head
    for name, value in HEADERS.items():
        said = value.partition("form-action")[0]  # the page to ask on has a form of its own
        assert f"\n{name}: {said}".lower() in head.lower(), name


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\nHost : b\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",  # TLS
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"POST /query HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: x\r\n\r\n",
        b"GET /published/public/a.txt\r\n",  # HTTP 0.9
        b"GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_no_http_is_answered_with_the_headers_of_safety(served: int, sent: bytes) -> None:
    with connect(served) as client:
        with contextlib.suppress(OSError):  # it may have answered and closed already
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR)
        answer = read_all(client)
    if answer:
        assert_safe(answer, 400, 403, 414, 431, 501, 505)
    assert ask(served) == 200


@pytest.mark.torture
def test_a_request_that_comes_a_byte_at_a_time_is_let_go(served: int) -> None:
    began = time.monotonic()
    with connect(served) as client, contextlib.suppress(ConnectionError):
        for byte in f"GET {PUBLIC} HTTP/1.1\r\nHost: 127.0.0.1\r\nX: {'a' * 1000}":
            client.sendall(byte.encode())
            time.sleep(0.02)
            if time.monotonic() - began > 8:
                break
    assert 0.4 < time.monotonic() - began < 8
    assert ask(served) == 200


@pytest.mark.torture
def test_a_body_that_never_comes_is_not_awaited(served: int) -> None:
    with connect(served) as client:
        client.sendall(
            b"POST /query HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: 1000\r\n\r\na"
        )
        began = time.monotonic()
        read_all(client)
    assert time.monotonic() - began < 8
    assert ask(served) == 200


@pytest.mark.torture
def test_who_takes_no_answer_is_let_go(served: int) -> None:
    with connect(served) as client:
        client.sendall(f"GET {LARGE} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        time.sleep(1.5)
        assert len(read_all(client)) < 24 << 20, "the server gave up"
    assert ask(served) == 200


@pytest.mark.torture
def test_connections_beyond_the_limit_are_told_so_and_the_others_go_on(served: int) -> None:
    with contextlib.ExitStack() as opened:
        for _ in range(3):
            opened.enter_context(connect(served))
        time.sleep(0.1)
        with connect(served) as another:
            assert_safe(read_all(another), 503)
    time.sleep(0.7)
    assert ask(served) == 200


def test_an_error_of_ours_has_the_headers_of_safety_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starlette.testclient import TestClient

    access = DocumentAccess(folder, "a-token-of-the-test", [], 4291)
    monkeypatch.setattr(access, "open", lambda _: 1 / 0)
    site = make_site(access, Limits("500MB", 20))
    client = TestClient(site, base_url="http://127.0.0.1:4291", raise_server_exceptions=False)
    answer = client.get(PUBLIC)
    assert answer.status_code == 500 and "ZeroDivision" not in answer.text
    assert answer.headers["x-frame-options"] == "DENY"
