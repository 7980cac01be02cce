"""What is withheld is withheld from everything that leaves the office, by one decision.

Two offices differ in nothing but what the public may not see: enterprises and their figures, a confidential subject, a
figure under query, the names of people. Whatever leaves them is then the same, to the last character, in every file,
whichever view or program wrote it. And none of it has the withheld in it, in any notation.
"""

from __future__ import annotations

import datetime as dt
import http.client
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.cli.file_server import make_server
from flows.publish.acceptances import accept
from flows.publish.bulletin_check import check_page
from flows.publish.bulletin_files import can_write_pdf
from flows.publish.data_contract import CONTRACT_FILE
from flows.publish.data_package import PACKAGE_FILE
from flows.publish.editions import freeze
from flows.publish.run_metrics import METRICS_FILE
from flows.publish.step import EXPORTS, PUBLIC_FOLDER
from flows.warehouse.database import read_only
from tests.kept import keep
from tests.publish.withheld import (
    ASKED,
    CONFIDENTIAL,
    NAMES,
    REASON,
    digits_of,
    notations,
    read_any,
    revise,
    write_office,
)

pytestmark = pytest.mark.torture

FROZEN, ACCEPTED = (dt.datetime(2022, 11, day, 9, tzinfo=dt.UTC) for day in (15, 25))
# what leaves the office beside the public folder: descriptions of the exports, and numbers of the run for Prometheus
DESCRIPTIONS = (CONTRACT_FILE, METRICS_FILE, *(f"{view}/{PACKAGE_FILE}" for view in EXPORTS))


@pytest.fixture(scope="module")
def offices(run_quarter: Callable[..., Any]) -> dict[str, Path]:
    """The warehouses of the two: a quarter was frozen, revised since, and the revision accepted."""

    def make(folder: Path) -> None:
        for office, name in NAMES.items():
            raw, warehouse = folder / office / "raw", folder / office / "warehouse"
            write_office(raw, office)
            run_quarter(raw, warehouse)
            freeze(raw, warehouse, "2022Q3", ["150571"], f"{name}局长", f"{name}定稿", FROZEN)
            revise(raw, office)
            run_quarter(raw, warehouse)
            accept(raw, warehouse, "150571", "2022Q3", "gdp", f"{name}处长", REASON, ACCEPTED)
            assert not run_quarter(raw, warehouse, pages=True).faults

    base = keep("withheld", make)
    return {office: base / office / "warehouse" for office in NAMES}


@pytest.fixture(scope="module")
def leaving(offices: dict[str, Path]) -> dict[str, dict[str, str]]:
    """By office, what leaves it: the text of each file."""
    return {
        office: {p.relative_to(folder).as_posix(): read_any(p) for p in _list_leaving(folder)}
        for office, folder in ((o, w / "published") for o, w in offices.items())
    }


def _list_leaving(published: Path) -> list[Path]:
    public = [p for p in sorted((published / PUBLIC_FOLDER).rglob("*")) if p.is_file()]
    return public + [published / name for name in DESCRIPTIONS]


def test_every_output_is_among_them(leaving: dict[str, dict[str, str]]) -> None:
    """An output that is added, in a format that nobody reads back here, is looked at by a person first."""
    kinds = {Path(name).suffix for name in leaving["甲"] if name.startswith(PUBLIC_FOLDER)}
    assert kinds - {".pdf"} == {".duckdb", ".csv", ".xml", ".html", ".css", ".txt", ".docx"}
    assert ".pdf" in kinds or not can_write_pdf()
    assert {Path(name).suffix for name in leaving["甲"]} - kinds == {".json", ".prom"}


def test_what_leaves_an_office_is_the_same_whatever_it_withholds(
    leaving: dict[str, dict[str, str]],
) -> None:
    one, other = leaving["甲"], leaving["乙"]
    public = [name for name in one if name.startswith(PUBLIC_FOLDER)]
    assert public == [name for name in other if name.startswith(PUBLIC_FOLDER)] != []
    assert [name for name in public if one[name] != other[name]] == []


@pytest.mark.parametrize("office", NAMES)
def test_nothing_withheld_is_in_what_leaves_in_any_notation(
    offices: dict[str, Path], leaving: dict[str, dict[str, str]], office: str
) -> None:
    with read_only(offices[office] / "jibao.duckdb") as con:
        cells = con.execute("select value from metrics.disclosure where is_withheld").fetchall()
        names = con.execute(
            "select enterprise from core.enterprise_quarter union select uscc from core.enterprise_quarter"
        ).fetchall()
        own = con.execute("select revenue_ytd_cny from core.enterprise_quarter").fetchall()
    figures = {str(value) for (value,) in (*cells, *own)} | {
        ASKED[office][0],
        CONFIDENTIAL[office][1],
    }
    assert len(figures) > 60 and len(names) == 28
    secret = {digits for figure in figures for digits in notations(figure)}
    office_folder = offices[office] / "published"
    inside = digits_of("".join(map(read_any, _office_files(office_folder))))
    for figure in (ASKED[office][0], CONFIDENTIAL[office][1]):
        assert inside & notations(figure), "the office does see it"
    for name, text in leaving[office].items():
        assert NAMES[office] not in text, name
        assert not [code for (code,) in names if code in text], name
        assert not digits_of(text) & secret, (name, sorted(digits_of(text) & secret))


def _office_files(published: Path) -> list[Path]:
    return [p for p in sorted((published / "150571").rglob("*.html")) if p.is_file()]


def test_everybody_gets_the_public_folder_from_the_server_and_nothing_else(
    offices: dict[str, Path],
) -> None:
    """Every file of the warehouse is asked for by its own path, without a token."""
    warehouse = offices["甲"]
    files = [p.relative_to(warehouse) for p in sorted(warehouse.rglob("*")) if p.is_file()]
    with make_server(warehouse, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        client = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=30)
        given = []
        for path in files:
            client.request("GET", "/" + path.as_posix())
            answer = client.getresponse()
            answer.read()
            if answer.status == 200:
                given.append(path)
        server.shutdown()
    assert given == [p for p in files if p.parts[:2] == ("published", PUBLIC_FOLDER)] != []
    assert len(files) > 2 * len(given)


def test_a_page_of_the_public_proves_its_numbers_without_a_digest_of_a_file(
    offices: dict[str, Path],
) -> None:
    """A digest of a file in which all but one figure are known tells that figure, by trying."""
    for place, has_digests in (("150571", True), (f"{PUBLIC_FOLDER}/150571", False)):
        page = (offices["甲"] / "published" / place / "2022Q3" / "index.html").read_bytes()
        verdict = check_page(page, unsigned=True)
        assert verdict.discrepancies == [] and verdict.numbers > 20
        with read_only(offices["甲"] / "jibao.duckdb") as con:
            sent = con.execute("select sha256, submission from ledger.submission").fetchall()
            frozen = con.execute("select sha256 from ledger.edition").fetchall()
        named = [d for row in (*sent, *frozen) for d in row if d.encode() in page]
        assert bool(named) == has_digests, place
