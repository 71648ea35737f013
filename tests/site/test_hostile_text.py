"""Hostile names and comments on every kind of page: shown as written, and nothing happens.

One page per text has it as its unit, report, title, comment and note, and as theatre, heading,
caption and label in its tables, charts and key figures.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pypdf
import pytest
from browser import Visit, served, visiting
from playwright.sync_api import Browser
from python_calamine import CalamineWorkbook

from hostile_texts import HOSTILE, Hostile
from lpe_reports import wording
from lpe_reports.display.blocks import (
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
    TableColumn,
    TitleBlock,
)
from lpe_reports.display.theme import themed
from lpe_reports.render.assemble import Origin, assemble
from sample_page import Item
from sample_site import NIGHT, make_project, read_params, sample_run

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.promise(
        "pages",
        "Hostile text in any name is shown as written and does nothing, in all kinds of file",
    ),
]

PERIOD = "2026-W19"
BY_ID = {hostile.id: hostile for hostile in HOSTILE}
# What would run, load or lead away, wherever it stands; own scripts and the page's links aside.
FORBIDDEN = """
() => [...document.querySelectorAll('*')].flatMap(element => {
  const found = [];
  const name = element.localName;
  if (['iframe', 'object', 'embed', 'base', 'form', 'img', 'video', 'math', 'foreignObject']
    .includes(name)) found.push(name);
  if (name === 'script' && !element.src.startsWith(location.origin)) found.push('script');
  if (name === 'meta' && element.httpEquiv) found.push('meta ' + element.httpEquiv);
  for (const { name: key, value } of element.attributes) {
    if (key.startsWith('on') || key === 'style' || key === 'srcdoc') found.push(key);
    if (['href', 'src', 'xlink:href', 'action'].includes(key)
      && !/^([^:]*|mailto:.*|https:[/][/]www[.]digg[.]se[/].*)$/.test(value)) found.push(value);
  }
  return found;
})
"""
TEXTS = """
() => [...document.querySelectorAll(
  'title, h1, .lead, .comment p, .note, .urval, caption, figcaption, th, td, dt, .d, .n, svg text,'
  + ' .crumbs a, .side a, .side h2, .tag, .words, summary, li a')].map(e => e.textContent)
