"""A worker process: takes one notebook after another on its standard input and runs it.

Begins in the process of its guard, with the environment of the runs. Its replies go to its
standard output; whatever anything else writes goes to a private log. When its input ends, because
the build is over or was killed, it takes its kernel with it; where there is a guard, that sees to
it as well.
"""

import contextlib
import copy
import logging
import os
import queue
import sys
import threading
from typing import Any, BinaryIO

import psutil

from lpe_reports.build.forking import engine as forking
from lpe_reports.build.forking.platform import can_fork
from lpe_reports.build.forking.processes import adopt_orphans
from lpe_reports.build.running import engines, executed, outcomes
from lpe_reports.build.running.environment import own_folders
from lpe_reports.build.running.logs import clear_failure, write_failure, write_notebook
from lpe_reports.build.running.messages import (
    Failed,
    Finished,
    Job,
    Message,
    Started,
    decode,
    encode,
)
from lpe_reports.build.running.stripping import ForeignOutputError, only_shown
from lpe_reports.build.running.watching import Watch
from lpe_reports.build.runs import FailureKind
from lpe_reports.build.storing.store import put_notebook
from lpe_reports.errors import is_disk_full
from lpe_reports.settings import Project, find_project

_KERNEL_START_SECONDS = 60


class _Run:
    """One notebook being run."""

    def __init__(self, job: Job, reply: "_Reply", project: Project) -> None:
        self.job = job
        self.reply = reply
        self.current: str | None = None  # id of the cell that runs
        self.seen: list[Any] = []  # the notebook as papermill holds it
        self.prepared = copy.deepcopy(dict(job.notebook))
        self._project = project
        self._kernel = job.engine == engines.KERNEL
        self._watch = Watch(job.timeout_seconds, self._save, kernel=self._kernel)

    def cell_started(self, cell_id: str) -> None:
        first = self.current is None
        self.current = cell_id
        self._watch.cell_begins(first=first)
        self.reply(Started(executed.failing_cell(self.prepared, cell_id), self._processes(first)))

    def _save(self) -> None:
        write_notebook(self._project, self.job.stem, self._notebook())

    def _processes(self, first: bool) -> tuple[int, ...]:
        """The notebook's, told once where no guard could end them in place of this process."""
        if not first or can_fork():
            return ()
        return tuple(p.pid for p in psutil.Process().children(recursive=True))

    def execute(self) -> Finished | Failed:
        clear_failure(self._project, self.job.stem)
        problem = self._run()
        notebook = self._notebook()
        failed = problem is not None or any(executed.errors_in(notebook))
        trace = None if failed else executed.take_trace(notebook)
        if trace is not None:
            try:
                kept = only_shown(notebook)
            except ForeignOutputError as error:
                problem = error
            else:
                key = put_notebook(self._project, executed.stable_bytes(kept))
                return Finished(key, trace, self._watch.peak_bytes)
        failed_as = outcomes.failure(
            self.job, self.prepared, notebook, problem, self.current, self._watch, self._project
        )
        said = ""
        if self._watch.ended_for is not None:
            said, problem = outcomes.in_a_line(failed_as), None  # it only tells of the end
        write_failure(self._project, self.job.stem, notebook, problem, said)
        return failed_as

    def _run(self) -> BaseException | None:
        try:
            # Outside of what ends all that the notebook has started, so that nobody writes there.
            with own_folders(), self._watch:
                engines.execute_in_memory(
                    self.prepared,
                    engine_name=self.job.engine,
                    folder=self.job.folder,
                    parameters=self.job.parameters,
                    start_timeout=_KERNEL_START_SECONDS,
                    lpe_cell_started=self.cell_started,
                    lpe_notebook=self.seen,
                )
        # Whatever goes wrong in a run is that run's failure; the worker goes on to the next.
        except Exception as error:
            return error
        return None

    def _notebook(self) -> executed.Notebook:
        notebook = self.seen[0] if self.seen else self.prepared
        return dict(copy.deepcopy(notebook))


class _Reply:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def __call__(self, message: Message) -> None:
        self._stream.write(encode(message))
        self._stream.flush()


def _read_jobs(stream: BinaryIO, jobs: "queue.Queue[Job]") -> None:
    for line in stream:
        job = decode(line)
        if isinstance(job, Job):
            jobs.put(job)
    # The build has gone, or needs this worker no more: nothing may be left running.
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):  # it may have ended with the one before
            child.kill()
    os._exit(0)


def main(log: str) -> None:
    """Run notebooks until the input ends."""
    reply = _Reply(os.fdopen(os.dup(1), "wb"))
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    logging.basicConfig(level=logging.ERROR)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    if can_fork():
        adopt_orphans()
    engines.register()
    forking.register()
    project = find_project()
    # Its own folder is nobody's: a notebook may remove the one that it runs in.
    os.chdir(project.root)
    jobs: queue.Queue[Job] = queue.Queue()
    threading.Thread(target=_read_jobs, args=(sys.stdin.buffer, jobs), daemon=True).start()
    while True:
        reply(_outcome(_Run(jobs.get(), reply, project)))


def _outcome(run: _Run) -> Finished | Failed:
    try:
        return run.execute()
    except OSError as error:
        if is_disk_full(error):
            return Failed(FailureKind.DISK_FULL, None, type(error).__name__)
        raise
