"""Finding history that was changed in silence: without a newer watermark.

An increment cannot see such a change. When a table is loaded whole, what it holds is compared
with the night before: only parts whose digests differ are read.
"""

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lpe_reports.errors import ExtractError
from lpe_reports.warehouse.loading.base import Base
from lpe_reports.warehouse.nights.dividing import Slice
from lpe_reports.warehouse.nights.hashes import Hashes, members, row_hashes
from lpe_reports.warehouse.nights.manifest import SilentChanges

_NONE: Hashes = np.zeros(0, dtype=np.uint64)


class Comparison:
    """Compares a table, month by month, with a night before.

    Args:
        base: The table as it was.
    """

    def __init__(self, base: Base) -> None:
        self._base = base
        self._quiet: list[Hashes] = []
        self._excused: list[Hashes] = []
        self._added: list[Hashes] = []
        self._removed: list[Hashes] = []
        self._changed = 0
        self._left = set(base.months)
        self._readable = True

    def note(
        self, hashes: Hashes, quiet: npt.NDArray[np.bool_], kept: npt.NDArray[np.bool_]
    ) -> None:
        """Take up a batch.

        Args:
            hashes: Of the keys of its rows.
            quiet: Which rows were, by their watermark, not changed since.
            kept: Which rows are part of the night.
        """
        self._quiet.append(hashes[quiet & kept])
        self._excused.append(hashes[~quiet & ~kept])

    def month(self, month: str, slices: list[Slice]) -> None:
        """Compare a month with what it was.

        Args:
            month: The month.
            slices: Its parts, with hashes.
        """
        self._left.discard(month)
        numbers = self._base.months.get(month, [])
        digests = [(part.unit, part.digest) for part in self._base.parts(numbers)]
        then = dict(zip(digests, numbers, strict=True))
        now = {(each.unit, each.digest): each for each in slices}
        new = [each for content, each in now.items() if content not in then]
        old = [number for content, number in then.items() if content not in now]
        if not new and not old:
            return
        try:
            before = self._base.rows(old)
        except ExtractError:
            # The night before was damaged since: it says nothing about what has changed.
            self._readable = False
            return
        self._differences(new, before)

    def result(self) -> SilentChanges | None:
        """What was changed in silence; None where the night before cannot be read."""
        for month in sorted(self._left):
            self.month(month, [])
        if not self._readable:
            return None
        added, removed = _sorted(self._added), _sorted(self._removed)
        moved = members(added, removed)
        quiet = members(added, self._quietly)
        gone = ~members(removed, added) & ~members(removed, _sorted(self._excused))
        return SilentChanges(
            added=int((quiet & ~moved).sum()),
            changed=self._changed + int((quiet & moved).sum()),
            removed=int(gone.sum()),
            compared_with=self._base.night,
        )

    def _differences(self, new: list[Slice], before: pa.Table) -> None:
        names, key = self._base.contract.names, self._base.contract.key
        keys_now = _joined([_of(each) for each in new])
        keys_then = row_hashes(before, key)
        rows_now = _joined([row_hashes(each.rows, names) for each in new])
        rows_then = row_hashes(before, names)
        _, at_now, at_then = np.intersect1d(keys_now, keys_then, return_indices=True)
        differ = rows_now[at_now] != rows_then[at_then]
        self._changed += int(members(keys_now[at_now[differ]], self._quietly).sum())
        self._added.append(np.delete(keys_now, at_now))
        self._removed.append(np.delete(keys_then, at_then))

    @cached_property
    def _quietly(self) -> Hashes:
        """The keys that changed in silence, if they changed; asked when all are noted."""
        return _sorted(self._quiet)


def _of(part: Slice) -> Hashes:
    assert part.hashes is not None
    return part.hashes


def _joined(hashes: list[Hashes]) -> Hashes:
    return np.concatenate([_NONE, *hashes])


def _sorted(hashes: list[Hashes]) -> Hashes:
    return np.unique(_joined(hashes))
