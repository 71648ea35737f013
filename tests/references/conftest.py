"""Stored references as tests: nbval runs each in an ordinary kernel and compares what it means.

`pytest tests/references/weekly` runs those of a report. Each cell is a test of its own, by its id.
"""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel, start_new_kernel
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError

from demo_project import demo_project, shared_folder
from engine_pair import environment
from lpe_reports.build.running import executed
from lpe_reports.params.loading import load_params
from lpe_reports.settings import Project
from references.choosing import page_at
from references.comparing import differences, outputs_text
from references.running import run_environment

_START_SECONDS = 60
_CELL_SECONDS = 120
# nbval's own is five; a machine that tests side by side may need longer to hand over an output.
_OUTPUT_SECONDS = 60


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the references, without nbval's own options."""
    if file_path.suffix == ".ipynb":
        return ReferenceFile.from_parent(parent, path=file_path)
    return None


class Kernel(RunningKernel):  # type: ignore[misc]  # nbval has no types
    """An ordinary kernel of this environment, as JupyterLab would start it."""

    def __init__(self, folder: Path) -> None:
        # nbval's own leaves a file open.
        self.km, self.kc = start_new_kernel(
            startup_timeout=_START_SECONDS,
            kernel_name=CURRENT_ENV_KERNEL_NAME,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=str(folder),
        )
        self._ensure_iopub_up()


class ReferenceFile(IPyNbFile):  # type: ignore[misc]
    """One reference: a page's notebook, its parameters and what it showed."""

    def setup(self) -> None:
        """Start a kernel that finds the demo, as a run of a build finds its extract."""
        shared = shared_folder(self.config._tmp_path_factory.getbasetemp())
        project = demo_project(shared)
        report = load_params(Project(project)).reports[page_at(self.path).report]
        with environment(**run_environment(project), PYTEST_CURRENT_TEST=None):
            self.kernel = Kernel((project / report.notebook).parent)
        self.config.option.nbval_cell_timeout = _CELL_SECONDS

    def collect(self) -> Iterator[pytest.Item]:
        """The cells that are run, each by its id."""
        numbers = iter(range(1, 10_000))
        for item in super().collect():
            yield ReferenceCell.from_parent(
                self,
                name=item.cell["id"],
                cell_num=next(numbers),
                cell=item.cell,
                options=item.options,
            )


class ReferenceCell(IPyNbCell):  # type: ignore[misc]
    """One cell, which is to show what it showed."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.output_timeout = _OUTPUT_SECONDS

    def compare_outputs(
        self,
        test: Sequence[Mapping[str, Any]],
        ref: Sequence[Mapping[str, Any]],
        skip_compare: object = None,
    ) -> bool:
        """Whether a cell's outputs mean the same; keeps the lines that differ."""
        self.comparison_traceback = differences(outputs_text(ref), outputs_text(test))
        return not self.comparison_traceback

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:
        """Which page and cell, its source, what differs, and what to do."""
        error = excinfo.value
        if not isinstance(error, NbCellError):
            return f"{self._place}: {type(error).__name__}: {error}"
        command = f"make references PAGES={page_at(self.parent.path)}"
        lines = [f"{self._place}: {error}", "", *_quoted(error.source), ""]
        lines += str(error.inner_traceback or "").splitlines()
        lines += ["", f"If this is meant: {command}, and look at `git diff`."]
        return "\n".join(lines)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where a person finds it."""
        return self.path, 0, self._place

    @property
    def _place(self) -> str:
        page = page_at(self.parent.path)
        number = executed.failing_cell(self.parent.nb, self.cell["id"])
        cell = f"cell {number} ({self.cell['id']})" if number else f"cell {self.cell['id']}"
        return f"report {page.report}, unit {page.unit}, period {page.period}, {cell}"


def _quoted(source: str) -> list[str]:
    return [f"    {line}" for line in source.splitlines()]
