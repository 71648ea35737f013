"""What a page costs each renderer, and others that make HTML of the same executed notebooks."""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench.demo_site import demo_project
from tests.bench.peers import nbconvert_python
from tests.bench.processes import tree_cost

from lpe_reports.display.content import read_content
from lpe_reports.errors import SettingsError
from lpe_reports.params.loading import load_params
from lpe_reports.periods import parse_period
from lpe_reports.render import pandoc
from lpe_reports.render.choosing import choose_renderer
from lpe_reports.render.document import PageDocument
from lpe_reports.render.page_document import page_document
from lpe_reports.render.renderer import Renderer
from lpe_reports.render.sitemap import PageSpot, SiteMap, make_sitemap
from lpe_reports.render.website import load_website
from lpe_reports.settings import MARKER, Project

BATCH = 12  # pages that a build gives a renderer at a time
ROUNDS = 3
PDFS = 400
PEER_PAGES = 3
SAYS = (
    "The newest pages of the demo, one of each report and then the next, already executed, made "
    f"by one process in batches of {BATCH} as a build makes them (which has two such processes); "
    f"medians of {ROUNDS} rounds in which the ways take turns. Both renderers are given the same "
    "documents: reading the notebooks and drawing the charts, which is the same work for both, "
    "has a row of its own. Quarto writes Typst source, of which the same code as the embedded "
    "renderer's makes the PDF. Others make a page of the executed notebook by their own command, "
    "without menus, search, downloads or tags."
)


@dataclass(frozen=True)
class Spent:
    """Of some pages: wall clock and processor seconds, of child processes too."""

    pages: int
    seconds: float
    cpu_seconds: float


def lines(small: bool) -> Iterator[str]:
    """The tables; `small`: fewer pages, one round."""
    project = demo_project()
    site, pages = newest_pages(project, 3 if small else BATCH)
    documents = [page_document(read_content(path), spot, site) for spot, path in pages]
    ways, missing = _ways(documents, pages, site)
    rounds = 1 if small else ROUNDS
    found: dict[str, list[Spent]] = {name: [] for name in ways}
    for way in ways.values():
        way()  # fonts and programs are read from the disk once
    for _ in range(rounds):
        for name, way in ways.items():
            found[name].append(_spent(len(documents), way))
    yield "| way | pages | seconds a page | CPU s a page | times the embedded renderer's CPU |"
    yield "|---|---|---|---|---|"
    base = _middle(found[EMBEDDED]).cpu_seconds / len(documents)
    for name, spent in found.items():
        yield _row(name, _middle(spent), base)
    paths = [path for _, path in pages][: 1 if small else PEER_PAGES]
    for name, spent in _others(paths, missing):
        yield _row(name, spent, base)
    yield ""
    yield " ".join([*missing, *_pdfs(documents, 2 * len(documents) if small else PDFS)])


EMBEDDED = "embedded (Pandoc, Typst): HTML and PDF"


def newest_pages(project: Project, count: int) -> tuple[SiteMap, list[tuple[PageSpot, Path]]]:
    """The newest page of each report in turn, with its executed notebook; and their site map."""
    params = load_params(project)
    runs = json.loads((project.candidate / "build.json").read_bytes())["runs"]
    notebooks: dict[str, list[tuple[PageSpot, Path]]] = {}
    for run in sorted(runs, key=lambda run: run["period"], reverse=True):
        report = params.reports[run["report"]]
        spot = PageSpot(report, report.subject(run["unit"]), parse_period(run["period"]))
        path = project.store / "notebooks" / f"{run['digests'].get('notebook')}.ipynb"
        if path.is_file():
            notebooks.setdefault(report.id, []).append((spot, path))
    most = max(map(len, notebooks.values()), default=0)
    turns = [of[turn] for turn in range(most) for of in notebooks.values() if turn < len(of)]
    website = load_website(project.root / MARKER, project.root)
    return make_sitemap(params, website, [spot for spot, _ in turns]), turns[:count]


