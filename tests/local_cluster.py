"""A Dask cluster on this machine: a scheduler and workers as processes of their own."""

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

import psutil

_STARTUP_SECONDS = 60.0
_QUIET = {"DASK_DISTRIBUTED__ADMIN__LARGE_GRAPH_WARNING_THRESHOLD": "10GB"}


class LocalCluster:
    """A scheduler and its workers; a context manager that leaves none of them behind.

    Args:
        folder: An empty folder for what they say and keep.
        workers: How many workers are started at first.
    """

    def __init__(self, folder: Path, workers: int = 2) -> None:
        self._folder = folder
        folder.mkdir(parents=True)
        self._workers = workers
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def __enter__(self) -> "LocalCluster":
        try:
            self.scheduler = self._start(
                "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"
            )
            found = self._said("scheduler", r"Scheduler at:\s+(tcp://\S+)")
            self.address = found.group(1)
            for _ in range(self._workers):
                self.add_worker()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    def add_worker(
        self, *, nanny: bool = False, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start one more worker of one thread, which comes when it comes.

        Args:
            nanny: Whether Dask starts it again when it dies.
            environment: Variables of its own.
        """
        name = f"worker-{len(self.workers)}"
        worker = self._start(
            "worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard",
            "--nanny" if nanny else "--no-nanny", "--name", name,
            "--local-directory", str(self._folder / name),
            log=name, environment=environment,
        )  # fmt: skip
        self.workers.append(worker)
        return worker

    def processes(self) -> list[psutil.Process]:
        """All that runs beneath the workers."""
        return [
            child
            for worker in self.workers
            if psutil.pid_exists(worker.pid)
            for child in psutil.Process(worker.pid).children(recursive=True)
        ]

    def told(self) -> str:
        """All that the scheduler and the workers have written into their logs."""
        return "".join(path.read_text() for path in sorted(self._folder.glob("*.log")))

    def _start(
        self,
        *arguments: str,
        log: str = "scheduler",
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        with (self._folder / f"{log}.log").open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=os.environ | _QUIET | dict(environment or {}),
                cwd=self._folder,
                start_new_session=True,
            )

    def _said(self, log: str, pattern: str) -> re.Match[str]:
        found: list[re.Match[str]] = []

        def look() -> bool:
            match = re.search(pattern, (self._folder / f"{log}.log").read_text())
            found.extend([match] if match else [])
            return match is not None

        wait_for(look, _STARTUP_SECONDS)
        return found[0]

    def _end(self) -> None:
        started = [each for each in (*self.workers, self.scheduler) if each is not None]
        family = []
        for each in started:
            with contextlib.suppress(psutil.NoSuchProcess):
                family += psutil.Process(each.pid).children(recursive=True)
        for each in started:
            each.kill()
            each.wait()
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


def wait_for(condition: Callable[[], bool], seconds: float = 90) -> None:
    """Wait until something has happened; fails when it does not."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.1)


def when(condition: Callable[[], bool], action: Callable[[], object]) -> threading.Thread:
    """Do something as soon as something has happened, while the caller goes on."""

    def work() -> None:
        wait_for(condition)
        action()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread
