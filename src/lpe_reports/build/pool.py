"""Worker processes that run notebooks side by side; one that dies harms only its own run."""

import contextlib
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psutil

from lpe_reports.build.environment import run_environment
from lpe_reports.build.logs import worker_log_path
from lpe_reports.build.messages import Failed, Finished, Job, Started, decode, encode
from lpe_reports.build.runs import FailureKind
from lpe_reports.errors import is_disk_full
from lpe_reports.settings import Project

_ORDERLY_END_SECONDS = 5


@dataclass(frozen=True)
class Begun:
    """A job has been given to a worker."""

    job: Job


@dataclass(frozen=True)
class Ended:
    """A job is over."""

    job: Job
    outcome: Finished | Failed
    seconds: float


class Worker:
    """One worker process; a context manager that leaves no process behind."""

    def __init__(self, project: Project, night: date | str, number: int) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="lpe-", ignore_cleanup_errors=True)
        log = worker_log_path(project, number)
        log.parent.mkdir(parents=True, exist_ok=True)
        log.unlink(missing_ok=True)
        self._log = log
        self._kernel: list[psutil.Process] = []
        self._killed = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "lpe_reports.build.worker", str(log)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=run_environment(project, night, Path(self._scratch.name)),
            # Ctrl-C is for the build, which then ends its workers itself.
            start_new_session=True,
        )

    def run(self, job: Job) -> Finished | Failed:
        """Run one notebook; after an outcome of DIED or TIMED_OUT the worker is gone."""
        timed_out = threading.Event()

        def time_out() -> None:
            timed_out.set()
            self.kill()

        timer = threading.Timer(job.timeout_seconds, time_out)
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
                    return message
        finally:
            timer.cancel()
        self.kill()
        if timed_out.is_set():
            return Failed(FailureKind.TIMED_OUT, cell)
        return Failed(FailureKind.DIED if started else FailureKind.NOT_STARTED, cell)

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
        family = list(self._kernel)
        with contextlib.suppress(psutil.NoSuchProcess):
            family += psutil.Process(self._process.pid).children(recursive=True)
        with contextlib.suppress(OSError):
            self._process.kill()
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                # A kernel leads a session of its own: take what its cells have started, too.
                for child in process.children(recursive=True):
                    child.kill()
                process.kill()

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


class Pool:
    """As many workers as there are jobs to be done at once.

    Args:
        project: The project.
        night: The extract that the runs read, by its day or the name of its folder.
        jobs: How many notebooks run at a time; as many as there are processors when None.
    """

    def __init__(self, project: Project, night: date | str, jobs: int | None = None) -> None:
        self._project = project
        self._night = night
        self._size = max(1, jobs or os.cpu_count() or 1)
        self._waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._events: queue.SimpleQueue[Begun | Ended] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._workers: dict[int, Worker] = {}

    def run(self, jobs: Sequence[Job]) -> Generator[Begun | Ended, None, None]:
        """Run all jobs; tells of each when it begins and when it ends, in the order it happens."""
        for job in jobs:
            self._waiting.put(job)
        threads = [
            threading.Thread(target=self._serve, args=(number,), daemon=True)
            for number in range(min(self._size, len(jobs)))
        ]
        for thread in threads:
            thread.start()
        left = len(jobs)
        try:
            while left:
                event = self._events.get()
                left -= isinstance(event, Ended)
                yield event
        finally:
            self._stop.set()
            if left:
                for worker in list(self._workers.values()):
                    worker.kill()
            for thread in threads:
                thread.join()

    def _serve(self, number: int) -> None:
        while not self._stop.is_set():
            try:
                job = self._waiting.get_nowait()
            except queue.Empty:
                break
            self._events.put(Begun(job))
            began = time.monotonic()
            outcome = self._attempt(number, job)
            self._events.put(Ended(job, outcome, time.monotonic() - began))
        if number in self._workers:
            self._workers.pop(number).close()

    def _attempt(self, number: int, job: Job) -> Finished | Failed:
        outcome: Finished | Failed = Failed(FailureKind.NOT_STARTED)
        # A failure to start says nothing about the notebook, so it is tried once more; no
        # other failure ever is.
        for _ in range(2):
            try:
                outcome = self._worker(number).run(job)
            except OSError as error:
                kind = FailureKind.DISK_FULL if is_disk_full(error) else FailureKind.NOT_STARTED
                outcome = Failed(kind, None, type(error).__name__)
            if not isinstance(outcome, Failed) or outcome.kind != FailureKind.NOT_STARTED:
                break
            if self._stop.is_set():
                break
        return outcome

    def _worker(self, number: int) -> Worker:
        worker = self._workers.get(number)
        if worker is None or not worker.alive:
            if worker is not None:
                worker.close()
            worker = self._workers[number] = Worker(self._project, self._night, number)
        return worker


def _processes(pids: Sequence[int]) -> list[psutil.Process]:
    found = []
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess):
            found.append(psutil.Process(pid))
    return found