def _ways(
    documents: Sequence[PageDocument], pages: Sequence[tuple[PageSpot, Path]], site: SiteMap
) -> tuple[dict[str, Callable[[], object]], list[str]]:
    """What is measured in this process, by name, and a word about what is not here."""
    html = [replace(document, pdf=False) for document in documents]
    embedded, missing = choose_renderer("pandoc")[0], []
    ways: dict[str, Callable[[], object]] = {
        "for both: the notebook read, its charts drawn": lambda: [
            page_document(read_content(path), spot, site) for spot, path in pages
        ],
        "embedded: HTML": lambda: embedded.render(html),
        EMBEDDED: lambda: embedded.render(documents),
    }
    try:
        quarto = choose_renderer("quarto")[0]
    except SettingsError:
        missing.append("Quarto is not on this machine (QUARTO_PATH names it), so it was left out.")
    else:
        version = quarto.versions().get("quarto", "")
        ways[f"Quarto {version}: HTML".replace("  ", " ")] = _given(quarto, html)
        ways[f"Quarto {version}: HTML and PDF".replace("  ", " ")] = _given(quarto, documents)
    return ways, missing


def _given(renderer: Renderer, documents: Sequence[PageDocument]) -> Callable[[], object]:
    return lambda: renderer.render(documents)


def _others(notebooks: Sequence[Path], missing: list[str]) -> Iterator[tuple[str, Spent]]:
    """Commands that others make a page with, each a page at a time."""
    python, quarto = nbconvert_python(), os.environ.get("QUARTO_PATH")
    if python is None:
        missing.append("nbconvert could not be installed, so it was left out.")
    else:
        yield (
            "`nbconvert` to HTML",
            _commands([python, "-m", "nbconvert", "--to", "html"], notebooks),
        )
    if quarto:
        yield (
            "`quarto render` of the notebook alone: HTML",
            _commands([quarto, "render", "--to", "html"], notebooks, last="--no-execute"),
        )


def _commands(
    command: Sequence[str | Path], notebooks: Sequence[Path], last: str | None = None
) -> Spent:
    seconds = cpu_seconds = 0.0
    for path in notebooks:
        with tempfile.TemporaryDirectory(prefix="lpe-peers-") as folder:
            copy = Path(folder) / "page.ipynb"
            copy.write_bytes(path.read_bytes())
            # `quarto render FILE --to html`: the file is its first argument.
            words = [*command[:2], copy, *command[2:]] if last else [*command, copy]
            cost = tree_cost([*words, *([last] if last else [])], Path(folder))
        seconds += cost.seconds
        cpu_seconds += cost.cpu_seconds
    return Spent(len(notebooks), seconds, cpu_seconds)


def _pdfs(documents: Sequence[PageDocument], count: int) -> Iterator[str]:
    """What the PDFs alone of so many pages cost, charts drawn and Typst source written."""
    made: list[bytes] = []
    cost = [0.0, 0.0]
    compiled = pandoc.compile_pdf

    def measured(source: Path, page: str) -> bytes:
        began = _clock()
        made.append(compiled(source, page))
        cost[:] = [sum(both) for both in zip(cost, _since(began), strict=True)]
        return made[-1]

    pandoc.compile_pdf = measured
    try:
        for number in range(0, count, len(documents)):
            some = documents[: count - number]
            choose_renderer("pandoc")[0].render(some)
    finally:
        pandoc.compile_pdf = compiled
    size = sum(map(len, made)) / 1e6
    yield (
        f"The PDFs alone of {len(made)} pages, of Typst source with drawn charts: "
        f"{cost[0]:.0f} seconds and {cost[1]:.0f} CPU seconds in one process, {size:.0f} MB."
    )


def _spent(pages: int, work: Callable[[], object]) -> Spent:
    began = _clock()
    work()
    return Spent(pages, *_since(began))


def _clock() -> tuple[float, float]:
    times = os.times()
    return time.monotonic(), sum(times[:4])


def _since(began: tuple[float, float]) -> tuple[float, float]:
    now = _clock()
    return now[0] - began[0], now[1] - began[1]


def _middle(rounds: Sequence[Spent]) -> Spent:
    return Spent(
        rounds[0].pages,
        statistics.median(each.seconds for each in rounds),
        statistics.median(each.cpu_seconds for each in rounds),
    )


def _row(name: str, spent: Spent, base: float) -> str:
    cpu_seconds = spent.cpu_seconds / spent.pages
    return (
        f"| {name} | {spent.pages} | {spent.seconds / spent.pages:.2f} | {cpu_seconds:.2f} | "
        f"{cpu_seconds / base:.1f} |"
    )


if __name__ == "__main__":
    print("\n".join(lines("--small" in sys.argv)))
