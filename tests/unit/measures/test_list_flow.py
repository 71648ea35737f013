"""Known answers for how waits end: which day, for what, and which of two comes first."""

import pandas as pd
import pytest

from lpe_reports.measures.list_flow import ended_needs, ended_referrals

ZONE = "Europe/Stockholm"


def times(*given: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime([*given]).astype("datetime64[us]")).dt.tz_localize(ZONE)


def texts(*given: str | None) -> pd.Series:
    return pd.Series([*given], dtype="str")


def ends(found: pd.DataFrame) -> list[tuple[str | None, str | None]]:
    """Each row's day and outcome as text."""
    days = found["ended_on"].dt.strftime("%m-%d")
    pairs = zip(days, found["outcome"], strict=True)
    return [tuple(None if pd.isna(v) else v for v in pair) for pair in pairs]


def needs(removed: tuple[str | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "need_id": texts("a"),
            "removed_at": times(removed[0]),
            "removed_reason": texts(removed[1]),
        }
    )


@pytest.mark.parametrize(
    ("operated", "removed", "expected"),
    [
        (None, (None, None), (None, None)),
        ("2026-04-10 08:00", (None, None), ("04-10", "operated")),
        # Taken off the list before the day of the operation, or some days after.
        ("2026-04-10 08:00", ("2026-04-02 08:00", "operated"), ("04-10", "operated")),
        ("2026-04-10 08:00", ("2026-04-12 08:00", "operated"), ("04-10", "operated")),
        (None, ("2026-04-12 08:00", "operated"), ("04-12", "operated")),
        (None, ("2026-04-12 08:00", "medical"), ("04-12", "medical")),
        (None, ("2026-04-12 08:00", None), ("04-12", "other")),
        # Both: the earlier, and the operation on the same day.
        ("2026-04-10 08:00", ("2026-04-09 08:00", "medical"), ("04-09", "medical")),
        ("2026-04-10 08:00", ("2026-04-10 07:00", "medical"), ("04-10", "operated")),
        # Local days: before midnight in Sweden, after it in UTC or before.
        ("2026-04-10 00:30", (None, None), ("04-10", "operated")),
    ],
)
def test_need_ends_with_what_comes_first(
    operated: str | None, removed: tuple[str | None, str | None], expected: tuple[str, str]
) -> None:
    """The day of the operation, or of the removal for another reason where that is earlier."""
    operations = pd.DataFrame({"need_id": texts("a"), "surgery_start_at": times(operated)})

    assert ends(ended_needs(needs(removed), operations)) == [expected]


@pytest.mark.parametrize(
    ("met", "first", "closed", "expected"),
    [
        ("2026-04-10 08:00", True, (None, None), ("04-10", "met")),
        ("2026-04-10 08:00", True, ("2026-04-20 08:00", "answered"), ("04-10", "met")),
        ("2026-04-10 08:00", True, ("2026-04-08 08:00", "withdrawn"), ("04-08", "withdrawn")),
        ("2026-04-10 08:00", False, ("2026-04-20 08:00", "answered"), ("04-20", "answered")),
        (None, True, ("2026-04-20 08:00", "returned"), ("04-20", "returned")),
        (None, True, (None, None), (None, None)),
    ],
)
def test_referral_ends_with_first_contact(
    met: str | None, first: bool, closed: tuple[str | None, str | None], expected: tuple[str, str]
) -> None:
    """A return visit ends nothing, and a referral that is closed after its contact was met."""
    referrals = pd.DataFrame(
        {"referral_id": texts("a"), "closed_at": times(closed[0]), "close_reason": texts(closed[1])}
    )
    contacts = pd.DataFrame(
        {"referral_id": texts("a"), "first": [first], "happened_at": times(met)}
    )

    assert ends(ended_referrals(referrals, contacts)) == [expected]


def test_nobody_ends_nothing() -> None:
    """Empty frames in, an empty frame with the same columns out."""
    none = needs((None, None)).iloc[:0]
    operations = pd.DataFrame({"need_id": texts(), "surgery_start_at": times()})

    assert list(ended_needs(none, operations).columns) == ["ended_on", "outcome"]
    assert len(ended_needs(none, operations)) == 0
