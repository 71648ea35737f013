"""Making a series: ask the measure, protect the answer, then reckon limits from what is shown."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protect import protect
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.naming import PERIOD_HEADINGS, place_name, selection_words
from lpe_reports.display.series.asking import Ask, Reader, Selection, Window, answer
from lpe_reports.display.series.measure import SeriesMeasure
from lpe_reports.display.series.model import Point, Series, Shade, points_of
from lpe_reports.display.tables import Target
from lpe_reports.params.loading import Params
from lpe_reports.periods import Period, PeriodKind
from lpe_reports.wording import ColumnType

_PARTIAL = "partial"
_LIST_WORDS = {"operation": "till operation", "first_contact": "till första besök"}
_COLUMN_TYPES: dict[PeriodKind, ColumnType] = {PeriodKind.WEEK: "week", PeriodKind.MONTH: "month"}


@dataclass(frozen=True)
class Wish:
    """What a notebook asks a series for.

    Args:
        measure: What is measured.
        selection: Whose numbers.
        period: The last period.
        count: How many periods at most, the last one included.
        name: What the page calls it; made from measure and place when empty.
        target_units: The units whose target it may have, the first that has one.
        options: Parameters of the measure.
        rebase: Ids of periods where limits start anew.
    """

    measure: SeriesMeasure
    selection: Selection
    period: Period
    count: int
    name: str = ""
    target_units: tuple[str, ...] = ()
    options: Mapping[str, object] | None = None
    rebase: tuple[str, ...] = ()


def make_series(wish: Wish, *, reader: Reader, params: Params) -> Series:
    """The series that a notebook asks for.

    Args:
        wish: What is asked.
        reader: The night's extract.
        params: The office's decisions.
    """
    night = reader.night
    periods = _periods(wish)
    ongoing = not wish.period.is_over(night)
    windows, last_year = _windows(periods, night)
    values = _values(wish, windows, reader, params)
    periods = _from_first_value(periods, values)
    targets = _targets(wish, periods, reader)
    kept = [p.id for p in periods]
    rows = values.loc[[*kept, *(w.id for w in windows if w.id not in kept)]].reset_index()
    rows["target"] = pd.Series([t.value if t else np.nan for t in targets]).reindex(rows.index)
    shown = protect(
        rows,
        table=wish.measure.table,
        columns=_columns(wish.measure, wish.period.kind, list(rows.columns), any(targets)),
        policy=params.disclosure,
    )
    by_id = dict(zip(rows["period"], points_of(shown), strict=True))
    table = shown.where(rows["period"].isin(kept))
    place = _place(params, wish.selection)
    words = wording.PERIOD_WORDS[wish.period.kind]
    before, before_label = _before(by_id, wish.period, windows, words.before)
    return Series(
        measure=wish.measure,
        name=wish.name or (f"{wish.measure.label}, {place}" if place else wish.measure.label),
        place=place,
        periods=tuple(periods),
        table=table,
        limits=_limits(table, wish, ongoing),
        before=before,
        before_label=before_label,
        last_year=None if ongoing and not wish.measure.stock else by_id.get(last_year.id),
        last_year_label=last_year.long,
        targets=tuple(targets) if any(targets) else (),
        ongoing=ongoing,
        shades=_shades(params, wish.selection, periods),
        selection=selection_words(params, wish.selection, periods),
        note=_snapshot_note(wish, reader),
        key=_key(wish),
        list_words=_LIST_WORDS[wish.selection.list] if wish.measure.stock else "",
        limit_days=_limit_days(wish, params),
    )


def _periods(wish: Wish) -> list[Period]:
    periods = [wish.period]
    while len(periods) < max(wish.count, 2):
        periods.append(periods[-1].previous())
    return periods[::-1]


def _windows(periods: Sequence[Period], night: date) -> tuple[list[Window], Period]:
    """The periods, the same a year before, and the days that one under way is compared with."""
    last = periods[-1]
    last_year = last.same_last_year()
    windows = [Window(p.start, p.end, p.id) for p in periods]
    if last_year not in periods:
        windows.append(Window(last_year.start, last_year.end, last_year.id))
    elapsed = (night - last.start).days
    if last.start < night < last.end:
        before = last.previous()
        end = min(before.start + timedelta(days=elapsed), before.end)
        windows.append(Window(before.start, end, _PARTIAL))
    return windows, last_year


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
        Column("period", PERIOD_HEADINGS[kind], _COLUMN_TYPES.get(kind, "period")),
        Column(
            "value",
            measure.label,
            measure.type,
            unit=measure.unit,
            decimals=measure.decimals,
            based_on=basis,
            numerator="numerator" if share else None,
            denominator="denominator" if share else None,
        ),
    ]
    if share:
        columns.append(Column("numerator", measure.parts[0], "count", part_of="denominator"))
        columns.append(Column("denominator", measure.parts[1], "count"))
    if basis:
        columns.append(Column("n", measure.basis, "count"))
    if with_target:
        columns.append(
            Column("target", "Mål", measure.type, measure.unit, measure.decimals, public=True)
        )
    return columns


def _targets(wish: Wish, periods: Sequence[Period], reader: Reader) -> list[Target | None]:
    """The target in force on the last day of each period, asked once between two changes."""
    from lpe_reports.measures.production import target_in_force

    table = reader.read("targets")
    table = table[table["measure"] == wish.measure.id]
    for unit in wish.target_units:
        rows = table[table["unit"] == unit]
        changes = sorted({*rows["valid_from"].dropna(), *rows["valid_to"].dropna()})
        asked: dict[int, Target | None] = {}
        found = []
        for period in periods if len(rows) else ():
            day = pd.Timestamp(period.last_day)
            stretch = 2 * bisect_left(changes, day) + (day in changes)
            if stretch not in asked:
                both = target_in_force(rows, measure=wish.measure.id, unit=unit, on=period.last_day)
                asked[stretch] = _target(*both) if both else None
            found.append(asked[stretch])
        if any(found):
            return found
    return [None] * len(periods)


def _target(value: float, direction: str) -> Target:
    return Target(value, "down" if direction == "down" else "up")


def _before(
    points: Mapping[str, Point], period: Period, windows: Sequence[Window], label: str
) -> tuple[Point | None, str]:
    partial = next((window for window in windows if window.id == _PARTIAL), None)
    if partial is None:
        return points.get(period.previous().id), label
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


def _shades(params: Params, selection: Selection, periods: Sequence[Period]) -> tuple[Shade, ...]:
    calendar = params.calendar
    start, end = periods[0].start, periods[-1].end
    shades = []
    for closure in calendar.closures_of([selection.unit] if selection.unit else [], start, end):
        touched = [
            number
            for number, period in enumerate(periods)
            if closure.start < period.end and closure.end >= period.start
        ]
        shades.append(Shade(touched[0], touched[-1], closure.name, closure=True))
    if periods[0].kind is PeriodKind.WEEK:
        for number, period in enumerate(periods):
            days = [d for d in calendar.holidays(period.start, period.end) if d.isoweekday() < 6]
            names = [calendar.holiday_name(day) for day in days]
            words = wording.listing([name for name in names if name])
            if words:
                shades.append(Shade(number, number, words, closure=False))
    return tuple(shades)


def _place(params: Params, selection: Selection) -> str:
    return "" if selection.unit is None else place_name(params, selection.unit)


def _key(wish: Wish) -> str:
    chosen = wish.selection
    parts = [chosen.unit, chosen.section, chosen.procedure]
    if wish.measure.stock and chosen.list != "operation":
        parts.append(chosen.list)
    return wording.slug("-".join([wish.measure.id, *(part for part in parts if part)]))


def _limit_days(wish: Wish, params: Params) -> int | None:
    if wish.measure.wording.form != "guarantee":
        return None
    return params.glossary.guarantee_days(wish.selection.list, wish.period.last_day)


def _snapshot_note(wish: Wish, reader: Reader) -> str:
    """Which night stands for the list, where the wanted one is missing."""
    if not wish.measure.stock:
        return ""
    wanted = min(wish.period.end, reader.night)
    found = reader.snapshot_on(wish.selection.list, wanted)
    if found is None or found == wanted:
        return ""
    return f"Listan den {wanted} saknas; siffrorna är från den {found}."
