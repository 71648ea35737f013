"""From executed notebooks to a candidate version: render what is not in the store, lay the tree."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from lpe_reports.build.hidden_before import HIDDEN_FILE
from lpe_reports.build.runs import ExecutedRun, RunStatus
from lpe_reports.errors import NothingToPublishError, RenderError
from lpe_reports.params.loading import Params
from lpe_reports.params.moved import load_moved
from lpe_reports.progress import Progress, Silent
from lpe_reports.render.addresses import VERSION_SCRIPT, unit_folder
from lpe_reports.render.build_record import (
    build_record,
    hidden_record,
    periods_record,
    version_record,
    version_script,
)
from lpe_reports.render.candidate import Candidate, CandidateTree
from lpe_reports.render.changes.compare import Comparison, compare_pages
from lpe_reports.render.changes.numbers import pages_in
from lpe_reports.render.changes.record import DIFF_FILE, diff_record
from lpe_reports.render.choosing import choose_renderer
from lpe_reports.render.dataset.files import FOLDER as DATASET
from lpe_reports.render.dataset.files import dataset_files
from lpe_reports.render.edition import Edition
from lpe_reports.render.indexes import index_documents
from lpe_reports.render.jobs import IndexJob, Job, PageJob
from lpe_reports.render.keys import index_key, machinery_digest, page_key, shell_digest
from lpe_reports.render.moved import moved_pages
from lpe_reports.render.packs.job import PackJob, pack_jobs
from lpe_reports.render.packs.made import made_packs
from lpe_reports.render.packs.plan import plan_packs
from lpe_reports.render.page_numbers import PageNumbers, page_numbers
from lpe_reports.render.page_store import PageStore, StoredPage
from lpe_reports.render.retracted import Retraction, SharedNames, retracted_page
from lpe_reports.render.search import search_files
from lpe_reports.render.site_files import site_files
from lpe_reports.render.sitemap import PageSpot, SiteMap, make_sitemap
from lpe_reports.render.vega import library, library_name
from lpe_reports.render.website import load_website
from lpe_reports.render.workers import RenderWorkers
from lpe_reports.settings import MARKER, Project
from lpe_reports.warehouse.linked import LinkedShare
from lpe_reports.warehouse.nights.history import NightLoad
from lpe_reports.warehouse.nights.manifest import Manifest


@dataclass(frozen=True)
class Earlier:
    """A published version: its id, its night and where it lies."""

    version: str
    night: date
    folder: Path


@dataclass(frozen=True)
class Origin:
    """What a build was made from and with, for the status page and `build.json`.

    Fields:
        night: The date of the extract.
        manifest: The extract's manifest.
        loads: What the last nights of its source came to.
        links: How many rows of one table lead to a row of another.
        before: The version that readers are led to now; None where there is none, or where not
            all pages are built, so that nothing can be said to be gone.
        retracted: The pages that are taken back, by address: they are not shown.
        tools: The versions of the tools that executed the notebooks.
        commit: The code's commit; empty where it is not known.
    """

    night: date
    manifest: Manifest | None = None
    tools: Mapping[str, str] = field(default_factory=dict)
    commit: str = ""
    loads: Sequence[NightLoad] = ()
    links: Sequence[LinkedShare] = ()
    before: Earlier | None = None
    retracted: Mapping[str, Retraction] = field(default_factory=dict)


def assemble(
    runs: Sequence[ExecutedRun],
    project: Project,
    params: Params,
    origin: Origin,
    *,
    renderer: str = "auto",
    out: Path | None = None,
    progress: Progress | None = None,
) -> Candidate:
    """Lay the candidate version of a build.

    Args:
        runs: What came of every run of the version.
        project: The project; pages are stored in its store.
        params: Its params.
        origin: What the runs were made from.
        renderer: auto, quarto or pandoc.
        out: Where the candidate goes; `build/candidate` when not given.
        progress: Who is told how far the rendering is.

    Raises:
        SettingsError: There is no such renderer here.
        NothingToPublishError: No run has a page.
        RenderError: A page could not be rendered; names it.
    """
    driver, note = choose_renderer(renderer, project.root)
    website = load_website(project.root / MARKER, project.root)
    shown, taken_back = _without_retracted(runs, params, origin)
    paged = [(_spot(run, params), run) for run in shown if run.status is not RunStatus.FAILED]
    if not paged:
        raise NothingToPublishError(f"none of {len(runs)} runs gave a page; nothing to assemble")
    site = make_sitemap(params, website, [spot for spot, _ in paged])
    store = PageStore(project.store / "pages")
    with RenderWorkers(replace(site, units=()), driver, store) as workers:
        press = _Press(store, workers, progress or Silent())
        machinery = machinery_digest(driver)
        pages = press.make(_page_jobs(paged, machinery, shell_digest(site)))
        ordered = list(_pack_jobs(runs, pages, params, origin, machinery))
        bound = press.make_what_can(ordered)
        numbers = page_numbers(paged, pages, project.public / "v")
        edition = replace(
            _edition(site, runs, pages, origin),
            renderer_note=note,
            tools={**origin.tools, **driver.versions()},
            packs=tuple(made_packs(ordered, bound)),
            compared=_compared(origin.before, numbers),
            retracted=taken_back,
        )
        indexes = press.make(IndexJob(index_key(d, machinery), d) for d in index_documents(edition))
    tree = CandidateTree(out or project.candidate)
    everything = pages | bound | indexes
    warnings = {address: page.warnings for address, page in everything.items() if page.warnings}
    _lay(tree, edition, everything)
    tree.write("build.json", build_record(edition, driver.name, warnings))
    tree.write(f"assets/{library_name()}", library(project.store / "library"))
    for part in dataset_files(numbers, origin.night, store):
        tree.link_page(DATASET, part)
    for place, data in search_files(edition, numbers, indexes).items():
        tree.write(place, data)
    _lay_earlier(tree, project, edition, paged, [*pages, *indexes, *taken_back])
    folder = tree.finish()
    unmade = tuple(f"{pack.planned.address}.pdf" for pack in edition.packs if not pack.sheets)
    counts = len(paged), press.rendered, press.reused, tree.files
    return Candidate(folder, *counts, note, unmade, warnings)


class _Press:
    """Makes pages: from the store where they are there, rendered where they are not."""

    def __init__(self, store: PageStore, workers: RenderWorkers, progress: Progress) -> None:
        self._store, self._workers, self._progress = store, workers, progress
        self.rendered = self.reused = 0

    def make(self, jobs: Iterable[Job]) -> dict[str, StoredPage]:
        """The pages of all jobs by address, as many as there are jobs.

        Raises:
            RenderError: A page could not be rendered, or two have one address.
        """
        wanted = list(jobs)
        pages = {job.address: self._store.get(job.key) for job in wanted}
        if len(pages) < len(wanted):
            raise RenderError(f"{len(wanted) - len(pages)} pages have the address of another one")
        missing = [job for job in wanted if pages[job.address] is None]
        if missing:
            self._progress.start("render", len(missing))
            self._workers.render(missing, self._progress)
            self._progress.done()
        self.rendered += len(missing)
        self.reused += len(wanted) - len(missing)
        for job in missing:
            pages[job.address] = self._store.get(job.key)
        return {address: _there(page, address) for address, page in pages.items()}

    def make_what_can(self, jobs: Sequence[Job]) -> dict[str, StoredPage]:
        """Those that could be made; that others could not is told, and stops nothing."""
        try:
            return self.make(jobs)
        except RenderError as error:
            self._progress.note(f"{len(jobs)} meeting packs wanted, not all made: {error}")
            made = {job.address: self._store.get(job.key) for job in jobs}
            return {address: page for address, page in made.items() if page is not None}


def _there(page: StoredPage | None, address: str) -> StoredPage:
    if page is None:
        raise RenderError(f"{address}: it was rendered, but is not whole in the store (disk full?)")
    return page


def _without_retracted(
    runs: Sequence[ExecutedRun], params: Params, origin: Origin
) -> tuple[list[ExecutedRun], dict[str, Retraction]]:
    """The runs whose pages are shown, and the pages of the others, which are taken back."""
    addresses = [(_spot(run, params).address, run) for run in runs]
    shown = [run for address, run in addresses if address not in origin.retracted]
    found = {a: origin.retracted[a] for a, _ in addresses if a in origin.retracted}
    return shown, found


def _spot(run: ExecutedRun, params: Params) -> PageSpot:
    report = params.reports[run.run.report]
    return PageSpot(report, report.subject(run.run.unit), run.run.period)


def _page_jobs(
    paged: Iterable[tuple[PageSpot, ExecutedRun]], machinery: str, shell: str
) -> Iterator[PageJob]:
    """A job for every run that has a notebook; a kept one has not."""
    for spot, run in paged:
        if run.notebook:
            key = page_key(_digest(run.notebook), spot, machinery, shell)
            yield PageJob(key, spot, run.notebook)


def _pack_jobs(
    runs: Sequence[ExecutedRun],
    pages: Mapping[str, StoredPage],
    params: Params,
    origin: Origin,
    machinery: str,
) -> Iterator[PackJob]:
    """A job for every meeting pack that has a page."""
    plans = plan_packs(params.packs, runs, origin.night, origin.retracted)
    made_up = bool(origin.manifest and origin.manifest.demo)
    return pack_jobs(plans, pages, params.site, machinery, made_up=made_up)


def _edition(
    site: SiteMap, runs: Sequence[ExecutedRun], pages: Mapping[str, StoredPage], origin: Origin
) -> Edition:
    return Edition(
        site=site,
        night=origin.night,
        runs=tuple(runs),
        cards={address: page.card for address, page in pages.items() if page.card},
        manifest=origin.manifest,
        loads=origin.loads,
        links=origin.links,
        commit=origin.commit,
    )


def _compared(before: Earlier | None, numbers: Iterable[PageNumbers]) -> Comparison | None:
    """What differs from the version that readers are led to now."""
    if before is None:
        return None
    pages = {f"{each.spot.address}.html": each.path for each in numbers}
    changes = compare_pages(pages_in(before.folder), pages, before.night)
    return Comparison(before.version, before.night, changes)


def _digest(notebook: Path) -> str:
    try:
        return hashlib.sha256(notebook.read_bytes()).hexdigest()
    except OSError:
        raise RenderError(f"the executed notebook {notebook.name} is gone from the store") from None


def _lay(tree: CandidateTree, edition: Edition, pages: Mapping[str, StoredPage]) -> None:
    for address, page in pages.items():
        tree.link_page(address, page)
    for unit in edition.site.units:
        folder = unit_folder(unit.report, unit.subject)
        tree.write(f"{folder}/periods.json", periods_record(unit, edition.cards))
    for name, content in site_files().content.items():
        tree.write(f"assets/{name}", content)
    tree.write("version.json", version_record(edition))
    tree.write(VERSION_SCRIPT, version_script(edition))
    tree.write(DIFF_FILE, diff_record(edition.compared, edition.night))


def _lay_earlier(
    tree: CandidateTree,
    project: Project,
    edition: Edition,
    paged: Iterable[tuple[PageSpot, ExecutedRun]],
    addresses: Iterable[str],
) -> None:
    """What comes from before: what was hidden, kept pages, and ways on from old addresses."""
    versions = project.public / "v"
    tree.write(HIDDEN_FILE, hidden_record(edition, versions))
    kept = {spot.address: run.kept for spot, run in paged if run.kept}
    for address, origin in kept.items():
        tree.link_kept(address, versions / origin.version)
    moves = load_moved(project.params / "moved.yml", project.root)
    for place, data in moved_pages([*addresses, *kept], moves):
        tree.write(place, data)
    files = site_files()
    shared = SharedNames(files.css, files.icon)
    for address, retraction in edition.retracted.items():
        tree.write(f"{address}.html", retracted_page(address, retraction, shared))
