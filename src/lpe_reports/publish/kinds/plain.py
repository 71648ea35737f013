"""Files that are written as text: style sheets, scripts, JSON and tables with separators."""

import csv
import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from lpe_reports.publish.documents import Document, Passage, Reference
from lpe_reports.publish.kinds.data_addresses import files_in
from lpe_reports.publish.kinds.grids import Cell, passages_of_grid

CSS_URL = re.compile(r"""(?:url\(\s*|@import\s+(?!url))["']?([^"')\s;]+)""")
_CSS_DATA = re.compile(r"""url\(\s*(["']?)(data:(?:(?!\1)[^\n])*?)\1\s*\)""", re.IGNORECASE)
# \u002d, \u{2d} or \x2d for a hyphen; \/ for a slash.
_ESCAPE = re.compile(
    r"\\(?:u\{0*([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([ntr])|([/\"\\]))"
)
_CSS_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{1,6})[ \t\n]?")
# Two texts of a script that it puts together.
_JOINED = re.compile(r"(\d|[-+])([\"'`])[ \t]*\+[ \t]*[\"'`](?=[-+\d])")
_SCRIPT_TEXT = re.compile(r"(\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\d{8,}")
_LONG_NUMBER = re.compile(r"\d{6}")
_SEPARATORS = ";,\t|"
_HEADINGS, _ROWS = ("columns", "headers", "fields"), ("rows", "data", "values")
# So much before a value in a script may say what it is.
_BEFORE = 40


def read_text(document: Document) -> None:
    """A text is what it shows."""
    document.text = document.source
    if document.kind in (".csv", ".tsv"):
        document.passages = partial(_passages_of_rows, document.source)
    else:
        document.passages = partial(_passages_of_lines, document.source)


def read_css(document: Document) -> None:
    """A style sheet's comments and contents can be read, and its addresses are fetched."""
    document.text = css_unescaped(document.source)
    document.references = [
        Reference("request", match[1], document.line(match.start()))
        for match in CSS_URL.finditer(document.source)
    ]
    document.members = list(files_in(match[2] for match in _CSS_DATA.finditer(document.source)))


def read_json(document: Document) -> None:
    """JSON, with the characters that it writes as escapes.

    Raises:
        ValueError: It is damaged.
    """
    document.text = unescaped(document.source)
    document.parsed = json.loads(document.source)
    document.passages = partial(passages_of_json, document, document.parsed)


def read_script(document: Document) -> None:
    """A script, with the characters that its texts write as escapes, and numbers put together."""
    document.text = _JOINED.sub(r"\1", unescaped(document.source))
    document.passages = partial(passages_of_script, document.source)


def unescaped(text: str) -> str:
    """A text with the characters that it writes as escapes; lines stay lines."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def css_unescaped(text: str) -> str:
    """The same of a style sheet, whose escapes are its own (`\\2d` for a hyphen)."""
    return _CSS_ESCAPE.sub(_css_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    if match[4]:
        return " "
    if match[5]:
        return match[5]
    number = int(match[1] or match[2] or match[3], 16)
    # A line that is written as one stays where it is.
    return chr(number) if number < 0x110000 and number != 10 else " "


def _css_character(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return chr(number) if 31 < number < 0x110000 else " "


def _passages_of_lines(source: str) -> Iterator[Passage]:
    before = ""
    for number, line in enumerate(source.split("\n"), start=1):
        if line.strip():
            yield Passage(line.strip(), f"line {number}", before[-_BEFORE:])
            before = line


def _passages_of_rows(source: str) -> Iterator[Passage]:
    first = source.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(source.splitlines(keepends=True), delimiter=separator)
    rows = [[Cell(text, f"line {reader.line_num}") for text in row] for row in reader]
    yield from passages_of_grid(rows)


def passages_of_script(source: str, first_line: int = 1) -> Iterator[Passage]:
    """The texts and long numbers of a script, or of data that a page holds for one."""
    for match in _SCRIPT_TEXT.finditer(source):
        start = match.start()
        place = f"line {first_line + source.count(chr(10), 0, start)}"
        before = source[max(start - _BEFORE, 0) : start]
        text = match[1][1:-1] if match[1] else match[0]
        yield Passage(unescaped(text), place, before, number=not match[1])


def passages_of_json(document: Document, content: Any, said: str = "") -> Iterator[Passage]:
    """The values of JSON, each with its name."""
    if isinstance(content, dict):
        names = next((content[key] for key in _HEADINGS if _is_list(content.get(key))), None)
        for key, value in content.items():
            if names is not None and key in _ROWS and _is_rows(value):
                heads = [Cell(_name_of(name), "") for name in names]
                cells = [[_json_cell(document, each) for each in row] for row in value]
                yield from passages_of_grid([heads, *cells])
            else:
                yield from passages_of_json(document, value, key)
    elif _is_list(content) and content and all(isinstance(each, dict) for each in content):
        keys = list(dict.fromkeys(key for each in content for key in each))
        cells = [[_json_cell(document, each.get(key)) for key in keys] for each in content]
        yield from passages_of_grid([[Cell(key, "") for key in keys], *cells])
        for each in content:
            inner = {k: v for k, v in each.items() if isinstance(v, dict | list)}
            yield from passages_of_json(document, inner, said)
    elif _is_list(content):
        plain = tuple(_written(each) for each in content if not isinstance(each, dict | list))
        for each in content:
            if isinstance(each, dict | list):
                yield from passages_of_json(document, each, said)
            elif cell := _json_cell(document, each):
                yield Passage(cell.text, cell.place, said, plain, bool(cell.number))
    elif cell := _json_cell(document, content):
        yield Passage(cell.text, cell.place, said, number=bool(cell.number))


def _json_cell(document: Document, value: Any) -> Cell | None:
    if value is None or isinstance(value, dict | list):
        return None
    text = _written(value)
    # Only a long number is ever looked up in the source.
    found = _LONG_NUMBER.search(text)
    place = document.line(max(document.source.find(found[0]), 0)) if found else ""
    return Cell(text, place, number=not isinstance(value, str))


def _written(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _name_of(column: object) -> str:
    return (
        f"{column.get('label', '')} {column.get('id', '')}"
        if isinstance(column, dict)
        else str(column)
    )


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_list, value))
