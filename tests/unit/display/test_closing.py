"""Which pages have nothing to show."""

from datetime import date

import pytest

from lpe_reports.display.closing import check_rows
from lpe_reports.errors import NoRowsError
from lpe_reports.periods import parse_period
from lpe_reports.warehouse.snapshots import Extract, open_extract
from small_warehouse import SmallOffice, small_office

YEAR = parse_period("2025")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> SmallOffice:
    """Operations from January 2026 on."""
    made = small_office(tmp_path_factory.mktemp("office"))
    made.extract()
    return made


@pytest.fixture
def night(office: SmallOffice) -> Extract:
    return open_extract(office.project)


def test_another_year_s_rows_are_none_of_the_page_s(night: Extract) -> None:
    """The year itself was asked for and is empty, though the years around it are not."""
    night.read("operations", start=date(2025, 1, 1), end=date(2026, 1, 1))
    night.read("operations", start=date(2023, 1, 1), end=date(2027, 1, 1))

    with pytest.raises(NoRowsError, match=r"^operations gave not one row$"):
        check_rows(night, ["operations"], YEAR)
    check_rows(night, ["operations"], parse_period("2026"))


def test_a_table_asked_for_otherwise_counts_as_it_was_asked(night: Extract) -> None:
    """A page may read its year within a longer question, or a table that has no days."""
    night.read("needs", start=date(2025, 6, 1), end=date(2026, 6, 1))

    check_rows(night, ["needs"], YEAR)


def test_a_table_that_was_not_asked_for_gave_no_row(night: Extract) -> None:
    """As did one that was only looked for; both are named."""
    night.has("sessions")

    with pytest.raises(NoRowsError, match=r"^sessions, needs gave"):
        check_rows(night, ["sessions", "needs"], YEAR)
    check_rows(night, [], YEAR)


def test_a_period_under_way_has_time_yet(night: Extract) -> None:
    """In the first days of a year nobody has been operated on; that is no fault of the page."""
    assert not night.read("operations", start=date(2027, 1, 1), end=date(2028, 1, 1)).size

    check_rows(night, ["operations"], parse_period("2027"))
