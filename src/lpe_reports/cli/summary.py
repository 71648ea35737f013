"""What a build and a night say when they are over: to a person, and to a machine."""

import json
from typing import Any

from lpe_reports.build.forking.choice import engines_in_words
from lpe_reports.build.nightly import Build, Night
from lpe_reports.build.running.logs import log_path, notebook_path
from lpe_reports.build.runs import ExecutedRun, FailureKind, RunStatus
from lpe_reports.build.telling import ended
from lpe_reports.cli.taken_back import retracted_lines
from lpe_reports.progress import Progress
from lpe_reports.publish.pointer import pointer_in_words
from lpe_reports.settings import Project

_TOLD_ONE_BY_ONE = 3
# A template that one renderer does not honour can concern every page; build.json has them all.
_WARNINGS_TOLD = 5
# What a run fails of when its notebook has long ended.
_AFTERWARDS = (FailureKind.NOT_RENDERED, FailureKind.TOLD)


def build_text(project: Project, build: Build) -> str:
    """A build in a few lines: the failures, the counts, where the candidate is."""
    candidate = build.candidate
    return "\n".join(
        [
            *_failures(project, build),
            *retracted_lines(project),
            *_warnings(build),
            _counts(build),
            *_engines(build),
            *_renderer(build),
            f"candidate: {project.relative(candidate.folder)}; `lpe preview --candidate` serves "
            "it, `lpe publish` publishes it",
            _seconds(build.seconds),
        ]
    )


def night_text(project: Project, night: Night) -> str:
    """A night in a few lines: the failures, the counts, the version and how to open it."""
    version = night.version
    told = f"published version {version.id}: {version.megabytes} MB"
    if not night.new:
        told = f"nothing to publish: version {version.id} shows all of this already"
    return "\n".join(
        [
            *_failures(project, night.build),
            *retracted_lines(project),
            *_warnings(night.build),
            _counts(night.build),
            *_engines(night.build),
            *_renderer(night.build),
            told,
            *([night.pruned] if night.pruned else []),
            _seconds(night.seconds),
            how_to_open(project),
        ]
    )


def how_to_open(project: Project) -> str:
    """Where the site is, and how to look at it."""
    told = (
        f"the site: {project.relative(project.public)}/latest/index.html; `lpe preview` serves it "
        "on this machine, or open that file in a browser"
    )
    return "\n".join(filter(None, [told, pointer_in_words(project.public)]))


def tell_late_failures(progress: Progress, build: Build) -> None:
    """Tell of the runs that went well and failed afterwards, for what their pages show."""
    for run in build.failures:
        if run.error is not None and run.error.kind in _AFTERWARDS:
            progress.tell(ended(run))


def build_json(build: Build) -> str:
    """A build as one JSON object."""
    return json.dumps(_build_body(build), ensure_ascii=False)


def night_json(night: Night) -> str:
    """A night as one JSON object."""
    body = _build_body(night.build) | {
        "version": night.version.id,
        "new": night.new,
        "megabytes": night.version.megabytes,
        "pruned": night.pruned,
        "seconds": night.seconds,
    }
    return json.dumps(body, ensure_ascii=False)


def _build_body(build: Build) -> dict[str, Any]:
    return {
        "night": build.night.isoformat(),
        "pages": build.candidate.pages,
        "rendered": build.candidate.rendered,
        "counts": {status.value: build.count(status) for status in RunStatus},
        "hidden": build.hidden[0],
        "cells": build.hidden[1],
        "unmade": list(build.candidate.unmade),
        "warnings": {
            f"{address}.html": list(told) for address, told in build.candidate.warnings.items()
        },
        "runs": [_run_body(run) for run in build.runs],
        "seconds": build.seconds,
    }


def _run_body(run: ExecutedRun) -> dict[str, Any]:
    return {
        "report": run.run.report,
        "unit": run.run.unit,
        "period": run.run.period.id,
        "status": run.status.value,
        "reason": run.run.reason,
        "engine": run.engine.engine if run.engine else None,
        "error": run.error.message if run.error else None,
        "kept_from": run.kept.version if run.kept else None,
        "seconds": round(run.seconds, 2),
    }


def _failures(project: Project, build: Build) -> list[str]:
    """A line per failure, or one for many of a report that failed alike."""
    alike: dict[tuple[str, str, str], list[ExecutedRun]] = {}
    for run in build.failures:
        message = run.error.in_full.removeprefix(f"{run.key}: ") if run.error else ""
        page = f"page kept from version {run.kept.version}" if run.kept else "no page"
        alike.setdefault((run.run.report, message, page), []).append(run)
    told = []
    for (report, message, page), runs in alike.items():
        if len(runs) > _TOLD_ONE_BY_ONE:
            logs = project.relative(log_path(project, f"{report}.*"))
            told.append(f"failed: {report}, {len(runs)} runs: {message} ({page}; logs: {logs})")
            continue
        for run in runs:
            log = project.relative(log_path(project, run.key.file_stem))
            told.append(f"failed: {run.key}: {message} ({page}; private log: {log})")
    told += [f"not made: {address} (why stands above)" for address in build.candidate.unmade]
    return told + _kept_notebooks(project, build)


def _warnings(build: Build) -> list[str]:
    """What the renderer could not honour, in at most five lines, what most pages have first."""
    pages: dict[str, list[str]] = {}
    for address, told in sorted(build.candidate.warnings.items()):
        for warning in told:
            pages.setdefault(warning, []).append(f"{address}.html")
    ordered = sorted(pages.items(), key=lambda each: (-len(each[1]), each[0]))
    shown = ordered if len(ordered) <= _WARNINGS_TOLD else ordered[: _WARNINGS_TOLD - 1]
    lines = [
        f"warning: {warning} ({places[0]}"
        + (f" and {len(places) - 1} more pages)" if len(places) > 1 else ")")
        for warning, places in shown
    ]
    more = len(ordered) - len(shown)
    return lines + ([f"warning: {more} more kinds, all in build.json"] if more else [])


def _kept_notebooks(project: Project, build: Build) -> list[str]:
    """Where failed notebooks lie as far as they came, where any does."""
    paths = [notebook_path(project, run.key.file_stem) for run in build.failures]
    found = [path for path in paths if path.is_file()]
    if not found:
        return []
    return [
        "what failed notebooks had shown by then is beside their logs, for you alone since it can "
        f"hold patients' values: open {project.relative(found[0])} in JupyterLab"
    ]


def _engines(build: Build) -> list[str]:
    """How notebooks were run, where any was."""
    told = engines_in_words(run.engine for run in build.runs if run.engine)
    return [told] if told else []


def _renderer(build: Build) -> list[str]:
    """Which renderer made the pages, in the words that the status page has for it."""
    return [f"renderer: {build.candidate.note}"] if build.candidate.note else []


def _counts(build: Build) -> str:
    counts = ", ".join(
        f"{build.count(status)} {status}" for status in RunStatus if build.count(status)
    )
    return f"night {build.night}: {build.candidate.pages} pages ({counts}){_hidden(build)}"


def _hidden(build: Build) -> str:
    """How much of the protected tables is hidden; nothing where a build has none."""
    hidden, cells = build.hidden
    return f"; {hidden} of {cells} protected numbers hidden ({hidden / cells:.1%})" if cells else ""


def _seconds(seconds: dict[str, float]) -> str:
    steps = ", ".join(f"{step} {taken:.1f}" for step, taken in seconds.items())
    return f"{sum(seconds.values()):.1f} s ({steps})"
