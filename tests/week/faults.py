"""What goes wrong in a night: each fault is done to the office for real, and mended afterwards."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from week.office import LONGEST_SECONDS, Ended, Stop, WeekOffice

Night = Callable[[WeekOffice, random.Random], Ended]
KILLED = -signal.SIGKILL
TOLD_TO_STOP = 128 + signal.SIGTERM
# How long a room on a disk a night takes at most, in kilobytes, and more.
ROOM_KB = 4_000


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong.

    Fields:
        name: What it is called.
        words: What happens, for the log.
        night: Does it, runs the night, and mends it.
        codes: The exit codes that are promised.
        pages: How many pages stay as they were, where the night publishes (exit code 3).
        may_leave: Whether it may leave temporary files until the next night.
        needs: Whether it can be had on this machine.
    """

    name: str
    words: str
    night: Night
    codes: tuple[int, ...]
    pages: int = 0
    may_leave: bool = False
    needs: Callable[[], bool] = lambda: True


def _no_fault(office: WeekOffice, chance: random.Random) -> Ended:
    return office.night()


def _gone(office: WeekOffice, chance: random.Random) -> Ended:
    file = office.project.demo_warehouse
    away = file.rename(file.with_suffix(".away"))
    ended = office.night()
    away.rename(file)
    return ended


def _locked(office: WeekOffice, chance: random.Random) -> Ended:
    code = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(office.project.demo_warehouse)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline() == "\n"
        ended = office.night()
        other.kill()
    return ended


