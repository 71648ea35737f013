"""Deciding across pages: what all of them together would give away, and what to hide for it.

Each page is safe by itself. Read together, one may show a group that another hides, or the
parts and the total of what a third hides. What is chosen here is hidden on every page that has
it; pages that cannot change, kept from an earlier version, are taken as they are.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lpe_reports.disclosure.exposure import Exposure, Relation
from lpe_reports.disclosure.groups import SUM, without
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.disclosure.pooled import Knot, Pool
from lpe_reports.disclosure.procedures import is_of_procedures
from lpe_reports.disclosure.secondary import Puzzle


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
    deciding = _Deciding(exposures, nesting, threshold, frozenset(fixed))
    deciding.agree(frozenset(kept))
    deciding.defend()
    return deciding.found()


class _Deciding:
    def __init__(
        self,
        exposures: Mapping[str, Exposure],
        nesting: Nesting,
        threshold: int,
        fixed: frozenset[str],
    ) -> None:
        self._exposures = exposures
        self._nesting, self._threshold = nesting, threshold
        self._fixed = fixed
        self._showing: dict[str, list[str]] = {}
        self._hiding: dict[str, list[str]] = {}
        for page, exposure in exposures.items():
            for key, value in exposure.cells.items():
                where = self._hiding if value is None else self._showing
                where.setdefault(key, []).append(page)
        self._new: dict[str, None] = {}  # what is hidden now, in the order it was chosen
        self._helpless: set[str] = set()
        self._given_up: set[str] = set()

    def agree(self, kept: frozenset[str]) -> None:
        """Hide everywhere what one page hides, or a kept version."""
        for key in sorted(self._showing.keys() & (self._hiding.keys() | kept)):
            if self._can_hide(key):
                self._new[key] = None
            else:
                self._helpless |= set(self._hiding.get(key, ())) - self._fixed
        self._pool = Pool(self._exposures, self._new, self._nesting, self._threshold)

    def defend(self) -> None:
        """Hide more until nothing is told, or nothing helps."""
        while True:
            told = [
                (each.key, knot)
                for knot in self._of_many_pages(self._pool.knots())
                for each in self._pool.told(knot)
                if each.key not in self._given_up
            ]
            if not told:
                return
            chosen: dict[str, None] = {}
            covered: set[Relation] = set()
            for key, knot in told:
                if not covered.issuperset(knot.relations):
                    exposure, with_it = self._pool.around(knot.keys)
                    covered.update(exposure.relations)
                    if keys := self._solved(exposure, with_it):
                        chosen |= dict.fromkeys(keys)
                    else:
                        self._give_up(key, knot)
            self._pool.hide(chosen)
            self._new |= chosen

    def _solved(self, exposure: Exposure, with_it: Mapping[str, Sequence[str]]) -> list[str]:
        """What to hide so that nothing of an exposure is told; nothing where nothing helps."""
        candidates = {}
        for key, value in exposure.cells.items():
            people = exposure.cells.get(without(key, (SUM,)))
            if value is not None and people != 0 and self._can_hide(key):
                candidates[key] = people or 0.0
        real = {key: value for key, value in exposure.cells.items() if value is not None}
        puzzle = Puzzle(exposure, candidates, self._threshold, with_it, real=real)
        return puzzle.chosen if puzzle.solve() else []

    def _give_up(self, key: str, knot: Knot) -> None:
        self._given_up.add(key)
        pages = {page for each in knot.keys for page in self._pages_with(each)}
        self._helpless |= pages - self._fixed

    def found(self) -> Found:
        """What was decided; a page concerned keeps what it hides together with it, too."""
        if not self._new:
            return Found(helpless=frozenset(self._helpless))
        hide = {key: set(self._showing[key]) for key in self._new}
        touched = {page for pages in hide.values() for page in pages}
        for knot in self._pool.knots():
            if knot.unknown & self._new.keys():
                for key in knot.unknown & self._hiding.keys():
                    if pages := touched & set(self._hiding[key]):
                        hide.setdefault(key, set()).update(pages)
        return Found(
            {key: tuple(sorted(pages)) for key, pages in sorted(hide.items())},
            frozenset(self._helpless),
        )

    def _can_hide(self, key: str) -> bool:
        return not self._fixed & set(self._showing.get(key, ()))

    def _of_many_pages(self, knots: Iterable[Knot]) -> list[Knot]:
        """The knots that no page has seen whole: with those each has dealt by itself.

        Which procedures lie within which no page looks at.
        """
        return [
            knot
            for knot in knots
            if not self._is_of_one_page(knot.keys)
            or knot.keys & self._new.keys()
            or any(is_of_procedures(relation) for relation in knot.relations)
        ]

    def _is_of_one_page(self, keys: Collection[str]) -> bool:
        """Whether a page has all of some groups."""
        pages = set(self._exposures)
        for key in keys:
            pages.intersection_update(self._pages_with(key))
        return bool(pages)

    def _pages_with(self, key: str) -> list[str]:
        return [*self._showing.get(key, ()), *self._hiding.get(key, ())]
