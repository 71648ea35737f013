"""One mistyped year in a waiting list: it makes no night, and hides none."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from checked import notes as check_notes
from lpe_reports.errors import ExtractError, SourceError
from lpe_reports.warehouse.frames import ZONE
from lpe_reports.warehouse.nights.folders import find_night, newest_night
from lpe_reports.warehouse.nights.manifest import read_manifest, write_manifest
from small_warehouse import NIGHT, SmallOffice, small_office, waiting

pytestmark = pytest.mark.promise("warehouse", "A mistyped year makes no night and hides none")

FUTURE = date(2199, 5, 1)


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    return small_office(tmp_path, operations=24)


def _mistype(office: SmallOffice) -> None:
    office.tables["waiting_list"].append(waiting(1, "operation", FUTURE))


def _date_on(office: SmallOffice, night: Path) -> Path:
    """Make a night look as if an older version had made it of a mistyped year."""
    future = night.with_name(FUTURE.isoformat())
    night.rename(future)
    write_manifest(future, replace(read_manifest(future), night=FUTURE))
    return future


def test_a_list_of_a_day_to_come_decides_no_night(office: SmallOffice) -> None:
    """Its rows are left out and counted, in a whole load and in those after it."""
    _mistype(office)

    first, second = (read_manifest(office.extract()) for _ in range(2))

    assert first.night == second.night == NIGHT
    assert [m.tables["waiting_list"].left_out for m in (first, second)] == [1, 1]
    assert second.tables["waiting_list"].load == "days"
    assert not (office.project.snapshots / "operation" / f"{FUTURE}.parquet").exists()


def test_lists_of_days_to_come_alone_are_refused(office: SmallOffice) -> None:
    """No night can be told from them, and the message says how to go on."""
    office.tables["waiting_list"] = []
    _mistype(office)

    with pytest.raises(SourceError, match="is of a day after today") as refused:
        office.extract()

    assert "--as-of" in str(refused.value)


def test_a_night_of_a_day_to_come_is_passed_over_and_told(office: SmallOffice) -> None:
    """The newest night is one that has been; by its name the other can still be opened."""
    future = _date_on(office, office.extract())
    real = office.extract()

    assert find_night(office.project).folder == real
    assert newest_night(office.project, "demo").folder == real
    assert find_night(office.project, FUTURE).folder == future
    assert any("2199-05-01: a night of a day that has" in s for s in check_notes(office.project))


def test_a_night_of_a_day_to_come_alone_is_no_night(office: SmallOffice) -> None:
    """The message names it and what to do."""
    _date_on(office, office.extract())

    with pytest.raises(ExtractError, match="no extract but of 2199-05-01, a day that has not been"):
        find_night(office.project)


def test_today_counts(office: SmallOffice) -> None:
    """A list of this very day is no mistake."""
    today = datetime.now(ZONE).date()
    office.tables["waiting_list"].append(waiting(1, "operation", today - timedelta(days=1)))

    assert read_manifest(office.extract()).night == today - timedelta(days=1)
