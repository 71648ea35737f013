"""Memory decides how many notebooks run at once: real builds on a machine made small."""

from pathlib import Path

import psutil
import pytest

from lpe_reports.build.execute import execute
from lpe_reports.build.running.costs import read_costs
from lpe_reports.build.running.memory import BUDGET_VARIABLE
from lpe_reports.build.runs import FailureKind, RunStatus
from lpe_reports.progress import Silent
from tiny_project import CLOSE, TinyProject

pytestmark = pytest.mark.promise(
    "notebooks",
    "A notebook that wants too much memory or shows too much is stopped before the machine is",
)

# Notes when it ran, in the project's folder.
TIMED = """
import os, time
began = time.monotonic()
time.sleep(2)
with open(os.environ["LPE_PROJECT"] + "/times", "a") as file:
    print(began, time.monotonic(), file=file)
"""

needs_memory = pytest.mark.skipif(
    psutil.virtual_memory().available < 4_000_000_000, reason="needs 4 GB of free memory"
)


class Noted(Silent):
    """Keeps the remarks."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


def _build(tiny: TinyProject, *, jobs: int) -> tuple[int, list[str]]:
    """Build everything anew; returns how many notebooks ran at once at most, and the remarks."""
    spans, notes = _spans(tiny, jobs)
    return max(sum(begin <= at <= end for begin, end in spans) for at, _ in spans), notes


def _spans(tiny: TinyProject, jobs: int) -> tuple[list[tuple[float, ...]], list[str]]:
    """Build everything anew; returns when each notebook ran, the first first, and the remarks."""
    times = tiny.project.root / "times"
    times.unlink(missing_ok=True)
    told = Noted()
    runs = execute(
        tiny.project, tiny.plan(fresh=True), jobs=jobs, close_source=CLOSE, progress=told
    )
    assert {run.status for run in runs} == {RunStatus.BUILT}
    spans = sorted(tuple(map(float, line.split())) for line in times.read_text().splitlines())
    return spans, told.notes


@needs_memory
def test_no_more_notebooks_start_than_memory_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With memory for one that nobody has measured, the first runs alone, and that is said.

    What it took is known then, and the others may run side by side.
    """
    monkeypatch.setenv(BUDGET_VARIABLE, "1500")
    tiny = TinyProject(tmp_path)
    tiny.write_report([TIMED], units="abc")

    spans, notes = _spans(tiny, 3)

    assert len(spans) == 3
    assert all(began > spans[0][1] for began, _ in spans[1:])
    assert notes == [
        "memory: 1 of 3 notebooks at a time; the next one (tiny) may need 1174 MB, and notebooks "
        "may have 1500 MB in all (LPE_MEMORY_MB sets another number)"
    ]


@needs_memory
def test_what_a_report_really_took_decides_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once measured, small notebooks run side by side where one of unknown size had to be alone."""
    tiny = TinyProject(tmp_path)
    tiny.write_report([TIMED], units="ab")
    monkeypatch.setenv(BUDGET_VARIABLE, "1500")
    _build(tiny, jobs=2)
    assert 50_000_000 < read_costs(tiny.project)["tiny"].peak_bytes < 500_000_000

    most, notes = _build(tiny, jobs=2)

    assert (most, notes) == (2, [])


@needs_memory
def test_what_was_measured_as_large_does_not_run_beside_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report that took 900 MB is known for it: two do not fit where one does."""
    monkeypatch.setenv(BUDGET_VARIABLE, "3000")
    tiny = TinyProject(tmp_path)
    tiny.write_report(["block = bytearray(b'x') * 900_000_000", "del block", TIMED], units="ab")
    _build(tiny, jobs=1)
    assert read_costs(tiny.project)["tiny"].peak_bytes > 900_000_000
    monkeypatch.setenv(BUDGET_VARIABLE, "2000")

    most, notes = _build(tiny, jobs=2)

    assert most == 1
    assert notes[0].startswith("memory: 1 of 2 notebooks at a time; the next one (tiny) may need")


@pytest.mark.parametrize("engine", ["fork", "kernel"])
def test_no_notebook_may_take_more_than_there_is_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: "str"
) -> None:
    """With less memory than a notebook may usually have, it is stopped before the machine is."""
    monkeypatch.setenv(BUDGET_VARIABLE, "1100")
    tiny = TinyProject(tmp_path)
    tiny.write_report(["block = bytearray(1_500_000_000)"], engine=engine)  # type: ignore[arg-type]

    (run,) = tiny.build()

    assert run.error is not None
    assert run.error.kind is FailureKind.TOO_MUCH_MEMORY
    assert run.error.cell == 3
