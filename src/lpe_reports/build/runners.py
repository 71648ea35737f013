"""Where the notebooks of a build run, and what every such place gives: runs that begin and end."""

from collections.abc import Callable, Generator, Sequence
from datetime import date
from typing import Protocol

from lpe_reports.build.messages import Job
from lpe_reports.build.pool import Begun, Ended, Pool
from lpe_reports.settings import Project


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
