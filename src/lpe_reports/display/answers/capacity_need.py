"""The theatre hours that those waiting at a department need, by VO and medical priority.

About patients: who waits is counted, and hidden where few are.
"""

from datetime import date

import numpy as np
import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.drafts import Draft
from lpe_reports.disclosure.groups import UNIT, Group
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.about import WAITING
from lpe_reports.display.answer import answer
from lpe_reports.display.answers.capacity_frames import (
    ALL,
    vo_name,
    whole_schedule,
    without_total,
)
from lpe_reports.display.page import Page
from lpe_reports.measures.grouping import share
from lpe_reports.measures.need import need_by, open_needs, theatre_minutes

_YEARS_LEARNT = 2
_UNKNOWN = "unknown"
# The medically longest wait of each band, its id and its name.
_BANDS = (
    (30, "0-30", "Högst 30 dagar"),
    (90, "31-90", "31–90 dagar"),
    (180, "91-180", "91–180 dagar"),
    (np.inf, "181-", "Över 180 dagar"),
)
_URGENT = _BANDS[0][1]
_NAMES = {id_: name for _, id_, name in _BANDS} | {_UNKNOWN: "Ingen angiven"}
_NOT_SHOWN = "Behovet visas inte, eftersom för många av talen skulle gälla för få patienter."
_COARSER = "Visas utan dem med kortast prioritet: med dem skulle för många tal döljas."
_WITHOUT_PAST = "Visas utan passerad senaste dag: med den skulle för många tal döljas."


@answer
def need_by_vo(page: Page, *, total: bool = True) -> Protected:
    """What those waiting at the unit need against what the schedule gave their VO.

    Args:
        page: The page.
        total: Whether with the row for all; charts are drawn without.

    Returns:
        [vo, waiting, urgent, need_hours, urgent_hours, session_hours, schedules_needed]: urgent
        are those with a medical priority of 30 days at most; without them where too many cells
        would be hidden; no rows where still too many would.
    """
    if not total:
        return without_total(need_by_vo(page, total=True))
    cells = _cells(page)
    urgent = cells[cells["band"] == _URGENT]
    rows = _summed(cells, "vo").merge(
        _summed(urgent, "vo").rename(
            columns={"waiting": "urgent", "need_hours": "urgent_hours", "_largest": "_urgent"}
        ),
        on="vo", how="left", suffixes=("", "_of_urgent"),
    )  # fmt: skip
    rows[["urgent", "urgent_hours", "_urgent"]] = rows[
        ["urgent", "urgent_hours", "_urgent"]
    ].fillna(0.0)
    given = whole_schedule(page).set_index("vo")["open_hours"]
    rows["session_hours"] = rows["vo"].map(given).astype("float64").fillna(0.0)
    rows = rows.sort_values("need_hours", ascending=False, ignore_index=True)
    rows = _with_total(rows, "vo")
    rows["schedules_needed"] = share(rows["need_hours"], rows["session_hours"])
    rows["vo_id"] = rows["vo"].where(rows["vo"] != ALL)
    rows["vo"] = rows["vo"].map(lambda vo: vo if vo == ALL else vo_name(page, vo)).astype("str")
    return _without_telling(
        page.protect_coarsest(
            [_vo_draft(page, rows, with_urgent=True), _vo_draft(page, rows, with_urgent=False),
             _vo_draft(page, rows.iloc[:0], with_urgent=False)],
            table="need_by_priority",
            notes=["", _COARSER, _NOT_SHOWN],
        )
    )  # fmt: skip


@answer
def need_by_priority(page: Page) -> Protected:
    """Who waits at the unit by medical priority, and the theatre hours that they need.

    Returns:
        [priority, waiting, past_latest, need_hours], with a row for all; without those past their
        latest date where too many cells would be hidden.
    """
    rows = _summed(_cells(page), "band")
    order = {band: number for number, band in enumerate(_NAMES)}
    rows = rows.sort_values("band", key=lambda bands: bands.map(order), ignore_index=True)
    rows = _with_total(rows, "band")
    rows["priority"] = rows["band"].map(_NAMES).fillna(ALL).astype("str")
    rows["band"] = rows["band"].where(rows["band"] != ALL)
    drafts = [_priority_draft(page, rows, with_past=with_past) for with_past in (True, False)]
    return page.protect_coarsest(
        [*drafts, _priority_draft(page, rows.iloc[:0], with_past=False)],
        table="need_by_priority",
        notes=["", _WITHOUT_PAST, _NOT_SHOWN],
    )


