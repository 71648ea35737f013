"""Mutation runs: a copy of the project in which mutmut changes one place of the code at a time."""

import os
import random
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "build" / "mutation"
MUTMUT = ROOT / ".venv" / "mutation" / "bin" / "mutmut"
# What tests read beside the code.
_COPIED = ("src", "tests", "params", "reports", "docs", "_quarto.yml", "pyproject.toml", ".ci")
_PACKAGE = "lpe_reports.disclosure"
_SETTINGS = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/lpe_reports/disclosure/*.py"]
also_copy = ["params", "reports", "docs", "_quarto.yml"]
pytest_add_cli_args_test_selection = ["tests/unit/disclosure"]
pytest_add_cli_args = [
  "-p", "mutation.draws", "--hypothesis-profile=mutation", "-p", "no:cacheprovider",
]
track_dependencies = false
timeout_constant = 10.0
timeout_multiplier = 4.0
"""
# The first call makes all changed code and sees which test runs what; it tries this module.
_FIRST = "lpe_reports.disclosure.shared"
# As many are tried by one call; each call runs the tests once on the code as it is.
_AT_ONCE = 100
_UNTRIED = "not checked"
_LINE = re.compile(r"^\s+(lpe_reports\.\S+): (.+)$", re.MULTILINE)


def prepare() -> None:
    """A fresh copy, unless the one that is there is of the same code and tests."""
    if not MUTMUT.is_file():
        raise SystemExit(f"{MUTMUT.relative_to(ROOT)} is missing: run `make mutation`")
    stamp = _stamp()
    kept = PLACE / "stamp"
    if kept.is_file() and kept.read_text(encoding="utf-8") == stamp:
        return
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, PLACE / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, PLACE / name)
    project = PLACE / "pyproject.toml"
    project.write_text(project.read_text(encoding="utf-8") + _SETTINGS, encoding="utf-8")
    tomllib.loads(project.read_text(encoding="utf-8"))
    kept.write_text(stamp, encoding="utf-8")


def _stamp() -> str:
    """What a result depends on: the code that is changed and its tests, and these settings."""
    files = [
        *sorted((ROOT / "src" / "lpe_reports" / "disclosure").glob("*.py")),
        *sorted((ROOT / "tests" / "unit" / "disclosure").glob("*.py")),
    ]
    return "\n".join([_SETTINGS, *(f"# {path.name}\n{path.read_text('utf-8')}" for path in files)])


def drawn(seed: int, count: int | None) -> list[str]:
    """Mutants by name, in an order that the seed draws; as many as are wanted, or all."""
    if not results():
        _call("run", "--max-children", "1", f"{_FIRST}.*")
    names = sorted(results())
    random.Random(seed).shuffle(names)
    return names[:count]


def results() -> Mapping[str, str]:
    """What became of each mutant: "killed", "survived", "timeout", "not checked" …"""
    if not (PLACE / "mutants").is_dir():
        return {}
    return dict(_LINE.findall(_call("results", "--all", "true")))


def tried(names: Sequence[str], children: int) -> Iterator[Mapping[str, str]]:
    """Try mutants, some at a time in their order; gives all results after each time."""
    for start in range(0, len(names), _AT_ONCE):
        known = results()
        waiting = [n for n in names[start : start + _AT_ONCE] if known[n] == _UNTRIED]
        if waiting:
            _call("run", "--max-children", str(children), *waiting)
        yield results()


def change_of(name: str) -> tuple[str, str]:
    """What stood there, and what was put in its place."""
    lines = [
        line for line in _call("show", name).splitlines() if not line.startswith(("---", "+++"))
    ]
    was = [line[1:].strip() for line in lines if line.startswith("-")]
    now = [line[1:].strip() for line in lines if line.startswith("+")]
    return " ".join(was), " ".join(now)


def module_of(name: str) -> str:
    """The module of a mutant."""
    return name.removeprefix(f"{_PACKAGE}.").partition(".")[0]


def function_of(name: str) -> str:
    """The function of a mutant, with its class: "Primary.keys"."""
    mangled = name.rpartition(".")[2].rpartition("__mutmut_")[0]
    return mangled.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")


def _call(*words: str) -> str:
    """Call mutmut, with one thread for each process: several would wait for each other."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    # Where `mutation.draws` is found; the folder that mutmut makes is not there yet when it starts.
    tests = {"PYTHONPATH": str(PLACE / "tests"), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [MUTMUT, *words],
        cwd=PLACE,
        env=os.environ | threads | tests,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"mutmut {words[0]} failed:\n{(done.stderr or done.stdout)[-4000:]}")
    return done.stdout
