"""The `lpe` command: a thin shell over the package; each command says what it did and ends with
the exit code that errors.py names.
"""

import sys
from collections.abc import Sequence


def main() -> None:
    """Run `lpe` with the arguments of this process, and end the process with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run `lpe` with some arguments; returns the exit code.

    An error that the operator can do something about is one message on stderr. A fault of ours
    is told by its class alone, since its text could hold data; LPE_DEBUG=1 shows the traceback.
    """
    from lpe_reports.cli.application import call

    return call(list(arguments))
