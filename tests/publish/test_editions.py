"""Frozen by a person, kept in raw/, and not altered until a person accepts it."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.build.step import build, fingerprint
from flows.cli import app
from flows.forms.catalogue import load_catalogue
from flows.load.step import load_form, prepare
from flows.model.arrow_files import open_table
from flows.model.submission import open_submissions
from flows.model.zone import known_zones
from flows.orchestration.effects import tell_effects
from flows.publish.acceptances import ACCEPTED, Acceptance, accept, open_acceptances, take_back
from flows.publish.decision_files import save_decisions
from flows.publish.decisions import are_loaded, load_decisions
from flows.publish.editions import freeze, open_editions
from flows.publish.step import publish, write_exports
from flows.publish.verify import verify_editions
from flows.read.step import read_form
from flows.receive.manifest import write_manifest
from flows.receive.step import hand_over, receive
from flows.reply.receipt import chain_receipts
from flows.warehouse.copies import begin_copy
from flows.warehouse.database import kept_open, published_path, read_published
from flows.warehouse.ledger import judged_submissions, note_run
from tests.figures import GDP, HEADINGS
from tests.judging import judge_form

NOW = dt.datetime(2022, 11, 1, 9, tzinfo=dt.UTC)
REVISED = GDP.replace("107.92", "108.92").replace("67.39", "68.39")
QUARTER_BEFORE = GDP.replace("107.92", "70.92").replace("67.39", "30.39")
QUARTER_BEFORE_REVISED = GDP.replace("107.92", "71.92").replace("67.39", "31.39")
INCOME = (
    HEADINGS
    + "城镇常住居民人均可支配收入,元,33100,3\n农村牧区常住居民人均可支配收入,元,17959,4.83\n"
)


class Office:
    """A folder of submissions and its warehouse, run by the stages themselves, without Prefect or a judge."""

    def __init__(self, folder: Path, empty: Path) -> None:
        self.raw, self.warehouse, self.empty = folder / "raw", folder / "warehouse", empty
        self.runs = 1 if self.raw.exists() else 0
        for part in (self.raw, self.warehouse / "work"):
            part.mkdir(parents=True, exist_ok=True)

    def send(self, name: str, content: str, received_at: str) -> None:
        path = self.raw / "150571" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        received = receive(self.raw, load_catalogue(), known_zones(), {})
        write_manifest(
            self.raw,
            [
                replace(line, received_at=received_at, sender="统计局")
                for line in received.manifest_lines
            ],
        )

    def run(self, rebuild: bool = False) -> str:
        catalogue, self.runs = load_catalogue(), self.runs + 1
        run = f"2022120{self.runs}T000000Z-aaaaaa"
        run_file = self.warehouse / "work" / "run.duckdb"
        shutil.copy(self.empty, run_file)  # views are there already, and not a row
        if not rebuild:
            begin_copy(self.warehouse, run_file)
        with kept_open(run_file):
            prepare(run_file, catalogue)
            load_decisions(self.raw, run_file, run)
            judged = {} if rebuild else judged_submissions(self.warehouse)
            work = self.warehouse / "work" / run
            for code, folder in hand_over(
                receive(self.raw, catalogue, known_zones(), judged), work
            ).items():
                form = catalogue[code]
                submissions = open_submissions(folder / "submissions.jsonl")
                read_form(form, submissions, self.raw, folder)
                judge_form(
                    form, submissions, open_table(folder / "arrival.arrow"), folder, store=None
                )
                load_form(form, folder, run_file, run)
            note_run(run_file, run, dt.datetime.now(dt.UTC), {}, fingerprint(catalogue))
            build(run_file, catalogue)
            write_exports(run_file, self.warehouse)
        publish(run_file, self.warehouse)
        return run

    def freeze(self, period: str = "2022Q3", now: dt.datetime = NOW, **more: Any) -> Any:
        return freeze(
            self.raw,
            self.warehouse,
            period,
            more.pop("zones", []),
            more.pop("by", "王芳"),
            more.pop("note", ""),
            now,
        )

    def accept(
        self,
        reason: str = "服务业年报核实后更正总量",
        period: str = "2022Q3",
        now: dt.datetime | None = None,
    ) -> Any:
        """李强 accepts the revision of gdp that waits, with a reason."""
        return accept(self.raw, self.warehouse, "150571", period, "gdp", "李强", reason, now)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with read_published(self.warehouse) as con:
            return con.execute(query).fetchall()

    def total(
        self, relation: str = "metrics.indicator_growth", period: str = "2022Q3"
    ) -> list[tuple[Any, ...]]:
        return self.ask(
            f"select (value / 1e8)::decimal(10, 2)::varchar, revision.revision from {relation} as g inner join"
            f" ledger.submission as revision on g.submission = revision.submission"
            f" where indicator = 'gdp' and g.period = '{period}'"
        )


@pytest.fixture(scope="session")
def begun(empty_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2022Q3 sent and run. Copy it; never write to it."""
    office = Office(tmp_path_factory.mktemp("office"), empty_build)
    office.send("2022Q3/gdp.csv", GDP, "2022-10-20T09:00:00+08:00")
    office.send("2022Q3/income.csv", INCOME, "2022-10-21T09:00:00+08:00")
    office.run()
    return office.raw.parent


