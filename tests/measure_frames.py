"""Canonical frames of any size, made of a seed: for properties (a few rows) and speed (millions).

Times are drawn on the clock on the wall, between five and eleven in the evening, so that the
same seed on days that are weeks apart gives the same day's work.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

Frames = dict[str, pd.DataFrame]
ZONE = "Europe/Stockholm"
UNITS = ("bo-opc", "ga-cop", "ga-dagkir", "hu-cop")
SECTIONS = ("ort", "kir", "uro", "gyn", "onh-op")
VOS = {"ort": "ortopedi", "kir": "kirurgi", "uro": "kirurgi", "gyn": "kvinnosjukvard",
       "onh-op": "onh"}  # fmt: skip
CODES = ("NGB49", "NFB49", "NGD11", "JKA21", "KEC00", "LCD10", "DEN00", "CJE20")
GROUPS = ("knee", "hip", "knee", None, None, None, None, None)
THEATRES = 10  # per unit
SLOTS = 5  # operations per theatre and day
_SLOTS_A_DAY = len(UNITS) * THEATRES * SLOTS


@dataclass(frozen=True)
class Size:
    """How many rows of each table."""

    operations: int
    sessions: int
    needs: int
    waiting_list: int
    postop_stays: int
    cancellations: int
    referrals: int


def make_frames(
    seed: int,
    size: Size,
    *,
    first: date,
    dense: bool = False,
    days: int = 14,
    tables: Collection[str] | None = None,
) -> Frames:
    """One frame per table.

    Args:
        seed: What everything is drawn from; each table draws for itself.
        size: How many rows.
        first: The first day.
        dense: Whether operations fill theatres one after the other, day after day, as in life;
            else they fall anywhere in `days`, on each other too.
        days: How many days.
        tables: Which tables; all when not given.
    """
    makers: dict[str, Callable[[np.random.Generator], pd.DataFrame]] = {
        "operations": lambda rng: _operations(rng, size, first, dense, days),
        "sessions": lambda rng: _sessions(rng, size.sessions, first, dense, days),
        "needs": lambda rng: _needs(rng, size.needs, first, days),
        "waiting_list": lambda rng: _waiting_list(rng, size.waiting_list, first, days),
        "postop_stays": lambda rng: _postop_stays(rng, size.postop_stays, first, days),
        "cancellations": lambda rng: _cancellations(rng, size.cancellations, first, days),
        "production_plan": lambda rng: _production_plan(rng, first),
        "referrals": lambda rng: _referrals(rng, size.referrals, first, days),
        "contacts": lambda rng: _contacts(rng, size.referrals, first, days),
        "stays": lambda rng: _stays(rng, size.postop_stays, first, days),
    }
    return {
        table: make(np.random.default_rng([seed, number]))
        for number, (table, make) in enumerate(makers.items())
        if tables is None or table in tables
    }


def _operations(
    rng: np.random.Generator, size: Size, first: date, dense: bool, days: int
) -> pd.DataFrame:
    count = size.operations
    slot = np.arange(count) if dense else rng.integers(0, days * _SLOTS_A_DAY, count)
    day, rest = np.divmod(slot, _SLOTS_A_DAY)
    theatre, number = np.divmod(rest, SLOTS)
    start = day * 1440 + 450 + number * 110 + rng.integers(0, 15, count)
    clock = np.cumsum([start, *(rng.integers(1, 30, count) for _ in range(3))], axis=0)
    need = rng.integers(0, max(size.needs, 1), count)
    operations = _people(rng, count) | {
        "operation_id": _keys("op_", np.arange(count)),
        "need_id": _keys("ne_", need),
        "operating_unit": _words(UNITS, theatre // THEATRES),
        "theatre": _words([f"Sal {n + 1:02d}" for n in range(THEATRES)], theatre % THEATRES),
        "patient_home": _words(("ga", "hu", "bo", "other", None), rng.integers(0, 5, count)),
        "surgeon_home": _words(("ga", "hu", "bo", None), rng.integers(0, 4, count)),
        "guarantee": rng.random(count) < 0.8,
        "deviation": _words(("none", "none", "pvv", "mov"), rng.integers(0, 4, count)),
        "planned": pd.array(rng.random(count) < 0.7, dtype="boolean"),
        "decided_at": _times(first, clock[1] - rng.integers(0, 300, count) * 1440),
        "requested_at": _times(first, clock[1] - rng.integers(0, 200, count) * 1440),
        "scheduled_start_at": _some(rng, _times(first, clock[1])),
    }  # fmt: skip
    for name, times in zip(("patient_in", "surgery_start", "surgery_end", "patient_out"), clock,
                           strict=True):  # fmt: skip
        operations[f"{name}_at"] = _times(first, times)
    return pd.DataFrame(operations)


def _people(rng: np.random.Generator, count: int) -> dict[str, Any]:
    section, code = rng.integers(0, len(SECTIONS), count), rng.integers(0, len(CODES), count)
    return {
        "vo": _words([VOS[name] for name in SECTIONS], section),
        "section": _words((*SECTIONS[:-1], None), section),
        "procedure_code": _words(CODES, code),
        "procedure_group": _words(GROUPS, code),
        "asa": _numbers(rng, 0, 7, count),
        "age": _numbers(rng, 0, 100, count),
        "sex": _words(("F", "M", None), rng.integers(0, 3, count)),
        "urgency": _words(("elective", "emergency"), (rng.random(count) < 0.3).astype(int)),
    }


def _sessions(
    rng: np.random.Generator, count: int, first: date, dense: bool, days: int
) -> pd.DataFrame:
    places = len(UNITS) * THEATRES
    slot = np.arange(count) if dense else rng.integers(0, days * places, count)
    day, theatre = np.divmod(slot, places)
    start = day * 1440 + 465
    end = start + rng.integers(2, 10, count) * 60
    section = rng.integers(0, len(SECTIONS), count)
    return pd.DataFrame(
        {
            "session_id": _keys("se_", np.arange(count)),
            "theatre": _words([f"Sal {n + 1:02d}" for n in range(THEATRES)], theatre % THEATRES),
            "operating_unit": _words(UNITS, theatre // THEATRES),
            "date": _days(first, day),
            "start_at": _times(first, start),
            "end_at": _times(first, end),
            "vo": _words((*list(VOS.values())[:-1], None), section),
            "section": _words((*SECTIONS[:-1], None), section),
            "status": _words(("open", "open", "closed", "released"), rng.integers(0, 4, count)),
            "staffed_from_at": _some(rng, _times(first, start + 30)),
            "staffed_to_at": _some(rng, _times(first, end)),
            "schedule": _words(("2026-W12/2026-W21",), np.zeros(count, dtype=int)),
        }
    )


def _needs(rng: np.random.Generator, count: int, first: date, days: int) -> pd.DataFrame:
    decided = rng.integers(-400, days, count)
    removed = rng.integers(0, 500, count)
    times = _times(first, (decided + removed) * 1440 + 800)
    reasons = ("operated", "operated", "declined", None)
    return pd.DataFrame(
        _people(rng, count)
        | {
            "need_id": _keys("ne_", np.arange(count)),
            "referral_id": _keys("re_", np.arange(count)),
            "decided_at": _times(first, decided * 1440 + 700),
            "requested_at": _times(first, (decided + 2) * 1440 + 700),
            "medical_priority": _numbers(rng, 1, 4, count),
            "latest_on": _days(first, decided + rng.integers(0, 200, count)),
            "operating_unit": _words(UNITS, rng.integers(0, len(UNITS), count)),
            "guarantee": rng.random(count) < 0.8,
            "deviation": _words(("none", "none", "pvv", "mov"), rng.integers(0, 4, count)),
            "removed_at": times,
            "removed_reason": _words(reasons, rng.integers(0, 4, count)),
        }
    )


def _waiting_list(rng: np.random.Generator, count: int, first: date, days: int) -> pd.DataFrame:
    snapshot = np.full(count, days)
    return pd.DataFrame(
        _people(rng, count)
        | {
            "snapshot_date": _days(first, snapshot),
            "list": _words(("operation",), np.zeros(count, dtype=int)),
            "entry_id": _keys("en_", np.arange(count)),
            "unit": _words(UNITS, rng.integers(0, len(UNITS), count)),
            "since_date": _some(rng, _days(first, snapshot - rng.integers(0, 400, count))),
            "guarantee": rng.random(count) < 0.8,
            "deviation": _words(("none", "none", "pvv", "mov"), rng.integers(0, 4, count)),
            "booked_for": _some(rng, _days(first, snapshot + rng.integers(0, 90, count))),
        }
    )


def _postop_stays(rng: np.random.Generator, count: int, first: date, days: int) -> pd.DataFrame:
    arrived = rng.integers(0, days, count) * 1440 + rng.integers(300, 1100, count)
    ready = arrived + rng.integers(1, 120, count)
    return pd.DataFrame(
        {
            "operation_id": _keys("op_", np.arange(count)),
            "postop_unit": _words([f"{unit}-postop" for unit in UNITS], rng.integers(0, 4, count)),
            "arrived_at": _times(first, arrived),
            "ready_at": _some(rng, _times(first, ready)),
            "left_at": _times(first, ready + rng.integers(0, 120, count)),
        }
    )


def _referrals(rng: np.random.Generator, count: int, first: date, days: int) -> pd.DataFrame:
    referred = rng.integers(-500, days, count)
    return pd.DataFrame(
        {
            "referral_id": _keys("re_", np.arange(count)),
            "vo": _words(sorted(set(VOS.values())), rng.integers(0, 4, count)),
            "referred_at": _times(first, referred * 1440 + 600),
            "assessed_at": _some(rng, _times(first, (referred + 3) * 1440 + 600)),
            "closed_at": _some(rng, _times(first, (referred + 200) * 1440 + 600)),
        }
    )


def _contacts(rng: np.random.Generator, count: int, first: date, days: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "contact_id": _keys("co_", np.arange(count)),
            "referral_id": _keys("re_", np.arange(count)),
            "vo": _words(sorted(set(VOS.values())), rng.integers(0, 4, count)),
            "first": rng.random(count) < 0.8,
            "happened_at": _times(first, rng.integers(-400, days, count) * 1440 + 600),
            "guarantee": rng.random(count) < 0.8,
            "deviation": _words(("none", "none", "pvv", "mov"), rng.integers(0, 4, count)),
        }
    )


def _stays(rng: np.random.Generator, count: int, first: date, days: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "stay_id": _keys("st_", np.arange(count)),
            "operation_id": _keys("op_", np.arange(count)),
            "discharged_at": _times(first, rng.integers(0, days, count) * 1440 + 1200),
            "discharged_to": _words(("home", "hospital"), rng.integers(0, 2, count)),
        }
    )


def _cancellations(rng: np.random.Generator, count: int, first: date, days: int) -> pd.DataFrame:
    scheduled = rng.integers(0, days, count) * 1440 + rng.integers(420, 900, count)
    reason = rng.integers(0, 11, count)
    return pd.DataFrame(
        {
            "event_id": _keys("ev_", np.arange(count)),
            "need_id": _keys("ne_", np.arange(count)),
            "operating_unit": _words(UNITS, rng.integers(0, len(UNITS), count)),
            "vo": _words(sorted(set(VOS.values())), rng.integers(0, 4, count)),
            "section": _words((*SECTIONS[:-1], None), rng.integers(0, len(SECTIONS), count)),
            "scheduled_start_at": _times(first, scheduled),
            "cancelled_at": _times(first, scheduled - rng.integers(-1, 8, count) * 360),
            "reason_1": _words([str(n) for n in range(1, 12)], reason),
            "reason_2": _words([*(f"{n}a" for n in range(1, 11)), None], reason),
        }
    )


def _production_plan(rng: np.random.Generator, first: date) -> pd.DataFrame:
    """Each section's plan from two years before `first` to half a year after it."""
    months = pd.period_range(pd.Period(first, "M") - 24, periods=31, freq="M").strftime("%Y-%m")
    section = np.repeat(np.arange(len(SECTIONS)), len(months))
    count = len(section)
    return pd.DataFrame(
        {
            "vo": _words([VOS[name] for name in SECTIONS], section),
            "section": _words((*SECTIONS[:-1], None), section),
            "month": pd.array(np.tile(np.asarray(months, dtype=object), len(SECTIONS)), "str"),
            "version": pd.Series(
                [pd.Timestamp(first.year - 3, 1, 1)] * count, dtype="datetime64[us]"
            ),
            "operations": rng.integers(0, 50, count),
            "hours": rng.integers(0, 90, count).astype("float64"),
        }
    )


def _times(first: date, minutes: np.ndarray) -> "pd.Series[Any]":
    """Clock times so many minutes after the first day's midnight; none in an hour that changes."""
    shown = np.datetime64(first, "us") + minutes.astype("timedelta64[m]")
    return pd.Series(shown).dt.tz_localize(ZONE, ambiguous="NaT", nonexistent="shift_forward")


def _days(first: date, days: np.ndarray) -> "pd.Series[Any]":
    shown = np.datetime64(first, "D") + days.astype("timedelta64[D]")
    return pd.Series(shown.astype("datetime64[us]"))


def _words(words: Any, number: np.ndarray) -> Any:
    return pd.array(list(words), dtype="str").take(number)


def _keys(prefix: str, number: np.ndarray) -> Any:
    return prefix + pd.Series(number).astype("str").str.zfill(10)


def _numbers(rng: np.random.Generator, low: int, high: int, count: int) -> Any:
    return pd.arrays.IntegerArray(rng.integers(low, high, count), rng.random(count) < 0.2)


def _some(rng: np.random.Generator, times: "pd.Series[Any]") -> "pd.Series[Any]":
    """One in five is null."""
    return times.mask(rng.random(len(times)) < 0.2)
