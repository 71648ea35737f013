"""A worker process: takes one notebook after another on its standard input and runs it.

Started as `python -m lpe_reports.build.worker LOG` with the environment of the runs. Its
replies go to its standard output; whatever anything else writes goes to the private log LOG.
When its input ends, because the build is over or was killed, it takes its kernel with it.
"""

import copy
import logging
import os
import queue
import sys
import threading
from typing import Any, BinaryIO

import psutil
from nbclient.exceptions import DeadKernelError
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook

from lpe_reports.build import engines, executed
from lpe_reports.build.forking import engine as forking
from lpe_reports.build.logs import write_failure
from lpe_reports.build.messages import Failed, Finished, Job, Message, Started, decode, encode
from lpe_reports.build.runs import FailureKind
from lpe_reports.build.store import put_notebook
from lpe_reports.build.stripping import ForeignOutputError, only_shown
from lpe_reports.errors import NoRowsError, is_disk_full
from lpe_reports.settings import Project, find_project

_KERNEL_START_SECONDS = 60


class _Run:
    """One notebook being run."""

    def __init__(self, job: Job, reply: "_Reply") -> None:
        self.job = job
        self.reply = reply
        self.current: str | None = None  # id of the cell that runs
        self.seen: list[Any] = []  # the notebook as papermill holds it
        self.prepared = copy.deepcopy(dict(job.notebook))

    def cell_started(self, cell_id: str) -> None:
        first = self.current is None
        self.current = cell_id
        # The kernel's process is told once, so that the build can end it if this one dies.
        children = [p.pid for p in psutil.Process().children(recursive=True)] if first else []
        self.reply(Started(self._number(cell_id), tuple(children)))

    def execute(self, project: Project) -> Finished | Failed:
        import nbformat

        problem: BaseException | None = None
        try:
            execute_notebook(
                nbformat.from_dict(self.prepared),  # type: ignore[no-untyped-call]
                None,
                parameters=dict(self.job.parameters),
                engine_name=self.job.engine,
                kernel_name="python3",
                request_save_on_cell_execute=False,
                progress_bar=False,
                start_timeout=_KERNEL_START_SECONDS,
                cwd=self.job.folder,
                lpe_cell_started=self.cell_started,
                lpe_notebook=self.seen,
            )
        # Whatever goes wrong in a run is that run's failure; the worker goes on to the next.
        except Exception as error:
            problem = error
        notebook = self._notebook()
        failed = problem is not None or any(executed.errors_in(notebook))
        trace = None if failed else executed.take_trace(notebook)
        if trace is not None:
            try:
                kept = only_shown(notebook)
            except ForeignOutputError as error:
                problem = error
            else:
                return Finished(put_notebook(project, executed.stable_bytes(kept)), trace)
        write_failure(project, self.job.stem, notebook, problem)
        return self._failure(notebook, problem)

    def _notebook(self) -> executed.Notebook:
        notebook = self.seen[0] if self.seen else self.prepared
        return dict(copy.deepcopy(notebook))

    def _failure(self, notebook: executed.Notebook, problem: BaseException | None) -> Failed:
        if tables := executed.tables_without_rows(notebook):
            return Failed(FailureKind.NO_ROWS, None, NoRowsError.__name__, tables)
        if isinstance(problem, ForeignOutputError):
            return Failed(FailureKind.FOREIGN, self._number(problem.cell_id))
        for cell_id, error_class, _ in executed.errors_in(notebook):
            kind = FailureKind.UNFINISHED if error_class == "SystemExit" else FailureKind.RAISED
            return Failed(kind, self._number(cell_id), _plain_name(error_class))
        cell = self._number(self.current) if self.current else None
        if problem is None:
            return Failed(FailureKind.UNFINISHED)
        if self.current is None:
            return Failed(FailureKind.NOT_STARTED, None, type(problem).__name__)
        if isinstance(problem, DeadKernelError | PapermillExecutionError):
            return Failed(FailureKind.DIED, cell)
        return Failed(FailureKind.DIED, cell, type(problem).__name__)

    def _number(self, cell_id: str) -> int | None:
        return executed.failing_cell(self.prepared, cell_id)


class _Reply:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def __call__(self, message: Message) -> None:
        self._stream.write(encode(message))
        self._stream.flush()


def _plain_name(error_class: str) -> str | None:
    """An error's class name, unless it was made up of something that is none."""
    return error_class if error_class.isidentifier() and len(error_class) <= 60 else None


def _read_jobs(stream: BinaryIO, jobs: "queue.Queue[Job]") -> None:
    for line in stream:
        job = decode(line)
        if isinstance(job, Job):
            jobs.put(job)
    # The build has gone, or needs this worker no more: nothing may be left running.
    for child in psutil.Process().children(recursive=True):
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
    engines.register()
    forking.register()
    project = find_project()
    jobs: queue.Queue[Job] = queue.Queue()
    threading.Thread(target=_read_jobs, args=(sys.stdin.buffer, jobs), daemon=True).start()
    while True:
        reply(_outcome(_Run(jobs.get(), reply), project))


def _outcome(run: _Run, project: Project) -> Finished | Failed:
    try:
        return run.execute(project)
    except OSError as error:
        if is_disk_full(error):
            return Failed(FailureKind.DISK_FULL, None, type(error).__name__)
        raise


if __name__ == "__main__":
    main(sys.argv[1])
