"""Runs of a build: real papermill, real kernels, tiny notebooks."""

import json
import time
from pathlib import Path

import pytest

from kept_worker import kept_worker
from lpe_reports.build.running.logs import log_path
from lpe_reports.build.runs import FailureKind, PlanStatus, RunStatus
from lpe_reports.errors import SettingsError
from tiny_project import TinyProject, telling, told


@pytest.fixture
def tiny(tmp_path: Path) -> TinyProject:
    return TinyProject(tmp_path, kept_worker)


def test_a_build_runs_every_unit_and_period_with_its_own_parameters(tiny: TinyProject) -> None:
    """Each run gets its unit and period, and the report's own parameters."""
    tiny.write_report([telling("unit, period, weeks")], units="ab", weeks=2, given={"weeks": 12})

    runs = tiny.build()

    assert [run.status for run in runs] == [RunStatus.BUILT] * 4
    printed = [told(run.notebook) for run in runs]
    assert printed == ["a 2026-W18 12", "a 2026-W19 12", "b 2026-W18 12", "b 2026-W19 12"]


def test_a_second_build_runs_nothing_and_is_quick(tiny: TinyProject) -> None:
    """When nothing has changed every run is reused, and no kernel starts."""
    tiny.write_report(["1 + 1"], units="ab")
    first = tiny.build()

    start = time.process_time()
    second = tiny.build()

    assert [run.status for run in second] == [RunStatus.REUSED] * 2
    assert [run.notebook for run in second] == [run.notebook for run in first]
    assert time.process_time() - start < 0.5


def test_a_run_that_holds_again_has_no_log_any_more(tiny: TinyProject) -> None:
    """A notebook that failed and was put back is reused; the logs of others stay."""
    tiny.write_report(["1 + 1"])
    tiny.write_report(["1 / 0"], name="other")
    tiny.build()
    tiny.write_report(["1 / 0"])
    stems = [run.run.key.file_stem for run in tiny.build()]
    assert all(log_path(tiny.project, stem).is_file() for stem in stems)
    tiny.write_report(["1 + 1"])

    runs = {run.run.report: run for run in tiny.build()}

    assert runs["tiny"].status is RunStatus.REUSED, runs["tiny"].run.reason
    assert runs["other"].error is not None and runs["other"].error.kind is FailureKind.RAISED
    # A worker may have its own to tell of the run that failed, of this build alone.
    left = {path.name.split(".")[0] for path in log_path(tiny.project, "").parent.iterdir()}
    assert left - {"worker-0"} == {"other"}


def test_the_same_inputs_give_the_same_bytes(tiny: TinyProject) -> None:
    """Times, process numbers and random ids do not reach the stored notebook."""
    cells = ["import warnings\nwarnings.warn('old')", "unit", "#:Words", telling("1")]
    tiny.write_report(cells)
    (first,) = tiny.build()
    assert first.notebook is not None
    data = first.notebook.read_bytes()
    tiny.remove_build()

    (second,) = tiny.build()

    assert second.notebook is not None
    assert second.notebook.name == first.notebook.name
    assert second.notebook.read_bytes() == data
    assert b"papermill" not in data and b"ipykernel_" not in data


def test_new_prose_reaches_the_page_without_a_run(tiny: TinyProject) -> None:
    """A notebook whose text alone was edited keeps its outputs and gets the new text."""
    tiny.write_report(["#:Before", telling("'made', unit")])
    tiny.build()
    tiny.write_report(["#:After", telling("'made', unit"), "#:More"])

    (run,) = tiny.build()

    assert run.status is RunStatus.REUSED
    assert run.run.reason == "only the notebook's text changed"
    assert run.notebook is not None
    cells = json.loads(run.notebook.read_bytes())["cells"]
    assert [c["source"] for c in cells if c["cell_type"] == "markdown"][1:] == ["After", "More"]
    assert told(run.notebook) == "made a"
    assert tiny.plan().runs[0].reason == "nothing it read has changed"


@pytest.mark.promise(
    "builds", "A disk that is full, or a store that cannot be written, is told as that"
)
@pytest.mark.parametrize("place", ["store", "logs"])
def test_a_store_that_cannot_be_written_is_told_before_anything_runs(
    tiny: TinyProject, place: str
) -> None:
    """Where and why, instead of runs whose results are lost."""
    begun = tiny.project.root / "begun"
    tiny.write_report([f"import pathlib\npathlib.Path({str(begun)!r}).touch()"])
    tiny.project.build.mkdir()
    (tiny.project.build / place).touch()

    with pytest.raises(SettingsError, match=f"^build/{place} cannot be written "):
        tiny.build()

    assert not begun.exists()


def test_a_damaged_stored_notebook_is_made_again(tiny: TinyProject) -> None:
    """What a disk has spoilt is never trusted."""
    tiny.write_report(["1"])
    (run,) = tiny.build()
    assert run.notebook is not None
    good = run.notebook.read_bytes()
    run.notebook.write_bytes(good[:-10])

    (planned,) = tiny.plan().runs
    (again,) = tiny.build()

    assert planned.status is PlanStatus.NEW and "damaged" in planned.reason
    assert again.status is RunStatus.BUILT
    assert again.notebook is not None and again.notebook.read_bytes() == good


def test_runs_see_no_secret_of_the_environment(
    tiny: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook can show neither the database's password nor the re-keying secret."""
    monkeypatch.setenv("LPE_KEY_SECRET", "planted")
    monkeypatch.setenv("PGPASSWORD", "planted")
    tiny.write_report(
        ["import os", telling("[k for k, v in os.environ.items() if v == 'planted']")]
    )

    (run,) = tiny.build()

    assert told(run.notebook) == "[]"
