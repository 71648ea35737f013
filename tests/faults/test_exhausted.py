"""Nothing is left to take: ports, temporary files, open files, processes. Told, and nothing half.

The limits are the system's own: of a process, of a group of them, of a disk in a namespace.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from changing_project import ChangingProject
from command_line import lpe
from lpe_reports.warehouse.snapshots import open_extract

LPE = Path(sys.executable).parent / "lpe"
GROUPS = Path("/sys/fs/cgroup/pids")
ONE_PAGE = ("build", "--report", "wait", "--jobs", "1")
FEW_FILES = """
import resource, sys
from lpe_reports.cli import run
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[1])))
sys.exit(run(sys.argv[2:]))
"""


@cache
def _may_unshare() -> bool:
    try:
        made = subprocess.run(["unshare", "-mn", "true"], capture_output=True, check=False)
    except OSError:
        return False
    return made.returncode == 0


needs_namespace = pytest.mark.skipif(not _may_unshare(), reason="no namespace may be made here")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> ChangingProject:
    """A project with a night, and nothing built."""
    return ChangingProject.make(tmp_path_factory.mktemp("office") / "project")


def _run(project: ChangingProject, *command: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, cwd=project.root, env=project.environment,
        capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip


def _without_temporary(project: ChangingProject, *arguments: str) -> str:
    """A command's errors where no folder for temporary files can be written."""
    script = (
        'mount --bind "$1" /mnt && for folder in /tmp /var/tmp; do '
        "mount --bind $folder $folder && mount -o remount,bind,ro $folder || exit 1; done && "
        'cd /mnt && shift && exec "$@"'
    )
    told = _run(project, "unshare", "-m", "sh", "-c", script, "sh", project.root, LPE, *arguments)
    assert told.returncode == 2
    return told.stderr


@needs_namespace
@pytest.mark.promise("builds", "A night needs no port, no network and not the temp folder named")
def test_a_page_is_made_without_a_port_and_without_the_temporary_folder_named(
    office: ChangingProject,
) -> None:
    """In a network that has not even the machine itself; TMPDIR names what is not there."""
    told = _run(
        office, "env", "TMPDIR=/missing", "unshare", "-n", LPE, *ONE_PAGE
    )  # fmt: skip

    assert told.returncode == 0, told.stderr[-2000:]
    assert "TMPDIR names a folder that cannot be written" in told.stderr
    assert "1 pages (1 built)" in told.stdout


@needs_namespace
@pytest.mark.promise(
    "builds", "Where no temporary file can be written it is told before anything runs"
)
def test_no_folder_for_temporary_files_is_told_before_anything_runs(
    office: ChangingProject,
) -> None:
    """All that there could be, what to do, and none of it in the project's own folder instead."""
    before = sorted(office.root.iterdir())

    told = _without_temporary(office, *ONE_PAGE)

    assert told.startswith("lpe: no folder for temporary files can be written (")
    assert "name another one in TMPDIR; nothing was started" in told
    assert sorted(office.root.iterdir()) == before


@pytest.mark.promise("builds", "A port that is taken is told, with what to do")
def test_a_port_that_is_taken_is_told(office: ChangingProject) -> None:
    """Exit code 2, the port and the option."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = lpe(office.root, "preview", "wait", "--port", str(port))

    assert told.returncode == 2
    assert f"port {port} cannot be used" in told.stderr
    assert "give another --port" in told.stderr


@pytest.mark.promise("builds", "No more open files are told as that, and leave nothing half")
@pytest.mark.parametrize(
    ("files", "arguments", "said"),
    [
        (4, ("extract",), "the file cannot be read (Too many open files)"),
        (6, ("extract",), "the system lets this command open no more files at a time; let it have"),
        (8, (*ONE_PAGE, "--fresh"), "all 1 runs failed, so there is nothing new to publish"),
    ],
)
def test_no_more_open_files_are_told(
    office: ChangingProject, files: int, arguments: tuple[str, ...], said: str
) -> None:
    """By `ulimit -n`; the night that is there is whole, and no other one is seen."""
    told = _run(office, sys.executable, "-c", FEW_FILES, str(files), *arguments)

    assert told.returncode in (2, 4)
    assert said in told.stderr.splitlines()[-1]
    _check_whole(office)


@pytest.fixture
def group() -> Iterator[Path]:
    """A group of processes whose number can be bounded."""
    made = GROUPS / f"lpe-test-{os.getpid()}"
    try:
        made.mkdir()
    except OSError:
        pytest.skip("no group of processes may be made here")
    yield made
    made.rmdir()


@pytest.mark.promise(
    "builds", "No more processes and threads are told as that, and leave nothing half"
)
@pytest.mark.parametrize(("processes", "arguments"), [(1, ONE_PAGE), (5, ("extract",))])
def test_no_more_processes_are_told(
    office: ChangingProject, group: Path, processes: int, arguments: tuple[str, ...]
) -> None:
    """Also where a library's own threads are what cannot be started."""
    (group / "pids.max").write_text(str(processes))
    script = 'echo $$ > "$1"; shift; exec "$@"'

    told = _run(office, "sh", "-c", script, "sh", group / "cgroup.procs", LPE, *arguments)

    assert told.returncode == 2
    assert "start no more processes and threads; let it have 256 or more" in told.stderr
    _check_whole(office)


def _check_whole(office: ChangingProject) -> None:
    """The night before is the only one, and whole; what a load left is cleared by the next."""
    left = [path for path in office.project.extracts.iterdir() if path.name[0] != "."]
    assert [path.name for path in left] == ["2026-05-11"]
    open_extract(office.project).verify()
    assert not list(office.project.public.glob("*"))