@pytest.fixture
def office(begun: Path, empty_build: Path, tmp_path: Path) -> Office:
    """2022Q3 sent and run, for this test to go on from."""
    return Office(Path(shutil.copytree(begun, tmp_path / "office")), empty_build)


def test_an_edition_is_a_file_of_exact_figures_with_a_line_about_it(office: Office) -> None:
    edition, is_new = office.freeze(note="三季度公报")
    assert is_new
    with (office.raw / "editions" / "2022Q3.1.csv").open(encoding="utf-8", newline="") as source:
        lines = {(r["metric"], r["item"], r["measure"]): r for r in csv.DictReader(source)}
    gdp = lines["indicator_growth", "gdp/ytd", "value"]
    assert (gdp["zone"], gdp["role"], gdp["value"], gdp["unit"], gdp["form"]) == (
        "150571",
        "published",
        "10792000000",
        "元",
        "gdp",
    )
    assert lines["headline", "gdp", "value_text"]["value_text"] == "107.92 亿元"
    assert lines["sector_growth", "tertiary", "contribution_rate_pct"]["value_text"] == "69.473914"
    assert (edition.edition, edition.edition_zones, edition.frozen_by, edition.note) == (
        "2022Q3.1",
        "150571",
        "王芳",
        "三季度公报",
    )
    assert edition.frozen_at == "2022-11-01T09:00:00+00:00"
    assert edition.cut_off_at == "2022-10-21T01:00:00+00:00", "the newest submission in it"
    assert edition.fingerprint == fingerprint(load_catalogue())
    assert int(edition.figures) == len(lines)
    assert open_editions(office.raw) == [edition]


def test_the_same_figures_frozen_again_are_the_same_edition(office: Office) -> None:
    first, _ = office.freeze()
    before = {p: p.read_bytes() for p in office.raw.rglob("*") if p.is_file()}
    again, is_new = office.freeze(now=NOW + dt.timedelta(days=9), note="again")
    assert (again, is_new) == (first, False)
    assert {p: p.read_bytes() for p in office.raw.rglob("*") if p.is_file()} == before


@pytest.mark.torture
def test_the_file_is_the_same_bytes_from_a_warehouse_built_anew(office: Office) -> None:
    first, _ = office.freeze()
    content = (office.raw / "editions" / "2022Q3.1.csv").read_bytes()
    shutil.rmtree(office.raw / "editions")
    office.run(rebuild=True)
    assert office.freeze()[0].sha256 == first.sha256
    assert (office.raw / "editions" / "2022Q3.1.csv").read_bytes() == content


def test_there_has_to_be_something_to_freeze(office: Office) -> None:
    with pytest.raises(
        ValueError,
        match=r"there is nothing published of 2022Q4; there is something for 150571 2022Q3",
    ):
        office.freeze("2022Q4")
    with pytest.raises(
        ValueError,
        match=r"there is nothing published of 2022Q3 for CN; there is something for 150571 2022Q3",
    ):
        office.freeze(zones=["150571", "CN"])
    assert not (office.raw / "editions").exists()


@pytest.mark.torture
def test_editions_come_back_from_raw_alone(office: Office) -> None:
    office.freeze()
    assert not are_loaded(office.raw, office.warehouse), "the next run takes it"
    office.run()
    assert are_loaded(office.raw, office.warehouse)
    kept = (
        office.ask("select * exclude (run) from ledger.edition"),
        office.ask("select * from ledger.edition_figure order by all"),
    )
    assert len(kept[1]) > 20
    shutil.rmtree(office.warehouse)
    (office.warehouse / "work").mkdir(parents=True)
    office.run(rebuild=True)
    assert (
        office.ask("select * exclude (run) from ledger.edition"),
        office.ask("select * from ledger.edition_figure order by all"),
    ) == kept


