"""Answers of the utilisation report: the seven definitions of one month side by side."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.answer import answer, sentence
from lpe_reports.display.answers.lead_times_reading import when
from lpe_reports.display.page import Page
from lpe_reports.display.series.model import Series
from lpe_reports.display.series.registry import get_measure
from lpe_reports.measures.grouping import with_period
from lpe_reports.measures.utilisation import (
    ALL,
    CREDITED_TURNOVER_MINUTES,
    definition_effect,
    elective_days,
    under_over_use_by,
    utilisation_by,
)
from lpe_reports.periods import Period

WEEKDAYS = ("Måndag", "Tisdag", "Onsdag", "Torsdag", "Fredag", "Lördag", "Söndag")
_OPERATIONS = [
    "operating_unit", "theatre", "patient_in_at", "surgery_start_at", "surgery_end_at",
    "patient_out_at",
]  # fmt: skip
_SESSIONS = [
    "operating_unit", "theatre", "date", "start_at", "end_at", "vo", "status",
    "staffed_from_at", "staffed_to_at",
]  # fmt: skip
_HISTORY_MONTHS = 12


@answer
def definitions(page: Page) -> Protected:
    """The seven definitions in the page's month, with the month before and a year before.

    Returns:
        [definition, numerator_hours, denominator_hours, sessions, share, before, last_year]:
        one row per definition.
    """
    months = {"share": page.period, "before": page.period.previous()}
    months["last_year"] = page.period.same_last_year()
    found = {name: _utilisation(page, month, []) for name, month in months.items()}
    table = found["share"].set_index("definition")
    for name in ("before", "last_year"):
        table[name] = found[name].set_index("definition")["share"].reindex(table.index)
    table = table.assign(
        numerator_hours=table["numerator_minutes"] / 60,
        denominator_hours=table["denominator_minutes"] / 60,
    ).reset_index()
    table["definition"] = table["definition"].map(lambda name: get_measure(name).label)
    columns = [
        Column("definition", "Sätt att räkna"),
        Column("numerator_hours", "Använd tid", "hours", unit="tim", decimals=0),
        Column("denominator_hours", "Tillgänglig tid", "hours", unit="tim", decimals=0),
        Column("sessions", "Salspass", "count"),
        Column("share", "Nyttjandegrad", "share"),
        Column("before", wording.upper_first(months["before"].long), "share"),
        Column("last_year", wording.upper_first(months["last_year"].long), "share"),
    ]
    return page.protect(table, table="utilisation", columns=columns)


@answer
def by_weekday(page: Page, *, shown: Sequence[str]) -> Protected:
    """Chosen definitions per weekday of the month: [weekday, sessions, <definition>…]."""
    wide = _wide(_utilisation(page, page.period, ["weekday"]), "weekday", shown)
    wide["weekday"] = wide["weekday"].map(lambda number: WEEKDAYS[int(number) - 1])
    return _shares(page, wide, Column("weekday", "Veckodag"), shown)


@answer
def by_vo(page: Page, *, shown: Sequence[str]) -> Protected:
    """Chosen definitions per VO that the sessions were given to: [vo, sessions, <definition>…]."""
    wide = _wide(_utilisation(page, page.period, ["vo"]), "vo", shown)
    wide = _largest_first(wide)
    wide["vo"] = wide["vo"].map(lambda vo: _vo_name(page, vo))
    return _shares(page, wide, Column("vo", "Verksamhetsområde"), shown)


@answer
def under_over_use(page: Page) -> Protected:
    """Unused session time and time outside sessions per VO, in hours, with a row for all.

    Returns:
        [vo, sessions, session_hours, unused_hours, over_hours].
    """
    operations, sessions = _read(page, page.period)
    used = under_over_use_by(operations, sessions, by=["vo"])
    used = _largest_first(used)
    used["vo"] = used["vo"].map(lambda vo: _vo_name(page, vo))
    minutes = ["session_minutes", "unused_minutes", "over_minutes"]
    total = {"vo": "Alla", **used[[*minutes, "sessions"]].sum().to_dict()}
    rows = pd.concat([used, pd.DataFrame([total])], ignore_index=True) if len(used) else used
    hours = {name.replace("minutes", "hours"): rows[name] / 60 for name in minutes}
    columns = [
        Column("vo", "Verksamhetsområde"),
        Column("sessions", "Salspass", "count"),
        Column("session_hours", "Passtid", "hours", unit="tim"),
        Column("unused_hours", "Outnyttjad passtid", "hours", unit="tim"),
        Column("over_hours", "Tid utanför pass", "hours", unit="tim"),
    ]
    return page.protect(rows.assign(**hours), table="under_over_use", columns=columns)


@answer
def effect(page: Page) -> Protected:
    """How much of the difference between shares is definition: over the last twelve months.

    Returns:
        [part, share]: the definition, the month, and what is left.
    """
    first = page.period
    for _ in range(_HISTORY_MONTHS - 1):
        first = first.previous()
    operations, sessions = _read(page, page.period, first)
    shares = utilisation_by(
        operations,
        with_period(sessions, "date", page.period.kind, as_="month"),
        by=["month"],
        calendar_days=_elective(page, first, page.period),
        turnover_cap_minutes=_cap(page),
    )
    parts = definition_effect(shares)
    rows = pd.DataFrame(
        {
            "part": ["Hur man räknar", "Vilken månad det gäller", "Samspel mellan dem"],
            "share": [parts.definition, parts.period, parts.remainder],
        }
    )
    columns = [Column("part", "Del av skillnaden"), Column("share", "Andel", "share", decimals=0)]
    return page.protect(rows, table="utilisation", columns=columns)


@sentence
def summary(page: Page) -> str:
    """How much of the session time patients were in theatre, and what was lost beside it."""
    used, unused, over = page.measures(["aacd_raw", "under_use", "over_use"], last=2)
    value = used.now.value
    if value is None:
        when = f"hittills under {page.period.long}" if page.ongoing else f"under {page.period.long}"
        return f"{page.subject.name} har inte haft några öppna salspass {when}."
    share = wording.share(value)
    text = f"Patienter var på sal {share} av passtiden"
    if page.ongoing:
        text = f"Hittills har patienter varit på sal {share} av passtiden"
    if used.target is not None:
        text += f", {_against(value, used.target.value)}"
    hours, outside = _hours(unused), _hours(over)
    if page.ongoing:
        lost, outside = f"har {hours} inte använts", f"{outside} har legat"
    else:
        lost, outside = f"användes {hours} inte", f"{outside} låg"
    return (
        f"{text}. Av passtiden {lost}{_than_before(unused)}, och {outside} utanför passen"
        f"{_than_before(over)}."
    )


def _against(value: float, target: float) -> str:
    points = round(100 * abs(value - target), 1)
    if points == 0:
        return f"precis målet {wording.share(target, 0)}"
    side = "över" if value > target else "under"
    return f"{wording.number(points, 1)} procentenheter {side} målet {wording.share(target, 0)}"


def _hours(series: Series) -> str:
    hours = wording.number(series.now.value or 0)
    return "en timme" if hours == "1" else f"{hours} timmar"


def _than_before(series: Series) -> str:
    """How many hours more or fewer than in the period that it is compared with."""
    before, now = series.before, series.now.value
    if before is None or before.value is None or now is None:
        return ""
    change = round(now) - round(before.value)
    if change == 0:
        return f", lika många som {series.before_label}"
    words = "fler" if change > 0 else "färre"
    return f", {wording.count_word(abs(change))} {words} än {series.before_label}"


@sentence
def selection(page: Page, *, months: int = 1) -> str:
    """Whose time it is: the unit's own theatres, open sessions."""
    days = when(page, months)
    return f"{page.subject.name}, öppna salspass med alla operationer i salarna, {days}"


