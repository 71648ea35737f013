"""Blocks as HTML for the page and for JupyterLab: everything escaped, no style attributes.

The class names are the stylesheet's: lead, keys, key, tag, urval, grid, scroll, now, total,
under, over, good, bad, flag, hidden, text, words, note, data.
"""

from html import escape

from lpe_reports import wording
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
)
from lpe_reports.display.markup.context import MarkupContext
from lpe_reports.display.markup.texts import (
    figure_comparisons,
    figure_number,
    heading_texts,
    row_texts,
    table_notes,
)

_TEXT_TYPES = ("text", "week", "month", "period", "date")
_SHORT_NAME = 21  # letters of a row's name that stays on one line on a phone, too
# Letters from which a heading has room for its words on two lines, on three, on three long ones.
_LINES = {"two": 13, "three": 23, "long": 26}
_WIDE_ROW = 400  # px; charts wider than this stand two in a row at most


def block_html(block: AnyBlock, *, context: MarkupContext) -> str:
    """A block as HTML.

    Args:
        block: What a notebook showed.
        context: The page that it stands on.
    """
    match block:
        case TableBlock():
            return _table(block, context)
        case ChartBlock():
            return _chart(block, context)
        case RowBlock():
            return _row(block, context)
        case KeyFiguresBlock():
            return _lines('<dl class="keys">', *(_key(k, context) for k in block.items), "</dl>")
        case SelectionBlock():
            return _selection(block.text, block.definitions, context)
        case NoteBlock():
            tone = "" if block.tone == "plain" else f" {block.tone}"
            return f'<p class="note{tone}">{escape(block.text)}</p>'
        case SummaryBlock():
            return f'<p class="lead">{escape(block.text)}</p>'
        case CommentBlock():
            return (
                f'<blockquote class="comment"><p>{escape(block.text)}</p>'
                f"<footer>{escape(block.updated_on)}</footer></blockquote>"
            )
        case TitleBlock():
            ongoing = ' <span class="tag flag">pågår</span>' if block.ongoing else ""
            return (
                f'<h1>{escape(block.title)}</h1>\n<p class="when">{escape(block.when)}{ongoing}</p>'
            )
        case ProvenanceBlock():
            return _provenance(block)


def definition_links(definitions: tuple[str, ...], context: MarkupContext) -> str:
    """ "Så räknar vi: Öppna salar · SPOR", each name a link to the definitions page."""
    if not definitions:
        return ""
    links = [
        f'<a href="{escape(context.definition_href(name))}">'
        f"{escape(context.definition_name(name))}</a>"
        for name in definitions
    ]
    # Names may hold commas, so that commas would not part them.
    return f"Så räknar vi: {' · '.join(links)}"


def _selection(text: str, definitions: tuple[str, ...], context: MarkupContext) -> str:
    said = f"Urval: {escape(text.rstrip('.'))}." if text else ""
    links = definition_links(definitions, context)
    content = " ".join(part for part in (said, links) if part)
    return f'<p class="urval">{content}</p>' if content else ""


def _table(table: TableBlock, context: MarkupContext) -> str:
    selection = _selection(table.selection, table.definitions, context)
    if not table.rows:
        (empty,) = table_notes(table)
        said = f"<b>{escape(table.caption)}.</b> {escape(empty)}"
        return _lines(selection, f'<p class="note">{said}</p>')
    notes = [f'<p class="note">{escape(note)}</p>' for note in table_notes(table)]
    return _lines(
        selection,
        '<div class="scroll">',
        _table_element(table),
        "</div>",
        *notes,
        _csv_link(table, context),
    )


def _table_element(table: TableBlock) -> str:
    # What a reader may ask of it in the browser: how many periods, which rows.
    asked = f' data-window="{table.window}"' if table.window else ""
    if table.filters:
        asked += f' data-filters="{" ".join(map(str, table.filters))}"'
    marks = {(mark.row, mark.column): mark for mark in table.marks}
    hidden = set(table.hidden)
    head = "".join(
        f'<th scope="col"{_heading_class(column.type, text)}>{escape(text)}</th>'
        for column, text in zip(table.columns, heading_texts(table), strict=True)
    )
    body = []
    for number, texts in enumerate(row_texts(table)):
        cells = []
        for place, text in enumerate(texts):
            if place < table.row_headers:
                short = ' class="short"' if len(text) <= _SHORT_NAME else ""
                cells.append(f'<th scope="row"{short}>{escape(text)}</th>')
                continue
            mark = marks.get((number, place))
            kind = table.columns[place].type
            cells.append(_cell(text, kind, mark, (number, place) in hidden))
        body.append(f"<tr{_row_class(table, number)}>{''.join(cells)}</tr>")
    # A heading with the same words has the bare id, so that a table's is never that.
    return _lines(
        f'<table id="tabell-{escape(table.id)}"{asked}><caption>{escape(table.caption)}</caption>',
        f"<thead><tr>{head}</tr></thead>",
        f"<tbody>{_lines(*body)}</tbody></table>",
    )


