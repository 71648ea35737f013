"""Traces: what each run read and depended on, kept beside its notebook, so that nobody has to
declare a dependency and nobody can forget one.

A trace is a file of lines of JSON: the first tells the digest of all that follows, then come the
facts of the run, modules, tools, params, and a line per question. Thousands are read for one
plan, so a line that many runs share is taken apart once, and questions only when they are needed.
"""

import functools
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, overload

from lpe_reports.build.runs import RunKey
from lpe_reports.build.storing.store import write_whole
from lpe_reports.settings import Project

FORMAT = 3
_BEGIN = b"lpe-trace "
_HEAD_LINES = 4  # before the questions: facts, modules, tools, params

Question = Mapping[str, Any]


class NoTrace(Enum):
    """Why there is no trace of a run."""

    NEVER_RUN = "never run"
    DAMAGED = "damaged"  # cut, edited, or not readable
    OLDER = "older"  # whole, and written by another version of the package


class StoredQuestions(Sequence[Question]):
    """The questions of a stored trace, taken apart when they are first looked at."""

    def __init__(self, content: bytes, answers_digest: str) -> None:
        self._content = content
        self.answers_digest = answers_digest

    @functools.cached_property
    def lines(self) -> list[bytes]:
        return self._content.split(b"\n") if self._content else []

    def __len__(self) -> int:
        return len(self.lines)

    @overload
    def __getitem__(self, index: int) -> Question: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Question]: ...
    def __getitem__(self, index: int | slice) -> Question | Sequence[Question]:
        if isinstance(index, slice):
            return [_mapping(line) for line in self.lines[index]]
        return _mapping(self.lines[index])


@dataclass(frozen=True)
class Trace:
    """What one run depended on, as it was when it ran."""

    notebook: str  # key of the executed notebook in the store
    code_digest: str
    prose_digest: str
    parameters: Mapping[str, Any]
    under_way: str | None  # the night, where the period was not over; it decides what is shown
    params: Mapping[str, str | None]  # entries of params that were read → digest
    modules: Mapping[str, str]  # modules of the package that were imported → digest
    tools: Mapping[str, str]
    questions: Sequence[Question]  # in the order they were asked
    seconds: float
    exposure: str | None = None  # SHA-256 of what the page lets an outsider know
    decided: tuple[str, ...] = ()  # groups that it hides because of a decision
    groups: tuple[str, ...] = ()  # all groups that it hides, whatever the reason
    lost: tuple[int, int] = (0, 0)  # hidden cells, and all cells of its protected tables
    manifest: str = ""  # seal of the manifest against which all its questions hold

    @property
    def answers_digest(self) -> str:
        """One digest of everything that was read."""
        if isinstance(self.questions, StoredQuestions):
            return self.questions.answers_digest
        return _digest([question["answer_digest"] for question in self.questions])


def read_trace(project: Project, key: RunKey) -> Trace | None:
    """The trace of a run; None when there is none that can be trusted, see `find_trace`."""
    found = find_trace(project, key)
    return found if isinstance(found, Trace) else None


def find_trace(project: Project, key: RunKey) -> Trace | NoTrace:
    """The trace of a run, or why there is none."""
    try:
        # As text: making thousands of paths takes longer than reading their files.
        with open(_place(str(project.store), key), "rb") as file:  # noqa: PTH123
            content = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return NoTrace.NEVER_RUN
    except OSError:
        return NoTrace.DAMAGED
    try:
        return _trace(content)
    except (ValueError, KeyError, TypeError, AttributeError):
        return NoTrace.DAMAGED


def write_trace(project: Project, key: RunKey, trace: Trace) -> None:
    """Keep the trace of a run, whole or not at all."""
    facts = {
        "format": FORMAT,
        "notebook": trace.notebook,
        "code_digest": trace.code_digest,
        "prose_digest": trace.prose_digest,
        "parameters": trace.parameters,
        "under_way": trace.under_way,
        "seconds": trace.seconds,
        "exposure": trace.exposure,
        "decided": trace.decided,
        "groups": trace.groups,
        "lost": trace.lost,
        "manifest": trace.manifest,
        "answers_digest": trace.answers_digest,
    }
    lines = [_line(each) for each in (facts, trace.modules, trace.tools, trace.params)]
    content = b"\n".join([*lines, b"\n".join(_lines_of(trace.questions))])
    begin = _BEGIN + hashlib.sha256(content).hexdigest().encode() + b"\n"
    write_whole(trace_path(project, key), begin + content, mode=0o600)


def trace_path(project: Project, key: RunKey) -> Path:
    """Where the trace of a run lies, if it does."""
    return Path(_place(str(project.store), key))


def _place(store: str, key: RunKey) -> str:
    return f"{store}/traces/{key.report}/{key.unit}/{key.period}.json"


def _trace(content: bytes) -> Trace | NoTrace:
    begin, _, rest = content.partition(b"\n")
    if begin != _BEGIN + hashlib.sha256(rest).hexdigest().encode():
        return NoTrace.OLDER if _is_format_2(content) else NoTrace.DAMAGED
    head, modules, tools, params, questions = rest.split(b"\n", _HEAD_LINES)
    facts = json.loads(head)
    if facts.pop("format") != FORMAT:
        return NoTrace.OLDER
    answers_digest = facts.pop("answers_digest")
    hidden, cells = facts["lost"]
    lists = {name: tuple(facts[name]) for name in ("decided", "groups")}
    return Trace(
        **{**facts, **lists, "lost": (int(hidden), int(cells))},
        modules=_mapping(modules),
        tools=_mapping(tools),
        params=_mapping(params),
        questions=StoredQuestions(questions, answers_digest),
    )


def _is_format_2(content: bytes) -> bool:
    """Whether this is a whole trace as versions before this one wrote it: one object of JSON."""
    try:
        body = json.loads(content)
        return bool(body.pop("digest") == _digest(body))
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


# Many runs of a report have the same modules and ask the same questions.
@functools.lru_cache(maxsize=100_000)
def _mapping(line: bytes) -> Mapping[str, Any]:
    found = json.loads(line)
    if not isinstance(found, dict):
        raise ValueError("not a mapping")
    return found


def _lines_of(questions: Sequence[Question]) -> Iterable[bytes]:
    if isinstance(questions, StoredQuestions):
        return questions.lines
    return (_line(question) for question in questions)


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _digest(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
