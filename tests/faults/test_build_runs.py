"""Runs that go wrong, by both engines: a typed outcome each, in time, no process left, no other
run harmed, and no value told.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from kept_worker import kept_worker
from lpe_reports.build.forking.limits import MEMORY_VARIABLE
from lpe_reports.build.running.logs import log_path, notebook_path
from lpe_reports.build.runs import ExecutedRun, FailureKind, RunFailure, RunStatus
from run_faults import ENGINES, FAULTS, OF_A_KERNEL, Engine, running
from tiny_project import TinyProject, telling, told

pytestmark = pytest.mark.promise(
    "notebooks",
    "A notebook that raises, ends, dies, loops or floods is a failure of a known kind, in time",
)
BESIDE = pytest.mark.promise(
    "notebooks", "Beside notebooks that fail all others are the pages that they should be"
)
KEPT = pytest.mark.promise(
    "notebooks", "The executed notebook of a failed run is kept for its analyst alone"
)


@dataclass(frozen=True)
class Tried:
    """A build of all faults by one engine.

    Fields:
        tiny: The project.
        runs: What came of each.
        left: What still ran when the build was over.
    """

    tiny: TinyProject
    runs: dict[str, ExecutedRun]
    left: list[str]


@pytest.fixture
def tiny(tmp_path: Path) -> TinyProject:
    return TinyProject(tmp_path, kept_worker)


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Engine], Tried]:
    """All faults in one build, good notebooks before, between and after them."""

    @cache
    def build(engine: Engine) -> Tried:
        tiny = TinyProject(tmp_path_factory.mktemp(engine))
        starts = "import pathlib, os\nwith open(os.environ['LPE_PROJECT'] + '/starts', 'a') as f:"
        for number, (name, fault) in enumerate(FAULTS.items()):
            if engine not in fault.engines:
                continue
            cells = [f"{starts} print({name!r}, file=f)\nprint('seen')", fault.cell, "2"]
            tiny.write_report(cells, name=name, timeout_seconds=fault.budget_seconds, engine=engine)
            if number % 5 == 0:
                tiny.write_report([telling("unit, period")], name=f"good-{number}", engine=engine)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(MEMORY_VARIABLE, "700")
            # More than there are processors: some only wait for the end of their budget.
            runs = {run.run.report: run for run in tiny.build(jobs=4)}
        return Tried(tiny, runs, running(tiny.project.root))

    return build


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_told_by_kind_and_cell_in_time(
    tried: Callable[[Engine], Tried], name: str, engine: Engine
) -> None:
    """Report, unit, period, kind and cell; within its wall-clock budget and ten seconds."""
    fault = FAULTS[name]
    if engine not in fault.engines:
        pytest.skip("means something else there")
    run = tried(engine).runs[name]

    assert run.seconds < fault.budget_seconds + 10
    if fault.kind is None:
        assert run.status is RunStatus.BUILT, run.error
        return
    failure = _failure(run)
    if engine == "kernel" and name in OF_A_KERNEL:
        assert failure.kind in OF_A_KERNEL[name]
    else:
        assert failure.kind is fault.kind
        assert failure.message == f"{name} · a · 2026-W19: {fault.message}"
    assert failure.cell == fault.cell_number
    assert run.notebook is None


@BESIDE
@pytest.mark.parametrize("engine", ENGINES)
def test_runs_beside_faults_are_right(tried: Callable[[Engine], Tried], engine: Engine) -> None:
    """Every good notebook before, between and after them is the page it should be."""
    good = [run for name, run in tried(engine).runs.items() if name.startswith("good-")]

    assert len(good) > 4
    assert {told(run.notebook) for run in good} == {"a 2026-W19"}


@pytest.mark.promise("notebooks", "No process outlives its notebook")
@pytest.mark.parametrize("engine", ENGINES)
def test_faults_leave_no_process(tried: Callable[[Engine], Tried], engine: Engine) -> None:
    """Not one process with the build's environment runs, nor a daemon that gave it away."""
    assert tried(engine).left == []


