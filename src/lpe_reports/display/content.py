"""What a page says: prose and blocks, in order, read from an executed notebook."""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from lpe_reports.display.blocks import (
    MIME,
    TRACE_MIME,
    AbsentBlock,
    AnyBlock,
    ChartBlock,
    CommentBlock,
    KeyFigure,
    KeyFiguresBlock,
    ProvenanceBlock,
    RowBlock,
    SelectionBlock,
    SummaryBlock,
    TableBlock,
    TitleBlock,
)
from lpe_reports.display.prose import HEADING, Prose, shown_code
from lpe_reports.errors import DisclosureError, NotebookError

# What a picture of the prose is called once it has come with its notebook.
ATTACHED = re.compile(r"attachment:([\w.-]+)")
_PARSER: TypeAdapter[AnyBlock | AbsentBlock] = TypeAdapter(
    Annotated[AnyBlock | AbsentBlock, Field(discriminator="type")]
)


# The tag of the cell that a run adds, which holds its parameters (`build.running.executed`).
_INJECTED = "injected-parameters"

Item = str | AnyBlock  # a text is prose: Markdown as its author wrote it


@dataclass(frozen=True)
class PageContent:
    """One page before it is rendered.

    Args:
        items: Prose (Markdown) and blocks in the order of the notebook.
        front_matter: What the notebook's title cell says.
        pictures: The files that the prose shows (`attachment:<name>`), by name.
    """

    items: tuple[Item, ...]
    front_matter: Mapping[str, Any] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def title(self) -> TitleBlock:
        """Raises NotebookError where the notebook did not call `page.open`."""
        found: TitleBlock = self._one(TitleBlock, "page.open(…)")
        return found

    @property
    def provenance(self) -> ProvenanceBlock:
        """Raises NotebookError where the notebook was not closed."""
        found: ProvenanceBlock = self._one(ProvenanceBlock, "page.close()")
        return found

    @property
    def summary(self) -> str:
        """The sentences at the top; empty where there are none."""
        return next((item.text for item in self.items if isinstance(item, SummaryBlock)), "")

    @property
    def comment(self) -> CommentBlock | None:
        """The office's comment, if there is one."""
        return next((item for item in self.items if isinstance(item, CommentBlock)), None)

    def prose(self) -> tuple[str, ...]:
        """What its author wrote, in order."""
        return tuple(item for item in self.items if isinstance(item, str))

    def tables(self) -> tuple[TableBlock, ...]:
        """Every table of the page, those behind charts too, in order."""
        return tuple(
            item.table if isinstance(item, ChartBlock) else item
            for item in self._flat()
            if isinstance(item, ChartBlock | TableBlock)
        )

    def selections(self) -> Mapping[str, str]:
        """Whom each table is about, by table id: its own words, its chart's, or its section's."""
        found: dict[str, str] = {}
        section = ""
        for item in self.items:
            if isinstance(item, str):
                section = "" if _headings(item) else section
            elif isinstance(item, SelectionBlock):
                section = item.text
            for part in item.items if isinstance(item, RowBlock) else (item,):
                if isinstance(part, ChartBlock):
                    found[part.table.id] = part.table.selection or part.selection or section
                elif isinstance(part, TableBlock):
                    found[part.id] = part.selection or section
        return found

    def charts(self) -> tuple[ChartBlock, ...]:
        """Every chart of the page, in order."""
        return tuple(item for item in self._flat() if isinstance(item, ChartBlock))

    def key_figures(self) -> tuple[KeyFigure, ...]:
        """Every key figure of the page, in order."""
        blocks = (item for item in self.items if isinstance(item, KeyFiguresBlock))
        return tuple(figure for block in blocks for figure in block.items)

    def definitions(self) -> tuple[str, ...]:
        """The glossary ids that the page names, each once, in order."""
        named = [d for figure in self.key_figures() for d in (figure.definition,) if d]
        for item in (*self.items, *self._flat()):
            named += getattr(item, "definitions", ())
        return tuple(dict.fromkeys(named))

    def _flat(self) -> Iterator[Item]:
        for item in self.items:
            if isinstance(item, RowBlock):
                yield from item.items
            else:
                yield item

    def _one(self, kind: type[Any], call: str) -> Any:
        found = [item for item in self.items if isinstance(item, kind)]
        if len(found) != 1:
            raise NotebookError(
                f"the notebook calls {call} {len(found)} times; it must call it exactly once"
            )
        return found[0]


