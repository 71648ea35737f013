"""What runs of the tests came to, kept beside the tests between one run and the next.

`last.json` holds, for each promise and each file that holds it, what the last `make test` tried
beyond its cases, and what became of all of it in the last `make torture`.
"""

import collections
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAST = ROOT / "tests" / "reliability" / "last.json"
# Where a run writes what it tried, before any of it is kept.
TRIALS = ROOT / "build" / "trials"
COLLECTING_SECONDS = 550

Counts = dict[str, int]


@dataclass(frozen=True)
class Trial:
    """A test that holds a promise, and what became of it where it was run."""

    test: str
    area: str
    promise: str
    outcome: str
    tried: Counts

    @property
    def file(self) -> str:
        """The file that the test stands in."""
        return self.test.partition("::")[0]


@dataclass(frozen=True)
class Result:
    """What became of the tests of one promise in one file."""

    listed: int = 0
    held: int = 0
    left_out: int = 0
    broke: list[str] = field(default_factory=list)
    tried: Counts = field(default_factory=dict)

    @property
    def cases(self) -> int:
        """How many of its tests were run."""
        return self.held + len(self.broke)


def read_trials(path: Path) -> list[Trial]:
    """What a run has written; of a test that was told of twice, the worse."""
    found: dict[str, Trial] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        tried: Counts = collections.Counter()
        for count, what in said["tried"]:
            tried[what] += count
        trial = Trial(said["test"], said["area"], said["promise"], said["outcome"], dict(tried))
        if trial.test not in found or trial.outcome == "failed":
            found[trial.test] = trial
    return list(found.values())


def marked_files(area: str = "") -> list[str]:
    """The files of tests that hold promises, of one area or of all; no others need be read."""
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
    return sorted(
        str(path.relative_to(ROOT))
        for path, text in texts.items()
        if "mark.promise(" in text and f'"{area}' in text
    )


def collect_trials() -> list[Trial]:
    """The tests that hold a promise and that `make test` runs, without running them."""
    listed = TRIALS / f"collected-{os.getpid()}.jsonl"
    listing = [sys.executable, "-m", "pytest", "--collect-only", "-q", f"--trials={listed}"]
    try:
        done = subprocess.run(
            [*listing, *marked_files()], cwd=ROOT, env=os.environ | {"LPE_LONG": ""},
            capture_output=True, encoding="utf-8", timeout=COLLECTING_SECONDS, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"the tests cannot be listed:\n{done.stdout[-2000:]}{done.stderr}")
        return read_trials(listed)
    finally:
        listed.unlink(missing_ok=True)


def by_promise(trials: Iterable[Trial]) -> dict[str, dict[str, Result]]:
    """What became of each promise, in each file; in the order of the tests."""
    parts: dict[str, dict[str, list[Trial]]] = {}
    for trial in trials:
        parts.setdefault(trial.promise, {}).setdefault(trial.file, []).append(trial)
    return {
        promise: {file: _result(part) for file, part in sorted(files.items())}
        for promise, files in parts.items()
    }


def _result(trials: list[Trial]) -> Result:
    tried: Counts = collections.Counter()
    for trial in trials:
        tried.update(trial.tried)
    return Result(
        listed=len(trials),
        held=sum(trial.outcome == "passed" for trial in trials),
        left_out=sum(trial.outcome == "skipped" for trial in trials),
        broke=sorted(trial.test for trial in trials if trial.outcome == "failed"),
        tried=dict(sorted(tried.items())),
    )


@dataclass(frozen=True)
class Part:
    """A part of the last `make torture`: an area, or a command that is no test."""

    date: str
    commit: str
    seconds: int
    # What went wrong beside the tests that broke; empty where nothing did.
    wrong: str = ""
    # Promise, file, what became of its tests.
    promises: dict[str, dict[str, Result]] = field(default_factory=dict)


@dataclass
class Record:
    """What is kept of the last runs."""

    # Of `make test`: promise, file in which all held, what was tried beyond the cases.
    tried: dict[str, dict[str, Counts]] = field(default_factory=dict)
    # Of `make torture`, by area or command.
    torture: dict[str, Part] = field(default_factory=dict)

    def keep_test(self, trials: Iterable[Trial], collected: Iterable[Trial]) -> None:
        """What `make test` tried, of the files whose tests were all begun and none broke."""
        there = collections.Counter((trial.promise, trial.file) for trial in collected)
        for promise, files in by_promise(trials).items():
            for file, result in files.items():
                if result.listed == there[promise, file] and not result.broke:
                    self.tried.setdefault(promise, {})[file] = result.tried

    def write(self, path: Path = LAST) -> None:
        """All of it in the place of what was there; stopped midway, that stays."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        replace(path, text + "\n")


def read_record(path: Path = LAST) -> Record:
    """What is kept; nothing where nothing is."""
    if not path.is_file():
        return Record()
    said = json.loads(path.read_text(encoding="utf-8"))
    for part in said["torture"].values():
        for files in part["promises"].values():
            files.update({file: Result(**result) for file, result in files.items()})
    parts = {name: Part(**part) for name, part in said["torture"].items()}
    return Record(tried=said["tried"], torture=parts)


def replace(path: Path, text: str) -> None:
    """Write a file whole, or leave it as it was."""
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8", newline="\n")
    new.replace(path)
