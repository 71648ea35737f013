"""What a page that was taken back has said is nowhere among the published files."""

import gzip
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pyarrow.parquet as pq
import pypdfium2
import pytest

from lpe_reports.build.kept import keep_failed
from lpe_reports.build.runs import ExecutedRun, FailureKind, RunFailure, RunStatus
from lpe_reports.display.blocks import (
    Block,
    KeyFigure,
    KeyFiguresBlock,
    ProvenanceBlock,
    SummaryBlock,
    TableBlock,
    TableColumn,
    TitleBlock,
)
from lpe_reports.params.loading import Params
from lpe_reports.publish.gate import inspect
from lpe_reports.publish.journal import retracted
from lpe_reports.publish.markup.conforming import page_faults
from lpe_reports.publish.retracting import lift, retract
from lpe_reports.publish.verifying import verify
from lpe_reports.publish.versions import publish
from lpe_reports.render.assemble import Earlier, Origin, assemble
from lpe_reports.settings import Project
from sample_site import NIGHT, make_project, read_params, sample_run

pytestmark = pytest.mark.promise(
    "versions",
    "A page that is taken back is nowhere among the published files, though stopped at any moment",
)

ADDRESS = "uppfoljning/veckouppfoljning/ortopedi/2026-W18"
PACK = "motesunderlag/opplanerarmote/2026-W18"
WHY = "Tal från fel enhet."
FIRST_DAY = datetime(2026, 5, 11, 3, tzinfo=UTC)
# In the sentence, in a key figure, in a table; of the first two versions and of the third.
WORD = "kvicksilversk"
MARKS = ("7351913", "8264807", "6408253", "9173526", WORD)
OTHERS = "5027149"


def page(unit: str, week: int, figure: int, cell: int, word: str) -> list[str | Block]:
    """A page without charts, which says two numbers and a word of its own."""
    period = f"2026-W{week}"
    days = date.fromisocalendar(2026, week, 1)
    target = KeyFigure(
        id="operations", label=f"Operationer {word}", value=figure, type="count",
        before=1, before_label="förra veckan", target=figure + 1, target_direction="up",
        judgements=(("bad", "under målet"),),
    )  # fmt: skip
    columns = (
        TableColumn(id="week", label="År-vecka", type="week"),
        TableColumn(id="n", label="Antal", type="count"),
    )
    return [
        TitleBlock(
            report="weekly", unit=unit, period=period,
            title=f"{unit.capitalize()}, vecka {week} 2026", when=f"från {days.isoformat()}",
        ),
        SummaryBlock(text=f"Det blev {figure} operationer, en {word}."),
        KeyFiguresBlock(items=(target,)),
        TableBlock(id="antal", caption="Antal", columns=columns, rows=((period, cell),)),
        ProvenanceBlock(
            extract="2026-05-11", digest="7f" * 32, rows=5, notebook="reports/weekly.ipynb",
            parameters={"unit": unit, "period": period}, definitions=(),
        ),
    ]  # fmt: skip