@pytest.mark.torture
def test_nothing_under_editions_is_taken_for_a_submission(office: Office) -> None:
    office.freeze()
    office.send("2022Q3/gdp.r2.csv", REVISED, "2022-11-05T09:00:00+08:00")
    office.run()
    office.accept()
    received = receive(office.raw, load_catalogue(), known_zones(), {})
    assert received.present == [
        "150571/2022Q3/gdp.csv",
        "150571/2022Q3/gdp.r2.csv",
        "150571/2022Q3/income.csv",
    ]
    assert (received.findings, received.missing) == ([], [])


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (
            "2022Q3.1.csv",
            "107.92",
            "107.93",
            r"2022Q3\.1\.csv is not what was frozen on 2022-11-01 17:00（北京时间 Beijing time） by 王芳 .* take the file back",
        ),
        (
            "manifest.csv",
            "2022-11-01T09:00:00+00:00",
            "44866.375",  # as a spreadsheet program saves it
            r"manifest\.csv .*cannot be read.* take it back from version control or the backup",
        ),
    ],
)
def test_a_frozen_file_that_was_edited_is_told(
    office: Office, file: str, old: str, new: str, words: str
) -> None:
    office.freeze()
    path = office.raw / "editions" / file
    content = path.read_text()
    assert old in content
    path.write_text(content.replace(old, new))
    with pytest.raises(ValueError, match=words):
        office.run()


def test_a_frozen_file_is_looked_at_also_when_the_warehouse_has_it(office: Office) -> None:
    office.freeze()
    office.run()
    assert are_loaded(office.raw, office.warehouse) and verify_editions(office.raw) == []
    path = office.raw / "editions" / "2022Q3.1.csv"
    path.write_text(path.read_text().replace("107.92", "107.93"))
    with pytest.raises(ValueError, match="is not what was frozen"):
        are_loaded(office.raw, office.warehouse)
    [told] = verify_editions(office.raw)
    assert "2022Q3.1.csv is not what was frozen" in told.en


# --- resubmissions ----------------------------------------------------------------------------


@pytest.mark.torture
def test_before_there_is_an_edition_a_resubmission_passes_at_once(office: Office) -> None:
    office.send("2022Q3/gdp.r2.csv", REVISED, "2022-11-05T09:00:00+08:00")
    office.run()
    assert office.total() == [("108.92", 2)]


@pytest.mark.torture
def test_a_resubmission_that_alters_a_published_figure_waits_until_it_is_accepted(
    office: Office,
) -> None:
    office.freeze()
    office.send("2022Q3/gdp.r2.csv", REVISED, "2022-11-05T09:00:00+08:00")
    office.run()
    assert office.total() == [("107.92", 1)], "what was published stands"
    assert office.ask("select status from ledger.submission where revision = 2") == [
        ("accepted",)
    ], "it is loaded all the same"
    assert office.ask(
        "select item, measure, value_published, value_given, figures_altered from metrics.waiting_revision"
    ) == [
        ("gdp/ytd", "value", "10792000000", "10892000000", 2),
        ("va_tertiary/ytd", "value", "6739000000", "6839000000", 2),
    ]
    assert office.ask("select distinct move from metrics.revised_since_edition") == [("unchanged",)]

    taken = office.accept(now=NOW + dt.timedelta(days=10))
    assert (taken.path, taken.figures_altered, taken.edition) == (
        "150571/2022Q3/gdp.r2.csv",
        2,
        "2022Q3.1",
    )
    assert not are_loaded(office.raw, office.warehouse)
    with pytest.raises(
        ValueError,
        match=r"150571/2022Q3/gdp\.r2\.csv has been accepted already; the next `jibao run` lets it stand",
    ):
        office.accept("once more, again")
    office.run()
    assert office.total() == [("108.92", 2)]
    assert office.ask("select count(*) from metrics.waiting_revision") == [(0,)]
    moved = office.ask(
        "select item, measure, value_published, value_now from metrics.revised_since_edition where move = 'revised' and metric = 'headline'"
    )
    assert moved == [
        ("gdp", "value_text", "107.92 亿元", "108.92 亿元"),
        ("va_tertiary", "value_text", "67.39 亿元", "68.39 亿元"),
    ]
    # known only from the time of acceptance, whenever it was sent
    assert office.total("metrics.as_of('2022-11-10')") == [("107.92", 1)]
    assert office.total("metrics.as_of('2022-11-12')") == [("108.92", 2)]


