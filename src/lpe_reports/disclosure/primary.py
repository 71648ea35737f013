"""Primary suppression: small counts, what is left of a total, statistics over few."""

import numpy as np
import numpy.typing as npt

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.sheet import Numbers, Sheet
from lpe_reports.params.disclosure import DisclosurePolicy

Mask = npt.NDArray[np.bool_]


class Primary:
    """Which cells of a table are hidden whatever else is shown.

    Args:
        sheet: The table's groups.
        policy: The region's decision.
    """

    def __init__(self, sheet: Sheet, policy: DisclosurePolicy) -> None:
        self._sheet = sheet
        self._k = policy.threshold
        self._dominance = policy.dominance

    def keys(self) -> set[str]:
        """The keys of the counts, shown or not, and of the sums that are hidden."""
        sheet, values = self._sheet, self._sheet.values
        found: set[str] = set()
        for name, keys in sheet.keys.items():
            found |= _chosen(keys, self._small(values[name]))
        for column in sheet.counts:
            if column.part_of is not None:
                rest = self._small(values[column.part_of] - values[column.id])
                found |= _chosen(sheet.keys[column.id], rest & (values[column.id] > 0))
        for column in sheet.columns:
            if column.largest is not None and column.id in sheet.sums:
                found |= _chosen(sheet.sums[column.id], self._dominated(column))
        return found

    def masks(self, hidden: set[str]) -> dict[str, Mask]:
        """Which cells of each column are hidden, by its id, when some groups are.

        Args:
            hidden: The keys of the groups whose numbers are not shown in this table.
        """
        sheet, values = self._sheet, self._sheet.values
        found: dict[str, Mask] = {}
        for column in sheet.columns:
            mask = np.zeros(len(values[column.id]), dtype=bool)
            if column in sheet.counts:
                mask |= _among(sheet.keys[column.id], hidden)
            else:
                for name in column.references():
                    mask |= _among(sheet.keys[name], hidden) | self._small(values[name])
            if column.numerator is not None and column.denominator is not None:
                mask |= self._small(values[column.denominator] - values[column.numerator])
            if column.id in sheet.sums:
                mask |= _among(sheet.sums[column.id], hidden)
            if column.largest is not None:
                mask |= self._dominated(column)
            found[column.id] = mask
        self._hide_beside_means(found)
        return found

    def _hide_beside_means(self, masks: dict[str, Mask]) -> None:
        """Hide with a mean what else is reckoned over the same people.

        The middle of its interval is the mean, and so is a ratio times what was expected.
        """
        for mean in self._sheet.columns:
            if mean.mean_of is None:
                continue
            for column in self._sheet.columns:
                beside = column not in self._sheet.counts and column.based_on == mean.based_on
                if beside and not column.public:
                    masks[column.id] = masks[column.id] | masks[mean.id]

    def _small(self, counts: Numbers) -> Mask:
        return np.asarray((counts > 0) & (counts < self._k))

    def _dominated(self, column: Column) -> Mask:
        """Where one of the people makes nearly all of a sum."""
        whole = np.abs(self._sheet.values[column.id])
        largest = np.abs(self._sheet.values[str(column.largest)])
        return np.asarray((whole > 0) & (largest > self._dominance * whole))


def _chosen(keys: list[str], mask: Mask) -> set[str]:
    return {key for key, chosen in zip(keys, mask.tolist(), strict=True) if chosen}


def _among(keys: list[str], hidden: set[str]) -> Mask:
    return np.array([key in hidden for key in keys], dtype=bool)