@dataclass(frozen=True)
class Site:
    """Three versions, the second with the same pages as the first."""

    project: Project
    params: Params

    def runs(self, figure: str, cell: str) -> list[ExecutedRun]:
        """The page in question, one of the next week, and the same of another unit."""
        marked = page("ortopedi", 18, int(figure), int(cell), f"{WORD}atan")
        return [
            sample_run(self.project, period="2026-W18", items=marked),
            *(
                sample_run(
                    self.project, unit=unit, period="2026-W17",
                    items=page(unit, 17, int(OTHERS), 31, "kotte"),
                )
                for unit in ("ortopedi", "kirurgi")
            ),
            sample_run(
                self.project, unit="kirurgi", period="2026-W18",
                items=page("kirurgi", 18, int(OTHERS), 32, "kotte"),
            ),
        ]  # fmt: skip

    def candidate(self, runs: list[ExecutedRun]) -> Path:
        """A build's candidate, as the command line makes it."""
        public, before = self.project.public, None
        if (public / "latest").exists():
            shown = (public / "latest").resolve()
            before = Earlier(shown.name, NIGHT, shown)
        origin = Origin(NIGHT, before=before, retracted=retracted(public))
        return assemble(runs, self.project, self.params, origin).folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Before anything is taken back."""
    project = make_project(tmp_path_factory.mktemp("site"))
    made = Site(project, read_params(project))
    for day, numbers in enumerate([MARKS[:2], MARKS[:2], MARKS[2:4]]):
        folder = made.candidate(made.runs(numbers[0], numbers[1]))
        publish(project, folder, now=FIRST_DAY + timedelta(days=day))
    return made


def texts(path: Path) -> Iterator[str]:
    """All that a file says, packed or not, without the spaces in its numbers."""
    data = path.read_bytes()
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(data) as document:
            yield from (sheet.get_textpage().get_text_range() for sheet in document)
    elif path.suffix == ".xlsx":
        with ZipFile(io.BytesIO(data)) as packed:
            yield from (packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    elif path.suffix == ".parquet":
        yield str(pq.read_table(io.BytesIO(data)).to_pylist())
        yield data.decode("latin-1")
    elif data[:2] == b"\x1f\x8b":
        yield gzip.decompress(data).decode("utf-8", "replace")
    else:
        yield data.decode("utf-8", "replace")


def telling(folder: Path, marks: tuple[str, ...] = MARKS) -> set[str]:
    """The files in which one of the marks stands."""
    found = set()
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            said = (re.sub(r"[\s\u00a0\u202f]|&nbsp;", "", text).lower() for text in texts(path))
            if any(mark in text for text in said for mark in marks):
                found.add(path.relative_to(folder).as_posix())
    return found


def state(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_nothing_of_a_page_that_was_taken_back_is_left(site: Site) -> None:
    """In no version, pack, dataset, index or feed; the others' numbers stay; verify finds naught.

    Then twice is as once, the next build shows a page that says so, and lifted it is back.
    """
    project, public = site.project, site.project.public
    before = telling(public / "v")
    others = telling(public / "v", (OTHERS,))
    kinds = {Path(name).suffix for name in before}
    assert {".html", ".pdf", ".xlsx", ".json", ".csv", ".parquet", ".pf_fragment"} <= kinds
    indexes = {name.partition("/")[2] for name in before if name.endswith(".html")}
    folder = "uppfoljning/veckouppfoljning/ortopedi"
    assert {"index.html", f"{folder}/index.html", "enheter/ortopedi/index.html"} <= indexes
    assert "v/2026-05-13/nytt/index.html".removeprefix("v/") in before

    done = retract(project, f"public/v/2026-05-12/{ADDRESS}.html", why=WHY)

    assert list(done.versions) == ["2026-05-13", "2026-05-12", "2026-05-11"]
    assert telling(public) == set()
    assert {name for name in telling(public / "v", (OTHERS,)) if PACK not in name} >= {
        name for name in others if PACK not in name and "/search/" not in name
    }
    assert verify(project) == []
    for version in done.versions:
        for address, words in ((ADDRESS, "Sidan är"), (PACK, "Underlaget är")):
            html = (public / "v" / version / f"{address}.html").read_text()
            assert page_faults(html) == []
            assert f"<h1>{words} tillbakadrage" in html
            assert WHY in html
            assert re.search(r'<p><a href="[./]*index.html">.*Till startsidan</a></p>', html)
    _same_twice(site)
    _shares_files(public)
    _next_build(site)
    _kept_never(site)


def _same_twice(site: Site) -> None:
    before = state(site.project.public)

    done = retract(site.project, f"{ADDRESS}.html", why=WHY)

    assert not done.versions
    assert state(site.project.public) == before


def _shares_files(public: Path) -> None:
    """What was the same file in two versions is one file still."""
    for name in (f"{ADDRESS}.html", "dataset/sidor.parquet", "search/records.json"):
        first, second = (public / "v" / day / name for day in ("2026-05-11", "2026-05-12"))
        assert first.samefile(second), name
        assert first.stat().st_mode & 0o222 == 0


def _next_build(site: Site) -> None:
    folder = site.candidate(site.runs(MARKS[2], MARKS[3]))

    assert telling(folder) == set()
    assert inspect(folder, site.project) == []
    shown = site.project.public / "latest" / f"{ADDRESS}.html"
    assert (folder / f"{ADDRESS}.html").read_bytes() == shown.read_bytes()
    assert not (folder / f"{ADDRESS}.pdf").exists()
    status = (folder / "byggstatus/index.html").read_text()
    assert "tillbakadragen</span>" in status
    assert "En sida är tillbakadragen." in status
    pack = json.loads((folder / f"{PACK}.json").read_bytes())
    assert any("har dragits tillbaka" in each["why"] for each in pack["absences"])


def _kept_never(site: Site) -> None:
    """A run that fails does not keep the page that says so; lifted, the page is back."""
    lift(site.project, ADDRESS)
    runs = site.runs(MARKS[2], MARKS[3])
    failure = RunFailure(FailureKind.RAISED, "cell 7 raised", words="cell 7 gick fel")
    failed = ExecutedRun(runs[0].run, RunStatus.FAILED, None, error=failure)

    (still,) = keep_failed(site.project, [failed], lambda key: ADDRESS, NIGHT)
    folder = site.candidate(runs)

    assert still.status is RunStatus.FAILED
    assert (folder / f"{ADDRESS}.pdf").is_file()
    assert retracted(site.project.public) == {}
