"""The planted faults are there, exactly as FAULTS lists them, and nowhere else."""

import pandas as pd
from opened_demo import Demo

from lpe_reports.warehouse.demo import FAULTS

COUNTS = {fault.kind: fault.count for fault in FAULTS}


def test_faults_are_listed_once_each() -> None:
    """A page can show them by kind."""
    assert len(COUNTS) == len(FAULTS) == 6
    assert {fault.table for fault in FAULTS} == {"operations"}


def test_asa_7_is_planted(demo: Demo) -> None:
    """So many rows have ASA 7, and no other value lies outside 1–6."""
    asa = demo.operations["asa"].dropna()

    assert list(asa[~asa.between(1, 6)]) == [7] * COUNTS["asa_7"]
    assert demo.needs["asa"].dropna().between(1, 6).all()


def test_null_unit_is_planted(demo: Demo) -> None:
    """So many operations have no operating unit."""
    assert demo.operations["operating_unit"].isna().sum() == COUNTS["null_unit"]


def test_negative_wait_is_planted(demo: Demo) -> None:
    """So many operations were decided on after they were done."""
    operations = demo.operations
    late = operations["decided_at"] > operations["surgery_start_at"]

    assert late.sum() == COUNTS["negative_wait"]
    assert (demo.needs["removed_at"] < demo.needs["decided_at"]).sum() == 0


def test_repeated_hour_is_planted(demo: Demo) -> None:
    """So many operations have a time in the hour that comes twice; none in the one that is not."""
    times = demo.operations.set_index("operation_id").select_dtypes("datetime64")
    twice = times.apply(lambda column: in_hour(column, "2023-10-29", "2024-10-27", "2025-10-26"))
    missing = times.apply(lambda column: in_hour(column, "2023-03-26", "2024-03-31", "2025-03-30",
                                                 "2026-03-29"))  # fmt: skip

    assert twice.any(axis=1).sum() == COUNTS["repeated_hour"]
    assert twice["surgery_start_at"].sum() == 1
    assert not missing.any(axis=None)


def in_hour(times: "pd.Series[pd.Timestamp]", *days: str) -> "pd.Series[bool]":
    """Whether each time lies from 02 to 03 on one of the days."""
    return times.dt.normalize().isin(pd.to_datetime(list(days))) & (times.dt.hour == 2)


def test_needs_have_no_time_in_the_changing_hours(demo: Demo) -> None:
    """What could not be read at all is not planted."""
    for column in ("decided_at", "requested_at", "removed_at"):
        assert not in_hour(demo.needs[column], "2023-03-26", "2024-03-31", "2025-03-30",
                           "2026-03-29").any()  # fmt: skip


def test_duplicated_month_is_planted(demo: Demo) -> None:
    """Every operation of one unit and month is there twice with equal rows, and no other."""
    operations = demo.operations
    again = operations[operations.duplicated(keep="first")]
    month = operations[
        (operations["operating_unit"] == "Gä Dagkir")
        & (operations["surgery_start_at"].dt.strftime("%Y-%m") == "2025-11")
    ]

    assert len(again) * 2 == len(month) > 300
    assert set(again["operation_id"]) == set(month["operation_id"])
    assert operations["operation_id"].duplicated().sum() == len(again)


def test_faults_spare_what_is_compared_with_the_office(demo: Demo) -> None:
    """Neither NGB49 nor Bollnäs has a faulty row, and few rows have to be set aside."""
    operations = demo.operations
    wrong = (
        operations["operating_unit"].isna()
        | (operations["asa"] == 7)
        | (operations["decided_at"] > operations["surgery_start_at"])
        | operations.duplicated(keep=False)
    )

    assert not (wrong & (operations["procedure_code"] == "NGB49")).any()
    assert not (wrong & operations["theatre"].str.startswith("Bo")).any()
    set_aside = operations["operating_unit"].isna().sum() + 1
    assert set_aside < 0.002 * len(operations)
