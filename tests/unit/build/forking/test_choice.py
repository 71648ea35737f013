"""Which engine runs a notebook: chosen by itself, or as asked for, and said."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import nbformat
import pytest

from engine_pair import code_notebook
from lpe_reports.build.forking.choice import Choice, choose_engine, engines_in_words
from lpe_reports.build.runs import RunStatus
from tiny_project import TinyProject


def _notebook(front_matter: str = "", metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    notebook = code_notebook(["1"])
    notebook["metadata"] = {**notebook["metadata"], **(metadata or {})}
    if front_matter:
        notebook["cells"].insert(0, nbformat.v4.new_raw_cell(f"---\n{front_matter}\n---"))
    return notebook


def test_notebook_is_run_by_a_forked_process_where_nothing_is_asked_for() -> None:
    """The usual way says nothing of why."""
    assert choose_engine(_notebook("title: T"), None, forks=True) == Choice("fork")


@pytest.mark.parametrize(
    ("notebook", "report", "by"),
    [
        (_notebook("title: T\nengine: kernel"), None, "the notebook's front matter"),
        (_notebook('engine: "kernel"  # needs a debugger'), None, "the notebook's front matter"),
        (_notebook(metadata={"lpe": {"engine": "kernel"}}), None, "the notebook's metadata"),
        (_notebook(), "kernel", "the report's file"),
        (_notebook(metadata={"lpe": {"engine": "fork"}}), "kernel", "the report's file"),
    ],
)
def test_kernel_is_taken_where_it_is_asked_for(
    notebook: dict[str, Any], report: Any, by: str
) -> None:
    """In the front matter, the metadata or params; the report's file goes first."""
    choice = choose_engine(notebook, report, forks=True)

    assert choice == Choice("kernel", f"asked for by {by}")


@pytest.mark.parametrize(
    "notebook",
    [
        _notebook("title: the engine: kernel"),
        _notebook("engine: kernels"),
        _notebook(metadata={"lpe": "kernel"}),
        _notebook(metadata={"lpe": {"engine": 3}}),
    ],
)
def test_words_that_ask_for_nothing_change_nothing(notebook: dict[str, Any]) -> None:
    """Only the field itself and a known engine count."""
    assert choose_engine(notebook, None, forks=True) == Choice("fork")


def test_kernel_is_taken_where_the_system_cannot_fork() -> None:
    """Even where a forked process is asked for; and why is said."""
    choice = choose_engine(_notebook(), "fork", forks=False)

    assert choice == Choice("kernel", "this system cannot fork safely")


def test_summary_says_how_many_were_run_how() -> None:
    """Forked ones first; nothing where no notebook was run."""
    asked = Choice("kernel", "asked for by the report's file")

    assert engines_in_words([asked, Choice("fork"), Choice("fork")]) == (
        "notebooks: 2 in forked processes, 1 by an ordinary kernel each (asked for by the "
        "report's file)"
    )
    assert engines_in_words([]) == ""


def test_build_runs_each_notebook_by_its_engine(tmp_path: Path) -> None:
    """Both give a page; which kernel class ran it tells the way."""
    tiny = TinyProject(tmp_path)
    look = (
        "import pathlib\nname = type(get_ipython().kernel).__name__\n"
        "pathlib.Path(f'ran-{name}.txt').touch()"
    )
    tiny.write_report([look], name="asks", engine="kernel")
    tiny.write_report([look], name="usual")

    asks, usual = tiny.build()

    assert (asks.status, usual.status) == (RunStatus.BUILT, RunStatus.BUILT)
    ran = sorted(path.stem for path in tiny.project.reports.glob("ran-*.txt"))
    assert ran == ["ran-IPythonKernel", "ran-NotebookKernel"]
    assert asks.engine == Choice("kernel", "asked for by the report's file")
    assert usual.engine == Choice("fork")
    assert [run.engine for run in tiny.build()] == [None, None]


@pytest.fixture
def installed(tmp_path: Path, root: Path) -> dict[str, str]:
    """The environment of a process in which the package's entry points are found."""
    metadata = tmp_path / "site" / "lpe_reports_of_the_test-0.dist-info"
    metadata.mkdir(parents=True)
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    points = project["entry-points"]["papermill.engine"]
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: lpe-reports-of-the-test\n"
        "Version: 0\n")  # fmt: skip
    lines = [f"{name} = {value}" for name, value in points.items()]
    (metadata / "entry_points.txt").write_text("\n".join(["[papermill.engine]", *lines, ""]))
    return {"PYTHONPATH": f"{metadata.parent}:{root / 'src'}", "PATH": "/usr/bin:/bin"}


def test_engine_is_found_by_its_entry_point(tmp_path: Path, installed: dict[str, str]) -> None:
    """papermill's own command knows it by name once the package is installed."""
    nbformat.write(nbformat.from_dict(code_notebook(["print('by', unit)"])), tmp_path / "in.ipynb")
    papermill = shutil.which("papermill", path=str(Path(sys.executable).parent))
    assert papermill is not None
    done = subprocess.run(
        [papermill, "in.ipynb", "out.ipynb", "--engine", "lpe-fork", "-p", "unit", "hu-cop"],
        cwd=tmp_path,
        env=installed,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    cells = json.loads((tmp_path / "out.ipynb").read_text())["cells"]
    assert [c["outputs"][0]["text"] for c in cells if c["outputs"]] == [["by hu-cop\n"]]


@pytest.mark.parametrize(
    "module",
    [
        "papermill",
        "lpe_reports.build.running.engines",
        "lpe_reports.build.forking.client",
        "lpe_reports.build.forking.engine",
        "lpe_reports.build.forking.execution",
        "lpe_reports.build.running.worker",
    ],
)
def test_installed_package_is_imported_in_any_order(module: str, installed: dict[str, str]) -> None:
    """papermill loads the engine while it is imported itself, perhaps by what the engine needs."""
    code = (
        f"import {module}\nfrom papermill.engines import papermill_engines\n"
        "print(papermill_engines.get_engine('lpe-fork').__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=installed,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert done.stdout == "ForkEngine\n", done.stderr
