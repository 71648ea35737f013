"""Running a notebook for a preview: by the engine of a night, and with nothing kept of it.

What a night puts into the store stays in this process's memory.
"""

import copy
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError

from lpe_reports.build.forking.choice import NAMES, choose_engine
from lpe_reports.build.planning.notebooks import SourceNotebook
from lpe_reports.build.running import engines, executed, outcomes
from lpe_reports.build.running.environment import own_folders
from lpe_reports.build.running.messages import Failed, Job
from lpe_reports.build.running.stripping import ForeignOutputError, only_shown
from lpe_reports.build.running.watching import Watch
from lpe_reports.build.runs import FailureKind
from lpe_reports.cli.live import warming
from lpe_reports.cli.live.problems import FailedCell, Places, Problem, of_cell, of_end
from lpe_reports.errors import LpeError
from lpe_reports.params.reports import Report
from lpe_reports.settings import Project

_START_SECONDS = 60
# What is told of a cell that begins: its number, how many there are, what cells have shown so far.
Told = Callable[[int, int, Mapping[str, Any]], None]


class NotRunError(LpeError):
    """The notebook did not run to its end.

    Args:
        problem: What went wrong.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.title)
        self.problem = problem


@dataclass(frozen=True)
class Ran:
    """An executed notebook with nothing but what its page shows, and what it depended on."""

    notebook: Mapping[str, Any]
    trace: Mapping[str, Any]
    seconds: float


class Run:
    """One notebook being run.

    Args:
        project: The project.
        report: Its report.
        notebook: The notebook.
        parameters: What it is given.
        told: Told when a cell begins.
        session: The process that it runs in, where there is one that is kept
            (`rewinding.Session`).
    """

    def __init__(
        self,
        project: Project,
        report: Report,
        notebook: SourceNotebook,
        parameters: Mapping[str, object],
        told: Told,
        session: Any = None,
    ) -> None:
        self._project = project
        self._session = session
        self._name = notebook.name
        self._prepared = executed.prepare(notebook.document)
        engine = choose_engine(notebook.document, report.engine)
        self._job = Job(
            stem=f"{report.id}.{parameters['unit']}.{parameters['period']}",
            notebook=self._prepared,
            parameters=parameters,
            folder=str(notebook.path.parent),
            timeout_seconds=report.timeout_seconds,
            engine=engine.name,
        )
        self._told = told
        self._seen: list[Any] = []
        self._current: str | None = None

    def run(self) -> Ran:
        """Run it to its end.

        Raises:
            NotRunError: It did not come to its end, or showed what must not be shown.
        """
        began = time.monotonic()
        watch = Watch(
            self._job.timeout_seconds, lambda: None, kernel=self._job.engine == engines.KERNEL
        )
        problem = self._execute(watch)
        notebook = self._notebook()
        failed = problem is not None or any(executed.errors_in(notebook))
        trace = None if failed else executed.take_trace(notebook)
        if trace is not None:
            try:
                shown = only_shown(notebook)
            except ForeignOutputError as error:
                problem = error
            else:
                return Ran(shown, trace, time.monotonic() - began)
        ended = outcomes.failure(
            self._job, self._prepared, notebook, problem, self._current, watch, self._project
        )
        raise NotRunError(self._problem(ended, notebook))

    def _execute(self, watch: Watch) -> BaseException | None:
        warming.wait()
        if self._session is not None and self._job.engine == NAMES["fork"]:
            return self._execute_in_session(watch)
        try:
            with own_folders(), watch:
                self._run_cells(self._job.engine)
        except Exception as error:
            return error
        return None

    def _execute_in_session(self, watch: Watch) -> BaseException | None:
        """Run it from the first cell on that has changed; wholly where that does not go well."""
        from lpe_reports.cli.live import rewinding

        rewinding.register()
        for _ in range(2):
            self._seen.clear()
            timer = rewinding.timer(self._session, self._job.timeout_seconds)
            timer.start()
            try:
                self._run_cells(rewinding.NAME, lpe_session=self._session)
            except Exception as error:
                stuck = isinstance(error, rewinding.StuckError | CellTimeoutError | DeadKernelError)
                again = stuck and self._session.went_on and timer.is_alive()
                if stuck:
                    self._session.end()
                if again:
                    continue
                if not timer.is_alive():
                    watch.ended_for = FailureKind.TIMED_OUT
                return error
            else:
                return None
            finally:
                timer.cancel()
        return None

    def _run_cells(self, engine: str, **options: Any) -> None:
        engines.execute_in_memory(
            copy.deepcopy(self._prepared),
            engine_name=engine,
            folder=self._job.folder,
            parameters=self._job.parameters,
            start_timeout=_START_SECONDS,
            lpe_cell_started=self._cell_started,
            lpe_notebook=self._seen,
            **options,
        )

    def _cell_started(self, cell_id: str) -> None:
        self._current = cell_id
        number = executed.failing_cell(self._prepared, cell_id)
        if number is not None:
            self._told(number, len(self._prepared["cells"]) - 1, self._seen[0])

    def _notebook(self) -> executed.Notebook:
        return dict(copy.deepcopy(self._seen[0] if self._seen else self._prepared))

    def _problem(self, failed: Failed, notebook: executed.Notebook) -> Problem:
        places = Places(self._project.root)
        for cell_id, error, trace in executed.errors_in(notebook):
            said = _said(notebook, cell_id)
            source = executed.source_of(self._prepared, cell_id)
            number = executed.failing_cell(self._prepared, cell_id)
            if failed.kind in ("raised", "no rows"):
                return of_cell(FailedCell(self._name, number, source, error, said, trace), places)
        cells = self._prepared["cells"]
        number = failed.cell
        source = str(cells[number - 1]["source"]) if number else ""
        return of_end(failed.kind, self._name, number, source, failed.error_class or "")


def _said(notebook: executed.Notebook, cell_id: str) -> str:
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if cell["id"] == cell_id and output["output_type"] == "error":
                return str(output["evalue"])
    return ""
