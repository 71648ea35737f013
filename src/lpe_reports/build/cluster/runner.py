"""Runs of one build sent to a Dask cluster, which decides where each runs and runs it again when
its worker is lost.
"""

import contextlib
import hashlib
import json
import queue
import secrets
import time
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

from distributed import Future, KilledWorker, as_completed

from lpe_reports.build.cluster import sameness
from lpe_reports.build.cluster.client import Cluster, wait_seconds
from lpe_reports.build.cluster.notebooks import (
    DifferentWorkerError,
    Notebooks,
    NotStartedError,
    run_notebook,
)
from lpe_reports.build.running.logs import clear_worker_logs
from lpe_reports.build.running.messages import Failed, Finished, Job, decode, encode
from lpe_reports.build.running.pool import Begun, Ended
from lpe_reports.build.runs import FailureKind
from lpe_reports.build.storing.store import notebook_path, write_whole
from lpe_reports.disclosure.decisions import decisions_path
from lpe_reports.errors import ClusterError
from lpe_reports.settings import Project
from lpe_reports.warehouse.nights.manifest import FILE as MANIFEST

# A failure to start says nothing about a notebook; no other failure is ever tried again.
_RETRIES = 1
_POLL_SECONDS = 0.1
_LOOK_SECONDS = 5.0
_REGISTER_TIMES = 3

Starts = queue.SimpleQueue[str]  # the runs that have begun, as workers tell it


class ClusterRunner:
    """Runs jobs on a cluster.

    Args:
        cluster: The cluster.
        project: The project, in a folder that the workers share.
        night: The extract that the runs read, by its day or the name of its folder.
    """

    def __init__(self, cluster: Cluster, project: Project, night: date | str) -> None:
        self._cluster = cluster
        self._project = project
        self._night = str(night)
        self._token = secrets.token_hex(8)
        root = hashlib.sha256(str(project.root).encode()).hexdigest()[:12]
        self._name = f"lpe-notebooks-{root}"

    def run(self, jobs: Sequence[Job]) -> Generator[Begun | Ended, None, None]:
        """Run all jobs; tells of each when it begins and when it ends, in the order it happens.

        Raises:
            ClusterError: The cluster is not as it must be, or was lost.
        """
        client = self._cluster.client
        clear_worker_logs(self._project)
        root = str(self._project.root)
        begun: Starts = queue.SimpleQueue()
        with self._shared_files() as files:
            wanted = sameness.describe(self._project, files)
            self._cluster.require_same(root, wanted)
            plugin = Notebooks(self._name, self._token, root, self._night, wanted)
            client.subscribe_topic(self._name, lambda event: self._hear(event[1], begun))
            sent = _Sent(self._cluster, self._project, jobs, begun)
            try:
                self._register(plugin)
                sent.send(self._name, self._token)
                yield from sent.events()
            finally:
                sent.take_back()
                self._leave()

    @contextlib.contextmanager
    def _shared_files(self) -> Iterator[list[str]]:
        """What every worker must see as it is: a file of this build, the night, decisions, params.

        Notebooks run by what params say now, and a machine may remember an older file of them.
        """
        # By a name that no machine can remember as missing; a killed build's is cleared away.
        proof = self._project.build / f".part-{self._token}"
        write_whole(proof, self._token.encode(), mode=0o600)
        night = self._project.extracts / self._night / MANIFEST
        places = [proof, night, decisions_path(self._project), self._project.params]
        try:
            yield [path.relative_to(self._project.root).as_posix() for path in places]
        finally:
            proof.unlink(missing_ok=True)

    def _register(self, plugin: Notebooks) -> None:
        for left in reversed(range(_REGISTER_TIMES)):
            try:
                self._cluster.ask(lambda: self._cluster.client.register_plugin(plugin))
            except ClusterError:
                # A worker may have been lost just now; the others have it all the same.
                if not left:
                    raise
            else:
                return

    def _hear(self, event: dict[str, str], begun: Starts) -> None:
        if event.get("token") == self._token:
            begun.put(event["stem"])

    def _leave(self) -> None:
        """Let the workers end their processes; where that cannot be said, they notice."""
        client = self._cluster.client
        if client.status != "running":
            return
        with contextlib.suppress(Exception):
            client.unsubscribe_topic(self._name)
            self._cluster.ask(lambda: client.unregister_worker_plugin(self._name))


