"""Answers of the weekly follow-up: flows, visiting surgeons, lists, activities."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pandas as pd

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.groups import UNIT
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.about import COVERED, COVERED_WITHIN
from lpe_reports.display.answer import answer, sentence
from lpe_reports.display.answers.lists import on_list, queue_columns, snapshot
from lpe_reports.display.page import Page
from lpe_reports.measures.grouping import with_period, with_procedure_group
from lpe_reports.measures.production import flows as flows_by
from lpe_reports.measures.production import visiting_surgeons as visiting_surgeons_by
from lpe_reports.measures.waiting import queues_over_limit as queues_over_limit_of
from lpe_reports.measures.waiting import waiting_by
from lpe_reports.periods import Period, PeriodKind

_VISITED_SECTIONS = ("ort", "kir")
_STATUS = {"planned": "planerad", "ongoing": "pågår", "done": "klar", "late": "försenad"}


@answer
def flows(page: Page, *, unit: str, last: int = 26) -> Protected:
    """Operations at a unit for patients of the other hospitals' lists, the newest week first.

    Returns:
        [period, from_*, total]: a column for each other hospital, and their sum.
    """
    here = page.params.units.get(unit).hospital
    others = [h for h in page.params.units.of_kind("hospital") if h.id != here]
    operations = _operations(page, unit, last, ["patient_home", "surgery_start_at"])
    operations = operations[operations["patient_home"].isin([h.id for h in others])]
    counted = flows_by(operations, by=["week"])
    weeks = _every_week(page, counted, last)
    columns = [_week_column()]
    columns += [Column(f"from_{h.id}", f"Från {h.short}", "count", part_of="total") for h in others]
    return page.protect(
        weeks, table="flows", columns=[*columns, Column("total", "Totalt", "count")]
    )


@answer
def visiting_surgeons(page: Page, *, unit: str, last: int = 26) -> Protected:
    """Operations at a unit by surgeons of other hospitals, per section, the newest week first.

    Returns:
        [period, <section>_<home>…, total] for the sections Ort and Kir.
    """
    here = page.params.units.get(unit).hospital
    homes = [h for h in page.params.units.of_kind("hospital") if h.id != here]
    columns = ["operating_unit", "section", "surgeon_home", "surgery_start_at"]
    operations = _operations(page, unit, last, columns, every_vo=True)
    hospitals = {
        there: page.params.units.get(there).hospital or ""
        for there in operations["operating_unit"].unique()
    }
    counted = visiting_surgeons_by(operations, by=["week"], hospitals=hospitals)
    wide = pd.DataFrame({"week": sorted(counted["week"].unique())}).astype("str")
    shown = []
    for section in _VISITED_SECTIONS:
        for home in homes:
            name = f"{section}_{home.id}"
            rows = counted[(counted["section"] == section) & (counted["surgeon_home"] == home.id)]
            wide = wide.merge(
                rows[["week", "operations"]].rename(columns={"operations": name}), how="left"
            )
            label = f"{page.params.units.get(section).short}, från {home.short}"
            shown.append(Column(name, label, "count", part_of="total"))
    names = [column.id for column in shown]
    wide = wide.fillna(dict.fromkeys(names, 0))
    wide["total"] = wide[names].sum(axis=1)
    weeks = _every_week(page, wide, last)
    columns_shown = [_week_column(), *shown, Column("total", "Totalt", "count")]
    return page.protect(weeks, table="visiting_surgeons", columns=columns_shown)


@answer
def waiting_now(page: Page, *, list: str, units: Sequence[str]) -> Protected:
    """The lists as they stood at the period's end: a row per unit, numerator beside denominator.

    Returns:
        [unit, waiting, covered, within, share_within, median_days, p90_days].
    """
    entries = snapshot(page, list, ["unit", "since_date", "guarantee", "deviation"])
    entries = entries[entries["unit"].isin(units)]
    limit = page.params.glossary.guarantee_on(page.period.last_day, list=list)
    counted = waiting_by(entries, by=["unit"], limit=limit)
    place = {unit: number for number, unit in enumerate(units)}
    counted = counted.sort_values("unit", key=lambda ids: ids.map(place))
    counted["unit_id"] = counted["unit"]
    counted["unit"] = counted["unit"].map(lambda unit: page.params.units.get(unit).name)
    within = f"Inom {limit.days} dagar"
    columns = [
        Column("unit", "Enhet", trait=UNIT, trait_from="unit_id"),
        Column("waiting", "Väntande", "count"),
        Column("covered", "Omfattas av garantin", "count", part_of="waiting", traits=COVERED),
        Column("within", within, "count", part_of="covered", traits=COVERED_WITHIN),
        Column("share_within", "Andel", "share", numerator="within", denominator="covered"),
        Column("median_days", "Median", "days", "dagar", based_on="waiting"),
        Column("p90_days", "P90", "days", "dagar", based_on="waiting"),
    ]
    return page.protect(counted, table="waiting", columns=columns, about=on_list(page, list))


@answer
def queues_over_limit(page: Page, *, of_before: bool = False) -> Protected:
    """The queues in which someone covered has waited past the limit: one row, so many of so many.

    All queues of the page's VO are counted, or of its own operating units where it is a page about
    every VO there (`all_vo`).

    Args:
        page: The page.
        of_before: For the end of the period before instead.

    Returns:
        [over, queues]; a queue is an operating unit × procedure group with at least 10 waiting.
        No row where no night is near enough.
    """
    day = page.period.start if of_before else page.until
    columns = ["unit", "procedure_code", "since_date", "guarantee", "deviation"]
    entries = snapshot(page, "operation", columns, day=day)
    about = on_list(page, "operation", day=day)
    if page.settings.get("all_vo"):
        units = page.settings["waiting"]
        entries = entries[entries["unit"].isin(units)]
        about = about.but(unit="+".join(sorted(units)))
    entries = with_procedure_group(entries, page.params.procedures.group_prefixes())
    limit = page.params.glossary.guarantee_on(day - timedelta(days=1), list="operation")
    queues = queues_over_limit_of(entries, limit=limit)
    past = waiting_by(entries, by=[], limit=limit)["over_limit"]
    row = pd.DataFrame(
        {"over": [int(queues["over"].sum())], "queues": [len(queues)], "past": [int(past.sum())]}
    )
    count, over = queue_columns()
    frame = row if len(entries) else row.iloc[:0]
    return page.protect(
        frame,
        table="queues_over_limit",
        columns=[replace(over, label="Köer över gränsen", part_of="queues"), count],
        about=about,
    )


@sentence
def before_label(page: Page) -> str:
    """What the period before is called: förra veckan."""
    return wording.PERIOD_WORDS[page.period.kind].before


@answer
def activities(page: Page) -> Protected:
    """The activity list of the page's VO, what is late first, then by date.

    Returns:
        [title, responsible, due_on, status, updated_on].

    Glossary: activity_list
    """
    rows = page.read("activities", where={"vo": page.unit})
    order = rows["status"].map({"late": 0, "ongoing": 1, "planned": 2, "done": 3})
    rows = rows.assign(_order=order).sort_values(["_order", "due_on", "title"])
    rows = rows.assign(
        status=rows["status"].map(_STATUS),
        due_on=rows["due_on"].dt.strftime("%Y-%m-%d"),
        updated_on=rows["updated_on"].dt.strftime("%Y-%m-%d"),
    )
    columns = [
        Column("title", "Aktivitet"),
        Column("responsible_role", "Ansvarig"),
        Column("due_on", "Klar senast", "date"),
        Column("status", "Läge"),
        Column("updated_on", "Uppdaterad", "date"),
    ]
    return page.protect(rows, table="activities", columns=columns)


@sentence
def selection(page: Page, *, about: str) -> str:
    """Whom a section is about: `about` is the section's name below."""
    followed = page.settings.get("followed")
    place = page.params.units.get(followed).name if followed else "alla operationsenheter"
    visiting = page.settings.get("visiting")
    visited = page.params.units.get(visiting).name if visiting else place
    whose = "alla verksamhetsområden" if page.settings.get("all_vo") else page.subject.name
    them = wording.lower_first(whose)
    match about:
        case "production":
            rooms = "öppna salar är verksamhetsområdets egna"
            if followed:
                rooms = "öppna salar gäller hela enheten"
            return f"{place}, {them}, genomförda operationer per vecka; {rooms}"
        case "list":
            return (
                f"{whose}, väntande vid de enheter som visas, på måndagen efter varje vecka. "
                "Andelen räknas på dem som vårdgarantin omfattar; patientvald väntan (PvV) och "
                "medicinskt orsakad väntan (MoV) räknas inte med"
            )
        case "unbooked":
            return f"{whose}, väntande utan bokad operationstid på måndagen efter veckan"
        case "per_unit":
            return f"{whose}, genomförda operationer per vecka"
        case "activities":
            return f"{whose}, alla aktiviteter på listan, försenade först"
        case "operated":
            return f"{whose}, elektiva operationer per vecka, dagar från beslut till operation"
        case "flows":
            return (
                f"{visited}, {them}, genomförda operationer per vecka efter patientens hemsjukhus"
            )
        case "surgeons":
            return (
                f"{visited}, genomförda operationer per vecka, kirurgi och ortopedi, alla "
                "verksamhetsområden"
            )
        case _:
            raise ValueError(f"no selection '{about}'")


