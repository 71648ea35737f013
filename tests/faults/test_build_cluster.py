"""Runs on a Dask cluster: the same results as on one machine, whatever of the cluster is lost."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import psutil
import pytest

from local_cluster import LocalCluster, wait_for, when
from lpe_reports.build.cluster import sameness
from lpe_reports.build.execute import execute
from lpe_reports.build.running.logs import worker_log_path
from lpe_reports.build.running.runners import open_runners
from lpe_reports.build.runs import ExecutedRun, FailureKind, RunStatus
from lpe_reports.errors import ClusterError, UsageError
from lpe_reports.render.build_record import build_record
from lpe_reports.render.edition import Edition
from lpe_reports.render.sitemap import SiteMap
from tiny_project import CLOSE, NIGHT, TinyProject, telling, told

pytestmark = [
    pytest.mark.dask,
    pytest.mark.promise(
        "builds",
        "A cluster that loses a worker gives the same results; one that is lost is told",
    ),
]

# Says that it has begun and waits for a file, so that a test can do something in the middle.
WAIT = """
import os, pathlib, time
root = pathlib.Path(os.environ["LPE_PROJECT"])
(root / "begun").open("a").write(f"{os.getpid()}\\n")
until = time.monotonic() + 100
while not (root / "go").exists() and time.monotonic() < until:
    time.sleep(0.05)
"""
# Kills the Dask worker that it runs beneath, as a machine that is out of memory may do.
KILL_THE_WORKER = """
import os, psutil
(above,) = [p for p in psutil.Process().parents() if "worker-0" in " ".join(p.cmdline())
            or "spawn_main" in " ".join(p.cmdline())][:1]
above.kill()
import time
time.sleep(60)
"""


@pytest.fixture
def tiny(tmp_path: Path) -> TinyProject:
    return TinyProject(tmp_path / "project")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[LocalCluster]:
    with LocalCluster(tmp_path / "cluster") as cluster:
        yield cluster


@pytest.fixture(scope="module")
def unharmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """One for tests that leave it as it was."""
    with LocalCluster(tmp_path_factory.mktemp("shared") / "cluster") as cluster:
        yield cluster


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Waits of a second, where a cluster would be given minutes."""
    import dask

    monkeypatch.setenv("LPE_CLUSTER_WAIT_SECONDS", "1")
    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
        yield


def test_a_cluster_that_loses_a_worker_gives_what_one_machine_gives(
    tmp_path: Path, tiny: TinyProject, cluster: LocalCluster
) -> None:
    """Two workers, one killed in the middle of a run, and two notebooks that fail: same record."""

    def kill_one() -> None:
        notebook = int((tiny.project.root / "begun").read_text().splitlines()[0])
        above = {process.pid for process in psutil.Process(notebook).parents()}
        (worker,) = [each for each in cluster.workers if each.pid in above]
        os.kill(worker.pid, signal.SIGKILL)
        (tiny.project.root / "go").touch()

    _write_reports(tiny)
    when((tiny.project.root / "begun").exists, kill_one)
    here = TinyProject(tmp_path / "here")
    _write_reports(here)
    (here.project.root / "go").touch()

    runs = _build(tiny, cluster.address)

    assert len((tiny.project.root / "begun").read_text().splitlines()) == 2
    assert cluster.processes() == []
    assert _record(tiny, runs) == _record(here, here.build())
    assert [told(run.notebook) for run in runs if run.run.report == "good"] == [
        f"made {unit}" for unit in "abc"
    ]
    earlier = worker_log_path(tiny.project, 3_735_928_559)
    earlier.write_text("a patient's")
    assert all(run.status is RunStatus.REUSED for run in _build(tiny, cluster.address)[:4])
    assert not earlier.exists()


