"""From the plan to executed notebooks: what has to run is run, what still holds is reused."""

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace

from lpe_reports.build.forking.choice import Choice, choose_engine
from lpe_reports.build.planning import reasons
from lpe_reports.build.planning.notebooks import SourceNotebook
from lpe_reports.build.planning.plan import Plan, under_way
from lpe_reports.build.planning.tools import tool_versions
from lpe_reports.build.planning.traces import Trace, write_trace
from lpe_reports.build.running import executed
from lpe_reports.build.running.logs import clear_failure, clear_failures
from lpe_reports.build.running.messages import Failed, Finished, Job
from lpe_reports.build.running.pool import Begun, Ended
from lpe_reports.build.running.runners import Runners, run_here
from lpe_reports.build.runs import (
    ExecutedRun,
    FailureKind,
    PlannedRun,
    PlanStatus,
    RunFailure,
    RunKey,
    RunStatus,
)
from lpe_reports.build.storing.exposures import put_exposure
from lpe_reports.build.storing.store import notebook_path, put_notebook, require_writable
from lpe_reports.build.telling import Telling, reused
from lpe_reports.errors import DiskFullError
from lpe_reports.progress import Progress, Silent
from lpe_reports.settings import Project


def execute(
    project: Project,
    plan: Plan,
    *,
    jobs: int | None = None,
    runners: Runners | None = None,
    progress: Progress | None = None,
    close_source: str = executed.CLOSE_SOURCE,
) -> list[ExecutedRun]:
    """Execute the runs of a plan that are not current; returns all runs in the plan's order.

    A run that fails is an outcome like any other; the others go on.

    Args:
        project: The project.
        plan: What to run.
        jobs: How many notebooks run at a time on this machine; as many as there are processors
            when None.
        runners: Where they run instead.
        progress: Who is told how far it is.
        close_source: The code of the cell that is put after the last one.

    Raises:
        SettingsError: What comes of the runs could not be kept.
    """
    require_writable(project)
    outcomes = {
        run.key: _reuse(project, plan, run) for run in plan.runs if run.status is PlanStatus.CURRENT
    }
    clear_failures(project, {key.file_stem for key in outcomes})
    waiting = {run.key: run for run in plan.runs if run.status is not PlanStatus.CURRENT}
    progress = progress or Silent()
    for run in outcomes.values():
        progress.tell(reused(run.run))
    if waiting:
        execution = _Execution(project, plan, waiting, close_source)
        outcomes |= execution.run(runners or run_here(jobs), progress)
    return [outcomes[run.key] for run in plan.runs]


class _Execution:
    def __init__(
        self,
        project: Project,
        plan: Plan,
        waiting: Mapping[RunKey, PlannedRun],
        close_source: str,
    ) -> None:
        self._project = project
        self._plan = plan
        self._waiting = waiting
        # One per report, shared by its jobs: a job must cost little while it waits.
        self._prepared = {
            name: executed.prepare(notebook.document, close_source)
            for name, notebook in plan.notebooks.items()
        }
        self._engines: dict[str, Choice] = {
            name: choose_engine(notebook.document, plan.reports[name].engine)
            for name, notebook in plan.notebooks.items()
        }

    def run(self, runners: Runners, progress: Progress) -> dict[RunKey, ExecutedRun]:
        by_stem = {run.key.file_stem: run for run in self._waiting.values()}
        runner = runners(self._project, self._plan.extract or self._plan.night)
        todo = [self._job(run) for run in self._waiting.values()]
        outcomes: dict[RunKey, ExecutedRun] = {}
        telling = Telling(self._project, progress, list(self._waiting.values()))
        try:
            with closing(runner.run(todo)) as events:
                for event in events:
                    run = by_stem[event.job.stem]
                    if isinstance(event, Begun):
                        telling.began(run, event)
                    else:
                        outcomes[run.key] = self._outcome(run, event)
                        telling.ended(outcomes[run.key], event)
        finally:
            telling.close()
        return outcomes

    def _job(self, run: PlannedRun) -> Job:
        notebook = self._plan.notebooks[run.report]
        return Job(
            stem=run.key.file_stem,
            notebook=self._prepared[run.report],
            parameters=run.parameters,
            folder=str(notebook.path.parent),
            timeout_seconds=self._plan.reports[run.report].timeout_seconds,
            engine=self._engines[run.report].name,
        )

    def _outcome(self, run: PlannedRun, event: Ended) -> ExecutedRun:
        engine = self._engines[run.report]
        if isinstance(event.outcome, Finished):
            clear_failure(self._project, run.key.file_stem)
            return replace(self._built(run, event.outcome, event.seconds), engine=engine)
        failure = _failure(run, event.outcome, event.job.timeout_seconds)
        return ExecutedRun(run, RunStatus.FAILED, None, failure, event.seconds, engine=engine)

    def _built(self, run: PlannedRun, finished: Finished, seconds: float) -> ExecutedRun:
        notebook = self._plan.notebooks[run.report]
        record = finished.trace.get("exposure") or {}
        hidden, cells = record.get("lost", (0, 0))
        # It ran under these; one whose group it does not have (it may have become coarser
        # because of it) binds it all the same.
        named = self._plan.decisions.by_page.get(run.key.file_stem, frozenset())
        trace = Trace(
            notebook=finished.notebook,
            code_digest=notebook.code_digest,
            prose_digest=notebook.prose_digest,
            parameters=dict(run.parameters),
            under_way=under_way(run.period, self._plan.night),
            params=finished.trace.get("params", {}),
            modules=finished.trace.get("modules", {}),
            tools=tool_versions(),
            questions=tuple(finished.trace.get("questions", [])),
            seconds=round(seconds, 2),
            # Before the trace, which vouches for it.
            exposure=put_exposure(self._project, run.key, record) if record else None,
            decided=tuple(sorted(named.union(record.get("decided", ())))),
            groups=tuple(sorted(k for k, v in record.get("cells", {}).items() if v is None)),
            lost=(hidden, cells),
            manifest=str(finished.trace.get("manifest", "")),
        )
        write_trace(self._project, run.key, trace)
        path = notebook_path(self._project, trace.notebook)
        return _with_trace(ExecutedRun(run, RunStatus.BUILT, path, None, seconds), trace)


