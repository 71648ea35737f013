"""Workbooks: everything that lies in an xlsx file, not only what a sheet shows."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from html import unescape
from itertools import groupby
from pathlib import PurePosixPath

from lpe_reports.publish.documents import APART, Document, Passage
from lpe_reports.publish.kinds.archives import Allowance, parts_of
from lpe_reports.publish.kinds.grids import Cell, passages_of_grid

_MARKUP = re.compile(r"(?:<[^>]*>)+")
# A text in several colours is written in runs; they are one text all the same. So is one that is
# broken off for a reader who does not know a newer word.
_BETWEEN_RUNS = re.compile(
    r"</((?:\w+:)?)t>\s*</\1r>\s*<\1r>(?:\s*<\1rPr>.*?</\1rPr>|\s*<\1rPr\s*/>)?\s*<\1t(?:\s[^>]*)?>",
    re.DOTALL,
)
# What is said in attributes: names of sheets and areas, hints, addresses. Six digits in a row are
# the least of a number that anything looks for.
_SAID = re.compile(r"\s([\w:]+)=\"([^\"]*\d{4}[^\"]*|[^\"]*[^\W\d]{3}[^\"]*)\"")
_SPEAKING = {
    "name", "displayName", "display", "tooltip", "descr", "title", "prompt", "promptTitle",
    "error", "errorTitle", "location", "Target", "val", "v", "author", "codeName", "comment",
    "description", "help", "statusBar", "formatCode",
}  # fmt: skip
_CELL = re.compile(r"<c\s([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_WHERE = re.compile(r"\br=\"([A-Z]{1,3})(\d+)\"")
_REFERENCE = re.compile(r"cell ([A-Z]{1,3})(\d+)$")
_FORMULA = re.compile(r"<f[\s>].*?</f>|<f\s[^>]*/>", re.DOTALL)
# Text without markup, and remarks.
_UNREAD = re.compile(r"<!\[CDATA\[(.*?)\]\]>|<!--(.*?)-->", re.DOTALL)
# Two texts that a formula puts together.
_PUT_TOGETHER = re.compile(r"(?:\"|&quot;)\s*&amp;\s*(?:\"|&quot;)")
# How a workbook looks, and the names of its vocabularies.
_LOOKS = ("xl/theme/", "xl/styles.xml", "xl/sharedStrings.xml", "[Content_Types].xml")
_VOCABULARY = re.compile(r"\s(?:xmlns(?::\w+)?|Type)=\"http://[^\"]*\"")
_SHARED = re.compile(r"<si>(.*?)</si>", re.DOTALL)
_SHEET = re.compile(r"<sheet\s[^>]*>")
_RELATION = re.compile(r"<Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(r"([\w:]+)=\"([^\"]*)\"")


def read_workbook(document: Document, allowance: Allowance) -> None:
    """The text of all parts of a workbook; pictures and files in it are read as files.

    Raises:
        zipfile.BadZipFile: It is damaged.
        TooMuchError: It unpacks to too much.
    """
    parts: dict[str, str] = {}
    members = []
    for name, content in parts_of(document.content, allowance):
        if name.endswith((".xml", ".rels", ".vml")):
            parts[name] = content.decode("utf-8")
        else:
            members.append((name, content))
    document.members = members
    document.markup = {
        f"its part {name}": _VOCABULARY.sub("", _around_cells(part))
        for name, part in parts.items()
        if not name.startswith(_LOOKS)
    }
    names, starts, texts, length = [], [], [], 0
    for name, part in parts.items():
        text = f"{_text_of(part)}{APART}{name}"
        names.append(name)
        starts.append(length)
        texts.append(text)
        length += len(text) + len(APART)
    document.text = APART.join(texts)

    def locate(offset: int) -> str:
        number = bisect_right(starts, offset) - 1
        text, at = texts[number], offset - starts[number]
        piece = text[text.rfind(APART, 0, at) + 1 :].partition(APART)[0]
        for cell in _cells(parts):
            if cell.text == piece:
                return cell.place
        return f"its part {names[number]}"

    def passages() -> Iterator[Passage]:
        for _, rows in groupby(_cells(parts), key=lambda cell: cell.place.rpartition(",")[0]):
            yield from passages_of_grid(_grid(rows))
        for name, text in zip(names, texts, strict=True):
            if not name.startswith(("xl/worksheets/sheet", "xl/sharedStrings")):
                yield from (Passage(p, f"its part {name}") for p in text.split(APART) if p)

    document.locate = locate
    document.passages = passages


def _around_cells(part: str) -> str:
    """A part's markup; of its cells, whose attributes say how they look, the formulas."""
    head, _, rest = part.partition("<sheetData>")
    cells, _, tail = rest.partition("</sheetData>")
    return head + tail + "".join(_FORMULA.findall(cells) if "<f" in cells else ())


def _text_of(part: str) -> str:
    around = _around_cells(part)
    said = APART.join(match[2] for match in _SAID.finditer(around) if match[1] in _SPEAKING)
    if "<!" in part:
        part = _UNREAD.sub(lambda match: match[1] or match[2] or "", part)
    if "</r>" in part or ":r>" in part:
        part = _BETWEEN_RUNS.sub("", part)
    shown = _MARKUP.sub(APART, part)
    if "&amp;" in shown:
        shown = _PUT_TOGETHER.sub("", shown)
    return unescape(f"{shown}{APART}{said}" if said else shown)


def _cells(parts: Mapping[str, str]) -> Iterator[Cell]:
    """The cells of all sheets, sheet by sheet and row by row."""
    shared = [
        unescape(_MARKUP.sub("", _BETWEEN_RUNS.sub("", text)))
        for text in _SHARED.findall(parts.get("xl/sharedStrings.xml", ""))
    ]
    titles = _titles(parts)
    for name, part in parts.items():
        if not name.startswith("xl/worksheets/sheet"):
            continue
        sheet = titles.get(PurePosixPath(name).name, PurePosixPath(name).stem)
        for attributes, content in _CELL.findall(part):
            found = _WHERE.search(attributes)
            text = unescape(_MARKUP.sub("", _BETWEEN_RUNS.sub("", _FORMULA.sub("", content))))
            number = True
            if 't="s"' in attributes and text.isdecimal() and int(text) < len(shared):
                text, number = shared[int(text)], False
            elif 't="' in attributes and 't="n"' not in attributes:
                number = False
            if text and found:
                yield Cell(text, f"sheet {sheet}, cell {found[1]}{found[2]}", number)


def _titles(parts: Mapping[str, str]) -> dict[str, str]:
    """The sheets' titles by the names of their files."""
    files = {}
    for relation in _RELATION.findall(parts.get("xl/_rels/workbook.xml.rels", "")):
        given = dict(_ATTRIBUTE.findall(relation))
        files[given.get("Id", "")] = PurePosixPath(given.get("Target", "")).name
    titles = {}
    for tag in _SHEET.findall(parts.get("xl/workbook.xml", "")):
        given = dict(_ATTRIBUTE.findall(tag))
        titles[files.get(given.get("r:id", ""), "")] = unescape(given.get("name", ""))
    return titles


def _grid(cells: Iterable[Cell]) -> list[list[Cell | None]]:
    rows: dict[int, dict[int, Cell]] = {}
    for cell in cells:
        letters, digits = _REFERENCE.findall(cell.place)[-1]
        column = reduce(lambda sofar, letter: sofar * 26 + ord(letter) - 64, letters, 0)
        rows.setdefault(int(digits), {})[column] = cell
    return [
        [row.get(number) for number in range(1, max(row) + 1)] for _, row in sorted(rows.items())
    ]
