"""The render processes: one page's trouble is that page's, a death is told."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest

from lpe_reports.errors import RenderError
from lpe_reports.progress import Silent
from lpe_reports.render.document import PageDocument
from lpe_reports.render.jobs import PageJob
from lpe_reports.render.page_store import PageStore
from lpe_reports.render.pandoc import PandocRenderer
from lpe_reports.render.renderer import RenderedPage, Renderer
from lpe_reports.render.workers import FEW_PAGES, WORKERS, RenderWorkers
from run_faults import wait_for
from sample_site import make_project, read_params, sample_run, site_of, spot

pytestmark = pytest.mark.promise(
    "builds", "A render process that dies is told, and costs no other page"
)

PAGES = FEW_PAGES + 1


class Dying(PandocRenderer):
    """A renderer whose process is killed, as by a machine that is out of memory."""

    def render(self, documents: Sequence[PageDocument]) -> list[RenderedPage]:
        """Never come back."""
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


class Choosy(PandocRenderer):
    """A renderer that refuses one page, and with it its whole batch."""

    def render(self, documents: Sequence[PageDocument]) -> list[RenderedPage]:
        """As Pandoc does where one document of a batch is wrong."""
        for document in documents:
            if document.address.endswith("2026-W02"):
                raise RenderError(f"{document.address}: no")
        return super().render(documents)


class Endless(PandocRenderer):
    """A renderer that is never done, as far as a person waits who wants a build to stop."""

    def render(self, documents: Sequence[PageDocument]) -> list[RenderedPage]:
        """With a program of its own, as Quarto's renderer has."""
        subprocess.run(["sleep", "300"], check=False)
        raise AssertionError


def render(root: Path, renderer: Renderer) -> PageStore:
    """Render some weeks with a renderer."""
    project = make_project(root)
    params = read_params(project)
    jobs = []
    for number in range(1, PAGES + 1):
        period = f"2026-W{number:02d}"
        run = sample_run(project, period=period)
        assert run.notebook is not None
        key = f"{number:02d}" * 32
        jobs.append(PageJob(key, spot(params, "weekly", "ortopedi", period), run.notebook))
    store = PageStore(project.store / "pages")
    with RenderWorkers(site_of(project, params), renderer, store) as workers:
        workers.render(jobs, Silent())
    return store


def test_a_render_process_that_dies_is_told(tmp_path: Path) -> None:
    """No page is taken for rendered, and nobody waits for ever."""
    with pytest.raises(RenderError, match=r"process died.*ortopedi/2026-W0"):
        render(tmp_path, Dying())

    assert not list((tmp_path / "build/store/pages").glob("*/*"))


def test_one_refused_page_is_named_and_the_others_are_stored(tmp_path: Path) -> None:
    """A batch that fails is taken page by page."""
    with pytest.raises(RenderError, match=r"ortopedi/2026-W02: no$"):
        render(tmp_path, Choosy())

    store = PageStore(tmp_path / "build/store/pages")
    there = [bool(store.get(f"{number:02d}" * 32)) for number in range(1, PAGES + 1)]
    assert there == [number != 2 for number in range(1, PAGES + 1)]


KILLED_PARENT = """
import multiprocessing, time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from lpe_reports.render.workers import _initialise

if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    arguments = (None, None, Path("none"))
    pool = ProcessPoolExecutor(1, context, initializer=_initialise, initargs=arguments)
    pool.submit(time.sleep, 120)
    pool.submit(time.sleep, 120)
    print(*pool._processes, flush=True)
    time.sleep(120)
"""


def test_render_processes_end_with_a_killed_build(tmp_path: Path) -> None:
    """A build that is killed leaves no process behind."""
    script = tmp_path / "killed.py"
    script.write_text(KILLED_PARENT, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        assert worker.is_running()
        time.sleep(3)  # the worker imports before it watches
        parent.kill()

    _, alive = psutil.wait_procs([worker], timeout=20)
    assert alive == []


STOPPED_PARENT = """
import pathlib, sys
sys.path[:0] = sys.argv[2:]
from lpe_reports.cli.ending import orderly_end
from test_workers import Endless, render

if __name__ == "__main__":
    with orderly_end():
        render(pathlib.Path(sys.argv[1]), Endless())
"""


@pytest.mark.usefixtures("heard_signals")
@pytest.mark.parametrize(
    "signals",
    [(signal.SIGINT,), (signal.SIGTERM,), (signal.SIGINT, signal.SIGTERM)],
    ids=lambda signals: "+".join(one.name for one in signals),
)
def test_a_build_that_is_stopped_while_it_renders_waits_for_no_page(
    tmp_path: Path, root: Path, signals: Sequence[signal.Signals]
) -> None:
    """It ends soon, and so do the render processes and what they have started."""
    script = tmp_path / "stopped.py"
    script.write_text(STOPPED_PARENT, encoding="utf-8")
    paths = [str(root / "tests"), str(Path(__file__).parent)]
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "p"), *paths], stderr=subprocess.DEVNULL
    ) as parent:
        started = psutil.Process(parent.pid)

        def family() -> list[psutil.Process]:
            return started.children(recursive=True)

        wait_for(lambda: sum(one.name() == "sleep" for one in family()) == WORKERS, seconds=60)
        processes = family()
        for number in signals:
            parent.send_signal(number)
            time.sleep(0.5)
        parent.wait(20)

    _, alive = psutil.wait_procs(processes, timeout=10)
    assert alive == []
