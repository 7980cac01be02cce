"""The same warehouse on DuckLake: PostgreSQL keeps the catalogue, a folder or S3 keeps the data.

An address says where: `ducklake:postgres:dbname=jibao host=… ?data=s3://bucket/jibao`. Extensions
are loaded by the paths of their wheels (`jibao[lake]`), never fetched. Decision 20 says why commits
are compared with the snapshot that they began from, and never tried again by DuckLake itself.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from flows.model.errors import WarehouseError
from flows.warehouse.deadline import interruptible
from flows.warehouse.sql_text import quote

SCHEME = "ducklake:"
LAKE = "lake"  # the name that every connection attaches it by
_POSTGRES = "ducklake:postgres:"
_EXAMPLE = "ducklake:postgres:dbname=jibao host=db.example ?data=s3://bucket/jibao"
_EXTENSIONS = ("ducklake", "postgres_scanner", "httpfs")
_SECRET = re.compile(r"(password\s*=\s*)('(?:[^'\\]|\\.)*'|\S+)|(://[^:/\s]*:)[^@\s]+(@)", re.I)
# rows never go into the catalogue instead of a file; a commit that comes second fails, and whoever
# made it looks again at what stands (`flows.warehouse.lake_commit`)
_RULES = (
    "set ducklake_default_data_inlining_row_limit = 0",
    "set ducklake_max_retry_count = 0",
)


@dataclass(frozen=True)
class LakeAddress:
    """A warehouse on DuckLake: the connection string of its catalogue as libpq reads it, the folder
    or prefix of its data, and the schema of PostgreSQL that the catalogue stands in. Who commits is
    an `office`, from the warehouse of its own in the folder `local`.
    """

    catalogue: str = field(repr=False)
    place: str
    schema: str = "jibao"
    office: str = "office"
    local: Path = Path("warehouse")

    def __str__(self) -> str:
        """The address as it is shown: without a password."""
        return f"{_POSTGRES}{hide_secrets(self.catalogue)} ?data={self.place}&schema={self.schema}"

    @property
    def tables(self) -> str:
        """Where DuckLake keeps its files."""
        return f"{self.place}/tables/"

    @property
    def staging(self) -> str:
        """Where rows wait to be committed."""
        return f"{self.place}/staging"

    @property
    def is_local(self) -> bool:
        """Whether the data is a folder."""
        return "://" not in self.place


def hide_secrets(text: str) -> str:
    """A text of PostgreSQL's or ours without passwords."""
    return _SECRET.sub(lambda m: f"{m[1]}…" if m[1] else f"{m[3]}…{m[4]}", text)


def parse_address(text: str) -> Path | LakeAddress:
    """A folder, or a warehouse on DuckLake. Raises WarehouseError where the address is none."""
    if not text.startswith(SCHEME):
        if re.match(r"\w+://|\w{2,}:\w", text):
            raise _no_address(text, "只认文件夹和 ducklake:postgres:", "neither is known")
        return Path(text)
    catalogue, mark, options = text.removeprefix(_POSTGRES).partition("?")
    if not text.startswith(_POSTGRES) or not catalogue.strip():
        raise _no_address(text, "目录只能在 PostgreSQL 中", "the catalogue stands in PostgreSQL")
    given = urllib.parse.parse_qs(options, keep_blank_values=True) if mark else {}
    if unknown := given.keys() - {"data", "schema", "office", "local"}:
        names = ", ".join(sorted(unknown))
        raise _no_address(text, f"不认得的选项：{names}", f"unknown: {names}")
    place = given.get("data", [""])[-1].rstrip("/")
    schema = given.get("schema", [LakeAddress.schema])[-1]
    if not place:
        raise _no_address(text, "缺 ?data=文件夹或 s3://…", "?data=FOLDER or s3://… is missing")
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", schema):
        raise _no_address(text, "schema 只用小写字母、数字和下划线", "schema: a-z, 0-9 and _ alone")
    if "://" not in place:
        place = str(Path(place).resolve())
    elif not place.startswith("s3://"):
        raise _no_address(text, "data 只能是文件夹或 s3://…", "data is a folder or s3://…")
    office, local = (given.get(name, [""])[-1] for name in ("office", "local"))
    return LakeAddress(
        catalogue.strip(),
        place,
        schema,
        office or LakeAddress.office,
        Path(local) if local else LakeAddress.local,
    )


def require_lake(text: str) -> LakeAddress:
    """A lake's address. Raises WarehouseError where it is a folder, or none."""
    place = parse_address(text)
    if not isinstance(place, LakeAddress):
        raise WarehouseError(
            f"{text} 是文件夹；请给出 ducklake:postgres: 地址 · {text} is a folder; give an "
            "address ducklake:postgres:…"
        )
    return place


def _no_address(text: str, zh: str, en: str) -> WarehouseError:
    shown = hide_secrets(text)
    return WarehouseError(
        f"数据仓库地址 {shown} 不对（{zh}）；请写文件夹，或如：{_EXAMPLE} · {shown} is no address "
        f"of a warehouse ({en}); write a folder, or such as {_EXAMPLE}"
    )


