"""A worker process that outlives builds, for tests that are not about how workers begin and end.

A build starts a guard, a worker and a fork server for each of its jobs at a time, and ends them:
seconds of computing, where a tiny notebook takes a tenth of one. Here one worker runs the
notebooks of all builds of a test session, each in the environment of its own project. Papermill,
the forked process, its limits, what is stripped and stored are those of any build.
"""

import atexit
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from lpe_reports.build.forking.platform import can_fork
from lpe_reports.build.running.environment import run_environment
from lpe_reports.build.running.logs import clear_worker_logs
from lpe_reports.build.running.messages import Failed, Finished, Job, Started, decode, encode
from lpe_reports.build.running.pool import Begun, Ended
from lpe_reports.settings import Project, find_project

_END_SECONDS = 20


class KeptWorker:
    """The process; a notebook that ends it fails the test that runs it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Where a worker's own notebooks are told from what else this process has started.
            start_new_session=True,
        )
        atexit.register(self.close)

    def run(self, environment: Mapping[str, str], job: Job) -> Finished | Failed:
        """Run one notebook, which ends within its own budget."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(dict(environment)).encode() + b"\n" + encode(job))
        self._process.stdin.flush()
        for line in self._process.stdout:
            message = decode(line)
            if isinstance(message, Finished | Failed):
                return message
            assert isinstance(message, Started), message
        raise AssertionError(f"the kept worker ended in {job.stem}")

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """End it, and its fork server with it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


class _Runner:
    def __init__(self, project: Project, night: date | str) -> None:
        self._project = project
        self._night = night

    def run(self, jobs: Sequence[Job]) -> Generator[Begun | Ended, None, None]:
        clear_worker_logs(self._project)
        with tempfile.TemporaryDirectory(prefix="lpe-") as scratch:
            environment = run_environment(self._project, self._night, Path(scratch) / "worker")
            for job in jobs:
                yield Begun(job)
                began = time.monotonic()
                outcome = _worker().run(environment, job)
                yield Ended(job, outcome, time.monotonic() - began)


def kept_worker(project: Project, night: date | str) -> _Runner:
    """`Runners` whose notebooks run in the kept worker, one after the other."""
    return _Runner(project, night)


@cache
def _first() -> KeptWorker:
    return KeptWorker()


def _worker() -> KeptWorker:
    if not _first().alive:
        _first.cache_clear()  # a test before this one has ended it, and failed by that
    return _first()


def _serve() -> None:
    from lpe_reports.build.forking import engine as forking
    from lpe_reports.build.forking.processes import adopt_orphans
    from lpe_reports.build.running import engines, worker

    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    logging.basicConfig(level=logging.CRITICAL)
    if can_fork():
        adopt_orphans()
    engines.register()
    forking.register()
    reply = worker._Reply(replies)
    for line in sys.stdin.buffer:
        job = decode(next(sys.stdin.buffer))
        assert isinstance(job, Job)
        os.environ.clear()
        os.environ.update(json.loads(line))
        project = find_project()
        os.chdir(project.root)
        reply(worker._outcome(worker._Run(job, reply, project)))


if __name__ == "__main__":
    _serve()
