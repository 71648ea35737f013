"""A worker process, from the side of the build: one notebook at a time, and nothing left of it."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import psutil

import lpe_reports
from lpe_reports.build.forking.limits import MEMORY_VARIABLE
from lpe_reports.build.forking.platform import can_fork
from lpe_reports.build.running.bytecode import hold_to_content
from lpe_reports.build.running.environment import run_environment
from lpe_reports.build.running.guard import SCRATCH
from lpe_reports.build.running.logs import notebook_path, worker_log_path, write_failure
from lpe_reports.build.running.messages import Failed, Finished, Job, Started, decode, encode
from lpe_reports.build.runs import FailureKind
from lpe_reports.settings import Project

_ORDERLY_END_SECONDS = 5
# The worker ends a notebook that takes too long itself; this is for one that cannot any more.
_GRACE_SECONDS = 7
_SWEEPS = 20
_TOO_MUCH = (FailureKind.TOO_MUCH_OUTPUT, FailureKind.TOO_MUCH_MEMORY)


class Worker:
    """One worker process, which leaves no process behind.

    Args:
        project: The project.
        night: The extract that the runs read, by its day or the name of its folder.
        number: Which worker it is, for the name of its log.
        memory_mb: How much memory a notebook may have, where that is less than usual.
    """

    def __init__(
        self,
        project: Project,
        night: date | str,
        number: int,
        *,
        memory_mb: int | None = None,
    ) -> None:
        log = worker_log_path(project, number)
        log.parent.mkdir(parents=True, exist_ok=True)
        log.unlink(missing_ok=True)
        self._log = log
        self._project = project
        self._kernel: list[psutil.Process] = []
        self._killed = False
        hold_to_content([Path(lpe_reports.__file__).parent, project.reports])
        # Just before the guard, which removes it when a killed build cannot.
        self._scratch = tempfile.TemporaryDirectory(prefix=SCRATCH, ignore_cleanup_errors=True)
        environment = run_environment(project, night, Path(self._scratch.name))
        if memory_mb is not None:
            environment[MEMORY_VARIABLE] = str(memory_mb)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "lpe_reports.build.running.guard", str(log)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            # Ctrl-C is for the build, which then ends its workers itself.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )

    def run(self, job: Job) -> Finished | Failed:
        """Run one notebook; after an outcome of DIED or TIMED_OUT the worker is gone."""
        timed_out = threading.Event()

        def time_out() -> None:
            timed_out.set()
            self.kill()

        timer = threading.Timer(job.timeout_seconds + _GRACE_SECONDS, time_out)
        timer.daemon = True
        timer.start()
        cell: int | None = None
        started = False
        logged = self._logged()
        try:
            for message in self._exchange(job):
                if isinstance(message, Started):
                    cell, started = message.cell, True
                    self._kernel.extend(_processes(message.processes))
                else:
                    if isinstance(message, Finished):
                        self._forget(logged)
                    elif message.kind in _TOO_MUCH:
                        # It has taken in what was shown, and gives no memory back; and the next
                        # notebook's peak could not be told from this one's.
                        self.kill()
                    return message
        finally:
            timer.cancel()
        self.kill()
        if not timed_out.is_set() and not started:
            return Failed(FailureKind.NOT_STARTED)
        kind = FailureKind.TIMED_OUT if timed_out.is_set() else FailureKind.DIED
        self._tell_of_end(job, kind, cell)
        return Failed(kind, cell)

    def _tell_of_end(self, job: Job, kind: FailureKind, cell: int | None) -> None:
        """Write the private log that the worker could not write any more."""
        where = f"in cell {cell}" if cell else "before its first cell or after its last"
        said = (
            f"{kind}: the process that ran the notebook and kept what it showed ended {where}. "
            "What it showed is here as far as it had been kept."
        )
        with contextlib.suppress(OSError, ValueError):
            kept = notebook_path(self._project, job.stem)
            notebook = json.loads(kept.read_bytes()) if kept.is_file() else dict(job.notebook)
            write_failure(self._project, job.stem, notebook, None, said)

    def _exchange(self, job: Job) -> Iterator[Started | Finished | Failed]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._kernel = []
        try:
            self._process.stdin.write(encode(job))
            self._process.stdin.flush()
            for line in self._process.stdout:
                message = decode(line)
                if not isinstance(message, Job):
                    yield message
        except (OSError, ValueError):
            # The worker is gone, perhaps in the middle of a line.
            return

    def _logged(self) -> int:
        return self._log.stat().st_size if self._log.is_file() else 0

    def _forget(self, logged: int) -> None:
        """Take from the log what a good run has written: it can hold patients' values."""
        with contextlib.suppress(OSError):
            if self._logged() > logged:
                os.truncate(self._log, logged)

    @property
    def alive(self) -> bool:
        # A killed process can still be there for a moment.
        return not self._killed and self._process.poll() is None

    def kill(self) -> None:
        """End the worker and everything that it has started."""
        self._killed = True
        family = [] if can_fork() else self._family()
        with contextlib.suppress(OSError):
            # A guard ends all that is below it, and then itself.
            self._process.terminate() if can_fork() else self._process.kill()
        try:
            ended = self._process.wait(_ORDERLY_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            ended = self._process.wait()
        _kill(family)
        if can_fork() and ended != 0:
            self._sweep()

    def _family(self) -> list[psutil.Process]:
        family = list(self._kernel)
        with contextlib.suppress(psutil.NoSuchProcess):
            family += psutil.Process(self._process.pid).children(recursive=True)
        for process in list(family):
            with contextlib.suppress(psutil.NoSuchProcess):
                # A kernel leads a session of its own: take what its cells have started, too.
                family += process.children(recursive=True)
        return family

    def _sweep(self) -> None:
        """End what is left where the guard was killed: known by the environment it was given."""
        for _ in range(_SWEEPS):
            left = [p for p in psutil.process_iter() if self._is_ours(p)]
            if not left:
                return
            _kill(left)
            psutil.wait_procs(left, timeout=0.1)

    def _is_ours(self, process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE:
                return self._scratch.name in str(process.environ().get("IPYTHONDIR"))
        return False

    def close(self) -> None:
        """Let the worker end by itself, or end it; then clear its folder away."""
        assert self._process.stdin is not None and self._process.stdout is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(_ORDERLY_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
        self._process.stdout.close()
        self._scratch.cleanup()
        if self._log.is_file() and self._log.stat().st_size == 0:
            self._log.unlink()


def _processes(pids: Sequence[int]) -> list[psutil.Process]:
    found = []
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess):
            found.append(psutil.Process(pid))
    return found


def _kill(processes: Sequence[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.kill()
