"""What came of a notebook's run: which kind of failure, in which cell, in words without data."""

import os
import re
from pathlib import Path

import lpe_reports
from lpe_reports import errors
from lpe_reports.build.forking.limits import (
    TooMuchMemoryError,
    TooMuchOutputError,
    tells_of_no_memory,
)
from lpe_reports.build.running import executed
from lpe_reports.build.running.messages import Failed, Job
from lpe_reports.build.running.stripping import ForeignOutputError
from lpe_reports.build.running.watching import Watch
from lpe_reports.build.runs import FailureKind, RunKey
from lpe_reports.errors import LpeError, NoRowsError
from lpe_reports.settings import Project

_PACKAGE = Path(lpe_reports.__file__).parent
# Errors of the package that say what a notebook's author did, and whose words are the package's
# own with names from the notebook and from params in them. Those about the warehouse's tables
# (SourceError, ContractError) are not among them: a notebook does not cause them.
TOLD: tuple[type[LpeError], ...] = (
    errors.UsageError,
    errors.SettingsError,
    errors.ParamsError,
    errors.NotebookError,
    errors.DisclosureError,
    errors.ExtractError,
)
_LONGEST = 400
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_FRAME = re.compile(
    r"^\s*(?:File (?P<file>.+?):\d+\b|File \"(?P<quoted>.+?)\", line|Cell In)", re.M
)
_QUOTED = re.compile(r"(?<!\w)'[^']*'(?!\w)|\"[^\"]*\"|[^'\"]+|['\"]")
_TOKEN = re.compile(r"[^\W_]+(?:[-./][^\W_]+)*")
_WORD = re.compile(r"[^\W_]+")


def failure(
    job: Job,
    prepared: executed.Notebook,
    notebook: executed.Notebook,
    problem: BaseException | None,
    current: str | None,
    watch: Watch,
    project: Project,
) -> Failed:
    """How a run failed.

    Args:
        job: What was to be run.
        prepared: Its notebook, as it was handed to papermill.
        notebook: The same, as far as it was executed.
        problem: What the run was ended by, if by an exception.
        current: The id of the last cell that began.
        watch: Who watched it.
        project: The project.
    """
    cell = executed.failing_cell(prepared, current) if current else None
    peak = watch.peak_bytes
    if watch.ended_for is not None:
        return Failed(watch.ended_for, cell, peak_bytes=peak)
    if tables := executed.tables_without_rows(notebook):
        return Failed(FailureKind.NO_ROWS, None, NoRowsError.__name__, tables, peak_bytes=peak)
    if isinstance(problem, ForeignOutputError):
        foreign = executed.failing_cell(prepared, problem.cell_id)
        return Failed(FailureKind.FOREIGN, foreign, peak_bytes=peak)
    if isinstance(problem, TooMuchMemoryError):
        return Failed(FailureKind.TOO_MUCH_MEMORY, cell, peak_bytes=peak)
    if isinstance(problem, TooMuchOutputError):
        return Failed(FailureKind.TOO_MUCH_OUTPUT, cell, peak_bytes=peak)
    for cell_id, error_class, lines in executed.errors_in(notebook):
        kind = FailureKind.RAISED
        if error_class == SystemExit.__name__:
            kind = FailureKind.UNFINISHED
        elif tells_of_no_memory(error_class):
            kind = FailureKind.TOO_MUCH_MEMORY
        raising = executed.failing_cell(prepared, cell_id)
        source = executed.source_of(prepared, cell_id)
        text = told_text(error_class, lines, source, job, project)
        return Failed(kind, raising, _plain_name(error_class), text=text, peak_bytes=peak)
    if problem is None:
        return Failed(FailureKind.UNFINISHED, peak_bytes=peak)
    if current is None:
        return Failed(FailureKind.NOT_STARTED, None, type(problem).__name__)
    if watch.out_of_memory:
        return Failed(FailureKind.TOO_MUCH_MEMORY, cell, peak_bytes=peak)
    return Failed(FailureKind.DIED, cell, peak_bytes=peak)


def in_a_line(failed: Failed) -> str:
    """A failure for the head of its private log."""
    where = f"cell {failed.cell}" if failed.cell else "the notebook"
    return f"{failed.kind}: {where} was ended, with all that it had started."


def told_text(error_class: str, lines: list[str], source: str, job: Job, project: Project) -> str:
    """What an error of the package's own says; empty for every other error.

    Only classes that are made to hold no data are told, and only when the package itself raised
    them. A notebook can hand a patient's value to a function that quotes it, so what is quoted,
    and every number, must stand in the failing cell or among the run's parameters (or be its
    report), and all other words there, in the package or in params; the rest is left out.

    Args:
        error_class: Its class's name.
        lines: Its traceback.
        source: The cell that raised it.
        job: The notebook that raised it.
        project: The project.
    """
    if error_class not in {each.__name__ for each in TOLD}:
        return ""
    traceback = _COLOUR.sub("", "\n".join(lines))
    if not _raised_by_package(traceback):
        return ""
    mark = f"\n{error_class}: "
    _, found, said = traceback.rpartition(mark)
    text = " ".join(said.split())
    if not found or not text:
        return ""
    run = [RunKey.from_stem(job.stem).report, *map(str, job.parameters.values())]
    given = [source, os.environ.get("LPE_NIGHT", ""), *run]
    plain = _without_unknown(text, _words_of(given), _known_words(job, project))
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"


def _raised_by_package(traceback: str) -> bool:
    """Whether the last place of a traceback is a file of the package."""
    places = list(_FRAME.finditer(traceback))
    name = (places[-1]["file"] or places[-1]["quoted"]) if places else None
    return name is not None and Path(name).expanduser().is_relative_to(_PACKAGE)


def _without_unknown(text: str, given: set[str], known: set[str]) -> str:
    """A text, an ellipsis in the place of every word that may not be told.

    Args:
        text: The text.
        given: Words that may be quoted, and numbers that may be told.
        known: Words that may be told otherwise.
    """

    def plain(found: re.Match[str]) -> str:
        part = found[0]
        quoted = part[0] in "'\"" and len(part) > 1

        def token(found: re.Match[str]) -> str:
            token = found[0]
            if token in given or part[: found.start()].endswith(".yml:"):
                return token
            if quoted or any(character.isdigit() for character in token):
                return "…"  # not by its parts: a date or a number is more than they are
            return _WORD.sub(lambda word: word[0] if word[0] in known else "…", token)

        return _TOKEN.sub(token, part)

    return _QUOTED.sub(plain, text)


def _known_words(job: Job, project: Project) -> set[str]:
    """The words of the package, of params, and of the notebook."""
    texts = [str(cell["source"]) for cell in job.notebook["cells"]]
    files = [*_PACKAGE.rglob("*.py"), *project.params.rglob("*.yml")]
    texts += [path.read_text(encoding="utf-8", errors="replace") for path in files]
    texts += [path.name for path in files]
    return _words_of(texts)


def _words_of(texts: list[str]) -> set[str]:
    return {word for text in texts for form in (_WORD, _TOKEN) for word in form.findall(text)}


def _plain_name(error_class: str) -> str | None:
    """An error's class name, unless it was made up of something that is none."""
    return error_class if error_class.isidentifier() and len(error_class) <= 60 else None
