"""From executed notebooks to a candidate: whole, cached, the same bytes, failures by name."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import html5lib
import pytest

from lpe_reports.build.runs import ExecutedRun, FailureKind, Kept, RunFailure, RunStatus
from lpe_reports.errors import NothingToPublishError, RenderError
from lpe_reports.publish.markup.conforming import page_faults
from lpe_reports.render.assemble import Earlier, Origin, assemble
from lpe_reports.render.candidate import Candidate
from sample_page import sample_items, shares
from sample_site import NIGHT, make_project, read_params, sample_run

ADDRESS = "uppfoljning/veckouppfoljning/ortopedi/2026-W19"
FAILURE = RunFailure(FailureKind.RAISED, "cell 7 raised ValueError", 7, words="cell 7 gick fel")


class Built:
    """A project with four pages and one failed run, assembled once."""

    def __init__(self, root: Path) -> None:
        self.project = make_project(root)
        self.params = read_params(self.project)
        self.runs = [
            sample_run(self.project, unit=unit, period=period)
            for unit in ("ortopedi", "kirurgi")
            for period in ("2026-W18", "2026-W19")
        ]
        failed = sample_run(
            self.project, unit="onh", status=RunStatus.FAILED, error=FAILURE, period="2026-W19"
        )
        self.runs.append(failed)
        self.candidate = self.assemble()

    def assemble(self, runs: list[ExecutedRun] | None = None) -> Candidate:
        """The candidate of these runs, or of all of them."""
        return assemble(runs or self.runs, self.project, self.params, Origin(NIGHT))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """One build for all tests that only look at it."""
    return Built(tmp_path_factory.mktemp("built"))


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a tree with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Links(HTMLParser):
    """The ids of a page and what it refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        self.targets += [str(given[name]) for name in ("href", "src") if given.get(name)]


def test_a_page_has_all_its_files_at_its_address(built: Built) -> None:
    """HTML, PDF, Excel, JSON and a CSV per table, charts' tables included."""
    files = files_of(built.candidate.folder)

    assert built.candidate.pages == 4
    assert {name for name in files if name.startswith(f"{ADDRESS}.")} == {
        f"{ADDRESS}.{kind}" for kind in ("html", "pdf", "xlsx", "json")
    }
    assert {name for name in files if name.startswith(f"{ADDRESS}/")} == {
        f"{ADDRESS}/diagram.json",
        *(
            f"{ADDRESS}/{table}.csv"
            for table in ("oppna-salar", "operationer", "proteser", "andel", "vantelista", "floden")
        ),
    }
    assert built.candidate.files == len(files)


def test_every_link_and_fragment_leads_somewhere(built: Built) -> None:
    """Between pages, to downloads, to definitions, to shared files; nothing outside is fetched."""
    files = files_of(built.candidate.folder)
    pages = {name: Links(data.decode()) for name, data in files.items() if name.endswith(".html")}
    broken = []
    for name, page in pages.items():
        for target in page.targets:
            if target.startswith(("mailto:", "https://www.digg.se/")):
                continue
            path, fragment = urldefrag(target)
            place = (Path("/") / name).parent / unquote(path) if path else Path("/") / name
            parts: list[str] = []
            for part in place.parts[1:]:
                parts = parts[:-1] if part == ".." else [*parts, part]
            found = "/".join(parts)
            if found not in files or (fragment and fragment not in pages[found].ids):
                broken.append((name, target))

    assert broken == []


def test_every_page_is_valid_html_with_ids_of_its_own(built: Built) -> None:
    """A strict parser takes every page; no id stands twice; nothing is styled inline."""
    for name, data in files_of(built.candidate.folder).items():
        if not name.endswith(".html"):
            continue
        html5lib.HTMLParser(strict=True).parse(data.decode())
        assert page_faults(data.decode()) == [], name
        ids = Links(data.decode()).ids
        assert len(ids) == len(set(ids)), name
        assert b" style=" not in data, name
        assert data.count(b"<h1>") == 1, name


def test_a_newcomer_finds_last_weeks_orthopaedic_page_at_once(built: Built) -> None:
    """From the front page one link leads to the newest page of each unit, and says which."""
    front = (built.candidate.folder / "index.html").read_text("utf-8")

    assert f'<a href="{ADDRESS}.html">Ortopedi</a>' in front