"""


def words(text: str) -> str:
    """A text as it is read: any white space is one space."""
    return " ".join(text.split())


def allowed_in_params(text: str) -> bool:
    """Whether params take a text as a name; other texts come from data alone."""
    return wording.legible(text) == text and bool(text.strip())


def name_of(hostile: Hostile, longest: int) -> str:
    """The text as a name in params, cut to what a name may have."""
    return hostile.text[:longest] if allowed_in_params(hostile.text) else hostile.id


def address_of(hostile: Hostile) -> str:
    return f"uppfoljning/r-{hostile.id}/u-{hostile.id}/{PERIOD}"


def table(text: str) -> TableBlock:
    """Theatre, title, a number, with the text in every place."""
    return TableBlock(
        id="aktiviteter", caption=text, selection=text, note=text,
        columns=(
            TableColumn(id="theatre", label=text),
            TableColumn(id="title", label="Titel"),
            TableColumn(id="n", label="Antal", type="count", unit=text),
        ),
        rows=((text, text, 7), ("Sal 1", text, -7)),
        marks=(Mark(row=0, column=2, tone="bad", words=text),),
    )  # fmt: skip


def chart(text: str) -> ChartBlock:
    """Bars named by the text."""
    axis = {"field": "namn", "type": "nominal", "title": text}
    spec = {
        "data": {"values": [{"namn": text, "n": 7}, {"namn": "Sal 1", "n": 8}]},
        "title": text,
        "width": 300,
        "height": 90,
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {"y": axis, "x": {"field": "n", "type": "quantitative", "title": text}},
    }
    drawn = table(text).model_copy(update={"id": "diagrammets"})
    return ChartBlock(
        id="diagram-x", caption=text, subtitle=text, selection=text, alt=text, note=text,
        spec=themed(spec), width=340, table=drawn,
    )  # fmt: skip


def items(text: str) -> list[Item]:
    """A page with the text in every place that data can reach."""
    figure = KeyFigure(
        id="a", label=text, value=7, type="count", unit=text, before=8, before_label=text,
        judgements=(("good", text),),
    )  # fmt: skip
    return [
        TitleBlock(report="weekly", unit="u", period=PERIOD, title=text, when=text),
        SummaryBlock(text=text),
        CommentBlock(text=text, updated_on="2026-05-11"),
        KeyFiguresBlock(items=(figure,)),
        "## Aktiviteter\n",
        SelectionBlock(text=text),
        table(text),
        RowBlock(items=(chart(text),)),
        NoteBlock(text=text),
        ProvenanceBlock(
            extract="2026-05-11", digest="7f3a9c" * 10, rows=7, notebook="x",
            parameters={"theatre": text},
        ),
    ]  # fmt: skip


def write_params(root: Path) -> None:
    """Units and reports with hostile names beside the office's own."""
    units = root / "params" / "units.yml"
    lines = [units.read_text("utf-8").rstrip()]
    for hostile in HOSTILE:
        unit = {"id": f"u-{hostile.id}", "kind": "section", "slug": f"u-{hostile.id}"}
        unit |= {"name": name_of(hostile, 120), "short": name_of(hostile, 40)}
        lines.append(f"  - {json.dumps(unit, ensure_ascii=False)}")
        title = name_of(hostile, 120)
        report = {
            "notebook": "reports/followup/weekly.ipynb", "area": "uppfoljning",
            "slug": f"r-{hostile.id}", "title": title, "question": title,
            "owner": "a@example.invalid", "units": [f"u-{hostile.id}"],
            "periods": {"kind": "week", "last": 1},
        }  # fmt: skip
        path = root / "params" / "reports" / f"r-{hostile.id}.yml"
        path.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    units.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def candidate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A version with one page per text, and the index pages that name them."""
    project = make_project(tmp_path_factory.mktemp("hostile"))
    write_params(project.root)
    params = read_params(project)
    runs = [
        sample_run(project, f"r-{h.id}", f"u-{h.id}", PERIOD, items=items(h.text)) for h in HOSTILE
    ]
    return assemble(runs, project, params, Origin(NIGHT)).folder


@pytest.fixture(scope="module")
def window(browser: Browser, candidate: Path) -> Iterator[Visit]:
    """A reader; whatever asks them something, or asks another host, is written down."""
    with served(candidate) as base, visiting(browser, base) as made:
        made.page.on("dialog", lambda dialog: (made.said.append("dialog"), dialog.dismiss()))
        made.page.on("popup", lambda _: made.said.append("popup"))
        made.page.on("download", lambda _: made.said.append("download"))
        yield made


@pytest.fixture
def visit(window: Visit) -> Visit:
    window.said.clear()
    window.outside.clear()
    return window


def read(visit: Visit, address: str) -> list[str]:
    """The texts of a page; nothing may have happened when it was opened."""
    visit.page.goto(f"{visit.base}/{address}")
    visit.page.wait_for_load_state("load")
    assert visit.page.evaluate(FORBIDDEN) == []
    assert visit.outside == []
    # A site without versions has no list of them.
    assert [said for said in visit.said if "404" not in said] == []
    return [words(text) for text in visit.page.evaluate(TEXTS)]


@pytest.mark.parametrize("name", BY_ID)
def test_hostile_text_is_shown_as_written_and_does_nothing(visit: Visit, name: str) -> None:
    """No dialog, no request, no console message; in every place the text is what was written."""
    hostile = BY_ID[name]
    seen = hostile.read

    texts = read(visit, f"{address_of(hostile)}.html")

    page = visit.page
    assert words(page.locator("h1").inner_text()) == words(page.locator("h1").text_content() or "")
    for place in ("h1", ".lead", ".comment p", ".note", "caption", ".key .tag"):
        found = [words(text) for text in page.locator(place).all_text_contents()]
        assert seen in found, place
    cells = page.locator("main table").first.locator("tbody th, tbody td").all_text_contents()
    assert [words(cell) for cell in cells] == [
        seen, seen, words(f"7, {seen}"), "Sal 1", seen, "−7",
    ]  # fmt: skip
    drawing = page.locator(".plot svg")
    assert words(drawing.get_attribute("aria-label") or "") == seen
    assert any(text.startswith("Urval: ") and seen.rstrip(".") in text for text in texts)
    unit, report = words(name_of(hostile, 120)), words(name_of(hostile, 120))
    crumbs = [words(text) for text in page.locator(".crumbs a").all_text_contents()]
    assert crumbs[1:3] == [report, unit]


def test_hostile_names_stand_in_menus_and_indexes_as_written(visit: Visit) -> None:
    """Front page, area, report, unit and status pages: every name in its place, nothing happens."""
    names = {words(name_of(hostile, 120)) for hostile in HOSTILE}
    for address in (
        "index.html", "uppfoljning/index.html", "enheter/index.html", "byggstatus/index.html",
    ):  # fmt: skip
        texts = " ".join(read(visit, address))
        missing = {name for name in names if name not in texts}
        assert (address, missing) == (address, set())
    for hostile in HOSTILE:
        read(visit, f"uppfoljning/r-{hostile.id}/index.html")
        read(visit, f"enheter/u-{hostile.id}/index.html")


@pytest.mark.parametrize("name", BY_ID)
def test_hostile_text_is_in_the_pdf_as_written(candidate: Path, name: str) -> None:
    """A whole PDF without links of the text's own; signs that its fonts lack are boxes."""
    hostile = BY_ID[name]
    pdf = pypdf.PdfReader(candidate / f"{address_of(hostile)}.pdf")
    shown = list(pdf.pages)[:3]
    text = "".join("".join(page.extract_text().split()) for page in shown)

    links = [
        note["/A"].get("/URI", "")
        for page in pdf.pages
        for note in page.get("/Annots", [])
        if "/A" in note
    ]
    assert [link for link in links if not link.startswith("mailto:")] == []
    assert "Aktiviteter" in text or hostile.id == "long"
    if hostile.read.isascii():
        assert text.count("".join(hostile.read.split())[:200]) >= 5


