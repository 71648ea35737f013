"""Where a database server is, and who we are there: from the environment and the keyring only."""

from collections.abc import Mapping
from importlib import import_module

import sqlalchemy as sa
from sqlalchemy.engine import URL

from lpe_reports.errors import SettingsError
from lpe_reports.params.sources import KeyringEntry, SourceEntry

# What is meant when a URL names only the database.
DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mssql": "mssql+mssqlpython",
}
_EXAMPLE = "postgresql+psycopg://user:password@host/database"
_PORTS = {"postgresql": 5432, "mssql": 1433}
# What in a URL's query leads to another database; the rest is who we are and how we ask.
_LEADS = ("host", "hostaddr", "port", "dbname", "database", "service", "options")
_ODBC_LEADS = ("server", "address", "addr", "port", "database", "dsn")


def server_url(entry: SourceEntry, source: str, environment: Mapping[str, str]) -> URL:
    """The server's URL, with the password.

    Args:
        entry: The source.
        source: Its name.
        environment: The environment.

    Raises:
        SettingsError: The variable is not set, holds no URL or one that names no database, or
            the keyring has no password.
            Nothing of the URL is told.
    """
    url = _url(entry, source, environment)
    if not _names_database(url):
        raise SettingsError(
            f"{entry.url_env} (of source '{source}') names no database: write its name last, "
            f"after a slash, as in {_EXAMPLE}"
        )
    if entry.keyring is not None and not url.password:
        user = url.username or entry.keyring.user
        url = url.set(username=user, password=_password(entry.keyring, source))
    return url


def server_place(entry: SourceEntry, source: str, environment: Mapping[str, str]) -> str:
    """Which database of which server a URL leads to: whoever asks, and by whichever driver.

    Args:
        entry: The source.
        source: Its name.
        environment: The environment.

    Raises:
        SettingsError: The variable is not set or holds no URL.
    """
    url = _url(entry, source, environment)
    kind = url.get_backend_name()
    query = {name.lower(): value for name, value in url.query.items()}
    leads = [f"{name}={query[name]}" for name in _LEADS if name in query]
    pairs = (p.partition("=")[::2] for p in str(query.get("odbc_connect", "")).split(";"))
    leads += [f"{k.strip().lower()}={v}" for k, v in pairs if k.strip().lower() in _ODBC_LEADS]
    database = url.database or ""
    if kind == "postgresql":
        # What libpq takes where the URL says nothing: its variables, and the user's own database.
        leads += [f"{n}={environment[n]}" for n in ("PGSERVICE", "PGOPTIONS") if n in environment]
        if not url.host and "host" not in query:
            leads.append(f"PGHOST={environment.get('PGHOST', '')}")
        database = database or environment.get("PGDATABASE") or url.username or ""
    port = url.port or _PORTS.get(kind, 0)
    return "\0".join((kind, (url.host or "").lower(), str(port), database, *leads))


def _url(entry: SourceEntry, source: str, environment: Mapping[str, str]) -> URL:
    """The URL as it stands in the environment."""
    text = environment.get(entry.url_env, "").strip()
    if not text:
        raise SettingsError(
            f"{entry.url_env} is not set. Source '{source}' is a database server, and its URL "
            f"stands only in the environment: set {entry.url_env} to a URL like {_EXAMPLE}"
        )
    url = _read(text)
    if url is None:
        raise SettingsError(
            f"{entry.url_env} (of source '{source}') holds no URL of a database. It is written "
            f"like {_EXAMPLE}; write each of @ : / ? # % in a password as % and two digits "
            "(@ is %40)"
        )
    return url


def _read(text: str) -> URL | None:
    try:
        url = sa.make_url(text)
        # A password with an unescaped / or @ makes a port or a host of what follows it.
        whole = bool(url.drivername and (url.host or url.query or url.database))
    except (sa.exc.ArgumentError, ValueError):
        return None
    if not whole or "@" in (url.host or ""):
        return None
    return url.set(drivername=DRIVERS.get(url.drivername, url.drivername))


def _names_database(url: URL) -> bool:
    """Whether a URL says which database; a data source name or a service may know it itself."""
    if url.get_backend_name() not in DRIVERS or url.database:
        return True
    if url.get_driver_name() == "pyodbc" and not url.port:
        return True
    return bool({"dbname", "database", "service", "odbc_connect"} & {n.lower() for n in url.query})


def _password(entry: KeyringEntry, source: str) -> str:
    try:
        keyring = import_module("keyring")
    except ImportError:
        raise SettingsError(
            f"source '{source}' has its password in a keyring, and the package for that is not "
            "installed: install the extra `keyring` (lpe-reports[keyring])"
        ) from None
    where = f"service '{entry.service}', user '{entry.user}'"
    try:
        found: str | None = keyring.get_password(entry.service, entry.user)
    except Exception as error:  # each keyring has its own errors
        raise SettingsError(
            f"the keyring with the password of source '{source}' ({where}) cannot be read "
            f"({type(error).__name__}): unlock it for the user that runs this"
        ) from None
    if not found:
        raise SettingsError(
            f"the keyring has no password for source '{source}' ({where}); put it there with "
            f"`keyring set {entry.service} {entry.user}`, as the user that runs this"
        )
    return found
