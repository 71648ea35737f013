"""Where rows come from: another database is told from the same one by another way in."""

import re
from shutil import rmtree
from typing import Any

import pytest

from lpe_reports.params.sources import SourceEntry
from lpe_reports.warehouse.extract import extract
from lpe_reports.warehouse.keys import Keys
from lpe_reports.warehouse.loading.origin import fingerprint_of_place
from lpe_reports.warehouse.nights.manifest import read_manifest
from small_warehouse import SmallOffice, operation, small_office

SECRET = Keys(b"0123456789abcdef")
SERVER = "postgresql+psycopg://reader:first@db.example.invalid/lager"


def _of(url: str, keys: Keys = SECRET, **environment: str) -> str:
    entry = SourceEntry(kind="sql", tables={"operations": {}})  # type: ignore[dict-item]
    return fingerprint_of_place("lager", entry, keys, {"LPE_WAREHOUSE_URL": url, **environment})


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://reader:second@db.example.invalid/lager",
        "postgresql+psycopg://another:first@db.example.invalid/lager",
        "postgresql+psycopg2://reader@db.example.invalid:5432/lager",
        "postgres://reader@DB.example.invalid/lager?sslmode=require&connect_timeout=9",
    ],
)
def test_another_way_into_a_database_is_the_same_place(url: str) -> None:
    """User, password, driver, a port that goes without saying, and how the line is secured."""
    assert _of(url) == _of(SERVER)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://reader:first@db.example.invalid/lager2",
        "postgresql+psycopg://reader:first@db2.example.invalid/lager",
        "postgresql+psycopg://reader:first@db.example.invalid:5433/lager",
        "mssql+mssqlpython://reader:first@db.example.invalid/lager",
        SERVER + "?host=db2.example.invalid",
        SERVER + "?options=-csearch_path%3Dtest",
    ],
)
def test_another_database_is_another_place(url: str) -> None:
    """Host, port, name, kind of server, and what a query leads elsewhere."""
    assert _of(url) != _of(SERVER)


def test_a_server_of_odbc_is_told_without_its_password() -> None:
    """The whole of it stands in one text there."""
    url = "mssql+pyodbc://?odbc_connect=Server%3D{}%3BDatabase%3Dlager%3BUID%3Da%3BPWD%3D{}"

    assert _of(url.format("db1", "one")) == _of(url.format("db1", "two"))
    assert _of(url.format("db1", "one")) != _of(url.format("db2", "one"))


def test_no_place_can_be_guessed_from_its_fingerprint() -> None:
    """Another secret, another fingerprint; nothing of the URL stands in it."""
    assert _of(SERVER) != _of(SERVER, Keys(b"fedcba9876543210"))
    assert len(_of(SERVER)) == 16 and int(_of(SERVER), 16)


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> SmallOffice:
    """Operations that say when they were changed."""
    office = small_office(tmp_path_factory.mktemp("office"))
    for number, row in enumerate(office.tables["operations"]):
        row["changed_at"] = f"2026-05-0{1 + number // 50} 08:00"
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    office.sources(text.replace("operations: {}", "operations: {watermark: changed_at}"))
    return office


def test_a_night_is_not_built_on_one_of_another_database(office: SmallOffice) -> None:
    """Its rows are all of the one database, and the night says that it was loaded whole."""
    first = read_manifest(office.extract())
    again = read_manifest(office.extract())
    other: list[Any] = [operation(n, operation_id=f"X{n}") for n in range(110)]
    office.tables["operations"] = [
        row | {"changed_at": f"2026-05-0{2 + n // 100} 08:00"} for n, row in enumerate(other)
    ]
    office.write()
    office.project.demo_warehouse.rename(office.root / "data" / "demo" / "other.duckdb")
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    office.sources(text.replace("warehouse.duckdb", "other.duckdb"))

    moved = read_manifest(extract(office.project, office.params))

    assert [m.tables["operations"].load for m in (first, again, moved)] == [
        "full", "increment", "full",
    ]  # fmt: skip
    assert [m.moved for m in (first, again, moved)] == [False, False, True]
    assert first.place == again.place != moved.place
    assert moved.tables["operations"].rows == 110
    assert moved.tables["operations"].silent is None


def test_another_secret_is_not_taken_for_another_database(office: SmallOffice) -> None:
    """The fingerprint of a place is keyed, so the night says what changed: the secret."""
    first = read_manifest(office.extract())
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    office.sources(re.sub(r"demo_key_secret: .*", "demo_key_secret: quite another one", text))
    rmtree(office.root / "data" / "snapshots")  # lists of another secret refuse the load

    second = read_manifest(extract(office.project, office.params))

    assert (first.rekeyed, first.moved) == (False, False)
    assert (second.rekeyed, second.moved) == (True, False)