def test_the_front_page_tells_the_newest_judgements(built: Built) -> None:
    """What is under its target and what reaches it, with both numbers; older weeks are out."""
    front = (built.candidate.folder / "index.html").read_text("utf-8")

    calm = "I de senaste rapporterna ligger inget nyckeltal utanför sina vanliga gränser."
    assert f"{calm} Av två mål nås ett." in front
    told = '<span class="tag bad">under målet</span> Höft- och knäproteser <b>20</b>, mål'
    assert f"{told}\u00a024</span>" in front
    assert "Mål som inte nås" in front
    assert "2026-W18" not in front


def test_the_status_page_tells_of_the_failed_run_first(built: Built) -> None:
    """In Swedish, with its reason; and build.json says the same for machines."""
    status = (built.candidate.folder / "byggstatus/index.html").read_text("utf-8")
    record = json.loads((built.candidate.folder / "build.json").read_bytes())

    assert status.index("misslyckades") < status.index('<span class="tag good">ny</span>')
    assert "cell 7 gick fel" in status
    assert "utan Quarto" in status
    failed = [run for run in record["runs"] if run["status"] == "failed"]
    assert [run["unit"] for run in failed] == ["onh"]
    assert record["renderer"]["name"] == "pandoc"
    assert record["tools"]["typst"]
    assert record["pages"] == 4


def test_a_version_says_what_it_hides(small: Built) -> None:
    """How much, in build.json and on the status page; which groups, page by page, and a kept
    page those that it hid in the version it comes from.
    """
    groups = ("operated|time=2026-03|unit=ga-cop", "waiting|time=2026-05-04")
    hiding = replace(small.runs[0], hidden=9, cells=600, closed=groups)
    other = replace(small.runs[1], hidden=0, cells=1200)
    version = small.project.public / "v" / "2026-05-10"
    since = Kept(version.name, "2026-05-11", "fel")
    kept = sample_run(
        small.project, unit="kirurgi", period="2026-W18", status=RunStatus.KEPT, kept=since
    )
    page = "uppfoljning/veckouppfoljning/kirurgi/2026-W18"
    (version / page).parent.mkdir(parents=True)
    (version / f"{page}.html").write_text("<h1>Sida</h1>")
    (version / "hidden.json").write_text(json.dumps({f"{page}.html": ["waiting|time=2026-04-27"]}))

    folder = small.assemble([hiding, other, kept]).folder

    told = json.loads((folder / "hidden.json").read_bytes())
    assert told == {
        f"{page}.html": ["waiting|time=2026-04-27"],
        "uppfoljning/veckouppfoljning/ortopedi/2026-W18.html": list(groups),
    }
    record = json.loads((folder / "build.json").read_bytes())
    assert (record["hidden"], record["cells"]) == (9, 1800)
    assert (record["runs"][0]["hidden"], record["runs"][0]["cells"]) == (9, 600)
    status = (folder / "byggstatus/index.html").read_text("utf-8")
    assert "Dolda tal: 9 av 1\u00a0800, 0,5\u00a0%." in status
    assert "Sidor där störst andel är dold" in status


def test_small_files_tell_periods_and_night(built: Built) -> None:
    """What the script reads when a page is opened."""
    folder = built.candidate.folder
    periods = json.loads((folder / f"{Path(ADDRESS).parent}/periods.json").read_bytes())
    version = json.loads((folder / "version.json").read_bytes())

    assert [period["href"] for period in periods["periods"]] == ["2026-W19.html", "2026-W18.html"]
    assert periods["periods"][0]["title"] == "Vecka 19 2026"
    assert (version["night"], version["pages"], version["kept"]) == ("2026-05-11", 4, {})
    # The page, its unit's periods and its charts say which content they are of.
    charts = json.loads((folder / ADDRESS / "diagram.json").read_bytes())
    page = (folder / f"{ADDRESS}.html").read_text("utf-8")
    assert f'data-made="{charts["made"]}"' in page
    assert periods["periods"][0]["made"] == charts["made"] != periods["periods"][1]["made"]
    assert charts["made"].isalpha()
    script = (folder / "version.js").read_text("ascii")
    assert '"night":"2026-05-11"' in script
    assert '<script src="../../../version.js">' in (folder / f"{ADDRESS}.html").read_text("utf-8")


