"""A disk that takes no more: told as that, nothing half is visible, the next run is well again.

The disk is a small tmpfs in a mount namespace of the test's own where the system allows that, and
always a limit on how large a file may grow, which fails in the same calls.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from lpe_reports.warehouse.nights.folders import nights
from lpe_reports.warehouse.snapshots import open_extract
from page_office import page_office
from small_warehouse import ROOT, SmallOffice, small_office

pytestmark = pytest.mark.promise("warehouse", "A disk that is full leaves no half of a night")

LPE = Path(sys.executable).parent / "lpe"

LIMITED = """
import resource, sys
from lpe_reports.cli import run
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
sys.exit(run(sys.argv[2:]))
"""


@cache
def _may_mount() -> bool:
    try:
        made = subprocess.run(
            ["unshare", "-m", "mount", "-t", "tmpfs", "-o", "size=40k", "tmpfs", "/mnt"],
            capture_output=True, timeout=20, check=False,
        )  # fmt: skip
    except OSError:
        return False
    return made.returncode == 0


needs_mount = pytest.mark.skipif(not _may_mount(), reason="no tmpfs may be mounted here")


def _limited(root: Path, file_bytes: int, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a command that may write no file larger than this.

    Python would cut its own compiled modules short as well, so it writes none.
    """
    return subprocess.run(
        [sys.executable, "-B", "-c", LIMITED, str(file_bytes), *arguments],
        cwd=root, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def _on_small_disk(
    root: Path, folder: str, kilobytes: int, *arguments: str
) -> "subprocess.CompletedProcess[str]":
    """Run a command with a small disk in the place of a folder; ends by listing what is on it."""
    (root / folder).mkdir(parents=True, exist_ok=True)
    words = " ".join(arguments)
    script = (
        f"mount -t tmpfs -o size={kilobytes}k tmpfs {folder} && {LPE} {words}; code=$?; "
        f"find {folder} -type f -printf '%P %s\\n' -o -mindepth 1 -name '.*' -printf '%P\\n'; "
        "exit $code"
    )
    return subprocess.run(
        ["unshare", "-m", "sh", "-c", script],
        cwd=root, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """A project with a night; another one is to come."""
    made = small_office(tmp_path, operations=400)
    sources = (tmp_path / "params" / "sources.yml").read_text()
    shutil.rmtree(tmp_path / "params")
    for name in ("params", "reports"):
        shutil.copytree(ROOT / name, tmp_path / name)
    made.sources(sources)
    made.extract()
    for row in made.tables["operations"]:
        row["asa"] = 4
    made.write()
    return made


@pytest.mark.parametrize("file_bytes", [100, 8_000])
def test_an_extract_that_finds_no_room_leaves_nothing(office: SmallOffice, file_bytes: int) -> None:
    """Wherever it stops: exit code 5, the folder and what to do; the night before is whole."""
    told = _limited(office.root, file_bytes, "extract")

    assert told.returncode == 5
    assert told.stderr.splitlines()[-1] == (
        "lpe: the disk is full: the extract of 2026-05-11 could not be written to data/extracts/ "
        "(File too large). Nothing of it is visible, and the nights before are as they were. Make "
        "room there (`lpe prune --dry-run` says what is past its time) and run it again"
    )
    assert [path.name for path in office.project.extracts.iterdir()] == ["2026-05-11"]
    open_extract(office.project).verify()
    office.extract()
    assert len(nights(office.project)) == 2


@needs_mount
@pytest.mark.parametrize("kilobytes", [8, 120])
def test_a_full_disk_of_extracts_holds_nothing_half(office: SmallOffice, kilobytes: int) -> None:
    """No night and no unfinished folder is left on it."""
    told = _on_small_disk(office.root, "data/extracts", kilobytes, "extract")

    assert told.returncode == 5
    assert "the disk is full: the extract of 2026-05-11 could not be" in told.stderr
    assert "data/extracts/ (No space left on device)" in told.stderr
    assert told.stdout == ""


@needs_mount
@pytest.mark.parametrize("kilobytes", [12, 24])
def test_a_full_disk_of_waiting_lists_holds_whole_ones(office: SmallOffice, kilobytes: int) -> None:
    """A list that was cut short would be taken for damaged ever after."""
    whole = {
        path.relative_to(office.project.snapshots).as_posix(): path.stat().st_size
        for path in office.project.snapshots.rglob("*.parquet")
    }

    told = _on_small_disk(office.root, "data/snapshots", kilobytes, "extract")

    assert told.returncode == 5
    assert "could not be written to data/snapshots/ (No space left on device)" in told.stderr
    left = dict(line.split() for line in told.stdout.splitlines() if ".parquet" in line)
    assert {name: int(size) for name, size in left.items()}.items() <= whole.items()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project with a real report to build."""
    yield page_office(tmp_path_factory.mktemp("office")).root


@pytest.mark.promise(
    "builds", "A disk that is full, or a store that cannot be written, is told as that"
)
@needs_mount
@pytest.mark.parametrize(("kilobytes", "where"), [(40, "build/store"), (300, "build/store/pages")])
def test_a_build_that_finds_no_room_says_so(built: Path, kilobytes: int, where: str) -> None:
    """In a worker's process or in rendering: exit code 1 and the folder, not a fault of ours."""
    told = _on_small_disk(
        built, "build", kilobytes,
        "build", "--report", "utilisation", "--unit", "bo-opc", "--period", "2026-04",
    )  # fmt: skip

    assert told.returncode == 1
    last = told.stderr.splitlines()[-1]
    assert last.startswith(f"lpe: the disk is full: {where}")
    assert last.endswith(
        "What was published is untouched. Make room (`lpe prune --dry-run` says what is past its "
        "time) and run it again"
    )
    assert not any(".part-" in line for line in told.stdout.splitlines())
