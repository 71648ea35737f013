"""Step curves, a line per group, named at their ends: what is left of a queue after so long."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.charts.axes import (
    Scale,
    Spec,
    layer,
    layered,
    text_width,
    value_axis,
    value_scale,
)
from lpe_reports.display.charts.ends import end_names
from lpe_reports.display.charts.picture import Picture, Value, cells_of, hidden_words, values_of
from lpe_reports.display.charts.pointing import pointer, told
from lpe_reports.display.palette import SERIES
from lpe_reports.errors import UsageError

_CALL = "p.curves"
_HALF = 0.5
_KEY_WIDTH = 30  # px of a line in the key, with its air


def curves_picture(
    table: Protected,
    *,
    x: str,
    y: str,
    by: str,
    low: str,
    high: str,
    width: int,
    height: int,
    caption: str,
    narrow: bool = False,
) -> Picture:
    """A line per value of `by`, level between its rows; hidden values are absent.

    Args:
        table: A row per point, the rows of each line together and `x` rising.
        x: A number column, such as days waited.
        y: The number column that the lines follow.
        by: The text column that names the lines; at most six.
        low: The lower end of an interval, drawn as a pale band; "" where there is none.
        high: Its upper end.
        width: Of the plot, in px.
        height: Of the plot, in px.
        caption: What the page calls it.
        narrow: Whether it is drawn for a phone: the names above the lines, not at their ends.

    Raises:
        UsageError: Too many lines for colours to tell apart, or half an interval.
    """
    if bool(low) != bool(high):
        raise UsageError(f"{_CALL}: low= and high= are the ends of one interval; give both")
    rows = _rows(table, x, y, by, low, high)
    names = list(dict.fromkeys(row["series"] for row in rows))
    if len(names) > len(SERIES):
        raise UsageError(f"{_CALL} takes at most {len(SERIES)} lines; {len(names)} were given")
    across, along = table.column(y), table.column(x)
    scale = _scale(rows, across)
    lines = {name: [row for row in rows if row["series"] == name] for name in names}
    return Picture(
        spec=_spec(
            rows,
            lines,
            scale,
            along,
            across,
            width=width,
            height=height,
            band=bool(low),
            narrow=narrow,
        ),
        width=width + 50 + max(map(text_width, names), default=0),
        subtitle="ljust fält osäkerhet" if low else "",
        alt=_alt(caption, lines, across, along, values_of(table, y)),
    )


def _rows(table: Protected, x: str, y: str, by: str, low: str, high: str) -> list[dict[str, Any]]:
    """The points that are known; those with a hidden value stay away."""
    along, across = table.column(x), table.column(y)
    names = cells_of(table, by)
    wanted = {"x": x, "y": y, "low": low, "high": high}
    numbers = {key: values_of(table, name) for key, name in wanted.items() if name}
    rows = []
    for place, name in enumerate(names):
        at, value = numbers["x"][place], numbers["y"][place]
        if at.number is None or value.number is None:
            continue
        row: dict[str, Any] = {
            "series": wording.cell_text(name, table.column(by)),
            "position": at.number,
            "value": value.number,
            "at": _with_unit(at, along),
            "text": _with_unit(value, across),
        }
        ends: dict[str, Any] = {
            key: numbers[key][place].number for key in ("low", "high") if key in numbers
        }
        if ends and None not in ends.values():
            row |= ends
        rows.append(row)
    return rows


def _with_unit(value: Value, column: Column) -> str:
    return f"{value.text}{wording.NBSP}{column.unit}" if column.unit else value.text


def _scale(rows: Sequence[dict[str, Any]], column: Column) -> Scale:
    if column.type == "share":
        return Scale(0, 1)
    values = [row[key] for row in rows for key in ("value", "low", "high") if key in row]
    return Scale(0, value_scale(values, column.type).high)


def _spec(
    rows: Sequence[dict[str, Any]],
    lines: dict[str, list[dict[str, Any]]],
    scale: Scale,
    along: Column,
    across: Column,
    *,
    width: int,
    height: int,
    band: bool,
    narrow: bool,
) -> Spec:
    names = list(lines)
    end = max([1.0, *(float(row["position"]) for row in rows)])
    x: Spec = {
        "field": "position",
        "type": "quantitative",
        "title": wording.heading(along.label, along.unit),
        "scale": {"domain": [0, end], "nice": False},
        "axis": {"labelExpr": "format(datum.value, ',.0f')", "tickCount": max(4, width // 80)},
    }
    y = value_axis(scale, across.type)
    colour = {
        "field": "series",
        "type": "nominal",
        "legend": _key(names, width) if narrow else None,
        "scale": {"domain": names, "range": list(SERIES[: len(names)])},
    }
    layers: list[Spec] = []
    if band:
        known = [row for row in rows if "low" in row]
        area = {"type": "area", "interpolate": "step-after", "opacity": 0.12}
        low_to_high = {"y": y | {"field": "low"}, "y2": {"field": "high"}}
        layers.append(layer(known, area, {"x": x, **low_to_high, "color": colour}))
    encoding = {"x": x, "y": y, "color": colour}
    mark = {"type": "line", "interpolate": "step-after"}
    layers.append(layer(rows, mark, encoding))
    if not narrow:
        ends = [own[-1] | {"label": name} for name, own in lines.items()]
        layers += end_names(ends, scale, height=height, at=end, colour=colour)
    layers += pointer(_at_each(lines, along), x)
    return layered(layers, width=width, height=height)


def _key(names: Sequence[str], width: int) -> Spec:
    """The lines' names over them, as many beside each other as there is room for."""
    widest = max(map(text_width, names), default=0) + _KEY_WIDTH
    look = {"symbolType": "stroke", "symbolStrokeWidth": 3, "labelLimit": width, "offset": 6}
    return look | {"columns": max(1, width // widest)}


def _at_each(lines: dict[str, list[dict[str, Any]]], along: Column) -> list[dict[str, Any]]:
    """What every line is at each position that any has a point at; it is level between its own."""
    places = {name: [row["position"] for row in own] for name, own in lines.items()}
    names = {row["position"]: row["at"] for own in lines.values() for row in own}
    found = []
    for at in sorted(names):
        said = [
            (name, own[bisect_right(places[name], at) - 1]["text"])
            for name, own in lines.items()
            if places[name][0] <= at <= places[name][-1]
        ]
        found.append({"position": at, "told": told((along.label, names[at]), *said)})
    return found


def _alt(
    caption: str,
    lines: dict[str, list[dict[str, Any]]],
    across: Column,
    along: Column,
    values: Sequence[Value],
) -> str:
    """Where each line begins and ends; of a falling share, where it passes half."""
    hidden = hidden_words(values)
    if not lines:
        return f"{caption}: inga värden att visa.{hidden}"
    told = []
    for name, own in lines.items():
        first, last = own[0], own[-1]
        said = f"{name} från {first['text']} till {last['text']} vid {last['at']}"
        if across.type == "share" and first["value"] > _HALF:
            passed = next((row for row in own if row["value"] <= _HALF), None)
            said += f", hälften vid {passed['at']}" if passed else ", aldrig under hälften"
        told.append(said)
    return f"{caption}, efter {wording.lower_first(along.label)}. {'; '.join(told)}.{hidden}"
