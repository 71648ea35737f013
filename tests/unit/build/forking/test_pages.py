"""What is imported before the fork: libraries in the server, and what every page needs after it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine_pair import environment, printed
from lpe_reports.build.forking import start
from lpe_reports.build.forking.server import ForkServer

OWN = "import sys\nprint(sorted(m for m in sys.modules if m.split('.')[0] == 'lpe_reports'))"
PARENT = "import os\nprint(os.getppid())"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A copy of the package, to be changed."""
    folder = tmp_path_factory.mktemp("copy") / "lpe_reports"
    ignored = shutil.ignore_patterns("__pycache__")
    return shutil.copytree(root / "src" / "lpe_reports", folder, ignore=ignored)


@pytest.fixture(scope="module")
def server(package: Path) -> Iterator[ForkServer]:
    """A server whose notebooks import that copy."""
    with environment(PYTHONPATH=str(package.parent)):
        made = ForkServer(60)
        yield made
        made.close()


def test_fork_server_has_libraries_only() -> None:
    """All it is told to import brings nothing of this package with it."""
    folder = Path(start.__file__).parent
    code = (
        "import importlib.util as u, sys\n"
        f"spec = u.spec_from_file_location('lpe_forking', {str(folder / '__init__.py')!r},"
        f" submodule_search_locations=[{str(folder)!r}])\n"
        "sys.modules['lpe_forking'] = package = u.module_from_spec(spec)\n"
        "spec.loader.exec_module(package)\n"
        "import lpe_forking.serving, lpe_forking.warm\nlpe_forking.warm.import_libraries()\n" + OWN
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=100, check=True
    )

    assert done.stdout == "[]\n"


def test_notebook_begins_with_what_every_page_imports(server: ForkServer, tmp_path: Path) -> None:
    """Exactly that, so that its trace tells what else it used."""
    code = f"import lpe_reports.page\n{OWN}"
    plain = subprocess.check_output([sys.executable, "-c", code], text=True, timeout=100)
    own = printed(server, tmp_path, OWN)

    assert own == plain
    assert "'lpe_reports.page'" in own
    assert "lpe_reports.measures.waiting" not in own
    assert "lpe_reports.build" not in own


def test_process_that_forks_notebooks_has_one_thread(server: ForkServer, tmp_path: Path) -> None:
    """Importing what pages need starts none."""
    code = "import os\nprint(len(os.listdir(f'/proc/{os.getppid()}/task')))"

    assert printed(server, tmp_path, code) == "1\n"


def test_changed_page_is_read_by_the_next_notebook(
    server: ForkServer, package: Path, tmp_path: Path
) -> None:
    """As the code is on the disk when a notebook begins; even where its length and time agree."""
    module = package / "page.py"
    was = module.stat()
    found = []
    for version in (1, 2):
        module.write_text(module.read_text().partition("\nversion")[0] + f"\nversion = {version}\n")
        os.utime(module, ns=(was.st_atime_ns, was.st_mtime_ns))
        found.append(printed(server, tmp_path, "from lpe_reports import page\nprint(page.version)"))

    assert found == ["1\n", "2\n"]


def test_pages_are_imported_once_while_they_stay(
    server: ForkServer, package: Path, tmp_path: Path
) -> None:
    """A measure that no page imports by itself does not count; the notebook reads it anew."""
    before = printed(server, tmp_path, PARENT)
    measure = package / "measures" / "waiting.py"
    measure.write_text(measure.read_text() + "\nversion = 3\n")
    code = "from lpe_reports.measures import waiting\nprint(waiting.version)"

    assert printed(server, tmp_path, code) == "3\n"
    assert printed(server, tmp_path, PARENT) == before
    (package / "page.py").touch()
    assert printed(server, tmp_path, PARENT) != before


def test_code_that_cannot_be_imported_is_told_in_the_notebook(
    server: ForkServer, package: Path, tmp_path: Path
) -> None:
    """Not before: the server goes on, and the next notebook finds it mended."""
    module = package / "display" / "page.py"
    good = module.read_text()
    module.write_text("def (")

    assert "SyntaxError" in printed(server, tmp_path, "from lpe_reports import page")
    assert printed(server, tmp_path, OWN) == "[]\n"

    module.write_text(good)

    assert "'lpe_reports.page'" in printed(server, tmp_path, OWN)


def test_notebooks_run_where_this_package_is_not_found(tmp_path: Path) -> None:
    """As the engine of any papermill; found out without importing it."""
    hidden = tmp_path / "lpe_reports.py"
    hidden.write_text("raise ImportError('another one of this name')")
    with environment(PYTHONPATH=str(tmp_path)):
        server = ForkServer(60)
        try:
            assert printed(server, tmp_path, "print(6 * 7)") == "42\n"
        finally:
            server.close()
