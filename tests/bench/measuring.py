"""What a piece of work costs: seconds, processor seconds and memory of a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LPE = Path(sys.executable).with_name("lpe")


@dataclass(frozen=True)
class Cost:
    """One process: wall clock, processor time of it and its children, its highest memory."""

    seconds: float
    cpu_seconds: float
    peak_mb: float


def cost_of(
    command: Sequence[str | Path], cwd: Path, environment: Mapping[str, str] | None = None
) -> Cost:
    """Run a command to its end and say what it cost.

    Raises:
        SystemExit: It failed; its own words are shown.
    """
    began = _clock()
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env=os.environ | dict(environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as child:
        assert child.stdout is not None
        said = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {child.returncode}:\n{said}")
    kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Cost(_clock() - began, usage.ru_utime + usage.ru_stime, kilobytes / 1024)


def _clock() -> float:
    return os.times().elapsed
