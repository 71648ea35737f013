"""All pages as one outsider sees them, and what hangs together in it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from lpe_reports.disclosure.attack import Told, told_despite_errors
from lpe_reports.disclosure.beliefs import believed
from lpe_reports.disclosure.equations import Equations
from lpe_reports.disclosure.exposure import Exposure, Mean, Relation
from lpe_reports.disclosure.nesting import Nesting


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
        self._nesting, self._threshold = nesting, threshold
        self._whole = Exposure().merged(exposures.values())
        self._cells = dict(self._whole.cells)
        self._shown = {key: value for key, value in self._cells.items() if value is not None}
        self._counted: dict[str, list[str]] = {}
        for key, mean in self._whole.means.items():
            self._counted.setdefault(mean.over, []).append(key)
        self.hide(hide)

    def value(self, key: str) -> float | None:
        """What is shown of a group; None where nothing is."""
        return self._cells.get(key)

    def hide(self, keys: Iterable[str]) -> None:
        """Hide groups, and the statistics that are based on them."""
        for key in keys:
            for each in (key, *self._counted.get(key, ())):
                if each in self._cells:
                    self._cells[each] = None

    def show(self, key: str) -> None:
        """Show a group again that was hidden here, and its statistics."""
        for each in (key, *self._counted.get(key, ())):
            if each in self._shown:
                self._cells[each] = self._shown[each]

    def knots(self) -> list[Knot]:
        """All relations in which something is not known, those together that hang together."""
        exposure = self._exposure()
        relations = (*exposure.relations, *believed(exposure, self._nesting))
        return list(self._knots(relations))

    def parts_of(self, knot: Knot) -> list[Knot]:
        """What a knot falls into when something of it is shown again."""
        return list(self._knots(knot.relations))

    def told(self, knot: Knot) -> list[Told]:
        """What is told of the unknown groups of a knot."""
        equations = self._equations()
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

    def _exposure(self) -> Exposure:
        """The pool without the populations in which nothing is hidden."""
        hidden = {_population(key) for key, value in self._cells.items() if value is None}
        cells = {k: v for k, v in self._cells.items() if _population(k) in hidden}
        relations = (r for r in self._whole.relations if _population(r.total) in hidden)
        return Exposure(cells, tuple(relations), self._means(), self._whole.withheld)

    def _equations(self) -> Equations:
        return Equations(self._cells, self._means(), self._whole.withheld)

    def _means(self) -> Mapping[str, Mean]:
        return {k: m for k, m in self._whole.means.items() if self._cells.get(k) is not None}


def _population(key: str) -> str:
    return key.partition("|")[0]
