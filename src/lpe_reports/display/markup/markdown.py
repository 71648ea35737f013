"""Tables as Markdown pipe tables, for an author's editor and for Quarto on a single notebook."""

from lpe_reports.display.blocks import TableBlock
from lpe_reports.display.markup.texts import heading_texts, row_texts


def table_markdown(table: TableBlock) -> str:
    """A table as a pipe table with its caption."""
    rules = [
        ":---" if place < table.row_headers or column.type == "text" else "---:"
        for place, column in enumerate(table.columns)
    ]
    lines = [heading_texts(table), rules, *row_texts(table)]
    body = [_line(cells) if cells is not rules else f"|{'|'.join(rules)}|" for cells in lines]
    return "\n".join([*body, "", f": {_cell(table.caption)}"])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    plain = " ".join(text.split(" ")).replace("\n", " ").replace("\\", "\\\\")
    for sign in "|*_`<>[]$#":
        plain = plain.replace(sign, "\\" + sign)
    return plain
