"""A page as an Excel file that a planner can work on at once.

The first sheet tells where the numbers come from and leads to the others: the key figures and a
sheet per table. Text stays text, also where it begins like a formula. The file holds no time of
its making, so the same page gives the same bytes.
"""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import xlsxwriter

from lpe_reports import wording
from lpe_reports.display.content import PageContent
from lpe_reports.display.downloads.sheets import (
    Formats,
    cut,
    set_paper,
    write_figures,
    write_table,
    write_text,
)
from lpe_reports.display.markup.texts import table_notes
from lpe_reports.display.palette import PALETTE

ABOUT = "Om uppgifterna"
FIGURES = "Nyckeltal"
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - Excel's times have no zone
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_NAME_LENGTH = 31
_ELLIPSIS = "…"
_OF_CHARTS = "Siffrorna i ett diagram"


def xlsx_bytes(
    page: PageContent, *, definition_name: Callable[[str], str] = lambda name: name
) -> bytes:
    """A page's tables and key figures as an Excel file.

    Args:
        page: The page.
        definition_name: The Swedish name of a glossary entry.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": page.title.title, "created": _CREATED})
    formats = Formats(book)
    names = _sheet_names(page)
    foot = f"{page.title.title}. Uppgifter till och med {page.provenance.extract}"
    _about(book, formats, page, names, definition_name, foot)
    if page.key_figures():
        sheet = book.add_worksheet(FIGURES)
        sheet.set_tab_color(PALETTE["series-1"])
        write_figures(sheet, formats, page.key_figures(), foot=foot, caption=FIGURES)
    of_charts = {chart.table.id for chart in page.charts()}
    for table in page.tables():
        sheet = book.add_worksheet(names[table.id])
        sheet.set_tab_color(PALETTE["line" if table.id in of_charts else "series-1"])
        write_table(sheet, formats, table, foot=foot)
    book.close()
    return buffer.getvalue()


def _about(
    book: Any,
    formats: Formats,
    page: PageContent,
    names: Mapping[str, str],
    definition_name: Callable[[str], str],
    foot: str,
) -> None:
    sheet = book.add_worksheet(ABOUT)
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 90)
    write_text(sheet, 0, 0, page.title.title, formats.title)
    lines = list(_about_lines(page, definition_name))
    for number, (name, text) in enumerate(lines, start=2):
        write_text(sheet, number, 0, name, formats.bold_top)
        write_text(sheet, number, 1, text, formats.wrapped)
    start = len(lines) + 3
    write_text(sheet, start, 0, "Blad", formats.heading)
    write_text(sheet, start, 1, "Innehåll", formats.heading)
    for number, (name, text) in enumerate(_contents(page, names), start=start + 1):
        place = name.replace("'", "''")
        sheet.write_url(number, 0, f"internal:'{place}'!A1", formats.link, string=name)
        write_text(sheet, number, 1, text, formats.wrapped)
    sheet.hide_gridlines(2)
    set_paper(sheet, "", foot, landscape=False)


def _contents(page: PageContent, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every sheet but the first, with what stands on it."""
    if page.key_figures():
        yield FIGURES, "Sidans nyckeltal, med vad de jämförs med och hur de bedöms."
    selections = page.selections()
    of_charts = {chart.table.id for chart in page.charts()}
    for table in page.tables():
        selection = selections[table.id]
        said = [table.caption, f"Urval: {selection}" if selection else ""]
        said += table_notes(table)
        said += [_OF_CHARTS] if table.id in of_charts else []
        yield names[table.id], ". ".join(each.rstrip(".") for each in said if each) + "."


def _about_lines(
    page: PageContent, definition_name: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    title, provenance = page.title, page.provenance
    yield "Period", f"{title.when}, pågår" if title.ongoing else title.when
    if page.summary:
        yield "I korthet", page.summary
    if page.comment:
        yield "Kommentar", f"{page.comment.text} ({page.comment.updated_on})"
    yield "Uppgifter", f"Datalagret till och med {provenance.extract}"
    yield "Underlag", f"{provenance.digest}, {wording.number(provenance.rows)} rader lästa"
    yield "Rapport", provenance.notebook
    yield "Parametrar", ", ".join(f"{name} = {v}" for name, v in provenance.parameters.items())
    if page.definitions():
        yield "Så räknar vi", " · ".join(definition_name(name) for name in page.definitions())
    yield "Tecken", _signs(page)


def _signs(page: PageContent) -> str:
    """What stands in cells beside numbers, as far as this file has it."""
    said = [f"”{wording.HIDDEN}”: talet visas inte, för att skydda enskilda patienter."]
    sides = {mark.side for table in page.tables() for mark in table.marks}
    if sides - {""}:
        said.append("▲ och ▼: över och under målet eller den normala variationen.")
    if any(table.current_row is not None for table in page.tables()):
        said.append("Fet rad på grått: sidans egen period.")
    return " ".join(said)


def _sheet_names(page: PageContent) -> dict[str, str]:
    """A sheet's name per table, short enough for Excel and each its own."""
    taken = {ABOUT.casefold(), FIGURES.casefold(), "history"}
    names: dict[str, str] = {}
    for table in page.tables():
        plain = " ".join(_FORBIDDEN.sub(" ", table.caption).split()).strip("'") or table.id
        name, number = _shortened(plain, _NAME_LENGTH), 1
        while name.casefold() in taken:
            number += 1
            end = f" {number}"
            name = _shortened(plain, _NAME_LENGTH - len(end)) + end
        taken.add(name.casefold())
        names[table.id] = name
    return names


def _shortened(text: str, length: int) -> str:
    """A text that is too long, ended after a whole word where that leaves most of it."""
    if cut(text, length) == text:
        return text
    part = cut(text, length - len(_ELLIPSIS))
    whole, _, rest = part.rpartition(" ")
    if whole and len(rest) < length // 2 and not text[len(part) : len(part) + 1].isspace():
        part = whole
    return part.rstrip(" ,.;-–'") + _ELLIPSIS