class _Sent:
    """Jobs in the hands of the cluster."""

    def __init__(
        self, cluster: Cluster, project: Project, jobs: Sequence[Job], begun: Starts
    ) -> None:
        self._cluster = cluster
        self._project = project
        self._jobs = {job.stem: job for job in jobs}  # those that have not ended
        self._begun = begun
        self._starts: Counter[str] = Counter()
        self._since: dict[str, float] = {}
        self._futures: dict[str, Future[Any]] = {}
        self._again: set[str] = set()
        self._alive = time.monotonic()
        self._looked = time.monotonic()

    def send(self, plugin: str, token: str) -> None:
        """Send all jobs at once: Dask keeps what no worker has room for yet."""
        self._call: dict[str, Any] = {"plugin": plugin, "token": token}
        self._completed = as_completed(
            loop=self._cluster.client.loop, with_results=True, raise_errors=False
        )
        self._send(list(self._jobs.values()))

    def _send(self, jobs: Sequence[Job], attempt: str = "1") -> None:
        # One object per report, which is sent once and not with each of its runs.
        notebooks = {id(job.notebook): json.dumps(job.notebook).encode() for job in jobs}
        root = self._project.root
        lines = [
            encode(replace(job, notebook={}, folder=Path(job.folder).relative_to(root).as_posix()))
            for job in jobs
        ]
        group = f"{self._call['plugin']}-{self._call['token']}-{attempt}"
        futures = self._cluster.client.map(
            run_notebook,
            [notebooks[id(job.notebook)] for job in jobs],
            lines,
            key=[(group, job.stem) for job in jobs],
            pure=False,
            retries=_RETRIES,
            **self._call,
        )
        self._futures |= {job.stem: future for job, future in zip(jobs, futures, strict=True)}
        self._completed.update(futures)

    def events(self) -> Iterator[Begun | Ended]:
        """What happens to the jobs, as Dask tells it."""
        while self._jobs:
            # First, since the next begin where they have ended.
            ended = self._completed.next_batch(block=False)
            for future, result in ended:
                yield from self._end(future, result)
            yield from self._begins()
            if not ended:
                self._look()
                time.sleep(_POLL_SECONDS)

    def take_back(self) -> None:
        """Let Dask forget the jobs that have not ended; those that run are ended."""
        client = self._cluster.client
        if self._futures and client.status == "running":
            with contextlib.suppress(Exception):
                self._cluster.ask(lambda: client.cancel(list(self._futures.values())))
        self._futures.clear()

    def _begins(self) -> Iterator[Begun]:
        while True:
            try:
                stem = self._begun.get_nowait()
            except queue.Empty:
                return
            self._starts[stem] += 1
            yield from self._begin(stem)

    def _begin(self, stem: str) -> Iterator[Begun]:
        # Once, however often Dask runs it again because its worker was lost.
        if stem in self._jobs and stem not in self._since:
            self._since[stem] = time.monotonic()
            yield Begun(self._jobs[stem])

    def _end(self, future: Future[Any], result: Any) -> Iterator[Begun | Ended]:
        stem: str = cast(tuple[str, str], future.key)[1]
        if future.status == "finished":
            seconds, outcome = result[0], decode(result[1])
            assert isinstance(outcome, Finished | Failed)
        elif future.status == "error":
            if self._is_bystander(stem, result[1]):
                self._again.add(stem)
                self._send([self._jobs[stem]], attempt="2")
                return
            seconds = time.monotonic() - self._since.get(stem, time.monotonic())
            outcome = _failed(result[1])
        else:
            raise self._cluster.lost("the scheduler has gone, or has forgotten its tasks")
        if isinstance(outcome, Finished):
            self._await_notebook(outcome.notebook)
        yield from self._begin(stem)
        del self._futures[stem]
        yield Ended(self._jobs.pop(stem), outcome, seconds)

    def _is_bystander(self, stem: str, error: BaseException) -> bool:
        """Whether a job was only waiting on workers that others have killed; so once at most.

        Dask counts against all jobs that a worker holds, and not only against those that run.
        """
        return (
            isinstance(error, KilledWorker)
            and stem not in self._again
            and self._starts[stem] <= error.allowed_failures
        )

    def _await_notebook(self, key: str) -> None:
        path = notebook_path(self._project, key)
        until = time.monotonic() + sameness.LONGEST_SECONDS
        while not path.is_file():
            if time.monotonic() > until:
                raise ClusterError(
                    "a worker has put a notebook into build/store and this machine does not see "
                    "it; the workers must share this very folder (docs/cluster.md)"
                )
            time.sleep(_POLL_SECONDS)

    def _look(self) -> None:
        """See whether there is a cluster still, now and then."""
        if self._cluster.client.status != "running":
            raise self._cluster.lost("its scheduler does not answer")
        now = time.monotonic()
        if now - self._looked < _LOOK_SECONDS:
            return
        self._looked = now
        if self._cluster.threads():
            self._alive = now
        elif now - self._alive > wait_seconds():
            raise self._cluster.lost(f"it has had no worker for {wait_seconds():g} s")


def _failed(error: BaseException) -> Failed:
    """The outcome of a job that Dask gave up.

    Raises:
        ClusterError: It says nothing of the notebook.
    """
    if isinstance(error, KilledWorker):
        return Failed(FailureKind.DIED)
    if isinstance(error, NotStartedError):
        return Failed(FailureKind.NOT_STARTED, None, str(error) or None)
    if isinstance(error, DifferentWorkerError):
        raise ClusterError(f"a worker that came would not give the same pages: {error}")
    raise ClusterError(f"the cluster could not run a notebook ({type(error).__name__})")
