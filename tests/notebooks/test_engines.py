"""Every report both ways, by a forked process and by an ordinary kernel: the same, to the byte."""

from pathlib import Path
from typing import Any

import pytest
from office_pages import PAGES, Office

from engine_pair import FORK, KERNEL
from lpe_reports.build.running import executed
from references.choosing import Page
from references.running import run_page

pytestmark = pytest.mark.promise("notebooks", "A forked notebook shows what a kernel shows")

# The first page of each report.
REPORTS = {page[0]: page for page in reversed(PAGES.values())}


def test_every_report_is_run(root: Path) -> None:
    """A report that is added has a page among those that are looked at."""
    assert set(REPORTS) == {path.stem for path in (root / "params" / "reports").glob("*.yml")}


@pytest.mark.parametrize("report_id", REPORTS)
def test_report_is_the_same_by_either_engine(demo: Office, report_id: str) -> None:
    """The bytes that would be stored, and the trace of all that it depended on."""
    made: dict[str, tuple[bytes, Any]] = {}
    for engine in (FORK, KERNEL):
        run = run_page(demo.root, Page(*REPORTS[report_id]), engine)
        assert run.problem is None
        notebook = dict(run.notebook)
        trace = executed.take_trace(notebook)
        made[engine] = (executed.stable_bytes(notebook), trace)

    assert made[FORK][1] is not None
    assert made[FORK] == made[KERNEL]
