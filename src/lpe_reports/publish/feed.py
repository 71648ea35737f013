"""`feed.xml`: the versions with their signals, for feed readers (Atom).

Source: RFC 4287.
"""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from lpe_reports import wording
from lpe_reports.publish.catalogue import VERSION_FILE, Version
from lpe_reports.publish.naming import day_of

_ATOM = "http://www.w3.org/2005/Atom"
# A reader looks a few weeks back; the version menu has them all.
_ENTRIES = 30


def feed(versions: Sequence[Version], public: Path) -> bytes:
    """The feed's bytes.

    Args:
        versions: The versions, the newest first; at least one.
        public: The folder that they lie in.
    """
    name = str(_record(public / "v" / versions[0].id).get("site") or "Rapporter")
    root = Element("feed", {"xmlns": _ATOM, "xml:lang": "sv"})
    _text(root, "title", name)
    _text(root, "id", _urn(name))
    _text(root, "updated", versions[0].published_at)
    _text(SubElement(root, "author"), "name", name)
    SubElement(root, "link", {"href": "latest/index.html"})
    for version in versions[:_ENTRIES]:
        _entry(root, version, public)
    ElementTree.indent(root, " ")
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _entry(root: Element, version: Version, public: Path) -> None:
    record = _record(public / "v" / version.id)
    entry = SubElement(root, "entry")
    _text(entry, "title", _title(version))
    _text(entry, "id", _urn(f"{version.id} {version.published_at}"))
    _text(entry, "updated", version.recall.since if version.recall else version.published_at)
    SubElement(entry, "link", {"href": f"v/{version.id}/index.html"})
    content = SubElement(entry, "content", {"type": "xhtml"})
    body = SubElement(content, "div", {"xmlns": "http://www.w3.org/1999/xhtml"})
    if version.recall:
        _text(body, "p", f"Versionen är återkallad. {version.recall.why}".strip())
        return
    told = list(_signals(record))
    if not told:
        _text(body, "p", "Inget nyckeltal utanför sina vanliga gränser.")
        return
    _text(body, "p", "Nyckeltal utanför sina vanliga gränser:")
    listed = SubElement(body, "ul")
    for page, text in told:
        href = {"href": f"v/{version.id}/{page}"}
        SubElement(SubElement(listed, "li"), "a", href).text = text


def _title(version: Version) -> str:
    pages = f"{wording.number(version.pages)} {wording.plural(version.pages, 'sida', 'sidor')}"
    title = f"{wording.upper_first(wording.day(day_of(version.id)))}: {pages}"
    kept = f", {wording.number(version.kept)} kvar från tidigare" if version.kept else ""
    return f"{'Återkallad: ' if version.recall else ''}{title}{kept}"


def _signals(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each signal's page and what is said of it; nothing of a record of another form."""
    for signal in record.get("signals") or ():
        try:
            words = f"{signal['title']}: {signal['label']} {signal['value']}, {signal['words']}"
            yield str(signal["page"]), words
        except (KeyError, TypeError):
            continue


def _record(folder: Path) -> Mapping[str, Any]:
    try:
        found = json.loads((folder / VERSION_FILE).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _urn(name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"urn:lpe-reports:{name}").urn
