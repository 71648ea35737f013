"""What every public measure costs over 1.6 million operations, each in a process of its own.

    python -m tests.bench.measures              all of them, as a table
    python -m tests.bench.measures NAME…        some, by their names in tests/measure_table.py

A process reads the columns that the measure needs and then runs it; the time is the measure's
alone, the memory the process's highest, rows and libraries included.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from tests.measure_frames import Size, make_frames
from tests.measure_table import MEASURES, columns_of

OPERATIONS = 1_600_000
# Beside so many operations: sessions of five each, a need for every second one, and a nightly
# list as long as all operations, as one year of lists is.
SIZE = Size(
    operations=OPERATIONS,
    sessions=OPERATIONS // 5,
    needs=OPERATIONS // 2,
    waiting_list=OPERATIONS,
    postop_stays=OPERATIONS,
    cancellations=OPERATIONS // 10,
    referrals=OPERATIONS // 2,
)
# Operations fill theatres from here on, 200 a day.
FIRST = date(2004, 1, 5)
DAYS = OPERATIONS // 200
SECONDS_ALLOWED, MB_ALLOWED = 2.0, 1024.0


class MeasureCost(NamedTuple):
    """One measure: wall clock and processor seconds of it, the process's highest memory."""

    measure: str
    seconds: float
    peak_mb: float
    cpu_seconds: float

    @property
    def within_limits(self) -> bool:
        return self.cpu_seconds < SECONDS_ALLOWED and self.peak_mb < MB_ALLOWED


def measure_costs(names: Sequence[str] = ()) -> Iterator[MeasureCost]:
    """What each measure costs; all public ones when none is named.

    Raises:
        SystemExit: A measure failed; its own words are shown.
    """
    with tempfile.TemporaryDirectory() as folder:
        # Made by a process too: what a process has held, those it starts are charged for.
        _run("make", folder)
        for name in names or MEASURES:
            seconds, cpu_seconds, peak_mb = map(float, _run("one", folder, name).split())
            yield MeasureCost(name, seconds, peak_mb, cpu_seconds)


def _run(*arguments: str) -> str:
    command = [sys.executable, "-m", "tests.bench.measures", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def _make(folder: Path) -> None:
    for table in {table for measure in MEASURES.values() for table in measure.reads}:
        frames = make_frames(1, SIZE, first=FIRST, dense=True, days=DAYS, tables=[table])
        frames[table].to_parquet(folder / f"{table}.parquet", index=False)


def _one(folder: Path, name: str) -> str:
    import pyarrow.parquet as pq

    frames = {}
    for table, columns in columns_of(name).items():
        path = folder / f"{table}.parquet"
        known = pq.read_schema(path).names
        frames[table] = pd.read_parquet(path, columns=[c for c in columns if c in known])
    # Near the history's end, as a night asks about the newest period with all of the past there.
    first = FIRST + timedelta(days=DAYS - 28)
    measure = MEASURES[name]
    wall, processor = time.perf_counter(), time.process_time()
    measure.call(frames, measure.by, first)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return f"{wall} {processor} {_peak_mb()}"


def _peak_mb() -> float:
    """The process's own highest memory; Linux tells it without what its parent had."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", folder]:
            _make(Path(folder))
        case ["one", folder, name]:
            print(_one(Path(folder), name))
        case names:
            for cost in measure_costs(names):
                mark = "" if cost.within_limits else "  over"
                print(
                    f"{cost.measure:40} {cost.seconds:6.2f} s {cost.cpu_seconds:6.2f} cpu s "
                    f"{cost.peak_mb:6.0f} MB{mark}", flush=True
                )  # fmt: skip
