"""The manifest of a night: sealed whole, read a table at a time, also as it was written before."""

import copy
import hashlib
import json
import pickle
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from lpe_reports.errors import ExtractError
from lpe_reports.warehouse.nights.manifest import (
    FILE,
    SEAL,
    Manifest,
    Part,
    SilentChanges,
    StoredFile,
    TableManifest,
    read_manifest,
    read_seal,
    write_manifest,
)
from lpe_reports.warehouse.snapshots import open_extract
from reliability.trials import Tried
from sample_night import OPERATIONS, sample_night, sample_table
from small_warehouse import NIGHT, SmallOffice, small_office

FLIPPED = pytest.mark.promise(
    "warehouse",
    "A file of a night that was cut, or has one byte flipped, is found before a number is read",
)

UNITS = ("ga-cop", "", "hu-cop")
GROUPS = ("operation", "", "first_contact")


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """A project whose warehouse is a DuckDB file of a hundred operations."""
    return small_office(tmp_path)


def _lists() -> TableManifest:
    """A table whose parts lie in no order, of all units and lists and of some."""
    parts = [
        Part(unit, group, f"2026-05-{day:02d}", 1, f"{unit}{group}{day}", day % 3, day)
        for day in (11, 4, 10)
        for unit in UNITS
        for group in GROUPS
    ]
    files = tuple(StoredFile(f"waiting_list/{n}.parquet", n, str(n) * 64) for n in range(3))
    return sample_table("waiting_list", len(parts), files=files, parts=tuple(parts))


def _odd() -> TableManifest:
    """A table with all that a table can have, and with text that could pass for a line's end."""
    return replace(
        OPERATIONS,
        unknown={"operating_unit": {'Månen",\n"x":{\r\u2028\u0085}}': 2}, "vo": {}},
        silent=SilentChanges(1, 2, 3, "2026-05-10"),
        findings=StoredFile("findings/operations.parquet", 1, "f" * 64),
        keys=StoredFile("keys/operations.parquet", 2, "e" * 64),
        left_out_until="2026-05-13",
    )


FULL = sample_night(
    _odd(), _lists(), sample_table("targets"), standing=("costs",), replaced=("operation/x",),
    held_for=("few å",), lists_of={"files": 2},
)  # fmt: skip


def _seal(folder: Path, encoded: bytes) -> None:
    (folder / FILE).write_bytes(encoded)
    (folder / SEAL).write_text(hashlib.sha256(encoded).hexdigest() + "\n", encoding="ascii")


