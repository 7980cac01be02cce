"""The documents: links lead somewhere, the README is short, decisions, commands and terms are all listed."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from flows.cli import app

REPOSITORY = Path(__file__).resolve().parents[1]
DOCS = REPOSITORY / "docs"
FENCE = re.compile(r"^```.*?^```", re.M | re.S)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
ANCHOR = re.compile(r'<a id="([^"]+)"></a>')
CHINESE = re.compile("[\u4e00-\u9fff]")


def pages() -> list[Path]:
    """Every Markdown file that belongs to the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\n")
    paths = [REPOSITORY / name for name in listed if name]
    return sorted(p for p in paths or REPOSITORY.glob("docs/**/*.md") if p.is_file())


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@cache
def anchors_of(page: Path) -> frozenset[str]:
    """What `#…` may name on a page: its `<a id>`s, and its headings as GitHub writes them."""
    text = FENCE.sub("", text_of(page))
    headings = re.findall(r"^#{1,6} (.+)$", text, re.M)
    slugs = (re.sub(r"[^\w\- ]", "", h.strip().lower()).replace(" ", "-") for h in headings)
    return frozenset([*ANCHOR.findall(text), *slugs])


def has_anchor(page: Path, anchor: str) -> bool:
    return not anchor or page.suffix != ".md" or anchor in anchors_of(page)


def test_there_are_pages() -> None:
    names = {p.relative_to(REPOSITORY).as_posix() for p in pages()}
    assert {"README.md", "docs/index.md", "docs/glossary.md", "CONTRIBUTING.md"} <= names