def _vo_draft(page: Page, rows: pd.DataFrame, *, with_urgent: bool) -> Draft:
    urgent = [
        Column("urgent", "varav prioritet högst 30 dagar", "count", part_of="waiting",
               traits=(("priority", _URGENT),)),
        Column("urgent_hours", "varav prioritet högst 30 dagar, tim", "hours", decimals=0,
               based_on="urgent", largest="_urgent"),
    ]  # fmt: skip
    columns = [
        Column("vo", "Verksamhetsområde", trait="vo", trait_from="vo_id"),
        Column("waiting", "Väntande", "count"),
        *urgent[:with_urgent],
        Column("need_hours", "Behov", "hours", "tim", 0, based_on="waiting", largest="_largest"),
        *(urgent[1:] if with_urgent else []),
        Column("session_hours", "Öppen tid i schemat", "hours", "tim", 0, public=True),
        Column("schedules_needed", "Scheman som behövs", "number", based_on="waiting"),
    ]
    return Draft(rows, columns, _total(rows), _waiting_here(page))


def _priority_draft(page: Page, rows: pd.DataFrame, *, with_past: bool) -> Draft:
    past = Column("past_latest", "Senaste dag passerad", "count", part_of="waiting",
                  traits=(("past_latest", "yes"),))  # fmt: skip
    columns = [
        Column("priority", "Bör opereras inom", trait="priority", trait_from="band"),
        Column("waiting", "Väntande", "count"),
        *([past] if with_past else []),
        Column("need_hours", "Behov", "hours", "tim", 0, based_on="waiting", largest="_largest"),
    ]
    return Draft(rows, columns, _total(rows), _waiting_here(page))


def _without_telling(table: Protected) -> Protected:
    """The table without the quotient where it would tell hours that are hidden beside it."""
    hidden = table.hidden
    if (hidden["need_hours"] & ~hidden["schedules_needed"]).any():
        kept = [column.id for column in table.columns if column.id != "schedules_needed"]
        return table.select(*kept)
    return table


def _cells(page: Page) -> pd.DataFrame:
    """Each VO's open needs of each band: [vo, band, waiting, past_latest, need_hours, _largest]."""

    def make() -> pd.DataFrame:
        needs, operations = _needs(page), _learnt_from(page)
        keys = ["vo", "band"]
        counted = need_by(needs, operations, by=keys, on=page.until)
        waiting = open_needs(needs, on=page.until)
        hours = theatre_minutes(waiting, operations)["minutes"].fillna(0.0) / 60
        largest = hours.groupby([waiting[key] for key in keys]).max().rename("_largest")
        return counted.merge(largest.reset_index(), on=keys, how="left")

    return page.once("needs by vo and priority", make)


def _needs(page: Page) -> pd.DataFrame:
    needs = page.read(
        "needs",
        units=[page.unit],
        end=page.until,
        where={"urgency": "elective"},
        columns=[
            "decided_at", "removed_at", "latest_on", "procedure_code", "operating_unit", "vo",
            "medical_priority",
        ],
    )  # fmt: skip
    days = needs["medical_priority"].to_numpy(dtype=float, na_value=np.nan)
    edges = [edge for edge, _, _ in _BANDS]
    ids = np.array([*(id_ for _, id_, _ in _BANDS), _UNKNOWN], dtype=object)
    band = np.where(np.isnan(days), len(_BANDS), np.searchsorted(edges, days))
    return needs.assign(band=pd.array(ids[band], dtype="str"), vo=needs["vo"].astype("str"))


def _learnt_from(page: Page) -> pd.DataFrame:
    """The elective operations of the county that theatre times are learnt from."""
    end = page.until
    return page.read(
        "operations",
        start=date(end.year - _YEARS_LEARNT, end.month, 1),
        end=end,
        where={"urgency": "elective"},
        columns=["operating_unit", "procedure_code", "patient_in_at", "patient_out_at"],
    )


def _summed(cells: pd.DataFrame, key: str) -> pd.DataFrame:
    groups = cells.groupby(key)
    sums = groups[["waiting", "past_latest", "need_hours"]].sum()
    return sums.join(groups["_largest"].max()).reset_index()


def _with_total(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """The rows and, where there are several, one for all."""
    if len(rows) < 2:
        return rows
    largest = [name for name in ("_largest", "_urgent") if name in rows]
    numbers = rows.drop(columns=[key, *largest]).sum().to_dict()
    total = {key: ALL, **numbers, **rows[largest].max().to_dict()}
    return pd.concat([rows, pd.DataFrame([total])], ignore_index=True)


def _total(rows: pd.DataFrame) -> int | None:
    return len(rows) - 1 if len(rows) > 1 else None


def _waiting_here(page: Page) -> Group:
    """Those whom a decision to operate at the unit is open for on the morning of the day.

    They are who stands on the list of that morning, which other pages show.
    """
    return Group.of(WAITING, list="operation", time=page.until.isoformat(), **{UNIT: page.unit})