def _reuse(project: Project, plan: Plan, run: PlannedRun) -> ExecutedRun:
    trace, source = plan.traces[run.key], plan.notebooks[run.report]
    if trace.prose_digest != source.prose_digest:
        trace = _with_new_prose(project, trace, source)
        write_trace(project, run.key, trace)
    elif run.key in plan.refreshed:
        write_trace(project, run.key, trace)
    path = notebook_path(project, trace.notebook)
    return _with_trace(ExecutedRun(run, RunStatus.REUSED, path), trace)


def _with_new_prose(project: Project, trace: Trace, source: SourceNotebook) -> Trace:
    stored = json.loads(notebook_path(project, trace.notebook).read_bytes())
    renewed = executed.with_prose(stored, source.document)
    key = put_notebook(project, executed.stable_bytes(renewed))
    return replace(trace, notebook=key, prose_digest=source.prose_digest)


def _with_trace(run: ExecutedRun, trace: Trace) -> ExecutedRun:
    digests = {
        "notebook": trace.notebook,
        "code": trace.code_digest,
        "answers": trace.answers_digest,
    }
    if trace.exposure is not None:
        digests["exposure"] = trace.exposure
    hidden, cells = trace.lost
    return replace(
        run,
        digests=digests,
        decided=trace.decided,
        groups=trace.groups,
        hidden=hidden,
        cells=cells,
    )


def _failure(run: PlannedRun, failed: Failed, timeout_seconds: float) -> RunFailure:
    kind, cell, error_class = FailureKind(failed.kind), failed.cell, failed.error_class
    match kind:
        case FailureKind.RAISED:
            reason = reasons.raised(cell, error_class)
        case FailureKind.UNFINISHED:
            reason = reasons.unfinished(cell, error_class)
        case FailureKind.TIMED_OUT:
            reason = reasons.timed_out(cell, timeout_seconds)
        case FailureKind.TOO_MUCH_MEMORY:
            reason = reasons.too_much_memory(cell)
        case FailureKind.TOO_MUCH_OUTPUT:
            reason = reasons.too_much_output(cell)
        case FailureKind.FOREIGN:
            reason = reasons.foreign(cell)
        case FailureKind.NO_ROWS:
            reason = reasons.no_rows(failed.tables)
        case FailureKind.DISK_FULL:
            raise DiskFullError("build/store")
        case FailureKind.NOT_RENDERED:
            reason = reasons.not_rendered()
        case FailureKind.TOLD:
            reason = reasons.told()
        case FailureKind.NOT_STARTED:
            reason = reasons.not_started()
        case FailureKind.DIED:
            reason = reasons.died(cell, error_class)
    message = f"{run.key}: {reason.text}"
    return RunFailure(kind, message, cell, error_class, reason.words, failed.text)
