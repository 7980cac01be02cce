"""The rules of the house: modules of a sitting, one relation a file, words on everything, nothing of this machine."""

from __future__ import annotations

import ast
import graphlib
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest

from flows.warehouse.database import scratch

REPOSITORY = Path(__file__).resolve().parents[1]
FLOWS = REPOSITORY / "flows"
SQL = REPOSITORY / "sql"

# --- Python: who may import whom, `lint-imports` holds (pyproject.toml) --------------------------


def modules() -> dict[str, Path]:
    """Every module of the package by its name."""
    return {
        ".".join(p.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__"): p
        for p in sorted(FLOWS.rglob("*.py"))
    }


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def test_imports_are_written_in_full() -> None:
    for module, path in modules().items():
        relative = [
            n.lineno for n in ast.walk(tree_of(path)) if isinstance(n, ast.ImportFrom) and n.level
        ]
        assert relative == [], f"{module}, lines {relative}"


def test_only_the_warehouse_opens_duckdb() -> None:
    """A connection that is opened elsewhere would outlive Ctrl-C and a timeout."""
    names = {
        "connect",
        "default_connection",
        "execute",
        "from_arrow",
        "from_df",
        "query",
        "read_csv",
        "read_parquet",
        "sql",
    }
    opened = {
        (module, node.attr)
        for module, path in modules().items()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "duckdb"
        and node.attr in names
    }
    assert opened == {
        (f"flows.warehouse.{name}", "connect") for name in ("database", "lake", "sandbox")
    }
    imported = {
        (module, alias.name)
        for module, path in modules().items()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and node.module == "duckdb"
        for alias in node.names
    }
    assert not {name for _, name in imported} & names, imported


def test_great_expectations_is_imported_only_where_a_run_asks_it() -> None:
    """Its import takes seconds: inside functions, and at the top for types alone; at the top of the expectation's own module, which
    is imported in the same way.
    """
    slow = ("great_expectations", "flows.validate.expect_rule")
    for module, path in modules().items():
        if module in slow:
            continue
        at_top = [
            ast.unparse(node)
            for node in tree_of(path).body
            if isinstance(node, ast.Import | ast.ImportFrom)
            and any(name in ast.unparse(node) for name in slow)
        ]
        assert at_top == [], module


def test_no_module_is_longer_than_can_be_read_at_a_sitting() -> None:
    for module, path in modules().items():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= 300, f"{module} has {lines} lines"


def test_variables_are_named_by_what_they_hold() -> None:
    vague = {"data", "found", "known", "said"}
    for module, path in modules().items():
        named = [
            (node.lineno, name)
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Name | ast.arg)
            and (name := node.id if isinstance(node, ast.Name) else node.arg) in vague
            and module != "flows.warehouse.sql_file"  # `known` is a word of SQL headers
        ]
        assert named == [], f"{module}: {named}"


def test_the_layout_of_code_is_the_formatters() -> None:
    for module, path in modules().items():
        marked = re.findall(r"# (?:fmt: \w+|yapf|noqa$)", path.read_text(encoding="utf-8"), re.M)
        assert marked == [], f"{module}: {marked}"


def test_every_code_of_a_finding_has_its_words() -> None:
    words = tomllib.loads((FLOWS / "forms" / "_rules.toml").read_text(encoding="utf-8"))
    used = set()
    for path in modules().values():
        for node in ast.walk(tree_of(path)):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.fullmatch(r"(FILE|LAYOUT|VALUE|LINE|UNIT|KEY)-[A-Z]+", node.value)
            ):
                used.add(node.value)
    assert used <= set(words), "a code without words"
    spoken = used | {
        c for c in words if c in "".join(p.read_text(encoding="utf-8") for p in modules().values())
    }
    assert set(words) <= spoken, "words that nothing uses"
    for code, rule in words.items():
        for part in ("title", "message", "mend"):
            assert rule[part]["zh"] and rule[part]["en"], f"{code}.{part}"


# --- SQL: one relation a file -----------------------------------------------------------------

VIEWS = sorted(p for layer in ("staging", "metrics", "public") for p in (SQL / layer).glob("*.sql"))
TABLES, MACROS, CHECKS = (
    sorted((SQL / folder).glob("*.sql")) for folder in ("tables", "macros", "checks")
)
KNOWN, RULES = (sorted((SQL / folder).glob("*.sql")) for folder in ("known", "rules"))
PRODUCED = {
    "known": {"known", "ref"},
    "rules": {"known", "ref"},
    "staging": {"core", "ledger", "quarantine", "derived", "ref", "staging"},
    "metrics": {"ledger", "staging", "derived", "metrics", "ref"},
    "public": {"metrics", "staging", "ref"},
}


