"""Blocks as Typst for the PDF: native tables, alt texts, every text a string literal.

A text is always handed over as a Typst string ("…"), never as Typst markup, so nothing in it
can be read as a command. `data-table` is the house's own, of `style.typ`.
"""

import re

from lpe_reports.display.blocks import (
    AnyBlock,
    ChartBlock,
    CommentBlock,
    KeyFigure,
    KeyFiguresBlock,
    Mark,
    NoteBlock,
    ProvenanceBlock,
    RowBlock,
    SelectionBlock,
    SummaryBlock,
    TableBlock,
    TitleBlock,
    narrow_name,
)
from lpe_reports.display.markup.context import MarkupContext
from lpe_reports.display.markup.texts import (
    cut_note,
    figure_comparisons,
    figure_number,
    heading_texts,
    row_texts,
    table_notes,
)
from lpe_reports.display.palette import PALETTE

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ARROWS = {"under": " ▼", "over": " ▲", "": ""}
_TEXT_TYPES = ("text", "week", "month", "period", "date")
_NOW = "#eef1f5"
_KEYS_IN_A_ROW = 4
_UNBROKEN_ROWS = 12
# To say that one or two rows are left out takes as much room as they do.
_TOO_FEW_TO_CUT = 2
_POINTS = 0.72  # of a drawn pixel, so that two small charts stand side by side on A4
_PAGE_POINTS = 500
# Where a heading breaks; it does not at a no-break space.
_PARTS = re.compile(r"[ \n]|(?<=[–/])")
_HYPHENED = re.compile(r"((?:\b\w{1,3} - )?\b\w{1,9}-\w{1,9}\b[,.:]?)")


def block_typst(block: AnyBlock, *, context: MarkupContext) -> str:
    """A block as Typst, in markup mode.

    Args:
        block: What a notebook showed.
        context: The page that it stands on; `image` names the charts' files.
    """
    match block:
        case TableBlock():
            return _table(block, context)
        case ChartBlock():
            width = min(block.width * _POINTS, _PAGE_POINTS)
            return _chart(block, context, f"{width:.0f}pt")
        case RowBlock():
            return _row(block, context)
        case KeyFiguresBlock():
            return _keys(block)
        case SelectionBlock():
            return _urval(block.text)
        case NoteBlock():
            # It tells how to read what follows it, which it stays with.
            return f"#block(above: 0.5em, sticky: true, par({_soft(block.text)}))\n"
        case SummaryBlock():
            return f"#par(text(size: 1.2em, {literal(block.text)}))\n"
        case CommentBlock():
            return f"#quote(block: true, {literal(block.text)})\n"
        case TitleBlock():
            return f"#heading(level: 1, {literal(block.title)})\n#{_soft(block.when)}\n"
        case ProvenanceBlock():
            told = f"Datalagret till och med {block.extract}, underlag {block.digest[:7]}."
            return _small(told)


