"""Every report both ways, by a forked process and by an ordinary kernel: the same, to the byte."""

import json
from pathlib import Path
from typing import Any

import pytest
from office_pages import PAGES, Office

from engine_pair import FORK, KERNEL, Executed, environment, execute
from lpe_reports.build.running import executed
from lpe_reports.params.loading import load_params
from lpe_reports.settings import Project

# The first page of each report.
REPORTS = {page[0]: page for page in reversed(PAGES.values())}


def _run(office: Office, report_id: str, engine: str) -> Executed:
    _, unit, period = REPORTS[report_id]
    report = load_params(Project(office.root)).reports[report_id]
    path = office.root / report.notebook
    night = max(n.name for n in (office.root / "data" / "extracts").iterdir() if n.is_dir())
    with environment(
        LPE_PROJECT=str(office.root),
        LPE_NIGHT=night,
        LPE_RUN="1",
        PYTHONHASHSEED="0",
        TZ="Europe/Stockholm",
    ):
        return execute(
            executed.prepare(json.loads(path.read_text(encoding="utf-8"))),
            engine,
            path.parent,
            {**report.parameters, "unit": unit, "period": period},
        )


def test_every_report_is_run(root: Path) -> None:
    """A report that is added has a page among those that are looked at."""
    assert set(REPORTS) == {path.stem for path in (root / "params" / "reports").glob("*.yml")}


@pytest.mark.parametrize("report_id", REPORTS)
def test_report_is_the_same_by_either_engine(year: Office, report_id: str) -> None:
    """The bytes that would be stored, and the trace of all that it depended on."""
    made: dict[str, tuple[bytes, Any]] = {}
    for engine in (FORK, KERNEL):
        run = _run(year, report_id, engine)
        assert run.problem is None
        notebook = dict(run.notebook)
        trace = executed.take_trace(notebook)
        made[engine] = (executed.stable_bytes(notebook), trace)

    assert made[FORK][1] is not None
    assert made[FORK] == made[KERNEL]
