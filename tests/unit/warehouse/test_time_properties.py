"""Swedish time, whatever a source writes: days of 23 and 25 hours, months that end at midnight.

Python's own zoneinfo is what the package's Arrow and pandas are held to. The examples are drawn
alike in every run, so that a test that passes goes on passing.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpe_reports.warehouse.columns import Kind
from lpe_reports.warehouse.conversion import Converted, convert
from lpe_reports.warehouse.frames import ZONE, to_frame
from lpe_reports.warehouse.nights.dividing import divide
from lpe_reports.warehouse.snapshots import open_extract
from lpe_reports.warehouse.tables import TABLES
from small_tables import good_row, stored
from small_warehouse import NIGHT, small_office

pytestmark = pytest.mark.promise(
    "clock", "Every source's times are the Swedish clock's, on days of 23 and 25 hours too"
)

drawn_alike = settings(max_examples=60, deadline=None, derandomize=True)
# Since 1996 the clock is changed on the last Sundays of March and October.
YEARS = st.integers(1996, 2037)
MINUTES = st.integers(0, 59)
HOUR = timedelta(hours=1)


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=last.isoweekday() % 7)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001


# Half of them in the nights in which the clock is changed.
LOCAL_TIMES = st.datetimes(datetime(1996, 1, 1), datetime(2037, 12, 31, 23, 59)) | st.builds(  # noqa: DTZ001
    lambda year, month, minutes: _at(_last_sunday(year, month), 0) + timedelta(minutes=minutes),
    YEARS,
    st.sampled_from([3, 10]),
    st.integers(-60, 300),
)
INSTANTS = LOCAL_TIMES.map(lambda naive: naive.replace(tzinfo=UTC))


def _as_text(times: list[datetime]) -> Converted:
    return convert(pa.array([time.isoformat(" ") for time in times]), Kind.TIME)


def _as_typed(times: list[datetime]) -> Converted:
    return convert(pa.array(times, pa.timestamp("us")), Kind.TIME)


def _marks(marks: pa.Array | None, rows: int) -> list[bool]:
    return [False] * rows if marks is None else marks.to_pylist()


def _skipped(naive: datetime) -> bool:
    """Whether no clock ever showed this time."""
    shown = naive.replace(tzinfo=ZONE).astimezone(UTC).astimezone(ZONE)
    return shown.replace(tzinfo=None) != naive


def _doubled(naive: datetime) -> bool:
    here = naive.replace(tzinfo=ZONE)
    return not _skipped(naive) and here.utcoffset() != here.replace(fold=1).utcoffset()


@pytest.mark.parametrize("read", [_as_text, _as_typed])
@drawn_alike
@given(times=st.lists(LOCAL_TIMES, min_size=1, max_size=20))
def test_local_time_is_the_one_that_the_clock_shows(
    read: Callable[[list[datetime]], Converted], times: list[datetime]
) -> None:
    """As text and as a timestamp: the first of a doubled hour, and the missing one marked."""
    found = read(times)

    assert _marks(found.autumn, len(times)) == [_doubled(time) for time in times]
    assert _marks(found.spring, len(times)) == [_skipped(time) for time in times]
    for time, value in zip(times, found.values.to_pylist(), strict=True):
        assert _skipped(time) or value == time.replace(tzinfo=ZONE).astimezone(UTC)


@drawn_alike
@given(year=YEARS, minute=MINUTES)
def test_missing_hour_of_spring_is_marked_from_its_first_minute_to_its_last(
    year: int, minute: int
) -> None:
    """02:00 to 02:59 does not exist that Sunday; 01:59 and 03:00 do, and are one minute apart."""
    day = _last_sunday(year, 3)
    times = [_at(day, 1, 59), _at(day, 2, minute), _at(day, 3), _at(day - timedelta(days=7), 2)]

    found = _as_text(times)

    values = found.values.to_pylist()
    assert _marks(found.spring, 4) == [False, True, False, False]
    assert _marks(found.autumn, 4) == [False] * 4
    assert values[2] - values[0] == timedelta(minutes=1)


@drawn_alike
@given(year=YEARS, minute=MINUTES)
def test_doubled_hour_of_autumn_is_taken_as_the_first_and_marked(year: int, minute: int) -> None:
    """Summer time; so 01:59 to 02:00 is a minute, and 02:59 to 03:00 is an hour and a minute."""
    day = _last_sunday(year, 10)
    times = [_at(day, 1, 59), _at(day, 2), _at(day, 2, minute), _at(day, 2, 59), _at(day, 3)]

    found = _as_text(times)

    values = found.values.to_pylist()
    assert _marks(found.autumn, 5) == [False, True, True, True, False]
    assert _marks(found.spring, 5) == [False] * 5
    assert values[1] - values[0] == timedelta(minutes=1)
    assert values[4] - values[3] == timedelta(hours=1, minutes=1)
    assert values[2].astimezone(ZONE).utcoffset() == timedelta(hours=2)


@drawn_alike
@given(year=YEARS, minute=MINUTES)
def test_second_of_the_doubled_hour_can_be_written_with_its_offset(year: int, minute: int) -> None:
    """A source that writes offsets loses nothing, and nothing is marked."""
    day = _last_sunday(year, 10)
    clock = f"{day} 02:{minute:02d}"

    found = convert(pa.array([f"{clock}+02:00", f"{clock}+01:00", f"{clock}"]), Kind.TIME)

    first, second, naive = found.values.to_pylist()
    assert second - first == HOUR
    assert naive == first
    assert _marks(found.autumn, 3) == [False, False, True]


@drawn_alike
@given(day=st.dates(date(1996, 1, 1), date(2037, 12, 30)))
def test_day_has_24_hours_but_on_two_sundays(day: date) -> None:
    """23 in March and 25 in October: from its midnight to the next, as instants."""
    hours = {_last_sunday(day.year, 3): 23, _last_sunday(day.year, 10): 25}
    days = [day, *hours]

    for each in days:
        begin, end = _as_typed([_at(each, 0), _at(each + timedelta(days=1), 0)]).values.to_pylist()
        assert end - begin == hours.get(each, 24) * HOUR


@drawn_alike
@given(times=st.lists(LOCAL_TIMES, min_size=2, max_size=20))
def test_local_times_keep_their_order(times: list[datetime]) -> None:
    """What comes later on the clock is never earlier as an instant, where the clock shows it."""
    shown = sorted(time for time in times if not _skipped(time))

    instants = _as_typed(shown).values.to_pylist() if shown else []

    assert all(first <= then for first, then in pairwise(instants))


@drawn_alike
@given(
    instant=INSTANTS,
    zone=st.sampled_from(["UTC", "Europe/Stockholm", "America/New_York", "Asia/Kolkata"]),
    unit=st.sampled_from(["s", "ms", "us", "ns"]),
)
def test_time_with_a_zone_is_the_same_instant(instant: datetime, zone: str, unit: str) -> None:
    """A database's timestamptz, in whatever zone it is given, of whatever precision."""
    instant = instant.replace(microsecond=0)

    found = convert(pa.array([instant], pa.timestamp(unit, zone)), Kind.TIME)

    assert found.values.to_pylist() == [instant]
    assert (found.autumn, found.spring, found.unreadable) == (None, None, 0)


