"""The fork server: notebooks one after the other, none of which outlives its run or harms it."""

import os
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psutil
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from engine_pair import (
    FORK,
    KERNEL,
    code_notebook,
    environment,
    execute,
    printed,
    run_cells,
)
from lpe_reports.build.forking.server import ForkServer, ServerError, fork_server

pytestmark = pytest.mark.promise(
    "notebooks",
    "The server that notebooks are forked from outlives each of them and ends with its build",
)


@pytest.fixture
def server() -> Iterator[ForkServer]:
    """A server of the test's own."""
    made = ForkServer(60)
    yield made
    made.close()


def test_server_is_kept_from_notebook_to_notebook(tmp_path: Path) -> None:
    """Its imports are paid once."""
    servers = {(run_cells(tmp_path, "1"), fork_server().pid)[1] for _ in range(2)}

    assert len(servers) == 1


def test_half_a_character_ends_no_notebook(tmp_path: Path) -> None:
    """A kernel loses it with all that was printed beside it, and goes on."""
    done = run_cells(tmp_path, "print('a\\ud800b')", "print('well')")

    assert done.text == "a\ufffdb\nwell\n"
    assert done.problem is None


def test_each_notebook_has_a_process_group_of_its_own(tmp_path: Path) -> None:
    """So that all of it can be ended, and nothing else is."""
    text = run_cells(tmp_path, "import os\nprint(os.getpid(), os.getpgid(0), os.getsid(0))").text
    process, group, session = text.split()

    assert process == group == session != str(os.getpid())


def test_server_goes_on_after_a_notebook_that_died(tmp_path: Path) -> None:
    """A crash is that notebook's alone."""
    before = fork_server().pid
    died = run_cells(tmp_path, "print('so far', flush=True)\nimport os\nos._exit(0)")
    after = run_cells(tmp_path, "print('well')")

    assert isinstance(died.problem, DeadKernelError)
    assert died.text == "so far\n"
    assert after.text == "well\n"
    assert fork_server().pid == before


def test_killed_server_is_started_anew(tmp_path: Path) -> None:
    """The next notebook does not notice."""
    run_cells(tmp_path, "1")
    process = psutil.Process(fork_server().pid)
    process.kill()
    process.wait()

    assert run_cells(tmp_path, "print('well')").text == "well\n"


@pytest.mark.parametrize("who", ["os.getppid()", "psutil.Process(os.getppid()).ppid()"])
def test_notebook_that_kills_what_it_was_forked_from_dies_alone(tmp_path: Path, who: str) -> None:
    """The process with the pages, or the server above it: nothing is left, the next one runs."""
    server = psutil.Process(fork_server().pid)
    code = (
        "import os, psutil, signal, subprocess, time\nleft = subprocess.Popen(['sleep', '600'])\n"
        f"print(left.pid, flush=True)\nos.kill({who}, signal.SIGKILL)\ntime.sleep(600)"
    )
    died = run_cells(tmp_path, code)

    assert isinstance(died.problem, DeadKernelError)
    assert not _goes_on(int(died.text))
    assert not server.is_running()
    assert run_cells(tmp_path, "print('well')").text == "well\n"


def test_cell_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """papermill's own time limit for a cell holds here too."""
    began = time.monotonic()
    done = run_cells(tmp_path, "import time\ntime.sleep(600)", execution_timeout=1)

    assert isinstance(done.problem, CellTimeoutError)
    assert time.monotonic() - began < 200


def test_notebook_has_its_own_folder_for_temporary_files(tmp_path: Path) -> None:
    """Not the one that the server, or a library that it has imported, has found for itself."""
    (tmp_path / "sitecustomize.py").write_text("import tempfile\ntempfile.gettempdir()\n")
    with environment(PYTHONPATH=str(tmp_path)):
        server = ForkServer(60)
    own = tmp_path / "own"
    own.mkdir()
    try:
        with environment(TMPDIR=str(own)):
            told = printed(server, tmp_path, "import tempfile\nprint(tempfile.gettempdir())")
    finally:
        server.close()

    assert told == f"{own}\n"


