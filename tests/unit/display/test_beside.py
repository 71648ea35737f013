"""Which files of the project a notebook uses beside extract and params."""

import os
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from lpe_reports.display import beside
from lpe_reports.display.beside import MISSING, UNSURE, Opened, digest_now, file_digest, used
from lpe_reports.moment import TICK_NS, Moment

LONG_AGO = 1_600_000_000


def _file(root: Path, name: str, *, fresh: bool = False) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(name)
    if not fresh:
        os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def _moment(files_ns: int) -> Moment:
    """The moment since which nothing has been changed that bears this time."""
    at = files_ns + TICK_NS + 1_000_000
    return Moment(at, time.monotonic_ns() - time.time_ns() + at)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A project whose files so far are older than the process seems to be."""
    monkeypatch.setattr(beside, "BEGAN", _moment(1 << 62))
    return tmp_path


def _opened(root: Path, *paths: Path, flags: int = os.O_RDONLY) -> Opened:
    opened = Opened(root)
    for path in paths:
        opened("open", (str(path), "r", flags))
    return opened


def test_a_module_beside_a_notebook_is_noted(later: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its path in the project, with what a plan compares it with."""
    module = ModuleType("helper")
    module.__file__ = str(_file(later, "reports/helper.py"))
    monkeypatch.setitem(sys.modules, "helper", module)

    assert used(later) == {"reports/helper.py": file_digest(later, "reports/helper.py")}


def test_a_file_that_was_read_is_noted_and_no_other(later: Path) -> None:
    """Not what a build makes, what is compared otherwise, or what the notebook wrote itself."""
    other = [
        "data/x.csv", "build/x", "public/x", "params/units.yml", ".git/config",
        "lib/site-packages/x.py", "reports/__pycache__/helper.pyc",
    ]  # fmt: skip
    opened = _opened(later, *(_file(later, name) for name in other))
    opened("open", (str(_file(later, "reports/a.csv")), "r", os.O_RDONLY))
    opened("open", (str(_file(later, "params/areas.csv")), "r", os.O_RDONLY))
    opened("open", (str(_file(later.parent, "outside.csv")), "r", os.O_RDONLY))
    own = str(_file(later, "reports/own.csv"))
    opened("open", (own, "w", os.O_WRONLY | os.O_CREAT))
    opened("open", (own, "r", os.O_RDONLY))

    assert set(used(later, opened)) == {"reports/a.csv", "params/areas.csv"}


def test_a_path_from_the_working_folder_is_understood(
    later: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Notebooks run in their own folder."""
    _file(later, "reports/a.csv")
    monkeypatch.chdir(later / "reports")

    assert set(used(later, _opened(later, Path("a.csv")))) == {"reports/a.csv"}


def test_a_file_that_was_not_there_is_noted_as_missing(later: Path) -> None:
    """The page is another one when there is one."""
    found = used(later, _opened(later, later / "reports/a.csv"))

    assert found == {"reports/a.csv": MISSING}
    assert file_digest(later, "reports/a.csv") == MISSING
    _file(later, "reports/a.csv")
    assert file_digest(later, "reports/a.csv") != MISSING


def test_a_file_that_changed_while_the_notebook_ran_holds_on_no_other_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was imported of it is not known any more; even with its old time set by hand."""
    path = _file(tmp_path, "helper.py")

    assert digest_now(path) == UNSURE
    monkeypatch.setattr(beside, "BEGAN", _moment(path.stat().st_ctime_ns))
    assert digest_now(path) == file_digest(tmp_path, "helper.py")
    os.utime(path, (LONG_AGO * 2, LONG_AGO * 2))  # a time to come is no sign of a change
    monkeypatch.setattr(beside, "BEGAN", _moment(path.stat().st_ctime_ns))
    assert digest_now(path) == file_digest(tmp_path, "helper.py")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_forked_notebook_looks_at_no_library_of_its_server(tmp_path: Path) -> None:
    """But at the package's modules, and at all that it imports itself; else at everything."""
    _file(tmp_path, "own.py").write_text("")
    program = f"""if True:
        import os, sys
        sys.path.insert(0, {str(tmp_path)!r})
        import xml.dom.minidom
        from lpe_reports.display import beside
        import wave
        names = lambda: {{name for name, _ in beside.imported()}}
        assert {{"xml.dom.minidom", "wave", "lpe_reports", "lpe_reports.display"}} <= names()
        if os.fork() == 0:
            import own
            found = names()
            assert {{"own", "lpe_reports", "lpe_reports.display", "wave"}} <= found, found
            assert not {{"os", "xml.dom.minidom"}} & found, found
            os._exit(7)
        _, status = os.wait()
        sys.exit(os.waitstatus_to_exitcode(status))
    """
    ended = subprocess.run([sys.executable, "-c", program], check=False, timeout=60)
    assert ended.returncode == 7
