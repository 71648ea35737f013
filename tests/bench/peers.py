"""What others make the same pages with: papermill, nbconvert and Quarto, each by its own command.

They get the same notebook, parameters and extract. nbconvert is no part of the project: it is
taken from where it is, or installed beside the project's libraries into build/bench/peers.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from tests.bench.office import BENCH, ROOT, Office
from tests.bench.processes import tree_cost

PAPERMILL = "`papermill` command"
POOL = "papermill in a pool of two, nbconvert to HTML"
NBCONVERT = "`papermill` command, `nbconvert` to HTML"
EXECUTE = "`nbconvert --execute` to HTML"
QUARTO = "`papermill` command, Quarto to HTML and PDF"


@dataclass(frozen=True)
class Page:
    """One page of an office."""

    unit: str
    period: str


@dataclass(frozen=True)
class Peer:
    """One way to make pages.

    Fields:
        name: What it is called.
        make: Makes some pages; gives wall-clock and processor seconds of all of them.
    """

    name: str
    make: Callable[[Office, Sequence[Page]], tuple[float, float]]


def papermill_alone() -> Peer:
    """papermill's command, which every machine has that has the project."""
    return Peer(PAPERMILL, lambda office, pages: _run(office, pages, []))


def peers() -> tuple[list[Peer], list[str]]:
    """The peers that this machine has, and a word about each that it has not."""
    found, missing = [papermill_alone()], []
    python = nbconvert_python()
    if python is None:
        missing.append("nbconvert could not be installed, so what needs it was left out.")
    else:
        to_html = [[python, "-m", "nbconvert", "--to", "html", "--log-level", "ERROR", "{done}"]]
        found += [
            Peer(NBCONVERT, lambda office, pages: _run(office, pages, to_html)),
            Peer(POOL, lambda office, pages: _pool(python, office, pages)),
            Peer(EXECUTE, lambda office, pages: _execute(python, office, pages)),
        ]
    quarto = shutil.which(os.environ.get("QUARTO_PATH") or "quarto")
    if quarto is None:
        missing.append("Quarto is not on this machine (QUARTO_PATH names it), so it was left out.")
    else:
        both = [[quarto, "render", "{done}", "--to", to] for to in ("html", "typst")]
        found.append(Peer(QUARTO, lambda office, pages: _run(office, pages, both)))
    return found, missing


def environment(office: Office) -> dict[str, str]:
    """The variables by which the notebook finds its office."""
    nights = [path.name for path in (office.root / "data" / "extracts").iterdir() if path.is_dir()]
    return {
        "LPE_PROJECT": str(office.root),
        "LPE_NIGHT": max(nights),
        "PYTHONHASHSEED": "0",
        "OPENBLAS_NUM_THREADS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "TZ": "Europe/Stockholm",
        # nbconvert starts a kernel with the interpreter that it runs in; both see one library.
        "JUPYTER_PREFER_ENV_PATH": "1",
    }


def _run(
    office: Office, pages: Sequence[Page], afterwards: Sequence[Sequence[str | Path]]
) -> tuple[float, float]:
    """papermill's command for each page, then the other commands on what it made."""
    papermill = Path(sys.executable).with_name("papermill")
    with _scratch() as folder:
        return _cost(
            office,
            folder,
            [
                [folder / f"{page.unit}.ipynb" if part == "{done}" else part for part in command]
                for page in pages
                for command in (
                    [papermill, "--no-progress-bar", office.notebook, "{done}", *_given(page)],
                    *afterwards,
                )
            ],
        )


def _execute(python: Path, office: Office, pages: Sequence[Page]) -> tuple[float, float]:
    """nbconvert runs the notebook, whose parameters are written into it."""
    command = [python, "-m", "nbconvert", "--execute", "--to", "html", "--log-level", "ERROR"]
    with _scratch() as folder:
        for page in pages:
            notebook = nbformat.read(office.notebook, as_version=4)  # type: ignore[no-untyped-call]
            for cell in notebook.cells:
                if "parameters" in cell.metadata.get("tags", []):
                    cell.source = f'unit = "{page.unit}"\nperiod = "{page.period}"'
            nbformat.write(notebook, folder / f"{page.unit}.ipynb")
        commands = [[*command, folder / f"{page.unit}.ipynb"] for page in pages]
        return _cost(office, folder, commands)


def _pool(python: Path, office: Office, pages: Sequence[Page]) -> tuple[float, float]:
    """A program that does what a careful person writes: two processes that keep their imports."""
    words = [f"{page.unit}={page.period}" for page in pages]
    with _scratch() as folder:
        program = ROOT / "tests" / "bench" / "pooled.py"
        return _cost(office, folder, [[python, program, office.notebook, folder, *words]])


def _cost(
    office: Office, folder: Path, commands: Sequence[Sequence[str | Path]]
) -> tuple[float, float]:
    costs = [tree_cost(command, folder, environment(office)) for command in commands]
    return sum(cost.seconds for cost in costs), sum(cost.cpu_seconds for cost in costs)


def _given(page: Page) -> list[str]:
    return ["-r", "unit", page.unit, "-r", "period", page.period]


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder outside every project: Quarto would make a website's page of what lies in one."""
    with tempfile.TemporaryDirectory(prefix="lpe-peers-") as folder:
        yield Path(folder)


def nbconvert_python() -> Path | None:
    """An interpreter with nbconvert and all that the project has."""
    if _has_nbconvert(Path(sys.executable)):
        return Path(sys.executable)
    folder = BENCH / "peers"
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        asked = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
        own = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
        # What lies there is seen with its .pth files, so the project itself is, too.
        office = sysconfig.get_path("purelib")
        line = f"import site; site.addsitedir({office!r})\n"
        Path(own, "office.pth").write_text(line, encoding="utf-8")
    if not _has_nbconvert(python):
        install = [python, "-m", "pip", "--disable-pip-version-check", "install", "-q"]
        subprocess.run([*install, "nbconvert>=7.16"], check=False, capture_output=True)
    return python if _has_nbconvert(python) else None


def _has_nbconvert(python: Path) -> bool:
    asked = [python, "-c", "import nbconvert, papermill, lpe_reports"]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0
