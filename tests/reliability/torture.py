"""`make torture`: all that is promised, tried for long, and what takes hours.

Each area's tests are run with LPE_LONG=1, and the commands that are no tests after them. What
fails stops nothing; the exit code tells. The page is written at the very end: a run that is
stopped or killed leaves it as it was, and what had been tried by then in build/trials/.
"""

import datetime
import os
import subprocess
import sys
import time
from dataclasses import replace as changed
from pathlib import Path

from reliability.record import ROOT, TRIALS, Part, Trial, by_promise, marked_files, read_trials
from reliability.trials import AREAS, PROMISE

# No single test may take longer than this, unless it says otherwise itself.
TEST_SECONDS = 2 * 3600
NO_TESTS = 5


def parts_of(names: list[str]) -> dict[str, list[str]]:
    """What is to be run, by name: areas, and the commands that are there."""
    found = {area: _tests_of(area) for area in AREAS}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    if "\nmutation:" in makefile:
        found["mutation"] = ["make", "--no-print-directory", "mutation"]
    if (ROOT / "tests" / "bench" / "load.py").is_file():
        found["load"] = [sys.executable, "-m", "tests.bench", "load"]
    # `python -m tests.week` writes its part of the page itself.
    found["week"] = [sys.executable, "-m", "tests.week"]
    if unknown := set(names) - found.keys():
        raise SystemExit(f"no part {', '.join(sorted(unknown))}; there are {', '.join(found)}")
    return {name: command for name, command in found.items() if name in names or not names}


def _tests_of(area: str) -> list[str]:
    return [
        *(sys.executable, "-m", "pytest", "-m", PROMISE, f"--area={area}", "-q"),
        *("-n", "logical", "--maxprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder"),
        *(f"--timeout={TEST_SECONDS}", f"--trials={trials_of(area)}", *marked_files(area)),
    ]


def trials_of(area: str) -> Path:
    """Where the tests of an area write what they tried."""
    return TRIALS / f"torture-{area}.jsonl"


def run_part(name: str, command: list[str], seconds: float) -> Part:
    """Run a part to its end, or for so long, and say what became of it."""
    print(f"\n== {name}: {' '.join(command[:7])} …", flush=True)
    trials_of(name).unlink(missing_ok=True)
    TRIALS.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"LPE_LONG": "1"})
    try:
        code = process.wait(timeout=seconds)
        wrong = f"ended with exit code {code}" if code else ""
    except subprocess.TimeoutExpired:
        wrong = "stopped, its time being over"
    finally:
        _end(process)
    part = Part(
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        commit=_commit(),
        seconds=round(time.monotonic() - begun),
        wrong=wrong,
    )
    return part if name not in AREAS else _with_trials(part, trials_of(name), code_of(process))


def code_of(process: "subprocess.Popen[bytes]") -> int:
    """How a process ended."""
    return process.returncode


def _with_trials(part: Part, path: Path, code: int) -> Part:
    """What the tests of an area came to; one that broke tells what its exit code would."""
    trials: list[Trial] = read_trials(path) if path.is_file() else []
    explained = code == NO_TESTS or (code == 1 and any(t.outcome == "failed" for t in trials))
    return changed(part, promises=by_promise(trials), wrong="" if explained else part.wrong)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """A process that still runs is asked to end, and then made to."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=30)


def _commit() -> str:
    """The commit that was tried, and whether anything was changed since."""
    told = [
        subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
        for words in (["rev-parse", "--short", "HEAD"], ["status", "--porcelain", "src", "tests"])
    ]
    return told[0].stdout.strip() + ("+" if told[1].stdout.strip() else "")


def went_well(part: Part) -> bool:
    """Whether everything held and ended as it should."""
    broke = [r for files in part.promises.values() for r in files.values() if r.broke]
    return not part.wrong and not broke
