"""What a page's JSON says is hidden is held against every other file of the page."""

import json
from pathlib import PurePosixPath

import pytest

from lpe_reports.display.blocks import KeyFigure, KeyFiguresBlock, TableBlock, TableColumn
from lpe_reports.display.content import PageContent
from lpe_reports.display.downloads.csv import csv_bytes
from lpe_reports.display.downloads.json import json_bytes
from lpe_reports.display.downloads.xlsx import xlsx_bytes
from lpe_reports.display.markup.context import MarkupContext
from lpe_reports.display.markup.html import block_html
from lpe_reports.publish.documents import Document
from lpe_reports.publish.rules.hidden import hidden_shown
from sample_page import sample_items

pytestmark = pytest.mark.promise(
    "disclosure", "The gate finds a number that one file of a page shows and another hides"
)

STEM = "a/b/2026-W19"
TABLE = TableBlock(
    id="per-enhet",
    caption="Per enhet",
    columns=(
        TableColumn(id="unit", label="Enhet", type="text"),
        TableColumn(id="n", label="Antal", type="count"),
        TableColumn(id="days", label="Dagar", type="days", unit="dagar"),
    ),
    rows=(("Bollnäs", None, None), ("Gävle <i>", 40, 12.5), ("=Hudiksvall", 17, None)),
    hidden=((0, 1), (0, 2), (2, 2)),
)
FIGURES = KeyFiguresBlock(
    items=(
        KeyFigure(id="a", label="Öppna salar", value=4, type="count"),
        KeyFigure(id="b", label="Operationer", value=None, hidden=True, type="count"),
    )
)


@pytest.fixture
def page() -> dict[str, Document]:
    """A page's files as they are written, with a table and a key figure that hide something."""
    return _documents(_content(TABLE))


def _content(table: TableBlock) -> PageContent:
    items = [item for item in sample_items() if not isinstance(item, KeyFiguresBlock)]
    return PageContent((*items[:-1], FIGURES, table, items[-1]))


def _documents(content: PageContent) -> dict[str, Document]:
    blocks = [item for item in content.items if not isinstance(item, str)]
    html = "\n".join(block_html(block, context=MarkupContext()) for block in blocks)
    source = json_bytes(content).decode()
    made = {
        f"{STEM}.html": Document(f"{STEM}.html", ".html", source=html),
        f"{STEM}.json": Document(f"{STEM}.json", ".json", source=source, parsed=json.loads(source)),
        f"{STEM}.pdf": Document(f"{STEM}.pdf", ".pdf", text="Operationer\x1fdold"),
        f"{STEM}.xlsx": Document(f"{STEM}.xlsx", ".xlsx", content=xlsx_bytes(content)),
    }
    for table in content.tables():
        name = f"{STEM}/{table.id}.csv"
        made[name] = Document(name, ".csv", source=csv_bytes(table).decode("utf-8-sig"))
    return made


def found(page: dict[str, Document]) -> list[tuple[str, str, str]]:
    """What the rule says: which file, which rule, which place."""
    return [(PurePosixPath(name).suffix, *fault) for name, fault in hidden_shown(page)]


def replaced(page: dict[str, Document], suffix: str, old: str, new: str) -> dict[str, Document]:
    """The page, with one file that says something else."""
    document = next(each for name, each in page.items() if name.endswith(suffix))
    assert old in document.source
    document.source = document.source.replace(old, new, 1)
    if suffix == ".json":
        document.parsed = json.loads(document.source)
    return page


def test_a_page_as_it_is_written_is_clean(page: dict[str, Document]) -> None:
    """Hidden in all files; zero, missing and text cells are none of it."""
    assert found(page) == []


CHANGES: list[tuple[str, str, str, str]] = [
    (".json", '"Bollnäs",\n     null', '"Bollnäs",\n     3', "table per-enhet, row 1, column 2"),
    (".json", '"value": null', '"value": 3', "key figure 2"),
    (".html", 'Bollnäs</th><td class="hidden">dold', 'Bollnäs</th><td class="hidden">3',
     "table per-enhet, row 1, column 2"),
    (".html", '<dd class="n hidden">dold', '<dd class="n hidden">3', "key figure 2"),
    ("per-enhet.csv", "Bollnäs;dold", "Bollnäs;3", "table per-enhet, row 1, column 2"),
    ("per-enhet.csv", "17;dold", "17;9,5", "table per-enhet, row 3, column 3"),
]  # fmt: skip


