"""All pages as one outsider sees them, and what hangs together in it."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lpe_reports.disclosure.attack import Told, told_despite_errors
from lpe_reports.disclosure.beliefs import Beliefs
from lpe_reports.disclosure.equations import Equations
from lpe_reports.disclosure.exposure import Exposure, Mean, Relation
from lpe_reports.disclosure.nesting import Nesting

# As many relations around what is told are looked at when something is to be hidden for it.
_MOST = 4_000


@dataclass(frozen=True)
class Knot:
    """Relations that hang together by what is not known in them.

    Fields:
        relations: All of them.
        keys: The groups that stand in them, shown or not.
        unknown: Those that are not known.
    """

    relations: tuple[Relation, ...]
    keys: frozenset[str]
    unknown: frozenset[str]


class Pool:
    """What all pages show together; more can be hidden in it.

    Args:
        exposures: What each page shows, by the page's name.
        hide: Groups that are hidden wherever they stand.
        nesting: What is made up of what.
        threshold: Counts from 1 to one less than this are small.
    """

    def __init__(
        self,
        exposures: Mapping[str, Exposure],
        hide: Collection[str],
        nesting: Nesting,
        threshold: int,
    ) -> None:
        self._threshold = threshold
        self._whole = Exposure().merged(exposures.values())
        self._cells = dict(self._whole.cells)
        self._counted: dict[str, list[str]] = {}
        for key, mean in self._whole.means.items():
            self._counted.setdefault(mean.over, []).append(key)
        self._around: dict[str, list[Relation]] = {}
        self._known: dict[tuple[tuple[Relation, ...], frozenset[str]], list[Told]] = {}
        seen = Exposure(self._cells, self._whole.relations, withheld=self._whole.withheld)
        self._beliefs = Beliefs(seen, nesting, threshold)
        self.hide(hide)

    def value(self, key: str) -> float | None:
        """What is shown of a group; None where nothing is."""
        return self._cells.get(key)

    def hide(self, keys: Iterable[str]) -> None:
        """Hide groups, and the statistics that are based on them."""
        changed = {each for key in keys for each in (key, *self._counted.get(key, ()))}
        changed &= self._cells.keys()
        self._cells |= dict.fromkeys(changed)
        self._beliefs.hide(changed)

    def knots(self) -> list[Knot]:
        """All relations in which something is not known, those together that hang together."""
        relations = (*self._whole.relations, *self._beliefs.relations())
        self._around = {}
        for relation in relations:
            for key in (relation.total, *relation.parts):
                self._around.setdefault(key, []).append(relation)
        return list(self._knots(relations))

    def around(self, keys: Collection[str]) -> tuple[Exposure, Mapping[str, Sequence[str]]]:
        """What hangs together with some groups, the nearest first, as far as it may concern them.

        Call `knots` first.

        Returns:
            It, and the statistics that are hidden with each count.
        """
        relations: dict[Relation, None] = {}
        seen, waiting = set(keys), deque(sorted(keys))
        while waiting and len(relations) < _MOST:
            key = waiting.popleft()
            for relation in self._around.get(key, ()):
                relations[relation] = None
                near = {relation.total, *relation.parts} - seen
                seen |= near
                waiting.extend(sorted(k for k in near if self._cells.get(k) != 0))
            beside = {*self._counted.get(key, ()), *self._over(key)} - seen
            seen |= beside
            waiting.extend(sorted(beside))
        means = {key: mean for key, mean in self._means().items() if key in seen}
        cells = {key: self._cells[key] for key in sorted(seen) if key in self._cells}
        exposure = Exposure(cells, tuple(relations), means, self._whole.withheld & seen)
        return exposure, {key: names for key, names in self._counted.items() if key in seen}

    def _over(self, key: str) -> tuple[str, ...]:
        mean = self._whole.means.get(key)
        return (mean.over,) if mean else ()

    def told(self, knot: Knot) -> list[Told]:
        """What is told of the unknown groups of a knot, remembered: few change between rounds."""
        hidden = frozenset(key for key in knot.keys if self._cells.get(key, 0) is None)
        if (knot.relations, hidden) not in self._known:
            self._known[knot.relations, hidden] = self._asked(knot)
        return self._known[knot.relations, hidden]

    def _asked(self, knot: Knot) -> list[Told]:
        # Of the knot alone: a site has hundreds of thousands of cells, and thousands of knots.
        means = {k: self._whole.means[k] for k in knot.keys if self._has_mean(k)}
        named = knot.keys | {mean.over for mean in means.values()}
        cells = {key: self._cells[key] for key in named if key in self._cells}
        equations = Equations(cells, means, self._whole.withheld & named)
        equations.add(knot.relations)
        return [
            told
            for component in equations.components()
            for told in told_despite_errors(component, self._threshold)
        ]

    def _knots(self, relations: Iterable[Relation]) -> Iterator[Knot]:
        value = self._equations().value
        leader: dict[str, str] = {}

        def find(key: str) -> str:
            leader.setdefault(key, key)
            while leader[key] != key:
                leader[key] = leader[leader[key]]
                key = leader[key]
            return key

        members: dict[str, list[Relation]] = {}
        places: list[tuple[Relation, str]] = []
        for number, relation in enumerate(relations):
            unknown = [k for k in (relation.total, *relation.parts) if value(k) is None]
            # What a total has beside its parts is unknown too, and stands in no other relation.
            first = unknown[0] if unknown else f"\n{number}"
            for key in unknown:
                leader[find(key)] = find(first)
            if unknown or not relation.whole:
                places.append((relation, first))
        for relation, first in places:
            members.setdefault(find(first), []).append(relation)
        for found in members.values():
            keys = frozenset(key for each in found for key in (each.total, *each.parts))
            unknown = [key for key in keys if value(key) is None]
            yield Knot(tuple(found), keys, frozenset(unknown))

    def _equations(self) -> Equations:
        return Equations(self._cells, self._means(), self._whole.withheld)

    def _means(self) -> Mapping[str, Mean]:
        return {key: mean for key, mean in self._whole.means.items() if self._has_mean(key)}

    def _has_mean(self, key: str) -> bool:
        return key in self._whole.means and self._cells.get(key) is not None