@pytest.mark.parametrize("page", pages(), ids=lambda p: p.relative_to(REPOSITORY).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    lost = []
    for target in LINK.findall(CODE.sub("", FENCE.sub("", text_of(page)))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if (
            not there.exists()
            or not there.is_relative_to(REPOSITORY)
            or not has_anchor(there, anchor)
        ):
            lost.append(target)
    assert lost == []


def test_what_code_cites_of_the_documents_is_there() -> None:
    """Comments and docstrings say `docs/methodology.md#growth`."""
    lost = []
    for folder, ending in (("flows", "py"), ("sql", "sql"), ("tests", "py")):
        for source in (REPOSITORY / folder).rglob(f"*.{ending}"):
            cited = re.findall(r"\b(docs/[\w/.-]+\.md)(?:#([\w-]+))?", text_of(source))
            for path, anchor in cited:
                page = REPOSITORY / path
                if not page.exists() or (anchor and anchor not in anchors_of(page)):
                    lost.append(f"{source.relative_to(REPOSITORY)}: {path}#{anchor}")
    assert lost == []


def named_paths(page: Path) -> set[str]:
    """Files and folders of the repository that a page names in code marks; patterns are none."""
    packages = {p.parent.name for p in (REPOSITORY / "flows").glob("*/__init__.py")}
    names = {name.strip("`") for name in CODE.findall(FENCE.sub("", text_of(page)))}
    in_flows = {
        f"flows/{name}"  # as architecture.md writes it: `read/headings.py`
        for name in names
        if re.fullmatch(r"\w+/\w+\.(py|toml)", name) and name.split("/")[0] in packages
    }
    written_out = r"(flows|sql|tests|docs|benchmarks)(/[\w.-]+)+/?"
    return in_flows | {name for name in names if re.fullmatch(written_out, name)}


@pytest.mark.parametrize("page", pages(), ids=lambda p: p.relative_to(REPOSITORY).as_posix())
def test_files_that_a_page_names_are_there(page: Path) -> None:
    """Changelog and decisions tell of what was; water_supply is the example of a form to add."""
    if page.name == "CHANGELOG.md" or re.match(r"\d{4}-", page.name):
        return
    lost = {
        name
        for name in named_paths(page)
        if not (REPOSITORY / name).exists() and "water_supply" not in name
    }
    assert lost == set()


def test_the_architecture_shows_every_package_and_only_modules_that_are_there() -> None:
    page = text_of(DOCS / "architecture.md")
    packages = {p.parent.name for p in (REPOSITORY / "flows").glob("*/__init__.py")}
    assert {name for name in packages if f"`{name}/`" not in page} == set()
    for package, row in re.findall(r"^\| `(\w+)/` \| (.*?) \|", page, re.M):
        for module in re.findall(r"`(\w+)`", row):
            place = REPOSITORY / "flows" / package / f"{module}.py"
            assert place.exists() or module in packages, f"{package}: {module}"


def test_what_the_architecture_says_about_code_is_so() -> None:
    """`reach_verdict` in `validate/verdict.py`; and the schedule is that of prefect.yaml."""
    page = text_of(DOCS / "architecture.md")
    said = re.findall(r"`(\w+)` in `(\w+/\w+\.py)`", page)
    assert len(said) >= 4
    for function, module in said:
        assert f"def {function}(" in text_of(
            REPOSITORY / "flows" / module.removeprefix("flows/")
        ), (function, module)
    [cron] = re.findall(r"cron `([^`]+)`", page)
    assert f'cron: "{cron}"' in text_of(REPOSITORY / "prefect.yaml")


def test_the_readme_is_read_in_a_few_minutes() -> None:
    assert len(text_of(REPOSITORY / "README.md").split()) <= 800


def test_every_page_is_in_the_index() -> None:
    """In docs/index.md, or on a page that it leads to (chapters, decisions, schemas)."""
    folders = (*DOCS.glob("*/README.md"), *DOCS.glob("dictionary/*.md"))
    indexes = (DOCS / "index.md", DOCS / "methodology.md", *folders)
    listed = {
        (index.parent / target.partition("#")[0]).resolve()
        for index in indexes
        for target in LINK.findall(text_of(index))
        if not re.match(r"[a-z]+:", target)
    }
    missing = {
        p.relative_to(REPOSITORY).as_posix()
        for p in DOCS.rglob("*.md")
        if p not in listed and p != DOCS / "index.md"
    }
    assert missing == set()


def test_every_decision_is_in_the_index_under_its_number() -> None:
    folder = DOCS / "decisions"
    rows = re.findall(
        r"^\| (\d+) \| \[[^\]]+\]\(([^)]+)\) \| .+ \|$", text_of(folder / "README.md"), re.M
    )
    assert [name for _, name in rows] == sorted(p.name for p in folder.glob("[0-9]*.md"))
    for number, name in rows:
        assert int(number) == int(name[:4])
        assert text_of(folder / name).startswith(f"# {number}. ")


def terms() -> list[tuple[str, str, str, str]]:
    rows = re.findall(
        r"^\| (.+?) \| (.*?) \| (.*?) \| (.*) \|$", text_of(DOCS / "glossary.md"), re.M
    )
    return [row for row in rows if row[0] != "Term" and not set(row[0]) <= set("- ")]


def test_every_term_has_both_languages_and_one_meaning() -> None:
    rows = terms()
    assert len(rows) > 80
    for term, chinese, _, meaning in rows:
        assert not CHINESE.search(term) and re.search("[a-z]", term), term
        assert CHINESE.search(chinese) and meaning, term
    names = [name.strip() for term, *_ in rows for name in term.split(",")]
    assert len(names) == len(set(names)), "a term stands twice"
    spoken = [name for _, chinese, *_ in rows for name in chinese.split("、")]
    assert len(spoken) == len(set(spoken)), "two terms have the same Chinese"


@pytest.mark.parametrize("kind", ["Severity", "Stage", "Status"])
def test_the_glossary_has_the_words_of_every_verdict(kind: str) -> None:
    from flows.model import finding

    glossary = text_of(DOCS / "glossary.md")
    for value in getattr(finding, kind):
        assert f"`{value}`" in glossary, value


def commands() -> dict[str, Any]:
    """Every command of the program by its name."""
    group: Any = typer.main.get_command(app)
    context = typer.Context(group)
    return {name: group.get_command(context, name) for name in group.list_commands(context)}


def test_every_command_and_option_is_in_the_reference() -> None:
    page = "".join(map(text_of, sorted(DOCS.glob("reference-*.md"))))
    sections = dict(re.findall(r"^### jibao ([\w-]+)\n(.*?)(?=^#|\Z)", page, re.M | re.S))
    assert set(sections) == set(commands())
    for name, command in commands().items():
        for option in command.params:
            if option.param_type_name == "option" and option.name != "help":
                assert f"`{option.opts[0]}" in sections[name], f"jibao {name} {option.opts[0]}"


def test_no_page_has_a_reminder_left_in_it() -> None:
    left = [p.name for p in pages() if re.search(r"\b(TODO|FIXME|TBD|XXX)\b", text_of(p))]
    assert left == []


def test_hooks_run_what_is_installed_and_fetch_nothing() -> None:
    hooks = yaml.safe_load(text_of(REPOSITORY / ".pre-commit-config.yaml"))
    assert {repository["repo"] for repository in hooks["repos"]} == {"local"}
    for hook in (hook for repository in hooks["repos"] for hook in repository["hooks"]):
        assert hook["language"] == "system" and hook["entry"].startswith(".venv/bin/")


def test_templates_speak_both_languages() -> None:
    templates = sorted((REPOSITORY / ".github").rglob("*.md"))
    assert len(templates) == 4
    for template in templates:
        assert CHINESE.search(text_of(template)) and re.search("[a-z]{3}", text_of(template))


def test_each_promise_of_reliability_names_a_test_that_exists() -> None:
    """`tests/<file>.py::test_<name>`; `::test_<name>` is in the file named just before."""
    text, file = text_of(DOCS / "reliability.md"), ""
    named = re.findall(r"`(tests/[\w/]+(?:\.py)?/?)?(?:::)?(test_\w+)?`", text)
    assert sum(bool(test) for _, test in named) > 20
    for path, test in named:
        file = path or file
        if path:
            assert (REPOSITORY / path).exists(), path
        if test:
            assert re.search(rf"^def {test}\(", (REPOSITORY / file).read_text("utf-8"), re.M), test


def test_each_promise_and_each_attack_has_a_test_named_after_it() -> None:
    """A promise that has no test named in its row is none."""
    rows = [
        line
        for part in ("promises", "attacks")
        for line in text_of(DOCS / "reliability.md")
        .partition(f'<a id="{part}"></a>')[2]
        .partition('<a id="')[0]
        .splitlines()
        if line.startswith("| ") and not line.startswith(("| ---", "| Promise", "| Attack"))
    ]
    assert len(rows) > 40
    unnamed = [row for row in rows if "tests/" not in row and not row.endswith("| the same |")]
    assert unnamed == []


def test_what_has_a_long_form_is_in_torture_long_and_in_reliability() -> None:
    """A module whose tests take more cases where `JIBAO_…_LONG` is set, itself or by what it imports."""
    recipe = text_of(REPOSITORY / "Makefile").partition("\ntorture-long:")[2].partition("\n\n")[0]
    switches = set(re.findall(r"JIBAO_\w+_LONG", recipe))
    named = re.findall(r"tests/[\w/]+(?:\.py)?", recipe)
    switched, longer = set(), []
    for path in sorted({*(REPOSITORY / "tests").rglob("*.py")} - {Path(__file__)}):
        found = set(re.findall(r"environ[^\n]*(JIBAO_\w+_LONG)", text_of(path)))
        switched |= found
        if path.name.startswith("test_") and (found or "few_or_many(" in text_of(path)):
            longer.append(path.relative_to(REPOSITORY).as_posix())
    assert switched == switches
    assert [p for p in longer if not p.startswith(tuple(named))] == []
    text = text_of(DOCS / "reliability.md")
    assert [p for p in longer if p not in text and f"{p.rpartition('/')[0]}/`" not in text] == []


def test_every_promise_of_the_readme_stands_among_those_of_reliability() -> None:
    """What the README says of behaviour, by the words that the table has of it."""
    promises = text_of(DOCS / "reliability.md").partition('<a id="attacks"></a>')[0]
    readme = " ".join(text_of(REPOSITORY / "README.md").split())
    for said, promised in README_PROMISES.items():
        assert said in readme, f"the README no longer says {said!r}: take it from here"
        assert promised in promises, said


README_PROMISES = {
    "Every figure leads back to its file, sheet and row": "Every figure leads back to its file, sheet and row",
    "Great Expectations confirms each verdict of a run": "Great Expectations confirms each verdict of a run",
    "No server has to run": "No server has to run",
    "A second run takes seconds and changes nothing": "A second run changes nothing",
    "The contributions are approximate and say so": "contributions are approximate and say so",
    "growth is at constant prices, as reported": "Levels are at current prices, growth at constant",
    "which cell is wrong, and how to mend it": "`validate` says which cell is wrong and how to mend it",
    "headings, units, drop-downs, notes": "What `template` gives, filled in, is accepted",
    "was it received, when, what became of it": "A receipt tells whether a file was received, when, and what became of it",
    "is kept from the public until it is explained": "kept from the public until it is explained",
    "sees what came and what is missing": "`status` tells what came, what is missing",
    "keeps what is published as an edition": "`freeze` keeps what is published",
    "lets a revision of published figures stand": "a revision of it waits until `accept`",
    "may be repeated at any time; known files are left alone": "A second run changes nothing",
    "the warehouse again, from raw/ alone": "A rebuild gives the same",
    "A bad file is a finding, never a failed run, and never stops the others": "A bad file is a finding, never a failed run, and never stops the others",
    "All figures in `raw/` are real": "Every file in `raw/` of the repository loads whole and names its source",
    "Transposed tables, and tables side by side on one sheet, are refused with a finding": "Transposed tables and tables side by side are refused with a finding",
    "Seasonal adjustment needs five calendar years": "Seasonal adjustment needs five calendar years",
}