def test_a_second_build_renders_nothing_and_gives_the_same_tree(built: Built) -> None:
    """Pages come from the store, byte for byte."""
    before = files_of(built.candidate.folder)

    again = built.assemble()

    assert again.rendered == 0
    assert again.reused == built.candidate.rendered
    assert files_of(again.folder) == before


def test_another_folder_gives_the_same_tree(built: Built, tmp_path: Path) -> None:
    """Nothing of the place, the process or the time is in a page."""
    other = Built(tmp_path / "somewhere" / "else")

    assert files_of(other.candidate.folder) == files_of(built.candidate.folder)


@pytest.fixture
def small(tmp_path: Path) -> Built:
    """A build of one's own, to be spoilt."""
    built = Built.__new__(Built)
    built.project = make_project(tmp_path)
    built.params = read_params(built.project)
    built.runs = [sample_run(built.project, period=f"2026-W{week}") for week in (18, 19)]
    return built


def test_a_changed_notebook_renders_its_page_and_the_indexes_that_tell_of_it(small: Built) -> None:
    """And the meeting pack that holds it; the other page and its pack stay as they are."""
    small.assemble()
    items = [*sample_items(), "Ett nytt stycke.\n"]
    small.runs[1] = sample_run(small.project, items=items)

    again = small.assemble()

    page = (again.folder / f"{ADDRESS}.html").read_text("utf-8")
    assert "Ett nytt stycke." in page
    assert again.rendered == 2


def test_a_changed_office_name_renders_everything(small: Built) -> None:
    """It stands on every page."""
    first = small.assemble()
    path = small.project.params / "site.yml"
    path.write_text(path.read_text("utf-8").replace("suffix: rapporter", "suffix: siffror"))
    small.params = read_params(small.project)

    again = small.assemble()

    assert again.rendered == first.rendered
    assert b"<span>siffror</span>" in (again.folder / f"{ADDRESS}.html").read_bytes()


def test_a_damaged_page_in_the_store_is_made_again(small: Built) -> None:
    """The candidate gets the whole page, not the damaged one."""
    first = small.assemble()
    whole = files_of(first.folder)
    shutil.rmtree(first.folder)
    page = next((small.project.store / "pages").rglob("page.pdf"))
    page.chmod(0o644)
    page.write_bytes(b"%PDF-cut")

    again = small.assemble()

    assert again.rendered == 1
    assert files_of(again.folder) == whole


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"alt": ""}, "alt"),
        ({"spec": {"mark": "nothing"}}, "diagram-andel"),
    ],
)
def test_a_page_that_cannot_be_rendered_is_named_and_the_others_are_stored(
    small: Built, change: Mapping[str, object], said: str
) -> None:
    """The candidate before it stays; what could be rendered need not be again."""
    before = files_of(small.assemble().folder)
    bad = shares().model_copy(update=dict(change))
    items = [bad if getattr(item, "type", "") == "row" else item for item in sample_items()]
    broken = sample_run(small.project, unit="kirurgi", items=items)
    whole = sample_run(small.project, unit="onh")

    with pytest.raises(RenderError, match=rf"veckouppfoljning/kirurgi/2026-W19.*{said}"):
        small.assemble([*small.runs, broken, whole])

    assert files_of(small.project.candidate) == before
    again = small.assemble([*small.runs, whole])
    assert again.reused >= 3


def test_what_the_renderer_warned_of_is_told_by_every_build(small: Built) -> None:
    """By address, in build.json too; a page that is reused still tells it, an index page none."""
    items = [*sample_items(), "Prosa.\n\n![Film](https://example.invalid/film.svg)\n"]
    runs = [sample_run(small.project, items=items, period="2026-W19")]

    first, again = small.assemble(runs), small.assemble(runs)

    assert again.rendered == 0
    assert first.warnings.keys() == again.warnings.keys() == {ADDRESS}
    (warning,) = again.warnings[ADDRESS]
    assert "picture" in warning and "film" not in warning
    record = json.loads((again.folder / "build.json").read_text("utf-8"))
    assert record["warnings"] == {f"{ADDRESS}.html": [warning]}


