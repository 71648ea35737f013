"""Answers of the waiting lists report: how those left the lists who did."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.drafts import Draft
from lpe_reports.disclosure.groups import TIME, Group
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.about import LEFT, MOVED, time_of
from lpe_reports.display.answer import answer
from lpe_reports.display.page import Page
from lpe_reports.display.series.queues import (
    clinics_of,
    ended_first_contact_waits,
    ended_operation_waits,
    to_nearest,
)
from lpe_reports.measures.list_flow import MET, UNSAID
from lpe_reports.measures.spells import OPERATED
from lpe_reports.measures.times import falls_before
from lpe_reports.periods import Period, PeriodKind, period_at

_REMOVED = "removed"
_OUTCOMES: Mapping[str, Mapping[str, str]] = {
    "operation": {
        OPERATED: "Opererade",
        "patient_declined": "Avböjde själva",
        "medical": "Medicinska skäl",
        "elsewhere": "Opererade hos annan vårdgivare",
        "deceased": "Avlidna",
        UNSAID: "Annat skäl",
    },
    "first_contact": {
        MET: "Första kontakt",
        "returned": "Remissen återsänd",
        "redirected": "Remissen skickad vidare",
        "withdrawn": "Remissen återkallad",
        UNSAID: "Avslutad på annat sätt",
    },
}
_NOTES = (
    "",
    "Visas bara för tolv månader tillsammans: för månaden skulle för många tal döljas.",
    "Alla som togs bort visas tillsammans: skäl för skäl skulle för många tal döljas.",
    "Visas inte: för många tal skulle döljas.",
)


@answer
def outcomes(page: Page, *, list: str) -> Protected:
    """How waits ended in the twelve months that end with the page's, and for what reason.

    Of the list to operation no single month is shown: in one so few are taken off it for another
    reason than the operation that they would be hidden, and what came, what left and what is left
    would tell them all the same. Twelve months are rounded, without a row for all: two of them that
    end a month apart would tell how a month differs from the same one a year ago. Of referrals,
    which are many, the month stands beside.

    Returns:
        [outcome, month, year]: a row for each way to leave the list, and one for all. The month
        is left out, or reasons stand together, where too many would be hidden.
    """
    year = twelve_months(page)
    counted = _counted(page, list, {"month": page.period, "year": year})
    first, names = counted.index[0], dict(_OUTCOMES[list])
    coarse = pd.DataFrame(
        {name: [counted[name].iloc[0], counted[name].iloc[1:].sum()] for name in counted},
        index=[first, _REMOVED],
    )
    names[_REMOVED] = "Borttagna av annat skäl"
    word = "Hittills i månaden" if page.ongoing else "Månaden"
    month, twelve = (
        Column(name, label, "count", traits=(*LEFT, (TIME, time_of(period, page.until))))
        for name, label, period in (("month", word, page.period), ("year", "Tolv månader", year))
    )
    about = Group.of(MOVED, list=list, vo=page.unit)
    if list == "operation":
        return _rounded(page, counted, coarse, names, about)
    drafts = []
    for rows, columns in ((counted, (month, twelve)), (counted, (twelve,)), (coarse, (twelve,))):
        frame = _with_total(rows, names)
        shown = [Column("outcome", "Hur", trait="outcome", trait_from="outcome_id"), *columns]
        drafts.append(Draft(frame, shown, total_row=len(frame) - 1, about=about))
    drafts.append(Draft(frame.iloc[:0], shown, about=about))
    return page.protect_coarsest(drafts, table="list_flow", notes=_NOTES)


def _rounded(
    page: Page,
    counted: pd.DataFrame,
    coarse: pd.DataFrame,
    names: Mapping[str, str],
    about: Group,
) -> Protected:
    """Twelve months to the nearest multiple of what is shown at all, see `outcomes`."""
    shown = [
        Column("outcome", "Hur", trait="outcome", trait_from="outcome_id"),
        Column(
            "year",
            "Tolv månader, ca",
            "count",
            based_on="ended",
            traits=(*LEFT, (TIME, time_of(twelve_months(page), page.until))),
            reckoned=True,
        ),
    ]
    drafts = []
    for rows in (counted, coarse):
        ended = rows["year"].rename_axis("outcome_id").rename("ended").reset_index()
        frame = ended.assign(
            outcome=[names[key] for key in rows.index],
            year=to_nearest(ended["ended"], page.params.disclosure.threshold),
        )
        drafts.append(Draft(frame, shown, about=about))
    drafts.append(Draft(drafts[0].frame.iloc[:0], shown, about=about))
    return page.protect_coarsest(drafts, table="list_flow", notes=("", *_NOTES[2:]))


def twelve_months(page: Page) -> Period:
    """The twelve months that end with the page's."""
    return period_at(PeriodKind.ROLLING12, page.period.start)


def read_from(page: Page) -> tuple[date, date]:
    """The days whose events the report is about: those that its series ask for too."""
    return page.period.same_last_year().start, page.until


def _counted(page: Page, list_: str, periods: Mapping[str, Period]) -> pd.DataFrame:
    """How many left in each way: a row per outcome that occurs, a column per period."""
    reach = read_from(page)
    if list_ == "operation":
        ended = ended_operation_waits(page, page.unit, reach)
    else:
        ended = ended_first_contact_waits(page, clinics_of(page.params, page.unit), reach)
    known = _OUTCOMES[list_]
    outcome = ended["outcome"].where(ended["outcome"].isin(known), UNSAID)
    counted = pd.DataFrame(
        {
            name: outcome[_within(page, ended["ended_on"], period)].value_counts()
            for name, period in periods.items()
        }
    )
    counted = counted.reindex([*known]).fillna(0).astype("int64")
    # The first is what is waited for; a way that nobody went says nothing.
    return counted[[True, *(counted.iloc[1:].sum(axis=1) > 0)]]


def _within(page: Page, times: "pd.Series[Any]", period: Period) -> "pd.Series[Any]":
    """Whether each time lies in a period, as far as it is known."""
    return falls_before(times, min(period.end, page.until)) & ~falls_before(times, period.start)


def _with_total(counted: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    rows = counted.rename_axis("outcome_id").reset_index()
    total = pd.DataFrame([{"outcome_id": None, **counted.sum().to_dict()}])
    frame = pd.concat([rows, total], ignore_index=True)
    return frame.assign(outcome=[*(names[key] for key in counted.index), "Alla"])
