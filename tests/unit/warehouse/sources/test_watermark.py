"""How far a table has been fetched is read, compared and kept without a doubt."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn import drawn
from lpe_reports.errors import SourceError
from lpe_reports.warehouse.sources.watermark import Watermark

NAIVE = datetime.fromisoformat("2026-05-10 23:15:00.123456")
AWARE = datetime.fromisoformat("2026-05-10 23:15:00.123456+02:00")


@pytest.mark.parametrize(
    ("raw", "newest"),
    [
        (pa.array([NAIVE, None, NAIVE - timedelta(1)], pa.timestamp("us")), NAIVE),
        (pa.array([AWARE, None], pa.timestamp("us", "UTC")), AWARE),
        (pa.array([date(2026, 5, 10)], pa.date32()), datetime.fromisoformat("2026-05-10")),
        (pa.array([3, 1, None], pa.int32()), 3),
        (pa.array([Decimal("12"), Decimal("7")], pa.decimal128(20, 0)), 12),
        (pa.array(["7", " 12 ", "", None]), 12),
        (pa.array(["2026-05-10 23:15", "9/5 2026 10:00"]), NAIVE.replace(second=0, microsecond=0)),
        (pa.array(["2026-05-10T23:15:00+02:00"]), AWARE.replace(microsecond=0)),
        (pa.array(["2026-10-25 02:30:00"]), datetime.fromisoformat("2026-10-25 02:30")),
    ],
)  # fmt: skip
def test_newest_is_read_from_every_kind_of_column(raw: pa.Array, newest: Any) -> None:
    """As databases type it and as files spell it."""
    assert Watermark.of(raw) == Watermark(newest)
    assert Watermark.of(pa.chunked_array([raw, raw])) == Watermark(newest)


@pytest.mark.parametrize("raw", [pa.nulls(3), pa.array([], pa.string()), pa.array(["", None])])
def test_column_without_a_value_has_none(raw: pa.Array) -> None:
    """A table without rows, or one that nobody marked."""
    assert Watermark.of(raw) is None
    assert Watermark(3).reached(raw).to_pylist() == [True] * len(raw)


@pytest.mark.parametrize(
    "raw",
    [
        pa.array(["i går", "2026-05-10"]),
        pa.array([1.5]),
        pa.array([True]),
        pa.array([Decimal("1.5")]),
        pa.array(["12", "2026-05-10"]),
        pa.array(["2026-05-10 10:00", "2026-05-10T23:15:00+02:00"]),
    ],
)
def test_column_that_is_no_watermark_is_refused(raw: pa.Array) -> None:
    """Texts, fractions, and two kinds beside each other."""
    with pytest.raises(SourceError, match="must be a column of times or of whole numbers") as told:
        Watermark.of(raw)

    assert "går" not in str(told.value)


def test_rows_from_it_on_are_reached_and_those_without_one() -> None:
    """A row whose change nobody noted may have changed."""
    raw = pa.array([NAIVE, NAIVE - timedelta(seconds=1), None], pa.timestamp("us"))

    assert Watermark(NAIVE).reached(raw).to_pylist() == [True, False, True]


@pytest.mark.parametrize(("mine", "other"), [(3, NAIVE), (NAIVE, AWARE), (AWARE, 3)])
def test_kinds_are_never_compared(mine: Any, other: Any) -> None:
    """The source has changed its column: the message says what to do."""
    raw = pa.array([other])

    with pytest.raises(SourceError, match="lpe extract --full"):
        Watermark(mine).reached(raw)
    with pytest.raises(SourceError, match="lpe extract --full"):
        assert Watermark(mine) < Watermark(other)
    assert Watermark(mine) != Watermark(other)


def test_hours_are_taken_from_times_and_not_from_numbers() -> None:
    """A number knows no hours."""
    assert Watermark(NAIVE).minus(24).value == NAIVE - timedelta(days=1)
    assert Watermark(AWARE).minus(24) == Watermark(AWARE - timedelta(days=1))
    assert Watermark(7).minus(24) == Watermark(7)


@drawn(100)
@given(
    st.one_of(
        st.integers(-(2**62), 2**62),
        st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)),  # noqa: DTZ001
        st.datetimes(
            datetime(1900, 1, 1),  # noqa: DTZ001
            datetime(2200, 1, 1),  # noqa: DTZ001
            timezones=st.sampled_from([UTC, timezone(timedelta(hours=2))]),
        ),
    )
)
def test_what_was_kept_is_what_was_seen(value: Any) -> None:
    """To a manifest and back, to the microsecond."""
    seen = Watermark(value)

    assert Watermark.from_json(seen.to_json()) == seen
    assert Watermark.from_json(seen.to_json()).kind == seen.kind
