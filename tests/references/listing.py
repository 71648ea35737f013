"""A block as lines of plain text that a person compares: one line per row, figure or sentence.

What a page means is all there: every text, number, judgement and hidden cell, and of a chart what
is drawn (marks, axes and the rows they stand for) beside its data as a table. What is only look is
not: colours, sizes, fonts, and the words for who points at a chart, which repeat its rows.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lpe_reports.display.blocks import (
    MIME,
    TRACE_MIME,
    AbsentBlock,
    AnyBlock,
    ChartBlock,
    RowBlock,
    TableBlock,
)
from lpe_reports.display.charts.pointing import still
from lpe_reports.display.content import parse_block

# Numbers are kept to what survives another processor's last bits, with room to spare.
_DIGITS = 10
# Says that something differs and never what; what it is of stands in the page.
_NOT_KEPT = ("digest",)
_BARE = re.compile(r"(?!null$|true$|false$|-?[\d.]+(e[+-]?\d+)?$)[^\s|\"][^|\n\"]*(?<!\s)")
_WORDS_FOR_POINTING = ("told", "tooltip")


def output_text(data: Mapping[str, Any]) -> str | None:
    """What an output of a notebook means; None where that is nothing.

    Args:
        data: The output's forms by MIME type.
    """
    if TRACE_MIME in data:
        return None
    if MIME in data:
        # A stored run has its fields in the order of the alphabet, a kernel's in that of the code.
        ordered = json.loads(json.dumps(data[MIME], sort_keys=True))
        return "\n".join(block_lines(parse_block(ordered)))
    return str(data.get("text/plain", ""))


def block_lines(block: AnyBlock | AbsentBlock) -> Iterator[str]:
    """A block, line by line."""
    yield block.type
    match block:
        case TableBlock():
            yield from _indented(_table(block))
        case ChartBlock():
            yield from _indented(_chart(block))
        case RowBlock():
            for item in block.items:
                yield from _indented(block_lines(item))
        case _:
            given = block.model_dump(mode="json", exclude_defaults=True, exclude={"type"})
            yield from _indented(_fields(given))


def _fields(given: Mapping[str, Any]) -> Iterator[str]:
    """What a block says, without what it does not."""
    for name, value in given.items():
        if name in _NOT_KEPT:
            continue
        if isinstance(value, Mapping):
            yield f"{name}:"
            yield from _indented(_fields(value))
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield from _list(name, value)
        else:
            yield f"{name}: {_value(value)}"


def _list(name: str, values: Sequence[Any]) -> Iterator[str]:
    if not any(isinstance(value, Mapping) for value in values):
        yield f"{name}: {_row(values)}"
        return
    for value in values:
        yield f"{name}:"
        yield from _indented(_fields(value))


def _table(table: TableBlock) -> Iterator[str]:
    apart = {"type", "columns", "rows", "hidden", "marks", "current_row", "total_row"}
    yield from _fields(table.model_dump(mode="json", exclude_defaults=True, exclude=apart))
    for column in table.columns:
        said = [column.label, column.type, column.unit, f"{column.decimals} decimals"]
        yield f"column {column.id}: {_row([each for each in said if each])}"
    marks = {(mark.row, mark.column): mark for mark in table.marks}
    hidden = set(table.hidden)
    for number, row in enumerate(table.rows):
        cells = []
        for place, value in enumerate(row):
            text = "hidden" if (number, place) in hidden else _value(value)
            if mark := marks.get((number, place)):
                text += f" [{' '.join(filter(None, (mark.tone, mark.side)))}: {mark.words}]"
            cells.append(text)
        yield f"{_sign(table, number)} {' | '.join(cells)}"


def _sign(table: TableBlock, number: int) -> str:
    return {table.total_row: "=", table.current_row: ">"}.get(number, "-")


def _chart(chart: ChartBlock) -> Iterator[str]:
    apart = {"type", "spec", "narrow", "table", "width"}
    yield from _fields(chart.model_dump(mode="json", exclude_defaults=True, exclude=apart))
    drawn = list(_drawn(still(chart.spec), ()))
    for layer in drawn:
        yield from layer
    if chart.narrow:
        narrow = [layer for layer in _drawn(still(chart.narrow), ()) if layer not in drawn]
        yield "on a phone: " + ("the same" if not narrow else "otherwise")
        for layer in narrow:
            yield from _indented(layer)
    yield "as a table"
    yield from _indented(_table(chart.table))


def _drawn(part: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Iterator[list[str]]:
    """Each mark of a Vega-Lite chart: what stands for what, and the rows."""
    rows = part.get("data", {}).get("values", rows)
    if "mark" in part:
        mark = part["mark"]
        kind = mark if isinstance(mark, str) else mark["type"]
        channels = {k: v for k, v in part.get("encoding", {}).items() if "told" not in str(v)}
        yield [
            f"drawn: {kind}",
            *_indented(f"{name}: {_channel(said)}" for name, said in channels.items()),
            *_indented(_drawn_rows(rows)),
        ]
    for name in ("layer", "hconcat", "vconcat", "concat"):
        for inner in part.get(name, ()):
            yield from _drawn(inner, rows)


def _channel(said: Any) -> str:
    """What a channel shows; its axis as far as a reader reads it."""
    if not isinstance(said, Mapping):
        return f"{len(said)} fields"
    words = [str(said.get(name)) for name in ("field", "aggregate", "title") if said.get(name)]
    domain = (said.get("scale") or {}).get("domain")
    if isinstance(domain, list):
        words.append(f"[{_row(domain)}]")
    if isinstance(said.get("sort"), list):
        words.append(f"in the order {_row(said['sort'])}")
    if "condition" in said or "value" in said:
        words.append("by condition" if "condition" in said else _value(said["value"]))
    return " ".join(words)


def _drawn_rows(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    names = [name for name in names if name not in _WORDS_FOR_POINTING]
    if names:
        yield f"rows of {_row(names)}"
    for row in rows:
        yield f"- {_row([row.get(name) for name in names])}"


def _row(values: Sequence[Any]) -> str:
    return " | ".join(_value(value) for value in values)


def _value(value: Any) -> str:
    """A value so that a text never looks like a number, nor like two cells."""
    if isinstance(value, float):
        return f"{value:.{_DIGITS}g}"
    if isinstance(value, str) and _BARE.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _indented(lines: Any) -> Iterator[str]:
    return (f"  {line}" for line in lines)