@pytest.mark.parametrize(("suffix", "old", "new", "place"), CHANGES)
def test_a_value_in_one_of_the_files_is_found(
    page: dict[str, Document], suffix: str, old: str, new: str, place: str
) -> None:
    """The file and the place are told, the value is not."""
    told = found(replaced(page, suffix, old, new))

    assert (f".{suffix.rpartition('.')[2]}", "hidden value that is shown", place) in told


def test_a_value_in_the_workbook_is_found(page: dict[str, Document]) -> None:
    """In the sheet of its table."""
    rows = (("Bollnäs", 3, None), *TABLE.rows[1:])
    shown = TABLE.model_copy(update={"rows": rows, "hidden": TABLE.hidden[1:]})
    page[f"{STEM}.xlsx"].content = xlsx_bytes(_content(shown))

    assert found(page) == [
        (".xlsx", "hidden value that is shown", "table per-enhet, row 1, column 2")
    ]


def test_a_table_that_is_not_where_it_should_be_is_found(page: dict[str, Document]) -> None:
    """What cannot be compared is not taken for hidden."""
    told = found(replaced(page, ".html", 'id="tabell-per-enhet"', 'id="annat"'))

    assert (
        ".html",
        "hidden value whose place is not there",
        "table per-enhet, row 1, column 2",
    ) in told


def test_a_cell_hidden_on_the_page_only_is_found(page: dict[str, Document]) -> None:
    """The other files may show it."""
    told = found(replaced(page, ".html", "<td>40</td>", '<td class="hidden">dold</td>'))

    assert told == [(".html", "hidden value that the page's JSON does not tell of", "")]


def test_a_hidden_key_figure_that_the_pdf_does_not_call_hidden_is_found(
    page: dict[str, Document],
) -> None:
    """The PDF has all key figures."""
    page[f"{STEM}.pdf"].text = "Operationer 3"

    assert found(page) == [(".pdf", "hidden value that is shown", "key figures")]


@pytest.mark.parametrize(
    ("row", "reveals"),
    [
        ({"unit": "Bollnäs", "n": 3}, True),
        ({"x": "Bollnäs", "n": None}, False),
        ({"unit": "Gävle <i>", "n": 40}, False),
    ],
)
def test_the_data_of_a_chart_is_held_against_its_table(
    page: dict[str, Document], row: dict[str, object], reveals: bool
) -> None:
    """A script that draws has what the page shows and no more."""
    spec = json.dumps({"spec": {"datasets": {"d": [row]}}}, ensure_ascii=False)
    html = page[f"{STEM}.html"]
    html.source += f'<script type="application/json">{spec}</script>'

    told = found(page)

    place = "data of a chart, table per-enhet, row 1, column 2"
    assert ((".html", "hidden value that is shown", place) in told) is reveals


@pytest.mark.parametrize(
    ("row", "reveals"),
    [
        ({"unit": "Bollnäs", "n": 3}, "data of a chart"),
        ({"unit": "Bollnäs", "n": None}, ""),
        ({"told": "Bollnäs\t\nAntal\t3"}, "words of a chart"),
        ({"told": "Bollnäs\t\nAntal\tdold"}, ""),
        ({"told": "Gävle <i>\t\nAntal\t40"}, ""),
    ],
)
def test_what_a_chart_answers_is_held_against_its_own_table(
    page: dict[str, Document], row: dict[str, object], reveals: str
) -> None:
    """In its rows and in its words, on a phone, too; another chart may show another table's."""
    name = f"{STEM}/diagram.json"

    def told(chart: str, kind: str = "charts") -> list[tuple[str, str, str]]:
        specs = {
            "config": {},
            "charts": {},
            kind: {chart: {"layer": [{"data": {"values": [row]}}]}},
        }
        return found({**page, name: Document(name, ".json", parsed=specs)})

    place = f"{reveals}, table per-enhet, row 1, column 2"
    assert told("diagram-annan") == []
    expected = [(".json", "hidden value that is shown", place)] if reveals else []
    assert told("diagram-per-enhet") == expected
    assert told("diagram-per-enhet", "narrow") == expected


def test_other_json_files_are_left_alone() -> None:
    """A list of periods has no cells."""
    for source in ("[]", "{}", '{"tables": []}', "3"):
        assert found({"a.json": Document("a.json", ".json", parsed=json.loads(source))}) == []


def test_files_that_a_page_does_not_have_are_no_fault(page: dict[str, Document]) -> None:
    """A page may have no PDF."""
    kept = {name: each for name, each in page.items() if name.endswith((".json", ".html"))}

    assert found(kept) == []
