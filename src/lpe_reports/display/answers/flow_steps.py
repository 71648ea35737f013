"""The steps from referral to home as the flow report counts them, and what it calls them."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from lpe_reports.disclosure.groups import Group
from lpe_reports.display.about import FLOW, time_of
from lpe_reports.display.page import Page
from lpe_reports.display.series.care_flow import way_to_operation
from lpe_reports.measures.flow import flow
from lpe_reports.measures.flow_steps import Pathway, Span
from lpe_reports.measures.grouping import share
from lpe_reports.measures.late_entry import NOT_REACHED, TOO_FEW
from lpe_reports.measures.linking import positions_of
from lpe_reports.periods import Period
from lpe_reports.wording import upper_first

STEP_NAMES = {
    "assessed": "Remiss till bedömning",
    "first_contact": "Bedömning till första kontakt",
    "decision": "Första kontakt till beslut",
    "request": "Beslut till anmälan",
    "operation": "Anmälan till operation",
    "postop": "Operation till postop",
    "home": "Postop till hemgång",
}
STEP_WORDS = {
    "assessed": "från remiss till bedömning",
    "first_contact": "från bedömning till första kontakt",
    "decision": "från första kontakt till beslut om operation",
    "request": "från beslut till operationsanmälan",
    "operation": "från operationsanmälan till operation",
    "postop": "från operation till postop",
    "home": "från postop till hemgång",
}
# Steps in which one waits on the same list: to first contact, and to operation.
_OF_ONE_LIST = (("assessed", "first_contact"), ("request", "operation"))
# Remarks that the summary knows a row by.
BOTTLENECK, NO_DATA, NOBODY = "Flaskhals", "Uppgift saknas", "Ingen i steget"
# Stays of patients who came out of the theatre before the period began.
_POSTOP_BEFORE, _STAYS_BEFORE = timedelta(days=60), timedelta(days=180)


def days_of(page: Page, of_before: bool) -> tuple[Period, date, date]:
    """The page's period, or the one before it, with its first day and the day after the last.

    Of the period before one that is under way as many days are counted.
    """
    if not of_before:
        return page.period, page.period.start, page.until
    before = page.period.previous()
    end = before.start + (page.until - page.period.start) if page.ongoing else before.end
    return before, before.start, min(end, before.end)


def whom(page: Page, of_before: bool) -> Group:
    """Those in a step of the way to a VO's operations in a period."""
    period, _, end = days_of(page, of_before)
    return Group.of(FLOW, vo=page.unit, time=time_of(period, end))


def steps_of(page: Page, of_before: bool) -> pd.DataFrame:
    """Every step of the page's VO in its period, or in the one before: see `measures.flow`.

    Returns:
        The columns of `flow`, and [in_step, fewest_waiting]: how many were in the step at some
        time, and how many are still in it, or in the other step of its waiting list where they are
        fewer. A row in a postoperative unit or a ward is no VO's own, so of these steps the share
        that could be linked is that of all VO together.
    """
    _, start, end = days_of(page, of_before)
    tables, every = _tables(page, start, end)
    found = flow(tables, by=[], start=start, end=end).set_index("step")
    for step, rows in every.items():
        linked, all_ = rows
        found.loc[step, "linkable"] = all_
        found.loc[step, "linked_share"] = share(pd.Series([linked]), pd.Series([all_])).iloc[0]
    in_step = found["done"] + found["left"].fillna(0) + found["still_waiting"].fillna(0)
    fewest = found["still_waiting"].astype("Int64")
    for steps in _OF_ONE_LIST:
        waiting = fewest.loc[[*steps]].fillna(0)
        somebody = waiting > 0
        fewest.loc[[*steps]] = waiting.mask(somebody, waiting[somebody].min())
    found = found.assign(in_step=in_step, fewest_waiting=fewest, timed=found["done"])
    return found.reset_index()


def remark_of(row: pd.Series, fewest: int) -> str:
    """What is to be said of a step beside its numbers; nothing where they speak for themselves.

    Args:
        row: A row of `steps_of`.
        fewest: Of how few patients nothing is told.
    """
    if row["state"] == "no_data":
        return NO_DATA
    if row["state"] == "nobody":
        return NOBODY
    if row["in_step"] < fewest:
        return ""
    if row["km_state"] == NOT_REACHED and row["still_waiting"]:
        still = "fler än hälften väntar ännu"
        return f"{BOTTLENECK}: {still}" if row["bottleneck"] else upper_first(still)
    if row["km_state"] == NOT_REACHED:
        return "De flesta går en annan väg"
    if row["km_state"] == TOO_FEW:
        return "För få följs för att medianen ska kunna anges"
    return BOTTLENECK if row["bottleneck"] else ""


def _tables(page: Page, start: date, end: date) -> tuple[Pathway, dict[str, tuple[int, int]]]:
    """The VO's tables; and of stays of all VO how many have an operation, and how many there are.

    Stays name an operation and no VO: only those of the VO's operations are looked at.
    """
    tables = way_to_operation(page, page.params, page.unit, page.until)
    operations = tables.operations
    every: dict[str, tuple[int, int]] = {}
    if operations is None:
        return tables, every
    for table, step, time, before, columns in (
        ("postop_stays", "postop", "arrived_at", _POSTOP_BEFORE, ["left_at"]),
        ("stays", "home", "discharged_at", _STAYS_BEFORE, ["discharged_to"]),
    ):
        if not page.has(table):
            continue
        wanted = ["operation_id", time, *columns]
        rows = page.read(table, start=start - before, end=end, columns=wanted)
        own = positions_of(rows["operation_id"], operations["operation_id"]) >= 0
        tables = replace(tables, **{table: rows[own]})
        if step != "home" or tables.postop_stays is not None:
            every[step] = _linked(page, rows[Span((), start, end).holds(rows[time])], start)
    return tables, every


def _linked(page: Page, rows: pd.DataFrame, start: date) -> tuple[int, int]:
    """How many of some stays name an operation that is known, of any VO; and how many there are."""
    known = page.read(
        "operations", start=start - _STAYS_BEFORE, end=page.until, columns=["operation_id"]
    )
    named = rows.loc[rows["operation_id"].notna(), "operation_id"]
    found = positions_of(named, known["operation_id"]) >= 0
    return int(found.sum()), len(named)
