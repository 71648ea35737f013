"""Every report both ways, by a forked process and by an ordinary kernel: the same, to the byte."""

import json
from typing import Any

import pytest
from office_pages import PAGES, Office

from engine_pair import FORK, KERNEL, Executed, environment, execute
from lpe_reports.build import executed
from lpe_reports.params.loading import load_params
from lpe_reports.settings import Project

ADDRESSES = sorted(PAGES)


def _run(office: Office, address: str, engine: str) -> Executed:
    report_id, unit, period = PAGES[address]
    report = load_params(Project(office.root)).reports[report_id]
    path = office.root / report.notebook
    (night,) = [n.name for n in (office.root / "data" / "extracts").iterdir() if n.is_dir()]
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


@pytest.mark.parametrize("address", ADDRESSES)
def test_report_is_the_same_by_either_engine(office: Office, address: str) -> None:
    """The bytes that would be stored, and the trace of all that it depended on."""
    made: dict[str, tuple[bytes, Any]] = {}
    for engine in (FORK, KERNEL):
        run = _run(office, address, engine)
        assert run.problem is None
        notebook = dict(run.notebook)
        trace = executed.take_trace(notebook)
        made[engine] = (executed.stable_bytes(notebook), trace)

    assert made[FORK][1] is not None
    assert made[FORK] == made[KERNEL]
