"""Whole packs: bound from pages as they are, the same bytes, reused, honest of what is missing."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfReader

from lpe_reports.build.runs import ExecutedRun, FailureKind, Kept, RunFailure, RunStatus
from lpe_reports.display.blocks import SummaryBlock
from lpe_reports.params.loading import Params
from lpe_reports.progress import Silent
from lpe_reports.publish.gate import inspect
from lpe_reports.render.assemble import Origin, assemble
from lpe_reports.render.candidate import Candidate
from lpe_reports.render.page_store import PageStore
from lpe_reports.settings import Project
from pdf_structure import Tagged
from sample_page import Item, sample_items
from sample_site import NIGHT, make_project, read_params, sample_run

PACKS = """packs:
  - id: mote
    title: Möte
    about: Beslut om det mesta.
    periods: {kind: week, last: 2}
    pages:
      - {report: weekly, units: [ortopedi, kirurgi, onh]}
      - {report: utilisation, units: [ga-cop]}
  - id: rad
    title: Råd
    about: Råd om det andra.
    periods: {kind: month, last: 1}
    pages:
      - {report: utilisation, units: [ga-cop]}
"""
ADDRESS = "motesunderlag/mote/2026-W19"
FAILURE = RunFailure(FailureKind.RAISED, "cell 7 failed", 7, words="cell 7 gick fel")


class Office:
    """A project with two forums, of which one has pages."""

    def __init__(self, root: Path) -> None:
        self.project: Project = make_project(root)
        (self.project.params / "packs.yml").write_text(PACKS, encoding="utf-8")
        self.params: Params = read_params(self.project)
        self.runs = [
            sample_run(self.project, unit="ortopedi"),
            sample_run(self.project, unit="kirurgi"),
            sample_run(self.project, unit="onh", status=RunStatus.FAILED, error=FAILURE),
        ]

    def assemble(
        self, runs: list[ExecutedRun] | None = None, progress: Silent | None = None
    ) -> Candidate:
        """The candidate of these runs, or of all of them."""
        origin = Origin(NIGHT)
        return assemble(runs or self.runs, self.project, self.params, origin, progress=progress)


class Remarks(Silent):
    """Remembers the remarks that it is told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def note(self, text: str) -> None:
        """Remember it."""
        self.said.append(text)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One for the tests that spoil nothing."""
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def built(office: Office) -> Candidate:
    """Its candidate."""
    return office.assemble()


def sheets(pdf: Path) -> list[str]:
    """The text of each sheet."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [sheet.get_textpage().get_text_range() for sheet in document]
    return [text.replace("\r\n", "\n") for text in texts]


def lines(pdf: Path) -> Iterator[str]:
    """What the sheets of a PDF say, but for what stands at their heads and feet."""
    for sheet in sheets(pdf):
        for line in sheet.split("\n"):
            if not re.search(r"sida \d+ av \d+|^\d{4}-\d\d-\d\d$", line) and line.strip():
                yield line.strip()


def test_a_pack_says_first_what_it_is_and_where_everything_stands(built: Candidate) -> None:
    """Cover with contents, whose numbers are those of the sheets."""
    cover, *rest = sheets(built.folder / f"{ADDRESS}.pdf")

    assert cover.index("Möte") < cover.index("Vecka 19 2026") < cover.index("Innehåll")
    assert "Beslut om det mesta." in cover
    for title in ("Ortopedi, vecka 19 2026", "Kirurgi, vecka 19 2026"):
        (number,) = re.findall(rf"{title}[. ]*\s(\d+)\s", cover)
        assert title in rest[int(number) - 2]
    assert re.search(r"Signaler[. ]*\s2\s", cover)


def test_signals_come_before_the_pages(built: Candidate) -> None:
    """What is judged on the pages, and what happened, each with its page's number."""
    second = re.sub(r"\s+", " ", sheets(built.folder / f"{ADDRESS}.pdf")[1])

    assert "Två nyckeltal har lämnat sina egna gränser." in second
    assert "Höft- och knäproteser" in second
    assert "under målet" in second
    assert second.index("Når inte målet") < second.index("Vad som hände")
    assert second.count("flest på åtta veckor") == 2


