"""Two long-lived processes that render: Vega, Typst and the fonts are loaded once in each.

They are spawned, not forked: vl-convert and Typst start threads of their own, which a fork
does not survive.
"""

import contextlib
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import psutil

from lpe_reports.build.running.parent import end_with_parent
from lpe_reports.errors import RenderError
from lpe_reports.progress import Progress
from lpe_reports.render.jobs import Failure, Job, PageJob, render_jobs
from lpe_reports.render.packs.job import PackJob
from lpe_reports.render.page_store import PageStore
from lpe_reports.render.renderer import Renderer
from lpe_reports.render.sitemap import SiteMap

WORKERS = 2
BATCH = 12
# Starting two processes costs as much as rendering this many pages with charts; index pages
# have none and cost next to nothing.
FEW_PAGES = 3

_state: dict[str, Any] = {}


class RenderWorkers:
    """The render processes of one build; they start when there is enough to render.

    Use as a context manager; leaving it ends the processes, at once where an error or a signal
    to stop is why: what they have stored is whole, and what they are at is made anew.

    Args:
        site: The site map; workers need its menus and texts, not its pages.
        renderer: The renderer that every worker uses.
        store: Where rendered pages go.
    """

    def __init__(self, site: SiteMap, renderer: Renderer, store: PageStore) -> None:
        self._arguments = (site, renderer, store.folder)
        self._pool: ProcessPoolExecutor | None = None
        self._others: set[BaseProcess] = set()

    def __enter__(self) -> "RenderWorkers":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            # First of all: waiting for pages that nobody wants can take minutes, and a second
            # signal in that time would leave the processes to each other.
            self._end_processes()
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def _end_processes(self) -> None:
        for process in set(multiprocessing.active_children()) - self._others:
            with contextlib.suppress(psutil.NoSuchProcess):
                worker = psutil.Process(process.pid)
                family = worker.children(recursive=True)  # Pandoc, Quarto
                for member in (worker, *family):
                    with contextlib.suppress(psutil.NoSuchProcess):
                        member.kill()

    def render(self, jobs: Sequence[Job], progress: Progress) -> None:
        """Render all jobs into the store.

        Raises:
            RenderError: Some page could not be rendered, after all others were; names it.
        """
        size = max(1, min(BATCH, -(-len(jobs) // WORKERS)))
        batches = [list(jobs[at : at + size]) for at in range(0, len(jobs), size)]
        failures: list[Failure] = []
        for batch, failed in self._rendered(batches):
            failures += failed
            progress.advance(len(batch))
        if failures:
            failures.sort(key=lambda failure: failure.address)
            more = f" (and {len(failures) - 1} more pages)" if len(failures) > 1 else ""
            addresses = [failure.address for failure in failures]
            raise RenderError(failures[0].message + more, addresses)

    def _rendered(self, batches: list[list[Job]]) -> Iterator[tuple[list[Job], list[Failure]]]:
        """Each batch when it is done: here where they are few, else by the processes."""
        pages = sum(isinstance(job, PageJob | PackJob) for batch in batches for job in batch)
        if self._pool is None and pages <= FEW_PAGES:
            site, renderer, folder = self._arguments
            for batch in batches:
                yield batch, render_jobs(batch, site, renderer, PageStore(folder))
            return
        waiting = {self._started().submit(_render, batch): batch for batch in batches}
        for done in as_completed(waiting):
            try:
                yield waiting[done], done.result()
            except BrokenProcessPool:
                # What is rendered after this needs processes that live.
                self._pool = None
                raise _died(waiting[done]) from None

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._others = set(multiprocessing.active_children())
            self._pool = ProcessPoolExecutor(
                WORKERS,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_initialise,
                initargs=(*self._arguments, os.getpid()),
            )
        return self._pool


def _initialise(site: SiteMap, renderer: Renderer, store: Path, parent: int) -> None:
    end_with_parent(parent)
    _state.update(site=site, renderer=renderer, store=PageStore(store))


def _render(batch: list[Job]) -> list[Failure]:
    return render_jobs(batch, _state["site"], _state["renderer"], _state["store"])


def _died(batch: list[Job]) -> RenderError:
    return RenderError(
        f"a render process died; it may have been at {batch[0].address} or one of the "
        f"{len(batch) - 1} pages after it (out of memory?)"
    )
