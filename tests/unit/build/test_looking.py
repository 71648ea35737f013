"""The look at all pages together: the same in a process of its own, which leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from lpe_reports.build import looking
from lpe_reports.build.looking import Look, Rules, look
from lpe_reports.build.runs import RunKey
from lpe_reports.build.storing.exposures import exposure_path, put_exposure
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.errors import DisclosureError
from lpe_reports.settings import Project

pytestmark = pytest.mark.promise("disclosure", "No page gives away what another page hides")

HIP = "operated|procedure=hip|time=2026-03|unit=ga-cop"


@pytest.fixture
def many(tmp_path: Path) -> Look:
    """More pages than are looked at where one stands; one hides what all others show."""
    (tmp_path / "_quarto.yml").write_text("project: {}\n")
    project = Project(tmp_path)
    pool = {}
    for number in range(looking.FEW_PAGES + 5):
        key = RunKey("report", f"u{number}", "2026-W19")
        shown = None if number == looking.FEW_PAGES + 3 else 7
        digest = put_exposure(
            project, key, {"cells": {HIP: shown}, "whole": [], "within": [], "means": []}
        )
        pool[key] = (digest, False)
    return Look(project, pool, Rules(5, Nesting()), frozenset())


def test_a_look_in_another_process_finds_what_one_here_finds(
    many: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same groups, on the same pages."""
    apart = look(many)

    monkeypatch.setattr(looking, "FEW_PAGES", 1000)
    here = look(many)

    assert apart == here
    assert set(apart.hide) == {HIP}
    assert len(apart.hide[HIP]) == len(many.pool) - 1


def test_an_exposure_that_is_gone_is_told_from_the_other_process(many: Look) -> None:
    """The page's name and what to do, as where one stands."""
    key = next(iter(many.pool))
    exposure_path(many.project, key).unlink()

    with pytest.raises(DisclosureError, match=r"u0.*is not there any more; another build"):
        look(many)


def test_a_process_that_dies_is_told_as_a_fault_of_the_night(
    many: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is taken for safe that was not looked at to the end."""
    monkeypatch.setattr(looking, "_answer", _die)

    with pytest.raises(DisclosureError, match="died"):
        look(many)


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


_BUILD = """
import sys
from pathlib import Path
from lpe_reports.build import looking
from lpe_reports.build.looking import Look, Rules, look
from lpe_reports.build.runs import RunKey
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.settings import Project
sys.path.insert(0, {tests!r})
import test_looking
looking._answer = test_looking.sleep_after_begin
pool = {{RunKey("r", f"u{{n}}", "2026-W19"): ("", False) for n in range(99)}}
look(Look(Project(Path({root!r})), pool, Rules(5, Nesting()), frozenset()))
"""


def sleep_after_begin(told: object, asked: Look, parent: int) -> None:
    """A look that does not end, in the process of its own."""
    from lpe_reports.build.running.parent import end_with_parent

    end_with_parent(parent)
    (asked.project.root / "begun").write_text(str(os.getpid()))
    time.sleep(60)


@pytest.mark.parametrize("told", [signal.SIGKILL, signal.SIGTERM])
def test_a_build_that_ends_takes_the_look_with_it(tmp_path: Path, told: signal.Signals) -> None:
    """Killed or told to end: no process is left."""
    program = tmp_path / "build.py"
    code = _BUILD.format(tests=str(Path(__file__).parent), root=str(tmp_path))
    program.write_text(f"if __name__ == '__main__':\n{_indented(code)}")
    (tmp_path / "_quarto.yml").write_text("project: {}\n")
    with subprocess.Popen([sys.executable, str(program)], stderr=subprocess.DEVNULL) as build:
        try:
            begun = tmp_path / "begun"
            _wait_until(lambda: begun.is_file() and bool(begun.read_text()))
            child = int(begun.read_text())

            build.send_signal(told)
            build.wait(timeout=10)
        finally:
            build.kill()

    _wait_until(lambda: not psutil.pid_exists(child))


def _indented(code: str) -> str:
    return "".join(f"    {line}\n" for line in code.strip().splitlines())


def _wait_until(holds: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
