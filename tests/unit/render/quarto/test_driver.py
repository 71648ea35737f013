"""The Quarto driver against recorded runs: as many pages out as in, or an error that says which."""

import io
import signal
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pypdf
import pytest

from lpe_reports.errors import RenderError, SettingsError
from lpe_reports.render.jobs import Failure, IndexJob, render_jobs
from lpe_reports.render.packs.source import unpack_source
from lpe_reports.render.page_store import PageStore
from lpe_reports.render.quarto.driver import QuartoRenderer
from lpe_reports.render.quarto.program import read_program
from lpe_reports.render.sitemap import SiteMap
from quarto_replay import CASES, ROOT, Recording, calls, leftover, program, recorded
from sample_site import make_project, read_params, site_of

pytestmark = pytest.mark.promise(
    "builds", "A Quarto that fails, hangs, is killed or leaves a page out costs that page alone"
)

GOOD = CASES["good"]
PAGE, INDEX = (document.address for document in GOOD)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SiteMap:
    """A site without pages; index pages need no more."""
    project = make_project(tmp_path_factory.mktemp("project"))
    return site_of(project, read_params(project))


def renderer(folder: Path, recording: Recording) -> QuartoRenderer:
    """The driver with a program that does what was recorded."""
    return QuartoRenderer(read_program(program(folder, recording)), ROOT)


def test_pages_come_back_in_their_order_with_pdf_and_source(tmp_path: Path) -> None:
    """HTML of Quarto's, the PDF of its Typst by our own code; an index page has none."""
    page, index = renderer(tmp_path, recorded("good")).render(GOOD)

    assert (page.address, index.address) == (PAGE, INDEX)
    assert page.html.startswith(b"<!DOCTYPE html>")
    assert (page.warnings, index.warnings) == ((), ())
    assert index.pdf is None and index.source is None
    assert page.pdf is not None and page.source is not None
    pdf = pypdf.PdfReader(io.BytesIO(page.pdf))
    assert pdf.trailer["/Root"]["/Lang"] == "sv-SE"
    assert "2026-W01--2026-W02.html" in pdf.pages[0].extract_text()
    archive = tmp_path / "source.zip"
    archive.write_bytes(page.source)
    unpack_source(archive, tmp_path / "unpacked")
    assert (tmp_path / "unpacked/w1.files/bild.svg").is_file()


def test_the_same_recording_gives_the_same_bytes(tmp_path: Path) -> None:
    """Nothing of the scratch folder or the clock comes with the pages."""
    first, second = (renderer(tmp_path / name, recorded("good")).render(GOOD) for name in "ab")

    assert first == second


def test_what_quarto_adds_to_a_page_is_taken_away(tmp_path: Path) -> None:
    """The empty place for a title that it puts before our own."""
    html = recorded("good").pages[f"{PAGE}.html"]
    assert "quarto-title-block" in html

    page = renderer(tmp_path, recorded("good")).render(GOOD)[0]

    assert b"quarto-title-block" not in page.html
    assert len(page.html) > 0.9 * len(html)


def test_warnings_go_with_their_page(tmp_path: Path) -> None:
    """Quarto ends well and says them in its log only."""
    good, odd = renderer(tmp_path, recorded("warnings")).render(CASES["warnings"])

    assert good.warnings == ()
    assert len(odd.warnings) == 2


@pytest.mark.parametrize("name", ["failing", "single", "unnamed"])
def test_a_page_that_fails_is_named_with_quartos_reason(tmp_path: Path, name: str) -> None:
    """And with nothing of the document's text; where Quarto does not say which, nobody guesses."""
    with pytest.raises(RenderError, match=r"Quarto could not render it \(.*YAML") as failed:
        renderer(tmp_path, recorded(name)).render(CASES[name])

    assert failed.value.addresses == (() if name == "unnamed" else ("a/bad",))
    assert str(failed.value).startswith("a/bad: " if name != "unnamed" else PAGE)
    assert "Anna_Ek" not in str(failed.value)


@pytest.mark.parametrize("ending", [".html", ".typ", "index.html"])
def test_a_page_that_is_missing_is_an_error_whatever_the_exit_code(
    tmp_path: Path, ending: str
) -> None:
    """Pages out are pages in; also where Quarto says that all went well."""
    recording = recorded("good").without(ending)
    assert recording.status == 0

    with pytest.raises(RenderError, match="said that all was well, and did not make it"):
        renderer(tmp_path, recording).render(GOOD)


