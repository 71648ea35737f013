"""What is told of the runs of a build while they run: events, how far it is, the time left."""

import contextlib
from collections.abc import Sequence

from lpe_reports.build.running.costs import Cost, read_costs, write_costs
from lpe_reports.build.running.messages import Failed, Finished
from lpe_reports.build.running.pool import Begun, Ended
from lpe_reports.build.runs import ExecutedRun, PlannedRun
from lpe_reports.progress import Progress, RunEvent, TimeLeft
from lpe_reports.settings import Project


class Telling:
    """Tells of the runs that are executed, and keeps what they cost.

    Args:
        project: The project.
        progress: Who is told.
        runs: All that will be executed.
    """

    def __init__(self, project: Project, progress: Progress, runs: Sequence[PlannedRun]) -> None:
        self._project = project
        self._progress = progress
        self._running: list[str] = []
        self._seconds: dict[str, list[float]] = {}  # by report
        self._peaks: dict[str, int] = {}
        costs = read_costs(project)
        self._left = TimeLeft(
            {str(run.key): run.report for run in runs},
            {report: cost.seconds for report, cost in costs.items()},
        )
        progress.start("notebooks", len(runs))

    def began(self, run: PlannedRun, event: Begun) -> None:
        """A run begins."""
        if event.note:
            self._progress.note(event.note)
        self._left.begin(str(run.key))
        self._running.append(str(run.key))
        self._progress.tell(began(run))
        self._progress.running(self._running)

    def ended(self, run: ExecutedRun, event: Ended) -> None:
        """A run has ended."""
        report = run.run.report
        if isinstance(event.outcome, Finished):
            self._seconds.setdefault(report, []).append(event.seconds)
        self._keep_peak(report, event.outcome)
        self._left.end(str(run.key))
        self._running.remove(str(run.key))
        self._progress.tell(ended(run))
        if (left := self._left.seconds()) is not None:
            self._progress.left(left)
        self._progress.advance()
        self._progress.running(self._running)

    def close(self) -> None:
        """The last has ended, or the build is being stopped."""
        self._progress.done()
        found = {
            report: Cost(sum(took) / len(took), self._peaks.get(report, 0))
            for report, took in self._seconds.items()
        }
        # It only helps the next build; a full disk is told by what it harms.
        with contextlib.suppress(OSError):
            write_costs(self._project, found)

    def _keep_peak(self, report: str, outcome: Finished | Failed) -> None:
        self._peaks[report] = max(outcome.peak_bytes, self._peaks.get(report, 0))


def began(run: PlannedRun) -> RunEvent:
    """A run that begins."""
    return RunEvent(
        "run_began", run.report, run.unit, run.period.id, run.status.value, run.reason
    )  # fmt: skip


def reused(run: PlannedRun) -> RunEvent:
    """A run that is not run, since what is stored of it still holds."""
    return RunEvent("run_reused", run.report, run.unit, run.period.id, "reused", run.reason)


def ended(run: ExecutedRun) -> RunEvent:
    """A run that has ended, well or not."""
    planned, error = run.run, run.error
    return RunEvent(
        "run_ended",
        planned.report,
        planned.unit,
        planned.period.id,
        run.status.value,
        error.message.removeprefix(f"{run.key}: ") if error else planned.reason,
        round(run.seconds, 2),
        error.cell if error else None,
        error.kind.value if error else None,
    )
