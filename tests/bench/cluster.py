"""What a Dask cluster itself costs for each run: `python -m tests.bench.cluster [RUNS]`.

Empty runs on two workers of this machine, sent as a build sends them: one object for each report's
notebook, one small line for each run.
"""

import secrets
import sys
import tempfile
import time
from pathlib import Path

import psutil
from distributed import Client, as_completed

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from local_cluster import LocalCluster

REPORTS = 20
NOTEBOOK_BYTES = 40_000
LINE_BYTES = 600


def measure(runs: int) -> str:
    """Seconds and memory for some runs, in a line."""
    with tempfile.TemporaryDirectory() as folder, LocalCluster(Path(folder) / "c") as cluster:
        assert cluster.scheduler is not None
        scheduler, here = psutil.Process(cluster.scheduler.pid), psutil.Process()
        with Client(cluster.address, set_as_default=False) as client:
            client.wait_for_workers(2)
            before = (time.monotonic(), _cpu(here), _cpu(scheduler), scheduler.memory_info().rss)
            most = _run(client, runs, scheduler)
            took = time.monotonic() - before[0]
            ours, theirs = _cpu(here) - before[1], _cpu(scheduler) - before[2]
    return (
        f"{runs} runs in {took:.1f} s; each {1000 * theirs / runs:.2f} CPU ms of the scheduler, "
        f"{1000 * ours / runs:.2f} of the build, {(most - before[3]) / runs / 1000:.1f} kB of the "
        "scheduler's memory"
    )


def _run(client: Client, runs: int, scheduler: psutil.Process) -> int:
    """Send all and wait for them; returns the most memory that the scheduler had."""
    notebooks = [secrets.token_bytes(NOTEBOOK_BYTES) for _ in range(REPORTS)]
    futures = client.map(
        _answer,
        [notebooks[number % REPORTS] for number in range(runs)],
        [b"x" * LINE_BYTES for _ in range(runs)],
        key=[("lpe-notebooks-bench-1", f"run.{number}") for number in range(runs)],
        pure=False,
        retries=1,
    )
    completed = as_completed(futures, loop=client.loop, with_results=True, raise_errors=False)
    del futures
    left, most = runs, 0
    while left:
        left -= len(completed.next_batch(block=False))
        most = max(most, scheduler.memory_info().rss)
        time.sleep(0.1)
    return most


# A function of the standard library, since workers need not have this module.
_answer = max


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


if __name__ == "__main__":
    print(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 8000))
