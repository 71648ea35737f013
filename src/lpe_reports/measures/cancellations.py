"""Cancellations: how many scheduled operations were struck, how late, and why.

A cancellation is an event: an operation that was struck twice and then done was scheduled
three times and struck two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from lpe_reports.measures.grouping import add_up, group, share, with_periods
from lpe_reports.measures.times import local_days, local_instants, microseconds

# Struck after this hour on the day before is late.
LATE_HOUR = 17
_SCHEDULED = "scheduled_start_at"


def cancellations_by(
    cancellations: pd.DataFrame,
    operations: pd.DataFrame,
    *,
    by: Sequence[str],
    late_hour: int = LATE_HOUR,
) -> pd.DataFrame:
    """How many scheduled operations were struck, and how many of those late.

    Args:
        cancellations: Struck operations with scheduled_start_at and cancelled_at.
        operations: Performed operations with scheduled_start_at; those without one, as
            emergencies, were never scheduled and are left out.
        by: Columns of both frames (operating_unit, vo, section …), and week, month, quarter,
            tertial, year and weekday (ISO, 1–7), which are made of scheduled_start_at.
        late_hour: The hour of the day before after which striking is late.

    Returns:
        [*by, scheduled, struck, share_struck, late, share_late]: `scheduled` were performed or
        struck; `late` were struck after `late_hour` on the day before or on the day itself, and
        their share is of the struck.

    Glossary: cancelled_share, late_cancelled_share

    Source: SPOR.
    """
    keys = list(dict.fromkeys(by))
    struck = cancellations[cancellations[_SCHEDULED].notna()]
    done = operations[operations[_SCHEDULED].notna()]
    needed = [name for name in dict.fromkeys([*keys, _SCHEDULED]) if name in struck]
    # An empty frame may have no dtypes, and would take those of the other away.
    parts = [part[needed] for part in (struck, done) if len(part)] or [struck[needed]]
    both = pd.concat(parts, ignore_index=True)
    is_struck = np.arange(len(both)) < len(struck)
    late = np.zeros(len(both), dtype=bool)
    late[is_struck] = _late(struck, late_hour)
    answer = add_up(
        with_periods(both, _SCHEDULED, keys),
        keys,
        sums={
            "scheduled": pd.Series(True, index=both.index, dtype=bool),
            "struck": pd.Series(is_struck, index=both.index),
            "late": pd.Series(late, index=both.index),
        },
    )
    return answer.assign(
        share_struck=share(answer["struck"], answer["scheduled"]),
        share_late=share(answer["late"], answer["struck"]),
    )[[*keys, "scheduled", "struck", "share_struck", "late", "share_late"]]


def cancellation_reasons_by(
    cancellations: pd.DataFrame,
    *,
    by: Sequence[str],
    level: Literal[1, 2] = 1,
    late_hour: int = LATE_HOUR,
) -> pd.DataFrame:
    """Why operations were struck.

    Args:
        cancellations: Struck operations with scheduled_start_at, cancelled_at, reason_1 (1–11)
            and, on level 2, reason_2.
        by: As for `cancellations_by`.
        level: SPOR's level of reasons.
        late_hour: As for `cancellations_by`.

    Returns:
        [*by, reason_1, (reason_2 on level 2,) struck, share, late]: `share` is the reason's
        part of all that were struck in the group of `by`; sorted by the reason's number, null
        last.

    Glossary: cancellation_reason

    Source: SPOR.
    """
    keys = list(dict.fromkeys(by))
    reasons = ["reason_1", "reason_2"][:level]
    struck = cancellations[cancellations[_SCHEDULED].notna()].reset_index(drop=True)
    answer = add_up(
        with_periods(struck, _SCHEDULED, keys),
        [*keys, *reasons],
        sums={
            "struck": pd.Series(True, index=struck.index, dtype=bool),
            "late": _late(struck, late_hour),
        },
    )
    whole = group(answer, keys)["struck"].transform("sum")
    answer["share"] = share(answer["struck"], whole)
    # "10" comes after "9": reasons are numbers that are written as text.
    answer["_group"] = group(answer, keys).ngroup()
    answer["_number"] = pd.to_numeric(answer["reason_1"], errors="coerce")
    order = ["_group", "_number", *reasons]
    ordered = answer.sort_values(order, kind="stable", ignore_index=True)
    return ordered[[*keys, *reasons, "struck", "share", "late"]]


def _late(cancellations: pd.DataFrame, hour: int) -> pd.Series[Any]:
    """Whether each was struck after the hour of the day before; unknown times are not late."""
    times = cancellations[[_SCHEDULED, "cancelled_at"]]
    known = times.notna().all(axis=1).to_numpy()
    days = local_days(times.loc[known, _SCHEDULED]) - pd.Timedelta(days=1)
    limit = local_instants(days, pd.Series(hour * 60, index=days.index))
    late = np.zeros(len(times), dtype=bool)
    late[known] = microseconds(times.loc[known, "cancelled_at"]) > limit
    return pd.Series(late, index=cancellations.index)
