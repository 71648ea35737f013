"""What a notebook hands over to the page: blocks, as JSON under one MIME type.

A notebook's code cell shows a block; the executed notebook carries it; rendering turns it
into HTML, Typst, xlsx, csv and json. Everything in a block has passed disclosure control:
a hidden cell is null here and named in `hidden`.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lpe_reports import wording
from lpe_reports.wording import ColumnType as ColumnType

MIME = "application/vnd.lpe.block+json"
TRACE_MIME = "application/vnd.lpe.trace+json"

Cell = str | int | float | bool | None
Tone = Literal["good", "bad", "flag", "plain"]


class Block(BaseModel):
    """Part of a page; no text in it holds signs that cannot be seen (`wording.legible`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _legible(cls, data: Any) -> Any:
        return _legible(data)


def _legible(data: Any) -> Any:
    """Texts in containers made legible, chart specs' too: a NUL in one ends the process."""
    if isinstance(data, str):
        return wording.legible(data)
    if isinstance(data, dict):
        return {_legible(key): _legible(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return type(data)(_legible(value) for value in data)
    return data


class TableColumn(Block):
    """One column: what its values are and how they are shown."""

    id: str
    label: str
    type: ColumnType = "text"
    unit: str = ""
    decimals: int = 0


class Mark(Block):
    """A judgement on one cell; the words stand beside the colour and the arrow."""

    row: int
    column: int
    tone: Tone
    words: str  # "under målet"
    side: Literal["under", "over", ""] = ""  # which way the arrow points


class TableBlock(Block):
    type: Literal["table"] = "table"
    id: str
    caption: str
    selection: str = ""  # "Urval: …", the sentence after the colon
    definitions: tuple[str, ...] = ()  # glossary ids
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    hidden: tuple[tuple[int, int], ...] = ()  # (row, column)
    marks: tuple[Mark, ...] = ()
    row_headers: int = 1  # how many leading columns name the row
    current_row: int | None = None  # the period of the page
    total_row: int | None = None
    window: int | None = None  # how many rows are shown until the reader asks for more
    filters: tuple[int, ...] = ()  # the text columns that a reader can choose rows by
    note: str = ""
    empty: str = ""  # what to say where there are no rows


class ChartBlock(Block):
    type: Literal["chart"] = "chart"
    id: str
    caption: str
    subtitle: str = ""  # what target, mean and band are
    selection: str = ""
    definitions: tuple[str, ...] = ()
    alt: str
    spec: dict[str, Any]  # Vega-Lite, palette colours literal
    width: int  # px of the whole picture, for the grid
    narrow: dict[str, Any] = {}  # the same for a phone, where the other would be too small
    table: TableBlock  # the chart's data
    note: str = ""


def narrow_name(chart_id: str) -> str:
    """What a chart's drawing for narrow places is called."""
    return f"{chart_id}-smal"


class RowBlock(Block):
    """Charts and tables side by side where the page is wide enough."""

    type: Literal["row"] = "row"
    items: tuple[Annotated[ChartBlock | TableBlock, Field(discriminator="type")], ...]


class KeyFigure(Block):
    """One number with what it is compared with; values typed, None where hidden or missing."""

    id: str
    label: str
    value: float | int | None
    type: ColumnType
    unit: str = ""
    decimals: int = 0
    numerator: int | None = None
    denominator: int | None = None
    before: float | int | None = None
    before_label: str = ""  # "förra veckan"
    last_year: float | int | None = None
    last_year_label: str = ""  # "vecka 19 2025"
    target: float | int | None = None
    target_direction: Literal["up", "down"] | None = None
    judgements: tuple[tuple[Tone, str], ...] = ()
    hidden: bool = False
    missing: str = ""  # why there is no value, in words
    definition: str = ""


class KeyFiguresBlock(Block):
    type: Literal["key_figures"] = "key_figures"
    items: tuple[KeyFigure, ...]


class TitleBlock(Block):
    type: Literal["title"] = "title"
    report: str
    unit: str
    period: str
    title: str  # "Ortopedi, vecka 19 2026"
    when: str  # "4–10 maj 2026"
    ongoing: bool = False  # "pågår"


class SummaryBlock(Block):
    """The sentence that says what happened."""

    type: Literal["summary"] = "summary"
    text: str


class CommentBlock(Block):
    """The office's own words, shown as written."""

    type: Literal["comment"] = "comment"
    text: str
    updated_on: str


class SelectionBlock(Block):
    """The selection line under a heading, for all that follows until the next heading."""

    type: Literal["selection"] = "selection"
    text: str
    definitions: tuple[str, ...] = ()


class NoteBlock(Block):
    """A sentence in plain words, for instance that a table is not delivered."""

    type: Literal["note"] = "note"
    tone: Tone = "plain"
    text: str


class ProvenanceBlock(Block):
    """What the page was made from; no clock time, so that the same inputs give the same page."""

    type: Literal["provenance"] = "provenance"
    extract: str  # the night, 2026-05-11
    digest: str  # of all answers read
    rows: int
    notebook: str
    parameters: dict[str, Any]
    definitions: tuple[str, ...] = ()


class AbsentBlock(Block):
    """What a notebook's cell leaves where there is nothing to show; never reaches a page.

    A cell that opens a section which is not for this unit says so with `opens`: reading the
    notebook then leaves out all from the heading before it to the next.
    """

    type: Literal["absent"] = "absent"
    section: str = ""
    opens: bool = False


AnyBlock = Annotated[
    TitleBlock
    | SummaryBlock
    | CommentBlock
    | KeyFiguresBlock
    | SelectionBlock
    | TableBlock
    | ChartBlock
    | RowBlock
    | NoteBlock
    | ProvenanceBlock,
    Field(discriminator="type"),
]
