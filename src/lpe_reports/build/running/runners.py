"""Where the notebooks of a build run, and what every such place gives: runs that begin and end."""

import importlib.util
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Protocol

from lpe_reports.build.running.messages import Job
from lpe_reports.build.running.pool import Begun, Ended, Pool
from lpe_reports.errors import UsageError
from lpe_reports.settings import Project

# Looked at before a build, which asks for the cluster only when there is something to run.
_ADDRESS = re.compile(r"([a-z]+://)?[^\s/]+:\d+")


class Runner(Protocol):
    """What runs the jobs of one build."""

    def run(self, jobs: Sequence[Job]) -> Generator[Begun | Ended, None, None]:
        """Run all jobs; tells of each when it begins and when it ends, in the order it happens.

        Closing the generator before its end leaves no notebook running.
        """
        ...


# The runner for a project and the extract that the runs read, by its day or folder's name.
Runners = Callable[[Project, str | date], Runner]


def run_here(jobs: int | None = None) -> Runners:
    """Runners on this machine.

    Args:
        jobs: How many notebooks run at a time; as many as there are processors when None.
    """
    return lambda project, night: Pool(project, night, jobs)


@contextmanager
def open_runners(executor: str, jobs: int | None = None) -> Iterator[Runners]:
    """The runners that a command line asks for, for as long as its build is on.

    Args:
        executor: `local` or `dask:ADDRESS`.
        jobs: How many notebooks run at a time on this machine.

    Raises:
        UsageError: There is no such executor, or it is not installed.
    """
    if executor == "local":
        yield run_here(jobs)
        return
    scheme, _, address = executor.partition(":")
    if scheme != "dask" or not _ADDRESS.fullmatch(address):
        raise UsageError(
            f"there is no executor '{executor}'; there are: local, and dask:ADDRESS for a Dask "
            "scheduler, like dask:tcp://HOST:8786"
        )
    if jobs is not None:
        raise UsageError(
            "--jobs is for --executor local; a cluster runs as many notebooks at a time as its "
            "workers have threads"
        )
    if importlib.util.find_spec("distributed") is None:
        raise UsageError(
            "--executor dask needs Dask, which is not installed here; `make cluster` installs it "
            "(pip: lpe-reports[dask])"
        )
    from lpe_reports.build.cluster.client import Cluster
    from lpe_reports.build.cluster.runner import ClusterRunner

    with Cluster(address) as cluster:
        yield lambda project, night: ClusterRunner(cluster, project, night)