def _as_before(folder: Path, manifest: Manifest, form: object = 2) -> None:
    """Write a manifest as it was written before its tables had a line each."""

    def content(record: Manifest | TableManifest) -> dict[str, Any]:
        return {each.name: getattr(record, each.name) for each in fields(record)}

    whole = content(manifest) | {"night": manifest.night.isoformat(), "format": form}
    whole["tables"] = {name: content(table) for name, table in manifest.tables.items()}
    _seal(folder, json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


@pytest.mark.parametrize("write", [write_manifest, _as_before])
@pytest.mark.parametrize("manifest", [FULL, sample_night(), sample_night(_lists())])
def test_a_manifest_comes_back_whole(
    tmp_path: Path, manifest: Manifest, write: Callable[[Path, Manifest], None]
) -> None:
    """Every field of every table, in their order, whichever text is in them."""
    write(tmp_path, manifest)

    found = read_manifest(tmp_path)

    assert found == manifest
    assert list(found.tables.items()) == list(manifest.tables.items())
    assert found.digest == manifest.digest


def test_asking_for_a_table_decodes_no_other(tmp_path: Path) -> None:
    """One that cannot be decoded harms nobody who does not ask for it."""
    write_manifest(tmp_path, FULL)
    encoded = (tmp_path / FILE).read_bytes()
    _seal(tmp_path, encoded.replace(b'"waiting_list":{', b'"waiting_list":{{'))

    tables = read_manifest(tmp_path).tables

    assert tables["operations"] == FULL.tables["operations"]
    assert tables["operations"] is tables["operations"]
    assert tables.get("targets") == FULL.tables["targets"]
    assert tables.get("costs") is None and "costs" not in tables
    assert "waiting_list" in tables
    assert [*tables] == [*FULL.tables] and len(tables) == 3
    with pytest.raises(ValueError, match="Expecting property name"):
        tables["waiting_list"]


def test_a_manifest_that_was_read_is_as_one_that_was_made(tmp_path: Path) -> None:
    """It is compared, changed, copied, sent to another process and written again like any."""
    write_manifest(tmp_path, FULL)
    encoded = (tmp_path / FILE).read_bytes()

    later = replace(read_manifest(tmp_path), accepted=True)
    write_manifest(tmp_path, replace(later, accepted=False))

    assert later == replace(FULL, accepted=True) != FULL
    assert (tmp_path / FILE).read_bytes() == encoded
    for again in (copy.deepcopy, lambda found: pickle.loads(pickle.dumps(found))):
        found = read_manifest(tmp_path)
        assert again(found) == FULL == again(found)


@FLIPPED
def test_every_flipped_byte_is_an_error(tmp_path: Path, tried: Tried) -> None:
    """In the head, in any table and at a line's end; nothing is read that is not sealed."""
    short = replace(_lists(), parts=_lists().parts[:1])
    write_manifest(tmp_path, replace(FULL, tables={"operations": _odd(), "waiting_list": short}))
    file = tmp_path / FILE
    whole = file.read_bytes()

    for place in range(len(whole)):
        content = bytearray(whole)
        content[place] ^= 1 << place % 8
        file.write_bytes(content)
        with pytest.raises(ExtractError, match=r"manifest.json is damaged; run `lpe extract`"):
            read_manifest(tmp_path)
    tried(len(whole), "flipped bytes")


@FLIPPED
@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:-1],
        lambda whole: whole + b"\n",
        lambda whole: whole[: whole.index(b"\n") + 1],
        lambda whole: b"\n".join(sorted(whole.split(b"\n"))),
        lambda whole: b"",
    ],
)
def test_a_manifest_that_was_cut_or_moved_about_is_damaged(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    """A line that is missing is a table that is missing."""
    write_manifest(tmp_path, FULL)
    file = tmp_path / FILE
    file.write_bytes(damage(file.read_bytes()))

    with pytest.raises(ExtractError, match=r"manifest.json is damaged; run `lpe extract`"):
        read_manifest(tmp_path)


@FLIPPED
def test_every_flipped_byte_of_a_seal_is_an_error(tmp_path: Path, tried: Tried) -> None:
    """A manifest is not trusted without its seal."""
    write_manifest(tmp_path, FULL)
    seal = (tmp_path / SEAL).read_bytes()

    for place in range(len(seal.strip())):
        content = bytearray(seal)
        content[place] ^= 1 << place % 8
        (tmp_path / SEAL).write_bytes(content)
        with pytest.raises(ExtractError, match="run `lpe extract`"):
            read_manifest(tmp_path)
    tried(len(seal.strip()), "flipped bytes")


@pytest.mark.parametrize("form", [1, 4, "3", None, [3]])
@pytest.mark.parametrize("lines", [1, 4])
def test_another_format_is_told_as_such(tmp_path: Path, form: object, lines: int) -> None:
    """Whether its tables have lines or not; nothing is guessed."""
    if lines == 1:
        _as_before(tmp_path, FULL, form)
    else:
        write_manifest(tmp_path, FULL)
        encoded = (tmp_path / FILE).read_bytes()
        written = f'"format":{json.dumps(form)}'.encode()
        _seal(tmp_path, encoded.replace(b'"format":3', written))

    with pytest.raises(ExtractError, match="made by another version of lpe; run `lpe extract`"):
        read_manifest(tmp_path)


def test_a_manifest_is_one_json_object(tmp_path: Path) -> None:
    """So an older version of the package finds its format, and says that it is another."""
    write_manifest(tmp_path, FULL)
    encoded = (tmp_path / FILE).read_bytes()

    content = json.loads(encoded)

    assert content["format"] == 3
    assert [table["rows"] for table in content["tables"].values()] == [
        table.rows for table in FULL.tables.values()
    ]
    assert len(encoded.splitlines()) == len(FULL.tables) + 2


def test_a_night_of_before_is_read_and_built_upon(office: SmallOffice) -> None:
    """The next night fetches what has changed, links the rest, and is written as of now."""
    first = office.extract()
    manifest = read_manifest(first)
    _as_before(first, manifest)
    rows = open_extract(office.project).read("operations")

    second = office.extract()

    loads = {name: table.load for name, table in read_manifest(second).tables.items()}
    assert json.loads((first / FILE).read_bytes())["format"] == 2
    assert json.loads((second / FILE).read_bytes())["format"] == 3
    assert loads["waiting_list"] == "days"
    assert read_manifest(second).digest == manifest.digest
    for table in manifest.tables.values():
        for stored in table.files if table.name != "load_log" else ():
            assert (first / stored.path).samefile(second / stored.path)
    assert open_extract(office.project).read("operations").equals(rows)


def test_a_stored_list_without_facts_is_known_to_a_night_of_before(office: SmallOffice) -> None:
    """The night says whose rows its file has, in its manifest of before as well."""
    first = office.extract()
    _as_before(first, read_manifest(first))
    facts = office.project.snapshots / "operation" / f"{NIGHT}.json"
    facts.chmod(0o644)
    facts.unlink()

    second = office.extract()

    assert facts.exists()
    assert read_manifest(second).digest == read_manifest(first).digest


@pytest.mark.parametrize("units", [None, (), ("hu-cop",), ("", "ga-cop"), ("hu-cop", "other")])
@pytest.mark.parametrize("groups", [None, (), ("operation",), ("operation", "first_contact")])
@pytest.mark.parametrize(("start", "end"), [(None, None), (4, 11), (5, None), (None, 5), (5, 9)])
def test_parts_of_a_selection_are_all_that_can_have_rows_of_it(
    units: tuple[str, ...] | None,
    groups: tuple[str, ...] | None,
    start: int | None,
    end: int | None,
) -> None:
    """Those of no unit or list may have rows of any; by list, unit and day, however they lie."""
    table = _lists()
    first, after = (date(2026, 5, day) if day else None for day in (start, end))
    last = after - timedelta(days=1) if after else None

    found = table.select(
        units=None if units is None else frozenset(units),
        groups=None if groups is None else frozenset(groups),
        start=first,
        end=after,
    )

    assert found == sorted(
        (
            part
            for part in table.parts
            if (units is None or part.unit in ("", *units))
            and (groups is None or part.group in ("", *groups))
            and (first is None or part.period >= str(first))
            and (last is None or part.period <= str(last))
        ),
        key=lambda part: (part.group, part.unit, part.period),
    )


def test_digests_are_those_that_stored_traces_have() -> None:
    """Were they made otherwise, every notebook of every office would run again."""
    table = _lists()
    some = frozenset({"hu-cop"})

    assert table.digest == "aa390475ace1e2647d50456d04183afd"
    assert (
        table.digest_of(units=some, start=date(2026, 5, 10)) == "7db69abb4fb34e06192adb41a595a9a7"
    )
    assert (
        table.digest_of(units=frozenset(), groups=frozenset(), end=date(2026, 5, 1))
        == "e3b0c44298fc1c149afbf4c8996fb924"
    )
    assert FULL.digest == "fed9b6a221172df1585fb64d8ca97e79"


def test_a_seal_is_told_without_reading_the_night(tmp_path: Path) -> None:
    """Empty where there is none."""
    assert read_seal(tmp_path) == ""
    write_manifest(tmp_path, FULL)

    assert read_seal(tmp_path) == hashlib.sha256((tmp_path / FILE).read_bytes()).hexdigest()