@pytest.mark.promise("notebooks", "A notebook that failed is never tried again by itself")
@pytest.mark.parametrize("engine", ENGINES)
def test_faults_are_never_tried_again(tried: Callable[[Engine], Tried], engine: Engine) -> None:
    """Each notebook was begun once: what it does to the world it does once."""
    made = tried(engine)
    starts = (made.tiny.project.root / "starts").read_text().splitlines()

    assert sorted(starts) == sorted(n for n, f in FAULTS.items() if engine in f.engines)


@KEPT
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.kind])
def test_the_executed_notebook_is_kept_for_the_analyst(
    tried: Callable[[Engine], Tried], name: str, engine: Engine
) -> None:
    """What was shown until then lies beside the log, for its owner alone, and not without end."""
    if engine not in FAULTS[name].engines:
        pytest.skip("means something else there")
    made = tried(engine)
    stem = made.runs[name].key.file_stem
    kept, log = notebook_path(made.tiny.project, stem), log_path(made.tiny.project, stem)

    assert kept.stat().st_mode & 0o777 == log.stat().st_mode & 0o777 == 0o600
    assert kept.stat().st_size < 40_000_000
    cells = json.loads(kept.read_bytes())["cells"]
    assert FAULTS[name].cell in [cell["source"] for cell in cells]
    if name not in ("kills-its-parent", "kills-all-above-it", "stops-its-parent"):
        assert "seen" in str([cell.get("outputs") for cell in cells])
    assert log.read_text().strip()


@KEPT
def test_an_error_s_value_stays_in_the_private_log(tiny: TinyProject) -> None:
    """The outcome holds the error's class alone; the traceback lies where only its owner reads."""
    tiny.write_report(["raise ValueError('planted-value')"])

    (run,) = tiny.build()

    assert "planted-value" not in repr(run)
    log = log_path(tiny.project, run.key.file_stem)
    for path in (log, log.with_suffix(".ipynb")):
        assert "planted-value" in path.read_text()
        assert path.stat().st_mode & 0o777 == 0o600


def test_an_error_class_made_of_data_is_not_told(tiny: TinyProject) -> None:
    """A class name that is no name of a class could hold a value, so it is left out."""
    tiny.write_report(["raise type('19121212-1212', (Exception,), {})()"])

    (run,) = tiny.build()

    assert _failure(run).error_class is None
    assert _failure(run).message.endswith("cell 3 raised an error")


@pytest.mark.parametrize("engine", ENGINES)
def test_an_error_of_the_package_says_what_is_wrong(tiny: TinyProject, engine: Engine) -> None:
    """Its text is for the terminal: it is made to hold no data. The message goes further."""
    cell = "from lpe_reports.periods import parse_period\nparse_period('2026-V19')"
    tiny.write_report([cell], engine=engine)

    (run,) = tiny.build()

    failure = _failure(run)
    assert failure.message == "tiny · a · 2026-W19: cell 3 raised UsageError"
    assert failure.in_full.startswith(
        f"{failure.message}: '2026-V19' is not a period; write it like"
    )


def test_an_error_may_name_the_run_s_report(tiny: TinyProject) -> None:
    """It stands in every message; so a renamed report is told what it is called now."""
    tiny.write_report(["from lpe_reports.periods import parse_period\nparse_period('ti' + 'ny')"])

    (run,) = tiny.build()

    assert ": 'tiny' is not a period;" in _failure(run).in_full


