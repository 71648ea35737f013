"""What this machine can test, and a word about what it cannot.

A test marked `chromium`, `postgres`, `quarto` or `dask` needs that program. Where it is missing
the test is left out and the summary says so; LPE_REQUIRE=chromium,postgres makes that a failure.
"""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from postgres_server import postgres_database as postgres_database
from postgres_server import postgres_server as postgres_server
from postgres_server import server_programs

ROOT = Path(__file__).resolve().parent.parent
_LEFT_OUT = pytest.StashKey[dict[str, int]]()


def _program(*names: str) -> Path | None:
    for name in names:
        if found := shutil.which(name):
            return Path(found)
    return None


def _quarto() -> Path | None:
    named = os.environ.get("QUARTO_PATH")
    return Path(named) if named else _program("quarto")


NEEDS = {
    "chromium": (lambda: _program("chromium", "chromium-browser", "google-chrome"), "Chromium"),
    "postgres": (server_programs, "a PostgreSQL server (Debian: postgresql)"),
    "quarto": (_quarto, "Quarto 1.9 or newer"),
    "dask": (lambda: importlib.util.find_spec("distributed"), "Dask (the extra `dask`)"),
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what cannot run here, or fail where it is required."""
    required = {name for name in os.environ.get("LPE_REQUIRE", "").split(",") if name}
    if unknown := required - NEEDS.keys():
        raise pytest.UsageError(f"LPE_REQUIRE names {sorted(unknown)}; known: {sorted(NEEDS)}")
    left_out: dict[str, int] = {}
    for name, (find, words) in NEEDS.items():
        if find() is not None:
            continue
        if name in required:
            raise pytest.UsageError(f"LPE_REQUIRE asks for {name}: {words} is not here")
        concerned = [item for item in items if item.get_closest_marker(name)]
        for item in concerned:
            item.add_marker(pytest.mark.skip(reason=f"{words} is not on this machine"))
        if concerned:
            left_out[words] = len(concerned)
    config.stash[_LEFT_OUT] = left_out


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what was left out and why, so that a green run is read for what it is."""
    left_out = config.stash.get(_LEFT_OUT, {})
    for words, count in left_out.items():
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
def git_files(root: Path) -> list[Path]:
    """The files under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True
    )
    return [root / name for name in listed.stdout.split("\0") if name]
