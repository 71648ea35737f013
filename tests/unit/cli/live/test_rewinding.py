"""A notebook goes on from the cell that was changed, in the state in which it would be there."""

import copy
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest
from nbclient.exceptions import DeadKernelError

from lpe_reports.build.forking.platform import can_fork
from lpe_reports.build.running import engines, executed
from lpe_reports.cli.live import rewinding
from tiny_project import source_notebook

pytestmark = pytest.mark.skipif(not can_fork(), reason="copies of a process take Linux")
WORK = f"import time; time.sleep({rewinding._WORK_SECONDS + 0.05})"


class Author:
    """Somebody who changes cells and runs the notebook again.

    Args:
        folder: The project.
    """

    def __init__(self, folder: Path) -> None:
        self.session = rewinding.Session(folder)
        self._folder = folder
        self._log = folder / "data" / "log"
        self._log.parent.mkdir()

    def run(self, cells: Sequence[str]) -> str:
        """Run the notebook; returns which of its cells were run, by their numbers from 0."""
        self._log.write_text("", "utf-8")
        noted = [
            f"{cell}\nwith open({str(self._log)!r}, 'a') as log: log.write('{number}')"
            for number, cell in enumerate(cells)
        ]
        seen: list[Any] = []
        try:
            engines.execute_in_memory(
                executed.prepare(source_notebook(noted), "closed = 1"),
                engine_name=rewinding.NAME,
                folder=str(self._folder),
                parameters={},
                lpe_cell_started=lambda cell: None,
                lpe_notebook=seen,
                lpe_session=self.session,
            )
        finally:
            self.notebook = copy.deepcopy(seen[0]) if seen else {}
        return self._log.read_text("utf-8")

    def said(self) -> list[str]:
        """What the cells have printed."""
        return [
            output["text"].strip()
            for cell in self.notebook["cells"]
            for output in cell.get("outputs", [])
            if output["output_type"] == "stream"
        ]


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Author]:
    """An author with a project."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "scratch" / "ipython"))
    (tmp_path / "scratch").mkdir()
    rewinding.register()
    found = Author(tmp_path)
    yield found
    found.session.end()


def test_only_what_was_changed_and_what_follows_is_run(author: Author) -> None:
    """What came before has its state and shows what it showed; also after many changes."""
    cells = [f"a = 1; print('one')\n{WORK}", f"a += 1\n{WORK}", "print('three', a)"]
    assert author.run(cells) == "012"

    for number in range(3):
        cells[2] = f"a *= 10; print('three', a, {number})"
        assert author.run(cells) == "2"
        assert author.said() == ["one", f"three 20 {number}"]

    cells[1] = f"a += 5\n{WORK}"
    assert author.run(cells) == "12"
    assert author.said() == ["one", "three 60 2"]
    cells[0] = "a = 7"
    assert author.run(cells) == "012"


def test_a_cell_that_failed_is_run_again_from_before_it(author: Author) -> None:
    """Whatever it had done before it failed is undone."""
    cells = [f"a = [1]\n{WORK}", "a.append(2); nothing_of_that_name"]
    with pytest.raises(Exception, match="nothing_of_that_name"):
        author.run(cells)

    assert author.run([cells[0], "a.append(3); print(a)"]) == "1"
    assert author.said() == ["[1, 3]"]


def test_a_changed_file_is_read_again(author: Author, tmp_path: Path) -> None:
    """A copy that has imported a module of the package is of no use when that was changed."""
    module = tmp_path / "measure.py"
    module.write_text("said = 1", "utf-8")
    old = time.time() - 60
    os.utime(module, (old, old))
    load = (
        "import sys, types; made = types.ModuleType('lpe_reports.made'); "
        f"made.__file__ = {str(module)!r}; exec(open(made.__file__).read(), made.__dict__); "
        "sys.modules['lpe_reports.made'] = made"
    )
    cells = [f"a = 1\n{WORK}", f"{load}\n{WORK}", "print(made.said)"]
    author.run(cells)
    assert author.said() == ["1"]

    module.write_text("said = 22", "utf-8")
    assert author.run(cells) == "12"
    assert author.said() == ["22"]


def test_other_decisions_begin_anew(author: Author) -> None:
    """What binds a whole page is no matter of a cell."""
    cells = [f"a = 1\n{WORK}", "b = 2"]
    author.run(cells)
    author.session.around = "other"

    assert author.run(cells) == "01"


def test_a_process_that_died_is_followed_by_another(author: Author) -> None:
    """With all its copies; the next run is whole."""
    cells = [f"a = 1\n{WORK}", "import os; os._exit(3)"]
    with pytest.raises(DeadKernelError):
        author.run(cells)
    author.session.end()

    assert author.run([cells[0], "print(a)"]) == "01"


@pytest.mark.parametrize("leave", ["quit()", "exit()"])
def test_a_notebook_that_ends_itself_is_told_in_that_cell(author: Author, leave: str) -> None:
    """As `sys.exit` is, and not as a process that died in the cell after it."""
    cells = [f"a = 1\n{WORK}", f"b = 2\n{leave}", "print(a)"]
    author.run(cells)

    failed = [(cell, error) for cell, error, _ in executed.errors_in(author.notebook)]
    assert failed == [("cell-1", "SystemExit")]
    assert author.run([cells[0], cells[2]]) == "01"


def test_nothing_is_left_when_it_ends(author: Author) -> None:
    """Neither the process nor one of its copies."""
    author.run([f"a = 1\n{WORK}", f"b = 1\n{WORK}", "c = 1"])
    assert author.session.notebook is not None
    leader = psutil.Process(author.session.notebook._leader)
    family = [leader, *leader.children(recursive=True)]
    assert len(family) > 2

    author.session.end()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