@contextlib.contextmanager
def lake_in_words(address: LakeAddress, *kinds: type[duckdb.Error]) -> Iterator[None]:
    """What keeps a lake from being used is told with its remedy, and without a password; of other
    `kinds` than those named nothing is told.
    """
    try:
        yield
    except duckdb.Error as error:
        if kinds and not isinstance(error, kinds):
            raise
        detail = hide_secrets(str(error)).splitlines()[0]
        if re.search(r"does not exist|not found", detail, re.I) and re.search(
            "DuckLake|parcel", detail
        ):
            raise WarehouseError(
                f"{address} 还没有建立，请先运行 jibao lake init · {address} has not been made; "
                f"`jibao lake init ADDRESS` makes it ({detail})"
            ) from None
        raise WarehouseError(
            f"不能使用 {address}；请核对 PostgreSQL 的地址、用户和密码（PGPASSWORD 或 ~/.pgpass），"
            f"以及数据的位置和权限 · {address} cannot be used; check host, user and password of "
            f"PostgreSQL (PGPASSWORD or ~/.pgpass), and place and rights of the data ({detail})"
        ) from None


def extension_path(name: str) -> Path:
    """The file of an extension, in its wheel. Raises WarehouseError where it is not installed."""
    spec = importlib.util.find_spec(f"duckdb_extension_{name}")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    files = sorted(folder.rglob(f"v{duckdb.__version__}/*.duckdb_extension")) if folder else []
    if not files:
        raise WarehouseError(
            f"没有安装 DuckDB {duckdb.__version__} 的扩展 {name}；请运行 make lake，或 pip install "
            f"-r requirements-lake.lock · DuckDB's extension {name} of version "
            f"{duckdb.__version__} is not installed; run `make lake`, or `pip install -r "
            "requirements-lake.lock`"
        )
    return files[0]


@contextlib.contextmanager
def lake_connection(
    address: LakeAddress, config: dict[str, str | bool | int | float | list[str]] | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that has the extensions and the key to the data, nothing attached."""
    with duckdb.connect(config=config or {}) as connection, interruptible(connection):
        equip(connection, address)
        yield connection


def equip(connection: duckdb.DuckDBPyConnection, address: LakeAddress) -> None:
    """Give a connection the extensions, and the key to the data. Raises WarehouseError where one
    is not installed.
    """
    needed = [n for n in _EXTENSIONS if n != "httpfs" or not address.is_local]
    for path in [extension_path(name) for name in needed]:
        connection.execute(f"load {quote(str(path))}")
    for rule in _RULES:
        connection.execute(rule)
    if not address.is_local:
        connection.execute(_s3_secret())


def _s3_secret() -> str:
    """The key to S3, as the environment gives it in the names that all of AWS' programs know."""
    given = os.environ.get
    endpoint = urllib.parse.urlsplit(given("AWS_ENDPOINT_URL_S3") or given("AWS_ENDPOINT_URL", ""))
    options = {
        "key_id": given("AWS_ACCESS_KEY_ID"),
        "secret": given("AWS_SECRET_ACCESS_KEY"),
        "session_token": given("AWS_SESSION_TOKEN"),
        "region": given("AWS_REGION") or given("AWS_DEFAULT_REGION"),
        "endpoint": endpoint.netloc,
        "url_style": "path" if endpoint.netloc else None,
        "use_ssl": "false" if endpoint.scheme == "http" else None,
    }
    words = [f"{name} {quote(value)}" for name, value in options.items() if value]
    return f"create secret of_lake ({', '.join(['type s3', *words])})"


def attach_lake(
    connection: duckdb.DuckDBPyConnection,
    address: LakeAddress,
    *,
    access: str = "read",
    snapshot: int | None = None,
) -> None:
    """Attach a lake as `lake`, to `read`, to `write`, or to `create` it where there is none; as it
    is or, where a `snapshot` is given, as it was at that.

    PostgreSQL itself refuses a reader's writes.
    """
    catalogue, options = address.catalogue, [f"metadata_schema {quote(address.schema)}"]
    if access == "read":
        catalogue += " options='-c default_transaction_read_only=on'"
        options.append("read_only")
    if access != "create":
        options.append("create_if_not_exists false")
    if snapshot is not None:
        options.append(f"snapshot_version {snapshot}")
    if access == "create" and address.is_local:
        Path(address.tables).mkdir(parents=True, exist_ok=True)
    options.append(f"data_path {quote(address.tables)}")
    with lake_in_words(address):
        connection.execute(
            f"attach {quote(f'{_POSTGRES}{catalogue}')} as {LAKE} ({', '.join(options)})"
        )


def attach_lake_now(connection: duckdb.DuckDBPyConnection, address: LakeAddress) -> int:
    """Attach a lake to be read as it is now, whatever is committed later. Returns the snapshot."""
    attach_lake(connection, address)
    snapshot = current_snapshot(connection)
    connection.execute(f"detach {LAKE}")
    attach_lake(connection, address, snapshot=snapshot)
    return snapshot


def current_snapshot(con: duckdb.DuckDBPyConnection) -> int:
    """The number of the last commit."""
    [(number,)] = con.execute(f"from ducklake_current_snapshot({quote(LAKE)})").fetchall()
    return int(number)


@contextlib.contextmanager
def open_lake(address: LakeAddress, *, access: str = "read") -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that has a lake attached and in use: `metrics.headline` is the lake's."""
    with lake_connection(address) as connection:
        attach_lake(connection, address, access=access)
        connection.execute(f"use {LAKE}")
        yield connection
