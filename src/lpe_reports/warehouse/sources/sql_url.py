"""Where a database server is, and who we are there: from the environment and the keyring only."""

from collections.abc import Mapping
from importlib import import_module

import sqlalchemy as sa
from sqlalchemy.engine import URL

from lpe_reports.errors import SettingsError
from lpe_reports.params.sources import KeyringEntry, SourceEntry

# What is meant when a URL names only the database.
_DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mssql": "mssql+mssqlpython",
}
_EXAMPLE = "postgresql+psycopg://user:password@host/database"


def server_url(entry: SourceEntry, source: str, environment: Mapping[str, str]) -> URL:
    """The server's URL, with the password.

    Args:
        entry: The source.
        source: Its name.
        environment: The environment.

    Raises:
        SettingsError: The variable is not set or holds no URL, or the keyring has no password.
            Nothing of the URL is told.
    """
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
    if entry.keyring is not None and not url.password:
        user = url.username or entry.keyring.user
        url = url.set(username=user, password=_password(entry.keyring, source))
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
    return url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))


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
