"""How much memory there is for notebooks, and how many of them it allows at once."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

import psutil

from lpe_reports.build.forking.limits import memory_limit_bytes

# All notebooks of a build together; without it, what is free when the build begins.
BUDGET_VARIABLE = "LPE_MEMORY_MB"
MEGABYTE = 1024 * 1024

# What a notebook that nobody has measured is taken to need, if it may have that much.
_ASSUMED_BYTES = 1024 * MEGABYTE
# A report's next run can be larger than its last.
_MARGIN = 1.2
# The processes around a notebook: its worker, its fork server or its kernel's launcher.
_AROUND_BYTES = 150 * MEGABYTE
# A notebook whose limit were below this could not even import its libraries.
_LEAST_LIMIT_BYTES = 1024 * MEGABYTE

_CGROUPS = Path("/sys/fs/cgroup")


class Room:
    """The memory for the notebooks of a build, and who has which part of it.

    Args:
        peaks: The most memory that each report's notebooks were seen to have, in bytes.
        budget_bytes: What all may have together; found out when None.
    """

    def __init__(self, peaks: Mapping[str, int], budget_bytes: int | None = None) -> None:
        self.budget_bytes = memory_for_notebooks() if budget_bytes is None else budget_bytes
        self._peaks = dict(peaks)
        self._taken: dict[str, int] = {}

    def need_bytes(self, report: str) -> int:
        """What a notebook of a report is taken to need, with the processes around it."""
        peak = self._peaks.get(report)
        limit = memory_limit_bytes()
        if peak is None:
            return (min(_ASSUMED_BYTES, limit) if limit else _ASSUMED_BYTES) + _AROUND_BYTES
        return int(peak * _MARGIN) + _AROUND_BYTES

    def take(self, run: str, report: str) -> bool:
        """Take a notebook's part, if there is room; the first one finds room whatever it needs."""
        need = self.need_bytes(report)
        if self._taken:
            left = self.budget_bytes - sum(self._taken.values())
            if need > min(left, free_bytes()):
                return False
        self._taken[run] = need
        return True

    def give_back(self, run: str, report: str, peak_bytes: int) -> None:
        """Give a notebook's part back, and remember how much it really had."""
        self._taken.pop(run, None)
        if peak_bytes:
            self._peaks[report] = max(peak_bytes, self._peaks.get(report, 0))

    def words(self, report: str, asked: int) -> str:
        """Why there is no room now for another notebook of a report."""
        return (
            f"memory: {len(self._taken)} of {asked} notebooks at a time; the next one ({report}) "
            f"may need {self.need_bytes(report) // MEGABYTE} MB, and notebooks may have "
            f"{self.budget_bytes // MEGABYTE} MB in all ({BUDGET_VARIABLE} sets another number)"
        )

    @property
    def limit_mb(self) -> int:
        """How much memory one notebook may have: as set, and not more than there is for all.

        Where there is less for all than it takes to import libraries, it may have that much.
        """
        limit = memory_limit_bytes()
        most = max(self.budget_bytes, _LEAST_LIMIT_BYTES)
        return (min(limit, most) if limit else 0) // MEGABYTE


def memory_for_notebooks() -> int:
    """The memory that all notebooks of a build may have together, in bytes.

    LPE_MEMORY_MB says how much; where it does not, or says more than is free, what is free counts.
    """
    said = os.environ.get(BUDGET_VARIABLE, "")
    free = free_bytes()
    return min(free, int(said) * MEGABYTE) if said.isdecimal() and int(said) else free


def free_bytes() -> int:
    """The memory that is free for new processes: of the machine, and of this process's cgroup."""
    free = int(psutil.virtual_memory().available)
    for limit, used in _cgroup_limits():
        free = min(free, max(0, limit - used))
    return free


def _cgroup_limits() -> list[tuple[int, int]]:
    """Limit and use of each memory cgroup that this process is in, from its own upwards."""
    found = []
    with contextlib.suppress(OSError, ValueError):
        for line in Path("/proc/self/cgroup").read_text("utf-8").splitlines():
            _, controllers, place = line.split(":", 2)
            if controllers == "":
                root, names = _CGROUPS, ("memory.max", "memory.current")
            elif "memory" in controllers.split(","):
                root = _CGROUPS / "memory"
                names = ("memory.limit_in_bytes", "memory.usage_in_bytes")
            else:
                continue
            folder = root / place.lstrip("/")
            for group in (folder, *folder.parents):
                if group == _CGROUPS.parent:
                    break
                found += _limit_of(group, *names)
    return found


def _limit_of(group: Path, limit_name: str, used_name: str) -> list[tuple[int, int]]:
    try:
        limit = int((group / limit_name).read_text("ascii"))  # "max" is no limit
        used = int((group / used_name).read_text("ascii"))
        for line in (group / "memory.stat").read_text("ascii").splitlines():
            name, _, size = line.partition(" ")
            if name in ("inactive_file", "total_inactive_file"):
                used -= int(size)  # the files' cache, which gives way
                break
    except (OSError, ValueError):
        return []
    return [(limit, used)]
