"""A forked process shows what a kernel shows: the same cells both ways, output by output."""

import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from engine_pair import FORK, KERNEL, Executed, code_notebook, comparable, environment, execute
from feature_cells import FEATURES, cells

pytestmark = pytest.mark.promise("notebooks", "A forked notebook shows what a kernel shows")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Executed, Executed]]:
    """All cells by a forked process and by an ordinary kernel, each in an empty folder."""
    # Whoever comes first on a machine looks for its fonts, and says so among the outputs.
    subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], check=True)
    notebook = code_notebook([code for _, code in cells()], tags=["raises-exception"])
    folder = tmp_path_factory.mktemp("run") / "here"
    made = []
    with environment(PYTHONHASHSEED="0", TZ="Europe/Stockholm", PYDEVD_DISABLE_FILE_VALIDATION="1"):
        for engine in (FORK, KERNEL):
            # One place for both, empty at the start: outputs name it.
            folder.mkdir()
            made.append(execute(notebook, engine, folder))
            shutil.rmtree(folder)
    yield made[0], made[1]


@pytest.mark.parametrize("feature", FEATURES)
def test_a_forked_process_shows_what_a_kernel_shows(
    both: tuple[Executed, Executed], feature: str
) -> None:
    """Outputs, errors and numbers of a feature's cells are the same."""
    forked, kernel = both
    numbers = [number for number, (name, _) in enumerate(cells()) if name == feature]

    for number in numbers:
        cell_id = f"cell-{number}"
        assert comparable(forked.outputs[cell_id]) == comparable(kernel.outputs[cell_id])


def test_the_notebooks_are_the_same_beside_their_outputs(
    both: tuple[Executed, Executed],
) -> None:
    """Numbers of the cells, language and kernel are a kernel's, and all cells were run."""
    forked, kernel = (run.notebook for run in both)

    for key in ("language_info", "kernelspec"):
        assert forked["metadata"][key] == kernel["metadata"][key]
    counts = [[c.get("execution_count") for c in n["cells"]] for n in (forked, kernel)]
    assert counts[0] == counts[1]
    assert both[0].outputs[f"cell-{len(cells()) - 1}"]