def test_a_kept_page_is_linked_from_its_version_with_the_files_it_needs(small: Built) -> None:
    """The old page is there whole; the script is told since when and why."""
    old = small.assemble()
    version = small.project.public / "v" / "2026-05-11"
    shutil.copytree(old.folder, version)
    stylesheet = next((version / "assets").glob("site.*.css"))
    page = version / f"{ADDRESS}.html"
    older = "site.0123456789.css"
    shutil.copy(stylesheet, version / "assets" / older)
    page.chmod(0o644)
    page.write_text(page.read_text("utf-8").replace(stylesheet.name, older), "utf-8")
    kept = Kept("2026-05-11", "2026-05-12", "cell 7 gick fel")
    run = sample_run(small.project, status=RunStatus.KEPT, kept=kept, error=FAILURE)

    candidate = small.assemble([small.runs[0], run])

    assert (candidate.folder / f"{ADDRESS}.html").read_bytes() == page.read_bytes()
    assert (candidate.folder / f"{ADDRESS}/floden.csv").is_file()
    assert (candidate.folder / "assets" / older).is_file()
    told = json.loads((candidate.folder / "version.json").read_bytes())["kept"]
    assert told == {
        f"{ADDRESS}.html": {
            "version": "2026-05-11",
            "since": "2026-05-12",
            "reason": "cell 7 gick fel",
        }
    }
    status = (candidate.folder / "byggstatus/index.html").read_text("utf-8")
    assert "kvar från tidigare version" in status


def test_a_build_without_any_page_gives_nothing_to_publish(small: Built) -> None:
    """An empty site is never laid."""
    failed = sample_run(small.project, status=RunStatus.FAILED, error=FAILURE)

    with pytest.raises(NothingToPublishError):
        small.assemble([failed])


def test_two_runs_of_one_page_are_an_error(small: Built) -> None:
    """As many pages out as in."""
    with pytest.raises(RenderError, match="address"):
        small.assemble([small.runs[0], small.runs[0]])


def test_a_version_says_what_differs_from_the_one_before(tmp_path: Path) -> None:
    """As a page and for programs; a page that stays the same is in neither."""
    project = make_project(tmp_path)
    params = read_params(project)
    first = assemble([sample_run(project, period="2026-W18")], project, params, Origin(NIGHT))
    before = tmp_path / "public/v/2026-05-10"
    before.parent.mkdir(parents=True)
    first.folder.rename(before)
    runs = [sample_run(project, period=f"2026-W{week}") for week in (18, 19)]
    origin = Origin(NIGHT, before=Earlier("2026-05-10", NIGHT, before))

    folder = assemble(runs, project, params, origin).folder

    record = json.loads((folder / "diff.json").read_bytes())
    assert record["from"] == {"version": "2026-05-10", "night": NIGHT.isoformat()}
    assert [page["period"] for page in record["new"]] == ["2026-W19"]
    assert (record["same"], record["gone"], record["changed"]) == (1, [], [])
    text = (folder / "nytt/index.html").read_text("utf-8")
    assert "Jämfört med versionen 2026-05-10" in text
    assert 'href="../uppfoljning/veckouppfoljning/ortopedi/2026-W19.html"' in text
    assert json.loads((before / "diff.json").read_bytes())["from"] is None


def test_old_addresses_lead_on_to_their_pages(tmp_path: Path) -> None:
    """A report that was renamed; its pages and index pages, not what lies beside them."""
    project = make_project(tmp_path)
    moved = "moved:\n  - {from: uppfoljning/vecka, to: uppfoljning/veckouppfoljning}\n"
    (project.params / "moved.yml").write_text(moved)

    folder = assemble([sample_run(project)], project, read_params(project), Origin(NIGHT)).folder

    old = folder / "uppfoljning/vecka/ortopedi/2026-W19.html"
    assert 'href="../../veckouppfoljning/ortopedi/2026-W19.html"' in old.read_text("utf-8")
    assert (folder / "uppfoljning/vecka/index.html").is_file()
    assert not (folder / "uppfoljning/vecka/ortopedi/2026-W19.pdf").exists()
