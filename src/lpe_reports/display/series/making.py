"""Making a series: ask the measure, protect the answer, then reckon limits from what is shown."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.groups import TIME, Group
from lpe_reports.disclosure.ledger import Ledger
from lpe_reports.disclosure.protect import protect
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.about import time_of
from lpe_reports.display.naming import PERIOD_HEADINGS, selection_words
from lpe_reports.display.series.asking import Ask, Reader, Window, answer
from lpe_reports.display.series.measure import SeriesMeasure
from lpe_reports.display.series.model import Point, Series, points_of
from lpe_reports.display.series.surroundings import (
    LIST_WORDS,
    Wish,
    comparable,
    key_of,
    limit_days_of,
    place_of,
    same_in,
    shades_of,
    snapshot_note,
    targets_of,
)
from lpe_reports.params.loading import Params
from lpe_reports.periods import Period, PeriodKind, parse_period
from lpe_reports.wording import ColumnType

_PARTIAL = "partial"
_TIME = "_time"
_COLUMN_TYPES: dict[PeriodKind, ColumnType] = {PeriodKind.WEEK: "week", PeriodKind.MONTH: "month"}


def make_series(
    wish: Wish, *, reader: Reader, params: Params, ledger: Ledger | None = None
) -> Series:
    """The series that a notebook asks for.

    Args:
        wish: What is asked.
        reader: The night's extract.
        params: The office's decisions.
        ledger: What the page has shown before.
    """
    night = reader.night
    periods = _periods(wish)
    ongoing = not wish.period.is_over(night)
    windows, last_year = _windows(periods, night, stock=wish.measure.stock)
    values = _values(wish, windows, reader, params)
    periods = _from_first_value(periods, values)
    targets = targets_of(wish, periods, reader)
    kept = [p.id for p in periods]
    rows = values.loc[[*kept, *(w.id for w in windows if w.id not in kept)]].reset_index()
    ends = {window.id: window for window in windows}
    rows[_TIME] = [_time(wish, ends[name], reader) for name in rows["period"]]
    rows["target"] = pd.Series([t.value if t else np.nan for t in targets]).reindex(rows.index)
    shown = protect(
        rows,
        table=wish.measure.table,
        columns=_columns(wish.measure, wish.period.kind, list(rows.columns), any(targets)),
        policy=params.disclosure,
        about=_about(wish),
        ledger=ledger,
    )
    by_id = dict(zip(rows["period"], points_of(shown), strict=True))
    table = shown.where(rows["period"].isin(kept))
    place = place_of(params, wish.selection)
    words = wording.PERIOD_WORDS[wish.period.kind]
    before, before_label = _before(by_id, wish, windows, words.before, night)
    return Series(
        measure=wish.measure,
        name=wish.name or (f"{wish.measure.label}, {place}" if place else wish.measure.label),
        place=place,
        periods=tuple(periods),
        table=table,
        limits=_limits(table, wish, ongoing),
        before=before,
        before_label=before_label,
        last_year=by_id.get(last_year.id) if comparable(wish, ongoing) else None,
        last_year_label=same_in(last_year, wish.period),
        targets=tuple(targets) if any(targets) else (),
        ongoing=ongoing,
        shades=shades_of(params, wish.selection, periods),
        selection=selection_words(params, wish.selection, periods),
        note=snapshot_note(wish, reader),
        key=key_of(wish),
        list_words=LIST_WORDS[wish.selection.list] if wish.measure.stock else "",
        limit_days=limit_days_of(wish, params),
    )


def _periods(wish: Wish) -> list[Period]:
    periods = [wish.period]
    while len(periods) < max(wish.count, 2):
        periods.append(periods[-1].previous())
    return periods[::-1]


def _windows(periods: Sequence[Period], night: date, *, stock: bool) -> tuple[list[Window], Period]:
    """The periods, the same a year before, and the days that one under way is compared with.

    A stock is a state and no sum over days: it is compared with the state at the end before.
    """
    last = periods[-1]
    last_year = last.same_last_year()
    # Schedules reach beyond the night; what has not happened is not counted.
    windows = [Window(p.start, max(p.start, min(p.end, night)), p.id) for p in periods]
    if last_year not in periods:
        windows.append(Window(last_year.start, last_year.end, last_year.id))
    elapsed = (night - last.start).days
    if last.start < night < last.end and not stock:
        before = last.previous()
        end = min(before.start + timedelta(days=elapsed), before.end)
        windows.append(Window(before.start, end, _PARTIAL))
    return windows, last_year


def _about(wish: Wish) -> Group | None:
    """Whom the series is about, all its periods together; None where it is not about patients."""
    chosen = wish.selection
    if not wish.measure.population:
        return None
    return Group.of(
        wish.measure.population,
        list=chosen.list if wish.measure.stock else None,
        vo=chosen.vo,
        section=chosen.section,
        unit=chosen.unit,
        procedure=chosen.procedure,
    )


def _time(wish: Wish, window: Window, reader: Reader) -> str:
    """The trait `time` of a window: the day of its list, or the period that it is the days of."""
    if wish.measure.stock:
        day = min(window.end, reader.night)
        return (reader.snapshot_on(wish.selection.list, day) or day).isoformat()
    period = wish.period.previous() if window.id == _PARTIAL else parse_period(window.id)
    return time_of(period, window.end)


def _values(wish: Wish, windows: Sequence[Window], reader: Reader, params: Params) -> pd.DataFrame:
    """One row per window, by its id, with value and its parts; null where nothing is known."""
    reach = (min(w.start for w in windows), max(w.end for w in windows))
    ask = Ask(
        measure=wish.measure.id,
        reader=reader,
        params=params,
        selection=wish.selection,
        windows=(),
        reach=reach,
        options=wish.options or {},
    )
    found = answer(ask, windows, wish.measure.function()).set_index("window")
    values = found.reindex([window.id for window in windows]).rename_axis("period")
    if wish.measure.stock or wish.measure.type not in ("count", "hours"):
        return values
    # Nothing happened is 0, but only where the data reaches.
    first = reader.first_day(wish.measure.source)
    covered = [first is not None and first <= w.start < reader.night for w in windows]
    values["value"] = values["value"].mask(
        values["value"].isna() & pd.Series(covered, index=values.index), 0
    )
    return values


def _from_first_value(periods: list[Period], values: pd.DataFrame) -> list[Period]:
    known = values["value"].reindex([p.id for p in periods]).notna().tolist()
    first = known.index(True) if any(known) else len(periods) - 1
    return periods[first:]


def _columns(
    measure: SeriesMeasure, kind: PeriodKind, present: list[str], with_target: bool
) -> list[Column]:
    share = "numerator" in present
    basis = "n" if "n" in present else None
    columns = [
        Column(
            "period",
            PERIOD_HEADINGS[kind],
            _COLUMN_TYPES.get(kind, "period"),
            trait=TIME,
            trait_from=_TIME,
        ),
        Column(
            "value",
            measure.label,
            measure.type,
            unit=measure.unit,
            decimals=measure.decimals,
            based_on=basis,
            numerator="numerator" if share else None,
            denominator="denominator" if share else None,
            traits=measure.traits,
        ),
    ]
    if share:
        columns.append(
            Column(
                "numerator",
                measure.parts[0],
                "count",
                part_of="denominator",
                traits=measure.within,
            )
        )
        columns.append(Column("denominator", measure.parts[1], "count", traits=measure.traits))
    if basis:
        columns.append(Column("n", measure.basis, "count", traits=measure.traits))
    if with_target:
        columns.append(
            Column("target", "Mål", measure.type, measure.unit, measure.decimals, public=True)
        )
    return columns


def _before(
    points: Mapping[str, Point], wish: Wish, windows: Sequence[Window], label: str, night: date
) -> tuple[Point | None, str]:
    """What the last value is compared with, and what that is called."""
    period = wish.period
    earlier = points.get(period.previous().id)
    if period.is_over(night):
        return earlier, label
    if wish.measure.stock and period.start < night:
        return earlier, f"vid {label}s slut"
    partial = next((window for window in windows if window.id == _PARTIAL), None)
    if partial is None:
        # One that begins on the night itself has nothing yet to be compared.
        return None, ""
    days = (partial.end - partial.start).days
    same = "första dagen" if days == 1 else f"de {wording.count_word(days)} första dagarna"
    return points.get(_PARTIAL), f"{same} {label}"


def _limits(table: Protected, wish: Wish, ongoing: bool) -> pd.DataFrame:
    from lpe_reports.measures import spc

    frame = table.frame
    if ongoing:
        # A period that is not over says nothing of the process yet.
        frame.loc[frame.index[-1], ["value", *({"numerator"} & {*frame.columns})]] = np.nan
    ids = frame["period"].tolist()
    rebase = [ids.index(name) for name in wish.rebase if name in ids]
    if wish.measure.limits == "share" and "numerator" in frame:
        above, below = frame["numerator"].astype("Float64"), frame["denominator"].astype("Float64")
        limits = spc.share_chart(above, below.where(above.notna()), rebase=rebase)
    else:
        limits = spc.xmr(frame["value"].astype("Float64"), rebase=rebase)
        limits["lower"] = limits["lower"].clip(lower=0)
    return limits.reset_index(drop=True)