def _row_class(table: TableBlock, number: int) -> str:
    classes = [
        name
        for name, row in (("now", table.current_row), ("total", table.total_row))
        if row == number
    ]
    return f' class="{" ".join(classes)}"' if classes else ""


def _heading_class(kind: str, text: str) -> str:
    """How a heading is aligned, and that a long one has room for two or three lines of words."""
    lines = [name for name, least in _LINES.items() if len(text) >= least][-1:]
    names = " ".join((["text"] if kind in _TEXT_TYPES else []) + lines)
    return f' class="{names}"' if names else ""


def _text_class(kind: str) -> str:
    return ' class="text"' if kind in _TEXT_TYPES else ""


def _cell(text: str, kind: str, mark: Mark | None, hidden: bool) -> str:
    if hidden:
        return f'<td class="hidden">{escape(text)}</td>'
    if text == wording.NONE and kind not in _TEXT_TYPES:
        # A dash is read aloud as nothing, or as minus.
        spoken = f'<span class="words">{wording.NONE_SPOKEN}</span>'
        return f'<td><span aria-hidden="true">{text}</span>{spoken}</td>'
    if mark is None:
        return f"<td{_text_class(kind)}>{escape(text)}</td>"
    side = mark.side or {"bad": "under", "good": "over"}.get(mark.tone, "")
    classes = " ".join(name for name in (side, mark.tone) if name and name != "plain")
    attribute = f' class="{classes}"' if classes else ""
    words = f'<span class="words">, {escape(mark.words)}</span>'
    return f"<td{attribute}>{escape(text)}{words}</td>"


def _csv_link(table: TableBlock, context: MarkupContext) -> str:
    href = context.csv_href(table.id)
    if href is None:
        return ""
    name = f"{table.caption} som CSV"
    return (
        f'<p class="data"><a href="{escape(href)}" download aria-label="{escape(name)}">CSV</a></p>'
    )


def _chart(chart: ChartBlock, context: MarkupContext) -> str:
    subtitle = f"<span>{escape(chart.subtitle)}</span>" if chart.subtitle else ""
    note = f'<p class="note">{escape(chart.note)}</p>' if chart.note else ""
    data = chart.table.model_copy(update={"selection": "", "definitions": ()})
    return _lines(
        _selection(chart.selection, chart.definitions, context),
        f'<figure class="chart" id="{escape(chart.id)}">',
        f"<figcaption>{escape(chart.caption)}{subtitle}</figcaption>",
        context.svg(chart),
        note,
        "<details><summary>Visa som tabell</summary>",
        _table(data, context),
        "</details>",
        "</figure>",
    )


def _row(row: RowBlock, context: MarkupContext) -> str:
    widest = max((i.width for i in row.items if isinstance(i, ChartBlock)), default=0)
    wide = widest > _WIDE_ROW or any(isinstance(i, TableBlock) for i in row.items)
    items = [_row_item(item, context) for item in row.items]
    return _lines(f'<div class="grid{" pair" if wide else ""}">', *items, "</div>")


def _row_item(item: ChartBlock | TableBlock, context: MarkupContext) -> str:
    """One cell of the grid: a bare figure, or all that belongs to a table kept together."""
    markup = block_html(item, context=context)
    if isinstance(item, ChartBlock) and not item.selection and not item.definitions:
        return markup
    return _lines("<div>", markup, "</div>")


def _key(figure: KeyFigure, context: MarkupContext) -> str:
    label = escape(figure.label)
    if figure.definition:
        label = f'<a href="{escape(context.definition_href(figure.definition))}">{label}</a>'
    text, small = figure_number(figure)
    number = escape(text) + (f" <small>{escape(small)}</small>" if small else "")
    tags = [
        f'<span class="tag{"" if tone == "plain" else " " + tone}">{escape(words)}</span>'
        for tone, words in figure.judgements
    ]
    said = [escape(text) for text in figure_comparisons(figure)] + tags
    details = f'<dd class="d">{" · ".join(said)}</dd>' if said else ""
    hidden = " hidden" if figure.hidden else ""
    return f'<div class="key"><dt>{label}</dt><dd class="n{hidden}">{number}</dd>{details}</div>'


def _provenance(block: ProvenanceBlock) -> str:
    parameters = " · ".join(f"{name} {value}" for name, value in block.parameters.items())
    rows = wording.number(block.rows)
    lines = [
        ("Uppgifter", f"datalagret till och med {block.extract}, {rows} rader lästa"),
        ("Rapport", f"{block.notebook} · {parameters} · underlag {block.digest[:7]}"),
    ]
    return _lines(
        '<dl class="source">',
        *(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in lines),
        "</dl>",
    )


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
