"""`jibao ui`: who may look and ask, what a query gives, and that nobody else's page can send one."""

from __future__ import annotations

import asyncio
import csv
import http.client
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest
from starlette.testclient import TestClient

from flows.cli.document_access import DocumentAccess
from flows.cli.query_answer import Answer, Column, _send_rows
from flows.cli.query_chart import draw_answer
from flows.cli.query_page import Shown, word_problem, write_query_page
from flows.cli.query_site import make_site
from flows.cli.questions import open_questions
from flows.warehouse.sandbox import Limits, open_sandbox
from tests.browser import CHROMIUM, open_browser

TOKEN = "a-token-of-the-test"
BASE = "http://127.0.0.1:4291"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(small_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small warehouse with a page of each kind. Whoever adds one takes it away."""
    folder = tmp_path_factory.mktemp("ui") / "warehouse"
    for name in ("published/150571/2022Q3/index.html", "published/public/150571/2022Q3/index.html"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"<p>{name}</p>", encoding="utf-8")
    shutil.copy(small_build, folder / "jibao.duckdb")
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Any:
    access = DocumentAccess(folder, TOKEN, [], 4291, cookie="jibao_ui_token")
    return make_site(access, Limits("500MB", 20))


@pytest.fixture
def browser(site: Any) -> TestClient:
    """Who opened the address that the command printed."""
    return open_client(site)


def open_client(site: Any) -> TestClient:
    client = TestClient(site, base_url=BASE)
    client.cookies.set("jibao_ui_token", TOKEN)
    return client


def form_of(client: TestClient, **fields: str) -> dict[str, str]:
    """The fields as a browser sends them."""
    page = client.get("/query").text
    [token] = re.findall(r'name="form_token" value="([0-9a-f]{64})"', page)
    return {"form_token": token, "lang": "zh", "do": "run", **fields}


def send(site: Any, path: bytes, method: str = "GET", **headers: str) -> tuple[int, bytes]:
    """Status and body for an address as no client library would send it."""
    sent: list[dict[str, Any]] = []
    given = {"host": "127.0.0.1:4291", "cookie": f"jibao_ui_token={TOKEN}", **headers}
    scope = {
        "type": "http", "method": method, "raw_path": path, "path": path.decode("latin-1"), "query_string": b"",
        "headers": [(k.encode(), v.encode()) for k, v in given.items()], "scheme": "http", "http_version": "1.1",
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def note(message: Any) -> None:
        sent.append(message)

    asyncio.run(site(scope, receive, note))
    return sent[0]["status"], b"".join(m.get("body", b"") for m in sent[1:])


def test_who_may_look(site: Any, folder: Path) -> None:
    stranger = TestClient(site, base_url=BASE, follow_redirects=False)
    public = "/published/public/150571/2022Q3/"
    assert stranger.get(public).status_code == 200
    for path in ("/", "/query", "/published/150571/2022Q3/index.html", "/jibao.duckdb", "/nothing"):
        assert stranger.get(path).status_code == 403, path
        assert stranger.get(f"{path}?token=wrong").status_code == 403, path
    assert stranger.post("/query", data={"sql": "select 1", "do": "run"}).status_code == 403

    came = stranger.get(f"/query?question=x&token={TOKEN}")
    assert (came.status_code, came.headers["location"]) == (303, "/query?question=x")
    assert "HttpOnly" in came.headers["set-cookie"] and "SameSite=Strict" in came.headers["set-cookie"]  # fmt: skip
    assert stranger.get("/query").status_code == 200, "by the cookie"
    assert stranger.get("/").headers["location"] == "/query"
    (folder / "published" / "site").mkdir()
    (folder / "published" / "site" / "index.html").write_text("<p>site</p>")
    assert stranger.get("/").headers["location"] == "/published/site/index.html"
    assert stranger.get("/published/site/").text == "<p>site</p>"
    page = '<nav><ul><li><a href="index.html">首页</a></li></ul><!-- more --></nav>'
    for name in ("site/index.html", "public/site/index.html"):
        (folder / "published" / name).parent.mkdir(exist_ok=True)
        (folder / "published" / name).write_text(page, encoding="utf-8")
    served = stranger.get("/published/site/").text
    assert '<li><a href="/query"><span lang="zh-CN">查询</span>' in served, (
        "only where there is such a page"
    )
    assert stranger.get("/published/public/site/").text == page
    shutil.rmtree(folder / "published" / "public" / "site")
    shutil.rmtree(folder / "published" / "site")
    for path in ("/jibao.duckdb", "/published/", "/nothing"):
        assert stranger.get(path).status_code == 404, path
    for answer in (came, stranger.get(public), stranger.get("/nothing"), stranger.get("/query")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "form-action 'self'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [b"/%00", b"/%", b"/published/%2e%2e/jibao.duckdb", b"/published/..%2fjibao.duckdb", b"//evil.example/", b"*",
     b"http://evil.example/query", b"/published//index.html", b"/published/a%0d%0ab", b"/published/..\\jibao.duckdb"],
)  # fmt: skip
def test_a_bad_address_is_400(site: Any, path: bytes) -> None:
    status, body = send(site, path)
    assert status == 400 and b"DUCK" not in body


def test_no_other_name_and_no_link(site: Any, folder: Path) -> None:
    assert send(site, b"/query", host="evil.example")[0] == 400
    assert send(site, b"/query", host="127.0.0.1:1")[0] == 400
    (folder / "published" / "link.html").symlink_to(folder / "jibao.duckdb")
    assert send(site, b"/published/link.html")[0] == 404
    (folder / "published" / "link.html").unlink()
    assert send(site, b"/query", method="DELETE")[0] == 405
    assert send(site, b"/published/150571/2022Q3/index.html", method="POST")[0] == 405


def test_a_strange_page_runs_no_query(browser: TestClient) -> None:
    """A browser sends our cookie with a stranger's form only where SameSite fails; the rest has to hold without it."""
    form = form_of(browser, sql="select 41 + 1 as answer")
    forms = (
        ({}, form | {"form_token": ""}),
        ({}, form | {"form_token": "0" * 64}),
        ({"Origin": "http://evil.example"}, form),
        ({"Origin": "http://127.0.0.1:9999"}, form),
        ({"Sec-Fetch-Site": "cross-site"}, form),
        ({"Sec-Fetch-Site": "same-site"}, form),
        ({"Content-Type": "text/plain"}, form),
    )
    for headers, data in forms:
        answer = browser.post("/query", data=data, headers=headers)
        assert answer.status_code == 403 and ">42<" not in answer.text, (headers, data)
    assert ">42<" not in browser.get("/query", params=form).text, "an address runs nothing"
    assert browser.post("/query", data=form | {"sql": "x" * 1_100_000}).status_code == 413
    for headers in ({"Origin": BASE, "Sec-Fetch-Site": "same-origin"}, {"Origin": "null"}):
        answer = browser.post("/query", data=form, headers=headers)
        assert answer.status_code == 200 and ">42</td>" in answer.text


def test_what_a_query_gives(browser: TestClient, folder: Path) -> None:
    sql = (
        "select title_zh, value, growth_pct, '=cmd|x' as formula, '<b>' as tag, null as nothing "
        "from metrics.headline where zone = '150571' and period = '2022Q3' order by ord limit 3"
    )
    page = browser.post("/query", data=form_of(browser, sql=sql, lang="en"))
    assert page.status_code == 200 and 'lang="en"' in page.text
    with duckdb.connect(str(folder / "jibao.duckdb"), read_only=True) as con:
        expected = con.execute(f"select columns(*)::varchar from ({sql})").fetchall()
    level = f">{expected[0][1].rstrip('0').rstrip('.')}</td>"
    assert level in page.text and "&lt;b&gt;" in page.text and "<b>" not in page.text
    assert page.text.count("<svg") == 2, "value and growth by title"
    assert 'class="quiet">NULL' in page.text

    given = browser.post("/query", data=form_of(browser, sql=sql, do="csv"))
    assert given.headers["content-type"] == "text/csv; charset=utf-8"
    assert given.headers["content-disposition"] == 'attachment; filename="jibao.csv"'
    assert given.content.startswith(b"\xef\xbb\xbf"), "for spreadsheet programs"
    rows = list(csv.reader(io.StringIO(given.content.decode("utf-8-sig"))))
    assert rows[1:] == [
        ["'=cmd|x" if cell == "=cmd|x" else cell or "" for cell in row] for row in expected
    ]

    switched = browser.post("/query", data=form_of(browser, sql=sql, do="en"))
    assert "Saved questions" in switched.text and level not in switched.text
    assert "title_zh, value, growth_pct" in switched.text, "what was typed stays"


@pytest.mark.parametrize(
    ("sql", "zh", "en"),
    [
        ("select * from metrics.headlin", "没有这个表、视图或函数", "no such table"),
        ("select valeu from metrics.headline", "列名或类型不对", "A column does not exist"),
        ("selec 1", "语法有误", "The syntax is wrong"),
        ("select 'x'::int", "有值不能转换", "A value cannot be converted"),
        ("", "查询是空的", "the query is empty"),
        ("select 1; select 2", "一次只能查询一句", "one statement at a time"),
        ("drop view metrics.headline", "只能查询", "is refused"),
        ("from read_csv('/etc/passwd')", "不允许", "not allowed"),
        ("copy (select 1) to '/tmp/x'", "只能查询", "is refused"),
    ],
)
def test_what_is_wrong_is_said_in_one_language(folder: Path, sql: str, zh: str, en: str) -> None:  # fmt: skip
    """Asked of the sandbox itself: that the page shows it tells the next test."""
    with (
        pytest.raises((duckdb.Error, ValueError)) as told,
        open_sandbox(folder) as sandbox,
        sandbox.answer(sql) as relation,
    ):
        relation.fetchall()
    in_zh, in_en = word_problem(told.value, "zh"), word_problem(told.value, "en")
    assert zh in in_zh.summary and en in in_en.summary
    assert zh not in in_en.summary and en not in in_zh.summary


def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(browser: TestClient) -> None:
    for do in ("run", "csv"):
        answer = browser.post(
            "/query", data=form_of(browser, sql="select * from metrics.headlin", do=do)
        )
        assert answer.status_code == 400 and answer.headers["content-type"].startswith("text/html")
        assert "没有这个表" in answer.text and "Did you mean" in answer.text
        assert "select * from metrics.headlin</textarea>" in answer.text


@pytest.mark.parametrize(
    ("sql", "shown"),
    [
        ("select 'a' as name, [1, 2] as list, [0.5]::double[1] as fixed, {'a': 1} as more", "[1, 2]"),
        ("select * from (values ('2021', 1.7e308), ('2022', -1.7e308)) as t(year, x)", "2021"),
        ("select * from (values ('2021', 0.0), ('2022', 5e-324)) as t(year, x)", "2022"),
        ("select * from (values ('a', 5e-324), ('b', 'nan'::double)) as t(name, x)", "nan"),
        ("select * from (values ('2022', 1), ('２０２２', 2)) as t(year, x)", "２０２２"),
        ("select '</textarea><script>x' as \"<script>\", 'a' || chr(0) as b", "&lt;script&gt;x"),
    ],
)  # fmt: skip
def test_whatever_values_come_the_page_is_shown(folder: Path, sql: str, shown: str) -> None:
    given: list[Answer] = []
    _send_rows(folder, sql, Limits("500MB", 20), given.append)
    page = write_query_page(Shown("en", sql, answer=given[0]), "token", Limits())
    assert f"{shown}</td>" in page
    assert "<script" not in page


def test_a_csv_that_fails_at_once_is_told_and_not_begun(browser: TestClient) -> None:
    form = form_of(browser, sql="select error('stop') from range(10)", do="csv")
    answer = browser.post("/query", data=form)
    assert answer.status_code == 400 and "stop" in answer.text


def test_a_query_has_limits_and_the_site_goes_on(folder: Path) -> None:
    access = DocumentAccess(folder, TOKEN, [], 4291, cookie="jibao_ui_token")
    endless = (
        "with recursive t(i) as (select 1 union all select i + 1 from t) select count(*) from t"
    )
    # neither is found by DuckDB: a function that no interrupt reaches, rows that are fetched
    stubborn = "select length(repeat('x', 900000000)), max(list_sum(range(200000000)))"
    client = open_client(make_site(access, Limits("300MB", 0.5)))
    for sql in (endless, stubborn):
        began = time.monotonic()
        answer = client.post("/query", data=form_of(client, sql=sql))
        assert answer.status_code == 400 and "已停止" in answer.text
        assert time.monotonic() - began < 20
    assert ">1</td>" in client.post("/query", data=form_of(client, sql="select 1 as a")).text


def test_every_saved_question_is_offered(browser: TestClient) -> None:
    page = browser.get("/query?lang=en").text
    for question in open_questions():
        assert f"/query?question={question.name}&amp;lang=en" in page
        assert question.titles["zh"] and question.titles["en"] and question.query.strip()
    chosen = open_questions()[5]
    page = browser.get(f"/query?question={chosen.name}").text
    assert f"<h1>{chosen.titles['zh']}</h1>" in page and "value_quarter_cny" in page
    assert browser.get("/query?question=none&lang=xx").status_code == 200


def answer_of(columns: str, *rows: tuple[str | None, ...], more: bool = False) -> Answer:
    """`columns`: a name each, with a # behind it where it holds numbers."""
    named = [Column(name.strip("#"), name.endswith("#"), False) for name in columns.split()]
    return Answer(named, list(rows), more)


def test_what_is_drawn() -> None:
    [line] = draw_answer(
        answer_of("period x#", ("2024Q1", "1"), ("2024Q2", "2"), ("2024Q4", "-1"), ("2025Q1", None), ("2025Q2", "3"))
    )  # fmt: skip
    assert [len(path.split()) for path in line.paths] == [2, 1, 1], (
        "it breaks where a quarter is not there"
    )
    xs = [shape.x for shape in line.shapes]
    assert xs[1] - xs[0] == pytest.approx((xs[2] - xs[1]) / 2, abs=0.2), "by time, not by row"
    assert [tick.text for tick in line.ticks] == [
        "-1",
        "0",
        "1",
        "2",
        "3",
    ] and line.zero is not None
    bars = draw_answer(answer_of("sector x# y#", ("a", "1", "-5"), ("b", "3", None)))
    assert [panel.title for panel in bars] == ["x", "y"] and not bars[0].is_line
    assert bars[0].shapes[1].width == pytest.approx(3 * bars[0].shapes[0].width, rel=0.01)
    below = bars[1].shapes[0]
    assert below.x + below.width == pytest.approx(bars[1].zero, abs=0.2), "a fall lies left of zero"
    assert [len(draw_answer(answer_of("year# x#", ("2020", "1"), ("2021", "2")))[0].paths)] == [1]
    for none in (
        answer_of("a x#"),
        answer_of("a x#", ("a", "1"), ("a", "2")),
        answer_of("a x#", ("a", "1"), (None, "2")),
        answer_of("a b", ("a", "1")),
        answer_of("a x#", ("a", None)),
        answer_of("a x#", ("a", "nan")),
        answer_of("a x#", ("a", "1"), more=True),
        answer_of("a x#", *((f"a{n}", "1") for n in range(41))),
    ):
        assert draw_answer(none) == []
    assert draw_answer(answer_of("a x#", ("a", "0"), ("b", "0")))[0].shapes[0].width > 0


# --- in a browser ---------------------------------------------------------------------------------


@pytest.mark.torture
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")
@pytest.mark.parametrize("width", [1280, 360])
def test_a_person_asks_in_a_browser(warehouse: Path, tmp_path: Path, width: int) -> None:
    """As it is started: the command, its address opened, a saved question chosen, run, drawn and downloaded."""
    started = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "ui", "--warehouse", str(warehouse.parent), "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert started.stdout
        said = "".join(iter(started.stdout.readline, "Ctrl-C 结束 ends this\n"))
        address = re.findall(r"http://\S+", said)[1]
        with open_browser(tmp_path / "profile", width) as page:
            page.call(
                "Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path / "got")
            )
            page.open(address)
            assert "token" not in page.ask("location.href")
            page.click('nav a[href*="question=sectors&"]')
            page.await_true("document.querySelector('h1').innerText === '三次产业的水平和结构？'")
            page.click('button[value="run"]')
            page.await_true("document.querySelectorAll('tbody tr').length === 4")
            assert page.ask("document.querySelector('tbody tr').innerText").split() == [
                "第一产业",
                "1.41",
                "1.3",
                "4.1",
            ]
            assert page.ask("document.querySelectorAll('figure svg rect').length") == 12
            assert page.ask("document.documentElement.scrollWidth") <= width
            page.click('button[value="csv"]')
            until = time.monotonic() + 30
            while not (tmp_path / "got" / "jibao.csv").exists() and time.monotonic() < until:
                time.sleep(0.05)
            got = (tmp_path / "got" / "jibao.csv").read_text(encoding="utf-8-sig").splitlines()
            assert got[0].split(",")[0] == "title_zh" and got[-1].startswith("合计,107.92,")
            page.click("header button")
            page.await_true("document.documentElement.lang === 'en'")
            assert page.ask("document.querySelector('h1').innerText").startswith("Level and share")
            assert page.refused == []
        client = http.client.HTTPConnection("127.0.0.1", int(address.split(":")[2].split("/")[0]))
        client.request("POST", "/query", "do=run&sql=select+1")
        assert client.getresponse().status == 403
    finally:
        started.send_signal(signal.SIGINT)
        rest, _ = started.communicate(timeout=30)
    assert rest.rstrip().endswith("ended") and started.returncode == 0
