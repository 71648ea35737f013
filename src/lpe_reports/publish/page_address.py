"""Which page somebody means: by its address, or by its path or URL in any version."""

from urllib.parse import unquote, urlsplit

from lpe_reports.errors import UsageError
from lpe_reports.publish.naming import is_version_id
from lpe_reports.publish.pointer import LATEST

_ENDINGS = (".html", ".pdf", ".xlsx", ".json")


def page_address_of(text: str) -> str:
    """The address of a page, without an ending.

    Args:
        text: uppfoljning/…/2026-W19, with or without .html; public/v/2026-05-11/….html;
            https://…/latest/….html.

    Raises:
        UsageError: It is no page of a report.
    """
    path = urlsplit(text).path if "://" in text else text.partition("#")[0].partition("?")[0]
    parts = [part for part in unquote(path).replace("\\", "/").split("/") if part not in ("", ".")]
    address = "/".join(parts[_start(parts) :])
    for ending in _ENDINGS:
        address = address.removesuffix(ending)
    if ".." in parts or address.count("/") < 2:
        raise UsageError(
            f"'{text}' names no report's page; write its address, like "
            "uppfoljning/veckouppfoljning/ortopedi/2026-W19, or its path or URL in a version"
        )
    return address


def _start(parts: list[str]) -> int:
    """Where the address begins: after the version, if one is named."""
    for place, part in enumerate(parts):
        is_version = is_version_id(part) and place > 0 and parts[place - 1] == "v"
        if part == LATEST or is_version:
            return place + 1
    return 0