@pytest.mark.torture
def test_a_resubmission_that_alters_nothing_published_passes_at_once(office: Office) -> None:
    office.freeze()
    office.send(
        "2022Q3/gdp.r2.csv",
        GDP.replace("同比增长\n", "同比增长,备注\n").replace("3.4\n", "3.4,核对无误\n"),
        "2022-11-05T09:00:00+08:00",
    )
    office.run()
    assert office.total() == [("107.92", 2)]
    assert office.ask("select count(*) from metrics.waiting_revision") == [(0,)]


@pytest.mark.torture
def test_a_figure_that_is_left_out_is_an_alteration(office: Office) -> None:
    office.freeze()
    office.send(
        "2022Q3/income.r2.csv", INCOME.replace("17959,4.83", ","), "2022-11-05T09:00:00+08:00"
    )
    office.run()
    waiting = office.ask(
        "select item, measure, value_published, value_given from metrics.waiting_revision"
    )
    assert waiting == [
        ("income_rural/ytd", "growth_reported_pct", "4.83", None),
        ("income_rural/ytd", "value", "17959", None),
    ]


@pytest.mark.torture
def test_a_growth_that_is_altered_waits_too(office: Office) -> None:
    office.freeze()
    office.send("2022Q3/income.r2.csv", INCOME.replace("4.83", "4.9"), "2022-11-05T09:00:00+08:00")
    office.run()
    assert office.ask(
        "select measure, value_published, value_given from metrics.waiting_revision"
    ) == [("growth_reported_pct", "4.83", "4.9")]


@pytest.mark.torture
def test_a_later_resubmission_that_gives_back_what_was_published_overtakes_the_one_that_waits(
    office: Office,
) -> None:
    office.freeze()
    office.send("2022Q3/gdp.r2.csv", REVISED, "2022-11-05T09:00:00+08:00")
    office.send("2022Q3/gdp.r3.csv", GDP + "\n", "2022-11-06T09:00:00+08:00")
    office.run()
    assert office.total() == [("107.92", 3)]
    assert office.ask("select count(*) from metrics.waiting_revision") == [(0,)]
    with pytest.raises(
        ValueError,
        match=r"no resubmission of 150571 2022Q3 gdp waits to be accepted; waiting: nothing",
    ):
        office.accept("because it is so")


@pytest.mark.torture
def test_a_quarter_that_published_figures_are_computed_from_waits_with_them(office: Office) -> None:
    """2022Q3's quarter alone is Q3 less Q2: altering Q2 alters what was published of Q3."""
    office.send("2022Q2/gdp.csv", QUARTER_BEFORE, "2022-07-20T09:00:00+08:00")
    office.run()
    office.freeze("2022Q3")
    office.send("2022Q2/gdp.r2.csv", QUARTER_BEFORE_REVISED, "2022-11-05T09:00:00+08:00")
    office.run()
    assert office.total(period="2022Q2") == [("70.92", 1)]
    assert office.ask("select distinct period, form, edition from metrics.waiting_revision") == [
        ("2022Q2", "gdp", "2022Q3.1")
    ]
    office.accept("二季度核实后更正总量", period="2022Q2")
    office.run()
    assert office.total(period="2022Q2") == [("71.92", 2)]
    quarter = "select value_published, value_now from metrics.revised_since_edition where measure = 'value_quarter_cny' and item = 'total'"
    assert office.ask(quarter) == [("3700000000", "3600000000")]


@pytest.mark.torture
def test_after_a_new_edition_what_it_published_is_the_measure(office: Office) -> None:
    office.freeze()
    office.send("2022Q3/gdp.r2.csv", REVISED, "2022-11-05T09:00:00+08:00")
    office.run()
    office.accept(now=NOW + dt.timedelta(days=10))
    office.run()
    second, is_new = office.freeze(now=NOW + dt.timedelta(days=20))
    assert (second.edition, is_new) == ("2022Q3.2", True)
    office.send(
        "2022Q3/gdp.r3.csv", GDP + "\n", "2022-11-25T09:00:00+08:00"
    )  # back to the first edition
    office.run()
    assert office.total() == [("108.92", 2)], "it alters what was published last"
    assert office.ask("select distinct edition, revision from metrics.waiting_revision") == [
        ("2022Q3.2", 3)
    ]
    assert office.ask("select distinct edition, move from metrics.revised_since_edition") == [
        ("2022Q3.2", "unchanged")
    ]
    assert office.total("metrics.as_of('2022-11-02')") == [("107.92", 1)], (
        "the first edition's figures are still known"
    )