def test_a_notebook_that_kills_its_workers_dies_and_harms_nobody(
    tmp_path: Path, tiny: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask gives it up after so many workers; those that waited on them run all the same."""
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "1")
    tiny.write_report([KILL_THE_WORKER], name="a-killer")
    tiny.write_report([telling("'made', unit")], name="good", units="abc")

    with LocalCluster(tmp_path / "cluster", workers=0) as cluster:
        cluster.add_worker(nanny=True)
        killer, *good = _build(tiny, cluster.address)

    assert killer.error is not None and killer.error.kind is FailureKind.DIED
    assert [told(run.notebook) for run in good] == [f"made {unit}" for unit in "abc"]


def test_a_lost_scheduler_is_told_and_the_next_build_goes_on(
    tmp_path: Path, tiny: TinyProject, cluster: LocalCluster
) -> None:
    """What had ended is kept, no notebook runs on, and only the rest is run the next time."""
    tiny.write_report([telling("'made', unit")], name="a-good", units="ab")
    tiny.write_report([WAIT], name="b-waits", timeout_seconds=120)
    assert cluster.scheduler is not None

    def is_midway() -> bool:
        traces = list(tiny.project.store.glob("traces/a-good/*/*.json"))
        return len(traces) == 2 and (tiny.project.root / "begun").exists()

    when(is_midway, cluster.scheduler.kill)

    with pytest.raises(ClusterError, match=r"was lost .*next build goes on"):
        _build(tiny, cluster.address)

    wait_for(lambda: not cluster.processes(), 15)
    (tiny.project.root / "go").touch()
    with LocalCluster(tmp_path / "another", workers=1) as another:
        runs = _build(tiny, another.address)
    assert [run.status for run in runs] == [RunStatus.REUSED] * 2 + [RunStatus.BUILT]


@pytest.mark.usefixtures("heard_signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_stopped_build_leaves_no_notebook_on_the_cluster(
    tiny: TinyProject, unharmed: LocalCluster, root: Path, how: signal.Signals
) -> None:
    """Ctrl-C takes the tasks back; a build that is killed is missed by the scheduler."""
    code = (
        "import pathlib, sys; sys.path.insert(0, sys.argv[1])\n"
        "import test_build_cluster as tests\n"
        "tiny = tests.TinyProject.again(pathlib.Path(sys.argv[2]))\n"
        "tiny.write_report([tests.WAIT], units='abc', timeout_seconds=120)\n"
        "tests._build(tiny, sys.argv[3])"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    arguments = [str(root / "tests" / "faults"), str(tiny.project.root), unharmed.address]
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments], env=environment, stderr=subprocess.DEVNULL
    ) as build:
        try:
            wait_for((tiny.project.root / "begun").exists)
            os.kill(build.pid, how)
            build.wait(30)
        finally:
            build.kill()

    wait_for(lambda: not unharmed.processes(), 15)
    assert all(worker.poll() is None for worker in unharmed.workers)


def test_a_worker_that_would_give_other_pages_is_refused(tmp_path: Path, tiny: TinyProject) -> None:
    """Other code of the same version, or another folder: told by name before anything runs."""
    import lpe_reports

    copy = tmp_path / "copy"
    shutil.copytree(Path(lpe_reports.__file__).parent, copy / "lpe_reports")
    with (copy / "lpe_reports" / "measures" / "waiting.py").open("a") as module:
        module.write("# changed\n")
    tiny.write_report([WAIT])
    with LocalCluster(tmp_path / "cluster", workers=1) as cluster:
        other = cluster.add_worker(environment={"PYTHONPATH": str(copy)})
        wait_for(lambda: "worker-1" in cluster.told() and "Registered" in _log(tmp_path, 1))
        with pytest.raises(ClusterError, match="other code of lpe-reports") as wrong_code:
            _build(tiny, cluster.address)
        other.kill()
        other.wait()
        cluster.add_worker(environment={"LPE_PROJECT": str(tmp_path)})
        wait_for(lambda: "Registered" in _log(tmp_path, 2))
        with pytest.raises(ClusterError, match="does not see the project's folder") as folder:
            _build(tiny, cluster.address)

    assert wrong_code.value.exit_code == 2
    assert "worker-0" not in str(wrong_code.value) + str(folder.value)
    assert not (tiny.project.root / "begun").exists()


def test_a_worker_that_remembers_older_params_is_refused(
    tmp_path: Path, tiny: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it sees them as they are: another file, or one that is gone from the folder."""
    monkeypatch.setattr(sameness, "LONGEST_SECONDS", 1.0)
    tiny.write_report([telling("'made', unit")])
    now = tiny.project.params / "site.yml"
    now.write_text("title: new\n", encoding="utf-8")
    (tiny.project.build / "logs").mkdir(parents=True)
    there = tmp_path / "there"
    shutil.copytree(tiny.project.params, there / "params")
    for name in ("_quarto.yml", "build", "data.json", "reports"):
        (there / name).symlink_to(tiny.project.root / name)
    with LocalCluster(tmp_path / "cluster", workers=0) as cluster:
        cluster.add_worker(environment={"LPE_PROJECT": str(there)})
        (there / "params" / "site.yml").write_text("title: old\n", encoding="utf-8")
        with pytest.raises(ClusterError, match=r"params is another in its .*there"):
            _build(tiny, cluster.address)
        shutil.copy(now, there / "params")
        (there / "params" / "gone.yml").touch()
        with pytest.raises(ClusterError, match=r"params is another in its .*there"):
            _build(tiny, cluster.address)
        (there / "params" / "gone.yml").unlink()
        (run,) = _build(tiny, cluster.address)

    assert told(run.notebook) == "made a"


def test_a_machine_is_described_as_it_is_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tools that were installed anew beneath a worker that lives on are seen."""
    before = sameness.describe_machine()
    version = metadata.version
    monkeypatch.setattr(metadata, "version", lambda n: "99" if n == "scipy" else version(n))

    now = sameness.describe_machine()

    assert sameness.differences(before, now) == [f"scipy 99 instead of {before['tools']['scipy']}"]


def test_a_cluster_that_is_not_there_is_told(
    tmp_path: Path, tiny: TinyProject, soon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No scheduler, no such scheme, no certificates, no worker, no Dask: what to do, each."""
    import dask

    tiny.write_report(["1"])
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ClusterError, match=r"no Dask scheduler .*`dask scheduler`"):
            _build(tiny, nobody)
    for address in ("nonsense://127.0.0.1:1", "tls://127.0.0.1:1"):
        with pytest.raises(ClusterError, match=r"cannot be used .*docs/cluster.md"):
            _build(tiny, address)
    with (
        LocalCluster(tmp_path / "cluster", workers=0) as cluster,
        dask.config.set({"distributed.comm.timeouts.connect": "30s"}),  # it is there, perhaps busy
        pytest.raises(ClusterError, match=r"no worker has come .*LPE_CLUSTER_WAIT_SECONDS"),
    ):
        _build(tiny, cluster.address)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match="`make cluster` installs it"):
        _build(tiny, nobody)


def _write_reports(tiny: TinyProject) -> None:
    tiny.write_report([WAIT, telling("'waited', unit")], name="a-waits", timeout_seconds=120)
    tiny.write_report([telling("'made', unit")], name="good", units="abc")
    tiny.write_report(["raise ValueError('19121212-1212 väntar')"], name="raises")
    tiny.write_report(["import os\nos._exit(0)"], name="leaves")


def _build(tiny: TinyProject, address: str) -> list[ExecutedRun]:
    with open_runners(f"dask:{address}") as runners:
        return execute(tiny.project, tiny.plan(), runners=runners, close_source=CLOSE)


def _record(tiny: TinyProject, runs: list[ExecutedRun]) -> Mapping[str, Any]:
    """`build.json` of these runs, but for its seconds."""
    params = SimpleNamespace(reports=tiny.reports)
    edition = Edition(SiteMap(cast(Any, None), cast(Any, params), ()), NIGHT, runs)
    record: dict[str, Any] = json.loads(build_record(edition, "pandoc"))
    for run in record["runs"]:
        assert run.pop("seconds") >= 0
    return record


def _log(folder: Path, worker: int) -> str:
    return (folder / "cluster" / f"worker-{worker}.log").read_text()
