"""The plan: which runs a night has, which of them have to run, and why."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date

from lpe_reports.build.planning import reasons
from lpe_reports.build.planning.holding import Evidence, Holder
from lpe_reports.build.planning.notebooks import SourceNotebook, check_parameters, read_notebook
from lpe_reports.build.planning.reasons import Reason
from lpe_reports.build.planning.selection import Selection, Target, select_targets
from lpe_reports.build.planning.traces import NoTrace, Trace, find_trace
from lpe_reports.build.runs import PlannedRun, PlanStatus, RunKey
from lpe_reports.build.storing.exposures import has_exposure
from lpe_reports.build.storing.store import has_notebook
from lpe_reports.disclosure.decisions import Decisions
from lpe_reports.params.reports import Report
from lpe_reports.periods import Period
from lpe_reports.settings import Project

_SHARE = 50  # how many runs' files a thread looks at in one go


@dataclass(frozen=True)
class Plan:
    """All runs of a build, with what they need to be executed or reused."""

    night: date
    runs: tuple[PlannedRun, ...]
    reports: Mapping[str, Report]
    notebooks: Mapping[str, SourceNotebook]  # by report
    traces: Mapping[RunKey, Trace] = field(default_factory=dict)  # of the current runs
    # Current runs whose traces are to be written again: another manifest, the same answers.
    refreshed: frozenset[RunKey] = frozenset()
    # The extract's folder, where a day has more than one: the runs read this one and no other.
    extract: str | None = None
    decisions: Decisions = field(default_factory=Decisions)  # in force when the runs begin

    def count(self, status: PlanStatus) -> int:
        """How many runs have a status."""
        return sum(run.status is status for run in self.runs)


def make_plan(
    project: Project,
    reports: Mapping[str, Report],
    night: date,
    evidence: Callable[[], Evidence],
    selection: Selection | None = None,
    *,
    fresh: bool = False,
    decisions: Decisions | None = None,
) -> Plan:
    """Decide for every selected run whether it is new, changed or current, and say why.

    Args:
        project: The project.
        reports: Its reports.
        night: The extract that the runs read.
        evidence: Gives how things stand now; called once, and not at all when every run is new.
        selection: What the command line asks for; everything when not given.
        fresh: Run everything that is selected, whatever the traces say.
        decisions: What must stay hidden, decided outside the pages; nothing when not given.

    Raises:
        UsageError: The selection names what does not exist.
        NotebookError: A notebook of a selected report cannot be run as it is written.
    """
    targets = select_targets(reports, night, selection or Selection())
    chosen = {target.report.id: target.report for target in targets}
    notebooks = {name: read_report_notebook(project, report) for name, report in chosen.items()}
    decided = decisions or Decisions()
    decider = _Decider(project, notebooks, evidence, night, fresh, decided)
    return Plan(
        night,
        decider.decide(targets),
        chosen,
        notebooks,
        decider.traces,
        frozenset(decider.refreshed),
        decisions=decided,
    )


def read_report_notebook(project: Project, report: Report) -> SourceNotebook:
    """A report's notebook, checked together with the parameters that the report gives it.

    Raises:
        NotebookError: Names the notebook and what is wrong.
    """
    notebook = read_notebook(project.root / report.notebook, project)
    check_parameters(notebook, report.parameters, given_by=f"params/reports/{report.id}.yml")
    return notebook


def under_way(period: Period, night: date) -> str | None:
    """The night, where a period is not over on it: what is shown then depends on the day."""
    return None if period.is_over(night) else night.isoformat()


class _Decider:
    def __init__(
        self,
        project: Project,
        notebooks: Mapping[str, SourceNotebook],
        evidence: Callable[[], Evidence],
        night: date,
        fresh: bool,
        decisions: Decisions,
    ) -> None:
        self._project = project
        self._notebooks = notebooks
        self._make_evidence = evidence
        self._fresh = fresh
        self._decisions = decisions
        self._night = night
        self.traces: dict[RunKey, Trace] = {}
        self.refreshed: set[RunKey] = set()

    def decide(self, targets: Sequence[Target]) -> tuple[PlannedRun, ...]:
        """Decide for every target, in their order."""
        runs = [self._run(target) for target in targets]
        found = [find_trace(self._project, run.key) for run in runs]
        traces = {
            run.key: trace
            for run, trace in zip(runs, found, strict=True)
            if isinstance(trace, Trace)
        }
        whole = set() if self._fresh else self._whole(traces)
        holder = Holder(self._make_evidence(), self._decisions) if whole else None
        return tuple(
            self._decide(run, trace, holder if run.key in whole else None)
            for run, trace in zip(runs, found, strict=True)
        )

    def _run(self, target: Target) -> PlannedRun:
        report = target.report
        parameters = {**report.parameters, "unit": target.unit, "period": target.period.id}
        return PlannedRun(report.id, target.unit, target.period, parameters, PlanStatus.NEW, "")

    def _whole(self, traces: Mapping[RunKey, Trace]) -> set[RunKey]:
        """The runs of which all that is stored is whole."""

        def is_whole(key: RunKey) -> bool:
            trace = traces[key]
            if not has_notebook(self._project, trace.notebook):
                return False
            return has_exposure(self._project, key, trace.exposure)

        # Hashing leaves the interpreter to the others, so it takes all processors.
        keys = list(traces)
        shares = [keys[start : start + _SHARE] for start in range(0, len(keys), _SHARE)]
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
            found = threads.map(lambda share: [key for key in share if is_whole(key)], shares)
            return {key for share in found for key in share}

    def _decide(self, run: PlannedRun, trace: Trace | NoTrace, holder: Holder | None) -> PlannedRun:
        if isinstance(trace, NoTrace):
            return _decided(run, PlanStatus.NEW, _WITHOUT_TRACE[trace])
        if self._fresh:
            return _decided(run, PlanStatus.CHANGED, reasons.FRESH)
        if holder is None:
            return _decided(run, PlanStatus.NEW, reasons.DAMAGED)
        return self._hold_against_now(run, trace, holder)

    def _hold_against_now(self, run: PlannedRun, trace: Trace, holder: Holder) -> PlannedRun:
        notebook = self._notebooks[run.report]
        verdict = holder.check(
            trace,
            code_digest=notebook.code_digest,
            parameters=run.parameters,
            under_way=under_way(run.period, self._night),
            page=run.key.file_stem,
        )
        if not verdict.current:
            return _decided(run, PlanStatus.CHANGED, reasons.joined(verdict.reasons))
        self.traces[run.key] = verdict.trace
        why = [reasons.UNCHANGED]
        if verdict.trace is not trace:
            self.refreshed.add(run.key)
        if verdict.asked_again:
            why = [reasons.asked_again(verdict.asked_again)]
        if trace.prose_digest != notebook.prose_digest:
            why = [reasons.PROSE, *(why if verdict.asked_again else [])]
        return _decided(run, PlanStatus.CURRENT, reasons.joined(why))


_WITHOUT_TRACE = {
    NoTrace.NEVER_RUN: reasons.NEVER_RUN,
    NoTrace.DAMAGED: reasons.DAMAGED,
    NoTrace.OLDER: reasons.OLDER,
}


def _decided(run: PlannedRun, status: PlanStatus, reason: Reason) -> PlannedRun:
    return replace(run, status=status, reason=reason.text, words=reason.words)