@sentence
def holidays(page: Page) -> str:
    """How short the week was, where it was: what a low number may rest on."""
    days = [page.period.start + timedelta(days=n) for n in range(5)]
    off = [day for day in days if page.params.calendar.is_holiday(day)]
    if not off:
        return ""
    names = [
        wording.lower_first(page.params.calendar.holiday_name(day) or "helgdag") for day in off
    ]
    count = wording.count_word(5 - len(off))
    return f"Kort vecka: {count} vardagar ({wording.listing(names)})."


def _week_column() -> Column:
    return Column("period", "År-vecka", "week")


def _weeks(page: Page, last: int) -> list[Period]:
    weeks = [page.period]
    while len(weeks) < last:
        weeks.append(weeks[-1].previous())
    return weeks


def _operations(
    page: Page, unit: str, last: int, columns: Sequence[str], *, every_vo: bool = False
) -> pd.DataFrame:
    """The operations of a unit over the last weeks, with their week; of the page's VO."""
    own = None if every_vo or page.settings.get("all_vo") else {"vo": page.unit}
    operations = page.read(
        "operations",
        units=[unit],
        start=_weeks(page, last)[-1].start,
        end=page.period.end,
        where=own,
        columns=columns,
    )
    return with_period(operations, "surgery_start_at", PeriodKind.WEEK)


def _every_week(page: Page, counted: pd.DataFrame, last: int) -> pd.DataFrame:
    """One row for each of the last weeks, the newest first; 0 where nothing was counted."""
    weeks = [week.id for week in _weeks(page, last)]
    rows = counted.set_index("week").reindex(weeks, fill_value=0)
    return rows.rename_axis("period").reset_index().astype({"period": "str"})
