"""Links lead somewhere, and no page makes a browser ask another host."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from urllib.parse import unquote

from lpe_reports.publish.documents import Document, Reference
from lpe_reports.publish.findings import Fault

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# Schemes that a link may have without leading to a page, or that make no request to a host.
_LINK_SCHEMES = ("http:", "https:", "mailto:", "tel:")
# Places that every page has.
_TOP = ("", "top")
_REQUEST_SCHEMES = ("data:", "blob:")


def outside_requests(document: Document) -> Iterator[Fault]:
    """The addresses that make the browser ask another host, or that run as a script."""
    for reference in document.references:
        if reference.kind == "request":
            asks = _asks_outside(reference.target)
        else:
            asks = _scheme(reference.target) not in ("", *_LINK_SCHEMES)
        if asks:
            yield Fault("request to another host", reference.place)


def broken_links(
    name: str, references: Sequence[Reference], files: Set[str], ids: Mapping[str, Set[str]]
) -> Iterator[Fault]:
    """The links of a file that lead nowhere.

    Args:
        name: The file, by its path in the candidate.
        references: Its addresses.
        files: All files of the candidate.
        ids: The ids of each page, for links to a place in it.
    """
    for reference in references:
        target = reference.target.strip()
        if _scheme(target) or target.startswith(("//", "\\\\")):
            continue
        path, _, fragment = target.partition("#")
        page = _resolve(name, path.partition("?")[0])
        if page is None or page not in files:
            yield Fault("broken link", reference.place)
        elif fragment.lower() in _TOP or not page.endswith(".html"):
            continue
        elif unquote(fragment) not in ids.get(page, ()):
            yield Fault("link to a place that the page does not have", reference.place)


def _scheme(target: str) -> str:
    match = _SCHEME.match(target.strip())
    return match.group().lower() if match else ""


def _asks_outside(target: str) -> bool:
    target = target.strip()
    if target.startswith(("//", "\\\\")):
        return True
    return _scheme(target) not in ("", *_REQUEST_SCHEMES)


def _resolve(name: str, path: str) -> str | None:
    """The file that a relative address leads to; None outside the version.

    An address from the server's root would lead out of the version, wherever it lies.
    """
    if not path:
        return name
    if path.startswith("/"):
        return None
    place = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(path)))
    if place.startswith(".."):
        return None
    if path.endswith(("/", ".")):
        return posixpath.normpath(posixpath.join(place, "index.html"))
    return place
