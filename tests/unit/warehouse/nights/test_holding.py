"""What holds a night, and what becomes of one that is held."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from lpe_reports.errors import ExtractError, UsageError
from lpe_reports.params.sources import Freshness, Limits
from lpe_reports.warehouse.nights.accepting import accept_held
from lpe_reports.warehouse.nights.folders import nights
from lpe_reports.warehouse.nights.holding import (
    held_error,
    held_nights,
    hold,
    lists_not_stored,
    reasons_to_hold,
)
from lpe_reports.warehouse.nights.manifest import Manifest, read_manifest, write_manifest
from lpe_reports.warehouse.snapshots import open_extract
from small_warehouse import NIGHT, SmallOffice, operation, small_office, waiting

pytestmark = pytest.mark.promise(
    "warehouse", "A night with too many or too few rows is held until a person lets it through"
)

LIMITS = Limits(row_change=0.3, row_change_from=10)
LATER = NIGHT + timedelta(days=1)


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """100 operations, 25 of each unit; 20 people on each list."""
    return small_office(tmp_path)


def _night(office: SmallOffice) -> Manifest:
    # Let through, so that what would hold it can be asked for.
    return read_manifest(office.extract(accept=True))


def _reasons(manifest: Manifest, before: Manifest | None, **freshness: object) -> list[str]:
    agreed = Freshness.model_validate(freshness)
    return reasons_to_hold(manifest, before, LIMITS, agreed)


def test_a_night_like_the_one_before_is_not_held(office: SmallOffice) -> None:
    """Nor is a first one, which nothing can be compared with."""
    first = _night(office)

    assert _reasons(first, None) == []
    assert _reasons(_night(office), first) == []


def test_a_unit_that_lost_rows_is_named_with_its_counts(office: SmallOffice) -> None:
    """A third of one unit is a twelfth of the table: only the unit is told."""
    first = _night(office)
    office.tables["operations"] = [operation(n) for n in range(100) if n % 4 or n > 32]

    assert _reasons(_night(office), first) == [
        "operations, hu-cop: 25 rows on 2026-05-11, 16 now (-36 %)"
    ]


def test_rows_that_came_from_nowhere_are_told_too(office: SmallOffice) -> None:
    """Twice as many is as odd as half as many; thirty per cent exactly is not."""
    first = _night(office)
    office.tables["needs"] = office.tables["needs"][:70]
    assert not any("needs:" in line for line in _reasons(_night(office), first))

    office.tables["operations"] = [operation(number) for number in range(200)]
    told = _reasons(_night(office), first)
    assert told[0] == "operations: 100 rows on 2026-05-11, 200 now (+100 %)"
    assert sum(line.startswith("operations, ") for line in told) == 4


def test_a_table_that_is_gone_is_told(office: SmallOffice) -> None:
    """Whether its source lost it or params leave it out, a person should know."""
    first = _night(office)
    sources = office.root / "params" / "sources.yml"
    sources.write_text(sources.read_text().replace("sessions: {}", "").replace(", }", "}"))

    told = _reasons(_night(office), first)

    assert told == ["sessions: 20 rows on 2026-05-11, 0 now (-100 %)"]


def test_few_rows_may_change_as_they_like(office: SmallOffice) -> None:
    """Nine to none is chance; sessions have five rows in each unit."""
    office.tables["sessions"] = office.tables["sessions"][:9]
    first = _night(office)
    office.tables["sessions"] = office.tables["sessions"][:1]

    assert _reasons(_night(office), first) == []


def test_the_newest_day_of_a_list_is_compared_with_the_day_before(office: SmallOffice) -> None:
    """Also in a first night; a list that the night before had already is not asked again."""
    rows = office.tables["waiting_list"]
    rows += [waiting(number, "operation", LATER) for number in range(9)]

    night = _night(office)

    told = "waiting_list operation: 20 rows on 2026-05-11, 9 now (-55 %)"
    assert _reasons(night, None) == [told]
    assert _reasons(night, night) == []


def test_other_sources_and_later_nights_are_no_measure(office: SmallOffice) -> None:
    """A night is compared with an earlier one of its own source only."""
    first = _night(office)
    office.tables["operations"] = office.tables["operations"][:20]
    second = _night(office)
    assert _reasons(second, first)

    assert _reasons(second, replace(first, source="other")) == []
    assert _reasons(second, replace(first, night=NIGHT + timedelta(days=1))) == []


def test_a_source_that_stands_still_holds_where_agreed(office: SmallOffice) -> None:
    """The newest of a hundred operations is of 2026-04-14; agreed days are counted from it."""
    night = _night(office)

    assert _reasons(night, None, tables={"operations": 27}, then="stop") == []
    assert _reasons(night, None, tables={"operations": 26}, then="banner") == []
    assert _reasons(night, None, tables={"operations": 26}, then="stop") == [
        "operations stands still: its newest event is of 2026-04-14; agreed is 26 days (freshness)"
    ]
    assert _reasons(night, None, tables={"referrals": 3}, then="stop") == [
        "referrals stands still: it has no event at all; agreed is 3 days (freshness)"
    ]


def test_a_held_night_is_no_night(office: SmallOffice) -> None:
    """It lies beside the others under a name that nothing reads."""
    first = office.extract()

    held = hold(office.project, office.extract(), NIGHT)

    assert held == office.project.extracts / ".held-2026-05-11"
    assert [night.folder for night in nights(office.project)] == [first]
    assert [each.folder for each in held_nights(office.project, "demo")] == [held]
    assert held_nights(office.project, "other") == []


def test_a_later_held_night_takes_the_place_of_an_earlier_one(office: SmallOffice) -> None:
    """Of the same day and source; what another source holds stays, under another name."""
    hold(office.project, office.extract(), NIGHT)
    other = office.extract()
    write_manifest(other, replace(read_manifest(other), source="other"))
    others = hold(office.project, other, NIGHT)

    newest = hold(office.project, office.extract(), NIGHT)

    assert others.name == ".held-2026-05-11.2"
    assert [each.folder for each in held_nights(office.project, "demo")] == [newest]
    assert [each.folder for each in held_nights(office.project, "other")] == [others]


def test_a_held_night_with_lists_of_its_own_is_not_taken_away(office: SmallOffice) -> None:
    """The later load lacks a list that is stored nowhere else: both stay."""
    first = _hold_alone(office)
    office.tables["waiting_list"] = [
        row for row in office.tables["waiting_list"] if row["list"] == "operation"
    ]

    _hold_alone(office)

    kept = held_nights(office.project, "demo")
    assert first in [each.folder for each in kept] and len(kept) == 2
    assert "waiting_list/first_contact/2026-05-11.parquet" in lists_not_stored(
        office.project, kept[0]
    )


def test_the_message_names_counts_and_what_to_do(office: SmallOffice) -> None:
    """And how many more reasons there are than it names."""
    held = hold(office.project, office.extract(), NIGHT)

    said = str(held_error(office.project, held, [f"operations, u{n}: …" for n in range(14)]))

    assert said.splitlines()[0] == (
        "the night 2026-05-11 of source 'demo' is held; what was loaded before stays in use:"
    )
    assert said.count("\n  operations") == 12 and "\n  and 2 more\n" in said
    assert "`lpe extract --source demo --accept --as-of 2026-05-11`" in said
    assert "data/extracts/.held-2026-05-11" in said


def test_nothing_held_is_nothing_to_accept(office: SmallOffice) -> None:
    """Also where another source, or another day, is held."""
    assert _refused(office, "demo") == []
    folder = office.extract()
    hold(office.project, folder, NIGHT)

    assert _refused(office, "other") == []
    assert _refused(office, "demo", date(2026, 5, 10)) == [
        "  2026-05-11 is held (data/extracts/.held-2026-05-11): look at it; `lpe extract --source "
        "demo --accept --as-of 2026-05-11` lets it through"
    ]


def test_an_accepted_night_is_a_night_with_its_lists_stored(office: SmallOffice) -> None:
    """Every file of it, and the mark of the one who let it through."""
    held = _hold_alone(office)

    night = accept_held(office.project, "demo")

    assert night == office.project.extracts / "2026-05-11"
    assert not held.exists()
    assert read_manifest(night).accepted
    open_extract(office.project).verify()
    lists = sorted(p.relative_to(office.project.snapshots).as_posix() for p in _stored(office))
    assert lists == [
        "first_contact/2026-05-04.parquet", "first_contact/2026-05-11.parquet",
        "operation/2026-05-04.parquet", "operation/2026-05-11.parquet",
    ]  # fmt: skip


def test_the_newest_of_two_held_nights_is_accepted_first(office: SmallOffice) -> None:
    """The other one can be named; it then takes its place among the nights, and its lists too."""
    older = hold(office.project, office.extract(as_of=date(2026, 5, 5)), date(2026, 5, 5))
    hold(office.project, office.extract(), NIGHT)
    shutil.rmtree(office.project.snapshots)

    newest = accept_held(office.project, "demo")
    assert newest is not None and newest.name == "2026-05-11"
    # It is overtaken now, so it takes its name to accept it.
    assert "2026-05-05 is held" in _refused(office, "demo")[0]
    assert older.exists()

    named = accept_held(office.project, "demo", date(2026, 5, 5))
    assert named is not None and named.name == "2026-05-05"
    assert [night.folder for night in nights(office.project)] == [named, newest]


def test_a_held_night_that_was_loaded_again_since_is_not_accepted(office: SmallOffice) -> None:
    """The later load of that day was let through; the older one must not stand before it."""
    held = hold(office.project, office.extract(), NIGHT)
    manifest = read_manifest(held)
    write_manifest(held, replace(manifest, loaded_at="2026-05-11T01:00:00+02:00"))
    office.extract()

    for day in (None, NIGHT):
        assert _refused(office, "demo", day) == [
            "  2026-05-11 was held (data/extracts/.held-2026-05-11); it was loaded again since, "
            "and stands"
        ]


DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut": lambda file: os.truncate(file, file.stat().st_size // 2),
    "missing": lambda file: file.unlink(),
    "changed": lambda file: _flip(file),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_held_night_is_not_accepted(office: SmallOffice, damage: str) -> None:
    """It stays as it is, nothing becomes visible and nothing is stored."""
    held = _hold_alone(office)
    file = held / "operations" / "2026-01.parquet"
    shutil.copy(file, copy := file.with_suffix(".copy"))
    copy.rename(file)
    DAMAGE[damage](file)

    with pytest.raises(ExtractError, match=r"2026-01\.parquet is missing, cut or changed"):
        accept_held(office.project, "demo")

    assert held.exists()
    assert nights(office.project) == []
    assert _stored(office) == []
    assert [p.name for p in office.project.extracts.iterdir()] == [held.name]


def test_a_held_night_whose_list_was_stored_otherwise_is_not_accepted(office: SmallOffice) -> None:
    """A stored list is never changed, also not by a night that was loaded before it."""
    held = _hold_alone(office)
    office.tables["waiting_list"][20]["asa"] = 3
    office.extract(as_of=date(2026, 5, 5))

    with pytest.raises(ExtractError, match=r"list of 2026-05-04 \(operation\) has been stored"):
        accept_held(office.project, "demo", NIGHT)

    assert held.exists()


def _refused(office: SmallOffice, source: str, day: date | None = None) -> list[str]:
    """What is said of the nights that are held, where none can be accepted."""
    with pytest.raises(UsageError, match="is held that could be accepted") as told:
        accept_held(office.project, source, day)
    return str(told.value).splitlines()[1:]


def _hold_alone(office: SmallOffice) -> Path:
    """A held night whose lists are stored nowhere else."""
    folder = office.extract()
    shutil.rmtree(office.project.snapshots)
    return hold(office.project, folder, NIGHT)


def _stored(office: SmallOffice) -> list[Path]:
    return sorted(office.project.snapshots.rglob("*.parquet"))


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