@pytest.mark.parametrize(
    "cell",
    [
        # A value that a notebook hands to a function, which quotes it.
        "from lpe_reports.periods import parse_period\nparse_period(planted)",
        # One that stands in params and in the package, too: as a code, and as a word.
        "from lpe_reports.periods import parse_period\n"
        "planted = chr(78) + 'GB' + str(40 + 9) + ' ' + planted\nparse_period(planted)",
        "from lpe_reports.periods import parse_period\n"
        "planted = 'orto' + 'pedi ' + planted\nparse_period(planted)",
        # The package's own class, raised by the notebook.
        "from lpe_reports.errors import UsageError\nraise UsageError(planted)",
        # Another class of the same name.
        "class UsageError(Exception): pass\nraise UsageError(planted)",
        # A class that is about the warehouse's tables.
        "from lpe_reports.errors import ContractError\nraise ContractError(planted)",
        # A text that looks like the end of a traceback of the package's.
        "raise ValueError('File ' + lpe + '/periods.py:1, in f\\n\\nUsageError: ' + planted)",
    ],
)
def test_no_error_s_text_tells_a_value(tiny: TinyProject, cell: str) -> None:
    """Only words of package, params and notebook, and only where the package itself raises."""
    planted = (
        "import lpe_reports, pathlib\nlpe = str(pathlib.Path(lpe_reports.__file__).parent)\n"
        "planted = ''.join(map(chr, [83, 118, 101, 110, 115, 115, 111, 110, 32])) + str(19121211+1)"
    )
    tiny.write_report([planted, cell])

    (run,) = tiny.build()

    failure = _failure(run)
    assert failure.kind is FailureKind.RAISED
    told = repr(run).replace(run.run.report, "")
    assert not [word for word in ("Svensson", "19121212", "NGB49", "ortopedi") if word in told]
    assert "Svensson" in log_path(tiny.project, run.key.file_stem).read_text()


def test_a_notebook_that_closes_without_a_trace_has_not_ended_well(tiny: TinyProject) -> None:
    """Reaching the last cell is not enough: the closing mark must be there."""
    tiny.write_report(["1"])

    (run,) = tiny.build(close="1")

    assert _failure(run).kind is FailureKind.UNFINISHED


def test_a_failed_run_runs_again_and_clears_its_log(tiny: TinyProject) -> None:
    """A mended notebook is a page again, and the private log of its failure is gone."""
    tiny.write_report(["1 / 0"])
    tiny.build()
    tiny.write_report(["1 / 1"])

    (run,) = tiny.build()

    assert run.status is RunStatus.BUILT
    assert not log_path(tiny.project, run.key.file_stem).exists()
    assert not notebook_path(tiny.project, run.key.file_stem).exists()


@BESIDE
@pytest.mark.parametrize("engine", ENGINES)
def test_a_notebook_may_remove_its_own_folder(tiny: TinyProject, engine: Engine) -> None:
    """Those that lie in it cannot start any more, and that is told; all others are pages."""
    lost = ["import os, shutil\nshutil.rmtree(os.getcwd())", "1"]
    tiny.write_report(lost, name="first", engine=engine)
    tiny.write_report(["1"], name="second", engine=engine)
    other = tiny.write_report(["print('good')"], name="third", engine=engine)
    elsewhere = tiny.project.reports / "elsewhere" / other.name
    elsewhere.parent.mkdir()
    other.rename(elsewhere)
    tiny.project.reports.rename(tiny.project.root / "reports-away")
    for name, folder in (("first", "one"), ("second", "one"), ("third", "other")):
        tiny.reports[name] = tiny.reports[name].model_copy(
            update={"notebook": f"reports/{folder}/{name}.ipynb"}
        )
        place = tiny.project.reports / folder / f"{name}.ipynb"
        place.parent.mkdir(parents=True, exist_ok=True)
        away = tiny.project.root / "reports-away"
        found = next(away.rglob(f"{name}.ipynb"))
        place.write_bytes(found.read_bytes())

    first, second, third = tiny.build(jobs=1)

    assert first.status is RunStatus.BUILT
    assert _failure(second).kind is FailureKind.NOT_STARTED
    assert third.status is RunStatus.BUILT


def _failure(run: ExecutedRun) -> RunFailure:
    assert run.status is RunStatus.FAILED
    assert run.error is not None
    return run.error
