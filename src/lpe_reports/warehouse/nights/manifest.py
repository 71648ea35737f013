"""The manifest of a night: what was loaded, from where, in which parts, with which digests.

Read on the way to a plan, which must be quick: nothing here imports pandas or PyArrow.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from pathlib import Path
from sys import intern
from typing import Any

from lpe_reports.errors import ExtractError
from lpe_reports.warehouse.nights.table_manifest import (
    CheckCount,
    Part,
    SilentChanges,
    StoredFile,
    TableManifest,
    digest_of_lines,
    digest_of_parts,
)

__all__ = [
    "CheckCount",
    "Manifest",
    "Part",
    "SilentChanges",
    "StoredFile",
    "TableManifest",
    "digest_of_parts",
    "read_manifest",
    "read_seal",
    "write_manifest",
]

FILE = "manifest.json"
SEAL = "manifest.sha256"
FORMAT = 3

# The same content on one line. Offices have such nights, and build upon them.
_ONE_LINE = 2


@dataclass(frozen=True)
class Manifest:
    """A night: where it came from, and its tables.

    Attributes:
        night: Its day.
        contract: The version of the data contract.
        source: The source's name.
        demo: It is made up.
        keys: The fingerprint of the secret that ids were re-keyed with.
        loaded_at: When it was loaded.
        tables: Its tables by name.
        accepted: A person let it through, whatever had changed.
        attempts: How often the source had to be asked.
        standing: Tables whose newest event is older than agreed.
        replaced: Waiting lists that were taken anew by name, as `<list>/<day>`.
        held_for: Why the night was held, before a person let it through.
        lists_of: Per other source, how many waiting lists of the night it had stored.
        place: The fingerprint of the database or folder that its rows come from; empty where an
            older version made it.
        moved: The night before of the same source came from another place.
        rekeyed: It was loaded with another secret, so nobody is the same person any more.
        lists_behind_days: So many days after the newest waiting list, which decided the night's
            day, the newest event lies that was left out for it.
    """

    night: date
    contract: str
    source: str
    demo: bool
    keys: str
    loaded_at: str
    tables: Mapping[str, TableManifest]
    accepted: bool = False
    attempts: int = 1
    standing: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    held_for: tuple[str, ...] = ()
    lists_of: Mapping[str, int] = field(default_factory=dict)
    place: str = ""
    moved: bool = False
    rekeyed: bool = False
    lists_behind_days: int = 0

    @cached_property
    def digest(self) -> str:
        """A digest of everything that was loaded, whenever and from wherever it was."""
        return digest_of_lines(
            f"{name} {table.digest}"
            for name, table in sorted(self.tables.items())
            if name != "load_log"
        )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a night's manifest into its folder, and its seal beside it.

    It is one JSON object, whose tables have a line each, so that one can be read without the rest.
    """
    head = _content(manifest) | {"night": manifest.night.isoformat(), "format": FORMAT}
    tables = head.pop("tables").items()
    lines = ",".join(f"\n{_encoded(name)}:{_encoded(_content(table))}" for name, table in tables)
    whole = f'{_encoded(head)[:-1]},"tables":{{{lines}\n}}}}\n'.encode()
    (folder / FILE).write_bytes(whole)
    (folder / SEAL).write_text(hashlib.sha256(whole).hexdigest() + "\n", encoding="ascii")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a night.

    All of it is held against the seal at once; a table is decoded when it is first asked for. A
    notebook asks for one or two, and decoding the parts of all takes longer than everything else.

    Raises:
        ExtractError: It is missing, damaged, or of another version of the package.
    """
    name = f"the extract {folder.name}"
    try:
        encoded = (folder / FILE).read_bytes()
        seal = (folder / SEAL).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise ExtractError(f"{name} has no {FILE}, or cannot be read; run `lpe extract`") from None
    if hashlib.sha256(encoded).hexdigest() != seal:
        raise ExtractError(f"{name}: {FILE} is damaged; run `lpe extract`")
    head, *lines = encoded.splitlines()
    # Without the tables, the last line closes what the first one opens.
    content = json.loads(head + lines.pop() if lines else head)
    written = content.pop("format", None)
    if written not in (FORMAT, _ONE_LINE):
        raise ExtractError(f"{name} was made by another version of lpe; run `lpe extract`")
    if written == _ONE_LINE:
        content["tables"] = {table: _table(given) for table, given in content["tables"].items()}
    else:
        content["tables"] = _Tables(lines)
    content["night"] = date.fromisoformat(content["night"])
    for several in ("standing", "replaced", "held_for"):
        content[several] = tuple(content.get(several, ()))
    return Manifest(**content)


def read_seal(folder: Path) -> str:
    """The digest of a night's manifest as it was written; empty where it cannot be read."""
    try:
        return (folder / SEAL).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


class _Tables(Mapping[str, TableManifest]):
    """The tables of a manifest's lines, each decoded when it is first asked for."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._tables: dict[str, TableManifest | bytes] = {
            json.loads(line[: line.index(b":")]): line for line in lines
        }

    def __getitem__(self, name: str) -> TableManifest:
        found = self._tables[name]
        if isinstance(found, bytes):
            _, _, content = found.removesuffix(b",").partition(b":")
            found = self._tables[name] = _table(json.loads(content))
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._tables

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


def _encoded(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _content(record: Manifest | TableManifest) -> dict[str, Any]:
    """The fields of a record. `asdict` would copy each of a hundred thousand parts."""
    return {each.name: getattr(record, each.name) for each in fields(record)}


def _table(given: dict[str, Any]) -> TableManifest:
    given["checks"] = tuple(
        CheckCount(rule, tuple(columns), consequence, rows)
        for rule, columns, consequence, rows in given["checks"]
    )
    given["files"] = tuple(StoredFile(*file) for file in given["files"])
    # The same few names in a hundred thousand parts.
    given["parts"] = tuple(
        Part(intern(unit), intern(group), intern(period), rows, digest, file, first_row)
        for unit, group, period, rows, digest, file, first_row in given["parts"]
    )
    given["silent"] = given["silent"] and SilentChanges(*given["silent"])
    for beside in ("findings", "keys"):
        given[beside] = given[beside] and StoredFile(*given[beside])
    return TableManifest(**given)
