"""Whether what a run depended on still holds: its trace against how things stand now."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from lpe_reports.build.planning import reasons
from lpe_reports.build.planning.reasons import Reason
from lpe_reports.build.planning.tools import module_digest, tool_versions
from lpe_reports.build.planning.traces import Question, Trace
from lpe_reports.disclosure.decisions import Decisions
from lpe_reports.display.beside import is_file_name
from lpe_reports.display.params_record import NIGHT

_NIGHT = Reason("it tells which night it is", "sidan bygger på vilken natt uppgifterna är från")


class Evidence(Protocol):
    """How things stand now: what a trace is held against."""

    @property
    def manifest(self) -> str:
        """The seal of the night's manifest; empty where there is none to trust."""

    def params_digest(self, entry: str) -> str | None:
        """The digest of an entry of params; None when there is no such entry any more.

        That of `NIGHT` is the night's date.
        """

    def file_digest(self, name: str) -> str:
        """The digest of a file of the project, a module beside a notebook for instance."""

    def parts_digest(self, question: Question) -> str:
        """The digest of the manifest's entries that a question matches; reads no data."""

    def answer_digest(self, question: Question) -> str | None:
        """The digest of a question's answer, asked again; None when it cannot be asked now."""


@dataclass(frozen=True)
class Verdict:
    """Whether a run still holds, and why not; `trace` is the one to keep when it does."""

    reasons: tuple[Reason, ...]  # empty: nothing it read has changed
    trace: Trace
    asked_again: int = 0

    @property
    def current(self) -> bool:
        return not self.reasons


class Holder:
    """Holds traces against how things stand now. Runs depend on the same, so it is remembered.

    Args:
        evidence: How data and params stand now.
        hidden: What has been decided outside the pages.
    """

    def __init__(self, evidence: Evidence, hidden: Decisions) -> None:
        self._evidence = evidence
        self._hidden = hidden
        self._tools = tool_versions()
        # By the identity of a mapping that many traces share; kept, so that it stays its own.
        self._modules: dict[int, tuple[Mapping[str, str], list[str]]] = {}

    def check(
        self,
        trace: Trace,
        *,
        code_digest: str,
        parameters: Mapping[str, Any],
        under_way: str | None,
        page: str = "",
    ) -> Verdict:
        """Hold a trace against how things stand now, cheapest first; data is read last, if at all.

        Args:
            trace: What the run depended on.
            code_digest: Of the notebook's code now.
            parameters: What the run would be given now.
            under_way: The night, where the period is not over on it.
            page: The name that decisions know the page by.
        """
        found = self._against_decisions(trace, page)
        if trace.code_digest != code_digest:
            found.append(reasons.CODE)
        if names := _differing(_as_given(trace.parameters), _as_given(parameters)):
            found.append(reasons.parameters_changed(names))
        if trace.under_way != under_way:
            found.append(reasons.PERIOD)
        for name in _differing(trace.tools, self._tools):
            before, now = trace.tools.get(name, "missing"), self._tools.get(name, "missing")
            found.append(reasons.tool_changed(name, before, now))
        if names := self._changed_modules(trace.modules):
            found.append(reasons.modules_changed(names))
        now_params = {entry: self._evidence.params_digest(entry) for entry in trace.params}
        names = _differing(trace.params, now_params)
        if NIGHT in names:
            names.remove(NIGHT)
            found.append(_NIGHT)
        if names:
            found.append(reasons.params_changed(names))
        return Verdict(tuple(found), trace) if found else self._against_data(trace)

    def _against_decisions(self, trace: Trace, page: str) -> list[Reason]:
        found = []
        if not self._hidden.by_page.get(page, frozenset()) <= set(trace.decided):
            found.append(reasons.DECIDED)
        if not all(self._hidden.stands(key) for key in trace.decided):
            found.append(reasons.LAPSED)
        return found

    def _changed_modules(self, modules: Mapping[str, str]) -> list[str]:
        known = self._modules.get(id(modules))
        if known is None:
            names = _differing(modules, {name: self._source_digest(name) for name in modules})
            known = self._modules[id(modules)] = (modules, names)
        return known[1]

    def _source_digest(self, name: str) -> str | None:
        return self._evidence.file_digest(name) if is_file_name(name) else module_digest(name)

    def _against_data(self, trace: Trace) -> Verdict:
        seal = self._evidence.manifest
        if seal and trace.manifest == seal:
            # The very manifest against which all of it held.
            return Verdict((), trace)
        questions: list[Question] = []
        again = 0
        for question in trace.questions:
            parts = self._evidence.parts_digest(question)
            if parts != question["parts_digest"]:
                again += 1
                # One other answer is enough; asking on would only read what the run reads anew.
                if self._evidence.answer_digest(question) != question["answer_digest"]:
                    reason = reasons.answer_changed(str(question["table"]))
                    return Verdict((reason,), trace, again)
            questions.append({**question, "parts_digest": parts})
        if again:
            trace = replace(trace, questions=tuple(questions))
        if seal:
            trace = replace(trace, manifest=seal)
        return Verdict((), trace, again)


def _as_given(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Parameters as a notebook sees them: to it 1, 1.0 and True differ, and the order of keys."""
    return {name: json.dumps(value, default=repr) for name, value in parameters.items()}


def _differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return [name for name in _names(before, now) if before.get(name) != now.get(name)]


def _names(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterable[str]:
    return before if before.keys() == now.keys() else {**before, **now}
