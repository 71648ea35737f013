"""Stacked bars: one per row, its counts one after another from little to much, early to late."""

from collections.abc import Sequence
from typing import Any

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.charts.axes import (
    Spec,
    layer,
    layered,
    number_field,
    text_width,
)
from lpe_reports.display.charts.names import (
    BAR_BELOW,
    LABEL_LIMIT,
    STEP_BELOW,
    name_axis,
    names_above,
)
from lpe_reports.display.charts.picture import (
    Picture,
    Value,
    hidden_words,
    names_of,
    parts_of,
    values_of,
)
from lpe_reports.display.charts.pointing import TOLD, told
from lpe_reports.display.palette import PALETTE, SHADES
from lpe_reports.errors import UsageError

_STEP = 26  # px per bar
_CALL = "p.stacked"
_KEY_WIDTH = 30  # px of a colour's square in the key, with its air
_PALE = len(SHADES) // 2  # so many shades carry dark text
# Which shades so many parts have: as far from each other as they can be.
_CHOSEN = {
    1: (5,), 2: (2, 6), 3: (1, 4, 7), 4: (1, 3, 5, 7), 5: (1, 3, 4, 6, 7), 6: (1, 2, 3, 5, 6, 7),
    7: (1, 2, 3, 4, 5, 6, 7), 8: (0, 1, 2, 3, 4, 5, 6, 7),
}  # fmt: skip


def stacked_picture(
    table: Protected,
    *,
    label: str,
    parts: Sequence[str],
    share: bool,
    width: int,
    caption: str,
    narrow: bool = False,
) -> Picture:
    """A bar per row in the order of the rows; hidden values are absent.

    Args:
        table: What is drawn.
        label: Its text column.
        parts: Its count columns in their order; at most eight.
        share: Whether every bar is as long as the others and its parts are shares of it. A row
            of which a part is hidden then has no bar: nobody knows what it would be a share of.
        width: Of the bars, in px.
        caption: What the page calls it.
        narrow: Whether it is drawn for a phone: each name above its bar, not beside it.

    Raises:
        UsageError: More rows or parts than can be read, or parts that do not add up.
    """
    columns = parts_of(table, parts, _CALL)
    if len(columns) > len(SHADES):
        raise UsageError(f"{_CALL} shows at most {len(SHADES)} parts; p.heat(…) takes more")
    if columns[0].type in ("share", "days"):
        raise UsageError(f"{_CALL}: {columns[0].type} do not add up; give the counts behind them")
    names = names_of(table, label, _CALL)
    cells = list(zip(*(values_of(table, name) for name in parts), strict=True))
    sums = [sum(value.number or 0 for value in row) for row in cells]
    longest = 1.0 if share else max([0.0, *sums]) or 1.0
    segments, ends = [], []
    for name, row, total in zip(names, cells, sums, strict=True):
        whole = not any(value.hidden for value in row)
        if whole or not share:
            scale = (total or 1.0) if share else 1.0
            segments += _segments(name, row, columns, scale, width / longest, whole=whole)
        end = 1.0 if share and whole and total else 0.0 if share else total
        ends.append({"row": name, "to": end, "text": _sum_text(row, total, columns[0])})
    return Picture(
        spec=_spec(names, columns, segments, ends, longest, width, narrow=narrow),
        width=width + min(max(map(text_width, names), default=0), LABEL_LIMIT) + 50,
        subtitle=_subtitle(share),
        alt=_alt(caption, columns, names, cells, sums, share),
    )


def _segments(
    name: str,
    row: Sequence[Value],
    columns: Sequence[Column],
    scale: float,
    px: float,
    *,
    whole: bool,
) -> list[dict[str, Any]]:
    """A row's parts with where they begin and end, and their number where it has room."""
    found, at = [], 0.0
    total = sum(value.number or 0 for value in row)
    for place, (value, column) in enumerate(zip(row, columns, strict=True)):
        if not value.number:
            continue
        to = at + value.number / scale
        room = (to - at) * px > text_width(value.text) + 6
        part = f" ({wording.share(value.number / total, 0)})" if whole else ""
        found.append(
            {
                "row": name,
                "part": column.label,
                "from": round(at, 6),
                "to": round(to, 6),
                "middle": round((at + to) / 2, 6),
                "text": value.text,
                "told": told((name, ""), (column.label, f"{value.text}{part}")),
                "inside": value.text if room else "",
                "strong": _CHOSEN[len(columns)][place] >= _PALE,
            }
        )
        at = to
    return found