def test_a_pack_shows_all_that_its_pages_pdfs_show(built: Candidate) -> None:
    """Line by line, in their order; nothing is made anew."""
    pack = list(lines(built.folder / f"{ADDRESS}.pdf"))
    found = 0
    for unit in ("ortopedi", "kirurgi"):
        page = list(lines(built.folder / f"uppfoljning/veckouppfoljning/{unit}/2026-W19.pdf"))
        # (A page names itself at the head of its second sheet, the pack its forum.)
        heads = {f"{unit.capitalize()}, vecka 19 2026 Veckouppföljning"}
        for line in page:
            if line not in heads:
                assert line in pack, line
                found += 1
    assert found > 60


def test_what_is_not_there_is_named_on_the_cover(built: Candidate) -> None:
    """The page that failed and the one that nobody made, with the reasons."""
    cover = re.sub(r"\s+", " ", sheets(built.folder / f"{ADDRESS}.pdf")[0])

    assert "Öron, näsa och hals kunde inte göras, därför att cell 7 gick fel." in cover
    assert "Nyttjandegrad, april 2026: Centraloperation Gävle finns inte" in cover


def test_a_pack_is_tagged_and_its_contents_are_bookmarks(built: Candidate) -> None:
    """PDF/UA-1, in Swedish, with its title; reports hold their pages."""
    reader = PdfReader(built.folder / f"{ADDRESS}.pdf")
    root = reader.trailer["/Root"]

    assert reader.metadata is not None
    assert reader.metadata.title == "Möte, vecka 19 2026"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "sv-SE"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    top = [item.title for item in reader.outline if not isinstance(item, list)]
    assert top[0] == "Möte"
    assert top[-2:] == ["Veckouppföljning", "Uppgifternas ursprung"]
    (pages,) = (
        part for item, part in zip(reader.outline, reader.outline[1:], strict=False)
        if isinstance(part, list) and getattr(item, "title", "") == "Veckouppföljning"
    )  # fmt: skip
    titles = [item.title for item in pages if not isinstance(item, list)]
    assert titles == ["Ortopedi, vecka 19 2026", "Kirurgi, vecka 19 2026"]


def test_a_pack_can_be_listened_to_and_takes_pages_as_they_are(built: Candidate) -> None:
    """No fault in its tags; each page has as many sheets in it as in its own PDF."""
    sheets_of = [
        len(sheets(built.folder / f"uppfoljning/veckouppfoljning/{unit}/2026-W19.pdf"))
        for unit in ("ortopedi", "kirurgi")
    ]
    bound = sheets(built.folder / f"{ADDRESS}.pdf")
    first = [
        number
        for number, text in enumerate(bound)
        if "Många ortopediska operationer och 18" in text
    ]

    assert Tagged((built.folder / f"{ADDRESS}.pdf").read_bytes()).faults() == []
    assert [first[1] - first[0], len(bound) - 1 - first[1]] == sheets_of


def test_a_forum_without_a_page_has_no_pack(built: Candidate) -> None:
    """Its place among the packs says so."""
    index = (built.folder / "motesunderlag/index.html").read_text("utf-8")

    assert not (built.folder / "motesunderlag/rad").exists()
    assert "Inget underlag i den här versionen." in index
    assert 'href="mote/2026-W19.pdf"' in index
    assert "2 rapportsidor är inte med" in index


def test_what_only_packs_need_stays_in_the_store(built: Candidate) -> None:
    """No version has the sources of its pages."""
    kinds = {path.suffix for path in built.folder.rglob("*") if path.is_file()}

    assert ".zip" not in kinds
    assert ".typ" not in kinds
    assert not list(built.folder.rglob("*printed*"))


def test_the_record_tells_what_is_hidden_and_the_gate_finds_nothing(
    office: Office, built: Candidate
) -> None:
    """Two cells of a table on each page, in rows that are printed."""
    record = json.loads((built.folder / f"{ADDRESS}.json").read_bytes())

    assert [page["hidden"] for page in record["pages"]] == [2, 2]
    assert record["sheets"] == len(sheets(built.folder / f"{ADDRESS}.pdf"))
    found = inspect(built.folder, office.project)
    assert [each for each in found if each.page.startswith("motesunderlag")] == []