def _utilisation(page: Page, period: Period, by: Sequence[str]) -> pd.DataFrame:
    operations, sessions = _read(page, period)
    return utilisation_by(
        operations,
        sessions,
        by=by,
        calendar_days=_elective(page, period, period),
        definitions=ALL,
        turnover_cap_minutes=_cap(page),
    )


def _read(
    page: Page, period: Period, first: Period | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All operations of the unit and all its sessions, from the first period's start.

    Sessions are planned ahead; those of days that have not been are nobody's unused time.
    """
    start, end = (first or period).start, min(period.end, page.until)
    days: dict[str, Any] = {"units": [page.unit], "start": start, "end": end}
    return (
        page.read("operations", columns=_OPERATIONS, **days),
        page.read("sessions", columns=_SESSIONS, **days),
    )


def _elective(page: Page, first: Period, last: Period) -> pd.DataFrame:
    holidays = page.params.calendar.holidays(first.start, last.end)
    return elective_days(first.start, last.end, holidays)


def _cap(page: Page) -> float:
    return float(page.parameters.get("turnover_cap_minutes", CREDITED_TURNOVER_MINUTES))


def _wide(long: pd.DataFrame, key: str, shown: Sequence[str]) -> pd.DataFrame:
    """A row per group, a column per definition, and the sessions of the first of them."""
    wide = long.pivot(index=key, columns="definition", values="share").reindex(columns=list(shown))
    sessions = long[long["definition"] == shown[0]].set_index(key)["sessions"]
    return wide.assign(sessions=sessions).rename_axis(columns=None).reset_index()


def _shares(page: Page, wide: pd.DataFrame, key: Column, shown: Sequence[str]) -> Protected:
    columns = [key, Column("sessions", "Salspass", "count")]
    columns += [Column(name, get_measure(name).label, "share") for name in shown]
    return page.protect(wide, table="utilisation", columns=columns)


def _largest_first(frame: pd.DataFrame) -> pd.DataFrame:
    """The verksamhetsområde with the most sessions first, what nobody was given last."""
    ordered = frame.assign(_nobody=frame["vo"].isna())
    return ordered.sort_values(["_nobody", "sessions", "vo"], ascending=[True, False, True])


def _vo_name(page: Page, vo: object) -> str:
    return page.params.units.get(vo).name if isinstance(vo, str) else "Ej fördelat"
