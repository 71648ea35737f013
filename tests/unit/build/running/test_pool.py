"""A pool ends whatever goes wrong in it: real workers, and jobs that cannot be handed to them."""

import threading
from datetime import date
from pathlib import Path

import psutil

from lpe_reports.build.running.logs import worker_log_path
from lpe_reports.build.running.messages import Job
from lpe_reports.build.running.pool import Begun, Ended, Pool
from tiny_project import NIGHT, TinyProject

# Far above what it takes to start a worker and to end it.
_WAIT_SECONDS = 60


def _job(unit: str, value: object) -> Job:
    notebook = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return Job(f"tiny.{unit}.2026-W19", notebook, {"since": value}, ".", 30)


def test_what_cannot_be_handed_to_a_worker_ends_the_build(tmp_path: Path) -> None:
    """The error is raised instead of being waited for for ever, and no process is left."""
    pool = Pool(TinyProject(tmp_path).project, NIGHT, jobs=2)
    events: list[Begun | Ended] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            events.extend(pool.run([_job(unit, date(2026, 1, 1)) for unit in "abc"]))
        except BaseException as error:
            raised.append(error)

    before = set(psutil.Process().children(recursive=True))
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(_WAIT_SECONDS)

    assert not thread.is_alive()
    assert [type(error) for error in raised] == [TypeError]
    assert set(psutil.Process().children(recursive=True)) <= before


def test_logs_of_earlier_builds_workers_are_gone(tmp_path: Path) -> None:
    """Whatever number they had, on this machine or a cluster's; those of failed runs stay."""
    project = TinyProject(tmp_path).project
    logs = worker_log_path(project, 0).parent
    logs.mkdir(parents=True)
    failed = {"worker-1.a.2026-W19.log", "tiny.a.2026-W19.log", "tiny.a.2026-W19.ipynb"}
    for name in ("worker-0.log", "worker-7.log", "worker-3735928559.log", *failed):
        (logs / name).write_text("a patient's")

    list(Pool(project, NIGHT, jobs=1).run([]))

    assert {path.name for path in logs.iterdir()} == failed
