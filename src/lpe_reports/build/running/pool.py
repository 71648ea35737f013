"""Workers side by side, as many as were asked for and memory allows."""

import collections
import os
import queue
import threading
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import date

from lpe_reports.build.running.costs import read_costs
from lpe_reports.build.running.logs import clear_worker_logs
from lpe_reports.build.running.memory import Room
from lpe_reports.build.running.messages import Failed, Finished, Job
from lpe_reports.build.running.worker_process import Worker as Worker
from lpe_reports.build.runs import FailureKind, RunKey
from lpe_reports.errors import is_disk_full
from lpe_reports.settings import Project

# How often it is looked whether memory has become free, beside whenever a notebook ends.
_LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class Begun:
    """A job has been given to a worker; `note` is a remark for whoever looks after the build."""

    job: Job
    note: str = ""


@dataclass(frozen=True)
class Ended:
    """A job is over."""

    job: Job
    outcome: Finished | Failed
    seconds: float


class Pool:
    """As many workers as there are jobs to be done at once.

    Args:
        project: The project.
        night: The extract that the runs read, by its day or the name of its folder.
        jobs: How many notebooks run at a time, if memory allows; as many as there are processors
            when None.
    """

    def __init__(self, project: Project, night: date | str, jobs: int | None = None) -> None:
        self._project = project
        self._night = night
        self._size = max(1, jobs or os.cpu_count() or 1)
        self._waiting: collections.deque[Job] = collections.deque()
        self._changed = threading.Condition()
        self._events: queue.SimpleQueue[Begun | Ended | BaseException] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._workers: dict[int, Worker] = {}
        costs = read_costs(project)
        self._room = Room({r: cost.peak_bytes for r, cost in costs.items() if cost.peak_bytes})
        self._note: str | None = None  # what is to be said of memory; empty when it was said

    def run(self, jobs: Sequence[Job]) -> Generator[Begun | Ended, None, None]:
        """Run all jobs; tells of each when it begins and when it ends, in the order it happens.

        What goes wrong in here and not in a notebook is raised, and all workers are ended.
        """
        clear_worker_logs(self._project)
        self._waiting.extend(jobs)
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
                if isinstance(event, BaseException):
                    raise event
                left -= isinstance(event, Ended)
                yield event
        finally:
            self._stop.set()
            with self._changed:
                self._changed.notify_all()
            if left:
                for worker in list(self._workers.values()):
                    worker.kill()
            for thread in threads:
                thread.join()

    def _serve(self, number: int) -> None:
        try:
            try:
                self._work(number)
            finally:
                if number in self._workers:
                    self._workers.pop(number).close()
        except BaseException as error:
            # Whoever waits for the outcomes would wait for ever for those of this thread.
            self._events.put(error)

    def _work(self, number: int) -> None:
        while (begun := self._next()) is not None:
            job = begun.job
            self._events.put(begun)
            began = time.monotonic()
            outcome = self._attempt(number, job)
            with self._changed:
                self._room.give_back(job.stem, _report(job), outcome.peak_bytes)
                self._changed.notify_all()
            self._events.put(Ended(job, outcome, time.monotonic() - began))

    def _next(self) -> Begun | None:
        """The next job, when there is memory for it; None when there is none any more."""
        with self._changed:
            while self._waiting and not self._stop.is_set():
                job = self._waiting[0]
                if self._room.take(job.stem, _report(job)):
                    note, self._note = self._note or "", self._note and ""
                    return Begun(self._waiting.popleft(), note)
                if self._note is None:
                    self._note = self._room.words(_report(job), self._size)
                self._changed.wait(_LOOK_SECONDS)
        return None

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
            worker = self._workers[number] = Worker(
                self._project, self._night, number, memory_mb=self._room.limit_mb
            )
            if self._stop.is_set():
                worker.kill()  # nobody else would: it came too late to be seen
        return worker


def _report(job: Job) -> str:
    return RunKey.from_stem(job.stem).report
