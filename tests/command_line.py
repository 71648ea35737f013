"""The command line in this process: a process of its own takes a second only to begin."""

import contextlib
import io
from dataclasses import dataclass
from pathlib import Path

import pytest

from lpe_reports.cli import run


@dataclass(frozen=True)
class Told:
    """What a command said, and how it ended."""

    returncode: int
    stdout: str
    stderr: str


def lpe(root: Path, *arguments: str) -> Told:
    """Run a command in a project's folder, as an operator does."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.delenv("LPE_PROJECT", raising=False)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(list(arguments))
    return Told(code, out.getvalue(), err.getvalue())
