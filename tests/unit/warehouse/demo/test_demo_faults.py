"""The planted faults are there, exactly as FAULTS lists them, and nowhere else."""

import pandas as pd
from opened_demo import Demo

from lpe_reports.warehouse.demo.fault_list import FAULTS

COUNTS = {fault.kind: fault.count for fault in FAULTS}


def test_faults_are_listed_once_each() -> None:
    """A page can show them by kind."""
    assert len(COUNTS) == len(FAULTS) == 10
    assert len({(fault.table, fault.rule, fault.columns) for fault in FAULTS}) == 10
    assert all(fault.in_swedish.endswith(".") for fault in FAULTS)


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


def test_postop_stays_that_end_before_they_begin_are_planted(demo: Demo) -> None:
    """So many, and no patient is ready before the arrival."""
    wrong = demo.ask("SELECT count(*) AS n FROM postop_stays WHERE left_at < arrived_at")
    ready = demo.ask(
        "SELECT count(*) AS n FROM postop_stays WHERE ready_at < arrived_at OR "
        "(ready_at > left_at AND left_at >= arrived_at)"
    )

    assert wrong["n"].item() == COUNTS["left_before_arrival"]
    assert ready["n"].item() == 0


def test_discharges_before_admission_are_planted(demo: Demo) -> None:
    """So many stays end before they begin."""
    wrong = demo.ask("SELECT count(*) AS n FROM stays WHERE discharged_at < admitted_at")

    assert wrong["n"].item() == COUNTS["discharged_before_admission"]


def test_reason_14_is_planted(demo: Demo) -> None:
    """So many cancellations have it, and no other reason lies outside SPOR's list."""
    reasons = demo.ask("SELECT reason_1 FROM cancellations")["reason_1"]

    wrong = reasons[~reasons.isin([str(n) for n in range(1, 12)])]
    assert list(wrong) == ["14"] * COUNTS["reason_14"]


def test_other_spelling_of_a_clinic_is_planted(demo: Demo) -> None:
    """So many referrals have it, the contacts know the clinic by its name."""
    clinics = [
        set(demo.ask(f"SELECT DISTINCT clinic FROM {table}")["clinic"])
        for table in ("referrals", "contacts")
    ]
    (spelling,) = clinics[0] - clinics[1]

    rows = demo.ask(f"SELECT count(*) AS n FROM referrals WHERE clinic = '{spelling}'")
    assert rows["n"].item() == COUNTS["other_spelling"]


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
