"""A later night has the same past: what differs was changed since, and says so.

Nights that fetch only what changed since the last one rest on this; and so do the photographs of
the waiting lists, which nobody can take again.
"""

from datetime import date
from itertools import pairwise

import duckdb
import pytest

from lpe_reports.settings import Project
from lpe_reports.warehouse.demo.make import make_demo

# The first is the earlier one. All begin on the first Monday of 2024; they cross a day, a week,
# a month, the year that codes are chosen in, and the day on which a schedule is published.
NIGHTS = {
    date(2025, 8, 26): 1,
    date(2025, 12, 26): 1,
    date(2026, 5, 11): 2,
    date(2026, 5, 12): 2,
    date(2026, 5, 18): 2,
    date(2026, 6, 9): 2,
}
KEYS = {
    "operations": "operation_id",
    "needs": "need_id",
    "sessions": "session_id",
    "postop_stays": "operation_id",
    "cancellations": "event_id",
    "referrals": "referral_id",
    "contacts": "contact_id",
    "stays": "stay_id",
}
PAIRS = [
    *pairwise(NIGHTS),
    (date(2026, 5, 11), date(2026, 5, 18)),
    (date(2026, 5, 11), date(2026, 6, 9)),
    (date(2025, 8, 26), date(2026, 6, 9)),
]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Small demos of several nights, attached to one connection as n<day>."""
    connection = duckdb.connect()
    for night, years in NIGHTS.items():
        project = Project(tmp_path_factory.mktemp("night"))
        path = make_demo(project, until=night, years=years, scale=0.1)
        connection.execute(f"ATTACH '{path}' AS n{night:%Y%m%d} (READ_ONLY)")
    return connection


def count(nights: duckdb.DuckDBPyConnection, rows: str, where: str = "true") -> int:
    """How many rows a question has."""
    (answer,) = nights.execute(f"SELECT count(*) FROM ({rows}) WHERE {where}").fetchall()
    return int(answer[0])


@pytest.mark.parametrize(("earlier", "later"), PAIRS)
@pytest.mark.parametrize("table", KEYS)
def test_what_differs_was_changed_since(
    nights: duckdb.DuckDBPyConnection, table: str, earlier: date, later: date
) -> None:
    """Every row that is new or other has `changed_at` on the earlier night's day or after it."""
    old, new = (f"SELECT * FROM n{night:%Y%m%d}.{table}" for night in (earlier, later))
    others = f"({new}) EXCEPT ALL ({old})"

    assert count(nights, others) > 0
    assert count(nights, others, f"changed_at IS NULL OR changed_at < DATE '{earlier}'") == 0


@pytest.mark.parametrize(("earlier", "later"), PAIRS)
@pytest.mark.parametrize("table", KEYS)
def test_no_row_goes_away(
    nights: duckdb.DuckDBPyConnection, table: str, earlier: date, later: date
) -> None:
    """What was handed over once is there every later night, in this form or a newer one."""
    key = KEYS[table]
    old, new = (f"SELECT {key} FROM n{night:%Y%m%d}.{table}" for night in (earlier, later))

    assert count(nights, f"({old}) EXCEPT ALL ({new})") == 0


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("table", KEYS)
def test_nothing_was_changed_after_the_night(
    nights: duckdb.DuckDBPyConnection, table: str, night: date
) -> None:
    """What is known on the morning of a night was changed before it."""
    rows = f"SELECT changed_at FROM n{night:%Y%m%d}.{table}"

    assert count(nights, rows) > 0
    assert count(nights, rows, f"changed_at IS NULL OR changed_at >= DATE '{night}'") == 0


@pytest.mark.parametrize(("earlier", "later"), PAIRS)
def test_photographs_stay_as_they_were(
    nights: duckdb.DuckDBPyConnection, earlier: date, later: date
) -> None:
    """A night that both have on their lists has the same people on both, in every column."""
    old, new = (f"n{night:%Y%m%d}.waiting_list" for night in (earlier, later))
    rows, others = (
        f"SELECT * FROM {one} WHERE snapshot_date IN (SELECT snapshot_date FROM {other})"
        for one, other in ((old, new), (new, old))
    )

    assert count(nights, rows) > 10_000
    assert count(nights, f"({rows}) EXCEPT ALL ({others})") == 0
    assert count(nights, f"({others}) EXCEPT ALL ({rows})") == 0


@pytest.mark.parametrize("table", ["staffing", "costs"])
def test_tables_without_a_time_of_change_only_grow(
    nights: duckdb.DuckDBPyConnection, table: str
) -> None:
    """What is fetched whole every night has the same past too."""
    for earlier, later in PAIRS:
        old, new = (f"SELECT * FROM n{night:%Y%m%d}.{table}" for night in (earlier, later))

        assert count(nights, old) > 0
        assert count(nights, f"({old}) EXCEPT ALL ({new})") == 0