def test_the_same_pages_give_the_same_bytes_anywhere(tmp_path: Path, built: Candidate) -> None:
    """Nothing of the place or the time is in a pack."""
    other = Office(tmp_path / "else").assemble()

    pack = f"{ADDRESS}.pdf"
    assert (other.folder / pack).read_bytes() == (built.folder / pack).read_bytes()


def test_a_pack_whose_pages_are_as_they_were_is_not_made_again(tmp_path: Path) -> None:
    """And one whose page changed is."""
    office = Office(tmp_path)
    first = office.assemble()
    node = (first.folder / f"{ADDRESS}.pdf").stat().st_ino

    again = office.assemble()
    assert again.rendered == 0
    assert (again.folder / f"{ADDRESS}.pdf").stat().st_ino == node

    items = [*sample_items(unit="kirurgi"), "Ett nytt stycke.\n"]
    changed = [office.runs[0], sample_run(office.project, unit="kirurgi", items=items)]
    third = office.assemble([*changed, office.runs[2]])
    assert "Ett nytt stycke." in "".join(sheets(third.folder / f"{ADDRESS}.pdf"))


def test_a_kept_page_is_named_and_not_taken(tmp_path: Path) -> None:
    """It has no source of this night; the site shows it as it was."""
    office = Office(tmp_path)
    version = office.project.public / "v" / "2026-05-10"
    version.parent.mkdir(parents=True)
    office.assemble().folder.rename(version)
    kept = replace(
        office.runs[1],
        status=RunStatus.KEPT,
        notebook=None,
        error=FAILURE,
        kept=Kept("2026-05-10", "2026-05-10", "cell 7 gick fel"),
    )

    again = office.assemble([office.runs[0], kept])

    cover, *rest = sheets(again.folder / f"{ADDRESS}.pdf")
    told = re.sub(r"\s+", " ", cover)
    assert "Kirurgi kunde inte göras om, därför att cell 7 gick fel" in told
    assert "version 2026-05-10" in told
    assert not any("Kirurgi, vecka 19 2026" in sheet for sheet in rest)


def test_a_sign_that_no_font_has_costs_no_pack(tmp_path: Path) -> None:
    """On a page, and in the sentence that the pack repeats."""
    office = Office(tmp_path)
    items: list[Item] = [
        SummaryBlock(text="Det går \U0001f4a9 bra.") if isinstance(item, SummaryBlock) else item
        for item in sample_items()
    ]

    made = office.assemble([sample_run(office.project, items=items)])

    assert (made.folder / f"{ADDRESS}.pdf").is_file()


def test_a_pack_that_cannot_be_made_stops_nothing_else(tmp_path: Path) -> None:
    """It is told of, and its place among the packs says that it could not be made."""
    office = Office(tmp_path)
    office.assemble()
    store = PageStore(office.project.store / "pages")
    for path in store.folder.glob("*/*/source.zip"):
        page = store.get(path.parent.name)
        assert page is not None
        files = {name: (page.folder / name).read_bytes() for name in (*page.files, "printed.json")}
        store.put(path.parent.name, {**files, "source.zip": b"no archive"}, page.card)
    packs = (office.project.params / "packs.yml").read_text("utf-8")
    (office.project.params / "packs.yml").write_text(packs.replace("det mesta", "allt"), "utf-8")
    office.params = read_params(office.project)

    told = Remarks()

    made = office.assemble(progress=told)

    index = (made.folder / "motesunderlag/index.html").read_text("utf-8")
    assert made.pages == 2
    assert not (made.folder / f"{ADDRESS}.pdf").exists()
    assert '<span class="tag bad">kunde inte göras</span>' in index
    assert len(told.said) == 1
    assert "source of a page" in told.said[0]
    record = json.loads((made.folder / "build.json").read_bytes())
    assert record["packs"] == [{"address": f"{ADDRESS}.pdf", "sheets": 0, "bytes": 0}]
