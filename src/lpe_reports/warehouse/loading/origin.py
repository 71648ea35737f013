"""Where a source's rows come from, so that two databases are never mixed in one night."""

import hmac
import posixpath
from collections.abc import Mapping
from pathlib import PurePath

from lpe_reports.params.sources import SourceEntry
from lpe_reports.warehouse.keys import Keys
from lpe_reports.warehouse.sources.sql_url import server_place


def fingerprint_of_place(
    name: str, entry: SourceEntry, keys: Keys, environment: Mapping[str, str]
) -> str:
    """What tells one database or folder from another, and nothing else about it.

    Keyed with the secret, so that no host or database can be guessed from it; another user,
    password or driver does not change it.

    Args:
        name: The source.
        entry: What params/sources.yml says of it.
        keys: The keys of its extracts.
        environment: Where a server's URL stands.

    Raises:
        SettingsError: A server's URL is not set or is none.
    """
    match entry.kind:
        case "sql":
            place = server_place(entry, name, environment)
        case "duckdb":
            place = _plain(entry.path)
        case "files":
            place = _plain(entry.folder)
    content = f"place\0{entry.kind}\0{place}".encode()
    return hmac.digest(keys.secret, content, "sha256").hex()[:16]


def _plain(path: str | None) -> str:
    return posixpath.normpath(PurePath(path or "").as_posix())