def _cut(office: WeekOffice, chance: random.Random) -> Ended:
    file = office.project.demo_warehouse
    whole = file.read_bytes()
    file.write_bytes(whole[: chance.randrange(len(whole) * 9 // 10)])
    ended = office.night()
    file.write_bytes(whole)
    return ended


def _changed(office: WeekOffice, statement: str) -> Ended:
    with duckdb.connect(str(office.project.demo_warehouse)) as connection:
        connection.execute(statement)
    ended = office.night()
    office.write_warehouse()
    return ended


def _renamed(office: WeekOffice, chance: random.Random) -> Ended:
    table, column = chance.choice(
        [("needs", "decided_at"), ("operations", "operating_unit"), ("waiting_list", "list")]
    )
    return _changed(office, f"ALTER TABLE {table} RENAME COLUMN {column} TO nytt_namn")


def _doubled(office: WeekOffice, chance: random.Random) -> Ended:
    return _changed(office, "INSERT INTO operations SELECT * FROM operations LIMIT 40")


def _halved(office: WeekOffice, chance: random.Random) -> Ended:
    return _changed(office, "DELETE FROM operations WHERE hash(operation_id) % 2 = 0")


def _notebook(cell: str) -> Night:
    """A cell that an author added to one of the two notebooks, and takes out the next day."""

    def night(office: WeekOffice, chance: random.Random) -> Ended:
        office.write_notebooks(use=[cell])
        ended = office.night()
        office.write_notebooks()
        return ended

    return night


def _both_notebooks(office: WeekOffice, chance: random.Random) -> Ended:
    office.write_notebooks(use=["raise ValueError"], wait=["raise ValueError"])
    ended = office.night()
    office.write_notebooks()
    return ended


def _params(office: WeekOffice, chance: random.Random) -> Ended:
    path = chance.choice(sorted(office.project.params.rglob("*.yml")))
    text = path.read_text(encoding="utf-8")
    path.write_text(text + chance.choice(["\n: [", "\nfel: {", "\nokänt_ord: 1\n"]), "utf-8")
    ended = office.night()
    path.write_text(text, encoding="utf-8")
    return ended


def _stopped(number: signal.Signals) -> Night:
    """A signal at any of its changes to the project's files."""

    def night(office: WeekOffice, chance: random.Random) -> Ended:
        change = chance.randint(1, max(1, office.usual.changes))
        return office.night(stop=Stop(number, change=change))

    return night


def _killed_at_a_moment(office: WeekOffice, chance: random.Random) -> Ended:
    """Whatever it is doing then: most of a night is waiting for notebooks."""
    return office.night(stop=Stop(signal.SIGKILL, seconds=chance.random() * office.usual.seconds))


def _two(office: WeekOffice, chance: random.Random) -> Ended:
    """The second begins when the first has the lock, and the first waits for its end."""
    began = time.monotonic()
    office.set_clock()
    first = office.start()
    while not _is_locked(office) and first.poll() is None:
        assert time.monotonic() - began < LONGEST_SECONDS
        time.sleep(0.02)
    first.send_signal(signal.SIGSTOP)
    second = office.end(office.start(name="second"), time.monotonic(), "second")
    first.send_signal(signal.SIGCONT)
    ended = office.end(first, began)
    assert (ended.code, second.code) == (0, 8), (ended, second)
    return Ended(8, ended.out, second.err, ended.seconds, ended.changes)


def _is_locked(office: WeekOffice) -> bool:
    with suppress(OSError):
        return office.project.lock.stat().st_size > 0
    return False


def _no_store(office: WeekOffice, chance: random.Random) -> Ended:
    """What is kept between nights is damaged: some files cut, changed or gone."""
    files = sorted(path for path in office.project.store.rglob("*") if path.is_file())
    for path in chance.sample(files, len(files) // 4):
        content = path.read_bytes()
        # Never into a file that a version links to.
        path.unlink()
        if chance.random() < 0.7:
            path.write_bytes(content[: len(content) // 2])
    return office.night()


def _file_limit(office: WeekOffice, chance: random.Random) -> Ended:
    size = chance.choice([100, 2_000, 20_000, 60_000, 200_000])
    return office.night("prlimit", f"--fsize={size}", "--")


# The project on a small disk of its own, copied there and back.
ON_A_SMALL_DISK = """
set -e
project=$1; aside=$2; size=$3; shift 3
mkdir "$aside"
mount --bind "$project" "$aside"
mount -t tmpfs -o size=${size}k tmpfs "$project"
cp -a "$aside/." "$project/"
cd "$project"
code=0; "$@" || code=$?
cd /
find "$aside" -mindepth 1 -delete
cp -a "$project/." "$aside/"
exit $code
"""
READ_ONLY = """
set -e
mount --bind "$1" "$1"
mount -o remount,bind,ro "$1"
shift
exec "$@"
"""


def _full(office: WeekOffice, chance: random.Random) -> Ended:
    aside = office.root.parent / "aside"
    size = _kilobytes(office.root) + chance.randrange(ROOM_KB)
    words = [str(office.root), str(aside), str(size)]
    ended = office.night("unshare", "-m", "sh", "-c", ON_A_SMALL_DISK, "sh", *words)
    aside.rmdir()
    return ended


def _kilobytes(folder: Path) -> int:
    """What a folder takes on a disk of memory: pages of 4 kB, each file once."""
    found = {}
    for path in folder.rglob("*"):
        file = path.lstat()
        found[file.st_ino] = 4 * (-(-file.st_size // 4096))
    return sum(found.values())


def _read_only(office: WeekOffice, chance: random.Random) -> Ended:
    return office.night("unshare", "-m", "sh", "-c", READ_ONLY, "sh", str(office.project.public))


@cache
def may_mount() -> bool:
    """Whether this account may mount a disk that nobody else sees."""
    try:
        made = subprocess.run(
            ["unshare", "-m", "mount", "-t", "tmpfs", "-o", "size=40k", "tmpfs", "/mnt"],
            capture_output=True, timeout=20, check=False,
        )  # fmt: skip
    except OSError:
        return False
    return made.returncode == 0


FAILS = 'if unit == "ga-cop":\n    '
FAULTS = (
    Fault("gone", "the warehouse was gone", _gone, (5,)),
    Fault("locked", "another program wrote to the warehouse", _locked, (5,)),
    Fault("cut", "the warehouse's file was cut short", _cut, (5,)),
    Fault("renamed", "a column of the warehouse had another name", _renamed, (5,)),
    Fault("doubled", "40 operations came twice from the warehouse", _doubled, (0,)),
    Fault("halved", "half of the operations were gone from the warehouse", _halved, (6,)),
    Fault(
        "raises",
        "a notebook failed for one unit",
        _notebook(FAILS + "raise ValueError"), (3,), 1,
    ),
    Fault(
        "hangs",
        "a notebook did not end for one unit",
        _notebook(FAILS + "import time; time.sleep(600)"), (3,), 1,
    ),
    Fault(
        "dies",
        "a notebook was killed for one unit",
        _notebook(FAILS + "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"), (3,), 1,
    ),
    Fault("all raise", "every notebook failed", _both_notebooks, (4,)),
    Fault(
        "tells",
        "a page told a personal number",
        _notebook("p.note('19121212-1212')"), (3, 7), 2,
    ),
    Fault("params", "a params file was broken", _params, (2,)),
    Fault(
        "killed",
        "the night was killed at one of its changes to files",
        _stopped(signal.SIGKILL), (KILLED, 0), may_leave=True,
    ),
    Fault(
        "killed at a moment",
        "the night was killed at a moment",
        _killed_at_a_moment, (KILLED, 0), may_leave=True,
    ),
    Fault(
        "told to stop",
        "the night was told to stop",
        _stopped(signal.SIGTERM), (TOLD_TO_STOP, 0),
    ),
    Fault("two", "a second night was begun beside it", _two, (8,)),
    Fault("store", "a quarter of what is kept between nights was damaged", _no_store, (0,)),
    Fault("file limit", "no file could grow beyond a limit", _file_limit, (0, 1, 5)),
    Fault("full", "the disk became full", _full, (0, 1, 5), needs=may_mount),
    Fault("read-only", "public/ could not be written", _read_only, (2,), needs=may_mount),
)  # fmt: skip
NO_FAULT = Fault("none", "nothing", _no_fault, (0,))
