"""The notebooks that builds are measured with, written through the page as any author's.

The reference has 26 cells, four charts and four tables over all operations up to the end of its
period; the small one has eight cells and one table over a week of one unit.
"""

from typing import Any

import nbformat

_OPEN = """\
from lpe_reports import page

p = page.open("{report}", unit=unit, period=period)"""

_COLUMNS = """\
wanted = ["operating_unit", "vo", "theatre", "surgery_start_at", "surgery_end_at",
          "age", "asa", "sex", "urgency"]
rows = p.read("operations", end=p.period.end, columns=wanted)"""

_OWN = """\
import altair as alt
import pandas as pd

own = rows[(rows["vo"] == p.unit) | (rows["operating_unit"] == p.unit)]
minutes = (own["surgery_end_at"] - own["surgery_start_at"]).dt.total_seconds() / 60
began = own["surgery_start_at"].dt.tz_localize(None)
own = own.assign(minutes=minutes, month=began.dt.strftime("%Y-%m"), hour=began.dt.hour)"""

_MONTHS = """\
by_month = own.groupby("month").agg(operations=("minutes", "size"), minutes=("minutes", "mean"))
months = p.protect(by_month.tail(24).reset_index(), table="operations", columns=[
    page.Column("month", "Månad", "month"),
    page.Column("operations", "Operationer", "count"),
    page.Column("minutes", "Minuter i medel", "number")])"""

_MONTH_CHART = """\
p.chart(
    alt.Chart().mark_line().encode(
        x=alt.X("month:N", title=None), y=alt.Y("operations:Q", title=None)),
    data=months, caption="Operationer per månad", alt="Antalet operationer per månad.")"""

_HOURS = """\
by_hour = own.groupby("hour").agg(operations=("minutes", "size"), hours=("minutes", "sum"))
by_hour = by_hour.assign(hours=by_hour["hours"] / 60).reset_index()
hours = p.protect(by_hour.assign(hour=by_hour["hour"].astype("str")), table="operation_hours",
    columns=[
        page.Column("hour", "Timme"),
        page.Column("operations", "Operationer", "count"),
        page.Column("hours", "Timmar", "hours")])"""

_HOUR_CHART = """\
p.bars(hours, label="hour", value="operations", caption="Operationer efter timme de börjar")"""

_THEATRES = """\
by_theatre = own.groupby("theatre").agg(
    operations=("minutes", "size"), median=("minutes", "median"), least=("minutes", "min"))
theatres = p.protect(
    by_theatre.sort_values("operations").tail(20).reset_index(), table="lead_times", columns=[
        page.Column("theatre", "Sal"),
        page.Column("operations", "Operationer", "count"),
        page.Column("median", "Median, minuter", "number"),
        page.Column("least", "Kortaste, minuter", "number")])"""

_THEATRE_CHART = """\
p.bars(theatres, label="theatre", value="operations", caption="Operationer per sal")"""

_PATIENTS = """\
decade = (own["age"] // 10 * 10).astype("Int64").astype("str")
by_age = own.assign(decade=decade).groupby("decade").agg(
    patients=("minutes", "size"), minutes=("minutes", "mean"), mean_age=("age", "mean"))
patients = p.protect(by_age.reset_index(), table="patients_by_age", columns=[
    page.Column("decade", "Ålder från"),
    page.Column("patients", "Patienter", "count"),
    page.Column("mean_age", "Medelålder", "number", based_on="patients"),
    page.Column("minutes", "Minuter i medel", "number", based_on="patients")])"""

_PATIENT_CHART = """\
p.chart(
    alt.Chart().mark_bar().encode(
        x=alt.X("decade:N", title=None), y=alt.Y("patients:Q", title=None)),
    data=patients, caption="Patienter efter ålder", alt="Antalet patienter efter ålder.")"""

_REFERENCE = (
    "raw:---\ntitle: Referens\n---",
    "parameters",
    "open",
    _COLUMNS,
    _OWN,
    'p.summary(f"{len(own)} operationer till och med {p.period.long}.")',
    "#:## Per månad",
    'p.selection("Alla operationer vid enheten.")',
    _MONTHS,
    _MONTH_CHART,
    'p.table(months, caption="Operationer och tid per månad")',
    "#:## Per timme",
    _HOURS,
    _HOUR_CHART,
    'p.table(hours, caption="Operationer och timmar efter timme")',
    "#:## Per sal",
    _THEATRES,
    _THEATRE_CHART,
    'p.table(theatres, caption="Operationer och tider per sal")',
    "#:## Patienter",
    'p.note("Små tal om patienter visas inte.")',
    _PATIENTS,
    _PATIENT_CHART,
    'p.table(patients, caption="Patienter efter ålder")',
    "#:## Om sidan",
    'p.note("Den här rapporten är till för att mäta vad en sida kostar.")',
)

_WEEK = """\
columns = ["theatre", "surgery_start_at"]
name = "operating_unit" if "-" in p.unit else "vo"
rows = p.read("operations", start=p.period.start, end=p.period.end,
    where={name: p.unit}, columns=columns)"""

_DAYS = """\
days = rows["surgery_start_at"].dt.strftime("%Y-%m-%d").rename("day")
by_day = rows.groupby(days).agg(operations=("theatre", "size"), theatres=("theatre", "nunique"))
table = p.protect(by_day.reset_index(), table="operations", columns=[
    page.Column("day", "Dag"),
    page.Column("operations", "Operationer", "count"),
    page.Column("theatres", "Salar", "count")])"""

_SMALL = (
    "raw:---\ntitle: Liten\n---",
    "parameters",
    "open",
    _WEEK,
    'p.summary(f"{len(rows)} operationer under {p.period.long}.")',
    "#:## Per dag",
    _DAYS,
    'p.table(table, caption="Operationer per dag", empty="Inga operationer.")',
)


def reference_notebook(report: str) -> dict[str, Any]:
    """Four charts and four tables over all operations up to the end of the period."""
    return _notebook(report, _REFERENCE)


def small_notebook(report: str) -> dict[str, Any]:
    """One table over one week of one unit."""
    return _notebook(report, _SMALL)


def _notebook(report: str, cells: tuple[str, ...]) -> dict[str, Any]:
    made = []
    for number, text in enumerate(cells):
        known = {"parameters": 'unit = "bo-opc"\nperiod = "2026-W18"', "open": _OPEN}
        source = known.get(text, text).replace("{report}", report)
        if text.startswith("raw:"):
            cell = nbformat.v4.new_raw_cell(source.removeprefix("raw:"), id=f"cell-{number}")
        elif text.startswith("#:"):
            cell = nbformat.v4.new_markdown_cell(source.removeprefix("#:"), id=f"cell-{number}")
        else:
            cell = nbformat.v4.new_code_cell(source, id=f"cell-{number}")
        if text == "parameters":
            cell.metadata["tags"] = ["parameters"]
        made.append(cell)
    # papermill and nbconvert want to know; the project decides for itself.
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return dict(nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": kernel}))
