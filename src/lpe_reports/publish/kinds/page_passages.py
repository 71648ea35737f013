"""A page piece by piece, with what stands beside each: slow, for what needs to be judged."""

from collections.abc import Iterator
from html.parser import HTMLParser

from lpe_reports.publish.documents import Passage
from lpe_reports.publish.kinds.grids import Cell, is_number, passages_of_grid
from lpe_reports.publish.kinds.plain import passages_of_script

# What parts two lines of one text.
BREAK = "\v"
# Elements that part nothing: "1<b>2</b>" is read as 12.
INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "textpath", "time", "tspan", "tt", "u", "var", "wbr",
}  # fmt: skip
# Attributes that a reader sees or hears; other than these only `data-…` are read as text.
_SPOKEN = {
    "alt", "aria-description", "aria-label", "aria-roledescription", "aria-valuetext", "content",
    "download", "label", "placeholder", "summary", "title", "value", "xlink:title",
}  # fmt: skip
# Attributes that lead somewhere: what their addresses say is read as text, too.
LEADING = ("href", "src", "id", "name", "xlink:href")
# Attributes that hold what a script or a form works with, numbers as well as words.
_WORKED_WITH = ("data-", "value", "content")
_LONGEST_LABEL = 60


def speaks(attribute: str) -> bool:
    """Whether an attribute says something to a reader, or to a script that may show it."""
    return attribute in _SPOKEN or attribute.startswith("data-")


def passages_of_page(source: str) -> Iterator[Passage]:
    """The cells, paragraphs, texts of pictures and spoken attributes of a page."""
    parser = _PassageParser()
    parser.feed(source)
    parser.close()
    yield from parser.finish()


class _PassageParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[Passage] = []
        self._text: list[str] = []
        self._line = 1
        self._before = ""  # what was said last
        self._tables: list[list[list[Cell | None]]] = []
        self._in_cell = False
        self._in_script = False
        self._in_definition = False  # what a term says: a key figure under its label
        self._drawn: list[Cell] | None = None  # the texts of the picture that is read

    def finish(self) -> list[Passage]:
        self._end_cell()
        self._end_piece()
        while self._tables:
            self._end_table()
        return self._found

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if value and speaks(name):
                number = name.startswith(_WORKED_WITH) and value.strip().isdecimal()
                self._found.append(Passage(value, self._place(), name, number=number))
        if tag in INLINE:
            return
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()
        self._end_piece()
        if tag == "table":
            self._tables.append([[]])
        elif tag == "tr" and self._tables:
            self._tables[-1].append([])
        elif tag in ("td", "th") and self._tables:
            self._in_cell = True
        elif tag == "script":
            self._in_script = True
        elif tag in ("dd", "dt"):
            self._in_definition = tag == "dd"
        elif tag == "svg":
            self._drawn = []

    def handle_endtag(self, tag: str) -> None:
        if tag in INLINE:
            return
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()
        self._end_piece()
        if tag == "table" and self._tables:
            self._end_table()
        elif tag == "script":
            self._in_script = False
        elif tag == "dl":
            self._in_definition = False
        elif tag == "svg" and self._drawn is not None:
            # Among other texts of a picture a number is the axis's, or a bar's.
            several = len(self._drawn) > 1
            self._found += passages_of_grid(
                [[Cell(c.text, c.place, several and is_number(c.text))] for c in self._drawn]
            )
            self._drawn = None

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self._found += passages_of_script(data, self.getpos()[0])
            return
        if not "".join(self._text).strip():
            # Where its first word is, not the blanks before it.
            blanks = data[: len(data) - len(data.lstrip())]
            self._line = self.getpos()[0] + blanks.count("\n")
        self._text.append(data)

    def handle_comment(self, data: str) -> None:
        self._found.append(Passage(data, self._place(), "comment"))

    def _place(self) -> str:
        return f"line {self.getpos()[0]}"

    def _end_piece(self) -> None:
        """A paragraph or the like is over; in a cell it is a line of the cell."""
        if self._in_cell:
            self._text.append(" ")
            return
        text = "".join(self._text).strip()
        self._text.clear()
        if not text:
            return
        place = f"line {self._line}"
        if self._drawn is not None:
            self._drawn.append(Cell(text, place))
            return
        number = self._in_definition and is_number(text)
        self._found.append(Passage(text, place, self._before, number=number))
        # A label; what holds a number says something of its own.
        is_label = len(text) <= _LONGEST_LABEL and not any(map(str.isdecimal, text))
        self._before = text if is_label else ""

    def _end_cell(self) -> None:
        if not self._in_cell:
            return
        self._in_cell = False
        text = "".join(self._text).strip()
        self._text.clear()
        self._tables[-1][-1].append(Cell(text, f"line {self._line}"))

    def _end_table(self) -> None:
        self._found += passages_of_grid([row for row in self._tables.pop() if row])
