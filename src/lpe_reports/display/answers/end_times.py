"""Answers of the end times report: when theatres were done, by theatre, weekday and half hour.

A theatre-day (salsdag) is one theatre on one day with at least one planned patient. Counts and
whole per cents are tables of their own: the office reads both, and a cell holds one number.
"""

import math
from collections.abc import Sequence
from datetime import date, time, timedelta

import pandas as pd

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.answer import answer, sentence
from lpe_reports.display.answers.utilisation import WEEKDAYS
from lpe_reports.display.page import Page
from lpe_reports.display.remarks import remarks
from lpe_reports.display.series.end_times import OPERATIONS, PLANNED
from lpe_reports.display.series.model import Series
from lpe_reports.measures.end_times import FIRST_CUTOFF, LAST_CUTOFF, end_bands, end_times_by
from lpe_reports.measures.times import falls_before
from lpe_reports.wording import ColumnType

ALL_THEATRES, ALL_DAYS = "Alla salar", "Alla"
_TABLE = "end_times"
_YEARS = 3


@answer
def theatres(page: Page) -> Protected:
    """The month's theatre-days per theatre and half hour: [theatre, total, <band>…], all last."""
    table = _wide(_by_theatre(page), ["theatre"], "theatre_days")
    return _protected(page, table, [Column("theatre", "Sal")], "count")


@answer
def theatre_shares(page: Page) -> Protected:
    """The same in whole per cents of each theatre's days: [theatre, <band>…]."""
    table = _wide(_by_theatre(page), ["theatre"], "share")
    return _protected(page, table, [Column("theatre", "Sal")], "share")


@answer
def weekdays(page: Page) -> Protected:
    """The theatre-days of some years per weekday and half hour, the newest year first.

    Returns:
        [year, weekday, total, <band>…]; the page's year reaches to the end of its month.
    """
    long = _by_weekday(page)
    table = _wide(long, ["year", "weekday"], "theatre_days")
    table = table.sort_values("year", ascending=False, kind="stable", ignore_index=True)
    heading = [Column("year", "År"), Column("weekday", "Veckodag")]
    return _protected(page, table, heading, "count")


@answer
def weekday_shares(page: Page) -> Protected:
    """The same in whole per cents, the years of each weekday together.

    Returns:
        [weekday_year, <band>…], such as "Måndag 2026".
    """
    long = _by_weekday(page)
    table = _wide(long, ["weekday", "year"], "share")
    table["weekday_year"] = table["weekday"] + " " + table["year"]
    return _protected(page, table, [Column("weekday_year", "Veckodag och år")], "share")


@sentence
def summary(page: Page) -> str:
    """When the last patient typically left, and how many theatre-days ended early and late."""
    last = page.parameters.get("history_months")
    typical = page.series("end_time_median", last=last)
    if typical.now.value is None:
        words = "har hittills inte haft några" if page.ongoing else "hade inga"
        return (
            f"{page.subject.name} {words} planerade patienter med anestesipersonal under "
            f"{page.period.long}."
        )
    first, second = cutoffs_of(page)
    grace = grace_of(page)
    early = page.series("ended_early", last=last, cutoff=first, grace_minutes=grace)
    late = page.series("ended_late", last=last, cutoff=second, grace_minutes=grace)
    left = "har hittills lämnat" if page.ongoing else "lämnade"
    days = early.now.denominator or 0
    verb = "har" if page.ongoing else ""
    return (
        f"Den sista planerade patienten {left} salen klockan {wording.clock(typical.now.value)} i "
        f"median{_than_before(typical)}. Av {wording.number(days)} "
        f"{wording.plural(days, 'salsdag', 'salsdagar')} {verb or 'slutade'} "
        f"{_count(early)}{' slutat' if verb else ''} före {first} och {_count(late)} klockan "
        f"{second} eller senare. {_late_words(late)}"
    )


@sentence
def selection(page: Page, *, years: int = 1, months: int = 1) -> str:
    """Whose end times, as the office writes it: unit, days, with anaesthesia staff, elective."""
    period = page.period
    for _ in range(months - 1):
        period = period.previous()
    first = _first_of_year(page, years) if years > 1 else period.start
    return (
        f"{page.subject.name}, {first.isoformat()} till {_last_day(page).isoformat()}, med "
        "anestesipersonal, elektiva"
    )


@sentence
def grace_note(page: Page) -> str:
    """What the grace does to the half hours, where there is one."""
    minutes = grace_of(page)
    if not minutes:
        return ""
    words = wording.plural(minutes, "minut", "minuter")
    return (
        f"Den som lämnar salen högst {wording.number(minutes)} {words} efter att en halvtimme "
        "börjat räknas till halvtimmen före."
    )


@sentence
def year_under_way(page: Page) -> str:
    """That the page's year is not whole, so that its seasons differ from the others'."""
    if page.period.end.month == 1 and not page.ongoing:
        return ""
    return (
        f"{page.period.start.year} räknas till och med {wording.day(_last_day(page))}; åren före "
        "är hela, med sommar och helger."
    )


def cutoffs_of(page: Page) -> tuple[str, str]:
    """Where the first half hour begins and where the last one ends, as "14:00"."""
    usual = (FIRST_CUTOFF.isoformat("minutes"), LAST_CUTOFF.isoformat("minutes"))
    first, last = page.parameters.get("cutoffs", usual)
    return str(first), str(last)


def grace_of(page: Page) -> float:
    """Minutes after a half hour began that are still counted to the one before."""
    return float(page.parameters.get("grace_minutes", 0))


def _than_before(typical: Series) -> str:
    now, before = typical.now.value, typical.before
    if now is None or before is None or before.value is None:
        return ""
    # As the clock is shown: half a minute is rounded up.
    change = math.floor(now + 0.5) - math.floor(before.value + 0.5)
    if change == 0:
        return f", lika dags som {typical.before_label}"
    minutes = f"{abs(change)}{wording.NBSP}{wording.plural(abs(change), 'minut', 'minuter')}"
    return f", {minutes} {'senare' if change > 0 else 'tidigare'} än {typical.before_label}"


def _count(ended: Series) -> str:
    count = ended.now.numerator or 0
    return wording.number(count) if count > 1 else "en" if count else "ingen"


def _late_words(late: Series) -> str:
    said = wording.listing([remark.words for remark in remarks(late)])
    verb = "är" if late.ongoing else "var"
    return (
        f"Andelen sena {verb} {wording.share(late.now.value or 0.0)}{', ' if said else ''}{said}."
    )


def _by_theatre(page: Page) -> pd.DataFrame:
    """The month's theatre-days per theatre and band, and of all theatres together."""
    operations = _operations(page, page.period.start)
    each = _bands(page, operations, ["theatre"])
    return _and_all(each, _bands(page, operations, []), theatre=ALL_THEATRES)


def _by_weekday(page: Page) -> pd.DataFrame:
    """The theatre-days of the years per year, weekday and band, and of all weekdays together."""
    operations = _operations(page, _first_of_year(page, _years(page)))
    each = _bands(page, operations, ["weekday", "year"])
    names = [WEEKDAYS[int(number) - 1] for number in each["weekday"]]
    each["weekday"] = pd.array(names, dtype="str")
    return _and_all(each, _bands(page, operations, ["year"]), weekday=ALL_DAYS)


def _and_all(each: pd.DataFrame, total: pd.DataFrame, **words: str) -> pd.DataFrame:
    return pd.concat([each, total.assign(**words)], ignore_index=True) if len(each) else each


def _operations(page: Page, first: date) -> pd.DataFrame:
    """Planned operations with anaesthesia staff, of days that the page is about."""
    rows = page.read(
        "operations",
        units=[page.unit],
        start=first,
        end=min(page.period.end, page.until),
        where=PLANNED,
        columns=OPERATIONS,
    )
    # The day is the one that the patient came on; who came before the first is of a day before.
    rows = rows[~falls_before(rows["patient_in_at"], first)]
    grace = pd.Timedelta(minutes=grace_of(page))
    return rows.assign(patient_out_at=rows["patient_out_at"] - grace) if grace else rows


def _bands(page: Page, operations: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    first, last = map(time.fromisoformat, cutoffs_of(page))
    found = end_times_by(operations, by=by, first=first, last=last)
    return found.assign(share=found["per_cent"] / 100)


def _wide(long: pd.DataFrame, keys: Sequence[str], value: str) -> pd.DataFrame:
    """A row per group in the order of the groups, its number of days, a column per band."""
    order = long[[*keys, "total"]].drop_duplicates(list(keys))
    if order.empty:
        return order
    wide = long.pivot(index=list(keys), columns="band", values=value)
    return order.join(wide, on=list(keys))


def _protected(
    page: Page, table: pd.DataFrame, headings: Sequence[Column], kind: ColumnType
) -> Protected:
    first, last = map(time.fromisoformat, cutoffs_of(page))
    bands = end_bands(first, last)
    # Where there are no days there is not even a band.
    table = table.reindex(columns=[*table.columns.difference(list(bands)), *bands])
    table = table.rename(columns={name: f"band_{n}" for n, name in enumerate(bands)})
    columns = [*headings]
    if kind == "count":
        columns.append(Column("total", "Summa", "count"))
    columns += [Column(f"band_{n}", name, kind, decimals=0) for n, name in enumerate(bands)]
    return page.protect(table, table=_TABLE, columns=columns)


def _years(page: Page) -> int:
    return int(page.parameters.get("years", _YEARS))


def _first_of_year(page: Page, years: int) -> date:
    """The first day of so many years, the last of which is the page's."""
    return date(page.period.start.year - years + 1, 1, 1)


def _last_day(page: Page) -> date:
    """The last day that the page is about: of its period, or the one before the night."""
    return min(page.period.end, page.until) - timedelta(days=1)
