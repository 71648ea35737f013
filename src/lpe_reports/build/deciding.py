"""Deciding across pages, once all runs have run: what the pages together would give away is
hidden on those that show it, and they run again.

A decision is an input of the pages it names, so it is written before they run: a build that is
killed in between finds them to be run the next time.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from lpe_reports.build.hidden_before import hidden_before
from lpe_reports.build.looking import Look, Rules, look
from lpe_reports.build.planning import reasons
from lpe_reports.build.planning.plan import Plan
from lpe_reports.build.planning.tools import package_digest
from lpe_reports.build.planning.traces import read_trace, trace_path
from lpe_reports.build.runs import (
    ExecutedRun,
    FailureKind,
    PlannedRun,
    PlanStatus,
    RunFailure,
    RunKey,
    RunStatus,
)
from lpe_reports.build.storing.exposures import (
    exposure_path,
    has_exposure,
    remove_exposure,
)
from lpe_reports.build.storing.store import write_whole
from lpe_reports.disclosure.decisions import Across, Decisions, decisions_path, read_decisions
from lpe_reports.disclosure.groups import Group
from lpe_reports.errors import DisclosureError
from lpe_reports.settings import Project

if TYPE_CHECKING:
    from lpe_reports.disclosure.across import Found

# How often pages run again because of what others show, before those concerned fail.
ROUNDS = 3


@dataclass(frozen=True)
class Pages:
    """How pages are run again, and which stand as they were published.

    Fields:
        execute: Executes a plan's runs.
        keep: The runs, those that failed marked as kept where their page stays.
    """

    execute: Callable[[Plan], list[ExecutedRun]]
    keep: Callable[[Sequence[ExecutedRun]], list[ExecutedRun]]


def standing_decisions(project: Project, night: date) -> Decisions:
    """What must stay hidden on a night, before anything runs; writes nothing.

    Decisions for times that were not over lapse when the night changes, those for closed
    times stay as long as one of their pages is stored.
    """
    try:
        stored = read_decisions(project)
    except DisclosureError:
        # What was decided is found again: hidden in a kept version, or decided after the runs.
        stored = Decisions()
    kept, versions = hidden_before(project, stored)
    across = {
        key: each
        for key, each in stored.across.items()
        if each.open in (None, night.isoformat())
        and any(exposure_path(project, RunKey.from_stem(page)).is_file() for page in each.pages)
    }
    return replace(stored, across=across, kept=kept, versions=versions)


def write_decisions(project: Project, decisions: Decisions) -> None:
    """Put the decisions where pages read them, whole; the same are not written again."""
    path, data = decisions_path(project), decisions.to_json()
    if not path.is_file() or path.read_bytes() != data:
        write_whole(path, data, mode=0o600)


def decide(
    project: Project, plan: Plan, runs: Sequence[ExecutedRun], rules: Rules, pages: Pages
) -> list[ExecutedRun]:
    """The runs, none of whose pages gives away with others what one of them hides.

    Args:
        project: The project.
        plan: What was run, and the decisions that it was run under.
        runs: What came of it.
        rules: The region's decision.
        pages: How pages are run again.
    """
    settled = _Deciding(project, plan, rules, pages).settle(list(runs))
    return [_with_closed(run, plan.night) for run in settled]


def _with_closed(run: ExecutedRun, night: date) -> ExecutedRun:
    closed = (key for key in run.groups if Group.from_key(key).is_closed(night))
    return replace(run, closed=tuple(closed))


class _Deciding:
    def __init__(self, project: Project, plan: Plan, rules: Rules, pages: Pages) -> None:
        self._project = project
        self._plan = plan
        self._rules = rules
        self._pages = pages

    def settle(self, runs: list[ExecutedRun]) -> list[ExecutedRun]:
        decisions = self._plan.decisions
        rounds = 0
        # Each turn ends it, fails a page or runs some again: there are no more turns than that.
        for _ in range(ROUNDS + len(runs) + 1):
            pool = self._pool(runs)
            digest = _pool_digest(pool, self._rules)
            if digest == decisions.clean:
                break
            found = look(Look(self._project, pool, self._rules, decisions.kept))
            if not found.hide and not found.helpless:
                decisions = replace(decisions, clean=digest)
                break
            if found.helpless or rounds >= ROUNDS:
                # They leave the pool.
                runs = self._fail(runs, found.helpless or found.pages)
                continue
            rounds += 1
            decisions = _with_found(decisions, found, self._plan.night)
            write_decisions(self._project, decisions)
            runs = self._again(runs, decisions)
        else:
            raise DisclosureError(
                "pages that together give away what must be hidden could not be failed; nothing "
                "is published. `lpe build --fresh` makes all pages anew"
            )
        write_decisions(self._project, decisions)
        return runs

    def _pool(self, runs: Sequence[ExecutedRun]) -> dict[RunKey, tuple[str, bool]]:
        """The exposures of all pages of the version: digest, and whether it cannot change."""
        pool = {}
        for run in self._pages.keep(runs):
            kept = run.status is RunStatus.KEPT
            trace = read_trace(self._project, run.key) if kept else None
            digest = trace.exposure if trace else run.digests.get("exposure")
            if digest is not None and (not kept or has_exposure(self._project, run.key, digest)):
                pool[run.key] = (digest, kept)
        return pool

    def _again(self, runs: Sequence[ExecutedRun], decisions: Decisions) -> list[ExecutedRun]:
        """Run the pages again that do not hide yet what they must."""
        concerned = {
            run.key: run
            for run in runs
            if run.notebook
            and not decisions.by_page.get(run.key.file_stem, frozenset()) <= set(run.decided)
        }
        planned = tuple(_planned_again(run) for run in concerned.values())
        part = replace(
            self._plan, runs=planned, traces={}, refreshed=frozenset(), decisions=decisions
        )
        again = {run.key: run for run in self._pages.execute(part)}
        return [_merged(run, again.get(run.key)) for run in runs]

    def _fail(self, runs: Sequence[ExecutedRun], stems: frozenset[str]) -> list[ExecutedRun]:
        """The runs, with those failed whose pages would give something away."""
        reason = reasons.told()
        found = []
        for run in runs:
            if run.key.file_stem in stems and run.notebook:
                # So that it is looked at again the next night, whatever changes until then.
                trace_path(self._project, run.key).unlink(missing_ok=True)
                remove_exposure(self._project, run.key)
                message = f"{run.key}: {reason.text}"
                failure = RunFailure(FailureKind.TOLD, message, words=reason.words)
                run = ExecutedRun(run.run, RunStatus.FAILED, None, failure, run.seconds)
            found.append(run)
        return found


def _with_found(decisions: Decisions, found: "Found", night: date) -> Decisions:
    across = dict(decisions.across)
    for key, pages in found.hide.items():
        before = across[key].pages if key in across else ()
        until = None if Group.from_key(key).is_closed(night) else night.isoformat()
        across[key] = Across(tuple(sorted({*before, *pages})), until)
    return replace(decisions, across=across)


def _planned_again(run: ExecutedRun) -> PlannedRun:
    reason = reasons.DECIDED
    if run.status is RunStatus.BUILT:
        return run.run
    return replace(run.run, status=PlanStatus.CHANGED, reason=reason.text, words=reason.words)


def _merged(run: ExecutedRun, again: ExecutedRun | None) -> ExecutedRun:
    return run if again is None else replace(again, seconds=run.seconds + again.seconds)


def _pool_digest(pool: Mapping[RunKey, tuple[str, bool]], rules: Rules) -> str:
    """What the answer depends on: the exposures, the rules, and the code that looks."""
    told = sorted((key.file_stem, *facts) for key, facts in pool.items())
    text = repr((told, rules.threshold, rules.nesting, package_digest("disclosure")))
    return hashlib.sha256(text.encode()).hexdigest()