def read_content(path: Path) -> PageContent:
    """The content of an executed notebook.

    Raises:
        NotebookError: It is no notebook, a cell failed, or a section is not closed.
        DisclosureError: A cell shows something that did not come from the page.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        cells = list(document["cells"])
    except (OSError, ValueError, KeyError, TypeError):
        raise NotebookError(f"{path.name} is no executed notebook that can be read") from None
    return content_of(cells, name=path.name)


def parse_block(data: object) -> AnyBlock | AbsentBlock:
    """A block out of its JSON.

    Raises:
        ValidationError: It is none; pydantic's words quote its values, so they go no further.
    """
    return _PARSER.validate_python(data)


def content_of(cells: list[dict[str, Any]], *, name: str) -> PageContent:
    """The content of a notebook's cells; `name` is what errors call it."""
    reading = _Reading(name)
    front_matter: Mapping[str, Any] = {}
    number = 0
    for cell in cells:
        # As their author counts them: what a run adds is no cell of the notebook's.
        number += _INJECTED not in cell.get("metadata", {}).get("tags", [])
        kind, source = cell.get("cell_type"), _text(cell.get("source", ""))
        if kind == "markdown":
            reading.prose(Prose(source, cell=number))
            reading.attached(cell.get("attachments", {}))
        elif kind == "raw" and not front_matter:
            front_matter = _front_matter(source, name)
        elif kind == "code":
            code = shown_code(source, number)
            if code is not None:
                reading.prose(code)
            for output in cell.get("outputs", []):
                reading.output(output, number)
    return PageContent(tuple(reading.items), front_matter, reading.shown_pictures())


class _Reading:
    """The items so far, and whether a section is being left out."""

    def __init__(self, name: str) -> None:
        self.items: list[Item] = []
        self._name = name
        self._pictures: dict[str, bytes] = {}
        self._left_out: int | None = None  # the level of the heading that is left out

    def prose(self, prose: Prose) -> None:
        headings = prose.headings()
        if self._left_out is not None:
            if not headings or len(headings[0][1]) > self._left_out:
                return
            self._left_out = None
        if prose.strip():
            self.items.append(type(prose)(f"{prose.strip()}\n", prose.cell))

    def attached(self, attachments: Mapping[str, Mapping[str, str]]) -> None:
        """Pictures that came with the notebook (`build.planning.pictures`)."""
        for name, forms in attachments.items():
            try:
                (data,) = forms.values()
                self._pictures[name] = base64.b64decode(data)
            except (binascii.Error, TypeError, ValueError):
                raise NotebookError(f"{self._name}: the picture {name} is damaged") from None

    def shown_pictures(self) -> dict[str, bytes]:
        """The pictures that the prose shows; those of a section that is left out are none."""
        shown = {
            match[1]
            for item in self.items
            if isinstance(item, str)
            for match in ATTACHED.finditer(item)
        }
        return {name: data for name, data in self._pictures.items() if name in shown}

    def output(self, output: Mapping[str, Any], number: int) -> None:
        kind = output.get("output_type")
        if kind == "error":
            raise NotebookError(f"{self._name}, cell {number}: it failed ({output.get('ename')})")
        data = output.get("data")
        if kind == "stream" or not isinstance(data, dict) or TRACE_MIME in data:
            return
        if MIME not in data:
            if set(data) <= {"text/plain"}:
                return  # a value's name; never shown
            raise DisclosureError(
                f"{self._name}, cell {number}: it shows something that did not come from the "
                "page. Show tables with p.table(…), charts with p.chart(…), and end no cell "
                "with a data frame."
            )
        try:
            block = parse_block(data[MIME])
        except ValidationError:
            raise NotebookError(
                f"{self._name}, cell {number}: its output is no block that this version knows; "
                "run the notebook again"
            ) from None
        self._block(block)

    def _block(self, block: AnyBlock | AbsentBlock) -> None:
        if not isinstance(block, AbsentBlock):
            if self._left_out is None:
                self.items.append(block)
            return
        if block.opens:
            self._leave_out(block.section)
        elif block.section and self._left_out is None:
            raise NotebookError(
                f"{self._name}: the section '{block.section}' is not for this unit, and what "
                f"follows the heading '{self._last_heading()}' still belongs to it; begin that "
                "section with p.section()"
            )

    def _leave_out(self, section: str) -> None:
        """Take back everything from the last heading on, and leave out the rest of it."""
        for place in range(len(self.items) - 1, -1, -1):
            item = self.items[place]
            headings = _headings(item)
            if isinstance(item, Prose) and headings:
                self._left_out = len(headings[-1][1])
                before = item[: headings[-1].start()].strip()
                del self.items[place:]
                if before:
                    self.items.append(Prose(f"{before}\n", item.cell))
                return
        raise NotebookError(
            f"{self._name}: p.section('{section}') stands under no heading; write one above it"
        )

    def _last_heading(self) -> str:
        for item in reversed(self.items):
            found = _headings(item)
            if found:
                return str(found[-1][2])
        return ""


def _headings(item: Item) -> list[re.Match[str]]:
    if isinstance(item, Prose):
        return item.headings()
    return list(HEADING.finditer(item)) if isinstance(item, str) else []


def _front_matter(source: str, name: str) -> Mapping[str, Any]:
    body = source.strip().strip("-").strip()
    try:
        found = YAML(typ="safe", pure=True).load(body)
    except YAMLError:
        raise NotebookError(f"{name}: the title cell is no YAML") from None
    return found if isinstance(found, dict) else {}


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
