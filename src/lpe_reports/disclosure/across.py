"""Deciding across pages: what all of them together would give away, and what to hide for it.

Each page is safe by itself. Read together, one may show a group that another hides, or the
parts and the total of what a third hides. What is chosen here is hidden on every page that has
it; pages that cannot change, kept from an earlier version, are taken as they are.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from lpe_reports.disclosure.exposure import Exposure
from lpe_reports.disclosure.nesting import Nesting


@dataclass(frozen=True)
class Found:
    """What is to be hidden so that nothing is told.

    Fields:
        hide: By the key of each group the pages that must not show it.
        helpless: Pages that give something away whatever more is hidden.
    """

    hide: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    helpless: frozenset[str] = frozenset()

    @property
    def pages(self) -> frozenset[str]:
        """All pages that must not show something."""
        return frozenset(page for pages in self.hide.values() for page in pages)


def decide_across(
    records: Mapping[str, Mapping[str, Any]],
    *,
    nesting: Nesting,
    threshold: int,
    fixed: Collection[str] = (),
    kept: Collection[str] = (),
) -> Found:
    """What the pages must hide together, beside what each hides by itself.

    Args:
        records: What each page has shown, as its ledger recorded it, by the page's name.
        nesting: What is made up of what.
        threshold: Counts from 1 to one less than this are small.
        fixed: The pages that cannot change.
        kept: Keys of groups that stay hidden wherever they stand.
    """
    exposures = {page: Exposure.from_record(record) for page, record in records.items()}
    hidden = {key for each in exposures.values() for key, n in each.cells.items() if n is None}
    hidden |= set(kept)
    hide: dict[str, list[str]] = {}
    helpless: set[str] = set()
    for page, each in exposures.items():
        for key, value in each.cells.items():
            if value is not None and key in hidden:
                if page in fixed:
                    helpless.add(page)
                hide.setdefault(key, []).append(page)
    return Found({key: tuple(pages) for key, pages in hide.items()}, frozenset(helpless))
