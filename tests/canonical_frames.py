"""Small canonical frames for the tests of the measures: only what a test names, typed as read."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

ZONE = "Europe/Stockholm"
TIMES = f"datetime64[us, {ZONE}]"
DAYS = "datetime64[us]"
NUMBERS = "Int64"

OPERATION: dict[str, tuple[str, Any]] = {
    "operation_id": ("str", "op_1"),
    "need_id": ("str", None),
    "operating_unit": ("str", "hu-cop"),
    "theatre": ("str", "Hu C-op 01"),
    "vo": ("str", "ortopedi"),
    "section": ("str", "ort"),
    "patient_home": ("str", "hu"),
    "surgeon_home": ("str", "hu"),
    "procedure_code": ("str", "NGB49"),
    "asa": (NUMBERS, 2),
    "age": (NUMBERS, 66),
    "sex": ("str", "F"),
    "urgency": ("str", "elective"),
    "planned": ("boolean", True),
    "decided_at": (TIMES, None),
    "requested_at": (TIMES, None),
    "scheduled_start_at": (TIMES, None),
    "patient_in_at": (TIMES, None),
    "surgery_start_at": (TIMES, None),
    "surgery_end_at": (TIMES, None),
    "patient_out_at": (TIMES, None),
}
SESSION: dict[str, tuple[str, Any]] = {
    "session_id": ("str", "se_1"),
    "theatre": ("str", "Hu C-op 01"),
    "operating_unit": ("str", "hu-cop"),
    "date": (DAYS, "2026-05-04"),
    "start_at": (TIMES, None),
    "end_at": (TIMES, None),
    "vo": ("str", "ortopedi"),
    "section": ("str", "ort"),
    "status": ("str", "open"),
    "staffed_from_at": (TIMES, None),
    "staffed_to_at": (TIMES, None),
    "schedule": ("str", "2026-W12/2026-W21"),
}
ENTRY: dict[str, tuple[str, Any]] = {
    "snapshot_date": (DAYS, "2026-05-11"),
    "list": ("str", "operation"),
    "entry_id": ("str", "en_1"),
    "unit": ("str", "hu-cop"),
    "vo": ("str", "ortopedi"),
    "section": ("str", "ort"),
    "since_date": (DAYS, "2026-05-01"),
    "guarantee": ("bool", True),
    "deviation": ("str", "none"),
    "booked_for": (DAYS, None),
    "asa": (NUMBERS, 2),
    "procedure_code": ("str", "NGB49"),
    "procedure_group": ("str", "knee"),
}
NEED: dict[str, tuple[str, Any]] = {
    "need_id": ("str", "ne_1"),
    "referral_id": ("str", None),
    "decided_at": (TIMES, "2026-04-01 10:00"),
    "requested_at": (TIMES, None),
    "urgency": ("str", "elective"),
    "medical_priority": (NUMBERS, 90),
    "latest_on": (DAYS, None),
    "procedure_code": ("str", "NGB49"),
    "procedure_group": ("str", "knee"),
    "asa": (NUMBERS, 2),
    "age": (NUMBERS, 66),
    "sex": ("str", "F"),
    "operating_unit": ("str", "hu-cop"),
    "vo": ("str", "ortopedi"),
    "section": ("str", "ort"),
    "guarantee": ("bool", True),
    "deviation": ("str", "none"),
    "removed_at": (TIMES, None),
    "removed_reason": ("str", None),
}
POSTOP_STAY: dict[str, tuple[str, Any]] = {
    "operation_id": ("str", "op_1"),
    "postop_unit": ("str", "hu-postop"),
    "arrived_at": (TIMES, None),
    "ready_at": (TIMES, None),
    "left_at": (TIMES, None),
}
CANCELLATION: dict[str, tuple[str, Any]] = {
    "event_id": ("str", "ev_1"),
    "need_id": ("str", "ne_1"),
    "operating_unit": ("str", "hu-cop"),
    "vo": ("str", "ortopedi"),
    "section": ("str", "ort"),
    "scheduled_start_at": (TIMES, None),
    "cancelled_at": (TIMES, None),
    "reason_1": ("str", "1"),
    "reason_2": ("str", None),
}
PLANNED: dict[str, tuple[str, Any]] = {
    "vo": ("str", "ortopedi"),
    "section": ("str", "ort"),
    "month": ("str", "2026-05"),
    "version": (DAYS, "2026-01-01"),
    "operations": ("int64", 100),
    "hours": ("float64", 150.0),
}


def operations(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Operations that say what a test is about; times as local "2026-05-04 07:30"."""
    return _frame(OPERATION, rows)


def sessions(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Sessions, likewise."""
    return _frame(SESSION, rows)


def waiting_list(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Entries of a waiting list, likewise."""
    return _frame(ENTRY, rows)


def needs(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Decisions to operate, likewise."""
    return _frame(NEED, rows)


def postop_stays(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Stays in postoperative care, likewise."""
    return _frame(POSTOP_STAY, rows)


def cancellations(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Struck operations, likewise."""
    return _frame(CANCELLATION, rows)


def production_plan(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Lines of a production plan, likewise."""
    return _frame(PLANNED, rows)


def stay(theatre: str, day: str, *times: str) -> dict[str, str]:
    """One operation's four times on one day: in, surgery start, surgery end, out."""
    names = ("patient_in_at", "surgery_start_at", "surgery_end_at", "patient_out_at")
    return {"theatre": theatre} | {
        name: f"{day} {time}" for name, time in zip(names, times, strict=True)
    }


def block(theatre: str, day: str, start: str, end: str, **other: Any) -> dict[str, Any]:
    """One session of one day."""
    times = {"start_at": f"{day} {start}", "end_at": f"{day} {end}"}
    return {"theatre": theatre, "date": day} | times | other


def waited(*days: int, **other: Any) -> list[dict[str, Any]]:
    """Operations of one day whose patients had waited so many days."""
    operated = pd.Timestamp("2025-10-01 09:00")
    return [
        {"surgery_start_at": operated, "decided_at": operated - pd.Timedelta(days=number)} | other
        for number in days
    ]


def _frame(
    columns: Mapping[str, tuple[str, Any]], rows: Sequence[Mapping[str, Any]]
) -> pd.DataFrame:
    unknown = {name for row in rows for name in row} - columns.keys()
    assert not unknown, f"no such columns: {unknown}"
    return pd.DataFrame(
        {
            name: _column(dtype, [row.get(name, default) for row in rows])
            for name, (dtype, default) in columns.items()
        }
    )


def _column(dtype: str, values: list[Any]) -> "pd.Series[Any]":
    if dtype != TIMES:
        return pd.Series(values, dtype=dtype)
    shown = pd.Series(values, dtype=DAYS)
    return shown.dt.tz_localize(ZONE, ambiguous=[True] * len(shown), nonexistent="shift_forward")