def test_an_exit_code_is_believed_though_every_page_is_there(tmp_path: Path) -> None:
    """Something went wrong in it, and nobody knows what."""
    with pytest.raises(RenderError, match=r"status 1"):
        renderer(tmp_path, replace(recorded("good"), status=1)).render(GOOD)


def test_a_hang_is_ended_with_all_that_quarto_started(tmp_path: Path) -> None:
    """The page that it was at is named, and no process is left."""
    hanging = replace(recorded("good"), seconds=60, pages={})
    slow = replace(renderer(tmp_path, hanging), starting_seconds=1, page_seconds=0.5)
    started = time.monotonic()

    with pytest.raises(RenderError, match=rf"{INDEX}: .*not done in 2 s and was ended") as failed:
        slow.render(GOOD)

    assert time.monotonic() - started < 30
    assert failed.value.addresses == (INDEX,)
    child = leftover(tmp_path)
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie"


def test_a_killed_quarto_is_told(tmp_path: Path) -> None:
    """As by a machine that is out of memory."""
    killed = replace(recorded("good"), pages={}, signal=int(signal.SIGKILL))

    with pytest.raises(RenderError, match=r"ended by signal 9 \(out of memory"):
        renderer(tmp_path, killed).render(GOOD)


def test_a_program_that_is_gone_since_is_said(tmp_path: Path) -> None:
    """It was there when the build began."""
    driver = renderer(tmp_path, recorded("good"))
    driver.program.path.unlink()

    with pytest.raises(SettingsError, match="could not be run"):
        driver.render(GOOD)


@pytest.mark.parametrize(
    "added",
    [
        "<script>window.x = 1</script>",
        '<script type="module">import "x"</script>',
        "<style>p { color: red }</style>",
        '<p style="color: red">x</p>',
        '<script src="../site_libs/quarto-nav/quarto-nav.js"></script>',
        '<img src="https://example.invalid/x.png" alt="x">',
        '<link rel="stylesheet" href="//example.invalid/x.css">',
    ],
)
def test_what_a_strict_policy_would_refuse_is_an_error(tmp_path: Path, added: str) -> None:
    """A page that would be half in a reader's browser is none."""
    recording = recorded("good")
    name = f"{PAGE}.html"
    pages = recording.pages | {name: recording.pages[name].replace("</main>", f"{added}</main>")}
    assert pages != recording.pages

    with pytest.raises(RenderError, match=rf"{PAGE}: Quarto put .*policy") as failed:
        renderer(tmp_path, replace(recording, pages=pages)).render(GOOD)
    assert failed.value.addresses == (PAGE,)


def test_no_documents_start_no_quarto(tmp_path: Path) -> None:
    """A build that reuses every page."""
    assert renderer(tmp_path, recorded("good")).render([]) == []
    assert calls(tmp_path) == []


def test_a_failing_page_costs_the_others_one_more_run(tmp_path: Path, site: SiteMap) -> None:
    """Quarto stops at it; the rest is rendered together and stored, and the page is named."""
    failing = recorded("failing")
    recording = replace(failing, pages=recorded("good").pages, stops_at="a/bad")
    store = PageStore(tmp_path / "pages")
    documents = CASES["failing"]
    jobs = [IndexJob(str(n) * 64, document) for n, document in enumerate(documents)]

    failures = render_jobs(jobs, site, renderer(tmp_path, recording), store)

    assert [(each.address, type(each)) for each in failures] == [("a/bad", Failure)]
    assert [store.get(job.key) is not None for job in jobs] == [True, False, True]
    assert calls(tmp_path) == [[PAGE, "a/bad", INDEX], [PAGE, INDEX]]


def test_where_nobody_knows_which_page_failed_each_is_tried(tmp_path: Path, site: SiteMap) -> None:
    """One by one, so that the others are there all the same."""
    unnamed = recorded("unnamed")
    recording = replace(unnamed, pages=recorded("good").pages, stops_at="a/bad")
    store = PageStore(tmp_path / "pages")
    documents = (*CASES["unnamed"], GOOD[1])
    jobs = [IndexJob(str(n) * 64, document) for n, document in enumerate(documents)]

    failures = render_jobs(jobs, site, renderer(tmp_path, recording), store)

    assert [each.address for each in failures] == ["a/bad"]
    assert [store.get(job.key) is not None for job in jobs] == [True, False, True]
    assert calls(tmp_path) == [[PAGE, "a/bad", INDEX], [PAGE], ["a/bad"], [INDEX]]
