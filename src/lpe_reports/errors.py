"""Every error an operator can do something about, each with its exit code.

LpeError                     1  a fault of ours
├── DiskFullError            1  what a build writes finds no room
├── UsageError               2  the command line asks for what does not exist
├── SettingsError            2  the environment or the project folder is not as it must be
├── ParamsError              2  a file in params/ or _quarto.yml is wrong
├── NotebookError            2  a notebook cannot be run as it is written
├── ClusterError             2  the cluster that shall run notebooks is not as it must be
├── SourceError              5  the warehouse did not hand over what it should
│   ├── SourceGoneError      5  … it does not answer, or was lost on the way
│   ├── ContractError        5  … a table breaks the data contract
│   └── ExtractError         5  an extract is missing, cut or damaged
├── ExtractHeldError         6  an extract is held for a person to look at, or too old
├── RunError                 1  a notebook run failed
│   └── NoRowsError          1  … a table that its report requires gave not one row
├── RenderError              1  a page could not be rendered
├── DisclosureError          1  something unprotected was about to be shown
├── NothingToPublishError    4  the build gave nothing to publish
├── GateError                7  the gate found something that must not leave
├── LockedError              8  another run holds the lock
└── CheckError               9  `lpe check` found something

A message says what failed, where, what was expected and what to do next. It never holds
a data value: messages travel to logs, mails and issues that the data must not reach.
This module imports nothing of the package, so that every other module can import it.
"""

import errno
import os
from collections.abc import Sequence
from pathlib import Path

# No room on the disk, in the account's share of it, or in what one file may grow to.
_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


class LpeError(Exception):
    """Base of all errors that `lpe` reports in one line and an exit code."""

    exit_code = 1


class DiskFullError(LpeError):
    """What a build writes finds no room on the disk.

    Args:
        where: The folder, as the reader knows it; empty where that is not known.
        why: The system's word for it.
    """

    def __init__(self, where: str = "", why: str = "") -> None:
        what = where or "a file in data/, build/, public/ or the folder for temporary files"
        super().__init__(
            f"the disk is full: {what} could not be written{why and f' ({why})'}. What was "
            "published is untouched. Make room (`lpe prune --dry-run` says what is past its time) "
            "and run it again"
        )


def is_disk_full(error: BaseException) -> bool:
    """Whether an error is the system's word for a disk that takes no more."""
    return isinstance(error, OSError) and error.errno in _NO_ROOM


def is_out_of_files(error: BaseException) -> bool:
    """Whether an error is the system's word for too many files that are open at a time."""
    return isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE)


def is_out_of_processes(error: BaseException) -> bool:
    """Whether an error is the system's word for too many processes and threads at a time.

    Libraries that start threads tell it in their own errors, by the system's words.
    """
    said = str(error)
    return "can't start new thread" in said or os.strerror(errno.EAGAIN) in said


class UsageError(LpeError):
    """The command line asks for a report, unit, period or version that does not exist."""

    exit_code = 2


class SettingsError(LpeError):
    """The environment or the project folder is not as it must be."""

    exit_code = 2


class ParamsError(LpeError):
    """A file of params (or `_quarto.yml`) is wrong; the message begins with file and line.

    Args:
        file: The file, as the reader knows it (relative to the project).
        line: The line, counted from 1, or None where the whole file is meant.
        problem: What is wrong and what to write instead.
        each: All that is wrong with the file, one by one, where that is more.
    """

    exit_code = 2

    def __init__(
        self,
        file: Path | str,
        line: int | None,
        problem: str,
        each: Sequence["ParamsError"] = (),
    ) -> None:
        where = f"{file}:{line}" if line else f"{file}"
        super().__init__(f"{where}: {problem}")
        self.file = file
        self.line = line
        self.problem = problem
        self.each: tuple[ParamsError, ...] = tuple(each) or (self,)


class NotebookError(LpeError):
    """A notebook cannot be run as it is written; nothing was started."""

    exit_code = 2


class ClusterError(LpeError):
    """The cluster that shall run notebooks is not as it must be, or was lost."""

    exit_code = 2


class SourceError(LpeError):
    """The warehouse, a file or a table did not hand over what it should."""

    exit_code = 5


class SourceGoneError(SourceError):
    """The warehouse does not answer, was lost on the way or is locked; a new try may go better."""


class ContractError(SourceError):
    """A table breaks the data contract; the message names table, column, rule and rows."""


class ExtractError(SourceError):
    """An extract is missing, cut or damaged."""


class ExtractHeldError(LpeError):
    """An extract is held for a person to look at, or is older than agreed."""

    exit_code = 6


class RunError(LpeError):
    """A notebook run failed; the message names report, unit, period and cell."""


class NoRowsError(RunError):
    """Tables that a report requires gave not one row for the page's period.

    Args:
        tables: Their names.
    """

    WORDS = " gave not one row"

    def __init__(self, tables: Sequence[str]) -> None:
        super().__init__(f"{', '.join(tables)}{self.WORDS}")


class RenderError(LpeError):
    """A page could not be rendered.

    Args:
        problem: What could not be rendered, and why.
        addresses: The pages that could not, where all others could.
    """

    def __init__(self, problem: str, addresses: Sequence[str] = ()) -> None:
        super().__init__(problem)
        self.addresses = tuple(addresses)


class DisclosureError(LpeError):
    """Something that has not passed disclosure control was about to be shown."""


class NothingToPublishError(LpeError):
    """The build gave nothing to publish."""

    exit_code = 4


class GateError(LpeError):
    """The gate found something that must not leave; the published site is untouched."""

    exit_code = 7


class LockedError(LpeError):
    """Another run holds the lock."""

    exit_code = 8


class CheckError(LpeError):
    """`lpe check` found something; the message lists it."""

    exit_code = 9
