"""For the tests of reports: a page as its JSON has it, made now by running the notebook.

    from lpe_reports.testing import make_page

    def test_page_shows_its_number() -> None:
        page = make_page("weekly", unit="ortopedi", period="2026-W19")
        assert page["key_figures"][0]["value"] == 18

Needs pytest, and an extract; without one the test is left out, and says what makes one. Nothing
is written into the project.
"""

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import pytest

from lpe_reports.build.forking.choice import choose_engine
from lpe_reports.build.planning.notebooks import check_parameters, read_notebook
from lpe_reports.build.running import executed
from lpe_reports.build.running.environment import run_environment
from lpe_reports.display.content import content_of
from lpe_reports.display.downloads.json import page_json
from lpe_reports.errors import ExtractError, UsageError
from lpe_reports.params.loading import load_params
from lpe_reports.params.reports import Report
from lpe_reports.params.units import unknown
from lpe_reports.periods import Period
from lpe_reports.settings import Project, find_project
from lpe_reports.warehouse.nights.folders import Night, find_night

_START_SECONDS = 60
# What a fork server was started under: its notebooks have that environment and no later one.
_served: Mapping[str, str] | None = None


def make_page(report: str, unit: str | None = None, period: str | None = None) -> dict[str, Any]:
    """A page's numbers, as its JSON download has them: title, summary, key figures, tables.

    Args:
        report: The report's id, the name of its file in `params/reports`.
        unit: What the page is about; the report's first unit when not given.
        period: Its period; the newest that is over when not given.

    Raises:
        UsageError: There is no such report, unit or period.
        ParamsError: A file of params is wrong.
        NotebookError: The notebook cannot be run as it is written.
        PapermillExecutionError: A cell failed; its traceback is in the message.
    """
    __tracebackhide__ = True
    project = find_project()
    try:
        night = find_night(project)
    except ExtractError as error:
        pytest.skip(str(error))
    params = load_params(project)
    if report not in params.reports:
        raise UsageError(unknown("report", report, params.reports))
    found = params.reports[report]
    subject = found.subject(unit) if unit else found.subjects[0]
    chosen = found.period(period) if period else _newest(found, night.date)
    return _made(project, night, found, {"unit": subject.id, "period": chosen.id})


def _newest(report: Report, night: date) -> Period:
    periods = report.periods_at(night)
    return next((each for each in reversed(periods) if each.is_over(night)), periods[-1])


def _made(
    project: Project, night: Night, report: Report, chosen: Mapping[str, str]
) -> dict[str, Any]:
    """Run the notebook as a build does, and read what it showed."""
    from lpe_reports.build.forking import engine as forking
    from lpe_reports.build.running import engines

    notebook = read_notebook(project.root / report.notebook, project)
    check_parameters(notebook, report.parameters, given_by=f"params/reports/{report.id}.yml")
    engine = choose_engine(notebook.document, report.engine)
    engines.register()
    forking.register()
    seen: list[Any] = []
    with _world(project, night, forks=engine.engine == "fork"), _ended_after(report):
        engines.execute_in_memory(
            executed.prepare(notebook.document),
            engine_name=engine.name,
            folder=str(notebook.path.parent),
            parameters={**report.parameters, **chosen},
            start_timeout=_START_SECONDS,
            lpe_cell_started=lambda cell_id: None,
            lpe_notebook=seen,
        )
    document = dict(seen[0])
    executed.take_trace(document)
    return page_json(content_of(list(document["cells"]), name=report.notebook))


@contextlib.contextmanager
def _world(project: Project, night: Night, *, forks: bool) -> Iterator[None]:
    """The environment of a run; this process's own again afterwards."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="lpe-test-", ignore_cleanup_errors=True) as scratch:
        wanted = run_environment(project, night.folder.name, Path(scratch))
        try:
            os.environ.clear()
            os.environ.update(wanted)
            if forks:
                _serve(wanted)
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


@contextlib.contextmanager
def _ended_after(report: Report) -> Iterator[None]:
    """End what runs the notebook when it takes longer than its report allows."""
    before = {process.pid for process in psutil.Process().children()}

    def end() -> None:
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if process.pid not in before:
                    process.kill()

    timer = threading.Timer(report.timeout_seconds + _START_SECONDS, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _serve(wanted: Mapping[str, str]) -> None:
    """See that the fork server of this process, if there is one, was started for this night."""
    from lpe_reports.build.forking.server import running_server

    global _served
    lasting = {name: wanted[name] for name in ("LPE_PROJECT", "LPE_NIGHT")}
    server = running_server()
    if server is not None and lasting != _served:
        server.close()
    _served = lasting