@pytest.mark.torture
def test_a_rejected_resubmission_does_not_wait(office: Office) -> None:
    office.freeze()
    office.send("2022Q3/gdp.r2.csv", GDP.replace("107.92", "208.92"), "2022-11-05T09:00:00+08:00")
    office.run()
    assert office.ask("select status from ledger.submission where revision = 2") == [("rejected",)]
    assert office.ask("select count(*) from metrics.waiting_revision") == [(0,)]


@pytest.mark.torture
def test_what_a_run_moved_is_listed_with_what_depends_on_it(office: Office) -> None:
    office.send("2022Q2/gdp.csv", QUARTER_BEFORE, "2022-07-20T09:00:00+08:00")
    office.run()
    office.send("2022Q2/gdp.r2.csv", QUARTER_BEFORE_REVISED, "2022-11-05T09:00:00+08:00")
    run = office.run()
    moved = office.ask(
        f"select period, metric, item, measure, value_before, value_now, move from metrics.moved_between(since_run := '{run}')"
        " where measure like 'value%' and item in ('total', 'gdp', 'gdp/ytd')"
    )
    assert moved == [
        ("2022Q2", "headline", "gdp", "value_text", "70.92 亿元", "71.92 亿元", "revised"),
        ("2022Q2", "indicator_growth", "gdp/ytd", "value", "7092000000", "7192000000", "revised"),
        (
            "2022Q2",
            "sector_growth",
            "total",
            "value_ytd_cny",
            "7092000000",
            "7192000000",
            "revised",
        ),
        (
            "2022Q3",
            "sector_growth",
            "total",
            "value_quarter_cny",
            "3700000000",
            "3600000000",
            "revised",
        ),
    ]
    assert office.ask("select count(*) from metrics.moved_between(since_run := '2023')") == [
        (0,)
    ], "nothing came after"
    first = office.ask("select min(run) from ledger.run")[0][0]
    assert office.ask(
        f"select distinct move from metrics.moved_between(since_run := '{first}')"
    ) == [("new",)]
    between = "select distinct period, move from metrics.moved_between('2022-11-01', '2022-12-01') order by all"
    assert office.ask(between) == [("2022Q2", "revised"), ("2022Q3", "revised")]


# --- the command line and the flow ------------------------------------------------------------