def test_server_ends_with_its_worker(server: ForkServer) -> None:
    """The end of the other side of its socket is its end, and that of all it forked."""
    process = psutil.Process(server.pid)
    server.close()

    assert not process.is_running()


def test_server_that_is_gone_is_told(server: ForkServer, tmp_path: Path) -> None:
    """No notebook is started, and no one waits."""
    psutil.Process(server.pid).kill()
    psutil.Process(server.pid).wait()

    with pytest.raises(ServerError), server.notebook(folder=str(tmp_path), memory_bytes=0) as made:
        made.wait_until_ready(10)


def test_folder_that_is_missing_is_a_failure_to_start(server: ForkServer) -> None:
    """A notebook whose folder went away never began."""
    with pytest.raises(ServerError), server.notebook(folder="/no/such", memory_bytes=0) as made:
        made.wait_until_ready(10)


def test_notebook_cleans_up_at_its_end(tmp_path: Path) -> None:
    """What a cell registered for the exit is done, as a kernel does it."""
    code = "import atexit, pathlib\natexit.register(pathlib.Path('left.txt').touch)"
    run_cells(tmp_path, code)

    assert (tmp_path / "left.txt").exists()


def test_notebook_that_does_not_end_is_ended(tmp_path: Path) -> None:
    """A thread that waits for ever, or an exit handler that does, delays nobody for long."""
    began = time.monotonic()
    done = run_cells(tmp_path, "import atexit, time\natexit.register(time.sleep, 600)\nprint(1)")

    assert done.problem is None
    assert time.monotonic() - began < 200


def test_files_of_the_server_are_closed_in_the_notebook(tmp_path: Path) -> None:
    """A notebook holds its channel and its streams, and no socket of the server's."""
    code = (
        "import os\nlinks = [os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd')"
        " if os.path.exists(f'/proc/self/fd/{n}')]\nprint(sum('socket:' in l for l in links))"
    )
    counts = [int(run_cells(tmp_path, code).text) for _ in range(3)]

    # Its channel, and the pair by which its event loop is woken.
    assert counts == [3, 3, 3]


def test_descriptors_do_not_pile_up(tmp_path: Path) -> None:
    """A worker and its server have as many open files after ten notebooks as after one."""
    run_cells(tmp_path, "1")
    processes = [psutil.Process(), psutil.Process(fork_server().pid)]
    before = [process.num_fds() for process in processes]
    for _ in range(10):
        run_cells(tmp_path, "print(1)")

    assert [process.num_fds() for process in processes] == before


def test_error_stops_the_notebook_as_in_a_kernel(tmp_path: Path) -> None:
    """The cells after it are not run; the error's cell is marked by papermill."""
    notebook = code_notebook(["print(1)", "1 / 0", "print(2)"])
    forked, kernel = (execute(notebook, engine, tmp_path) for engine in (FORK, KERNEL))

    assert forked.text == kernel.text == "1\n"
    assert forked.errors == kernel.errors == ["ZeroDivisionError"]
    assert type(forked.problem) is type(kernel.problem)


def _goes_on(pid: int, seconds: float = 60) -> bool:
    """Whether a process is still there after a time; one that waits to be buried is not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return False
        except psutil.NoSuchProcess:
            return False
        time.sleep(0.05)
    return True


def test_cells_say_how_long_they_took_as_papermill_does(tmp_path: Path) -> None:
    """When one began and ended, and the seconds between; a cell that raised says so too."""
    done = run_cells(tmp_path, "import time\ntime.sleep(0.2)", "1 / 0")

    metadata = {cell["id"]: cell["metadata"] for cell in done.notebook["cells"]}
    for cell, status in (("cell-0", "completed"), ("cell-1", "failed")):
        times = metadata[cell]["papermill"]
        began, ended = (datetime.fromisoformat(times[of]) for of in ("start_time", "end_time"))
        assert times["duration"] == (ended - began).total_seconds()
        assert times["status"] == status
    assert metadata["cell-0"]["papermill"]["duration"] >= 0.2
