"""Reading what sources write: times with their clock changes, dates, numbers, flags."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn import drawn
from lpe_reports.warehouse.columns import Kind
from lpe_reports.warehouse.conversion import Converted, convert
from lpe_reports.warehouse.frames import ZONE


def _read(kind: Kind, *values: Any, type_: pa.DataType | None = None) -> Converted:
    return convert(pa.array(values, type_), kind, ["(Tom)"])


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-18 07:45",
        "2026-05-18T07:45",
        "2026-05-18 07:45:00",
        "2026-05-18T07:45:00.000",
        "2026-05-18T07:45:00+02:00",
        "2026-05-18T05:45:00Z",
        "2026-05-18 07:45:00+02",
        "18/5 2026 07:45",
        "18/05 2026 7:45:00",
        "  2026-05-18 07:45 ",
    ],
)
def test_time_is_read_as_swedish_local_time(text: str) -> None:
    """Every spelling of a quarter to eight in May is 05:45 UTC."""
    assert _read(Kind.TIME, text).values.to_pylist() == [_utc("2026-05-18T05:45")]


def test_times_with_and_without_offset_may_stand_together() -> None:
    """A column that mixes them is read value by value."""
    read = _read(Kind.TIME, "2026-01-18 07:45", "2026-01-18T07:45:00+01:00", None, "x")

    assert read.values.to_pylist() == [_utc("2026-01-18T06:45")] * 2 + [None, None]
    assert read.unreadable == 1


def test_repeated_hour_is_the_first() -> None:
    """02:30 on the last Sunday of October exists twice: summer time is taken, and counted."""
    read = _read(Kind.TIME, "2025-10-26 02:30", "2025-10-26 03:00", "2025-10-26 01:59", None)

    assert read.values[0].as_py() == _utc("2025-10-26T00:30")
    assert read.autumn is not None
    assert read.autumn.to_pylist() == [True, False, False, False]
    assert read.spring is not None
    assert not any(read.spring.to_pylist())


def test_missing_hour_is_marked() -> None:
    """02:30 on the last Sunday of March does not exist."""
    read = _read(Kind.TIME, "2026-03-29 02:30", "2026-03-29 03:00", "2026-03-28 02:30")

    assert read.spring is not None
    assert read.spring.to_pylist() == [True, False, False]
    assert read.autumn is not None
    assert not any(read.autumn.to_pylist())


def test_database_times_are_read_like_texts() -> None:
    """A naive timestamp is local; one with a zone is what it says."""
    naive = _read(Kind.TIME, datetime.fromisoformat("2026-05-18T07:45"))
    aware = _read(Kind.TIME, _utc("2026-05-18T05:45"), type_=pa.timestamp("us", "UTC"))
    nanoseconds = _read(Kind.TIME, 1_000, type_=pa.timestamp("ns"))

    assert naive.values.to_pylist() == aware.values.to_pylist() == [_utc("2026-05-18T05:45")]
    assert nanoseconds.values.type == pa.timestamp("us", "UTC")


@pytest.mark.parametrize("text", ["i går", "2026-13-01 07:45", "2026-05-18 25:00", "07:45", "2026"])
def test_what_is_no_time_is_counted(text: str) -> None:
    """Nothing is guessed."""
    read = _read(Kind.TIME, text, "2026-05-18 07:45")

    assert read.unreadable == 1
    assert read.values[0].as_py() is None


@drawn(100)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31)))  # noqa: DTZ001
def test_every_local_time_keeps_its_clock_or_is_marked(naive: datetime) -> None:
    """Back in Swedish time the clock shows what was written, but in the hour that is missing."""
    naive = naive.replace(microsecond=0, second=0)

    read = _read(Kind.TIME, naive.isoformat(" "))

    shown = read.values[0].as_py().astimezone(ZONE).replace(tzinfo=None)
    missing = read.spring is not None and read.spring[0].as_py()
    assert missing or shown == naive
    assert not missing or (naive.month, naive.hour) == (3, 2)


@pytest.mark.parametrize(
    "value",
    [
        "2026-05-18",
        "18/5 2026",
        "18/05-2026",
        "2026-05-18 00:00:00",
        "2026-05-18T07:45:00",
        date(2026, 5, 18),
        datetime.fromisoformat("2026-05-18T07:45"),
    ],
)
def test_date_is_read(value: Any) -> None:
    """As text, as a date, and as a timestamp, whose time is left out."""
    assert _read(Kind.DATE, value).values.to_pylist() == [date(2026, 5, 18)]


def test_date_of_an_instant_is_the_swedish_one() -> None:
    """Half past ten at night UTC in May is the next day in Sweden."""
    late = _read(Kind.DATE, _utc("2026-05-17T22:30"), type_=pa.timestamp("us", "UTC"))

    assert late.values.to_pylist() == [date(2026, 5, 18)]


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [
        ("2026-05-10T22:00:00Z", 5, 11),
        ("2026-05-31 22:30:00+00", 6, 1),
        ("2026-05-31T23:30:00.000+0100", 6, 1),
        ("2026-05-31T23:30:00+02:00", 5, 31),
        ("2026-01-31T22:30Z", 1, 31),
    ],
)
def test_date_and_month_of_an_instant_in_a_text_are_the_swedish_ones(
    text: str, month: int, day: int
) -> None:
    """A day that begins at midnight here is written as the evening before in UTC."""
    typed = pa.array([datetime.fromisoformat(text)], pa.timestamp("us", "UTC"))

    for raw in (pa.array([text]), typed):
        assert convert(raw, Kind.DATE).values.to_pylist() == [date(2026, month, day)]
        assert convert(raw, Kind.MONTH).values.to_pylist() == [f"2026-{month:02d}"]


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-18 99:99",
        "2026-05-18 24:30",
        "2026-05-18 07:45 Z",
        "2026-05-18T::::",
        "18/5 2026 77:00",
        "2026-05-18T07:45:00+99:00",
        "9999-12-31T23:30:00Z",
    ],
)
def test_time_beside_a_date_must_be_one(text: str) -> None:
    """What is no time leaves the day in doubt."""
    assert _read(Kind.DATE, text).unreadable == 1
    assert _read(Kind.MONTH, text).unreadable == 1


@pytest.mark.parametrize("text", ["31/2 2026", "5/18 2026", "18.5.2026", "20260518", "2026-02-30"])
def test_what_is_no_date_is_counted(text: str) -> None:
    """A day that does not exist, and spellings that were not agreed on."""
    assert _read(Kind.DATE, text).unreadable == 1


@drawn(100)
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_date_is_read_in_both_spellings(day: date) -> None:
    """`2026-05-18` and `18/5 2026` are the same day."""
    spelled = [day.isoformat(), f"{day.day}/{day.month} {day.year}"]

    assert _read(Kind.DATE, *spelled).values.to_pylist() == [day, day]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (Kind.NUMBER, "2,5", 2.5),
        (Kind.NUMBER, "1 044,25", 1044.25),
        (Kind.NUMBER, "1\u00a0044", 1044.0),
        (Kind.NUMBER, "−3", -3.0),
        (Kind.NUMBER, 7, 7.0),
        (Kind.NUMBER, Decimal("2.50"), 2.5),
        (Kind.NUMBER, Decimal("12.500"), 12.5),
        (Kind.NUMBER, Decimal("0.0000005"), 5e-7),
        (Kind.NUMBER, "12,500", 12.5),
        (Kind.NUMBER, "12.5", 12.5),
        (Kind.NUMBER, "0.125", 0.125),
        (Kind.NUMBER, "1044.125", 1044.125),
        (Kind.NUMBER, "1 044 000", 1_044_000.0),
        (Kind.WHOLE, Decimal("12.000"), 12),
        (Kind.WHOLE, "9223372036854775807", 2**63 - 1),
        (Kind.WHOLE, "9 007 199 254 740 993", 2**53 + 1),
        (Kind.WHOLE, "12", 12),
        (Kind.WHOLE, "12,0", 12),
        (Kind.WHOLE, 12.0, 12),
        (Kind.MONTH, "2026-05", "2026-05"),
        (Kind.MONTH, "2026-05-01 00:00:00", "2026-05"),
        (Kind.MONTH, date(2026, 5, 1), "2026-05"),
        (Kind.FLAG, "Ja", True),
        (Kind.FLAG, "nej", False),
        (Kind.FLAG, 1, True),
        (Kind.FLAG, True, True),
        (Kind.TEXT, " Sal 1 ", "Sal 1"),
        (Kind.TEXT, 12.0, "12"),
        (Kind.TEXT, "", None),
        (Kind.WHOLE, "(Tom)", None),
    ],
)
def test_value_is_read(kind: Kind, value: Any, expected: Any) -> None:
    """As Swedish files and databases write it; an empty one and (Tom) are null."""
    read = _read(kind, value)

    assert read.values.to_pylist() == [expected]
    assert read.unreadable == 0


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.WHOLE, "12,5"),
        (Kind.WHOLE, 12.5),
        (Kind.NUMBER, "1.044,25"),
        (Kind.NUMBER, "tre"),
        (Kind.NUMBER, "12.500"),
        (Kind.NUMBER, "-1.044"),
        (Kind.NUMBER, "1 0"),
        (Kind.NUMBER, "9" * 400),
        (Kind.WHOLE, "12.000"),
        (Kind.WHOLE, float("inf")),
        (Kind.WHOLE, float("-inf")),
        (Kind.WHOLE, 1e20),
        (Kind.WHOLE, "99999999999999999999"),
        (Kind.WHOLE, "9223372036854775808"),
        (Kind.WHOLE, "9" * 5000),
        (Kind.WHOLE, Decimal("1e30")),
        (Kind.FLAG, float("inf")),
        (Kind.DATE, float("inf")),
        (Kind.NUMBER, float("inf")),
        (Kind.FLAG, "kanske"),
        (Kind.MONTH, "2026-13"),
    ],
)
def test_what_cannot_be_read_is_counted(kind: Kind, value: Any) -> None:
    """And is null until the table is refused."""
    read = _read(kind, value, None)

    assert read.values.to_pylist() == [None, None]
    assert read.unreadable == 1


def test_whole_number_without_sign_that_is_too_large_is_counted() -> None:
    """The others in its column are read."""
    read = _read(Kind.WHOLE, 2**64 - 1, 5, type_=pa.uint64())

    assert read.values.to_pylist() == [None, 5]
    assert read.unreadable == 1


def test_column_of_nothing_takes_every_kind() -> None:
    """A database gives a column of nulls without a type."""
    for kind in Kind:
        read = _read(kind, None, None, type_=pa.null())

        assert read.values.null_count == 2


def test_times_around_the_change_stay_in_order() -> None:
    """An operation through the autumn night keeps its length when it began before the change."""
    read = _read(Kind.TIME, "2025-10-26 01:30", "2025-10-26 02:30", "2025-10-26 03:30")
    begin, middle, end = read.values.to_pylist()

    assert middle - begin == timedelta(hours=1)
    assert end - middle == timedelta(hours=2)
