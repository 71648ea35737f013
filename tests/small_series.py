"""Series and tables for the tests, made of few numbers by the same code as on a page."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protect import protect
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.series.model import Point, Series, Shade, points_of
from lpe_reports.display.series.registry import get_measure
from lpe_reports.display.tables import Target
from lpe_reports.measures import spc
from lpe_reports.params.disclosure import DisclosurePolicy, TableFamily
from lpe_reports.periods import Period, PeriodKind, period_at

POLICY = DisclosurePolicy(
    decision="Regionen beslutar.",
    threshold=5,
    families=[
        TableFamily(
            id="activity",
            name="Verksamhet",
            protected=False,
            reason="x",
            tables=[
                "operations",
                "open_theatres",
                "arthroplasties",
                "utilisation",
                "flows",
                "end_times",
            ],
        ),
    ],
)
WEEK_19 = period_at(PeriodKind.WEEK, date(2026, 5, 4))


def protected(
    frame: dict[str, Sequence[object]], *columns: Column, table: str = "operations"
) -> Protected:
    """A small table that has passed disclosure control."""
    return protect(pd.DataFrame(frame), table=table, columns=columns, policy=POLICY)


def series(
    measure_id: str,
    values: Sequence[float | None],
    *,
    last: Period = WEEK_19,
    target: float | None = None,
    place: str = "Bollnäs",
    denominators: Sequence[int] | None = None,
    ongoing: bool = False,
    last_year: float | None = None,
    shades: tuple[Shade, ...] = (),
) -> Series:
    """A series that ends with `last`; for a share the values are numerators."""
    measure = get_measure(measure_id)
    periods = [last]
    while len(periods) < len(values):
        periods.append(periods[-1].previous())
    periods.reverse()
    frame = pd.DataFrame({"period": [p.id for p in periods]})
    columns = [Column("period", "År-vecka", "week")]
    if denominators is None:
        frame["value"] = pd.Series(values, dtype="Float64")
        based = None
        if measure.type == "days":
            frame["n"], based = 50, "n"
        columns.append(Column("value", measure.label, measure.type, measure.unit, based_on=based))
    else:
        frame["numerator"] = pd.Series(values, dtype="Float64")
        frame["denominator"] = list(denominators)
        frame["value"] = frame["numerator"] / frame["denominator"]
        columns += [
            Column("value", measure.label, "share", numerator="numerator",
                   denominator="denominator"),
            Column("numerator", measure.parts[0], "count", part_of="denominator"),
            Column("denominator", measure.parts[1], "count"),
        ]  # fmt: skip
    table = protect(frame, table=measure.table, columns=columns, policy=POLICY)
    limits = spc.xmr(table.frame["value"].astype("Float64"))
    points = points_of(table)
    direction = measure.improvement or "up"
    return Series(
        measure=measure,
        name=f"{measure.label}, {place}" if place else measure.label,
        place=place,
        periods=tuple(periods),
        table=table,
        limits=limits,
        before=points[-2] if len(points) > 1 else None,
        before_label="förra veckan",
        last_year=Point(last_year) if last_year is not None else None,
        last_year_label="vecka 19 2025",
        targets=(Target(target, direction),) * len(periods) if target is not None else (),
        ongoing=ongoing,
        shades=shades,
    )
