"""What this machine can test, and a word about what it cannot.

A test marked `chromium`, `postgres`, `nginx`, `rsync`, `faketime`, `quarto`, `lab` or `dask` needs
that program. Where it is missing the test is left out and the summary says so;
LPE_REQUIRE=chromium,nginx makes that a failure. One marked `torture` is run with LPE_LONG=1 only.
"""

import collections
import importlib.util
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from postgres_server import postgres_database as postgres_database
from postgres_server import postgres_server as postgres_server
from postgres_server import server_programs
from reliability.trials import AREAS, MARKERS, DrawnCases, Record, left_out, note_promises
from reliability.trials import tried as tried
from set_clock import LIBRARIES as FAKETIME

ROOT = Path(__file__).resolve().parent.parent
_NOT_HERE = " is not on this machine"


def _program(*names: str) -> Path | None:
    for name in names:
        if found := shutil.which(name):
            return Path(found)
    return None


def _jupyter_lab() -> Path | None:
    """The one that `make lab` installs, or the one that LPE_JUPYTER names."""
    named = os.environ.get("LPE_JUPYTER")
    name = "Scripts/jupyter.exe" if os.name == "nt" else "bin/jupyter"
    found = Path(named) if named else ROOT / ".venv" / "jupyter" / name
    return found if found.exists() else None


def _quarto() -> Path | None:
    named = os.environ.get("QUARTO_PATH")
    return Path(named) if named else _program("quarto")


def _audit() -> Path | None:
    marker = ROOT / ".venv" / "audit" / ".installed"
    return marker if marker.is_file() else None


NEEDS = {
    "chromium": (lambda: _program("chromium", "chromium-browser", "google-chrome"), "Chromium"),
    "postgres": (server_programs, "a PostgreSQL server (Debian: postgresql)"),
    "nginx": (lambda: _program("nginx", "/usr/sbin/nginx"), "nginx"),
    "rsync": (lambda: _program("rsync"), "rsync"),
    "faketime": (lambda: FAKETIME[0] if FAKETIME else None, "libfaketime (Debian: faketime)"),
    "quarto": (_quarto, "Quarto 1.9 or newer"),
    "lab": (_jupyter_lab, "JupyterLab (`make lab`)"),
    "audit": (_audit, "what `make audit` installs"),
    "dask": (lambda: importlib.util.find_spec("distributed"), "Dask (the extra `dask`)"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """What is asked of the tests that hold a promise; written with `=`, as no file is named."""
    parser.addoption("--trials", metavar="FILE", help="record what promises were tried with")
    parser.addoption("--area", choices=AREAS, help="run the tests of promises of one area")


def pytest_configure(config: pytest.Config) -> None:
    """Fail at once where something is required that is not here."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    config.pluginmanager.register(DrawnCases())
    if (named := config.getoption("trials")) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Record(Path(named)))
    # Whatever this machine has: a test that is about Quarto asks for it by name.
    os.environ.setdefault("LPE_RENDERER", "pandoc")
    required = {name for name in os.environ.get("LPE_REQUIRE", "").split(",") if name}
    if unknown := required - NEEDS.keys():
        raise pytest.UsageError(f"LPE_REQUIRE names {sorted(unknown)}; known: {sorted(NEEDS)}")
    for name in sorted(required):
        find, words = NEEDS[name]
        if find() is None:
            raise pytest.UsageError(f"LPE_REQUIRE asks for {name}: {words} is not here")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes long, and what cannot run here."""
    note_promises(items)
    long = os.environ.get("LPE_LONG") == "1"
    out = left_out(items, long=long, area=config.getoption("area"))
    config.hook.pytest_deselected(items=out)
    gone = set(map(id, out))
    items[:] = [item for item in items if id(item) not in gone]
    for name, (find, words) in NEEDS.items():
        if find() is None:
            for item in items:
                if item.get_closest_marker(name):
                    item.add_marker(pytest.mark.skip(reason=f"{words}{_NOT_HERE}"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out and why, so that a green run is read for what it is."""
    reasons = [str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", [])]
    for reason, count in collections.Counter(reasons).items():
        if reason.endswith(_NOT_HERE):
            words = reason.removeprefix("Skipped: ").removesuffix(_NOT_HERE)
            terminalreporter.write_line(f"left out: {count} tests that need {words}")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's own folder."""
    return ROOT


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser's path; only tests marked `chromium` may ask for it."""
    found = NEEDS["chromium"][0]()
    assert found is not None
    return found


@pytest.fixture
def heard_signals() -> Iterator[None]:
    """What tests start hears Ctrl-C and a hang-up, also where a shell started the tests deaf."""
    numbers = [getattr(signal, name, None) for name in ("SIGINT", "SIGHUP")]
    deaf = [n for n in numbers if n and signal.getsignal(n) is signal.SIG_IGN]
    for number in deaf:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number in deaf:
        signal.signal(number, signal.SIG_IGN)


@pytest.fixture
def git_files(root: Path) -> list[Path]:
    """The files under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True
    )
    return [root / name for name in listed.stdout.split("\0") if name]
