"""Traces: what each run read and depended on, kept beside its notebook, so that nobody has to
declare a dependency and nobody can forget one.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from lpe_reports.build import reasons
from lpe_reports.build.reasons import Reason
from lpe_reports.build.runs import RunKey
from lpe_reports.build.store import write_whole
from lpe_reports.build.tools import module_digest
from lpe_reports.disclosure.decisions import Decisions
from lpe_reports.settings import Project

FORMAT = 2

Question = Mapping[str, Any]


class Evidence(Protocol):
    """How things stand now: what a trace is held against."""

    def params_digest(self, entry: str) -> str | None:
        """The digest of an entry of params; None when there is no such entry any more."""

    def parts_digest(self, question: Question) -> str:
        """The digest of the manifest's entries that a question matches; reads no data."""

    def answer_digest(self, question: Question) -> str | None:
        """The digest of a question's answer, asked again; None when it cannot be asked now."""


@dataclass(frozen=True)
class Trace:
    """What one run depended on, as it was when it ran."""

    notebook: str  # key of the executed notebook in the store
    code_digest: str
    prose_digest: str
    parameters: Mapping[str, Any]
    under_way: str | None  # the night, where the period was not over; it decides what is shown
    params: Mapping[str, str]  # entries of params that were read → digest
    modules: Mapping[str, str]  # modules of the package that were imported → digest
    tools: Mapping[str, str]
    questions: tuple[Question, ...]  # in the order they were asked
    seconds: float
    exposure: str | None = None  # SHA-256 of what the page lets an outsider know
    decided: tuple[str, ...] = ()  # groups that it hides because of a decision
    groups: tuple[str, ...] = ()  # all groups that it hides, whatever the reason
    lost: tuple[int, int] = (0, 0)  # hidden cells, and all cells of its protected tables

    @property
    def answers_digest(self) -> str:
        """One digest of everything that was read."""
        answers = [question["answer_digest"] for question in self.questions]
        return _digest(answers)


@dataclass(frozen=True)
class Verdict:
    """Whether a run still holds, and why not; `trace` is the one to keep when it does."""

    reasons: tuple[Reason, ...]  # empty: nothing it read has changed
    trace: Trace
    asked_again: int = 0

    @property
    def current(self) -> bool:
        return not self.reasons


def check_trace(
    trace: Trace,
    *,
    code_digest: str,
    parameters: Mapping[str, Any],
    under_way: str | None,
    tools: Mapping[str, str],
    evidence: Evidence,
    hidden: Decisions | None = None,
    page: str = "",
) -> Verdict:
    """Hold a trace against how things stand now, cheapest first; data is read last, if at all.

    Args:
        trace: What the run depended on.
        code_digest: Of the notebook's code now.
        parameters: What the run would be given now.
        under_way: The night, where the period is not over on it.
        tools: The versions of the tools now.
        evidence: How data and params stand now.
        hidden: What has been decided outside the page.
        page: The name that decisions know the page by.
    """
    found = _against_decisions(trace, hidden or Decisions(), page)
    if trace.code_digest != code_digest:
        found.append(reasons.CODE)
    if names := _differing(trace.parameters, parameters):
        found.append(reasons.parameters_changed(names))
    if trace.under_way != under_way:
        found.append(reasons.PERIOD)
    for name in _differing(trace.tools, tools):
        before, now = trace.tools.get(name, "missing"), tools.get(name, "missing")
        found.append(reasons.tool_changed(name, before, now))
    if names := _differing(trace.modules, {name: module_digest(name) for name in trace.modules}):
        found.append(reasons.modules_changed(names))
    if names := _differing(trace.params, {e: evidence.params_digest(e) for e in trace.params}):
        found.append(reasons.params_changed(names))
    return Verdict(tuple(found), trace) if found else _check_questions(trace, evidence)


def _against_decisions(trace: Trace, hidden: Decisions, page: str) -> list[Reason]:
    found = []
    if not hidden.by_page.get(page, frozenset()) <= set(trace.decided):
        found.append(reasons.DECIDED)
    if not all(hidden.stands(key) for key in trace.decided):
        found.append(reasons.LAPSED)
    return found


def _check_questions(trace: Trace, evidence: Evidence) -> Verdict:
    questions: list[Question] = []
    again = 0
    for question in trace.questions:
        parts = evidence.parts_digest(question)
        if parts != question["parts_digest"]:
            again += 1
            # One other answer is enough; asking on would only read data that the run reads anew.
            if evidence.answer_digest(question) != question["answer_digest"]:
                return Verdict((reasons.answer_changed(str(question["table"])),), trace, again)
        questions.append({**question, "parts_digest": parts})
    return Verdict((), replace(trace, questions=tuple(questions)) if again else trace, again)


def read_trace(project: Project, key: RunKey) -> Trace | None:
    """The trace of a run; None when there is none, or one that is cut, damaged or of old form."""
    try:
        body = json.loads(trace_path(project, key).read_bytes())
        if body.pop("digest") != _digest(body) or body.pop("format") != FORMAT:
            return None
        hidden, cells = body["lost"]
        lists = {name: tuple(body[name]) for name in ("questions", "decided", "groups")}
        return Trace(**{**body, **lists, "lost": (int(hidden), int(cells))})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_trace(project: Project, key: RunKey, trace: Trace) -> None:
    """Keep the trace of a run, whole or not at all."""
    body = asdict(trace) | {"format": FORMAT, "questions": list(trace.questions)}
    body["digest"] = _digest(body)
    data = json.dumps(body, ensure_ascii=False, indent=1).encode()
    write_whole(trace_path(project, key), data, mode=0o600)


def trace_path(project: Project, key: RunKey) -> Path:
    """Where the trace of a run lies, if it does."""
    return project.store / "traces" / key.report / key.unit / f"{key.period}.json"


def _differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return [name for name in {**before, **now} if before.get(name) != now.get(name)]


def _digest(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
