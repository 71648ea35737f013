"""What the cluster's workers run: notebooks, each in a worker process of our own beneath Dask's.

A Dask worker has the plugin `Notebooks` while a build is on. Each of its threads takes one
notebook at a time; a notebook that crashes takes only our process with it and not Dask's.
"""

import asyncio
import hashlib
import json
import os
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from distributed import Reschedule, WorkerPlugin, get_worker
from distributed.worker import Worker as DaskWorker

from lpe_reports.build.cluster import sameness
from lpe_reports.build.cluster.sameness import describe_worker, project_here
from lpe_reports.build.running.memory import Room
from lpe_reports.build.running.messages import Failed, Finished, Job, decode, encode
from lpe_reports.build.running.pool import Worker
from lpe_reports.build.runs import FailureKind
from lpe_reports.errors import LpeError, is_disk_full

# A build that is over ends its processes itself; this is for one whose machine was lost.
IDLE_SECONDS = 120.0


class NotStartedError(LpeError):
    """No process for a notebook came up; Dask tries it once more, perhaps elsewhere."""


class DifferentWorkerError(LpeError):
    """A worker that came while a build was on is not as it must be."""


def run_notebook(notebook: bytes, line: bytes, plugin: str, token: str) -> tuple[float, bytes]:
    """Run one notebook in a Dask worker; returns the seconds it took and the outcome's line.

    Args:
        notebook: The prepared notebook, shared by the runs of a report.
        line: The job without its notebook, its folder relative to the project.
        plugin: The name that `Notebooks` is registered by.
        token: The build that it belongs to.
    """
    worker = get_worker()
    notebooks = worker.plugins.get(plugin)
    if not isinstance(notebooks, Notebooks) or notebooks.token != token:
        # The build has ended in between, or the plugin is still on its way to a new worker.
        time.sleep(0.5)
        raise Reschedule
    return notebooks.run(worker, str(worker.get_current_task()), notebook, line)


class Notebooks(WorkerPlugin):
    """Runs the notebooks of one build in a Dask worker.

    Args:
        name: By which it is registered: one per project.
        token: The build.
        root: Where the project lies on the machine that builds.
        night: The extract that the runs read.
        wanted: What the worker must have in common with the machine that builds.
    """

    def __init__(
        self, name: str, token: str, root: str, night: str, wanted: Mapping[str, Any]
    ) -> None:
        self.name = name
        self.token = token
        self._root = root
        self._night = night
        self._wanted = dict(wanted)

    def setup(self, worker: DaskWorker) -> None:
        """Begin with no process; they are started when notebooks come."""
        limit = worker.memory_manager.memory_limit
        # Dask keeps an eye on its own process alone, and not on those beneath it.
        share = limit // worker.state.nthreads if limit else None
        self._memory_mb = None if share is None else Room({}, share).limit_mb
        self._lock = threading.Lock()
        self._checking = threading.Lock()
        self._checked = False
        self._closed = False
        self._made = 0
        self._idle: list[Worker] = []
        self._running: dict[str, Worker] = {}
        self._cancelled: set[str] = set()
        self._timer: threading.Timer | None = None

    async def teardown(self, worker: DaskWorker) -> None:
        """End every process, whatever it does: the build is over or this worker goes."""
        await asyncio.to_thread(self._close)

    def transition(self, key: Any, start: str, finish: str, **_: Any) -> None:
        """End a notebook whose build has gone or has cancelled it."""
        if finish not in ("cancelled", "released", "forgotten"):
            return
        with self._lock:
            running = self._running.get(str(key))
            if running is not None:
                self._cancelled.add(str(key))
        if running is not None:
            # Not in this thread, which is the one that answers the scheduler.
            threading.Thread(target=running.kill, daemon=True).start()

    def run(
        self, worker: DaskWorker, key: str, notebook: bytes, line: bytes
    ) -> tuple[float, bytes]:
        """Run one notebook; see `run_notebook`."""
        self._check()
        job = self._job(notebook, line)
        worker.log_event(self.name, {"token": self.token, "stem": job.stem})
        began = time.monotonic()
        outcome = self._attempt(key, job)
        return time.monotonic() - began, encode(outcome)

    def _check(self) -> None:
        """Compare this worker with what is wanted, once; it may have come after the build began.

        Raises:
            DifferentWorkerError: It differs.
        """
        with self._checking:
            began = time.monotonic()
            while not self._checked:
                found = describe_worker(self._root, list(self._wanted["files"]))
                told = sameness.differences(self._wanted, found)
                wait = 0.0
                if not told:
                    told = sameness.folder_differences(self._wanted, found)
                    wait = sameness.folder_seconds(self._wanted, found)
                if told and time.monotonic() - began > wait:
                    raise DifferentWorkerError(f"{found['host']}: {'; '.join(told)}")
                self._checked = not told
                if told:
                    time.sleep(1)

    def _job(self, notebook: bytes, line: bytes) -> Job:
        job = decode(line)
        assert isinstance(job, Job)
        folder = project_here(self._root).root / job.folder
        return replace(job, notebook=json.loads(notebook), folder=str(folder))

    def _attempt(self, key: str, job: Job) -> Finished | Failed:
        try:
            process = self._take(key)
            outcome = process.run(job)
        except OSError as error:
            if is_disk_full(error):
                return Failed(FailureKind.DISK_FULL, None, type(error).__name__)
            raise NotStartedError(type(error).__name__) from None
        finally:
            ended = self._give_back(key)
        if ended:
            # The notebook was ended and did not end: it says nothing. If somebody still wants
            # it (this worker goes, the build does not), Dask runs it elsewhere.
            raise Reschedule
        if isinstance(outcome, Failed) and outcome.kind == FailureKind.NOT_STARTED:
            raise NotStartedError(outcome.error_class or "")
        return outcome

    def _take(self, key: str) -> Worker:
        with self._lock:
            if self._closed:
                raise Reschedule
            while self._idle:
                process = self._idle.pop()
                if process.alive:
                    break
                process.close()
            else:
                self._made += 1
                process = Worker(
                    project_here(self._root),
                    self._night,
                    _number(self._made),
                    memory_mb=self._memory_mb,
                )
            self._running[key] = process
        return process

    def _give_back(self, key: str) -> bool:
        """Keep a process for the next notebook; returns whether the last one was ended."""
        with self._lock:
            process = self._running.pop(key, None)
            cancelled = key in self._cancelled or self._closed
            self._cancelled.discard(key)
            keep = process is not None and process.alive and not cancelled
            if keep and process is not None:
                self._idle.append(process)
                self._end_idle_later()
        if process is not None and not keep:
            process.close()
        return cancelled

    def _end_idle_later(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(IDLE_SECONDS, self._end_idle)
        self._timer.daemon = True
        self._timer.start()

    def _end_idle(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.close()

    def _close(self) -> None:
        with self._lock:
            self._closed = True
            running = list(self._running.values())
        if self._timer is not None:
            self._timer.cancel()
        for process in running:
            process.kill()
        self._end_idle()


def _number(made: int) -> int:
    """A number for a process's log that no other process on any machine has."""
    name = f"{socket.gethostname()} {os.getpid()} {made}"
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16)
