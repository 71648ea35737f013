"""Answers of the postop report: how long patients stay, and how long they wait for a ward."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.drafts import Draft
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.about import STAY_KNOWN, WAITED, WARD_KNOWN, Traits
from lpe_reports.display.answer import answer, sentence
from lpe_reports.display.answers.postop_divisions import (
    ON_CALL,
    Division,
    on_call,
    stays_of,
    total_of,
    weekdays,
    whom,
    with_total,
)
from lpe_reports.display.page import Page
from lpe_reports.display.series.postop import whole_minutes
from lpe_reports.measures.postop import postop_stays_by, ward_waits_by

_CLOCK = "h:mm"
_NOBODY = "Inga vårdtillfällen under perioden."
_DAY, _CATEGORY = "_day", "_category"


@answer
def by_on_call(page: Page) -> Protected:
    """Time in postoperative care by on-call category, all of them last.

    Returns:
        [name, stays, median_minutes, p90_minutes].
    """
    return _coarsest(page, on_call(page), _times)


@answer
def by_weekday(page: Page) -> Protected:
    """Time in postoperative care by the weekday of arrival: columns as `by_on_call`."""
    return _coarsest(page, weekdays(page), _times)


@answer
def matrix(page: Page) -> Protected:
    """Median time in postoperative care by weekday and on-call category.

    Returns:
        [name, <category>…]: a row per weekday that somebody came on, a column per category that
        somebody came in; ordinary hours and all others where too many would be hidden.
    """
    days, *_ = weekdays(page)
    drafts = [_matrix(page, days, way) for way in on_call(page) if way.parts]
    nothing = Draft(drafts[-1].frame.iloc[:0], drafts[-1].columns, about=whom(page))
    notes = [way.note for way in on_call(page) if way.parts]
    notes.append("Visas inte per veckodag och jourkategori: då skulle för många tal döljas.")
    return page.protect_coarsest([*drafts, nothing], table="postop", notes=_noted(page, notes))


@answer
def ward_waits(page: Page) -> Protected:
    """Time from ready to left by on-call category, all of them last.

    Returns:
        [name, waited, share_waited, median_minutes, p90_minutes].
    """
    return _coarsest(page, on_call(page), _waits)


@answer
def ward_waits_by_weekday(page: Page) -> Protected:
    """How many stayed on for more than half an hour, by the weekday of arrival.

    Returns:
        [name, waited, share_waited].
    """
    return _coarsest(page, weekdays(page), partial(_waits, clock=False))


@sentence
def selection(page: Page, *, quarters: int = 1) -> str:
    """Whose stays: all who came, elective and emergency, with the days."""
    whose = f"{page.subject.name}, alla vårdtillfällen, planerade och akuta"
    if quarters > 1:
        return f"{whose}, {quarters} kvartal till och med {page.period.long}"
    last = page.until - timedelta(days=1)
    return f"{whose}, ankomst {page.period.start} till {last}"


def _coarsest(
    page: Page, divisions: Sequence[Division], draft: Callable[[Page, Division], Draft]
) -> Protected:
    drafts = [draft(page, division) for division in divisions]
    notes = _noted(page, [division.note for division in divisions])
    return page.protect_coarsest(drafts, table="postop", notes=notes)


def _noted(page: Page, notes: Sequence[str]) -> list[str]:
    """What is said of each way to divide; where nobody came, that in place of them all."""
    return list(notes) if len(stays_of(page)) else [_NOBODY for _ in notes]


def _times(page: Page, division: Division) -> Draft:
    rows = with_total(page, division, postop_stays_by)
    columns = [division.column, Column("stays", "Vårdtillfällen", "count"), *_clock(STAY_KNOWN)]
    return Draft(rows, columns, total_of(rows), whom(page))


def _waits(page: Page, division: Division, *, clock: bool = True) -> Draft:
    """How many have known times is not shown: beside all stays it tells how few have not."""
    rows = with_total(page, division, ward_waits_by)
    # From the exact share, and how many it is of, it would follow.
    rows["share_waited"] = rows["share_waited"].round(2)
    columns = [
        division.column,
        Column("waited", "Kvar mer än 30 min", "count", part_of="timed", traits=WAITED),
        Column(
            "share_waited", "Andel", "share", decimals=0, numerator="waited", denominator="timed"
        ),
        *(_clock(WARD_KNOWN) if clock else []),
    ]
    return Draft(rows, columns, total_of(rows), whom(page))


def _clock(traits: Traits) -> list[Column]:
    labels = {"median_minutes": "Median", "p90_minutes": "90:e percentil"}
    return [
        Column(name, label, "minutes", unit=_CLOCK, based_on="basis", traits=traits)
        for name, label in labels.items()
    ]


def _matrix(page: Page, days: Division, categories: Division) -> Draft:
    stays = categories.divided(days.divided(stays_of(page), _DAY), _CATEGORY)
    counted = postop_stays_by(stays, by=[_DAY, _CATEGORY])
    counted = counted.assign(median_minutes=whole_minutes(counted["median_minutes"]))
    rows = days.named(counted[[_DAY]].drop_duplicates(), _DAY)
    columns = [days.column]
    for part in categories.parts:
        of = counted[counted[_CATEGORY] == part.id].set_index(_DAY)
        if not len(of) and len(counted):
            continue
        n = f"n_{part.id}"
        rows[part.id] = of["median_minutes"].reindex(rows["id"]).to_numpy()
        rows[n] = of["timed"].reindex(rows["id"]).fillna(0).to_numpy()
        traits = ((ON_CALL, part.id), *STAY_KNOWN)
        column = Column(part.id, part.name, "minutes", unit=_CLOCK, based_on=n, traits=traits)
        columns.append(column)
    return Draft(pd.DataFrame(rows), columns, about=whom(page))
