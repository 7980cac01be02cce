"""`jibao serve`, asked by a real client: what it gives out, to whom, and how it answers the rest."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.cli.document_access import address_of
from flows.cli.file_server import DocumentServer, make_server
from flows.publish.bulletin_page import bulletin_script
from flows.publish.page import hash_of
from flows.publish.site_pages import site_scripts

TOKEN = "a-token-of-the-test"
PUBLIC = "/published/public/jibao_public.duckdb"
INTERNAL = (
    "/published/150571/2022Q3/index.html",
    "/published/headline/150571.csv",
    "/data_docs/",
    "/data_docs/index.html",
    "/replies/150571/2022Q3/gdp.abc.xlsx",
    "/replies/150571/2022Q3/%E5%AD%A3%E6%8A%A5.receipt.html",
)
FILES = {
    "jibao.duckdb": "the warehouse",
    "prefect/prefect.db": "Prefect's",
    "published/150571/2022Q3/index.html": "<p>bulletin</p>",
    "published/headline/150571.csv": "a\n1\n",
    "published/public/jibao_public.duckdb": "for the public",
    "published/public/site/index.html": "<p>site</p>",
    "published/public/site/site.css": "p {}",
    "published/site/index.html": "<p>the office's</p>",
    "published/site/site.css": "p {}",
    "data_docs/index.html": "<p>docs</p>",
    "data_docs/validations/a.html": "<p>a</p>",
    "replies/150571/2022Q3/gdp.abc.xlsx": "workbook",
    "replies/150571/2022Q3/季报.receipt.html": "receipt",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A warehouse's folder, and a secret beside it that links lead to."""
    warehouse = tmp_path / "warehouse"
    for name, content in FILES.items():
        (warehouse / name).parent.mkdir(parents=True, exist_ok=True)
        (warehouse / name).write_text(content, encoding="utf-8")
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (warehouse / "published" / "public" / "link.txt").symlink_to(secret)
    (warehouse / "published" / "public" / "up").symlink_to(tmp_path)
    (warehouse / "published" / "public" / "warehouse.duckdb").symlink_to(warehouse / "jibao.duckdb")
    os.mkfifo(warehouse / "published" / "public" / "pipe")
    return warehouse