def name_of(path: Path) -> str:
    """The relation that a file's path names."""
    return (
        path.stem if path.parent.name in ("tables", "macros") else f"{path.parent.name}.{path.stem}"
    )


def header_of(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    found = {"title": lines[0].removeprefix("-- ")}
    for line in lines:
        if match := re.match(r"-- (zh|grain|unit|reads): (.+)", line):
            assert match[1] not in found, f"{path}: {match[1]} twice"
            found[match[1]] = match[2].strip()
    return found


def select_of(path: Path) -> str:
    """The query of a view or a check, without the words that create it."""
    sql = path.read_text(encoding="utf-8")
    match = re.search(r"^create or replace (?:view|table) \S+ as$", sql, re.M | re.I)
    return sql[match.end() :] if match else sql


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A scratch database with the macros, to read queries with; no table has to be there."""
    with scratch() as connection:
        yield connection


def test_sql_stands_only_where_it_is_built() -> None:
    folders = {p.parent.relative_to(SQL).as_posix() for p in SQL.rglob("*") if p.is_file()}
    assert folders == {
        "tables",
        "macros",
        "staging",
        "metrics",
        "public",
        "checks",
        "reference",
        "known",
        "rules",
        "migrations",
        "questions",
    }
    assert VIEWS and TABLES and MACROS and CHECKS


def test_a_file_creates_exactly_what_its_path_names() -> None:
    for path in (*VIEWS, *KNOWN, *TABLES, *MACROS):
        sql = path.read_text(encoding="utf-8")
        statements = duckdb.extract_statements(sql)
        assert [s.type for s in statements] == [duckdb.StatementType.CREATE], path
        created = re.findall(
            r"create\s+(?:or\s+replace\s+)?(view|table|macro)\s+(?:if\s+not\s+exists\s+)?([\w.]+)",
            re.sub(r"--.*", "", sql),
            re.I,
        )
        kind = {"tables": "table", "macros": "macro"}.get(path.parent.name, "view")
        if path.stem in ("standing", "replaced", "seen") and path in KNOWN:
            kind = "table"  # asked by every rule: made once a run
        assert created == [(kind, name_of(path))]


def test_a_check_only_selects() -> None:
    for path in (*CHECKS, *RULES):
        statements = duckdb.extract_statements(path.read_text(encoding="utf-8"))
        assert [s.type for s in statements] == [duckdb.StatementType.SELECT], path


def test_a_relations_header_says_what_one_row_is() -> None:
    for path in (*VIEWS, *KNOWN, *TABLES):
        header = header_of(path)
        assert re.match(r"One row is .+\.$", header["title"]), f"{path}: {header['title']}"
        wanted = {"zh", "grain", "unit"} | ({"reads"} if path in (*VIEWS, *KNOWN) else set())
        assert wanted <= set(header), f"{path} misses {wanted - set(header)}"
        assert re.search("[\u4e00-\u9fff]", header["zh"]), path


def test_macros_and_checks_say_what_they_are() -> None:
    for path in (*MACROS, *CHECKS):
        header = header_of(path)
        assert header["title"].endswith((".", "?", "'.")) or ":" in header["title"], path
        assert re.search("[\u4e00-\u9fff]", header["zh"]), path
        assert "reads" in header, path
        if path in CHECKS:
            assert "Rows returned are failures" in path.read_text(encoding="utf-8"), path
        else:
            assert "unit" in header, path


def real_reads(con: duckdb.DuckDBPyConnection, query: str) -> set[str]:
    """The tables and views that a query reads, as DuckDB itself finds them."""
    return {
        name.split(" AS ")[0].replace('"', "")
        for name in con.get_table_names(query, qualified=True)
    }


def declared_reads(path: Path) -> set[str]:
    return {name.strip() for name in header_of(path)["reads"].split(",")}


def test_declared_reads_are_what_is_read_and_of_the_layer_before(
    con: duckdb.DuckDBPyConnection,
) -> None:
    for path in (*VIEWS, *CHECKS, *KNOWN, *RULES):
        read = real_reads(con, select_of(path))
        assert declared_reads(path) == read, path
        if path not in CHECKS:
            schemas = {name.split(".")[0] for name in read}
            assert schemas <= PRODUCED[path.parent.name], f"{name_of(path)} reads {schemas}"


def test_a_table_macros_declared_reads_are_what_is_read(con: duckdb.DuckDBPyConnection) -> None:
    """Relations as DuckDB finds them, and the table macros that it calls."""
    for path in (p for p in MACROS if "." in p.stem):
        query = path.read_text(encoding="utf-8").partition(" as table\n")[2]
        as_relations = re.sub(
            r"\b((?:staging|metrics)\.\w+)\([^()]*\)", r"\1", re.sub(r"--.*", "", query)
        )
        assert declared_reads(path) == real_reads(con, as_relations), path


def test_no_view_reads_itself_in_a_circle(con: duckdb.DuckDBPyConnection) -> None:
    names = {name_of(p) for p in VIEWS}
    needs = {name_of(p): real_reads(con, select_of(p)) & names for p in VIEWS}
    assert set(graphlib.TopologicalSorter(needs).static_order()) == names


def finals(node: dict) -> Iterator[dict]:
    """The selects that a query ends in."""
    if node["type"] == "SET_OPERATION_NODE":
        for child in node.get("children") or [node["left"], node["right"]]:
            yield from finals(child)
    else:
        yield node


def test_a_metrics_columns_are_written_out(con: duckdb.DuckDBPyConnection) -> None:
    """`select *` at the end breaks the view when what it reads gains a column, and hides what it gives."""
    for path in (p for p in VIEWS if p.parent.name in ("metrics", "public")):
        [(text,)] = con.execute("select json_serialize_sql(?)", [select_of(path)]).fetchall()
        tree = json.loads(text)
        assert not tree["error"], tree
        for node in finals(tree["statements"][0]["node"]):
            stars = [c for c in node["select_list"] if c["class"] == "STAR"]
            assert stars == [], f"{name_of(path)}: the final select lists its columns"


def test_figures_are_matched_by_industry_too() -> None:
    """An indicator may stand once for each industry; a list that an indicator counts has none."""
    for path in (*KNOWN, *RULES):
        code = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
        listed = set(re.findall(r"join (?:ref\.list_count|known\.list_entry) as (\w+)", code))
        joined = [
            pair
            for pair in re.findall(r"(\w+)\.indicator = (\w+)\.indicator", code)
            if not listed & set(pair)
        ]
        matched = re.findall(r"(\w+)\.industry is not distinct from (\w+)\.industry", code)
        assert sorted(joined) == sorted(matched), (
            f"{name_of(path)} joins figures by indicator and not by industry"
        )


def test_no_quarter_or_zone_is_written_into_a_query() -> None:
    """What depends on one is a line of reference."""
    for path in (*VIEWS, *CHECKS, *MACROS, *KNOWN, *RULES):
        code = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
        if path.stem == "nation":  # the one place that says which zone is the nation
            code = code.replace("'CN'", "")
        written = re.findall(r"'(?:19|20)\d\d(?:Q[1-4])?'|'150571'|'CN'", code)
        assert written == [], f"{name_of(path)} names {written}"


def test_a_query_of_zones_or_quarters_says_one_of() -> None:
    """A list, even of one zone, does not reach the tables below a view: the whole view is read (`flows.warehouse.sql_text.one_of`)."""
    for path in FLOWS.rglob("*.py"):
        written = re.findall(r"\b(?:zone|period) in \(\{", path.read_text(encoding="utf-8"))
        assert written == [], f"{path.name} asks for a list"


def test_no_view_counts_on_what_is_lost_in_the_file(published: duckdb.DuckDBPyConnection) -> None:
    """A view in a file has no `as materialized` when it is opened again. DuckDB keeps what is read twice: else to plan these windows takes it three seconds."""
    for path in SQL.rglob("*.sql"):
        code = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
        assert "as materialized" not in code, path.name
    [(_, plan)] = published.execute("explain (format json) from staging.disclosure_cell").fetchall()
    assert '"CTE Name": "cell"' in plan


def test_reference_files_have_one_header_and_even_rows() -> None:
    import csv

    for path in sorted((SQL / "reference").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as source:
            header, *rows = csv.reader(source)
        assert re.fullmatch(r"[a-z0-9_,]+", ",".join(header)), path.name
        assert {len(row) for row in rows} <= {len(header)}, f"{path.name}: rows of another width"
        keys = [row[0] for row in rows]
        assert len(rows) == len({tuple(row) for row in rows}), f"{path.name}: a line twice"
        assert all(keys), f"{path.name}: a line without its key"


# --- the warehouse: words on everything -------------------------------------------------------


def test_every_relation_has_a_comment(published: duckdb.DuckDBPyConnection) -> None:
    bare = published.execute("""
        select schema_name || '.' || view_name from duckdb_views() where not internal and coalesce(comment, '') not like '%_ | _%'
        union all
        select schema_name || '.' || table_name from duckdb_tables() where not internal and coalesce(comment, '') not like '%_ | _%'
        order by all
    """).fetchall()
    assert [name for (name,) in bare] == [], "no comment in zh | en"


def test_every_column_has_a_comment(published: duckdb.DuckDBPyConnection) -> None:
    bare = published.execute("""
        select schema_name || '.' || table_name || '.' || column_name from duckdb_columns()
        where not internal and schema_name in ('ref', 'ledger', 'core', 'quarantine', 'staging', 'derived', 'metrics', 'public')
            and coalesce(comment, '') not like '%_ | _%'
        order by all
    """).fetchall()
    assert [name for (name,) in bare] == [], "no comment in zh | en"


def test_every_macro_has_a_comment(published: duckdb.DuckDBPyConnection) -> None:
    bare = published.execute("""
        select schema_name || '.' || function_name from duckdb_functions()
        where not internal and database_name = current_database() and coalesce(comment, '') not like '%_ | _%' order by all
    """).fetchall()
    assert [name for (name,) in bare] == [], "no comment in zh | en"


def test_the_warehouse_holds_what_the_files_name_and_nothing_else(
    published: duckdb.DuckDBPyConnection,
) -> None:
    found = published.execute(
        "select schema_name || '.' || view_name from duckdb_views() where not internal"
    ).fetchall()
    assert {name for (name,) in found} == {name_of(p) for p in VIEWS}
    schemas = published.execute(
        "select distinct schema_name from duckdb_tables() where not internal"
    ).fetchall()
    assert {s for (s,) in schemas} <= {"ref", "ledger", "core", "quarantine", "derived"}
    tables = {
        name
        for (name,) in published.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
        ).fetchall()
    }
    assert {name_of(p) for p in TABLES} <= tables


@pytest.mark.torture
def test_a_views_grain_is_its_grain(published: duckdb.DuckDBPyConnection) -> None:
    """Every view answers, and no two rows share what the header calls the grain."""
    for path in VIEWS:
        grain = header_of(path)["grain"]
        twice = published.execute(
            f"select {grain}, count(*) from {name_of(path)} group by {grain} having count(*) > 1"
        ).fetchall()
        assert twice == [], f"{name_of(path)}: {grain} is not its grain"


# --- the repository: nothing of this machine --------------------------------------------------


def tracked_files() -> list[Path]:
    """What would be committed; every file where there is no git."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=REPOSITORY,
            capture_output=True,
            check=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        kept = (
            ".venv",
            "warehouse",
            "__pycache__",
            ".git",
            ".mypy_cache",
            ".ruff_cache",
            ".pytest_cache",
            ".hypothesis",
        )
        return [
            p
            for p in REPOSITORY.rglob("*")
            if p.is_file() and not set(p.relative_to(REPOSITORY).parts) & set(kept)
        ]
    paths = (REPOSITORY / name for name in listed.decode().split("\0") if name)
    return sorted(p for p in paths if p.is_file())


# written in pieces, or this file would find itself
ELSEWHERE = {
    "a folder beside the repository": "sha" + "red/",
    "an index of packages": "--(?:extra-)?in"
    + "dex-url|--find-"
    + "links|(?:PIP|UV)_(?:EXTRA_|DEFAULT_)?IN"
    + r"DEX\w*\s*[:=]|files\.python"
    + r"hosted|pypi\.org/sim"
    + r"ple|https?://[^\s\"')]+/sim"
    + "ple\\b",
    "a home of one person": r"(?<![\w.])/(?:root|home/[a-z]\w*|Users/\w+|work)/|[A-Z]:\\\\?Users",
}


@pytest.mark.parametrize("what", sorted(ELSEWHERE))
def test_no_file_points_out_of_the_repository(what: str) -> None:
    files = tracked_files()
    assert len(files) > 50
    found = []
    for path in files:
        content = path.read_bytes()
        if b"\0" in content[:1000]:
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
            if re.search(ELSEWHERE[what], line):
                found.append(f"{path.relative_to(REPOSITORY)}:{number}: {line.strip()[:120]}")
    assert found == [], f"{what} is named"


@pytest.mark.parametrize(
    "name", ["requirements.lock", "requirements-dev.lock", "requirements-lake.lock"]
)
def test_the_lock_names_versions_and_no_place(name: str) -> None:
    lock = (REPOSITORY / name).read_text(encoding="utf-8")
    lines = [
        line for line in lock.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    assert "://" not in lock
    assert len(lines) > 50
    for line in lines:
        assert re.match(
            r"\s*(?:[\w.\[\]-]+==[\w.+!]+( ;.*)?( \\)?|--hash=sha256:[0-9a-f]{64}( \\)?)$", line
        ), line


def test_the_warehouse_is_not_committed() -> None:
    inside = [p.name for p in tracked_files() if (REPOSITORY / "warehouse") in p.parents]
    assert inside in ([], [".gitkeep"])
