"""The `lpe` command: a thin shell over the package; each command says what it did and ends with
the exit code that errors.py names.
"""

import io
import os
import sys
from collections.abc import Sequence


def main() -> None:
    """Run `lpe` with the arguments of this process, and end the process with its exit code."""
    _say_in_utf8()
    sys.exit(run(sys.argv[1:]))


def _say_in_utf8() -> None:
    """Let what is said reach files and other programs whole, on Windows, too.

    There Python writes to them in a code page that has no arrows, and stops at the first. A
    console takes every sign, or shows another in the place of one that it does not have.
    """
    for stream in (sys.stdout, sys.stderr):
        # Not where it was replaced, or where there is none at all: a task without a window.
        if isinstance(stream, io.TextIOWrapper):
            errors = "replace" if stream.errors == "strict" else stream.errors
            if stream.isatty() or "PYTHONIOENCODING" in os.environ:
                stream.reconfigure(errors=errors)
            else:
                stream.reconfigure(encoding="utf-8", errors=errors)


def run(arguments: Sequence[str]) -> int:
    """Run `lpe` with some arguments; returns the exit code.

    An error that the operator can do something about is one message on stderr. A fault of ours
    is told by its class alone, since its text could hold data; LPE_DEBUG=1 shows the traceback.
    """
    from lpe_reports.cli.application import call

    return call(list(arguments))