@drawn_alike
@given(instant=INSTANTS, minutes=st.integers(-12 * 60, 14 * 60))
def test_offset_in_a_text_is_obeyed(instant: datetime, minutes: int) -> None:
    """ISO 8601 with any offset, with and without its colon."""
    written = instant.replace(microsecond=0).astimezone(timezone(timedelta(minutes=minutes)))
    text = written.isoformat(" ")

    found = convert(pa.array([text, text[:-3] + text[-2:]]), Kind.TIME)

    assert found.values.to_pylist() == [written.astimezone(UTC)] * 2


@drawn_alike
@given(instant=INSTANTS)
def test_date_of_an_instant_is_that_of_the_swedish_clock(instant: datetime) -> None:
    """Not that of UTC: an hour or two before midnight they differ."""
    raw = pa.array([instant], pa.timestamp("us", "UTC"))

    assert convert(raw, Kind.DATE).values.to_pylist() == [instant.astimezone(ZONE).date()]


@drawn_alike
@given(instants=st.lists(INSTANTS, min_size=1, max_size=20))
def test_frame_shows_the_swedish_clock_and_keeps_the_instant(instants: list[datetime]) -> None:
    """From what is stored to what measures take, and back."""
    table = pa.table({"admitted_at": pa.array(instants, pa.timestamp("us", "UTC"))})

    shown = to_frame(table, TABLES["stays"])["admitted_at"]

    assert [time.replace(tzinfo=None) for time in shown.dt.to_pydatetime()] == [
        instant.astimezone(ZONE).replace(tzinfo=None) for instant in instants
    ]
    assert [time.astimezone(UTC) for time in shown.dt.to_pydatetime()] == instants