@pytest.fixture
def served(folder: Path) -> Iterator[Callable[..., DocumentServer]]:
    """`served(token=…)`: a server that answers."""
    servers: list[DocumentServer] = []

    def start(**settings: object) -> DocumentServer:
        server = make_server(folder, 0, **settings)  # type: ignore[arg-type]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def ask(
    server: DocumentServer, path: str, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer."""
    client = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    client.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        client.putheader(name, value)
    client.endheaders()
    answer = client.getresponse()
    body = answer.read()
    client.close()
    return answer.status, dict(answer.getheaders()), body


def ask_raw(server: DocumentServer, request: bytes) -> bytes:
    """What comes back for bytes that no client library would send."""
    with socket.create_connection(("127.0.0.1", server.server_address[1]), timeout=10) as client:
        client.sendall(request)
        with contextlib.suppress(OSError):  # the server may have answered and closed already
            client.shutdown(socket.SHUT_WR)
        answer = b""
        while part := client.recv(65536):
            answer += part
    return answer


def test_without_a_token_only_what_is_public_is_there(served: Callable) -> None:
    server = served()
    assert ask(server, PUBLIC)[::2] == (200, b"for the public")
    for path in (*INTERNAL, "/jibao.duckdb", "/prefect/prefect.db", "/", "/published/"):
        assert ask(server, path)[0] == 404, path
        assert ask(server, f"{path}?token={TOKEN}")[0] == 404, path


def test_the_rest_needs_the_token(served: Callable) -> None:
    server = served(token=TOKEN)
    assert ask(server, PUBLIC)[0] == 200
    for path in INTERNAL:
        for headers in ({}, {"Cookie": "jibao_token=wrong"}, {"Cookie": "jibao_token=密"}):
            headers = {k: v.encode().decode("latin-1") for k, v in headers.items()}
            status, _, body = ask(server, path, **headers)
            assert status == 403 and b"workbook" not in body, path
        assert ask(server, f"{path}?token=wrong")[0] == 403
        assert ask(server, path, Cookie=f"jibao_token={TOKEN}")[0] == 200
    for path in ("/jibao.duckdb", "/prefect/prefect.db"):
        assert ask(server, path, Cookie=f"jibao_token={TOKEN}")[0] == 404


def test_whether_a_file_is_there_is_not_told_without_the_token(served: Callable) -> None:
    server = served(token=TOKEN)
    assert ask(server, INTERNAL[0])[::2] == ask(server, "/published/no-such-file")[::2]


def test_a_token_in_the_address_goes_into_a_cookie_and_out_of_the_address(
    served: Callable,
) -> None:
    server = served(token=TOKEN)
    status, headers, _ = ask(server, f"/data_docs/?token={TOKEN}")
    assert (status, headers["Location"]) == (303, "/data_docs/index.html")
    cookie = headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    status, _, body = ask(server, headers["Location"], Cookie=cookie.partition(";")[0])
    assert (status, body) == (200, b"<p>docs</p>")


def test_a_token_with_signs_in_it_is_taken(served: Callable) -> None:
    token = "a&b=c d+%/密"
    server = served(token=token)
    address = address_of("", "published/150571/2022Q3/index.html", token)
    status, headers, _ = ask(server, address)
    assert status == 303
    cookie = headers["Set-Cookie"].partition(";")[0]
    assert ask(server, "/published/150571/2022Q3/index.html", Cookie=cookie)[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/published/public/link.txt",
        "/published/public/warehouse.duckdb",
        "/published/public/up/secret.txt",
        "/published/public/up/warehouse/jibao.duckdb",
        "/published/public/pipe",
        "/published/public/",
        "/published/public",
        "/published/public/no-such-file",
        "/published/public/" + "a" * 300,
    ],
)
def test_no_link_no_folder_and_no_pipe_is_given_out(served: Callable, path: str) -> None:
    status, _, body = ask(served(), path)
    assert status == 404 and b"secret" not in body and b"the warehouse" not in body


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/published/public/%00",
        "/published/public/jibao_public.duckdb%00.html",
        "/%",
        "/%zz",
        "/published/%e",
        "/%ff%fe",
        "/%c0%ae%c0%ae/jibao.duckdb",
        "/published/public/../../jibao.duckdb",
        "/published/public/%2e%2e/%2e%2e/jibao.duckdb",
        "/published/public/..%2f..%2fjibao.duckdb",
        "/published/public/%2e%2e%5c..%5cjibao.duckdb",
        "/published/public/..\\..\\jibao.duckdb",
        "/published//public/jibao_public.duckdb",
        "/./published/public/jibao_public.duckdb",
        "//example.com/%2e%2e",
        "http://example.com/published/public/jibao_public.duckdb",
        "published/public/jibao_public.duckdb",
        "/published/public/a%0d%0aSet-Cookie:%20a=b",
        "/published/public/%7f",
        "*",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_bad_address_is_400_and_the_server_goes_on(
    served: Callable, path: str, method: str
) -> None:
    server = served(token=TOKEN)
    raw = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: jibao_token={TOKEN}\r\n\r\n"
    answer = ask_raw(server, raw.encode())
    assert answer.startswith(b"HTTP/1.0 400 "), answer[:200]
    assert b"the warehouse" not in answer and b"\r\nSet-Cookie: a=b" not in answer
    assert ask(server, PUBLIC)[0] == 200


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /\x00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET  HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/9.9.9\r\nHost: 127.0.0.1\r\n\r\n",
        b"\xff\xfe\xfd / HTTP/1.1\r\n\r\n",
        b"GET /published/public/x?" + b"a=1&" * 500 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET " + b"/a" * 40_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"POST /published/public/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\na",
    ],
)
def test_what_is_no_request_is_answered_too(served: Callable, request_bytes: bytes) -> None:
    server = served()
    status = re.search(rb"HTTP/1.0 (\d+) |Error code: (\d+)", ask_raw(server, request_bytes))
    assert status and int(status[1] or status[2]) in (400, 414, 501, 505)
    assert ask(server, PUBLIC)[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1:1", ""])
def test_another_host_is_refused(served: Callable, host: str) -> None:
    server = served()
    assert ask(server, PUBLIC, Host=host)[0] == 400
    raw = f"GET {PUBLIC} HTTP/1.1\r\n\r\n".encode()
    assert ask_raw(server, raw).startswith(b"HTTP/1.0 400 "), "without any"
    raw = f"GET {PUBLIC} HTTP/1.1\r\nHost: localhost\r\nHost: {host}\r\n\r\n".encode()
    assert ask_raw(server, raw).startswith(b"HTTP/1.0 400 "), "two of them"


def test_a_name_that_was_told_is_answered(served: Callable) -> None:
    server = served(names=["docs.office.example"])
    for host in ("docs.office.example", "DOCS.office.example", "localhost"):
        assert ask(server, PUBLIC, Host=host)[0] == 200
        assert ask(server, PUBLIC, Host=f"{host}:{server.server_address[1]}")[0] == 200


def test_every_answer_has_the_headers_of_safety(served: Callable) -> None:
    server = served(token=TOKEN)
    for path in (PUBLIC, "/nothing", "/%00", "/data_docs/", f"/data_docs/?token={TOKEN}"):
        _, headers, _ = ask(server, path)
        assert "default-src 'none'" in headers["Content-Security-Policy"], path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        # the scripts of the bulletins and of the site, and no other
        assert re.findall(r"script-src ([^;]*);", headers["Content-Security-Policy"]) == [
            " ".join(f"'{hash_of(script)}'" for script in (bulletin_script(), *site_scripts()))
        ]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert "Python" not in headers["Server"]


def test_everybody_is_given_the_public_site_and_nobody_the_office_s(served: Callable) -> None:
    server = served()
    for path, kind in (("", "text/html"), ("index.html", "text/html"), ("site.css", "text/css")):
        status, headers, _ = ask(server, f"/published/public/site/{path}")
        assert status == 200 and headers["Content-Type"].startswith(kind)
        assert ask(server, f"/published/site/{path}")[0] == 404


def test_head_says_as_much_without_the_file(served: Callable) -> None:
    status, headers, body = ask(served(), PUBLIC, "HEAD")
    assert (status, headers["Content-Length"], body) == (200, "14", b"")


def test_the_command_serves_the_public_and_tells_the_token_once(folder: Path) -> None:
    """As a person starts it: `jibao serve --all`, and Ctrl-C."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "serve", "--all", "--warehouse", str(folder), "--port", str(port)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        cwd=Path(__file__).resolve().parents[2], env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        client.request("GET", "/replies/150571/2022Q3/gdp.abc.xlsx")
        assert client.getresponse().status == 403
    finally:
        started.send_signal(signal.SIGINT)
        said, _ = started.communicate(timeout=30)
    tokens = set(re.findall(r"token=([\w-]+)", said))
    assert len(tokens) == 1 and len(tokens.pop()) >= 32
    assert "/published/public/jibao_public.duckdb" in said and said.rstrip().endswith("ended")


def test_a_token_is_not_guessed_and_not_idle(jibao: Callable, folder: Path) -> None:
    result = jibao("serve", "--warehouse", folder, "--token", "x" * 20)
    assert result.exit_code == 2 and "--all" in result.stderr
    result = jibao("serve", "--warehouse", folder, "--all", "--token", "short")
    assert result.exit_code == 2 and "16" in result.stderr
