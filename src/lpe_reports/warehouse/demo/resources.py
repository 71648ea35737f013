"""The tables staffing and costs: what each operating department and postoperative unit takes.

Hours follow the theatre-days that were planned and those that nobody could staff; money follows
hours and operations. Both are kept by people, in systems that tell no time of change.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from lpe_reports.warehouse.demo.columns import dates, words
from lpe_reports.warehouse.demo.days import number_of
from lpe_reports.warehouse.demo.draws import normal
from lpe_reports.warehouse.demo.office import UNITS
from lpe_reports.warehouse.demo.sessions import CLOSED, NOBODY, Session

# Per hour of an operating theatre, how many of each role; and kronor for an hour of theirs.
ROLES = (
    ("operationssjuksköterska", 1.25, 395.0),
    ("anestesisjuksköterska", 1.15, 405.0),
    ("undersköterska", 1.35, 285.0),
)
POSTOP_ROLE = ("postopsjuksköterska", 0.55, 390.0)
_UNITS = (*(unit.name for unit in UNITS), *(unit.postop for unit in UNITS))
_ROLES = (*ROLES, POSTOP_ROLE)
# Hours of a theatre-day before and after its sessions, and of the theatre that is never closed.
_AROUND_HOURS, _ON_CALL_HOURS = 0.75, 15.5
# Hours that nobody fills although the theatre is open.
_VACANT = 0.03
# Kronor of material per operation, and of premises per theatre and month.
_MATERIAL, _PREMISES = 7_900.0, 210_000.0
ACCOUNTS = ("4010 Personal", "4620 Material och implantat", "5100 Lokaler och utrustning")
_BUDGET = (0.965, 0.98, 1.0)
# The books of a month are closed so many days after its end.
_CLOSED_AFTER_DAYS = 12


def staffing_table(sessions: Sequence[Session], *, first: int, until: int, seed: int) -> pa.Table:
    """Hours per unit, day and role, for every day before `until` on which somebody works."""
    hours = _theatre_hours(sessions, first, until)
    parts = []
    for n, (_, share, _) in enumerate(_ROLES):
        is_postop = n == len(ROLES)
        key = hours["day"].to_numpy() * 100 + hours["unit"].to_numpy() * 10 + n
        part = pd.DataFrame(
            {
                "unit": hours["unit"] + (len(UNITS) if is_postop else 0),
                "day": hours["day"],
                "role": n,
                "scheduled": share * hours["planned"],
                "vacant": share * (hours["closed"] + _VACANT * (hours["planned"] - hours["closed"])
                                   * np.abs(normal(seed, "staffing/vacant", key))),
            }
        )  # fmt: skip
        over = np.maximum(-0.01, 0.02 + 0.03 * normal(seed, "staffing/over", key))
        part["worked"] = (part["scheduled"] - part["vacant"]) * (1 + over)
        parts.append(part)
    rows = pd.concat(parts).sort_values(["day", "unit", "role"])
    numbers = {
        f"{name}_hours": pa.array((rows[name] * 4).round().to_numpy() / 4)
        for name in ("scheduled", "worked", "vacant")
    }
    return pa.table(
        {
            "unit": words(_UNITS, rows["unit"].to_numpy()),
            "date": dates(rows["day"].to_numpy()),
            "role": words([name for name, _, _ in _ROLES], rows["role"].to_numpy()),
            **numbers,
        }
    )


def costs_table(operations: pd.DataFrame, staffing: pa.Table, *, until: int, seed: int) -> pa.Table:
    """Budget and outcome per unit, month and account, for the months whose books are closed."""
    done = operations.groupby(
        [operations["operating_unit"], operations["surgery_start_at"].dt.strftime("%Y-%m")]
    ).size()
    theatres = {unit.name: unit.elective_theatres + unit.emergency_theatres for unit in UNITS}
    rows = []
    for row in _pay(staffing).to_dict("records"):
        unit, month = row["unit"], row["month"]
        begins = date.fromisoformat(f"{month}-01")
        ends = (begins + timedelta(days=31)).replace(day=1)
        if number_of(ends) + _CLOSED_AFTER_DAYS > until:
            continue
        spent = (
            row["worked"],
            _MATERIAL * int(done.get((unit, month), 0)),
            _PREMISES * theatres.get(unit, 0.5),
        )
        planned = (row["scheduled"], *spent[1:])
        for n, account in enumerate(ACCOUNTS):
            key = np.array([10 * number_of(begins) + n])
            off = 1 + 0.03 * float(normal(seed, f"costs/{unit}", key)[0])
            if spent[n]:
                budget = round(_BUDGET[n] * planned[n], -3)
                rows.append((unit, month, account, budget, round(off * spent[n], 2)))
    names = ("unit", "month", "account", "budget", "actual")
    kinds = (pa.string(), pa.string(), pa.string(), pa.float64(), pa.float64())
    columns = zip(*rows, strict=True) if rows else ([],) * len(names)
    return pa.table(
        {name: pa.array(list(column), kind)
         for name, kind, column in zip(names, kinds, columns, strict=True)}
    )  # fmt: skip


def _theatre_hours(sessions: Sequence[Session], first: int, until: int) -> pd.DataFrame:
    """Planned and closed hours of all theatres per department and day: unit, day, planned, closed.

    A theatre that is closed with its department for a time is not planned at all.
    """
    kept = [s for s in sessions if first <= s.day < until and not s.is_away]
    hours = pd.DataFrame(
        {
            "unit": [s.unit for s in kept],
            "day": [s.day for s in kept],
            "planned": [s.minutes / 60 + _AROUND_HOURS for s in kept],
            "closed": [s.minutes / 60 if s.status == CLOSED and s.queue != NOBODY else 0.0
                       for s in kept],
        }
    )  # fmt: skip
    around_the_clock = [n for n, unit in enumerate(UNITS) if unit.emergency_theatres]
    days = np.arange(first, until)
    nights = [
        pd.DataFrame({"unit": n, "day": days, "planned": _ON_CALL_HOURS, "closed": 0.0})
        for n in around_the_clock
    ]
    return pd.concat([hours, *nights]).groupby(["unit", "day"], as_index=False).sum()


def _pay(staffing: pa.Table) -> pd.DataFrame:
    """Kronor of scheduled and of worked hours, per unit and month."""
    kronor = {name: pay for name, _, pay in _ROLES}
    frame = staffing.to_pandas()
    pay = frame["role"].astype(str).map(kronor)
    month = pd.to_datetime(frame["date"]).dt.strftime("%Y-%m")
    made = pd.DataFrame(
        {
            "scheduled": frame["scheduled_hours"] * pay,
            "worked": frame["worked_hours"] * pay,
        }
    )
    made["unit"], made["month"] = frame["unit"].astype(str), month
    return made.groupby(["unit", "month"], as_index=False).sum()