def jibao(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.output


@pytest.mark.torture
def test_the_command_line_freezes_lists_and_accepts(office: Office) -> None:
    where = ("--raw", str(office.raw), "--warehouse", str(office.warehouse))
    code, said = jibao("freeze", "2022Q3", *where, "--by", "王芳", "--note", "公报")
    assert code == 0
    assert "edition 2022Q3.1:" in said and "figures of 150571 frozen in" in said
    code, said = jibao("freeze", "2022Q3", *where)
    assert code == 0 and "nothing has changed since edition 2022Q3.1" in said
    office.send("2022Q3/gdp.r2.csv", REVISED, "2022-11-05T09:00:00+08:00")
    office.run()
    code, said = jibao("status", "--warehouse", str(office.warehouse))
    assert code == 0
    assert "待同意的修订" in said
    assert (
        "150571/2022Q3/gdp.r2.csv：与发布版 2022Q3.1 有 2 个数不同 · 2 figures of edition 2022Q3.1 differ; "
        '同意请用 to let it stand: jibao accept 150571 2022Q3 gdp --reason "…"' in said
    )
    code, said = jibao("freeze", "2022Q3", *where)
    assert "not in it: 150571/2022Q3/gdp.r2.csv, which waits to be accepted" in said
    code, said = jibao(
        "accept", "150571", "2022Q3", "income", *where, "--reason", "核对过了，没有问题了"
    )
    assert (
        code == 2
        and "no resubmission of 150571 2022Q3 income waits to be accepted; waiting: 150571 2022Q3 gdp"
        in said
    )
    code, said = jibao("accept", "150571", "2022Q3", "gdp", *where, "--reason", " ")
    assert code == 2 and "an acceptance needs a reason in words" in said
    code, said = jibao(
        "accept",
        "150571",
        "2022Q3",
        "gdp",
        *where,
        "--reason",
        "服务业年报核实后更正总量",
        "--by",
        "李强",
    )
    assert (
        code == 0
        and "150571/2022Q3/gdp.r2.csv accepted: it alters 2 figures of edition 2022Q3.1" in said
    )
    (line,) = open_acceptances(office.raw)
    assert (line.zone, line.period, line.form, line.revision, line.accepted_by, line.acceptance_reason) == (
        "150571", "2022Q3", "gdp", "2", "李强", "服务业年报核实后更正总量",
    )  # fmt: skip
    code, said = jibao("freeze", "2022Q9", *where)
    assert code == 2 and "2022Q9" in said


@pytest.mark.torture
def test_an_acceptance_made_by_mistake_is_taken_back_and_stays_on_record(office: Office) -> None:
    path = "150571/2022Q3/gdp.r2.csv"

    def standings() -> dict[str, str]:
        with read_published(office.warehouse) as con:
            return {Path(r.facts.path).name: r.standing.kind for r in chain_receipts(con)}

    def effects() -> list[str]:
        return [e.en for e in tell_effects(published_path(office.warehouse), newest())]

    def newest() -> str:
        return str(office.ask("select max(run) from ledger.run")[0][0])

    def undo(reason: str, when: dt.datetime | None = None) -> Any:
        return take_back(office.raw, office.warehouse, path, "王芳", reason, when)

    office.freeze()
    office.send("2022Q3/gdp.r2.csv", REVISED, "2022-11-05T09:00:00+08:00")
    office.run()
    assert standings() == {"gdp.csv": "stands", "gdp.r2.csv": "waits", "income.csv": "stands"}
    assert [e for e in effects() if "gdp.r2" in e and "waits for `jibao accept`" in e]
    with pytest.raises(ValueError, match=r"没有有效的同意.*no acceptance of .* is in force"):
        undo("误操作，本应同意另一份报送")
    office.accept(now=NOW + dt.timedelta(days=10))
    [first] = open_acceptances(office.raw)
    second = replace(
        first,
        accepted_by="赵敏",
        accepted_at=(NOW + dt.timedelta(days=12)).isoformat(timespec="seconds"),
    )
    save_decisions(office.raw / ACCEPTED, Acceptance, [first, second])  # as two people's files meet
    office.run()
    assert office.total() == [("108.92", 2)]
    assert standings()["gdp.r2.csv"] == "stands" and standings()["gdp.csv"] == "superseded"
    assert f"{path} is accepted (李强): it stands" in effects()
    with pytest.raises(ValueError, match="不少于 10 个字"):
        undo("x")
    undo("误操作，本应同意另一份报送", NOW + dt.timedelta(days=20))
    assert not are_loaded(office.raw, office.warehouse), "the next run takes it up"
    office.run()
    assert are_loaded(office.raw, office.warehouse)
    assert office.total() == [("107.92", 1)] and standings()["gdp.r2.csv"] == "waits"
    assert (
        f"the acceptance of {path} is taken back (王芳): 150571/2022Q3/gdp.csv stands" in effects()
    )
    # it stood while it was accepted, and both decisions are in the audit
    assert office.total("metrics.as_of('2022-11-15')") == [("108.92", 2)]
    assert office.total("metrics.as_of('2022-11-25')") == [("107.92", 1)]
    assert office.ask(
        "select action, done_by, detail from metrics.audit where action like '%accept%' order by done_at"
    ) == [
        ("accept", "李强", "服务业年报核实后更正总量"),
        ("accept", "赵敏", "服务业年报核实后更正总量"),
        ("withdraw acceptance", "王芳", "误操作，本应同意另一份报送"),
        ("withdraw acceptance", "王芳", "误操作，本应同意另一份报送"),
    ]
    office.accept("服务业年报再次核实无误", now=NOW + dt.timedelta(days=30))
    office.run()
    assert office.total() == [("108.92", 2)], "it may be accepted again"
    office.freeze(now=NOW + dt.timedelta(days=31))
    office.run()
    with pytest.raises(ValueError, match=r"edition 2022Q3\.2 has published the figures"):
        undo("误操作，本应同意另一份报送")


@pytest.mark.torture
def test_the_flow_takes_editions_and_tells_who_waits(
    run_quarter: Callable[..., Any], tmp_path: Path
) -> None:
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    (raw / "150571" / "2022Q3").mkdir(parents=True)
    (raw / "150571" / "2022Q3" / "gdp.csv").write_text(GDP)
    assert run_quarter(raw, warehouse).changed
    freeze(raw, warehouse, "2022Q3", [], "王芳", "")
    assert run_quarter(raw, warehouse).changed, "nothing new but an edition"
    assert not run_quarter(raw, warehouse).changed
    (raw / "150571" / "2022Q3" / "gdp.r2.csv").write_text(REVISED)
    summary = run_quarter(raw, warehouse)
    assert summary.waiting == ["150571 2022Q3 gdp"]
    assert summary.describe().endswith("waiting to be accepted: 150571 2022Q3 gdp")
    accept(raw, warehouse, "150571", "2022Q3", "gdp", "李强", "服务业年报核实后更正总量")
    assert run_quarter(raw, warehouse).waiting == []
    with read_published(warehouse) as con:
        assert con.execute(
            "select value_text from metrics.headline where indicator = 'gdp'"
        ).fetchall() == [("108.92 亿元",)]
    run_quarter(raw, warehouse, rebuild=True)
    with read_published(warehouse) as con:
        assert con.execute(
            "select value_text from metrics.headline where indicator = 'gdp'"
        ).fetchall() == [("108.92 亿元",)]


# --- figures under query --------------------------------------------------------------------------

ODD = GDP.replace("107.92,3.4", "107.92,3.7")  # the sectors weighted give 3.40: GDP-WEIGHTED asks


@pytest.mark.torture
def test_a_figure_under_query_is_marked_and_not_given_to_the_public_until_it_is_accepted(
    empty_build: Path, tmp_path: Path
) -> None:
    office = Office(tmp_path / "office", empty_build)
    office.send("2022Q3/gdp.csv", ODD, "2022-10-20T09:00:00+08:00")
    office.run()
    where = ("--raw", str(office.raw), "--warehouse", str(office.warehouse))
    public = "select indicator, growth_pct::double, value_reason from public.headline where indicator = 'gdp'"
    assert office.ask(public) == [("gdp", None, "under query")]
    exported = (office.warehouse / "published" / "headline" / "150571.csv").read_text(
        encoding="utf-8"
    )
    assert exported.splitlines()[0].endswith(",has_open_query")
    assert {line.split(",")[3]: line.rsplit(",", 1)[1] for line in exported.splitlines()[1:]}[
        "gdp"
    ] == "true"
    code, said = jibao(
        "accept", "150571", "2022Q3", "income", *where, "--reason", "核对过了，没有问题了"
    )
    assert code == 2 and "nor is a query open about the figures that stand" in said
    code, said = jibao(
        "accept", "150571", "2022Q3", "gdp", *where, "--reason", "核算科已核对，数据属实"
    )
    assert code == 0 and "150571/2022Q3/gdp.csv accepted: " in said
    assert "1 个待核实的问题就此关闭" in said and "1 open queries are closed" in said
    code, said = jibao(
        "accept", "150571", "2022Q3", "gdp", *where, "--reason", "核算科已核对，数据属实"
    )
    assert code == 2 and "has been accepted already" in said
    office.run()
    assert office.ask(public) == [("gdp", 3.7, None)]
    assert office.ask("select count(*) from metrics.headline where has_open_query") == [(0,)]
    rebuilt = Office(tmp_path / "office", empty_build)
    rebuilt.run(rebuild=True)
    assert rebuilt.ask(public) == [("gdp", 3.7, None)], "the line stands in raw/"


@pytest.mark.torture
def test_an_accepted_query_is_no_acceptance_of_a_later_revision(office: Office) -> None:
    """Accepting the questions of what stands lets it stand as it did, and no other file."""
    office.send("2022Q3/gdp.r2.csv", ODD, "2022-10-25T09:00:00+08:00")
    office.run()
    office.accept()
    office.run()
    office.freeze()
    office.send("2022Q3/gdp.r3.csv", REVISED, "2022-11-05T09:00:00+08:00")
    office.run()
    assert office.total() == [("107.92", 2)]
    assert office.ask("select revision from metrics.waiting_revision limit 1") == [(3,)]
