"""The wheel alone: what it carries makes a project in an empty folder, without the source."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.promise(
    "supply", "The wheel carries what it needs, and makes a project that is in order"
)
MAIN = "import sys; from lpe_reports.cli import main; sys.exit(main())"


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own wheel, unpacked where there is no source."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [*(sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"),
         *("--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder, root)],
        capture_output=True, timeout=200, check=True,
    )  # fmt: skip
    (packed,) = folder.glob("*.whl")
    zipfile.ZipFile(packed).extractall(folder / "unpacked")
    return folder / "unpacked"


def _lpe(wheel: Path, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """The command line, by the wheel's package: it stands before what is installed."""
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("LPE_")}
    return subprocess.run(
        [sys.executable, "-c", MAIN, *words],
        cwd=folder, env=inherited | {"PYTHONPATH": str(wheel), "PYTHONUTF8": "1"},
        capture_output=True, encoding="utf-8", timeout=200, check=False,
    )  # fmt: skip


def test_wheel_carries_what_is_under_version_control(
    wheel: Path, git_files: list[Path], root: Path
) -> None:
    """Reports, params, manual and all files of the package; nothing of anybody's work beside it."""
    names = {path.relative_to(root).as_posix() for path in git_files if path.is_file()}
    starters = ("params/", "reports/", "docs/", "data/README.md", "_quarto.yml")
    package = {name.removeprefix("src/") for name in names if name.startswith("src/lpe_reports/")}
    starter = {f"lpe_reports/starter/{name}" for name in names if name.startswith(starters)}
    carried = {path.relative_to(wheel).as_posix() for path in wheel.rglob("*") if path.is_file()}

    assert package
    assert starter
    missing = {*package, *starter} - carried
    assert missing == set()


def test_wheel_makes_a_project_that_is_in_order(wheel: Path, tmp_path: Path) -> None:
    """`lpe init` in an empty folder, and `lpe check` in what it has made."""
    begun = _lpe(wheel, tmp_path, "init", "office")
    assert begun.returncode == 0, begun.stdout + begun.stderr
    checked = _lpe(wheel, tmp_path / "office", "check")

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert (tmp_path / "office" / "reports").is_dir()


def test_wheel_is_what_is_run(wheel: Path, tmp_path: Path) -> None:
    """And not the source beside it, which would make these tests say nothing."""
    asked = subprocess.run(
        [sys.executable, "-c", "import lpe_reports; print(lpe_reports.__file__)"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(wheel)},
        capture_output=True, encoding="utf-8", timeout=60, check=True,
    )  # fmt: skip

    assert Path(asked.stdout.strip()).is_relative_to(wheel)