@drawn_alike
@given(
    year=st.integers(1996, 2037),
    month=st.integers(1, 12),
    minutes=st.lists(st.integers(-180, 180), min_size=1, max_size=12, unique=True),
)
def test_part_is_of_the_swedish_month(year: int, month: int, minutes: list[int]) -> None:
    """Around midnight at the end of a month, when UTC is still in the month before."""
    midnight = datetime(year, month, 1, tzinfo=ZONE).astimezone(UTC)
    times = [midnight + timedelta(minutes=each) for each in minutes]
    rows = [
        good_row("stays", n, admitted_at=time, discharged_at=time) for n, time in enumerate(times)
    ]

    slices = list(divide(stored("stays", *rows), TABLES["stays"]))

    expected: dict[str, int] = {}
    for time in times:
        local = f"{time.astimezone(ZONE):%Y-%m}"
        expected[local] = expected.get(local, 0) + 1
    assert {each.period: each.rows.num_rows for each in slices} == expected


@pytest.mark.parametrize(
    ("day", "half_hours"),
    [
        (date(2025, 10, 26), 50),
        (date(2026, 3, 29), 46),
        (date(2026, 3, 30), 48),
        (date(2025, 11, 1), 48),
        (date(2025, 12, 31), 48),
    ],
)
def test_day_of_a_night_is_the_swedish_day(tmp_path: Path, day: date, half_hours: int) -> None:
    """Asked for a day, an extract gives what happened from its midnight to the next: 46 half hours
    in spring and 50 in autumn, and on the first of a month what UTC calls the last of the one
    before.
    """
    begin = datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)
    instants = [begin + timedelta(minutes=30 * n) for n in range(-10, half_hours + 10)]
    office = small_office(tmp_path, operations=0)
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    listed = "operations: {}, needs: {}, waiting_list: {}, sessions: {}"
    office.sources(text.replace(listed, "stays: {}"))
    office.tables = {
        "stays": [
            good_row("stays", n, admitted_at=time.isoformat(), discharged_at=time.isoformat())
            for n, time in enumerate(instants)
        ]
    }
    office.extract(as_of=NIGHT)

    night = open_extract(office.project)
    frame = night.read("stays", start=day, end=day + timedelta(days=1))
    week = night.read("stays", start=day - timedelta(days=3), end=day + timedelta(days=4))

    assert len(frame) == half_hours
    assert {time.date() for time in frame["admitted_at"]} == {day}
    assert len(week) == len(instants)


def test_zone_is_that_of_python() -> None:
    """Arrow and Python know the same changes, from 1996 on."""
    assert ZoneInfo("Europe/Stockholm") == ZONE
    for year in range(1996, 2038):
        for month, offset in ((3, 2), (10, 1)):
            change = _at(_last_sunday(year, month), 3)
            (value,) = _as_typed([change]).values.to_pylist()
            assert value == change.replace(tzinfo=UTC) - offset * HOUR
