"""Questions and manifests: told apart, stored, and compared without reading data."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import pytest

from lpe_reports.errors import ExtractError
from lpe_reports.warehouse.nights.manifest import (
    FILE,
    Manifest,
    Part,
    StoredFile,
    TableManifest,
    read_manifest,
    write_manifest,
)
from lpe_reports.warehouse.questions import (
    Prefix,
    Question,
    make_question,
    parts_digest,
    select_parts,
)

NIGHT = date(2026, 5, 11)
MONTHS = [f"{year}-{month:02d}" for year in (2025, 2026) for month in range(1, 13)]
UNITS = ("ga-cop", "hu-cop")


def _table(name: str, parts: list[Part]) -> TableManifest:
    files = tuple(StoredFile(f"{name}/{n}.parquet", 1, "0" * 64) for n in range(len(parts)))
    numbered = tuple(part._replace(file=n) for n, part in enumerate(parts))
    return TableManifest(name, 0, 0, 0, 0, 0, None, (), {}, files, numbered)


def _manifest(change: Callable[[Part], Part] = lambda part: part) -> Manifest:
    operations = [Part(u, "", m, 1, f"{u} {m}", 0, 0) for u in UNITS for m in MONTHS]
    days = [str(NIGHT - timedelta(days=n)) for n in range(0, 70, 7)]
    lists = [
        Part(u, g, d, 1, f"{u} {g} {d}", 0, 0)
        for g in ("first_contact", "operation") for u in UNITS for d in days
    ]  # fmt: skip
    tables = {
        "operations": _table("operations", [change(part) for part in operations]),
        "waiting_list": _table("waiting_list", [change(part) for part in lists]),
        "targets": _table("targets", [change(Part("", "", "", 1, "all", 0, 0))]),
    }
    return Manifest(NIGHT, "1", "demo", True, "k", "2026-05-11T05:00:00+02:00", tables)


MANIFEST = _manifest()
ASKED = make_question("operations", units=["hu-cop"], start=date(2026, 1, 15), end=date(2026, 3, 1))


def test_parts_of_a_question_are_those_that_can_answer_it() -> None:
    """By unit, by list, and by months or days that the interval touches."""
    months = [p.period for p in select_parts(MANIFEST, ASKED)]
    lists = select_parts(
        MANIFEST,
        make_question(
            "waiting_list", start=date(2026, 5, 1), end=NIGHT, where={"list": "operation"}
        ),
    )

    assert months == ["2026-01", "2026-02"]
    assert {(p.group, p.unit, p.period) for p in lists} == {
        ("operation", unit, "2026-05-04") for unit in UNITS
    }
    assert len(select_parts(MANIFEST, make_question("operations"))) == 48
    assert len(select_parts(MANIFEST, make_question("targets", units=["ortopedi"]))) == 1


@pytest.mark.parametrize(
    ("unit", "period", "concerned"),
    [
        ("hu-cop", "2026-01", True),
        ("hu-cop", "2026-02", True),
        ("hu-cop", "2026-03", False),
        ("hu-cop", "2025-12", False),
        ("ga-cop", "2026-01", False),
    ],
)
def test_digest_changes_with_the_parts_concerned_only(
    unit: str, period: str, concerned: bool
) -> None:
    """A change in another unit or month does not make a report run again."""

    def touched(part: Part) -> Part:
        return part._replace(digest="other") if part[0] == unit and part[2] == period else part

    before, after = (parts_digest(m, ASKED) for m in (MANIFEST, _manifest(touched)))

    assert (before != after) is concerned


def test_digest_notices_parts_that_come_and_go() -> None:
    """A question that no part answers has a digest too, which changes when one appears."""
    empty = replace(MANIFEST, tables={})
    future = make_question("operations", start=date(2030, 1, 1), end=date(2031, 1, 1))

    assert parts_digest(empty, ASKED) == parts_digest(MANIFEST, future)
    assert parts_digest(empty, ASKED) != parts_digest(MANIFEST, ASKED)


@pytest.mark.parametrize(
    "question",
    [
        ASKED,
        make_question("targets", where={"valid_from": date(2026, 1, 1), "value": 2.5}),
        make_question("operations", where={"procedure_code": Prefix("NG", "NF"), "planned": None}),
        make_question("operations", where={"asa": [1, None, 3]}, columns=["asa", "sex"]),
        make_question("operations", units=[]),
        Question("targets", about="has"),
        replace(ASKED, parts_digest="p", answer_digest="a", rows=3),
    ],
)
def test_question_survives_being_stored(question: Question) -> None:
    """Through JSON and back it is the same, digests included."""
    back = Question.from_json(json.loads(json.dumps(question.to_json())))

    assert back == question
    assert back.to_json() == question.to_json()


def test_same_question_is_equal_however_it_is_put() -> None:
    """Order of units, of conditions and of values does not matter."""
    one = make_question("operations", units=["b", "a"], where={"sex": "F", "asa": [2, 1]})
    two = make_question("operations", units=("a", "b", "a"), where={"asa": {1, 2}, "sex": "F"})

    assert one == two
    assert hash(one) == hash(two)


def test_manifest_survives_being_stored(tmp_path: Path) -> None:
    """Every count, file and part comes back."""
    write_manifest(tmp_path, MANIFEST)

    assert read_manifest(tmp_path) == MANIFEST


def test_changed_manifest_is_noticed(tmp_path: Path) -> None:
    """One byte anywhere in it, or its seal missing."""
    write_manifest(tmp_path, MANIFEST)
    file = tmp_path / FILE
    file.write_bytes(file.read_bytes().replace(b"hu-cop", b"hu-cup", 1))

    with pytest.raises(ExtractError, match=r"manifest.json is damaged; run `lpe extract`"):
        read_manifest(tmp_path)
    (tmp_path / "manifest.sha256").unlink()
    with pytest.raises(ExtractError, match=r"has no manifest.json"):
        read_manifest(tmp_path)


def test_digest_of_a_night_does_not_know_when_it_was_loaded() -> None:
    """Two loads of the same content have the same digest."""
    later = replace(MANIFEST, loaded_at="2026-05-11T06:00:00+02:00", night=date(2026, 5, 12))

    assert later.digest == MANIFEST.digest
    assert _manifest(lambda p: p._replace(digest="x")).digest != MANIFEST.digest


def test_planning_needs_no_pandas() -> None:
    """Manifests and questions are compared without the second that pandas takes."""
    code = (
        "import sys; import lpe_reports.warehouse.nights.manifest; "
        "import lpe_reports.warehouse.questions; "
        "assert not {'pandas', 'pyarrow', 'numpy', 'pandera', 'duckdb'} & sys.modules.keys()"
    )

    subprocess.run([sys.executable, "-c", code], check=True)


def test_thousands_of_questions_take_moments() -> None:
    """Ten questions for each of 400 reports, against the parts of eleven years of months."""
    months = [f"{year}-{month:02d}" for year in range(2016, 2027) for month in range(1, 13)]
    parts = [Part(f"u{u}", "", m, 1, f"{u}{m}", 0, 0) for u in range(20) for m in months]
    manifest = replace(MANIFEST, tables={"operations": _table("operations", parts)})
    questions = [
        make_question(
            "operations",
            units=[f"u{n % 20}"],
            start=date(2024, 1, 1),
            end=date(2026, 5, 1 + n % 28),
        )
        for n in range(4_000)
    ]

    begin = perf_counter()
    for question in questions:
        parts_digest(manifest, question)

    assert perf_counter() - begin < 5