@pytest.mark.parametrize("name", BY_ID)
def test_hostile_text_is_text_in_excel(candidate: Path, name: str) -> None:
    """String cells alone: no formula, links to own sheets only, and every part is XML."""
    hostile = BY_ID[name]
    path = candidate / f"{address_of(hostile)}.xlsx"
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    for data in parts.values():
        for element in ElementTree.fromstring(data).iter():
            tag = element.tag.rpartition("}")[2]
            assert tag not in ("f", "externalReference", "ddeLink")
            assert element.get("TargetMode") is None
            if tag == "hyperlink":
                # No relationship: that would lead out of the file.
                assert set(element.keys()) <= {"ref", "location", "display"}
                assert element.get("location", "").endswith("'!A1")
    book = CalamineWorkbook.from_path(path)
    assert all(len(sheet.encode("utf-16-le")) <= 62 for sheet in book.sheet_names)
    rows = book.get_sheet_by_index(2).to_python()
    expected = wording.legible(hostile.text)[:32_767]
    assert [rows[1][0], rows[1][1], rows[1][2]] == [expected, expected, 7.0]
    assert rows[2][2] == -7.0


@pytest.mark.parametrize("name", BY_ID)
def test_hostile_text_is_no_formula_in_csv(candidate: Path, name: str) -> None:
    """Whatever a program takes for the separator, no field begins like a formula."""
    hostile = BY_ID[name]
    text = (candidate / address_of(hostile) / "aktiviteter.csv").read_bytes().decode("utf-8-sig")
    expected = wording.legible(hostile.text)

    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    for cell in rows[1][:2]:
        assert cell.replace("'", "") == expected.replace("'", "")
    assert [row[2] for row in rows[1:]] == ["7", "-7"]
    for separator in ";,\t|":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            for cell in row:
                number = re.fullmatch(r"[-+]?[\d,]+", cell)
                assert number or not cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d"))


@pytest.mark.parametrize("name", BY_ID)
def test_hostile_text_is_the_same_in_json(candidate: Path, name: str) -> None:
    """The numbers' file holds the text itself, without what cannot be seen."""
    hostile = BY_ID[name]
    page = json.loads((candidate / f"{address_of(hostile)}.json").read_bytes())

    assert page["tables"][0]["rows"][0][0] == wording.legible(hostile.text)
