"""Secondary suppression: what else to hide, so that the attack finds nothing.

A simple heuristic, judged by the attack: hide the cell beside what is told that costs least, ask
again, and in the end show again what was hidden in vain.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lpe_reports.disclosure.attack import Told, told_despite_errors, told_in
from lpe_reports.disclosure.bounds import ContradictionError
from lpe_reports.disclosure.detours import Detours
from lpe_reports.disclosure.equations import Component, Equations
from lpe_reports.disclosure.exposure import Exposure, Relation
from lpe_reports.disclosure.neighbours import Neighbours
from lpe_reports.disclosure.witnesses import Witnesses

Found = tuple[Told, ...]
# As many relations are asked first whether a cell that is shown again tells something.
_CLOSE = 30
# With as many equations at once a cell stays hidden that could perhaps be shown again. No page has
# them; all pages together do.
_TOO_MANY = 600


@dataclass
class Puzzle:
    """What is shown, of which some may be hidden, until nothing is told.

    Args:
        exposure: What is shown and hidden now; its relations are all that concerns.
        candidates: The keys that may be hidden and what hiding each costs: how many people are
            not told of.
        threshold: Counts from 1 to one less than this are small.
        with_it: The keys of sums that are hidden with a count.
        real: Real numbers by key, which make the attack faster and change nothing.
    """

    exposure: Exposure
    candidates: Mapping[str, float]
    threshold: int
    with_it: Mapping[str, Sequence[str]] = field(default_factory=dict)
    real: Mapping[str, float] = field(default_factory=dict)
    chosen: list[str] = field(default_factory=list)
    stuck: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._cells = dict(self.exposure.cells)
        self._means = dict(self.exposure.means)
        self._relations = distinct(self.exposure.relations)
        self._neighbours = Neighbours(self._relations, self._means)
        self._witnesses = Witnesses(self.real)
        self._detours: Detours | None = None
        self._known: dict[frozenset[tuple[str, str]], Found] = {}

    def solve(self) -> bool:
        """Hide more until nothing is told, then show again what need not be hidden.

        Returns:
            Whether nothing is told any more; `chosen` are the keys that are hidden for it. If
            not, `stuck` are those around what is told whatever is hidden.
        """
        while told := self._told():
            before = len(self.chosen)
            for one in told:
                keys = self._detour(one) or [key for key in [self._nearest(one)] if key]
                for key in keys:
                    self._hide(key)
                # What an earlier one needed hidden may be what this one needed: then ask again.
                if not keys and len(self.chosen) == before:
                    self.stuck = self._reached_from(one.key)
                    return False
        if len(self.chosen) > 1:
            for key in sorted(self.chosen, key=lambda key: (-self.candidates[key], key)):
                self._show(key)
                if self._tells(key):
                    self._hide(key)
        return True

    def _tells(self, key: str) -> bool:
        """Whether something is told by a cell that is shown again, where nothing was before."""
        keys = (key, *self.with_it.get(key, ()))
        # What follows from some of the relations follows from all of them.
        close = self._neighbours.close_to(keys, self._is_unknown, _CLOSE)
        beside = {k for n in keys for r in self._neighbours.around(n) for k in (r.total, *r.parts)}
        try:
            for component in self._components(close):
                if told_in(
                    component, self.threshold, Witnesses(self.real), first=True, only=beside
                ):
                    return True
        except ContradictionError:
            pass  # then all of them have to be asked
        components = self._components(self._neighbours.hanging_with(keys, self._is_unknown))
        if any(len(component.rows) > _TOO_MANY for component in components):
            return True  # perhaps not, but to know it costs seconds
        return any(self._told_in(component) for component in components)

    def _components(self, relations: Iterable[Relation]) -> list[Component]:
        equations = Equations(self._cells, self._means, self.exposure.withheld)
        equations.add(relations)
        return equations.components()

    def _reached_from(self, key: str) -> frozenset[str]:
        """The keys that hang together with one by what is unknown or could be hidden."""
        seen, waiting = set[str](), [key]
        while waiting:
            key = waiting.pop()
            if key not in seen:
                seen.add(key)
                if self._is_unknown(key) or key in self.candidates:
                    for relation in self._neighbours.around(key):
                        waiting += [relation.total, *relation.parts]
        return frozenset(seen)

    def _told(self) -> list[Told]:
        """What is told, one number of each component that has any."""
        found = (self._told_in(component) for component in self._components(self._relations))
        return [told[0] for told in found if told]

    def _told_in(self, component: Component) -> Found:
        """What is told in a component, remembered: what is shown around it does not change."""
        names = component.names
        if len(component.rows) < 2:
            # Costs nothing, and has no name of its own: a total can leave a rest in many divisions.
            return tuple(self._asked(component))
        if names not in self._known:
            self._known[names] = tuple(self._asked(component))
        return self._known[names]

    def _asked(self, component: Component) -> list[Told]:
        return told_despite_errors(component, self.threshold, self._witnesses, first=True)

    def _detour(self, told: Told) -> list[str]:
        """The cheapest candidates that let what is told be larger."""
        if self._detours is None:
            loose = {key: None if key in self.candidates else v for key, v in self._cells.items()}
            means = {key: mean for key, mean in self._means.items() if key not in self.candidates}
            equations = Equations(loose, means, self.exposure.withheld)
            equations.add(self._relations)
            shown = Equations(self.exposure.cells, self.exposure.means)
            values = {key: shown.value(key) for key in self.candidates}
            known = {key: value for key, value in values.items() if value is not None}
            self._detours = Detours(equations, known)
        most = max(self.candidates.values(), default=1.0)
        costs = {
            key: 1 + people / (most + 1) if self._may_hide(key) else 0.0
            for key, people in self.candidates.items()
        }
        return self._detours.cheapest(told, self.threshold, costs)

    def _nearest(self, told: Told) -> str | None:
        """The candidate that is best hidden for what is told: the nearest, then the cheapest."""
        seen: set[str] = set()
        level = {told.key}
        while level:
            seen |= level
            relations = (
                self._of_rest(told) if told.kind == "remainder" and seen == {told.key} else []
            )
            relations = relations or [
                r for key in sorted(level) for r in self._neighbours.around(key)
            ]
            beside = {key for r in relations for key in (r.total, *r.parts)} - (seen - {told.key})
            candidates = [key for key in beside if self._may_hide(key)]
            if candidates:
                return min(candidates, key=lambda key: self._cost(key, relations))
            level = {key for key in beside if self._is_unknown(key)} - seen
        return None

    def _of_rest(self, told: Told) -> list[Relation]:
        """The relations of a total that are not whole: a rest is what one of them leaves."""
        around = self._neighbours.around(told.key)
        return [r for r in around if r.total == told.key and not r.whole]

    def _cost(self, key: str, relations: Iterable[Relation]) -> tuple[int, int, float, str]:
        """How many relations would have one hidden number alone; totals cost more than parts."""
        beside = set(relations)
        alone = sum(
            1
            for relation in self._neighbours.around(key)
            if relation not in beside
            and not any(self._is_unknown(k) for k in (relation.total, *relation.parts))
        )
        is_total = any(relation.total == key for relation in beside)
        return alone, int(is_total), *self._alone(key)

    def _alone(self, key: str) -> tuple[float, str]:
        return self.candidates[key], key

    def _may_hide(self, key: str) -> bool:
        return key in self.candidates and self._cells.get(key) is not None

    def _is_unknown(self, key: str) -> bool:
        return self._cells.get(key) is None or (key in self._means and self._is_loose(key))

    def _is_loose(self, key: str) -> bool:
        return self._cells.get(self._means[key].over) is None

    def _hide(self, key: str) -> None:
        if key not in self.chosen:
            self.chosen.append(key)
        for name in (key, *self.with_it.get(key, ())):
            self._cells[name] = None
            self._means.pop(name, None)

    def _show(self, key: str) -> None:
        """Show a cell again, and the sums that nothing else hides."""
        self.chosen.remove(key)
        for name in (key, *self.with_it.get(key, ())):
            if name not in self.chosen and self.exposure.cells.get(name) is not None:
                self._cells[name] = self.exposure.cells[name]
                if name in self.exposure.means:
                    self._means[name] = self.exposure.means[name]


def distinct(relations: Iterable[Relation]) -> list[Relation]:
    """The relations without those that others say already, in an order of their own."""
    strongest: dict[tuple[str, frozenset[str]], Relation] = {}
    for relation in relations:
        same = (relation.total, frozenset(relation.parts))
        known = strongest.get(same)
        if known is None or _strength(relation) > _strength(known):
            strongest[same] = relation
    of_total: dict[str, list[tuple[frozenset[str], Relation]]] = {}
    for (total, parts), relation in strongest.items():
        of_total.setdefault(total, []).append((parts, relation))
    return sorted(
        relation
        for group in of_total.values()
        for parts, relation in group
        if relation.whole or not any(parts < others for others, _ in group)
    )


def _strength(relation: Relation) -> tuple[bool, bool, bool]:
    return relation.whole, relation.sure, relation.by_definition
