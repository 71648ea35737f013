"""Utilisation: seven definitions side by side, under-use and over-use.

Each is numerator minutes over denominator minutes of open sessions, so that any split of the
sessions adds up to the whole. Units are followed against their own past and not ranked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import nan

import numpy as np
import pandas as pd

from lpe_reports.measures.grouping import add_up, share, with_periods
from lpe_reports.measures.session_time import definition_times, session_times
from lpe_reports.measures.theatres import open_theatres
from lpe_reports.measures.times import MICROSECONDS_PER_MINUTE

SPOR_PATIENT_TIME = "spor_patient_time"
SPOR_OPERATION_TIME = "spor_operation_time"
AACD_RAW = "aacd_raw"
AACD_ADJUSTED = "aacd_adjusted"
NHS_CAPPED = "nhs_capped"
NHS_UNCAPPED = "nhs_uncapped"
ROOM_WINDOW = "room_window"
ALL = (
    SPOR_PATIENT_TIME,
    SPOR_OPERATION_TIME,
    AACD_RAW,
    AACD_ADJUSTED,
    NHS_CAPPED,
    NHS_UNCAPPED,
    ROOM_WINDOW,
)
# The most that one pause counts as used in aacd_adjusted.
CREDITED_TURNOVER_MINUTES = 60.0
# SPOR: Monday to Thursday 07–17, Friday 07–14; ISO weekday to minutes after midnight.
ELECTIVE_MINUTES = dict.fromkeys((1, 2, 3, 4), (7 * 60, 17 * 60)) | {5: (7 * 60, 14 * 60)}


def elective_days(
    start: date,
    end: date,
    holidays: Collection[date],
    *,
    hours: Mapping[int, tuple[int, int]] = ELECTIVE_MINUTES,
) -> pd.DataFrame:
    """The days with elective hours, and which hours those are.

    Args:
        start: The first day.
        end: The day after the last.
        holidays: Days without elective hours.
        hours: ISO weekday to first and last minute after local midnight.

    Returns:
        One row per elective day: [date, elective_start_minute, elective_end_minute].

    Source: SPOR.
    """
    days = (start + timedelta(days=number) for number in range((end - start).days))
    elective = [day for day in days if day.isoweekday() in hours and day not in holidays]
    return pd.DataFrame(
        {
            "date": pd.Series(elective, dtype="datetime64[us]"),
            "elective_start_minute": pd.Series(
                [hours[day.isoweekday()][0] for day in elective], dtype="int64"
            ),
            "elective_end_minute": pd.Series(
                [hours[day.isoweekday()][1] for day in elective], dtype="int64"
            ),
        }
    )


def utilisation_by(
    operations: pd.DataFrame,
    sessions: pd.DataFrame,
    *,
    by: Sequence[str],
    calendar_days: pd.DataFrame,
    definitions: Sequence[str] = ALL,
    turnover_cap_minutes: float = CREDITED_TURNOVER_MINUTES,
) -> pd.DataFrame:
    """How much of the theatres' time was used, under each definition by its name.

    spor_patient_time, spor_operation_time: patient in to out, or surgery start to end, inside
    the elective hours in which the theatre was staffed / those hours. aacd_raw: patient in the
    theatre during the session / session. aacd_adjusted: and the pauses between the session's
    consecutive patients, each at most the cap. nhs_capped, nhs_uncapped: surgery of the
    session's own operations inside it, or all of it / session. room_window: patient in the
    theatre / first patient in to last patient out, per theatre and local day with an open
    session; it counts for the day's longest session.

    Args:
        operations: All operations of the theatres: operating_unit, theatre, patient_in_at,
            surgery_start_at, surgery_end_at, patient_out_at.
        sessions: operating_unit, theatre, date, start_at, end_at, status; staffed_from_at and
            staffed_to_at where known. Only open ones count.
        by: Columns of `sessions` (operating_unit, theatre, vo, section …), and week, month,
            quarter, tertial, year and weekday (ISO, 1–7), which are made of its date.
        calendar_days: From `elective_days`.
        definitions: Which definitions, in the order to be given.
        turnover_cap_minutes: The most that one pause is credited in aacd_adjusted.

    Returns:
        [*by, definition, numerator_minutes, denominator_minutes, sessions, share]: one row per
        group with an open session and definition; `sessions` are those with a denominator (for
        room_window the theatre-days that had a patient).

    Glossary: spor_patient_time, spor_operation_time, aacd_raw, aacd_adjusted, nhs_capped,
        nhs_uncapped, room_window

    Source: SPOR; AACD glossary of times; NHS England: Model Hospital.
    """
    keys = list(dict.fromkeys(by))
    theatres = open_theatres(operations, sessions)
    times = definition_times(theatres, calendar_days, turnover_cap_minutes=turnover_cap_minutes)
    frame = with_periods(theatres.sessions, "date", keys)
    sums = {name: times[name] for name in times.columns}
    sums |= {f"{name}_sessions": times[f"{name}_denominator"] > 0 for name in definitions}
    wide = add_up(frame, keys, sums=sums)
    parts = [
        wide[keys].assign(
            definition=name,
            numerator_minutes=wide[f"{name}_numerator"] / MICROSECONDS_PER_MINUTE,
            denominator_minutes=wide[f"{name}_denominator"] / MICROSECONDS_PER_MINUTE,
            sessions=wide[f"{name}_sessions"],
        )
        for name in definitions
    ]
    long = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    long["definition"] = long["definition"].astype("str")
    return long.assign(share=share(long["numerator_minutes"], long["denominator_minutes"]))


def under_over_use_by(
    operations: pd.DataFrame, sessions: pd.DataFrame, *, by: Sequence[str]
) -> pd.DataFrame:
    """How much session time stood empty, and how much its patients took beyond it.

    Args:
        operations: As for `utilisation_by`.
        sessions: As for `utilisation_by`.
        by: As for `utilisation_by`.

    Returns:
        [*by, session_minutes, unused_minutes, over_minutes, sessions]. Unused: no patient in
        the theatre during the session (turnover counts as unused). Over: the session's own
        patients in the theatre outside every open session there; an operation that touches no
        session, as at night, is nobody's over-use.

    Glossary: under_use, over_use
    """
    keys = list(dict.fromkeys(by))
    theatres = open_theatres(operations, sessions)
    times = session_times(theatres)
    sums = {f"{name}_minutes": times[name] for name in times.columns}
    minutes = list(sums)
    sums["sessions"] = times["session"] > 0
    answer = add_up(with_periods(theatres.sessions, "date", keys), keys, sums=sums)
    return answer.assign(**{name: answer[name] / MICROSECONDS_PER_MINUTE for name in minutes})


@dataclass(frozen=True)
class DefinitionEffect:
    """How the variation of shares divides; the three parts add up to 1, NaN without variation."""

    definition: float
    period: float
    remainder: float


def definition_effect(utilisation: pd.DataFrame, *, period: str = "month") -> DefinitionEffect:
    """How much of the difference between shares is the definition, and how much the period.

    Sums of squares of a two-way layout without weights, over the periods in which every
    definition has a share.

    Args:
        utilisation: One share per definition and period, as from `utilisation_by`.
        period: The column that names the period.

    Glossary: definition_effect
    """
    known = utilisation.dropna(subset=[period, "definition"])
    shares = known.pivot(index=period, columns="definition", values="share").dropna()
    values = shares.to_numpy(dtype=np.float64)
    total = values.size * values.var() if values.size else 0.0
    if total < 1e-12:
        return DefinitionEffect(nan, nan, nan)
    definition = values.size * values.mean(axis=0).var() / total
    between_periods = values.size * values.mean(axis=1).var() / total
    return DefinitionEffect(
        float(definition), float(between_periods), float(1 - definition - between_periods)
    )
