"""A matrix with a number in every cell, shaded by it: where in rows and columns much is."""

import json
import math
from collections.abc import Sequence
from typing import Any

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.charts.axes import Spec, layer, layered, text_width
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

_CALL = "p.heat"
_ROW = 24  # px
_TIGHT, _NARROW, _WIDE, _WIDEST = 28, 40, 84, 160  # px of a column
_MOST_COLUMNS = 24
_LABEL_LIMIT = 240
_LINE = 13  # px
_BREAK = "\u200b"  # where a name may break, though there is no space
_USED = (0, 1, 3, 5, 7)  # the shades, from little to much
_STRONG = 4  # from this shade on text is paper


def heat_picture(
    table: Protected,
    *,
    label: str,
    parts: Sequence[str],
    width: int,
    caption: str,
    narrow: bool = False,
) -> Picture:
    """The table's rows and number columns as shaded cells; hidden ones say so, unshaded.

    Args:
        table: What is drawn.
        label: The text column that names the rows.
        parts: The number columns, all of one type; at most 24.
        width: Of the cells together where there is room, in px.
        caption: What the page calls it.
        narrow: Whether it is drawn for a phone: columns as narrow as their numbers allow.

    Raises:
        UsageError: More rows or columns than can be read, or columns of several types.
    """
    columns = parts_of(table, parts, _CALL)
    if len(columns) > _MOST_COLUMNS:
        raise UsageError(f"{_CALL} shows at most {_MOST_COLUMNS} columns, not {len(columns)}")
    names = names_of(table, label, _CALL)
    values = list(zip(*(values_of(table, name) for name in parts), strict=True))
    rows = _rows(names, columns, values)
    labels = [_breaking(column.label) if narrow else column.label for column in columns]
    least = _TIGHT if narrow else _NARROW
    texts = max((text_width(row["text"]) for row in rows), default=0) + 8
    step = max(
        _narrowest(labels, least, texts), min(least if narrow else _WIDE, width // len(columns))
    )
    return Picture(
        spec=_spec(names, labels, rows, step),
        width=step * len(columns) + min(max(map(text_width, names), default=0), _LABEL_LIMIT),
        subtitle="ju starkare färg, desto högre tal",
        alt=_alt(caption, rows, len(names), len(columns), values),
    )


def _rows(
    names: Sequence[str], columns: Sequence[Column], values: Sequence[Sequence[Value]]
) -> list[dict[str, Any]]:
    """One row per cell: where it stands, what it says, and its shade (0 where nothing is)."""
    most = max([0.0, *(abs(v.number) for row in values for v in row if v.number is not None)])
    return [
        {
            "row": name,
            "column": place,
            "part": column.label,
            "text": value.text,
            "told": told((name, ""), (column.label, value.text)),
            "value": value.number,
            "shade": _shade(value, most),
        }
        for name, row in zip(names, values, strict=True)
        for place, (column, value) in enumerate(zip(columns, row, strict=True))
    ]


def _shade(value: Value, most: float) -> int:
    if not value.number:
        return 0
    return min(len(_USED), math.ceil(abs(value.number) / most * len(_USED)))


def _spec(
    names: Sequence[str], labels: Sequence[str], rows: Sequence[dict[str, Any]], step: int
) -> Spec:
    lines = _headings(labels, step)
    # Vega writes lines downwards from where one line would stand.
    above = {"labelPadding": 3 + (len(lines[0]) - 1) * _LINE, "labelLineHeight": _LINE}
    side = {"ticks": False, "domain": False, "title": None}
    x: Spec = {
        "field": "column",
        "type": "ordinal",
        "scale": {"domain": list(range(len(labels))), "paddingInner": 0, "paddingOuter": 0},
        "axis": side
        | above
        | {"orient": "top", "labelExpr": f"{json.dumps(lines, ensure_ascii=False)}[datum.value]"},
    }
    y: Spec = {
        "field": "row",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": list(names), "paddingInner": 0, "paddingOuter": 0},
        "axis": side | {"labelLimit": _LABEL_LIMIT, "labelPadding": 6},
    }
    shades = {
        "field": "shade",
        "type": "ordinal",
        "legend": None,
        "scale": {
            "domain": list(range(1, len(_USED) + 1)),
            "range": [SHADES[number] for number in _USED],
        },
    }
    cell = {"type": "rect", "stroke": PALETTE["paper"], "strokeWidth": 1.5}
    shaded = [row for row in rows if row["shade"]]
    text = {
        "x": x,
        "y": y,
        "text": {"field": "text", "type": "nominal"},
        "tooltip": TOLD,
        "color": {
            "condition": [
                {"test": f"datum.shade >= {_STRONG}", "value": PALETTE["paper"]},
                {"test": "datum.shade === 0", "value": PALETTE["soft"]},
            ],
            "value": PALETTE["ink"],
        },
    }
    layers = [
        layer(shaded, cell, {"x": x, "y": y, "color": shades, "tooltip": TOLD}),
        layer(rows, {"type": "text", "baseline": "middle"}, text),
    ]
    return layered(layers, width=step * len(labels), height=_ROW * max(1, len(names)))


def _narrowest(labels: Sequence[str], least: int, texts: int) -> int:
    """So many px that each column's name fits on two lines, within reason."""
    words = [word for label in labels for word in label.split()]
    step = max([least, texts, *(text_width(word.rstrip(_BREAK)) + 4 for word in words)])
    while step < _WIDEST and any(len(_lines(label, step)) > 2 for label in labels):
        step += 4
    return step


def _breaking(label: str) -> str:
    """A name that may also break after a dash: 14:00–14:29 on two lines."""
    return label.replace("–", f"–{_BREAK} ")


def _headings(labels: Sequence[str], step: int) -> list[list[str]]:
    """The columns' names, all on as many lines, the last one nearest to the cells."""
    names = [_lines(label, step) for label in labels]
    most = max(map(len, names))
    return [[wording.NBSP] * (most - len(name)) + name for name in names]


def _lines(label: str, step: int) -> list[str]:
    """A column's name on as many lines as its width needs."""
    lines: list[str] = []
    for word in label.split():
        longer = f"{lines[-1]} {word}".replace(f"{_BREAK} ", "") if lines else ""
        if lines and text_width(longer) <= step - 6:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line.rstrip(_BREAK) for line in lines]


def _alt(
    caption: str,
    rows: Sequence[dict[str, Any]],
    height: int,
    width: int,
    values: Sequence[Sequence[Value]],
) -> str:
    """The highest and the lowest cell by name."""
    hidden = hidden_words(value for row in values for value in row)
    known = sorted((row for row in rows if row["value"] is not None), key=lambda row: row["value"])
    head = f"{caption}, {height} rader och {width} kolumner"
    if not known:
        return f"{head}: inga värden att visa.{hidden}"
    low, high = known[0], known[-1]
    if low["value"] == high["value"]:
        return f"{head}: {high['text']} i varje ruta som har ett värde.{hidden}"
    told = f"högst {high['text']} ({high['row']}, {high['part']})"
    alike = sum(row["value"] == low["value"] for row in known)
    least = (
        f"{low['text']} i {alike} rutor"
        if alike > 1
        else f"{low['text']} ({low['row']}, {low['part']})"
    )
    return f"{head}: {told}, lägst {least}.{hidden}"
