"""The URL comes from the environment, the password from there or the keyring; neither is shown."""

import sys
from types import ModuleType
from typing import Any

import pytest

from lpe_reports.errors import SettingsError
from lpe_reports.params.sources import SourceEntry
from lpe_reports.warehouse.sources.sql_url import server_url
from postgres_warehouse import entry

pytestmark = pytest.mark.promise("warehouse", "No password stands in a file, a log or an error")

KEYRING = {"service": "lager", "user": "lasare"}
SECRET = "hemlig-9"


def _entry(**more: Any) -> SourceEntry:
    return entry({"operations": {}}, url_env="LAGER_URL", **more)


def _url(text: str, **more: Any) -> Any:
    return server_url(_entry(**more), "lager", {"LAGER_URL": text})


class Keyring(ModuleType):
    """In place of the package, which is an extra."""

    def __init__(self, password: str | None, *, broken: bool = False) -> None:
        super().__init__("keyring")
        self._password = password
        self._broken = broken
        self.asked: list[tuple[str, str]] = []

    def get_password(self, service: str, user: str) -> str | None:
        self.asked.append((service, user))
        if self._broken:
            raise RuntimeError(f"locked, {SECRET}")
        return self._password


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    """A keyring with the password."""
    made = Keyring(SECRET)
    monkeypatch.setitem(sys.modules, "keyring", made)
    return made


@pytest.mark.parametrize(
    ("text", "driver"),
    [
        ("postgresql://a/b", "postgresql+psycopg"),
        ("postgres://a/b", "postgresql+psycopg"),
        ("  postgresql+psycopg://a/b\n", "postgresql+psycopg"),
        ("mssql://a/b", "mssql+mssqlpython"),
        ("mssql+pyodbc://a/b", "mssql+pyodbc"),
    ],
)
def test_driver_is_ours_unless_another_is_named(text: str, driver: str) -> None:
    """So that a URL without a driver needs no other package than the extra."""
    assert _url(text).drivername == driver


@pytest.mark.parametrize(
    "text", [f"postgresql://u:{SECRET}@a", f"postgresql://u:{SECRET}@a:5432/", "mssql://a:1433"]
)
def test_url_without_a_database_is_told(text: str) -> None:
    """PostgreSQL would look for one with the user's name, and SQL Server open any other."""
    with pytest.raises(SettingsError) as told:
        _url(text)

    assert str(told.value).startswith(
        "LAGER_URL (of source 'lager') names no database: write its name last, after a slash"
    )
    assert SECRET not in str(told.value)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://a?dbname=b",
        "postgresql://?service=lager",
        "mssql+pyodbc://lager",
        "mssql+pyodbc://?odbc_connect=DSN%3Dlager",
    ],
)
def test_database_may_be_named_in_other_ways(text: str) -> None:
    """As an option, by a service, or by ODBC's own name for a source of data."""
    assert _url(text).database is None


def test_password_is_not_shown() -> None:
    """Wherever a URL is printed."""
    url = _url(f"postgresql://u:{SECRET}@a/b")

    assert url.password == SECRET
    assert SECRET not in f"{url} {url!r}"


def test_password_comes_from_the_keyring(keyring: Keyring) -> None:
    """With the user of the URL, or that of the entry."""
    one = _url("postgresql://a/b", keyring=KEYRING)
    other = _url("postgresql://annan@a/b", keyring=KEYRING)

    assert (one.username, one.password) == ("lasare", SECRET)
    assert (other.username, other.password) == ("annan", SECRET)
    assert keyring.asked == [("lager", "lasare")] * 2


def test_password_in_the_url_needs_no_keyring(keyring: Keyring) -> None:
    """Whoever sets it there has decided."""
    assert _url("postgresql://u:other@a/b", keyring=KEYRING).password == "other"
    assert keyring.asked == []


def test_missing_package_is_told_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keyring is optional."""
    monkeypatch.setitem(sys.modules, "keyring", None)

    with pytest.raises(SettingsError) as told:
        _url("postgresql://a/b", keyring=KEYRING)

    assert "install the extra `keyring` (lpe-reports[keyring])" in str(told.value)


def test_keyring_without_the_password_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that puts it there."""
    monkeypatch.setitem(sys.modules, "keyring", Keyring(None))

    with pytest.raises(SettingsError) as told:
        _url("postgresql://a/b", keyring=KEYRING)

    assert "has no password for source 'lager'" in str(told.value)
    assert "`keyring set lager lasare`" in str(told.value)


def test_locked_keyring_is_told_without_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each keyring has words of its own."""
    monkeypatch.setitem(sys.modules, "keyring", Keyring(None, broken=True))

    with pytest.raises(SettingsError) as told:
        _url("postgresql://a/b", keyring=KEYRING)

    assert "cannot be read (RuntimeError): unlock it" in str(told.value)
    assert SECRET not in str(told.value)
