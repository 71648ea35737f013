"""Outcome against plan by period: bars, plans as steps, the forecast as hollow bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.charts.axes import (
    Scale,
    Spec,
    layer,
    layered,
    period_axis,
    value_axis,
)
from lpe_reports.display.charts.picture import Picture, Value, cells_of, hidden_words, values_of
from lpe_reports.display.charts.pointing import pointer, told
from lpe_reports.display.naming import since, span
from lpe_reports.display.palette import PALETTE, SERIES
from lpe_reports.errors import LpeError, UsageError
from lpe_reports.periods import Period, parse_period

_CALL = "p.plan"
_HALF_BAR = 0.34  # of a step
_UNFINISHED = 0.45  # the opacity of a bar that still grows


@dataclass(frozen=True)
class Plan:
    """Which columns make the chart; "" where there is none.

    Args:
        time: The column of periods.
        outcome: What came of it; none for periods to come.
        plan: The plan in force.
        first: The first plan of the year.
        forecast: What is expected of periods to come.
        low: The lower end of the forecast's interval.
        high: Its upper end.
    """

    time: str
    outcome: str
    plan: str
    first: str = ""
    forecast: str = ""
    low: str = ""
    high: str = ""

    def __post_init__(self) -> None:
        if bool(self.low) != bool(self.high) or (self.low and not self.forecast):
            raise UsageError(f"{_CALL}: low= and high= are the ends of the forecast's interval")

    def numbers(self) -> dict[str, str]:
        """The columns of numbers, by what they are here."""
        named = {"outcome": self.outcome, "plan": self.plan, "first": self.first}
        named |= {"forecast": self.forecast, "low": self.low, "high": self.high}
        return {key: name for key, name in named.items() if name}


def plan_picture(
    table: Protected, plan: Plan, *, now: Period | None, width: int, height: int, caption: str
) -> Picture:
    """Periods in their order, whichever the table has; hidden values are absent.

    Args:
        table: A row per period.
        plan: Its columns.
        now: The period that is under way, if one is: its bar still grows.
        width: Of the plot, in px.
        height: Of the plot, in px.
        caption: What the page calls it.

    Raises:
        UsageError: A row is about no period, or two about one.
    """
    periods = _periods(table, plan.time)
    order = sorted(range(len(periods)), key=lambda place: periods[place])
    by_kind = {key: values_of(table, name) for key, name in plan.numbers().items()}
    rows = [_row(place, periods[at], {k: v[at] for k, v in by_kind.items()}, now)
            for place, at in enumerate(order)]  # fmt: skip
    ordered = [periods[at] for at in order]
    column = table.column(plan.outcome)
    return Picture(
        spec=_spec(rows, ordered, column, table, plan, width=width, height=height),
        width=width + 40,
        subtitle=_subtitle(rows, now),
        alt=_alt(caption, rows, ordered, column, [v for own in by_kind.values() for v in own]),
    )


def _periods(table: Protected, time: str) -> list[Period]:
    try:
        periods = [parse_period(str(cell)) for cell in cells_of(table, time)]
    except LpeError:
        raise UsageError(f"{_CALL}: '{time}' holds something that is no period's id") from None
    if len(set(periods)) < len(periods):
        raise UsageError(f"{_CALL}: '{time}' has a period twice")
    if len({period.kind for period in periods}) > 1:
        raise UsageError(f"{_CALL}: '{time}' has periods of several kinds")
    return periods


def _row(
    place: int, period: Period, values: dict[str, Value], now: Period | None
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "position": place,
        "from": place - _HALF_BAR,
        "to": place + _HALF_BAR,
        "zero": 0,
        "period": period.short,
        "ongoing": period == now,
    }
    for key, value in values.items():
        row[key] = value.number
        row[f"{key}_text"] = value.text
    return row


def _spec(
    rows: Sequence[dict[str, Any]],
    periods: Sequence[Period],
    column: Column,
    table: Protected,
    plan: Plan,
    *,
    width: int,
    height: int,
) -> Spec:
    kinds = ("outcome", "plan", "first", "forecast", "high")
    known = [float(row[kind]) for row in rows for kind in kinds if row.get(kind) is not None]
    most = max([0.0, *known])
    if not periods:
        return layered([layer([], {"type": "point"}, {})], width=width, height=height)
    scale = Scale(min([0.0, *known]), most * 1.06 or 1)
    x, y = period_axis(periods, width), value_axis(scale, column.type)
    bars = {"x": x | {"field": "from"}, "x2": {"field": "to"}, "y2": {"field": "zero"}}
    layers: list[Spec] = []
    done = [row for row in rows if row["outcome"] is not None]
    if done:
        faint = {"condition": {"test": "datum.ongoing", "value": _UNFINISHED}, "value": 1}
        encoding = bars | {"y": y | {"field": "outcome"}, "opacity": faint}
        layers.append(layer(done, {"type": "rect", "color": SERIES[0]}, encoding))
    coming = [row for row in rows if row.get("forecast") is not None]
    if coming:
        layers += _forecast(coming, bars, x, y)
    layers += _steps(rows, "plan", x, y, {"color": PALETTE["ink"], "strokeWidth": 1.75})
    thin = {"color": PALETTE["mean"], "strokeWidth": 1.25, "strokeDash": [3, 3]}
    layers += _steps(rows, "first", x, y, thin)
    layers += pointer(_told(rows, periods, table, plan), x)
    return layered(layers or [layer([], {"type": "point"}, {"x": x, "y": y})],
                   width=width, height=height)  # fmt: skip


def _forecast(coming: Sequence[dict[str, Any]], bars: Spec, x: Spec, y: Spec) -> list[Spec]:
    """Hollow bars, and their intervals as rules."""
    hollow = {"type": "rect", "fillOpacity": 0.06, "fill": SERIES[0], "stroke": SERIES[0],
              "strokeWidth": 1.5}  # fmt: skip
    layers = [layer(coming, hollow, bars | {"y": y | {"field": "forecast"}})]
    known = [row for row in coming if row.get("low") is not None and row.get("high") is not None]
    if known:
        mark = {"type": "rule", "color": SERIES[0], "strokeWidth": 1.5}
        ends = {"y": y | {"field": "low"}, "y2": {"field": "high"}}
        layers.append(layer(known, mark, {"x": x, **ends}))
    return layers


def _told(
    rows: Sequence[dict[str, Any]], periods: Sequence[Period], table: Protected, plan: Plan
) -> list[dict[str, Any]]:
    """Each period with all its numbers, as the table has them."""
    found = []
    for row, period in zip(rows, periods, strict=True):
        said = [(wording.upper_first(period.long), "Pågår" if row["ongoing"] else "")]
        said += [
            (table.column(name).label, row[f"{key}_text"])
            for key, name in plan.numbers().items()
            if row[f"{key}_text"] != wording.MISSING
        ]
        found.append({"position": row["position"], "told": told(*said)})
    return found


def _steps(rows: Sequence[dict[str, Any]], kind: str, x: Spec, y: Spec, look: Spec) -> list[Spec]:
    """A level per period, joined where one follows another; nothing where there is no plan."""
    points = [
        {"position": row["position"] + side, "value": row.get(kind)}
        for row in rows
        for side in (-0.5, 0.5)
    ]
    if all(point["value"] is None for point in points):
        return []
    return [layer(points, {"type": "line", **look}, {"x": x, "y": y | {"field": "value"}})]


def _subtitle(rows: Sequence[dict[str, Any]], now: Period | None) -> str:
    """What is drawn: only what is there."""

    def some(kind: str) -> bool:
        return any(row.get(kind) is not None for row in rows)

    said = ["staplar utfall"] if some("outcome") else []
    if now is not None and any(row["ongoing"] and row["outcome"] is not None for row in rows):
        said.append(f"blek stapel pågående {wording.PERIOD_WORDS[now.kind].one}")
    said += ["trappa gällande plan"] if some("plan") else []
    said += ["tunn streckad årets första plan"] if some("first") else []
    if some("forecast"):
        said.append("ihåliga staplar prognos" + (" med intervall" if some("low") else ""))
    return " · ".join(said)


def _alt(
    caption: str,
    rows: Sequence[dict[str, Any]],
    periods: Sequence[Period],
    column: Column,
    values: Sequence[Value],
) -> str:
    """How often the outcome reached the plan, the last outcome beside its plan, the forecast."""
    hidden = hidden_words(values)
    if not periods:
        return f"{caption}: inga värden att visa."
    words = wording.PERIOD_WORDS[periods[0].kind]
    neuter = words.one in ("kvartal", "tertial", "år")
    head = f"{caption}, {span(periods)}"
    over = [row for row in rows if row["outcome"] is not None and not row["ongoing"]]
    both = [row for row in over if row["plan"] is not None]
    said = []
    if both:
        met = sum(row["outcome"] >= row["plan"] for row in both)
        often = wording.count_word(met, neuter=neuter) if met else "inget" if neuter else "ingen"
        of = wording.count_word(len(both), neuter=neuter)
        said.append(f"utfallet når planen {often} {words.one if met < 2 else words.many} av {of}")
    if over:
        last = over[-1]
        when = since(periods[last["position"]], periods[-1])
        beside = f" mot planerat {last['plan_text']}" if last["plan"] is not None else ""
        said.append(f"senast {last['outcome_text']}{beside} ({when})")
    coming = [row for row in rows if row.get("forecast") is not None]
    if coming:
        low, high = (wording.cell_text(f(row["forecast"] for row in coming), column)
                     for f in (min, max))  # fmt: skip
        said.append(f"prognos {low}" if low == high else f"prognos mellan {low} och {high}")
    return f"{head}: {'; '.join(said) or 'inga utfall att visa'}.{hidden}"