def _spec(
    names: Sequence[str],
    columns: Sequence[Column],
    segments: Sequence[dict[str, Any]],
    ends: Sequence[dict[str, Any]],
    longest: float,
    width: int,
    *,
    narrow: bool,
) -> Spec:
    labels = [column.label for column in columns]
    colours = [SHADES[number] for number in _CHOSEN[len(columns)]]
    y = name_axis("row", narrow=narrow) | {"scale": {"domain": list(names)}}
    x = number_field("from") | {"scale": {"domain": [0, longest]}, "axis": None}
    widest = max(map(text_width, labels)) + _KEY_WIDTH
    key = {
        "symbolType": "square",
        "symbolStrokeWidth": 0.75,
        "symbolStrokeColor": PALETTE["soft"],
        "columns": max(1, (width + 60) // widest),
        "labelLimit": LABEL_LIMIT,
        "offset": 14 if narrow else 6,
    }
    colour = {
        "field": "part",
        "type": "nominal",
        "scale": {"domain": labels, "range": colours},
        "legend": key,
    }
    height = {"band": BAR_BELOW if narrow else 0.68}
    bar = {"type": "bar", "height": height, "stroke": PALETTE["soft"], "strokeWidth": 0.75}
    bars = layer(
        segments, bar, {"x": x, "x2": {"field": "to"}, "y": y, "color": colour, "tooltip": TOLD}
    )
    inside = layer(
        [row for row in segments if row["inside"]],
        {"type": "text", "baseline": "middle"},
        {
            "x": number_field("middle"),
            "y": y,
            "text": {"field": "inside", "type": "nominal"},
            "tooltip": TOLD,
            "color": {
                "condition": {"test": "datum.strong", "value": PALETTE["paper"]},
                "value": PALETTE["ink"],
            },
        },
    )
    mark = {"type": "text", "align": "left", "baseline": "middle", "dx": 5}
    text = {"field": "text", "type": "nominal"}
    sums = layer(ends, mark, {"x": number_field("to"), "y": y, "text": text})
    above = names_above([{"row": name} for name in names], y) if narrow else []
    step = STEP_BELOW if narrow else _STEP
    return layered([bars, inside, sums, *above], width=width, height={"step": step})


def _sum_text(row: Sequence[Value], total: float, column: Column) -> str:
    """What stands at a bar's end: its sum, or why it has none."""
    if hidden := sum(value.hidden for value in row):
        return wording.plural(hidden, "en del dold", "delar dolda") if total else wording.HIDDEN
    if all(value.number is None for value in row):
        return wording.MISSING
    return wording.cell_text(total, column)


def _subtitle(share: bool) -> str:
    after = "talet efter stapeln är summan"
    return f"delarnas andel av raden · {after}" if share else after


def _alt(
    caption: str,
    columns: Sequence[Column],
    names: Sequence[str],
    cells: Sequence[Sequence[Value]],
    sums: Sequence[float],
    share: bool,
) -> str:
    """The longest and the shortest bar; of shares, how large the first and last parts are."""
    hidden = hidden_words(value for row in cells for value in row)
    known = [
        (total, name, row)
        for total, name, row in zip(sums, names, cells, strict=True)
        if total and not any(value.hidden for value in row)
    ]
    if not known:
        return f"{caption}: inga värden att visa.{hidden}"
    if share:
        told = []
        for place in dict.fromkeys((0, len(columns) - 1)):
            parts = sorted(((row[place].number or 0) / total, name) for total, name, row in known)
            (low, first), (high, last) = parts[0], parts[-1]
            said = f"{wording.share(low, 0)} ({first})"
            if len(parts) > 1:
                said = f"mellan {said} och {wording.share(high, 0)} ({last})"
            told.append(f"{columns[place].label} {said}")
        return f"{caption}, {len(names)} staplar: {'; '.join(told)}.{hidden}"
    ordered = sorted(known, key=lambda one: one[0])
    sums_told = [f"{name} {wording.cell_text(total, columns[0])}" for total, name, _ in ordered]
    if len(ordered) == 1:
        return f"{caption}: {sums_told[0]}.{hidden}"
    head = f"{caption}, {len(names)} staplar"
    return f"{head}: störst {sums_told[-1]}, minst {sums_told[0]}.{hidden}"