def literal(text: str) -> str:
    """A text as a Typst string."""
    clean = _CONTROL.sub("", text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + clean.replace("\n", "\\n").replace("\t", " ") + '"'


def _soft(text: str) -> str:
    return f'text(size: 0.85em, fill: rgb("{PALETTE["soft"]}"), {literal(text)})'


def _small(text: str) -> str:
    return f"#block(above: 0.5em, par({_soft(text)}))\n" if text else ""


def _urval(text: str) -> str:
    return f"#block(above: 0.9em, below: 0.8em, sticky: true, par({_soft(_sentence(text))}))\n"


def _sentence(text: str) -> str:
    return f"Urval: {text.rstrip('.')}."


def _table(table: TableBlock, context: MarkupContext) -> str:
    head = _urval(table.selection) if table.selection else ""
    if not table.rows:
        (empty,) = table_notes(table)
        return head + f"#block[#strong({literal(table.caption + '.')}) #{literal(empty)}]\n"
    shown = shown_rows(table, context.cut_rows)
    cut = ""
    if len(shown) < len(table.rows):
        cut = cut_note(len(shown), len(table.rows))
    align = ", ".join(
        "left" if place < table.row_headers or column.type in _TEXT_TYPES else "right"
        for place, column in enumerate(table.columns)
    )
    headings = ", ".join(f"text(weight: 600, {_heading(text)})" for text in heading_texts(table))
    longest = ", ".join(literal(_longest_part(text)) for text in heading_texts(table))
    rule = f'stroke: (bottom: 0.5pt + rgb("{PALETTE["line"]}"))'
    # A short table stays on one page; a long one breaks, its caption staying with its head.
    breaks = "true" if len(shown) > _UNBROKEN_ROWS else "false"
    caption = f"block(sticky: true, {literal(table.caption)})"
    notes = [_small(note) for note in (cut, *table_notes(table)) if note]
    lines = [
        f"#block(breakable: {breaks}, width: 100%)[#block(below: 0.5em, width: 100%, figure(",
        "  kind: table, supplement: none, numbering: none, outlined: false,",
        f"  caption: figure.caption(position: top, {caption}),",
        f"  data-table(longest: ({longest},), align: ({align},), {rule},",
        f"    table.header(repeat: true, {headings}),",
        *(f"    {', '.join(cells)}," for cells in _rows(table, shown)),
        "  )))",
    ]
    # What is said under a table stays with it.
    return head + "\n".join(lines) + "\n" + "".join(notes) + "]\n"


def _heading(text: str) -> str:
    """A heading as Typst, in which names like Gä - C-op stay on one line."""
    pieces = [
        f"box({literal(piece)})" if place % 2 else literal(piece)
        for place, piece in enumerate(_HYPHENED.split(text))
        if piece
    ]
    return " + ".join(pieces) or literal("")


def _longest_part(heading: str) -> str:
    """The longest of what a heading does not break between."""
    pieces = _HYPHENED.split(heading)
    words = [word for piece in pieces[::2] for word in _PARTS.split(piece)]
    return max((*pieces[1::2], *words), key=len)


def shown_rows(table: TableBlock, cut_rows: int) -> list[int]:
    """The rows of a table that its PDF shows: the first ones, and always the total."""
    limit = min(table.window or cut_rows, cut_rows)
    if len(table.rows) <= limit + _TOO_FEW_TO_CUT:
        limit = len(table.rows)
    shown = list(range(min(limit, len(table.rows))))
    if table.total_row is not None and table.total_row not in shown:
        shown.append(table.total_row)
    return shown


def _rows(table: TableBlock, shown: list[int]) -> list[list[str]]:
    marks = {(mark.row, mark.column): mark for mark in table.marks}
    marked = {mark.column for mark in table.marks}
    texts = row_texts(table)
    rows = []
    for number in shown:
        cells = []
        for place, text in enumerate(texts[number]):
            mark = marks.get((number, place))
            cell = f"[#{literal(text)}#{_arrow(mark)}]" if place in marked else literal(text)
            if number in (table.current_row, table.total_row):
                cell = f"strong({cell})"
            if number == table.current_row:
                cell = f'table.cell(fill: rgb("{_NOW}"), {cell})'
            cells.append(cell)
        rows.append(cells)
    return rows


def _arrow(mark: Mark | None) -> str:
    """Which way a marked cell points; a hidden one keeps unmarked numbers in line with others."""
    if mark is None:
        return f"hide({literal(_ARROWS['over'])})"
    side = mark.side or {"bad": "under", "good": "over"}.get(mark.tone, "")
    colours = {"good": PALETTE["good"], "bad": PALETTE["bad"]}
    return f'text(fill: rgb("{colours.get(mark.tone, PALETTE["ink"])}"), {literal(_ARROWS[side])})'


def _chart(chart: ChartBlock, context: MarkupContext, width: str) -> str:
    subtitle = (
        f" #linebreak() #text(weight: 400, {_soft(chart.subtitle)})" if chart.subtitle else ""
    )
    caption = f"[#{literal(chart.caption)}{subtitle}]"
    head = _urval(chart.selection) if chart.selection else ""
    picture = f"image({literal(context.image(chart))}, alt: {literal(chart.alt)}, width: {width})"
    return (
        f"{head}#block(breakable: false, width: 100%)[#block(below: 0.5em, figure(\n"
        "  kind: image, supplement: none, numbering: none, outlined: false,\n"
        f"  caption: figure.caption(position: top, {caption}),\n"
        f"  {picture}))\n{_small(chart.note)}]\n"
    )


def _row(row: RowBlock, context: MarkupContext) -> str:
    cells = ",\n".join(
        f"grid.cell(breakable: false)[{_chart(_for_half_a_page(item), context, '100%')}]"
        if isinstance(item, ChartBlock)
        else f"[{_table(item, context)}]"
        for item in row.items
    )
    tracks = ", ".join(["1fr"] * min(2, len(row.items)))
    return f"#grid(columns: ({tracks},), column-gutter: 14pt, row-gutter: 12pt,\n{cells})\n"


def _for_half_a_page(chart: ChartBlock) -> ChartBlock:
    """The chart as it is drawn for narrow places, if it is: its letters stay larger there."""
    return chart.model_copy(update={"id": narrow_name(chart.id)}) if chart.narrow else chart


def _keys(block: KeyFiguresBlock) -> str:
    count = len(block.items)
    columns = 3 if count in (5, 6, 9) else min(_KEYS_IN_A_ROW, count)
    tracks = ", ".join(["1fr"] * columns)
    cells = ",\n".join(_key(figure) for figure in block.items)
    line = f'stroke: 0.5pt + rgb("{PALETTE["line"]}")'
    return f"#grid(columns: ({tracks},), inset: 6pt, {line},\n{cells})\n"


def _key(figure: KeyFigure) -> str:
    text, small = figure_number(figure)
    colours = {"good": PALETTE["good"], "bad": PALETTE["bad"]}
    tags = [
        f'box(text(size: 0.85em, weight: 600, fill: rgb("{colours.get(tone, PALETTE["ink"])}"), '
        f"{literal(words)}))"
        for tone, words in figure.judgements
    ]
    said = [_soft(text) for text in figure_comparisons(figure)] + tags
    parts = [
        _soft(figure.label),
        "linebreak()",
        f"text(size: 1.4em, weight: 600, {literal(text)})",
        f"{_soft(' ' + small)}" if small else "",
        "linebreak()" if said else "",
        f" + {_soft(' · ')} + ".join(said),
    ]
    return f"[#par({' + '.join(part for part in parts if part)})]"
